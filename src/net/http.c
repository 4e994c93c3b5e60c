#include "net/http.h"

#include "base/clock.h"
#include "net/tape.h"
#include "net/transfer.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* No wait is longer: a wake-up that got lost costs this much. */
#define WAIT_MS 500

struct http {
  const struct http_options *options;
  struct rate_limit *rate_limit;
  CURLM *multi;
  struct transfer *slots;
  size_t running;
  uint64_t requests;
  atomic_bool stopped;
  bool woken; /* with a tape: nothing has ended since the clock's last move */
};

/* ---- one transfer ------------------------------------------------------- */

/* What the tape has instead of the network. */
static int slot_find(struct transfer *slot, struct error *err) {
  const struct tape *tape = tape_current();
  if (tape->find(tape->arg, &slot->request, slot->exchange, err) != 0)
    return -1;
  slot->http->requests += slot->exchange->sends;
  slot->reply.sent = true;
  return 0;
}

static int slot_send(struct transfer *slot, struct error *err) {
  struct http *http = slot->http;
  answer_begin(&slot->answer, &slot->request, &slot->reply);
  if (tape_current() != NULL && slot->exchange == NULL)
    return error_memory(err);
  if (tape_plays())
    return slot_find(slot, err);
  if (transfer_send(slot, http->multi, err) != 0)
    return -1;
  http->requests++;
  slot->reply.sent = true;
  if (slot->exchange != NULL)
    slot->exchange->sends++;
  return 0;
}

/* An error of our own says more than the one in which curl ended for it. */
static void slot_conclude(struct transfer *slot,
                          const struct http_ending *ending) {
  struct http_reply *reply = &slot->reply;
  enum error_code code = ending->error.code;
  reply->status = ending->status;
  reply->reached = ending->reached;
  reply->refused = ending->refused;
  reply->seconds = ending->seconds;
  reply->retry_after_ms = ending->retry_after_ms;
  if (reply->status < 300 || reply->status > 399)
    reply->location[0] = '\0'; /* of what was created */
  if (code == ERROR_NONE && reply->error.code == ERROR_NONE) {
    answer_end(&slot->answer);
  } else if (code == ERROR_LIMIT || reply->error.code == ERROR_NONE) {
    reply->error = ending->error;
    reply->cut_short = ending->cut_short && !slot->answer.packed;
  }
}

static void slot_end(struct transfer *slot, const struct http_work *work) {
  struct http *http = slot->http;
  if (!tape_plays())
    curl_multi_remove_handle(http->multi, slot->easy);
  transfer_forget(slot);
  slot->busy = slot->waits = false;
  http->running--;
  answer_clear(&slot->answer); /* an answer that failed may be large */
  work->done(work->arg, &slot->request, &slot->reply);
}

static void slot_drop(struct transfer *slot) {
  if (slot->exchange != NULL)
    exchange_clear(slot->exchange);
  free(slot->exchange);
  slot->exchange = NULL;
}

/* With a tape, its exchange has ended: only now the answer is read. */
static void slot_read(struct transfer *slot, const struct http_work *work) {
  const struct tape *tape = tape_current();
  tape_move(slot->exchange->ended_ms);
  if (tape->keep != NULL)
    tape->keep(tape->arg, &slot->request, slot->exchange);
  exchange_read(slot->exchange, &slot->answer);
  slot_conclude(slot, &slot->exchange->ending);
  slot_end(slot, work);
}

/* And one that never ends. */
static void slot_leave(struct transfer *slot) {
  const struct tape *tape = tape_current();
  slot->exchange->open = true;
  if (tape->keep != NULL)
    tape->keep(tape->arg, &slot->request, slot->exchange);
}

static void slot_begin(struct transfer *slot, const struct http_work *work) {
  struct error err;
  slot->waits = false;
  if (slot_send(slot, &err) == 0)
    return;
  slot->reply.error = err;
  slot_end(slot, work);
}

/* A firewall may forget an idle connection without a word. A request that gets
 * no answer on one is made again. (If it was closed, libcurl does that.) */
static bool slot_again(struct transfer *slot, CURLcode result) {
  long connects = 0, sent = 0;
  curl_easy_getinfo(slot->easy, CURLINFO_NUM_CONNECTS, &connects);
  curl_easy_getinfo(slot->easy, CURLINFO_REQUEST_SIZE, &sent);
  if (result == CURLE_OK || slot->again || connects > 0 || sent == 0 ||
      slot->answer.header_bytes > 0 ||
      (slot->exchange != NULL && slot->exchange->nhead > 0))
    return false;
  curl_multi_remove_handle(slot->http->multi, slot->easy);
  slot->again = slot->waits = true;
  return true;
}

/* ---- many transfers ----------------------------------------------------- */

