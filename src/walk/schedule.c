#include "walk/schedule.h"

#include "base/clock.h"
#include "keystone/session.h"
#include "net/http_pool.h"
#include "settings/cloud.h"
#include "share/member.h"
#include "walk/agreement.h"
#include "walk/pace.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The walk in one region. */
struct region_walk {
  struct schedule *schedule;
  struct walk *walk;
  struct pool_job job;
  struct walk_target target; /* of the walk that runs; its URL is owned */
  char *url;
  bool busy; /* under the schedule's lock */
  struct region_walk *next;
};

struct schedule {
  struct walk_options options;
  const struct meter **meters;
  struct walk_visitor visitor;
  struct pool_owner *owner;
  struct pool *pool; /* NULL: walks run on the round's own thread */
  struct pool_job job, login;
  /* the running round's alone */
  struct walk *nowhere; /* reports while there is no region */
  struct region_walk *regions, **last;
  size_t nregions; /* that the catalogue has ever had */
  /* under the lock, which is never held across I/O */
  pthread_mutex_t lock;
  bool busy;        /* a round is to start its walks */
  size_t nbusy;     /* regions whose walk runs, or waits */
  uint64_t parts;   /* of the unit: those that the round is of, */
  uint64_t lost;    /* and of these, those that others may walk by now */
  bool goes_on;     /* the round's passes take several walks */
  bool cut;         /* one of its walks was, since all were last idle */
  int64_t turn_ms;  /* when its leader's turn came */
  uint64_t round;   /* begun so far */
  uint64_t skipped; /* turns, before a round came to its regions */
  const struct turn *leader;
  int status;
};

/* ---- turns -------------------------------------------------------------- */

/* With the lock; what is told of it does not wait for anything. False: nothing
 * of it is due. A pass that goes on asks nobody who was not in it, and is not
 * given up for a shard that has come since. */
static bool begin_round(struct schedule *s, bool by_beat) {
  const struct member_unit *unit = &s->options.unit;
  uint64_t left = s->parts & ~s->lost;
  uint64_t parts = member_begun(unit, s->goes_on ? left : MEMBER_ALL, by_beat);
  if (parts == 0 && s->goes_on && member_fence(unit, &left) == FENCE_SHUT)
    parts = member_begun(unit, MEMBER_ALL, by_beat);
  if (parts == 0)
    return false;
  s->parts = parts;
  s->lost = 0;
  s->goes_on = false;
  s->busy = true;
  s->status = 0;
  s->turn_ms = clock_ms();
  return true;
}

/* With the lock: a walk has ended, or all of a round have begun. */
static void note_end(struct schedule *s) {
  if (s->busy || s->nbusy > 0)
    return;
  member_ended(&s->options.unit, s->parts, s->cut ? 0 : s->parts & ~s->lost);
  s->cut = false;
}

/* With the lock: shards are walked together, one round after the other. */
static bool must_wait(const struct schedule *s) {
  return s->busy || (s->options.unit.n > 1 && s->nbusy > 0);
}

enum turn_result schedule_turn(struct turn *turn) {
  struct schedule *s = turn->schedule;
  enum turn_result result = TURN_RIDE;
  pthread_mutex_lock(&s->lock);
  if (turn->seen < s->round) {
    turn->seen = s->round;
  } else if (!member_may_walk(&s->options.unit)) {
    result = TURN_SKIP;
  } else if (must_wait(s)) {
    result = TURN_SKIP;
    if (turn == s->leader) /* its siblings' turns are the same one */
      s->skipped++;
  } else if (!begin_round(s, false)) {
    result = TURN_SKIP;
  } else {
    result = TURN_LEAD;
    s->leader = turn;
    turn->seen = ++s->round;
  }
  pthread_mutex_unlock(&s->lock);
  return result;
}

/* With the lock: how a walk of the round has ended. */
static void note_walk(struct schedule *s, const struct walk *walk, int status) {
  if (status != 0)
    s->status = -1;
  s->cut |= walk_was_cut(walk);
  s->lost |= s->parts & ~walk_parts(walk);
  s->goes_on |= walk_goes_on(walk);
}

int schedule_status(struct schedule *s) {
  pthread_mutex_lock(&s->lock);
  int status = s->status;
  pthread_mutex_unlock(&s->lock);
  return status;
}

/* ---- a region ----------------------------------------------------------- */

static void region_walk_free(struct region_walk *r) {
  walk_free(r->walk);
  free(r->url);
  free(r);
}

/* Once it is not busy it may be started again. */
static void run_region(void *arg) {
  struct region_walk *r = arg;
  int status = walk_run(r->walk, &r->target);
  pthread_mutex_lock(&r->schedule->lock);
  r->busy = false;
  note_walk(r->schedule, r->walk, status);
  r->schedule->nbusy--;
  note_end(r->schedule);
  pthread_mutex_unlock(&r->schedule->lock);
}

/* On a thread of the pool; a region without an endpoint needs none. */
static void submit_region(void *arg) {
  struct region_walk *r = arg;
  struct schedule *s = r->schedule;
  if (s->pool == NULL || r->url == NULL) {
    run_region(r);
    return;
  }
  r->job.owner = pool_part(s->pool, s->owner, walk_region(r->walk));
  pool_submit(s->pool, &r->job);
}

