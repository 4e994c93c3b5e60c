/*
 * walk, of a cloud that is shared: past its fence it is another daemon's. It
 * ends without `up` and without a failure, wherever it has come to.
 */
#include "stub/site.h"

#include "base/text.h"
#include "keystone/session.h"
#include "net/http_pool.h"
#include "settings/cloud.h"
#include "share/claims_state.h"
#include "share/member.h"
#include "share/member_state.h"
#include "share/shard.h"
#include "walk/projects.h"
#include "walk/rosters.h"
#include "walk/schedule.h"
#include "walk/sharing.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct listing things = {.name = "things",
                                      .service = "image",
                                      .path = "/things",
                                      .record = "things[]",
                                      .id = "id"};
static const struct listing accounts = {.name = "accounts",
                                        .service = "image",
                                        .path = "/v1/{prefix}{project}",
                                        .scope = LISTING_PROJECT,
                                        .record = "[]",
                                        .id = "name"};
static const struct listing parts = {.name = "parts",
                                     .service = "image",
                                     .path = "/parts",
                                     .record = "parts[]",
                                     .id = "id",
                                     .owners = &things,
                                     .owner = "thing_id"};
static const struct meter part_meter = {.name = "p", .from = &parts};
static const struct meter thing_meter = {.name = "t", .from = &things};
static const struct meter account_meter = {.name = "a", .from = &accounts};

static const char *const names[SHARDS] = {
    "u#0", "u#1", "u#2",  "u#3",  "u#4",  "u#5",  "u#6",  "u#7",
    "u#8", "u#9", "u#10", "u#11", "u#12", "u#13", "u#14", "u#15"};

struct fixture {
  struct site site;
  struct pass_access access;
  struct projects *projects;
  struct http_pool *http_pool;
  struct board *board;
  struct rosters *rosters;
  struct pool_owner owner;
  struct share_config share;
  struct claim_wish wishes[SHARDS];
  struct member *member; /* its thread does nothing */
  struct schedule *schedule;
  int64_t interval_ms;
  int64_t until_ms; /* what the fence of all becomes at the walk's begin; */
  int lost;         /* or the shard that is then another daemon's; -1: none */
  bool shuts;       /* at the first sample, for all */
  bool goes_on;     /* the last walk that began */
  int begins, samples, ends;
  struct walk_summary last;
  enum error_code code;
};

/* ---- the member --------------------------------------------------------- */

static void *do_nothing(void *arg) { return arg; }

static int spawn(pthread_t *thread, void *(*start)(void *), void *arg,
                 char const *name) {
  (void)start;
  (void)name;
  return pthread_create(thread, NULL, do_nothing, arg);
}

/* All claims are its own, until then. */
static void set_fence(struct fixture *f, int64_t until_ms) {
  struct claims *c = f->member->claims;
  for (size_t i = 0; i < c->table.nclaims; i++)
    c->table.claims[i].state = CLAIM_MINE;
  c->until_ms = until_ms;
  member_publish(f->member);
}

static void lose_shard(struct fixture *f, int shard) {
  f->member->claims->table.claims[shard].state = CLAIM_OTHERS;
  member_publish(f->member);
}

/* Was its last walk a whole one, for those who take it over? */
static bool ended(const struct fixture *f, unsigned unit) {
  return f->member->claims->table.units[unit].note.ended;
}

static void configure_share(struct fixture *f) {
  f->share.prefix = (char *)SHARE_PREFIX;
  assert_true(
      text_list_add(&f->share.etcd.endpoints, strdup("http://127.0.0.1:1")));
}

static void open_member(struct fixture *f, size_t n) {
  struct error err;
  configure_share(f);
  for (size_t i = 0; i < n; i++)
    f->wishes[i] = (struct claim_wish){
        .claim = names[i], .unit = names[i], .interval_ms = f->interval_ms};
  f->member = member_new(
      &(struct member_options){
          .cloud = "x", .config = &f->share, .wishes = f->wishes, .nwishes = n},
      &err);
  assert_non_null(f->member);
  assert_int_equal(member_start(f->member, "ctl1", spawn, &err), 0);
  set_fence(f, INT64_MAX);
}

