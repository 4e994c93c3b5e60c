/*
 * asked_list: at what pace a pass asks, and for how long it takes.
 * queue, shard: whom it asks where several daemons share them.
 */
#include "stub/warp.h"

#include "base/clock.h"
#include "meter/listing.h"
#include "meter/pieces.h"
#include "share/shard.h"
#include "walk/asked_list.h"
#include "walk/project_view.h"
#include "walk/projects.h"
#include "walk/queue.h"
#include "walk/rosters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define HOUR_MS 3600000
static const struct pace hourly = {.turn_ms = 60000,
                                   .interval_ms = HOUR_MS,
                                   .request_rate = 50,
                                   .paced = true};

/* So many owners; the pass over them begins. */
static void begin(struct asked_list *list, size_t n) {
  struct error err;
  char id[32];
  list->owners = roster_list_new(&err);
  assert_non_null(list->owners);
  for (size_t i = 0; i < n; i++) {
    snprintf(id, sizeof(id), "o%zu", i);
    const struct roster_entry owner = {
        .id = id, .name = "name", .project = "project", .domain = -1};
    assert_true(roster_add(&list->owners->roster, &owner, &err) >= 0);
  }
  assert_int_equal(asked_list_owners(list, &err), 0);
}

/* The pass has asked so many more. */
static void ask(struct asked_list *list, size_t n) {
  list->progress.begun = list->progress.next + n < list->n;
  list->progress.next += n;
  list->progress.asked += n;
  asked_list_walked(list);
}

static void owners_have_names_and_projects(void **state) {
  struct asked_list list = {0};
  (void)state;
  begin(&list, 2);
  assert_int_equal(list.n, 2);
  assert_string_equal(list.asked[1].id, "o1");
  assert_string_equal(list.asked[1].name, "name");
  assert_string_equal(list.asked[1].project, "project");
  asked_list_drop(&list);
  assert_int_equal(list.n, 0);
}

/* The time of a value so many seconds after 1970. */
static double time_at(const struct listing *listing, int64_t s, double last) {
  clock_held = (struct clock_held){.ms = 1, .wall_ms = s * 1000 - 1};
  double time = pace_time(listing, last);
  clock_held = (struct clock_held){0};
  return time;
}

static void values_have_one_time_for_a_minute_or_each_its_own(void **state) {
  static const struct listing spread = {.paced = true}, usual = {0};
  (void)state;
  assert_true(time_at(&usual, 1060, 1000) == 1000);
  assert_true(time_at(&usual, 1061, 1000) == 1061);
  assert_true(time_at(&usual, 1121, 1061) == 1061);
  assert_true(time_at(&usual, 1122, 1061) == 1122);
  /* Somebody has set the clock back. */
  assert_true(time_at(&usual, 999, 1000) == 999);
  assert_true(time_at(&spread, 1001, 1000) == 1001);
  assert_true(time_at(&spread, 999, 1000) == 999);
}

/* An hour's requests in sixty turns, of which the last dozen is rest. */
static void requests_are_spread_over_the_interval(void **state) {
  struct asked_list list = {0};
  size_t turns = 0, most = 0, sum = 0;
  (void)state;
  assert_false(asked_list_rests(&list, &hourly));
  begin(&list, 1000);
  while (list.n > 0) {
    size_t due = asked_list_due(&list, &hourly);
    most = due > most ? due : most;
    sum += due;
    ask(&list, due);
    warp(60000);
    assert_true(++turns < 60);
  }
  assert_int_equal(sum, 1000);
  assert_int_equal(turns, 48);
  assert_int_equal(most, 21);
  assert_true(asked_list_rests(&list, &hourly));
  warp(12 * 60000);
  assert_false(asked_list_rests(&list, &hourly));
  asked_list_drop(&list);
}

/* With three to ask, most turns have nothing to do. */
static void few_are_asked_one_by_one(void **state) {
  struct asked_list list = {0};
  size_t turns = 0, walks = 0;
  (void)state;
  begin(&list, 3);
  for (; list.n > 0; turns++, warp(60000)) {
    assert_false(asked_list_is_old(&list, &hourly)); /* resting is no silence */
    if (turns > 0 && asked_list_rests(&list, &hourly))
      continue;
    assert_int_equal(asked_list_due(&list, &hourly), 1);
    ask(&list, 1);
    walks++;
  }
  assert_int_equal(walks, 3);
  assert_true(turns > 30);
}

