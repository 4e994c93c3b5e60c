/*
 * openstack: the plugin as collectd sees it, from module_register to the last
 * free function.
 */
#include "stub/daemon.h"
#include "stub/site.h"
#include "stub/warp.h"

#include "base/clock.h"
#include "base/text.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void module_register(void);

#define IMAGES "Meter \"image\"\nMeter \"image.size\"\n"
#define UP "prod/openstack-prod:images/bool-up"

struct fixture {
  struct site site; /* its server; the plugin logs in by itself */
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  stub_reset();
  site_open(&f->site);
  module_register();
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  stub_free_reads();
  stub_shutdown();
  assert_int_equal(stub_count_logs("*" SITE_PASSWORD "*"), 0);
  assert_int_equal(stub_count_logs("*token-1*"), 0);
  stub_reset();
  site_close(&f->site);
  free(f);
  return 0;
}

/* ---- the daemon's part -------------------------------------------------- */

/* A block for the site's own Keystone. */
static char *cloud_text(struct fixture *f, const char *name,
                        const char *lines) {
  return text_printf("<Cloud \"%s\">\nAuthURL \"%s\"\nUsername \"collectd\"\n"
                     "Password \"" SITE_PASSWORD "\"\n"
                     "ProjectName \"service\"\n%s</Cloud>\n",
                     name, httpd_url(f->site.httpd), lines);
}

static int configure(struct fixture *f, const char *lines) {
  char *cloud = cloud_text(f, "prod", lines);
  char *text = text_printf("<Plugin openstack>\n%s</Plugin>\n", cloud);
  int status = stub_configure(text);
  free(cloud);
  free(text);
  return status;
}

/* Configuration and init must succeed; the line that says so is forgotten. */
static void start(struct fixture *f, const char *lines) {
  if (configure(f, lines) != 0 || stub_init() != 0)
    fail_msg("%s", stub_log(0, NULL));
  stub_forget_logs();
}

struct reading {
  pthread_t thread;
  int status;
  int64_t took_ms;
};

static void *read_all(void *arg) {
  struct reading *r = arg;
  int64_t begun = clock_ms();
  for (size_t i = 0; i < stub_reads(); i++)
    r->status |= stub_read(i);
  r->took_ms = clock_ms() - begun;
  return NULL;
}

/* All read callbacks once, on a read thread. */
static void read_in_daemon(struct reading *r) {
  *r = (struct reading){.status = 0};
  pthread_create(&r->thread, NULL, read_all, r);
  pthread_join(r->thread, NULL);
}

/* The same on the thread that ran init: collectd -T. Returns how many callbacks
 * failed: one of each walk that did. */
static int read_in_test_mode(void) {
  int failed = 0;
  for (size_t i = 0; i < stub_reads(); i++)
    failed += stub_read(i) != 0;
  return failed;
}

/* ---- the site's part ---------------------------------------------------- */

static const char images[] =
    "{\"images\": [{\"id\": \"a/1\", \"size\": 12345, \"owner\": \"p1\","
    " \"name\": \"n\"}, {\"id\": \"b\", \"size\": null, \"owner\": \"p2\"}]}";

static void answer_images(struct fixture *f) {
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "/v2/images?limit=1000",
                                   .need = "X-Auth-Token: token-1",
                                   .body = images,
                                   .end = HTTPD_CLOSE});
}

static void answer_all(struct fixture *f) {
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  answer_images(f);
}

static void hang(struct fixture *f, const char *target) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = target,
                                                  .mute = true,
                                                  .end = HTTPD_HANG});
}

static void expect_dispatched(const char *name, double value) {
  const struct stub_value *v = stub_find(name);
  if (v == NULL)
    fail_msg("no value %s", name);
  if (v->value != value)
    fail_msg("%s is %g", name, v->value);
}

/* ---- in the daemon ------------------------------------------------------ */

static void each_meter_has_a_read_callback(void **state) {
  struct fixture *f = *state;
  assert_int_equal(configure(f, IMAGES), 0);
  assert_int_equal(stub_init(), 0);
  assert_int_equal(stub_reads(), 2);
  assert_string_equal(stub_read_name(0), "openstack/prod/image");
  assert_string_equal(stub_read_name(1), "openstack/prod/image.size");
  assert_true(stub_read_interval(0) == 300 && stub_read_interval(1) == 300);
  assert_int_equal(stub_logs(), 2);
  assert_string_equal(stub_log(0, NULL), "version " OPENSTACK_PLUGIN_VERSION);
  assert_string_equal(stub_log(1, NULL),
                      "cloud \"prod\": 2 meters of 1 listings, every 300 s");
  assert_int_equal(httpd_connections(f->site.httpd), 0);
}

static void a_listing_at_two_paces_is_counted_once(void **state) {
  struct fixture *f = *state;
  assert_int_equal(
      configure(f, IMAGES "<Meter \"image.size\">\nInterval 600\n</Meter>\n"),
      0);
  assert_int_equal(stub_init(), 0);
  assert_string_equal(stub_log(1, NULL),
                      "cloud \"prod\": 2 meters of 1 listings, every 300 s");
}

/* For the n-th walk that says so; it ends a moment after its last value. */
static void wait_walk_of(const char *up, size_t n) {
  const struct timespec moment = {.tv_nsec = 100000000};
  assert_true(stub_wait_values(up, n));
  nanosleep(&moment, NULL);
}

static void wait_walk(size_t n) { wait_walk_of(UP, n); }

static void values_arrive(void **state) {
  struct fixture *f = *state;
  struct reading reading;
  answer_all(f);
  start(f, IMAGES);
  read_in_daemon(&reading);
  assert_int_equal(reading.status, 0);
  assert_true(stub_wait_values(UP, 1)); /* the last */
  expect_dispatched("prod/openstack-a_1/gauge-image", 1);
  expect_dispatched("prod/openstack-b/gauge-image", 1);
  expect_dispatched("prod/openstack-a_1/bytes-image.size", 12345);
  expect_dispatched(UP, 1);
  expect_dispatched("prod/openstack-prod:images/records-seen", 2);
  expect_dispatched("prod/openstack-prod:images/requests-sent", 1);
  expect_dispatched("prod/openstack-prod:images/bytes-received",
                    strlen(images));
  expect_dispatched("prod/openstack-prod:images/count-skipped", 0);
  assert_int_equal(stub_values(), 3 + 8);
  assert_string_equal(stub_find("prod/openstack-b/gauge-image")->meta,
                      "project_id=p2\nunit=image\nregion=RegionOne\n");
  assert_int_equal(httpd_count(f->site.httpd, "GET", NULL), 1);
  assert_int_equal(site_logins(&f->site), 1);
}

