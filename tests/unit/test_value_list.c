/*
 * report: exact identifiers, times, intervals and meta data.
 */
#include "stub/daemon.h"
#include "stub/site.h"

#include "base/cell.h"
#include "collectd/types.h"
#include "report/value_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
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
  struct schedule *schedule;
  struct pool_owner owner;
  struct report report; /* of the walk in */
  char region[32];
  bool named;
};

static void open_report(struct fixture *f, const char *region, bool named) {
  snprintf(f->region, sizeof(f->region), "%s", region != NULL ? region : "");
  f->named = named;
  report_clear(&f->report);
  report_init(&f->report, &f->config, f->schedule, region, named);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  struct error err;
  f->size = (struct cloud_meter){
      .meter = {.name = "image.size",
                .from = &images,
                .value = "size",
                .type = "bytes",
                .unit = "B"},
      .interval_ms = 300500,
      .style = {.host = {.words = {NAME_CLOUD}, .n = 1},
                .instance = {.words = {NAME_ID}, .n = 1},
                .type_instance = {.words = {NAME_METER}, .n = 1},
                .metadata = METADATA_IDS},
      .kind = VALUE_GAUGE};
  const struct meter *meters[] = {&f->size.meter};
  stub_reset();
  site_open(&f->site);
  f->config =
      (struct cloud_config){.name = TEXT("prod"), .interval_ms = 300500};
  f->schedule = schedule_new(&(struct walk_options){.listing = &images,
                                                    .meters = meters,
                                                    .nmeters = 1,
                                                    .interval_ms = 300500,
                                                    .metadata = true,
                                                    .session = f->site.session},
                             &f->owner, &err);
  assert_non_null(f->schedule);
  open_report(f, NULL, false);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  report_clear(&f->report);
  schedule_free(f->schedule);
  site_close(&f->site);
  free(f);
  stub_reset();
  return 0;
}

static const struct stub_value *last(void) {
  return stub_value(stub_values() - 1);
}

/* A pass in a region, whose report it is then. */
static void begin_in(struct fixture *f, const char *region, bool named) {
  if (named != f->named || strcmp(f->region, region != NULL ? region : "") != 0)
    open_report(f, region, named);
  report_begin(&f->report, false);
}

/* A pass after one that was whole: nothing is held. */
static void begin(struct fixture *f, const char *region, bool named) {
  begin_in(f, region, named);
  report_walk(&f->report, &(struct walk_summary){
                              .region = region, .ran = true, .up = true});
  report_begin(&f->report, false);
}

/* A sample of image.size, with nothing but what is given. */
static const struct stub_value *report(struct fixture *f, const char *id,
                                       double value) {
  report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                             .id = id,
                                             .value = value,
                                             .time = 1.7e9});
  return last();
}

/* ---- identity ----------------------------------------------------------- */

static void a_value_has_this_identity(void **state) {
  struct fixture *f = *state;
  begin_in(f, "RegionOne", false);
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
  open_report(f, NULL, false);
  begin(f, NULL, false);
  assert_string_equal(report(f, "a", 1)->host, "cloud.example.net");
  f->config.host = TEXT("weird;host/\n");
  open_report(f, NULL, false);
  begin(f, NULL, false);
  assert_string_equal(report(f, "a", 1)->host, "weird_host__");
}

static void a_region_is_told_by_the_host(void **state) {
  struct fixture *f = *state;
  begin(f, "One", true);
  assert_string_equal(report(f, "a", 1)->host, "prod.One");
  begin(f, "T w/o", true);
  assert_string_equal(report(f, "a", 1)->host, "prod.T_w_o");
  begin(f, "One", false);
  assert_string_equal(report(f, "a", 1)->host, "prod");
}

static void a_value_has_the_time_of_its_sample(void **state) {
  struct fixture *f = *state;
  struct sample sample = {.meter = &f->size.meter, .id = "a"};
  begin_in(f, "R", false);
  sample.time = 1700000000.25;
  report_sample(&f->report, &sample);
  assert_int_equal(last()->time, DOUBLE_TO_CDTIME_T_STATIC(1700000000.25));
  sample.id = "b";
  sample.time = 1700002880;
  report_sample(&f->report, &sample);
  assert_int_equal(last()->time, TIME_T_TO_CDTIME_T_STATIC(1700002880));
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
      {".hidden", "_hidden"},
  };
  struct fixture *f = *state;
  begin(f, "R", false);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    assert_string_equal(report(f, rows[i][0], 1)->plugin_instance, rows[i][1]);
}

static void ids_at_the_edge_of_127_bytes(void **state) {
  struct fixture *f = *state;
  char id[200], other[128];
  memset(id, 'x', sizeof(id));
  begin(f, "R", false);
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
  begin(f, "R", false);
  id[127] = 'y';
  assert_string_equal(report(f, id, 1)->plugin_instance, other);
}

