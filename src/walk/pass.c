#include "walk/pass.h"

#include "base/clock.h"
#include "base/idset.h"
#include "keystone/session.h"
#include "net/extract.h"
#include "net/http.h"
#include "walk/fetch.h"

#include <stdlib.h>
#include <string.h>

/* So many projects in a row that fail: the service does. */
#define FAILURES_IN_A_ROW 3
#define RETRY_ONCE_MS 1000
/* So many denied and none let in but its own: the token's role does not
 * reach. */
#define DENIED_AT_FIRST 8

struct pass {
  const struct pass_plan *plan;
  struct pass_result *result;
  struct idset seen;
  struct sample_output output;
  struct fetch *fetches;
  size_t width;
  size_t begun; /* projects, or the one request of LISTING_CLOUD */
  size_t failures_in_a_row;
  bool over;
  struct session_token token;
  unsigned refused;     /* its generation, if another one is to be had; or 0 */
  struct error error;   /* the first that matters */
  struct error nothing; /* what was first answered where there is nothing, or
                           where the token is denied, which counts more */
};

/* ---- what an answer means ----------------------------------------------- */

/* Whom libcurl or the parser speaks of; a status has it already. */
static void name_url(const char *url, struct error *err) {
  const struct error bare = *err;
  error_set(err, bare.code, "%s (%.*s)", bare.text, (int)strcspn(url, "?"),
            url);
  err->detail = bare.detail;
}

/* Where and what, for the operator. */
static void fetch_error(const struct fetch *f, struct error *err) {
  *err = f->error;
  if (err->code == ERROR_LOGIN)
    return;
  if (pages_url(&f->pages) != NULL &&
      (err->code == ERROR_TRANSPORT || err->code == ERROR_PARSE ||
       err->code == ERROR_LIMIT))
    name_url(pages_url(&f->pages), err);
  if (f->project == NULL || f->pages.page > 1)
    error_wrap(err, "page %zu", f->pages.page);
  if (f->project != NULL)
    error_wrap(err, "project %s", f->project);
}

static void stop_pass(struct pass *p, const struct error *err) {
  if (p->error.code == ERROR_NONE)
    p->error = *err;
  p->over = true;
}

/* A fetch has failed for good. One project's failure is not the walk's. */
static void fetch_failed(struct fetch *f) {
  struct pass *p = f->owner;
  struct error err = {0};
  fetch_error(f, &err);
  if (f->project != NULL &&
      (err.code == ERROR_STOPPED || err.code == ERROR_DEADLINE)) {
    p->over = true; /* no fault of this project's, which is not finished */
    return;
  }
  f->state = FETCH_IDLE;
  p->result->failed++;
  if (f->project == NULL || err.code == ERROR_LOGIN ||
      ++p->failures_in_a_row >= FAILURES_IN_A_ROW)
    stop_pass(p, &err);
  else if (p->error.code == ERROR_NONE)
    p->error = err;
}

static void fetch_finished(struct fetch *f) {
  struct pass *p = f->owner;
  f->state = FETCH_IDLE;
  p->result->projects++;
  p->failures_in_a_row = 0;
}

/* A whole answer has ended. */
static void take_page(struct fetch *f, const struct http_reply *reply) {
  int more = fetch_take(f, reply);
  if (more < 0)
    fetch_failed(f);
  if (more == 0) {
    pages_note_cut(&f->pages, ((struct pass *)f->owner)->result);
    fetch_finished(f);
  }
}

static void take_denied(struct fetch *f, const struct http_reply *reply) {
  struct pass *p = f->owner;
  bool said = reply->said[0] != '\0';
  error_set(&f->error, ERROR_DENIED, "HTTP 403%s%s%s", said ? " (" : "",
            reply->said, said ? ")" : "");
  if (f->project == NULL) {
    fetch_failed(f);
    return;
  }
  if (p->result->denied++ == 0)
    p->nothing = f->error;
  fetch_finished(f);
  size_t open = p->result->projects - p->result->denied - p->result->absent;
  if (p->result->denied >= DENIED_AT_FIRST && open <= 1) {
    struct error err = f->error;
    stop_pass(p, &err);
  }
}

