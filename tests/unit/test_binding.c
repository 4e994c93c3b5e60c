/* What binding.h promises: cells become samples, each whose it is; what has no
 * value makes none. */
#include "meter/binding.h"
#include "meter/totals.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- rows of cells, and a sink ------------------------------------------ */

static const struct listing plain = {
    .name = "things",
    .record = "things[]",
    .id = "id",
    .name_field = "name",
    .project = "owner",
    .user = "user",
};

static struct binding *bind(const struct listing *listing,
                            const struct meter *meters, size_t n) {
  const struct meter *list[8];
  struct error err = {0};
  for (size_t i = 0; i < n; i++)
    list[i] = &meters[i];
  struct binding *binding = binding_new(listing, list, n, true, &err);
  if (binding == NULL)
    fail_msg("%s", err.text);
  return binding;
}

static struct cell row[EXTRACT_FIELDS];

/* Where the binding wants this field; the test fails if it does not. */
static struct cell *field(const struct binding *binding, enum meter_of of,
                          const char *path) {
  size_t n;
  const struct extract_field *fields = binding_fields(binding, of, &n);
  for (size_t i = 0; i < n; i++)
    if (strcmp(fields[i].path, path) == 0)
      return &row[i];
  fail_msg("nobody wants \"%s\"", path);
  return NULL;
}

static void set(struct cell *cell, enum cell_kind kind, const char *text) {
  cell->kind = kind;
  cell->cut = false;
  cell->len = strlen(text);
  memcpy(cell->text, text, cell->len + 1);
}

struct caught {
  size_t n;
  struct sample last;
  char id[300], project[64], name[64];
};

static void catch_sample(void *arg, const struct sample *sample) {
  struct caught *caught = arg;
  caught->n++;
  caught->last = *sample;
  snprintf(caught->id, sizeof(caught->id), "%s", sample->id);
  snprintf(caught->project, sizeof(caught->project), "%s",
           sample->project != NULL ? sample->project : "-");
  snprintf(caught->name, sizeof(caught->name), "%s",
           sample->name != NULL ? sample->name : "-");
}

static int clear_row(void **state) {
  (void)state;
  memset(row, 0, sizeof(row));
  return 0;
}

static struct caught run(const struct binding *binding, enum meter_of of,
                         struct sample_output *output) {
  struct caught caught = {.n = 0};
  struct sample_output own = {.sink = catch_sample};
  const struct subject subject = {
      .of = of, .cells = row, .id = "r1", .project = "asked"};
  if (output == NULL)
    output = &own;
  output->sink = catch_sample;
  output->arg = &caught;
  binding_samples(binding, &subject, output);
  return caught;
}

/* ---- samples ------------------------------------------------------------ */

static void a_sample_says_whose_it_is(void **state) {
  (void)state;
  const struct meter meter = {.name = "m", .from = &plain, .value = "size"};
  struct binding *b = bind(&plain, &meter, 1);
  set(field(b, METER_RECORD, "size"), CELL_NUMBER, "42");
  set(field(b, METER_RECORD, "owner"), CELL_STRING, "p1");
  set(field(b, METER_RECORD, "name"), CELL_STRING, "n1");
  set(field(b, METER_RECORD, "user"), CELL_NULL, "");
  struct caught caught = run(b, METER_RECORD, NULL);
  assert_int_equal(caught.n, 1);
  assert_true(caught.last.value == 42);
  assert_ptr_equal(caught.last.meter, &meter);
  assert_string_equal(caught.id, "r1");
  assert_string_equal(caught.project, "p1");
  assert_string_equal(caught.name, "n1");
  assert_null(caught.last.user);
  binding_free(b);
}

static void the_project_asked_for_stands_in_if_records_name_none(void **state) {
  (void)state;
  struct listing listing = plain;
  listing.project = NULL;
  const struct meter meter = {.name = "m", .from = &listing};
  struct binding *b = bind(&listing, &meter, 1);
  assert_string_equal(run(b, METER_RECORD, NULL).project, "asked");
  binding_free(b);
  /* but where records have an owner, null is null */
  b = bind(&plain, &meter, 1);
  set(field(b, METER_RECORD, "owner"), CELL_NULL, "");
  assert_string_equal(run(b, METER_RECORD, NULL).project, "-");
  binding_free(b);
}

