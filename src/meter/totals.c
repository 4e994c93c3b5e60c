#include "meter/totals.h"

#include "base/sum.h"
#include "base/table.h"
#include "base/text.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct row {
  size_t series;
  char *group, *project; /* or NULL */
  struct sum sum;
};

enum { RECENT_BITS = 9, RECENT = 1 << RECENT_BITS };

struct totals {
  struct row *rows;
  size_t nrows, room;
  struct table index; /* of the rows, by series and group */
  /* Rows met last, and 1, by recent_place(): most need no hash. */
  uint32_t recent[RECENT];
  size_t bytes; /* of the rows' texts */
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
    free(t->rows[i].group);
    free(t->rows[i].project);
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
  return text_hash(group, group != NULL ? strlen(group) : 0,
                   text_seed() + series);
}

/* A quick and crude one: whoever chooses groups that share a place has gained
 * that we hash them. */
static size_t recent_place(size_t series, const char *group) {
  uint64_t head = 0, tail = 0;
  if (group == NULL)
    return series % RECENT;
  size_t len = strlen(group);
  if (len >= sizeof(head)) {
    memcpy(&head, group, sizeof(head));
    memcpy(&tail, group + len - sizeof(tail), sizeof(tail));
  } else if (len > 0) {
    head = (uint64_t)group[0] << 16 ^ (uint64_t)group[len / 2] << 8 ^ len;
  }
  uint64_t mixed = (head ^ (tail << 1) ^ series) * UINT64_C(0x9e3779b97f4a7c15);
  return (size_t)(mixed >> (64 - RECENT_BITS)); /* each byte reaches these */
}

struct lookup {
  const struct totals *totals;
  size_t series;
  const char *group;
};

static bool is_row(const struct row *row, size_t series, const char *group) {
  if (row->series != series)
    return false;
  if (row->group == NULL || group == NULL)
    return row->group == group;
  return strcmp(row->group, group) == 0;
}

static bool is_slot(const void *arg, uint64_t slot) {
  const struct lookup *lookup = arg;
  return is_row(&lookup->totals->rows[table_row(slot)], lookup->series,
                lookup->group);
}

static struct row *find_row(const struct totals *t, size_t series,
                            const char *group) {
  const struct lookup lookup = {t, series, group};
  uint64_t slot =
      table_find(&t->index, hash_of(series, group), is_slot, &lookup);
  return slot != 0 ? &t->rows[table_row(slot)] : NULL;
}

/* False: no memory. */
static bool copy_text(const char *text, char **ret) {
  *ret = text != NULL ? strdup(text) : NULL;
  return *ret != NULL || text == NULL;
}

/* NULL: no memory. */
static struct row *copy_row(struct totals *t, const struct total *total) {
  struct row row = {.series = total->series};
  uint64_t hash = hash_of(total->series, total->group);
  if (!copy_text(total->group, &row.group) ||
      !copy_text(total->project, &row.project) ||
      (t->nrows == t->room && !grow(t)) ||
      !table_add(&t->index, table_slot(hash, t->nrows))) {
    free(row.group);
    free(row.project);
    return NULL;
  }
  t->rows[t->nrows] = row;
  return &t->rows[t->nrows++];
}

static size_t text_size(const char *text) {
  return text != NULL ? strlen(text) + 1 : 0;
}

static struct row *add_row(struct totals *t, const struct total *total) {
  size_t size = text_size(total->group) + text_size(total->project);
  if (t->nrows == TOTALS_LIMIT || size > TOTALS_BYTES - t->bytes) {
    t->refused++;
    return NULL;
  }
  struct row *row = copy_row(t, total);
  t->bytes += row != NULL ? size : 0;
  t->broken = t->broken || row == NULL;
  return row;
}

/* A count needs one part of a sum. */
static void count_one(struct sum *sum) {
  sum->parts[0] += 1;
  sum->n = 1;
}

static void count_in(struct sum *sum, enum total_kind kind, double value) {
  bool first = sum->n == 0;
  double best = sum->parts[0];
  if (isnan(value))
    sum->lost = true;
  else if (kind == TOTAL_COUNT)
    count_one(sum);
  else if (kind == TOTAL_SUM)
    sum_add(sum, value);
  else if (first || (kind == TOTAL_MIN ? value < best : value > best))
    *sum = (struct sum){.parts = {value}, .n = 1, .lost = sum->lost};
}

static void keep_project(struct row *row, const char *project) {
  if (row->project == NULL ||
      (project != NULL && strcmp(row->project, project) == 0))
    return;
  free(row->project);
  row->project = NULL;
}

/* The same of records, of which many share a group. */
static struct row *find_recent(struct totals *t, size_t series,
                               const char *group) {
  uint32_t *recent = &t->recent[recent_place(series, group)];
  if (*recent > 0 && is_row(&t->rows[*recent - 1], series, group))
    return &t->rows[*recent - 1];
  struct row *row = find_row(t, series, group);
  if (row != NULL)
    *recent = (uint32_t)(row - t->rows) + 1;
  return row;
}

bool totals_add(struct totals *t, enum total_kind kind,
                const struct total *total) {
  struct row *row = find_recent(t, total->series, total->group);
  if (row == NULL)
    row = add_row(t, total);
  else if (total->project != total->group) /* else the row's is the same */
    keep_project(row, total->project);
  if (row == NULL)
    return false;
  count_in(&row->sum, kind, total->value);
  return true;
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
  const struct row *row = &t->rows[i];
  *ret = (struct total){.series = row->series,
                        .group = row->group,
                        .project = row->project,
                        .value = sum_value(&row->sum)};
  return true;
}

size_t totals_refused(const struct totals *t) { return t->refused; }

bool totals_broken(const struct totals *t) { return t->broken; }
