/*
 * lookup - the projects that a walk asks, filters by, or names
 *
 * Connects a pass with what Keystone lists: a filter, which is applied before
 * anything is counted, and the names in samples.
 */
#ifndef LOOKUP_H
#define LOOKUP_H

#include "walk/task.h"

struct project_view;

/* The caller sets the first members. It must outlive the pass. */
struct lookup {
  const struct walk_options *options;
  sample_sink *sink; /* of samples that have their names */
  void *sink_arg;
  /* The view of a pass under way. NULL: lookup_projects() gets the newest one,
   * if the walk needs one; the caller returns it with projects_put(). */
  const struct project_view *view;
};

/* lookup_projects(lookup, plan, summary, err): gets the view, and sets the
 * filter and the sink of `plan`, and the members of `summary` about projects.
 * -1: the walk needs the list of projects and there is none. It must then fail,
 * since a filter without the list would let wrong records pass. */
int lookup_projects(struct lookup *lookup, struct pass_plan *plan,
                    struct walk_summary *summary, struct error *err);

#endif