static void big_numbers_stay_exact(void **state) {
  struct fixture *f = *state;
  begin_in(f, "R", false);
  assert_true(report(f, "a", 9007199254740992.0)->value == 9007199254740992.0);
  assert_true(report(f, "a", 0)->value == 0);
}

/* Graphite makes '_' of '.' and ':'. */
static void ids_that_a_writer_makes_one_are_told_apart(void **state) {
  struct fixture *f = *state;
  begin(f, "R", false);
  assert_string_equal(report(f, "p/a.b", 1)->plugin_instance, "p_a.b");
  const char *second = report(f, "p/a:b", 1)->plugin_instance;
  assert_memory_equal(second, "p_a:b-", 6);
  assert_int_equal(strlen(second), 6 + 16);
  assert_int_equal(strlen(report(f, "p/a_b", 1)->plugin_instance), 6 + 16);
  assert_string_equal(report(f, "p/ab", 1)->plugin_instance, "p_ab");
  assert_int_equal(f->report.clashes, 1);
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
  struct sample_output output = {.sink = sink, .arg = &f->report};
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
  samples_take(b, &(struct subject){.cells = cells, .id = "i1"}, &output);
  free(cells);
  binding_free(b);
  return last()->meta;
}

static void no_meta_data(void **state) {
  struct fixture *f = *state;
  f->size.style.metadata = METADATA_NONE;
  begin_in(f, "RegionOne", false);
  assert_string_equal(meta_of_record(f, false), "");
}

static void ids_as_meta_data(void **state) {
  struct fixture *f = *state;
  begin_in(f, "RegionOne", false);
  assert_string_equal(meta_of_record(f, false),
                      "project_id=p1\nuser_id=u1\nunit=B\nregion=RegionOne\n");
}

static void all_as_meta_data(void **state) {
  struct fixture *f = *state;
  f->size.style.metadata = METADATA_ALL;
  begin_in(f, "RegionOne", false);
  assert_string_equal(meta_of_record(f, true),
                      "project_id=p1\nuser_id=u1\nunit=B\nregion=RegionOne\n"
                      "name=my?image\nstatus=active\nprotected=false\n"
                      "min_disk=20\n");
}

static void what_is_not_there_is_left_out(void **state) {
  struct fixture *f = *state;
  f->size.style.metadata = METADATA_ALL;
  begin_in(f, NULL, false);
  report(f, "a", 1);
  assert_string_equal(last()->meta, "unit=B\n");
}

static void meta_data_is_clean_and_short(void **state) {
  struct fixture *f = *state;
  char name[800] = "";
  f->size.style.metadata = METADATA_ALL;
  begin_in(f, "bad\x01region\xff", false);
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
  begin_in(f, NULL, false);
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
                                             .domain = "d1",
                                             .domain_name = "Big Corp",
                                             .user = "u1",
                                             .value = 1});
  return last();
}

static void formats_name_the_parts(void **state) {
  struct fixture *f = *state;
  set_formats(f, "project_name", "name id", "resource_type meter");
  begin(f, "One", false);
  const struct stub_value *v = named(f, "i1", "disk/1");
  assert_string_equal(v->host, "web_shop");
  assert_string_equal(v->plugin_instance, "disk_1:i1");
  assert_string_equal(v->type_instance, "images:image.size");
  set_formats(f, "cloud region", "project user", "meter");
  v = named(f, "i1", NULL);
  assert_string_equal(v->host, "prod:One");
  assert_string_equal(v->plugin_instance, "p1:u1");
  set_formats(f, "domain_name", "project_name id", "domain_name meter");
  v = named(f, "i1", NULL);
  assert_string_equal(v->host, "Big_Corp");
  assert_string_equal(v->type_instance, "Big_Corp:image.size");
}

static void what_has_no_name_goes_by_its_id(void **state) {
  struct fixture *f = *state;
  set_formats(f, "project", "name", "meter");
  begin(f, "One", false);
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
  set_formats(f, "domain_name", "id", "meter");
  report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                             .id = "i4",
                                             .project = "p1",
                                             .domain = "d1",
                                             .value = 1});
  assert_string_equal(last()->host, "d1");
}

/* Whatever the format: two regions are never one. */
static void several_regions_are_named_unless_the_format_does(void **state) {
  struct fixture *f = *state;
  set_formats(f, "project_name", "id", "meter");
  begin(f, "One", true);
  assert_string_equal(named(f, "i1", NULL)->host, "web_shop.One");
  set_formats(f, "region project_name", "id", "meter");
  assert_string_equal(named(f, "i1", NULL)->host, "One:web_shop");
}

