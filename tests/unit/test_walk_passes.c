/*
 * walk, of passes: what a pass of several walks keeps, what it lacks, and what
 * becomes of one that could not begin.
 */
#include "stub/site.h"
#include "stub/warp.h"

#include "base/clock.h"
#include "base/text.h"
#include "keystone/catalog.h"
#include "net/http_pool.h"
#include "settings/access.h"
#include "walk/agreement.h"
#include "walk/projects.h"
#include "walk/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HOUR_MS = 3600000, MINUTE_MS = 60000, MOST = 2, TIMES = 8 };

static const struct listing zones = {
    .name = "zones",
    .service = "dns",
    .path = "/v2/zones",
    .record = "zones[]",
    .paging = {.kind = PAGING_LINK, .next = "next", .truncated = "truncated"},
    .id = "id",
    .project = "project_id",
};
static const struct listing sets = {
    .name = "sets",
    .service = "dns",
    .path = "/v2/sets",
    .record = "sets[]",
    .id = "id",
    .owners = &zones,
    .owner = "zone_id",
};
static const struct meter set_meters[] = {
    {.name = "sets", .from = &sets, .total = TOTAL_COUNT}};
static const struct listing records = {
    .name = "records",
    .service = "dns",
    .path = "/v2/records/{owner}",
    .scope = LISTING_OWNER,
    .record = "records[]",
    .id = "id",
    .owners = &zones,
};
static const struct meter record_meters[] = {
    {.name = "record", .from = &records}};
static const struct listing quotas = {
    .name = "quotas",
    .service = "dns",
    .path = "/v2/quotas/{project}",
    .scope = LISTING_PROJECT,
    .paced = true,
    .record = "quota",
    .id = "{@project}",
    .absent = {404},
};
static const struct meter quota_meters[] = {
    {.name = "quota", .from = &quotas, .value = "n"},
    {.name = "sum", .from = &quotas, .value = "n", .total = TOTAL_SUM}};
static const struct listing versioned = {
    .name = "versioned",
    .service = "dns",
    .path = "/quotas/{project}",
    .scope = LISTING_PROJECT,
    .paced = true,
    .record = "quota",
    .id = "{@project}",
    .version_header = "OpenStack-API-Version: volume ",
    .version = "3.0",
};
static const struct meter versioned_meters[] = {
    {.name = "quota", .from = &versioned, .value = "n"}};

struct fixture {
  struct site site;
  struct pass_access access;
  struct text_list patterns;
  struct projects *projects;
  struct http_pool *http_pool;
  struct walk_options options;
  struct walk_visitor visitor;
  const struct meter *meters[MOST];
  struct walk *walk;
  struct walk_summary last;
  enum error_code code; /* that the last walk ended with */
  char *heard;          /* since the last call of walk_once(), */
  double times[TIMES];  /* and the times of that */
  size_t ntimes;
};

/* ---- the visitor -------------------------------------------------------- */

static void *on_open(void *arg, const char *region, bool named) {
  (void)region, (void)named;
  return arg;
}

static void on_begin(void *state, bool goes_on) { (void)state, (void)goes_on; }

static void on_sample(void *state, const struct sample *sample) {
  struct fixture *f = state;
  char *more = text_printf("%s%s %s %.15g\n", f->heard, sample->meter->name,
                           sample->id, sample->value);
  free(f->heard);
  f->heard = more;
  if (f->ntimes < TIMES)
    f->times[f->ntimes++] = sample->time;
}

static void on_end(void *state, const struct walk_summary *summary,
                   const struct error *err) {
  struct fixture *f = state;
  f->last = *summary;
  f->code = err != NULL ? err->code : ERROR_NONE;
}

/* ---- the fixture -------------------------------------------------------- */

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  site_open(&f->site);
  f->heard = strdup("");
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  walk_free(f->walk);
  http_pool_free(f->http_pool);
  projects_free(f->projects);
  site_close(&f->site);
  text_list_clear(&f->patterns);
  free(f->heard);
  free(f);
  return 0;
}

static void log_in(struct fixture *f, bool of_domain) {
  site_login(&f->site,
             &(struct site_login){.life_s = 864000, .of_domain = of_domain});
}

