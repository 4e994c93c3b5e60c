#include "walk/walk.h"

#include "base/clock.h"
#include "walk/account.h"
#include "walk/owners.h"
#include "walk/region.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* So many passes in a row fail: has the endpoint moved? */
#define DOUBT_FAILURES 3

struct walk {
  struct walk_options options;
  struct walk_visitor visitor;
  const struct meter **meters;
  struct binding *binding;
  struct owners *owners; /* NULL: the listing has none */
  struct http *http;
  struct pool_job job;
  atomic_bool stopped;
  /* the running round's alone */
  struct place nowhere;
  struct places places;
  /* under the lock, which is never held across I/O */
  pthread_mutex_t lock;
  bool busy;
  uint64_t round; /* begun so far */
  uint64_t skipped;
  const struct turn *leader;
  int status;
};

/* ---- turns -------------------------------------------------------------- */

enum turn_result walk_turn(struct turn *turn) {
  struct walk *w = turn->walk;
  enum turn_result result = TURN_RIDE;
  pthread_mutex_lock(&w->lock);
  if (turn->seen < w->round) {
    turn->seen = w->round;
  } else if (w->busy) {
    result = TURN_SKIP;
    if (turn == w->leader) /* its siblings' turns are the same one */
      w->skipped++;
  } else {
    result = TURN_LEAD;
    w->busy = true;
    w->leader = turn;
    turn->seen = ++w->round;
  }
  pthread_mutex_unlock(&w->lock);
  return result;
}

/* ---- a round ------------------------------------------------------------ */

static void note_failure(struct walk *w, struct place *place,
                         struct walk_summary *summary,
                         const struct error *err) {
  int64_t pause =
      place_failed(place, err,
                   &(struct place_round){.interval_ms = w->options.interval_ms,
                                         .nprojects = summary->nprojects,
                                         .pass = &summary->pass});
  summary->retry_ms = pause > w->options.interval_ms / 2 ? pause : 0;
  if (place->failures >= DOUBT_FAILURES && err->code != ERROR_LOGIN &&
      err->code != ERROR_DENIED)
    session_doubt(w->options.session);
}

/* Completes the summary and tells the visitor. */
static void tell(struct walk *w, struct place *place,
                 struct walk_summary *summary) {
  const struct listing *listing = w->options.listing;
  bool failed = place->error.code != ERROR_NONE;
  struct error trouble;
  summary->region = place->region;
  summary->named = place->named;
  if (place->late)
    summary->first_region = session_first_region(w->options.session);
  summary->up = !failed;
  summary->failures = place->failures;
  summary->since_success_ms =
      place->success_at_ms > 0 ? clock_ms() - place->success_at_ms : -1;
  summary->few_rights = listing->role != NULL &&
                        !session_has_role(w->options.session, listing->role);
  summary->login_fails = session_trouble(w->options.session, &trouble);
  pthread_mutex_lock(&w->lock);
  summary->skipped = w->skipped;
  if (failed && place->error.code != ERROR_ABSENT)
    w->status = -1;
  pthread_mutex_unlock(&w->lock);
  w->visitor.end(w->visitor.arg, summary, failed ? &place->error : NULL);
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
  const struct walk_visitor *visitor = &lookup->walk->visitor;
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
  visitor->sample(visitor->arg, &named);
}

/* A filter that nobody can judge by must fail: values would slip past it. */
static int look_up(struct lookup *lookup, struct pass_plan *plan,
                   struct walk_summary *summary, struct error *err) {
  const struct walk_options *o = &lookup->walk->options;
  bool each = o->listing->scope == LISTING_PROJECT;
  bool filters = projects_filter_records(o->projects);
  bool must = each || filters || o->names == NAMES_MUST;
  struct error failure = {0};
  if (!must && o->names == NAMES_NONE)
    return 0;
  const struct projects_asker asker = {
      .http = plan->http, .deadline_ms = plan->deadline_ms, .must = must};
  if (projects_get(o->projects, &asker, &lookup->view, &failure) != 0) {
    if (must || failure.code == ERROR_STOPPED) {
      *err = failure;
      return -1;
    }
    summary->nameless = failure;
    return 0;
  }
  const struct project_view *view = lookup->view;
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
  summary->own_project_only = must && view->own_only;
  summary->own_domain_only = must && view->own_domain;
  summary->projects_cut = must && view->truncated;
  summary->projects_round = must ? view->round : 0;
  plan->partial = (each || filters) && view->truncated;
  if (o->metadata)
    summary->nameless = view->nameless;
  return 0;
}

