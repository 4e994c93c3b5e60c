#include "walk/walk.h"
#include "settings/cloud.h"

#include "base/clock.h"
#include "keystone/session.h"
#include "net/http_pool.h"
#include "settings/access.h"
#include "walk/account.h"
#include "walk/owners.h"
#include "walk/pass.h"
#include "walk/projects.h"
#include "walk/region.h"

#include <stdatomic.h>
#include <stdlib.h>

/* So many passes in a row fail: has the endpoint moved? */
#define DOUBT_FAILURES 3

struct walk {
  const struct walk_options *options;
  const struct walk_visitor *visitor;
  void *visitor_state; /* the visitor's */
  bool named, late;    /* as its endpoint (catalog.h) */
  struct binding *binding;
  struct owners *owners; /* NULL: the listing has none */
  struct region region;
  struct http *http;    /* lent, while a pass runs */
  uint64_t skipped_all; /* for all regions */
  _Atomic uint64_t skipped;
};

/* ---- how it went -------------------------------------------------------- */

static void note_failure(struct walk *w, struct walk_summary *summary,
                         const struct error *err) {
  int64_t pause = region_failed(
      &w->region, err,
      &(struct failed_walk){.interval_ms = w->options->interval_ms,
                            .nprojects = summary->nprojects,
                            .unasked = !summary->ran || summary->unasked,
                            .pass = &summary->pass});
  /* Does the pause outlast the next interval? */
  summary->retry_ms =
      summary->duration_ms + pause > w->options->interval_ms ? pause : 0;
  if (summary->unasked) /* whoever failed has a pause of its own */
    w->region.retry_at_ms = summary->retry_ms = 0;
  /* What is absent, and not just missed, has not moved. */
  if (w->region.failures >= DOUBT_FAILURES && err->code != ERROR_LOGIN &&
      err->code != ERROR_DENIED && w->region.error.code != ERROR_ABSENT)
    session_doubt(w->options->session);
}

/* Completes the summary and tells the visitor. */
static void report_end(struct walk *w, struct walk_summary *summary) {
  const struct region *region = &w->region;
  const struct listing *listing = w->options->listing;
  bool failed = region->error.code != ERROR_NONE;
  struct error trouble;
  summary->region = region->name;
  if (w->late)
    summary->first_region = session_first_region(w->options->session);
  summary->up = !failed;
  summary->failures = region->failures;
  summary->since_success_ms =
      region->success_at_ms > 0 ? clock_ms() - region->success_at_ms : -1;
  summary->few_rights = listing->role != NULL &&
                        !session_has_role(w->options->session, listing->role);
  summary->login_fails = session_trouble(w->options->session, &trouble);
  summary->login_retry_ms = session_retry_ms(w->options->session);
  summary->skipped = w->skipped_all + atomic_load(&w->skipped);
  w->visitor->end(w->visitor_state, summary, failed ? &region->error : NULL);
}

/* ---- projects and names ------------------------------------------------- */

struct lookup {
  struct walk *walk;
  const struct project_view *view; /* NULL: nobody needs it, or it failed */
};

static bool is_wanted(void *arg, const char *project) {
  const struct lookup *lookup = arg;
  return project_view_wants(lookup->view, project);
}

static void name_sample(void *arg, const struct sample *sample) {
  const struct lookup *lookup = arg;
  const struct walk *w = lookup->walk;
  struct sample named = *sample;
  struct project_names project;
  if (sample->project != NULL &&
      project_view_find(lookup->view, sample->project, &project)) {
    named.project_name = project.name;
    named.domain_name = project.domain_name;
    named.project_twin = project.twin;
  }
  if (sample->user != NULL)
    named.user_name = project_view_user(lookup->view, sample->user);
  w->visitor->sample(w->visitor_state, &named);
}

