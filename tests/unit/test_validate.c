/*
 * validate: what cannot work is told before the first walk.
 */
#include "meter/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EIGHT "a.b.c.d.e.f.g.h"
#define MANY "more than 12 steps, with those of the record"

static struct listing good(void) {
  return (struct listing){.name = "servers",
                          .service = "compute",
                          .path = "/servers",
                          .record = "servers[]",
                          .id = "id"};
}

static void expect(int status, const struct error *err, const char *why) {
  assert_int_equal(status, why != NULL ? -1 : 0);
  if (why == NULL)
    return;
  assert_int_equal(err->code, ERROR_CONFIG);
  if (strstr(err->text, why) == NULL)
    fail_msg("\"%s\" is not in \"%s\"", why, err->text);
}

/* A path and its record's have 12 steps together. */
static void a_path_counts_with_its_record(void **state) {
  static const struct {
    const char *record, *field, *next, *wrong;
    enum paging_kind paging;
  } rows[] = {
      {EIGHT ".a[]", "a.b", NULL, NULL, PAGING_NONE},
      {EIGHT ".a[]", "a.b.c", NULL, MANY, PAGING_NONE},
      {"servers[]", "a", EIGHT ".a.b.c.d", NULL, PAGING_LINK},
      {"servers[]", "a", EIGHT ".a.b.c.d.e", MANY, PAGING_LINK},
      {"servers[]", "a", EIGHT ".a.b[]", NULL, PAGING_LINKS},
      {"servers[]", "a", EIGHT ".a.b.c[]", MANY, PAGING_LINKS},
  };
  (void)state;
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct listing l = good();
    struct error err;
    l.record = rows[i].record;
    l.name_field = rows[i].field;
    l.paging = (struct paging){.kind = rows[i].paging, .next = rows[i].next};
    expect(validate_listing(&l, &err), &err, rows[i].wrong);
  }
}

static void what_is_filled_in_elsewhere_is_no_field(void **state) {
  static const char *const wrong[] = {"@projec", "@project", "{id}",     "a}",
                                      "a.{b}",   "a{b",      "\"a\".{b}"};
  static const char *const right[] = {"\"@type\"", "a.\"{b}\"", "a@b",
                                      "@key",      "@value",    "^.id"};
  (void)state;
  for (size_t i = 0; i < COUNT(wrong); i++) {
    struct listing fields = good(), record = good(), next = good();
    struct error err;
    fields.user = wrong[i];
    expect(validate_listing(&fields, &err), &err, "stands in quotes");
    record.record = wrong[i];
    expect(validate_listing(&record, &err), &err, "stands in quotes");
    next.paging = (struct paging){.kind = PAGING_LINK, .next = wrong[i]};
    expect(validate_listing(&next, &err), &err, "stands in quotes");
    struct meter meter = {.name = "m", .from = &next, .value = wrong[i]};
    next = good();
    expect(validate_meter(&meter, &err), &err, "stands in quotes");
  }
  static const char *const below[] = {"@key", "@value", "^.id"};
  for (size_t i = 0; i < COUNT(below); i++) {
    struct listing record = good(), next = good();
    struct error err;
    record.record = below[i];
    expect(validate_listing(&record, &err), &err, "stands in quotes");
    next.paging = (struct paging){.kind = PAGING_LINK, .next = below[i]};
    expect(validate_listing(&next, &err), &err, "stands in quotes");
  }
  for (size_t i = 0; i < COUNT(right); i++) {
    struct listing l = good();
    struct error err;
    if (right[i][0] == '@')
      l.record = "servers.*";
    l.user = right[i];
    expect(validate_listing(&l, &err), &err, NULL);
  }
  struct listing l = good();
  struct error err;
  l.id = "{@projec}/{id}";
  expect(validate_listing(&l, &err), &err, "field \"@projec\"");
}

/* ---- listings ----------------------------------------------------------- */

#define PORTS                                                                  \
  .name = "ports", .service = "network", .record = "ports[]", .id = "id"

static const struct listing hosts = {PORTS, .path = "/hosts"};
static const struct listing by_project = {
    PORTS, .path = "/ports", .older_project = "tenant_id", .user = "user_id"};
static const struct listing each_host = {PORTS, .path = "/{project}/hosts",
                                         .scope = LISTING_PROJECT};
static const struct listing owned = {PORTS, .path = "/p", .owners = &hosts,
                                     .owner = "host"};
static const struct listing bare = {
    .name = "root", .service = "network", .path = "/"};
static const char *const accents[] = {"X-A: caf\303\251", NULL};
static const char *const likeness[] = {"X-Auth-Token-Kind: a", "Zz!9: a", NULL};
static const char *const token[] = {"X-A: 1", "X-Auth-Token: a", NULL};
static const char *const no_blank[] = {"X-A:1", NULL};

