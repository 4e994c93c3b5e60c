/*
 * etcd: what is asked and what answers mean, with the bytes of etcd 3.4.23.
 * tests/share asks a real one.
 */
#include "stub/httpd.h"

#include "base/base64.h"
#include "base/clock.h"
#include "etcd/etcd.h"
#include "etcd/quorum.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MEMBER "15985099378392235387"
#define CLUSTER "12101053776118486841"
#define H                                                                      \
  "\"header\":{\"cluster_id\":\"" CLUSTER "\",\"member_id\":\"" MEMBER         \
  "\",\"revision\":\"5\",\"raft_term\":\"2\"}"
#define REFUSAL(text, code)                                                    \
  "{\"error\":\"" text "\",\"message\":\"" text "\",\"code\":" code "}"
#define NO_LEASE REFUSAL("etcdserver: requested lease not found", "5")
#define BAD_TOKEN REFUSAL("etcdserver: invalid auth token", "16")
#define NO_USER REFUSAL("etcdserver: user name is empty", "3")
#define NO_AUTH REFUSAL("etcdserver: authentication is not enabled", "9")

struct fixture {
  struct httpd *httpd, *other; /* the endpoints */
  struct etcd_config config;
  struct etcd *etcd;
  struct error err;
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  f->httpd = httpd_new();
  f->other = httpd_new();
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  etcd_free(f->etcd);
  httpd_free(f->httpd);
  httpd_free(f->other);
  text_list_clear(&f->config.endpoints);
  free(f->config.username);
  free(f->config.password);
  free(f);
  return 0;
}

static void add_endpoint(struct fixture *f, const char *url) {
  assert_true(text_list_add(&f->config.endpoints, strdup(url)));
}

/* A client of the server, and of the other one if `both`. */
static struct etcd *begin(struct fixture *f, bool both) {
  add_endpoint(f, httpd_url(f->httpd));
  if (both)
    add_endpoint(f, httpd_url(f->other));
  f->etcd = etcd_new(&f->config, 9000, &f->err);
  assert_non_null(f->etcd);
  return f->etcd;
}

static void log_in_as(struct fixture *f, const char *user) {
  f->config.username = strdup(user);
  f->config.password = strdup("hush-hush/&"); /* no plain word */
}

static void serve(struct httpd *httpd, const char *path, int status,
                  const char *body) {
  char *target = text_printf("/v3/%s", path);
  httpd_add(httpd, &(struct httpd_answer){.method = "POST",
                                          .target = target,
                                          .status = status,
                                          .body = body});
  free(target);
}

static void asked(struct httpd *httpd, const char *path, size_t i,
                  const char *body) {
  char *target = text_printf("/v3/%s", path);
  assert_string_equal(httpd_get(httpd, "POST", target, i).body, body);
  free(target);
}

static void failed(struct fixture *f, int status, enum error_code code,
                   const char *text) {
  assert_int_equal(status, -1);
  if (f->err.code != code || strstr(f->err.text, text) == NULL)
    fail_msg("code %d: %s", f->err.code, f->err.text);
  assert_null(strstr(f->err.text, "hush"));
  f->err = (struct error){.code = ERROR_NONE};
}

/* ---- base64 -------------------------------------------------------------- */

