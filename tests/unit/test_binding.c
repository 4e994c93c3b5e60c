/* What binding.h promises: which cells an answer is searched for, and what
 * paging needs to know of them. */
#include "stub/row.h"

#include "meter/pieces.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- ids ---------------------------------------------------------------- */

static bool make_id(const char *format, const char *project, char *dst,
                    size_t size) {
  struct listing listing = row_listing;
  listing.id = format;
  const struct meter meter = {.name = "m", .from = &listing};
  struct binding *b = row_bind(&listing, &meter, 1);
  size_t n;
  const struct extract_field *fields = binding_fields(b, METER_RECORD, &n);
  for (size_t i = 0; i < n; i++) {
    if (strcmp(fields[i].path, "id") == 0)
      row_set(&row[i], CELL_STRING, "i1");
    else if (strcmp(fields[i].path, "number") == 0)
      row_set(&row[i], CELL_NUMBER, "17");
    else if (strcmp(fields[i].path, "empty") == 0)
      row_set(&row[i], CELL_STRING, "");
    else if (strcmp(fields[i].path, "true") == 0)
      row_set(&row[i], CELL_TRUE, "");
    else
      row_set(&row[i], CELL_NULL, "");
  }
  const struct asked asked = {.id = project, .name = "host"};
  const char *id =
      binding_id(b, row, project != NULL ? &asked : NULL, dst, size);
  if (id != NULL && id != dst)
    strcpy(dst, id);
  binding_free(b);
  return id != NULL;
}

static void ids_are_fields_or_texts_with_fields(void **state) {
  (void)state;
  static const struct {
    const char *format, *project, *want; /* NULL: an odd record */
  } rows[] = {
      {"id", NULL, "i1"},
      {"number", NULL, "17"},
      {"{id}", NULL, "i1"},
      {"{id}@{number}", NULL, "i1@17"},
      {"a{id}b{number}c", NULL, "ai1b17c"},
      {"{@project}/{id}", "p", "p/i1"},
      {"{@project}", "p", "p"},
      {"{@owner}/{id}", "p", "p/i1"},
      {"{@owner_name}/{id}", "p", "host/i1"},
      {"{@owner}", NULL, NULL},
      {"{@owner_name}", NULL, NULL},
      {"{id}{id}{id}{id}{id}{id}", NULL, "i1i1i1i1i1i1"},
      {"'a'", NULL, "a"},
      {"a}{id}", NULL, "a}i1"},
      {"'id", NULL, NULL},
      {"'default'", NULL, "default"},
      {"'{@project}'", "p", "{@project}"},
      {"{@project}/{id}", NULL, NULL},
      {"{@project}", "", NULL},
      {"empty", NULL, NULL},
      {"null", NULL, NULL},
      {"true", NULL, NULL},
      {"{id}/{null}", NULL, NULL},
      {NULL, NULL, NULL},
  };
  char id[64];
  for (size_t i = 0; i < COUNT(rows); i++) {
    bool has = make_id(rows[i].format, rows[i].project, id, sizeof(id));
    assert_int_equal(has, rows[i].want != NULL);
    if (has)
      assert_string_equal(id, rows[i].want);
  }
}

static void an_id_that_does_not_fit_is_none(void **state) {
  (void)state;
  char id[8] = "";
  assert_true(make_id("{id}/{number}-", NULL, id, 7));
  assert_string_equal(id, "i1/17-");
  assert_false(make_id("{id}/{number}-", NULL, id, 6));
  assert_false(make_id("{id}/{number}-", NULL, id, 1));
  assert_true(make_id("{id}/{number}", NULL, id, 6));
  assert_string_equal(id, "i1/17");
  assert_false(make_id("{id}/{number}", NULL, id, 5));

  const struct meter meter = {.name = "m", .from = &row_listing};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  char large[CELL_TEXT];
  row_set(row_field(b, METER_RECORD, "id"), CELL_STRING, "cut");
  row_field(b, METER_RECORD, "id")->cut = true;
  assert_null(binding_id(b, row, NULL, large, sizeof(large)));
  binding_free(b);
}

/* ---- pages -------------------------------------------------------------- */

