/*
 * cloud: meters that share a listing and an interval share a schedule.
 */
#include "stub/site.h"

#include "base/clock.h"
#include "walk/cloud.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const struct listing images = {.name = "images",
                                      .service = "image",
                                      .path = "/v2/images",
                                      .record = "images[]",
                                      .id = "id"};
static const struct listing volumes = {.name = "volumes",
                                       .service = "image",
                                       .path = "/volumes",
                                       .record = "volumes[]",
                                       .id = "id"};
static const struct meter image = {.name = "image", .from = &images};
static const struct meter image_size = {
    .name = "image.size", .from = &images, .value = "size"};
static const struct meter volume = {.name = "volume", .from = &volumes};
static const struct meter broken = {
    .name = "broken", .from = &volumes, .value = "min()"};

struct fixture {
  struct site site; /* its server; the cloud has a session of its own */
  struct cloud_config config;
  struct cloud *cloud;
  atomic_int samples, ends; /* of all walks, whatever thread they run on */
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  site_open(&f->site);
  f->config = (struct cloud_config){
      .name = (char *)"prod",
      .session = f->site.config,
      .http = f->site.options,
      .access = {.account_prefix = (char *)"AUTH_"},
      .request_rate = 0,
      .interval_ms = 300000,
  };
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  cloud_free(f->cloud);
  site_close(&f->site);
  free(f);
  return 0;
}

#define METER(row, ms)                                                         \
  { .meter = row, .interval_ms = ms }

static void open_cloud(struct fixture *f, struct cloud_meter *meters,
                       size_t n) {
  struct error err = {0};
  f->config.meters = meters;
  f->config.nmeters = n;
  f->cloud = cloud_new(&f->config, &err);
  if (f->cloud == NULL)
    fail_msg("%s", err.text);
  assert_ptr_equal(cloud_config(f->cloud), &f->config);
}

static void *open_region(void *arg, const char *region, bool named) {
  (void)region, (void)named;
  return arg;
}

static void on_begin(void *state, bool goes_on) {
  (void)state;
  (void)goes_on;
}

static void on_sample(void *arg, const struct sample *sample) {
  (void)sample;
  atomic_fetch_add(&((struct fixture *)arg)->samples, 1);
}

static void on_end(void *arg, const struct walk_summary *summary,
                   const struct error *err) {
  (void)summary, (void)err;
  atomic_fetch_add(&((struct fixture *)arg)->ends, 1);
}

static struct walk_visitor visitor_of(struct fixture *f) {
  return (struct walk_visitor){.open = open_region,
                               .begin = on_begin,
                               .sample = on_sample,
                               .end = on_end,
                               .arg = f};
}

static void meters_of_one_listing_share_a_schedule(void **state) {
  struct fixture *f = *state;
  struct cloud_meter meters[] = {METER(image, 300000), METER(volume, 300000),
                                 METER(image_size, 300000)};
  struct schedule *const *schedules;
  struct turn *turns;
  open_cloud(f, meters, 3);
  assert_int_equal(cloud_schedules(f->cloud, &schedules), 2);
  assert_int_equal(cloud_turns(f->cloud, &turns), 3);
  assert_ptr_equal(schedule_listing(schedules[0]), &images);
  assert_ptr_equal(schedule_listing(schedules[1]), &volumes);
  assert_ptr_equal(turns[0].meter, &meters[0].meter);
  assert_ptr_equal(turns[1].meter, &meters[1].meter);
  assert_ptr_equal(turns[2].meter, &meters[2].meter);
  assert_ptr_equal(turns[0].schedule, schedules[0]);
  assert_ptr_equal(turns[1].schedule, schedules[1]);
  assert_ptr_equal(turns[2].schedule, schedules[0]);
  assert_int_equal(schedule_interval_ms(schedules[0]), 300000);
}

/* Runs a walk once; how many samples came of it. */
static int samples_of(struct fixture *f, struct schedule *schedule) {
  struct error err;
  const struct walk_visitor visitor = visitor_of(f);
  atomic_store(&f->samples, 0);
  assert_int_equal(schedule_visit(schedule, &visitor, &err), 0);
  schedule_start(schedule, NULL);
  return atomic_load(&f->samples);
}

