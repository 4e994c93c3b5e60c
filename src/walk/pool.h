/*
 * pool - the plugin's own few threads, on which walks run
 *
 * collectd's read threads are shared by every plugin and joined without a
 * time-out when the daemon stops. So read callbacks only submit a job here and
 * return. A job is a member of what it works on: submitting allocates nothing.
 *
 * Jobs have owners, and an owner whose jobs all hang must not stop the others.
 * Owners' jobs are taken by turns, and an owner that holds a thread gets
 * another one only if enough threads stay free: one for each owner that holds
 * none, up to half of the pool. So with two owners one thread stays free, and
 * with twice as many threads as owners nobody waits for another.
 *
 * An owner (a cloud) may have parts (its regions), and the same rule holds
 * among the parts of an owner: one region that hangs leaves threads to the
 * others.
 */
#ifndef POOL_H
#define POOL_H

#include "base/error.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Begin with one of zeros; it must outlive the pool. All members are the
 * pool's. */
struct pool_owner {
  struct pool_owner *whole; /* what it is a part of; NULL: an owner itself */
  char *name;               /* of a part */
  struct pool_owner *parts, *next;
  size_t nparts, busy_parts; /* busy: with at least one running job */
  size_t running;            /* jobs, those of its parts included */
  uint64_t turn;             /* when a job of it was last taken */
};
void pool_owner_clear(struct pool_owner *owner); /* its parts; no job is left */

struct pool_job {
  void (*run)(void *arg);
  void *arg;
  struct pool_owner *owner;
  struct pool_job *next; /* the pool's */
};

/* How to make a thread: plugin_thread_create() in the daemon. 0 is success. */
typedef int pool_spawn(pthread_t *thread, void *(*start)(void *), void *arg,
                       char const *name);

struct pool;

/* pool_new(workers, owners, spawn, err): starts the threads; after the daemon
 * has forked. `owners` is how many there are. NULL: no thread could be made, or
 * memory; with fewer threads than asked for it goes on. */
struct pool *pool_new(size_t workers, size_t owners, pool_spawn *spawn,
                      struct error *err);

/* pool_part(pool, owner, name): the part of `owner` with this name, made if
 * need be. Lives as long as `owner`. Without memory it is `owner` itself. Any
 * thread. */
struct pool_owner *pool_part(struct pool *pool, struct pool_owner *owner,
                             const char *name);

/* pool_submit(pool, job): any thread. `job` must not be in the pool already and
 * must live until it has run. False: the pool is stopping. */
bool pool_submit(struct pool *pool, struct pool_job *job);

/* pool_free(pool): no job begins any more; waits for those that run (who stops
 * them says so to them first) and frees the pool. NULL is fine. */
void pool_free(struct pool *pool);

/* pool_close(pool): the first half of pool_free(): no job begins any more. */
void pool_close(struct pool *pool);

#endif
