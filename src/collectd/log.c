#include "collectd/log.h"

#include "base/clock.h"

#include "collectd.h"
#include "plugin.h"

#include <stdarg.h>
#include <stdio.h>

#define SILENCE_FIRST_MS 600000
#define SILENCE_MOST_MS 86400000

enum {
  KINDS = sizeof(((struct log_limit *)0)->said) /
          sizeof(((struct log_limit *)0)->said[0])
};

/* The daemon cuts a line at 1 KiB. */
#define LINE 1000

static void say(int level, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void say(int level, const char *format, va_list ap) {
  char line[LINE];
  vsnprintf(line, sizeof(line), format, ap);
  /* Names of regions and the like come from servers: one line stays one. */
  for (char *c = line; *c != '\0'; c++)
    if ((*c >= 0 && *c < 0x20) || *c == 0x7f)
      *c = ' ';
  plugin_log(level, "openstack plugin: %s", line);
}

void log_error(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  say(LOG_ERR, format, ap);
  va_end(ap);
}

void log_warning(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  say(LOG_WARNING, format, ap);
  va_end(ap);
}

void log_notice(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  say(LOG_NOTICE, format, ap);
  va_end(ap);
}

void log_info(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  say(LOG_INFO, format, ap);
  va_end(ap);
}

bool log_due(struct log_limit *limit, int kind) {
  int64_t now = clock_ms();
  size_t at = 0; /* this kind, or the one that was due first */
  for (size_t i = 0; i < KINDS && limit->said[at].kind != kind; i++)
    if (limit->said[i].kind == kind ||
        limit->said[i].next_ms < limit->said[at].next_ms)
      at = i;
  bool fresh = limit->said[at].kind != kind;
  int64_t silence = fresh ? SILENCE_FIRST_MS : limit->said[at].silence_ms * 2;
  if (!fresh && now < limit->said[at].next_ms)
    return false;
  if (silence > SILENCE_MOST_MS)
    silence = SILENCE_MOST_MS;
  limit->said[at].kind = kind;
  limit->said[at].silence_ms = silence;
  limit->said[at].next_ms = now + silence;
  return true;
}

bool log_over(struct log_limit *limit) {
  bool was = limit->said[0].kind != 0;
  *limit = (struct log_limit){0};
  return was;
}
