/*
 * log - writes to the host's log
 *
 * All repeats have the same limit (log_due()). Nothing below src/report/ logs:
 * it returns errors or complaints. No line may hold a secret. Control bytes in
 * a line become blanks.
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

/* When a trouble was last logged. It remembers several kinds of it, since kinds
 * may alternate. A trouble is over when it has not been met for ten minutes and
 * three times; if it comes back before that, it is the same trouble. Initialise
 * with zeros. */
struct log_limit {
  struct {
    int kind;           /* the caller's number; 0: none */
    int64_t next_ms;    /* clock_ms() at which a repeat may be logged */
    int64_t silence_ms; /* the pause before that */
  } kinds[4];
  int64_t well_ms; /* clock_ms() from which it has not been met */
  unsigned well;   /* how many times */
  bool flaps;      /* it came back before it was over */
};

/* log_due(limit, kind): may the caller log this trouble now? Yes if it is new
 * or of another kind, and when it comes back for the first time; after that
 * only every 10 minutes, 20, 40 ... up to a day. */
bool log_due(struct log_limit *limit, int kind);

/* log_kind(err): the `kind` of an error. Errors with different statuses or
 * different results of libcurl are of different kinds. */
int log_kind(const struct error *err);

/* log_over(limit): call it when the trouble was not met. True: the caller logs
 * that it is over. That is so at the first call after the trouble; but if the
 * trouble had come back, only after ten minutes and three calls without it. */
bool log_over(struct log_limit *limit);

#endif
