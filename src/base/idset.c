#include "base/idset.h"

enum { KEPT = 64 * 1024 }; /* slots */

/* 0 is a free slot. */
static uint64_t slot_of(uint64_t hash) { return hash != 0 ? hash : 1; }

bool idset_add(struct idset *set, uint64_t hash) {
  bool added;
  if (!table_claim(&set->table, slot_of(hash), &added))
    set->broken = true;
  return added;
}

bool idset_has(const struct idset *set, uint64_t hash) {
  return table_has(&set->table, slot_of(hash));
}

size_t idset_count(const struct idset *set) { return set->table.count; }

bool idset_full(const struct idset *set) {
  return idset_count(set) >= IDSET_LIMIT;
}

void idset_empty(struct idset *set) {
  table_empty(&set->table);
  set->broken = false;
}

void idset_rest(struct idset *set) {
  if (set->table.size > KEPT)
    idset_clear(set);
  else
    idset_empty(set);
}

void idset_clear(struct idset *set) {
  table_clear(&set->table);
  set->broken = false;
}
