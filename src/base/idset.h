/*
 * idset - which ids a walk has seen
 *
 * A set of 64-bit hashes, 8 bytes an entry: the only thing that a walk keeps
 * of its records. It finds the resource that two pages list (paging races make
 * them), and the listing that starts over.
 * Two different ids share a hash with a chance of n^2 / 2^65: 1 in 10^9 at
 * 100,000 records.
 */
#ifndef IDSET_H
#define IDSET_H

#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Begin with one of zeros. */
struct idset {
  struct table table;
  bool broken; /* memory ran out: it may lack some */
};

/* idset_add(set, hash): true if it was new. Without memory everything counts as
 * new: a value sent twice beats a value lost. (A sum is another matter:
 * `broken`.) */
bool idset_add(struct idset *set, uint64_t hash);

bool idset_has(const struct idset *set, uint64_t hash);
size_t idset_count(const struct idset *set);

/* idset_clear(set): empty again, memory given back. */
void idset_clear(struct idset *set);

#endif
