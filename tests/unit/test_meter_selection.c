/*
 * meter_selection: which meters a cloud reports, and what <Meter> blocks
 * change.
 */
#include "stub/configuration.h"

#include "base/text.h"
#include "config/plugin_options.h"
#include "meters/meters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CLOUD                                                                  \
  "<Cloud \"prod\">\nAuthURL \"https://k\"\nToken \"t\"\nInterval 300\n"
#define IMAGES CLOUD "Meter \"image\"\nMeter \"image.size\"\n"
#define END "</Cloud>\n"
#define OWN                                                                    \
  "<Listing \"machines\">\nService \"compute\"\nPath \"/servers\"\n"           \
  "Record \"servers[]\"\nID \"id\"\nPaging \"none\"\n</Listing>\n"             \
  "<Meter \"server\">\nListing \"machines\"\n</Meter>\n"

static int setup(void **state) {
  struct plugin_options *options = calloc(1, sizeof(*options));
  *options = (struct plugin_options)PLUGIN_OPTIONS_INIT;
  *state = options;
  heard_forget();
  return 0;
}

static int teardown(void **state) {
  plugin_options_clear(*state);
  free(*state);
  return 0;
}

static int read_text(struct plugin_options *options, const char *text) {
  char *whole = text_printf("<Plugin openstack>\n%s</Plugin>\n", text);
  struct config_item *root = config_text(whole);
  int status =
      plugin_options_read(options, root->children, root->nchildren, &heard);
  config_text_free(root);
  free(whole);
  return status;
}

static const struct cloud_config *cloud_of(struct plugin_options *options,
                                           const char *text) {
  if (read_text(options, text) != 0)
    fail_msg("%s", heard_line(0, NULL));
  return options->clouds[options->nclouds - 1];
}

static const struct cloud_meter *find(const struct cloud_config *cloud,
                                      const char *name) {
  for (size_t i = 0; i < cloud->nmeters; i++)
    if (strcmp(cloud->meters[i].meter.name, name) == 0)
      return &cloud->meters[i];
  return NULL;
}

static bool is_format(const struct name_format *format, const char *words) {
  struct name_format want;
  struct error err;
  assert_int_equal(name_format_read(words, &want, &err), 0);
  return want.n == format->n &&
         memcmp(want.words, format->words, want.n * sizeof(want.words[0])) == 0;
}

/* ---- which -------------------------------------------------------------- */

static void own_meters_are_in_the_default_set(void **state) {
  const struct cloud_config *c = cloud_of(*state, OWN CLOUD END);
  assert_non_null(find(c, "server"));
  assert_non_null(find(c, "image"));
  assert_non_null(find(c, "volume.size.by_project"));
  assert_null(find(c, "radosgw.objects"));
}

#define CHOICES                                                                \
  OWN "<Meter \"server.size\">\nListing \"machines\"\nChosenBy \"always\"\n"   \
      "</Meter>\n<Meter \"server.count\">\nListing \"machines\"\n"             \
      "Aggregate \"count\"\nChosenBy \"pattern\"\n</Meter>\n"                  \
      "<Meter \"server.status\">\nListing \"machines\"\n"                      \
      "ChosenBy \"name\"\n</Meter>\n" CLOUD

/* Many series, or many requests, are not had by mistake. */
static void a_meter_says_what_chooses_it(void **state) {
  (void)state;
  static const struct {
    const char *patterns, *chosen; /* one letter for each meter */
  } rows[] = {
      {"", "s"},
      {"Meter \"!image\"\n", "s"},
      {"Meter \"!server.size\"\n", ""},
      {"Meter \"*\"\n", "sc"},
      {"Meter \"server.*\"\n", "sc"},
      {"Meter \"!image\"\nMeter \"server.*\"\n", "sc"},
      {"Meter \"server.count\"\n", "c"},
      {"Meter \"server.status\"\n", "t"},
      {"Meter \"server.status\"\nMeter \"*\"\n", "sct"},
      {"Meter \"*\"\nMeter \"server.status\"\n", "sct"},
      {"Meter \"server.status\"\nMeter \"image\"\nMeter \"!*.status\"\n", ""},
  };
  static const char *const names[] = {"server.size", "server.count",
                                      "server.status"};
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct plugin_options options = PLUGIN_OPTIONS_INIT;
    char *text = text_printf("%s%s%s", CHOICES, rows[i].patterns, END);
    const struct cloud_config *c = cloud_of(&options, text);
    char chosen[COUNT(names) + 1] = "", *end = chosen;
    for (size_t n = 0; n < COUNT(names); n++)
      if (find(c, names[n]) != NULL)
        *end++ = "sct"[n];
    if (strcmp(chosen, rows[i].chosen) != 0)
      fail_msg("%s chooses \"%s\"", rows[i].patterns, chosen);
    free(text);
    plugin_options_clear(&options);
  }
}

