/*
 * report: exact identifiers, times, intervals and meta data.
 */
#include "stub/daemon.h"
#include "stub/site.h"

#include "collectd/value_list.h"

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
struct fixture {
  struct site site;
  struct cloud_meter size;
  struct cloud_config config;
  struct walk *walk;
  struct report report;
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  struct error err;
  f->size = (struct cloud_meter){.meter = {.name = "image.size",
                                           .from = &images,
                                           .value = "size",
                                           .type = "bytes",
                                           .unit = "B"},
                                 .interval_ms = 300500,
                                 .style = {.host = {{NAME_CLOUD}, 1},
                                           .instance = {{NAME_ID}, 1},
                                           .type_instance = {{NAME_METER}, 1},
                                           .metadata = METADATA_IDS},
                                 .ds_type = DS_TYPE_GAUGE};
  const struct meter *meters[] = {&f->size.meter};
  stub_reset();
  stub_set_time(TIME_T_TO_CDTIME_T_STATIC(1700000000));
  site_open(&f->site);
  f->config =
      (struct cloud_config){.name = TEXT("prod"), .interval_ms = 300500};
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
  report_clear(&f->report);
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
  report_sample(
      &f->report,
      &(struct sample){.meter = &f->size.meter, .id = id, .value = value});
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
  report_begin(&f->report, "R", 1);
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
  const struct meter *meters[] = {&f->size.meter};
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
  f->size.style.metadata = METADATA_NONE;
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
  f->size.style.metadata = METADATA_ALL;
  report_begin(&f->report, "RegionOne", 1);
  assert_string_equal(meta_of_record(f, true),
                      "project_id=p1\nuser_id=u1\nunit=B\nregion=RegionOne\n"
                      "name=my?image\nstatus=active\nprotected=false\n"
                      "min_disk=20\n");
}

static void what_is_not_there_is_left_out(void **state) {
  struct fixture *f = *state;
  f->size.style.metadata = METADATA_ALL;
  report_begin(&f->report, NULL, 1);
  report(f, "a", 1);
  assert_string_equal(last()->meta, "unit=B\n");
}

static void meta_data_is_clean_and_short(void **state) {
  struct fixture *f = *state;
  char name[800] = "";
  f->size.style.metadata = METADATA_ALL;
  report_begin(&f->report, "bad\x01region\xff", 1);
  for (int i = 0; i < 300; i++)
    memcpy(name + 2 * i, "\303\274", 3); /* 600 bytes */
  report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                             .id = "a",
                                             .project = "p\r\n\x1b[0m",
                                             .name = name,
                                             .value = 1});
  const char *meta = last()->meta;
  assert_non_null(strstr(meta, "project_id=p???[0m\n"));
  assert_non_null(strstr(meta, "region=bad?region?\n"));
  const char *cut = strstr(meta, "name=") + 5;
  /* 254 bytes at most, and no half of a character. */
  assert_int_equal(strcspn(cut, "\n"), 254);
  assert_memory_equal(cut, name, 254);
}

/* JSON makes two bytes of a quote, and collectd's writer drops a value with a
 * text of 510. */
static void meta_data_fits_into_json(void **state) {
  struct fixture *f = *state;
  char name[300];
  memset(name, '"', sizeof(name));
  name[299] = '\0';
  f->size.style.metadata = METADATA_ALL;
  report_begin(&f->report, NULL, 1);
  report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                             .id = "a",
                                             .name = name,
                                             .value = 1});
  assert_int_equal(strcspn(strstr(last()->meta, "name=") + 5, "\n"), 254);
}

/* ---- names -------------------------------------------------------------- */

static void set_formats(struct fixture *f, const char *host,
                        const char *instance, const char *type_instance) {
  struct cloud_style *style = &f->size.style;
  struct error err;
  assert_int_equal(name_format_read(host, &style->host, &err), 0);
  assert_int_equal(name_format_read(instance, &style->instance, &err), 0);
  assert_int_equal(name_format_read(type_instance, &style->type_instance, &err),
                   0);
}

/* A sample with names. */
static const struct stub_value *named(struct fixture *f, const char *id,
                                      const char *name) {
  report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                             .id = id,
                                             .name = name,
                                             .project = "p1",
                                             .project_name = "web shop",
                                             .user = "u1",
                                             .value = 1});
  return last();
}

