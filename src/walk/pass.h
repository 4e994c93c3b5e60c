/*
 * pass - one listing of one region, walked once from its first page to its last
 *
 * The straight line from bytes to samples: requests go out through http, each
 * answer's bytes through extract, each record's cells through the binding to
 * the sink. Pages follow one another as the listing's paging says; for a
 * listing per project the projects' requests fly side by side. Nothing is kept
 * but 8 bytes for each id seen.
 *
 * What goes wrong is told by the error, what was done by the result; a pass
 * neither logs nor remembers. Back-off and turns are walk's affair.
 */
#ifndef PASS_H
#define PASS_H

#include "base/error.h"
#include "walk/plan.h"

/* pass_run(plan, ret_result, err): -1: the pass is not whole; `err` says at
 * which page, and what. Samples of what came before have gone to the sink.
 * `ret_result` is filled in any case; `err` must not be NULL. */
int pass_run(const struct pass_plan *plan, struct pass_result *ret_result,
             struct error *err);

#endif
