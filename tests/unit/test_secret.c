/*
 * secret: the first line of a file, or one line that names the file and holds
 * nothing of it.
 */
#include "base/secret.h"

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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_line_is_the_secret),
      cmocka_unit_test(an_empty_line_is_none),
      cmocka_unit_test(an_oversized_secret_is_told),
      cmocka_unit_test(a_file_that_is_not_there_is_named),
      cmocka_unit_test(a_fifo_is_not_waited_for),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
