/*
 * worst - the worst state of all records that share an id
 *
 * An answer may list an id twice: two services of one binary and host, of which
 * one is up. Which of them comes first is chance, so states wait until the end
 * of a page and the worst one of each id is sent: the one whose row stands
 * later in its meter's table. Holds a page's samples, some 300 bytes each, and
 * no more than WORST_LIMIT; and 16 bytes for each record that has none, of
 * WORST_MISSES at most.
 *
 * Few pages list an id twice: nothing is looked up, and no index is made, until
 * a twin comes.
 */
#ifndef WORST_H
#define WORST_H

#include "base/arena.h"
#include "base/idset.h"
#include "meter/sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORST_LIMIT 10000   /* states; more are not compared */
#define WORST_MISSES 100000 /* and so many that were missed */

/* A state of a record: a number in its group, or a sample of its own. */
struct worst_state {
  const struct meter *meter;
  struct total total;          /* all that a total takes of a sample */
  const struct sample *sample; /* NULL: the meter has a total */
  size_t rank;                 /* of its state: the more, the worse */
  uint64_t hash;               /* of its record's id */
};

/* Begin with zeros. One thread at a time. */
struct worst {
  struct worst_state *states; /* of the first records of their ids */
  size_t n, room;
  struct worst_miss *missed; /* those of which the first had none */
  size_t nmissed;
  /* Of both, as far as they were needed. */
  struct table states_index; /* by id and series */
  size_t nindexed;
  struct idset missed_index;
  const struct worst_miss *missed_indexed;
  struct arena arena; /* of texts, samples and misses */
};

/* worst_hold(worst, state): a copy waits. False: there is no room, or no
 * memory. */
bool worst_hold(struct worst *worst, const struct worst_state *state);

/* worst_miss(worst, series, hash): the first record of this id is none of the
 * meter's, or has no state: one of the same page may have. */
void worst_miss(struct worst *worst, size_t series, uint64_t hash);

/* worst_compare(worst, state): replaces the state that waits for this id and
 * series if this one is worse; waits itself if the first was missed. A state
 * that no longer waits has been sent. */
void worst_compare(struct worst *worst, const struct worst_state *state);

/* worst_get(worst, i): the i-th that waits; NULL: there are no more. */
const struct worst_state *worst_get(const struct worst *worst, size_t i);

/* worst_empty(worst): nothing waits; the next page needs the memory again. */
void worst_empty(struct worst *worst);

/* worst_clear(worst): the same, and gives the memory back. */
void worst_clear(struct worst *worst);

#endif