static struct region_walk *add_region(struct schedule *s,
                                      const struct endpoint *endpoint,
                                      struct error *err) {
  if (s->nregions == SCHEDULE_REGIONS) {
    error_set(err, ERROR_LIMIT, "more than %d regions", SCHEDULE_REGIONS);
    return NULL;
  }
  struct region_walk *r = calloc(1, sizeof(*r));
  if (r == NULL) {
    error_memory(err);
    return NULL;
  }
  r->schedule = s;
  r->job = (struct pool_job){.run = run_region, .arg = r};
  r->walk = walk_new(&s->options, endpoint, err);
  if (r->walk == NULL || walk_visit(r->walk, &s->visitor, err) != 0) {
    region_walk_free(r);
    return NULL;
  }
  walk_wake(r->walk, submit_region, r);
  *s->last = r;
  s->last = &r->next;
  s->nregions++;
  return r;
}

static struct region_walk *region_of(struct schedule *s,
                                     const struct endpoint *endpoint,
                                     struct error *err) {
  for (struct region_walk *r = s->regions; r != NULL; r = r->next)
    if (strcmp(walk_region(r->walk), endpoint->region) == 0)
      return r;
  return add_region(s, endpoint, err);
}

/* False: its last walk still runs, or waits for a thread; the skip is counted.
 * A walk that has waited for other walks since its last turn waits no longer.
 */
static bool make_busy(struct region_walk *r, bool *ret_waited) {
  pthread_mutex_lock(&r->schedule->lock);
  bool was = r->busy;
  r->busy = true;
  r->schedule->nbusy += !was;
  pthread_mutex_unlock(&r->schedule->lock);
  *ret_waited = was && walk_give_up(r->walk);
  if (was && !*ret_waited)
    walk_skip(r->walk);
  return !was || *ret_waited;
}

/* The walk runs, is submitted, or waits for other walks (board.h). */
static void start_region(struct region_walk *r,
                         const struct walk_target *target) {
  bool waited;
  if (!make_busy(r, &waited))
    return;
  char *url = target->url != NULL ? strdup(target->url) : NULL;
  free(r->url); /* which may be target->url */
  r->url = url;
  r->target = *target;
  r->target.url = r->url;
  if (target->url != NULL && url == NULL)
    error_memory(&r->target.lack);
  if (r->url == NULL || waited || !walk_waits(r->walk, target->turn_ms))
    submit_region(r);
}

/* ---- a round ------------------------------------------------------------ */

static struct walk_target target_of(struct schedule *s) {
  pthread_mutex_lock(&s->lock);
  struct walk_target target = {.skipped = s->skipped,
                               .turn_ms = s->turn_ms,
                               .parts = s->parts,
                               .whole = s->pool == NULL};
  pthread_mutex_unlock(&s->lock);
  return target;
}

static void run_nowhere(struct schedule *s, const struct error *why) {
  struct walk_target target = target_of(s);
  target.lack = *why;
  int status = walk_run(s->nowhere, &target);
  pthread_mutex_lock(&s->lock);
  note_walk(s, s->nowhere, status);
  pthread_mutex_unlock(&s->lock);
}

/* No login, or no such service: the walks in all regions so far report it, or
 * the one without a region. A listing that needs no login is asked where it
 * was. */
static void miss_all(struct schedule *s, const struct error *why) {
  struct walk_target target = target_of(s);
  bool asks = s->options.listing->auth == AUTH_NONE && why->code == ERROR_LOGIN;
  target.lack = *why;
  for (struct region_walk *r = s->regions; r != NULL; r = r->next) {
    target.url = asks ? r->url : NULL;
    start_region(r, &target);
  }
  if (s->regions == NULL)
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
  for (struct region_walk *r = s->regions; r != NULL; r = r->next) {
    const char *region = walk_region(r->walk);
    if (has_region(endpoints, region))
      continue;
    error_set(&target.lack, ERROR_ABSENT,
              "the catalogue no longer has \"%s\" in region %s",
              walk_service(&s->options), region);
    start_region(r, &target);
  }
}

static void start_all(struct schedule *s, const struct endpoints *endpoints) {
  struct error err = {0};
  struct walk_target target = target_of(s);
  for (size_t i = 0; i < endpoints->n; i++) {
    const struct endpoint *endpoint = &endpoints->list[i];
    struct region_walk *r = region_of(s, endpoint, &err);
    if (r == NULL) {
      run_nowhere(s, &err);
      return;
    }
    target.url = endpoint->url;
    target.lack = endpoint->lack;
    start_region(r, &target);
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
  bool begins = !must_wait(s) && begin_round(s, true);
  pthread_mutex_unlock(&s->lock);
  if (begins)
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
  s->last = &s->regions;
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
  while (s->regions != NULL) {
    struct region_walk *r = s->regions;
    s->regions = r->next;
    region_walk_free(r);
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

const struct member_unit *schedule_unit(const struct schedule *s) {
  return &s->options.unit;
}

const struct meter *const *schedule_meters(const struct schedule *s,
                                           size_t *ret_n) {
  *ret_n = s->options.nmeters;
  return s->meters;
}

const struct listing *schedule_listing(const struct schedule *s) {
  return s->options.listing;
}

int64_t schedule_interval_ms(const struct schedule *s) {
  return s->options.interval_ms;
}

int64_t schedule_turn_ms(const struct schedule *s) {
  return pace_of(s->options.listing, s->options.interval_ms).turn_ms;
}