/* The server asks to come again later. True: we shall, within this pass. */
static bool retry_after(struct fetch *f, const struct http_reply *reply) {
  struct pass *p = f->owner;
  int64_t at = clock_ms() + reply->retry_after_ms;
  if (reply->retry_after_ms == 0 ||
      (reply->status != 429 && reply->status != 503))
    return false;
  if (++f->tries < PASS_TRIES && at < p->plan->deadline_ms) {
    f->not_before_ms = at;
    f->state = FETCH_READY;
    return true;
  }
  p->result->retry_after_ms = reply->retry_after_ms;
  return false;
}

/* In mid-listing a proxy that reloads would cost all pages that follow: once
 * more, if nothing of the page has been used. A first page can wait for the
 * next round. */
static bool retry_once(struct fetch *f, const struct http_reply *reply) {
  bool gateway = reply->error.code == ERROR_NONE && reply->status >= 502 &&
                 reply->status <= 504;
  if (f->pages.page == 1 || f->pages.records > 0 || f->retried ||
      (!gateway && reply->error.code != ERROR_TRANSPORT))
    return false;
  f->retried = true;
  f->not_before_ms = clock_ms() + RETRY_ONCE_MS;
  f->state = FETCH_READY;
  return true;
}

enum meaning {
  MEANS_FAILURE,
  MEANS_DENIED,  /* the token may not */
  MEANS_ABSENT,  /* there is nothing here */
  MEANS_NOTHING, /* one of both, if the service said so; but it did not */
};

/* A proxy in front of the service knows neither what the token may nor what
 * there is, whatever status its own page has. */
static enum meaning status_meaning(const struct fetch *f, long status) {
  const int *absent = f->plan->listing->absent;
  bool is_absent =
      f->pages.page == 1 && (status == absent[0] || status == absent[1]);
  if (!is_absent && status != 403)
    return MEANS_FAILURE;
  if (!f->from_service)
    return MEANS_NOTHING;
  return is_absent ? MEANS_ABSENT : MEANS_DENIED;
}

static enum error_code status_code(const struct fetch *f, long status) {
  if (status == 406 && f->plan->version != NULL)
    return ERROR_VERSION;
  return status_meaning(f, status) == MEANS_ABSENT ? ERROR_ABSENT
                                                   : ERROR_STATUS;
}

/* A token that was refused: with another one if there is one to be had, or once
 * more with the same, since of two Keystones one may know it. */
static bool retry_with_token(struct fetch *f) {
  struct pass *p = f->owner;
  unsigned generation = p->token.generation;
  if (generation == 0 || ++f->tries >= PASS_TRIES)
    return false;
  bool twice = f->refused == generation;
  f->refused = generation;
  if (session_renew(p->plan->session, generation))
    p->refused = generation;
  else if (twice)
    return false;
  f->state = FETCH_READY;
  return true;
}

static void take_status(struct fetch *f, const struct http_reply *reply) {
  struct pass *p = f->owner;
  const char *url = pages_url(&f->pages);
  enum meaning meaning = status_meaning(f, reply->status);
  if (reply->status == 401 && retry_with_token(f))
    return;
  if (meaning == MEANS_ABSENT && f->project != NULL) {
    if (p->result->absent++ == 0 && p->result->denied == 0)
      error_set(&p->nothing, ERROR_STATUS, "HTTP %ld from %.*s", reply->status,
                (int)strcspn(url, "?"), url);
    fetch_finished(f);
    return;
  }
  if (retry_after(f, reply) || retry_once(f, reply))
    return;
  if (meaning == MEANS_DENIED) {
    take_denied(f, reply);
    return;
  }
  if (reply->status == 401 && p->token.generation != 0 &&
      session_trouble(p->plan->session, &f->error)) {
    fetch_failed(f);
    return;
  }
  error_set(&f->error, status_code(f, reply->status),
            "HTTP %ld from %.*s%s%s%s%s%s", reply->status,
            (int)strcspn(url, "?"), url,
            meaning == MEANS_NOTHING ? ", a proxy's answer by its headers" : "",
            reply->location[0] != '\0' ? ", a redirect to " : "",
            reply->location, reply->said[0] != '\0' ? ": " : "", reply->said);
  f->error.detail = (int)reply->status;
  fetch_failed(f);
}

