/*
 * walk: turns that are counted, regions that do not harm each other, and a
 * back-off that ends at ten minutes.
 */
#include "stub/site.h"
#include "stub/warp.h"

#include "base/clock.h"
#include "base/text.h"
#include "keystone/session.h"
#include "net/http_pool.h"
#include "settings/access.h"
#include "walk/projects.h"
#include "walk/schedule.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const struct listing things = {
    .name = "things",
    .service = "image",
    .path = "/v2/things",
    .record = "things[]",
    .id = "id",
    .role = "admin",
    .without_role = "little",
};
static const struct meter meters[] = {
    {.name = "t", .from = &things},
    {.name = "t.size", .from = &things, .value = "size"}};
static const struct listing versioned = {
    .name = "volumes",
    .service = "image",
    .path = "/volumes",
    .record = "volumes[]",
    .id = "id",
    .version_header = "OpenStack-API-Version: volume ",
    .version = "3.60",
};
static const struct meter versioned_meters[] = {
    {.name = "v", .from = &versioned}};
static const struct listing accounts = {
    .name = "accounts",
    .service = "image",
    .path = "/v1/{prefix}{project}",
    .scope = LISTING_PROJECT,
    .record = "[]",
    .id = "name",
};
static const struct listing extension = {
    .name = "vpns",
    .service = "image",
    .path = "/vpns",
    .record = "vpns[]",
    .id = "id",
    .absent = {404},
};
static const struct meter extension_meters[] = {
    {.name = "x", .from = &extension}};
static const struct meter account_meters[] = {{.name = "a", .from = &accounts}};
static const struct listing owned = {
    .name = "things",
    .service = "image",
    .path = "/v2/things",
    .record = "things[]",
    .id = "id",
    .project = "owner",
    .user = "user",
};
static const struct meter owned_meters[] = {
    {.name = "o", .from = &owned},
    {.name = "o.sum", .from = &owned, .value = "size", .total = TOTAL_SUM}};

struct fixture {
  struct site site;
  struct pass_access access;
  struct projects *projects;
  enum walk_names names;
  struct http_pool *http_pool;
  struct pool_owner owner;
  struct schedule *schedule;
  struct turn turns[2];
  struct region *regions;
  char *heard; /* what the visitor heard, a line each */
  struct walk_summary last;
  enum error_code code; /* that the last region ended with */
  int ends;
  atomic_int inside, most_inside, begun;
};

/* ---- the visitor -------------------------------------------------------- */

static void note(struct fixture *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void note(struct fixture *f, const char *format, ...) {
  char line[600];
  va_list ap;
  va_start(ap, format);
  vsnprintf(line, sizeof(line), format, ap);
  va_end(ap);
  char *more = text_printf("%s%s\n", f->heard, line);
  free(f->heard);
  f->heard = more;
}

/* What a walk reports of its region. */
struct region {
  struct fixture *fixture;
  char *name;
  bool named;
  struct region *next;
};

static void *open_region(void *arg, const char *region, bool named) {
  struct fixture *f = arg;
  struct region *r = calloc(1, sizeof(*r));
  *r = (struct region){.fixture = f,
                       .name = strdup(region != NULL ? region : "-"),
                       .named = named,
                       .next = f->regions};
  f->regions = r;
  return r;
}

static void on_begin(void *state, bool goes_on) {
  (void)goes_on;
  const struct region *r = state;
  note(r->fixture, "begin %s%s", r->name, r->named ? " of several" : "");
}

static void on_sample(void *state, const struct sample *sample) {
  const struct region *r = state;
  const char *names[] = {sample->project_name, sample->domain_name,
                         sample->user_name};
  char text[100] = "";
  for (size_t i = 0; i < 3; i++)
    if (names[i] != NULL)
      snprintf(text + strlen(text), sizeof(text) - strlen(text), " %s",
               names[i]);
  note(r->fixture, "%s %s %.15g%s", sample->meter->name, sample->id,
       sample->value, text);
}

static void on_end(void *state, const struct walk_summary *s,
                   const struct error *err) {
  struct fixture *f = ((struct region *)state)->fixture;
  f->last = *s;
  f->last.region = NULL; /* lives as long as the call */
  f->code = err != NULL ? err->code : ERROR_NONE;
  f->ends++;
  note(f, "end %s %s%s%s%s", s->region != NULL ? s->region : "-",
       s->up ? "up" : "down", s->ran ? "" : " paused", err != NULL ? ": " : "",
       err != NULL ? err->text : "");
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
  f->heard = strdup("");
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  schedule_free(f->schedule);
  while (f->regions != NULL) {
    struct region *r = f->regions;
    f->regions = r->next;
    free(r->name);
    free(r);
  }
  http_pool_free(f->http_pool);
  projects_free(f->projects);
  site_close(&f->site);
  free(f->heard);
  free(f);
  return 0;
}

static void open_walk(struct fixture *f, const struct meter *of, size_t n,
                      int64_t interval_ms) {
  const struct meter *list[2] = {&of[0], n > 1 ? &of[1] : NULL};
  const struct walk_options options = {
      .listing = of[0].from,
      .meters = list,
      .nmeters = n,
      .interval_ms = interval_ms,
      .session = f->site.session,
      .projects = f->projects,
      .names = f->names,
      .access = &f->access,
      .http_pool = f->http_pool,
      .width = f->site.options.width,
  };
  struct error err = {0};
  f->schedule = schedule_new(&options, &f->owner, &err);
  if (f->schedule == NULL)
    fail_msg("%s", err.text);
  const struct walk_visitor visitor = {.open = open_region,
                                       .begin = on_begin,
                                       .sample = on_sample,
                                       .end = on_end,
                                       .arg = f};
  assert_int_equal(schedule_visit(f->schedule, &visitor, &err), 0);
  for (size_t i = 0; i < 2; i++)
    f->turns[i] = (struct turn){.schedule = f->schedule, .meter = list[i]};
}

/* Two meters of things, every 300 s. */
static void open_things(struct fixture *f) { open_walk(f, meters, 2, 300000); }

/* Keystone's lists are asked for page by page. */
static const char *with_limit(const char *target) {
  static char text[200];
  if (target == NULL || strncmp(target, "/v3/", 4) != 0)
    return target;
  snprintf(text, sizeof(text), "%s?limit=1000", target);
  return text;
}

static void answer(struct fixture *f, const char *target, const char *body) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = with_limit(target),
                                                  .body = body});
}

static const char refusal[] = "{\"error\": {\"code\": 0}}";

static void fail_with(struct fixture *f, const char *target, int status,
                      unsigned times) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = with_limit(target),
                                                  .status = status,
                                                  .times = times,
                                                  .body = refusal});
}

static size_t asked(struct fixture *f, const char *target) {
  return httpd_count(f->site.httpd, "GET", with_limit(target));
}

/* One round; what the visitor hears in it. */
static const char *round_of(struct fixture *f) {
  f->heard[0] = '\0';
  assert_int_equal(schedule_turn(&f->turns[0]), TURN_LEAD);
  schedule_start(f->schedule, NULL);
  return f->heard;
}

static const char some[] =
    "{\"things\": [{\"id\": \"a\", \"size\": 5}, {\"id\": \"b\"}]}";
static const char whole_round[] =
    "begin RegionOne\nt a 1\nt.size a 5\nt b 1\nend RegionOne up\n";

/* ---- turns -------------------------------------------------------------- */

