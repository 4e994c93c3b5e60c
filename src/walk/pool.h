/*
 * pool - the plugin's own few threads, on which walks run
 *
 * All plugins share collectd's read threads, and the daemon joins them without
 * a time-out when it stops. So a read callback only submits a job here and
 * returns. A job is a member of the struct that it works on, so submitting
 * allocates nothing.
 *
 * Jobs have owners, and an owner whose jobs all hang must not stop the others.
 * The pool takes the owners' jobs by turns. An owner that already holds a
 * thread gets another only if enough threads stay free: one for each owner that
 * holds none, up to half of the pool. So with two owners one thread stays free,
 * and with twice as many threads as owners no owner waits for another.
 *
 * An owner (a cloud) may have parts (its regions). The same rule holds among
 * the parts of an owner: a region that hangs leaves threads for the others.
 */
#ifndef POOL_H
#define POOL_H

#include "base/error.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Initialise with zeros. It must outlive the pool, which alone uses its
 * members. */
struct pool_owner {
  struct pool_owner *whole; /* the owner of this part; NULL: it is no part */
  char *name;               /* of a part */
  struct pool_owner *parts, *next;
  size_t nparts, busy_parts; /* busy: with at least one running job */
  size_t running;            /* jobs, including those of its parts */
  uint64_t turn;             /* when the pool last took a job of it */
};
void pool_owner_clear(struct pool_owner *owner); /* its parts; no job is left */

struct pool_job {
  void (*run)(void *arg);
  void *arg;
  struct pool_owner *owner;
  struct pool_job *next; /* used by the pool */
};

/* Makes a thread: plugin_thread_create() in the daemon. Returns 0 on
 * success. */
typedef int pool_spawn(pthread_t *thread, void *(*start)(void *), void *arg,
                       char const *name);

struct pool;

/* pool_new(workers, owners, spawn, err): starts the threads; call it after the
 * daemon has forked. `owners` is their number. NULL: no thread could be
 * started, or memory. With fewer threads than `workers` the pool works, too. */
struct pool *pool_new(size_t workers, size_t owners, pool_spawn *spawn,
                      struct error *err);

/* pool_part(pool, owner, name): the part of `owner` with this name, which is
 * made if it does not exist. It lives as long as `owner`. Without memory the
 * result is `owner` itself. Any thread. */
struct pool_owner *pool_part(struct pool *pool, struct pool_owner *owner,
                             const char *name);

/* pool_submit(pool, job): any thread. `job` must not be in the pool already,
 * and must live until it has run. False: the pool is stopping. */
bool pool_submit(struct pool *pool, struct pool_job *job);

/* pool_free(pool): begins no more jobs, waits for the running ones and frees
 * the pool. A caller who wants them to end soon stops them first. NULL is
 * fine. */
void pool_free(struct pool *pool);

/* pool_close(pool): the first half of pool_free(): the pool begins no more
 * jobs. */
void pool_close(struct pool *pool);

#endif