static void without_a_value_every_record_counts_one(void **state) {
  (void)state;
  const struct meter meter = {.name = "m", .from = &plain};
  struct binding *b = bind(&plain, &meter, 1);
  struct caught caught = run(b, METER_RECORD, NULL);
  assert_int_equal(caught.n, 1);
  assert_true(caught.last.value == 1);
  binding_free(b);
}

static void no_value_is_no_sample(void **state) {
  (void)state;
  static const struct {
    enum cell_kind kind;
    const char *text;
  } cells[] = {{CELL_NONE, ""},
               {CELL_NULL, ""},
               {CELL_STRING, "12"},
               {CELL_STRING, "infinite"},
               {CELL_NUMBER, "1e999"}};
  const struct meter meter = {.name = "m", .from = &plain, .value = "size"};
  struct binding *b = bind(&plain, &meter, 1);
  for (size_t i = 0; i < COUNT(cells); i++) {
    set(field(b, METER_RECORD, "size"), cells[i].kind, cells[i].text);
    assert_int_equal(run(b, METER_RECORD, NULL).n, 0);
  }
  binding_free(b);
}

static void each_meter_looks_only_at_its_own_row(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "r", .from = &plain},
      {.name = "h", .from = &plain, .of = METER_HEADERS, .value = "x-count"},
      {.name = "a", .from = &plain, .of = METER_ANSWER, .value = "total"},
  };
  struct binding *b = bind(&plain, meters, 3);
  struct caught caught = run(b, METER_RECORD, NULL);
  assert_int_equal(caught.n, 1);
  assert_string_equal(caught.last.meter->name, "r");
  assert_non_null(caught.last.cells);

  set(field(b, METER_HEADERS, "x-count"), CELL_NUMBER, "7");
  caught = run(b, METER_HEADERS, NULL);
  assert_int_equal(caught.n, 1);
  assert_string_equal(caught.last.meter->name, "h");
  assert_true(caught.last.value == 7);
  assert_string_equal(caught.project, "asked");
  assert_null(caught.last.cells);

  set(field(b, METER_ANSWER, "total"), CELL_NUMBER, "8");
  caught = run(b, METER_ANSWER, NULL);
  assert_int_equal(caught.n, 1);
  assert_string_equal(caught.last.meter->name, "a");
  assert_true(caught.last.value == 8);
  binding_free(b);
}

static void only_header_meters_need_no_body(void **state) {
  (void)state;
  struct meter meter = {
      .name = "h", .from = &plain, .of = METER_HEADERS, .value = "x"};
  struct binding *b = bind(&plain, &meter, 1);
  assert_false(binding_needs_body(b));
  binding_free(b);
  meter.of = METER_ANSWER;
  b = bind(&plain, &meter, 1);
  assert_true(binding_needs_body(b));
  binding_free(b);
  meter.of = METER_RECORD;
  b = bind(&plain, &meter, 1);
  assert_true(binding_needs_body(b));
  binding_free(b);
}

/* ---- states ------------------------------------------------------------- */

static void texts_are_looked_up_whatever_their_case(void **state) {
  (void)state;
  static const struct state table[] = {
      {"active", 1}, {"down", 3}, {.text = NULL, .number = -1}};
  static const struct {
    enum cell_kind kind;
    const char *text;
    double want;
  } cells[] = {
      {CELL_STRING, "active", 1},   {CELL_STRING, "ACTIVE", 1},
      {CELL_STRING, "Down", 3},     {CELL_STRING, "activ", -1},
      {CELL_STRING, "", -1},        {CELL_NULL, "", -1},
      {CELL_NUMBER, "1", -1},       {CELL_TRUE, "", -1},
      {CELL_STRING, "active ", -1},
  };
  const struct meter meter = {
      .name = "m", .from = &plain, .value = "status", .states = table};
  struct binding *b = bind(&plain, &meter, 1);
  for (size_t i = 0; i < COUNT(cells); i++) {
    struct sample_output output = {.totals = NULL};
    set(field(b, METER_RECORD, "status"), cells[i].kind, cells[i].text);
    struct caught caught = run(b, METER_RECORD, &output);
    assert_int_equal(caught.n, 1);
    assert_true(caught.last.value == cells[i].want);
    assert_int_equal(output.notes.n[NOTE_STATE], 0);
  }
  /* a field that is not there is not a state */
  field(b, METER_RECORD, "status")->kind = CELL_NONE;
  assert_int_equal(run(b, METER_RECORD, NULL).n, 0);
  binding_free(b);
}