static void one_leads_and_its_sibling_rides(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 0});
  answer(f, "/v2/things", some);
  open_things(f);
  for (int i = 0; i < 5; i++) {
    int leader = i % 2; /* whoever comes first */
    f->heard[0] = '\0';
    assert_int_equal(schedule_turn(&f->turns[leader]), TURN_LEAD);
    schedule_start(f->schedule, NULL);
    assert_string_equal(f->heard, whole_round);
    assert_int_equal(schedule_turn(&f->turns[1 - leader]), TURN_RIDE);
  }
  assert_int_equal(asked(f, NULL), 5);
  assert_int_equal(site_logins(&f->site), 1);
  assert_int_equal(f->last.skipped, 0);
}

static void a_sibling_rides_while_the_walk_runs(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 0});
  answer(f, "/v2/things", some);
  open_things(f);
  assert_int_equal(schedule_turn(&f->turns[0]), TURN_LEAD);
  assert_int_equal(schedule_turn(&f->turns[1]), TURN_RIDE);
  /* Their next turns come, and it still runs: one is skipped, not two. */
  assert_int_equal(schedule_turn(&f->turns[1]), TURN_SKIP);
  assert_int_equal(schedule_turn(&f->turns[0]), TURN_SKIP);
  schedule_start(f->schedule, NULL);
  assert_int_equal(f->last.skipped, 1);
  assert_int_equal(schedule_turn(&f->turns[1]), TURN_LEAD);
  assert_int_equal(schedule_turn(&f->turns[0]), TURN_RIDE);
  schedule_start(f->schedule, NULL);
  assert_int_equal(asked(f, NULL), 2);
}

enum { MANY = 10, TURNS = 200 };

/* Every cycle has each meter's turn in another order: a round each. */
static void a_cycle_is_a_round_whatever_the_order(void **state) {
  struct fixture *f = *state;
  struct turn turns[MANY];
  unsigned seed = 7;
  int leads = 0, rides = 0;
  httpd_add(f->site.httpd, &(struct httpd_answer){.status = 401});
  open_things(f); /* the login is refused once, and remembered */
  for (int i = 0; i < MANY; i++)
    turns[i] = (struct turn){.schedule = f->schedule};
  for (int cycle = 0; cycle < TURNS; cycle++) {
    for (int i = MANY - 1; i > 0; i--) {
      seed = seed * 1103515245u + 12345u;
      int j = (int)(seed >> 16) % (i + 1);
      struct turn other = turns[i];
      turns[i] = turns[j];
      turns[j] = other;
    }
    for (int i = 0; i < MANY; i++) {
      enum turn_result result = schedule_turn(&turns[i]);
      leads += result == TURN_LEAD;
      rides += result == TURN_RIDE;
      if (result == TURN_LEAD)
        schedule_start(f->schedule, NULL);
    }
  }
  assert_int_equal(leads, TURNS);
  assert_int_equal(rides, TURNS * (MANY - 1));
  assert_int_equal(f->ends, TURNS);
}

struct caller {
  struct fixture *fixture;
  pthread_t thread;
  struct turn turn;
  int leads, rides, skips;
};

static void *count_open(void *arg, const char *region, bool named) {
  (void)region, (void)named;
  return arg;
}

static void count_begin(void *state, bool goes_on) {
  (void)goes_on;
  struct fixture *f = state;
  int inside = atomic_fetch_add(&f->inside, 1) + 1;
  if (inside > atomic_load(&f->most_inside))
    atomic_store(&f->most_inside, inside);
  atomic_fetch_add(&f->begun, 1);
}

static void count_sample(void *arg, const struct sample *sample) {
  (void)arg, (void)sample;
}

static void count_end(void *arg, const struct walk_summary *summary,
                      const struct error *err) {
  struct fixture *f = arg;
  (void)err;
  f->last.skipped = summary->skipped; /* TSan looks on */
  atomic_fetch_sub(&f->inside, 1);
}

static void *call(void *arg) {
  struct caller *c = arg;
  for (int i = 0; i < TURNS; i++) {
    enum turn_result result = schedule_turn(&c->turn);
    c->leads += result == TURN_LEAD;
    c->rides += result == TURN_RIDE;
    c->skips += result == TURN_SKIP;
    if (result == TURN_LEAD)
      schedule_start(c->fixture->schedule, NULL);
    schedule_status(c->fixture->schedule);
  }
  return NULL;
}

static void never_two_at_once_and_no_round_lost(void **state) {
  struct fixture *f = *state;
  struct caller callers[MANY];
  struct error err;
  int leads = 0;
  site_login(&f->site, &(struct site_login){.life_s = 0});
  answer(f, "/v2/things", some);
  open_things(f);
  const struct walk_visitor visitor = {.open = count_open,
                                       .begin = count_begin,
                                       .sample = count_sample,
                                       .end = count_end,
                                       .arg = f};
  assert_int_equal(schedule_visit(f->schedule, &visitor, &err), 0);
  for (int i = 0; i < MANY; i++) {
    callers[i] =
        (struct caller){.fixture = f, .turn = {.schedule = f->schedule}};
    pthread_create(&callers[i].thread, NULL, call, &callers[i]);
  }
  for (int i = 0; i < MANY; i++) {
    pthread_join(callers[i].thread, NULL);
    assert_int_equal(callers[i].leads + callers[i].rides + callers[i].skips,
                     TURNS);
    leads += callers[i].leads;
  }
  assert_int_equal(atomic_load(&f->most_inside), 1);
  assert_int_equal(atomic_load(&f->begun), leads);
  assert_int_equal(asked(f, NULL), leads);
  /* Nothing is left behind: whoever comes now leads or rides at once. */
  assert_int_not_equal(schedule_turn(&callers[0].turn), TURN_SKIP);
}

/* ---- a round's summary -------------------------------------------------- */

static void a_whole_round_says_what_it_did(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.roles = "{\"name\":\"reader\"}"});
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/v2/things",
                                                  .delay_ms = 60,
                                                  .body = some});
  open_things(f);
  assert_string_equal(round_of(f), whole_round);
  assert_true(f->last.ran && f->last.up);
  assert_int_equal(f->last.failures, 0);
  assert_int_equal(f->last.retry_ms, 0);
  assert_int_equal(f->last.requests, 1);
  assert_int_equal(f->last.pass.records, 2);
  assert_int_equal(f->last.pass.bytes, strlen(some));
  assert_true(f->last.duration_ms >= 60 && f->last.duration_ms < 3000);
  assert_true(f->last.since_success_ms >= 0 && f->last.since_success_ms < 1000);
  assert_true(f->last.few_rights);
  assert_int_equal(schedule_status(f->schedule), 0);
}

static void the_role_is_looked_for_in_the_token(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.roles = "{\"name\":\"Admin\"}"});
  answer(f, "/v2/things", some);
  open_things(f);
  round_of(f);
  assert_false(f->last.few_rights);
}

static void the_last_success_grows_old(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET", .body = some, .times = 1});
  open_things(f);
  round_of(f);
  warp(300000);
  round_of(f);
  assert_non_null(strstr(f->heard, "end RegionOne down: page 1: HTTP 404"));
  assert_true(f->last.since_success_ms >= 300000 &&
              f->last.since_success_ms < 303000);
  assert_int_equal(schedule_status(f->schedule), -1);
}

/* ---- back-off ----------------------------------------------------------- */

