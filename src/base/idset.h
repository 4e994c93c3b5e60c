/*
 * idset - which ids a pass has seen
 *
 * A set of 64-bit hashes, 8 bytes an entry. A pass keeps nothing else of its
 * records. The set finds a resource that two pages list (paging races cause
 * that) and a listing that starts over. The chance that two of n different ids
 * share a hash is n^2 / 2^65: 1 in 10^9 at 100,000 records.
 */
#ifndef IDSET_H
#define IDSET_H

#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Initialise with zeros. */
struct idset {
  struct table table;
  bool broken; /* memory ran out: some entries may be missing */
};

#define IDSET_LIMIT 4000000 /* ids, in at most 64 MiB; bounds a pass */

/* idset_full(set): does it hold IDSET_LIMIT ids? It would take more, but its
 * owner should add none. */
bool idset_full(const struct idset *set);

/* idset_add(set, hash): true if the hash is new. Without memory every hash
 * counts as new: a value sent twice is better than a value lost. A sum must not
 * count twice; whoever sums checks `broken`. */
bool idset_add(struct idset *set, uint64_t hash);

bool idset_has(const struct idset *set, uint64_t hash);
size_t idset_count(const struct idset *set);

/* idset_empty(set): empties the set and keeps its memory. */
void idset_empty(struct idset *set);

/* idset_rest(set): empties the set until it is needed again, and keeps its
 * memory unless that is more than 512 KiB. */
void idset_rest(struct idset *set);

/* idset_clear(set): empties the set and frees its memory. */
void idset_clear(struct idset *set);

#endif
