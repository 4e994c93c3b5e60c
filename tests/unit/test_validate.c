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
  static const char *const wrong[] = {"@projec", "@project", "{id}", "a}",
                                      "a.{b}"};
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

/* Behind it the reason would be lost. */
static void a_long_id_is_refused(void **state) {
  char id[301];
  struct listing l = good();
  struct error err;
  (void)state;
  memset(id, 'x', sizeof(id));
  id[0] = '{';
  id[300] = '\0';
  l.id = id;
  expect(validate_listing(&l, &err), &err, "ID is too long");
}

/* The meters m0, m1 and so on, each with a field of its own. */
static int try_many(size_t n, bool metadata, struct error *err) {
  static const char *const tags[] = {"tag", NULL};
  static char names[METER_FIELDS + 1][8];
  struct meter meters[METER_FIELDS + 1];
  const struct meter *group[METER_FIELDS + 1];
  struct listing listing = good();
  listing.metadata = tags;
  for (size_t i = 0; i < n; i++) {
    snprintf(names[i], sizeof(names[i]), "m%zu", i);
    meters[i] =
        (struct meter){.name = names[i], .from = &listing, .value = names[i]};
    group[i] = &meters[i];
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
      cmocka_unit_test(a_long_id_is_refused),
      cmocka_unit_test(meters_of_a_walk_have_so_many_fields_together),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