static void two_of_one_name_are_told_apart_by_their_ids(void **state) {
  struct fixture *f = *state;
  set_formats(f, "cloud", "name", "meter");
  begin(f, "One", false);
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk");
  assert_int_equal(f->report.clashes, 0);
  assert_string_equal(named(f, "i2", "disk")->plugin_instance, "disk-i2");
  assert_string_equal(named(f, "i3", "disk")->plugin_instance, "disk-i3");
  assert_string_equal(named(f, "i4", "other")->plugin_instance, "other");
  assert_int_equal(f->report.clashes, 1);
  assert_string_equal(f->report.clash, "prod/openstack-disk/bytes-image.size");
  /* From now on all of them: no name stands for one thing, then for another. */
  begin(f, "One", false);
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk-i1");
  assert_string_equal(named(f, "i2", "disk")->plugin_instance, "disk-i2");
  assert_string_equal(named(f, "i4", "other")->plugin_instance, "other");
  assert_int_equal(f->report.clashes, 0);
  /* Other regions have other hosts. */
  begin(f, "Two", true);
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk");
}

/* Another daemon walked it before, and has found what one pass cannot. */
static void what_others_found_to_clash_has_its_id_from_the_start(void **state) {
  struct fixture *f = *state;
  const struct identifier disk = {{"disk", "image.size", "prod"}};
  set_formats(f, "cloud", "name", "meter");
  begin(f, "One", false);
  idset_add(&f->report.told, identifier_shared_hash(&disk, "bytes"));
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk-i1");
  assert_string_equal(named(f, "i4", "other")->plugin_instance, "other");
  assert_int_equal(f->report.clashes, 0);
}

static void ids_that_map_to_one_are_told_apart(void **state) {
  static const char *const orders[][3] = {{"p/a b", "p/a_b", "p/ab"},
                                          {"p_a_b", "p/a b", "p/ab"},
                                          {"p/a b", "p_a_b", "p/ab"}};
  struct fixture *f = *state;
  for (size_t i = 0; i < 3; i++) {
    char region[] = {(char)('A' + i), '\0'};
    begin(f, region, true);
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
  begin(f, "One", false);
  named(f, "i1", "disk");
  report_sample(&f->report, &(struct sample){.meter = &other.meter,
                                             .id = "i1",
                                             .name = "disk",
                                             .value = 1});
  assert_string_equal(last()->plugin_instance, "disk");
  assert_int_equal(f->report.clashes, 0);
}

/* ---- a restart ---------------------------------------------------------- */

/* What the format names, and who comes to one name. */
static const struct twin_row {
  const char *host, *instance, *type_instance;
  const char *wanted[3]; /* of the three resources below */
} layouts[] = {
    {"cloud",
     "name",
     "meter",
     {"prod/openstack-a_b-i1/bytes-image.size",
      "prod/openstack-a_b-i2/bytes-image.size",
      "prod/openstack-c/bytes-image.size"}},
    {"cloud",
     "project_name name",
     "meter",
     {"prod/openstack-web:a_b-i1/bytes-image.size",
      "prod/openstack-web:a_b-i2/bytes-image.size",
      "prod/openstack-web:c/bytes-image.size"}},
    {"cloud",
     "meter",
     "name",
     {"prod/openstack-image.size/bytes-a_b-i1",
      "prod/openstack-image.size/bytes-a_b-i2",
      "prod/openstack-image.size/bytes-c"}},
    {"project_name",
     "meter",
     "name",
     {"web/openstack-image.size/bytes-a_b-i1",
      "web/openstack-image.size/bytes-a_b-i2",
      "web/openstack-image.size/bytes-c"}},
    {"name",
     "meter",
     "project_name",
     {"a_b-i1/openstack-image.size/bytes-web",
      "a_b-i2/openstack-image.size/bytes-web",
      "c/openstack-image.size/bytes-web"}},
    {"cloud region",
     "resource_type name",
     "meter",
     {"prod:One/openstack-images:a_b-i1/bytes-image.size",
      "prod:One/openstack-images:a_b-i2/bytes-image.size",
      "prod:One/openstack-images:c/bytes-image.size"}},
    {"cloud",
     "meter",
     "id",
     {"prod/openstack-image.size/bytes-i1",
      "prod/openstack-image.size/bytes-i2",
      "prod/openstack-image.size/bytes-i3"}},
};

static void whole_pass(struct fixture *f, bool backwards) {
  static const struct sample resources[] = {{.id = "i1", .name = "a_b"},
                                            {.id = "i2", .name = "a b"},
                                            {.id = "i3", .name = "c"}};
  begin_in(f, "One", false);
  for (size_t i = 0; i < 3; i++) {
    struct sample sample = resources[backwards ? 2 - i : i];
    sample.meter = &f->size.meter;
    sample.project = "p1";
    sample.project_name = "web";
    report_sample(&f->report, &sample);
  }
  report_walk(&f->report,
              &(struct walk_summary){.region = "One", .ran = true, .up = true});
}

static void restart(struct fixture *f) { open_report(f, "One", false); }

/* A name that the next cycle takes back is in all sums twice. */
static void names_are_the_same_in_each_cycle_and_after_a_restart(void **state) {
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
    const struct twin_row *row = &layouts[i];
    set_formats(f, row->host, row->instance, row->type_instance);
    stub_reset();
    for (int start = 0; start < 2; start++) {
      restart(f);
      for (int cycle = 0; cycle < 3; cycle++)
        whole_pass(f, start == 1);
    }
    assert_int_equal(stub_count_values("*bytes-*") -
                         stub_count_values("*bytes-received"),
                     18);
    for (size_t k = 0; k < 3; k++)
      if (stub_count_values(row->wanted[k]) != 6)
        fail_msg("%zu times %s", stub_count_values(row->wanted[k]),
                 row->wanted[k]);
  }
}

