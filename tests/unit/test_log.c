/*
 * log: one line, one prefix, and silence that grows with repetition.
 */
#include "stub/daemon.h"
#include "stub/warp.h"

#include "report/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state) {
  (void)state;
  stub_reset();
  return 0;
}

static void expect_last(int level, const char *text) {
  int found;
  const char *line = stub_log(stub_logs() - 1, &found);
  assert_string_equal(line, text);
  assert_int_equal(found, level);
}

/* ---- lines -------------------------------------------------------------- */

/* The stand-in for the daemon looks for the prefix and the end of the line. */
static void each_level_has_its_function(void **state) {
  (void)state;
  log_error("cloud \"%s\": %s", "prod", "page 7: HTTP 503");
  expect_last(LOG_ERR, "cloud \"prod\": page 7: HTTP 503");
  log_warning("%d", 2);
  expect_last(LOG_WARNING, "2");
  log_notice("%.1f", 2.5);
  expect_last(LOG_NOTICE, "2.5");
  log_info("100%%");
  expect_last(LOG_INFO, "100%");
  assert_int_equal(stub_logs(), 4);
}

static void what_is_printed_is_no_format(void **state) {
  (void)state;
  log_error("%s", "%s%n%d");
  expect_last(LOG_ERR, "%s%n%d");
}

/* Regions and the like come from servers. */
static void a_line_is_one_line(void **state) {
  (void)state;
  log_notice("region %s\n",
             "One\r\nerror: all is lost\t\x1b[31m\x7f gr\303\274n");
  expect_last(LOG_NOTICE, "region One  error: all is lost  [31m  gr\303\274n ");
}

static void a_line_fits_the_daemon_s_buffer(void **state) {
  (void)state;
  char text[5000];
  memset(text, 'x', sizeof(text));
  text[sizeof(text) - 1] = '\0';
  log_error("%s", text);
  size_t len = strlen(stub_log(0, NULL));
  assert_true(len > 900 && len + strlen("openstack plugin: ") < 1023);
}

/* ---- repeats ------------------------------------------------------------ */

static void a_trouble_is_said_when_it_is_new(void **state) {
  (void)state;
  struct log_limit limit = {0};
  assert_true(log_due(&limit, 1));
  for (int i = 0; i < 100; i++)
    assert_false(log_due(&limit, 1));
}

static void then_after_ten_minutes_twenty_and_so_on_up_to_a_day(void **state) {
  static const int minutes[] = {10,  20,   40,   80,   160, 320,
                                640, 1280, 1440, 1440, 1440};
  (void)state;
  struct log_limit limit = {0};
  assert_true(log_due(&limit, 1));
  for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++) {
    warp(minutes[i] * 60000LL - 2000);
    assert_false(log_due(&limit, 1));
    warp(2001);
    assert_true(log_due(&limit, 1));
    assert_false(log_due(&limit, 1));
  }
}

static void another_kind_is_new(void **state) {
  (void)state;
  struct log_limit limit = {0};
  assert_true(log_due(&limit, 1));
  assert_false(log_due(&limit, 1));
  assert_true(log_due(&limit, 2));
  assert_false(log_due(&limit, 2));
  /* Two that take turns are not said again and again. */
  assert_false(log_due(&limit, 1));
  assert_false(log_due(&limit, 2));
  /* Of many kinds the oldest is forgotten. */
  for (int kind = 3; kind <= 5; kind++)
    assert_true(log_due(&limit, kind));
  assert_false(log_due(&limit, 2));
  assert_true(log_due(&limit, 1));
}

static void limits_do_not_know_each_other(void **state) {
  (void)state;
  struct log_limit one = {0}, other = {0};
  assert_true(log_due(&one, 1));
  assert_true(log_due(&other, 1));
  assert_false(log_due(&one, 1));
}

static void the_end_of_a_trouble_is_said_once(void **state) {
  (void)state;
  struct log_limit limit = {0};
  assert_false(log_over(&limit)); /* there was none */
  assert_true(log_due(&limit, 1));
  assert_false(log_due(&limit, 1));
  assert_true(log_over(&limit));
  assert_false(log_over(&limit));
  /* The next trouble begins with the short silence again. */
  warp(600001);
  assert_false(log_over(&limit));
  assert_true(log_due(&limit, 1));
  warp(600001);
  assert_true(log_due(&limit, 1));
}

/* Once, that it works; once, that it is back; and in the end that it is over.
 */
static void a_trouble_that_comes_and_goes_is_one(void **state) {
  (void)state;
  struct log_limit limit = {0};
  int lines = 0;
  for (int i = 0; i < 100; i++) {
    lines += log_due(&limit, 1) ? 1 : 0;
    warp(1000);
    lines += log_over(&limit) ? 1 : 0;
    warp(1000);
  }
  assert_int_equal(lines, 3);
  assert_true(limit.flaps);
  assert_false(log_over(&limit));
  warp(590000);
  assert_false(log_over(&limit));
  warp(10000);
  assert_true(log_over(&limit));
  assert_false(log_over(&limit));
  assert_true(log_due(&limit, 1));
}

/* However long the interval is. */
static void nor_is_it_over_for_one_good_walk(void **state) {
  (void)state;
  struct log_limit limit = {0};
  int lines = 0;
  for (int i = 0; i < 20; i++) {
    lines += log_due(&limit, 1) ? 1 : 0;
    warp(3600000);
    lines += log_over(&limit) ? 1 : 0;
    warp(3600000);
  }
  assert_true(lines <= 15); /* the schedule of repeats, and not 40 */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(each_level_has_its_function, setup),
      cmocka_unit_test_setup(what_is_printed_is_no_format, setup),
      cmocka_unit_test_setup(a_line_is_one_line, setup),
      cmocka_unit_test_setup(a_line_fits_the_daemon_s_buffer, setup),
      cmocka_unit_test(a_trouble_is_said_when_it_is_new),
      cmocka_unit_test(then_after_ten_minutes_twenty_and_so_on_up_to_a_day),
      cmocka_unit_test(another_kind_is_new),
      cmocka_unit_test(limits_do_not_know_each_other),
      cmocka_unit_test(the_end_of_a_trouble_is_said_once),
      cmocka_unit_test(a_trouble_that_comes_and_goes_is_one),
      cmocka_unit_test(nor_is_it_over_for_one_good_walk),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  stub_reset();
  return failed;
}