/* ---- the visitor -------------------------------------------------------- */

static void *on_open(void *arg, const char *region, bool named) {
  (void)region;
  (void)named;
  return arg;
}

static void on_begin(void *arg, bool goes_on) {
  struct fixture *f = arg;
  f->begins++;
  f->goes_on = goes_on;
  if (f->until_ms != INT64_MAX)
    set_fence(f, f->until_ms);
  if (f->lost >= 0)
    lose_shard(f, f->lost);
}

static void on_sample(void *arg, const struct sample *sample) {
  struct fixture *f = arg;
  (void)sample;
  f->samples++;
  if (f->shuts)
    set_fence(f, 1);
}

static void on_end(void *arg, const struct walk_summary *s,
                   const struct error *err) {
  struct fixture *f = arg;
  f->last = *s;
  f->code = err != NULL ? err->code : ERROR_NONE;
  f->ends++;
}

/* ---- the fixture -------------------------------------------------------- */

static int setup(void **state) {
  struct error err;
  struct fixture *f = calloc(1, sizeof(*f));
  site_open(&f->site);
  f->access.account_prefix = (char *)"AUTH_";
  f->projects =
      projects_new(f->site.session, &(struct projects_options){0}, &err);
  f->http_pool = http_pool_new(&f->site.options, f->site.rate_limit, &err);
  f->board = board_new();
  f->rosters = rosters_new();
  f->interval_ms = 300000;
  f->until_ms = INT64_MAX;
  f->lost = -1;
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  schedule_free(f->schedule);
  rosters_free(f->rosters);
  board_free(f->board);
  member_free(f->member);
  text_list_clear(&f->share.etcd.endpoints);
  http_pool_free(f->http_pool);
  projects_free(f->projects);
  site_close(&f->site);
  free(f);
  return 0;
}

/* A listing by project has a claim for each shard. */
static void open_walk(struct fixture *f, const struct meter *meter) {
  bool split = meter->from->scope == LISTING_PROJECT;
  struct error err = {0};
  const struct walk_options options = {
      .listing = meter->from,
      .meters = &meter,
      .nmeters = 1,
      .interval_ms = f->interval_ms,
      .session = f->site.session,
      .projects = f->projects,
      .access = &f->access,
      .http_pool = f->http_pool,
      .board = f->board,
      .borrows = meter->from->owners != NULL ? f->rosters : NULL,
      .width = 1};
  const struct walk_visitor visitor = {.open = on_open,
                                       .begin = on_begin,
                                       .sample = on_sample,
                                       .end = on_end,
                                       .arg = f};
  open_member(f, split ? SHARDS : 1);
  f->schedule = schedule_new(&options, &f->owner, &err);
  assert_non_null(f->schedule);
  schedule_share(f->schedule, &(struct member_unit){.member = f->member,
                                                    .n = split ? SHARDS : 1});
  assert_int_equal(schedule_visit(f->schedule, &visitor, &err), 0);
}

static void answer(struct fixture *f, const char *target, int status,
                   unsigned times, const char *body) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = target,
                                                  .status = status,
                                                  .times = times,
                                                  .body = body});
}

static const char some[] = "{\"things\": [{\"id\": \"a\"}]}";

/* One round; and that it ends as moved. */
static void assert_moves(struct fixture *f) {
  int ends = f->ends;
  schedule_now(f->schedule, NULL);
  assert_int_equal(f->ends, ends + 1);
  assert_int_equal(f->code, ERROR_MOVED);
  assert_false(f->last.up);
  assert_int_equal(f->last.failures, 0);
  assert_int_equal(schedule_status(f->schedule), 0);
  assert_false(ended(f, 0));
}

/* It is walked, and nothing is known of a failure before. */
static void assert_walks(struct fixture *f) {
  f->until_ms = INT64_MAX;
  set_fence(f, INT64_MAX);
  schedule_now(f->schedule, NULL);
  assert_int_equal(f->code, ERROR_NONE);
  assert_true(f->last.up);
  assert_int_equal(f->samples, 1);
  assert_true(ended(f, 0));
}

