#include "report/log.h"

#include "base/clock.h"
#include "report/host.h"

#include <stdarg.h>
#include <stdio.h>

#define SILENCE_FIRST_MS 600000
#define SILENCE_MOST_MS 86400000
/* A trouble that has not been met for so long, and so often, is over. */
#define WELL_MS 600000
#define WELL_TIMES 3

enum {
  KINDS = sizeof(((struct log_limit *)0)->kinds) /
          sizeof(((struct log_limit *)0)->kinds[0])
};

/* The daemon cuts a line at 1 KiB. */
#define LINE 1000

static void write_line(enum host_level level, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void write_line(enum host_level level, const char *format, va_list ap) {
  char line[LINE];
  vsnprintf(line, sizeof(line), format, ap);
  /* Names of regions and the like come from servers: one line stays one. */
  for (char *c = line; *c != '\0'; c++)
    if ((*c >= 0 && *c < 0x20) || *c == 0x7f)
      *c = ' ';
  host_log(level, line);
}

void log_error(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  write_line(LEVEL_ERROR, format, ap);
  va_end(ap);
}

void log_warning(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  write_line(LEVEL_WARNING, format, ap);
  va_end(ap);
}

void log_notice(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  write_line(LEVEL_NOTICE, format, ap);
  va_end(ap);
}

void log_info(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  write_line(LEVEL_INFO, format, ap);
  va_end(ap);
}

static bool is_over(const struct log_limit *limit) {
  return limit->well >= WELL_TIMES && clock_ms() - limit->well_ms >= WELL_MS;
}

/* Has it come back? True the first time. */
static bool is_repeated(struct log_limit *limit) {
  bool back = limit->well > 0;
  if (is_over(limit))
    *limit = (struct log_limit){0};
  limit->well = 0;
  if (!back || limit->flaps || limit->kinds[0].kind == 0)
    return false;
  limit->flaps = true;
  return true;
}

bool log_due(struct log_limit *limit, int kind) {
  bool back = is_repeated(limit);
  int64_t now = clock_ms();
  size_t at = 0; /* this kind, or the one that was due first */
  for (size_t i = 0; i < KINDS && limit->kinds[at].kind != kind; i++)
    if (limit->kinds[i].kind == kind ||
        limit->kinds[i].next_ms < limit->kinds[at].next_ms)
      at = i;
  bool fresh = limit->kinds[at].kind != kind;
  int64_t silence = fresh ? SILENCE_FIRST_MS : limit->kinds[at].silence_ms * 2;
  if (!fresh && !back && now < limit->kinds[at].next_ms)
    return false;
  if (silence > SILENCE_MOST_MS)
    silence = SILENCE_MOST_MS;
  limit->kinds[at].kind = kind;
  limit->kinds[at].silence_ms = silence;
  limit->kinds[at].next_ms = now + silence;
  return true;
}

int log_kind(const struct error *err) {
  return (int)err->code << 16 | (err->detail & 0xffff);
}

bool log_over(struct log_limit *limit) {
  if (limit->kinds[0].kind == 0)
    return false;
  if (limit->well++ == 0)
    limit->well_ms = clock_ms();
  bool flaps = limit->flaps;
  if (is_over(limit)) {
    *limit = (struct log_limit){0};
    return flaps;
  }
  return limit->well == 1 && !flaps;
}
