/*
 * conf_text: what is told of a collectd.conf. The trees that come of right ones
 * are compared with the daemon's in tests/integration/conf_syntax.t.
 */
#include "stub/configuration.h"

#include "command/conf_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The only line that is told of it; "" if there is none. */
static const char *told(const char *text, int status) {
  struct config_item root = {0};
  heard_forget();
  assert_int_equal(conf_text_parse("f", text, &heard, &root), status);
  config_tree_clear(&root);
  assert_true(heard_lines() <= 1);
  return heard_lines() == 1 ? heard_line(0, NULL) : "";
}

static void what_is_wrong_is_told_with_its_line(void **state) {
  static const struct {
    const char *text, *line;
  } rows[] = {
      {"A 1\n<B>\nC 1\n", "f, line 4: <B> is not closed"},
      {"A 1\nB\n", "f, line 2: \"B\" has no value"},
      {"\n\n\"a\" 1\n",
       "f, line 3: here stands no key: a word of letters, digits and _"},
      {"A 1", "f, line 1: the last line has no end: add a newline"},
      {"<A>\nB 1\n</C>\n",
       "f, line 3: </C> stands where </A> should end the block"},
      {"A 1\n</A>\n", "f, line 2: </A> ends no block"},
      {"<A\nB 1\n</A>\n", "f, line 1: a \">\" is missing"},
      {"A 1 <\n", "f, line 1: \"<\" stands where the line should end"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    assert_string_equal(told(rows[i].text, -1), rows[i].line);
}

/* A part of it may be a secret. */
static void what_collectd_drops_is_told_without_it(void **state) {
  (void)state;
  assert_string_equal(
      told("A 1\n  Password se*cret\n", 0),
      "f, line 2, column 14: collectd drops what stands here: put "
      "the whole text in quotes");
  assert_string_equal(told("Meter \"image.*\"\n# a*\n", 0), "");
}

static void nothing_is_too_much(void **state) {
  static char deep[20000];
  (void)state;
  assert_string_equal(told("", 0), "");
  memset(deep, '*', sizeof(deep) - 1);
  assert_string_not_equal(told(deep, 0), "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_wrong_is_told_with_its_line),
      cmocka_unit_test(what_collectd_drops_is_told_without_it),
      cmocka_unit_test(nothing_is_too_much),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
