/*
 * http: what it promises to whoever runs the servers, and to the daemon.
 */
#include "stub/httpd.h"

#include "base/clock.h"
#include "base/text.h"
#include "net/http_one.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <curl/curl.h>

struct fixture {
  struct httpd *httpd;
  struct http_options options;
  struct rate_limit *rate_limit;
  struct http *http;
  char *body; /* what has come */
  size_t len;
};

static int setup(void **state) {
  struct error err;
  struct fixture *f = calloc(1, sizeof(*f));
  f->httpd = httpd_new();
  f->options = (struct http_options){.timeout_ms = 20000, .width = 4};
  f->http = http_new(&f->options, NULL, &err);
  assert_non_null(f->http);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  http_free(f->http);
  rate_limit_free(f->rate_limit);
  httpd_free(f->httpd);
  free(f->body);
  free(f);
  return 0;
}

static int keep_body(void *arg, const void *data, size_t len) {
  struct fixture *f = arg;
  f->body = realloc(f->body, f->len + len + 1);
  memcpy(f->body + f->len, data, len);
  f->len += len;
  f->body[f->len] = '\0';
  return 0;
}

static int count_body(void *arg, const void *data, size_t len) {
  (void)data;
  ((struct fixture *)arg)->len += len;
  return 0;
}

static int refuse_body(void *arg, const void *data, size_t len) {
  (void)arg, (void)data, (void)len;
  return -1;
}

static int get_until(struct fixture *f, const char *path, int64_t ms,
                     struct http_reply *reply, struct error *err) {
  char *url = text_printf("%s%s", httpd_url(f->httpd), path);
  const struct http_request request = {
      .method = "GET", .url = url, .on_body = keep_body, .arg = f};
  f->len = 0;
  int status = http_one(f->http, &request, clock_ms() + ms, reply, err);
  free(url);
  return status;
}

static int get(struct fixture *f, struct http_reply *reply, struct error *err) {
  return get_until(f, "/", 20000, reply, err);
}

static void pause_ms(long ms) {
  const struct timespec time = {.tv_sec = ms / 1000,
                                .tv_nsec = ms % 1000 * 1000000};
  nanosleep(&time, NULL);
}

/* ---- how long it took ---------------------------------------------------- */

/* To the last byte, and not from when it wished to begin. */
static void an_answer_has_its_seconds(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  http_free(f->http);
  f->rate_limit = rate_limit_new(0.5);
  f->http = http_new(&f->options, f->rate_limit, &err);
  httpd_add(f->httpd,
            &(struct httpd_answer){
                .body = "slow", .piece = 2, .delay_ms = 100, .pause_ms = 100});
  for (int i = 0; i < 2; i++) {
    int64_t begun = clock_ms();
    assert_int_equal(get(f, &reply, &err), 0);
    double all = (double)(clock_ms() - begun) / 1000;
    assert_true(reply.sent);
    assert_true(reply.seconds >= 0.29);
    /* The second one has waited for 1.7 s, or on a slow machine for less. */
    assert_true(all - reply.seconds > (i == 0 ? -0.01 : 0.1));
  }
}

static void what_never_went_out_says_so(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  http_stop(f->http);
  assert_int_equal(get(f, &reply, &err), -1);
  assert_false(reply.sent);
  assert_true(reply.seconds == 0);
}

/* ---- an answer ---------------------------------------------------------- */

static void whole_answers_in_every_framing(void **state) {
  struct fixture *f = *state;
  static const enum httpd_end ends[] = {HTTPD_LENGTH, HTTPD_CHUNKED,
                                        HTTPD_CLOSE};
  for (size_t i = 0; i < 3; i++) {
    struct http_reply reply;
    struct error err;
    httpd_forget(f->httpd);
    httpd_add(f->httpd, &(struct httpd_answer){.body = "{\"images\": []}",
                                               .piece = 3,
                                               .end = ends[i]});
    assert_int_equal(get(f, &reply, &err), 0);
    assert_int_equal(reply.status, 200);
    assert_int_equal(reply.bytes, 14);
    assert_string_equal(f->body, "{\"images\": []}");
    assert_int_equal(reply.retry_after_ms, 0);
    assert_string_equal(reply.said, "");
  }
  assert_int_equal(http_requests(f->http), 3);
}

static void a_request_says_who_asks_and_expects_nothing(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  httpd_add(f->httpd, &(struct httpd_answer){.status = 201, .body = "{}"});
  char *url = text_printf("%s/v3/auth/tokens", httpd_url(f->httpd));
  /* Long enough for libcurl to send "Expect: 100-continue" by itself. */
  char *body = malloc(2 * 1024 * 1024);
  memset(body, 'x', 100 * 1024);
  body[100 * 1024] = '\0';
  const struct http_request request = {
      .method = "POST",
      .url = url,
      .headers = {"Content-Type: application/json", "X-Auth-Token: t"},
      .body = body};
  assert_int_equal(http_one(f->http, &request, clock_ms() + 9000, &reply, &err),
                   0);
  assert_int_equal(reply.status, 201);
  struct httpd_request seen = httpd_get(f->httpd, NULL, NULL, 0);
  assert_string_equal(seen.method, "POST");
  assert_string_equal(seen.target, "/v3/auth/tokens");
  assert_string_equal(seen.body, body);
  assert_non_null(strstr(seen.headers, "\r\nContent-Type: application/json"));
  assert_null(strstr(seen.headers, "urlencoded"));
  assert_non_null(strstr(seen.headers, "\r\nX-Auth-Token: t\r\n"));
  assert_non_null(strstr(seen.headers, "\r\nUser-Agent: collectd-openstack/"));
  assert_non_null(strstr(seen.headers, "\r\nAccept-Encoding: gzip\r\n"));
  assert_null(strcasestr(seen.headers, "expect"));
  free(url);
  free(body);
}

