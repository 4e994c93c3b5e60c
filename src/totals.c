#include "totals.h"

#include "text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct row {
  uint64_t hash;
  struct total total;
};

struct totals {
  struct row *rows;
  size_t nrows, room;
  uint32_t *slots; /* index of a row, and 1; 0 is a free one */
  size_t nslots;   /* a power of two, at least twice as many as rows */
  size_t refused;
};

struct totals *totals_new(void) {
  return calloc(1, sizeof(struct totals));
}

void totals_free(struct totals *t) {
  if (t == NULL)
    return;
  for (size_t i = 0; i < t->nrows; i++) {
    free((char *)t->rows[i].total.group);
    free((char *)t->rows[i].total.project);
  }
  free(t->rows);
  free(t->slots);
  free(t);
}

static void insert(struct totals *t, uint64_t hash, uint32_t row) {
  size_t i = hash & (t->nslots - 1);
  while (t->slots[i] != 0)
    i = (i + 1) & (t->nslots - 1);
  t->slots[i] = row + 1;
}

static bool grow(struct totals *t) {
  size_t room = t->room > 0 ? t->room * 2 : 64;
  struct row *rows = realloc(t->rows, room * sizeof(*rows));
  if (rows == NULL)
    return false;
  t->rows = rows;
  uint32_t *slots = calloc(room * 2, sizeof(*slots));
  if (slots == NULL)
    return false;
  free(t->slots);
  t->slots = slots;
  t->room = room;
  t->nslots = room * 2;
  for (size_t i = 0; i < t->nrows; i++)
    insert(t, t->rows[i].hash, (uint32_t)i);
  return true;
}

static struct row *find(struct totals *t, uint64_t hash, size_t series,
                        const char *group) {
  if (t->nslots == 0)
    return NULL;
  for (size_t i = hash & (t->nslots - 1); t->slots[i] != 0;
       i = (i + 1) & (t->nslots - 1)) {
    struct row *row = &t->rows[t->slots[i] - 1];
    if (row->hash == hash && row->total.series == series &&
        strcmp(row->total.group, group) == 0)
      return row;
  }
  return NULL;
}

static struct row *add(struct totals *t, uint64_t hash,
                       const struct total *total) {
  if (t->nrows == TOTALS_LIMIT || (t->nrows == t->room && !grow(t)))
    return NULL;
  struct row row = {.hash = hash, .total = *total};
  row.total.group = strdup(total->group);
  row.total.project = total->project != NULL ? strdup(total->project) : NULL;
  if (row.total.group == NULL) {
    free((char *)row.total.project);
    return NULL;
  }
  t->rows[t->nrows] = row;
  insert(t, hash, (uint32_t)t->nrows);
  return &t->rows[t->nrows++];
}

static double together(enum total_kind kind, double a, double b) {
  switch (kind) {
  case TOTAL_COUNT:
    return a + 1;
  case TOTAL_SUM:
    return a + b;
  case TOTAL_MIN:
    return b < a ? b : a;
  case TOTAL_MAX:
    return b > a ? b : a;
  case TOTAL_NONE:
    break;
  }
  return b;
}

bool totals_add(struct totals *t, enum total_kind kind,
                const struct total *total) {
  const char *group = total->group;
  uint64_t hash = text_hash(group, strlen(group), total->series + 1);
  struct row *row = find(t, hash, total->series, group);
  if (row != NULL) {
    row->total.value = together(kind, row->total.value, total->value);
    return true;
  }
  row = add(t, hash, total);
  if (row == NULL) {
    t->refused++;
    return false;
  }
  if (kind == TOTAL_COUNT)
    row->total.value = 1;
  return true;
}

bool totals_get(const struct totals *t, size_t i, struct total *ret) {
  if (t == NULL || i >= t->nrows)
    return false;
  *ret = t->rows[i].total;
  return true;
}

size_t totals_refused(const struct totals *t) { return t->refused; }
