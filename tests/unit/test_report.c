/*
 * report: exact identifiers, times, intervals and meta data.
 */
#include "stub/daemon.h"
#include "stub/site.h"

#include "report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(s) ((char *)(s))

static const char *const metadata[] = {"status", "protected", "min_disk",
                                       "checksum", NULL};
static const struct listing images = {.name = "images",
                                      .service = "image",
                                      .path = "/v2/images",
                                      .record = "images[]",
                                      .id = "id",
                                      .name_field = "name",
                                      .project = "owner",
                                      .user = "user",
                                      .metadata = metadata};
static const struct meter size = {.name = "image.size",
                                  .from = &images,
                                  .value = "size",
                                  .type = "bytes",
                                  .unit = "B"};

struct fixture {
  struct site site;
  struct cloud_config config;
  struct walk *walk;
  struct report report;
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  const struct meter *meters[] = {&size};
  struct error err;
  stub_reset();
  stub_set_time(TIME_T_TO_CDTIME_T_STATIC(1700000000));
  site_open(&f->site);
  f->config =
      (struct cloud_config){.name = TEXT("prod"), .metadata = METADATA_IDS};
  f->walk = walk_new(&(struct walk_options){.listing = &images,
                                            .meters = meters,
                                            .nmeters = 1,
                                            .interval_ms = 300500,
                                            .metadata = true,
                                            .session = f->site.session,
                                            .http = &f->site.options,
                                            .gate = f->site.gate},
                     &err);
  assert_non_null(f->walk);
  report_init(&f->report, &f->config, f->walk);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  walk_free(f->walk);
  site_close(&f->site);
  free(f);
  stub_reset();
  return 0;
}

static const struct stub_value *last(void) {
  return stub_value(stub_values() - 1);
}

/* A sample of image.size, with nothing but what is given. */
static const struct stub_value *report(struct fixture *f, const char *id,
                                       double value) {
  report_sample(&f->report,
                &(struct sample){.meter = &size, .id = id, .value = value});
  return last();
}

/* ---- identity ----------------------------------------------------------- */

static void a_value_has_this_identity(void **state) {
  struct fixture *f = *state;
  report_begin(&f->report, "RegionOne", 1);
  const struct stub_value *v =
      report(f, "55e2107d-ba28-4e38-b0ef-289dba6b7998", 12345);
  assert_string_equal(v->host, "prod");
  assert_string_equal(v->plugin, "openstack");
  assert_string_equal(v->plugin_instance,
                      "55e2107d-ba28-4e38-b0ef-289dba6b7998");
  assert_string_equal(v->type, "bytes");
  assert_string_equal(v->type_instance, "image.size");
  assert_true(v->value == 12345);
  assert_int_equal(v->time, TIME_T_TO_CDTIME_T_STATIC(1700000000));
  assert_int_equal(v->interval, MS_TO_CDTIME_T(300500));
}

static void the_host_may_be_another(void **state) {
  struct fixture *f = *state;
  f->config.host = TEXT("cloud.example.net");
  report_begin(&f->report, NULL, 1);
  assert_string_equal(report(f, "a", 1)->host, "cloud.example.net");
  f->config.host = TEXT("weird;host/\n");
  report_begin(&f->report, NULL, 1);
  assert_string_equal(report(f, "a", 1)->host, "weird_host__");
}

static void several_regions_are_told_apart_by_the_host(void **state) {
  struct fixture *f = *state;
  char *names[] = {TEXT("One"), TEXT("T w/o")};
  f->config.session.regions = (struct text_list){.items = names, .n = 2};
  /* Even where a walk finds one of them only. */
  report_begin(&f->report, "One", 1);
  assert_string_equal(report(f, "a", 1)->host, "prod.One");
  report_begin(&f->report, "T w/o", 2);
  assert_string_equal(report(f, "a", 1)->host, "prod.T_w_o");
  f->config.session.regions.n = 1;
  report_begin(&f->report, "One", 1);
  assert_string_equal(report(f, "a", 1)->host, "prod");
}

static void one_time_for_all_of_a_pass(void **state) {
  struct fixture *f = *state;
  report_begin(&f->report, "R", 1);
  stub_set_time(TIME_T_TO_CDTIME_T_STATIC(1700000100));
  assert_int_equal(report(f, "a", 1)->time,
                   TIME_T_TO_CDTIME_T_STATIC(1700000000));
  report_begin(&f->report, "R", 1);
  assert_int_equal(report(f, "a", 1)->time,
                   TIME_T_TO_CDTIME_T_STATIC(1700000100));
}

static void an_id_belongs_to_a_user(void **state) {
  static const char *const rows[][2] = {
      {"a/b", "a_b"},
      {"new\nline", "new_line"},
      {"tag;x=1", "tag_x_1"},
      {"lab@lab1#lab1-pool-a", "lab@lab1_lab1-pool-a"},
      {"gr\303\274n", "gr__n"},
      {"A-Z.a_z:0@9", "A-Z.a_z:0@9"},
      {" \"'\\,~%", "_______"},
  };
  struct fixture *f = *state;
  report_begin(&f->report, "R", 1);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    assert_string_equal(report(f, rows[i][0], 1)->plugin_instance, rows[i][1]);
}

