/*
 * pass - one listing of one region, walked once from its first page to its last
 *
 * The straight line from bytes to samples: requests go out through http, each
 * answer's bytes through extract, each record's cells through the binding to
 * the sink. Pages follow one another as the listing's paging says; for a
 * listing per project the projects' requests fly side by side. Nothing is kept
 * but 8 bytes for each id seen.
 *
 * What goes wrong is told by the error, what was done by the result; a pass
 * neither logs nor remembers. Back-off and turns are walk's affair.
 *
 * Of a next link only the query is used, on the first page's own URL: a token
 * never goes to a host that an answer names, and a prefix that a service does
 * not know of (https://cloud.example/image/v2/images) stays.
 */
#ifndef PASS_H
#define PASS_H

#include "error.h"
#include "http.h"
#include "meter.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASS_PAGES 20000 /* of one pass */
#define PASS_TRIES 4     /* of one page, where the server says Retry-After */

/* What a pass works with; all of it outlives the pass. */
struct pass_plan {
  const struct listing *listing;
  const struct binding *binding;
  struct session *session;
  struct http *http;
  size_t width;                /* transfers at once, as http's */
  const char *url;             /* the service's endpoint */
  const char *const *projects; /* ids, for LISTING_PROJECT */
  size_t nprojects;
  size_t first_project; /* where to begin; the round goes once around */
  int64_t deadline_ms;
  sample_sink *sink;
  void *sink_arg;
};

struct pass_result {
  uint64_t records; /* new ones, with an id */
  uint64_t odd;     /* records without an id */
  uint64_t bytes;   /* of answers */
  size_t pages;
  size_t projects;        /* asked, to the end */
  size_t absent;          /* of these: have nothing here (404, 410) */
  size_t denied;          /* of these: 403 */
  size_t failed;          /* of these: anything else */
  size_t next_project;    /* where a round that was cut short should go on */
  int64_t retry_after_ms; /* a server asked for so long a pause; or -1 */
  struct sample_notes notes;
};

/* pass_run(plan, ret_result, err): -1: the pass is not whole; `err` says at
 * which page, and what. Samples of what came before have gone to the sink.
 * `ret_result` is filled in any case. */
int pass_run(const struct pass_plan *plan, struct pass_result *ret_result,
             struct error *err);

#endif