/* ---- the two ends of http_run ------------------------------------------- */

static const char *project_at(const struct pass_plan *plan, size_t i) {
  if (plan->listing->scope != LISTING_PROJECT)
    return NULL;
  return plan->projects[(plan->first_project + i) % plan->nprojects];
}

static size_t projects_to_ask(const struct pass_plan *plan) {
  return plan->listing->scope == LISTING_PROJECT ? plan->nprojects : 1;
}

static bool uses_token(const struct pass *p) {
  return p->plan->listing->auth != AUTH_S3 && projects_to_ask(p->plan) > 0;
}

/* A login would stop the transfers that are under way, so they end first. */
static bool needs_token(const struct pass *p) {
  return uses_token(p) &&
         (p->refused != 0 || clock_ms() >= p->token.ends_at_ms);
}

static bool pass_next(void *arg, struct http_request *ret_request,
                      int64_t *ret_at_ms) {
  struct pass *p = arg;
  const struct pass_plan *plan = p->plan;
  size_t all = projects_to_ask(plan);
  int64_t now = clock_ms();
  for (size_t i = 0; i < p->width && !p->over && !needs_token(p); i++) {
    struct fetch *f = &p->fetches[i];
    if (f->state == FETCH_IDLE && p->begun < all) {
      f->number = p->begun++;
      fetch_begin(f, project_at(plan, f->number));
    }
    if (f->state != FETCH_READY)
      continue;
    if (f->not_before_ms > now) {
      if (*ret_at_ms == 0 || f->not_before_ms < *ret_at_ms)
        *ret_at_ms = f->not_before_ms;
      continue;
    }
    if (fetch_request(f, ret_request) == 0) {
      f->state = FETCH_RUNNING;
      return true;
    }
    fetch_failed(f);
  }
  return false;
}

static void pass_done(void *arg, const struct http_request *request,
                      const struct http_reply *reply) {
  struct pass *p = arg;
  struct fetch *f = request->arg;
  /* Of a listing there are no other successes: 206 is a part of one. */
  bool success = reply->status == 200 || reply->status == 204;
  p->result->bytes += reply->bytes;
  fetch_end(f);
  /* All JSON has come: that the connection then broke does not matter. */
  bool whole = reply->error.code == ERROR_NONE ||
               (reply->cut_short && success && fetch_has_all(f));
  if (f->error.code != ERROR_NONE) {
    fetch_failed(f);
  } else if (!whole) {
    f->error = reply->error;
    if (!retry_once(f, reply))
      fetch_failed(f);
  } else if (success) {
    take_page(f, reply);
  } else {
    take_status(f, reply);
  }
}

/* What a project that was denied has is not known: a sum without it would be
 * wrong. So would one that lacks what there was no memory for. */
static int send_totals(struct pass *p, struct error *err) {
  struct totals **last = p->plan->totals;
  if (totals_broken(p->output.totals) || p->seen.broken)
    return error_memory(err);
  samples_totals(p->plan->binding, last != NULL ? *last : NULL, &p->output);
  p->output.refused += totals_refused(p->output.totals);
  if (last == NULL)
    return 0;
  totals_free(*last);
  *last = p->output.totals;
  p->output.totals = NULL;
  return 0;
}

/* Nothing for anybody is no empty cloud: it is a wrong path, or a role that
 * reaches nobody. */
static int judge_projects(const struct pass *p, struct error *err) {
  const struct pass_result *r = p->result;
  if (p->plan->listing->scope != LISTING_PROJECT || r->projects == 0 ||
      r->denied + r->absent < r->projects)
    return 0;
  const char *doubt = p->plan->doubt;
  *err = p->nothing;
  if (r->denied > 0)
    return error_wrap(err, "%zu of %zu projects denied, and none has anything",
                      r->denied, r->projects);
  return error_set(err, ERROR_STATUS,
                   "no project of %zu has anything here (%s)%s%s", r->projects,
                   p->nothing.text, doubt != NULL ? ": " : "",
                   doubt != NULL ? doubt : "");
}

/* Neutron (2023.1) hides everything from a token of no project, and answers
 * 200: that it lists nothing does not mean that there is nothing. */
