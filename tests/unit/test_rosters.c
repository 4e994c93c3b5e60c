/*
 * rosters: of walks that need the same owners one lists them, and the others
 * wait for that. What it has not listed to the end they list for themselves.
 */
#include "stub/site.h"
#include "stub/warp.h"

#include "base/clock.h"
#include "base/text.h"
#include "net/http_pool.h"
#include "settings/access.h"
#include "walk/projects.h"
#include "walk/rosters.h"
#include "walk/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INTERVAL_MS = 300000, MOST = 3 };

static const struct listing zones = {
    .name = "zones",
    .service = "image",
    .path = "/v2/zones",
    .record = "zones[]",
    .paging = {.kind = PAGING_LINK, .next = "next", .truncated = "cut"},
    .id = "id",
    .name_field = "name",
    .project = "project_id",
};
static const struct listing sets = {.name = "sets",
                                    .service = "image",
                                    .path = "/v2/sets",
                                    .record = "sets[]",
                                    .id = "id",
                                    .owners = &zones,
                                    .owner = "zone_id"};
static const struct listing keys = {.name = "keys",
                                    .service = "image",
                                    .path = "/v2/zones/{owner}/keys",
                                    .scope = LISTING_OWNER,
                                    .record = "keys[]",
                                    .id = "{@owner_name}/{id}",
                                    .owners = &zones};
static const struct meter of_zones = {
    .name = "zones", .from = &zones, .total = TOTAL_COUNT};
static const struct meter of_sets = {
    .name = "sets", .from = &sets, .total = TOTAL_COUNT, .group = "zone_id"};
static const struct meter of_keys = {.name = "key", .from = &keys};

/* ---- seats alone -------------------------------------------------------- */

struct walks {
  struct board *board;
  struct rosters *rosters;
  struct roster_seat lends, a, b;
  int woken;
};

static void on_wake(void *arg) { (*(int *)arg)++; }

static void sit(struct walks *t, struct roster_seat *seat, const void *of) {
  seat->rosters = t->rosters;
  seat->board = (struct board_seat){.board = t->board,
                                    .service = "image",
                                    .region = "one",
                                    .of = of,
                                    .interval_ms = INTERVAL_MS,
                                    .looks = seat != &t->lends,
                                    .wake = on_wake,
                                    .wake_arg = &t->woken};
  rosters_sit(seat);
}

static void open_walks(struct walks *t, const void *of_b) {
  t->board = board_new();
  t->rosters = rosters_new();
  sit(t, &t->lends, &zones);
  sit(t, &t->a, &zones);
  sit(t, &t->b, of_b);
  assert_int_equal(board_expect(t->board, &t->lends.board), 0);
}

static void close_walks(struct walks *t) {
  rosters_leave(&t->a);
  rosters_leave(&t->lends);
  rosters_leave(&t->b);
  rosters_free(t->rosters);
  board_free(t->board);
}

static struct roster_list *list_of(const char *id) {
  struct error err;
  struct roster_list *list = roster_list_new(&err);
  const struct roster_entry entry = {.id = id, .domain = -1};
  assert_int_equal(roster_add(&list->roster, &entry, &err), 0);
  return list;
}

static void all_who_wait_share_one_list(void **state) {
  struct walks t = {0};
  (void)state;
  open_walks(&t, &zones);
  assert_true(board_wait(&t.a.board, clock_ms()));
  assert_true(board_wait(&t.b.board, clock_ms()));
  struct roster_list *list = list_of("z1");
  rosters_lend(&t.lends, list);
  assert_int_equal(t.woken, 2);
  assert_ptr_equal(rosters_borrow(&t.a), list);
  assert_ptr_equal(rosters_borrow(&t.b), list);
  roster_list_put(list);
  assert_string_equal(list->roster.entries[0].id, "z1"); /* the other has it */
  assert_null(rosters_borrow(&t.a)); /* nobody is left to keep it for */
  roster_list_put(list);
  close_walks(&t);
}

static void who_comes_later_need_not_wait(void **state) {
  struct walks t = {0};
  (void)state;
  open_walks(&t, &zones);
  rosters_lend(&t.lends, list_of("z1"));
  assert_false(board_wait(&t.a.board, clock_ms()));
  struct roster_list *list = rosters_borrow(&t.a);
  assert_non_null(list);
  roster_list_put(list);
  close_walks(&t); /* with one that nobody has borrowed */
}

