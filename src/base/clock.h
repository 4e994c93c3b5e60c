/*
 * clock - the time that never goes back
 *
 * Deadlines, back-offs and lives of tokens are counted with it. Times that go
 * to collectd are the wall's.
 *
 * While a cycle is recorded or played (net/tape.h), the clock stands still and
 * is moved by hand, so that both read the same times. A process that does that
 * has one thread.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

/* What the clock shows while it stands still. */
struct clock_held {
  int64_t ms;      /* clock_ms(); 0: it runs */
  int64_t wall_ms; /* since 1970, when `ms` was 0 */
};
extern struct clock_held clock_held;

/* clock_running_ms(): clock_ms() of a clock that is not held. */
static inline int64_t clock_running_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* clock_ms(): milliseconds since some moment before the process began. */
static inline int64_t clock_ms(void) {
  return clock_held.ms != 0 ? clock_held.ms : clock_running_ms();
}

/* clock_wall(): seconds since 1970, for the time of values, and for the age of
 * what a server dates. It goes back when somebody sets the clock: no deadline
 * is counted with it. */
static inline double clock_wall(void) {
  struct timespec now;
  if (clock_held.ms != 0)
    return (double)(clock_held.wall_ms + clock_held.ms) / 1e3;
  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* clock_share(deadline_ms): an earlier deadline, for work that the caller can
 * do without: after a quarter of the time left, but at least 500 ms, since less
 * is of no use; never after `deadline_ms`. */
static inline int64_t clock_share(int64_t deadline_ms) {
  int64_t now = clock_ms(), share = (deadline_ms - now) / 4;
  if (share < 500)
    share = 500;
  return now + share < deadline_ms ? now + share : deadline_ms;
}

#endif