static const struct {
  struct listing listing;
  const char *wrong;
} listings[] = {
    {{PORTS, .path = "/p", .headers = accents}, NULL},
    {{PORTS, .path = "/p", .headers = likeness}, NULL},
    {{PORTS, .path = "/p",
      .paging = {.kind = PAGING_LINK, .next = "\"next.page\""}},
     NULL},
    {{PORTS, .path = "/p", .headers = token}, "the token is ours to send"},
    {{PORTS, .path = "/p", .headers = no_blank}, "expected \"Name: value\""},
    {{PORTS, .path = "/{project}/{tenant}", .scope = LISTING_PROJECT},
     "Path: only {project}, {owner}, {prefix} and {uid} are filled in"},
    {{PORTS, .path = "/p", .paced = true},
     "Paced needs Scope \"project\" or \"owner\""},
    {{PORTS, .path = "/p", .without_role = "sees none"},
     "Role and WithoutRole go together"},
    {{PORTS, .path = "/p", .paging = {.marker = "id"}},
     "Marker and Paging \"marker\" go together"},
    {{PORTS, .path = "/p",
      .paging = {.kind = PAGING_OFFSET, .total_header = "x-Z"}},
     "TotalHeader: names of headers are in lower case"},
    {{PORTS, .path = "/p", .paging = {.total_header = "x-count"}},
     "Total and TotalHeader need Paging \"marker\" or \"offset\""},
    {{PORTS, .path = "/p", .paging = {.truncated = "cut"}}, NULL},
    {{PORTS, .path = "/p",
      .paging = {.kind = PAGING_LINK, .next = "next", .truncated = "cut"}},
     NULL},
    {{PORTS, .path = "/p",
      .paging = {.kind = PAGING_MARKER, .marker = "id", .truncated = "cut"}},
     "Truncated needs Paging \"none\", \"link\" or \"links\""},
    {{PORTS, .path = "/p",
      .paging = {.kind = PAGING_OFFSET, .truncated = "cut"}},
     "Truncated needs Paging \"none\", \"link\" or \"links\""},
    {{PORTS, .path = "/p", .paging = {.truncated = "{cut}"}},
     "stands in quotes"},
    {{PORTS, .path = "/{owner}/p", .scope = LISTING_OWNER, .owners = &hosts},
     NULL},
    {{PORTS, .path = "/p", .scope = LISTING_OWNER, .owners = &hosts},
     "Scope \"owner\" and an {owner} in Path go together"},
    {{PORTS, .path = "/{owner}/p"},
     "Scope \"owner\" and an {owner} in Path go together"},
    {{PORTS, .path = "/{owner}/p", .scope = LISTING_OWNER},
     "Scope \"owner\" needs Owners, and no Owner"},
    {{PORTS, .path = "/{owner}/p", .scope = LISTING_OWNER, .owners = &hosts,
      .owner = "host"},
     "Scope \"owner\" needs Owners, and no Owner"},
    {{PORTS, .path = "/p", .owners = &hosts, .owner = "host"}, NULL},
    {{PORTS, .path = "/p", .owners = &bare, .owner = "host"},
     "Owners: that listing has no Record"},
    {{PORTS, .path = "/p", .owners = &owned, .owner = "host"},
     "Owners: that listing has owners itself"},
    {{PORTS, .path = "/p", .owners = &each_host, .owner = "host"},
     "Owners: no listing by project, and none of such a listing"},
    {{PORTS, .path = "/{project}/p", .scope = LISTING_PROJECT, .owners = &hosts,
      .owner = "host"},
     "Owners: no listing by project, and none of such a listing"},
    {{.name = "root",
      .service = "network",
      .path = "/",
      .owners = &hosts,
      .owner = "host"},
     "Record is missing: ID, Paging, Truncated, Owners and Fields need one"},
    {{PORTS, .path = "/p", .name_field = "{@owner}"},
     "{@owner} and {@owner_name} need Scope \"owner\""},
    {{PORTS, .path = "/p", .name_field = "{@owner_name}"},
     "{@owner} and {@owner_name} need Scope \"owner\""},
    {{PORTS, .path = "/p", .name_field = "{@project}"},
     "{@project} in ID or Name needs Scope \"project\""},
};

static void what_a_listing_says_fits_together(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(listings); i++) {
    struct error err = {0};
    expect(validate_listing(&listings[i].listing, &err), &err,
           listings[i].wrong);
  }
}

/* Behind a longer one the reason would be lost. */
static void a_long_id_is_refused(void **state) {
  char id[301];
  struct listing l = good();
  struct error err;
  (void)state;
  memset(id, 'x', sizeof(id));
  l.id = id;
  id[200] = '\0';
  expect(validate_listing(&l, &err), &err, NULL);
  id[200] = 'x';
  id[201] = '\0';
  expect(validate_listing(&l, &err), &err, "ID is too long");
  id[201] = 'x';
  id[0] = '{';
  id[300] = '\0';
  expect(validate_listing(&l, &err), &err, "ID is too long");
}