static void a_cycle_is_one_listing_and_no_login(void **state) {
  struct fixture *f = *state;
  struct reading reading;
  answer_all(f);
  start(f, IMAGES);
  for (size_t i = 1; i <= 5; i++) {
    read_in_daemon(&reading);
    wait_walk(i);
  }
  assert_int_equal(stub_count_values("*gauge-image"), 10);
  assert_int_equal(httpd_count(f->site.httpd, "GET", NULL), 5);
  assert_int_equal(site_logins(&f->site), 1);
}

static void many_read_threads_at_once(void **state) {
  struct fixture *f = *state;
  struct reading readings[5];
  answer_all(f);
  start(f, IMAGES);
  for (int i = 0; i < 5; i++) {
    readings[i] = (struct reading){.status = 0};
    pthread_create(&readings[i].thread, NULL, read_all, &readings[i]);
  }
  for (int i = 0; i < 5; i++) {
    pthread_join(readings[i].thread, NULL);
    assert_int_equal(readings[i].status, 0);
  }
  assert_true(stub_wait_values(UP, 1));
}

static void a_hanging_cloud_blocks_no_read_thread(void **state) {
  struct fixture *f = *state;
  struct reading reading;
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  hang(f, NULL);
  start(f, "");
  for (int i = 0; i < 5; i++) {
    read_in_daemon(&reading);
    assert_int_equal(reading.status, 0);
    assert_true(reading.took_ms < 100);
  }
}

static void one_hanging_cloud_is_not_the_other_s_trouble(void **state) {
  struct fixture *f = *state, other = {.site = {.httpd = httpd_new()}};
  struct reading reading;
  char *well = cloud_text(f, "prod", IMAGES);
  char *ill = cloud_text(&other, "other", IMAGES);
  char *text =
      text_printf("<Plugin openstack>\nWorkers 2\n%s%s</Plugin>\n", ill, well);
  answer_all(f);
  hang(&other, NULL);
  assert_int_equal(stub_configure(text), 0);
  assert_int_equal(stub_init(), 0);
  for (size_t i = 1; i <= 3; i++) {
    read_in_daemon(&reading);
    assert_int_equal(reading.status, 0);
    wait_walk(i);
  }
  assert_int_equal(stub_count_values("other/*"), 0);
  stub_free_reads();
  httpd_free(other.site.httpd);
  free(well);
  free(ill);
  free(text);
}

static void expect_stop_within_a_second(struct fixture *f, size_t requests) {
  struct reading reading;
  start(f, "");
  read_in_daemon(&reading);
  assert_true(httpd_wait(f->site.httpd, requests));
  int64_t begun = clock_ms();
  assert_int_equal(stub_threads(), 4);
  stub_free_reads(); /* the daemon's write threads still run */
  assert_int_equal(stub_threads(), 0);
  assert_int_equal(stub_shutdown(), 0);
  int64_t took = clock_ms() - begun;
  if (took >= 1000)
    fail_msg("the stop took %lld ms", (long long)took);
  /* Nothing is said of what was broken off. */
  assert_int_equal(stub_count_logs("*stopped*"), 0);
  module_register(); /* for the teardown */
}

static void a_stop_while_keystone_hangs(void **state) {
  struct fixture *f = *state;
  hang(f, NULL);
  expect_stop_within_a_second(f, 1);
}

static void a_stop_while_the_service_hangs(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  hang(f, NULL);
  expect_stop_within_a_second(f, 2);
}

static void a_stop_while_a_body_drips(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  httpd_add(f->site.httpd, &(struct httpd_answer){.body = " ",
                                                  .repeat = 1000000,
                                                  .pause_ms = 5,
                                                  .end = HTTPD_CLOSE});
  expect_stop_within_a_second(f, 2);
}

static void a_stop_while_a_body_does_not_end(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  httpd_add(f->site.httpd, &(struct httpd_answer){.body = "                  ",
                                                  .repeat = 1000000000,
                                                  .end = HTTPD_CLOSE});
  expect_stop_within_a_second(f, 2);
}

static void a_stop_before_anything_was_read(void **state) {
  struct fixture *f = *state;
  start(f, "");
  stub_free_reads();
}

static void a_stop_while_a_server_wants_a_pause(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  httpd_add(
      f->site.httpd,
      &(struct httpd_answer){.status = 429, .headers = "Retry-After: 60\r\n"});
  expect_stop_within_a_second(f, 2);
}

/* ---- collectd -T -------------------------------------------------------- */

static void test_mode_tells_the_truth(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET", .status = 500, .times = 1});
  answer_images(f);
  start(f, IMAGES);
  assert_int_equal(read_in_test_mode(), 1);
  expect_dispatched(UP, 0);
  warp(150001);
  assert_int_equal(read_in_test_mode(), 0);
  expect_dispatched(UP, 1);
  expect_dispatched("prod/openstack-b/gauge-image", 1);
}

static void test_mode_tells_of_a_failed_login(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd, &(struct httpd_answer){.status = 401});
  start(f, IMAGES);
  assert_int_equal(read_in_test_mode(), 1);
}

static void an_absent_service_is_no_failure(void **state) {
  struct fixture *f = *state;
  char *other = site_service(&f->site, "dns", "RegionOne", "");
  site_login(&f->site, &(struct site_login){.catalog = other});
  start(f, IMAGES);
  for (int i = 0; i < 3; i++)
    assert_int_equal(read_in_test_mode(), 0);
  assert_int_equal(stub_logs(), 1);
  assert_string_equal(stub_log(0, NULL),
                      "cloud \"prod\": the catalogue has no \"image\" "
                      "(interface public); nothing is asked; meters that wait "
                      "for it: 2 (listings: 1)");
  assert_int_equal(stub_values(), 0);
  free(other);
}

/* ---- what is said ------------------------------------------------------- */

