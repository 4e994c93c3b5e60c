/* What sum.h promises: the double next to the exact sum, whatever the order. */
#include "base/sum.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static double sum_of(const double *numbers, size_t n) {
  struct sum sum = {.n = 0};
  for (size_t i = 0; i < n; i++)
    sum_add(&sum, numbers[i]);
  return sum_value(&sum);
}

/* 64 bits from nothing but a counter (splitmix64). */
static uint64_t scramble(uint64_t i) {
  uint64_t z = i * UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static void nothing_is_zero(void **state) {
  (void)state;
  assert_true(sum_of(NULL, 0) == 0);
}

/* Sizes of images, against whole numbers of 128 bits. */
static void a_million_sizes_in_bytes_are_exact(void **state) {
  (void)state;
  struct sum sum = {.n = 0};
  __extension__ unsigned __int128 exact = 0;
  double naive = 0;
  for (uint64_t i = 0; i < 1000000; i++) {
    uint64_t size = scramble(i) >> 22; /* up to 4 TiB */
    sum_add(&sum, (double)size);
    exact += size;
    naive += (double)size;
  }
  assert_true(sum_value(&sum) == (double)exact);
  assert_true(naive != (double)exact); /* else this tests nothing */
}

/* Multiples of 2^-60, against whole numbers of 128 bits. */
static void fractions_and_signs_are_exact(void **state) {
  (void)state;
  const double unit = 0x1p-60;
  for (uint64_t round = 0; round < 2000; round++) {
    struct sum sum = {.n = 0};
    __extension__ __int128 exact = 0;
    for (uint64_t i = 0; i < 50; i++) {
      uint64_t bits = scramble(round * 100 + 2 * i);
      unsigned shift = scramble(round * 100 + 2 * i + 1) % 60;
      __extension__ __int128 units = (__int128)(bits >> 11) << shift;
      double number = (double)(bits >> 11) * unit * (double)(1ULL << shift);
      exact += bits & 1 ? units : -units;
      sum_add(&sum, bits & 1 ? number : -number);
    }
    assert_true(sum_value(&sum) == (double)exact * unit);
  }
}

static void a_tie_is_decided_by_what_lies_below_it(void **state) {
  (void)state;
  const struct {
    double numbers[3], want;
  } rows[] = {
      {{0x1p53, 1, 0}, 0x1p53}, /* to even */
      {{0x1p53 + 2, 1, 0}, 0x1p53 + 4},
      {{0x1p53, 1, 0x1p-50}, 0x1p53 + 2},
      {{0x1p53 + 2, 1, -0x1p-50}, 0x1p53 + 2},
      {{-0x1p53, -1, -0x1p-50}, -0x1p53 - 2},
      {{1e16, 1, -1e16}, 1},
      {{0.1, 0.2, -0.3}, 0x1p-55},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    assert_true(sum_of(rows[i].numbers, 3) == rows[i].want);
}

static void the_order_does_not_matter(void **state) {
  (void)state;
  double numbers[64];
  for (size_t i = 0; i < 64; i++)
    numbers[i] = ldexp((double)(scramble(i) >> 11), (int)(scramble(~i) % 60)) *
                 (i % 2 > 0 ? 1 : -1);
  double want = sum_of(numbers, 64);
  for (size_t round = 1; round < 64; round++) {
    double first = numbers[0];
    memmove(numbers, numbers + 1, sizeof(numbers) - sizeof(numbers[0]));
    numbers[63] = first;
    assert_true(sum_of(numbers, 64) == want);
  }
}

static void what_is_not_finite_is_no_sum(void **state) {
  (void)state;
  const double rows[][3] = {{1e308, 1e308, -1e308},
                            {1, NAN, 1},
                            {INFINITY, 1, 1},
                            {-1e308, -1e308, 0}};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    assert_true(isnan(sum_of(rows[i], 3)));
}

/* Numbers further apart than the parts reach: no value rather than a wrong one.
 */
static void what_does_not_fit_is_no_sum(void **state) {
  (void)state;
  struct sum sum = {.n = 0};
  for (int i = 0; i < SUM_PARTS; i++)
    sum_add(&sum, ldexp(1, -200 * i));
  assert_true(sum_value(&sum) == 1);
  sum_add(&sum, ldexp(1, -200 * SUM_PARTS));
  assert_true(isnan(sum_value(&sum)));
}

/* A negative size is an error of somebody's, and a sum hides it. */
static void a_number_below_zero_is_remembered(void **state) {
  (void)state;
  const struct {
    double numbers[3];
    bool below;
  } rows[] = {{{1, 2, 3}, false},
              {{0, -0.0, 1}, false},
              {{-1, 2, 3}, true},
              {{0x1p53, 1, -0x1p-50}, true}};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct sum sum = {.n = 0};
    for (size_t j = 0; j < 3; j++)
      sum_add(&sum, rows[i].numbers[j]);
    assert_int_equal(sum.below, rows[i].below);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_zero),
      cmocka_unit_test(a_million_sizes_in_bytes_are_exact),
      cmocka_unit_test(fractions_and_signs_are_exact),
      cmocka_unit_test(a_tie_is_decided_by_what_lies_below_it),
      cmocka_unit_test(the_order_does_not_matter),
      cmocka_unit_test(what_is_not_finite_is_no_sum),
      cmocka_unit_test(what_does_not_fit_is_no_sum),
      cmocka_unit_test(a_number_below_zero_is_remembered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
