/*
 * fast: time that passes FAST_FACTOR times as fast
 *
 * Loaded into collectd and into cloudsim by LD_PRELOAD, so that hours of a
 * cloud take minutes. All clocks run from the time the program began, and every
 * wait ends by them. Whoever is asked still needs its own time to answer, which
 * counts so many times.
 */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NS INT64_C(1000000000)
/* No monotonic clock is so far, and no wall clock so far back. */
#define WALL_SECONDS 1000000000

static int64_t factor = 1;
static int64_t began_wall, began_up;

static int64_t to_ns(const struct timespec *t) {
  return t->tv_sec * NS + t->tv_nsec;
}

static struct timespec of_ns(int64_t ns) {
  ns = ns > 0 ? ns : 0;
  return (struct timespec){.tv_sec = ns / NS, .tv_nsec = ns % NS};
}

static int64_t real_ns(clockid_t clock) {
  struct timespec now;
  syscall(SYS_clock_gettime, clock, &now);
  return to_ns(&now);
}

static void __attribute__((constructor)) begin(void) {
  const char *text = getenv("FAST_FACTOR");
  factor = text != NULL && atoi(text) > 0 ? atoi(text) : 1;
  began_wall = real_ns(CLOCK_REALTIME);
  began_up = real_ns(CLOCK_MONOTONIC);
}

static int64_t fast(int64_t ns, int64_t began) {
  return began + (ns - began) * factor;
}

/* A time of a fast clock, whichever it is, as the real clock has it. */
static struct timespec real_time(const struct timespec *t) {
  int64_t began = t->tv_sec > WALL_SECONDS ? began_wall : began_up;
  return of_ns(began + (to_ns(t) - began) / factor);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (syscall(SYS_clock_gettime, clock, now) != 0)
    return -1;
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
    *now = of_ns(fast(to_ns(now), began_wall));
  else if (clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW ||
           clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME)
    *now = of_ns(fast(to_ns(now), began_up));
  return 0;
}

time_t time(time_t *ret) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (ret != NULL)
    *ret = now.tv_sec;
  return now.tv_sec;
}

int gettimeofday(struct timeval *ret, void *zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  *ret = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return 0;
}

/* ---- waits -------------------------------------------------------------- */

int poll(struct pollfd *fds, nfds_t n, int timeout_ms) {
  const struct timespec wait = of_ns(timeout_ms * (NS / 1000) / factor);
  return (int)syscall(SYS_ppoll, fds, n, timeout_ms < 0 ? NULL : &wait, NULL,
                      0);
}

int nanosleep(const struct timespec *wait, struct timespec *ret_left) {
  const struct timespec real = of_ns(to_ns(wait) / factor);
  struct timespec left;
  if (syscall(SYS_nanosleep, &real, &left) == 0)
    return 0;
  if (ret_left != NULL)
    *ret_left = of_ns(to_ns(&left) * factor);
  return -1;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wait,
                    struct timespec *ret_left) {
  const struct timespec real = (flags & TIMER_ABSTIME) != 0
                                   ? real_time(wait)
                                   : of_ns(to_ns(wait) / factor);
  long status = syscall(SYS_clock_nanosleep, clock, flags, &real, ret_left);
  return status == 0 ? 0 : errno;
}

/* The C library has an older one of this name. */
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *lock,
                           const struct timespec *until) {
  static int (*next)(pthread_cond_t *, pthread_mutex_t *,
                     const struct timespec *);
  if (next == NULL)
    *(void **)&next =
        dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  if (next == NULL) /* A younger architecture has only one. */
    *(void **)&next = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  const struct timespec real = real_time(until);
  return next(condition, lock, &real);
}

int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *lock,
                           clockid_t clock, const struct timespec *until) {
  static int (*next)(pthread_cond_t *, pthread_mutex_t *, clockid_t,
                     const struct timespec *);
  if (next == NULL)
    *(void **)&next = dlsym(RTLD_NEXT, "pthread_cond_clockwait");
  const struct timespec real = real_time(until);
  return next(condition, lock, clock, &real);
}