/* How long the pauses are, in seconds, after each of n failing rounds. */
static void expect_pauses(struct fixture *f, const int *seconds, size_t n) {
  for (size_t i = 0; i < n; i++) {
    size_t before = asked(f, "/v2/things");
    round_of(f);
    assert_int_equal(asked(f, "/v2/things"), before + 1);
    assert_int_equal(f->last.failures, i + 1);
    assert_true(f->last.ran && !f->last.up);
    if (f->last.retry_ms != seconds[i] * 1000)
      fail_msg("failure %zu: next try in %lld ms", i + 1,
               (long long)f->last.retry_ms);
    if (seconds[i] > 0) {
      warp(seconds[i] * 1000 - 2000);
      assert_non_null(
          strstr(round_of(f), "end RegionOne down paused: page 1: HTTP 500"));
      assert_false(f->last.ran);
      assert_int_equal(f->last.requests, 0);
      assert_true(f->last.retry_ms > 0 && f->last.retry_ms <= 2000);
      assert_null(strstr(f->heard, "begin"));
      assert_int_equal(asked(f, "/v2/things"), before + 1);
      assert_int_equal(schedule_status(f->schedule), -1);
    }
    warp(seconds[i] > 0 ? 2001 : 300000);
  }
}

static void the_pause_doubles_up_to_ten_minutes(void **state) {
  static const int seconds[] = {0, 450, 600, 600, 600};
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v2/things", 500, 5);
  answer(f, "/v2/things", some);
  open_things(f);
  expect_pauses(f, seconds, 5);
  assert_string_equal(round_of(f), whole_round);
  assert_int_equal(f->last.failures, 0);
}

static char *take_minutes(void *arg, const char *target) {
  (void)arg, (void)target;
  warp(200000);
  return strdup("{}");
}

/* One that begins late in an interval reaches into the next. */
static void the_pause_begins_with_the_failure(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .status = 500,
                                                  .make = take_minutes});
  f->site.options.timeout_ms = 300000;
  open_things(f);
  round_of(f);
  assert_true(f->last.duration_ms >= 200000 && f->last.duration_ms < 300000);
  assert_int_equal(f->last.retry_ms, 150000);
}

static void short_intervals_have_more_steps(void **state) {
  static const int seconds[] = {0, 15, 35, 75, 155, 315, 600, 600};
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v2/things", 500, 0);
  open_walk(f, meters, 2, 10000);
  expect_pauses(f, seconds, 8);
}

static void a_success_ends_the_back_off(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v2/things", 500, 3);
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET", .body = some, .times = 1});
  fail_with(f, "/v2/things", 500, 0);
  open_things(f);
  for (int i = 0; i < 3; i++) {
    round_of(f);
    warp(601 * 1000);
  }
  assert_string_equal(round_of(f), whole_round);
  round_of(f);
  assert_int_equal(f->last.failures, 1);
  assert_int_equal(f->last.retry_ms, 0);
}

static void a_server_may_ask_for_a_longer_pause(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .status = 503,
                                   .headers = "Retry-After: 1800\r\n"});
  open_things(f);
  round_of(f);
  assert_int_equal(f->last.retry_ms, 1800000);
  warp(1790 * 1000);
  round_of(f);
  assert_false(f->last.ran);
  assert_int_equal(asked(f, NULL), 1);
}

static void who_may_not_is_asked_hourly(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v2/things", 403, 0);
  open_things(f);
  round_of(f);
  assert_int_equal(f->last.retry_ms, 3600000);
  for (int i = 0; i < 11; i++) {
    warp(300000);
    round_of(f);
    assert_false(f->last.ran);
  }
  assert_int_equal(asked(f, NULL), 1);
  warp(300001);
  round_of(f);
  assert_true(f->last.ran);
  assert_int_equal(asked(f, NULL), 2);
}

/* What has worked may work again soon. */
static void who_might_before_is_asked_as_after_any_failure(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  httpd_add(
      f->site.httpd,
      &(struct httpd_answer){.target = "/v2/things", .times = 1, .body = some});
  fail_with(f, "/v2/things", 403, 1);
  answer(f, "/v2/things", some);
  open_things(f);
  assert_string_equal(round_of(f), whole_round);
  round_of(f);
  assert_false(f->last.up);
  warp(300000);
  assert_string_equal(round_of(f), whole_round);
}

/* A round that came somewhere is not the service's fault; one that hung is. */
static void a_service_that_hangs_until_the_deadline_is_left_alone(void **s) {
  struct fixture *f = *s;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  httpd_add(
      f->site.httpd,
      &(struct httpd_answer){.method = "GET", .mute = true, .end = HTTPD_HANG});
  f->site.options.timeout_ms = 60000;
  open_walk(f, meters, 1, 500);
  for (int i = 0; i < 2; i++) {
    int64_t begun = clock_ms();
    round_of(f);
    assert_true(clock_ms() - begun < 2000);
    assert_non_null(strstr(f->heard, "page 1: the deadline has passed"));
    assert_int_equal(f->last.failures, i + 1);
    warp(300); /* more than half an interval */
  }
  assert_int_equal(f->last.retry_ms, 750);
}

/* A walk that came somewhere is up: the pass takes several. A project that the
 * deadline breaks off twice has failed, and the others come again. */
static void a_pass_cut_by_the_deadline_goes_on_next_time(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"p1\"}, {\"id\": \"p2\"}]}");
  answer(f, "/v1/AUTH_p1", "[{\"name\": \"a\"}]");
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/v1/AUTH_p2",
                                                  .times = 3,
                                                  .mute = true,
                                                  .end = HTTPD_HANG});
  answer(f, "/v1/AUTH_p2", "[{\"name\": \"b\"}]");
  open_walk(f, account_meters, 1, 800);
  assert_string_equal(round_of(f), "begin RegionOne\na a 1\n"
                                   "end RegionOne up\n");
  assert_true(f->last.goes_on);
  round_of(f);
  assert_non_null(strstr(f->heard, "down: 1 of 2 projects failed: project p2: "
                                   "the deadline has passed"));
  assert_null(strstr(f->heard, "a a 1\n"));
  assert_int_equal(f->last.retry_ms, 0);
  assert_false(f->last.goes_on);
  assert_string_equal(round_of(f), "begin RegionOne\na a 1\n"
                                   "end RegionOne up\n");
  assert_true(f->last.goes_on);
  assert_string_equal(round_of(f), "begin RegionOne\na b 1\n"
                                   "end RegionOne up\n");
  assert_false(f->last.goes_on);
}

/* What came of it is no sign of a dead service, however little it was. */
static void a_service_that_hangs_on_its_second_page_is_asked_again(void **s) {
  static const struct listing paged = {
      .name = "things",
      .service = "image",
      .path = "/v2/things",
      .record = "things[]",
      .paging = {.kind = PAGING_LINK, .next = "next"},
      .id = "id",
  };
  static const struct meter meter = {.name = "t", .from = &paged};
  struct fixture *f = *s;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v2/things",
         "{\"things\": [{\"id\": \"a\"}], \"next\": \"?marker=a\"}");
  httpd_add(
      f->site.httpd,
      &(struct httpd_answer){.method = "GET", .mute = true, .end = HTTPD_HANG});
  open_walk(f, &meter, 1, 500);
  for (int i = 0; i < 2; i++) {
    round_of(f);
    assert_non_null(strstr(f->heard, "page 2: the deadline has passed"));
    assert_int_equal(f->last.retry_ms, 0);
  }
  assert_int_equal(f->last.failures, 2);
}

/* Of a dead one every project would be asked in vain. */
static void a_service_that_fails_project_after_project_is_left_alone(void **s) {
  struct fixture *f = *s;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"p1\"}, {\"id\": \"p2\"}, {\"id\": \"p3\"},"
         " {\"id\": \"p4\"}, {\"id\": \"p5\"}, {\"id\": \"p6\"}]}");
  fail_with(f, "/v1/*", 500, 0);
  f->site.options.width = 1;
  open_walk(f, account_meters, 1, 300000);
  for (int i = 0; i < 2; i++) {
    round_of(f);
    assert_int_equal(asked(f, "/v1/*"), 3 * (i + 1));
    assert_int_equal(f->last.retry_ms, i * 450000);
    warp(300000);
  }
}