struct http *http_new(const struct http_options *options,
                      struct rate_limit *rate_limit, struct error *err) {
  struct http *http = calloc(1, sizeof(*http));
  if (http == NULL)
    goto fail;
  http->options = options;
  http->rate_limit = rate_limit;
  http->multi = curl_multi_init();
  http->slots = calloc(options->width, sizeof(*http->slots));
  if (http->multi == NULL || http->slots == NULL)
    goto fail;
  curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)options->width);
  return http;
fail:
  error_memory(err);
  http_free(http);
  return NULL;
}

void http_free(struct http *http) {
  if (http == NULL)
    return;
  for (size_t i = 0; http->slots != NULL && i < http->options->width; i++) {
    transfer_close(&http->slots[i]);
    answer_clear(&http->slots[i].answer);
    slot_drop(&http->slots[i]);
  }
  free(http->slots);
  curl_multi_cleanup(http->multi);
  free(http);
}

/* One that is free, or NULL. Its handle is made when it is first needed. */
static struct transfer *free_slot(struct http *http) {
  for (size_t i = 0; i < http->options->width; i++) {
    struct transfer *slot = &http->slots[i];
    if (slot->busy)
      continue;
    transfer_open(slot);
    slot->http = http;
    slot->options = http->options;
    return slot;
  }
  return NULL;
}

/* What waits for its time: a request at the rate limit, or the caller. */
struct waiting {
  struct http_request request;
  bool held;
  int64_t at_ms; /* when to ask the caller again; 0: no such time */
};

/* Ends all that is under way or waits, with the same error. */
static int break_off(struct http *http, const struct http_work *work,
                     const struct waiting *waiting, const struct error *why,
                     struct error *err) {
  for (size_t i = 0; i < http->options->width; i++) {
    struct transfer *slot = &http->slots[i];
    if (!slot->busy)
      continue;
    if (slot->exchange != NULL)
      slot_leave(slot);
    slot->reply.error = *why;
    slot_end(slot, work);
  }
  if (waiting->held) {
    struct http_reply reply = {.error = *why};
    work->done(work->arg, &waiting->request, &reply);
  }
  if (err != NULL)
    *err = *why;
  return -1;
}

/* Those that go out once more. Returns how long the first of the rest waits. */
static int64_t start_again(struct http *http, const struct http_work *work) {
  for (size_t i = 0; i < http->options->width; i++) {
    struct transfer *slot = &http->slots[i];
    int64_t wait =
        slot->waits ? rate_limit_pass(http->rate_limit, clock_ms()) : 0;
    if (wait > 0)
      return wait;
    if (slot->waits)
      slot_begin(slot, work);
  }
  return 0;
}

static void start_slot(struct transfer *slot,
                       const struct http_request *request,
                       const struct http_work *work) {
  slot->request = *request;
  slot->again = false;
  slot->busy = true;
  slot->http->running++;
  slot_drop(slot);
  if (tape_current() != NULL)
    slot->exchange = calloc(1, sizeof(*slot->exchange));
  slot_begin(slot, work);
}

/* Starts what may start. Returns for how long nothing more will. */
static int64_t start_requests(struct http *http, const struct http_work *work,
                              struct waiting *w) {
  struct transfer *slot;
  w->at_ms = 0;
  int64_t first = start_again(http, work);
  if (first > 0)
    return first;
  while ((slot = free_slot(http)) != NULL) {
    if (!w->held) {
      memset(&w->request, 0, sizeof(w->request));
      w->held = work->next(work->arg, &w->request, &w->at_ms);
    }
    if (!w->held)
      return w->at_ms > 0 ? w->at_ms - clock_ms() : WAIT_MS;
    int64_t wait = rate_limit_pass(http->rate_limit, clock_ms());
    if (wait > 0)
      return wait;
    w->held = false;
    start_slot(slot, &w->request, work);
  }
  return WAIT_MS;
}

/* A transfer that has ended; NULL: none has, or only to go out once more. */
static struct transfer *take_ended(struct http *http, CURLcode *ret,
                                   bool *any) {
  int left = 0;
  const CURLMsg *msg;
  while ((msg = curl_multi_info_read(http->multi, &left)) != NULL) {
    if (msg->msg != CURLMSG_DONE)
      continue;
    struct transfer *slot = NULL;
    *ret = msg->data.result;
    curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&slot);
    *any = true;
    if (!slot_again(slot, *ret))
      return slot;
  }
  return NULL;
}

static bool end_finished(struct http *http, const struct http_work *work) {
  bool any = false;
  CURLcode result = CURLE_OK;
  struct http_ending ending;
  struct transfer *slot;
  while ((slot = take_ended(http, &result, &any)) != NULL) {
    transfer_ending(slot, result, &ending);
    slot_conclude(slot, &ending);
    slot_end(slot, work);
  }
  return any;
}