static void an_unknown_state_without_a_number_is_noted_once(void **state) {
  (void)state;
  static const struct state table[] = {
      {"up", 1}, {"down", 0}, {.text = NULL, .number = NAN}};
  const struct meter meter = {
      .name = "m", .from = &plain, .value = "state", .states = table};
  struct binding *b = bind(&plain, &meter, 1);
  struct sample_output output = {.totals = NULL};
  static const char *const texts[] = {"sideways\n", "Up", "other", "DOWN"};
  size_t samples = 0;
  for (size_t i = 0; i < COUNT(texts); i++) {
    set(field(b, METER_RECORD, "state"), CELL_STRING, texts[i]);
    samples += run(b, METER_RECORD, &output).n;
  }
  assert_int_equal(samples, 2);
  assert_int_equal(output.notes.n[NOTE_STATE], 2);
  assert_string_equal(output.notes.example[NOTE_STATE],
                      "m: unknown state \"sideways\"");
  binding_free(b);
}

/* ---- ids ---------------------------------------------------------------- */

static bool make_id(const char *format, const char *project, char *dst,
                    size_t size) {
  struct listing listing = plain;
  listing.id = format;
  const struct meter meter = {.name = "m", .from = &listing};
  struct binding *b = bind(&listing, &meter, 1);
  size_t n;
  const struct extract_field *fields = binding_fields(b, METER_RECORD, &n);
  for (size_t i = 0; i < n; i++) {
    if (strcmp(fields[i].path, "id") == 0)
      set(&row[i], CELL_STRING, "i1");
    else if (strcmp(fields[i].path, "number") == 0)
      set(&row[i], CELL_NUMBER, "17");
    else if (strcmp(fields[i].path, "empty") == 0)
      set(&row[i], CELL_STRING, "");
    else if (strcmp(fields[i].path, "true") == 0)
      set(&row[i], CELL_TRUE, "");
    else
      set(&row[i], CELL_NULL, "");
  }
  bool has = binding_id(b, row, project, dst, size);
  binding_free(b);
  return has;
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
      {"{@project}/{id}", NULL, NULL},
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

  const struct meter meter = {.name = "m", .from = &plain};
  struct binding *b = bind(&plain, &meter, 1);
  char large[CELL_TEXT];
  set(field(b, METER_RECORD, "id"), CELL_STRING, "cut");
  field(b, METER_RECORD, "id")->cut = true;
  assert_false(binding_id(b, row, NULL, large, sizeof(large)));
  binding_free(b);
}

/* ---- pages -------------------------------------------------------------- */

static void markers_and_numbers_of_records_are_read(void **state) {
  (void)state;
  struct listing listing = plain;
  listing.paging = (struct paging){.kind = PAGING_MARKER,
                                   .marker = "name",
                                   .total_header = "x-count",
                                   .total = "meta.count"};
  const struct meter meter = {.name = "m", .from = &listing};
  struct binding *b = bind(&listing, &meter, 1);
  assert_null(binding_marker(b, row));
  assert_true(isnan(binding_expected(b, METER_HEADERS, row)));
  set(field(b, METER_RECORD, "name"), CELL_STRING, " last ");
  assert_string_equal(binding_marker(b, row), " last ");
  set(field(b, METER_HEADERS, "x-count"), CELL_NUMBER, "10001");
  assert_true(binding_expected(b, METER_HEADERS, row) == 10001);
  set(field(b, METER_ANSWER, "meta.count"), CELL_NUMBER, "12");
  assert_true(binding_expected(b, METER_ANSWER, row) == 12);
  set(field(b, METER_ANSWER, "meta.count"), CELL_STRING, "many");
  assert_true(isnan(binding_expected(b, METER_ANSWER, row)));
  binding_free(b);
}