static void base64_there_and_back(void **state) {
  static const struct {
    const char *plain, *coded;
  } rows[] = {{"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
              {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xff\xfe\xfb", "//77"}};
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    size_t len = strlen(rows[i].plain), got = 99;
    char *coded = base64_encode(rows[i].plain, len);
    assert_string_equal(coded, rows[i].coded);
    assert_true(base64_decode(coded, coded, &got));
    assert_int_equal(got, len);
    assert_string_equal(coded, rows[i].plain);
    free(coded);
  }
}

static void what_is_no_base64_is_refused(void **state) {
  static const char *const rows[] = {"Zg",   "Zg=",  "Zm9",   "Z===", "====",
                                     "Zg=a", "Z g=", "Zm9v=", "Zm-v", "Zm\n="};
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char dst[20];
    size_t len;
    if (base64_decode(rows[i], dst, &len))
      fail_msg("%s", rows[i]);
  }
}

/* ---- leases -------------------------------------------------------------- */

static void a_lease_is_granted_renewed_and_revoked(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  int64_t lease = 0, ttl = 0;
  serve(f->httpd, "lease/grant", 200,
        "{" H ",\"ID\":\"9041998956320209926\",\"TTL\":\"2\"}");
  serve(f->httpd, "lease/keepalive", 200,
        "{\"result\":{" H ",\"ID\":\"9041998956320209926\",\"TTL\":\"15\"}}\n");
  serve(f->httpd, "lease/revoke", 200, "{" H "}");
  assert_int_equal(etcd_grant(etcd, 1, &lease, &ttl, &f->err), 0);
  assert_true(lease == 9041998956320209926);
  assert_int_equal(ttl, 2); /* etcd has raised it */
  assert_int_equal(etcd_keepalive(etcd, lease, &ttl, &f->err), 0);
  assert_int_equal(ttl, 15);
  assert_int_equal(etcd_revoke(etcd, lease, 9000, &f->err), 0);
  asked(f->httpd, "lease/grant", 0, "{\"TTL\":\"1\"}");
  asked(f->httpd, "lease/keepalive", 0, "{\"ID\":\"9041998956320209926\"}");
  asked(f->httpd, "lease/revoke", 0, "{\"ID\":\"9041998956320209926\"}");
  assert_true(etcd_cluster(etcd) == 12101053776118486841u);
  assert_null(etcd_advice(etcd));
}

/* Whatever answers there: milliseconds of it must not overflow. */
static void a_lease_of_more_than_a_day_is_none(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  int64_t lease = -7, ttl = -7;
  serve(f->httpd, "lease/grant", 200,
        "{" H ",\"ID\":\"9\",\"TTL\":\"9223372036854775807\"}");
  serve(f->httpd, "lease/keepalive", 200,
        "{\"result\":{" H ",\"ID\":\"9\",\"TTL\":\"86401\"}}\n");
  failed(f, etcd_grant(etcd, 15, &lease, &ttl, &f->err), ERROR_PARSE, "grants");
  failed(f, etcd_keepalive(etcd, 9, &ttl, &f->err), ERROR_PARSE, "renews");
  assert_int_equal(ttl, -7);
}

static void a_lease_that_is_gone_has_no_ttl(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  int64_t ttl = -7;
  bool done = false;
  const struct etcd_change change = {"k", "v", 77};
  const struct etcd_txn txn = {.changes = &change, .nchanges = 1};
  serve(f->httpd, "lease/keepalive", 200, "{\"result\":{" H ",\"ID\":\"9\"}}");
  serve(f->httpd, "lease/revoke", 404, NO_LEASE);
  serve(f->httpd, "kv/txn", 404, NO_LEASE);
  failed(f, etcd_keepalive(etcd, 9, &ttl, &f->err), ERROR_LEASE, "no more");
  assert_int_equal(ttl, -7);
  failed(f, etcd_revoke(etcd, 9, 9000, &f->err), ERROR_LEASE,
         "lease not found");
  failed(f, etcd_commit(etcd, &txn, &done, &f->err), ERROR_LEASE,
         "lease not found");
}

/* Also behind a status of 200. */
static void a_stream_may_break(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  int64_t ttl = 0;
  serve(f->httpd, "lease/keepalive", 200,
        "{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":"
        "\"etcdserver: no leader\",\"http_status\":\"Service Unavailable\"}}");
  failed(f, etcd_keepalive(etcd, 9, &ttl, &f->err), ERROR_STATUS,
         "lease/keepalive: HTTP 503: etcdserver: no leader");
}

/* ---- keys ---------------------------------------------------------------- */

static void a_prefix_is_read(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  struct etcd_items items;
  serve(f->httpd, "kv/range", 200,
        "{" H ",\"kvs\":["
        "{\"key\":\"YS8x\",\"create_revision\":\"2\",\"mod_revision\":\"4\","
        "\"version\":\"2\",\"value\":\"b25l\",\"lease\":\"1234\"},"
        "{\"key\":\"YS8y\",\"create_revision\":\"3\",\"mod_revision\":\"3\","
        "\"version\":\"1\"}],\"count\":\"2\"}");
  assert_int_equal(etcd_range(etcd, "a/", &items, &f->err), 0);
  asked(f->httpd, "kv/range", 0, "{\"key\":\"YS8=\",\"range_end\":\"YTA=\"}");
  assert_int_equal(items.n, 2);
  assert_int_equal(items.revision, 5);
  assert_string_equal(items.items[0].key, "a/1");
  assert_string_equal(items.items[0].value, "one");
  assert_int_equal(items.items[0].lease, 1234);
  assert_int_equal(items.items[0].create_revision, 2);
  assert_int_equal(items.items[0].mod_revision, 4);
  assert_string_equal(items.items[1].key, "a/2");
  assert_string_equal(items.items[1].value, "");
  assert_int_equal(items.items[1].lease, 0);
  etcd_items_clear(&items);
  assert_null(items.items);
}

static void nothing_there_is_no_failure(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  struct etcd_items items;
  serve(f->httpd, "kv/range", 200, "{" H "}");
  assert_int_equal(etcd_range(etcd, "a\xff", &items, &f->err), 0);
  asked(f->httpd, "kv/range", 0, "{\"key\":\"Yf8=\",\"range_end\":\"Yg==\"}");
  assert_int_equal(items.n, 0);
}

/* Others may write there, too: a NUL in a key, no base64, a value of 3 KiB. */
static void what_is_no_text_is_no_item_or_empty(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  struct etcd_items items;
  char value[3073];
  memset(value, 'Y', 3072);
  value[3072] = '\0';
  char *body =
      text_printf("{" H ",\"kvs\":[{\"key\":\"YQBi\",\"value\":\"b25l\"},"
                  "{\"key\":\"Y\"},{\"value\":\"b25l\"},{\"key\":7},"
                  "{\"key\":\"YQ==\",\"value\":\"YQBi\"},"
                  "{\"key\":\"Yg==\",\"value\":\"%s\"},"
                  "{\"key\":\"Yw==\",\"value\":\"b25l\"}]}",
                  value);
  serve(f->httpd, "kv/range", 200, body);
  assert_int_equal(etcd_range(etcd, "a", &items, &f->err), 0);
  assert_int_equal(items.n, 3);
  assert_string_equal(items.items[0].key, "a");
  assert_string_equal(items.items[0].value, "");
  assert_string_equal(items.items[1].key, "b");
  assert_string_equal(items.items[1].value, "");
  assert_string_equal(items.items[2].value, "one");
  etcd_items_clear(&items);
  free(body);
}

static void so_many_keys_are_too_many(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  struct etcd_items items = {.n = 7};
  size_t size = (ETCD_ITEMS + 1) * strlen("{\"key\":\"YQ==\"},") + 400;
  char *body = malloc(size), *at = body;
  at += sprintf(at, "{" H ",\"kvs\":[{\"key\":\"YQ==\"}");
  for (int i = 0; i < ETCD_ITEMS; i++)
    at += sprintf(at, ",{\"key\":\"YQ==\"}");
  sprintf(at, "]}");
  serve(f->httpd, "kv/range", 200, body);
  failed(f, etcd_range(etcd, "a", &items, &f->err), ERROR_LIMIT,
         "over 20000 keys");
  assert_int_equal(items.n, 0);
  free(body);
}

static void a_transaction_is_all_or_nothing(void **state) {
  static const struct etcd_compare compares[] = {{ETCD_ABSENT, "a", 99},
                                                 {ETCD_LEASED, "b", 5001},
                                                 {ETCD_UNCHANGED, "c", 5},
                                                 {ETCD_NONE, "d/", 7}};
  static const struct etcd_change changes[] = {
      {"a", "me", 5001}, {"b", NULL, 0}, {"c", "", 0}};
  const struct etcd_txn txn = {
      .compares = compares, .ncompares = 4, .changes = changes, .nchanges = 3};
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  bool done = false;
  httpd_add(f->httpd,
            &(struct httpd_answer){
                .body = "{" H ",\"succeeded\":true,\"responses\":[{\"response_"
                        "put\":{\"header\":{\"revision\":\"5\"}}}]}",
                .times = 1});
  serve(f->httpd, "kv/txn", 200, "{" H "}");
  assert_int_equal(etcd_commit(etcd, &txn, &done, &f->err), 0);
  assert_true(done);
  assert_int_equal(etcd_commit(etcd, &txn, &done, &f->err), 0);
  assert_false(done);
  asked(f->httpd, "kv/txn", 0,
        "{\"compare\":["
        "{\"target\":\"CREATE\",\"key\":\"YQ==\",\"create_revision\":\"0\"},"
        "{\"target\":\"LEASE\",\"key\":\"Yg==\",\"lease\":\"5001\"},"
        "{\"target\":\"MOD\",\"key\":\"Yw==\",\"mod_revision\":\"5\"},"
        "{\"target\":\"CREATE\",\"key\":\"ZC8=\",\"range_end\":\"ZDA=\","
        "\"create_revision\":\"0\"}],"
        "\"success\":["
        "{\"request_put\":{\"key\":\"YQ==\",\"value\":\"bWU=\",\"lease\":"
        "\"5001\"}},"
        "{\"request_delete_range\":{\"key\":\"Yg==\"}},"
        "{\"request_put\":{\"key\":\"Yw==\",\"value\":\"\"}}]}");
}

/* etcd would find the lease 0 of a key that is not there. */
static void a_transaction_that_could_mean_another_is_not_sent(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  struct etcd_compare compare = {ETCD_LEASED, "a", 0};
  struct etcd_txn txn = {.compares = &compare, .ncompares = 1};
  bool done = false;
  failed(f, etcd_commit(etcd, &txn, &done, &f->err), ERROR_LIMIT, "no lease");
  compare.condition = ETCD_UNCHANGED;
  failed(f, etcd_commit(etcd, &txn, &done, &f->err), ERROR_LIMIT, "revision");
  txn = (struct etcd_txn){.nchanges = ETCD_OPERATIONS + 1};
  failed(f, etcd_commit(etcd, &txn, &done, &f->err), ERROR_LIMIT, "128");
  assert_int_equal(httpd_count(f->httpd, NULL, NULL), 0);
}

/* ---- what a refusal means ------------------------------------------------ */

static const struct {
  const char *path;
  int status;
  const char *type, *body; /* NULL: JSON */
  enum error_code code;
  const char *text;
} refusals[] = {
    {"kv/range", 400, NULL, NO_USER, ERROR_CONFIG,
     "kv/range: HTTP 400: etcdserver: user name is empty; etcd's "
     "authentication is on: set Username and PasswordFile in <Share>"},
    {"kv/range", 400, NULL, REFUSAL("etcdserver: key is not provided", "3"),
     ERROR_CONFIG, "HTTP 400: etcdserver: key is not provided"},
    {"kv/range", 401, NULL, BAD_TOKEN, ERROR_LOGIN, "invalid auth token"},
    {"kv/range", 403, NULL, REFUSAL("etcdserver: permission denied", "7"),
     ERROR_DENIED, "permission denied; the user needs a role"},
    {"kv/range", 404, "text/plain", "Not Found", ERROR_CONFIG,
     "HTTP 404; this is no etcd 3.4"},
    {"kv/range", 405, "text/plain", "Method Not Allowed", ERROR_CONFIG,
     "HTTP 405; this is no etcd 3.4"},
    {"kv/range", 429, NULL,
     REFUSAL("etcdserver: mvcc: database space exceeded", "8"), ERROR_SPACE,
     "etcdctl alarm disarm"},
    {"kv/range", 429, "text/html", "slow down", ERROR_STATUS, "HTTP 429"},
    {"kv/range", 500, NULL, REFUSAL("context deadline exceeded", "2"),
     ERROR_STATUS, "HTTP 500: context deadline exceeded"},
    {"kv/range", 503, NULL, REFUSAL("etcdserver: request timed out", "14"),
     ERROR_STATUS, "HTTP 503: etcdserver: request timed out"},
    {"kv/range", 503, NULL, REFUSAL("connection closed", "14"), ERROR_CONFIG,
     "extended key usage clientAuth"},
    {"kv/range", 503, NULL,
     REFUSAL("connection error: desc = \\\"transport: authentication "
             "handshake failed",
             "14"),
     ERROR_CONFIG,
     "HTTP 503: connection error: desc = \"transport: authentication "
     "handshake failed; etcd's gateway"},
    {"kv/range", 503, "text/html", "<html>haproxy", ERROR_STATUS, "HTTP 503"},
    {"kv/range", 200, "text/html", "<html>", ERROR_PARSE, "kv/range: "},
    {"kv/range", 200, NULL, "{}", ERROR_PARSE, "is this etcd"},
    /* 3.6 has no "error". */
    {"kv/range", 403, NULL,
     "{\"code\":7,\"message\":\"etcdserver: permission denied\",\"details\":"
     "[]}",
     ERROR_DENIED, "HTTP 403: etcdserver: permission denied; "},
};

static void each_refusal_has_its_code_and_what_to_do(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
    struct etcd_items items;
    httpd_forget(f->httpd);
    httpd_add(f->httpd, &(struct httpd_answer){.status = refusals[i].status,
                                               .type = refusals[i].type,
                                               .body = refusals[i].body});
    failed(f, etcd_range(etcd, "a", &items, &f->err), refusals[i].code,
           refusals[i].text);
    assert_int_equal(items.n, 0);
  }
}