/* All by one handle. */
static void a_request_takes_nothing_from_the_one_before(void **state) {
  static const struct {
    const char *method, *body, *sigv4;
  } rows[] = {{.method = "HEAD"},
              {.method = "GET"},
              {.method = "POST", .body = "{}"},
              {.method = "HEAD"},
              {.method = "POST", .body = "[]"},
              {.method = "GET", .sigv4 = "aws:amz:us-east-1:s3"},
              {.method = "GET"}};
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  char *url = text_printf("%s/", httpd_url(f->httpd));
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const struct http_request request = {.method = rows[i].method,
                                         .url = url,
                                         .body = rows[i].body,
                                         .sigv4 = rows[i].sigv4,
                                         .sigv4_user_key = "access:secret"};
    assert_int_equal(
        http_one(f->http, &request, clock_ms() + 9000, &reply, &err), 0);
    struct httpd_request seen = httpd_get(f->httpd, NULL, NULL, i);
    assert_string_equal(seen.method, rows[i].method);
    assert_string_equal(seen.body, rows[i].body != NULL ? rows[i].body : "");
    assert_int_equal(strcasestr(seen.headers, "\r\nAuthorization:") != NULL,
                     rows[i].sigv4 != NULL);
    assert_int_equal(strcasestr(seen.headers, "sha256") != NULL,
                     rows[i].sigv4 != NULL);
    assert_non_null(
        strstr(seen.headers, "\r\nUser-Agent: collectd-openstack/"));
    assert_non_null(strstr(seen.headers, "\r\nAccept-Encoding: gzip\r\n"));
  }
  free(url);
}

struct header_seen {
  char text[400];
};

static void on_header(void *arg, const char *name, const char *value) {
  struct header_seen *seen = arg;
  size_t len = strlen(seen->text);
  if (name[0] == 'x')
    snprintf(seen->text + len, sizeof(seen->text) - len, "%s=%s|", name, value);
}

/* Server-Timing comes so, from some proxies. */
static void headers_behind_a_body_do_no_harm(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  httpd_add(f->httpd, &(struct httpd_answer){
                          .mute = true,
                          .body = "HTTP/1.1 200 OK\r\n"
                                  "Transfer-Encoding: chunked\r\n"
                                  "Trailer: X-Time\r\n\r\n"
                                  "4\r\nbody\r\n0\r\nX-Time: 1\r\n\r\n",
                          .end = HTTPD_CLOSE});
  char *url = text_printf("%s/v2", httpd_url(f->httpd));
  const struct http_request request = {.method = "GET", .url = url};
  int status = http_one(f->http, &request, clock_ms() + 9000, &reply, &err);
  if (status != 0)
    fail_msg("%s", err.text);
  assert_int_equal(reply.status, 200);
  free(url);
}

static void head_brings_headers_and_leaves_the_connection(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  struct header_seen seen = {""};
  httpd_add(f->httpd, &(struct httpd_answer){
                          .method = "HEAD",
                          .by_proxy = true,
                          .headers = "X-Account-Object-Count:   21 \t\r\n"
                                     "X-Account-BYTES-Used:720070\r\n"
                                     "X-Empty:\r\n",
                          .body = "never sent"});
  char *url = text_printf("%s/v1/AUTH_1", httpd_url(f->httpd));
  const struct http_request request = {
      .method = "HEAD", .url = url, .on_header = on_header, .arg = &seen};
  for (int i = 0; i < 2; i++)
    assert_int_equal(
        http_one(f->http, &request, clock_ms() + 9000, &reply, &err), 0);
  assert_int_equal(reply.status, 200);
  assert_int_equal(reply.bytes, 0);
  assert_string_equal(seen.text,
                      "x-account-object-count=21|x-account-bytes-used=720070|"
                      "x-empty=|x-account-object-count=21|"
                      "x-account-bytes-used=720070|x-empty=|");
  assert_int_equal(httpd_connections(f->httpd), 1);
  free(url);
}

static void connections_are_kept(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  for (int i = 0; i < 20; i++)
    assert_int_equal(get(f, &reply, &err), 0);
  assert_int_equal(httpd_count(f->httpd, "GET", "/"), 20);
  assert_int_equal(httpd_connections(f->httpd), 1);
}

/* `printf '{"images": []}' | gzip -9n` */
static const unsigned char gzipped[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56,
    0xca, 0xcc, 0x4d, 0x4c, 0x4f, 0x2d, 0x56, 0xb2, 0x52, 0x88, 0x8e, 0xad,
    0x05, 0x00, 0xd0, 0x21, 0x56, 0x8a, 0x0e, 0x00, 0x00, 0x00};

static void gzip_is_unpacked(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  httpd_add(f->httpd,
            &(struct httpd_answer){.headers = "Content-Encoding: gzip\r\n",
                                   .body = (const char *)gzipped,
                                   .len = sizeof(gzipped)});
  assert_int_equal(get(f, &reply, &err), 0);
  assert_string_equal(f->body, "{\"images\": []}");
  assert_int_equal(reply.bytes, 14);
}