/* ---- tests -------------------------------------------------------------- */

/* The login has taken so long. */
static void a_login_that_fails_past_the_fence_is_no_failure(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd, &(struct httpd_answer){
                               .method = "POST", .status = 500, .times = 1});
  open_walk(f, &thing_meter);
  set_fence(f, 1);
  assert_moves(f);
  assert_int_equal(f->begins, 0);
}

static void a_list_that_fails_past_the_fence_is_no_failure(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects*", 500, 0, "{}");
  open_walk(f, &account_meter);
  f->until_ms = 1;
  assert_moves(f);
  assert_int_equal(f->begins, 1);
}

/* Whoever walks it now tells how it goes. */
static void a_pause_past_the_fence_is_not_told(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/things*", 500, 1, "{}");
  answer(f, "/things*", 200, 0, some);
  open_walk(f, &thing_meter);
  schedule_now(f->schedule, NULL);
  assert_int_equal(f->last.failures, 1);
  set_fence(f, 1);
  assert_moves(f);
  assert_int_equal(httpd_count(f->site.httpd, "GET", "/things*"), 1);
}

/* Such as one that has waited for a thread. */
static void a_walk_that_comes_late_makes_no_request(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/things*", 200, 0, some);
  open_walk(f, &thing_meter);
  set_fence(f, 1);
  assert_moves(f);
  assert_int_equal(httpd_count(f->site.httpd, "GET", "/things*"), 0);
  assert_walks(f);
}

/* In the middle of an answer. */
static void nothing_is_sent_past_the_fence(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/things*", 200, 0,
         "{\"things\": [{\"id\": \"a\"}, {\"id\": \"b\"}]}");
  open_walk(f, &thing_meter);
  f->shuts = true;
  assert_moves(f);
  assert_int_equal(f->samples, 1);
}

static char *stop(void *arg, const char *target) {
  (void)target;
  http_pool_stop(arg);
  return strdup("{}");
}

/* Whoever takes over from a daemon that ends walks it at once. */
static void a_walk_that_a_stop_breaks_off_has_not_ended(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/things*",
                                                  .make = stop,
                                                  .arg = f->http_pool});
  open_walk(f, &thing_meter);
  schedule_now(f->schedule, NULL);
  assert_int_equal(f->code, ERROR_STOPPED);
  assert_false(ended(f, 0));
}

/* ---- identifiers that clash --------------------------------------------- */

/* Tenants choose names: all daemons would stop if there were more keys than one
 * answer may have. */
static void clashes_of_a_cloud_are_bounded(void **state) {
  struct fixture *f = *state;
  open_member(f, SHARDS);
  for (size_t i = 0; i < SHARDS; i++)
    for (uint64_t hash = 1; hash <= MEMBER_CLASHES; hash++)
      member_clash(&(struct member_unit){f->member, i, 1}, hash);
  assert_int_equal(f->member->nnews, MEMBER_CLASHES_ALL);
  assert_true(f->member->crowded);
}

/* ---- claims ------------------------------------------------------------- */

static struct schedule *schedule_at(struct fixture *f, int64_t interval_ms) {
  const struct meter *meter = &thing_meter;
  struct error err;
  const struct walk_options options = {.listing = &things,
                                       .meters = &meter,
                                       .nmeters = 1,
                                       .interval_ms = interval_ms,
                                       .session = f->site.session,
                                       .access = &f->access,
                                       .http_pool = f->http_pool};
  struct schedule *schedule = schedule_new(&options, &f->owner, &err);
  assert_non_null(schedule);
  return schedule;
}

static struct claim claim_at(const struct sharing *sharing, size_t i) {
  const struct claim_wish *wish = &sharing_member(sharing)->options.wishes[i];
  return (struct claim){.name = wish->claim, .of = wish->of};
}

/* While somebody has that one. */
static bool waits(const struct claim *claim, const struct claim *other) {
  const struct look_claim key = {.name = other->name};
  return look_has_rival(&(struct look){.claims = &key, .nclaims = 1}, claim);
}

/* A rolling change of the configuration gives a meter an interval of its own:
 * what one daemon walks at one interval others do not at two. */
