/*
 * task - what a walk is to do, whom it reports to, and how it went
 *
 * Plain data, shared by those who start a walk, those who run it and those who
 * report on it.
 */
#ifndef TASK_H
#define TASK_H

#include "base/error.h"
#include "walk/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct board;
struct http_pool;
struct projects;
struct rosters;

/* How the last pass over a region went, and the earlier ones. */
struct walk_summary {
  const char *region; /* NULL: the walk found no region (no login, no
                         service) */
  /* The region that was the only one before this one appeared, and whose values
   * have no region in their host; NULL: there is none. It lives as long as the
   * session. */
  const char *first_region;
  bool ran;     /* false: no request was made (back-off, or nothing to ask) */
  bool idle;    /* nor was a request due: they are spread over the interval */
  bool up;      /* the last pass that ran was whole */
  int failures; /* in a row, this one included */
  double time;  /* of what is told of it, in seconds since 1970 */
  int64_t interval_ms; /* between two passes */
  int64_t duration_ms;
  int64_t since_success_ms; /* -1: there was none yet */
  int64_t retry_ms; /* the wait before it tries again; 0: next interval */
  uint64_t requests;
  uint64_t skipped; /* intervals in which the walk still ran, in all */
  size_t nasked;    /* not LISTING_CLOUD: the number of those to ask */
  int64_t takes_ms; /* how long a pass takes; 0: no longer than the interval */
  bool goes_on;     /* the pass has not ended: the next walk goes on with it */
  bool undecided;   /* it is the first pass, and no project so far has admitted
                       the token: `up` is not known */
  struct pass_result pass;
  struct pass_result owners; /* of the listing `owners`; zeros: the walk's
                                listing has none */
  bool few_rights;           /* the token lacks the listing's role */
  bool login_fails;       /* the last login failed; an older token may serve */
  int64_t login_retry_ms; /* if so: the wait before the next login */
  bool unasked;           /* it failed before a request to the service */
  bool own_failure;       /* this walk failed, and not only an earlier one */
  /* About the projects that the walk asks, reports or must name: */
  bool own_project_only; /* the token may not list them, and has only its own */
  bool own_domain_only;  /* the token is scoped to a domain: only that one's
                            are known */
  bool projects_cut;     /* Keystone's list_limit hides some */
  /* A pattern of Project or Domain that fits nothing; NULL: none does. As long
   * as the configuration. */
  const char *idle_project, *idle_domain;
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
  /* A walk begins, or the report of why there is none. If it `goes_on`, it
   * continues the last walk's pass. */
  void (*begin)(void *state, bool goes_on);
  sample_sink *sample; /* its first argument is `state` */
  /* The pass has ended; `err` is NULL if it was whole. Also called during
   * back-off, with the error that caused it. ERROR_MOVED: another daemon may
   * walk the listing now, and nothing of this walk may be reported. */
  void (*end)(void *state, const struct walk_summary *summary,
              const struct error *err);
  void *arg;
};

/* Whether samples get the names of projects, domains and users. */
enum walk_names {
  NAMES_NONE,
  NAMES_NICE, /* they do, if Keystone lists projects */
  NAMES_MUST, /* they do; the walk fails if Keystone does not */
};

struct walk_options {
  const struct listing *listing;
  const struct meter *const *meters;
  size_t nmeters;
  int64_t interval_ms; /* between two passes */
  double request_rate; /* of the cloud, a second; 0: no limit */
  bool metadata;       /* also read the listing's metadata fields */
  bool probe;          /* only first pages, of the first project or owner */
  struct session *session;
  struct projects *projects; /* its filters apply to all listings */
  enum walk_names names;
  const struct pass_access *access;
  struct http_pool *http_pool;
  struct board *board; /* NULL: none */
  /* Lends its records as owners, or borrows those of its listing's owners, as
   * long as no other daemons share the cloud (rosters.h). NULL: neither. */
  struct rosters *lends, *borrows;
  size_t width;            /* transfers at once */
  struct member_unit unit; /* which daemons may walk it */
};

#endif