/* The same with a digit of the checksum, or of the length, changed. A caller
 * must not have got what it cannot give back. */
static void gzip_with_a_wrong_checksum_is_handed_to_nobody(void **state) {
  struct fixture *f = *state;
  static const size_t damaged[] = {sizeof(gzipped) - 8, sizeof(gzipped) - 4};
  for (size_t i = 0; i < 2; i++) {
    struct http_reply reply;
    struct error err = {0};
    unsigned char bytes[sizeof(gzipped)];
    memcpy(bytes, gzipped, sizeof(bytes));
    bytes[damaged[i]] ^= 1;
    httpd_forget(f->httpd);
    httpd_add(f->httpd,
              &(struct httpd_answer){.headers = "Content-Encoding: gzip\r\n",
                                     .body = (const char *)bytes,
                                     .len = sizeof(bytes)});
    assert_int_equal(get(f, &reply, &err), -1);
    assert_int_equal(err.code, ERROR_TRANSPORT);
    assert_false(reply.cut_short);
    assert_int_equal(f->len, 0);
  }
}

/* What the checksum is of has come, but nothing tells that it is right. */
static void gzip_cut_off_in_its_checksum_is_handed_to_nobody(void **state) {
  struct fixture *f = *state;
  for (size_t lacks = 1; lacks <= 8; lacks++) {
    struct http_reply reply;
    struct error err = {0};
    httpd_forget(f->httpd);
    httpd_add(f->httpd,
              &(struct httpd_answer){.headers = "Content-Encoding: gzip\r\n",
                                     .body = (const char *)gzipped,
                                     .len = sizeof(gzipped) - lacks,
                                     .end = HTTPD_CUT});
    assert_int_equal(get(f, &reply, &err), -1);
    assert_int_equal(err.code, ERROR_TRANSPORT);
    assert_false(reply.cut_short);
    assert_int_equal(f->len, 0);
  }
}

static void identity_is_no_compression(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  httpd_add(f->httpd,
            &(struct httpd_answer){.headers = "Content-Encoding: Identity\r\n",
                                   .body = "{}",
                                   .end = HTTPD_CUT});
  assert_int_equal(get(f, &reply, &err), -1);
  assert_true(reply.cut_short);
  assert_int_equal(f->len, 2);
}

static int ask(struct fixture *f, const char *url, struct http_reply *reply,
               struct error *err) {
  const struct http_request request = {.method = "GET", .url = url};
  return http_one(f->http, &request, clock_ms() + 20000, reply, err);
}

/* No route is nobody's refusal. */
static void only_a_closed_port_has_refused(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  assert_int_equal(ask(f, "http://127.0.0.1:1/", &reply, &err), -1);
  assert_true(reply.refused && !reply.reached);
  assert_int_equal(ask(f, "http://255.255.255.255:1/", &reply, &err), -1);
  assert_false(reply.refused || reply.reached);
}

/* libcurl repeats it. */
static void a_proxy_s_password_is_in_no_message(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  setenv("http_proxy", "http://user:hush@a:b:c", 1);
  assert_int_equal(ask(f, "http://service.example/", &reply, &err), -1);
  unsetenv("http_proxy");
  assert_null(strstr(err.text, "hush"));
  assert_non_null(strstr(err.text, "http_proxy=http://(hidden)@a:b:c"));
}

static void a_redirect_is_told_and_not_followed(void **state) {
  static const char *const places[][2] = {
      {"http://evil.example:81/v3/?token=abc#x", "http://evil.example:81"},
      {"https://evil.example?secret", "https://evil.example"},
      {"http://u:hush@evil.example/v3", "http://(hidden)@evil.example"},
      {"/v3/", "/v3/"},
      {"/v3/?token=abc#x", "/v3/"},
      {"@/login?next=/v3", "@/login"},
      {"//evil.example/", ""},
      {"v3/", ""},
  };
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  const size_t n = sizeof(places) / sizeof(places[0]);
  for (size_t i = 0; i < n; i++) {
    const char *own[2]; /* "@" is the server */
    for (int j = 0; j < 2; j++)
      own[j] = places[i][j][0] == '@' ? httpd_url(f->httpd) : "";
    char *location = text_printf("Location: %s%s\r\n", own[0],
                                 places[i][0] + (own[0][0] != '\0'));
    char *want =
        text_printf("%s%s", own[1], places[i][1] + (own[1][0] != '\0'));
    httpd_forget(f->httpd);
    httpd_add(f->httpd,
              &(struct httpd_answer){.status = 302, .headers = location});
    assert_int_equal(get(f, &reply, &err), 0);
    assert_int_equal(reply.status, 302);
    assert_string_equal(reply.location, want);
    free(location);
    free(want);
  }
  assert_int_equal(httpd_count(f->httpd, NULL, NULL), n);
}

/* Where something was created, or how to log in, is no redirect. */
static void other_statuses_have_no_location(void **state) {
  static const int statuses[] = {200, 201, 401, 503};
  struct fixture *f = *state;
  for (size_t i = 0; i < 4; i++) {
    struct http_reply reply;
    struct error err;
    httpd_forget(f->httpd);
    httpd_add(f->httpd, &(struct httpd_answer){.status = statuses[i],
                                               .headers = "Location: /a\r\n"});
    assert_int_equal(get(f, &reply, &err), 0);
    assert_string_equal(reply.location, "");
  }
}

