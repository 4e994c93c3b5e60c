/*
 * region - what a walk remembers of a region between its rounds
 *
 * How it went last, and for how long the region is left alone after a failure.
 * A walk has one, used by the thread that runs it.
 */
#ifndef REGION_H
#define REGION_H

#include "base/error.h"
#include "meter/totals.h"
#include "walk/agreement.h"

#include <stddef.h>
#include <stdint.h>

struct place {
  char *region;                       /* NULL: the walk came to no region */
  struct error error;                 /* of the last pass, if it failed */
  int failures;                       /* in a row */
  int64_t retry_at_ms, success_at_ms; /* 0: none */
  size_t next_project;
  struct agreement agreement, owners_agreement;
  struct totals *totals; /* of the last whole pass */
};

/* place_init(place, region, err): `region` is copied; may be NULL. -1: memory.
 */
int place_init(struct place *place, const char *region, struct error *err);
void place_clear(struct place *place);

/* What a failure came of. */
struct place_round {
  int64_t interval_ms; /* of the walk */
  size_t nprojects;    /* LISTING_PROJECT */
  const struct pass_result *pass;
};

/* place_failed(place, err, round): returns for how many milliseconds the region
 * is left alone; 0: not at all. What was there before and is absent now
 * (ERROR_ABSENT) is taken for broken (ERROR_STATUS) for an hour, and then for
 * gone. */
int64_t place_failed(struct place *place, const struct error *err,
                     const struct place_round *round);

/* place_worked(place): the pass was whole. */
void place_worked(struct place *place);

#endif