/* Tenants choose names: one may be what another's becomes with its id. */
static void a_name_like_one_with_an_id_is_told_apart(void **state) {
  static const struct sample resources[] = {{.id = "i1", .name = "a"},
                                            {.id = "i2", .name = "a"},
                                            {.id = "i3", .name = "a-i1"}};
  struct fixture *f = *state;
  set_formats(f, "cloud", "name", "meter");
  for (size_t first = 0; first < 3; first++) {
    stub_reset();
    restart(f);
    for (int cycle = 0; cycle < 2; cycle++) {
      begin_in(f, "One", false);
      for (size_t i = 0; i < 3; i++) {
        struct sample sample = resources[(first + i) % 3];
        sample.meter = &f->size.meter;
        report_sample(&f->report, &sample);
      }
      report_walk(&f->report, &(struct walk_summary){
                                  .region = "One", .ran = true, .up = true});
    }
    static const char *const wanted[] = {"a-i1", "a-i2", "a-i1-i3"};
    for (size_t i = 0; i < 3; i++) {
      char *name = text_printf("prod/openstack-%s/bytes-image.size", wanted[i]);
      if (stub_count_values(name) != 2)
        fail_msg("%zu: %zu times %s", first, stub_count_values(name), name);
      free(name);
    }
  }
  stub_reset();
  restart(f);
  begin(f, "One", false); /* where nothing is held any more */
  assert_string_equal(named(f, "i3", "a-i2")->plugin_instance, "a-i2");
  assert_string_equal(named(f, "i1", "a")->plugin_instance, "a");
  assert_string_equal(named(f, "i2", "a")->plugin_instance, "a-i2");
  begin_in(f, "One", false);
  assert_string_equal(named(f, "i3", "a-i2")->plugin_instance, "a-i2-i3");
}

/* Who came first does not know yet; but it was not taken back. */
static void a_twin_that_comes_later_renames_both_from_then_on(void **state) {
  struct fixture *f = *state;
  set_formats(f, "cloud", "name", "meter");
  begin(f, "One", false);
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk");
  begin_in(f, "One", false);
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk");
  assert_string_equal(named(f, "i2", "disk")->plugin_instance, "disk-i2");
  begin_in(f, "One", false);
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk-i1");
}

/* All projects' names are known, whichever has values today. */
static void a_project_of_a_shared_name_has_its_id_from_the_start(void **state) {
  struct fixture *f = *state;
  struct sample sample = {.meter = &f->size.meter,
                          .id = "p1",
                          .project = "p1",
                          .project_name = "web",
                          .project_twin = true,
                          .value = 1};
  set_formats(f, "cloud", "project_name", "meter");
  begin(f, "One", false);
  report_sample(&f->report, &sample);
  assert_string_equal(last()->plugin_instance, "web-p1");
  set_formats(f, "cloud", "meter", "project_name");
  report_sample(&f->report, &sample);
  assert_string_equal(last()->type_instance, "web-p1");
  assert_string_equal(last()->plugin_instance, "image.size");
  sample.domain_name = "shop";
  set_formats(f, "cloud", "domain_name project_name", "meter");
  report_sample(&f->report, &sample);
  assert_string_equal(last()->plugin_instance, "shop:web");
  sample.domain_twin = true;
  restart(f);
  begin(f, "One", false);
  report_sample(&f->report, &sample);
  assert_string_equal(last()->plugin_instance, "shop:web-p1");
  set_formats(f, "cloud", "project", "meter");
  report_sample(&f->report, &sample);
  assert_string_equal(last()->plugin_instance, "p1");
  set_formats(f, "project_name", "name", "meter");
  assert_string_equal(named(f, "i1", "disk")->plugin_instance, "disk");
}

static void fields_are_words_of_formats(void **state) {
  static const char *const fields[] = {"status", "min_disk", "checksum",
                                       "protected", NULL};
  struct fixture *f = *state;
  f->size.meter.named = fields;
  f->size.style.metadata = METADATA_NONE;
  set_formats(f, "cloud {status}", "name {min_disk} {checksum}",
              "meter {protected}");
  begin(f, "One", false);
  meta_of_record(f, false);
  report_walk(&f->report,
              &(struct walk_summary){.region = "One", .ran = true, .up = true});
  assert_int_equal(stub_count_values("prod:active/openstack-my_image:20/"
                                     "bytes-image.size:false"),
                   1);
}