/* A walk of one listing's meters, once an hour. */
static void open_walk(struct fixture *f, const struct meter *of, size_t n) {
  struct error err = {0};
  const struct projects_options wanted = {.projects = f->patterns};
  const struct endpoint endpoint = {.region = (char *)"RegionOne"};
  for (size_t i = 0; i < n; i++)
    f->meters[i] = &of[i];
  f->projects = projects_new(f->site.session, &wanted, &err);
  f->http_pool = http_pool_new(&f->site.options, f->site.rate_limit, &err);
  f->options = (struct walk_options){.listing = of[0].from,
                                     .meters = f->meters,
                                     .nmeters = n,
                                     .interval_ms = HOUR_MS,
                                     .session = f->site.session,
                                     .projects = f->projects,
                                     .access = &f->access,
                                     .http_pool = f->http_pool,
                                     .width = 1};
  f->visitor = (struct walk_visitor){.open = on_open,
                                     .begin = on_begin,
                                     .sample = on_sample,
                                     .end = on_end,
                                     .arg = f};
  f->walk = walk_new(&f->options, &endpoint, &err);
  if (f->walk == NULL || walk_visit(f->walk, &f->visitor, &err) != 0)
    fail_msg("%s", err.text);
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

/* What is heard in it. */
static const char *walk_once(struct fixture *f) {
  const struct walk_target target = {.url = httpd_url(f->site.httpd)};
  f->heard[0] = '\0';
  f->ntimes = 0;
  walk_run(f->walk, &target);
  return f->heard;
}

/* Turns of a minute each, until a pass has ended. Returns their number. */
static int walk_a_pass(struct fixture *f) {
  int turns = 0;
  do {
    walk_once(f);
    warp(MINUTE_MS);
  } while (++turns < 60 && f->last.goes_on);
  return turns;
}

/* ---- what a pass lacks -------------------------------------------------- */

static const char two_sets[] =
    "{\"sets\": [{\"id\": \"a\", \"zone_id\": \"z1\"},"
    " {\"id\": \"b\", \"zone_id\": \"z2\"}]}";

static void owners_that_are_all_there_have_totals(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  answer(f, "/v2/zones", "{\"zones\": [{\"id\": \"z1\"}, {\"id\": \"z2\"}]}");
  answer(f, "/v2/sets", two_sets);
  open_walk(f, set_meters, 1);
  assert_string_equal(walk_once(f), "sets total 2\n");
}

static void owners_that_are_cut_off_have_no_totals(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  answer(f, "/v2/zones",
         "{\"zones\": [{\"id\": \"z1\"}], \"truncated\": true}");
  answer(f, "/v2/sets", two_sets);
  open_walk(f, set_meters, 1);
  assert_string_equal(walk_once(f), "");
  assert_true(f->last.owners.truncated);
  assert_true(f->last.up);
}

/* Its owners' records are counted by themselves. */
static void a_group_of_the_last_pass_is_not_the_owners(void **state) {
  static const struct meter meters[] = {
      {.name = "by", .from = &sets, .total = TOTAL_COUNT, .group = "kind"}};
  struct fixture *f = *state;
  log_in(f, false);
  answer(f, "/v2/zones", "{\"zones\": [{\"id\": \"z1\"}]}");
  answer_with(f, "/v2/sets", 200, 1,
              "{\"sets\": [{\"id\": \"a\", \"zone_id\": \"z1\","
              " \"kind\": \"MX\"}]}");
  answer(f, "/v2/sets", "{\"sets\": []}");
  open_walk(f, meters, 1);
  assert_string_equal(walk_once(f), "by MX 1\n");
  assert_string_equal(walk_once(f), "by MX 0\n");
  assert_string_equal(walk_once(f), "");
}

/* Neutron hides everything from a token without a project. */
static void owners_that_are_hidden_have_no_totals(void **state) {
  struct fixture *f = *state;
  log_in(f, true);
  answer(f, "/v2/zones", "{\"zones\": []}");
  answer(f, "/v2/sets", two_sets);
  open_walk(f, set_meters, 1);
  assert_string_equal(walk_once(f), "");
  assert_true(f->last.owners.blind);
}

/* The service has answered, if not of the records. */
static void that_there_are_no_owners_is_an_answer(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  answer_with(f, "/v2/zones", 200, 1, "{\"zones\": []}");
  answer_with(f, "/v2/zones", 503, 1, "{}");
  open_walk(f, record_meters, 1);
  walk_once(f);
  assert_int_equal(asked(f, NULL), 1);
  assert_true(f->last.up && f->last.pass.answered);
  walk_once(f);
  assert_int_equal(asked(f, NULL), 2);
  assert_true(!f->last.up && f->last.pass.answered && f->last.own_failure);
}

static char *take_most(void *arg, const char *target) {
  (void)target;
  warp(HOUR_MS / 10 * 7 + MINUTE_MS);
  return strdup(arg);
}

/* Slow enough that a walk then asks nobody of its list. */
static void answer_late(struct fixture *f, const char *target,
                        const char *body) {
  f->site.options.timeout_ms = HOUR_MS;
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = target,
                                                  .make = take_most,
                                                  .arg = (void *)body});
}