static void markers_and_numbers_of_records_are_read(void **state) {
  (void)state;
  struct listing listing = row_listing;
  listing.paging = (struct paging){.kind = PAGING_MARKER,
                                   .marker = "name",
                                   .total_header = "x-count",
                                   .total = "meta.count"};
  const struct meter meter = {.name = "m", .from = &listing};
  struct binding *b = row_bind(&listing, &meter, 1);
  assert_null(binding_marker(b, row));
  assert_true(isnan(binding_expected(b, METER_HEADERS, row)));
  row_set(row_field(b, METER_RECORD, "name"), CELL_STRING, " last ");
  assert_string_equal(binding_marker(b, row), " last ");
  row_set(row_field(b, METER_HEADERS, "x-count"), CELL_NUMBER, "10001");
  assert_true(binding_expected(b, METER_HEADERS, row) == 10001);
  row_set(row_field(b, METER_ANSWER, "meta.count"), CELL_NUMBER, "12");
  assert_true(binding_expected(b, METER_ANSWER, row) == 12);
  row_set(row_field(b, METER_ANSWER, "meta.count"), CELL_STRING, "many");
  assert_true(isnan(binding_expected(b, METER_ANSWER, row)));
  binding_free(b);
}

/* Each where the listing says, and nowhere else. */
static void the_number_of_records_has_one_place(void **state) {
  (void)state;
  static const struct {
    struct paging paging;
    enum meter_of has, lacks;
  } rows[] = {
      {{.kind = PAGING_OFFSET, .total = "n"}, METER_ANSWER, METER_HEADERS},
      {{.kind = PAGING_OFFSET, .total_header = "n"},
       METER_HEADERS,
       METER_ANSWER}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct listing listing = row_listing;
    listing.paging = rows[i].paging;
    const struct meter meter = {.name = "m", .from = &listing};
    struct binding *b = row_bind(&listing, &meter, 1);
    row_set(row_field(b, rows[i].has, "n"), CELL_NUMBER, "12");
    assert_true(binding_expected(b, rows[i].has, row) == 12);
    assert_true(isnan(binding_expected(b, rows[i].lacks, row)));
    binding_free(b);
  }
}

/* ---- fields ------------------------------------------------------------- */

static void fields_are_asked_for_once(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "a", .from = &row_listing, .value = "size"},
      {.name = "b", .from = &row_listing, .value = "size * 2"},
      {.name = "c", .from = &row_listing, .value = "sum(size)"},
      {.name = "d", .from = &row_listing, .of = METER_ANSWER, .value = "size"}};
  struct binding *b = row_bind(&row_listing, meters, 4);
  size_t n;
  binding_fields(b, METER_RECORD, &n);
  assert_int_equal(n, 4 + 2); /* id, owner, user, name; size, and its sum */
  binding_fields(b, METER_ANSWER, &n);
  assert_int_equal(n, 1);
  binding_free(b);
}

/* Of a list all elements. */
static void a_record_is_searched_for_what_its_samples_say(void **state) {
  static const char *const metadata[] = {"flavor", "tags[]", NULL};
  static const char *const zone[] = {"zone", NULL};
  static const struct {
    struct meter meter;
    const char *fields; /* '*': all elements as one text */
  } rows[] = {
      {{.value = "size"}, "id owner host user name size flavor tags[]* zone "},
      {{.total = TOTAL_COUNT}, "id owner host "}, /* it has no name */
      {{.total = TOTAL_COUNT, .group = "zone"}, "id owner host zone "},
      {{.total = TOTAL_COUNT, .group = "user"}, "id owner host user "},
      {{.of = METER_HEADERS, .value = "x"}, "id owner host "},
      {{.of = METER_ANSWER, .value = "x"}, "id owner host "},
      {{.of = METER_REQUEST, .value = "@status"}, "id owner host "}};
  struct listing listing = row_listing;
  (void)state;
  listing.metadata = metadata;
  listing.owner = "host";
  for (size_t i = 0; i < COUNT(rows); i++) {
    char got[100] = "";
    struct meter meter = rows[i].meter;
    size_t n;
    meter.name = "m";
    meter.named = zone;
    struct binding *b = row_bind(&listing, &meter, 1);
    const struct extract_field *fields = binding_fields(b, METER_RECORD, &n);
    for (size_t j = 0; j < n; j++) {
      strcat(got, fields[j].path);
      strcat(got, fields[j].mode == EXTRACT_JOIN ? "* " : " ");
    }
    assert_string_equal(got, rows[i].fields);
    binding_free(b);
  }
}

