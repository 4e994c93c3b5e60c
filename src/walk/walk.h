/*
 * walk - the meters of one cloud that share a listing and an interval, in one
 * region
 *
 * One walk serves all its meters with one pass over the listing. It keeps what
 * must survive between passes: failures and back-off, the last success, where a
 * round over projects was cut short. It knows nothing of other regions; when it
 * runs is the schedule's to say (schedule.h). It neither logs nor dispatches: a
 * visitor is told what happens.
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

/* How the last pass over a region went, and the ones before. */
struct walk_summary {
  const char *region; /* NULL: it came to no region (no login, no service) */
  /* It came later than this one, which was alone and is not named; NULL: not.
   * It lives as long as the session. */
  const char *first_region;
  bool ran;     /* false: in back-off, nothing was asked */
  bool up;      /* the last pass that ran was whole */
  int failures; /* in a row, this one included */
  int64_t duration_ms;
  int64_t since_success_ms; /* -1: never yet */
  int64_t retry_ms; /* in so long it is tried again; 0: at the next interval */
  uint64_t requests;
  uint64_t skipped; /* intervals that found the walk still running, in all */
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

/* Regions are walked on different threads at once; of one region only one of
 * these is called at a time. */
struct walk_visitor {
  /* Makes what the others get as `place`: all that the visitor keeps of a
   * region, whose name stands in the values' host if it is `named`; or, with
   * NULL, of none. Called once for each, never two at once. The visitor frees
   * it when the schedule is gone. NULL: no memory. */
  void *(*open)(void *arg, const char *region, bool named);
  /* A pass begins now: the time of all its samples. */
  void (*begin)(void *place);
  sample_sink *sample; /* its first argument is `place` */
  /* It has ended; `err` NULL: well. Called in back-off, too, with the error
   * that it is in back-off for. */
  void (*end)(void *place, const struct walk_summary *summary,
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
  struct http_pool *http_pool;
  size_t width; /* transfers at once */
};

/* walk_service(options): the service type whose endpoints are asked. */
const char *walk_service(const struct walk_options *options);

/* walk_new(options, endpoint, err): `options` must outlive it. Of `endpoint` it
 * copies the region, and whether that is named: what is so at first stays so.
 * `endpoint` NULL: what there is to tell where there is no region. NULL:
 * ERROR_CONFIG (a field that cannot be read), memory. */
struct walk *walk_new(const struct walk_options *options,
                      const struct endpoint *endpoint, struct error *err);
void walk_free(struct walk *walk); /* NULL is fine; must not be running */

/* walk_visit(walk, visitor, err): who is told, before the first run; `visitor`
 * must outlive it. -1: memory. */
int walk_visit(struct walk *walk, const struct walk_visitor *visitor,
               struct error *err);

const char *walk_region(const struct walk *walk);

struct walk_target {
  const char *url; /* the endpoint; NULL: there is none, since */
  struct error lack;
  uint64_t skipped; /* intervals that were skipped for all regions, in all */
};

/* walk_run(walk, target): one pass, or what there is to tell instead of one.
 * One thread at a time. -1: it has failed (that there is no such service is no
 * failure), or http_pool_stop() was called. */
int walk_run(struct walk *walk, const struct walk_target *target);

/* walk_skip(walk): an interval found it still running. Any thread. */
void walk_skip(struct walk *walk);

/* walk_forget(walk): the failures so far are over. */
void walk_forget(struct walk *walk);

#endif