/* Without them there would be nobody to ask, and all would be well. */
static void owners_are_listed_however_late_it_is(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  answer_late(f, "/v3/projects?limit=1000",
              "{\"projects\": [{\"id\": \"p\"}]}");
  answer(f, "/v2/zones",
         "{\"zones\": [{\"id\": \"z0\", \"project_id\": \"p\"}]}");
  answer(f, "/v2/records/*", "{\"records\": []}");
  text_list_add(&f->patterns, strdup("p"));
  open_walk(f, record_meters, 1);
  walk_once(f);
  assert_int_equal(asked(f, "/v2/zones"), 1);
  assert_int_equal(asked(f, "/v2/records/*"), 0);
  assert_int_equal(f->code, ERROR_DEADLINE);
  assert_int_equal(f->last.nasked, 1);
}

/* What they cost, and what they are told, is the walk's. */
static void owners_are_a_part_of_the_walk(void **state) {
  static const struct meter meters[] = {
      {.name = "status",
       .from = &sets,
       .of = METER_REQUEST,
       .value = "@status"},
      {.name = "sets", .from = &sets, .total = TOTAL_COUNT}};
  static const char all[] = "{\"zones\": [{\"id\": \"z1\"}, {\"id\": \"z2\"}]}";
  struct fixture *f = *state;
  log_in(f, false);
  answer_with(f, "/v2/zones", 200, 2, all);
  answer_with(f, "/v2/sets", 200, 1, two_sets);
  answer_with(f, "/v2/sets", 404, 1, "{}");
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.target = "/v2/zones",
                                   .status = 503,
                                   .headers = "Retry-After: 3000\r\n"});
  open_walk(f, meters, 2);
  assert_string_equal(walk_once(f), "status total 200\nsets total 2\n");
  assert_int_equal(f->last.pass.bytes, strlen(all) + strlen(two_sets));
  assert_int_equal(f->last.requests, 2);
  assert_string_equal(walk_once(f), "status total 200\n"); /* the first one's */
  warp(HOUR_MS);
  assert_string_equal(walk_once(f), "status total 503\n");
  assert_int_equal(f->last.pass.retry_after_ms, 3000000);
}

/* A service that lists some of them is not dead. */
static void owners_cut_by_the_deadline_cost_no_pause(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  answer(f, "/v2/zones",
         "{\"zones\": [{\"id\": \"z1\"}], \"next\": \"?marker=z1\"}");
  answer_late(f, "/v2/zones?marker=z1",
              "{\"zones\": [{\"id\": \"z2\"}],"
              " \"next\": \"?marker=z2\"}");
  answer_late(f, "/v2/zones?marker=z2", "{\"zones\": []}");
  open_walk(f, record_meters, 1);
  walk_once(f);
  assert_int_equal(f->code, ERROR_DEADLINE);
  assert_int_equal(f->last.retry_ms, 0);
}

/* ---- what a pass keeps -------------------------------------------------- */

static void list_projects(struct fixture *f, const char *name_of_the_last) {
  char *body =
      text_printf("{\"links\": {}, \"projects\": ["
                  "{\"id\": \"p0\", \"name\": \"n0\", \"domain_id\": \"d\"},"
                  "{\"id\": \"p1\", \"name\": \"n1\", \"domain_id\": \"d\"},"
                  "{\"id\": \"p2\", \"name\": \"n2\", \"domain_id\": \"d\"},"
                  "{\"id\": \"p3\", \"name\": \"%s\", \"domain_id\": \"d\"}]}",
                  name_of_the_last);
  answer(f, "/v3/projects?limit=1000", body);
  free(body);
}

