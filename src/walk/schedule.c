#include "walk/schedule.h"

#include "base/clock.h"
#include "keystone/session.h"
#include "net/http_pool.h"
#include "settings/cloud.h"
#include "walk/agreement.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A region, and the walk there. */
struct member {
  struct schedule *schedule;
  struct walk *walk;
  struct pool_job job;
  struct walk_target target; /* of the walk that runs; its URL is owned */
  char *url;
  bool busy; /* under the schedule's lock */
  struct member *next;
};

struct schedule {
  struct walk_options options;
  const struct meter **meters;
  struct walk_visitor visitor;
  struct pool_owner *owner;
  struct pool *pool; /* NULL: walks run on the round's own thread */
  struct pool_job job;
  /* the running round's alone */
  struct walk *nowhere; /* what there is to tell where there is no region */
  struct member *members, **last;
  size_t nmembers; /* ever */
  /* under the lock, which is never held across I/O */
  pthread_mutex_t lock;
  bool busy;        /* a round is to start its walks */
  uint64_t round;   /* begun so far */
  uint64_t skipped; /* turns, before a round came to its regions */
  const struct turn *leader;
  int status;
};

/* ---- turns -------------------------------------------------------------- */

enum turn_result schedule_turn(struct turn *turn) {
  struct schedule *s = turn->schedule;
  enum turn_result result = TURN_RIDE;
  pthread_mutex_lock(&s->lock);
  if (turn->seen < s->round) {
    turn->seen = s->round;
  } else if (s->busy) {
    result = TURN_SKIP;
    if (turn == s->leader) /* its siblings' turns are the same one */
      s->skipped++;
  } else {
    result = TURN_LEAD;
    s->busy = true;
    s->status = 0;
    s->leader = turn;
    turn->seen = ++s->round;
  }
  pthread_mutex_unlock(&s->lock);
  return result;
}

static void note_status(struct schedule *s, int status) {
  pthread_mutex_lock(&s->lock);
  if (status != 0)
    s->status = -1;
  pthread_mutex_unlock(&s->lock);
}

int schedule_status(struct schedule *s) {
  pthread_mutex_lock(&s->lock);
  int status = s->status;
  pthread_mutex_unlock(&s->lock);
  return status;
}

/* ---- a region ----------------------------------------------------------- */

static void member_free(struct member *m) {
  walk_free(m->walk);
  free(m->url);
  free(m);
}

/* The walk of its region. The job may be submitted again once it is not busy.
 */
static void run_member(void *arg) {
  struct member *m = arg;
  int status = walk_run(m->walk, &m->target);
  pthread_mutex_lock(&m->schedule->lock);
  m->busy = false;
  if (status != 0)
    m->schedule->status = -1;
  pthread_mutex_unlock(&m->schedule->lock);
}

static struct member *add_member(struct schedule *s,
                                 const struct endpoint *endpoint,
                                 struct error *err) {
  if (s->nmembers == SCHEDULE_REGIONS) {
    error_set(err, ERROR_LIMIT, "more than %d regions", SCHEDULE_REGIONS);
    return NULL;
  }
  struct member *m = calloc(1, sizeof(*m));
  if (m == NULL) {
    error_memory(err);
    return NULL;
  }
  m->schedule = s;
  m->job = (struct pool_job){.run = run_member, .arg = m};
  m->walk = walk_new(&s->options, endpoint, err);
  if (m->walk == NULL || walk_visit(m->walk, &s->visitor, err) != 0) {
    member_free(m);
    return NULL;
  }
  *s->last = m;
  s->last = &m->next;
  s->nmembers++;
  return m;
}

static struct member *member_of(struct schedule *s,
                                const struct endpoint *endpoint,
                                struct error *err) {
  for (struct member *m = s->members; m != NULL; m = m->next)
    if (strcmp(walk_region(m->walk), endpoint->region) == 0)
      return m;
  return add_member(s, endpoint, err);
}

/* False, and counted: its last walk still runs, or waits for a thread. */
static bool make_busy(struct member *m) {
  pthread_mutex_lock(&m->schedule->lock);
  bool was = m->busy;
  m->busy = true;
  pthread_mutex_unlock(&m->schedule->lock);
  if (was)
    walk_skip(m->walk);
  return !was;
}

/* The walk there runs, or is submitted. What cannot be asked takes no thread.
 */
static void start_member(struct member *m, const struct walk_target *target) {
  struct schedule *s = m->schedule;
  if (!make_busy(m))
    return;
  free(m->url);
  m->url = target->url != NULL ? strdup(target->url) : NULL;
  m->target = *target;
  m->target.url = m->url;
  if (target->url != NULL && m->url == NULL)
    error_memory(&m->target.lack);
  if (s->pool == NULL || m->url == NULL) {
    run_member(m);
    return;
  }
  m->job.owner = pool_part(s->pool, s->owner, walk_region(m->walk));
  pool_submit(s->pool, &m->job);
}