/* etcd's own text for it is no JSON. */
static void a_certificate_with_a_name_is_told(void **state) {
  struct fixture *f = *state;
  struct etcd_items items;
  f->config.client_cert = (char *)"/nowhere";
  struct etcd *etcd = begin(f, false);
  httpd_add(f->httpd,
            &(struct httpd_answer){.status = 400,
                                   .type = "text/plain; charset=utf-8",
                                   .body = "CommonName of client sending a "
                                           "request against gateway will be "
                                           "ignored and not used as expected"});
  failed(f, etcd_range(etcd, "a", &items, &f->err), ERROR_CONFIG,
         "a client certificate that has a common name (CN)");
}

static void a_redirect_is_not_followed(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, false);
  struct etcd_items items;
  httpd_add(f->httpd, &(struct httpd_answer){
                          .status = 302,
                          .headers = "Location: http://evil.example/v3\r\n",
                          .body = "{}"});
  failed(f, etcd_range(etcd, "a", &items, &f->err), ERROR_CONFIG,
         "redirects to http://evil.example: not followed, correct Endpoint");
}

/* ---- several endpoints --------------------------------------------------- */

static void if_one_refuses_the_next_is_asked(void **state) {
  struct fixture *f = *state;
  struct etcd_items items;
  int64_t lease, ttl;
  add_endpoint(f, "http://127.0.0.1:1");
  struct etcd *etcd = begin(f, false);
  serve(f->httpd, "kv/range", 200, "{" H "}");
  serve(f->httpd, "lease/grant", 200, "{" H ",\"ID\":\"7\",\"TTL\":\"5\"}");
  assert_int_equal(etcd_grant(etcd, 5, &lease, &ttl, &f->err), 0);
  assert_int_equal(etcd_range(etcd, "a", &items, &f->err), 0);
}