static void a_failure_is_one_line_and_so_is_its_end(void **state) {
  struct fixture *f = *state;
  char line[300];
  int level;
  site_login(&f->site, &(struct site_login){.life_s = 864000});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .status = 503,
                                   .body = "{\"why\": \"maintenance\"}",
                                   .times = 3});
  answer_images(f);
  start(f, IMAGES);
  snprintf(line, sizeof(line),
           "cloud \"prod\": images: page 1: HTTP 503 from %s/v2/images: "
           "{\"why\": \"maintenance\"}; next try at the next interval",
           httpd_url(f->site.httpd));
  for (int i = 0; i < 3; i++) {
    read_in_test_mode();
    warp(150001); /* more than the pause, less than 10 minutes in all */
  }
  assert_int_equal(stub_logs(), 1);
  assert_string_equal(stub_log(0, &level), line);
  assert_int_equal(level, LOG_ERR);
  warp(600000);
  read_in_test_mode(); /* the third failure, ten minutes later */
  assert_int_equal(stub_logs(), 2);
  warp(600000);
  assert_int_equal(read_in_test_mode(), 0);
  assert_int_equal(stub_logs(), 3);
  assert_string_equal(stub_log(2, &level),
                      "cloud \"prod\": images: works again: 2 records");
  assert_int_equal(level, LOG_NOTICE);
}

/* Nobody listens on port 1. The next catalogue has another address. */
static void a_service_out_of_reach_is_one_line_for_its_listings(void **state) {
  struct fixture *f = *state;
  const char *lost =
      "{\"type\": \"volumev3\", \"endpoints\": [{\"interface\": \"public\", "
      "\"region\": \"RegionOne\", \"url\": \"http://127.0.0.1:1/v3\"}]}";
  char *found = site_service(&f->site, "volumev3", "RegionOne", "/v3");
  int level;
  site_login(&f->site, &(struct site_login){
                           .catalog = lost, .life_s = 86400, .times = 1});
  site_login(&f->site,
             &(struct site_login){.catalog = found, .life_s = 864000});
  httpd_add(f->site.httpd, &(struct httpd_answer){
                               .method = "GET",
                               .target = "/v3/*",
                               .body = "{\"volumes\": [], \"snapshots\": []}"});
  start(f, "Meter \"volume.size\"\nMeter \"volume.size.total\"\n"
           "Meter \"volume.snapshot.size\"\n");
  read_in_test_mode();
  read_in_test_mode();
  assert_int_equal(stub_logs(), 1);
  assert_int_equal(
      stub_count_logs("cloud \"prod\": block-storage: *127.0.0.1 port 1"
                      "*(http://127.0.0.1:1/v3/*); meters "
                      "that wait for it: 3 (listings: 2)"),
      1);
  stub_log(0, &level);
  assert_int_equal(level, LOG_ERR);
  assert_int_equal(stub_count_values("*bool-up"), 4); /* each walk says it */
  warp(86400000);
  stub_forget_logs();
  read_in_test_mode();
  read_in_test_mode();
  assert_int_equal(stub_count_logs("*block-storage: can be reached again"), 1);
  assert_int_equal(stub_count_logs("*works again*"), 0);
  free(found);
}

/* A catalogue whose Cinder nobody can reach, for so long, and then one whose
 * Cinder answers. */
static void lose_cinder(struct fixture *f, int life_s) {
  const char *lost =
      "{\"type\": \"volumev3\", \"endpoints\": [{\"interface\": \"public\", "
      "\"region\": \"RegionOne\", \"url\": \"http://127.0.0.1:1/v3\"}]}";
  char *found = site_service(&f->site, "volumev3", "RegionOne", "/v3");
  site_login(&f->site, &(struct site_login){
                           .catalog = lost, .life_s = life_s, .times = 1});
  site_login(&f->site,
             &(struct site_login){.catalog = found, .life_s = 864000});
  free(found);
}

/* The pause of one listing outlasts the trouble. */
static void a_walk_that_pauses_does_not_lose_the_service_again(void **state) {
  struct fixture *f = *state;
  lose_cinder(f, 60);
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "/v3/*",
                                   .body = "{\"snapshots\": []}"});
  start(f, "Meter \"volume.size\"\nMeter \"volume.snapshot.size\"\n");
  stub_read(0);
  assert_int_equal(stub_count_logs("*block-storage: *port 1*"), 1);
  warp(100000);
  stub_read(1);
  assert_int_equal(stub_count_logs("*block-storage: can be reached again"), 1);
  stub_read(0);
  assert_int_equal(stub_count_values("*:volumes/bool-up"), 2);
  assert_int_equal(stub_logs(), 2);
}

static void answer_projects(struct fixture *f, const char *projects) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = "/v3/projects*",
                                                  .body = projects});
}

/* In the first of its walks one project finds nobody; the second is let in; in
 * the next nothing is due; and the last is not let in. */
static void a_pass_of_several_walks_loses_the_service_once(void **state) {
  static const char *const up = "prod/openstack-prod:volume_quotas@60/bool-up";
  struct fixture *f = *state;
  struct reading reading;
  lose_cinder(f, 10);
  answer_projects(f, "{\"projects\": [{\"id\": \"p1\"}, {\"id\": \"p2\"},"
                     " {\"id\": \"p3\"}]}");
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "/v3/os-quota-sets/p2*",
                                   .body = "{\"quota_set\": {\"gigabytes\": "
                                           "{\"limit\": 7, \"in_use\": 1}}}"});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "/v3/os-quota-sets/p3*",
                                   .status = 403});
  start(f, "Meter \"volume.quota.gigabytes.used\"\n"
           "<Meter \"volume.quota.*\">\nInterval 60\n</Meter>\n");
  for (size_t i = 1; i <= 4; i++) {
    read_in_daemon(&reading);
    wait_walk_of(up, i);
    warp(i == 2 ? 0 : 20000);
  }
  assert_int_equal(httpd_count(f->site.httpd, "GET", "*quota-sets*"), 2);
  expect_dispatched(up, 0);
  assert_int_equal(stub_count_logs("*block-storage: *project p1: *port 1*"), 1);
  assert_int_equal(stub_count_logs("*block-storage: can be reached again"), 1);
  assert_int_equal(stub_logs(), 2);
}