static void a_pattern_for_full_names_alone_says_so(void **state) {
  assert_int_not_equal(
      read_text(*state, CHOICES "Meter \"server.stat*\"\n" END), 0);
  assert_non_null(strstr(heard_line(0, NULL),
                         "Meter \"server.stat*\": fits only meters that are "
                         "chosen by their full names: server.status"));
}

/* It does not matter where in the block they stand. */
static void patterns_know_own_meters(void **state) {
  const struct plugin_options *options = *state;
  cloud_of(*state, CLOUD "Meter \"serv*\"\n" END OWN
                         "<Cloud \"two\">\nAuthURL \"https://k\"\n"
                         "Token \"t\"\nMeter \"server\"\n" END);
  assert_int_equal(options->nclouds, 2);
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(options->clouds[i]->nmeters, 1);
    assert_string_equal(options->clouds[i]->meters[0].meter.name, "server");
  }
}

/* ---- how ---------------------------------------------------------------- */

static void a_block_changes_and_does_not_choose(void **state) {
  const struct cloud_config *c = cloud_of(
      *state, IMAGES "<Meter \"image.size\">\nInterval 60\n</Meter>\n" END);
  assert_int_equal(c->nmeters, 2);
  assert_int_equal(find(c, "image")->interval_ms, 300000);
  assert_int_equal(find(c, "image.size")->interval_ms, 60000);
}

/* A cloud lengthens a listing's interval, and only a block shortens it. */
static void a_listing_has_a_shortest_interval(void **state) {
#define HOURLY                                                                 \
  "<Listing \"quotas\">\nService \"compute\"\nPath \"/quotas\"\n"              \
  "Record \"quotas[]\"\nPaging \"none\"\nID \"id\"\nInterval "                 \
  "3600\n</Listing>\n"                                                         \
  "<Meter \"quota\">\nListing \"quotas\"\nUnit \"q\"\n</Meter>\n"
#define BOTH                                                                   \
  "AuthURL \"https://k\"\nToken \"t\"\nMeter \"image\"\nMeter \"quota\"\n"
  const struct plugin_options *options = *state;
  cloud_of(*state,
           HOURLY "<Cloud \"a\">\n" BOTH END
                  "<Cloud \"b\">\nInterval 60\n" BOTH END "<Cloud \"c\">\n" BOTH
                  "<Meter \"quota\">\nInterval 20\n</Meter>\n" END
                  "<Cloud \"d\">\nInterval 7200\n" BOTH END);
  assert_int_equal(options->nclouds, 4);
  struct cloud_config *const *c = options->clouds;
  assert_int_equal(find(c[0], "quota")->interval_ms, 3600000);
  assert_int_equal(find(c[0], "image")->interval_ms, 300000);
  assert_int_equal(c[0]->interval_ms, 300000);
  assert_int_equal(find(c[1], "quota")->interval_ms, 3600000);
  assert_int_equal(find(c[1], "image")->interval_ms, 60000);
  assert_int_equal(find(c[2], "quota")->interval_ms, 20000);
  assert_int_equal(find(c[2], "image")->interval_ms, 300000);
  assert_int_equal(find(c[3], "quota")->interval_ms, 7200000);
  assert_int_equal(find(c[3], "image")->interval_ms, 7200000);
}

