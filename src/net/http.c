#include "net/http.h"

#include "base/clock.h"
#include "net/hint.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No wait is longer: a wake-up that got lost costs this much. */
#define WAIT_MS 500
/* The hash of no body, which S3 wants named and libcurl leaves to us. */
#define EMPTY_SHA256                                                           \
  "x-amz-content-sha256: "                                                     \
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
/* A host that does not even answer the door holds a thread no longer. */
#define CONNECT_MS 10000
/* Seconds. Firewalls and balancers forget connections that are idle, and say
 * nothing; names move to other addresses. What a walk asks follows faster. */
#define IDLE_MOST 10L
#define CONNECTION_MOST 300L
#define DNS_MOST 60L
/* So long without a packet, and the kernel asks whether the peer is there. */
#define KEEPALIVE 15L
/* Seconds at most, lest a mistake of one proxy ends all values for a day. */
#define RETRY_AFTER_MOST 3600

/* One transfer. */
struct slot {
  struct http *http;
  CURL *easy;
  struct curl_slist *headers;
  struct http_request request;
  struct http_reply reply;
  struct http_answer answer;
  bool busy;
  bool waits; /* to go out once more, */
  bool again; /* or has done so */
  char error[CURL_ERROR_SIZE];
};

struct http {
  const struct http_options *options;
  struct rate_limit *rate_limit;
  CURLM *multi;
  struct slot *slots;
  size_t running;
  uint64_t requests;
  atomic_bool stopped;
};

/* ---- one transfer ------------------------------------------------------- */

static size_t on_write(char *data, size_t size, size_t count, void *arg) {
  struct slot *slot = arg;
  size_t len = size * count;
  long *status = &slot->reply.status;
  if (*status == 0)
    curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, status);
  return answer_body(&slot->answer, data, len) == 0 ? len : 0;
}

static size_t on_header(char *data, size_t size, size_t count, void *arg) {
  struct slot *slot = arg;
  return answer_header(&slot->answer, data, size * count) == 0 ? size * count
                                                               : 0;
}

/* One of them is a token. */
static void forget_headers(struct slot *slot) {
  for (struct curl_slist *at = slot->headers; at != NULL; at = at->next)
    explicit_bzero(at->data, strlen(at->data));
  curl_slist_free_all(slot->headers);
  slot->headers = NULL;
}

static int slot_headers(struct slot *slot, struct error *err) {
  const char *const *given = slot->request.headers;
  /* uwsgi never sends "100 Continue": waiting for it costs a second. Where
   * requests are signed there is no body, and libcurl would sign the header. */
  const char *next = slot->request.sigv4 != NULL ? EMPTY_SHA256 : "Expect:";
  forget_headers(slot);
  for (size_t i = 0; next != NULL; i++) {
    struct curl_slist *more = curl_slist_append(slot->headers, next);
    if (more == NULL)
      return error_memory(err);
    slot->headers = more;
    next = i < HTTP_HEADERS ? given[i] : NULL;
  }
  return 0;
}

static void trust_connections(CURL *easy) {
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, IDLE_MOST);
  curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, CONNECTION_MOST);
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, DNS_MOST);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, KEEPALIVE);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, KEEPALIVE);
}

/* What stays the same for all requests of a slot. */
static void slot_options(struct slot *slot) {
  const struct http_options *o = slot->http->options;
  CURL *easy = slot->easy;
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT,
                   "collectd-openstack/" OPENSTACK_PLUGIN_VERSION);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* a proxy's */
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
  trust_connections(easy);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, o->verify_peer ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, o->verify_host ? 2L : 0L);
  if (o->ca_cert != NULL) {
    /* Instead of the system's, which Debian's libcurl has as a folder. */
    curl_easy_setopt(easy, CURLOPT_CAINFO, o->ca_cert);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
  }
  if (o->client_cert != NULL)
    curl_easy_setopt(easy, CURLOPT_SSLCERT, o->client_cert);
  if (o->client_key != NULL)
    curl_easy_setopt(easy, CURLOPT_SSLKEY, o->client_key);
  /* A name that does not resolve holds a thread in the C library's resolver.
   * Without this curl waits for it, for as long as the resolver likes. */
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, slot->error);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
}