static void who_asks_nobody_has_not_reached_the_service(void **state) {
  struct fixture *f = *state;
  lose_cinder(f, 86400);
  answer_projects(f, "{\"projects\": []}");
  start(f, "Meter \"volume.size\"\nMeter \"volume.quota.gigabytes.used\"\n");
  read_in_test_mode();
  expect_dispatched("prod/openstack-prod:volume_quotas@3600/bool-up", 1);
  assert_int_equal(stub_count_logs("*block-storage: *port 1*"), 1);
  assert_int_equal(stub_count_logs("*can be reached again"), 0);
}

static void a_failed_login_is_said_once_for_all_walks(void **state) {
  struct fixture *f = *state;
  char line[400];
  int level;
  httpd_add(f->site.httpd, &(struct httpd_answer){.status = 401, .times = 1});
  answer_all(f);
  start(f, "");
  read_in_test_mode();
  read_in_test_mode();
  snprintf(line, sizeof(line),
           "cloud \"prod\": login at %s/v3: Keystone refuses user \"collectd\" "
           "(domain \"Default\"), project \"service\" (domain \"Default\") "
           "(HTTP 401); no values until it works; next try in *[0-9] s",
           httpd_url(f->site.httpd));
  assert_int_equal(stub_logs(), 1);
  assert_int_equal(stub_count_logs(line), 1);
  stub_log(0, &level);
  assert_int_equal(level, LOG_ERR);
  assert_int_equal(site_logins(&f->site), 1);
  assert_true(stub_count_values("*bool-up") > 10); /* each walk says it */
  expect_dispatched(UP, 0);
  warp(10001);
  stub_forget_logs();
  stub_read(0);
  assert_string_equal(stub_log(0, NULL),
                      "cloud \"prod\": the login works again");
}

/* What is said of the next try is what will be. */
static char *take_a_token_s_life(void *arg, const char *target) {
  (void)target;
  warp(20000);
  return strdup(arg);
}

/* The token ends in a walk that has asked all who were due. When the login
 * works again nobody is due of that listing, which has nothing new to tell. */
static void a_login_that_works_again_is_not_lost_by_a_rest(void **state) {
  static const char *const up =
      "prod/openstack-prod:volume_quotas@3600/bool-up";
  struct fixture *f = *state;
  struct reading reading;
  char *cinder = site_service(&f->site, "volumev3", "RegionOne", "/v3");
  site_login(&f->site,
             &(struct site_login){.catalog = cinder, .life_s = 10, .times = 1});
  httpd_add(f->site.httpd, &(struct httpd_answer){
                               .method = "POST", .status = 401, .times = 1});
  site_login(&f->site,
             &(struct site_login){.catalog = cinder, .life_s = 864000});
  answer_projects(f, "{\"projects\": [{\"id\": \"p1\"}, {\"id\": \"p2\"}]}");
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "/v3/os-quota-sets/*",
                                   .make = take_a_token_s_life,
                                   .arg = (void *)"{\"quota_set\": {}}"});
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = "/v3/*",
                                                  .body = "{\"volumes\": []}"});
  start(f, "Meter \"volume.quota.gigabytes.used\"\nMeter \"volume.size\"\n");
  for (size_t i = 1; i <= 3; i++) {
    read_in_daemon(&reading);
    wait_walk_of(up, i);
    wait_walk_of("prod/openstack-prod:volumes/bool-up", i);
    warp(11000);
  }
  assert_int_equal(httpd_count(f->site.httpd, "GET", "*quota-sets*"), 1);
  assert_int_equal(stub_count_logs("*login at *HTTP 401*"), 1);
  assert_int_equal(stub_count_logs("*the login works again"), 1);
  assert_int_equal(stub_logs(), 2);
  free(cinder);
}

static void a_login_s_next_try_is_when_keystone_wants_it(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd,
            &(struct httpd_answer){
                .status = 503, .times = 1, .headers = "Retry-After: 3000\r\n"});
  answer_all(f);
  start(f, IMAGES);
  read_in_test_mode();
  assert_int_equal(stub_count_logs("*; no values until it works; next try in "
                                   "[23][09][0-9][0-9] s"),
                   1);
  warp(2000000);
  read_in_test_mode();
  assert_int_equal(site_logins(&f->site), 1);
}

/* With Keystone down some services answer 401 to a good token, others do not
 * even ask it: that is no recovery. */
static void a_login_that_fails_is_not_over_because_others_work(void **state) {
  struct fixture *f = *state;
  char *image = site_service(&f->site, "image", "RegionOne", "");
  char *volume = site_service(&f->site, "volumev3", "RegionOne", "/v3");
  char *both = text_printf("%s,%s", image, volume);
  site_login(&f->site, &(struct site_login){
                           .catalog = both, .life_s = 864000, .times = 1});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "POST", .status = 503});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.target = "/v2/images*", .status = 401});
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = "/v3/*",
                                                  .body = "{\"volumes\": []}"});
  start(f, "Meter \"image\"\nMeter \"volume.size\"\n");
  for (int i = 0; i < 4; i++) {
    stub_read(0);
    stub_read(1);
    warp(1000);
  }
  assert_int_equal(stub_count_logs("*login*"), 1);
  assert_int_equal(stub_count_logs("*again"), 0);
  expect_dispatched(UP, 0);
  expect_dispatched("prod/openstack-prod:volumes/bool-up", 1);
  free(image);
  free(volume);
  free(both);
}

static void notices_come_once(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.roles = "{\"name\":\"reader\"}",
                                            .life_s = 86400});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){
                .method = "GET",
                .body = "{\"images\": [{\"id\": null}, {\"id\": \"b\"},"
                        " {\"id\": \"b\", \"owner\": \"p\"}]}"});
  start(f, IMAGES);
  for (int i = 0; i < 3; i++)
    assert_int_equal(read_in_test_mode(), 0);
  assert_int_equal(stub_logs(), 4);
  assert_string_equal(
      stub_log(0, NULL),
      "cloud \"prod\": images: the token lacks the role admin: unless a "
      "policy of the service lets another role see all, it sees only public "
      "images and those of its own project");
  assert_string_equal(stub_log(1, NULL),
                      "cloud \"prod\": images: 1 records name no project, such "
                      "as images: \"b\": they pass no filter, and no "
                      "sum by project has them");
  assert_string_equal(stub_log(2, NULL), "cloud \"prod\": images: 1 records "
                                         "without an id are left out");
  assert_string_equal(stub_log(3, NULL),
                      "cloud \"prod\": images: 1 records of an id that came "
                      "before are left out");
}

