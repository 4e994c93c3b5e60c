#include "meter/totals.h"

#include "base/sum.h"
#include "base/table.h"
#include "base/text.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct row {
  struct total total; /* but its value: */
  struct sum sum;
};

struct totals {
  struct row *rows;
  size_t nrows, room;
  struct table index; /* of the rows, by series and group */
  size_t bytes;       /* of the rows' texts */
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
  table_clear(&t->index);
  free(t);
}

static bool grow(struct totals *t) {
  size_t room = t->room > 0 ? t->room * 2 : 64;
  struct row *rows = realloc(t->rows, room * sizeof(*rows));
  if (rows == NULL)
    return false;
  t->rows = rows;
  t->room = room;
  return true;
}

static uint64_t hash_of(size_t series, const char *group) {
  return text_hash(group, strlen(group), text_seed() + series);
}

struct lookup {
  const struct totals *totals;
  size_t series;
  const char *group;
};

static bool is_group(const void *arg, uint64_t slot) {
  const struct lookup *lookup = arg;
  const struct total *total = &lookup->totals->rows[table_row(slot)].total;
  return total->series == lookup->series &&
         strcmp(total->group, lookup->group) == 0;
}

static struct row *find_row(const struct totals *t, size_t series,
                            const char *group) {
  const struct lookup lookup = {t, series, group};
  uint64_t slot =
      table_find(&t->index, hash_of(series, group), is_group, &lookup);
  return slot != 0 ? &t->rows[table_row(slot)] : NULL;
}

/* NULL: no memory. */
static struct row *copy_row(struct totals *t, const struct total *total) {
  struct row row = {.total = *total};
  uint64_t hash = hash_of(total->series, total->group);
  if (t->nrows == t->room && !grow(t))
    return NULL;
  row.total.group = strdup(total->group);
  row.total.project = total->project != NULL ? strdup(total->project) : NULL;
  if (row.total.group == NULL ||
      (row.total.project == NULL) != (total->project == NULL) ||
      !table_add(&t->index, table_slot(hash, t->nrows))) {
    free((char *)row.total.group);
    free((char *)row.total.project);
    return NULL;
  }
  t->rows[t->nrows] = row;
  return &t->rows[t->nrows++];
}

static struct row *add_row(struct totals *t, const struct total *total) {
  size_t size = strlen(total->group) + 1;
  size += total->project != NULL ? strlen(total->project) + 1 : 0;
  if (t->nrows == TOTALS_LIMIT || size > TOTALS_BYTES - t->bytes) {
    t->refused++;
    return NULL;
  }
  struct row *row = copy_row(t, total);
  t->bytes += row != NULL ? size : 0;
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
  struct row *row = find_row(t, total->series, total->group);
  if (row != NULL)
    keep_project(&row->total, total->project);
  else
    row = add_row(t, total);
  if (row != NULL)
    count_in(&row->sum, kind, total->value);
  return row != NULL;
}

bool totals_zero(struct totals *t, const struct total *total) {
  return find_row(t, total->series, total->group) != NULL ||
         add_row(t, total) != NULL;
}

bool totals_has(const struct totals *t, size_t series, const char *group) {
  return t != NULL && find_row(t, series, group) != NULL;
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
