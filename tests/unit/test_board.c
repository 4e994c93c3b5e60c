/*
 * board: who looks learns what the others were answered, waits for those that
 * are about to ask, and asks by itself only if nobody else does.
 */
#include "stub/warp.h"
#include "walk/board.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* Whatever a slow machine does, it is within half of the first, and beyond half
 * of the second. */
enum { LONG_MS = 10000000, SHORT_MS = 2 };

static const struct outcome good = {.status = 403, .seconds = 0.25},
                            other = {.status = 200, .seconds = 0.5},
                            bad = {.status = 503, .seconds = 0.1},
                            none = {.status = 0};

/* Who looks, and two that post. */
struct table {
  struct board *board;
  struct board_seat looks, a, b;
  int woken;
};

static void on_wake(void *arg) { (*(int *)arg)++; }

static void sit(struct table *t, struct board_seat *seat, const char *service,
                int64_t interval_ms) {
  *seat = (struct board_seat){.board = t->board,
                              .service = service,
                              .region = "one",
                              .interval_ms = interval_ms,
                              .looks = seat == &t->looks,
                              .wake = on_wake,
                              .wake_arg = &t->woken};
  board_sit(seat);
}

static void expect(struct table *t, const char *service, int64_t interval_ms) {
  const struct board_seat seat = {.service = service,
                                  .interval_ms = interval_ms};
  assert_int_equal(board_expect(t->board, &seat), 0);
}

static int setup(void **state) {
  struct table *t = calloc(1, sizeof(*t));
  t->board = board_new();
  assert_non_null(t->board);
  sit(t, &t->looks, "block-storage", LONG_MS);
  sit(t, &t->a, "volumev3", LONG_MS); /* an alias */
  sit(t, &t->b, "block-storage", LONG_MS);
  *state = t;
  return 0;
}

static int teardown(void **state) {
  struct table *t = *state;
  board_leave(&t->b);
  board_leave(&t->looks);
  board_leave(&t->a);
  board_free(t->board);
  free(t);
  return 0;
}

static void must_see(struct table *t, const struct outcome *wanted) {
  struct outcome seen;
  assert_true(board_look(&t->looks, &seen));
  assert_int_equal(seen.status, wanted->status);
  assert_true(seen.seconds == wanted->seconds);
}

static void must_see_nothing(struct table *t) {
  struct outcome seen;
  assert_false(board_look(&t->looks, &seen));
}

static bool waits(struct board_seat *seat) {
  return board_wait(seat, clock_ms());
}

static void where_nobody_asks_nobody_is_waited_for(void **state) {
  struct table *t = *state;
  expect(t, "image", LONG_MS);
  assert_false(waits(&t->looks));
  must_see_nothing(t);
}

static void what_was_answered_is_seen_at_once(void **state) {
  struct table *t = *state;
  expect(t, "volumev3", LONG_MS);
  board_post(&t->a, NEWS_OUTCOME, &good);
  assert_false(waits(&t->looks));
  must_see(t, &good);
  assert_int_equal(t->woken, 0);
}

static void an_answer_wakes_who_waits(void **state) {
  struct table *t = *state;
  expect(t, "volumev3", LONG_MS);
  expect(t, "block-storage", LONG_MS);
  assert_true(waits(&t->looks));
  board_post(&t->b, NEWS_OUTCOME, &other);
  assert_int_equal(t->woken, 1);
  must_see(t, &other);
  board_post(&t->a, NEWS_OUTCOME, &good);
  assert_int_equal(t->woken, 1); /* it waits no longer */
}

/* One listing that is broken is not the service. */
static void one_that_got_none_leaves_it_to_the_others(void **state) {
  struct table *t = *state;
  expect(t, "volumev3", LONG_MS);
  expect(t, "block-storage", LONG_MS);
  assert_true(waits(&t->looks));
  board_post(&t->a, NEWS_OUTCOME, &bad);
  assert_int_equal(t->woken, 0);
  board_post(&t->b, NEWS_OUTCOME, &good);
  assert_int_equal(t->woken, 1);
  must_see(t, &good);
}