static int slot_send(struct slot *slot, struct error *err) {
  const struct http_request *request = &slot->request;
  answer_begin(&slot->answer, &slot->request, &slot->reply);
  slot->error[0] = '\0';
  if (slot->easy == NULL)
    return error_memory(err);
  if (slot_headers(slot, err) != 0)
    return -1;
  curl_easy_reset(slot->easy); /* keeps connections and the DNS cache */
  slot_options(slot);
  int64_t timeout = slot->http->options->timeout_ms;
  CURL *easy = slot->easy;
  /* http_run() watches the deadline, and reports it as one. */
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   (long)(timeout < CONNECT_MS ? timeout : CONNECT_MS));
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, slot->again ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_URL, request->url);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, slot->headers);
  if (strcmp(request->method, "HEAD") == 0)
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (request->body != NULL)
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
  if (request->sigv4 != NULL) {
    curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, request->sigv4);
    curl_easy_setopt(easy, CURLOPT_USERPWD, request->sigv4_user_key);
  }
  if (curl_multi_add_handle(slot->http->multi, easy) != CURLM_OK)
    return error_memory(err);
  slot->http->requests++;
  return 0;
}

/* libcurl ends a header of over 100 KiB; before 8.6 it says "memory". */
static bool header_too_long(const struct slot *slot, CURLcode result) {
  curl_off_t first_byte_us = 0;
  curl_easy_getinfo(slot->easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte_us);
  bool while_headers_came = first_byte_us > 0 && slot->reply.bytes == 0;
#if LIBCURL_VERSION_NUM >= 0x080600
  return while_headers_came && result == CURLE_TOO_LARGE;
#else
  return while_headers_came && result == CURLE_OUT_OF_MEMORY;
#endif
}

/* Be it said in seconds or as a date. */
static int64_t retry_after_ms(CURL *easy) {
  curl_off_t seconds = 0;
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
  if (seconds < 0)
    return 0;
  return (seconds < RETRY_AFTER_MOST ? seconds : RETRY_AFTER_MOST) * 1000;
}

/* Is this only the end of the body that is missing? A checksum, a length or a
 * frame that is wrong says more: that what came may be. */
static bool is_cut_short(CURLcode result) {
  return result == CURLE_PARTIAL_FILE || result == CURLE_RECV_ERROR ||
         result == CURLE_HTTP2_STREAM;
}

/* What curl's result means to us. */
static void slot_conclude(struct slot *slot, CURLcode result) {
  struct http_reply *reply = &slot->reply;
  curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &reply->status);
  reply->retry_after_ms = retry_after_ms(slot->easy);
  if (reply->status < 300 || reply->status > 399)
    reply->location[0] = '\0'; /* of what was created */
  if (result == CURLE_OK) {
    answer_end(&slot->answer);
  } else if (header_too_long(slot, result)) {
    error_set(&reply->error, ERROR_LIMIT,
              "the answer's headers are over %d KiB", HTTP_HEADER_LIMIT / 1024);
  } else if (reply->error.code == ERROR_NONE) {
    /* libcurl repeats a proxy that it cannot read, password and all. */
    bool safe = slot->error[0] != '\0' && strchr(slot->error, '@') == NULL;
    error_set(&reply->error, ERROR_TRANSPORT, "%s",
              safe ? slot->error : curl_easy_strerror(result));
    hint_add(&reply->error, slot->request.url);
    reply->error.detail = (int)result;
    reply->cut_short = !slot->answer.packed && is_cut_short(result);
  }
}

static void slot_end(struct slot *slot, const struct http_work *work) {
  struct http *http = slot->http;
  curl_multi_remove_handle(http->multi, slot->easy);
  forget_headers(slot);
  slot->busy = slot->waits = false;
  http->running--;
  answer_clear(&slot->answer); /* an answer that failed may be large */
  work->done(work->arg, &slot->request, &slot->reply);
}

static void slot_begin(struct slot *slot, const struct http_work *work) {
  struct error err;
  slot->waits = false;
  if (slot_send(slot, &err) == 0)
    return;
  slot->reply.error = err;
  slot_end(slot, work);
}