static void formats_name_the_parts(void **state) {
  struct fixture *f = *state;
  set_formats(f, "project_name", "name id", "resource_type meter");
  report_begin(&f->report, "One", 1);
  const struct stub_value *v = named(f, "i1", "disk/1");
  assert_string_equal(v->host, "web_shop");
  assert_string_equal(v->plugin_instance, "disk_1:i1");
  assert_string_equal(v->type_instance, "images:image.size");
  set_formats(f, "cloud region", "project user", "meter");
  v = named(f, "i1", NULL);
  assert_string_equal(v->host, "prod:One");
  assert_string_equal(v->plugin_instance, "p1:u1");
}

static void what_has_no_name_goes_by_its_id(void **state) {
  struct fixture *f = *state;
  set_formats(f, "project", "name", "meter");
  report_begin(&f->report, "One", 1);
  const struct stub_value *v = report(f, "i1", 1);
  assert_string_equal(v->plugin_instance, "i1");
  assert_string_equal(v->host, "prod"); /* it has no project */
  set_formats(f, "project_name", "user", "meter");
  v = report(f, "i2", 1);
  assert_string_equal(v->plugin_instance, "i2");
  report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                             .id = "i3",
                                             .project = "p1",
                                             .value = 1});
  assert_string_equal(last()->host, "p1");
}

/* Whatever the format: two regions are never one. */
static void several_regions_are_named_unless_the_format_does(void **state) {
  struct fixture *f = *state;
  set_formats(f, "project_name", "id", "meter");
  report_begin(&f->report, "One", 2);
  assert_string_equal(named(f, "i1", NULL)->host, "web_shop.One");
  set_formats(f, "region project_name", "id", "meter");
  assert_string_equal(named(f, "i1", NULL)->host, "One:web_shop");
}

static void two_of_one_name_are_told_apart_by_their_ids(void **state) {
  struct fixture *f = *state;
  set_formats(f, "cloud", "name", "meter");
  report_begin(&f->report, "One", 1);
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk");
  assert_int_equal(f->report.clashes, 0);
  assert_string_equal(named(f, "i2", "disk")->plugin_instance, "disk-i2");
  assert_string_equal(named(f, "i3", "disk")->plugin_instance, "disk-i3");
  assert_string_equal(named(f, "i4", "other")->plugin_instance, "other");
  assert_int_equal(f->report.clashes, 1);
  assert_string_equal(f->report.clash, "prod/openstack-disk/bytes-image.size");
  /* From now on all of them: no name stands for one thing, then for another. */
  report_begin(&f->report, "One", 1);
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk-i1");
  assert_string_equal(named(f, "i2", "disk")->plugin_instance, "disk-i2");
  assert_string_equal(named(f, "i4", "other")->plugin_instance, "other");
  assert_int_equal(f->report.clashes, 0);
  /* Other regions have other hosts. */
  report_begin(&f->report, "Two", 2);
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk");
}

static void ids_that_map_to_one_are_told_apart(void **state) {
  static const char *const orders[][3] = {{"p/a b", "p/a_b", "p/ab"},
                                          {"p_a_b", "p/a b", "p/ab"},
                                          {"p/a b", "p_a_b", "p/ab"}};
  struct fixture *f = *state;
  for (size_t i = 0; i < 3; i++) {
    char region[] = {(char)('A' + i), '\0'};
    report_begin(&f->report, region, 2);
    assert_string_equal(report(f, orders[i][0], 1)->plugin_instance, "p_a_b");
    const char *second = report(f, orders[i][1], 1)->plugin_instance;
    assert_memory_equal(second, "p_a_b-", 6);
    assert_int_equal(strlen(second), 6 + 16);
    assert_string_equal(report(f, orders[i][2], 1)->plugin_instance, "p_ab");
    assert_int_equal(f->report.clashes, 1);
  }
}

static void two_meters_of_a_resource_do_not_clash(void **state) {
  struct fixture *f = *state;
  struct cloud_meter other = f->size;
  other.meter.name = "image.other";
  set_formats(f, "cloud", "name", "meter");
  other.style = f->size.style;
  report_begin(&f->report, "One", 1);
  named(f, "i1", "disk");
  report_sample(&f->report, &(struct sample){.meter = &other.meter,
                                             .id = "i1",
                                             .name = "disk",
                                             .value = 1});
  assert_string_equal(last()->plugin_instance, "disk");
  assert_int_equal(f->report.clashes, 0);
}

