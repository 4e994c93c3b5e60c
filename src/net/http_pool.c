#include "net/http_pool.h"

#include <pthread.h>
#include <stdlib.h>

struct member {
  struct http *http;
  bool lent;
};

struct http_pool {
  const struct http_options *options;
  struct rate_limit *rate_limit;
  pthread_mutex_t lock;
  struct member *members; /* the ones given back last stand last */
  size_t n;
  bool stopped;
};

struct http_pool *http_pool_new(const struct http_options *options,
                                struct rate_limit *rate_limit,
                                struct error *err) {
  struct http_pool *pool = calloc(1, sizeof(*pool));
  if (pool == NULL) {
    error_memory(err);
    return NULL;
  }
  pthread_mutex_init(&pool->lock, NULL);
  pool->options = options;
  pool->rate_limit = rate_limit;
  return pool;
}

void http_pool_free(struct http_pool *pool) {
  if (pool == NULL)
    return;
  for (size_t i = 0; i < pool->n; i++)
    http_free(pool->members[i].http);
  free(pool->members);
  pthread_mutex_destroy(&pool->lock);
  free(pool);
}

static struct http *make_transfer(struct http_pool *pool, struct error *err) {
  struct member *grown = realloc(pool->members, (pool->n + 1) * sizeof(*grown));
  if (grown == NULL) {
    error_memory(err);
    return NULL;
  }
  pool->members = grown;
  struct http *http = http_new(pool->options, pool->rate_limit, err);
  if (http != NULL)
    grown[pool->n++] = (struct member){.http = http, .lent = true};
  return http;
}

static struct http *lend_transfer(struct http_pool *pool, struct error *err) {
  if (pool->stopped) {
    error_set(err, ERROR_STOPPED, "stopped");
    return NULL;
  }
  for (size_t i = pool->n; i-- > 0;)
    if (!pool->members[i].lent) {
      pool->members[i].lent = true;
      return pool->members[i].http;
    }
  return make_transfer(pool, err);
}

struct http *http_pool_take(struct http_pool *pool, struct error *err) {
  pthread_mutex_lock(&pool->lock);
  struct http *http = lend_transfer(pool, err);
  pthread_mutex_unlock(&pool->lock);
  return http;
}

void http_pool_give(struct http_pool *pool, struct http *http) {
  pthread_mutex_lock(&pool->lock);
  size_t i = 0;
  while (pool->members[i].http != http)
    i++;
  for (; i + 1 < pool->n; i++)
    pool->members[i] = pool->members[i + 1];
  pool->members[i] = (struct member){.http = http, .lent = false};
  pthread_mutex_unlock(&pool->lock);
}

size_t http_pool_count(struct http_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  size_t n = pool->n;
  pthread_mutex_unlock(&pool->lock);
  return n;
}

void http_pool_stop(struct http_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  pool->stopped = true;
  for (size_t i = 0; i < pool->n; i++)
    http_stop(pool->members[i].http);
  pthread_mutex_unlock(&pool->lock);
}
