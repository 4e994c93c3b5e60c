/* What path.h promises. */
#include "net/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void paths_that_cannot_be_read_say_why(void **state) {
  (void)state;
  static const char missing[] = "a name is missing or its quote does not close";
  static const char between[] = "expected \".\" or \"[]\" between two steps";
  static const char outer[] = "\"^.\" stands at the beginning, and once";
  static const struct {
    const char *path, *why; /* NULL: it is fine */
  } paths[] = {
      {"", NULL},
      {"size", NULL},
      {"images[]", NULL},
      {"[]", NULL},
      {"[][]", NULL},
      {"a[].b.*.c", NULL},
      {"*", NULL},
      {"*[]", NULL},
      {"\"a b\".\"c.d\"[]", NULL},
      {"\"\"", NULL},
      {"a.", between},
      {".a", missing},
      {"a..b", missing},
      {"a[", missing},
      {"a[x]", missing},
      {"a[0]", missing},
      {"a[]b", between},
      {"*a", between},
      {"a*", between},
      {"a*2", between},
      {"a.*2", between},
      {"\"a*2\"", NULL},
      {"\"a", missing},
      {"\"a\"b", between},
      {"a\"b\"", between},
      {"^", outer},
      {"a.^.b", outer},
      {"a^b.^c", NULL},
      {"a.\"^\"", NULL},
      {"1.2.3.4.5.6.7.8.9.10.11.12", NULL},
      {"1.2.3.4.5.6.7.8.9.10.11.12.13",
       "more than 12 steps, with those of the record"},
  };
  for (size_t i = 0; i < COUNT(paths); i++) {
    struct error err = {0};
    int status = path_check(paths[i].path, &err);
    if (status != (paths[i].why == NULL ? 0 : -1))
      fail_msg("\"%s\": %d", paths[i].path, status);
    if (status == 0)
      continue;
    char want[160];
    snprintf(want, sizeof(want), "path \"%s\": %s", paths[i].path,
             paths[i].why);
    assert_int_equal(err.code, ERROR_CONFIG);
    assert_string_equal(err.text, want);
  }
}

static void a_path_may_be_read_in_two_parts(void **state) {
  (void)state;
  struct path path = {.nsteps = 0};
  struct error err = {0};
  assert_int_equal(path_add(&path, "images[]", &err), 0);
  assert_int_equal(path_add(&path, "\"a b\".*", &err), 0);
  assert_int_equal(path.nsteps, 4);
  assert_string_equal(path.steps[0].name, "images");
  assert_int_equal(path.steps[1].kind, STEP_EACH);
  assert_string_equal(path.steps[2].name, "a b");
  assert_int_equal(path.steps[3].kind, STEP_ANY);
  path_clear(&path);
  assert_int_equal(path.nsteps, 0);
  assert_null(path.steps[0].name);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(paths_that_cannot_be_read_say_why),
      cmocka_unit_test(a_path_may_be_read_in_two_parts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
