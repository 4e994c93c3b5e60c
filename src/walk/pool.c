#include "walk/pool.h"

#include <stdlib.h>
#include <string.h>

struct pool {
  pthread_mutex_t lock;
  pthread_cond_t work;
  struct pool_job *first, **last;
  bool closed;
  pthread_t *threads;
  size_t nthreads;
  struct pool_owner all; /* owners are its parts */
  uint64_t turn;
};

/* ---- owners ------------------------------------------------------------- */

void pool_owner_clear(struct pool_owner *owner) {
  while (owner->parts != NULL) {
    struct pool_owner *part = owner->parts;
    owner->parts = part->next;
    free(part->name);
    free(part);
  }
  *owner = (struct pool_owner){0};
}

static struct pool_owner *make_part(struct pool_owner *owner,
                                    const char *name) {
  struct pool_owner *part = calloc(1, sizeof(*part));
  char *copy = part != NULL ? strdup(name) : NULL;
  if (copy == NULL) {
    free(part);
    return owner;
  }
  *part =
      (struct pool_owner){.whole = owner, .name = copy, .next = owner->parts};
  owner->parts = part;
  owner->nparts++;
  return part;
}

struct pool_owner *pool_part(struct pool *pool, struct pool_owner *owner,
                             const char *name) {
  pthread_mutex_lock(&pool->lock);
  struct pool_owner *part = owner->parts;
  while (part != NULL && strcmp(part->name, name) != 0)
    part = part->next;
  if (part == NULL)
    part = make_part(owner, name);
  pthread_mutex_unlock(&pool->lock);
  return part;
}

/* NULL: it is the pool itself. */
static struct pool_owner *whole_of(struct pool *pool,
                                   const struct pool_owner *owner) {
  if (owner->whole != NULL)
    return owner->whole;
  return owner != &pool->all ? &pool->all : NULL;
}

/* ---- which job is next -------------------------------------------------- */

/* Whether `owner` would take no thread that is kept for others. */
static bool may_begin(struct pool *pool, const struct pool_owner *owner) {
  const struct pool_owner *whole;
  size_t kept = 0;
  for (; (whole = whole_of(pool, owner)) != NULL; owner = whole)
    if (owner->running > 0)
      kept += whole->nparts - whole->busy_parts;
  if (kept > pool->nthreads / 2)
    kept = pool->nthreads / 2;
  return pool->nthreads - pool->all.running > kept;
}

/* Owners come by turns, and so do the parts of one. What an owner has to do as
 * a whole comes first: its parts wait for it. */
static bool is_before(const struct pool_owner *a, const struct pool_owner *b) {
  const struct pool_owner *all_a = a->whole != NULL ? a->whole : a;
  const struct pool_owner *all_b = b->whole != NULL ? b->whole : b;
  if (all_a->turn != all_b->turn)
    return all_a->turn < all_b->turn;
  if (a->whole == NULL || b->whole == NULL)
    return a->whole == NULL && b->whole != NULL;
  return a->turn < b->turn;
}

/* The next job, out of the queue; of one owner the oldest. NULL: none may
 * begin. */
static struct pool_job *take_job(struct pool *pool) {
  struct pool_job **best = NULL;
  for (struct pool_job **at = &pool->first; *at != NULL; at = &(*at)->next)
    if (may_begin(pool, (*at)->owner) &&
        (best == NULL || is_before((*at)->owner, (*best)->owner)))
      best = at;
  if (best == NULL)
    return NULL;
  struct pool_job *job = *best;
  *best = job->next;
  if (job->next == NULL)
    pool->last = best;
  return job;
}

/* ---- threads ------------------------------------------------------------ */

static void note_begin(struct pool *pool, struct pool_owner *owner) {
  struct pool_owner *whole;
  pool->turn++;
  for (; (whole = whole_of(pool, owner)) != NULL; owner = whole) {
    if (owner->running == 0)
      whole->busy_parts++;
    owner->running++;
    owner->turn = pool->turn;
  }
  pool->all.running++;
}

static void note_end(struct pool *pool, struct pool_owner *owner) {
  struct pool_owner *whole;
  for (; (whole = whole_of(pool, owner)) != NULL; owner = whole) {
    owner->running--;
    if (owner->running == 0)
      whole->busy_parts--;
  }
  pool->all.running--;
}

/* With the lock, which is given back meanwhile. */
static void run_job(struct pool *pool, struct pool_job *job) {
  struct pool_owner *owner = job->owner; /* the job may be gone when it ends */
  note_begin(pool, owner);
  pthread_mutex_unlock(&pool->lock);
  job->run(job->arg);
  pthread_mutex_lock(&pool->lock);
  note_end(pool, owner);
}

/* A job that may not begin waits for the end of another. Whoever has ended that
 * looks here again, and wakes another thread: one end may let two begin. */
static void *worker(void *arg) {
  struct pool *pool = arg;
  pthread_mutex_lock(&pool->lock);
  while (!pool->closed) {
    struct pool_job *job = take_job(pool);
    if (job == NULL) {
      pthread_cond_wait(&pool->work, &pool->lock);
      continue;
    }
    if (pool->first != NULL)
      pthread_cond_signal(&pool->work);
    run_job(pool, job);
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
  pool->all.nparts = owners;
  pool->threads = calloc(workers, sizeof(*pool->threads));
  for (; pool->threads != NULL && pool->nthreads < workers; pool->nthreads++)
    if (spawn(&pool->threads[pool->nthreads], worker, pool, "openstack") != 0)
      break;
  if (pool->nthreads > 0)
    return pool;
  if (pool->threads != NULL)
    error_set(err, ERROR_MEMORY, "no thread could be started");
  else
    error_memory(err);
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