static void who_may_not_reads_what_he_needs(void **state) {
  struct fixture *f = *state;
  int level;
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET", .status = 403});
  start(f, IMAGES);
  assert_int_equal(read_in_test_mode(), 1);
  assert_int_equal(stub_logs(), 1);
  assert_non_null(
      strstr(stub_log(0, &level), "cloud \"prod\": images: page 1: HTTP 403"));
  assert_non_null(strstr(stub_log(0, NULL), "next try in 3600 s"));
  assert_int_equal(level, LOG_NOTICE);
}

/* Once more for each hour would be the same line for ever. */
static void who_may_not_is_told_once(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET", .status = 403, .times = 3});
  answer_images(f);
  start(f, IMAGES);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(read_in_test_mode(), 1);
    warp(3600001);
  }
  assert_int_equal(stub_logs(), 1);
  assert_int_equal(read_in_test_mode(), 0);
  assert_int_equal(stub_count_logs("*works again*"), 1);
}

static void another_reason_is_told_at_once(void **state) {
  static const int statuses[] = {500, 404, 500, 404};
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  start(f, IMAGES);
  for (int i = 0; i < 4; i++) {
    httpd_forget(f->site.httpd);
    site_login(&f->site, &(struct site_login){.life_s = 86400});
    httpd_add(f->site.httpd,
              &(struct httpd_answer){.method = "GET", .status = statuses[i]});
    read_in_test_mode();
    warp(140000 + i);
    read_in_test_mode();
  }
  assert_int_equal(stub_logs(), 2); /* by turns: no more than once each */
  assert_int_equal(stub_count_logs("*HTTP 500*"), 1);
  assert_int_equal(stub_count_logs("*HTTP 404*"), 1);
}

/* Aodh's metrics are switched off by default, and no alert is worth that. */
static void what_is_switched_off_is_no_failure(void **state) {
  struct fixture *f = *state;
  char *alarm = site_service(&f->site, "alarming", "RegionOne", "");
  site_login(&f->site, &(struct site_login){.catalog = alarm, .life_s = 86400});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET", .status = 403});
  start(f, "Meter \"alarm.evaluation*\"\n");
  for (int i = 0; i < 3; i++)
    assert_int_equal(read_in_test_mode(), 0);
  assert_int_equal(stub_values(), 0);
  assert_int_equal(stub_logs(), 1);
  assert_non_null(
      strstr(stub_log(0, NULL),
             "/v2/metrics: the service has no such listing, or it needs "
             "enable_evaluation_results_metrics in aodh.conf"));
  assert_int_equal(httpd_count(f->site.httpd, "GET", NULL), 1);
  free(alarm);
}

/* A wrong path in the catalogue looks as if nobody used Swift. */
static void nobody_with_an_account_is_told(void **state) {
  struct fixture *f = *state;
  char *swift = site_service(&f->site, "object-store", "RegionOne", "/v1");
  site_login(&f->site, &(struct site_login){.catalog = swift, .life_s = 86400});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){
                .target = "/v3/projects*",
                .body = "{\"projects\": [{\"id\": \"a\"}, {\"id\": \"b\"}]}"});
  start(f, "Meter \"storage.*\"\n");
  for (int i = 0; i < 2; i++)
    assert_int_equal(read_in_test_mode(), 1);
  expect_dispatched("prod/openstack-prod:accounts/bool-up", 0);
  assert_int_equal(stub_logs(), 1);
  assert_non_null(strstr(stub_log(0, NULL),
                         "no project of 2 has anything here (HTTP 404 from "));
  assert_non_null(
      strstr(stub_log(0, NULL), "are ResellerPrefix and the endpoint right?"));
  free(swift);
}

/* A token of a domain sees nothing of Neutron, and is answered 200. */
static void a_blind_token_is_told_once_and_sends_no_totals(void **state) {
  struct fixture *f = *state;
  char *network = site_service(&f->site, "network", "RegionOne", "");
  char *body = site_token(
      &f->site, &(struct site_login){.catalog = network, .life_s = 86400});
  memcpy(strstr(body, "\"project\""), "\"ignored\"", strlen("\"ignored\""));
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "POST",
                                   .status = 201,
                                   .headers = "X-Subject-Token: t\r\n",
                                   .body = body});
  httpd_add(
      f->site.httpd,
      &(struct httpd_answer){.method = "GET", .body = "{\"floatingips\": []}"});
  start(f, "Meter \"ip.floating.total\"\n");
  for (int i = 0; i < 3; i++)
    assert_int_equal(read_in_test_mode(), 0);
  assert_int_equal(stub_logs(), 1);
  assert_string_equal(stub_log(0, NULL),
                      "cloud \"prod\": floatingips: the service lists nothing "
                      "to a token without a project: no totals");
  expect_dispatched("prod/openstack-prod:floatingips/bool-up", 1);
  assert_int_equal(stub_count_values("*ip.floating.total*"), 0);
  free(network);
  free(body);
}

/* What is missing of zones is missing of their record sets. */
static void what_owners_hide_is_told(void **state) {
  struct fixture *f = *state;
  char *dns = site_service(&f->site, "dns", "RegionOne", "");
  char *zones = NULL;
  size_t size;
  FILE *out = open_memstream(&zones, &size);
  fputs("{\"zones\": [{\"id\": null}", out);
  for (int i = 1; i < 500; i++)
    fprintf(out, ", {\"id\": \"z%d\", \"project_id\": \"p\"}", i);
  fputs("]}", out);
  assert_int_equal(fclose(out), 0);
  site_login(&f->site, &(struct site_login){.catalog = dns, .life_s = 86400});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.target = "/v2/zones*", .body = zones});
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/v2/recordsets*",
                                                  .body = "{\"recordsets\": "
                                                          "[]}"});
  start(f, "Meter \"dns.zone.recordsets.total\"\n");
  for (int i = 0; i < 2; i++)
    assert_int_equal(read_in_test_mode(), 0);
  assert_int_equal(stub_logs(), 2);
  assert_string_equal(stub_log(0, NULL),
                      "cloud \"prod\": recordsets: zones: 1 records without an "
                      "id are left out");
  assert_non_null(strstr(stub_log(1, NULL),
                         "recordsets: zones: exactly 500 records in one page"));
  free(zones);
  free(dns);
}