/* ---- totals ------------------------------------------------------------- */

static void totals_are_sent_at_the_end_and_not_before(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "n", .from = &plain, .total = TOTAL_COUNT},
      {.name = "sum", .from = &plain, .value = "size", .total = TOTAL_SUM},
      {.name = "by", .from = &plain, .total = TOTAL_COUNT, .group = "zone"},
  };
  static const char *const zones[] = {"z1", "z2", "z1", NULL};
  struct binding *b = bind(&plain, meters, 3);
  struct sample_output output = {.totals = totals_new()};
  for (size_t i = 0; i < COUNT(zones); i++) {
    set(field(b, METER_RECORD, "size"), i == 1 ? CELL_NULL : CELL_NUMBER, "5");
    set(field(b, METER_RECORD, "zone"),
        zones[i] != NULL ? CELL_STRING : CELL_NULL,
        zones[i] != NULL ? zones[i] : "");
    assert_int_equal(run(b, METER_RECORD, &output).n, 0);
  }
  static const struct {
    const char *meter, *id;
    double value;
  } want[] = {{"n", "total", 4},
              {"sum", "total", 15},
              {"by", "z1", 2},
              {"by", "z2", 1}};
  struct total total;
  for (size_t i = 0; totals_get(output.totals, i, &total); i++) {
    assert_true(i < COUNT(want));
    assert_string_equal(meters[total.series].name, want[i].meter);
    assert_string_equal(total.group, want[i].id);
    assert_true(total.value == want[i].value);
  }
  struct caught caught = {.n = 0};
  output.arg = &caught;
  binding_totals(b, NULL, &output);
  assert_int_equal(caught.n, COUNT(want));
  assert_string_equal(caught.last.meter->name, "by");
  assert_string_equal(caught.id, "z2");
  totals_free(output.totals);
  binding_free(b);
}

static void nothing_to_count_is_zero_and_no_smallest(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "n", .from = &plain, .total = TOTAL_COUNT},
      {.name = "least", .from = &plain, .value = "size", .total = TOTAL_MIN},
      {.name = "by", .from = &plain, .total = TOTAL_COUNT, .group = "zone"},
  };
  struct binding *b = bind(&plain, meters, 3);
  struct caught caught = {.n = 0};
  struct sample_output output = {
      .sink = catch_sample, .arg = &caught, .totals = totals_new()};
  binding_totals(b, NULL, &output);
  assert_int_equal(caught.n, 1);
  assert_string_equal(caught.last.meter->name, "n");
  assert_string_equal(caught.id, "total");
  assert_true(caught.last.value == 0);
  totals_free(output.totals);
  binding_free(b);
}

/* Or a graph would show the last number for ever. */
static void a_group_that_vanished_is_zero_once(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "by", .from = &plain, .total = TOTAL_COUNT, .group = "zone"},
      {.name = "max",
       .from = &plain,
       .value = "size",
       .total = TOTAL_MAX,
       .group = "zone"},
  };
  struct binding *b = bind(&plain, meters, 2);
  struct totals *before = NULL;
  static const char *const zones[] = {"z1", "z2", "z2", "z2"};
  static const size_t sent[] = {2, 3, 2, 2};
  for (size_t i = 0; i < COUNT(zones); i++) {
    struct caught caught = {.n = 0};
    struct sample_output output = {.totals = totals_new()};
    set(field(b, METER_RECORD, "size"), CELL_NUMBER, "5");
    set(field(b, METER_RECORD, "zone"), CELL_STRING, zones[i]);
    run(b, METER_RECORD, &output);
    output.sink = catch_sample;
    output.arg = &caught;
    binding_totals(b, before, &output);
    assert_int_equal(caught.n, sent[i]);
    if (i == 1) {
      assert_string_equal(caught.last.meter->name, "by");
      assert_string_equal(caught.id, "z1");
      assert_true(caught.last.value == 0);
    }
    totals_free(before);
    before = output.totals;
  }
  totals_free(before);
  binding_free(b);
}