static void retry_after_is_understood(void **state) {
  static const struct {
    const char *value;
    int64_t ms;
  } rows[] = {{"0", 0},
              {"17", 17000},
              {"3600", 3600000},
              {"3601", 3600000},
              {"-5", 0},
              {"", 0},
              {"soon", 0},
              {"99999999999999999999", 0},
              {"Fri, 31 Dec 1999 23:59:59 GMT", 0},
              {"Fri, 31 Dec 2100 23:59:59 GMT", 3600000}};
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct http_reply reply;
    struct error err;
    char *header = text_printf("retry-AFTER: %s\r\n", rows[i].value);
    httpd_forget(f->httpd);
    httpd_add(f->httpd,
              &(struct httpd_answer){.status = 429, .headers = header});
    assert_int_equal(get(f, &reply, &err), 0);
    if (reply.retry_after_ms != rows[i].ms)
      fail_msg("Retry-After \"%s\" is %lld ms", rows[i].value,
               (long long)reply.retry_after_ms);
    free(header);
  }
}

static void only_json_is_repeated_from_an_error(void **state) {
  static const struct {
    int status;
    const char *type, *body, *said;
  } rows[] = {
      {401, "application/json", "{\"error\": {\n\t \"code\":   401}}",
       "{\"error\": { \"code\": 401}}"},
      {500, "application/json; charset=UTF-8", "{\"a\": \"\xc3\xa4\x1b[31m\"}",
       "{\"a\": \" [31m\"}"},
      {500, "text/html", "<html>secret</html>", ""},
      {500, "text/plain", "it failed", ""},
      {503, "", "it failed", ""},
      {200, "application/json", "{\"images\": []}", ""},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct http_reply reply;
    struct error err;
    httpd_forget(f->httpd);
    httpd_add(f->httpd, &(struct httpd_answer){.status = rows[i].status,
                                               .type = rows[i].type,
                                               .body = rows[i].body});
    assert_int_equal(get(f, &reply, &err), 0);
    assert_int_equal(reply.status, rows[i].status);
    assert_string_equal(reply.said, rows[i].said);
  }
}

/* Nor the beginning of it in front of a cut, be that all that has come; and of
 * one that JSON may spell otherwise no words are safe. */
static void no_words_hold_the_secret_that_was_sent(void **state) {
  static const struct {
    const char *secret, *body;
    bool told;
  } rows[] = {
      {NULL, "{\"m\": \"hush-hush\"}", true},
      {"hush-hush", "{\"m\": \"no\"}", true},
      {"hush-hush", "{\"m\": \"token hush-hush\"}", false},
      {"hush-hush", "{\"m\": \"husk-hush\"}", true},
      {"hush-hush", "{\"m\": \"token hush-hus", false},
      {"hush-hush", "{\"m\": \"token hush", false},
      {"hush-hush", "{\"m\": \"token hus", true},
      {"hush-hush", "hush-h", false},
      {"hush-hush", "hush", false},
      {"hu\"sh", "{\"m\": \"no\"}", false},
      {"h\303\274sh", "{\"m\": \"no\"}", false},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const struct http_request request = {
        .method = "GET", .url = httpd_url(f->httpd), .secret = rows[i].secret};
    struct http_reply reply;
    struct error err;
    httpd_forget(f->httpd);
    httpd_add(f->httpd,
              &(struct httpd_answer){.status = 400, .body = rows[i].body});
    assert_int_equal(
        http_one(f->http, &request, clock_ms() + 20000, &reply, &err), 0);
    assert_string_equal(reply.said, rows[i].told ? rows[i].body : "");
  }
}

static void the_beginning_of_an_answer_is_repeated(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  httpd_add(f->httpd, &(struct httpd_answer){.status = 500,
                                             .body = "{\"first\": \"second\"}",
                                             .piece = 9,
                                             .pause_ms = 50});
  assert_int_equal(get(f, &reply, &err), 0);
  assert_memory_equal(reply.said, "{\"first\"", 8);
}

static void what_is_repeated_is_short(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err;
  char body[5000];
  memset(body, 'e', sizeof(body));
  httpd_add(f->httpd, &(struct httpd_answer){
                          .status = 500, .body = body, .len = sizeof(body)});
  assert_int_equal(get(f, &reply, &err), 0);
  assert_int_equal(strlen(reply.said), HTTP_SAID - 1);
}

/* ---- answers that are none ---------------------------------------------- */

static void broken_answers_are_transport_errors(void **state) {
  static const struct httpd_answer rows[] = {
      {.mute = true, .end = HTTPD_CLOSE},
      {.mute = true, .end = HTTPD_RESET},
      {.body = "{\"images\": [", .end = HTTPD_CUT},
      {.body = "{\"images\": [", .end = HTTPD_RESET},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct http_reply reply;
    struct error err = {0};
    httpd_forget(f->httpd);
    httpd_add(f->httpd, &rows[i]);
    assert_int_equal(get(f, &reply, &err), -1);
    assert_int_equal(err.code, ERROR_TRANSPORT);
    assert_true(strlen(err.text) > 10);
    assert_int_equal(reply.status, rows[i].mute ? 0 : 200);
  }
}