static void regions_are_named_in_lines_and_values(void **state) {
  struct fixture *f = *state;
  char *one = site_service(&f->site, "image", "One", "/one");
  char *two = site_service(&f->site, "image", "Two", "/two");
  char *both = text_printf("%s,%s", one, two);
  site_login(&f->site, &(struct site_login){.catalog = both});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.target = "/one/*", .status = 500});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.target = "/two/*", .body = images});
  start(f, IMAGES);
  assert_int_equal(read_in_test_mode(), 1);
  expect_dispatched("prod.One/openstack-prod:images/bool-up", 0);
  expect_dispatched("prod.Two/openstack-prod:images/bool-up", 1);
  assert_int_equal(stub_logs(), 1);
  assert_non_null(
      strstr(stub_log(0, NULL), "cloud \"prod\": images, region One: page 1"));
  free(one);
  free(two);
  free(both);
}

/* What a service refuses has the next login's catalogue read. */
static void
a_region_that_is_not_there_is_told_once_for_all_walks(void **state) {
  struct fixture *f = *state;
  answer_all(f);
  start(f, "Region \"Nowhere\"\n");
  read_in_test_mode();
  read_in_test_mode();
  assert_int_equal(stub_logs(), 1);
  assert_string_equal(
      stub_log(0, NULL),
      "cloud \"prod\": the catalogue has no region \"Nowhere\"; "
      "it has RegionOne; no values of it");
}

static void six_wrong_regions_are_six_lines(void **state) {
  struct fixture *f = *state;
  answer_all(f);
  start(f, "Region \"r1\"\nRegion \"r2\"\nRegion \"r3\"\nRegion \"r4\"\n"
           "Region \"r5\"\nRegion \"r6\"\n");
  for (int i = 0; i < 3; i++)
    read_in_test_mode();
  assert_int_equal(stub_count_logs("*the catalogue has no region*"), 6);
}

static void a_region_that_comes_later_is_named_and_told_once(void **state) {
  struct fixture *f = *state;
  char *one = site_service(&f->site, "image", "One", "/one");
  char *two = site_service(&f->site, "image", "Two", "/two");
  char *both = text_printf("%s,%s", one, two);
  site_login(&f->site, &(struct site_login){.catalog = one, .times = 1});
  site_login(&f->site, &(struct site_login){.catalog = both});
  httpd_add(f->site.httpd, &(struct httpd_answer){
                               .target = "/one/*", .status = 401, .times = 1});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET", .body = images});
  start(f, IMAGES);
  for (int i = 0; i < 3; i++)
    assert_int_equal(read_in_test_mode(), 0);
  expect_dispatched("prod/openstack-prod:images/bool-up", 1);
  expect_dispatched("prod.Two/openstack-prod:images/bool-up", 1);
  assert_int_equal(stub_count_values("prod.One/*"), 0);
  assert_int_equal(stub_count_values("prod/*/bool-up"), 3);
  assert_int_equal(stub_logs(), 1);
  assert_string_equal(
      stub_log(0, NULL),
      "cloud \"prod\": new region Two: its name is in the host of its values; "
      "a restart would do the same to region One; to keep all names, write "
      "Region \"One\", and a second <Cloud> block with Host \"prod.Two\" for "
      "Two");
  free(one);
  free(two);
  free(both);
}

/* A cloud's hosts when a second region comes, after a restart, and after one
 * with what the warning says. */
struct late_region {
  const char *lines;
  const char *of;                /* who has the hosts: "a_1", "prod*" */
  const char *one, *two, *again; /* the last: of One, after a restart */
  const char *advice;
  const char *second; /* the block that it means, with the same lines */
  const char *fixed;  /* the host of Two with that */
};

static void use_catalog(struct fixture *f, const char *catalog, int times) {
  site_login(&f->site,
             &(struct site_login){.catalog = catalog, .times = times});
}

static void restart(void **state) {
  teardown(state);
  setup(state);
}

/* Has the resource values in this host, and as many as are expected? */
static void expect_host(const char *host, const char *of, bool there) {
  char pattern[200];
  snprintf(pattern, sizeof(pattern), "%s/openstack-%s/*", host, of);
  if ((stub_count_values(pattern) > 0) != there)
    fail_msg("%s: %zu", pattern, stub_count_values(pattern));
}

static void see_late_region(void **state, const struct late_region *row) {
  struct fixture *f = *state;
  char *one = site_service(&f->site, "image", "One", "/one");
  char *two = site_service(&f->site, "image", "Two", "/two");
  char *both = text_printf("%s,%s", one, two);
  char *lines = text_printf("%s%s", IMAGES, row->lines);
  use_catalog(f, one, 1);
  use_catalog(f, both, 0);
  httpd_add(f->site.httpd, &(struct httpd_answer){
                               .target = "/one/*", .status = 401, .times = 1});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET", .body = images});
  start(f, lines);
  for (int i = 0; i < 3; i++)
    assert_int_equal(read_in_test_mode(), 0);
  expect_host(row->one, row->of, true);
  expect_host(row->two, row->of, true);
  expect_host(row->again, row->of, strcmp(row->again, row->one) == 0);
  char *advice =
      text_printf("*write Region \"One\", and a second <Cloud> block "
                  "%s for Two",
                  row->advice);
  assert_int_equal(stub_count_logs(advice), 1);
  free(advice);
  free(one);
  free(two);
  free(both);
  free(lines);
}

static void start_in_both(struct fixture *f, const char *blocks) {
  char *one = site_service(&f->site, "image", "One", "/one");
  char *two = site_service(&f->site, "image", "Two", "/two");
  char *both = text_printf("%s,%s", one, two);
  char *text = text_printf("<Plugin openstack>\n%s</Plugin>\n", blocks);
  use_catalog(f, both, 0);
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET", .body = images});
  assert_int_equal(stub_configure(text), 0);
  assert_int_equal(stub_init(), 0);
  assert_int_equal(read_in_test_mode(), 0);
  assert_int_equal(stub_count_logs("*new region*"), 0);
  free(one);
  free(two);
  free(both);
  free(text);
}

