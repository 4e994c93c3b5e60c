#include "base/table.h"

#include <stdlib.h>

#define LOWER_HALF 0xffffffffu

uint64_t table_slot(uint64_t hash, size_t row) {
  return (hash & ~(uint64_t)LOWER_HALF) | (uint64_t)(row + 1);
}

size_t table_row(uint64_t slot) { return (slot & LOWER_HALF) - 1; }

static size_t place_of(const struct table *t, uint64_t slot) {
  return (size_t)(slot >> 32) & (t->size - 1);
}

static size_t next_place(const struct table *t, size_t i) {
  return (i + 1) & (t->size - 1);
}

static void put_slot(struct table *t, uint64_t slot) {
  size_t i = place_of(t, slot);
  while (t->slots[i] != 0)
    i = next_place(t, i);
  t->slots[i] = slot;
}

static bool grow_table(struct table *t) {
  struct table grown = {.size = t->size > 0 ? t->size * 2 : 64,
                        .count = t->count};
  grown.slots = calloc(grown.size, sizeof(*grown.slots));
  if (grown.slots == NULL)
    return false;
  for (size_t i = 0; i < t->size; i++)
    if (t->slots[i] != 0)
      put_slot(&grown, t->slots[i]);
  free(t->slots);
  *t = grown;
  return true;
}

uint64_t table_find(const struct table *t, uint64_t hash, table_same *same,
                    const void *arg) {
  if (t->size == 0)
    return 0;
  for (size_t i = place_of(t, hash); t->slots[i] != 0; i = next_place(t, i))
    if (t->slots[i] >> 32 == hash >> 32 && same(arg, t->slots[i]))
      return t->slots[i];
  return 0;
}

bool table_add(struct table *t, uint64_t slot) {
  if (t->count + 1 > t->size - t->size / 8 && !grow_table(t))
    return false;
  put_slot(t, slot);
  t->count++;
  return true;
}

void table_clear(struct table *t) {
  free(t->slots);
  *t = (struct table){0};
}
