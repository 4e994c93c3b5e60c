/*
 * http_pool: as many transfers as are lent at once, and their connections live
 * on from one to the next.
 */
#include "stub/site.h"

#include "base/clock.h"
#include "net/http_one.h"
#include "net/http_pool.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
  struct site site;
  struct http_pool *pool;
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  struct error err;
  site_open(&f->site);
  f->pool = http_pool_new(&f->site.options, f->site.rate_limit, &err);
  *state = f;
  return f->pool != NULL ? 0 : -1;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  http_pool_free(f->pool);
  site_close(&f->site);
  free(f);
  return 0;
}

static struct http *take(struct fixture *f) {
  struct error err = {0};
  struct http *http = http_pool_take(f->pool, &err);
  assert_non_null(http);
  assert_int_equal(err.code, ERROR_NONE);
  return http;
}

static int ask(struct fixture *f, struct http *http, int64_t ms,
               struct error *err) {
  struct http_reply reply;
  const struct http_request request = {.method = "GET",
                                       .url = httpd_url(f->site.httpd)};
  return http_one(http, &request, site_deadline(ms), &reply, err);
}

static void as_many_are_made_as_are_lent_at_once(void **state) {
  struct fixture *f = *state;
  assert_int_equal(http_pool_count(f->pool), 0);
  for (int i = 0; i < 5; i++) {
    struct http *one = take(f), *two = take(f), *three = take(f);
    assert_true(one != two && two != three && one != three);
    http_pool_give(f->pool, two);
    http_pool_give(f->pool, three);
    http_pool_give(f->pool, one);
    assert_int_equal(http_pool_count(f->pool), 3);
    assert_ptr_equal(take(f), one); /* given back last, lent first */
    assert_ptr_equal(take(f), three);
    http_pool_give(f->pool, three);
    http_pool_give(f->pool, one);
  }
}

static void connections_live_on_from_one_to_the_next(void **state) {
  struct fixture *f = *state;
  struct error err;
  httpd_add(f->site.httpd, &(struct httpd_answer){.body = "{}"});
  for (int i = 0; i < 10; i++) {
    struct http *http = take(f);
    assert_int_equal(ask(f, http, 5000, &err), 0);
    http_pool_give(f->pool, http);
  }
  assert_int_equal(httpd_connections(f->site.httpd), 1);
}

static void *stop_soon(void *arg) {
  struct fixture *f = arg;
  httpd_wait(f->site.httpd, 1);
  http_pool_stop(f->pool);
  return NULL;
}

static void a_stop_ends_what_is_lent_and_lends_no_more(void **state) {
  struct fixture *f = *state;
  struct error err = {0};
  pthread_t thread;
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  struct http *idle = take(f), *busy = take(f);
  http_pool_give(f->pool, idle);
  pthread_create(&thread, NULL, stop_soon, f);
  int64_t begun = clock_ms();
  assert_int_equal(ask(f, busy, 30000, &err), -1);
  assert_true(clock_ms() - begun < 5000);
  assert_int_equal(err.code, ERROR_STOPPED);
  pthread_join(thread, NULL);
  http_pool_give(f->pool, busy);
  err = (struct error){0};
  assert_null(http_pool_take(f->pool, &err));
  assert_int_equal(err.code, ERROR_STOPPED);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(as_many_are_made_as_are_lent_at_once),
      TEST(connections_live_on_from_one_to_the_next),
      TEST(a_stop_ends_what_is_lent_and_lends_no_more),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
