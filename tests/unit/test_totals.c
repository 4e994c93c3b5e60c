/* What totals.h promises. */
#include "meter/totals.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool add(struct totals *totals, size_t series, enum total_kind kind,
                const char *group, const char *project, double value) {
  const struct total total = {
      .series = series, .group = group, .project = project, .value = value};
  return totals_add(totals, kind, &total);
}

static double value_of(const struct totals *totals, size_t series,
                       const char *group) {
  struct total total;
  for (size_t i = 0; totals_get(totals, i, &total); i++)
    if (total.series == series && strcmp(total.group, group) == 0)
      return total.value;
  fail_msg("no group \"%s\" of series %zu", group, series);
  return 0;
}

static void every_kind_does_its_sum(void **state) {
  (void)state;
  static const enum total_kind kinds[] = {TOTAL_COUNT, TOTAL_SUM, TOTAL_MIN,
                                          TOTAL_MAX};
  static const double values[] = {3, -2, 7.5, 0};
  static const double want[] = {4, 8.5, -2, 7.5};
  struct totals *totals = totals_new();
  for (size_t k = 0; k < 4; k++)
    for (size_t v = 0; v < 4; v++)
      assert_true(add(totals, k, kinds[k], "g", NULL, values[v]));
  for (size_t k = 0; k < 4; k++)
    assert_true(value_of(totals, k, "g") == want[k]);
  totals_free(totals);
}

static void the_group_of_all_has_no_namesake(void **state) {
  (void)state;
  static const char *const groups[] = {NULL, "", "total"};
  struct totals *totals = totals_new();
  struct total total;
  for (size_t round = 1; round <= 2; round++)
    for (size_t i = 0; i < 3; i++)
      assert_true(add(totals, 0, TOTAL_SUM, groups[i], NULL, (double)i + 1));
  add(totals, 1, TOTAL_COUNT, NULL, NULL, 1);
  for (size_t i = 0; i < 3; i++) {
    assert_true(totals_get(totals, i, &total));
    assert_true(total.value == 2 * ((double)i + 1));
    assert_true(totals_has(totals, 0, groups[i]));
  }
  assert_true(totals_get(totals, 3, &total));
  assert_null(total.group);
  assert_int_equal(total.series, 1);
  add(totals, 0, TOTAL_SUM, NULL, NULL, 0);
  add(totals, 512, TOTAL_COUNT, NULL, NULL, 1); /* kept at the same place */
  assert_true(totals_get(totals, 4, &total));
  assert_int_equal(total.series, 512);
  assert_true(total.value == 1);
  assert_false(totals_get(totals, 5, &total));
  assert_false(totals_has(totals, 2, NULL));
  totals_free(totals);
}

static void groups_come_in_the_order_they_were_met(void **state) {
  (void)state;
  struct totals *totals = totals_new();
  struct total total;
  assert_false(totals_get(totals, 0, &total));
  add(totals, 1, TOTAL_COUNT, "b", "p1", 1);
  add(totals, 0, TOTAL_COUNT, "b", NULL, 1);
  add(totals, 0, TOTAL_COUNT, "a", "p2", 1);
  add(totals, 1, TOTAL_COUNT, "b", "p1", 1);
  assert_true(totals_get(totals, 0, &total));
  assert_int_equal(total.series, 1);
  assert_string_equal(total.group, "b");
  assert_string_equal(total.project, "p1");
  assert_true(total.value == 2);
  assert_true(totals_get(totals, 1, &total));
  assert_int_equal(total.series, 0);
  assert_null(total.project);
  assert_true(totals_get(totals, 2, &total));
  assert_string_equal(total.group, "a");
  assert_false(totals_get(totals, 3, &total));
  totals_free(totals);
}

static void groups_have_a_limit_and_what_is_over_is_counted(void **state) {
  (void)state;
  struct totals *totals = totals_new();
  struct total total;
  char group[16];
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < TOTALS_LIMIT + 10; i++) {
      snprintf(group, sizeof(group), "g%d", i);
      bool taken = add(totals, 0, TOTAL_COUNT, group, NULL, 1);
      assert_int_equal(taken, i < TOTALS_LIMIT);
    }
  }
  assert_int_equal(totals_refused(totals), 20);
  for (size_t i = 0; i < TOTALS_LIMIT; i++) {
    assert_true(totals_get(totals, i, &total));
    assert_true(total.value == 2);
  }
  assert_false(totals_get(totals, TOTALS_LIMIT, &total));
  totals_free(totals);
}

