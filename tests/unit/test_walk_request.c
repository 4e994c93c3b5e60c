/*
 * walk, of requests: their status and time as values, whatever becomes of the
 * walk; and a listing that makes none where another walk of its service does.
 */
#include "stub/site.h"
#include "stub/warp.h"

#include "base/clock.h"
#include "base/text.h"
#include "net/http_pool.h"
#include "settings/access.h"
#include "walk/board.h"
#include "walk/projects.h"
#include "walk/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INTERVAL_MS = 300000 };

static const struct listing api = {.name = "image_api",
                                   .service = "image",
                                   .path = "/",
                                   .unversioned = true,
                                   .auth = AUTH_NONE,
                                   .any_request = true};
static const struct meter api_meters[] = {
    {.name = "up",
     .from = &api,
     .of = METER_REQUEST,
     .value = "if(@status, 1 - floor(@status / 500), 0)"},
    {.name = "s", .from = &api, .of = METER_REQUEST, .value = "@seconds"}};
static const struct listing things = {.name = "things",
                                      .service = "image",
                                      .path = "/v2/things",
                                      .record = "things[]",
                                      .id = "id"};
static const struct meter thing_meters[] = {{.name = "thing", .from = &things},
                                            {.name = "status",
                                             .from = &things,
                                             .of = METER_REQUEST,
                                             .value = "@status"}};
static const struct listing accounts = {.name = "accounts",
                                        .service = "image",
                                        .path = "/v1/{project}",
                                        .scope = LISTING_PROJECT,
                                        .record = "[]",
                                        .id = "name"};
static const struct meter account_meters[] = {
    {.name = "account", .from = &accounts}};
static const struct meter byte_meters[] = {
    {.name = "bytes", .from = &things, .of = METER_REQUEST, .value = "@bytes"}};

struct fixture {
  struct site site;
  struct pass_access access;
  struct projects *projects;
  struct http_pool *http_pool;
  struct board *board;
  struct pool_owner owner;
  struct schedule *schedules[2];
  struct turn turns[2];
  size_t n;
  double seconds; /* the last "s" */
  char *heard;
};

/* ---- the visitor -------------------------------------------------------- */

static void note(struct fixture *f, const char *what, const char *more) {
  char *all = text_printf("%s%s%s\n", f->heard, what, more);
  free(f->heard);
  f->heard = all;
}

static void *on_open(void *arg, const char *region, bool named) {
  (void)region, (void)named;
  return arg;
}

static void on_begin(void *state, bool goes_on) {
  (void)goes_on;
  (void)state;
}

static void on_sample(void *state, const struct sample *sample) {
  struct fixture *f = state;
  char value[40];
  snprintf(value, sizeof(value), " %.15g", sample->value);
  bool is_time = strcmp(sample->meter->name, "s") == 0;
  if (is_time)
    f->seconds = sample->value;
  if (sample->meter->of == METER_REQUEST)
    assert_string_equal(sample->id, "total");
  note(f, sample->meter->name, is_time ? "" : value);
}

static void on_end(void *state, const struct walk_summary *s,
                   const struct error *err) {
  note(state, s->up ? "end up" : "end down", s->ran ? "" : " paused");
  if (err != NULL && getenv("SHOW_ERRORS") != NULL)
    fprintf(stderr, "%s\n", err->text);
}

/* ---- the fixture -------------------------------------------------------- */

static int setup(void **state) {
  struct error err;
  struct fixture *f = calloc(1, sizeof(*f));
  site_open(&f->site);
  site_login(&f->site, &(struct site_login){.times = 1});
  f->projects =
      projects_new(f->site.session, &(struct projects_options){0}, &err);
  f->http_pool = http_pool_new(&f->site.options, f->site.rate_limit, &err);
  f->board = board_new();
  f->heard = strdup("");
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  for (size_t i = 0; i < f->n; i++)
    schedule_free(f->schedules[i]);
  board_free(f->board);
  http_pool_free(f->http_pool);
  projects_free(f->projects);
  site_close(&f->site);
  free(f->heard);
  free(f);
  return 0;
}

