/*
 * pass - one listing of one region, walked once from its first page to its last
 *
 * The straight line from bytes to samples: requests go out through http, each
 * answer's bytes go through extract, and each record's cells go through the
 * binding to the sink. Pages follow one another as the listing's paging
 * defines. In a listing per project the requests of several projects run at
 * once. A pass keeps only 8 bytes for each id seen.
 *
 * The error reports what went wrong, the result what was done. A pass neither
 * logs nor remembers: walk does the back-off, and schedule decides when to
 * walk.
 */
#ifndef PASS_H
#define PASS_H

#include "base/error.h"
#include "walk/plan.h"

/* pass_run(plan, ret_result, err): -1: the pass is not whole; `err` names the
 * page and the reason. The samples before that have gone to the sink.
 * `ret_result` is filled in any case; `err` must not be NULL. */
int pass_run(const struct pass_plan *plan, struct pass_result *ret_result,
             struct error *err);

#endif