/* ---- no login ----------------------------------------------------------- */

static void a_failed_login_comes_to_no_region(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd, &(struct httpd_answer){.status = 401});
  open_things(f);
  for (int i = 0; i < 3; i++) {
    assert_memory_equal(round_of(f), "end - down paused: login at ", 28);
    assert_false(f->last.ran);
    assert_int_equal(f->last.since_success_ms, -1);
    assert_int_equal(schedule_status(f->schedule), -1);
  }
  assert_int_equal(site_logins(&f->site), 1);
  assert_int_equal(f->last.failures, 3);
  httpd_forget(f->site.httpd);
  site_login(&f->site, &(struct site_login){.life_s = 60, .times = 1});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "POST", .status = 401});
  answer(f, "/v2/things", some);
  warp(10001);
  assert_string_equal(round_of(f), whole_round);
  warp(60000);
  /* Of the region that it came to before: its "up" must not stay 1. */
  assert_memory_equal(round_of(f), "end RegionOne down paused: login at ", 36);
  assert_int_equal(f->last.failures, 1);
  assert_true(f->last.since_success_ms >= 60000);
}

/* Rounds without a login say nothing of the service, and add no pause. */
static void a_failed_login_is_no_failure_of_the_service(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 60, .times = 1});
  httpd_add(f->site.httpd, &(struct httpd_answer){
                               .method = "POST", .status = 401, .times = 1});
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET", .body = some, .times = 1});
  fail_with(f, "/v2/things", 500, 0);
  open_things(f);
  assert_string_equal(round_of(f), whole_round);
  warp(60000);
  for (int i = 0; i < 3; i++)
    assert_memory_equal(round_of(f), "end RegionOne down paused: login", 32);
  warp(10001);
  assert_non_null(strstr(round_of(f), "down: page 1: HTTP 500"));
  assert_int_equal(f->last.failures, 4);
  assert_int_equal(f->last.retry_ms, 0);
  warp(300000);
  assert_non_null(strstr(round_of(f), "down: page 1: HTTP 500"));
  assert_int_equal(f->last.retry_ms, 450000);
}

/* ---- the walk's side of a login ----------------------------------------- */

static void hang_keystone(struct fixture *f) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "POST",
                                                  .mute = true,
                                                  .end = HTTPD_HANG});
}

/* Not Timeout: "up" must come in each interval. */
static void a_login_that_hangs_has_the_walk_s_share_of_its_interval(void **s) {
  struct fixture *f = *s;
  hang_keystone(f);
  f->site.options.timeout_ms = 60000;
  open_walk(f, meters, 1, 500);
  for (int i = 0; i < 3; i++) {
    int64_t begun = clock_ms();
    assert_memory_equal(round_of(f), "end - down paused: login at ", 28);
    assert_true(clock_ms() - begun < 5000);
    assert_non_null(strstr(f->heard, "the deadline has passed"));
  }
  assert_int_equal(site_logins(&f->site), 1);
}

/* A renewal may fail in each way: the token has two minutes left. */
static void a_renewal_that_fails_costs_a_walk_nothing(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.times = 1});
  answer(f, "/v2/things", some);
  open_walk(f, meters, 2, 20000);
  assert_string_equal(round_of(f), whole_round);
  warp(3490 * 1000);
  httpd_add(f->site.httpd, &(struct httpd_answer){
                               .method = "POST", .times = 1, .status = 503});
  hang_keystone(f);
  assert_string_equal(round_of(f), whole_round);
  assert_true(f->last.login_fails);
  assert_true(f->last.login_retry_ms > 0 && f->last.login_retry_ms <= 10000);
  warp(10001);
  int64_t begun = clock_ms();
  assert_string_equal(round_of(f), whole_round);
  assert_true(clock_ms() - begun < 16000);
  assert_true(f->last.login_fails);
  assert_int_equal(site_logins(&f->site), 3);
  warp(120000); /* the token has ended */
  assert_memory_equal(round_of(f), "end RegionOne down paused: login at ", 36);
}

static void a_walk_that_keeps_failing_has_the_catalogue_read_anew(void **s) {
  struct fixture *f = *s;
  char *before = site_service(&f->site, "image", "RegionOne", "/old");
  char *behind = site_service(&f->site, "image", "RegionOne", "/new");
  site_login(&f->site, &(struct site_login){
                           .catalog = before, .life_s = 864000, .times = 1});
  site_login(&f->site,
             &(struct site_login){.catalog = behind, .life_s = 864000});
  fail_with(f, "/old/v2/things", 404, 0);
  answer(f, "/new/v2/things", some);
  open_things(f);
  for (int i = 1; i <= 3; i++) {
    round_of(f);
    assert_false(f->last.up);
    assert_int_equal(f->last.failures, i);
    assert_int_equal(site_logins(&f->site), 1);
    warp(600001); /* longer than any pause */
  }
  assert_string_equal(round_of(f), whole_round);
  assert_int_equal(site_logins(&f->site), 2);
  free(before);
  free(behind);
}

/* Who may not, may not at another endpoint either. */
static void a_denial_is_no_reason_to_read_the_catalogue_anew(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v2/things", 403, 0);
  open_things(f);
  for (int i = 0; i < 5; i++) {
    round_of(f);
    assert_true(f->last.ran);
    warp(3600001);
  }
  assert_int_equal(f->last.failures, 5);
  assert_int_equal(site_logins(&f->site), 1);
}

/* ---- no such service ---------------------------------------------------- */

static void an_absent_service_is_no_failure_and_no_request(void **state) {
  struct fixture *f = *state;
  char *other = site_service(&f->site, "volumev3", "RegionOne", "");
  site_login(&f->site, &(struct site_login){.catalog = other});
  open_things(f);
  for (int i = 0; i < 3; i++) {
    assert_string_equal(round_of(f), "end - down paused: the catalogue has no "
                                     "\"image\" (interface public)\n");
    assert_int_equal(schedule_status(f->schedule), 0);
  }
  assert_int_equal(asked(f, NULL), 0);
  assert_int_equal(site_logins(&f->site), 1);
  free(other);
}

/* A cloud without it is no reason to log in again and again. */
static void an_absent_service_costs_no_login(void **state) {
  struct fixture *f = *state;
  char *other = site_service(&f->site, "volumev3", "RegionOne", "");
  site_login(&f->site,
             &(struct site_login){.catalog = other, .life_s = 864000});
  open_things(f);
  for (int i = 0; i < 10; i++, warp(600000))
    round_of(f);
  assert_int_equal(site_logins(&f->site), 1);
  free(other);
}

/* First it is missed, and looked for in a new catalogue; then it is gone, as
 * one that was never there, until it is back. */
static void a_service_that_left_is_missed_for_an_hour(void **state) {
  static const char lacks[] = "the catalogue has no \"image\" ";
  struct fixture *f = *state;
  char *other = site_service(&f->site, "volumev3", "RegionOne", "");
  site_login(&f->site, &(struct site_login){.life_s = 3600, .times = 1});
  site_login(&f->site, &(struct site_login){
                           .catalog = other, .life_s = 36000, .times = 1});
  site_login(&f->site, &(struct site_login){.life_s = 0});
  answer(f, "/v2/things", some);
  open_things(f);
  assert_string_equal(round_of(f), whole_round);
  warp(3500 * 1000);
  for (int i = 0; i < 6; i++, warp(600000)) {
    assert_non_null(strstr(round_of(f), lacks));
    assert_int_equal(f->code, i == 0 ? ERROR_STATUS : ERROR_ABSENT);
    assert_int_equal(schedule_status(f->schedule), i == 0 ? -1 : 0);
  }
  assert_int_equal(site_logins(&f->site), 2);
  warp(36000 * 1000);
  assert_string_equal(round_of(f), whole_round);
  free(other);
}

