/*
 * schedule: each region's walk is a job of the pool, and one that hangs takes
 * nothing from the others. (Turns and rounds on one thread: test_walk.)
 */
#include "stub/site.h"
#include "stub/warp.h"

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
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const struct listing things = {.name = "things",
                                      .service = "image",
                                      .path = "/things",
                                      .record = "things[]",
                                      .id = "id"};
static const struct meter meter = {.name = "t", .from = &things};

enum { REGIONS = 4, ROUNDS = 5 };

/* What the visitor knows of a region: a thread at a time. */
struct region {
  char name[8];
  atomic_int inside;
  atomic_int begins, samples, ups, downs, skipped;
};

struct fixture {
  struct site site;
  struct pass_access access;
  struct projects *projects;
  struct http_pool *http_pool;
  struct pool_owner owner;
  struct pool *pool;
  struct schedule *schedule;
  struct turn turn;
  struct region regions[REGIONS];
  atomic_int nregions;
};

static void *on_open(void *arg, const char *region, bool named) {
  struct fixture *f = arg;
  int i = atomic_fetch_add(&f->nregions, 1);
  assert_true(i < REGIONS);
  assert_int_equal(named, region != NULL); /* there are three */
  if (region != NULL)
    strncpy(f->regions[i].name, region, sizeof(f->regions[i].name) - 1);
  return &f->regions[i];
}

static void on_begin(void *arg, bool goes_on) {
  (void)goes_on;
  struct region *region = arg;
  assert_int_equal(atomic_fetch_add(&region->inside, 1), 0);
  atomic_fetch_add(&region->begins, 1);
}

static void on_sample(void *arg, const struct sample *sample) {
  (void)sample;
  atomic_fetch_add(&((struct region *)arg)->samples, 1);
}

static void on_end(void *arg, const struct walk_summary *s,
                   const struct error *err) {
  struct region *region = arg;
  assert_int_equal(err == NULL, s->up);
  atomic_store(&region->skipped, (int)s->skipped);
  if (s->ran)
    atomic_fetch_sub(&region->inside, 1);
  atomic_fetch_add(s->up ? &region->ups : &region->downs, 1);
}

static int spawn(pthread_t *thread, void *(*start)(void *), void *arg,
                 char const *name) {
  (void)name;
  return pthread_create(thread, NULL, start, arg);
}

static void log_in(struct fixture *f) {
  char *one = site_service(&f->site, "image", "One", "/one");
  char *two = site_service(&f->site, "image", "Two", "/two");
  char *three = site_service(&f->site, "image", "Three", "/three");
  char *all = text_printf("%s,%s,%s", one, two, three);
  site_login(&f->site, &(struct site_login){.catalog = all, .life_s = 864000});
  free(one);
  free(two);
  free(three);
  free(all);
}

static void open_schedule(struct fixture *f, int64_t interval_ms) {
  const struct meter *meters[] = {&meter};
  struct error err = {0};
  const struct walk_options options = {.listing = &things,
                                       .meters = meters,
                                       .nmeters = 1,
                                       .interval_ms = interval_ms,
                                       .session = f->site.session,
                                       .projects = f->projects,
                                       .access = &f->access,
                                       .http_pool = f->http_pool,
                                       .width = 1};
  f->schedule = schedule_new(&options, &f->owner, &err);
  assert_non_null(f->schedule);
  f->turn = (struct turn){.schedule = f->schedule, .meter = &meter};
  assert_int_equal(schedule_visit(f->schedule,
                                  &(struct walk_visitor){.open = on_open,
                                                         .begin = on_begin,
                                                         .sample = on_sample,
                                                         .end = on_end,
                                                         .arg = f},
                                  &err),
                   0);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  struct error err;
  site_open(&f->site);
  f->site.options.timeout_ms = 600000;
  f->projects =
      projects_new(f->site.session, &(struct projects_options){0}, &err);
  f->http_pool = http_pool_new(&f->site.options, f->site.rate_limit, &err);
  f->pool = pool_new(4, 1, spawn, &err);
  log_in(f);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  pool_close(f->pool);
  http_pool_stop(f->http_pool);
  session_stop(f->site.session);
  pool_free(f->pool);
  schedule_free(f->schedule);
  pool_owner_clear(&f->owner);
  http_pool_free(f->http_pool);
  projects_free(f->projects);
  site_close(&f->site);
  free(f);
  return 0;
}

/* Until it holds; half a minute at most. */
static bool reaches(atomic_int *number, int wanted) {
  const struct timespec pause = {.tv_nsec = 5000000};
  for (int i = 0; i < 6000 && atomic_load(number) < wanted; i++)
    nanosleep(&pause, NULL);
  return atomic_load(number) >= wanted;
}

static struct region *region_of(struct fixture *f, const char *region) {
  for (int i = 0; i < REGIONS; i++)
    if (strcmp(f->regions[i].name, region) == 0)
      return &f->regions[i];
  return NULL;
}

