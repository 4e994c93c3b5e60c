/*
 * walk - walks one listing in one region
 *
 * A walk is one run: projects and names are looked up, and one pass over the
 * listing serves all its meters. A struct walk keeps what must survive between
 * walks: failures and back-off, the last success, the project where a pass was
 * cut short. It knows nothing of other regions; the schedule decides when a
 * walk runs (schedule.h). It neither logs nor dispatches:
 * it reports to a visitor.
 */
#ifndef WALK_H
#define WALK_H

#include "base/error.h"
#include "walk/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct endpoint;
struct http_pool;
struct projects;
struct walk;

/* How the last pass over a region went, and the earlier ones. */
struct walk_summary {
  const char *region; /* NULL: the walk found no region (no login, no
                         service) */
  /* The region that was the only one before this one appeared, and whose values
   * have no region in their host; NULL: not so. It lives as long as the
   * session. */
  const char *first_region;
  bool ran;     /* false: no request was made (back-off, or nothing to ask) */
  bool up;      /* the last pass that ran was whole */
  int failures; /* in a row, this one included */
  int64_t duration_ms;
  int64_t since_success_ms; /* -1: there was none yet */
  int64_t retry_ms; /* the wait before it tries again; 0: next interval */
  uint64_t requests;
  uint64_t skipped; /* intervals in which the walk still ran, in all */
  size_t nprojects; /* LISTING_PROJECT: their number */
  struct pass_result pass;
  struct pass_result owners; /* of the listing that tells whose records are;
                                zeros: the walk's has none */
  bool few_rights;           /* the token lacks the listing's role */
  bool login_fails;       /* the last login failed; an older token may serve */
  int64_t login_retry_ms; /* then: the wait before the next login */
  bool unasked;           /* it failed before the service was asked */
  /* About the projects that the walk asks, reports or must name: */
  bool own_project_only; /* the token may not list them, and has only its own */
  bool own_domain_only;  /* the token is scoped to a domain: only that one's
                            are known */
  bool projects_cut;     /* Keystone's list_limit hides some */
  uint64_t projects_round; /* as pass_result.round, for Keystone's lists */
  /* Why names in meta data are missing or old; ERROR_NONE: they are not. */
  struct error nameless;
};

/* The callbacks of walks. Different threads walk different regions at once, but
 * only one of these runs at a time for one region. */
struct walk_visitor {
  /* Makes the visitor's state of a region, which the other callbacks get as
   * `state`. If `named`, the host of its values contains the region's name.
   * `region` is NULL for the state of a schedule that has found none. Called
   * once for each, never two at a time. The visitor frees the state when the
   * schedule is gone. NULL: no memory. */
  void *(*open)(void *arg, const char *region, bool named);
  /* A pass begins; all its samples have this time. */
  void (*begin)(void *state);
  sample_sink *sample; /* its first argument is `state` */
  /* The pass has ended; `err` is NULL if it was whole. Also called during
   * back-off, with the error that caused it. */
  void (*end)(void *state, const struct walk_summary *summary,
              const struct error *err);
  void *arg;
};

/* Whether samples get the names of projects, domains and users. */
enum walk_names {
  NAMES_NONE,
  NAMES_NICE, /* if Keystone lists projects */
  NAMES_MUST, /* if it does not, the walk fails */
};

struct walk_options {
  const struct listing *listing;
  const struct meter *const *meters;
  size_t nmeters;
  int64_t interval_ms;
  bool metadata; /* also read the listing's metadata fields */
  struct session *session;
  struct projects *projects; /* its filters hold for all listings */
  enum walk_names names;
  const struct pass_access *access;
  struct http_pool *http_pool;
  size_t width; /* transfers at once */
};

/* walk_service(options): the service type whose endpoints the walk asks. */
const char *walk_service(const struct walk_options *options);

/* walk_new(options, endpoint, err): `options` must outlive it. Copies from
 * `endpoint` the region, and whether that is named; both stay for the life of
 * the walk. `endpoint` is NULL for the walk that reports when there is no
 * region. NULL: ERROR_CONFIG (a field whose path cannot be parsed), memory. */
struct walk *walk_new(const struct walk_options *options,
                      const struct endpoint *endpoint, struct error *err);
void walk_free(struct walk *walk); /* NULL is fine; must not be running */

/* walk_visit(walk, visitor, err): sets the visitor, which must outlive it,
 * before the first run. -1: memory. */
int walk_visit(struct walk *walk, const struct walk_visitor *visitor,
               struct error *err);

const char *walk_region(const struct walk *walk);

struct walk_target {
  const char *url; /* the endpoint; NULL: there is none, see `lack` */
  struct error lack;
  uint64_t skipped; /* intervals skipped for all regions, in all */
};

/* walk_run(walk, target): makes one pass, or reports why there is none. One
 * thread at a time. -1: it has failed (a service that does not exist is no
 * failure), or http_pool_stop() was called. */
int walk_run(struct walk *walk, const struct walk_target *target);

/* walk_skip(walk): counts an interval in which the walk still ran. Any
 * thread. */
void walk_skip(struct walk *walk);

/* walk_forget(walk): forgets the failures so far. */
void walk_forget(struct walk *walk);

#endif