static void a_service_that_comes_later_is_found(void **state) {
  struct fixture *f = *state;
  char *other = site_service(&f->site, "volumev3", "RegionOne", "");
  site_login(&f->site, &(struct site_login){.catalog = other, .times = 1});
  site_login(&f->site, &(struct site_login){.life_s = 0});
  answer(f, "/v2/things", some);
  open_things(f);
  round_of(f);
  warp(3600 * 1000); /* a new token, a new catalogue */
  assert_string_equal(round_of(f), whole_round);
  free(other);
}

static void an_extension_that_was_never_there_is_asked_hourly(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/vpns", 404, 0);
  open_walk(f, extension_meters, 1, 300000);
  round_of(f);
  assert_int_equal(schedule_status(f->schedule), 0);
  assert_int_equal(f->last.retry_ms, 3600000);
  warp(3590 * 1000);
  round_of(f);
  assert_int_equal(asked(f, "/vpns"), 1);
}

/* Neutron without its plugins, or a proxy before it, answers 404 as well. */
static void an_extension_that_vanishes_has_failed(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.target = "/vpns",
                                   .times = 1,
                                   .body = "{\"vpns\": [{\"id\": \"a\"}]}"});
  fail_with(f, "/vpns", 404, 2);
  answer(f, "/vpns", "{\"vpns\": []}");
  open_walk(f, extension_meters, 1, 300000);
  round_of(f);
  assert_int_equal(schedule_status(f->schedule), 0);
  for (int i = 0; i < 2; i++) {
    round_of(f);
    assert_int_equal(schedule_status(f->schedule), -1);
    assert_int_equal(f->last.failures, i + 1);
    warp(600 * 1000); /* no hour, as for what is not installed */
  }
  assert_string_equal(round_of(f), "begin RegionOne\nend RegionOne up\n");
  assert_int_equal(schedule_status(f->schedule), 0);
}

/* ---- regions ------------------------------------------------------------ */

static void two_regions(struct fixture *f) {
  char *one = site_service(&f->site, "image", "One", "/one");
  char *two = site_service(&f->site, "image", "Two", "/two");
  char *both = text_printf("%s,%s", one, two);
  site_login(&f->site, &(struct site_login){.catalog = both, .life_s = 864000});
  free(one);
  free(two);
  free(both);
}

static void each_region_is_walked(void **state) {
  struct fixture *f = *state;
  two_regions(f);
  answer(f, "/one/v2/things", "{\"things\": [{\"id\": \"a\"}]}");
  /* The same id elsewhere is another thing. */
  answer(f, "/two/v2/things", "{\"things\": [{\"id\": \"a\"}]}");
  open_things(f);
  assert_string_equal(round_of(f), "begin One of several\nt a 1\nend One up\n"
                                   "begin Two of several\nt a 1\nend Two up\n");
  assert_int_equal(f->last.requests, 1);
}

static void a_hundred_regions_are_all_walked(void **state) {
  struct fixture *f = *state;
  char *catalog = strdup("");
  for (int i = 0; i < 100; i++) {
    char region[8];
    snprintf(region, sizeof(region), "r%02d", i);
    char *service = site_service(&f->site, "image", region, "");
    char *more = text_printf("%s%s%s", catalog, i > 0 ? "," : "", service);
    free(catalog);
    free(service);
    catalog = more;
  }
  site_login(&f->site, &(struct site_login){.catalog = catalog});
  fail_with(f, "/v2/things", 500, 1);
  answer(f, "/v2/things", "{\"things\": [{\"id\": \"a\"}]}");
  open_things(f);
  /* Each has its own back-off, however many come behind it. */
  round_of(f);
  assert_int_equal(f->ends, 100);
  assert_int_equal(asked(f, NULL), 100);
  assert_non_null(strstr(f->heard, "end r00 down"));
  assert_non_null(
      strstr(f->heard, "begin r99 of several\nt a 1\nend r99 up\n"));
  round_of(f);
  assert_int_equal(f->ends, 200);
  assert_int_equal(asked(f, NULL), 199);
  assert_non_null(strstr(f->heard, "end r00 down paused"));
  free(catalog);
}

/* A catalogue of so many regions, from this number on; they have no URL. */
static void log_in_to(struct fixture *f, int first, int n) {
  char *catalog = NULL;
  size_t len;
  FILE *to = open_memstream(&catalog, &len);
  for (int i = first; i < first + n; i++)
    fprintf(to,
            "%s{\"type\": \"image\", \"endpoints\": [{\"interface\": "
            "\"public\", \"region\": \"r%d\", \"url\": \"none\"}]}",
            i > first ? "," : "", i);
  fclose(to);
  site_login(&f->site, &(struct site_login){
                           .catalog = catalog, .life_s = 60, .times = 1});
  free(catalog);
}

/* A region stays, to be missed: names that change with each catalogue must not
 * take all memory. */
static void regions_have_a_limit_in_all(void **state) {
  struct fixture *f = *state;
  log_in_to(f, 0, SCHEDULE_REGIONS - 1);
  log_in_to(f, SCHEDULE_REGIONS - 1, 2);
  open_things(f);
  round_of(f);
  assert_int_equal(f->ends, SCHEDULE_REGIONS - 1);
  warp(60000);
  round_of(f);
  assert_non_null(strstr(f->heard, "end r4095 down paused"));
  assert_non_null(
      strstr(f->heard, "end - down paused: more than 4096 regions\n"));
  assert_null(strstr(f->heard, "end r4096 "));
}

static void one_region_s_failure_is_not_the_other_s(void **state) {
  struct fixture *f = *state;
  two_regions(f);
  fail_with(f, "/one/*", 500, 0);
  answer(f, "/two/v2/things", "{\"things\": [{\"id\": \"b\"}]}");
  open_things(f);
  for (int i = 0; i < 4; i++) {
    round_of(f);
    assert_non_null(strstr(f->heard, "end One down"));
    assert_non_null(
        strstr(f->heard, "begin Two of several\nt b 1\nend Two up\n"));
    assert_int_equal(f->last.failures, 0);
    assert_int_equal(schedule_status(f->schedule), -1);
    warp(300000);
  }
  assert_int_equal(asked(f, "/two/*"), 4);
  assert_int_equal(asked(f, "/one/*"), 3); /* the third was within 450 s */
}

