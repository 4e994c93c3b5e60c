#include "meter/totals.h"

#include "base/sum.h"
#include "base/text.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct row {
  uint64_t hash;
  struct total total; /* but its value: */
  struct sum sum;
};

struct totals {
  struct row *rows;
  size_t nrows, room;
  uint32_t *slots; /* index of a row, and 1; 0 is a free one */
  size_t nslots;   /* a power of two, at least twice as many as rows */
  size_t refused;
  bool broken;
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

static uint64_t hash_of(size_t series, const char *group) {
  return text_hash(group, strlen(group), text_seed() + series);
}

static struct row *find(const struct totals *t, size_t series,
                        const char *group) {
  uint64_t hash = hash_of(series, group);
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

/* NULL: no memory. */
static struct row *add_row(struct totals *t, const struct total *total) {
  struct row row = {.hash = hash_of(total->series, total->group),
                    .total = *total};
  if (t->nrows == t->room && !grow(t))
    return NULL;
  row.total.group = strdup(total->group);
  row.total.project = total->project != NULL ? strdup(total->project) : NULL;
  if (row.total.group == NULL ||
      (row.total.project == NULL) != (total->project == NULL)) {
    free((char *)row.total.group);
    free((char *)row.total.project);
    return NULL;
  }
  t->rows[t->nrows] = row;
  insert(t, row.hash, (uint32_t)t->nrows);
  return &t->rows[t->nrows++];
}

static struct row *add(struct totals *t, const struct total *total) {
  if (t->nrows == TOTALS_LIMIT) {
    t->refused++;
    return NULL;
  }
  struct row *row = add_row(t, total);
  t->broken = t->broken || row == NULL;
  return row;
}

static void count_in(struct sum *sum, enum total_kind kind, double value) {
  bool first = sum->n == 0;
  double best = sum->parts[0];
  if (isnan(value))
    sum->lost = true;
  else if (kind == TOTAL_COUNT)
    sum_add(sum, 1);
  else if (kind == TOTAL_SUM)
    sum_add(sum, value);
  else if (first || (kind == TOTAL_MIN ? value < best : value > best))
    *sum = (struct sum){.parts = {value}, .n = 1, .lost = sum->lost};
}

static void keep_project(struct total *total, const char *project) {
  if (total->project == NULL ||
      (project != NULL && strcmp(total->project, project) == 0))
    return;
  free((char *)total->project);
  total->project = NULL;
}

bool totals_add(struct totals *t, enum total_kind kind,
                const struct total *total) {
  struct row *row = find(t, total->series, total->group);
  if (row != NULL)
    keep_project(&row->total, total->project);
  else
    row = add(t, total);
  if (row != NULL)
    count_in(&row->sum, kind, total->value);
  return row != NULL;
}

bool totals_zero(struct totals *t, const struct total *total) {
  return find(t, total->series, total->group) != NULL || add(t, total) != NULL;
}

bool totals_has(const struct totals *t, size_t series, const char *group) {
  return t != NULL && find(t, series, group) != NULL;
}

bool totals_get(const struct totals *t, size_t i, struct total *ret) {
  if (t == NULL || i >= t->nrows)
    return false;
  *ret = t->rows[i].total;
  ret->value = sum_value(&t->rows[i].sum);
  return true;
}

size_t totals_refused(const struct totals *t) { return t->refused; }

bool totals_broken(const struct totals *t) { return t->broken; }