/* A group that found no room need not be gone. */
static void a_group_that_was_refused_is_not_sent_as_zero(void **state) {
  (void)state;
  const struct meter meter = {
      .name = "by", .from = &plain, .total = TOTAL_COUNT, .group = "zone"};
  struct binding *b = bind(&plain, &meter, 1);
  struct totals *before = totals_new();
  struct caught caught = {.n = 0};
  struct sample_output output = {.totals = totals_new()};
  char group[16];
  totals_add(before, TOTAL_COUNT, &(struct total){.group = "z1"});
  for (int i = 0; i < TOTALS_LIMIT; i++) {
    snprintf(group, sizeof(group), "g%d", i);
    totals_add(output.totals, TOTAL_COUNT, &(struct total){.group = group});
  }
  set(field(b, METER_RECORD, "zone"), CELL_STRING, "z1");
  run(b, METER_RECORD, &output);
  output.arg = &caught;
  binding_totals(b, before, &output);
  assert_int_equal(totals_refused(output.totals), 1);
  assert_int_equal(caught.n, TOTALS_LIMIT);
  assert_true(caught.last.value == 1);
  totals_free(before);
  totals_free(output.totals);
  binding_free(b);
}

static void a_sum_beyond_a_double_is_not_sent(void **state) {
  (void)state;
  const struct meter meter = {
      .name = "sum", .from = &plain, .value = "size", .total = TOTAL_SUM};
  struct binding *b = bind(&plain, &meter, 1);
  struct sample_output output = {.totals = totals_new()};
  struct caught caught = {.n = 0};
  set(field(b, METER_RECORD, "size"), CELL_NUMBER, "1e308");
  run(b, METER_RECORD, &output);
  run(b, METER_RECORD, &output);
  output.arg = &caught;
  binding_totals(b, NULL, &output);
  assert_int_equal(caught.n, 0);
  totals_free(output.totals);
  binding_free(b);
}

static void groups_by_whose_a_record_is(void **state) {
  (void)state;
  static const struct listing owned = {
      .record = "r[]", .id = "id", .project = "tenant_id", .user = "creator"};
  const struct meter meters[] = {
      {.name = "p",
       .from = &owned,
       .total = TOTAL_COUNT,
       .group = METER_BY_PROJECT},
      {.name = "u",
       .from = &owned,
       .total = TOTAL_COUNT,
       .group = METER_BY_USER},
  };
  struct binding *b = bind(&owned, meters, 2);
  struct sample_output output = {.totals = totals_new()};
  struct total total;
  set(field(b, METER_RECORD, "tenant_id"), CELL_STRING, "p1");
  set(field(b, METER_RECORD, "creator"), CELL_STRING, "u1");
  run(b, METER_RECORD, &output);
  set(field(b, METER_RECORD, "tenant_id"), CELL_STRING, "p2");
  run(b, METER_RECORD, &output);
  assert_true(totals_get(output.totals, 0, &total));
  assert_string_equal(total.group, "p1");
  assert_string_equal(total.project, "p1");
  assert_true(totals_get(output.totals, 1, &total));
  assert_string_equal(total.group, "u1");
  assert_null(total.project); /* of several */
  assert_true(total.value == 2);
  totals_free(output.totals);
  binding_free(b);
}

static void truth_is_a_group_too(void **state) {
  (void)state;
  const struct meter meter = {
      .name = "n", .from = &plain, .total = TOTAL_COUNT, .group = "zone"};
  static const enum cell_kind kinds[] = {CELL_TRUE, CELL_FALSE, CELL_NULL,
                                         CELL_NONE, CELL_TRUE};
  struct binding *b = bind(&plain, &meter, 1);
  struct sample_output output = {.totals = totals_new()};
  struct total total;
  for (size_t i = 0; i < COUNT(kinds); i++) {
    set(field(b, METER_RECORD, "zone"), kinds[i], "");
    run(b, METER_RECORD, &output);
  }
  assert_true(totals_get(output.totals, 0, &total));
  assert_string_equal(total.group, "true");
  assert_true(total.value == 2);
  assert_true(totals_get(output.totals, 1, &total));
  assert_string_equal(total.group, "false");
  assert_false(totals_get(output.totals, 2, &total));
  totals_free(output.totals);
  binding_free(b);
}