static void a_hanging_region_leaves_time_for_the_other(void **state) {
  struct fixture *f = *state;
  two_regions(f);
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/one/*",
                                                  .mute = true,
                                                  .end = HTTPD_HANG});
  answer(f, "/two/v2/things", "{\"things\": [{\"id\": \"b\"}]}");
  f->site.options.timeout_ms = 60000;
  open_walk(f, meters, 1, 1500);
  int64_t begun = clock_ms();
  round_of(f);
  assert_non_null(strstr(f->heard, "end One down"));
  assert_non_null(strstr(f->heard, "t b 1\nend Two up\n"));
  assert_true(clock_ms() - begun < 1450);
}

/* As a service that left: missed first, then gone, and found when it is back.
 */
static void a_region_that_left_is_missed_for_an_hour(void **state) {
  static const char two[] =
      "begin Two of several\nt a 1\nend Two up\n"
      "end One down paused: the catalogue no longer has \"image\" in region "
      "One\n";
  static const char both[] = "begin One of several\nt a 1\nend One up\n"
                             "begin Two of several\nt a 1\nend Two up\n";
  struct fixture *f = *state;
  char *left = site_service(&f->site, "image", "Two", "/two");
  char *first = site_service(&f->site, "image", "One", "/one");
  char *all = text_printf("%s,%s", first, left);
  site_login(&f->site,
             &(struct site_login){.catalog = all, .life_s = 3600, .times = 1});
  site_login(&f->site, &(struct site_login){
                           .catalog = left, .life_s = 36000, .times = 1});
  site_login(&f->site, &(struct site_login){.catalog = all, .life_s = 864000});
  answer(f, "/*/v2/things", "{\"things\": [{\"id\": \"a\"}]}");
  open_things(f);
  assert_string_equal(round_of(f), both);
  warp(3500 * 1000);
  for (int i = 0; i < 6; i++, warp(600000)) {
    assert_string_equal(round_of(f), two);
    assert_int_equal(f->code, i == 0 ? ERROR_STATUS : ERROR_ABSENT);
    assert_int_equal(schedule_status(f->schedule), i == 0 ? -1 : 0);
  }
  assert_int_equal(site_logins(&f->site), 2);
  warp(36000 * 1000);
  assert_string_equal(round_of(f), both);
  free(all);
  free(first);
  free(left);
}

/* ---- microversions ------------------------------------------------------ */

static void answer_version(struct fixture *f, const char *version,
                           const char *body) {
  char *need = text_printf("API-Version: volume %s\r\n", version);
  httpd_add(
      f->site.httpd,
      &(struct httpd_answer){.target = "/volumes", .need = need, .body = body});
  free(need);
}

static void an_older_service_is_asked_for_what_it_has(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/",
         "{\"versions\": [{\"id\": \"v2.0\", \"version\": \"\"}, {\"id\": "
         "\"v3.0\", \"version\": \"3.27\", \"min_version\": \"3.0\"}]}");
  answer_version(f, "3.27", "{\"volumes\": [{\"id\": \"a\"}]}");
  fail_with(f, "/volumes", 406, 0);
  open_walk(f, versioned_meters, 1, 300000);
  for (int i = 0; i < 3; i++)
    assert_string_equal(round_of(f),
                        "begin RegionOne\nv a 1\nend RegionOne up\n");
  /* Once where version 3 is, as the endpoint does not note, and once for 3.60.
   */
  assert_int_equal(asked(f, "/"), 2);
  assert_int_equal(asked(f, "/volumes"), 4); /* one of them with 3.60 */
}

/* What a newer version drops, such as the numbers of Nova's hypervisors, is not
 * asked for by it, whatever the service offers or refuses. */
/* For a day, since services are upgraded; so does the URL. */
static void what_is_agreed_on_holds_for_a_day(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 8640000});
  answer(f, "/",
         "{\"versions\": [{\"id\": \"v3.0\", \"version\": \"3.27\","
         " \"min_version\": \"3.0\"}]}");
  answer_version(f, "3.27", "{\"volumes\": []}");
  fail_with(f, "/volumes", 406, 0);
  open_walk(f, versioned_meters, 1, 300000);
  for (int hour = 0; hour <= 48; hour++) {
    round_of(f);
    assert_true(f->last.up);
    assert_int_equal(asked(f, "/"), 2 * (1 + hour / 24));
    warp(3600000);
  }
}

static void a_service_is_never_asked_for_more_than_is_needed(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/",
         "{\"versions\": [{\"id\": \"v3.0\", \"version\": \"3.99\", "
         "\"min_version\": \"3.70\"}]}");
  fail_with(f, "/volumes", 406, 0);
  open_walk(f, versioned_meters, 1, 300000);
  for (int i = 0; i < 2; i++)
    round_of(f);
  for (size_t i = 0; i < asked(f, "/volumes"); i++)
    assert_non_null(strstr(
        httpd_get(f->site.httpd, "GET", "/volumes", i).headers, "volume 3.60"));
  assert_true(asked(f, "/volumes") >= 2);
}

/* As for all else: of two Keystones one may have forgotten it. */
static void a_401_of_a_version_document_costs_no_round(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.token = "token-1", .times = 1});
  site_login(&f->site, &(struct site_login){.token = "token-2", .times = 1});
  httpd_add(
      f->site.httpd,
      &(struct httpd_answer){.target = "/", .need = "token-1", .status = 401});
  answer(f, "/", "{\"versions\": [{\"id\": \"v3.0\", \"version\": \"3.60\"}]}");
  answer_version(f, "3.60", "{\"volumes\": [{\"id\": \"a\"}]}");
  open_walk(f, versioned_meters, 1, 300000);
  assert_string_equal(round_of(f),
                      "begin RegionOne\nv a 1\nend RegionOne up\n");
  assert_int_equal(site_logins(&f->site), 2);
}

static void a_service_without_microversions_is_asked_without(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/", "{\"versions\": [{\"id\": \"v3.0\", \"version\": \"\"}]}");
  answer_version(f, "*", "{}"); /* never */
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/volumes",
                                                  .need = "volume 3.60",
                                                  .status = 406});
  answer(f, "/volumes", "{\"volumes\": [{\"id\": \"a\"}]}");
  open_walk(f, versioned_meters, 1, 300000);
  assert_string_equal(round_of(f),
                      "begin RegionOne\nv a 1\nend RegionOne up\n");
  const char *headers = httpd_get(f->site.httpd, "GET", "/volumes", 1).headers;
  assert_null(strstr(headers, "API-Version"));
}

/* ---- projects ----------------------------------------------------------- */

static void projects_are_asked_in_turn(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"p1\"}, {\"id\": \"p2\"}]}");
  answer(f, "/v1/AUTH_p1", "[{\"name\": \"a\"}]");
  fail_with(f, "/v1/AUTH_p2", 500, 0);
  open_walk(f, account_meters, 1, 300000);
  for (int i = 0; i < 3; i++) {
    round_of(f);
    assert_non_null(strstr(f->heard,
                           "begin RegionOne\na a 1\nend RegionOne down: 1 of 2 "
                           "projects failed: project p2: HTTP 500"));
    assert_int_equal(f->last.nasked, 2);
    assert_int_equal(f->last.retry_ms, 0); /* the others want theirs */
  }
  assert_int_equal(asked(f, "/v3/projects"), 1);
}

/* The endpoint's URL has the token's own account in it, b620's. */
static void accounts_are_called_as_the_endpoint_calls_its_own(void **state) {
  static const struct {
    const char *path, *configured, *target;
  } rows[] = {
      {"/v1/AUTH_b620", NULL, "/v1/AUTH_p1"},
      {"/v1/KEY_b620", NULL, "/v1/KEY_p1"},
      {"/v1/b620", NULL, "/v1/p1"},
      {"/v1", NULL, "/v1/AUTH_p1"},
      {"/v1/KEY_b620", "AUTH_", "/v1/AUTH_p1"},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    if (i > 0) {
      teardown(state);
      setup(state);
      f = *state;
    }
    char *service = site_service(&f->site, "image", "RegionOne", rows[i].path);
    site_login(&f->site, &(struct site_login){.catalog = service});
    answer(f, "/v3/projects", "{\"projects\": [{\"id\": \"p1\"}]}");
    answer(f, rows[i].target, "[{\"name\": \"a\"}]");
    f->access.account_prefix = (char *)rows[i].configured;
    open_walk(f, account_meters, 1, 300000);
    assert_non_null(strstr(round_of(f), "a a 1\nend RegionOne up\n"));
    free(service);
  }
}

