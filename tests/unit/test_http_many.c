/*
 * http: many transfers at once, and the pace that a cloud is asked at.
 */
#include "stub/httpd.h"
#include "stub/warp.h"

#include "base/clock.h"
#include "base/text.h"
#include "net/http.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define MOST 200

struct fixture {
  struct httpd *httpd;
  struct http_options options;
  struct rate_limit *rate_limit;
  struct http *http;
  /* a piece of work: so many requests, each with its own URL */
  size_t n, asked;
  char *urls[MOST];
  int64_t not_before_ms[MOST];
  int64_t asked_ms[MOST]; /* when `next` was called for it */
  unsigned done[MOST];    /* how often it was reported */
  struct http_reply replies[MOST];
};

static void open_http(struct fixture *f, size_t width, double rate) {
  struct error err;
  f->options = (struct http_options){.timeout_ms = 20000, .width = width};
  f->rate_limit = rate_limit_new(rate);
  f->http = http_new(&f->options, f->rate_limit, &err);
  assert_non_null(f->http);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  f->httpd = httpd_new();
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  http_free(f->http);
  rate_limit_free(f->rate_limit);
  httpd_free(f->httpd);
  for (size_t i = 0; i < MOST; i++)
    free(f->urls[i]);
  free(f);
  return 0;
}

static bool next(void *arg, struct http_request *ret_request,
                 int64_t *ret_at_ms) {
  struct fixture *f = arg;
  assert_null(ret_request->url); /* zeroed */
  if (f->asked == f->n)
    return false;
  size_t i = f->asked;
  if (f->not_before_ms[i] > clock_ms()) {
    *ret_at_ms = f->not_before_ms[i];
    return false;
  }
  f->asked++;
  f->asked_ms[i] = clock_ms();
  free(f->urls[i]);
  f->urls[i] = text_printf("%s/%zu", httpd_url(f->httpd), i);
  *ret_request = (struct http_request){
      .method = "GET", .url = f->urls[i], .arg = &f->done[i]};
  return true;
}

static void done(void *arg, const struct http_request *request,
                 const struct http_reply *reply) {
  struct fixture *f = arg;
  unsigned *count = request->arg;
  (*count)++;
  f->replies[count - f->done] = *reply;
}

static int run(struct fixture *f, size_t n, int64_t ms, struct error *err) {
  const struct http_work work = {.next = next, .done = done, .arg = f};
  f->n = n;
  return http_run(f->http, &work, clock_ms() + ms, err);
}

static void assert_each_done_once(const struct fixture *f) {
  for (size_t i = 0; i < f->asked; i++)
    assert_int_equal(f->done[i], 1);
}

/* ---- width -------------------------------------------------------------- */

static void never_more_at_once_than_the_width(void **state) {
  static const size_t widths[] = {1, 3, 8};
  struct fixture *f = *state;
  struct error err;
  for (size_t i = 0; i < 3; i++) {
    open_http(f, widths[i], 0);
    httpd_forget(f->httpd);
    /* Long enough for all that may begin to have begun. */
    httpd_add(f->httpd, &(struct httpd_answer){.delay_ms = 200, .body = "{}"});
    f->asked = 0;
    memset(f->done, 0, sizeof(f->done));
    assert_int_equal(run(f, 3 * widths[i], 20000, &err), 0);
    assert_each_done_once(f);
    assert_int_equal(f->asked, 3 * widths[i]);
    assert_int_equal(httpd_most(f->httpd), widths[i]);
    http_free(f->http);
    rate_limit_free(f->rate_limit);
    f->http = NULL;
    f->rate_limit = NULL;
  }
}

static void as_many_connections_as_the_width_serve_all(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_http(f, 4, 0);
  httpd_add(f->httpd, &(struct httpd_answer){.delay_ms = 5, .body = "{}"});
  assert_int_equal(run(f, 100, 20000, &err), 0);
  assert_int_equal(httpd_count(f->httpd, "GET", NULL), 100);
  assert_int_equal(httpd_connections(f->httpd), 4);
  assert_int_equal(http_requests(f->http), 100);
}

/* A firewall has forgotten all idle connections: the next one would be silent,
 * too. */