static void the_owner_asked_for_is_a_word_of_formats(void **state) {
  static const struct {
    const char *owner, *name, *wanted;
  } rows[] = {{"o1", "host", "host/openstack-o1:vcpu/bytes-image.size"},
              {"o1", NULL, "o1/openstack-o1:vcpu/bytes-image.size"},
              {NULL, NULL, "prod/openstack-vcpu/bytes-image.size"}};
  struct fixture *f = *state;
  set_formats(f, "{@owner_name}", "{@owner} name", "meter");
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    begin(f, "One", false);
    report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                               .id = "i1",
                                               .name = "vcpu",
                                               .owner = rows[i].owner,
                                               .owner_name = rows[i].name});
    assert_int_equal(stub_count_values(rows[i].wanted), 1);
  }
}

/* A pass in which two resources have these texts in the field of the format. */
static void pass_of_fields(struct fixture *f, const struct binding *b,
                           const char *first, const char *second) {
  const char *const texts[] = {first, second};
  begin_in(f, "One", false);
  for (size_t i = 0; i < 2; i++)
    report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                               .id = i == 0 ? "i1" : "i2",
                                               .name = "disk",
                                               .binding = b,
                                               .texts = &texts[i],
                                               .value = 1});
  report_walk(&f->report,
              &(struct walk_summary){.region = "One", .ran = true, .up = true});
}

static size_t count_of(const char *instance) {
  char name[100];
  snprintf(name, sizeof(name), "prod/openstack-%s/bytes-image.size", instance);
  return stub_count_values(name);
}

/* In any pass, and not only in the first: fields change. */
static void resources_that_come_to_share_a_field_are_told_apart(void **state) {
  static const char *const fields[] = {"status", NULL};
  struct fixture *f = *state;
  f->size.meter.named = fields;
  f->size.style.metadata = METADATA_NONE;
  set_formats(f, "cloud", "name {status}", "meter");
  const struct meter *meters[] = {&f->size.meter};
  struct error err;
  struct binding *b = binding_new(&images, meters, 1, false, &err);
  open_report(f, "One", false);
  pass_of_fields(f, b, "on", "off");
  assert_int_equal(count_of("disk:on"), 1);
  assert_int_equal(count_of("disk:off"), 1);
  pass_of_fields(f, b, "off", "off"); /* neither is called as before */
  assert_int_equal(count_of("disk:off"), 1);
  assert_int_equal(count_of("disk:off-i1"), 1);
  assert_int_equal(count_of("disk:off-i2"), 1);
  pass_of_fields(f, b, "on", NULL);
  assert_int_equal(count_of("disk:on"), 2);
  assert_int_equal(count_of("disk"), 1);
  binding_free(b);
}

static void nothing_is_held_behind_a_pass(void **state) {
  struct fixture *f = *state;
  const struct walk_summary failed = {.region = "One", .ran = true};
  set_formats(f, "cloud", "name", "meter");
  /* It holds on until one was whole, and sends what it has each time. */
  for (size_t i = 1; i <= 2; i++) {
    begin_in(f, "One", false);
    size_t before = stub_values();
    report_sample(
        &f->report,
        &(struct sample){.meter = &f->size.meter, .id = "i1", .name = "disk"});
    assert_int_equal(stub_values(), before);
    report_walk(&f->report, &failed);
    assert_int_equal(stub_count_values("*disk*"), i);
    assert_null(f->report.held);
  }
  /* A pass that ended without a word. */
  begin_in(f, "One", false);
  report_sample(
      &f->report,
      &(struct sample){.meter = &f->size.meter, .id = "i1", .name = "disk"});
  begin_in(f, "One", false);
  assert_null(f->report.held);
  assert_int_equal(f->report.held_bytes, 0);
}

/* Nobody's name is known before all are: a later walk may bring a twin. */
static void names_wait_for_the_last_walk_of_a_pass(void **state) {
  struct fixture *f = *state;
  const struct walk_summary on = {.ran = true, .up = true, .goes_on = true},
                            last_one = {.ran = true, .up = true};
  struct sample sample = {
      .meter = &f->size.meter, .name = "disk", .time = 1.7e9};
  set_formats(f, "cloud", "name", "meter");
  begin_in(f, "One", false);
  sample.id = "i1";
  report_sample(&f->report, &sample);
  report_walk(&f->report, &on);
  assert_int_equal(stub_count_values("*disk*"), 0);
  report_walk(&f->report, &on); /* nobody is due */
  assert_int_equal(stub_count_values("*disk*"), 0);
  report_begin(&f->report, true);
  sample.time += 60;
  sample.id = "i2";
  report_sample(&f->report, &sample);
  size_t before = stub_values();
  report_walk(&f->report, &last_one);
  assert_string_equal(stub_value(before)->plugin_instance, "disk-i1");
  assert_int_equal(stub_value(before)->time,
                   TIME_T_TO_CDTIME_T_STATIC(1700000000));
  assert_string_equal(stub_value(before + 1)->plugin_instance, "disk-i2");
  assert_int_equal(stub_value(before + 1)->time,
                   TIME_T_TO_CDTIME_T_STATIC(1700000060));
  assert_null(f->report.held);
  assert_int_equal(f->report.held_bytes, 0);
}