static void a_listing_at_two_intervals_waits_for_the_one(void **state) {
  struct fixture *f = *state;
  const struct cloud_config config = {.name = (char *)"x", .share = &f->share};
  struct schedule *schedules[] = {schedule_at(f, 300000),
                                  schedule_at(f, 60000)};
  struct error err;
  configure_share(f);
  f->share.unit = SHARE_UNIT_LISTING;
  struct sharing *one = sharing_new(&config, schedules, 1, &err);
  struct sharing *two = sharing_new(&config, schedules, 2, &err);
  struct claim old = claim_at(one, 0);
  struct claim slow = claim_at(two, 0), fast = claim_at(two, 1);
  assert_true(waits(&slow, &old) && waits(&old, &slow));
  assert_true(waits(&fast, &old) && waits(&old, &fast));
  assert_false(waits(&fast, &slow) || waits(&slow, &fast));
  sharing_free(one);
  sharing_free(two);
  schedule_free(schedules[0]);
  schedule_free(schedules[1]);
}

/* ---- shards ------------------------------------------------------------- */

/* Projects of two shards. */
static void answer_projects(struct fixture *f) {
  assert_int_not_equal(shard_of("p1"), shard_of("p2"));
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects*", 200, 0,
         "{\"projects\": [{\"id\": \"p1\"}, {\"id\": \"p2\"}]}");
  answer(f, "/v1/*", 200, 0, "[{\"name\": \"a\"}]");
}

/* One hangs until the deadline, and the next walk goes on with it. */
static void answer_slow_projects(struct fixture *f) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/v1/AUTH_p1*",
                                                  .times = 1,
                                                  .mute = true,
                                                  .end = HTTPD_HANG});
  answer_projects(f);
  f->interval_ms = 1000;
}

/* Whoever has it now is not told that it was walked; nor is this daemon, if it
 * gets it back. */
static void a_shard_lost_under_way_has_not_ended(void **state) {
  struct fixture *f = *state;
  answer_projects(f);
  open_walk(f, &account_meter);
  f->lost = (int)shard_of("p2");
  schedule_now(f->schedule, NULL);
  assert_int_equal(f->code, ERROR_NONE);
  assert_int_equal(f->samples, 1);
  assert_true(ended(f, shard_of("p1")));
  assert_false(ended(f, shard_of("p2")));
}

/* It is due at once, and it alone. */
static void a_shard_that_comes_back_has_not_ended(void **state) {
  struct fixture *f = *state;
  answer_projects(f);
  open_walk(f, &account_meter);
  f->lost = (int)shard_of("p2");
  schedule_now(f->schedule, NULL);
  f->lost = -1;
  set_fence(f, INT64_MAX);
  schedule_now(f->schedule, NULL);
  assert_int_equal(f->samples, 2);
  assert_true(ended(f, shard_of("p2")));
  assert_int_equal(httpd_count(f->site.httpd, "GET", "/v1/AUTH_p1"), 1);
  assert_int_equal(httpd_count(f->site.httpd, "GET", "/v1/AUTH_p2"), 1);
}

/* A pass that takes several walks asks nobody who was not in it: what comes
 * meanwhile waits for the next pass, and is not noted as walked. */
static void a_shard_gained_under_way_has_not_ended(void **state) {
  struct fixture *f = *state;
  int late = (int)shard_of("p2");
  answer_slow_projects(f);
  open_walk(f, &account_meter);
  lose_shard(f, late);
  schedule_now(f->schedule, NULL);
  assert_true(f->last.goes_on);
  set_fence(f, INT64_MAX);
  schedule_now(f->schedule, NULL);
  assert_false(f->last.goes_on);
  assert_false(ended(f, (unsigned)late));
  assert_int_equal(httpd_count(f->site.httpd, "GET", "/v1/AUTH_p2"), 0);
  schedule_now(f->schedule, NULL);
  assert_true(ended(f, (unsigned)late));
  assert_int_equal(httpd_count(f->site.httpd, "GET", "/v1/AUTH_p2"), 1);
}