/* libcurl takes the first two for answers. */
static void headers_that_are_cut_are_a_transport_error(void **state) {
  static const char *const rows[] = {
      "HTTP/1.1 204 No Content\r\nX-Objects: 1\r\n",
      "HTTP/1.1 204 No Content\r\n",
      "HTTP/1.1 204 No Content\r\nX-Obj",
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct http_reply reply;
    struct error err = {0};
    httpd_forget(f->httpd);
    httpd_add(f->httpd, &(struct httpd_answer){
                            .mute = true, .body = rows[i], .end = HTTPD_CLOSE});
    assert_int_equal(get(f, &reply, &err), -1);
    assert_int_equal(err.code, ERROR_TRANSPORT);
  }
}

static void the_body_of_a_300_comes_to_who_wants_it(void **state) {
  struct fixture *f = *state;
  char *url = text_printf("%s/", httpd_url(f->httpd));
  httpd_add(f->httpd, &(struct httpd_answer){.status = 300, .body = "{}"});
  for (int choices = 0; choices < 2; choices++) {
    struct http_reply reply;
    struct error err;
    f->len = 0;
    const struct http_request request = {.method = "GET",
                                         .url = url,
                                         .on_body = count_body,
                                         .arg = f,
                                         .choices = choices == 1};
    assert_int_equal(
        http_one(f->http, &request, clock_ms() + 9000, &reply, &err), 0);
    assert_int_equal(reply.status, 300);
    assert_int_equal(f->len, choices == 1 ? 2 : 0);
  }
  free(url);
}

static void an_end_that_is_missing_is_told_from_other_errors(void **state) {
  static const struct {
    struct httpd_answer answer;
    bool cut_short;
  } rows[] = {
      {{.body = "{}", .end = HTTPD_CUT}, true},
      {{.body = "{}", .end = HTTPD_RESET}, true},
      {{.body = "{}", .end = HTTPD_HANG}, false}, /* the time-out */
      {{.mute = true, .end = HTTPD_CLOSE}, false},
      {{.body = "{}", .headers = "Content-Encoding: gzip\r\n"}, false},
  };
  struct fixture *f = *state;
  f->options.timeout_ms = 500;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct http_reply reply;
    struct error err = {0};
    httpd_forget(f->httpd);
    httpd_add(f->httpd, &rows[i].answer);
    assert_int_equal(get(f, &reply, &err), -1);
    assert_int_equal(err.code, ERROR_TRANSPORT);
    if (reply.cut_short != rows[i].cut_short)
      fail_msg("row %zu: %s", i, err.text);
  }
}

static void nobody_there_is_a_transport_error(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  char *url = text_printf("%s/", httpd_url(f->httpd));
  const struct http_request request = {.method = "GET", .url = url};
  httpd_free(f->httpd);
  f->httpd = httpd_new(); /* elsewhere */
  int64_t begun = clock_ms();
  assert_int_equal(http_one(f->http, &request, begun + 9000, &reply, &err), -1);
  assert_int_equal(err.code, ERROR_TRANSPORT);
  assert_non_null(strstr(err.text, "127.0.0.1"));
  assert_true(clock_ms() - begun < 2000);
  assert_int_equal(reply.status, 0);
  assert_true(reply.refused);
  assert_false(reply.reached);
  free(url);
}

/* Whoever gets no answer wants to know whether it may have been acted on. */
static void what_was_sent_and_not_answered_was_sent(void **state) {
  static const struct httpd_answer rows[] = {
      {.mute = true, .end = HTTPD_CLOSE},
      {.body = "{", .end = HTTPD_CUT},
      {.status = 500, .body = "{}"},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct http_reply reply;
    struct error err = {0};
    httpd_forget(f->httpd);
    httpd_add(f->httpd, &rows[i]);
    get(f, &reply, &err);
    assert_true(reply.reached);
    assert_false(reply.refused);
  }
}

static void *end_server(void *arg) {
  struct fixture *f = arg;
  while (!httpd_wait(f->httpd, 2))
    continue;
  httpd_free(f->httpd);
  f->httpd = NULL;
  return NULL;
}

/* A first attempt on a kept connection may have been acted on, although nobody
 * is there for the second one. */
static void nor_is_that_forgotten_when_it_is_sent_again(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  pthread_t thread;
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}", .times = 1});
  httpd_add(f->httpd, &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  assert_int_equal(get(f, &reply, &err), 0);
  pthread_create(&thread, NULL, end_server, f);
  assert_int_equal(get(f, &reply, &err), -1);
  pthread_join(thread, NULL);
  assert_true(reply.refused);
  assert_true(reply.reached);
}

/* Options and environment are those from before the first request. */
static int get_anew(struct fixture *f, bool direct, struct error *err) {
  struct http_reply reply;
  http_free(f->http);
  f->options.direct = direct;
  f->http = http_new(&f->options, NULL, err);
  return f->http != NULL ? get(f, &reply, err) : -1;
}

static void a_direct_request_goes_past_the_proxies(void **state) {
  static const char *const names[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
  struct fixture *f = *state;
  struct error err = {0};
  unsetenv("no_proxy");
  unsetenv("NO_PROXY");
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}"});
  for (size_t i = 0; i < 3; i++) {
    setenv(names[i], "http://127.0.0.1:1", 1);
    assert_int_equal(get_anew(f, false, &err), -1);
    if (get_anew(f, true, &err) != 0)
      fail_msg("%s: %s", names[i], err.text);
    unsetenv(names[i]);
  }
}