static bool is_blind(const struct pass *p) {
  const struct listing *listing = p->plan->listing;
  struct login_project own;
  bool belong = listing->project != NULL || listing->owners != NULL;
  if (listing->scope != LISTING_CLOUD || !belong ||
      listing->auth != AUTH_TOKEN || p->result->records + p->result->odd > 0)
    return false;
  session_project(p->plan->session, &own);
  return own.id[0] == '\0';
}

/* What was broken off comes first in the next round: nobody starves. */
static void note_position(struct pass *p) {
  const struct pass_plan *plan = p->plan;
  size_t left = p->begun;
  for (size_t i = 0; i < p->width; i++)
    if (p->fetches[i].state != FETCH_IDLE && p->fetches[i].number < left)
      left = p->fetches[i].number;
  if (plan->nprojects > 0)
    p->result->next_project = (plan->first_project + left) % plan->nprojects;
  p->result->cut = left < plan->nprojects;
}

static int pass_init(struct pass *p, struct error *err) {
  const struct pass_plan *plan = p->plan;
  p->output = (struct sample_output){
      .sink = plan->sink,
      .arg = plan->sink_arg,
      .wanted = plan->wanted,
      .wanted_arg = plan->wanted_arg,
      .owners = plan->owners,
      .now = clock_wall(),
      .totals = totals_new(),
      .sent = calloc(binding_meters(plan->binding), sizeof(*p->output.sent)),
      .met = calloc(binding_meters(plan->binding), 1)};
  p->width = plan->listing->scope == LISTING_PROJECT ? plan->width : 1;
  p->fetches = calloc(p->width, sizeof(*p->fetches));
  if (p->fetches == NULL || p->output.totals == NULL ||
      p->output.sent == NULL || p->output.met == NULL)
    return error_memory(err);
  for (size_t i = 0; i < p->width; i++) {
    p->fetches[i] = (struct fetch){.plan = plan,
                                   .result = p->result,
                                   .seen = &p->seen,
                                   .output = &p->output,
                                   .token = &p->token,
                                   .owner = p};
    if (fetch_init(&p->fetches[i], err) != 0)
      return -1;
  }
  return 0;
}

static void pass_clear(struct pass *p) {
  for (size_t i = 0; p->fetches != NULL && i < p->width; i++)
    fetch_clear(&p->fetches[i]);
  free(p->fetches);
  free(p->output.sent);
  free(p->output.met);
  totals_free(p->output.totals);
  idset_clear(&p->seen);
  session_token_clear(&p->token);
}

static int take_token(struct pass *p, struct error *err) {
  const struct session_asker asker = {.deadline_ms = p->plan->deadline_ms,
                                      .refused = p->refused};
  if (!uses_token(p))
    return 0;
  session_token_clear(&p->token);
  p->refused = 0;
  return session_token(p->plan->session, &asker, &p->token, err);
}

/* All transfers; between them, never among them, a token where one is needed.
 */
static int run_transfers(struct pass *p, struct error *err) {
  struct http_work work = {.next = pass_next, .done = pass_done, .arg = p};
  int status = 0;
  do {
    status = take_token(p, err);
    if (status == 0)
      status = http_run(p->plan->http, &work, p->plan->deadline_ms, err);
  } while (status == 0 && !p->over && needs_token(p));
  return status;
}

int pass_run(const struct pass_plan *plan, struct pass_result *ret_result,
             struct error *err) {
  *ret_result = (struct pass_result){.pages = 0};
  struct pass p = {.plan = plan, .result = ret_result};
  int status = pass_init(&p, err);
  if (status != 0)
    goto out;
  int ended = run_transfers(&p, err);
  status = ended == 0 && p.error.code == ERROR_NONE ? 0 : -1;
  /* Ours says at which page; a project's failure is less than the deadline. */
  if (status != 0 && (ended == 0 || p.error.code == err->code))
    *err = p.error;
  note_position(&p);
  if (status == 0)
    status = judge_projects(&p, err);
  ret_result->blind = status == 0 && is_blind(&p);
  if (status == 0 && ret_result->denied == 0 && !ret_result->blind &&
      !plan->partial)
    status = send_totals(&p, err);
  ret_result->notes = p.output.notes;
  ret_result->refused = p.output.refused;
out:
  pass_clear(&p);
  return status;
}
