/* What idset.h promises: exact membership at 8 to 20 bytes an id. */
#include "base/idset.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int by_value(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

/* 64 bits from nothing but a counter (splitmix64). */
static uint64_t scramble(uint64_t i) {
  uint64_t z = i * UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static void the_first_time_is_new_the_second_not(void **state) {
  (void)state;
  struct idset set = {0};
  assert_false(idset_has(&set, 42));
  assert_true(idset_add(&set, 42));
  assert_false(idset_add(&set, 42));
  assert_true(idset_has(&set, 42));
  assert_false(idset_has(&set, 43));
  assert_true(idset_add(&set, 43));
  assert_int_equal(idset_count(&set), 2);
  idset_clear(&set);
  assert_int_equal(idset_count(&set), 0);
  assert_true(idset_add(&set, 42));
  idset_clear(&set);
}

static void it_tells_when_it_is_full(void **state) {
  (void)state;
  struct idset set = {0};
  for (uint64_t i = 1; i < IDSET_LIMIT; i++)
    idset_add(&set, scramble(i));
  assert_false(idset_full(&set));
  idset_add(&set, scramble(0));
  assert_true(idset_full(&set));
  assert_true(set.table.size * sizeof(uint64_t) <= 64 * 1024 * 1024);
  idset_clear(&set);
  assert_false(idset_full(&set));
}

static void a_hash_of_zero_is_an_id_too(void **state) {
  (void)state;
  struct idset set = {0};
  assert_true(idset_add(&set, 0));
  assert_true(idset_has(&set, 0));
  assert_false(idset_add(&set, 0));
  idset_clear(&set);
}

/* 200,000 adds from a range so small that many come twice, against a sorted
 * array of all that was added. */
static void it_agrees_with_a_reference(void **state) {
  (void)state;
  enum { N = 200000 };
  struct idset set = {0};
  uint64_t *sorted = malloc(N * sizeof(*sorted));
  assert_non_null(sorted);
  size_t fresh = 0;
  for (size_t i = 0; i < N; i++) {
    sorted[i] = scramble(scramble(i) % 150000);
    fresh += idset_add(&set, sorted[i]);
  }
  qsort(sorted, N, sizeof(*sorted), by_value);
  size_t different = 0;
  for (size_t i = 0; i < N; i++)
    different += i == 0 || sorted[i] != sorted[i - 1];
  assert_true(different < N);
  assert_int_equal(fresh, different);
  assert_int_equal(idset_count(&set), different);
  for (size_t i = 0; i < N; i++)
    assert_false(idset_add(&set, sorted[i]));
  free(sorted);
  idset_clear(&set);
}

static void hashes_that_collide_in_a_slot_stay_apart(void **state) {
  (void)state;
  struct idset set = {0};
  for (uint64_t i = 1; i <= 1000; i++) {
    assert_true(idset_add(&set, i));
    assert_true(idset_add(&set, i << 40));
  }
  for (uint64_t i = 1; i <= 1000; i++) {
    assert_false(idset_add(&set, i));
    assert_false(idset_add(&set, i << 40));
  }
  idset_clear(&set);
}

static void real_ids_are_told_apart(void **state) {
  (void)state;
  struct idset set = {0};
  char id[64];
  for (unsigned i = 0; i < 200000; i++) {
    snprintf(id, sizeof(id), "%08x-27b5-4f7c-8f3a-2b9d1c64%04x", i, i % 65536);
    assert_true(idset_add(&set, text_hash(id, strlen(id), 0)));
  }
  assert_int_equal(idset_count(&set), 200000);
  idset_clear(&set);
}

/* The whole promise of constant memory hangs on this one number. */
static void an_id_costs_at_most_twenty_bytes(void **state) {
  (void)state;
  struct idset set = {0};
  for (uint64_t i = 1; i <= 200000; i++) {
    idset_add(&set, scramble(i));
    if (i >= 1000)
      assert_true(set.table.size * sizeof(*set.table.slots) < i * 20);
    assert_true(idset_count(&set) <
                set.table.size); /* or a search would never end */
    if (i == 100000)
      assert_int_equal(set.table.size * sizeof(*set.table.slots), 1024 * 1024);
  }
  idset_clear(&set);
}

static void an_emptied_one_has_none_and_takes_all_again(void **state) {
  (void)state;
  struct idset set = {0};
  idset_empty(&set);
  for (int round = 0; round < 2; round++) {
    for (uint64_t i = 1; i <= 1000; i++)
      assert_true(idset_add(&set, scramble(i)));
    size_t size = set.table.size;
    idset_empty(&set);
    assert_int_equal(idset_count(&set), 0);
    assert_int_equal(set.table.size, size);
    for (uint64_t i = 1; i <= 1000; i++)
      assert_false(idset_has(&set, scramble(i)));
  }
  idset_clear(&set);
}

/* For the next pass, which has as many; but 100,000 are a mebibyte. */
static void a_resting_one_keeps_little(void **state) {
  (void)state;
  for (uint64_t n = 1000; n <= 100000; n *= 100) {
    struct idset set = {0};
    for (uint64_t i = 1; i <= n; i++)
      idset_add(&set, scramble(i));
    size_t size = set.table.size;
    set.broken = true;
    idset_rest(&set);
    assert_int_equal(set.table.size, n == 1000 ? size : 0);
    assert_int_equal(idset_count(&set), 0);
    assert_false(set.broken);
    for (uint64_t i = 1; i <= n; i++)
      assert_true(idset_add(&set, scramble(i)));
    idset_clear(&set);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_time_is_new_the_second_not),
      cmocka_unit_test(it_tells_when_it_is_full),
      cmocka_unit_test(a_hash_of_zero_is_an_id_too),
      cmocka_unit_test(it_agrees_with_a_reference),
      cmocka_unit_test(hashes_that_collide_in_a_slot_stay_apart),
      cmocka_unit_test(real_ids_are_told_apart),
      cmocka_unit_test(an_id_costs_at_most_twenty_bytes),
      cmocka_unit_test(an_emptied_one_has_none_and_takes_all_again),
      cmocka_unit_test(a_resting_one_keeps_little),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
