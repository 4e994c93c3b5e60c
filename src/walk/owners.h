/*
 * owners - whose a listing's records are, where another listing knows
 *
 * Record sets belong to zones, and only the zone says to which project: what a
 * record set says itself is who made it. So a walk reads the listing of owners
 * ahead of each pass, with its filters, and keeps their ids and projects, some
 * 100 bytes each, until the pass has ended. It costs the requests of that
 * listing once more; there is never a request for a single owner.
 */
#ifndef OWNERS_H
#define OWNERS_H

#include "base/roster.h"
#include "walk/plan.h"

struct owners;

/* owners_new(listing, err): of listing->owners. NULL: ERROR_CONFIG, memory. */
struct owners *owners_new(const struct listing *listing, struct error *err);
void owners_free(struct owners *owners); /* NULL is fine */

/* owners_list(owners, plan, ret, ret_result, err): a pass over the owners as
 * `plan` would go over their records, with `plan->agreement` of their own: all
 * that pass its filter, into `ret`, names being their projects. roster_clear()
 * it in any case. -1: as pass_run(); half of them would be none. */
int owners_list(const struct owners *owners, const struct pass_plan *plan,
                struct roster *ret, struct pass_result *ret_result,
                struct error *err);

#endif