static void if_one_answers_that_it_cannot_the_next_is_asked(void **state) {
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, true);
  struct etcd_items items;
  serve(f->httpd, "kv/range", 503, REFUSAL("etcdserver: no leader", "14"));
  serve(f->other, "kv/range", 200, "{" H "}");
  for (int i = 0; i < 2; i++)
    assert_int_equal(etcd_range(etcd, "a", &items, &f->err), 0);
  assert_int_equal(httpd_count(f->httpd, NULL, NULL), 1); /* it stays */
  assert_int_equal(httpd_count(f->other, NULL, NULL), 2);
}

/* To do it twice is not the same as once: the caller has to look. */
static void what_may_have_been_done_is_not_sent_again(void **state) {
  static const struct httpd_answer rows[] = {
      {.mute = true, .end = HTTPD_CLOSE},
      {.status = 503, .body = REFUSAL("etcdserver: request timed out", "14")}};
  struct fixture *f = *state;
  struct etcd *etcd = begin(f, true);
  const struct etcd_change change = {"k", "v", 0};
  const struct etcd_txn txn = {.changes = &change, .nchanges = 1};
  for (size_t i = 0; i < 2; i++) {
    bool done = false;
    size_t before = httpd_count(f->other, NULL, NULL);
    httpd_forget(f->httpd);
    httpd_forget(f->other);
    httpd_add(f->httpd, &rows[i]);
    serve(f->other, "kv/txn", 200, "{" H ",\"succeeded\":true}");
    failed(f, etcd_commit(etcd, &txn, &done, &f->err),
           i == 0 ? ERROR_TRANSPORT : ERROR_STATUS, "kv/txn");
    assert_int_equal(httpd_count(f->other, NULL, NULL), before);
    assert_int_equal(etcd_commit(etcd, &txn, &done, &f->err), 0);
    assert_true(done);
    /* The first one is asked again, by whatever comes next and fails. */
    httpd_forget(f->other);
    serve(f->other, "kv/txn", 503, "{}");
    etcd_commit(etcd, &txn, &done, &f->err);
  }
}