/* ---- a round ------------------------------------------------------------ */

static struct walk_target target_of(struct schedule *s) {
  pthread_mutex_lock(&s->lock);
  uint64_t skipped = s->skipped;
  pthread_mutex_unlock(&s->lock);
  return (struct walk_target){.skipped = skipped};
}

static void run_nowhere(struct schedule *s, const struct error *why) {
  struct walk_target target = target_of(s);
  target.lack = *why;
  note_status(s, walk_run(s->nowhere, &target));
}

/* No login, or no such service: it is told of the regions that there were, or
 * of none. */
static void miss_all(struct schedule *s, const struct error *why) {
  struct walk_target target = target_of(s);
  target.lack = *why;
  for (struct member *m = s->members; m != NULL; m = m->next)
    start_member(m, &target);
  if (s->members == NULL)
    run_nowhere(s, why);
}

static bool has_region(const struct endpoints *endpoints, const char *region) {
  for (size_t i = 0; i < endpoints->n; i++)
    if (strcmp(endpoints->list[i].region, region) == 0)
      return true;
  return false;
}

/* Regions that an earlier catalogue had, and this one has not. */
static void miss_others(struct schedule *s, const struct endpoints *endpoints) {
  struct walk_target target = target_of(s);
  for (struct member *m = s->members; m != NULL; m = m->next) {
    const char *region = walk_region(m->walk);
    if (has_region(endpoints, region))
      continue;
    error_set(&target.lack, ERROR_ABSENT,
              "the catalogue no longer has \"%s\" in region %s",
              walk_service(&s->options), region);
    start_member(m, &target);
  }
}

static void start_all(struct schedule *s, const struct endpoints *endpoints) {
  struct error err = {0};
  walk_forget(s->nowhere);
  struct walk_target target = target_of(s);
  for (size_t i = 0; i < endpoints->n; i++) {
    const struct endpoint *endpoint = &endpoints->list[i];
    struct member *m = member_of(s, endpoint, &err);
    if (m == NULL) {
      run_nowhere(s, &err);
      return;
    }
    target.url = endpoint->url;
    target.lack = endpoint->lack;
    start_member(m, &target);
  }
  miss_others(s, endpoints);
}

static void run_round(void *arg) {
  struct schedule *s = arg;
  struct endpoints endpoints = {0};
  struct error err = {0};
  const struct walk_options *o = &s->options;
  const struct endpoint_query query = {
      .service = walk_service(o),
      .major = agreement_major(o->listing),
      .deadline_ms = clock_ms() + INTERVAL_SHARE(o->interval_ms)};
  int status = session_endpoints(o->session, &query, &endpoints, &err);
  if (status == 0)
    start_all(s, &endpoints);
  else
    miss_all(s, &err);
  endpoints_clear(&endpoints);
  pthread_mutex_lock(&s->lock);
  s->busy = false;
  pthread_mutex_unlock(&s->lock);
}

void schedule_start(struct schedule *s, struct pool *pool) {
  s->pool = pool;
  if (pool != NULL)
    pool_submit(pool, &s->job);
  else
    run_round(s);
}

/* ---- life cycle --------------------------------------------------------- */

struct schedule *schedule_new(const struct walk_options *options,
                              struct pool_owner *owner, struct error *err) {
  struct schedule *s = calloc(1, sizeof(*s));
  if (s == NULL) {
    error_memory(err);
    return NULL;
  }
  pthread_mutex_init(&s->lock, NULL);
  s->options = *options;
  s->owner = owner;
  s->last = &s->members;
  s->job = (struct pool_job){.run = run_round, .arg = s, .owner = owner};
  s->meters = calloc(options->nmeters, sizeof(*s->meters));
  if (s->meters == NULL) {
    error_memory(err);
    goto fail;
  }
  memcpy(s->meters, options->meters, options->nmeters * sizeof(*s->meters));
  s->options.meters = s->meters;
  s->nowhere = walk_new(&s->options, NULL, err);
  if (s->nowhere == NULL)
    goto fail;
  return s;
fail:
  schedule_free(s);
  return NULL;
}

void schedule_free(struct schedule *s) {
  if (s == NULL)
    return;
  while (s->members != NULL) {
    struct member *m = s->members;
    s->members = m->next;
    member_free(m);
  }
  walk_free(s->nowhere);
  free(s->meters);
  pthread_mutex_destroy(&s->lock);
  free(s);
}

int schedule_visit(struct schedule *s, const struct walk_visitor *visitor,
                   struct error *err) {
  s->visitor = *visitor;
  return walk_visit(s->nowhere, &s->visitor, err);
}

const struct listing *schedule_listing(const struct schedule *s) {
  return s->options.listing;
}

int64_t schedule_interval_ms(const struct schedule *s) {
  return s->options.interval_ms;
}
