/*
 * totals - counts, sums and extremes by group
 *
 * What a meter that totals keeps during one pass: a row for each group, some
 * 150 bytes. Only a pass that was whole may use them: half a sum is a wrong
 * number.
 */
#ifndef TOTALS_H
#define TOTALS_H

#include <stdbool.h>
#include <stddef.h>

#define TOTALS_LIMIT 100000             /* groups; more are not counted */
#define TOTALS_BYTES (32 * 1024 * 1024) /* of their texts: nor are more */

enum total_kind {
  TOTAL_NONE,
  TOTAL_COUNT, /* how many */
  TOTAL_SUM,
  TOTAL_MIN,
  TOTAL_MAX,
};

struct totals;

/* totals_new(): NULL without memory. One thread at a time. */
struct totals *totals_new(void);
void totals_free(struct totals *totals); /* NULL is fine */

struct total {
  size_t series;       /* groups of different series are different */
  const char *group;   /* NULL: the one of all records */
  const char *project; /* or NULL */
  double value;
};

/* totals_add(totals, kind, total): counts total->value in; the texts are
 * copied. A group whose records are of several projects has no project. NaN:
 * the number of a record of this group is not known, so the group's total is
 * not known either. False: no memory, or over the limit. */
bool totals_add(struct totals *totals, enum total_kind kind,
                const struct total *total);

/* totals_zero(totals, total): a row of 0 for a group that has none yet. */
bool totals_zero(struct totals *totals, const struct total *total);

/* totals_has(totals, series, group): is there a row? NULL has none. */
bool totals_has(const struct totals *totals, size_t series, const char *group);

/* totals_get(totals, i, ret): the i-th row, whose texts live as long as
 * `totals`; false: there are no more, or `totals` is NULL. The value is NaN
 * where it is not known, or beyond the range of a double. */
bool totals_get(const struct totals *totals, size_t i, struct total *ret);

/* totals_refused(totals): values of groups over the limit. If it is not 0, a
 * group without a row may still exist. */
size_t totals_refused(const struct totals *totals);

/* totals_broken(totals): memory ran out, and a row may lack earlier records:
 * use none of them. */
bool totals_broken(const struct totals *totals);

#endif