static int poll_timeout(int64_t wait) {
  return wait < 0 ? 0 : wait < WAIT_MS ? (int)wait : WAIT_MS;
}

/* ---- one step of many --------------------------------------------------- */
/* Each moves what is under way, until that time at the latest. With a tape one
 * thing happens at a time: an exchange ends, or the clock gets there. */

static void step(struct http *http, const struct http_work *work,
                 int64_t until_ms) {
  int running;
  curl_multi_perform(http->multi, &running);
  if (!end_finished(http, work))
    curl_multi_poll(http->multi, NULL, 0, poll_timeout(until_ms - clock_ms()),
                    NULL);
}

static void wake(struct http *http, int64_t until_ms) {
  http->woken = true;
  tape_move(until_ms);
}

/* Whoever plays it lets an exchange that ends at the time of a wake come
 * first. */
static int64_t end_stamp(struct http *http, int64_t now, int64_t until_ms) {
  int64_t least = clock_ms() + (http->woken ? 1 : 0);
  http->woken = false;
  return now < least ? least : now < until_ms ? now : until_ms;
}

static void step_recording(struct http *http, const struct http_work *work,
                           int64_t until_ms) {
  bool again = false;
  while (!again && !atomic_load(&http->stopped)) {
    int running;
    CURLcode result = CURLE_OK;
    curl_multi_perform(http->multi, &running);
    struct transfer *slot = take_ended(http, &result, &again);
    int64_t now = tape_now();
    if (slot != NULL) {
      slot->exchange->ended_ms = end_stamp(http, now, until_ms);
      transfer_ending(slot, result, &slot->exchange->ending);
      slot_read(slot, work);
      return;
    }
    if (now >= until_ms) {
      wake(http, until_ms);
      return;
    }
    curl_multi_poll(http->multi, NULL, 0, poll_timeout(until_ms - now), NULL);
  }
}

static void step_playing(struct http *http, const struct http_work *work,
                         int64_t until_ms) {
  struct transfer *first = NULL;
  for (size_t i = 0; i < http->options->width; i++) {
    struct transfer *slot = &http->slots[i];
    if (slot->busy && !slot->exchange->open &&
        (first == NULL || slot->exchange->order < first->exchange->order))
      first = slot;
  }
  if (first != NULL && first->exchange->ended_ms <= until_ms)
    slot_read(first, work);
  else
    wake(http, until_ms);
}

static void step_any(struct http *http, const struct http_work *work,
                     int64_t until_ms) {
  if (tape_plays())
    step_playing(http, work, until_ms);
  else if (tape_current() != NULL)
    step_recording(http, work, until_ms);
  else
    step(http, work, until_ms);
}

int http_run(struct http *http, const struct http_work *work,
             int64_t deadline_ms, struct error *err) {
  struct waiting waiting = {.held = false};
  struct error why;
  for (;;) {
    int64_t now = clock_ms();
    if (atomic_load(&http->stopped)) {
      error_set(&why, ERROR_STOPPED, "stopped");
      return break_off(http, work, &waiting, &why, err);
    }
    if (now >= deadline_ms) {
      error_set(&why, ERROR_DEADLINE, "the deadline has passed");
      return break_off(http, work, &waiting, &why, err);
    }
    int64_t wait = start_requests(http, work, &waiting);
    if (http->running == 0 && !waiting.held && waiting.at_ms == 0)
      return 0;
    int64_t until_ms = now + (wait > 0 ? wait : 1);
    step_any(http, work, until_ms < deadline_ms ? until_ms : deadline_ms);
  }
}

uint64_t http_requests(const struct http *http) { return http->requests; }

void http_stop(struct http *http) {
  atomic_store(&http->stopped, true);
  curl_multi_wakeup(http->multi);
}

/* Whichever libcurl there is at run time; configure asks for the same. */
static int check_libcurl(struct error *err) {
  const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
  bool quick = curl->version_num >= 0x075700 /* CURLOPT_QUICK_EXIT */;
  if (quick && (curl->features & CURL_VERSION_ASYNCHDNS) != 0)
    return 0;
  return error_set(err, ERROR_CONFIG,
                   "libcurl %s %s: collectd could not be stopped while a name "
                   "is looked up",
                   curl->version,
                   quick ? "has no asynchronous resolver"
                         : "is older than 7.87.0");
}

int http_start_up(struct error *err) {
  if (check_libcurl(err) != 0)
    return -1;
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return error_set(err, ERROR_MEMORY, "libcurl does not start");
  return 0;
}

void http_shut_down(void) { curl_global_cleanup(); }
