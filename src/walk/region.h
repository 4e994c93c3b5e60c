/*
 * region - what a walk remembers of a region between its rounds
 *
 * How it went last, and for how long the region is left alone after a failure.
 * One walk's, and used by the thread that runs it.
 */
#ifndef REGION_H
#define REGION_H

#include "base/error.h"
#include "meter/totals.h"
#include "walk/agreement.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGION_LIMIT 4096 /* regions that a catalogue may name in its time */

struct place {
  char *region;                       /* NULL: the walk came to no region */
  bool named, late;                   /* as its endpoint (session.h) */
  struct error error;                 /* of the last pass, if it failed */
  int failures;                       /* in a row */
  int64_t retry_at_ms, success_at_ms; /* 0: none */
  int64_t deadline_ms;                /* of the pass that runs */
  size_t next_project;
  struct agreement agreement, owners_agreement;
  struct totals *totals; /* of the last whole pass */
};

/* Begin with zeros. */
struct places {
  struct place *list;
  size_t n;
};
void places_clear(struct places *places);

/* places_find(places, region, err): the region's, new if need be; until the
 * next call. NULL: ERROR_LIMIT, memory. */
struct place *places_find(struct places *places, const char *region,
                          struct error *err);

/* What a failure came of. */
struct place_round {
  int64_t interval_ms; /* of the walk */
  size_t nprojects;    /* LISTING_PROJECT */
  const struct pass_result *pass;
};

/* place_failed(place, err, round): returns for how many milliseconds the region
 * is left alone; 0: not at all. What was there before and is absent now
 * (ERROR_ABSENT) is not taken for gone, but for broken. */
int64_t place_failed(struct place *place, const struct error *err,
                     const struct place_round *round);

/* place_worked(place): the pass was whole. */
void place_worked(struct place *place);

#endif
