#include "walk/pass.h"

#include "base/clock.h"
#include "keystone/session.h"
#include "meter/pieces.h"
#include "net/http.h"
#include "share/member.h"
#include "walk/fetch.h"
#include "walk/pace.h"
#include "walk/progress.h"
#include "walk/queue.h"
#include "walk/verdict.h"

#include <stdlib.h>
#include <string.h>

/* So many projects in a row that fail: the service does. */
#define FAILURES_IN_A_ROW 3
#define RETRY_ONCE_MS 1000
/* So many denied and none let in but its own: the role does not reach. */
#define DENIED_AT_FIRST 8

struct pass {
  const struct pass_plan *plan;
  struct pass_result *result;
  struct progress *at; /* the plan's, or its own */
  struct progress own;
  struct fetch *fetches;
  size_t width;
  size_t begun; /* in this walk */
  size_t failures_in_a_row;
  bool over;
  bool asked; /* the first request has ended */
  struct session_token token;
  unsigned refused;   /* its generation, if another one is to be had; or 0 */
  struct error error; /* the first that matters */
};

/* ---- what an answer means ----------------------------------------------- */

static void stop_pass(struct pass *p, const struct error *err) {
  if (p->error.code == ERROR_NONE)
    p->error = *err;
  p->over = p->result->given_up = true;
}

/* A fetch has failed for good. One project's failure is not the walk's. */
static void fetch_failed(struct fetch *f) {
  struct pass *p = f->owner;
  struct error err = {0};
  fetch_error(f, &err);
  if (f->asked != NULL &&
      (err.code == ERROR_STOPPED || err.code == ERROR_DEADLINE)) {
    p->over = true; /* no fault of this project's, which is not finished */
    return;
  }
  if (f->asked != NULL && err.code == ERROR_VERSION) { /* nor is that */
    p->error = err;
    p->over = true;
    return;
  }
  f->state = FETCH_IDLE;
  if (p->result->failed++ == 0)
    p->at->failure = err;
  if (f->asked == NULL || err.code == ERROR_LOGIN ||
      ++p->failures_in_a_row >= FAILURES_IN_A_ROW)
    stop_pass(p, &err);
  else if (p->error.code == ERROR_NONE)
    p->error = err;
}

static void fetch_finished(struct fetch *f) {
  struct pass *p = f->owner;
  f->state = FETCH_IDLE;
  p->result->asked++;
  p->failures_in_a_row = 0;
}

/* A whole answer has ended. */
static void take_page(struct fetch *f, const struct http_reply *reply) {
  struct pass_result *result = ((struct pass *)f->owner)->result;
  int more = fetch_take(f, reply);
  if (more < 0)
    fetch_failed(f);
  if (f->pages.total > 0)
    result->listed = f->pages.total;
  if (more > 0 && f->plan->probe) {
    result->more = true;
    fetch_finished(f);
    return;
  }
  if (more == 0) {
    pages_note_cut(&f->pages, result);
    fetch_finished(f);
  }
}