static void a_block_may_change_all_of_these(void **state) {
  const struct cloud_config *c = cloud_of(
      *state, IMAGES "<Meter \"image.size\">\nType \"objects\"\nUnit \"o\"\n"
                     "Metadata \"none\"\nMaxSeries 7\n"
                     "HostnameFormat \"project_name\"\n"
                     "PluginInstanceFormat \"name id\"\n"
                     "TypeInstanceFormat \"resource_type\" \"meter\"\n"
                     "</Meter>\n" END);
  const struct cloud_meter *m = find(c, "image.size");
  assert_string_equal(m->meter.type, "objects");
  assert_string_equal(m->meter.unit, "o");
  assert_int_equal(m->meter.max_series, 7);
  assert_int_equal(m->style.metadata, METADATA_NONE);
  assert_true(is_format(&m->style.host, "project_name"));
  assert_true(is_format(&m->style.instance, "name id"));
  assert_true(is_format(&m->style.type_instance, "resource_type meter"));
  /* And nothing of the others. */
  m = find(c, "image");
  assert_string_equal(meter_type(&m->meter), "gauge");
  assert_int_equal(m->meter.max_series, 100000);
  assert_int_equal(m->style.metadata, METADATA_IDS);
  assert_true(is_format(&m->style.instance, "id"));
}

static void a_meter_becomes_a_total(void **state) {
  const struct cloud_config *c =
      cloud_of(*state, CLOUD "Meter \"volume.size\"\n"
                             "<Meter \"volume.size\">\nAggregate \"sum\"\n"
                             "GroupBy \"status\"\n</Meter>\n" END);
  assert_int_equal(c->meters[0].meter.total, TOTAL_SUM);
  assert_string_equal(c->meters[0].meter.group, "status");
  plugin_options_clear(*state);
  c = cloud_of(*state, CLOUD "Meter \"volume.size\"\n"
                             "<Meter \"volume.size\">\nAggregate \"sum\"\n"
                             "GroupBy \"PROJECT\"\n</Meter>\n" END);
  assert_string_equal(c->meters[0].meter.group, "project");
}

static void and_a_total_a_meter(void **state) {
  const struct cloud_config *c =
      cloud_of(*state, CLOUD "Meter \"volume.size.*\"\n"
                             "<Meter \"*.by_project\">\nAggregate \"none\"\n"
                             "</Meter>\n" END);
  assert_int_equal(find(c, "volume.size.total")->meter.total, TOTAL_SUM);
  assert_int_equal(find(c, "volume.size.by_project")->meter.total, TOTAL_NONE);
  assert_null(find(c, "volume.size.by_project")->meter.group);
}

static void blocks_are_taken_in_their_order(void **state) {
  const struct cloud_config *c = cloud_of(
      *state, IMAGES "<Meter \"image*\">\nInterval 60\nMaxSeries 5\n</Meter>\n"
                     "<Meter \"image\">\nInterval 10\n</Meter>\n" END);
  assert_int_equal(find(c, "image")->interval_ms, 10000);
  assert_int_equal(find(c, "image")->meter.max_series, 5);
  assert_int_equal(find(c, "image.size")->interval_ms, 60000);
}

static void the_cloud_decides_for_all(void **state) {
  const struct cloud_config *c =
      cloud_of(*state, OWN IMAGES "Meter \"server\"\nMaxSeries 9\n"
                                  "HostnameFormat \"cloud region\"\n"
                                  "PluginInstanceFormat \"project id\"\n"
                                  "TypeInstanceFormat \"meter name\"\n" END);
  for (size_t i = 0; i < c->nmeters; i++) {
    assert_int_equal(c->meters[i].meter.max_series, 9);
    assert_true(is_format(&c->meters[i].style.host, "cloud region"));
    assert_true(is_format(&c->meters[i].style.instance, "project id"));
    assert_true(is_format(&c->meters[i].style.type_instance, "meter name"));
  }
}

/* Of a record's own value only: all else is of no record. */
static void fields_of_formats_are_bound(void **state) {
  const struct cloud_config *c = cloud_of(
      *state, CLOUD "PluginInstanceFormat \"name {status}\"\n"
                    "Meter \"volume.size*\"\nMeter \"storage.objects\"\n"
                    "Meter \"image.api.up\"\n"
                    "<Meter \"volume.size\">\nHostnameFormat \"{a} cloud\"\n"
                    "TypeInstanceFormat \"meter {b[].c}\"\n</Meter>\n" END);
  const char *const *named = find(c, "volume.size")->meter.named;
  assert_string_equal(named[0], "a");
  assert_string_equal(named[1], "status");
  assert_string_equal(named[2], "b[].c");
  assert_null(named[3]);
  assert_null(find(c, "volume.size.total")->meter.named);
  assert_null(find(c, "volume.size.by_project")->meter.named);
  assert_null(find(c, "storage.objects")->meter.named); /* of a header */
  assert_null(find(c, "image.api.up")->meter.named);
  assert_int_equal(heard_lines(), 0);
}