/* Whom it asks it also counts: a total without the last would be too low. */
static void a_pass_filters_by_the_projects_that_it_began_with(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer(f, "/v2/quotas/*", "{\"quota\": {\"n\": 5}}");
  text_list_add(&f->patterns, strdup("n*"));
  open_walk(f, quota_meters, 2);
  assert_string_equal(walk_once(f), "quota p0 5\n");
  httpd_forget(f->site.httpd);
  log_in(f, false);
  list_projects(f, "other"); /* from now on it is not wanted */
  answer(f, "/v2/quotas/*", "{\"quota\": {\"n\": 5}}");
  warp(MINUTE_MS);
  assert_true(walk_a_pass(f) > 20);
  assert_string_equal(f->heard, "quota p3 5\nsum total 20\n");
}

/* ---- the time of values ------------------------------------------------- */

enum { DELAY_MS = 50 };

static void answer_slowly(struct fixture *f, const char *target,
                          const char *body) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = target,
                                                  .delay_ms = DELAY_MS,
                                                  .body = body});
}

/* All that is due at once. */
static void walk_whole(struct fixture *f) {
  const struct walk_target target = {.url = httpd_url(f->site.httpd),
                                     .whole = true};
  walk_run(f->walk, &target);
}

/* When a request was there, in seconds since 1970. */
static double seen_at(struct fixture *f, const char *target, size_t i) {
  double ahead = clock_wall() - (double)clock_ms() / 1000;
  return (double)httpd_get(f->site.httpd, "GET", target, i).at_ms / 1000 +
         ahead;
}

#define CUT_OFF_S 0.002 /* of clock_ms() */

static void
values_of_a_paced_pass_have_the_times_of_their_answers(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer_slowly(f, "/v2/quotas/*", "{\"quota\": {\"n\": 5}}");
  open_walk(f, quota_meters, 2);
  walk_whole(f);
  assert_int_equal(f->ntimes, 5);
  for (size_t i = 0; i < 4; i++) {
    double asked_at = seen_at(f, "/v2/quotas/*", i);
    assert_true(f->times[i] > asked_at + DELAY_MS / 1000.0 - CUT_OFF_S);
    assert_true(i == 0 || f->times[i] > f->times[i - 1]);
  }
  /* The sum when it was whole. */
  assert_true(f->times[4] >= f->times[3]);
  assert_true(f->last.time >= f->times[4]);
  assert_true(f->last.time <= clock_wall());
}

static void values_of_any_other_walk_have_that_of_its_beginning(void **state) {
  struct fixture *f = *state;
  double before = clock_wall();
  log_in(f, false);
  answer_slowly(f, "/v2/zones",
                "{\"zones\": [{\"id\": \"z1\"}, {\"id\": \"z2\"}]}");
  answer_slowly(f, "/v2/records/z1", "{\"records\": [{\"id\": \"a\"}]}");
  answer_slowly(f, "/v2/records/z2", "{\"records\": [{\"id\": \"b\"}]}");
  open_walk(f, record_meters, 1);
  walk_whole(f);
  assert_int_equal(f->ntimes, 2);
  assert_true(f->times[0] >= before);
  assert_true(f->times[0] < seen_at(f, "/v2/zones", 0) + CUT_OFF_S);
  assert_true(f->times[1] == f->times[0]);
  assert_true(f->last.time == f->times[0]);
}

/* Those that are listed have their values; but a sum would be too low. */
static void projects_that_are_cut_off_have_no_totals(void **state) {
  struct walk_target whole = {.whole = true};
  struct fixture *f = *state;
  log_in(f, false);
  answer(f, "/v3/projects?limit=1000",
         "{\"projects\": [{\"id\": \"p0\"}], \"truncated\": true}");
  answer_with(f, "/v3/domains?limit=1000", 403, 0, "{}");
  answer(f, "/v2/quotas/*", "{\"quota\": {\"n\": 5}}");
  open_walk(f, quota_meters, 2);
  whole.url = httpd_url(f->site.httpd);
  assert_int_equal(walk_run(f->walk, &whole), -1);
  assert_string_equal(f->heard, "quota p0 5\n");
  assert_int_equal(f->code, ERROR_HIDDEN);
}

/* ---- how it goes -------------------------------------------------------- */