/* One more schedule, as a cloud makes it. Returns its number. */
static size_t open_schedule(struct fixture *f, const struct meter *of,
                            size_t n) {
  const struct meter *list[2] = {&of[0], n > 1 ? &of[1] : NULL};
  const struct walk_options options = {.listing = of[0].from,
                                       .meters = list,
                                       .nmeters = n,
                                       .interval_ms = INTERVAL_MS,
                                       .session = f->site.session,
                                       .projects = f->projects,
                                       .access = &f->access,
                                       .http_pool = f->http_pool,
                                       .board = f->board,
                                       .width = f->site.options.width};
  const struct walk_visitor visitor = {.open = on_open,
                                       .begin = on_begin,
                                       .sample = on_sample,
                                       .end = on_end,
                                       .arg = f};
  struct error err = {0};
  size_t i = f->n++;
  if (!of[0].from->any_request)
    assert_int_equal(
        board_expect(f->board,
                     &(struct board_seat){.service = of[0].from->service,
                                          .interval_ms = INTERVAL_MS}),
        0);
  f->schedules[i] = schedule_new(&options, &f->owner, &err);
  if (f->schedules[i] == NULL)
    fail_msg("%s", err.text);
  assert_int_equal(schedule_visit(f->schedules[i], &visitor, &err), 0);
  f->turns[i] = (struct turn){.schedule = f->schedules[i], .meter = &of[0]};
  return i;
}

static size_t open_api(struct fixture *f) {
  return open_schedule(f, api_meters, 2);
}

static size_t open_things(struct fixture *f) {
  return open_schedule(f, thing_meters, 1);
}

static void answer(struct fixture *f, const char *target, int status,
                   unsigned times) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = target,
                                                  .status = status,
                                                  .times = times,
                                                  .body = "{\"things\": []}"});
}

static size_t asked(struct fixture *f, const char *target) {
  return httpd_count(f->site.httpd, "GET", target);
}

/* The turn of one of them; what is heard in it, be it of both. */
static const char *turn_of(struct fixture *f, size_t i) {
  f->heard[0] = '\0';
  assert_int_equal(schedule_turn(&f->turns[i]), TURN_LEAD);
  schedule_start(f->schedules[i], NULL);
  return f->heard;
}

/* ---- alone -------------------------------------------------------------- */

static void a_service_that_nobody_asks_is_asked_for_its_versions(void **state) {
  struct fixture *f = *state;
  answer(f, "/", 300, 0);
  size_t i = open_api(f);
  for (size_t n = 1; n <= 3; n++) {
    assert_string_equal(turn_of(f, i), "up 1\ns\nend up\n");
    assert_true(f->seconds > 0 && f->seconds < 60);
    assert_int_equal(asked(f, NULL), n);
    assert_int_equal(asked(f, "/"), n);
  }
  struct httpd_request request = httpd_get(f->site.httpd, "GET", "/", 0);
  assert_null(strstr(request.headers, "X-Auth-Token"));
}

static void any_answer_below_500_is_one(void **state) {
  static const int statuses[] = {200, 300, 302, 401, 403, 404, 429};
  struct fixture *f = *state;
  size_t n = sizeof(statuses) / sizeof(statuses[0]);
  for (size_t i = 0; i < n; i++)
    answer(f, "/", statuses[i], 1);
  size_t i = open_api(f);
  for (size_t n_asked = 0; n_asked < n; n_asked++)
    assert_string_equal(turn_of(f, i), "up 1\ns\nend up\n");
  assert_int_equal(asked(f, "/"), n);
  assert_int_equal(site_logins(&f->site), 1);
}

/* 500 and more is an answer, but not of a service that works. */
static void an_error_is_down_until_an_answer_comes(void **state) {
  struct fixture *f = *state;
  answer(f, "/", 500, 1);
  answer(f, "/", 200, 0);
  size_t i = open_api(f);
  assert_string_equal(turn_of(f, i), "up 0\ns\nend down\n");
  assert_string_equal(turn_of(f, i), "up 0\nend down paused\n");
  assert_int_equal(asked(f, "/"), 1);
  warp(INTERVAL_MS);
  assert_string_equal(turn_of(f, i), "up 1\ns\nend up\n");
  assert_string_equal(turn_of(f, i), "up 1\ns\nend up\n");
}

static void no_answer_took_no_time(void **state) {
  struct fixture *f = *state;
  f->site.options.timeout_ms = 300;
  httpd_add(f->site.httpd,
            &(struct httpd_answer){
                .method = "GET", .mute = true, .times = 1, .end = HTTPD_HANG});
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .body = "half",
                                                  .end = HTTPD_CUT});
  size_t i = open_api(f);
  assert_string_equal(turn_of(f, i), "up 0\nend down\n");
  warp(INTERVAL_MS);
  assert_string_equal(turn_of(f, i), "up 0\nend down\n");
}

/* "Come again later" costs no second request in the same cycle. */
static void it_asks_once_whatever_it_is_told(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .status = 503,
                                                  .headers = "Retry-After: 1"
                                                             "\r\n"});
  assert_string_equal(turn_of(f, open_api(f)), "up 0\ns\nend down\n");
  assert_int_equal(asked(f, "/"), 1);
}

