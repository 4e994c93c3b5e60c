#include "walk/pool.h"

#include <stdlib.h>

struct pool {
  pthread_mutex_t lock;
  pthread_cond_t work;
  struct pool_job *first, **last;
  bool closed;
  pthread_t *threads;
  size_t nthreads, nowners;
  size_t running, busy; /* jobs; owners of at least one of them */
  uint64_t turn;
};

/* Whether no thread is kept for others that `owner` would take. */
static bool may_begin(const struct pool *pool, const struct pool_owner *owner) {
  size_t kept = pool->nowners - pool->busy;
  if (kept > pool->nthreads / 2)
    kept = pool->nthreads / 2;
  return owner->running == 0 || pool->nthreads - pool->running > kept;
}

/* The next job, out of the queue: of the owner that has waited longest for its
 * turn, and of that one's the oldest. NULL: none may begin. */
static struct pool_job *take_job(struct pool *pool) {
  struct pool_job **best = NULL;
  for (struct pool_job **at = &pool->first; *at != NULL; at = &(*at)->next)
    if (may_begin(pool, (*at)->owner) &&
        (best == NULL || (*at)->owner->turn < (*best)->owner->turn))
      best = at;
  if (best == NULL)
    return NULL;
  struct pool_job *job = *best;
  *best = job->next;
  if (job->next == NULL)
    pool->last = best;
  return job;
}

/* With the lock, which is given back meanwhile. */
static void run_job(struct pool *pool, struct pool_job *job) {
  struct pool_owner *owner = job->owner; /* the job may be gone when it ends */
  owner->turn = ++pool->turn;
  pool->busy += owner->running++ == 0;
  pool->running++;
  pthread_mutex_unlock(&pool->lock);
  job->run(job->arg);
  pthread_mutex_lock(&pool->lock);
  pool->running--;
  pool->busy -= --owner->running == 0;
}

/* A job that may not begin waits for the end of another. That lets one begin at
 * most, and whoever has ended it looks here again: nobody need be woken. */
static void *worker(void *arg) {
  struct pool *pool = arg;
  pthread_mutex_lock(&pool->lock);
  while (!pool->closed) {
    struct pool_job *job = take_job(pool);
    if (job != NULL)
      run_job(pool, job);
    else
      pthread_cond_wait(&pool->work, &pool->lock);
  }
  pthread_mutex_unlock(&pool->lock);
  return NULL;
}

struct pool *pool_new(size_t workers, size_t owners, pool_spawn *spawn,
                      struct error *err) {
  struct pool *pool = calloc(1, sizeof(*pool));
  if (pool == NULL) {
    error_memory(err);
    return NULL;
  }
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->work, NULL);
  pool->last = &pool->first;
  pool->nowners = owners;
  pool->threads = calloc(workers, sizeof(*pool->threads));
  for (; pool->threads != NULL && pool->nthreads < workers; pool->nthreads++)
    if (spawn(&pool->threads[pool->nthreads], worker, pool, "openstack") != 0)
      break;
  if (pool->nthreads > 0)
    return pool;
  error_set(err, ERROR_MEMORY, "no thread could be started");
  pool_free(pool);
  return NULL;
}

bool pool_submit(struct pool *pool, struct pool_job *job) {
  pthread_mutex_lock(&pool->lock);
  bool open = !pool->closed;
  if (open) {
    job->next = NULL;
    *pool->last = job;
    pool->last = &job->next;
    pthread_cond_signal(&pool->work);
  }
  pthread_mutex_unlock(&pool->lock);
  return open;
}

void pool_close(struct pool *pool) {
  pthread_mutex_lock(&pool->lock);
  pool->closed = true;
  pthread_cond_broadcast(&pool->work);
  pthread_mutex_unlock(&pool->lock);
}

void pool_free(struct pool *pool) {
  if (pool == NULL)
    return;
  pool_close(pool);
  for (size_t i = 0; i < pool->nthreads; i++)
    pthread_join(pool->threads[i], NULL);
  pthread_cond_destroy(&pool->work);
  pthread_mutex_destroy(&pool->lock);
  free(pool->threads);
  free(pool);
}
