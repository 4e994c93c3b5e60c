/*
 * walk_log - what is logged of a walk
 *
 * A trouble is logged once when it is new, and once when it is over. Other
 * things that a walk notices, such as records that name no project, are logged
 * once in the daemon's life for each region. value_list reports the result of a
 * walk as values, and cloud_log logs what concerns the whole cloud.
 */
#ifndef WALK_LOG_H
#define WALK_LOG_H

#include "report/log.h"
#include "walk/walk.h"

struct report;

/* The log lines of a listing's walks in one region. Zeros but for `report`,
 * which must outlive it. Used by the thread that runs the walk. */
struct walk_log {
  const struct report *report;
  struct log_limit trouble, moved;
  unsigned notices; /* bits: what has been logged */
};

/* walk_log_failure(log, summary, err): the walk has failed. */
void walk_log_failure(struct walk_log *log, const struct walk_summary *summary,
                      const struct error *err);

/* walk_log_absent(log, summary, err): the service has no such listing. */
void walk_log_absent(struct walk_log *log, const struct walk_summary *summary,
                     const struct error *err);

/* walk_log_moved(log, summary): another daemon may walk it now. */
void walk_log_moved(struct walk_log *log, const struct walk_summary *summary);

/* walk_log_success(log, summary): the walk was whole. Logs that a trouble is
 * over, and what the walk noticed. */
void walk_log_success(struct walk_log *log, const struct walk_summary *summary);

#endif