/* It is not up before anybody has let the token in. */
static void a_first_pass_that_all_deny_is_not_up(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer_with(f, "/v2/quotas/*", 403, 0, "{}");
  open_walk(f, quota_meters, 2);
  int turns = 0;
  for (; turns < 60; turns++) {
    walk_once(f);
    if (!f->last.goes_on)
      break;
    assert_true(f->last.undecided);
    warp(MINUTE_MS);
  }
  assert_true(turns > 20);
  assert_false(f->last.undecided);
  assert_false(f->last.up);
  assert_int_equal(f->code, ERROR_DENIED);
}

static void it_is_up_as_soon_as_somebody_lets_it_in(struct fixture *f,
                                                    int status) {
  log_in(f, false);
  list_projects(f, "n3");
  answer_with(f, "/v2/quotas/p0", status, 0, "{}");
  answer(f, "/v2/quotas/*", "{\"quota\": {\"n\": 5}}");
  open_walk(f, quota_meters, 2);
  walk_once(f);
  assert_true(f->last.undecided);
  for (int i = 0; i < 30 && asked(f, "/v2/quotas/p1") == 0; i++) {
    warp(MINUTE_MS);
    walk_once(f);
  }
  assert_false(f->last.undecided);
  assert_true(f->last.up);
}

static void a_denial_does_not_decide(void **state) {
  it_is_up_as_soon_as_somebody_lets_it_in(*state, 403);
}

static void nor_does_a_project_without_anything(void **state) {
  it_is_up_as_soon_as_somebody_lets_it_in(*state, 404);
}

/* What an earlier walk has missed is a gap until the pass ends. */
static void a_pass_with_a_failure_is_down_to_its_end(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer_with(f, "/v2/quotas/p1", 500, 1, "{}");
  answer(f, "/v2/quotas/*", "{\"quota\": {\"n\": 5}}");
  open_walk(f, quota_meters, 1);
  walk_once(f);
  assert_true(f->last.up);
  for (int i = 0; i < 59 && f->last.goes_on; i++) {
    warp(MINUTE_MS + 1); /* turns are not that exact */
    walk_once(f);
    assert_int_equal(f->last.up, asked(f, "/v2/quotas/p1") == 0);
  }
  assert_int_equal(asked(f, "/v2/quotas/*"), 4);
}

/* Numbers of an hour ago and those of now do not belong together. */
static void a_pass_that_stood_still_begins_anew(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer(f, "/v2/quotas/*", "{\"quota\": {\"n\": 5}}");
  open_walk(f, quota_meters, 1);
  walk_once(f);
  warp(10 * MINUTE_MS);
  assert_string_equal(walk_once(f), "quota p0 5\n");
}

/* As collectd -T makes it, which calls once. */
static void a_whole_pass_asks_all_at_once(void **state) {
  struct walk_target whole = {.whole = true};
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer(f, "/v2/quotas/*", "{\"quota\": {\"n\": 5}}");
  open_walk(f, quota_meters, 2);
  whole.url = httpd_url(f->site.httpd);
  for (int i = 1; i <= 2; i++) {
    f->heard[0] = '\0';
    assert_int_equal(walk_run(f->walk, &whole), 0);
    assert_string_equal(f->heard, "quota p0 5\nquota p1 5\nquota p2 5\n"
                                  "quota p3 5\nsum total 20\n");
    assert_int_equal(asked(f, "/v2/quotas/*"), 4 * i);
  }
}

/* Its requests are made up for in the next turn: none is missing. */
static void a_skipped_turn_of_a_spread_pass_does_not_count(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer(f, "/v2/*", "{}");
  open_walk(f, quota_meters, 1);
  walk_skip(f->walk);
  walk_once(f);
  assert_int_equal(f->last.skipped, 0);
}

/* As long as it goes on, and longer than an interval. */
static void how_long_a_pass_takes_is_told(void **state) {
  static const char all[] = "{\"zones\": [{\"id\": \"z0\"}, {\"id\": \"z1\"}]}";
  struct fixture *f = *state;
  log_in(f, false);
  answer(f, "/v2/zones", all);
  answer_late(f, "/v2/records/z0", "{\"records\": []}");
  answer(f, "/v2/records/z1", "{\"records\": []}");
  open_walk(f, record_meters, 1);
  walk_once(f);
  assert_true(f->last.goes_on);
  assert_int_equal(f->last.takes_ms, 2 * HOUR_MS);
  warp(HOUR_MS / 2);
  walk_once(f);
  assert_false(f->last.goes_on);
  httpd_forget(f->site.httpd);
  answer(f, "/v2/zones", all);
  answer(f, "/v2/records/*", "{\"records\": []}");
  walk_once(f);
  assert_true(f->last.up && !f->last.goes_on);
  assert_int_equal(f->last.takes_ms, 0);
}