/* Where nobody has an account, the prefix may be to blame, or not. */
static void a_wrong_prefix_is_told_from_a_wrong_endpoint(void **state) {
  static const struct {
    const char *path, *configured, *text;
  } rows[] = {
      {"/v1/KEY_b620", NULL, "its URL names accounts so: is the endpoint"},
      {"/v1/KEY_b620", "KEY_", "its URL names accounts so: is the endpoint"},
      {"/v1/KEY_b620", "AUTH_", "names accounts otherwise: is ResellerPrefix"},
      {"/v1", "AUTH_", "does not name the token's own account"},
  };
  static struct listing swift;
  struct fixture *f = *state;
  swift = accounts;
  swift.absent[0] = 404;
  const struct meter meter = {.name = "a", .from = &swift};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    if (i > 0) {
      teardown(state);
      setup(state);
      f = *state;
    }
    char *service = site_service(&f->site, "image", "RegionOne", rows[i].path);
    site_login(&f->site, &(struct site_login){.catalog = service});
    answer(f, "/v3/projects", "{\"projects\": [{\"id\": \"p1\"}]}");
    f->access.account_prefix = (char *)rows[i].configured;
    fail_with(f, "/v1/*", 404, 0);
    open_walk(f, &meter, 1, 300000);
    assert_non_null(strstr(round_of(f), rows[i].text));
    free(service);
  }
}

static void the_token_s_own_project_is_told(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v3/projects", 403, 0);
  answer(f, "/v1/AUTH_b620", "[{\"name\": \"a\"}]");
  open_walk(f, account_meters, 1, 300000);
  assert_string_equal(round_of(f), "begin RegionOne\na a 1\n"
                                   "end RegionOne up\n");
  assert_true(f->last.own_project_only);
}

static void a_keystone_that_lists_no_projects_is_a_failure(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v3/projects", 500, 0);
  open_walk(f, account_meters, 1, 300000);
  assert_non_null(strstr(
      round_of(f), "end RegionOne down: list of projects: page 1: HTTP 500 "));
  assert_non_null(strstr(f->heard, "page 1: HTTP 500 from http://127.0.0.1:"));
}

static char *only_demo[] = {(char *)"demo"}, *not_demo[] = {(char *)"!demo"};
static const char owners[] = "{\"projects\": [{\"id\": \"p1\", \"name\": "
                             "\"demo\", \"domain_id\": \"d1\"},"
                             " {\"id\": \"p2\", \"name\": \"ops\"}]}";
static const char owned_things[] =
    "{\"things\": [{\"id\": \"a\", \"owner\": \"p1\", \"size\": 1, \"user\": "
    "\"u1\"},"
    " {\"id\": \"b\", \"owner\": \"p2\", \"size\": 2, \"user\": \"u2\"},"
    " {\"id\": \"c\", \"owner\": null, \"size\": 4},"
    " {\"id\": \"d\", \"owner\": \"p3\", \"size\": 8}]}";

/* Keystone's list has a pause of its own: no walk adds one. */
static void a_list_that_fails_costs_the_walk_no_pause(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v3/projects", 500, 2);
  answer(f, "/v3/projects", owners);
  answer(f, "/v1/AUTH_p1", "[{\"name\": \"a\"}]");
  answer(f, "/v1/AUTH_p2", "[{\"name\": \"b\"}]");
  open_walk(f, account_meters, 1, 30000);
  for (int i = 0; i < 6; i++) { /* a failure is remembered for a minute */
    if (i > 0)
      warp(20001);
    assert_non_null(strstr(round_of(f), "down: list of projects: "));
  }
  warp(20001);
  assert_null(strstr(round_of(f), "down"));
}

static void list_with(struct fixture *f, struct projects_options options) {
  struct error err;
  projects_free(f->projects);
  f->projects = projects_new(f->site.session, &options, &err);
}

/* Nor an hour, where it is denied: the right is given to the role at once. */
static void a_list_that_is_denied_costs_the_walk_no_pause(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects", owners);
  fail_with(f, "/v3/domains", 403, 1);
  answer(f, "/v3/domains",
         "{\"domains\": [{\"id\": \"d1\", \"name\": \"demo\"}]}");
  answer(f, "/v1/AUTH_p1", "[{\"name\": \"a\"}]");
  list_with(f, (struct projects_options){.domains = {only_demo, 1}});
  open_walk(f, account_meters, 1, 300000);
  assert_non_null(strstr(round_of(f), "down: the token may not list domains"));
  assert_int_equal(f->last.retry_ms, 0);
  warp(300000);
  assert_string_equal(round_of(f),
                      "begin RegionOne\na a 1\nend RegionOne up\n");
}

static void only_wanted_projects_are_asked(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects", owners);
  answer(f, "/v1/AUTH_p1", "[{\"name\": \"a\"}]");
  list_with(f, (struct projects_options){.projects = {only_demo, 1}});
  open_walk(f, account_meters, 1, 300000);
  assert_string_equal(round_of(f),
                      "begin RegionOne\na a 1\nend RegionOne up\n");
  assert_int_equal(f->last.nasked, 1);
  assert_int_equal(asked(f, NULL), 2);
}

static void no_wanted_project_is_no_request_and_no_failure(void **state) {
  struct fixture *f = *state;
  static char *none[] = {(char *)"none"};
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects", owners);
  list_with(f, (struct projects_options){.projects = {none, 1}});
  open_walk(f, account_meters, 1, 300000);
  assert_string_equal(round_of(f), "begin RegionOne\nend RegionOne up\n");
  assert_int_equal(asked(f, NULL), 1);
}

static void a_filter_holds_for_every_listing(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects", owners);
  answer(f, "/v2/things", owned_things);
  list_with(f, (struct projects_options){.projects = {not_demo, 1}});
  open_walk(f, owned_meters, 2, 300000);
  for (int i = 0; i < 2; i++)
    assert_string_equal(round_of(f), "begin RegionOne\no b 1\no d 1\n"
                                     "o.sum total 10\nend RegionOne up\n");
  assert_int_equal(asked(f, "/v3/projects"), 1);
  assert_int_equal(f->last.nasked, 0);
}

/* Without a pause: the projects that are listed want their values. */
static void a_filter_whose_list_is_cut_off_has_no_totals(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"p2\"}], \"truncated\": true}");
  fail_with(f, "/v3/domains", 403, 0);
  answer(f, "/v2/things", owned_things);
  list_with(f, (struct projects_options){.projects = {not_demo, 1}});
  open_walk(f, owned_meters, 2, 300000);
  for (int i = 0; i < 3; i++) {
    static const char wanted[] = "begin RegionOne\no b 1\n"
                                 "end RegionOne down: Keystone's list_limit";
    assert_memory_equal(round_of(f), wanted, sizeof(wanted) - 1);
    assert_int_equal(f->code, ERROR_HIDDEN);
    assert_int_equal(f->last.retry_ms, 0);
  }
}

static void nothing_slips_past_a_filter_that_cannot_judge(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v3/projects", 500, 0);
  answer(f, "/v2/things", owned_things);
  list_with(f, (struct projects_options){.projects = {not_demo, 1}});
  open_walk(f, owned_meters, 2, 300000);
  round_of(f);
  assert_null(strstr(f->heard, "\no"));
  assert_non_null(strstr(
      f->heard, "end RegionOne down: list of projects: page 1: HTTP 500 "));
  assert_non_null(strstr(f->heard, "page 1: HTTP 500 from http://127.0.0.1:"));
  assert_int_equal(asked(f, "/v2/things"), 0);
}

static void
who_may_not_list_projects_is_told_where_a_filter_holds(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v3/projects", 403, 0);
  answer(f, "/v2/things", owned_things);
  list_with(f, (struct projects_options){.projects = {not_demo, 1}});
  open_walk(f, owned_meters, 1, 300000);
  assert_string_equal(round_of(f), "begin RegionOne\nend RegionOne up\n");
  assert_true(f->last.own_project_only);
}

