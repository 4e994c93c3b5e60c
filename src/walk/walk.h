/*
 * walk - the meters of one cloud that share a listing and an interval
 *
 * One walk serves all its meters with one pass over the listing in each region.
 * Who begins a pass is counted, not timed: a meter that has had the newest
 * round and is called again begins the next one; all others take what is
 * there. (A rule like "younger than half an interval" walks 1.1 to 1.3 times
 * per interval, because meters drift apart.)
 *
 * A walk keeps, for each region, what must survive between passes: failures and
 * back-off, the last success, where a round over projects was cut short. It
 * neither logs nor dispatches: a visitor is told what happens.
 */
#ifndef WALK_H
#define WALK_H

#include "base/error.h"
#include "keystone/session.h"
#include "meter/meter.h"
#include "net/http.h"
#include "walk/pass.h"
#include "walk/pool.h"
#include "walk/projects.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct walk;

/* How the last pass over a region went, and the ones before. */
struct walk_summary {
  const char *region; /* NULL: it came to no region (no login, no service) */
  bool named;         /* the region's name stands in the values' host */
  /* It came later than this one, which was alone and is not named; NULL: not.
   * It lives as long as the session. */
  const char *first_region;
  bool ran;     /* false: in back-off, nothing was asked */
  bool up;      /* the last pass that ran was whole */
  int failures; /* in a row, this one included */
  int64_t duration_ms;
  int64_t since_success_ms; /* -1: never yet */
  int64_t retry_ms;         /* in so long it is tried again; 0: next turn */
  uint64_t requests;
  uint64_t skipped; /* turns that found the walk still running, since start */
  size_t nprojects; /* LISTING_PROJECT: how many there are */
  struct pass_result pass;
  bool few_rights;  /* the token lacks the listing's role */
  bool login_fails; /* the last one did; an older token may still serve */
  /* Of the projects that the walk asks, reports or must name: */
  bool own_project_only;   /* it may not list them, and knows its own */
  bool own_domain_only;    /* the token is of a domain: it knows only its */
  bool projects_cut;       /* Keystone's list_limit hid some */
  uint64_t projects_round; /* as pass_result.round, of Keystone's lists */
  /* Why names in meta data are missing, or old; ERROR_NONE: they are not. */
  struct error nameless;
};

/* All are called on the thread that runs the walk, never two at once. */
struct walk_visitor {
  /* A pass over `region`, which stands in the host if it is `named`, begins
   * now: the time of all its samples. */
  void (*begin)(void *arg, const char *region, bool named);
  sample_sink *sample;
  /* It has ended; `err` NULL: well. Called for regions in back-off, too, with
   * the error that they are in back-off for. */
  void (*end)(void *arg, const struct walk_summary *summary,
              const struct error *err);
  void *arg;
};

/* Names of projects, domains and users, looked up for each sample. */
enum walk_names {
  NAMES_NONE,
  NAMES_NICE, /* without them if Keystone does not list projects */
  NAMES_MUST, /* the walk fails then */
};

struct walk_options {
  const struct listing *listing;
  const struct meter *const *meters;
  size_t nmeters;
  int64_t interval_ms;
  bool metadata; /* take the listing's metadata fields, too */
  struct session *session;
  struct projects *projects; /* whose filters hold for all listings */
  enum walk_names names;
  const struct pass_access *access;
  const struct http_options *http;
  struct rate_limit *rate_limit;
};

/* walk_new(options, err): copies `options`, not what it points to; `meters` is
 * copied, too. NULL: ERROR_CONFIG (a field that cannot be read), memory. */
struct walk *walk_new(const struct walk_options *options, struct error *err);
void walk_free(struct walk *walk); /* NULL is fine; must not be running */

/* walk_visit(walk, visitor): who is told; before the first turn. */
void walk_visit(struct walk *walk, const struct walk_visitor *visitor);

const struct listing *walk_listing(const struct walk *walk);
int64_t walk_interval_ms(const struct walk *walk);

/* One meter's share of a walk: the user data of one read callback. */
struct turn {
  struct walk *walk;
  const struct meter *meter;
  uint64_t seen; /* the last round that this meter had */
};

enum turn_result {
  TURN_LEAD, /* call walk_run() once, on whatever thread */
  TURN_RIDE, /* this meter's values come, or came, with another's turn */
  TURN_SKIP, /* the walk still runs from last time: counted */
};

/* walk_turn(turn): it is this meter's turn. Any thread, a few instructions. */
enum turn_result walk_turn(struct turn *turn);

/* walk_run(walk): one round over all regions, which walk_turn() has asked for.
 */
void walk_run(struct walk *walk);

/* walk_job(walk): the same as a job for the pool. */
struct pool_job *walk_job(struct walk *walk);

/* walk_status(walk): 0 if the last round was whole in all regions (a service
 * that the catalogue lacks is no failure), else -1. */
int walk_status(struct walk *walk);

/* walk_stop(walk): any thread: walk_run() returns soon, now and ever after. */
void walk_stop(struct walk *walk);

#endif
