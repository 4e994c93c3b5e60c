/*
 * region - what is remembered of a region from walk to walk
 *
 * How the last walk went, and for how long the region is left alone after a
 * failure. Each struct walk has one, which only the thread that runs it uses.
 */
#ifndef REGION_H
#define REGION_H

#include "base/error.h"
#include "meter/totals.h"
#include "walk/agreement.h"

#include <stddef.h>
#include <stdint.h>

struct region {
  char *name;          /* NULL: the walk found no region */
  struct error error;  /* of the last pass, if it failed */
  int failures, tries; /* in a row; those of them that asked the service */
  int64_t retry_at_ms, success_at_ms; /* 0: none */
  size_t next_asked;
  struct agreement agreement, owners_agreement;
  struct totals *totals; /* of the last whole pass */
};

/* region_init(region, name, err): copies `name`, which may be NULL. -1:
 * memory. */
int region_init(struct region *region, const char *name, struct error *err);
void region_clear(struct region *region);

/* The walk that has failed. */
struct failed_walk {
  int64_t interval_ms; /* of the walk */
  size_t nasked;       /* not LISTING_CLOUD */
  bool unasked;        /* it never came to ask the service */
  const struct pass_result *pass;
};

/* region_failed(region, err, walk): remembers the failure. Returns for how many
 * milliseconds the walk leaves the region alone; 0: not at all. A service that
 * worked before and is now ERROR_DENIED counts as broken (ERROR_STATUS); so
 * does one that is ERROR_ABSENT, for an hour, and then it counts as gone. */
int64_t region_failed(struct region *region, const struct error *err,
                      const struct failed_walk *walk);

/* region_worked(region): remembers that the pass was whole. */
void region_worked(struct region *region);

#endif
