#include "walk/walk.h"

#include "base/clock.h"
#include "keystone/session.h"
#include "net/http_pool.h"
#include "settings/cloud.h"
#include "share/member.h"
#include "share/shard.h"
#include "walk/account.h"
#include "walk/lookup.h"
#include "walk/owners.h"
#include "walk/pass.h"
#include "walk/projects.h"
#include "walk/walk_owners.h"
#include "walk/walk_report.h"

#include <stdlib.h>

/* ---- the first request -------------------------------------------------- */

/* Only the first of the listings that a walk reads tells, and of its tries. */
static void on_first(void *arg, const struct outcome *outcome) {
  struct walk *w = arg;
  if (w->heard)
    return;
  w->heard = true;
  w->down = !outcome_is_good(outcome);
  walk_report_outcome(w, outcome);
  board_post(&w->seat, NEWS_OUTCOME, outcome);
}

/* What others were answered, instead of a request. False: nobody knows. */
static bool run_from_board(struct walk *w) {
  struct outcome outcome;
  if (!board_look(&w->seat, &outcome))
    return false;
  w->visitor->begin(w->visitor_state, w->asked.progress.begun);
  walk_report_outcome(w, &outcome);
  if (outcome_is_good(&outcome))
    region_worked(&w->region);
  walk_report_end(w, &(struct walk_summary){.ran = false});
  return true;
}

/* ---- a pass over a region ----------------------------------------------- */

/* How far a pass over projects or owners came, for the operator. */
static void report_progress(const struct walk *w,
                            const struct walk_summary *summary,
                            struct error *err) {
  const struct pass_result *pass = &summary->pass;
  const char *word = listing_asked(w->options->listing);
  if (summary->nasked == 0)
    return;
  if (err->code == ERROR_DEADLINE && pass->cut)
    error_wrap(err, "%zu of %zu %ss done, the next walk goes on there",
               pass->asked, summary->nasked, word);
  else if (pass->failed > 0)
    error_wrap(err, "%zu of %zu %ss failed", pass->failed, summary->nasked,
               word);
}

/* Whom the pass asks: a new list, or that of a pass under way. */
static int list_asked(struct walk *w, const struct lookup *lookup,
                      const struct pass_plan *plan,
                      struct walk_summary *summary, struct error *err) {
  struct asked_list *list = &w->asked;
  if (list->progress.begun)
    return 0;
  list->hidden = plan->partial;
  if (w->owners != NULL && walk_owners_list(w, plan, summary, err) != 0)
    return -1;
  list->partial =
      list->hidden || summary->owners.truncated || summary->owners.blind;
  if (plan->listing->scope == LISTING_OWNER)
    return asked_list_owners(list, err);
  if (plan->listing->scope != LISTING_PROJECT)
    return 0;
  bool split = w->options->unit.n > 1;
  return asked_list_projects(list, w->options->projects, lookup->view,
                             split ? w->parts : MEMBER_ALL, err);
}

/* The pass, or as much of it as this walk is to make. */
static int run_pass(struct walk *w, struct pass_plan *plan,
                    struct walk_summary *summary, struct error *err) {
  const struct asked_list *list = &w->asked;
  bool whole = plan->most == 0;
  plan->asked = list->asked;
  plan->nasked = summary->nasked = list->n;
  plan->partial = list->partial;
  if (!whole)
    plan->most = asked_list_due(list, &w->pace);
  plan->first_asked = list->n > 0 ? w->region.next_asked % list->n : 0;
  plan->interval_ms = asked_list_takes_ms(list, &w->pace);
  if (w->owners != NULL) {
    plan->owners = &list->owners->roster;
    plan->wanted = NULL;
  }
  plan->agreement = &w->region.agreement;
  const struct pass_result *before = &summary->owners;
  walk_owners_begin(w);
  int status = agreement_pass(plan, &summary->pass, err);
  walk_owners_end(w, status, &summary->pass);
  summary->pass.bytes += before->bytes;
  summary->pass.answered |= before->answered;
  int64_t takes = asked_list_takes_ms(list, &w->pace);
  if (list->progress.begun && takes > w->options->interval_ms)
    summary->takes_ms = takes; /* now that a walk has shown how many it asks */
  return status;
}

/* It was given up, or failed before anybody was asked: a new one is due as soon
 * as the back-off ends. */
static bool is_void(const struct walk *w, const struct pass_result *pass,
                    int status) {
  bool nobody = pass->asked + pass->failed == 0;
  return !w->asked.progress.begun &&
         (pass->given_up || (status != 0 && nobody));
}

/* A pass over the projects that are wanted, from where the last one broke off.
 */