static void no_more_than_max_series(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "few", .from = &plain, .max_series = 2},
      {.name = "all", .from = &plain},
  };
  struct binding *b = bind(&plain, meters, 2);
  size_t sent[2] = {0}, n = 0;
  struct sample_output output = {.sent = sent};
  assert_int_equal(binding_meters(b), 2);
  for (size_t i = 0; i < 5; i++)
    n += run(b, METER_RECORD, &output).n;
  assert_int_equal(n, 2 + 5);
  assert_int_equal(output.refused, 3);
  binding_free(b);
}

static void some_numbers_mean_nothing(void **state) {
  (void)state;
  static const double skip[] = {0, -1};
  const struct meter meter = {
      .name = "n", .from = &plain, .value = "size", .skip = skip, .nskip = 2};
  static const struct {
    const char *text;
    size_t n;
  } rows[] = {{"0", 0}, {"-1.0", 0}, {"1", 1}, {"0.5", 1}};
  struct binding *b = bind(&plain, &meter, 1);
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct sample_output output = {.sink = NULL};
    set(field(b, METER_RECORD, "size"), CELL_NUMBER, rows[i].text);
    assert_int_equal(run(b, METER_RECORD, &output).n, rows[i].n);
  }
  binding_free(b);
}

/* ---- metadata ----------------------------------------------------------- */

/* Neutron before Newton, and what others make of its API. */
static void a_project_may_have_its_older_name(void **state) {
  (void)state;
  struct listing older = plain;
  older.older_project = "tenant";
  const struct meter meter = {.name = "m", .from = &older};
  struct binding *b = bind(&older, &meter, 1);
  set(field(b, METER_RECORD, "tenant"), CELL_STRING, "p2");
  assert_string_equal(run(b, METER_RECORD, NULL).project, "p2");
  set(field(b, METER_RECORD, "owner"), CELL_STRING, "p1");
  assert_string_equal(run(b, METER_RECORD, NULL).project, "p1");
  binding_free(b);
}

/* A sum without it would be too low, and nobody would know. */
static void what_is_no_number_costs_its_total_and_is_noted(void **state) {
  (void)state;
  static const struct {
    enum cell_kind kind;
    const char *text, *example;
  } rows[] = {
      {CELL_STRING, "12", "sum: \"12\""},
      {CELL_CONTAINER, "", "sum: \"{}\""},
      {CELL_NUMBER, "1e999", "sum: \"1e999\""},
      {CELL_NUMBER, "18446744073709551603", "sum: \"18446744073709551603\""},
      {CELL_NULL, "", NULL},
      {CELL_NONE, "", NULL},
      {CELL_NUMBER, "18446744073709551616", NULL}, /* 2^64: just large */
  };
  const struct meter meter = {
      .name = "sum", .from = &plain, .value = "size", .total = TOTAL_SUM};
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct binding *b = bind(&plain, &meter, 1);
    struct sample_output output = {.totals = totals_new()};
    struct caught caught = {.n = 0};
    set(field(b, METER_RECORD, "size"), CELL_NUMBER, "1");
    run(b, METER_RECORD, &output);
    set(field(b, METER_RECORD, "size"), rows[i].kind, rows[i].text);
    run(b, METER_RECORD, &output);
    output.arg = &caught;
    binding_totals(b, NULL, &output);
    bool odd = rows[i].example != NULL;
    assert_int_equal(caught.n, odd ? 0 : 1);
    assert_int_equal(output.notes.n[NOTE_NUMBER], odd ? 1 : 0);
    assert_string_equal(output.notes.example[NOTE_NUMBER],
                        odd ? rows[i].example : "");
    totals_free(output.totals);
    binding_free(b);
  }
}

