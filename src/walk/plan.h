/*
 * plan - the task of a pass, and its result
 *
 * Plain data, shared by those who start a pass and those who run it.
 */
#ifndef PLAN_H
#define PLAN_H

#include "meter/samples.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASS_PAGES 20000 /* of one listing, or of one project's */
#define PASS_TRIES 4     /* of one page */

struct agreement;
struct http;
struct pass_access;
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
  const char *doubt; /* LISTING_PROJECT: for the error if no project has any */
  const char *version;         /* microversion to request; NULL: request none */
  struct agreement *agreement; /* for agreement_pass(): settles url, version */
  const char *const *projects; /* ids, for LISTING_PROJECT */
  size_t nprojects;
  bool partial;         /* projects are missing: no totals */
  size_t first_project; /* the first one asked; the others follow in turn */
  int64_t deadline_ms;
  const struct roster *owners; /* if the listing has some (owners.h) */
  /* The last whole pass's, which this one's replace. NULL: not needed. */
  struct totals **totals;
  sample_sink *sink;
  void *sink_arg;
  sample_wanted *wanted; /* NULL: all samples are */
  void *wanted_arg;
};

struct pass_result {
  uint64_t records; /* with an id that is new */
  uint64_t odd;     /* records without an id */
  uint64_t twins;   /* records of first pages with an id seen before */
  uint64_t bytes;   /* of answers */
  size_t pages;
  size_t projects;        /* those that were asked to the end */
  size_t absent;          /* of these: 404 or 410, nothing here */
  size_t denied;          /* of these: 403 */
  size_t failed;          /* of these: any other failure */
  size_t next_project;    /* where to go on if the round was cut short */
  bool cut;               /* it ended before all projects were asked */
  int64_t retry_after_ms; /* the pause that a server asked for; or 0 */
  /* The listing was empty, and the token has no project. That may mean
   * nothing. */
  bool blind;
  bool truncated;  /* the server reported that it cut records off */
  bool unfollowed; /* a listing without paging has a next link */
  uint64_t round;  /* a page that ends a listing without a link has this many
                      records, so it may be cut off; 0: no such page */
  size_t refused;  /* values beyond MaxSeries, or beyond the limit of groups */
  struct sample_notes notes;
};

#endif
