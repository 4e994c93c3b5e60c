#include "walk/schedule.h"

#include "base/clock.h"
#include "keystone/session.h"
#include "net/http_pool.h"
#include "settings/cloud.h"
#include "walk/agreement.h"
#include "walk/pace.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A region, and the walk there. */
struct place {
  struct schedule *schedule;
  struct walk *walk;
  struct pool_job job;
  struct walk_target target; /* of the walk that runs; its URL is owned */
  char *url;
  bool busy; /* under the schedule's lock */
  struct place *next;
};

struct schedule {
  struct walk_options options;
  const struct meter **meters;
  struct walk_visitor visitor;
  struct pool_owner *owner;
  struct pool *pool; /* NULL: walks run on the round's own thread */
  struct pool_job job, login;
  /* the running round's alone */
  struct walk *nowhere; /* what there is to tell where there is no region */
  struct place *places, **last;
  size_t nplaces; /* ever */
  /* under the lock, which is never held across I/O */
  pthread_mutex_t lock;
  bool busy;        /* a round is to start its walks */
  size_t nbusy;     /* places */
  bool cut;         /* one of its walks was, since all were last idle */
  int64_t turn_ms;  /* when its leader's turn came */
  uint64_t round;   /* begun so far */
  uint64_t skipped; /* turns, before a round came to its regions */
  const struct turn *leader;
  int status;
};

/* ---- turns -------------------------------------------------------------- */

/* With the lock; what is told of it does not wait for anything. */
static void begin_round(struct schedule *s, bool by_beat) {
  s->busy = true;
  s->status = 0;
  s->turn_ms = clock_ms();
  member_begun(&s->options.unit, by_beat);
}

/* With the lock: a walk has ended, or all of a round have begun. */
static void note_end(struct schedule *s) {
  if (s->busy || s->nbusy > 0)
    return;
  member_ended(&s->options.unit, !s->cut);
  s->cut = false;
}

