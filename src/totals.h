/*
 * totals - counts, sums and extremes by group
 *
 * What a meter that totals keeps during one pass: a row for each group, some
 * 100 bytes. Only a pass that was whole may use them: half a sum is a wrong
 * number.
 */
#ifndef TOTALS_H
#define TOTALS_H

#include <stdbool.h>
#include <stddef.h>

#define TOTALS_LIMIT 100000 /* groups; more are not counted */

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

/* totals_add(totals, series, kind, group, project, value): counts `value` in.
 * Groups of different series (meters) are different. `project` may be NULL; the
 * first one given for a group stays. False: no memory, or over the limit. */
bool totals_add(struct totals *totals, size_t series, enum total_kind kind,
                const char *group, const char *project, double value);

struct total {
  size_t series;
  const char *group, *project; /* live as long as `totals` */
  double value;
};

/* totals_get(totals, i, ret): the i-th row; false: there are no more, or
 * `totals` is NULL. */
bool totals_get(const struct totals *totals, size_t i, struct total *ret);

/* totals_refused(totals): values that found no room. */
size_t totals_refused(const struct totals *totals);

#endif