/* They trickle: an hour is long, and ids are seldom alike. */
static void ids_do_not_wait_for_the_last_walk_of_a_pass(void **state) {
  struct fixture *f = *state;
  begin_in(f, "One", false);
  report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                             .id = "p1:MEMORY_MB"});
  assert_int_equal(stub_count_values("*MEMORY_MB*"), 0);
  report_walk(&f->report,
              &(struct walk_summary){.ran = true, .up = true, .goes_on = true});
  assert_int_equal(stub_count_values("*MEMORY_MB*"), 1);
  assert_int_equal(f->report.held_bytes, 0);
}

/* Quotas, one by one in an hour: which projects look alike, Keystone has told.
 */
static void names_of_projects_do_not_wait_for_the_last_walk(void **state) {
  static const struct {
    const char *instance, *id, *wanted;
    bool twin;
  } rows[] = {
      {"project_name", "p1", "prod/openstack-web/*", false},
      {"project_name", "p1", "prod/openstack-web-p1/*", true},
      {"domain_name project_name", "p1", "prod/openstack-d:web/*", true},
      {"project_name", "i1", NULL, false}, /* one of several of it */
      {"project_name name", "p1", NULL, false}};
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    set_formats(f, "cloud", rows[i].instance, "meter");
    stub_reset();
    restart(f);
    report_begin(&f->report, false);
    report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                               .id = rows[i].id,
                                               .project = "p1",
                                               .project_name = "web",
                                               .project_twin = rows[i].twin,
                                               .domain_name = "d",
                                               .value = 1});
    report_walk(&f->report, &(struct walk_summary){
                                .ran = true, .up = true, .goes_on = true});
    assert_int_equal(stub_count_values("*image.size*"), rows[i].wanted != NULL);
    if (rows[i].wanted != NULL)
      assert_int_equal(stub_count_values(rows[i].wanted), 1);
  }
}

/* So many resources of so many names, all in one pass. */
static void many(struct fixture *f, size_t n, size_t names) {
  char id[32], name[32], user[255];
  memset(user, 'u', sizeof(user));
  user[sizeof(user) - 1] = '\0';
  for (size_t i = 0; i < n; i++) {
    snprintf(id, sizeof(id), "i%zu", i);
    snprintf(name, sizeof(name), "n%zu", i % names);
    report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                               .id = id,
                                               .name = name,
                                               .project = user,
                                               .user = user});
  }
}

/* Without room a value has its id at once, and keeps it. */
static void what_is_held_is_bounded(void **state) {
  struct fixture *f = *state;
  const struct walk_summary whole = {.region = "One", .ran = true, .up = true};
  const size_t n = 90000;
  set_formats(f, "cloud", "name", "meter");
  begin_in(f, "One", false);
  many(f, n, n);
  assert_true(f->report.crowded);
  assert_true(f->report.held_bytes <= REPORT_HELD_MOST);
  size_t at_once = stub_values();
  assert_in_range(at_once, 1, n / 2);
  assert_string_equal(last()->plugin_instance, "n89999-i89999");
  report_walk(&f->report, &whole);
  assert_string_equal(stub_value(at_once)->plugin_instance, "n0");
  stub_reset();
  begin_in(f, "One", false);
  many(f, n, n);
  assert_string_equal(stub_value(0)->plugin_instance, "n0");
  assert_int_equal(stub_count_values("*-i[0-9]*"), at_once);
  assert_string_equal(last()->plugin_instance, "n89999-i89999");
}

/* Names belong to users, and the daemon lives for long. */
static void shared_identities_are_bounded(void **state) {
  struct fixture *f = *state;
  const size_t names = REPORT_SHARED_MOST + 1;
  set_formats(f, "cloud", "name", "meter");
  f->size.style.metadata = METADATA_NONE;
  begin(f, "One", false);
  for (int i = 0; i < 2; i++) {
    many(f, names, names);
    stub_reset();
  }
  assert_int_equal(idset_count(&f->report.shared), REPORT_SHARED_MOST);
  assert_true(f->report.crowded);
  /* No name stands for two, now or later: from here on all have ids. */
  begin_in(f, "One", false);
  assert_string_equal(named(f, "i1", "alone")->plugin_instance, "alone-i1");
}

/* 8 bytes for each id would be twice what a pass may keep. */
static void ids_that_cannot_clash_cost_nothing(void **state) {
  struct fixture *f = *state;
  begin_in(f, "One", false);
  report(f, "55e2107d-ba28-4e38-b0ef-289dba6b7998", 1);
  assert_int_equal(stub_values(), 1);
  assert_int_equal(idset_count(&f->report.taken), 0);
  /* Others put '_' for '.' and ':', too. */
  report_sample(&f->report, &(struct sample){.meter = &f->size.meter,
                                             .id = "cinder@lvm:pool.1",
                                             .value = 1});
  assert_int_equal(idset_count(&f->report.taken), 1);
}

