#include "idset.h"

#include <stdlib.h>

static bool insert(uint64_t *slots, size_t size, uint64_t hash) {
  size_t i = hash & (size - 1);
  while (slots[i] != 0) {
    if (slots[i] == hash)
      return false;
    i = (i + 1) & (size - 1);
  }
  slots[i] = hash;
  return true;
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
  if (hash == 0)
    hash = 1;
  /* At most 7/8 full: 100,000 ids take 1 MiB. */
  if (set->count + 1 > set->size - set->size / 8 && !grow(set))
    return true;
  if (!insert(set->slots, set->size, hash))
    return false;
  set->count++;
  return true;
}

void idset_clear(struct idset *set) {
  free(set->slots);
  *set = (struct idset){0};
}