static int run_with_projects(struct walk *w, struct pass_plan *plan,
                             struct walk_summary *summary, struct error *err) {
  struct lookup lookup = {.options = w->options,
                          .sink = w->sink,
                          .sink_arg = w->sink_arg,
                          .view = w->asked.view};
  summary->unasked = lookup_projects(&lookup, plan, summary, err) != 0;
  if (summary->unasked)
    return -1;
  bool listed = list_asked(w, &lookup, plan, summary, err) == 0;
  int status = listed ? run_pass(w, plan, summary, err) : -1;
  if (lookup.view != w->asked.view) /* which holds it */
    projects_put(w->options->projects, lookup.view);
  if (is_void(w, &summary->pass, status))
    asked_list_give_up(&w->asked);
  else
    asked_list_walked(&w->asked);
  if (listed && !w->asked.progress.begun)
    w->region.next_asked = summary->pass.next_asked;
  if (status != 0)
    report_progress(w, summary, err);
  else if (w->asked.hidden)
    status = error_set(err, ERROR_HIDDEN,
                       "Keystone's list_limit hides some of the projects: no "
                       "totals, and no values of those");
  return status;
}

static void set_times(struct walk *w, struct pass_plan *plan, bool whole) {
  bool each = w->options->listing->scope != LISTING_CLOUD;
  int64_t now = clock_ms();
  int64_t share =
      whole ? INTERVAL_SHARE(w->pace.interval_ms) : pace_share_ms(&w->pace);
  plan->deadline_ms = now + share;
  plan->begin_until_ms = each ? now + PACE_BEGINS(share) : 0;
  plan->progress = &w->asked.progress;
  plan->most = w->pace.paced && !whole;
}

static int walk_region_at(struct walk *w, const struct walk_target *target,
                          struct walk_summary *summary, struct error *err) {
  const struct walk_options *o = w->options;
  struct account account;
  if (account_find(&account, o->access, o->session, target->url) != 0)
    return error_memory(err);
  struct pass_plan plan = {
      .listing = o->listing,
      .binding = w->binding,
      .session = o->session,
      .http = w->http,
      .width = o->width,
      .access = o->access,
      .probe = o->probe,
      .url = target->url,
      .begun = w->begun,
      .account_prefix = account.prefix,
      .doubt = account_doubt(&account, o->listing),
      .totals = &w->region.totals,
      .sink = w->sink,
      .sink_arg = w->sink_arg,
      .on_first = on_first,
      .first_arg = w,
      .unit = o->unit,
      .parts = &w->parts,
  };
  set_times(w, &plan, target->whole);
  int status = run_with_projects(w, &plan, summary, err);
  account_clear(&account);
  return status;
}

/* A pass that goes on has, if nobody failed so far and some were let in. */
static bool shows_success(const struct walk *w,
                          const struct pass_result *pass) {
  return !w->asked.progress.begun ||
         (pass->failed == 0 && pass->asked > pass->denied + pass->absent);
}

/* Past its fence nothing of it counts, wherever it has come to: another daemon
 * tells how it goes there. */
static bool has_moved(struct walk *w, struct error *err) {
  if (member_fence_wait(&w->options->unit, &w->parts) == FENCE_OPEN)
    return false;
  error_set(err, ERROR_MOVED, "another daemon may walk it now");
  return true;
}

/* With a transfer that is lent. */
static void run_pass_at(struct walk *w, const struct walk_target *target) {
  struct walk_summary summary = {.ran = true};
  struct error err = {0};
  int64_t begun = clock_ms();
  uint64_t requests = http_requests(w->http);
  w->heard = false;
  w->visitor->begin(w->visitor_state, w->asked.progress.begun);
  int status = walk_region_at(w, target, &summary, &err);
  if (status != 0 && err.code != ERROR_STOPPED && err.code != ERROR_MOVED)
    (void)has_moved(w, &err);
  summary.duration_ms = clock_ms() - begun;
  summary.requests = http_requests(w->http) - requests;
  w->cut = err.code == ERROR_MOVED || err.code == ERROR_STOPPED;
  if (err.code == ERROR_MOVED) {
    walk_report_moved(w, &summary, &err);
    return;
  }
  if (status != 0)
    walk_report_failure(w, &summary, &err);
  else if (shows_success(w, &summary.pass))
    region_worked(&w->region);
  if (err.code == ERROR_DENIED || err.code == ERROR_ABSENT)
    w->down = false;
  if (!w->heard)
    board_post(&w->seat, NEWS_QUIET, NULL);
  walk_report_end(w, &summary);
}

/* ---- what others ask ---------------------------------------------------- */

/* Nothing of its requests, which are spread over the interval, is due. */
static bool is_idle(struct walk *w, const struct walk_target *target) {
  if (asked_list_is_old(&w->asked, &w->pace))
    asked_list_give_up(&w->asked);
  return w->pace.paced && !target->whole &&
         asked_list_rests(&w->asked, &w->pace);
}

/* A pass that goes on is of those shards that none of its walks has lost. */
static void set_parts(struct walk *w, uint64_t parts) {
  if (w->options->unit.n > 1) {
    if (w->asked.progress.begun)
      w->asked.parts &= w->parts; /* of the last walk's end */
    if ((w->asked.parts & parts) == 0)
      asked_list_give_up(&w->asked); /* all of them are others' now */
    if (w->asked.progress.begun)
      parts &= w->asked.parts;
  }
  w->parts = parts;
}