static void only_http_is_spoken(void **state) {
  static const char *const urls[] = {"file:///etc/passwd",
                                     "ftp://127.0.0.1/",
                                     "gopher://127.0.0.1/",
                                     "",
                                     "http://",
                                     "dict://127.0.0.1:1/x"};
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
    struct http_reply reply;
    struct error err = {0};
    const struct http_request request = {
        .method = "GET", .url = urls[i], .on_body = keep_body, .arg = f};
    assert_int_equal(
        http_one(f->http, &request, clock_ms() + 5000, &reply, &err), -1);
    assert_int_equal(err.code, ERROR_TRANSPORT);
    assert_int_equal(f->len, 0);
  }
}

static void who_refuses_the_body_ends_it(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  char *url = text_printf("%s/", httpd_url(f->httpd));
  const struct http_request request = {
      .method = "GET", .url = url, .on_body = refuse_body};
  httpd_add(f->httpd, &(struct httpd_answer){.body = "not json",
                                             .repeat = 1000000,
                                             .end = HTTPD_CLOSE});
  assert_int_equal(http_one(f->http, &request, clock_ms() + 9000, &reply, &err),
                   -1);
  assert_int_equal(err.code, ERROR_PARSE);
  assert_true(reply.bytes < 1000000);
  free(url);
}

/* ---- limits ------------------------------------------------------------- */

static void headers_have_a_limit(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  char *headers = calloc(1, 100 * 1024);
  for (int i = 0; i < 80; i++)
    snprintf(headers + strlen(headers), 1024, "X-Long-%04d: %0900d\r\n", i, 1);
  httpd_add(f->httpd, &(struct httpd_answer){.headers = headers, .body = "{}"});
  assert_int_equal(get(f, &reply, &err), -1);
  assert_int_equal(err.code, ERROR_LIMIT);
  assert_non_null(strstr(err.text, "headers are over 64 KiB"));
  free(headers);
}

static void sixty_kib_of_headers_are_fine(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  char *headers = calloc(1, 100 * 1024);
  for (int i = 0; i < 60; i++)
    snprintf(headers + strlen(headers), 1024, "X-Long-%04d: %0900d\r\n", i, 1);
  httpd_add(f->httpd, &(struct httpd_answer){.headers = headers, .body = "{}"});
  assert_int_equal(get(f, &reply, &err), 0);
  free(headers);
}

/* libcurl has a limit of its own for one line, and then says "Out of memory".
 */
static void so_has_a_single_header(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  char *header = text_printf("X-Long: %0*d\r\n", 200 * 1024, 1);
  httpd_add(f->httpd, &(struct httpd_answer){.headers = header, .body = "{}"});
  assert_int_equal(get(f, &reply, &err), -1);
  assert_int_equal(err.code, ERROR_LIMIT);
  assert_string_equal(err.text, "the answer's headers are over 64 KiB");
  assert_int_equal(reply.status, 200);
  free(header);
}

/* Serves `answer`, counts what comes of it, and expects the limit. */
static void expect_limit(struct fixture *f, const struct httpd_answer *answer,
                         const char *text) {
  struct http_reply reply;
  struct error err = {0};
  char *url = text_printf("%s/", httpd_url(f->httpd));
  const struct http_request request = {
      .method = "GET", .url = url, .on_body = count_body, .arg = f};
  httpd_add(f->httpd, answer);
  assert_int_equal(
      http_one(f->http, &request, clock_ms() + 60000, &reply, &err), -1);
  assert_int_equal(err.code, ERROR_LIMIT);
  assert_string_equal(err.text, text);
  free(url);
}

static void an_endless_body_ends_at_the_limit(void **state) {
  struct fixture *f = *state;
  f->options.timeout_ms = 60000;
  size_t len = 1024 * 1024;
  char *body = malloc(len);
  memset(body, ' ', len);
  expect_limit(
      f,
      &(struct httpd_answer){
          .body = body, .len = len, .repeat = 1000000, .end = HTTPD_CLOSE},
      "the answer's body is over 131072 KiB");
  assert_true(f->len <= HTTP_BODY_LIMIT);
  assert_true(f->len > HTTP_BODY_LIMIT - 1024 * 1024);
  free(body);
}

/* Deflate with fixed codes: a literal, and then "258 bytes more of the same"
 * in 13 bits, again and again. Bits come lowest first, codes highest first. */
struct bits {
  unsigned char *data;
  size_t n;
};

static void put_bits(struct bits *bits, const char *digits) {
  for (; *digits != '\0'; digits++, bits->n++)
    if (*digits == '1')
      bits->data[bits->n / 8] |= (unsigned char)(1u << bits->n % 8);
}

static char *make_bomb(size_t unpacked, size_t *ret_len) {
  static const unsigned char head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3};
  size_t times = unpacked / 258 + 1;
  size_t size = sizeof(head) + times * 13 / 8 + 100;
  struct bits bits = {.data = calloc(1, size), .n = sizeof(head) * 8};
  memcpy(bits.data, head, sizeof(head));
  put_bits(&bits, "110");      /* the last block; fixed codes */
  put_bits(&bits, "01010000"); /* a blank: 0x30 + 0x20 */
  for (size_t i = 0; i < times; i++)
    put_bits(&bits, "1100010100000"); /* 258 bytes, from one byte ago */
  put_bits(&bits, "0000000");         /* end; a checksum is not reached */
  *ret_len = bits.n / 8 + 1;
  return (char *)bits.data;
}