/* Cinder's pools have "unknown" and "infinite": no number, and no mistake. */
static void a_word_is_noted_where_a_total_lacks_it(void **state) {
  (void)state;
  for (enum total_kind total = TOTAL_NONE; total <= TOTAL_SUM; total++) {
    const struct meter meter = {
        .name = "m", .from = &plain, .value = "size", .total = total};
    struct binding *b = bind(&plain, &meter, 1);
    struct sample_output output = {.totals = totals_new()};
    set(field(b, METER_RECORD, "size"), CELL_STRING, "unknown");
    run(b, METER_RECORD, &output);
    assert_int_equal(output.notes.n[NOTE_NUMBER], total == TOTAL_NONE ? 0 : 1);
    totals_free(output.totals);
    binding_free(b);
  }
}

static void metadata_comes_in_the_listings_order(void **state) {
  (void)state;
  static const char *const metadata[] = {"a", "size", "c.d", NULL};
  struct listing listing = plain;
  listing.metadata = metadata;
  const struct meter meter = {.name = "m", .from = &listing, .value = "size"};
  const struct meter *list[] = {&meter};
  struct error err = {0};
  struct binding *b = binding_new(&listing, list, 1, true, &err);
  assert_non_null(b);
  size_t n;
  binding_fields(b, METER_RECORD, &n);
  set(field(b, METER_RECORD, "size"), CELL_NUMBER, "5"); /* the meter's */
  set(&row[n - 3], CELL_TRUE, "");
  set(&row[n - 2], CELL_NUMBER, "5");
  row[n - 1].kind = CELL_NONE;
  struct caught caught = run(b, METER_RECORD, NULL);
  assert_int_equal(caught.n, 1);

  const char *name = NULL, *text = NULL;
  assert_true(binding_metadata(&caught.last, 0, &name, &text));
  assert_string_equal(name, "a");
  assert_string_equal(text, "true");
  assert_true(binding_metadata(&caught.last, 1, &name, &text));
  assert_string_equal(name, "size");
  assert_string_equal(text, "5");
  assert_true(binding_metadata(&caught.last, 2, &name, &text));
  assert_string_equal(name, "c.d");
  assert_null(text);
  assert_false(binding_metadata(&caught.last, 3, &name, &text));
  binding_free(b);

  b = binding_new(&listing, list, 1, false, &err);
  caught = run(b, METER_RECORD, NULL);
  assert_false(binding_metadata(&caught.last, 0, &name, &text));
  binding_free(b);
}

/* ---- what cannot be bound ----------------------------------------------- */

static void fields_are_asked_for_once(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "a", .from = &plain, .value = "size"},
      {.name = "b", .from = &plain, .value = "size * 2"},
      {.name = "c", .from = &plain, .value = "sum(size)"}};
  struct binding *b = bind(&plain, meters, 3);
  size_t n;
  binding_fields(b, METER_RECORD, &n);
  assert_int_equal(n, 4 + 2); /* id, owner, user, name; size, and its sum */
  binding_free(b);
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
    struct listing listing = plain;
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
  static char names[EXTRACT_FIELDS][8];
  static const char *metadata[EXTRACT_FIELDS + 1];
  struct listing listing = plain;
  const struct meter meter = {.name = "m", .from = &listing};
  const struct meter *list[] = {&meter};
  struct error err = {0};
  for (size_t i = 0; i < EXTRACT_FIELDS; i++) {
    snprintf(names[i], sizeof(names[i]), "f%zu", i);
    metadata[i] = names[i];
  }
  listing.metadata = metadata;
  assert_null(binding_new(&listing, list, 1, true, &err));
  assert_int_equal(err.code, ERROR_CONFIG);
  assert_string_equal(err.text, "more than 112 fields");
  metadata[EXTRACT_FIELDS - 4] = NULL; /* with id, name, owner, user: 112 */
  struct binding *b = binding_new(&listing, list, 1, true, &err);
  assert_non_null(b);
  binding_free(b);
  binding_free(NULL);
}

static bool is_p1(void *arg, const char *project) {
  size_t *asked = arg;
  (*asked)++;
  return project == NULL || strcmp(project, "p1") == 0;
}