static void take_denied(struct fetch *f, const struct http_reply *reply) {
  struct pass *p = f->owner;
  bool said = reply->said[0] != '\0';
  error_set(&f->error, ERROR_DENIED, "HTTP 403%s%s%s", said ? " (" : "",
            reply->said, said ? ")" : "");
  if (f->asked == NULL) {
    fetch_failed(f);
    return;
  }
  if (p->result->denied++ == 0)
    p->at->nothing = f->error;
  fetch_finished(f);
  size_t open = p->result->asked - p->result->denied - p->result->absent;
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

static enum error_code status_code(const struct fetch *f, long status) {
  if (status == 406 && f->plan->version != NULL)
    return ERROR_VERSION;
  return fetch_meaning(f, status) == MEANS_ABSENT ? ERROR_ABSENT : ERROR_STATUS;
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

/* For good, with what the answer says of it. */
static void refuse_status(struct fetch *f, const struct http_reply *reply,
                          enum meaning meaning) {
  const char *url = pages_url(&f->pages);
  error_set(&f->error, status_code(f, reply->status),
            "HTTP %ld from %.*s%s%s%s%s%s", reply->status,
            (int)strcspn(url, "?"), url,
            meaning == MEANS_PROXY ? ", a proxy's answer by its headers" : "",
            reply->location[0] != '\0' ? ", a redirect to " : "",
            reply->location, reply->said[0] != '\0' ? ": " : "", reply->said);
  f->error.detail = (int)reply->status;
  fetch_failed(f);
}

static void take_status(struct fetch *f, const struct http_reply *reply) {
  struct pass *p = f->owner;
  const char *url = pages_url(&f->pages);
  enum meaning meaning = fetch_meaning(f, reply->status);
  if (reply->status == 401 && retry_with_token(f))
    return;
  if (meaning == MEANS_ABSENT && f->asked != NULL) {
    if (p->result->absent++ == 0 && p->result->denied == 0)
      error_set(&p->at->nothing, ERROR_STATUS, "HTTP %ld from %.*s",
                reply->status, (int)strcspn(url, "?"), url);
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
  refuse_status(f, reply, meaning);
}

/* ---- the two ends of http_run ------------------------------------------- */

static void begin_next(struct pass *p, struct fetch *f, int64_t now) {
  const struct pass_plan *plan = p->plan;
  bool again;
  if ((plan->most > 0 && p->begun == plan->most) ||
      (plan->begin_until_ms > 0 && now >= plan->begin_until_ms) ||
      !queue_next(plan, p->at, &f->number, &again))
    return;
  p->begun++;
  fetch_begin(f, queue_asked(plan, f->number));
  f->again = again;
}

/* A login would stop the transfers that are under way, so they end first. */
static bool needs_token(const struct pass *p) {
  return plan_uses_token(p->plan) &&
         (p->refused != 0 || clock_ms() >= p->token.ends_at_ms);
}

/* Another daemon may have begun the same by now. */
static bool may_go_on(struct pass *p, int64_t *ret_at_ms) {
  struct error err;
  bool waits = member_fence(&p->plan->unit, p->plan->parts) == FENCE_WAIT;
  if (waits)
    *ret_at_ms = clock_ms() + FENCE_LOOK_MS;
  else if (verdict_moved(p->plan, &err))
    stop_pass(p, &err);
  return !waits && !p->over;
}

static bool pass_next(void *arg, struct http_request *ret_request,
                      int64_t *ret_at_ms) {
  struct pass *p = arg;
  int64_t now = clock_ms();
  for (size_t i = 0; i < p->width && may_go_on(p, ret_at_ms) && !needs_token(p);
       i++) {
    struct fetch *f = &p->fetches[i];
    if (f->state == FETCH_READY && queue_has_moved(p->plan, f->asked))
      f->state = FETCH_IDLE;
    if (f->state == FETCH_IDLE)
      begin_next(p, f, now);
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

/* A request that never went out says nothing of the service; nor does one that
 * the end of the daemon broke off. */
static void tell_first(struct pass *p, const struct http_reply *reply,
                       bool whole) {
  const struct outcome outcome = {.status = whole ? reply->status : 0,
                                  .seconds = reply->seconds,
                                  .bytes = reply->bytes};
  if (p->asked || !reply->sent || reply->error.code == ERROR_STOPPED)
    return;
  p->asked = true;
  if (p->plan->on_first != NULL)
    p->plan->on_first(p->plan->first_arg, &outcome);
}

/* Where no record is looked for, any answer will do. */
static void take_any(struct fetch *f, const struct http_reply *reply) {
  struct pass *p = f->owner;
  if (reply->status < 500) {
    p->result->pages++;
    fetch_finished(f);
    return;
  }
  p->result->retry_after_ms = reply->retry_after_ms;
  refuse_status(f, reply, MEANS_FAILURE);
}

static void pass_done(void *arg, const struct http_request *request,
                      const struct http_reply *reply) {
  struct pass *p = arg;
  struct fetch *f = request->arg;
  /* Of a listing there are no other successes: 206 is a part of one. */
  bool success = reply->status == 200 || reply->status == 204;
  p->result->bytes += reply->bytes;
  p->result->answered |= reply->status != 0;
  /* All JSON has come: that the connection then broke does not matter. */
  bool whole = reply->error.code == ERROR_NONE ||
               (reply->cut_short && success && fetch_has_all(f));
  bool well = whole && f->error.code == ERROR_NONE;
  fetch_end(f, well && success && fetch_has_all(f));
  tell_first(p, reply, well);
  if (f->error.code != ERROR_NONE) {
    fetch_failed(f);
  } else if (!whole) {
    f->error = reply->error;
    if (f->error.code == ERROR_TRANSPORT && !reply->reached)
      f->error.code = ERROR_UNREACHED;
    if (!retry_once(f, reply))
      fetch_failed(f);
  } else if (p->plan->listing->record == NULL) {
    take_any(f, reply);
  } else if (success) {
    take_page(f, reply);
  } else {
    take_status(f, reply);
  }
}

static int send_totals(struct pass *p, struct error *err) {
  struct totals **last = p->plan->totals;
  struct sample_output *output = &p->at->output;
  output->now = pace_time(p->plan->listing, output->now);
  if (p->at->seen.broken ||
      !samples_totals(p->plan->binding, last != NULL ? *last : NULL, output))
    return error_memory(err);
  output->refused += totals_refused(output->totals);
  if (last == NULL)
    return 0;
  totals_free(*last);
  *last = output->totals;
  output->totals = NULL;
  return 0;
}

/* Who is still to be asked, and where a new pass would begin so that nobody
 * starves. */
static void note_position(struct pass *p) {
  const struct pass_plan *plan = p->plan;
  struct progress *at = p->at;
  size_t left = at->next;
  for (size_t i = 0; i < p->width; i++) {
    const struct fetch *f = &p->fetches[i];
    if (f->state == FETCH_IDLE)
      continue;
    if (!f->again) {
      at->again[at->nagain++] = f->number;
      at->torn |= f->pages.page > 1;
      continue;
    }
    /* Twice: it takes longer than a walk. */
    struct error err;
    error_set(&err, ERROR_DEADLINE, "the deadline has passed");
    error_wrap(&err, "%s %s", listing_asked(plan->listing), f->asked->id);
    if (p->result->failed++ == 0)
      at->failure = err;
    if (p->error.code == ERROR_NONE)
      p->error = err;
  }
  for (size_t i = 0; i < at->nagain; i++)
    left = at->again[i] < left ? at->again[i] : left;
  if (plan->nasked > 0)
    p->result->next_asked = (plan->first_asked + left) % plan->nasked;
  p->result->cut = plan->nasked > 0 && left < plan_asks(plan);
}

/* A new pass, or one that goes on. */
static int pass_init(struct pass *p, struct error *err) {
  const struct pass_plan *plan = p->plan;
  struct progress *at = p->at =
      plan->progress != NULL ? plan->progress : &p->own;
  progress_result(at, p->result);
  p->result->next_asked = plan->first_asked;
  p->width = plan->listing->scope == LISTING_CLOUD ? 1 : plan->width;
  p->fetches = calloc(p->width, sizeof(*p->fetches));
  if (p->fetches == NULL)
    return error_memory(err);
  if (!at->begun && progress_begin(at, plan->binding, p->width, err) != 0)
    return -1;
  struct sample_output *output = &at->output;
  output->sink = plan->sink;
  output->arg = plan->sink_arg;
  output->wanted = plan->wanted;
  output->wanted_arg = plan->wanted_arg;
  output->owners = plan->owners;
  output->interval_ms = plan->interval_ms;
  output->now = plan->begun;
  for (size_t i = 0; i < p->width; i++) {
    p->fetches[i] = (struct fetch){.plan = plan,
                                   .result = p->result,
                                   .seen = &at->seen,
                                   .output = output,
                                   .token = &p->token,
                                   .owner = p};
    if (fetch_init(&p->fetches[i], err) != 0)
      return -1;
  }
  return 0;
}

/* What the next walk goes on with is kept. */
static void pass_clear(struct pass *p) {
  const struct pass_result *result = p->result;
  for (size_t i = 0; p->fetches != NULL && i < p->width; i++)
    fetch_clear(&p->fetches[i]);
  free(p->fetches);
  session_token_clear(&p->token);
  progress_keep(p->at, result);
  if (!result->cut || result->given_up)
    progress_end(p->at);
  progress_clear(&p->own);
}

static int take_token(struct pass *p, struct error *err) {
  const struct session_asker asker = {.deadline_ms = p->plan->deadline_ms,
                                      .refused = p->refused};
  if (!plan_uses_token(p->plan))
    return 0;
  session_token_clear(&p->token);
  p->refused = 0;
  return session_token(p->plan->session, &asker, &p->token, err);
}

/* All transfers; between them, never among them, a token if one is needed. */
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

/* Was the time too short to come to the end, and used nevertheless? `before` so
 * many had been asked. */
static bool goes_on(const struct pass *p, size_t before) {
  return p->plan->progress != NULL && p->result->cut && !p->result->given_up &&
         p->result->asked > before;
}

/* How the transfers ended: 0, or -1 and the first error that matters. */
static int judge_end(const struct pass *p, int ended, size_t before,
                     struct error *err) {
  const struct error *error = &p->error;
  if (ended != 0 && err->code == ERROR_DEADLINE && goes_on(p, before))
    ended = 0;
  if (ended == 0 && error->code == ERROR_NONE && !p->result->cut &&
      p->result->failed > 0) { /* in an earlier walk */
    p->result->kept = true;
    *err = p->at->failure;
    return -1;
  }
  if (ended == 0 && error->code == ERROR_NONE)
    return !p->result->cut || goes_on(p, before)
               ? 0
               : error_set(err, ERROR_DEADLINE, "no time for another");
  /* Ours says at which page; a project's failure is less than the deadline. */
  if (ended == 0 || error->code == err->code)
    *err = *error;
  return -1;
}

int pass_run(const struct pass_plan *plan, struct pass_result *ret_result,
             struct error *err) {
  struct pass p = {.plan = plan, .result = ret_result};
  int status = pass_init(&p, err);
  if (status != 0)
    goto out;
  size_t before = ret_result->asked;
  status = run_transfers(&p, err);
  note_position(&p);
  status = judge_end(&p, status, before, err);
  if (status == 0 && !ret_result->cut)
    status = verdict_asked(plan, p.at, ret_result, err);
  status = verdict_moved(plan, err) ? -1 : status;
  ret_result->blind = status == 0 && verdict_is_blind(plan, ret_result);
  if (status == 0 && verdict_has_totals(plan, p.at, ret_result))
    status = send_totals(&p, err);
  ret_result->notes = p.at->output.notes;
  ret_result->refused = p.at->output.refused;
out:
  pass_clear(&p);
  return status;
}