static void a_gzip_bomb_ends_at_the_limit(void **state) {
  struct fixture *f = *state;
  f->options.timeout_ms = 60000;
  size_t len;
  char *bomb = make_bomb((size_t)HTTP_BODY_LIMIT + 64 * 1024 * 1024, &len);
  assert_true(len < 2 * 1024 * 1024);
  expect_limit(f,
               &(struct httpd_answer){.headers = "Content-Encoding: gzip\r\n",
                                      .body = bomb,
                                      .len = len},
               "the answer's compressed body is over 32768 KiB");
  assert_int_equal(f->len, 0);
  free(bomb);
}

/* A firewall has forgotten an idle connection, and says nothing. */
static void silence_on_an_old_connection_is_tried_on_a_new_one(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  f->options.timeout_ms = 500;
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{}", .times = 1});
  httpd_add(f->httpd, &(struct httpd_answer){
                          .mute = true, .end = HTTPD_HANG, .times = 1});
  httpd_add(f->httpd, &(struct httpd_answer){.body = "[]"});
  assert_int_equal(get(f, &reply, &err), 0);
  assert_int_equal(get(f, &reply, &err), 0);
  assert_string_equal(f->body, "[]");
  assert_int_equal(http_requests(f->http), 3);
  assert_int_equal(httpd_connections(f->httpd), 2);
}

/* Nor twice, nor where something came, nor on a new connection. */
static void but_once_and_only_silence(void **state) {
  static const struct httpd_answer rows[] = {{.mute = true, .end = HTTPD_HANG},
                                             {.body = "{", .end = HTTPD_HANG}};
  struct fixture *f = *state;
  f->options.timeout_ms = 500;
  for (size_t i = 0; i < 2; i++) {
    struct http_reply reply;
    struct error err = {0};
    size_t before = httpd_count(f->httpd, NULL, NULL);
    httpd_forget(f->httpd);
    httpd_add(f->httpd, &(struct httpd_answer){.body = "{}", .times = 1});
    httpd_add(f->httpd, &rows[i]);
    assert_int_equal(get(f, &reply, &err), 0);
    assert_int_equal(get(f, &reply, &err), -1);
    assert_int_equal(err.code, ERROR_TRANSPORT);
    assert_int_equal(httpd_count(f->httpd, NULL, NULL) - before, 3 - i);
    assert_int_equal(get(f, &reply, &err), -1);
    assert_int_equal(httpd_count(f->httpd, NULL, NULL) - before, 4 - i);
  }
}