/* ---- types -------------------------------------------------------------- */

static void a_number_is_what_its_type_wants(void **state) {
  static const struct {
    enum value_kind kind;
    double number;
    bool sent;
  } rows[] = {
      {VALUE_GAUGE, -1.5, true},    {VALUE_DERIVE, -3, true},
      {VALUE_COUNTER, 7, true},     {VALUE_COUNTER, -1, false},
      {VALUE_ABSOLUTE, 7, true},    {VALUE_ABSOLUTE, -1, false},
      {VALUE_DERIVE, 1e19, false},  {VALUE_DERIVE, -1e19, false},
      {VALUE_COUNTER, 1e19, false},
  };
  struct fixture *f = *state;
  begin_in(f, "One", false);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    size_t before = stub_values();
    f->size.kind = rows[i].kind;
    const struct stub_value *v = report(f, "a", rows[i].number);
    assert_int_equal(stub_values() - before, rows[i].sent);
    if (rows[i].sent)
      assert_true(
          (rows[i].kind == VALUE_GAUGE ? v->value : (double)v->integer) ==
          rows[i].number);
  }
}

static void a_type_of_types_db_has_its_kind(void **state) {
  static const struct {
    const char *type;
    enum value_kind kind;
  } rows[] = {
      {"gauge", VALUE_GAUGE},
      {"derive", VALUE_DERIVE},
      {"counter", VALUE_COUNTER},
      {"absolute", VALUE_ABSOLUTE},
  };
  struct fixture *f = *state;
  struct cloud_config config = {
      .name = TEXT("prod"), .meters = &f->size, .nmeters = 1};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    f->size.meter.type = rows[i].type;
    assert_int_equal(types_check(&config), 0);
    assert_int_equal(f->size.kind, rows[i].kind);
  }
}

/* ---- what a walk says of itself ----------------------------------------- */

static const struct walk_summary well = {
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
  s.time = 1.7e9;
  begin_in(f, "RegionOne", false);
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
  for (size_t i = 0; i < 8; i++)
    assert_int_equal(stub_value(i)->time,
                     TIME_T_TO_CDTIME_T_STATIC(1700000000));
}

static void a_walk_over_projects_tells_who_was_denied(void **state) {
  struct fixture *f = *state;
  struct walk_summary s = well;
  s.region = "RegionOne";
  s.nasked = 22;
  s.pass.denied = 4;
  begin_in(f, "RegionOne", false);
  report_walk(&f->report, &s);
  assert_int_equal(stub_values(), 9);
  expect("prod/openstack-prod:images/count-denied", 4);
  /* The start is refused without these, and these are all. */
  for (size_t i = 0; i < 9; i++) {
    const char *const *type = report_types;
    while (*type != NULL && strcmp(*type, stub_value(i)->type) != 0)
      type++;
    assert_non_null(*type);
  }
}

/* A listing that is walked at two paces reports on each. */
static void a_walk_of_another_pace_says_so(void **state) {
  struct fixture *f = *state;
  f->config.interval_ms = 60000;
  open_report(f, "RegionOne", false);
  report_begin(&f->report, false);
  report_walk(&f->report, &well);
  expect("prod/openstack-prod:images@300.5/bool-up", 1);
}

static void a_walk_that_did_not_run_says_only_how_it_is(void **state) {
  struct fixture *f = *state;
  open_report(f, "RegionOne", false);
  report_walk(&f->report, &(struct walk_summary){.region = "RegionOne",
                                                 .time = 1.7e9,
                                                 .since_success_ms = 600000});
  assert_int_equal(stub_values(), 2);
  expect("prod/openstack-prod:images/bool-up", 0);
  expect("prod/openstack-prod:images/duration-since_success", 600);
  assert_int_equal(stub_value(0)->time, TIME_T_TO_CDTIME_T_STATIC(1700000000));
}

/* A value that has come once comes in each interval, or is missed: what a walk
 * left behind stays. What it did was done in its own turn. */
static void what_a_walk_left_is_told_until_the_next(void **state) {
  struct fixture *f = *state;
  struct walk_summary s = well;
  s.nasked = 22;
  s.pass.denied = 4;
  begin_in(f, "RegionOne", false);
  report_walk(&f->report, &s);
  size_t before = stub_values();
  report_walk(&f->report, &(struct walk_summary){.region = "RegionOne",
                                                 .since_success_ms = 600000,
                                                 .skipped = 5});
  assert_int_equal(stub_values() - before, 5);
  static const struct {
    const char *name;
    double value;
  } rows[] = {{"duration-since_success", 600},
              {"count-skipped", 5},
              {"count-refused", 3},
              {"count-denied", 4},
              {"bool-up", 0}};
  for (size_t i = 0; i < 5; i++) {
    const struct stub_value *v = stub_value(before + i);
    char name[2 * DATA_MAX_NAME_LEN + 2];
    snprintf(name, sizeof(name), "%s-%s", v->type, v->type_instance);
    assert_string_equal(name, rows[i].name);
    assert_true(v->value == rows[i].value);
  }
}