static void what_is_not_wanted_is_neither_sent_nor_counted_in(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "m", .from = &plain},
      {.name = "sum", .from = &plain, .value = "size", .total = TOTAL_SUM},
      {.name = "h", .from = &plain, .of = METER_HEADERS}};
  struct binding *b = bind(&plain, meters, 3);
  size_t asked = 0;
  struct sample_output output = {
      .wanted = is_p1, .wanted_arg = &asked, .totals = totals_new()};
  set(field(b, METER_RECORD, "size"), CELL_NUMBER, "2");
  set(field(b, METER_RECORD, "owner"), CELL_STRING, "p2");
  assert_int_equal(run(b, METER_RECORD, &output).n, 0);
  assert_int_equal(asked, 1); /* a row, not each meter */
  struct total total;
  assert_false(totals_get(output.totals, 0, &total));
  set(field(b, METER_RECORD, "owner"), CELL_STRING, "p1");
  assert_int_equal(run(b, METER_RECORD, &output).n, 1);
  set(field(b, METER_RECORD, "owner"), CELL_NULL, ""); /* it does not say */
  assert_int_equal(run(b, METER_RECORD, &output).n, 0);
  assert_true(totals_get(output.totals, 0, &total));
  assert_true(total.value == 2);
  assert_int_equal(output.notes.n[NOTE_PROJECT], 1);
  assert_string_equal(output.notes.example[NOTE_PROJECT], "things: \"r1\"");
  assert_int_equal(run(b, METER_HEADERS, &output).n, 0); /* "asked", not p1 */
  totals_free(output.totals);
  binding_free(b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_sample_says_whose_it_is, clear_row),
      cmocka_unit_test_setup(
          the_project_asked_for_stands_in_if_records_name_none, clear_row),
      cmocka_unit_test_setup(without_a_value_every_record_counts_one,
                             clear_row),
      cmocka_unit_test_setup(no_value_is_no_sample, clear_row),
      cmocka_unit_test_setup(each_meter_looks_only_at_its_own_row, clear_row),
      cmocka_unit_test_setup(only_header_meters_need_no_body, clear_row),
      cmocka_unit_test_setup(texts_are_looked_up_whatever_their_case,
                             clear_row),
      cmocka_unit_test_setup(an_unknown_state_without_a_number_is_noted_once,
                             clear_row),
      cmocka_unit_test_setup(ids_are_fields_or_texts_with_fields, clear_row),
      cmocka_unit_test_setup(an_id_that_does_not_fit_is_none, clear_row),
      cmocka_unit_test_setup(markers_and_numbers_of_records_are_read,
                             clear_row),
      cmocka_unit_test_setup(totals_are_sent_at_the_end_and_not_before,
                             clear_row),
      cmocka_unit_test_setup(nothing_to_count_is_zero_and_no_smallest,
                             clear_row),
      cmocka_unit_test_setup(a_group_that_vanished_is_zero_once, clear_row),
      cmocka_unit_test_setup(a_group_that_was_refused_is_not_sent_as_zero,
                             clear_row),
      cmocka_unit_test_setup(a_sum_beyond_a_double_is_not_sent, clear_row),
      cmocka_unit_test_setup(groups_by_whose_a_record_is, clear_row),
      cmocka_unit_test_setup(truth_is_a_group_too, clear_row),
      cmocka_unit_test_setup(no_more_than_max_series, clear_row),
      cmocka_unit_test_setup(some_numbers_mean_nothing, clear_row),
      cmocka_unit_test_setup(what_is_not_wanted_is_neither_sent_nor_counted_in,
                             clear_row),
      cmocka_unit_test_setup(a_project_may_have_its_older_name, clear_row),
      cmocka_unit_test_setup(what_is_no_number_costs_its_total_and_is_noted,
                             clear_row),
      cmocka_unit_test_setup(a_word_is_noted_where_a_total_lacks_it, clear_row),
      cmocka_unit_test_setup(metadata_comes_in_the_listings_order, clear_row),
      cmocka_unit_test_setup(fields_are_asked_for_once, clear_row),
      cmocka_unit_test_setup(what_cannot_be_bound_says_why, clear_row),
      cmocka_unit_test_setup(more_fields_than_there_may_be_are_refused,
                             clear_row),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
