/*
 * secret: the first line of a file, or one line that names the file and holds
 * nothing of it; and that no copy of a secret is freed as it is.
 */
#include "stub/passing.h"

#include "base/secret.h"
#include "net/http_one.h"

#include <dlfcn.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>

static char path[] = "/tmp/test_secret.XXXXXX";

static int setup(void **state) {
  (void)state;
  return close(mkstemp(path));
}

static int teardown(void **state) {
  (void)state;
  return unlink(path);
}

static int read_text(const char *text, char **ret, struct error *err) {
  FILE *file = fopen(path, "w");
  fputs(text, file);
  fclose(file);
  *ret = NULL;
  return secret_read(path, ret, err);
}

static void the_first_line_is_the_secret(void **state) {
  static const char *const rows[][2] = {
      {"first", "first"},
      {"first\n", "first"},
      {"second\r\nignored\n", "second"},
      {" with blanks \n", " with blanks "},
      {"gr\303\274n\n", "gr\303\274n"},
      {"\xef\xbb\xbf"
       "marked\n",
       "marked"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct error err;
    char *secret;
    assert_int_equal(read_text(rows[i][0], &secret, &err), 0);
    assert_string_equal(secret, rows[i][1]);
    secret_free(secret);
  }
  secret_free(NULL);
}

/* The file's name stands between the two. */
static void expect_error(const char *text, const char *before,
                         const char *after) {
  struct error err = {0};
  char *secret, want[ERROR_TEXT];
  snprintf(want, sizeof(want), "%s %s %s", before, path, after);
  assert_int_equal(read_text(text, &secret, &err), -1);
  assert_int_equal(err.code, ERROR_CONFIG);
  assert_string_equal(err.text, want);
  assert_null(secret);
}

static void an_empty_line_is_none(void **state) {
  (void)state;
  expect_error("", "the secret's file", "is empty");
  expect_error("\n", "the secret's file", "is empty");
  expect_error("\r\nsecond line", "the secret's file", "is empty");
}

/* JSON cannot carry it, and Keystone would answer 400. */
static void what_is_not_utf8_is_refused(void **state) {
  (void)state;
  expect_error("gr\374n\n", "the secret in the file", "is not UTF-8");
  expect_error("\377\376s\n", "the secret in the file", "is not UTF-8");
}

/* Cut short it would be a wrong one, and nobody would know why. */
static void an_oversized_secret_is_told(void **state) {
  char text[6000], *secret;
  struct error err;
  (void)state;
  memset(text, 's', sizeof(text));
  text[4094] = '\0';
  assert_int_equal(read_text(text, &secret, &err), 0);
  assert_string_equal(secret, text);
  secret_free(secret);
  text[4094] = 's';
  text[4095] = '\0';
  expect_error(text, "the secret in the file", "is longer than 4094 bytes");
  text[4095] = 's';
  text[5999] = '\0';
  expect_error(text, "the secret in the file", "is longer than 4094 bytes");
}

static void a_file_that_is_not_there_is_named(void **state) {
  struct error err = {0};
  char *secret = NULL;
  (void)state;
  assert_int_equal(secret_read("/no/such", &secret, &err), -1);
  assert_int_equal(err.code, ERROR_CONFIG);
  assert_string_equal(err.text, "the secret's file /no/such cannot be read: No "
                                "such file or directory");
  assert_null(secret);
}

/* At a stop the daemon would wait for who writes to it: nobody. */
static void a_fifo_is_not_waited_for(void **state) {
  struct error err = {0};
  char *secret = NULL;
  (void)state;
  unlink(path);
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_int_equal(secret_read(path, &secret, &err), -1);
  assert_int_equal(err.code, ERROR_CONFIG);
  assert_non_null(strstr(err.text, " is no regular file"));
  assert_null(secret);
}

/* ---- nothing is left behind --------------------------------------------- */

/* What is freed on a thread that is watched must not hold this. It is long, so
 * that whatever grows has to grow for it. */
static char hush[9000];
static __thread bool watching;
static __thread size_t left_behind;

static void look_at(const void *block, size_t size) {
  if (block != NULL && watching && memmem(block, size, hush, 16) != NULL)
    left_behind++;
}

/* The nodes' texts are ours, though libcurl frees them. */
void __real_curl_slist_free_all(struct curl_slist *list);
void __wrap_curl_slist_free_all(struct curl_slist *list);

void __wrap_curl_slist_free_all(struct curl_slist *list) {
  for (const struct curl_slist *at = list; at != NULL; at = at->next)
    look_at(at->data, strlen(at->data));
  __real_curl_slist_free_all(list);
}

/* Sanitizers have an allocator of their own. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void __libc_free(void *block);
void *__libc_malloc(size_t size);

/* What libcurl and the TLS library copy is theirs; the C library's is ours: it
 * does what we ask of it. */
static bool is_ours(void *caller) {
  Dl_info info;
  return dladdr(caller, &info) != 0 &&
         strstr(info.dli_fname, "libcurl") == NULL &&
         strstr(info.dli_fname, "libssl") == NULL &&
         strstr(info.dli_fname, "libcrypto") == NULL;
}

#define EXPORT __attribute__((visibility("default"))) /* to the C library */

/* Clean, or it would hold what was there before it. */
EXPORT void *malloc(size_t size) {
  void *block = __libc_malloc(size);
  if (block != NULL)
    memset(block, 0, malloc_usable_size(block));
  return block;
}

EXPORT void free(void *block) {
  if (watching && is_ours(__builtin_return_address(0)))
    look_at(block, malloc_usable_size(block));
  __libc_free(block);
}

EXPORT void *realloc(void *block, size_t size) {
  size_t old = block != NULL ? malloc_usable_size(block) : 0;
  void *grown = malloc(size);
  if (grown == NULL)
    return NULL;
  if (block != NULL)
    memcpy(grown, block, old < size ? old : size);
  if (watching && is_ours(__builtin_return_address(0)))
    look_at(block, old);
  __libc_free(block);
  return grown;
}
#endif

static void hush_begin(void) {
  for (size_t i = 0; i + 1 < sizeof(hush); i++)
    hush[i] = "hush-"[i % 5];
  left_behind = 0;
  watching = true;
}

static void hush_end(void) {
  watching = false;
  assert_int_equal(left_behind, 0);
}

static void the_watch_sees_what_is_left(void **state) {
  (void)state;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  hush_begin();
  char *volatile copy = strdup(hush); /* or a compiler leaves out both */
  free(copy);
  watching = false;
  assert_int_equal(left_behind, 1);
  watching = true;
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  fputs(hush, out);
  fputs(hush, out);
  fclose(out);
  secret_free(text);
  watching = false;
  assert_true(left_behind > 1);
#endif
}

static void a_file_s_secret_is_not_left_behind(void **state) {
  struct error err;
  char *secret;
  (void)state;
  hush_begin();
  watching = false; /* the test writes it itself */
  hush[3000] = '\0';
  FILE *file = fopen(path, "w");
  fputs(hush, file);
  fclose(file);
  watching = true;
  assert_int_equal(secret_read(path, &secret, &err), 0);
  char *joined = secret_join("a", ":", secret);
  assert_int_equal(strlen(joined), 2 + 3000);
  secret_free(secret);
  secret_free(joined);
  hush_end();
}

/* Those that sign each of a pass's requests. */
static void no_keys_of_a_pass_are_left_behind(void **state) {
  static const struct listing listing = {.name = "buckets",
                                         .path = "/admin/bucket",
                                         .record = "[]",
                                         .id = "id",
                                         .auth = AUTH_S3};
  static const struct meter meters[] = {{.name = "b", .from = &listing},
                                        {.name = NULL}};
  struct passing p;
  (void)state;
  passing_open(&p);
  httpd_add(p.site.httpd, &(struct httpd_answer){.body = "[]"});
  hush_begin();
  watching = false;
  hush[3000] = '\0';
  FILE *file = fopen(path, "w");
  fputs(hush, file);
  fclose(file);
  p.access.s3_access_key = (char *)"key";
  p.access.s3_secret_key_file = path;
  watching = true;
  assert_int_equal(passing_run(&p, meters), 0);
  hush_end();
  p.access = (struct pass_access){.s3_access_key = NULL};
  passing_close(&p);
}

/* A login by each of the ways, and a request with the token that it brings. */
static void log_in_with(const struct session_config *config) {
  struct site site;
  struct error err;
  struct session_token token = {0};
  struct http_reply reply;
  site_open(&site);
  site_login(&site, &(struct site_login){.token = hush});
  char *looked_up = site_token(&site, &(struct site_login){.life_s = 60});
  httpd_add(site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .headers = "X-Subject-Token: t\r\n",
                                   .body = looked_up});
  char *url = site.config.auth_url;
  site.config = *config;
  site.config.auth_url = url;
  site.config.interface = "public";
  hush_begin();
  struct session *session =
      session_new(&site.config, &site.options, site.rate_limit, &err);
  const struct session_asker asker = {.deadline_ms = site_deadline(20000)};
  if (session_token(session, &asker, &token, &err) != 0)
    fail_msg("%s", err.text);
  assert_non_null(strstr(token.header, hush));
  const struct http_request request = {
      .method = "GET", .url = url, .headers = {token.header}, .secret = hush};
  http_one(site.http, &request, site_deadline(20000), &reply, &err);
  session_token_clear(&token);
  session_free(session);
  http_free(site.http);
  hush_end();
  free(looked_up);
  site.http = NULL;
  site.config = (struct session_config){.auth_url = url};
  site_close(&site);
}

static void no_login_leaves_a_secret_behind(void **state) {
  (void)state;
  const struct session_config configs[] = {
      {.user_id = (char *)"u", .password = hush, .project_id = (char *)"p"},
      {.credential_id = (char *)"c", .credential_secret = hush},
      {.token = hush, .project_id = (char *)"p"},
      {.token = hush},
  };
  hush_begin(); /* fills it in */
  watching = false;
  for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++)
    log_in_with(&configs[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_line_is_the_secret),
      cmocka_unit_test(an_empty_line_is_none),
      cmocka_unit_test(what_is_not_utf8_is_refused),
      cmocka_unit_test(an_oversized_secret_is_told),
      cmocka_unit_test(a_file_that_is_not_there_is_named),
      cmocka_unit_test(the_watch_sees_what_is_left),
      cmocka_unit_test(a_file_s_secret_is_not_left_behind),
      cmocka_unit_test(no_keys_of_a_pass_are_left_behind),
      cmocka_unit_test(a_fifo_is_not_waited_for),
      cmocka_unit_test(no_login_leaves_a_secret_behind),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, setup, teardown);
  http_shut_down();
  return failed;
}