/* With the project's, and up to the last byte. */
static void a_group_s_project_takes_room_too(void **state) {
  (void)state;
  enum { HALF = 1024, MOST = TOTALS_BYTES / (2 * HALF) };
  struct totals *totals = totals_new();
  char group[HALF], project[HALF];
  memset(group, 'g', HALF - 1);
  memset(project, 'p', HALF - 1);
  group[HALF - 1] = project[HALF - 1] = '\0';
  for (int i = 0; i < MOST + 2; i++) {
    snprintf(group, 10, "%09d", i);
    group[9] = 'g';
    assert_int_equal(add(totals, 0, TOTAL_COUNT, group, project, 1), i < MOST);
  }
  assert_int_equal(totals_refused(totals), 2);
  totals_free(totals);
}

/* A group's name is the operator's field and the tenants' text. */
static void bytes_have_a_limit_too(void **state) {
  (void)state;
  enum { LONG = 2000, MOST = TOTALS_BYTES / LONG };
  struct totals *totals = totals_new();
  struct total total;
  char group[LONG];
  memset(group, 'g', LONG - 1);
  group[LONG - 1] = '\0';
  for (int i = 0; i < MOST + 10; i++) {
    snprintf(group, 10, "%09d", i);
    group[9] = 'g';
    assert_int_equal(add(totals, 0, TOTAL_COUNT, group, NULL, 1), i < MOST);
  }
  assert_int_equal(totals_refused(totals), 10);
  assert_true(totals_get(totals, MOST - 1, &total));
  assert_false(totals_get(totals, MOST, &total));
  assert_false(totals_broken(totals));
  totals_free(totals);
}

static void the_records_of_a_group_may_be_of_several_projects(void **state) {
  (void)state;
  static const char *const rows[][2] = {
      {"p1", "p2"}, {"p1", NULL}, {NULL, "p1"}};
  struct total total;
  for (size_t i = 0; i < 3; i++) {
    struct totals *totals = totals_new();
    add(totals, 0, TOTAL_SUM, "g", rows[i][0], 1);
    add(totals, 0, TOTAL_SUM, "g", rows[i][1], 1);
    add(totals, 0, TOTAL_SUM, "g", "p1", 1);
    assert_true(totals_get(totals, 0, &total));
    assert_null(total.project);
    totals_free(totals);
  }
}

/* By their first and last eight bytes they are one. */
static void groups_that_look_alike_are_kept_apart(void **state) {
  (void)state;
  enum { GROUPS = 2000 };
  char group[40];
  struct totals *totals = totals_new();
  for (int turn = 0; turn < 3; turn++)
    for (int i = 0; i < GROUPS; i++) {
      snprintf(group, sizeof(group), "compute-%04d.example", i);
      assert_true(add(totals, 0, TOTAL_SUM, group, NULL, i));
      assert_true(add(totals, 512, TOTAL_COUNT, group, NULL, 1));
    }
  for (int i = 0; i < GROUPS; i++) {
    snprintf(group, sizeof(group), "compute-%04d.example", i);
    assert_true(value_of(totals, 0, group) == 3 * i);
    assert_true(value_of(totals, 512, group) == 3);
  }
  totals_free(totals);
}

static void short_groups_are_kept_apart(void **state) {
  (void)state;
  static const char *const groups[] = {"a", "aa", "A", "aaaaaaaa", "b", "N/A"};
  struct totals *totals = totals_new();
  for (size_t turn = 0; turn < 2; turn++)
    for (size_t i = 0; i < 6; i++)
      add(totals, 1, TOTAL_SUM, groups[i], NULL, (double)i);
  for (size_t i = 0; i < 6; i++)
    assert_true(value_of(totals, 1, groups[i]) == 2 * (double)i);
  totals_free(totals);
}