/* A daemon that slept makes up for it, and not in a burst. */
static void what_was_missed_does_not_come_at_once(void **state) {
  struct asked_list list = {0};
  (void)state;
  begin(&list, 1000);
  ask(&list, asked_list_due(&list, &hourly));
  warp(20 * 60000);
  assert_int_equal(asked_list_due(&list, &hourly), 42);
  assert_true(asked_list_is_old(&list, &hourly));
  asked_list_drop(&list);
}

/* They are asked beside those that are due: in time, none is lost. */
static void who_was_broken_off_is_due_again(void **state) {
  size_t again[2];
  struct asked_list list = {0};
  (void)state;
  begin(&list, 1000);
  ask(&list, 21);
  warp(60000);
  assert_int_equal(asked_list_due(&list, &hourly), 21);
  list.progress.again = again;
  list.progress.nagain = 2;
  assert_int_equal(asked_list_due(&list, &hourly), 23);
  list.progress.again = NULL; /* nobody's */
  asked_list_drop(&list);
}

/* The next pass begins an interval behind this one, give or take half a turn.
 */
static void a_new_pass_is_due_once_in_an_interval(void **state) {
  static const struct pace ages = {
      .turn_ms = 1000, .interval_ms = INT64_MAX / 4, .paced = true};
  struct asked_list list = {0};
  (void)state;
  assert_false(
      asked_list_rests(&list, &ages)); /* as soon as a host has booted */
  begin(&list, 1);
  ask(&list, 1);
  warp(HOUR_MS - 35000);
  assert_true(asked_list_rests(&list, &hourly));
  warp(10000);
  assert_false(asked_list_rests(&list, &hourly));
  assert_true(asked_list_rests(&list, &ages));
  asked_list_give_up(&list);
  assert_false(asked_list_rests(&list, &ages));
}

/* Two turns without progress, or two minutes. */
static void a_pass_without_progress_grows_old(void **state) {
  static const int64_t rows[][2] = {/* ms: of a turn, and of the silence */
                                    {1000, 120000},
                                    {60000, 120000},
                                    {300000, 600000}};
  (void)state;
  for (size_t i = 0; i < 3; i++) {
    const struct pace pace = {.turn_ms = rows[i][0], .interval_ms = HOUR_MS};
    struct asked_list list = {0};
    begin(&list, 10);
    warp(1000000);
    ask(&list, 1);
    for (int walk = 0; walk < 2; walk++) { /* in which nobody answers */
      warp(rows[i][1] / 2 - 500);
      ask(&list, 0);
      assert_false(asked_list_is_old(&list, &pace));
    }
    warp(1500);
    assert_true(asked_list_is_old(&list, &pace));
    asked_list_drop(&list);
    assert_false(asked_list_is_old(&list, &pace)); /* there is none */
  }
}

/* The pass has moved on, with a gap. */
static void a_failure_is_no_silence(void **state) {
  struct asked_list list = {0};
  (void)state;
  begin(&list, 10);
  for (int turn = 0; turn < 3; turn++) {
    warp(60001);
    list.progress.failed++;
    ask(&list, 0);
    assert_false(asked_list_is_old(&list, &hourly));
  }
  asked_list_drop(&list);
}

static void a_pass_over_many_takes_several_intervals(void **state) {
  static const struct pace pace = {
      .turn_ms = 300000, .interval_ms = 300000, .request_rate = 50};
  static const struct {
    size_t n;
    int64_t intervals;
  } rows[] = {{10000, 1}, /* 200 s of requests; a walk begins some for 210 s */
              {12000, 2},
              {50000, 5}};
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct asked_list list = {0};
    begin(&list, rows[i].n);
    assert_int_equal(asked_list_takes_ms(&list, &pace),
                     rows[i].intervals * 300000);
    asked_list_drop(&list);
  }
}

/* A walk asks for part of its interval only, and others share the rate. */
static void a_pass_takes_as_long_as_its_walks_show(void **state) {
  static const struct pace pace = {
      .turn_ms = 300000, .interval_ms = 300000, .request_rate = 50};
  struct asked_list list = {0};
  (void)state;
  begin(&list, 50000);
  warp(225000);
  ask(&list, 4500); /* the first walk has ended */
  assert_int_equal(asked_list_takes_ms(&list, &pace), 12 * 300000);
  warp(80000); /* the second one begins, somewhat late */
  assert_int_equal(asked_list_takes_ms(&list, &pace), 12 * 300000);
  ask(&list, 10500);
  warp(220000);
  assert_int_equal(asked_list_takes_ms(&list, &pace), 7 * 300000);
  assert_false(asked_list_is_old(&list, &pace));
  asked_list_drop(&list);
}