static void a_failure_ends_the_wait_without_a_list(void **state) {
  struct walks t = {0};
  (void)state;
  open_walks(&t, &zones);
  rosters_lend(&t.lends, list_of("old"));
  warp(INTERVAL_MS);
  assert_true(board_wait(&t.a.board, clock_ms()));
  rosters_lend(&t.lends, NULL);
  assert_int_equal(t.woken, 1);
  assert_null(rosters_borrow(&t.a));
  close_walks(&t);
}

static void a_list_of_an_earlier_cycle_is_not_lent(void **state) {
  struct walks t = {0};
  (void)state;
  open_walks(&t, &zones);
  struct roster_list *slow = list_of("z1");
  warp(INTERVAL_MS);
  rosters_lend(&t.lends, slow); /* it took that long */
  assert_false(board_wait(&t.a.board, clock_ms()));
  assert_null(rosters_borrow(&t.a));
  close_walks(&t);
}

static void other_owners_are_nobody_s_news(void **state) {
  struct walks t = {0};
  (void)state;
  open_walks(&t, &sets);
  rosters_lend(&t.lends, list_of("z1"));
  assert_false(board_wait(&t.b.board, clock_ms())); /* nobody will post any */
  assert_null(rosters_borrow(&t.b));
  close_walks(&t);
}

/* ---- walks -------------------------------------------------------------- */

struct fixture {
  struct site site;
  struct pass_access access;
  struct text_list patterns;
  struct projects *projects;
  struct http_pool *http_pool;
  struct board *board;
  struct rosters *rosters;
  struct pool_owner owner;
  struct schedule *schedules[MOST];
  struct turn turns[MOST];
  size_t n;
  char *heard;
};

static void note(struct fixture *f, const char *what, const char *of) {
  char *all = text_printf("%s%s %s\n", f->heard, what, of);
  free(f->heard);
  f->heard = all;
}

static void *on_open(void *arg, const char *region, bool named) {
  (void)region, (void)named;
  return arg;
}

static void on_begin(void *state, bool goes_on) { (void)state, (void)goes_on; }

static void on_sample(void *state, const struct sample *sample) {
  char text[80];
  snprintf(text, sizeof(text), "%s %g%s%s", sample->id, sample->value,
           sample->project != NULL ? "@" : "",
           sample->project != NULL ? sample->project : "");
  note(state, sample->meter->name, text);
}

static void on_end(void *state, const struct walk_summary *summary,
                   const struct error *err) {
  note(state, summary->up ? "up" : "down",
       summary->owners.truncated ? "cut"
       : err != NULL             ? err->text
                                 : "");
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  site_open(&f->site);
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  f->board = board_new();
  f->rosters = rosters_new();
  f->heard = strdup("");
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  for (size_t i = 0; i < f->n; i++)
    schedule_free(f->schedules[i]);
  rosters_free(f->rosters);
  board_free(f->board);
  http_pool_free(f->http_pool);
  projects_free(f->projects);
  site_close(&f->site);
  text_list_clear(&f->patterns);
  free(f->heard);
  free(f);
  return 0;
}

static void open_cloud(struct fixture *f) {
  struct error err;
  f->projects =
      projects_new(f->site.session,
                   &(struct projects_options){.projects = f->patterns}, &err);
  f->http_pool = http_pool_new(&f->site.options, f->site.rate_limit, &err);
}