static void without_any_answer_the_service_is_down(void **state) {
  struct table *t = *state;
  expect(t, "volumev3", LONG_MS);
  expect(t, "block-storage", LONG_MS);
  assert_true(waits(&t->looks));
  board_post(&t->a, NEWS_OUTCOME, &none);
  board_post(&t->b, NEWS_QUIET, NULL);
  assert_int_equal(t->woken, 1);
  must_see(t, &none);
}

/* A list of versions may answer where all else fails. */
static void a_backoff_for_want_of_an_answer_speaks_for_the_service(void **s) {
  struct table *t = *s;
  expect(t, "volumev3", LONG_MS);
  board_post(&t->a, NEWS_OUTCOME, &bad);
  board_post(&t->a, NEWS_BACKOFF, NULL);
  assert_false(waits(&t->looks));
  must_see(t, &none);
  board_post(&t->a, NEWS_OUTCOME, &good); /* until one comes */
  must_see(t, &good);
}

/* Denied, or without a login: they ask nothing, and tell nothing. */
static void who_is_quiet_leaves_the_question_open(void **state) {
  struct table *t = *state;
  expect(t, "volumev3", LONG_MS);
  assert_true(waits(&t->looks));
  board_post(&t->a, NEWS_QUIET, NULL);
  assert_int_equal(t->woken, 1);
  must_see_nothing(t);
}

/* A walk whose requests are spread has turns in which nobody is due. */
static void who_is_quiet_takes_nothing_back(void **state) {
  struct table *t = *state;
  t->looks.interval_ms = LONG_MS / 2;
  board_post(&t->a, NEWS_OUTCOME, &good);
  board_post(&t->a, NEWS_QUIET, NULL);
  assert_false(waits(&t->looks));
  must_see(t, &good);
  warp(LONG_MS); /* but an old answer is none */
  board_post(&t->a, NEWS_QUIET, NULL);
  assert_false(waits(&t->looks));
  must_see_nothing(t);
}

static void who_comes_less_often_is_not_waited_for(void **state) {
  struct table *t = *state;
  t->looks.interval_ms = LONG_MS / 2;
  expect(t, "volumev3", LONG_MS);
  assert_false(waits(&t->looks));
  must_see_nothing(t);
  board_post(&t->a, NEWS_OUTCOME, &good); /* but heard */
  assert_false(waits(&t->looks));
  must_see(t, &good);
}

static void what_is_of_an_earlier_cycle_does_not_count(void **state) {
  struct table *t = *state;
  t->a.interval_ms = SHORT_MS;
  expect(t, "volumev3", SHORT_MS);
  board_post(&t->a, NEWS_OUTCOME, &good);
  usleep(20000);
  assert_true(waits(&t->looks));
  must_see_nothing(t);
}

/* It had to queue for a thread, while those of the same turn had one. */
static void what_came_since_its_turn_counts(void **state) {
  struct table *t = *state;
  t->a.interval_ms = SHORT_MS;
  expect(t, "volumev3", SHORT_MS);
  int64_t turn_ms = clock_ms();
  board_post(&t->a, NEWS_OUTCOME, &good);
  usleep(20000);
  assert_false(board_wait(&t->looks, turn_ms));
  must_see(t, &good);
}

/* Half of the shorter interval is as far as callbacks drift apart. */
static void what_is_half_an_interval_old_does_not_count(void **state) {
  struct table *t = *state;
  expect(t, "volumev3", LONG_MS);
  board_post(&t->a, NEWS_OUTCOME, &good);
  warp(LONG_MS / 2 - 1000);
  assert_false(waits(&t->looks));
  must_see(t, &good);
  warp(2000);
  assert_true(waits(&t->looks));
  must_see_nothing(t);
}

/* Whoever is not waited for has no turn in the place of who is. */
static void the_turn_of_a_slow_one_is_nobody_else_s(void **state) {
  struct table *t = *state;
  t->looks.interval_ms = t->a.interval_ms = LONG_MS / 2;
  expect(t, "volumev3", LONG_MS / 2);
  expect(t, "block-storage", LONG_MS);
  board_post(&t->b, NEWS_QUIET, NULL);
  assert_true(waits(&t->looks));
  board_post(&t->a, NEWS_QUIET, NULL);
  assert_int_equal(t->woken, 1);
}