/* ---- what is wrong ------------------------------------------------------ */

#define C "config: <Cloud \"prod\">: "
#define WORDS                                                                  \
  "the words are cloud, region, meter, id, name, project, project_name, "      \
  "domain_name, user, resource_type, {@owner}, {@owner_name}, {field}"

static const char *const mistakes[][2] = {
    {IMAGES "PluginInstanceFormat \"id {a[}\"\n" END,
     C "PluginInstanceFormat \"{a[}\": image: path \"a[\": a name is missing "
       "or its "
       "quote does not close"},
    {IMAGES "<Meter \"image.size\">\nHostnameFormat \"{@age}\"\n</Meter>\n" END,
     C
     "HostnameFormat \"{@age}\": image.size: field \"@age\": a name with a "
     "brace, or a \"@\" at its beginning, stands in quotes; only @key, @value "
     "and, in ID, Name, GroupBy and formats, {@project}, {@owner} and "
     "{@owner_name} are known"},
    {IMAGES "PluginInstanceFormat \"{@owner_name} name\"\n" END,
     C "PluginInstanceFormat: image: {@owner} and {@owner_name} need a listing "
       "with Scope \"owner\", and \"images\" has another"},
    {CLOUD "<Meter \"volume.size\">\nHostnameFormat \"{@Owner}\"\n"
           "</Meter>\n" END,
     C "HostnameFormat: volume.size: {@owner} and {@owner_name} need a listing "
       "with Scope \"owner\", and \"volumes\" has another"},
    {IMAGES "TypeInstanceFormat \"meter {@key}\"\n" END, C
     "TypeInstanceFormat \"{@key}\": image: \"@key\": the path of the record, "
     "\"images[]\", does not end in \"*\""},
    {IMAGES "<Meter \"image.sise\">\nInterval 60\n</Meter>\n" END,
     C "Meter \"image.sise\": no such meter; near it: image.size, image.age"},
    {IMAGES "<Meter \"volume.size\">\nInterval 60\n</Meter>\n" END,
     C "<Meter \"volume.size\">: no chosen meter matches; the line Meter "
       "\"volume.size\" chooses"},
    {IMAGES "<Meter \"!\">\nInterval 60\n</Meter>\n" END,
     C "Meter \"!\": no such meter"},
    {IMAGES "<Meter \"!image.sise\">\nInterval 60\n</Meter>\n" END,
     C "Meter \"!image.sise\": no such meter; near it: image.size, image.age"},
    {IMAGES "<Meter>\nInterval 60\n</Meter>\n" END,
     C "Meter: needs one pattern in quotes"},
    {IMAGES "<Meter \"image\">\nInterval 0\n</Meter>\n" END,
     C "<Meter \"image\">: Interval 0: must be from 0.1 to 604800"},
    {IMAGES "<Meter \"image\">\nValue \"size\"\n</Meter>\n" END,
     C "<Meter \"image\">: Value (hidden): no such option"},
    {IMAGES "<Meter \"image\">\nGroupBy \"owner\"\n</Meter>\n" END,
     C "<Meter \"image\">: GroupBy needs Aggregate"},
    {IMAGES "<Meter \"image\">\nAggregate \"sum\"\n</Meter>\n" END,
     C "<Meter \"image\">: Value is missing"},
    {IMAGES "<Meter \"image\">\nUnit \"a\"\nUnit \"b\"\n</Meter>\n" END,
     C "<Meter \"image\">: Unit \"b\": given twice"},
    {IMAGES "<Meter \"image\">\nHostnameFormat \"\"\n</Meter>\n" END,
     C "<Meter \"image\">: HostnameFormat \"\": there is no word in it"},
    {IMAGES "PluginInstanceFormat \"uuid\"\n" END,
     C "PluginInstanceFormat \"uuid\": no such word: \"uuid\"; " WORDS},
    {IMAGES "HostnameFormat 5\n" END,
     C "HostnameFormat 5: expected words in quotes"},
    {IMAGES "HostnameFormat \"id id id id id id id id id\"\n" END,
     C "HostnameFormat \"id id id id id id id id id\": more than 8 words"},
    {IMAGES "TypeInstanceFormat \"name\"\n" END,
     C "TypeInstanceFormat: one of the formats must have the word meter, or "
       "meters could not be told apart"},
    {IMAGES "<Meter \"image\">\nTypeInstanceFormat \"name\"\n</Meter>\n" END,
     C "TypeInstanceFormat: one of the formats must have the word meter, or "
       "meters could not be told apart"},
    {IMAGES "MaxSeries 1.5\n" END, C "MaxSeries 1.5: expected a whole number"},
    {IMAGES "MaxSeries 1000000001\n" END,
     C "MaxSeries 1000000001: must be from 0 to 1000000000"},
};

