/*
 * plan - what a pass is to do, and what came of it
 *
 * Plain data, which those who start a pass and those who run it share.
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

/* What a pass works with; all of it outlives the pass. */
struct pass_plan {
  const struct listing *listing;
  const struct binding *binding;
  struct session *session;
  struct http *http;
  size_t width; /* transfers at once, as http's */
  const struct pass_access *access;
  const char *url;            /* the service's endpoint */
  const char *account_prefix; /* "{prefix}"; NULL is "" */
  const char *doubt;   /* LISTING_PROJECT: where there is nothing for anybody */
  const char *version; /* microversion to ask for; NULL: say nothing of it */
  struct agreement *agreement; /* for agreement_pass(): settles url, version */
  const char *const *projects; /* ids, for LISTING_PROJECT */
  size_t nprojects;
  bool partial;         /* projects are missing: no totals */
  size_t first_project; /* where to begin; the round goes once around */
  int64_t deadline_ms;
  const struct roster *owners; /* if the listing has some (owners.h) */
  /* Of the last whole pass: this one's take their place. NULL: nobody asks. */
  struct totals **totals;
  sample_sink *sink;
  void *sink_arg;
  sample_wanted *wanted; /* NULL: all samples are */
  void *wanted_arg;
};

struct pass_result {
  uint64_t records; /* new ones, with an id */
  uint64_t odd;     /* records without an id */
  uint64_t twins;   /* records of first pages whose id came before */
  uint64_t bytes;   /* of answers */
  size_t pages;
  size_t projects;        /* asked, to the end */
  size_t absent;          /* of these: have nothing here (404, 410) */
  size_t denied;          /* of these: 403 */
  size_t failed;          /* of these: anything else */
  size_t next_project;    /* where a round that was cut short should go on */
  bool cut;               /* it ended before all projects were asked */
  int64_t retry_after_ms; /* a server asked for so long a pause; or 0 */
  /* It listed nothing to a token of no project, which may mean nothing. */
  bool blind;
  bool truncated;  /* the server cut some records off, and said so */
  bool unfollowed; /* a link leads on from a listing without paging */
  uint64_t round;  /* so many records in a page that ends a listing, and no
                      link: it may be cut off; 0: not so */
  size_t refused;  /* values beyond MaxSeries, or of groups over the limit */
  struct sample_notes notes;
};

#endif