static void the_newest_of_the_best_counts(void **state) {
  static const struct {
    enum board_news first, second;
    const struct outcome *one, *two, *wanted;
  } rows[] = {
      {NEWS_OUTCOME, NEWS_OUTCOME, &good, &other, &other},
      {NEWS_OUTCOME, NEWS_OUTCOME, &good, &bad, &good},
      {NEWS_OUTCOME, NEWS_OUTCOME, &bad, &good, &good},
      {NEWS_OUTCOME, NEWS_OUTCOME, &bad, &none, &none},
      {NEWS_OUTCOME, NEWS_OUTCOME, &none, &bad, &bad},
      {NEWS_OUTCOME, NEWS_BACKOFF, &bad, NULL, &bad},
      {NEWS_BACKOFF, NEWS_OUTCOME, NULL, &bad, &bad},
      {NEWS_BACKOFF, NEWS_OUTCOME, NULL, &good, &good},
  };
  struct table *t = *state;
  for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
    struct board_seat *one = i % 2 ? &t->a : &t->b;
    struct board_seat *two = i % 2 ? &t->b : &t->a;
    warp(LONG_MS);
    board_post(one, rows[i / 2].first, rows[i / 2].one);
    warp(1000);
    board_post(two, rows[i / 2].second, rows[i / 2].two);
    waits(&t->looks);
    must_see(t, rows[i / 2].wanted);
  }
}

static void another_region_and_service_say_nothing(void **state) {
  struct table *t = *state;
  t->a.region = "two";
  t->b.service = "image";
  board_post(&t->a, NEWS_OUTCOME, &good);
  board_post(&t->b, NEWS_OUTCOME, &good);
  assert_false(waits(&t->looks));
  must_see_nothing(t);
}

/* Its own next turn has come, and nobody has told it anything. */
static void who_gives_up_is_not_woken(void **state) {
  struct table *t = *state;
  expect(t, "volumev3", LONG_MS);
  assert_false(board_give_up(&t->looks));
  assert_true(waits(&t->looks));
  assert_true(board_give_up(&t->looks));
  assert_false(board_give_up(&t->looks));
  board_post(&t->a, NEWS_OUTCOME, &good);
  assert_int_equal(t->woken, 0);
}

static void two_that_look_are_both_woken(void **state) {
  struct table *t = *state;
  struct board_seat second = t->looks;
  board_sit(&second);
  expect(t, "volumev3", LONG_MS);
  assert_true(waits(&t->looks));
  assert_true(waits(&second));
  board_post(&t->a, NEWS_OUTCOME, &good);
  assert_int_equal(t->woken, 2);
  board_leave(&second);
}

static void without_a_board_nothing_is_known(void **state) {
  (void)state;
  struct board_seat seat = {.looks = true};
  struct outcome seen;
  board_sit(&seat);
  board_post(&seat, NEWS_QUIET, NULL);
  assert_false(waits(&seat));
  assert_false(board_give_up(&seat));
  assert_false(board_look(&seat, &seen));
  board_leave(&seat);
  board_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(where_nobody_asks_nobody_is_waited_for),
      TEST(what_was_answered_is_seen_at_once),
      TEST(an_answer_wakes_who_waits),
      TEST(one_that_got_none_leaves_it_to_the_others),
      TEST(without_any_answer_the_service_is_down),
      TEST(a_backoff_for_want_of_an_answer_speaks_for_the_service),
      TEST(who_is_quiet_leaves_the_question_open),
      TEST(who_is_quiet_takes_nothing_back),
      TEST(who_comes_less_often_is_not_waited_for),
      TEST(what_is_of_an_earlier_cycle_does_not_count),
      TEST(what_came_since_its_turn_counts),
      TEST(what_is_half_an_interval_old_does_not_count),
      TEST(the_turn_of_a_slow_one_is_nobody_else_s),
      TEST(the_newest_of_the_best_counts),
      TEST(another_region_and_service_say_nothing),
      TEST(who_gives_up_is_not_woken),
      TEST(two_that_look_are_both_woken),
      cmocka_unit_test(without_a_board_nothing_is_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
