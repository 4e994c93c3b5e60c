#include "base/idset.h"

#include <stdlib.h>

/* 0 is a free slot. */
static uint64_t entry_of(uint64_t hash) { return hash != 0 ? hash : 1; }

/* Where an entry is, or would be. */
static size_t slot_of(const uint64_t *slots, size_t size, uint64_t entry) {
  size_t i = entry & (size - 1);
  while (slots[i] != 0 && slots[i] != entry)
    i = (i + 1) & (size - 1);
  return i;
}

static bool insert(uint64_t *slots, size_t size, uint64_t entry) {
  size_t i = slot_of(slots, size, entry);
  bool fresh = slots[i] == 0;
  slots[i] = entry;
  return fresh;
}

static bool grow(struct idset *set) {
  size_t size = set->size > 0 ? set->size * 2 : 256;
  uint64_t *slots = calloc(size, sizeof(*slots));
  if (slots == NULL)
    return false;
  for (size_t i = 0; i < set->size; i++)
    if (set->slots[i] != 0)
      insert(slots, size, set->slots[i]);
  free(set->slots);
  set->slots = slots;
  set->size = size;
  return true;
}

bool idset_add(struct idset *set, uint64_t hash) {
  /* At most 7/8 full: 100,000 ids take 1 MiB. */
  if (set->count + 1 > set->size - set->size / 8 && !grow(set)) {
    set->broken = true;
    return true;
  }
  if (!insert(set->slots, set->size, entry_of(hash)))
    return false;
  set->count++;
  return true;
}

bool idset_has(const struct idset *set, uint64_t hash) {
  uint64_t entry = entry_of(hash);
  return set->size > 0 &&
         set->slots[slot_of(set->slots, set->size, entry)] != 0;
}

void idset_clear(struct idset *set) {
  free(set->slots);
  *set = (struct idset){0};
}