static void a_request_has_a_timeout(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  f->options.timeout_ms = 300;
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{", .end = HTTPD_HANG});
  int64_t begun = clock_ms();
  assert_int_equal(get(f, &reply, &err), -1);
  int64_t took = clock_ms() - begun;
  assert_int_equal(err.code, ERROR_TRANSPORT);
  assert_non_null(strstr(err.text, "timed out"));
  assert_true(took >= 290 && took < 2000);
}

static void a_slow_drip_does_not_outlive_the_timeout(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  f->options.timeout_ms = 400;
  httpd_add(f->httpd, &(struct httpd_answer){.body = "{ ",
                                             .repeat = 10000,
                                             .pause_ms = 20,
                                             .end = HTTPD_CLOSE});
  int64_t begun = clock_ms();
  assert_int_equal(get(f, &reply, &err), -1);
  assert_int_equal(err.code, ERROR_TRANSPORT);
  assert_true(clock_ms() - begun < 2000);
}

static void a_deadline_ends_everything(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  httpd_add(f->httpd, &(struct httpd_answer){.end = HTTPD_HANG});
  int64_t begun = clock_ms();
  assert_int_equal(get_until(f, "/", 300, &reply, &err), -1);
  int64_t took = clock_ms() - begun;
  /* And not the request's time-out: it says whose fault it was. */
  assert_int_equal(err.code, ERROR_DEADLINE);
  assert_int_equal(reply.error.code, ERROR_DEADLINE);
  assert_true(took >= 290 && took < 2000);
}

static void a_deadline_in_the_past_asks_nobody(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  assert_int_equal(get_until(f, "/", -1, &reply, &err), -1);
  assert_int_equal(err.code, ERROR_DEADLINE);
  assert_int_equal(httpd_connections(f->httpd), 0);
  assert_int_equal(http_requests(f->http), 0);
}

/* ---- stop --------------------------------------------------------------- */

struct waiter {
  struct fixture *fixture;
  pthread_t thread;
  struct http_reply reply;
  struct error err;
  int status;
  int64_t ended_ms;
};

static void *wait_for_answer(void *arg) {
  struct waiter *w = arg;
  w->status = get(w->fixture, &w->reply, &w->err);
  w->ended_ms = clock_ms();
  return NULL;
}

static void stop_while(struct fixture *f, const struct httpd_answer *answer) {
  struct waiter w = {.fixture = f};
  httpd_add(f->httpd, answer);
  pthread_create(&w.thread, NULL, wait_for_answer, &w);
  assert_true(httpd_wait(f->httpd, 1));
  pause_ms(50);
  int64_t stopped = clock_ms();
  http_stop(f->http);
  pthread_join(w.thread, NULL);
  assert_int_equal(w.status, -1);
  assert_int_equal(w.err.code, ERROR_STOPPED);
  assert_true(w.ended_ms - stopped < 500);
}

static void stop_ends_a_hanging_request(void **state) {
  stop_while(*state, &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
}

static void stop_ends_a_slow_drip(void **state) {
  stop_while(*state, &(struct httpd_answer){.body = " ",
                                            .repeat = 100000,
                                            .pause_ms = 10,
                                            .end = HTTPD_CLOSE});
}

static void stop_ends_an_endless_body(void **state) {
  stop_while(*state, &(struct httpd_answer){.body = "          ",
                                            .repeat = 1000000000,
                                            .pause_ms = 1,
                                            .end = HTTPD_CLOSE});
}

static void a_stop_is_for_ever(void **state) {
  struct fixture *f = *state;
  struct http_reply reply;
  struct error err = {0};
  http_stop(f->http);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(get(f, &reply, &err), -1);
    assert_int_equal(err.code, ERROR_STOPPED);
  }
  assert_int_equal(httpd_connections(f->httpd), 0);
}

/* ---- which libcurl ------------------------------------------------------ */

static const curl_version_info_data *other_libcurl; /* NULL: the real one */

curl_version_info_data *__real_curl_version_info(CURLversion age);
curl_version_info_data *__wrap_curl_version_info(CURLversion age);

curl_version_info_data *__wrap_curl_version_info(CURLversion age) {
  return other_libcurl != NULL ? (curl_version_info_data *)other_libcurl
                               : __real_curl_version_info(age);
}

static void a_libcurl_that_cannot_be_stopped_is_refused(void **state) {
  static const struct {
    curl_version_info_data libcurl;
    const char *text; /* NULL: it will do */
  } rows[] = {
      {{.version = "7.86.0",
        .version_num = 0x075600,
        .features = CURL_VERSION_ASYNCHDNS},
       "libcurl 7.86.0 is older than 7.87.0: collectd could not be stopped "
       "while "
       "a name is looked up"},
      {{.version = "8.5.0",
        .version_num = 0x080500,
        .features = CURL_VERSION_SSL},
       "libcurl 8.5.0 has no asynchronous resolver: collectd could not be "
       "stopped while a name is looked up"},
      {{.version = "7.87.0",
        .version_num = 0x075700,
        .features = CURL_VERSION_ASYNCHDNS},
       NULL},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct error err = {.code = ERROR_NONE};
    other_libcurl = &rows[i].libcurl;
    int status = http_start_up(&err);
    other_libcurl = NULL;
    assert_int_equal(status, rows[i].text != NULL ? -1 : 0);
    assert_int_equal(err.code,
                     rows[i].text != NULL ? ERROR_CONFIG : ERROR_NONE);
    if (rows[i].text != NULL)
      assert_string_equal(err.text, rows[i].text);
    else
      http_shut_down();
  }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(an_answer_has_its_seconds),
      TEST(what_never_went_out_says_so),
      TEST(whole_answers_in_every_framing),
      TEST(a_request_says_who_asks_and_expects_nothing),
      TEST(a_request_takes_nothing_from_the_one_before),
      TEST(head_brings_headers_and_leaves_the_connection),
      TEST(headers_behind_a_body_do_no_harm),
      TEST(connections_are_kept),
      TEST(gzip_is_unpacked),
      TEST(gzip_with_a_wrong_checksum_is_handed_to_nobody),
      TEST(gzip_cut_off_in_its_checksum_is_handed_to_nobody),
      TEST(an_end_that_is_missing_is_told_from_other_errors),
      TEST(a_redirect_is_told_and_not_followed),
      TEST(other_statuses_have_no_location),
      TEST(identity_is_no_compression),
      TEST(only_a_closed_port_has_refused),
      TEST(a_proxy_s_password_is_in_no_message),
      TEST(a_libcurl_that_cannot_be_stopped_is_refused),
      TEST(retry_after_is_understood),
      TEST(only_json_is_repeated_from_an_error),
      TEST(no_words_hold_the_secret_that_was_sent),
      TEST(the_beginning_of_an_answer_is_repeated),
      TEST(what_is_repeated_is_short),
      TEST(broken_answers_are_transport_errors),
      TEST(headers_that_are_cut_are_a_transport_error),
      TEST(the_body_of_a_300_comes_to_who_wants_it),
      TEST(nobody_there_is_a_transport_error),
      TEST(what_was_sent_and_not_answered_was_sent),
      TEST(nor_is_that_forgotten_when_it_is_sent_again),
      TEST(a_direct_request_goes_past_the_proxies),
      TEST(only_http_is_spoken),
      TEST(who_refuses_the_body_ends_it),
      TEST(headers_have_a_limit),
      TEST(so_has_a_single_header),
      TEST(sixty_kib_of_headers_are_fine),
      TEST(an_endless_body_ends_at_the_limit),
      TEST(a_gzip_bomb_ends_at_the_limit),
      TEST(silence_on_an_old_connection_is_tried_on_a_new_one),
      TEST(but_once_and_only_silence),
      TEST(a_request_has_a_timeout),
      TEST(a_slow_drip_does_not_outlive_the_timeout),
      TEST(a_deadline_ends_everything),
      TEST(a_deadline_in_the_past_asks_nobody),
      TEST(stop_ends_a_hanging_request),
      TEST(stop_ends_a_slow_drip),
      TEST(stop_ends_an_endless_body),
      TEST(a_stop_is_for_ever),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