static void what_was_silent_on_one_is_not_tried_on_another_old_one(void **s) {
  struct fixture *f = *s;
  struct error err;
  open_http(f, 2, 0);
  f->options.timeout_ms = 500;
  httpd_add(f->httpd,
            &(struct httpd_answer){.delay_ms = 100, .body = "{}", .times = 2});
  httpd_add(f->httpd, &(struct httpd_answer){
                          .mute = true, .end = HTTPD_HANG, .times = 1});
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  assert_int_equal(run(f, 2, 20000, &err), 0);
  assert_int_equal(httpd_connections(f->httpd), 2);
  assert_int_equal(run(f, 3, 20000, &err), 0);
  assert_int_equal(f->replies[2].status, 200);
  assert_int_equal(httpd_connections(f->httpd), 3);
}

static void an_idle_connection_is_not_trusted_for_long(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_http(f, 1, 0);
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  for (size_t i = 1; i < 4; i++) {
    assert_int_equal(run(f, i, 20000, &err), 0);
    warp(5000);
  }
  assert_int_equal(httpd_connections(f->httpd), 1);
  warp(15000);
  assert_int_equal(run(f, 4, 20000, &err), 0);
  assert_int_equal(httpd_connections(f->httpd), 2);
}

static void one_failure_is_not_the_others(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_http(f, 4, 0);
  httpd_add(f->httpd, &(struct httpd_answer){
                          .target = "/3", .mute = true, .end = HTTPD_RESET});
  httpd_add(f->httpd, &(struct httpd_answer){.target = "/5", .status = 503});
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  assert_int_equal(run(f, 10, 20000, &err), 0);
  assert_each_done_once(f);
  for (size_t i = 0; i < 10; i++) {
    assert_int_equal(f->replies[i].error.code,
                     i == 3 ? ERROR_TRANSPORT : ERROR_NONE);
    assert_int_equal(f->replies[i].status, i == 3 ? 0 : i == 5 ? 503 : 200);
  }
}

static void no_work_is_done_at_once(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_http(f, 4, 1);
  assert_int_equal(run(f, 0, 20000, &err), 0);
  assert_int_equal(httpd_connections(f->httpd), 0);
}

/* ---- time --------------------------------------------------------------- */

static void a_request_waits_for_its_time(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_http(f, 4, 0);
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  int64_t begun = clock_ms();
  f->not_before_ms[1] = begun + 300;
  assert_int_equal(run(f, 2, 20000, &err), 0);
  assert_true(httpd_get(f->httpd, NULL, "/0", 0).at_ms < begun + 250);
  int64_t at = httpd_get(f->httpd, NULL, "/1", 0).at_ms;
  assert_true(at >= begun + 300 && at < begun + 1500);
}