/* What the pass does with the projects, and what the operator hears of them. */
static void use_view(struct lookup *lookup, struct pass_plan *plan,
                     struct walk_summary *summary, bool must) {
  const struct walk_options *o = lookup->walk->options;
  const struct project_view *view = lookup->view;
  bool each = o->listing->scope == LISTING_PROJECT;
  bool filters = projects_filter_records(o->projects);
  if (each) {
    plan->projects = view->project_ids;
    plan->nprojects = summary->nprojects = view->nprojects;
  }
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
  summary->projects_round = must ? view->round : 0;
  if (o->metadata)
    summary->nameless = view->nameless;
}

/* A filter that nobody can judge by must fail: values would slip past it. */
static int look_up_projects(struct lookup *lookup, struct pass_plan *plan,
                            struct walk_summary *summary, struct error *err) {
  const struct walk_options *o = lookup->walk->options;
  bool must = o->listing->scope == LISTING_PROJECT ||
              projects_filter_records(o->projects) || o->names == NAMES_MUST;
  struct error failure = {0};
  if (!must && o->names == NAMES_NONE)
    return 0;
  const struct projects_asker asker = {
      .http = plan->http, .deadline_ms = plan->deadline_ms, .must = must};
  if (projects_get(o->projects, &asker, &lookup->view, &failure) == 0) {
    use_view(lookup, plan, summary, must);
    return 0;
  }
  if (must || failure.code == ERROR_STOPPED) {
    *err = failure;
    return -1;
  }
  summary->nameless = failure;
  return 0;
}

/* ---- a pass over a region ----------------------------------------------- */

/* How far a pass over projects came, for the operator. */
static void report_progress(const struct walk_summary *summary,
                            struct error *err) {
  const struct pass_result *pass = &summary->pass;
  if (summary->nprojects == 0)
    return;
  if (err->code == ERROR_DEADLINE)
    error_wrap(err, "%zu of %zu projects done, the next walk goes on there",
               pass->projects, summary->nprojects);
  else if (pass->failed > 0)
    error_wrap(err, "%zu of %zu projects failed", pass->failed,
               summary->nprojects);
}

/* The owners first, if the listing has some: a filter holds for them. */
static int run_pass(struct walk *w, struct pass_plan *plan,
                    struct walk_summary *summary, struct error *err) {
  struct roster owners = {0};
  const struct pass_result *ahead = &summary->owners;
  int status = 0;
  if (w->owners != NULL) {
    plan->agreement = &w->region.owners_agreement;
    status = owners_list(w->owners, plan, &owners, &summary->owners, err);
    plan->owners = &owners;
    plan->wanted = NULL;
  }
  plan->agreement = &w->region.agreement;
  if (status == 0)
    status = agreement_pass(plan, &summary->pass, err);
  else /* its records are not the walk's, but the rest is */
    summary->pass = (struct pass_result){
        .pages = ahead->pages, .retry_after_ms = ahead->retry_after_ms};
  summary->pass.bytes += ahead->bytes;
  roster_clear(&owners);
  return status;
}

/* A pass over the projects that are wanted, from where the last one broke off.
 */
static int run_with_projects(struct walk *w, struct pass_plan *plan,
                             struct walk_summary *summary, struct error *err) {
  struct projects *projects = w->options->projects;
  struct lookup lookup = {.walk = w};
  summary->unasked = look_up_projects(&lookup, plan, summary, err) != 0;
  if (summary->unasked)
    return -1;
  plan->first_project =
      plan->nprojects > 0 ? w->region.next_project % plan->nprojects : 0;
  int status = run_pass(w, plan, summary, err);
  w->region.next_project = summary->pass.next_project;
  projects_put(projects, lookup.view);
  if (status != 0)
    report_progress(summary, err);
  else if (plan->partial)
    status = error_set(err, ERROR_HIDDEN,
                       "Keystone's list_limit hides some of the projects: no "
                       "totals, and no values of those");
  return status;
}

