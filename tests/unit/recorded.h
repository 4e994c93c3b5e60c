/*
 * recorded - a built-in listing fed with recorded answers
 *
 * The answers take the way of a live service's, through fetch, extract and
 * meter; only the network and the session are not there. What came of them is
 * text, a line each, to be compared.
 */
#ifndef RECORDED_H
#define RECORDED_H

#include "base/error.h"
#include "meter/samples.h"

#include <stdbool.h>
#include <stddef.h>

enum { RECORDED_PAGES = 4, RECORDED_OWNERS = 4 };

struct recorded_plan {
  const char *listing; /* its name */
  const char *meters;  /* pattern; NULL: all on the listing */
  bool metadata;       /* write it down, too */
  const char *project; /* LISTING_PROJECT: the project asked for */
  const char *endpoint;
  /* Files of tests/data for the pages' bodies, up to a NULL; and for the
   * headers of the first. A body that begins with a bracket is meant itself. */
  const char *bodies[RECORDED_PAGES];
  const char *headers;
  size_t seen;            /* so many ids have been before */
  const char *owner_name; /* of the owner asked for, whose id is `project` */
  /* Ids of owners and their projects, up to a NULL. */
  const char *owners[RECORDED_OWNERS][2];
};

struct recorded {
  /* "GET http://h/v2/images?limit=1000 [X-Header: value]", a line each */
  char *requests;
  /* "METER TYPE VALUE ID PROJECT USER NAME KEY=VALUE...", a line each; "-" is
   * none */
  char *samples;
  int more; /* as fetch_take() said last; 1: there would be another page */
  size_t odd, records;
  struct sample_notes notes;
  struct error error;
};

/* recorded_run(plan, ret): walks the plan's pages; fails the test where there
 * is no such listing or file. recorded_clear() it. */
void recorded_run(const struct recorded_plan *plan, struct recorded *ret);
void recorded_clear(struct recorded *recorded);

#endif