static void a_zero_is_for_groups_without_a_row(void **state) {
  (void)state;
  struct totals *totals = totals_new();
  assert_false(totals_has(NULL, 0, "g"));
  assert_false(totals_has(totals, 0, "g"));
  add(totals, 0, TOTAL_COUNT, "g", NULL, 1);
  assert_true(totals_zero(totals, &(struct total){.group = "g"}));
  assert_true(totals_zero(totals, &(struct total){.series = 1, .group = "g"}));
  assert_true(value_of(totals, 0, "g") == 1);
  assert_true(value_of(totals, 1, "g") == 0);
  assert_true(totals_has(totals, 1, "g"));
  assert_false(totals_has(totals, 2, "g"));
  totals_free(totals);
}

static void a_sum_is_exact(void **state) {
  (void)state;
  struct totals *totals = totals_new();
  add(totals, 0, TOTAL_SUM, "g", NULL, 0x1p53);
  add(totals, 0, TOTAL_SUM, "g", NULL, 1);
  add(totals, 0, TOTAL_SUM, "g", NULL, 1);
  assert_true(value_of(totals, 0, "g") == 0x1p53 + 2);
  totals_free(totals);
}

static void what_is_not_known_makes_no_total(void **state) {
  (void)state;
  static const enum total_kind kinds[] = {TOTAL_COUNT, TOTAL_SUM, TOTAL_MIN,
                                          TOTAL_MAX};
  struct totals *totals = totals_new();
  for (size_t k = 0; k < 4; k++) {
    add(totals, k, kinds[k], "g", NULL, 1);
    add(totals, k, kinds[k], "g", NULL, NAN);
    add(totals, k, kinds[k], "g", NULL, 2);
    add(totals, k, kinds[k], "other", NULL, 5);
    assert_true(isnan(value_of(totals, k, "g")));
    assert_true(value_of(totals, k, "other") == (k == 0 ? 1 : 5));
  }
  add(totals, 9, TOTAL_SUM, "g", NULL, 1e308);
  add(totals, 9, TOTAL_SUM, "g", NULL, 1e308);
  assert_true(isnan(value_of(totals, 9, "g")));
  totals_free(totals);
}

/* The linker has all calls come here (Makefile.am). */
static bool no_memory;
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text) {
  return no_memory ? NULL : __real_strdup(text);
}

static void without_memory_there_are_no_totals(void **state) {
  (void)state;
  struct totals *totals = totals_new();
  add(totals, 0, TOTAL_SUM, "a", "p", 1);
  assert_false(totals_broken(totals));
  no_memory = true;
  assert_true(add(totals, 0, TOTAL_SUM, "a", "p", 1));
  assert_false(totals_broken(totals));
  assert_false(add(totals, 0, TOTAL_SUM, "b", "p", 402));
  no_memory = false;
  add(totals, 0, TOTAL_SUM, "b", "p", 264); /* of 666 */
  assert_true(totals_broken(totals));
  assert_int_equal(totals_refused(totals), 0);
  totals_free(totals);
}

static void nothing_is_fine(void **state) {
  (void)state;
  struct total total;
  totals_free(NULL);
  assert_false(totals_get(NULL, 0, &total));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kind_does_its_sum),
      cmocka_unit_test(the_group_of_all_has_no_namesake),
      cmocka_unit_test(groups_come_in_the_order_they_were_met),
      cmocka_unit_test(groups_have_a_limit_and_what_is_over_is_counted),
      cmocka_unit_test(bytes_have_a_limit_too),
      cmocka_unit_test(a_group_s_project_takes_room_too),
      cmocka_unit_test(the_records_of_a_group_may_be_of_several_projects),
      cmocka_unit_test(groups_that_look_alike_are_kept_apart),
      cmocka_unit_test(short_groups_are_kept_apart),
      cmocka_unit_test(a_zero_is_for_groups_without_a_row),
      cmocka_unit_test(a_sum_is_exact),
      cmocka_unit_test(what_is_not_known_makes_no_total),
      cmocka_unit_test(without_memory_there_are_no_totals),
      cmocka_unit_test(nothing_is_fine),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