static void a_pass_that_takes_its_interval_takes_no_longer(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer(f, "/v2/quotas/*", "{\"quota\": {\"n\": 5}}");
  open_walk(f, quota_meters, 2);
  walk_once(f);
  assert_true(f->last.goes_on);
  assert_int_equal(f->last.takes_ms, 0);
}

/* Nor is it one without an answer: nobody was to give any. */
static void an_idle_turn_is_no_silence(void **state) {
  static const struct meter meters[] = {
      {.name = "status",
       .from = &quotas,
       .of = METER_REQUEST,
       .value = "@status"},
      {.name = "quota", .from = &quotas, .value = "n"}};
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer_with(f, "/v2/quotas/*", 500, 0, "{}");
  open_walk(f, meters, 2);
  assert_string_equal(walk_once(f), "status total 500\n");
  warp(MINUTE_MS);
  assert_string_equal(walk_once(f), "");
  assert_true(f->last.idle);
}

/* A turn in which nobody is due is told from a back-off. */
static void a_turn_with_nobody_due_is_idle(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer(f, "/v2/quotas/*", "{\"quota\": {\"n\": 5}}");
  open_walk(f, quota_meters, 2);
  walk_once(f);
  assert_true(f->last.ran && !f->last.idle);
  warp(MINUTE_MS);
  walk_once(f);
  assert_true(!f->last.ran && f->last.idle && f->last.up);
}

static void a_turn_of_a_back_off_is_not_idle(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer_with(f, "/v2/quotas/*", 403, 0, "{}");
  open_walk(f, quota_meters, 2);
  for (int i = 0; i < 60 && f->code != ERROR_DENIED; i++) {
    walk_once(f);
    warp(MINUTE_MS);
  }
  walk_once(f);
  assert_int_equal(f->code, ERROR_DENIED);
  assert_false(f->last.ran || f->last.idle || f->last.up);
}

/* Whose turn it was is not forgotten by a walk that asked nobody. */
static void a_failed_list_of_owners_does_not_begin_anew(void **state) {
  static const char all[] =
      "{\"zones\": [{\"id\": \"z0\"}, {\"id\": \"z1\"}, {\"id\": \"z2\"},"
      " {\"id\": \"z3\"}, {\"id\": \"z4\"}, {\"id\": \"z5\"}]}";
  struct fixture *f = *state;
  log_in(f, false);
  answer_with(f, "/v2/zones", 200, 1, all);
  answer_with(f, "/v2/zones", 500, 1, "{}");
  answer(f, "/v2/zones", all);
  answer_with(f, "/v2/records/*", 500, 3, "{}"); /* the service's failure */
  answer(f, "/v2/records/z3", "{\"records\": [{\"id\": \"r3\"}]}");
  answer(f, "/v2/records/*", "{\"records\": []}");
  open_walk(f, record_meters, 1);
  walk_once(f);
  assert_true(f->last.pass.given_up);
  warp(HOUR_MS);
  walk_once(f);
  assert_false(f->last.up);
  assert_int_equal(asked(f, "/v2/records/*"), 3);
  warp(HOUR_MS);
  assert_string_equal(walk_once(f), "record r3 1\n");
  struct httpd_request next =
      httpd_get(f->site.httpd, "GET", "/v2/records/*", 3);
  assert_string_equal(next.target, "/v2/records/z3");
}

/* One that never began does not wait for the next hour. */
static void a_pass_that_could_not_begin_comes_again_soon(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer_with(f, "/", 503, 1, "{}");
  answer(f, "/", "{\"versions\": []}");
  answer(f, "/quotas/*", "{\"quota\": {\"n\": 5}}");
  open_walk(f, versioned_meters, 1);
  walk_once(f);
  assert_false(f->last.up);
  assert_int_equal(asked(f, "/quotas/*"), 0);
  warp(2 * MINUTE_MS);
  walk_once(f);
  assert_int_equal(asked(f, "/"), 2);
}

