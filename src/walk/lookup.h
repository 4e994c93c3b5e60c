/*
 * lookup - the projects that a walk asks, lets through, or names
 *
 * Puts what Keystone lists between a pass and those whom its samples are for: a
 * filter ahead of all counting, and names behind it.
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
  /* That of a pass under way; or NULL, and then the newest, if somebody needs
   * it, which is held for the caller. */
  const struct project_view *view;
};

/* lookup_projects(lookup, plan, summary, err): gets the view, sets the filter
 * and the sink of `plan`, and what `summary` tells of projects. -1: there is no
 * list of projects, and without one the walk must fail, since values would slip
 * past a filter that nobody can judge by. */
int lookup_projects(struct lookup *lookup, struct pass_plan *plan,
                    struct walk_summary *summary, struct error *err);

#endif