static void only_header_meters_need_no_body(void **state) {
  static const struct {
    enum meter_of of[2];
    bool needs;
  } rows[] = {{{METER_HEADERS, METER_HEADERS}, false},
              {{METER_HEADERS, METER_REQUEST}, false},
              {{METER_REQUEST, METER_REQUEST}, true}, /* for its bytes */
              {{METER_HEADERS, METER_ANSWER}, true},
              {{METER_HEADERS, METER_RECORD}, true}};
  (void)state;
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct meter meters[2];
    for (size_t j = 0; j < 2; j++)
      meters[j] = (struct meter){
          .name = "m", .from = &row_listing, .of = rows[i].of[j], .value = "x"};
    struct binding *b = row_bind(&row_listing, meters, 2);
    assert_int_equal(binding_needs_body(b), rows[i].needs);
    binding_free(b);
  }
}

static void what_cannot_be_bound_says_why(void **state) {
  (void)state;
  static const struct {
    const char *id, *value, *want;
  } rows[] = {
      {"id", "size +",
       "meter \"m\": expression \"size +\": expected a number or a field at"
       " \"\""},
      {"id", "a..b",
       "meter \"m\": path \"a..b\": a name is missing or its quote does not"
       " close"},
      {"{a}{b}{c}{d}{e}{f}{g}", "size",
       "id \"{a}{b}{c}{d}{e}{f}{g}\" has too many parts"},
      {"{a}-{b", "size", "id \"{a}-{b\" has a brace that does not close"},
      {"{}", "size", "id \"{}\" has a brace without a field"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct listing listing = row_listing;
    listing.id = rows[i].id;
    const struct meter meter = {
        .name = "m", .from = &listing, .value = rows[i].value};
    const struct meter *list[] = {&meter};
    struct error err = {0};
    assert_null(binding_new(&listing, list, 1, false, &err));
    assert_int_equal(err.code, ERROR_CONFIG);
    assert_string_equal(err.text, rows[i].want);
  }
}

static void more_fields_than_there_may_be_are_refused(void **state) {
  (void)state;
  static char names[METER_FIELDS][8];
  static const char *metadata[METER_FIELDS + 1];
  struct listing listing = row_listing;
  const struct meter meter = {.name = "m", .from = &listing};
  const struct meter *list[] = {&meter};
  struct error err = {0};
  for (size_t i = 0; i < METER_FIELDS; i++) {
    snprintf(names[i], sizeof(names[i]), "f%zu", i);
    metadata[i] = names[i];
  }
  listing.metadata = metadata;
  assert_null(binding_new(&listing, list, 1, true, &err));
  assert_int_equal(err.code, ERROR_CONFIG);
  assert_string_equal(err.text, "more than 112 fields");
  metadata[METER_FIELDS - 4] = NULL; /* with id, name, owner, user: 112 */
  struct binding *b = binding_new(&listing, list, 1, true, &err);
  assert_non_null(b);
  binding_free(b);
  binding_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(ids_are_fields_or_texts_with_fields, row_clear),
      cmocka_unit_test_setup(an_id_that_does_not_fit_is_none, row_clear),
      cmocka_unit_test_setup(markers_and_numbers_of_records_are_read,
                             row_clear),
      cmocka_unit_test_setup(the_number_of_records_has_one_place, row_clear),
      cmocka_unit_test_setup(fields_are_asked_for_once, row_clear),
      cmocka_unit_test_setup(a_record_is_searched_for_what_its_samples_say,
                             row_clear),
      cmocka_unit_test_setup(only_header_meters_need_no_body, row_clear),
      cmocka_unit_test_setup(what_cannot_be_bound_says_why, row_clear),
      cmocka_unit_test_setup(more_fields_than_there_may_be_are_refused,
                             row_clear),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
