/*
 * plan - the task of a pass, and its result
 *
 * Plain data, shared by those who start a pass and those who run it.
 */
#ifndef PLAN_H
#define PLAN_H

#include "meter/samples.h"
#include "share/unit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASS_PAGES 20000 /* of one listing, or of one project's */
#define PASS_TRIES 4     /* of one page */

struct agreement;
struct asked;
struct http;
struct pass_access;
struct progress;
struct session;

/* The task of a pass. All of it must outlive the pass. */
struct pass_plan {
  const struct listing *listing;
  const struct binding *binding;
  struct session *session;
  struct http *http;
  size_t width; /* transfers at once, as in http_options */
  const struct pass_access *access;
  const char *url;            /* the service's endpoint */
  const char *account_prefix; /* "{prefix}"; NULL is "" */
  const char *doubt;   /* not LISTING_CLOUD: what to check if no project has
                          anything; for the error */
  const char *version; /* microversion to request; NULL: request none */
  struct agreement *agreement; /* for agreement_pass(): settles url, version */
  const struct asked *asked;   /* one after the other; not LISTING_CLOUD */
  size_t nasked;
  bool partial;       /* projects or owners are missing: no totals */
  bool probe;         /* only first pages */
  size_t first_asked; /* the others follow in turn */
  /* What a pass keeps that takes several walks, and room for the next
   * (progress.h). NULL: this one must come to its end, or is not whole. */
  struct progress *progress;
  size_t most;            /* of `asked`, how many this walk asks; 0: all */
  int64_t begin_until_ms; /* no new one is begun from then on; 0: never */
  int64_t deadline_ms;
  const struct roster *owners; /* if the listing has some (owners.h) */
  int64_t interval_ms; /* until the next pass, for samples; 0: not known */
  double begun; /* when the walk began, in seconds since 1970; 0: just now */
  /* Those of the last whole pass, which this pass replaces with its own. NULL:
   * not needed. */
  struct totals **totals;
  sample_sink *sink;
  void *sink_arg;
  /* Called once, when the pass's first request has ended. Or NULL. */
  void (*on_first)(void *arg, const struct outcome *outcome);
  void *first_arg;
  sample_wanted *wanted; /* NULL: all samples are */
  void *wanted_arg;
  struct member_unit unit; /* whose fence ends the pass (ERROR_MOVED) */
  uint64_t *parts; /* of the unit: what is left to it; shards that others may
                      walk are taken out */
};

/* plan_asks(plan): how many projects or owners are to be asked; of a cloud
 * 1. */
static inline size_t plan_asks(const struct pass_plan *plan) {
  bool one = plan->listing->scope == LISTING_CLOUD ||
             (plan->probe && plan->nasked > 1);
  return one ? 1 : plan->nasked;
}

static inline bool plan_uses_token(const struct pass_plan *plan) {
  return plan->listing->auth == AUTH_TOKEN && plan_asks(plan) > 0;
}

struct pass_result {
  uint64_t records; /* with an id that is new */
  uint64_t odd;     /* records without an id */
  uint64_t twins;   /* records of first pages with an id seen before */
  uint64_t bytes;   /* of answers */
  size_t pages;
  bool answered; /* a request was answered, even if with a failure */
  /* Of the whole pass so far, whatever walks it took: */
  size_t asked;           /* those that were asked to the end */
  size_t absent;          /* of these: 404 or 410, nothing here */
  size_t denied;          /* of these: 403 */
  size_t failed;          /* of these: any other failure */
  size_t next_asked;      /* where to begin if the pass is given up */
  bool cut;               /* it ended before all were asked */
  bool given_up;          /* because too many failed in a row */
  bool kept;              /* the pass fails for what only earlier walks met */
  int64_t retry_after_ms; /* the pause that a server asked for; or 0 */
  /* The listing was empty, and the token has no project: the service may hide
   * everything from such a token. */
  bool blind;
  bool more;     /* a probe: there are more pages */
  double listed; /* number of all records, if the first answer has it; else 0 */
  bool truncated;  /* the server reported that it cut records off */
  bool unfollowed; /* a listing without paging has a next link */
  uint64_t round;  /* the size of a last page without a next link, if it is such
                      that a limit of the server may have cut it off; otherwise
                      0 */
  size_t refused;  /* values beyond MaxSeries, or beyond the limit of groups */
  struct sample_notes notes;
};

#endif