static void what_a_late_region_warns_of_is_so_and_can_be_mended(void **state) {
  static const struct late_region rows[] = {
      {"", "a_1", "prod", "prod.Two", "prod.One", "with Host \"prod.Two\"",
       "Host \"prod.Two\"\n", "prod.Two"},
      {"Host \"h\"\n", "a_1", "h", "h.Two", "h.One", "with Host \"h.Two\"",
       "Host \"h.Two\"\n", "h.Two"},
      /* The values keep their names whatever comes, but not the walks' own. */
      {"HostnameFormat \"cloud region\"\n", "a_1", "prod:One", "prod:Two",
       "prod:One", "with Host \"prod\"",
       "Host \"prod\"\nHostnameFormat \"cloud region\"\n", "prod:Two"},
      {"HostnameFormat \"cloud region\"\n", "prod*", "prod", "prod.Two",
       "prod.One", "with Host \"prod\"",
       "Host \"prod\"\nHostnameFormat \"cloud region\"\n", "prod"},
      {"HostnameFormat \"project\"\n", "a_1", "p1", "p1.Two", "p1.One",
       "with the word region in its HostnameFormat",
       "HostnameFormat \"project region\"\n", "p1:Two"},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const struct late_region *row = &rows[i];
    restart(state);
    see_late_region(state, row);
    restart(state);
    char *lines = text_printf("%s%s", IMAGES, row->lines);
    char *prod = cloud_text(*state, "prod", lines);
    start_in_both(*state, prod);
    expect_host(row->again, row->of, true);
    free(prod);
    free(lines);
    restart(state);
    lines = text_printf("%s%sRegion \"One\"\n", IMAGES, row->lines);
    prod = cloud_text(*state, "prod", lines);
    free(lines);
    lines = text_printf("%s%sRegion \"Two\"\n", IMAGES, row->second);
    char *second = cloud_text(*state, "prod.Two", lines);
    char *blocks = text_printf("%s%s", prod, second);
    start_in_both(*state, blocks);
    expect_host(row->one, row->of, true);
    expect_host(row->fixed, row->of, true);
    expect_host(row->again, row->of, strcmp(row->again, row->one) == 0);
    free(blocks);
    free(second);
    free(prod);
    free(lines);
  }
}

static void notices_come_once_in_each_region(void **state) {
  struct fixture *f = *state;
  char *one = site_service(&f->site, "image", "One", "/one");
  char *two = site_service(&f->site, "image", "Two", "/two");
  char *both = text_printf("%s,%s", one, two);
  site_login(&f->site, &(struct site_login){.catalog = both, .life_s = 86400});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .body = "{\"images\": [{\"id\": null}]}"});
  start(f, IMAGES);
  for (int i = 0; i < 3; i++)
    assert_int_equal(read_in_test_mode(), 0);
  assert_int_equal(stub_logs(), 2);
  assert_string_equal(stub_log(0, NULL),
                      "cloud \"prod\": images, region One: 1 "
                      "records without an id are left out");
  assert_string_equal(stub_log(1, NULL),
                      "cloud \"prod\": images, region Two: 1 "
                      "records without an id are left out");
  free(one);
  free(two);
  free(both);
}

/* ---- start -------------------------------------------------------------- */

static void no_cloud_is_a_warning(void **state) {
  (void)state;
  int level;
  assert_int_equal(stub_configure("<Plugin openstack>\n</Plugin>\n"), 0);
  assert_int_equal(stub_init(), 0);
  assert_int_equal(stub_reads(), 0);
  assert_string_equal(stub_log(1, &level),
                      "there is no <Cloud> block: nothing to do");
  assert_int_equal(level, LOG_WARNING);
}

static void a_wrong_configuration_stops_the_start(void **state) {
  struct fixture *f = *state;
  assert_int_equal(configure(f, "Metre \"imag\"\n"), -1);
  assert_int_equal(stub_logs(), 1);
}

/* Another block could bring it; so it is known at init alone. */
static void a_name_that_no_block_has_stops_init(void **state) {
  struct fixture *f = *state;
  assert_int_equal(configure(f, "Meter \"imag\"\n"), 0);
  assert_int_equal(stub_logs(), 0);
  assert_int_equal(stub_init(), -1);
  assert_int_equal(stub_count_logs("*Meter \"imag\": no such meter*"), 1);
  assert_int_equal(stub_reads(), 0);
}

static void a_later_block_may_bring_a_name(void **state) {
  struct fixture *f = *state;
  assert_int_equal(configure(f, "Meter \"mine\"\n"), 0);
  assert_int_equal(stub_configure("<Plugin openstack>\n<Meter \"mine\">\n"
                                  "Listing \"images\"\nValue \"size\"\n"
                                  "</Meter>\n</Plugin>\n"),
                   0);
  assert_int_equal(stub_init(), 0);
  assert_int_equal(stub_reads(), 1);
}

static void an_unreachable_keystone_does_not(void **state) {
  struct fixture *f = *state;
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.mute = true, .end = HTTPD_RESET});
  assert_int_equal(configure(f, IMAGES), 0);
  assert_int_equal(stub_init(), 0);
}

static void a_type_that_is_not_there_stops_init(void **state) {
  struct fixture *f = *state;
  stub_lack_type("bytes");
  assert_int_equal(configure(f, IMAGES), 0);
  assert_int_equal(stub_init(), -1);
  assert_string_equal(stub_log(1, NULL),
                      "cloud \"prod\": meter \"image.size\": no type \"bytes\" "
                      "in types.db");
  assert_int_equal(stub_reads(), 0);
}

static void so_does_one_of_a_walk_s_own_report(void **state) {
  struct fixture *f = *state;
  stub_lack_type("duration");
  assert_int_equal(configure(f, IMAGES), 0);
  assert_int_equal(stub_init(), -1);
  assert_string_equal(stub_log(1, NULL),
                      "cloud \"prod\": report of a walk: no type \"duration\" "
                      "in types.db");
}

static void no_threads_stop_init(void **state) {
  struct fixture *f = *state;
  stub_refuse_threads();
  assert_int_equal(configure(f, IMAGES), 0);
  assert_int_equal(stub_init(), -1);
  assert_string_equal(stub_log(stub_logs() - 1, NULL),
                      "no thread could be started");
  assert_int_equal(stub_reads(), 0);
}