static void who_waits_hears_of_the_deadline(void **state) {
  struct fixture *f = *state;
  struct error err = {0};
  open_http(f, 2, 0);
  httpd_add(f->httpd, &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  f->not_before_ms[1] = clock_ms() + 60000;
  f->options.timeout_ms = 60000;
  int64_t begun = clock_ms();
  assert_int_equal(run(f, 5, 300, &err), -1);
  assert_int_equal(err.code, ERROR_DEADLINE);
  assert_true(clock_ms() - begun < 1500);
  assert_int_equal(f->asked, 1); /* the second was not to be had yet */
  assert_each_done_once(f);
  assert_int_equal(f->replies[0].error.code, ERROR_DEADLINE);
}

struct stopper {
  struct fixture *fixture;
  int64_t stopped_ms;
};

static void *stop_when_three_hang(void *arg) {
  struct stopper *s = arg;
  const struct timespec pause = {.tv_nsec = 50000000};
  httpd_wait(s->fixture->httpd, 3);
  nanosleep(&pause, NULL);
  s->stopped_ms = clock_ms();
  http_stop(s->fixture->http);
  return NULL;
}

static void a_stop_reports_each_request_once(void **state) {
  struct fixture *f = *state;
  struct stopper stopper = {.fixture = f};
  struct error err = {0};
  pthread_t thread;
  open_http(f, 4, 0);
  httpd_add(f->httpd, &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  f->not_before_ms[3] = clock_ms() + 60000; /* not begun */
  pthread_create(&thread, NULL, stop_when_three_hang, &stopper);
  assert_int_equal(run(f, 10, 60000, &err), -1);
  assert_true(clock_ms() - stopper.stopped_ms < 500);
  pthread_join(thread, NULL);
  assert_int_equal(err.code, ERROR_STOPPED);
  assert_int_equal(f->asked, 3);
  assert_each_done_once(f);
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(f->replies[i].error.code, ERROR_STOPPED);
}

/* ---- the rate limit
 * ----------------------------------------------------------- */

/* Request i may not reach the server before i times the spacing. */
static void assert_pace(struct fixture *f, int64_t begun, double rate) {
  size_t n = httpd_count(f->httpd, NULL, NULL);
  for (size_t i = 0; i < n; i++) {
    int64_t at = httpd_get(f->httpd, NULL, NULL, i).at_ms - begun;
    if ((double)at < (double)i * 1000.0 / rate - 1)
      fail_msg("request %zu came after %lld ms", i, (long long)at);
  }
}

static void the_rate_is_kept_however_wide(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_http(f, 8, 40);
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  int64_t begun = clock_ms();
  assert_int_equal(run(f, 20, 20000, &err), 0);
  int64_t took = clock_ms() - begun;
  assert_pace(f, begun, 40);
  assert_true(took >= 474); /* 19 spacings of 25 ms */
  assert_true(took < 2500); /* and not ten times as slow */
  /* In every window: `next` is called for the request behind it as soon as one
   * has passed. Late by one spacing, early by one. */
  for (size_t i = 1; i < 20; i++)
    for (size_t j = i + 3; j < 20; j++)
      assert_true((double)(f->asked_ms[j] - f->asked_ms[i]) >=
                  (double)(j - i - 2) * 25.0 - 2);
}

static void a_pause_is_no_credit(void **state) {
  struct fixture *f = *state;
  const struct timespec pause = {.tv_nsec = 400000000};
  struct error err;
  open_http(f, 8, 20);
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  assert_int_equal(run(f, 1, 20000, &err), 0);
  nanosleep(&pause, NULL);
  int64_t begun = clock_ms();
  f->asked = 0;
  memset(f->done, 0, sizeof(f->done));
  assert_int_equal(run(f, 6, 20000, &err), 0);
  assert_true(clock_ms() - begun >= 249); /* 5 spacings of 50 ms */
}

struct sharer {
  struct fixture *fixture;
  pthread_t thread;
  int status;
};

static void *share(void *arg) {
  struct sharer *s = arg;
  struct error err;
  s->status = run(s->fixture, 10, 20000, &err);
  return NULL;
}

static void two_share_one_rate(void **state) {
  struct fixture *f = *state, other = {.n = 0};
  struct error err;
  open_http(f, 4, 40);
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  other.httpd = f->httpd;
  other.options = f->options;
  other.http = http_new(&other.options, f->rate_limit, &err);
  struct sharer sharers[2] = {{.fixture = f}, {.fixture = &other}};
  int64_t begun = clock_ms();
  for (int i = 0; i < 2; i++)
    pthread_create(&sharers[i].thread, NULL, share, &sharers[i]);
  for (int i = 0; i < 2; i++) {
    pthread_join(sharers[i].thread, NULL);
    assert_int_equal(sharers[i].status, 0);
  }
  assert_true(clock_ms() - begun >= 474);
  assert_pace(f, begun, 40);
  http_free(other.http);
  for (size_t i = 0; i < MOST; i++)
    free(other.urls[i]);
}

static void no_rate_is_no_limit(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_http(f, 1, 0);
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  int64_t begun = clock_ms();
  assert_int_equal(run(f, MOST, 20000, &err), 0);
  assert_true(clock_ms() - begun < 5000);
}

/* A width that was shut again by a failure must not stay shut. */
static void slots_serve_again_and_again(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_http(f, 2, 0);
  httpd_add(f->httpd,
            &(struct httpd_answer){.times = 10, .body = "{", .end = HTTPD_CUT});
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  assert_int_equal(run(f, 30, 20000, &err), 0);
  assert_each_done_once(f);
  size_t well = 0;
  for (size_t i = 0; i < 30; i++)
    well += f->replies[i].error.code == ERROR_NONE ? 1 : 0;
  assert_int_equal(well, 20);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(never_more_at_once_than_the_width),
      TEST(as_many_connections_as_the_width_serve_all),
      TEST(what_was_silent_on_one_is_not_tried_on_another_old_one),
      TEST(an_idle_connection_is_not_trusted_for_long),
      TEST(one_failure_is_not_the_others),
      TEST(no_work_is_done_at_once),
      TEST(a_request_waits_for_its_time),
      TEST(who_waits_hears_of_the_deadline),
      TEST(a_stop_reports_each_request_once),
      TEST(the_rate_is_kept_however_wide),
      TEST(a_pause_is_no_credit),
      TEST(two_share_one_rate),
      TEST(no_rate_is_no_limit),
      TEST(slots_serve_again_and_again),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