/* As a cloud makes it: zones lend, and the others borrow. */
static size_t open_schedule(struct fixture *f, const struct meter *meter) {
  const struct walk_visitor visitor = {.open = on_open,
                                       .begin = on_begin,
                                       .sample = on_sample,
                                       .end = on_end,
                                       .arg = f};
  bool lends = meter->from == &zones;
  const struct walk_options options = {.listing = meter->from,
                                       .meters = &meter,
                                       .nmeters = 1,
                                       .interval_ms = INTERVAL_MS,
                                       .session = f->site.session,
                                       .projects = f->projects,
                                       .access = &f->access,
                                       .http_pool = f->http_pool,
                                       .board = f->board,
                                       .lends = lends ? f->rosters : NULL,
                                       .borrows = lends ? NULL : f->rosters,
                                       .width = 1};
  const struct board_seat seat = {
      .service = "image", .of = &zones, .interval_ms = INTERVAL_MS};
  struct error err = {0};
  size_t i = f->n++;
  if (lends)
    assert_int_equal(board_expect(f->board, &seat), 0);
  f->schedules[i] = schedule_new(&options, &f->owner, &err);
  if (f->schedules[i] == NULL)
    fail_msg("%s", err.text);
  assert_int_equal(schedule_visit(f->schedules[i], &visitor, &err), 0);
  f->turns[i] = (struct turn){.schedule = f->schedules[i], .meter = meter};
  return i;
}

static void answer_with(struct fixture *f, const char *target, int status,
                        unsigned times, const char *body) {
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = target,
                                   .status = status,
                                   .times = times,
                                   .headers = "X-Openstack-Request-Id: r\r\n",
                                   .body = body});
}

static void answer(struct fixture *f, const char *target, const char *body) {
  answer_with(f, target, 200, 0, body);
}

static size_t asked(struct fixture *f, const char *target) {
  return httpd_count(f->site.httpd, "GET", target);
}

/* The turn of one of them; what is heard in it, be it of all. */
static const char *turn_of(struct fixture *f, size_t i) {
  f->heard[0] = '\0';
  assert_int_equal(schedule_turn(&f->turns[i]), TURN_LEAD);
  schedule_start(f->schedules[i], NULL);
  return f->heard;
}

static const char two_zones[] =
    "{\"zones\": [{\"id\": \"z1\", \"name\": \"a\", \"project_id\": \"p1\"},"
    " {\"id\": \"z2\", \"name\": \"b\", \"project_id\": \"p2\"}]}";
static const char half[] =
    "{\"zones\": [{\"id\": \"z1\", \"name\": \"a\", \"project_id\": \"p1\"}],"
    " \"next\": \"?marker=z1\"}";
static const char two_sets[] =
    "{\"sets\": [{\"id\": \"s\", \"zone_id\": \"z2\"},"
    " {\"id\": \"t\", \"zone_id\": \"z2\"}]}";
#define OF_SETS "sets z2 2@p2\nsets z1 0@p1\nup \n"

static void a_listing_is_read_once_whoever_comes_first(void **state) {
  struct fixture *f = *state;
  answer(f, "/v2/zones", two_zones);
  answer(f, "/v2/sets", two_sets);
  open_cloud(f);
  size_t z = open_schedule(f, &of_zones), s = open_schedule(f, &of_sets);
  assert_string_equal(turn_of(f, z), "zones total 2\nup \n");
  assert_string_equal(turn_of(f, s), OF_SETS);
  assert_int_equal(asked(f, "/v2/zones"), 1);
  warp(INTERVAL_MS);
  assert_string_equal(turn_of(f, s), "");
  assert_string_equal(turn_of(f, z), "zones total 2\nup \n" OF_SETS);
  assert_int_equal(asked(f, "/v2/zones"), 2);
}

static void owners_are_asked_from_the_same_list(void **state) {
  struct fixture *f = *state;
  answer(f, "/v2/zones", two_zones);
  answer(f, "/v2/sets", two_sets);
  answer(f, "/v2/zones/*", "{\"keys\": [{\"id\": \"k\"}]}");
  open_cloud(f);
  size_t z = open_schedule(f, &of_zones), s = open_schedule(f, &of_sets);
  size_t k = open_schedule(f, &of_keys);
  assert_string_equal(turn_of(f, z), "zones total 2\nup \n");
  assert_string_equal(turn_of(f, s), OF_SETS);
  assert_string_equal(turn_of(f, k), "key a/k 1@p1\nkey b/k 1@p2\nup \n");
  assert_int_equal(asked(f, "/v2/zones"), 1);
}