static void ids_at_the_edge_of_127_bytes(void **state) {
  struct fixture *f = *state;
  char id[200], other[128];
  memset(id, 'x', sizeof(id));
  report_begin(&f->report, "R", 1);
  id[127] = '\0';
  assert_string_equal(report(f, id, 1)->plugin_instance, id);
  id[127] = 'y';
  id[128] = '\0';
  const char *cut = report(f, id, 1)->plugin_instance;
  assert_int_equal(strlen(cut), 127);
  assert_memory_equal(cut, id, 110);
  memcpy(other, cut, sizeof(other));
  id[127] = 'z';
  assert_string_not_equal(report(f, id, 1)->plugin_instance, other);
  id[127] = 'y';
  assert_string_equal(report(f, id, 1)->plugin_instance, other);
}

static void big_numbers_stay_exact(void **state) {
  struct fixture *f = *state;
  report_begin(&f->report, "R", 1);
  assert_true(report(f, "a", 9007199254740992.0)->value == 9007199254740992.0);
  assert_true(report(f, "a", 0)->value == 0);
}

/* ---- meta data ---------------------------------------------------------- */

/* A record's cells, as the binding has them. */
static const struct {
  const char *path, *text;
  enum cell_kind kind;
} record[] = {
    {"id", "i1", CELL_STRING},     {"owner", "p1", CELL_STRING},
    {"user", "u1", CELL_STRING},   {"name", "my\nimage", CELL_STRING},
    {"size", "7", CELL_NUMBER},    {"status", "active", CELL_STRING},
    {"protected", "", CELL_FALSE}, {"min_disk", "20", CELL_NUMBER},
    {"checksum", "", CELL_NULL},
};

static void sink(void *arg, const struct sample *sample) {
  report_sample(arg, sample);
}

/* The record above through binding and report. */
static const char *meta_of_record(struct fixture *f, bool all) {
  const struct meter *meters[] = {&size};
  struct error err;
  struct binding *b = binding_new(&images, meters, 1, all, &err);
  struct sample_way way = {.sink = sink, .arg = &f->report};
  size_t n;
  const struct extract_field *fields = binding_fields(b, METER_RECORD, &n);
  struct cell *cells = calloc(n, sizeof(*cells));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < sizeof(record) / sizeof(record[0]); k++)
      if (strcmp(fields[i].path, record[k].path) == 0) {
        cells[i].kind = record[k].kind;
        cells[i].len = strlen(record[k].text);
        memcpy(cells[i].text, record[k].text, cells[i].len + 1);
      }
  binding_samples(b, &(struct subject){METER_RECORD, cells, "i1", NULL}, &way);
  free(cells);
  binding_free(b);
  return last()->meta;
}

static void no_meta_data(void **state) {
  struct fixture *f = *state;
  f->config.metadata = METADATA_NONE;
  report_begin(&f->report, "RegionOne", 1);
  assert_string_equal(meta_of_record(f, false), "");
}

static void ids_as_meta_data(void **state) {
  struct fixture *f = *state;
  report_begin(&f->report, "RegionOne", 1);
  assert_string_equal(meta_of_record(f, false),
                      "project_id=p1\nuser_id=u1\nunit=B\nregion=RegionOne\n");
}

static void all_as_meta_data(void **state) {
  struct fixture *f = *state;
  f->config.metadata = METADATA_ALL;
  report_begin(&f->report, "RegionOne", 1);
  assert_string_equal(meta_of_record(f, true),
                      "project_id=p1\nuser_id=u1\nunit=B\nregion=RegionOne\n"
                      "name=my?image\nstatus=active\nprotected=false\n"
                      "min_disk=20\n");
}

static void what_is_not_there_is_left_out(void **state) {
  struct fixture *f = *state;
  f->config.metadata = METADATA_ALL;
  report_begin(&f->report, NULL, 1);
  report(f, "a", 1);
  assert_string_equal(last()->meta, "unit=B\n");
}

static void meta_data_is_clean_and_short(void **state) {
  struct fixture *f = *state;
  char name[800] = "";
  f->config.metadata = METADATA_ALL;
  report_begin(&f->report, "bad\x01region\xff", 1);
  for (int i = 0; i < 300; i++)
    memcpy(name + 2 * i, "\303\274", 3); /* 600 bytes */
  report_sample(&f->report, &(struct sample){.meter = &size,
                                             .id = "a",
                                             .project = "p\r\n\x1b[0m",
                                             .name = name,
                                             .value = 1});
  const char *meta = last()->meta;
  assert_non_null(strstr(meta, "project_id=p???[0m\n"));
  assert_non_null(strstr(meta, "region=bad?region?\n"));
  const char *cut = strstr(meta, "name=") + 5;
  /* 255 bytes at most, and no half of a character. */
  assert_int_equal(strcspn(cut, "\n"), 254);
  assert_memory_equal(cut, name, 254);
}

