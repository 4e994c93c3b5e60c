/*
 * member: the thread of a daemon that shares a cloud, and an etcd that fails.
 * (What it decides: test_claims.)
 */
#include "stub/httpd.h"

#include "base/base64.h"
#include "base/text.h"
#include "net/http.h"
#include "settings/share.h"
#include "share/member.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define ROOT "/collectd-openstack/1/x/"
#define H                                                                      \
  "\"header\":{\"cluster_id\":\"12101053776118486841\",\"member_id\":\"1\","   \
  "\"revision\":\"5\",\"raft_term\":\"2\"}"

struct fixture {
  struct httpd *httpd;
  struct share_config share;
  struct member *member;
  atomic_int lost;
};

static void serve(struct fixture *f, const char *path, unsigned times,
                  int status, const char *body) {
  char *target = text_printf("/v3/%s", path);
  httpd_add(f->httpd, &(struct httpd_answer){.method = "POST",
                                             .target = target,
                                             .times = times,
                                             .status = status,
                                             .body = body});
  free(target);
}

static size_t asked(struct fixture *f, const char *path) {
  char *target = text_printf("/v3/%s", path);
  size_t n = httpd_count(f->httpd, "POST", target);
  free(target);
  return n;
}

static void on_event(void *arg, enum member_event event, const char *host,
                     const struct error *err) {
  struct fixture *f = arg;
  (void)host;
  (void)err;
  if (event == MEMBER_LOST)
    atomic_fetch_add(&f->lost, 1);
}

static void on_walk(void *arg, size_t unit) {
  (void)arg;
  (void)unit;
}

static int spawn(pthread_t *thread, void *(*start)(void *), void *arg,
                 char const *name) {
  (void)name;
  return pthread_create(thread, NULL, start, arg);
}

static void start(struct fixture *f) {
  static const struct claim_wish wish = {
      .claim = "u", .unit = "u", .interval_ms = 300000};
  struct error err;
  f->member = member_new(&(struct member_options){.cloud = "x",
                                                  .config = &f->share,
                                                  .wishes = &wish,
                                                  .nwishes = 1,
                                                  .walk = on_walk},
                         &err);
  assert_non_null(f->member);
  member_watch(f->member,
               &(struct member_watcher){.event = on_event, .arg = f});
  assert_int_equal(member_start(f->member, "ctl1", spawn, &err), 0);
}

/* Until it has been asked for so often; five seconds at most. */
static bool reaches(struct fixture *f, const char *path, size_t n) {
  const struct timespec pause = {.tv_nsec = 5000000};
  for (int i = 0; i < 1000 && asked(f, path) < n; i++)
    nanosleep(&pause, NULL);
  return asked(f, path) >= n;
}

static char *key_of(const char *name, const char *value, int lease) {
  char *key = text_printf(ROOT "%s", name);
  char *coded = base64_encode(key, strlen(key));
  char *text = base64_encode(value, strlen(value));
  char *kv = text_printf("{\"key\":\"%s\",\"value\":\"%s\",\"lease\":\"%d\","
                         "\"create_revision\":\"%d\"}",
                         coded, text, lease, lease);
  free(key);
  free(coded);
  free(text);
  return kv;
}

/* This daemon, 7, that has the claim; and another one, 9. */
static void serve_keys(struct fixture *f) {
  char *self = key_of("member/0000000000000007", "{\"h\":\"ctl1\"}", 7);
  char *other = key_of("member/0000000000000009", "{\"h\":\"ctl2\"}", 9);
  char *claim = key_of("walk/u", "{\"walks\":[]}", 7);
  char *body = text_printf("{" H ",\"kvs\":[%s,%s,%s],\"count\":\"3\"}", self,
                           other, claim);
  serve(f, "kv/range", 0, 200, body);
  free(self);
  free(other);
  free(claim);
  free(body);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  f->httpd = httpd_new();
  f->share.prefix = (char *)SHARE_PREFIX;
  assert_true(
      text_list_add(&f->share.etcd.endpoints, strdup(httpd_url(f->httpd))));
  serve(f, "lease/grant", 0, 200, "{" H ",\"ID\":\"7\",\"TTL\":\"5\"}");
  serve(f, "lease/revoke", 0, 200, "{" H "}");
  serve(f, "kv/txn", 0, 200, "{" H ",\"succeeded\":true}");
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  member_stop(f->member);
  member_free(f->member);
  text_list_clear(&f->share.etcd.endpoints);
  httpd_free(f->httpd);
  free(f);
  return 0;
}

/* Without it nothing can be proved when etcd is away. */
static void servers_are_counted_again(void **state) {
  struct fixture *f = *state;
  serve_keys(f);
  serve(f, "cluster/member/list", 1, 400, "{\"message\":\"no\",\"code\":3}");
  serve(f, "cluster/member/list", 0, 200,
        "{" H ",\"members\":[{\"ID\":\"1\"}]}");
  serve(f, "lease/keepalive", 0, 200,
        "{\"result\":{" H ",\"ID\":\"7\",\"TTL\":\"5\"}}\n");
  start(f);
  assert_true(reaches(f, "lease/keepalive", 2));
  assert_int_equal(asked(f, "cluster/member/list"), 2);
}

static void a_key_that_is_gone_is_told(void **state) {
  struct fixture *f = *state;
  serve(f, "kv/range", 1, 200, "{" H "}");
  serve_keys(f);
  start(f);
  assert_true(reaches(f, "kv/range", 2));
  assert_int_equal(asked(f, "lease/grant"), 2);
  assert_int_equal(atomic_load(&f->lost), 1);
}

/* A call that the stop has ended says nothing of etcd. */
static void who_stops_in_a_call_gives_its_claims(void **state) {
  struct fixture *f = *state;
  serve_keys(f);
  httpd_add(f->httpd, &(struct httpd_answer){.target = "/v3/lease/keepalive",
                                             .mute = true,
                                             .end = HTTPD_HANG});
  start(f);
  assert_true(reaches(f, "lease/keepalive", 1));
  size_t txns = asked(f, "kv/txn");
  member_stop(f->member);
  member_leave(f->member);
  assert_true(reaches(f, "lease/revoke", 1));
  assert_int_equal(asked(f, "kv/txn"), txns + 1);
  const char *body = httpd_get(f->httpd, "POST", "/v3/kv/txn", txns).body;
  assert_non_null(strstr(body, "\"lease\":\"9\""));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(servers_are_counted_again),
      TEST(a_key_that_is_gone_is_told),
      TEST(who_stops_in_a_call_gives_its_claims),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