/* 8 bytes for each id would be twice what a pass may keep. */
static void ids_that_cannot_clash_cost_nothing(void **state) {
  struct fixture *f = *state;
  report_begin(&f->report, "One", 1);
  report(f, "55e2107d-ba28-4e38-b0ef-289dba6b7998", 1);
  report(f, "cinder@lvm:pool.1", 1);
  assert_int_equal(f->report.taken.count, 0);
  report(f, "a b", 1);
  assert_int_equal(f->report.taken.count, 1);
}

/* ---- types -------------------------------------------------------------- */

static void a_number_is_what_its_type_wants(void **state) {
  static const struct {
    int type;
    double number;
    bool sent;
  } rows[] = {
      {DS_TYPE_GAUGE, -1.5, true},    {DS_TYPE_DERIVE, -3, true},
      {DS_TYPE_COUNTER, 7, true},     {DS_TYPE_COUNTER, -1, false},
      {DS_TYPE_ABSOLUTE, 7, true},    {DS_TYPE_ABSOLUTE, -1, false},
      {DS_TYPE_DERIVE, 1e19, false},  {DS_TYPE_DERIVE, -1e19, false},
      {DS_TYPE_COUNTER, 1e19, false},
  };
  struct fixture *f = *state;
  report_begin(&f->report, "One", 1);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    size_t before = stub_values();
    f->size.ds_type = rows[i].type;
    const struct stub_value *v = report(f, "a", rows[i].number);
    assert_int_equal(stub_values() - before, rows[i].sent);
    if (rows[i].sent)
      assert_true(
          (rows[i].type == DS_TYPE_GAUGE ? v->value : (double)v->integer) ==
          rows[i].number);
  }
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
    .pass = {.records = 1234, .bytes = 5678, .refused = 3},
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
  assert_int_equal(stub_values(), 8);
  expect("prod/openstack-prod:images/bool-up", 1);
  expect("prod/openstack-prod:images/duration-since_success", 0.25);
  expect("prod/openstack-prod:images/duration-walk", 1.5);
  expect("prod/openstack-prod:images/records-seen", 1234);
  expect("prod/openstack-prod:images/requests-sent", 7);
  expect("prod/openstack-prod:images/bytes-received", 5678);
  expect("prod/openstack-prod:images/count-skipped", 2);
  expect("prod/openstack-prod:images/count-refused", 3);
  /* Whoever sees "up" has seen the whole walk. */
  assert_string_equal(stub_value(7)->type_instance, "up");
  /* At the time of the pass, as its samples. */
  for (size_t i = 0; i < 8; i++)
    assert_int_equal(stub_value(i)->time,
                     TIME_T_TO_CDTIME_T_STATIC(1700000000));
}

static void a_walk_over_projects_tells_who_was_denied(void **state) {
  struct fixture *f = *state;
  struct walk_summary s = well;
  s.region = "RegionOne";
  s.nprojects = 22;
  s.pass.denied = 4;
  report_begin(&f->report, "RegionOne", 1);
  report_walk(&f->report, &s);
  assert_int_equal(stub_values(), 9);
  expect("prod/openstack-prod:images/count-denied", 4);
}

/* A listing that is walked at two paces reports on each. */
static void a_walk_of_another_pace_says_so(void **state) {
  struct fixture *f = *state;
  f->config.interval_ms = 60000;
  report_init(&f->report, &f->config, f->walk);
  report_begin(&f->report, "RegionOne", 1);
  report_walk(&f->report, &well);
  expect("prod/openstack-prod:images@300.5/bool-up", 1);
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
      TEST(meta_data_fits_into_json),
      TEST(formats_name_the_parts),
      TEST(what_has_no_name_goes_by_its_id),
      TEST(several_regions_are_named_unless_the_format_does),
      TEST(two_of_one_name_are_told_apart_by_their_ids),
      TEST(ids_that_map_to_one_are_told_apart),
      TEST(two_meters_of_a_resource_do_not_clash),
      TEST(ids_that_cannot_clash_cost_nothing),
      TEST(a_number_is_what_its_type_wants),
      TEST(a_walk_reports_on_itself),
      TEST(a_walk_over_projects_tells_who_was_denied),
      TEST(a_walk_of_another_pace_says_so),
      TEST(a_walk_that_did_not_run_says_only_how_it_is),
      TEST(what_never_was_has_no_age),
      TEST(regions_of_a_catalogue_are_told_apart),
      TEST(configured_regions_have_it_in_the_host),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