static void samples_get_names_where_they_are_known(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  answer(f, "/v3/projects", owners);
  answer(f, "/v3/domains",
         "{\"domains\": [{\"id\": \"d1\", \"name\": \"Default\"}]}");
  answer(f, "/v3/users",
         "{\"users\": [{\"id\": \"u2\", \"name\": \"alice\"}]}");
  answer(f, "/v2/things", owned_things);
  list_with(
      f, (struct projects_options){.domain_names = true, .user_names = true});
  f->names = NAMES_NICE;
  open_walk(f, owned_meters, 1, 300000);
  for (int i = 0; i < 2; i++)
    assert_string_equal(round_of(f), "begin RegionOne\n"
                                     "o a 1 demo Default\n"
                                     "o b 1 ops alice\n"
                                     "o c 1\no d 1\nend RegionOne up\n");
  assert_int_equal(asked(f, NULL), 5);
}

static void
names_that_must_be_there_are_a_failure_if_they_are_not(void **state) {
  static const struct {
    enum walk_names names;
    const char *line;
  } rows[] = {{NAMES_NICE, "o a 1\n"}, {NAMES_MUST, "end RegionOne down: "}};
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v3/projects", 500, 0);
  answer(f, "/v2/things", owned_things);
  for (size_t i = 0; i < 2; i++) {
    f->names = rows[i].names;
    open_walk(f, owned_meters, 1, 300000);
    assert_non_null(strstr(round_of(f), rows[i].line));
    assert_int_equal(asked(f, "/v2/things"), 1);
    schedule_free(f->schedule);
    f->schedule = NULL;
  }
}

static void
who_may_not_list_projects_is_told_where_names_must_be(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  fail_with(f, "/v3/projects", 403, 0);
  answer(f, "/v2/things", owned_things);
  for (int names = NAMES_NICE; names <= NAMES_MUST; names++) {
    f->names = (enum walk_names)names;
    open_walk(f, owned_meters, 1, 300000);
    assert_non_null(strstr(round_of(f), "o d 1\nend RegionOne up\n"));
    assert_int_equal(f->last.own_project_only, names == NAMES_MUST);
    schedule_free(f->schedule);
    f->schedule = NULL;
  }
}

/* ---- stop --------------------------------------------------------------- */

static void *stop_soon(void *arg) {
  struct fixture *f = arg;
  const struct timespec pause = {.tv_nsec = 50000000};
  httpd_wait(f->site.httpd, 2);
  nanosleep(&pause, NULL);
  http_pool_stop(f->http_pool);
  return NULL;
}

static void a_stop_ends_the_round_and_all_to_come(void **state) {
  struct fixture *f = *state;
  pthread_t thread;
  two_regions(f);
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  open_things(f);
  pthread_create(&thread, NULL, stop_soon, f);
  int64_t begun = clock_ms();
  round_of(f);
  assert_true(clock_ms() - begun < 1000);
  pthread_join(thread, NULL);
  assert_null(strstr(f->heard, "Two"));
  begun = clock_ms();
  round_of(f);
  assert_true(clock_ms() - begun < 500);
  assert_int_equal(asked(f, NULL), 1);
}

static void a_field_that_cannot_be_read_is_told(void **state) {
  static const struct meter bad = {
      .name = "bad", .from = &things, .value = "size +"};
  struct fixture *f = *state;
  const struct meter *list[] = {&bad};
  const struct walk_options options = {.listing = &things,
                                       .meters = list,
                                       .nmeters = 1,
                                       .session = f->site.session};
  struct error err = {0};
  assert_null(schedule_new(&options, &f->owner, &err));
  assert_int_equal(err.code, ERROR_CONFIG);
  assert_non_null(strstr(err.text, "bad"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest tests[] = {
    TEST(one_leads_and_its_sibling_rides),
    TEST(a_sibling_rides_while_the_walk_runs),
    TEST(a_cycle_is_a_round_whatever_the_order),
    TEST(never_two_at_once_and_no_round_lost),
    TEST(a_whole_round_says_what_it_did),
    TEST(the_role_is_looked_for_in_the_token),
    TEST(the_last_success_grows_old),
    TEST(the_pause_doubles_up_to_ten_minutes),
    TEST(the_pause_begins_with_the_failure),
    TEST(short_intervals_have_more_steps),
    TEST(a_success_ends_the_back_off),
    TEST(a_server_may_ask_for_a_longer_pause),
    TEST(who_may_not_is_asked_hourly),
    TEST(who_might_before_is_asked_as_after_any_failure),
    TEST(a_service_that_hangs_until_the_deadline_is_left_alone),
    TEST(a_pass_cut_by_the_deadline_goes_on_next_time),
    TEST(a_service_that_hangs_on_its_second_page_is_asked_again),
    TEST(a_service_that_fails_project_after_project_is_left_alone),
    TEST(a_failed_login_comes_to_no_region),
    TEST(a_failed_login_is_no_failure_of_the_service),
    TEST(a_login_that_hangs_has_the_walk_s_share_of_its_interval),
    TEST(a_renewal_that_fails_costs_a_walk_nothing),
    TEST(a_walk_that_keeps_failing_has_the_catalogue_read_anew),
    TEST(a_denial_is_no_reason_to_read_the_catalogue_anew),
    TEST(an_absent_service_is_no_failure_and_no_request),
    TEST(an_absent_service_costs_no_login),
    TEST(a_service_that_left_is_missed_for_an_hour),
    TEST(a_service_that_comes_later_is_found),
    TEST(an_extension_that_was_never_there_is_asked_hourly),
    TEST(an_extension_that_vanishes_has_failed),
    TEST(each_region_is_walked),
    TEST(a_hundred_regions_are_all_walked),
    TEST(regions_have_a_limit_in_all),
    TEST(one_region_s_failure_is_not_the_other_s),
    TEST(a_region_that_left_is_missed_for_an_hour),
    TEST(a_hanging_region_leaves_time_for_the_other),
    TEST(an_older_service_is_asked_for_what_it_has),
    TEST(what_is_agreed_on_holds_for_a_day),
    TEST(a_service_is_never_asked_for_more_than_is_needed),
    TEST(a_401_of_a_version_document_costs_no_round),
    TEST(a_service_without_microversions_is_asked_without),
    TEST(projects_are_asked_in_turn),
    TEST(accounts_are_called_as_the_endpoint_calls_its_own),
    TEST(a_wrong_prefix_is_told_from_a_wrong_endpoint),
    TEST(the_token_s_own_project_is_told),
    TEST(a_keystone_that_lists_no_projects_is_a_failure),
    TEST(a_list_that_fails_costs_the_walk_no_pause),
    TEST(a_list_that_is_denied_costs_the_walk_no_pause),
    TEST(only_wanted_projects_are_asked),
    TEST(no_wanted_project_is_no_request_and_no_failure),
    TEST(a_filter_holds_for_every_listing),
    TEST(a_filter_whose_list_is_cut_off_has_no_totals),
    TEST(nothing_slips_past_a_filter_that_cannot_judge),
    TEST(who_may_not_list_projects_is_told_where_a_filter_holds),
    TEST(samples_get_names_where_they_are_known),
    TEST(names_that_must_be_there_are_a_failure_if_they_are_not),
    TEST(who_may_not_list_projects_is_told_where_names_must_be),
    TEST(a_stop_ends_the_round_and_all_to_come),
    TEST(a_field_that_cannot_be_read_is_told),
};

int main(void) {
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