/* ---- a pass over a region ----------------------------------------------- */

/* How far a round over projects came, for the operator. */
static void say_progress(const struct walk_summary *summary,
                         struct error *err) {
  const struct pass_result *pass = &summary->pass;
  if (summary->nprojects == 0)
    return;
  if (err->code == ERROR_DEADLINE)
    error_wrap(err, "%zu of %zu projects done, the next round goes on there",
               pass->projects, summary->nprojects);
  else if (pass->failed > 0)
    error_wrap(err, "%zu of %zu projects failed", pass->failed,
               summary->nprojects);
}

/* The owners first, if the listing has some: a filter holds for them. */
static int run_pass(struct walk *w, struct place *place, struct pass_plan *plan,
                    struct walk_summary *summary, struct error *err) {
  struct roster owners = {0};
  struct pass_result ahead = {.pages = 0};
  int status = 0;
  if (w->owners != NULL) {
    plan->agreement = &place->owners_agreement;
    status = owners_list(w->owners, plan, &owners, &ahead, err);
    plan->owners = &owners;
    plan->wanted = NULL;
  }
  plan->agreement = &place->agreement;
  if (status == 0)
    status = agreement_pass(plan, &summary->pass, err);
  else /* its records are not the walk's, but the rest is */
    summary->pass = (struct pass_result){
        .pages = ahead.pages, .retry_after_ms = ahead.retry_after_ms};
  summary->pass.bytes += ahead.bytes;
  roster_clear(&owners);
  return status;
}

static int visit(struct walk *w, struct place *place, const char *url,
                 struct walk_summary *summary, struct error *err) {
  const struct walk_options *o = &w->options;
  struct account account;
  if (account_find(&account, o->access, o->session, url) != 0)
    return error_memory(err);
  struct pass_plan plan = {
      .listing = o->listing,
      .binding = w->binding,
      .session = o->session,
      .http = w->http,
      .width = o->http->width,
      .access = o->access,
      .url = url,
      .account_prefix = account.prefix,
      .doubt = account_doubt(&account, o->listing),
      .deadline_ms = place->deadline_ms,
      .totals = &place->totals,
      .sink = w->visitor.sample,
      .sink_arg = w->visitor.arg,
  };
  struct lookup lookup = {.walk = w};
  int status = look_up(&lookup, &plan, summary, err);
  if (status != 0)
    goto out;
  plan.first_project =
      plan.nprojects > 0 ? place->next_project % plan.nprojects : 0;
  status = run_pass(w, place, &plan, summary, err);
  place->next_project = summary->pass.next_project;
  projects_put(o->projects, lookup.view);
  if (status != 0)
    say_progress(summary, err);
  else if (plan.partial)
    status = error_set(err, ERROR_HIDDEN,
                       "Keystone's list_limit hides some of the projects: no "
                       "totals, and no values of those");
out:
  account_clear(&account);
  return status;
}

static void run_place(struct walk *w, struct place *place, const char *url) {
  struct walk_summary summary = {.ran = false};
  struct error err = {0};
  int64_t begun = clock_ms();
  if (begun < place->retry_at_ms) {
    summary.retry_ms = place->retry_at_ms - begun;
    tell(w, place, &summary);
    return;
  }
  uint64_t requests = http_requests(w->http);
  w->visitor.begin(w->visitor.arg, place->region, place->named);
  int status = visit(w, place, url, &summary, &err);
  summary.ran = true;
  summary.duration_ms = clock_ms() - begun;
  summary.requests = http_requests(w->http) - requests;
  if (status == 0)
    place_worked(place);
  else
    note_failure(w, place, &summary, &err);
  tell(w, place, &summary);
}

/* A region that could not even be asked. */
static void miss_place(struct walk *w, struct place *place,
                       const struct error *err) {
  struct walk_summary summary = {.ran = false};
  note_failure(w, place, &summary, err);
  place->retry_at_ms = summary.retry_ms = 0; /* it costs no request */
  tell(w, place, &summary);
}

/* No login, or no such service: it is said of the regions that there were, or
 * of none. */
static void run_nowhere(struct walk *w, const struct error *err) {
  for (size_t i = 0; i < w->places.n; i++)
    miss_place(w, &w->places.list[i], err);
  if (w->places.n == 0)
    miss_place(w, &w->nowhere, err);
}