/* A firewall may forget an idle connection without a word. A request that gets
 * no answer on one is made again. (If it was closed, libcurl does that.) */
static bool slot_again(struct slot *slot, CURLcode result) {
  long connects = 0, sent = 0;
  curl_easy_getinfo(slot->easy, CURLINFO_NUM_CONNECTS, &connects);
  curl_easy_getinfo(slot->easy, CURLINFO_REQUEST_SIZE, &sent);
  if (result == CURLE_OK || slot->again || connects > 0 || sent == 0 ||
      slot->answer.header_bytes > 0)
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
    curl_easy_cleanup(http->slots[i].easy);
    forget_headers(&http->slots[i]);
    answer_clear(&http->slots[i].answer);
  }
  free(http->slots);
  curl_multi_cleanup(http->multi);
  free(http);
}

/* A slot that is free, or NULL. Handles are made when they are first needed:
 * most walks never have two transfers at once. */
static struct slot *free_slot(struct http *http) {
  for (size_t i = 0; i < http->options->width; i++) {
    struct slot *slot = &http->slots[i];
    if (slot->busy)
      continue;
    if (slot->easy == NULL)
      slot->easy = curl_easy_init();
    slot->http = http;
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
    struct slot *slot = &http->slots[i];
    if (!slot->busy)
      continue;
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
    struct slot *slot = &http->slots[i];
    int64_t wait =
        slot->waits ? rate_limit_pass(http->rate_limit, clock_ms()) : 0;
    if (wait > 0)
      return wait;
    if (slot->waits)
      slot_begin(slot, work);
  }
  return 0;
}

static void start_slot(struct slot *slot, const struct http_request *request,
                       const struct http_work *work) {
  slot->request = *request;
  slot->again = false;
  slot->busy = true;
  slot->http->running++;
  slot_begin(slot, work);
}

/* Starts what may start. Returns for how long nothing more will. */
static int64_t start_requests(struct http *http, const struct http_work *work,
                              struct waiting *w) {
  struct slot *slot;
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

static bool end_finished(struct http *http, const struct http_work *work) {
  bool any = false;
  int left = 0;
  const CURLMsg *msg;
  while ((msg = curl_multi_info_read(http->multi, &left)) != NULL) {
    if (msg->msg != CURLMSG_DONE)
      continue;
    struct slot *slot = NULL;
    CURLcode result = msg->data.result;
    curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&slot);
    any = true;
    if (slot_again(slot, result))
      continue;
    slot_conclude(slot, result);
    slot_end(slot, work);
  }
  return any;
}

static int poll_timeout(int64_t wait, int64_t until_deadline) {
  if (wait > until_deadline)
    wait = until_deadline;
  if (wait > WAIT_MS)
    wait = WAIT_MS;
  return wait > 0 ? (int)wait : 0;
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
    int running;
    curl_multi_perform(http->multi, &running);
    if (!end_finished(http, work))
      curl_multi_poll(http->multi, NULL, 0,
                      poll_timeout(wait, deadline_ms - now), NULL);
  }
}

/* ---- a single one ------------------------------------------------------- */

struct single {
  const struct http_request *request; /* NULL once it has begun */
  struct http_reply *reply;
};

static bool single_next(void *arg, struct http_request *ret_request,
                        int64_t *ret_at_ms) {
  (void)ret_at_ms;
  struct single *single = arg;
  if (single->request == NULL)
    return false;
  *ret_request = *single->request;
  single->request = NULL;
  return true;
}

static void single_done(void *arg, const struct http_request *request,
                        const struct http_reply *reply) {
  (void)request;
  *((struct single *)arg)->reply = *reply;
}

int http_one(struct http *http, const struct http_request *request,
             int64_t deadline_ms, struct http_reply *ret_reply,
             struct error *err) {
  struct single single = {.request = request, .reply = ret_reply};
  struct http_work work = {
      .next = single_next, .done = single_done, .arg = &single};
  *ret_reply = (struct http_reply){.status = 0};
  if (http_run(http, &work, deadline_ms, err) != 0)
    return -1;
  if (ret_reply->error.code == ERROR_NONE)
    return 0;
  if (err != NULL)
    *err = ret_reply->error;
  return -1;
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
