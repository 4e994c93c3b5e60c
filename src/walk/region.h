/*
 * region - what a walk remembers of a region between its rounds
 *
 * How the last pass went, and for how long the walk leaves the region alone
 * after a failure. Each walk has one, which only the thread that runs the walk
 * uses.
 */
#ifndef REGION_H
#define REGION_H

#include "base/error.h"
#include "meter/totals.h"
#include "walk/agreement.h"

#include <stddef.h>
#include <stdint.h>

struct place {
  char *region;                       /* NULL: the walk found no region */
  struct error error;                 /* of the last pass, if it failed */
  int failures;                       /* in a row */
  int64_t retry_at_ms, success_at_ms; /* 0: none */
  size_t next_project;
  struct agreement agreement, owners_agreement;
  struct totals *totals; /* of the last whole pass */
};

/* place_init(place, region, err): copies `region`, which may be NULL. -1:
 * memory. */
int place_init(struct place *place, const char *region, struct error *err);
void place_clear(struct place *place);

/* The round that has failed. */
struct place_round {
  int64_t interval_ms; /* of the walk */
  size_t nprojects;    /* LISTING_PROJECT */
  const struct pass_result *pass;
};

/* place_failed(place, err, round): remembers the failure. Returns for how many
 * milliseconds the walk leaves the region alone; 0: not at all. A service that
 * worked before and is now ERROR_DENIED counts as broken (ERROR_STATUS); so
 * does one that is ERROR_ABSENT, for an hour, and then it counts as gone. */
int64_t place_failed(struct place *place, const struct error *err,
                     const struct place_round *round);

/* place_worked(place): remembers that the pass was whole. */
void place_worked(struct place *place);

#endif