/* What is sent over and over is not sent with too short an interval. */
static void a_pass_takes_as_long_as_the_last_one(void **state) {
  static const struct {
    double request_rate;
    int64_t intervals; /* before the first has shown it */
  } rows[] = {{50, 5}, {0, 1}};
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    const struct pace pace = {.turn_ms = 300000,
                              .interval_ms = 300000,
                              .request_rate = rows[i].request_rate};
    struct asked_list list = {0};
    begin(&list, 50000);
    assert_int_equal(asked_list_takes_ms(&list, &pace),
                     rows[i].intervals * 300000);
    warp(6 * 300000 + 1000);
    ask(&list, 50000);
    begin(&list, 50000);
    assert_int_equal(asked_list_takes_ms(&list, &pace), 7 * 300000);
    asked_list_drop(&list);
  }
}

static void a_broken_off_project_has_not_been_asked(void **state) {
  static const struct pace pace = {.turn_ms = 300000, .interval_ms = 300000};
  struct asked_list list = {0};
  size_t again[500];
  (void)state;
  begin(&list, 50000);
  ask(&list, 4500);
  list.progress.again = again;
  list.progress.nagain = 500;
  assert_int_equal(asked_list_takes_ms(&list, &pace), 13 * 300000);
  list.progress.again = NULL; /* nobody's */
  asked_list_drop(&list);
}

static void a_spread_pass_takes_longer_if_it_is_late(void **state) {
  static const int64_t rows[][3] = {/* asked; minutes; intervals */
                                    {500, 24, 1},
                                    {500, 35, 1},
                                    {500, 37, 2},
                                    {999, 61, 2}};
  (void)state;
  for (size_t i = 0; i < 4; i++) {
    struct asked_list list = {0};
    begin(&list, 1000);
    ask(&list, (size_t)rows[i][0]);
    warp(rows[i][1] * 60000);
    assert_int_equal(asked_list_takes_ms(&list, &hourly), rows[i][2] * HOUR_MS);
    asked_list_drop(&list);
  }
}

/* A server that takes seconds is answered in time, however short the turns. */
static void short_turns_leave_walks_their_time(void **state) {
  static const struct {
    bool paced;
    int64_t interval_ms, turn_ms, share_ms;
  } rows[] = {{false, 300000, 300000, 240000},
              {false, 2000, 2000, 1600},
              {true, 3600000, 60000, 48000},
              {true, 300000, 5000, 12000},
              {true, 40000, 1000, 12000},
              {true, 6000, 1000, 4800},
              {true, 500, 500, 400}};
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const struct listing listing = {.paced = rows[i].paced};
    const struct pace pace = pace_of(&listing, rows[i].interval_ms);
    assert_int_equal(pace.turn_ms, rows[i].turn_ms);
    assert_int_equal(pace_share_ms(&pace), rows[i].share_ms);
  }
}

/* ---- shards ------------------------------------------------------------- */

/* Other daemons work it out as well, those of later releases too. */
static void a_project_stays_in_its_shard(void **state) {
  (void)state;
  assert_int_equal(shard_of("b620dd9e1ac942ffbe2e1a1ff9ec6e7d"), 7);
  assert_int_equal(shard_of("0013026b4e704a7ca194134c2bb30872"), 10);
  assert_int_equal(shard_of("a"), 12);
}

static const char *const projects[] = {"a", "b", "c", "d"}; /* 12, 5, 2, 3 */

static void only_those_of_its_shards_are_asked(void **state) {
  (void)state;
  const struct project_view view = {.project_ids = (const char **)projects,
                                    .nprojects = 4};
  struct asked_list list = {0};
  struct error err;
  assert_int_equal(
      asked_list_projects(&list, NULL, &view, 1 << 5 | 1 << 3, &err), 0);
  assert_int_equal(list.n, 2);
  assert_string_equal(list.asked[0].id, "b");
  assert_string_equal(list.asked[1].project, "d");
  assert_int_equal(asked_list_projects(&list, NULL, &view, MEMBER_ALL, &err),
                   0);
  assert_int_equal(list.n, 4);
  list.view = NULL; /* nobody's */
  asked_list_drop(&list);
}