/* Nobody was due: nothing was done, and that is known. */
static void an_idle_turn_did_nothing(void **state) {
  struct fixture *f = *state;
  struct walk_summary s = well;
  s.nasked = 22;
  begin_in(f, "RegionOne", false);
  report_walk(&f->report, &s);
  size_t before = stub_values();
  s = (struct walk_summary){.idle = true, .up = true};
  report_walk(&f->report, &s);
  assert_int_equal(stub_values() - before, 9);
  for (size_t i = before; i < stub_values(); i++) {
    const struct stub_value *v = stub_value(i);
    bool left = strcmp(v->type_instance, "refused") == 0;
    bool up = strcmp(v->type_instance, "up") == 0;
    assert_true(v->value == (left ? 3 : up ? 1 : 0));
  }
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
  s.region = "Region One";
  begin_in(f, s.region, true);
  assert_string_equal(report(f, "a", 1)->host, "prod.Region_One");
  report_walk(&f->report, &s);
  expect("prod.Region_One/openstack-prod:images/bool-up", 1);
  /* No login: it came to no region. */
  s.region = NULL;
  s.up = false;
  open_report(f, NULL, false);
  report_begin(&f->report, false);
  report_walk(&f->report, &s);
  expect("prod/openstack-prod:images/bool-up", 0);
}

static void values_of_a_walk_have_a_unit_and_a_region(void **state) {
  static const struct {
    const char *name, *meta;
  } rows[] = {{"duration-since_success", "unit=s\nregion=One\n"},
              {"duration-walk", "unit=s\nregion=One\n"},
              {"records-seen", "unit=record\nregion=One\n"},
              {"requests-sent", "unit=request\nregion=One\n"},
              {"bytes-received", "unit=B\nregion=One\n"},
              {"count-skipped", "unit=interval\nregion=One\n"},
              {"count-refused", "unit=value\nregion=One\n"},
              {"bool-up", "unit=status\nregion=One\n"}};
  struct fixture *f = *state;
  for (int ids = 0; ids < 2; ids++) {
    f->config.style.metadata = ids ? METADATA_IDS : METADATA_NONE;
    begin_in(f, "One", false);
    stub_forget_values();
    report_walk(&f->report, &(struct walk_summary){
                                .region = "One", .ran = true, .up = true});
    assert_int_equal(stub_values(), sizeof(rows) / sizeof(rows[0]));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
      const struct stub_value *value = stub_value(i);
      assert_non_null(strstr(value->name, rows[i].name));
      assert_string_equal(value->meta, ids ? rows[i].meta : "");
    }
  }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_value_has_this_identity),
      TEST(the_host_may_be_another),
      TEST(a_region_is_told_by_the_host),
      TEST(a_value_has_the_time_of_its_sample),
      TEST(an_id_belongs_to_a_user),
      TEST(ids_at_the_edge_of_127_bytes),
      TEST(ids_that_a_writer_makes_one_are_told_apart),
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
      TEST(what_others_found_to_clash_has_its_id_from_the_start),
      TEST(ids_that_map_to_one_are_told_apart),
      TEST(two_meters_of_a_resource_do_not_clash),
      TEST(names_are_the_same_in_each_cycle_and_after_a_restart),
      TEST(a_twin_that_comes_later_renames_both_from_then_on),
      TEST(a_name_like_one_with_an_id_is_told_apart),
      TEST(a_project_of_a_shared_name_has_its_id_from_the_start),
      TEST(fields_are_words_of_formats),
      TEST(the_owner_asked_for_is_a_word_of_formats),
      TEST(resources_that_come_to_share_a_field_are_told_apart),
      TEST(nothing_is_held_behind_a_pass),
      TEST(names_wait_for_the_last_walk_of_a_pass),
      TEST(ids_do_not_wait_for_the_last_walk_of_a_pass),
      TEST(names_of_projects_do_not_wait_for_the_last_walk),
      TEST(what_is_held_is_bounded),
      TEST(shared_identities_are_bounded),
      TEST(ids_that_cannot_clash_cost_nothing),
      TEST(a_number_is_what_its_type_wants),
      TEST(a_type_of_types_db_has_its_kind),
      TEST(a_walk_reports_on_itself),
      TEST(a_walk_over_projects_tells_who_was_denied),
      TEST(values_of_a_walk_have_a_unit_and_a_region),
      TEST(a_walk_of_another_pace_says_so),
      TEST(a_walk_that_did_not_run_says_only_how_it_is),
      TEST(what_a_walk_left_is_told_until_the_next),
      TEST(an_idle_turn_did_nothing),
      TEST(what_never_was_has_no_age),
      TEST(regions_of_a_catalogue_are_told_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