static void answer_images(struct fixture *f) {
  site_login(&f->site, &(struct site_login){.life_s = 0});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.target = "/v2/images",
                                   .body = "{\"images\": [{\"id\": \"a\","
                                           " \"size\": 1}, {\"id\": \"b\"}]}"});
}

static void different_intervals_are_different_schedules(void **state) {
  struct fixture *f = *state;
  struct cloud_meter meters[] = {METER(image, 300000),
                                 METER(image_size, 60000)};
  struct schedule *const *schedules;
  struct turn *turns;
  answer_images(f);
  open_cloud(f, meters, 2);
  assert_int_equal(cloud_schedules(f->cloud, &schedules), 2);
  cloud_turns(f->cloud, &turns);
  assert_ptr_not_equal(turns[0].schedule, turns[1].schedule);
  assert_int_equal(schedule_interval_ms(turns[0].schedule), 300000);
  assert_int_equal(schedule_interval_ms(turns[1].schedule), 60000);
  /* Each has its own meter, and nothing comes twice. */
  assert_int_equal(samples_of(f, turns[0].schedule), 2);
  assert_int_equal(samples_of(f, turns[1].schedule), 1);
}

static void one_listing_feeds_all_its_meters(void **state) {
  struct fixture *f = *state;
  struct cloud_meter meters[] = {METER(image, 300000),
                                 METER(image_size, 300000)};
  struct turn *turns;
  answer_images(f);
  open_cloud(f, meters, 2);
  cloud_turns(f->cloud, &turns);
  assert_int_equal(httpd_connections(f->site.httpd), 0);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(schedule_turn(&turns[0]), TURN_LEAD);
    assert_int_equal(samples_of(f, turns[0].schedule), 3);
    assert_int_equal(schedule_turn(&turns[1]), TURN_RIDE);
  }
  assert_int_equal(atomic_load(&f->ends), 3);
  assert_int_equal(httpd_count(f->site.httpd, "GET", NULL), 3);
  assert_int_equal(site_logins(&f->site), 1);
}

static void a_meter_that_cannot_be_read_makes_no_cloud(void **state) {
  struct fixture *f = *state;
  struct cloud_meter meters[] = {METER(image, 300000), METER(broken, 300000)};
  struct error err = {0};
  f->config.meters = meters;
  f->config.nmeters = 2;
  f->cloud = cloud_new(&f->config, &err);
  assert_null(f->cloud);
  assert_int_equal(err.code, ERROR_CONFIG);
  assert_non_null(strstr(err.text, "broken"));
}

struct runner {
  struct schedule *schedule;
  pthread_t thread;
};

static void *run(void *arg) {
  schedule_start(((struct runner *)arg)->schedule, NULL);
  return NULL;
}

static void a_stop_ends_all_walks_wherever_they_wait(void **state) {
  struct fixture *f = *state;
  struct cloud_meter meters[] = {METER(image, 300000), METER(volume, 300000)};
  struct runner runners[2];
  struct error err;
  const struct walk_visitor visitor = visitor_of(f);
  struct schedule *const *schedules;
  const struct timespec pause = {.tv_nsec = 50000000};
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  open_cloud(f, meters, 2);
  cloud_schedules(f->cloud, &schedules);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(schedule_visit(schedules[i], &visitor, &err), 0);
    runners[i].schedule = schedules[i];
    pthread_create(&runners[i].thread, NULL, run, &runners[i]);
  }
  assert_true(httpd_wait(f->site.httpd, 1));
  nanosleep(&pause, NULL);
  int64_t stopped = clock_ms();
  cloud_stop(f->cloud);
  for (int i = 0; i < 2; i++)
    pthread_join(runners[i].thread, NULL);
  assert_true(clock_ms() - stopped < 500);
  assert_int_equal(site_logins(&f->site), 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(meters_of_one_listing_share_a_schedule),
      TEST(different_intervals_are_different_schedules),
      TEST(one_listing_feeds_all_its_meters),
      TEST(a_meter_that_cannot_be_read_makes_no_cloud),
      TEST(a_stop_ends_all_walks_wherever_they_wait),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