/* Once the pass has ended, the view may be freed. */
static void a_view_is_held_while_it_is_asked(void **state) {
  (void)state;
  struct error err;
  const struct projects_options options = {0};
  struct projects *holds = projects_new(NULL, &options, &err);
  struct project_view view = {
      .project_ids = (const char **)projects, .nprojects = 4, .holders = 2};
  struct asked_list list = {0};
  assert_int_equal(asked_list_projects(&list, holds, &view, MEMBER_ALL, &err),
                   0);
  list.progress.begun = true;
  asked_list_walked(&list);
  assert_int_equal(view.holders, 2);
  list.progress.begun = false;
  asked_list_walked(&list);
  assert_int_equal(view.holders, 1);
  projects_free(holds);
}

static void who_was_broken_off_comes_first_and_once(void **state) {
  static const struct listing listing = {.scope = LISTING_PROJECT};
  struct asked asked[5];
  size_t again[] = {0, 2, 1}, number, seen[5] = {0};
  bool was;
  const struct pass_plan plan = {
      .listing = &listing, .asked = asked, .nasked = 5};
  struct progress at = {.next = 3, .again = again, .nagain = 3};
  (void)state;
  for (size_t i = 0; i < 5; i++) {
    assert_true(queue_next(&plan, &at, &number, &was));
    assert_int_equal(was, i < 3);
    assert_int_equal(seen[number]++, 0);
  }
  assert_false(queue_next(&plan, &at, &number, &was));
}

/* Also among those that an earlier walk broke off. */
static void what_has_moved_is_passed_over(void **state) {
  (void)state;
  static const struct listing listing = {.scope = LISTING_PROJECT};
  struct asked asked[4];
  size_t again[] = {2, 1}, number;
  bool was;
  uint64_t parts = 1 << 12 | 1 << 5 | 1 << 2 | 1 << 3;
  const struct pass_plan plan = {.listing = &listing,
                                 .asked = asked,
                                 .nasked = 4,
                                 .unit = {.n = SHARDS},
                                 .parts = &parts};
  struct progress at = {.next = 3, .again = again, .nagain = 2};
  for (size_t i = 0; i < 4; i++)
    asked[i] = (struct asked){.id = projects[i], .project = projects[i]};
  parts &= ~(uint64_t)(1 << 5); /* "b" */
  assert_true(queue_next(&plan, &at, &number, &was));
  assert_true(was && number == 2);
  assert_true(queue_next(&plan, &at, &number, &was));
  assert_true(!was && number == 3);
  assert_false(queue_next(&plan, &at, &number, &was));
  at = (struct progress){0};
  parts = 1 << 3;
  assert_true(queue_next(&plan, &at, &number, &was));
  assert_int_equal(number, 3);
  assert_int_equal(at.next, 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(owners_have_names_and_projects),
      cmocka_unit_test(values_have_one_time_for_a_minute_or_each_its_own),
      cmocka_unit_test(requests_are_spread_over_the_interval),
      cmocka_unit_test(few_are_asked_one_by_one),
      cmocka_unit_test(what_was_missed_does_not_come_at_once),
      cmocka_unit_test(who_was_broken_off_is_due_again),
      cmocka_unit_test(a_new_pass_is_due_once_in_an_interval),
      cmocka_unit_test(a_pass_without_progress_grows_old),
      cmocka_unit_test(a_failure_is_no_silence),
      cmocka_unit_test(short_turns_leave_walks_their_time),
      cmocka_unit_test(a_pass_over_many_takes_several_intervals),
      cmocka_unit_test(a_pass_takes_as_long_as_its_walks_show),
      cmocka_unit_test(a_pass_takes_as_long_as_the_last_one),
      cmocka_unit_test(a_broken_off_project_has_not_been_asked),
      cmocka_unit_test(a_spread_pass_takes_longer_if_it_is_late),
      cmocka_unit_test(a_project_stays_in_its_shard),
      cmocka_unit_test(only_those_of_its_shards_are_asked),
      cmocka_unit_test(a_view_is_held_while_it_is_asked),
      cmocka_unit_test(who_was_broken_off_comes_first_and_once),
      cmocka_unit_test(what_has_moved_is_passed_over),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
