/* What error.h promises: a code for the code, a text for the operator. */
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void set_fills_code_and_text(void **state) {
  (void)state;
  struct error err = {0};
  assert_int_equal(error_set(&err, ERROR_STATUS, "HTTP %d from %s", 503, "x"),
                   -1);
  assert_int_equal(err.code, ERROR_STATUS);
  assert_string_equal(err.text, "HTTP 503 from x");
}

static void wrap_puts_context_in_front(void **state) {
  (void)state;
  struct error err = {0};
  error_set(&err, ERROR_PARSE, "no \"images\"");
  assert_int_equal(error_wrap(&err, "page %d", 7), -1);
  assert_int_equal(error_wrap(&err, "images"), -1);
  assert_int_equal(err.code, ERROR_PARSE);
  assert_string_equal(err.text, "images: page 7: no \"images\"");
}

static void long_texts_are_cut_and_end(void **state) {
  (void)state;
  char much[3 * ERROR_TEXT];
  memset(much, 'x', sizeof(much));
  much[sizeof(much) - 1] = '\0';
  struct {
    struct error err;
    char behind[8];
  } guarded = {.behind = "intact"};
  struct error *err = &guarded.err;

  error_set(err, ERROR_LIMIT, "%s", much);
  assert_int_equal(strlen(err->text), ERROR_TEXT - 1);
  error_wrap(err, "page 2");
  assert_int_equal(strlen(err->text), ERROR_TEXT - 1);
  assert_memory_equal(err->text, "page 2: xxx", 11);
  assert_string_equal(guarded.behind, "intact");
}

static void a_context_that_fills_all_wins(void **state) {
  (void)state;
  char much[2 * ERROR_TEXT];
  struct error err = {0};
  for (size_t len = ERROR_TEXT - 5; len < ERROR_TEXT + 5; len++) {
    memset(much, 'c', len);
    much[len] = '\0';
    error_set(&err, ERROR_PARSE, "tail");
    error_wrap(&err, "%s", much);
    assert_int_equal(err.code, ERROR_PARSE);
    assert_int_equal(err.text[0], 'c');
    assert_true(strnlen(err.text, ERROR_TEXT) < ERROR_TEXT);
  }
}

static void memory_reads_the_same_everywhere(void **state) {
  (void)state;
  struct error err = {0};
  assert_int_equal(error_memory(&err), -1);
  assert_int_equal(err.code, ERROR_MEMORY);
  assert_string_equal(err.text, "out of memory");
}

static void nobody_has_to_listen(void **state) {
  (void)state;
  assert_int_equal(error_set(NULL, ERROR_PARSE, "x"), -1);
  assert_int_equal(error_wrap(NULL, "x"), -1);
  assert_int_equal(error_memory(NULL), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(set_fills_code_and_text),
      cmocka_unit_test(wrap_puts_context_in_front),
      cmocka_unit_test(long_texts_are_cut_and_end),
      cmocka_unit_test(a_context_that_fills_all_wins),
      cmocka_unit_test(memory_reads_the_same_everywhere),
      cmocka_unit_test(nobody_has_to_listen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
