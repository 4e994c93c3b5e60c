/*
 * worst - the worst state of all records that share an id
 *
 * An answer may list an id twice: two services of one binary and host, of which
 * one is up. Which of them comes first is chance, so states wait until the end
 * of a page and the worst one of each id is sent: the one whose row stands
 * later in its meter's table. Holds a page's samples, some 300 bytes each, and
 * no more than WORST_LIMIT.
 */
#ifndef WORST_H
#define WORST_H

#include "base/idset.h"
#include "base/table.h"
#include "meter/sample.h"

#include <stdbool.h>
#include <stddef.h>

#define WORST_LIMIT 10000 /* samples; more are not compared */

/* Begin with zeros. One thread at a time. */
struct worst {
  struct worst_entry *entries;
  size_t n, room;
  struct table index;  /* of the entries, by id and meter */
  struct idset missed; /* hashes of those of which the first had no state */
};

/* A state of a record. */
struct worst_state {
  size_t meter;      /* which one of the binding's */
  size_t rank;       /* of its state: the more, the worse */
  const char *group; /* that a total counts it in; or NULL */
  uint64_t hash;     /* of its sample's id */
};

/* worst_hold(worst, sample, state): a copy waits. False: there is no room, or
 * no memory. */
bool worst_hold(struct worst *worst, const struct sample *sample,
                const struct worst_state *state);

/* worst_miss(worst, meter, hash): the first record of this id is none of the
 * meter's, or has no state: one of the same page may have. */
void worst_miss(struct worst *worst, size_t meter, uint64_t hash);

/* worst_compare(worst, sample, state): replaces the state that waits for this
 * id and meter if this one is worse; waits itself if the first was missed. A
 * state that no longer waits has been sent. */
void worst_compare(struct worst *worst, const struct sample *sample,
                   const struct worst_state *state);

/* worst_get(worst, i, ret_state): the i-th that waits, with its state; NULL:
 * there are no more. */
const struct sample *worst_get(const struct worst *worst, size_t i,
                               struct worst_state *ret_state);

/* worst_empty(worst): nothing waits; the next page needs the memory again. */
void worst_empty(struct worst *worst);

/* worst_clear(worst): the same, and gives the memory back. */
void worst_clear(struct worst *worst);

#endif
