#include "walk/walk_report.h"

#include "base/clock.h"
#include "keystone/session.h"
#include "walk/task.h"

/* So many passes in a row fail: has the endpoint moved? */
#define DOUBT_FAILURES 3

void walk_report_failure(struct walk *w, struct walk_summary *summary,
                         const struct error *err) {
  summary->own_failure = !summary->pass.kept;
  int64_t pause = region_failed(
      &w->region, err,
      &(struct failed_walk){.interval_ms = w->pace.turn_ms,
                            .nasked = summary->nasked,
                            .unasked = !summary->ran || summary->unasked,
                            .pass = &summary->pass});
  /* Does the pause outlast the next interval? */
  summary->retry_ms =
      summary->duration_ms + pause > w->pace.turn_ms ? pause : 0;
  if (summary->unasked) /* whoever failed has a pause of its own */
    w->region.retry_at_ms = summary->retry_ms = 0;
  /* What is absent, and not just missed, has not moved. */
  if (w->region.failures >= DOUBT_FAILURES && err->code != ERROR_LOGIN &&
      err->code != ERROR_DENIED && w->region.error.code != ERROR_ABSENT)
    session_doubt(w->options->session);
}

void walk_report_end(struct walk *w, struct walk_summary *summary) {
  const struct region *region = &w->region;
  const struct listing *listing = w->options->listing;
  bool failed = region->error.code != ERROR_NONE;
  struct error trouble;
  summary->region = region->name;
  summary->time = pace_time(listing, w->begun);
  if (w->late)
    summary->first_region = session_first_region(w->options->session);
  summary->interval_ms = w->options->interval_ms;
  summary->up = !failed;
  summary->undecided = !failed && region->success_at_ms == 0;
  summary->failures = region->failures;
  summary->since_success_ms =
      region->success_at_ms > 0 ? clock_ms() - region->success_at_ms : -1;
  summary->few_rights = listing->role != NULL &&
                        !session_has_role(w->options->session, listing->role);
  summary->login_fails = session_trouble(w->options->session, &trouble);
  summary->login_retry_ms = session_retry_ms(w->options->session);
  summary->goes_on = w->asked.progress.begun;
  summary->skipped = w->skipped_all + atomic_load(&w->skipped);
  w->visitor->end(w->visitor_state, summary, failed ? &region->error : NULL);
}

static bool has_request_meters(const struct walk *w) {
  for (size_t i = 0; i < w->options->nmeters; i++)
    if (w->options->meters[i]->of == METER_REQUEST)
      return true;
  return false;
}

/* Meters of the request: its walk may fail behind it. */
void walk_report_outcome(struct walk *w, const struct outcome *outcome) {
  struct sample_output output = {.sink = w->sink,
                                 .arg = w->sink_arg,
                                 .now =
                                     pace_time(w->options->listing, w->begun)};
  samples_request(w->binding, outcome, &output);
}

void walk_report_pause(struct walk *w, int64_t pause_ms) {
  bool down = w->down && pause_ms > 0; /* and not just nobody due */
  if (down && has_request_meters(w)) {
    w->visitor->begin(w->visitor_state, w->asked.progress.begun);
    walk_report_outcome(w, &(struct outcome){.status = 0});
  }
  board_post(&w->seat, down ? NEWS_BACKOFF : NEWS_QUIET, NULL);
  walk_report_end(
      w, &(struct walk_summary){.idle = pause_ms == 0, .retry_ms = pause_ms});
}

void walk_report_moved(struct walk *w, struct walk_summary *summary,
                       const struct error *err) {
  asked_list_give_up(&w->asked); /* it begins anew if it comes back */
  if (!w->heard)
    board_post(&w->seat, NEWS_QUIET, NULL);
  summary->region = w->region.name;
  w->visitor->end(w->visitor_state, summary, err);
}

void walk_report_unasked(struct walk *w, const struct error *err) {
  struct walk_summary summary = {.ran = false, .unasked = true};
  board_post(&w->seat, NEWS_QUIET, NULL);
  walk_report_failure(w, &summary, err);
  walk_report_end(w, &summary);
}