/* In each cycle anew: what was listed before is not believed. */
static void half_a_list_is_not_lent(void **state) {
  struct fixture *f = *state;
  answer_with(f, "/v2/zones", 200, 1, two_zones);
  answer_with(f, "/v2/zones", 200, 1, half);
  answer_with(f, "/v2/zones?marker=z1", 404, 1, "{}");
  answer(f, "/v2/zones", two_zones);
  answer(f, "/v2/sets", two_sets);
  open_cloud(f);
  size_t s = open_schedule(f, &of_sets), z = open_schedule(f, &of_zones);
  assert_string_equal(turn_of(f, s), "");
  assert_string_equal(turn_of(f, z), "zones total 2\nup \n" OF_SETS);
  warp(INTERVAL_MS);
  assert_string_equal(turn_of(f, s), "");
  assert_non_null(strstr(turn_of(f, z), "down page 2: HTTP 404"));
  assert_non_null(strstr(f->heard, OF_SETS));
  assert_int_equal(asked(f, "/v2/zones"), 3);
}

static void without_owners_there_is_no_value(void **state) {
  struct fixture *f = *state;
  answer_with(f, "/v2/zones", 500, 0, "{}");
  answer(f, "/v2/sets", two_sets);
  open_cloud(f);
  size_t z = open_schedule(f, &of_zones), s = open_schedule(f, &of_sets);
  assert_memory_equal(turn_of(f, z), "down page 1: HTTP 500", 21);
  assert_memory_equal(turn_of(f, s), "down zones: page 1: HTTP 500", 28);
  assert_int_equal(asked(f, "/v2/sets"), 0);
}

static void what_is_missing_is_missing_of_theirs(void **state) {
  struct fixture *f = *state;
  answer(f, "/v2/zones",
         "{\"zones\": [{\"id\": \"z1\", \"name\": \"a\"}], \"cut\": true}");
  answer(f, "/v2/sets", two_sets);
  open_cloud(f);
  size_t z = open_schedule(f, &of_zones), s = open_schedule(f, &of_sets);
  turn_of(f, z);
  assert_string_equal(turn_of(f, s), "up cut\n"); /* no totals */
}

static void a_filter_holds_for_what_is_lent(void **state) {
  struct fixture *f = *state;
  assert_true(text_list_add(&f->patterns, strdup("p1")));
  answer(f, "/v3/projects?limit=1000",
         "{\"links\": {}, \"projects\": ["
         "{\"id\": \"p1\", \"name\": \"n1\", \"domain_id\": \"d\"},"
         "{\"id\": \"p2\", \"name\": \"n2\", \"domain_id\": \"d\"}]}");
  answer(f, "/v3/domains", "{\"links\": {}, \"domains\": []}");
  answer(f, "/v2/zones", two_zones);
  answer(f, "/v2/sets", two_sets);
  open_cloud(f);
  size_t z = open_schedule(f, &of_zones), s = open_schedule(f, &of_sets);
  assert_string_equal(turn_of(f, z), "zones total 1\nup \n");
  assert_string_equal(turn_of(f, s), "sets z1 0@p1\nup \n");
  assert_int_equal(asked(f, "/v2/zones"), 1);
}

/* The one that would lend has no turn, as if its callback were late. */
static void nobody_waits_for_more_than_an_interval(void **state) {
  struct fixture *f = *state;
  answer(f, "/v2/zones", two_zones);
  answer(f, "/v2/sets", two_sets);
  open_cloud(f);
  open_schedule(f, &of_zones);
  size_t s = open_schedule(f, &of_sets);
  assert_string_equal(turn_of(f, s), "");
  warp(INTERVAL_MS);
  assert_string_equal(turn_of(f, s), OF_SETS);
  assert_int_equal(asked(f, "/v2/zones"), 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_who_wait_share_one_list),
      cmocka_unit_test(who_comes_later_need_not_wait),
      cmocka_unit_test(a_failure_ends_the_wait_without_a_list),
      cmocka_unit_test(a_list_of_an_earlier_cycle_is_not_lent),
      cmocka_unit_test(other_owners_are_nobody_s_news),
      TEST(a_listing_is_read_once_whoever_comes_first),
      TEST(owners_are_asked_from_the_same_list),
      TEST(half_a_list_is_not_lent),
      TEST(without_owners_there_is_no_value),
      TEST(what_is_missing_is_missing_of_theirs),
      TEST(a_filter_holds_for_what_is_lent),
      TEST(nobody_waits_for_more_than_an_interval),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