static void it_comes_again_when_it_is_told_to(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .status = 503,
                                   .headers = "Retry-After: 1800\r\n"});
  size_t i = open_api(f);
  assert_string_equal(turn_of(f, i), "up 0\ns\nend down\n");
  warp(1790000);
  assert_string_equal(turn_of(f, i), "up 0\nend down paused\n");
  warp(10001);
  assert_string_equal(turn_of(f, i), "up 0\ns\nend down\n");
}

/* Keystone is down: the others may not be, and where they are is known. */
static void it_needs_no_login_that_works(void **state) {
  struct fixture *f = *state;
  answer(f, "/", 200, 0);
  size_t i = open_api(f);
  assert_string_equal(turn_of(f, i), "up 1\ns\nend up\n");
  warp(3700 * 1000); /* the token has ended, and the next login gets 404 */
  assert_string_equal(turn_of(f, i), "up 1\ns\nend up\n");
  assert_int_equal(site_logins(&f->site), 2);
  assert_int_equal(asked(f, "/"), 2);
}

static void a_service_that_is_not_there_has_no_value(void **state) {
  struct fixture *f = *state;
  static struct listing dns;
  dns = api;
  dns.service = "dns";
  struct meter meter = api_meters[0];
  meter.from = &dns;
  assert_string_equal(turn_of(f, open_schedule(f, &meter, 1)),
                      "end down paused\n");
  assert_int_equal(asked(f, NULL), 0);
}

/* ---- beside others ------------------------------------------------------ */

static void another_walk_tells_and_no_request_is_made(void **state) {
  struct fixture *f = *state;
  answer(f, "/v2/things", 200, 0);
  size_t i = open_things(f), a = open_api(f);
  for (size_t n = 1; n <= 3; n++) {
    assert_string_equal(turn_of(f, i), "end up\n");
    assert_string_equal(turn_of(f, a), "up 1\ns\nend up paused\n");
    assert_int_equal(asked(f, NULL), n);
    warp(INTERVAL_MS);
  }
}

static void it_waits_for_a_walk_that_is_about_to_tell(void **state) {
  struct fixture *f = *state;
  answer(f, "/v2/things", 200, 0);
  size_t i = open_things(f), a = open_api(f);
  for (size_t n = 1; n <= 3; n++) {
    assert_string_equal(turn_of(f, a), "");
    assert_string_equal(turn_of(f, i), "up 1\ns\nend up paused\nend up\n");
    assert_int_equal(asked(f, NULL), n);
    warp(INTERVAL_MS);
  }
}

/* One that fails before it asks the service tells that it will not. */
static void it_does_not_wait_for_a_walk_that_asks_nobody(void **state) {
  struct fixture *f = *state;
  answer(f, "/v3/projects*", 500, 0);
  answer(f, "/", 200, 0);
  size_t i = open_schedule(f, account_meters, 1), a = open_api(f);
  assert_string_equal(turn_of(f, a), "");
  assert_string_equal(turn_of(f, i), "up 1\ns\nend up\nend down\n");
}

/* Nor for one that has no login any more. */
static void it_does_not_wait_for_a_walk_without_a_login(void **state) {
  struct fixture *f = *state;
  answer(f, "/v2/things", 200, 0);
  answer(f, "/", 200, 0);
  size_t i = open_things(f), a = open_api(f);
  assert_string_equal(turn_of(f, i), "end up\n");
  assert_string_equal(turn_of(f, a), "up 1\ns\nend up paused\n");
  warp(3700 * 1000);
  assert_string_equal(turn_of(f, a), "");
  assert_string_equal(turn_of(f, i), "up 1\ns\nend up\nend down paused\n");
}

/* It never comes: at its next turn it asks by itself. */
static void it_waits_for_an_interval_at_most(void **state) {
  struct fixture *f = *state;
  answer(f, "/", 200, 0);
  open_things(f);
  size_t a = open_api(f);
  assert_string_equal(turn_of(f, a), "");
  warp(INTERVAL_MS);
  assert_string_equal(turn_of(f, a), "up 1\ns\nend up\n");
  assert_int_equal(asked(f, NULL), 1);
}

/* While the walk leaves the service alone, nobody takes it for well. */
static void the_back_off_of_another_walk_is_down(void **state) {
  struct fixture *f = *state;
  answer(f, "/", 200, 0);
  answer(f, "/v2/things", 500, 1);
  answer(f, "/v2/things", 200, 0);
  size_t i = open_things(f), a = open_api(f);
  assert_string_equal(turn_of(f, i), "end down\n");
  assert_string_equal(turn_of(f, a), "up 0\ns\nend up paused\n");
  assert_string_equal(turn_of(f, i), "end down paused\n");
  assert_string_equal(turn_of(f, a), "up 0\nend up paused\n");
  warp(INTERVAL_MS);
  turn_of(f, i);
  assert_string_equal(turn_of(f, a), "up 1\ns\nend up paused\n");
  assert_int_equal(asked(f, "/"), 0);
}