enum turn_result schedule_turn(struct turn *turn) {
  struct schedule *s = turn->schedule;
  enum turn_result result = TURN_RIDE;
  pthread_mutex_lock(&s->lock);
  if (turn->seen < s->round) {
    turn->seen = s->round;
  } else if (!member_may_walk(&s->options.unit)) {
    result = TURN_SKIP;
  } else if (s->busy) {
    result = TURN_SKIP;
    if (turn == s->leader) /* its siblings' turns are the same one */
      s->skipped++;
  } else {
    result = TURN_LEAD;
    begin_round(s, false);
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

static void place_free(struct place *m) {
  walk_free(m->walk);
  free(m->url);
  free(m);
}

/* The walk of its region. The place may be started again once it is not busy.
 */
static void run_place(void *arg) {
  struct place *m = arg;
  int status = walk_run(m->walk, &m->target);
  pthread_mutex_lock(&m->schedule->lock);
  m->busy = false;
  if (status != 0)
    m->schedule->status = -1;
  m->schedule->cut |= walk_was_cut(m->walk);
  m->schedule->nbusy--;
  note_end(m->schedule);
  pthread_mutex_unlock(&m->schedule->lock);
}

/* On a thread of the pool; what cannot be asked takes none. */
static void submit_place(void *arg) {
  struct place *m = arg;
  struct schedule *s = m->schedule;
  if (s->pool == NULL || m->url == NULL) {
    run_place(m);
    return;
  }
  m->job.owner = pool_part(s->pool, s->owner, walk_region(m->walk));
  pool_submit(s->pool, &m->job);
}

static struct place *add_place(struct schedule *s,
                               const struct endpoint *endpoint,
                               struct error *err) {
  if (s->nplaces == SCHEDULE_REGIONS) {
    error_set(err, ERROR_LIMIT, "more than %d regions", SCHEDULE_REGIONS);
    return NULL;
  }
  struct place *m = calloc(1, sizeof(*m));
  if (m == NULL) {
    error_memory(err);
    return NULL;
  }
  m->schedule = s;
  m->job = (struct pool_job){.run = run_place, .arg = m};
  m->walk = walk_new(&s->options, endpoint, err);
  if (m->walk == NULL || walk_visit(m->walk, &s->visitor, err) != 0) {
    place_free(m);
    return NULL;
  }
  walk_wake(m->walk, submit_place, m);
  *s->last = m;
  s->last = &m->next;
  s->nplaces++;
  return m;
}

static struct place *place_of(struct schedule *s,
                              const struct endpoint *endpoint,
                              struct error *err) {
  for (struct place *m = s->places; m != NULL; m = m->next)
    if (strcmp(walk_region(m->walk), endpoint->region) == 0)
      return m;
  return add_place(s, endpoint, err);
}

/* False, and counted: its last walk still runs, or waits for a thread. One that
 * has waited for others since its last turn waits no longer. */
static bool make_busy(struct place *m, bool *ret_waited) {
  pthread_mutex_lock(&m->schedule->lock);
  bool was = m->busy;
  m->busy = true;
  m->schedule->nbusy += !was;
  pthread_mutex_unlock(&m->schedule->lock);
  *ret_waited = was && walk_give_up(m->walk);
  if (was && !*ret_waited)
    walk_skip(m->walk);
  return !was || *ret_waited;
}

/* The walk there runs, is submitted, or waits for others. */
static void start_place(struct place *m, const struct walk_target *target) {
  bool waited;
  if (!make_busy(m, &waited))
    return;
  char *url = target->url != NULL ? strdup(target->url) : NULL;
  free(m->url); /* which may be the target's */
  m->url = url;
  m->target = *target;
  m->target.url = m->url;
  if (target->url != NULL && url == NULL)
    error_memory(&m->target.lack);
  if (m->url == NULL || waited || !walk_waits(m->walk, target->turn_ms))
    submit_place(m);
}

/* ---- a round ------------------------------------------------------------ */

static struct walk_target target_of(struct schedule *s) {
  pthread_mutex_lock(&s->lock);
  struct walk_target target = {
      .skipped = s->skipped, .turn_ms = s->turn_ms, .whole = s->pool == NULL};
  pthread_mutex_unlock(&s->lock);
  return target;
}

static void run_nowhere(struct schedule *s, const struct error *why) {
  struct walk_target target = target_of(s);
  target.lack = *why;
  note_status(s, walk_run(s->nowhere, &target));
}

/* No login, or no such service: it is told of the regions that there were, or
 * of none. What needs no login is asked where it was. */
static void miss_all(struct schedule *s, const struct error *why) {
  struct walk_target target = target_of(s);
  bool asks = s->options.listing->auth == AUTH_NONE && why->code == ERROR_LOGIN;
  target.lack = *why;
  for (struct place *m = s->places; m != NULL; m = m->next) {
    target.url = asks ? m->url : NULL;
    start_place(m, &target);
  }
  if (s->places == NULL)
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
  for (struct place *m = s->places; m != NULL; m = m->next) {
    const char *region = walk_region(m->walk);
    if (has_region(endpoints, region))
      continue;
    error_set(&target.lack, ERROR_ABSENT,
              "the catalogue no longer has \"%s\" in region %s",
              walk_service(&s->options), region);
    start_place(m, &target);
  }
}

static void start_all(struct schedule *s, const struct endpoints *endpoints) {
  struct error err = {0};
  walk_forget(s->nowhere);
  struct walk_target target = target_of(s);
  for (size_t i = 0; i < endpoints->n; i++) {
    const struct endpoint *endpoint = &endpoints->list[i];
    struct place *m = place_of(s, endpoint, &err);
    if (m == NULL) {
      run_nowhere(s, &err);
      return;
    }
    target.url = endpoint->url;
    target.lack = endpoint->lack;
    start_place(m, &target);
  }
  miss_others(s, endpoints);
}

/* After a login, if need be, which tells which cloud it is. */
static int find_endpoints(struct schedule *s, struct endpoints *ret,
                          struct error *err) {
  const struct walk_options *o = &s->options;
  const struct pace pace = pace_of(o->listing, o->interval_ms);
  const struct endpoint_query query = {.service = walk_service(o),
                                       .major = agreement_major(o->listing),
                                       .deadline_ms =
                                           clock_ms() + pace_share_ms(&pace)};
  int status = session_endpoints(o->session, &query, ret, err);
  member_cloud(&o->unit, session_cloud(o->session));
  return status;
}

static void run_login(void *arg) {
  struct schedule *s = arg;
  struct endpoints endpoints = {0};
  struct error err;
  (void)find_endpoints(s, &endpoints, &err); /* walks tell what fails */
  endpoints_clear(&endpoints);
}

static void run_round(void *arg) {
  struct schedule *s = arg;
  struct endpoints endpoints = {0};
  struct error err = {0};
  int status = find_endpoints(s, &endpoints, &err);
  if (status == 0)
    start_all(s, &endpoints);
  else
    miss_all(s, &err);
  endpoints_clear(&endpoints);
  pthread_mutex_lock(&s->lock);
  s->busy = false;
  note_end(s);
  pthread_mutex_unlock(&s->lock);
}

void schedule_share(struct schedule *s, const struct member_unit *unit) {
  s->options.unit = *unit;
}

void schedule_login(struct schedule *s, struct pool *pool) {
  pool_submit(pool, &s->login);
}

void schedule_now(struct schedule *s, struct pool *pool) {
  pthread_mutex_lock(&s->lock);
  bool idle = !s->busy;
  if (idle)
    begin_round(s, true);
  pthread_mutex_unlock(&s->lock);
  if (idle)
    schedule_start(s, pool);
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
  s->last = &s->places;
  s->job = (struct pool_job){.run = run_round, .arg = s, .owner = owner};
  s->login = (struct pool_job){.run = run_login, .arg = s, .owner = owner};
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
  while (s->places != NULL) {
    struct place *m = s->places;
    s->places = m->next;
    place_free(m);
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

void schedule_probe(struct schedule *s) { s->options.probe = true; }

const struct listing *schedule_listing(const struct schedule *s) {
  return s->options.listing;
}

int64_t schedule_interval_ms(const struct schedule *s) {
  return s->options.interval_ms;
}

int64_t schedule_turn_ms(const struct schedule *s) {
  return pace_of(s->options.listing, s->options.interval_ms).turn_ms;
}