/* Others have walked it meanwhile: half a pass is nobody's. */
static void a_pass_that_moved_begins_anew(void **state) {
  struct fixture *f = *state;
  answer_slow_projects(f);
  open_walk(f, &account_meter);
  schedule_now(f->schedule, NULL);
  assert_true(f->last.goes_on);
  f->until_ms = 1; /* once it has begun */
  schedule_now(f->schedule, NULL);
  assert_int_equal(f->code, ERROR_MOVED);
  assert_true(f->goes_on);
  f->until_ms = INT64_MAX;
  set_fence(f, INT64_MAX);
  schedule_now(f->schedule, NULL);
  assert_false(f->goes_on);
  assert_true(f->last.up && !f->last.goes_on);
}

/* Nobody is left of the pass that went on: it does not keep them waiting. */
static void shards_gained_for_all_that_are_lost_are_walked(void **state) {
  struct fixture *f = *state;
  answer_slow_projects(f);
  open_walk(f, &account_meter);
  for (int i = 0; i < SHARDS; i++)
    if (i != (int)shard_of("p1"))
      lose_shard(f, i);
  schedule_now(f->schedule, NULL);
  assert_true(f->last.goes_on);
  set_fence(f, INT64_MAX);
  lose_shard(f, (int)shard_of("p1"));
  schedule_now(f->schedule, NULL);
  assert_int_equal(f->code, ERROR_NONE);
  assert_int_equal(httpd_count(f->site.httpd, "GET", "/v1/AUTH_p2"), 1);
  assert_true(ended(f, shard_of("p2")));
}

/* Another daemon has asked what the pass has passed over meanwhile. */
static void a_pass_that_goes_on_has_lost_a_shard_for_good(void **state) {
  struct fixture *f = *state;
  answer_slow_projects(f);
  open_walk(f, &account_meter);
  f->lost = (int)shard_of("p2");
  schedule_now(f->schedule, NULL);
  assert_true(f->last.goes_on);
  f->lost = -1;
  set_fence(f, INT64_MAX);
  schedule_now(f->schedule, NULL);
  assert_false(f->last.goes_on);
  assert_true(ended(f, shard_of("p1")));
  assert_false(ended(f, shard_of("p2")));
  assert_int_equal(httpd_count(f->site.httpd, "GET", "/v1/AUTH_p2"), 0);
}

/* Another daemon may walk the listing that would be lent. */
static void owners_are_not_waited_for(void **state) {
  struct fixture *f = *state;
  const struct board_seat lends = {
      .service = "image", .of = &things, .interval_ms = f->interval_ms};
  assert_int_equal(board_expect(f->board, &lends), 0);
  site_login(&f->site, &(struct site_login){.life_s = 3600});
  answer(f, "/things", 200, 0, some);
  answer(f, "/parts", 200, 0,
         "{\"parts\": [{\"id\": \"b\", \"thing_id\": \"a\"}]}");
  open_walk(f, &part_meter);
  schedule_now(f->schedule, NULL);
  assert_int_equal(f->samples, 1);
  assert_true(f->last.up);
  assert_int_equal(httpd_count(f->site.httpd, "GET", "/things"), 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_login_that_fails_past_the_fence_is_no_failure),
      TEST(a_list_that_fails_past_the_fence_is_no_failure),
      TEST(a_pause_past_the_fence_is_not_told),
      TEST(a_walk_that_comes_late_makes_no_request),
      TEST(nothing_is_sent_past_the_fence),
      TEST(a_walk_that_a_stop_breaks_off_has_not_ended),
      TEST(clashes_of_a_cloud_are_bounded),
      TEST(a_listing_at_two_intervals_waits_for_the_one),
      TEST(a_shard_lost_under_way_has_not_ended),
      TEST(a_shard_that_comes_back_has_not_ended),
      TEST(a_shard_gained_under_way_has_not_ended),
      TEST(a_pass_that_moved_begins_anew),
      TEST(shards_gained_for_all_that_are_lost_are_walked),
      TEST(a_pass_that_goes_on_has_lost_a_shard_for_good),
      TEST(owners_are_not_waited_for),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
