#include "pool.h"

#include <stdlib.h>

struct pool {
  pthread_mutex_t lock;
  pthread_cond_t work;
  struct pool_job *first, **last;
  bool closed;
  pthread_t *threads;
  size_t nthreads;
};

static void *worker(void *arg) {
  struct pool *pool = arg;
  pthread_mutex_lock(&pool->lock);
  for (;;) {
    while (pool->first == NULL && !pool->closed)
      pthread_cond_wait(&pool->work, &pool->lock);
    if (pool->closed)
      break;
    struct pool_job *job = pool->first;
    pool->first = job->next;
    if (pool->first == NULL)
      pool->last = &pool->first;
    pthread_mutex_unlock(&pool->lock);
    job->run(job->arg);
    pthread_mutex_lock(&pool->lock);
  }
  pthread_mutex_unlock(&pool->lock);
  return NULL;
}

struct pool *pool_new(size_t workers, pool_spawn *spawn, struct error *err) {
  struct pool *pool = calloc(1, sizeof(*pool));
  if (pool == NULL) {
    error_memory(err);
    return NULL;
  }
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->work, NULL);
  pool->last = &pool->first;
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
