/*
 * verdict - what a pass amounts to that has asked for all it had to
 *
 * Whether nothing means that there is nothing, and whether the totals are
 * whole. The module sends nothing and changes nothing.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "base/error.h"
#include "walk/plan.h"
#include "walk/progress.h"

#include <stdbool.h>

/* verdict_asked(plan, at, result, err): -1: no project, or owner, has anything:
 * no empty cloud, but a wrong path, or a role that reaches nobody. */
int verdict_asked(const struct pass_plan *plan, const struct progress *at,
                  const struct pass_result *result, struct error *err);

/* verdict_is_blind(plan, result): that the listing is empty does not mean that
 * there is nothing: Neutron (2023.1) hides everything from a token without a
 * project, and answers 200. */
bool verdict_is_blind(const struct pass_plan *plan,
                      const struct pass_result *result);

/* verdict_has_totals(plan, at, result): all that the totals are of is known. A
 * sum would be wrong that lacks what a project has that was denied, that
 * failed, or that was read in part; or that is of a list which the server has
 * cut off. */
bool verdict_has_totals(const struct pass_plan *plan, const struct progress *at,
                        const struct pass_result *result);

/* verdict_moved(plan, err): its fence has run out: another daemon may walk the
 * listing. Waits for a moment if the fence is about to be moved on. `err` is
 * set if so (ERROR_MOVED). */
bool verdict_moved(const struct pass_plan *plan, struct error *err);

#endif