/* What it has asked itself counts until another walk is answered. */
static void another_walk_s_answer_ends_its_failure(void **state) {
  struct fixture *f = *state;
  answer(f, "/", 500, 0);
  answer(f, "/v2/things", 500, 1);
  answer(f, "/v2/things", 200, 0);
  size_t a = open_api(f);
  assert_string_equal(turn_of(f, a), "up 0\ns\nend down\n");
  size_t i = open_things(f);
  assert_string_equal(turn_of(f, i), "end down\n");
  assert_string_equal(turn_of(f, a), "up 0\ns\nend down paused\n");
  warp(INTERVAL_MS);
  assert_string_equal(turn_of(f, i), "end up\n");
  assert_string_equal(turn_of(f, a), "up 1\ns\nend up paused\n");
  assert_int_equal(asked(f, "/"), 1);
}

/* A 403 is an answer. It is not asked again for an hour, so the versions are.
 */
static void a_walk_that_is_denied_leaves_the_asking_to_it(void **state) {
  struct fixture *f = *state;
  answer(f, "/", 300, 0);
  answer(f, "/v2/things", 403, 0);
  size_t i = open_things(f), a = open_api(f);
  turn_of(f, i);
  assert_string_equal(turn_of(f, a), "up 1\ns\nend up paused\n");
  assert_int_equal(asked(f, "/"), 0);
  warp(INTERVAL_MS);
  turn_of(f, i);
  assert_string_equal(turn_of(f, a), "up 1\ns\nend up\n");
  assert_int_equal(asked(f, "/"), 1);
}

/* Whatever its first answer was. */
static void a_denial_behind_an_error_is_an_answer(void **state) {
  struct fixture *f = *state;
  answer(f, "/", 300, 0);
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/v2/things",
                                                  .times = 1,
                                                  .status = 503,
                                                  .headers = "Retry-After: 1"
                                                             "\r\n"});
  answer(f, "/v2/things", 403, 0);
  size_t i = open_things(f), a = open_api(f);
  assert_string_equal(turn_of(f, i), "end down\n");
  assert_string_equal(turn_of(f, a), "up 0\ns\nend up paused\n");
  warp(INTERVAL_MS);
  assert_string_equal(turn_of(f, i), "end down paused\n");
  assert_string_equal(turn_of(f, a), "up 1\ns\nend up\n");
}

/* ---- a listing with records --------------------------------------------- */

static void the_status_is_sent_even_if_the_walk_fails(void **state) {
  struct fixture *f = *state;
  answer(f, "/v2/things", 404, 1);
  answer(f, "/v2/things", 200, 0);
  size_t i = open_schedule(f, thing_meters, 2);
  assert_string_equal(turn_of(f, i), "status 404\nend down\n");
  assert_string_equal(turn_of(f, i), "end down paused\n"); /* it is not known */
  warp(INTERVAL_MS);
  assert_string_equal(turn_of(f, i), "status 200\nend up\n");
}

/* Meters of the request alone read the answer whole, as others do. */
static void the_body_is_read_whole(void **state) {
  struct fixture *f = *state;
  answer(f, "/v2/things", 200, 0);
  assert_string_equal(turn_of(f, open_schedule(f, byte_meters, 1)),
                      "bytes 14\nend up\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_service_that_nobody_asks_is_asked_for_its_versions),
      TEST(any_answer_below_500_is_one),
      TEST(an_error_is_down_until_an_answer_comes),
      TEST(no_answer_took_no_time),
      TEST(it_asks_once_whatever_it_is_told),
      TEST(it_comes_again_when_it_is_told_to),
      TEST(it_needs_no_login_that_works),
      TEST(a_service_that_is_not_there_has_no_value),
      TEST(another_walk_tells_and_no_request_is_made),
      TEST(it_waits_for_a_walk_that_is_about_to_tell),
      TEST(it_does_not_wait_for_a_walk_that_asks_nobody),
      TEST(it_does_not_wait_for_a_walk_without_a_login),
      TEST(it_waits_for_an_interval_at_most),
      TEST(the_back_off_of_another_walk_is_down),
      TEST(another_walk_s_answer_ends_its_failure),
      TEST(a_walk_that_is_denied_leaves_the_asking_to_it),
      TEST(a_denial_behind_an_error_is_an_answer),
      TEST(the_status_is_sent_even_if_the_walk_fails),
      TEST(the_body_is_read_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
