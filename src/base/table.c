#include "base/table.h"

#include <stdlib.h>
#include <string.h>

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

/* Where a slot is, or the free place for it. */
static size_t find_place(const struct table *t, uint64_t slot) {
  size_t i = place_of(t, slot);
  while (t->slots[i] != 0 && t->slots[i] != slot)
    i = next_place(t, i);
  return i;
}

static bool has_room(const struct table *t) {
  return t->count + 1 <= t->size - t->size / 8;
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
  if (!has_room(t) && !grow_table(t))
    return false;
  put_slot(t, slot);
  t->count++;
  return true;
}

bool table_claim(struct table *t, uint64_t slot, bool *ret_new) {
  size_t i = t->size > 0 ? find_place(t, slot) : 0;
  *ret_new = t->size == 0 || t->slots[i] == 0;
  if (!*ret_new)
    return true;
  if (!has_room(t))
    return table_add(t, slot);
  t->slots[i] = slot;
  t->count++;
  return true;
}

bool table_has(const struct table *t, uint64_t slot) {
  return t->size > 0 && t->slots[find_place(t, slot)] == slot;
}

void table_empty(struct table *t) {
  if (t->count > 0)
    memset(t->slots, 0, t->size * sizeof(*t->slots));
  t->count = 0;
}

void table_clear(struct table *t) {
  free(t->slots);
  *t = (struct table){0};
}
