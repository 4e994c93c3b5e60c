/* What table.h promises: what was added is found, whatever it collides with. */
#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct wanted {
  const uint64_t *keys;
  uint64_t key;
};

static bool has_key(const void *arg, uint64_t slot) {
  const struct wanted *wanted = arg;
  return wanted->keys[table_row(slot)] == wanted->key;
}

static void nothing_is_found_in_an_empty_one(void **state) {
  (void)state;
  struct table table = {0};
  assert_true(table_find(&table, 7, has_key, NULL) == 0);
}

/* One hash for all, and one for each. */
static void rows_are_found_by_what_they_hold(void **state) {
  (void)state;
  enum { N = 1000 };
  uint64_t keys[N];
  for (int same = 0; same < 2; same++) {
    struct table table = {0};
    for (size_t i = 0; i < N; i++) {
      keys[i] = same ? i : i << 32;
      assert_true(table_add(&table, table_slot(keys[i], i)));
    }
    assert_int_equal(table.count, N);
    for (size_t i = 0; i < N; i++) {
      const struct wanted wanted = {keys, keys[i]};
      uint64_t slot = table_find(&table, keys[i], has_key, &wanted);
      assert_int_equal(table_row(slot), i);
    }
    const struct wanted missing = {keys, UINT64_MAX};
    assert_true(table_find(&table, 0, has_key, &missing) == 0);
    table_clear(&table);
    assert_int_equal(table.count, 0);
  }
}

static void the_last_row_there_can_be_is_itself(void **state) {
  (void)state;
  assert_true(table_row(table_slot(UINT64_MAX, 0)) == 0);
  assert_true(table_row(table_slot(UINT64_MAX, UINT32_MAX - 1)) ==
              UINT32_MAX - 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_found_in_an_empty_one),
      cmocka_unit_test(rows_are_found_by_what_they_hold),
      cmocka_unit_test(the_last_row_there_can_be_is_itself),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
