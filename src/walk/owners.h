/*
 * owners - the projects of records, where only another listing knows them
 *
 * Record sets belong to zones, and only the zone names the project; a record
 * set itself names its creator. So a walk reads the listing of owners before
 * each pass, with the pass's filters, and keeps their ids and projects, some
 * 100 bytes each, until the pass has ended. That costs the requests of that
 * listing once more, but never a request for a single owner.
 */
#ifndef OWNERS_H
#define OWNERS_H

#include "base/roster.h"
#include "walk/plan.h"

struct owners;

/* owners_new(listing, err): for listing->owners. NULL: ERROR_CONFIG, memory. */
struct owners *owners_new(const struct listing *listing, struct error *err);
void owners_free(struct owners *owners); /* NULL is fine */

/* owners_add(roster, sample, err): one more owner. -1: as roster_add(). */
int owners_add(struct roster *roster, const struct sample *owner,
               struct error *err);

/* owners_list(owners, plan, ret, ret_result, err): runs a pass over the owners,
 * on the thread of plan->http, with the filter of `plan`; `plan->agreement`
 * must be one of their own. Stores all owners that pass the filter in `ret`,
 * with their projects. The caller clears `ret` in any case. -1: as pass_run();
 * then use no owner, since some are missing. */
int owners_list(const struct owners *owners, const struct pass_plan *plan,
                struct roster *ret, struct pass_result *ret_result,
                struct error *err);

#endif