/* Each turn tries again, and only the first says so. */
static void no_thread_to_share_with_is_logged_once(void **state) {
  struct fixture *f = *state;
  struct reading reading;
  start(f, IMAGES "<Share>\nEndpoint \"http://127.0.0.1:1\"\n</Share>\n");
  stub_refuse_threads();
  for (int i = 0; i < 3; i++)
    read_in_daemon(&reading);
  assert_int_equal(stub_count_logs("*no thread could be started; no values*"),
                   1);
  assert_int_equal(stub_values(), 0);
}

static void a_refused_read_callback_stops_init(void **state) {
  struct fixture *f = *state;
  stub_refuse_read(0);
  assert_int_equal(configure(f, IMAGES), 0);
  assert_int_equal(stub_init(), -1);
  assert_int_equal(stub_reads(), 0);
}

/* collectd keeps those that it has taken, and calls them. */
static void after_a_later_refusal_the_others_work(void **state) {
  struct fixture *f = *state;
  stub_refuse_read(1);
  answer_all(f);
  assert_int_equal(configure(f, IMAGES), 0);
  assert_int_equal(stub_init(), -1);
  assert_int_equal(stub_reads(), 1);
  assert_int_equal(stub_read(0), 0);
  expect_dispatched("prod/openstack-b/gauge-image", 1);
}

static void load_plugin_s_own_interval_is_the_clouds(void **state) {
  struct fixture *f = *state;
  stub_set_intervals(60, 10);
  module_register();
  start(f, IMAGES);
  assert_true(stub_read_interval(0) == 60);
}

static void load_plugin_s_interval_has_bounds(void **state) {
  static const struct {
    double seconds;
    const char *line;
  } rows[] = {
      {0.0001, "config: <LoadPlugin openstack>: Interval 0.0001: must be from "
               "0.1 to 604800"},
      {0.05, "config: <LoadPlugin openstack>: Interval 0.05: must be from 0.1 "
             "to 604800"},
      {0.1, NULL},
      {604800, NULL},
      {604801, "config: <LoadPlugin openstack>: Interval 604801: must be from "
               "0.1 to 604800"},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    stub_set_intervals(rows[i].seconds, 10);
    module_register();
    assert_int_equal(configure(f, IMAGES), rows[i].line == NULL ? 0 : -1);
    if (rows[i].line != NULL)
      assert_string_equal(stub_log(0, NULL), rows[i].line);
    assert_int_equal(stub_logs(), rows[i].line == NULL ? 0 : 1);
    stub_shutdown();
    stub_forget_logs();
  }
}

static void the_global_interval_is_not_meant_for_us(void **state) {
  struct fixture *f = *state;
  stub_set_intervals(10, 10);
  module_register();
  start(f, IMAGES);
  assert_true(stub_read_interval(0) == 300);
}

static void the_cloud_s_interval_comes_first(void **state) {
  struct fixture *f = *state;
  stub_set_intervals(60, 10);
  module_register();
  start(f, IMAGES "Interval 0.5\n");
  assert_true(stub_read_interval(0) == 0.5);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(each_meter_has_a_read_callback),
      TEST(a_listing_at_two_paces_is_counted_once),
      TEST(values_arrive),
      TEST(a_cycle_is_one_listing_and_no_login),
      TEST(many_read_threads_at_once),
      TEST(a_hanging_cloud_blocks_no_read_thread),
      TEST(one_hanging_cloud_is_not_the_other_s_trouble),
      TEST(a_stop_while_keystone_hangs),
      TEST(a_stop_while_the_service_hangs),
      TEST(a_stop_while_a_body_drips),
      TEST(a_stop_while_a_body_does_not_end),
      TEST(a_stop_before_anything_was_read),
      TEST(a_stop_while_a_server_wants_a_pause),
      TEST(test_mode_tells_the_truth),
      TEST(test_mode_tells_of_a_failed_login),
      TEST(an_absent_service_is_no_failure),
      TEST(a_failure_is_one_line_and_so_is_its_end),
      TEST(a_service_out_of_reach_is_one_line_for_its_listings),
      TEST(a_walk_that_pauses_does_not_lose_the_service_again),
      TEST(a_pass_of_several_walks_loses_the_service_once),
      TEST(who_asks_nobody_has_not_reached_the_service),
      TEST(a_failed_login_is_said_once_for_all_walks),
      TEST(a_login_that_works_again_is_not_lost_by_a_rest),
      TEST(a_login_s_next_try_is_when_keystone_wants_it),
      TEST(a_login_that_fails_is_not_over_because_others_work),
      TEST(notices_come_once),
      TEST(who_may_not_reads_what_he_needs),
      TEST(who_may_not_is_told_once),
      TEST(another_reason_is_told_at_once),
      TEST(what_is_switched_off_is_no_failure),
      TEST(nobody_with_an_account_is_told),
      TEST(a_blind_token_is_told_once_and_sends_no_totals),
      TEST(what_owners_hide_is_told),
      TEST(regions_are_named_in_lines_and_values),
      TEST(a_region_that_is_not_there_is_told_once_for_all_walks),
      TEST(six_wrong_regions_are_six_lines),
      TEST(a_region_that_comes_later_is_named_and_told_once),
      TEST(what_a_late_region_warns_of_is_so_and_can_be_mended),
      TEST(notices_come_once_in_each_region),
      TEST(no_cloud_is_a_warning),
      TEST(a_wrong_configuration_stops_the_start),
      TEST(a_name_that_no_block_has_stops_init),
      TEST(a_later_block_may_bring_a_name),
      TEST(an_unreachable_keystone_does_not),
      TEST(a_type_that_is_not_there_stops_init),
      TEST(so_does_one_of_a_walk_s_own_report),
      TEST(no_threads_stop_init),
      TEST(no_thread_to_share_with_is_logged_once),
      TEST(a_refused_read_callback_stops_init),
      TEST(after_a_later_refusal_the_others_work),
      TEST(load_plugin_s_own_interval_is_the_clouds),
      TEST(load_plugin_s_interval_has_bounds),
      TEST(the_global_interval_is_not_meant_for_us),
      TEST(the_cloud_s_interval_comes_first),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