static void each_mistake_is_one_line(void **state) {
  for (size_t i = 0; i < COUNT(mistakes); i++) {
    heard_forget();
    assert_int_equal(read_text(*state, mistakes[i][0]), -1);
    assert_int_equal(heard_lines(), 1);
    assert_string_equal(heard_line(0, NULL), mistakes[i][1]);
    plugin_options_clear(*state);
  }
}

/* Sixty meters on images, each of a field of its own. */
static char *sixty_and(const char *cloud) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  for (int i = 0; i < 60; i++)
    fprintf(out,
            "<Meter \"m%02d\">\nListing \"images\"\nValue \"f%d + g%d\"\n"
            "</Meter>\n",
            i, i, i);
  fputs(cloud, out);
  fclose(out);
  return text;
}

static void too_many_fields_of_a_walk_are_told_at_once(void **state) {
  static const struct {
    const char *lines;
    bool fits;
  } rows[] = {
      {CLOUD END, false},
      {CLOUD "Meter \"m*\"\n" END, false},
      {CLOUD "Meter \"m*\"\nMeter \"!m5*\"\n"
             "Meter \"!m4*\"\n" END,
       true},
      {CLOUD "<Meter \"m0*\">\nInterval 60\n</Meter>\n"
             "<Meter \"m1*\">\nInterval 60\n</Meter>\n" END,
       true},
      {CLOUD "Meter \"m*\"\nMeter \"!m5*\"\n" END, true},
      {CLOUD "Meter \"m*\"\nMeter \"!m5*\"\nMetadata \"all\"\n" END, false},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    char *text = sixty_and(rows[i].lines);
    heard_forget();
    assert_int_equal(read_text(*state, text), rows[i].fits ? 0 : -1);
    assert_int_equal(heard_lines(), rows[i].fits ? 0 : 1);
    if (!rows[i].fits)
      assert_string_equal(heard_line(0, NULL),
                          C "listing \"images\": more than 112 fields; leave "
                            "out meters or give some another Interval");
    plugin_options_clear(*state);
    free(text);
  }
}

static void a_mistake_in_a_definition_is_one_line_too(void **state) {
  assert_int_equal(read_text(*state, CLOUD END "<Listing \"a\">\n</Listing>\n"),
                   -1);
  assert_int_equal(heard_lines(), 1);
  assert_string_equal(heard_line(0, NULL),
                      "config: <Listing \"a\">: Service is missing");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(own_meters_are_in_the_default_set),
      TEST(patterns_know_own_meters),
      TEST(a_meter_says_what_chooses_it),
      TEST(a_pattern_for_full_names_alone_says_so),
      TEST(a_block_changes_and_does_not_choose),
      TEST(a_listing_has_a_shortest_interval),
      TEST(a_block_may_change_all_of_these),
      TEST(a_meter_becomes_a_total),
      TEST(and_a_total_a_meter),
      TEST(blocks_are_taken_in_their_order),
      TEST(the_cloud_decides_for_all),
      TEST(fields_of_formats_are_bound),
      TEST(each_mistake_is_one_line),
      TEST(too_many_fields_of_a_walk_are_told_at_once),
      TEST(a_mistake_in_a_definition_is_one_line_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
