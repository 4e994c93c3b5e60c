/*
 * log - the plugin's door to the daemon's log
 *
 * One prefix, one limit for repeats. Only src/collectd/ logs; what lies below
 * returns errors or complaints. No line may hold a secret; control bytes in it
 * become blanks.
 */
#ifndef LOG_H
#define LOG_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How often the kinds of one trouble have been spoken of: of several, since
 * troubles take turns. It is over when it has not been met for ten minutes and
 * three times; until then it may come and go, and is the same. Begin with
 * zeros.
 */
struct log_limit {
  struct {
    int kind;           /* by the caller's count; 0: none */
    int64_t next_ms;    /* clock_ms() at which a repeat may be said */
    int64_t silence_ms; /* the pause behind it */
  } said[4];
  int64_t well_ms; /* clock_ms() from which it has not been met */
  unsigned well;   /* so many times */
  bool flaps;      /* it has come back before it was over */
};

/* log_due(limit, kind): may this trouble be said now? Yes when it is new or of
 * another kind, and when it has come back for the first time; then after 10
 * minutes, 20, 40 ... up to a day. */
bool log_due(struct log_limit *limit, int kind);

/* log_kind(err): another status, or another of libcurl's reasons, is another
 * kind. */
int log_kind(const struct error *err);

/* log_over(limit): it has not been met. True: say so, the first time at once;
 * of one that has come back only when it is over. */
bool log_over(struct log_limit *limit);

#endif