static int walk_region_at(struct walk *w, const char *url,
                          struct walk_summary *summary, struct error *err) {
  const struct walk_options *o = w->options;
  struct account account;
  if (account_find(&account, o->access, o->session, url) != 0)
    return error_memory(err);
  struct pass_plan plan = {
      .listing = o->listing,
      .binding = w->binding,
      .session = o->session,
      .http = w->http,
      .width = o->width,
      .access = o->access,
      .url = url,
      .account_prefix = account.prefix,
      .doubt = account_doubt(&account, o->listing),
      .deadline_ms = clock_ms() + INTERVAL_SHARE(o->interval_ms),
      .totals = &w->region.totals,
      .sink = w->visitor->sample,
      .sink_arg = w->visitor_state,
  };
  int status = run_with_projects(w, &plan, summary, err);
  account_clear(&account);
  return status;
}

/* With a transfer that is lent. */
static void run_pass_at(struct walk *w, const char *url) {
  struct walk_summary summary = {.ran = true};
  struct error err = {0};
  int64_t begun = clock_ms();
  uint64_t requests = http_requests(w->http);
  w->visitor->begin(w->visitor_state);
  int status = walk_region_at(w, url, &summary, &err);
  summary.duration_ms = clock_ms() - begun;
  summary.requests = http_requests(w->http) - requests;
  if (status == 0)
    region_worked(&w->region);
  else
    note_failure(w, &summary, &err);
  report_end(w, &summary);
}

/* A region that could not even be asked. */
static void report_unasked(struct walk *w, const struct error *err) {
  struct walk_summary summary = {.ran = false};
  note_failure(w, &summary, err);
  w->region.retry_at_ms = summary.retry_ms = 0; /* it costs no request */
  report_end(w, &summary);
}

/* ---- what others ask ---------------------------------------------------- */

int walk_run(struct walk *w, const struct walk_target *target) {
  struct error err = {0};
  int64_t pause = w->region.retry_at_ms - clock_ms();
  w->skipped_all = target->skipped;
  if (target->url == NULL) {
    report_unasked(w, &target->lack);
  } else if (pause > 0) {
    report_end(w, &(struct walk_summary){.ran = false, .retry_ms = pause});
  } else if ((w->http = http_pool_take(w->options->http_pool, &err)) != NULL) {
    run_pass_at(w, target->url);
    http_pool_give(w->options->http_pool, w->http);
  } else if (err.code == ERROR_STOPPED) {
    return -1;
  } else {
    report_unasked(w, &err);
  }
  enum error_code code = w->region.error.code;
  return code == ERROR_NONE || code == ERROR_ABSENT ? 0 : -1;
}

const char *walk_service(const struct walk_options *o) {
  if (o->listing->auth == AUTH_S3 && o->access->s3_service != NULL)
    return o->access->s3_service;
  return o->listing->service;
}

void walk_skip(struct walk *w) { atomic_fetch_add(&w->skipped, 1); }

void walk_forget(struct walk *w) {
  w->region.error = (struct error){0};
  w->region.failures = 0;
}

const char *walk_region(const struct walk *w) { return w->region.name; }

int walk_visit(struct walk *w, const struct walk_visitor *visitor,
               struct error *err) {
  w->visitor = visitor;
  w->visitor_state = visitor->open(visitor->arg, w->region.name, w->named);
  return w->visitor_state != NULL ? 0 : error_memory(err);
}

struct walk *walk_new(const struct walk_options *options,
                      const struct endpoint *endpoint, struct error *err) {
  struct walk *w = calloc(1, sizeof(*w));
  if (w == NULL) {
    error_memory(err);
    return NULL;
  }
  w->options = options;
  if (endpoint != NULL) {
    w->named = endpoint->named;
    w->late = endpoint->late;
    if (region_init(&w->region, endpoint->region, err) != 0)
      goto fail;
  }
  w->binding = binding_new(options->listing, options->meters, options->nmeters,
                           options->metadata, err);
  if (w->binding == NULL)
    goto fail;
  if (options->listing->owners != NULL) {
    w->owners = owners_new(options->listing, err);
    if (w->owners == NULL)
      goto fail;
  }
  return w;
fail:
  walk_free(w);
  return NULL;
}

void walk_free(struct walk *w) {
  if (w == NULL)
    return;
  binding_free(w->binding);
  owners_free(w->owners);
  region_clear(&w->region);
  free(w);
}