/* The next turn that leads. */
static void lead(struct fixture *f) {
  const struct timespec pause = {.tv_nsec = 1000000};
  while (schedule_turn(&f->turn) != TURN_LEAD)
    nanosleep(&pause, NULL);
  schedule_start(f->schedule, f->pool);
}

static void answer(struct fixture *f) {
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .body = "{\"things\": [{\"id\": \"a\"}]}"});
}

/* The one that hangs has the whole of its interval; the others go on. */
static void a_region_that_hangs_is_skipped_alone(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/one/*",
                                                  .mute = true,
                                                  .end = HTTPD_HANG});
  answer(f);
  open_schedule(f, 600000);
  for (int i = 1; i <= ROUNDS; i++) {
    lead(f);
    /* The catalogue's order; the first region is that of no region. */
    assert_true(reaches(&f->regions[2].ups, i));
    assert_true(reaches(&f->regions[3].ups, i));
  }
  assert_true(reaches(&f->regions[1].begins, 1));
  struct region *one = region_of(f, "One"), *two = region_of(f, "Two");
  assert_int_equal(atomic_load(&one->begins), 1);
  assert_int_equal(atomic_load(&one->ups) + atomic_load(&one->downs), 0);
  assert_int_equal(atomic_load(&two->begins), ROUNDS);
  assert_int_equal(atomic_load(&two->samples), ROUNDS);
  assert_int_equal(atomic_load(&two->skipped), 0);
  assert_int_equal(httpd_count(f->site.httpd, "GET", "/one/*"), 1);
}

static void what_was_skipped_is_counted_for_its_region(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/one/*",
                                                  .times = 1,
                                                  .mute = true,
                                                  .end = HTTPD_HANG});
  answer(f);
  f->site.options.timeout_ms = 2000;
  open_schedule(f, 600000);
  lead(f);
  assert_true(reaches(&f->regions[1].begins, 1));
  assert_true(reaches(&f->regions[3].ups, 1));
  lead(f);
  assert_true(reaches(&f->regions[3].ups, 2));
  assert_true(reaches(&f->regions[1].downs, 1));
  assert_int_equal(atomic_load(&region_of(f, "One")->skipped), 1);
  assert_int_equal(schedule_status(f->schedule), -1);
  warp(300001); /* more than the pause */
  lead(f);
  assert_true(reaches(&f->regions[1].ups, 1)); /* and it goes on */
  assert_int_equal(atomic_load(&region_of(f, "One")->skipped), 1);
  assert_int_equal(atomic_load(&region_of(f, "Three")->skipped), 0);
}

/* A slice of a third would be 1.3 s. */
static void each_region_has_the_whole_share_of_the_interval(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/three/*",
                                                  .delay_ms = 1500,
                                                  .body = "{\"things\": []}"});
  httpd_add(
      f->site.httpd,
      &(struct httpd_answer){.method = "GET", .mute = true, .end = HTTPD_HANG});
  open_schedule(f, 5000);
  lead(f);
  for (int i = 1; i <= 3; i++)
    assert_true(reaches(i == 3 ? &f->regions[i].ups : &f->regions[i].downs, 1));
  assert_int_equal(atomic_load(&f->regions[3].downs), 0);
}

static void without_a_pool_regions_follow_each_other(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.target = "/two/*", .status = 500});
  answer(f);
  open_schedule(f, 600000);
  assert_int_equal(schedule_turn(&f->turn), TURN_LEAD);
  schedule_start(f->schedule, NULL);
  assert_int_equal(atomic_load(&region_of(f, "One")->ups), 1);
  assert_int_equal(atomic_load(&region_of(f, "Two")->downs), 1);
  assert_int_equal(atomic_load(&region_of(f, "Three")->ups), 1);
  assert_int_equal(schedule_status(f->schedule), -1);
  assert_int_equal(http_pool_count(f->http_pool), 1);
}

/* Many rounds, each at once behind the one before: nothing of a region runs
 * twice at once (on_begin looks), and no transfer is made that is not needed.
 */
static void no_region_is_walked_twice_at_once(void **state) {
  struct fixture *f = *state;
  answer(f);
  open_schedule(f, 600000);
  for (int i = 0; i < 200; i++)
    lead(f);
  for (int i = 1; i <= 3; i++) {
    struct region *region = &f->regions[i];
    assert_true(reaches(&region->ups, 1));
    assert_int_equal(atomic_load(&region->downs), 0);
  }
  assert_true(http_pool_count(f->http_pool) <= 3);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_region_that_hangs_is_skipped_alone),
      TEST(what_was_skipped_is_counted_for_its_region),
      TEST(each_region_has_the_whole_share_of_the_interval),
      TEST(without_a_pool_regions_follow_each_other),
      TEST(no_region_is_walked_twice_at_once),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