static const char *service_of(const struct walk *w) {
  const struct walk_options *o = &w->options;
  if (o->listing->auth == AUTH_S3 && o->access->s3_service != NULL)
    return o->access->s3_service;
  return o->listing->service;
}

static int run_region(struct walk *w, const struct endpoint *endpoint,
                      int64_t deadline_ms) {
  struct error err;
  struct place *place = places_find(&w->places, endpoint->region, &err);
  if (place == NULL) {
    miss_place(w, &w->nowhere, &err);
    return -1;
  }
  place->named = endpoint->named;
  place->late = endpoint->late;
  place->deadline_ms = deadline_ms;
  if (endpoint->url != NULL)
    run_place(w, place, endpoint->url);
  else
    miss_place(w, place, &endpoint->lack);
  return 0;
}

static void run_round(struct walk *w) {
  struct endpoints endpoints = {0};
  struct error err = {0};
  int64_t deadline = clock_ms() + w->options.interval_ms * 8 / 10;
  const struct endpoint_query query = {.service = service_of(w),
                                       .major =
                                           agreement_major(w->options.listing),
                                       .deadline_ms = deadline};
  if (session_endpoints(w->options.session, &query, &endpoints, &err) != 0) {
    run_nowhere(w, &err);
    return;
  }
  w->nowhere.error = (struct error){0};
  w->nowhere.failures = 0;
  for (size_t i = 0; i < endpoints.n && !atomic_load(&w->stopped); i++) {
    /* Each region gets its share of what is left, so that a slow one leaves
     * time for those behind it. */
    int64_t now = clock_ms();
    int64_t share = (deadline - now) / (int64_t)(endpoints.n - i);
    if (run_region(w, &endpoints.list[i], now + share) != 0)
      break;
  }
  endpoints_clear(&endpoints);
}

void walk_run(struct walk *w) {
  pthread_mutex_lock(&w->lock);
  w->status = 0;
  pthread_mutex_unlock(&w->lock);
  run_round(w);
  pthread_mutex_lock(&w->lock);
  w->busy = false;
  pthread_mutex_unlock(&w->lock);
}

/* ---- life cycle --------------------------------------------------------- */

static void run_job(void *arg) { walk_run(arg); }

struct walk *walk_new(const struct walk_options *options, struct error *err) {
  struct walk *w = calloc(1, sizeof(*w));
  if (w == NULL) {
    error_memory(err);
    return NULL;
  }
  pthread_mutex_init(&w->lock, NULL);
  w->options = *options;
  w->job = (struct pool_job){.run = run_job, .arg = w};
  w->meters = calloc(options->nmeters, sizeof(*w->meters));
  if (w->meters == NULL) {
    error_memory(err);
    goto fail;
  }
  memcpy(w->meters, options->meters, options->nmeters * sizeof(*w->meters));
  w->options.meters = w->meters;
  w->binding = binding_new(options->listing, w->meters, options->nmeters,
                           options->metadata, err);
  if (w->binding == NULL)
    goto fail;
  if (options->listing->owners != NULL) {
    w->owners = owners_new(options->listing, err);
    if (w->owners == NULL)
      goto fail;
  }
  w->http = http_new(options->http, options->rate_limit, err);
  if (w->http == NULL)
    goto fail;
  return w;
fail:
  walk_free(w);
  return NULL;
}

void walk_free(struct walk *w) {
  if (w == NULL)
    return;
  http_free(w->http);
  binding_free(w->binding);
  owners_free(w->owners);
  places_clear(&w->places);
  free(w->meters);
  pthread_mutex_destroy(&w->lock);
  free(w);
}

void walk_visit(struct walk *w, const struct walk_visitor *visitor) {
  w->visitor = *visitor;
}

const struct listing *walk_listing(const struct walk *w) {
  return w->options.listing;
}

int64_t walk_interval_ms(const struct walk *w) {
  return w->options.interval_ms;
}

struct pool_job *walk_job(struct walk *w) {
  return &w->job;
}

int walk_status(struct walk *w) {
  pthread_mutex_lock(&w->lock);
  int status = w->status;
  pthread_mutex_unlock(&w->lock);
  return status;
}

void walk_stop(struct walk *w) {
  atomic_store(&w->stopped, true);
  http_stop(w->http);
}