/* Nor does one that was given up. */
static void a_pass_that_was_given_up_comes_again_soon(void **state) {
  struct fixture *f = *state;
  char *body = NULL;
  size_t len;
  FILE *to = open_memstream(&body, &len);
  for (int i = 0; i < 200; i++)
    fprintf(to, "%s{\"id\": \"p%d\"}", i > 0 ? ", " : "{\"projects\": [", i);
  fputs("]}", to);
  fclose(to);
  log_in(f, false);
  answer(f, "/v3/projects?limit=1000", body);
  answer_with(f, "/v2/quotas/*", 500, 0, "{}");
  open_walk(f, quota_meters, 2);
  walk_once(f);
  assert_true(f->last.pass.given_up);
  warp(2 * MINUTE_MS);
  walk_once(f);
  assert_int_equal(asked(f, "/v2/quotas/*"), 6);
  free(body);
}

/* Where a service says that it is holds for a day, and for its endpoint. */
static void a_version_s_url_is_found_anew(void **state) {
  struct fixture *f = *state;
  log_in(f, false);
  list_projects(f, "n3");
  answer(f, "*/", "{\"versions\": []}");
  answer(f, "*/quotas/*", "{\"quota\": {\"n\": 5}}");
  open_walk(f, versioned_meters, 1);
  char *other = text_printf("%s/other", httpd_url(f->site.httpd));
  struct walk_target target = {.url = httpd_url(f->site.httpd), .whole = true};
  static const struct {
    int hours;
    size_t here, there;
    bool moved;
  } rows[] = {{0, 1, 0, false}, {23, 1, 0, false}, {2, 2, 0, false},
              {1, 2, 1, true},  {1, 2, 1, true},   {1, 3, 1, false}};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    warp((int64_t)rows[i].hours * HOUR_MS);
    target.url = rows[i].moved ? other : httpd_url(f->site.httpd);
    assert_int_equal(walk_run(f->walk, &target), 0);
    assert_int_equal(asked(f, "/"), rows[i].here);
    assert_int_equal(asked(f, "/other/"), rows[i].there);
  }
  free(other);
}

/* Below the root of the host an endpoint's version says nothing. */
static void a_listing_s_path_or_microversion_tells_its_major(void **state) {
  static const struct {
    struct listing listing;
    unsigned major;
  } rows[] = {{{.path = "/v2/x"}, 2},
              {{.path = "/x", .version = "3.60"}, 3},
              {{.path = "/v2/x", .version = "3.60"}, 2},
              {{.path = "/x"}, 0},
              {{.path = "/v2/x", .at_root = true}, 0}};
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    assert_int_equal(agreement_major(&rows[i].listing), rows[i].major);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(owners_that_are_all_there_have_totals),
      TEST(owners_that_are_cut_off_have_no_totals),
      TEST(owners_that_are_hidden_have_no_totals),
      TEST(a_group_of_the_last_pass_is_not_the_owners),
      TEST(that_there_are_no_owners_is_an_answer),
      TEST(owners_are_listed_however_late_it_is),
      TEST(owners_are_a_part_of_the_walk),
      TEST(owners_cut_by_the_deadline_cost_no_pause),
      TEST(a_pass_filters_by_the_projects_that_it_began_with),
      TEST(projects_that_are_cut_off_have_no_totals),
      TEST(values_of_a_paced_pass_have_the_times_of_their_answers),
      TEST(values_of_any_other_walk_have_that_of_its_beginning),
      TEST(a_first_pass_that_all_deny_is_not_up),
      TEST(a_turn_with_nobody_due_is_idle),
      TEST(a_turn_of_a_back_off_is_not_idle),
      TEST(an_idle_turn_is_no_silence),
      TEST(a_denial_does_not_decide),
      TEST(nor_does_a_project_without_anything),
      TEST(a_pass_with_a_failure_is_down_to_its_end),
      TEST(a_pass_that_stood_still_begins_anew),
      TEST(a_whole_pass_asks_all_at_once),
      TEST(a_skipped_turn_of_a_spread_pass_does_not_count),
      TEST(how_long_a_pass_takes_is_told),
      TEST(a_pass_that_takes_its_interval_takes_no_longer),
      TEST(a_failed_list_of_owners_does_not_begin_anew),
      TEST(a_pass_that_could_not_begin_comes_again_soon),
      TEST(a_pass_that_was_given_up_comes_again_soon),
      TEST(a_version_s_url_is_found_anew),
      TEST(a_listing_s_path_or_microversion_tells_its_major),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
