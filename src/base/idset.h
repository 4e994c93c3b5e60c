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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idset {
  uint64_t *slots; /* 0 is a free one */
  size_t size;     /* a power of two, or 0 */
  size_t count;
  bool broken; /* memory ran out: it may lack some */
};

/* idset_add(set, hash): true if it was new. Begin with a set of zeros. Without
 * memory everything counts as new: a value sent twice beats a value lost. (A
 * sum is another matter: `broken`.) */
bool idset_add(struct idset *set, uint64_t hash);

/* idset_has(set, hash) */
bool idset_has(const struct idset *set, uint64_t hash);

/* idset_clear(set): empty again, memory given back. */
void idset_clear(struct idset *set);

#endif
