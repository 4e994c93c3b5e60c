/*
 * clock - the time that never goes back
 *
 * Deadlines, back-offs and token lives are counted with it; what is told to
 * collectd is collectd's own cdtime.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

/* clock_ms(): milliseconds since some moment before the process began. */
static inline int64_t clock_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