/* ---- what a walk says of itself ----------------------------------------- */

static const struct walk_summary well = {
    .nregions = 1,
    .ran = true,
    .up = true,
    .duration_ms = 1500,
    .since_success_ms = 250,
    .requests = 7,
    .skipped = 2,
    .pass = {.records = 1234, .bytes = 5678, .retry_after_ms = -1},
};

static void expect(const char *name, double value) {
  const struct stub_value *v = stub_find(name);
  if (v == NULL)
    fail_msg("no value %s", name);
  if (v->value != value)
    fail_msg("%s is %g", name, v->value);
  assert_string_equal(v->meta, "");
  assert_int_equal(v->interval, MS_TO_CDTIME_T(300500));
}

static void a_walk_reports_on_itself(void **state) {
  struct fixture *f = *state;
  struct walk_summary s = well;
  s.region = "RegionOne";
  report_begin(&f->report, "RegionOne", 1);
  stub_set_time(TIME_T_TO_CDTIME_T_STATIC(1700000100));
  report_walk(&f->report, &s);
  assert_int_equal(stub_values(), 7);
  expect("prod/openstack-prod:images/bool-up", 1);
  expect("prod/openstack-prod:images/duration-since_success", 0.25);
  expect("prod/openstack-prod:images/duration-walk", 1.5);
  expect("prod/openstack-prod:images/records-seen", 1234);
  expect("prod/openstack-prod:images/requests-sent", 7);
  expect("prod/openstack-prod:images/bytes-received", 5678);
  expect("prod/openstack-prod:images/count-skipped", 2);
  /* At the time of the pass, as its samples. */
  for (size_t i = 0; i < 7; i++)
    assert_int_equal(stub_value(i)->time,
                     TIME_T_TO_CDTIME_T_STATIC(1700000000));
}

static void a_walk_that_did_not_run_says_only_how_it_is(void **state) {
  struct fixture *f = *state;
  report_begin(&f->report, "RegionOne", 1);
  stub_set_time(TIME_T_TO_CDTIME_T_STATIC(1700000300));
  report_walk(&f->report, &(struct walk_summary){.region = "RegionOne",
                                                 .nregions = 1,
                                                 .since_success_ms = 600000});
  assert_int_equal(stub_values(), 2);
  expect("prod/openstack-prod:images/bool-up", 0);
  expect("prod/openstack-prod:images/duration-since_success", 600);
  assert_int_equal(stub_value(0)->time, TIME_T_TO_CDTIME_T_STATIC(1700000300));
}

/* A walk that never worked has no last success: no value is not 0. */
static void what_never_was_has_no_age(void **state) {
  struct fixture *f = *state;
  report_walk(&f->report,
              &(struct walk_summary){.ran = true, .since_success_ms = -1});
  assert_int_equal(stub_count_values("*since_success"), 0);
  expect("prod/openstack-prod:images/bool-up", 0);
  expect("prod/openstack-prod:images/records-seen", 0);
}

static void regions_of_a_catalogue_are_told_apart(void **state) {
  struct fixture *f = *state;
  struct walk_summary s = well;
  s.nregions = 2;
  s.region = "Region One";
  report_begin(&f->report, s.region, 2);
  assert_string_equal(report(f, "a", 1)->host, "prod.Region_One");
  report_walk(&f->report, &s);
  expect("prod.Region_One/openstack-prod:images/bool-up", 1);
  /* No login: it came to no region. */
  s.region = NULL;
  s.up = false;
  report_walk(&f->report, &s);
  expect("prod/openstack-prod:images/bool-up", 0);
}

static void configured_regions_have_it_in_the_host(void **state) {
  struct fixture *f = *state;
  char *names[] = {TEXT("One"), TEXT("Two")};
  struct walk_summary s = well;
  f->config.session.regions = (struct text_list){.items = names, .n = 2};
  s.nregions = 2;
  s.region = "Two";
  report_begin(&f->report, s.region, 2);
  report_walk(&f->report, &s);
  expect("prod.Two/openstack-prod:images/bool-up", 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_value_has_this_identity),
      TEST(the_host_may_be_another),
      TEST(several_regions_are_told_apart_by_the_host),
      TEST(one_time_for_all_of_a_pass),
      TEST(an_id_belongs_to_a_user),
      TEST(ids_at_the_edge_of_127_bytes),
      TEST(big_numbers_stay_exact),
      TEST(no_meta_data),
      TEST(ids_as_meta_data),
      TEST(all_as_meta_data),
      TEST(what_is_not_there_is_left_out),
      TEST(meta_data_is_clean_and_short),
      TEST(a_walk_reports_on_itself),
      TEST(a_walk_that_did_not_run_says_only_how_it_is),
      TEST(what_never_was_has_no_age),
      TEST(regions_of_a_catalogue_are_told_apart),
      TEST(configured_regions_have_it_in_the_host),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
