#include "base/idset.h"

/* 0 is a free slot. */
static uint64_t slot_of(uint64_t hash) { return hash != 0 ? hash : 1; }

static bool is_slot(const void *arg, uint64_t slot) {
  return *(const uint64_t *)arg == slot;
}

bool idset_add(struct idset *set, uint64_t hash) {
  if (idset_has(set, hash))
    return false;
  if (!table_add(&set->table, slot_of(hash)))
    set->broken = true;
  return true;
}

bool idset_has(const struct idset *set, uint64_t hash) {
  uint64_t slot = slot_of(hash);
  return table_find(&set->table, slot, is_slot, &slot) != 0;
}

size_t idset_count(const struct idset *set) { return set->table.count; }

bool idset_full(const struct idset *set) {
  return idset_count(set) >= IDSET_LIMIT;
}

void idset_clear(struct idset *set) {
  table_clear(&set->table);
  set->broken = false;
}