static int run(struct walk *w, const struct walk_target *target) {
  struct error err = {0};
  int64_t pause = w->region.retry_at_ms - clock_ms();
  w->begun = clock_wall();
  w->skipped_all = target->skipped;
  set_parts(w, target->parts);
  w->cut = has_moved(w, &err);
  if (w->cut) { /* while it waited for a login, or a thread */
    w->heard = false;
    walk_report_moved(w, &(struct walk_summary){.ran = false}, &err);
    return 0;
  }
  if (target->url == NULL) {
    walk_report_unasked(w, &target->lack);
  } else if (run_from_board(w)) {
    return 0;
  } else if (pause > 0 || is_idle(w, target)) {
    walk_report_pause(w, pause > 0 ? pause : 0);
  } else if ((w->http = http_pool_take(w->options->http_pool, &err)) != NULL) {
    run_pass_at(w, target);
    http_pool_give(w->options->http_pool, w->http);
  } else if (err.code == ERROR_STOPPED) {
    w->cut = true;
    return -1;
  } else {
    walk_report_unasked(w, &err);
  }
  enum error_code code = w->region.error.code;
  return code == ERROR_NONE || code == ERROR_ABSENT ? 0 : -1;
}

int walk_run(struct walk *w, const struct walk_target *target) {
  int status = run(w, target);
  walk_owners_lend(w);
  return status;
}

const char *walk_service(const struct walk_options *o) {
  return access_service(o->access, o->listing);
}

void walk_skip(struct walk *w) {
  if (!w->pace.paced) /* what is due can wait for the next turn */
    atomic_fetch_add(&w->skipped, 1);
  board_post(&w->seat, NEWS_QUIET, NULL);
  rosters_lend(&w->roster, NULL);
}

void walk_wake(struct walk *w, void (*wake)(void *arg), void *arg) {
  w->seat.wake = w->roster.board.wake = wake;
  w->seat.wake_arg = w->roster.board.wake_arg = arg;
}

/* A pass that goes on has its owners. */
bool walk_waits(struct walk *w, int64_t turn_ms) {
  return board_wait(&w->seat, turn_ms) ||
         (!w->asked.progress.begun && board_wait(&w->roster.board, turn_ms));
}

bool walk_give_up(struct walk *w) {
  return board_give_up(&w->seat) || board_give_up(&w->roster.board);
}

uint64_t walk_parts(const struct walk *w) { return w->parts; }

bool walk_goes_on(const struct walk *w) { return w->asked.progress.begun; }

bool walk_was_cut(const struct walk *w) { return w->cut; }

const char *walk_region(const struct walk *w) { return w->region.name; }

/* What is shared looks at its fence ahead of each sample; shards each at their
 * own. */
static void on_sample(void *arg, const struct sample *sample) {
  struct walk *w = arg;
  const struct member_unit *unit = &w->options->unit;
  uint64_t bit = unit->n > 1 && sample->project != NULL
                     ? (uint64_t)1 << shard_of(sample->project)
                     : w->parts;
  uint64_t left = w->parts & bit;
  if (left != 0 && member_fence(unit, &left) != FENCE_SHUT)
    w->visitor->sample(w->visitor_state, sample);
  else
    w->parts &= ~bit;
}

int walk_visit(struct walk *w, const struct walk_visitor *visitor,
               struct error *err) {
  w->visitor = visitor;
  w->visitor_state = visitor->open(visitor->arg, w->region.name, w->named);
  bool shared = w->options->unit.member != NULL;
  w->sink = visitor->sample;
  w->sink_arg = w->visitor_state;
  if (shared || walk_owners_lends(w)) {
    w->sink = shared ? on_sample : walk_owners_sample;
    w->sink_arg = w;
  }
  return w->visitor_state != NULL ? 0 : error_memory(err);
}

static void take_seat(struct walk *w) {
  const struct walk_options *o = w->options;
  w->seat = (struct board_seat){.board = o->board,
                                .service = walk_service(o),
                                .region = w->region.name,
                                .interval_ms = o->interval_ms,
                                .looks = o->listing->any_request};
  board_sit(&w->seat);
}

struct walk *walk_new(const struct walk_options *options,
                      const struct endpoint *endpoint, struct error *err) {
  struct walk *w = calloc(1, sizeof(*w));
  if (w == NULL) {
    error_memory(err);
    return NULL;
  }
  w->options = options;
  w->pace = pace_of(options->listing, options->interval_ms);
  w->pace.request_rate = options->request_rate;
  if (endpoint != NULL) {
    w->named = endpoint->named;
    w->late = endpoint->late;
    if (region_init(&w->region, endpoint->region, err) != 0)
      goto fail;
    take_seat(w);
    walk_owners_sit(w);
  }
  w->binding = walk_owners_binding(w, err);
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
  board_leave(&w->seat);
  rosters_leave(&w->roster);
  binding_free(w->binding);
  owners_free(w->owners);
  asked_list_drop(&w->asked);
  region_clear(&w->region);
  free(w);
}
