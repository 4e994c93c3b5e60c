/*
 * verdict - what the result of a complete pass means
 *
 * Decides whether an empty result means that there is nothing, and whether the
 * totals are whole. The module sends nothing and changes nothing.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "base/error.h"
#include "walk/plan.h"
#include "walk/progress.h"

#include <stdbool.h>

/* verdict_asked(plan, at, result, err): -1: every project, or owner, was denied
 * or absent. That is not an empty cloud, but a wrong path, or a role that has
 * no rights in any project. */
int verdict_asked(const struct pass_plan *plan, const struct progress *at,
                  const struct pass_result *result, struct error *err);

/* verdict_is_blind(plan, result): the listing is empty, but that does not mean
 * that there is nothing: Neutron hides everything from a token without a
 * project (2023.1), and its agents from one without the role, and answers 200.
 */
bool verdict_is_blind(const struct pass_plan *plan,
                      const struct pass_result *result);

/* verdict_has_totals(plan, at, result): are totals of this pass right? They are
 * wrong if a project is missing, was denied, failed or was read only in part,
 * or if the server has cut the list off. */
bool verdict_has_totals(const struct pass_plan *plan, const struct progress *at,
                        const struct pass_result *result);

/* verdict_moved(plan, err): true, with ERROR_MOVED: the fence has been reached,
 * and another daemon may walk the listing. If the fence is about to be moved
 * on, it waits for that, for a moment. */
bool verdict_moved(const struct pass_plan *plan, struct error *err);

#endif