static void if_all_fail_the_last_one_is_told(void **state) {
  struct fixture *f = *state;
  struct etcd_items items;
  add_endpoint(f, "http://127.0.0.1:1");
  add_endpoint(f, "http://127.0.0.1:2");
  f->etcd = etcd_new(&f->config, 9000, &f->err);
  failed(f, etcd_range(f->etcd, "a", &items, &f->err), ERROR_TRANSPORT,
         "2 endpoints failed, the last: etcd http://127.0.0.1:2: kv/range: ");
}

static void a_call_has_its_time(void **state) {
  struct fixture *f = *state;
  struct etcd_items items;
  add_endpoint(f, httpd_url(f->httpd));
  f->etcd = etcd_new(&f->config, 2000, &f->err);
  httpd_add(f->httpd, &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  failed(f, etcd_range(f->etcd, "a", &items, &f->err), ERROR_DEADLINE,
         "kv/range: no answer within ");
}

/* ---- stop ---------------------------------------------------------------- */

static void *stop_soon(void *arg) {
  struct fixture *f = arg;
  httpd_wait(f->httpd, 1);
  etcd_stop(f->etcd);
  return NULL;
}

static void
a_stop_ends_what_runs_and_a_lease_can_still_be_revoked(void **state) {
  struct fixture *f = *state;
  const struct etcd_change put = {.key = "a", .value = "b", .lease = 9};
  struct etcd_txn txn = {.changes = &put, .nchanges = 1};
  struct etcd_items items;
  pthread_t thread;
  bool done = false;
  add_endpoint(f, httpd_url(f->httpd));
  f->etcd = etcd_new(&f->config, 600000, &f->err);
  httpd_add(f->httpd, &(struct httpd_answer){.target = "/v3/kv/range",
                                             .mute = true,
                                             .end = HTTPD_HANG});
  serve(f->httpd, "kv/txn", 200, "{" H ",\"succeeded\":true}");
  serve(f->httpd, "lease/revoke", 200, "{" H "}");
  pthread_create(&thread, NULL, stop_soon, f);
  failed(f, etcd_range(f->etcd, "a", &items, &f->err), ERROR_STOPPED, "");
  pthread_join(thread, NULL);
  failed(f, etcd_range(f->etcd, "a", &items, &f->err), ERROR_STOPPED, "");
  failed(f, etcd_commit(f->etcd, &txn, &done, &f->err), ERROR_STOPPED, "");
  txn.farewell_ms = 9000;
  assert_int_equal(etcd_commit(f->etcd, &txn, &done, &f->err), 0);
  assert_true(done);
  assert_int_equal(etcd_revoke(f->etcd, 7, 9000, &f->err), 0);
}

/* ---- login --------------------------------------------------------------- */

#define LOGIN "/v3/auth/authenticate"
#define TOKEN(token) "{" H ",\"token\":\"" token "\"}"

static int range(struct fixture *f) {
  struct etcd_items items;
  int status = etcd_range(f->etcd, "a", &items, &f->err);
  etcd_items_clear(&items);
  return status;
}

static void a_token_is_kept(void **state) {
  struct fixture *f = *state;
  log_in_as(f, "u\"1");
  begin(f, false);
  serve(f->httpd, "auth/authenticate", 200, TOKEN("VZwCksaPiFAeoEWV.57"));
  serve(f->httpd, "kv/range", 200, "{" H "}");
  for (int i = 0; i < 3; i++)
    assert_int_equal(range(f), 0);
  asked(f->httpd, "auth/authenticate", 0,
        "{\"name\":\"u\\\"1\",\"password\":\"hush-hush/&\"}");
  assert_int_equal(httpd_count(f->httpd, NULL, LOGIN), 1);
  assert_null(
      strstr(httpd_get(f->httpd, NULL, LOGIN, 0).headers, "Authorization"));
  const char *headers = httpd_get(f->httpd, NULL, "/v3/kv/range", 2).headers;
  assert_non_null(strstr(headers, "Authorization: VZwCksaPiFAeoEWV.57\r\n"));
}

static void an_old_token_is_renewed_once(void **state) {
  struct fixture *f = *state;
  log_in_as(f, "u");
  begin(f, false);
  httpd_add(f->httpd, &(struct httpd_answer){
                          .target = LOGIN, .body = TOKEN("one"), .times = 1});
  serve(f->httpd, "auth/authenticate", 200, TOKEN("two"));
  httpd_add(f->httpd, &(struct httpd_answer){.target = "/v3/kv/range",
                                             .need = "Authorization: two",
                                             .body = "{" H "}",
                                             .times = 1});
  serve(f->httpd, "kv/range", 401, BAD_TOKEN);
  assert_int_equal(range(f), 0);
  assert_int_equal(httpd_count(f->httpd, NULL, LOGIN), 2);
  /* Now no token is any good: one more login, and then a back-off. */
  failed(f, range(f), ERROR_LOGIN, "invalid auth token");
  assert_int_equal(httpd_count(f->httpd, NULL, LOGIN), 3);
  failed(f, range(f), ERROR_LOGIN, "invalid auth token");
  assert_int_equal(httpd_count(f->httpd, NULL, LOGIN), 3);
}

static void a_bad_password_is_not_tried_again_at_once(void **state) {
  struct fixture *f = *state;
  log_in_as(f, "u");
  begin(f, false);
  serve(f->httpd, "auth/authenticate", 400,
        REFUSAL("etcdserver: authentication failed, invalid user ID or "
                "password",
                "3"));
  for (int i = 0; i < 2; i++)
    failed(f, range(f), ERROR_LOGIN,
           "auth/authenticate: HTTP 400; see Username and PasswordFile");
  assert_int_equal(httpd_count(f->httpd, NULL, NULL), 1);
}

static void a_server_that_repeats_the_password_is_not_quoted(void **state) {
  struct fixture *f = *state;
  log_in_as(f, "u");
  begin(f, false);
  serve(f->httpd, "auth/authenticate", 400, REFUSAL("no hush-hush here", "3"));
  failed(f, range(f), ERROR_LOGIN, "HTTP 400; see");
}

static void a_login_that_found_nobody_is_tried_again(void **state) {
  struct fixture *f = *state;
  log_in_as(f, "u");
  begin(f, false);
  httpd_add(f->httpd,
            &(struct httpd_answer){
                .target = LOGIN, .status = 503, .body = "{}", .times = 1});
  serve(f->httpd, "auth/authenticate", 200, TOKEN("one"));
  serve(f->httpd, "kv/range", 200, "{" H "}");
  failed(f, range(f), ERROR_STATUS, "HTTP 503");
  assert_int_equal(range(f), 0);
}

/* Users can be switched off and on while we run. */
static void without_users_there_is_advice(struct fixture *f, int status,
                                          const char *body) {
  log_in_as(f, "u");
  begin(f, false);
  serve(f->httpd, "auth/authenticate", status, body);
  serve(f->httpd, "kv/range", 200, "{" H "}");
  for (int i = 0; i < 2; i++)
    assert_int_equal(range(f), 0);
  assert_int_equal(httpd_count(f->httpd, NULL, LOGIN), 1);
  assert_non_null(strstr(etcd_advice(f->etcd), "etcdctl auth enable"));
  httpd_forget(f->httpd);
  serve(f->httpd, "auth/authenticate", 200, TOKEN("one"));
  httpd_add(f->httpd, &(struct httpd_answer){.target = "/v3/kv/range",
                                             .need = "Authorization: one",
                                             .body = "{" H "}"});
  serve(f->httpd, "kv/range", 400, NO_USER);
  assert_int_equal(range(f), 0);
  assert_null(etcd_advice(f->etcd));
  httpd_forget(f->httpd);
  httpd_add(f->httpd, &(struct httpd_answer){.target = "/v3/kv/range",
                                             .need = "Authorization: one",
                                             .status = 401,
                                             .body = BAD_TOKEN});
  serve(f->httpd, "auth/authenticate", status, body);
  serve(f->httpd, "kv/range", 200, "{" H "}");
  assert_int_equal(range(f), 0);
  assert_non_null(etcd_advice(f->etcd));
}

static void with_users_switched_off_there_is_no_login(void **state) {
  without_users_there_is_advice(*state, 412, NO_AUTH);
}

static void so_it_is_with_the_status_of_newer_releases(void **state) {
  without_users_there_is_advice(
      *state, 400,
      "{\"error\":\"etcdserver: authentication is not enabled\",\"code\":9,"
      "\"message\":\"etcdserver: authentication is not enabled\"}");
}

static void a_token_that_is_no_header_is_refused(void **state) {
  struct fixture *f = *state;
  log_in_as(f, "u");
  begin(f, false);
  serve(f->httpd, "auth/authenticate", 200, TOKEN("a\\r\\nX: y"));
  failed(f, range(f), ERROR_PARSE, "cannot be sent in a header");
}

/* ---- the proof ----------------------------------------------------------- */

#define STATUS(member, leader)                                                 \
  "{\"header\":{\"cluster_id\":\"1\",\"member_id\":\"" member "\"},"           \
  "\"version\":\"3.4.23\"" leader "}"

static void every_endpoint_has_its_health(void **state) {
  struct fixture *f = *state;
  struct etcd_status statuses[4] = {{.member = 0}};
  struct httpd *third = httpd_new();
  begin(f, true);
  etcd_free(f->etcd);
  add_endpoint(f, httpd_url(third));
  add_endpoint(f, "http://127.0.0.1:1");
  f->etcd = etcd_new(&f->config, 9000, &f->err);
  serve(f->httpd, "maintenance/status", 200,
        STATUS("11", ",\"leader\":\"12\""));
  serve(f->other, "maintenance/status", 200,
        STATUS("12", ",\"errors\":[\"etcdserver: no leader\"]"));
  httpd_add(third, &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  /* A second is little on a busy machine. */
  for (int i = 0; i < 30 && (statuses[0].health != ETCD_LED ||
                             statuses[1].health != ETCD_LEADERLESS);
       i++)
    assert_int_equal(etcd_ask_all(f->etcd, statuses, &f->err), 0);
  assert_int_equal(statuses[0].health, ETCD_LED);
  assert_int_equal(statuses[0].member, 11);
  assert_int_equal(statuses[1].health, ETCD_LEADERLESS);
  assert_int_equal(statuses[1].member, 12);
  assert_int_equal(statuses[2].health, ETCD_SILENT);
  assert_int_equal(statuses[2].member, 0);
  assert_int_equal(statuses[3].health, ETCD_REFUSES);
  assert_int_equal(statuses[3].member, 0);
  asked(f->httpd, "maintenance/status", 0, "{}");
  httpd_free(third);
}

static void what_tells_nothing_is_silence(void **state) {
  static const struct httpd_answer rows[] = {
      {.status = 503, .body = "{}"},      {.status = 200, .body = "{}"},
      {.status = 200, .body = "<html>"},  {.status = 200, .body = "{" H},
      {.status = 302, .body = "{" H "}"}, {.mute = true, .end = HTTPD_CLOSE}};
  struct fixture *f = *state;
  struct etcd_status status;
  begin(f, false);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    httpd_forget(f->httpd);
    httpd_add(f->httpd, &rows[i]);
    assert_int_equal(etcd_ask_all(f->etcd, &status, &f->err), 0);
    assert_int_equal(status.health, ETCD_SILENT);
  }
}

/* One that is down since we began is known by what it advertises; a learner has
 * no vote. */
static void members_are_counted_and_known(void **state) {
  struct fixture *f = *state;
  struct etcd_status statuses[3];
  size_t n = 0;
  begin(f, false);
  etcd_free(f->etcd);
  add_endpoint(f, "http://127.0.0.1:1");
  add_endpoint(f, "http://127.0.0.1:2/");
  f->etcd = etcd_new(&f->config, 9000, &f->err);
  serve(f->httpd, "cluster/member/list", 200,
        "{" H ",\"members\":["
        "{\"ID\":\"" MEMBER "\",\"clientURLs\":[\"http://localhost:9\"]},"
        "{\"ID\":\"12\",\"clientURLs\":[\"http://a:1\",\"HTTP://127.0.0.1:1/\"]"
        "},{\"ID\":\"13\",\"clientURLs\":[\"http://127.0.0.1:22\"]},"
        "{\"ID\":\"14\",\"isLearner\":true,\"clientURLs\":"
        "[\"http://127.0.0.1:2\"]}]}");
  assert_int_equal(etcd_members(f->etcd, &n, &f->err), 0);
  assert_int_equal(n, 3);
  assert_int_equal(etcd_ask_all(f->etcd, statuses, &f->err), 0);
  assert_true(statuses[0].member == 15985099378392235387u);
  assert_int_equal(statuses[1].member, 12);
  assert_int_equal(statuses[2].member, 0);
}

#define R ETCD_REFUSES
#define N ETCD_LEADERLESS
#define L ETCD_LED
#define S ETCD_SILENT

static void a_proof_needs_more_than_half_of_the_members(void **state) {
  static const struct {
    size_t nmembers, n;
    struct etcd_status statuses[4];
    bool lost;
  } rows[] = {
      {1, 1, {{R, 1}}, true},
      {1, 1, {{L, 1}}, false},
      {1, 1, {{S, 1}}, false},
      {3, 3, {{R, 1}, {R, 2}, {S, 3}}, true},
      {3, 3, {{R, 1}, {N, 2}, {S, 3}}, true},
      {3, 3, {{N, 1}, {N, 2}, {N, 3}}, true},
      {3, 3, {{R, 1}, {S, 2}, {S, 3}}, false},
      {3, 3, {{S, 1}, {S, 2}, {S, 3}}, false},
      {3, 3, {{R, 1}, {R, 0}, {R, 0}}, false}, /* may be one */
      {3, 3, {{R, 1}, {R, 1}, {R, 1}}, false}, /* is one */
      {3, 4, {{R, 1}, {R, 1}, {L, 2}, {R, 3}}, true},
      {3, 3, {{R, 1}, {L, 1}, {R, 2}}, false}, /* lives by another name */
      {3, 3, {{S, 1}, {R, 1}, {R, 2}}, false},
      {4, 4, {{R, 1}, {R, 2}, {S, 3}, {S, 4}}, false},
      {5, 2, {{R, 1}, {R, 2}}, false}, /* not all are configured */
      {0, 1, {{R, 1}}, false},         /* never learned */
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    if (etcd_lacks_quorum(rows[i].statuses, rows[i].n, rows[i].nmembers) !=
        rows[i].lost)
      fail_msg("row %zu", i);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
      cmocka_unit_test(base64_there_and_back),
      cmocka_unit_test(what_is_no_base64_is_refused),
      TEST(a_lease_is_granted_renewed_and_revoked),
      TEST(a_lease_of_more_than_a_day_is_none),
      TEST(a_lease_that_is_gone_has_no_ttl),
      TEST(a_stream_may_break),
      TEST(a_prefix_is_read),
      TEST(nothing_there_is_no_failure),
      TEST(what_is_no_text_is_no_item_or_empty),
      TEST(so_many_keys_are_too_many),
      TEST(a_transaction_is_all_or_nothing),
      TEST(a_transaction_that_could_mean_another_is_not_sent),
      TEST(each_refusal_has_its_code_and_what_to_do),
      TEST(a_certificate_with_a_name_is_told),
      TEST(a_redirect_is_not_followed),
      TEST(if_one_refuses_the_next_is_asked),
      TEST(if_one_answers_that_it_cannot_the_next_is_asked),
      TEST(what_may_have_been_done_is_not_sent_again),
      TEST(if_all_fail_the_last_one_is_told),
      TEST(a_call_has_its_time),
      TEST(a_stop_ends_what_runs_and_a_lease_can_still_be_revoked),
      TEST(a_token_is_kept),
      TEST(an_old_token_is_renewed_once),
      TEST(a_bad_password_is_not_tried_again_at_once),
      TEST(a_server_that_repeats_the_password_is_not_quoted),
      TEST(a_login_that_found_nobody_is_tried_again),
      TEST(with_users_switched_off_there_is_no_login),
      TEST(so_it_is_with_the_status_of_newer_releases),
      TEST(a_token_that_is_no_header_is_refused),
      TEST(every_endpoint_has_its_health),
      TEST(what_tells_nothing_is_silence),
      TEST(members_are_counted_and_known),
      cmocka_unit_test(a_proof_needs_more_than_half_of_the_members),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
