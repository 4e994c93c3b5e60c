/*
 * walk_report - what the visitor of a walk hears, and what is kept of it
 *
 * Each run of a walk ends with one of these: it has ended, whole or failed; it
 * had to pause; its region could not be asked; or another daemon may walk it by
 * now, which is no failure, and of which nothing is kept.
 */
#ifndef WALK_REPORT_H
#define WALK_REPORT_H

#include "walk/walk_state.h"

struct walk_summary;

/* walk_report_failure(walk, summary, err): counts it, and sets the pause before
 * the next run. walk_report_end(walk, summary): completes the summary, and
 * tells the visitor whether the last pass that ran was whole. */
void walk_report_failure(struct walk *walk, struct walk_summary *summary,
                         const struct error *err);
void walk_report_end(struct walk *walk, struct walk_summary *summary);

/* walk_report_outcome(walk, outcome): sends the meters of the request. */
void walk_report_outcome(struct walk *walk, const struct outcome *outcome);

/* walk_report_pause(walk, pause_ms): it is in a back-off, for want of an answer
 * or of something else; 0: nothing is due. */
void walk_report_pause(struct walk *walk, int64_t pause_ms);

/* walk_report_unasked(walk, err): its region could not even be asked. */
void walk_report_unasked(struct walk *walk, const struct error *err);

/* walk_report_moved(walk, summary, err): whoever walks it now begins anew. */
void walk_report_moved(struct walk *walk, struct walk_summary *summary,
                       const struct error *err);

#endif