/* ---- meters ------------------------------------------------------------- */

#define METER .name = "port", .from = &hosts
#define SUMMED .name = "port", .from = &by_project, .total = TOTAL_SUM
#define SIXTY_THREE                                                            \
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"

static const char *const groups[] = {"down", NULL};
static const char *const texts[] = {SIXTY_THREE, NULL};
static const char *const long_texts[] = {"up", SIXTY_THREE "f", NULL};
static const struct state long_state[] = {{SIXTY_THREE, 1}, {NULL, 0}};

static const struct {
  struct meter meter;
  const char *wrong;
} meters[] = {
    {{METER, .of = METER_REQUEST, .value = REQUEST_BYTES}, NULL},
    {{METER, .of = METER_ANSWER, .value = "@project"}, "stands in quotes"},
    {{METER, .of = METER_HEADERS, .value = "sum(x-count)"},
     "sum() and count() are of lists; headers have none"},
    {{METER, .of = METER_HEADERS}, "Of \"headers\" needs a Value"},
    {{METER, .of = METER_HEADERS, .value = "x-count",
      .when = {.field = "X-Kind"}},
     "When: names of headers are in lower case"},
    {{METER, .when = {.field = "OS-EXT:kind"}}, NULL},
    {{METER, .when = {.field = "kind", .texts = texts}}, NULL},
    {{METER, .when = {.field = "kind", .texts = long_texts}},
     "Is or IsNot: a text of more than 63 bytes"},
    {{METER, .total = TOTAL_COUNT, .groups = groups},
     "Group needs GroupBy, and Aggregate \"count\" or \"sum\""},
    {{.name = "port",
      .from = &each_host,
      .total = TOTAL_COUNT,
      .group = METER_BY_PROJECT},
     NULL},
    {{.name = "port",
      .from = &owned,
      .total = TOTAL_COUNT,
      .group = METER_BY_PROJECT},
     "GroupBy: records of this listing have no project"},
    {{SUMMED, .value = "n", .group = METER_BY_PROJECT}, NULL},
    {{SUMMED, .value = "n", .group = METER_BY_USER}, NULL},
    {{SUMMED, .of = METER_ANSWER, .value = "n", .group = METER_BY_PROJECT},
     "GroupBy: records of this listing have no project"},
    {{SUMMED, .of = METER_ANSWER, .value = "n", .group = METER_BY_USER},
     "GroupBy: records of this listing have no user"},
    {{METER, .value = "status", .states = long_state}, NULL},
    {{METER, .value = "\"a b(\"", .states = long_state}, NULL},
    {{METER, .value = "a + b", .states = long_state},
     "State needs one field as Value"},
    {{METER, .value = "abs(a)", .states = long_state},
     "State needs one field as Value"},
};

static void what_a_meter_says_fits_together(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(meters); i++) {
    struct error err = {0};
    expect(validate_meter(&meters[i].meter, &err), &err, meters[i].wrong);
  }
}

/* The meters m0, m1 and so on, each with a field of its own. */
static int try_many(size_t n, bool metadata, struct error *err) {
  static const char *const tags[] = {"tag", NULL};
  static char names[METER_FIELDS + 1][8];
  struct meter many[METER_FIELDS + 1];
  const struct meter *group[METER_FIELDS + 1];
  struct listing listing = good();
  listing.metadata = tags;
  for (size_t i = 0; i < n; i++) {
    snprintf(names[i], sizeof(names[i]), "m%zu", i);
    many[i] =
        (struct meter){.name = names[i], .from = &listing, .value = names[i]};
    group[i] = &many[i];
  }
  return validate_walk(group, n, metadata, err);
}

/* With the id they are 112. */
static void meters_of_a_walk_have_so_many_fields_together(void **state) {
  static const char why[] = "listing \"servers\": more than 112 fields; leave "
                            "out meters or give some another Interval";
  struct error err;
  (void)state;
  expect(try_many(METER_FIELDS - 1, false, &err), &err, NULL);
  expect(try_many(METER_FIELDS, false, &err), &err, why);
  expect(try_many(METER_FIELDS - 2, true, &err), &err, NULL);
  expect(try_many(METER_FIELDS - 1, true, &err), &err, why);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_path_counts_with_its_record),
      cmocka_unit_test(what_is_filled_in_elsewhere_is_no_field),
      cmocka_unit_test(what_a_listing_says_fits_together),
      cmocka_unit_test(a_long_id_is_refused),
      cmocka_unit_test(what_a_meter_says_fits_together),
      cmocka_unit_test(meters_of_a_walk_have_so_many_fields_together),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
