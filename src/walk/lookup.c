#include "walk/lookup.h"

#include "meter/listing.h"
#include "walk/projects.h"

static bool is_wanted(void *arg, const char *project) {
  const struct lookup *lookup = arg;
  return project_view_wants(lookup->view, project);
}

static void name_sample(void *arg, const struct sample *sample) {
  const struct lookup *lookup = arg;
  struct sample named = *sample;
  project_view_name(lookup->view, &named);
  lookup->sink(lookup->sink_arg, &named);
}

/* What the pass does with the projects, and what the operator hears of them. */
static void use_view(struct lookup *lookup, struct pass_plan *plan,
                     struct walk_summary *summary, bool must) {
  const struct walk_options *o = lookup->options;
  const struct project_view *view = lookup->view;
  bool each = o->listing->scope == LISTING_PROJECT;
  bool filters = projects_filter_records(o->projects);
  if (filters) {
    plan->wanted = is_wanted;
    plan->wanted_arg = lookup;
  }
  if (o->names != NAMES_NONE) {
    plan->sink = name_sample;
    plan->sink_arg = lookup;
  }
  plan->partial = (each || filters) && view->truncated;
  summary->own_project_only = must && view->own_only;
  summary->own_domain_only = must && view->own_domain;
  summary->projects_cut = must && view->truncated;
  summary->idle_project = view->idle_project;
  summary->idle_domain = view->idle_domain;
  summary->projects_round = must ? view->round : 0;
  if (o->metadata)
    summary->nameless = view->nameless;
}

int lookup_projects(struct lookup *lookup, struct pass_plan *plan,
                    struct walk_summary *summary, struct error *err) {
  const struct walk_options *o = lookup->options;
  bool must = o->listing->scope == LISTING_PROJECT ||
              projects_filter_records(o->projects) || o->names == NAMES_MUST;
  struct error failure = {0};
  bool records = o->listing->record != NULL;
  if (!records || (!must && o->names == NAMES_NONE))
    return 0;
  const struct projects_asker asker = {.http = plan->http,
                                       .deadline_ms = plan->deadline_ms,
                                       .interval_ms = o->interval_ms,
                                       .must = must};
  if (lookup->view != NULL ||
      projects_get(o->projects, &asker, &lookup->view, &failure) == 0) {
    use_view(lookup, plan, summary, must);
    return 0;
  }
  if (must) {
    *err = failure;
    return -1;
  }
  summary->nameless = failure;
  return 0;
}
