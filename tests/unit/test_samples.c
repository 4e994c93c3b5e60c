/* What samples.h promises: cells become samples, each whose it is; what has no
 * value makes none. */
#include "meter/pieces.h"
#include "meter/samples.h"
#include "meter/worst.h"
#include "stub/row.h"

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

struct caught {
  size_t n;
  double sum; /* of all values */
  struct sample last;
  char id[300], project[64], name[64];
};

static void catch_sample(void *arg, const struct sample *sample) {
  struct caught *caught = arg;
  caught->n++;
  caught->sum += sample->value;
  caught->last = *sample;
  snprintf(caught->id, sizeof(caught->id), "%s", sample->id);
  snprintf(caught->project, sizeof(caught->project), "%s",
           sample->project != NULL ? sample->project : "-");
  snprintf(caught->name, sizeof(caught->name), "%s",
           sample->name != NULL ? sample->name : "-");
}

static struct caught run(const struct binding *binding, enum meter_of of,
                         struct sample_output *output) {
  struct caught caught = {.n = 0};
  struct sample_output own = {.sink = catch_sample};
  static const struct asked asked = {.id = "asked", .project = "asked"};
  const struct subject subject = {
      .of = of, .cells = row, .id = "r1", .asked = &asked};
  if (output == NULL)
    output = &own;
  output->sink = catch_sample;
  output->arg = &caught;
  samples_take(binding, &subject, output);
  return caught;
}

/* ---- samples ------------------------------------------------------------ */

static void a_sample_says_whose_it_is(void **state) {
  (void)state;
  const struct meter meter = {
      .name = "m", .from = &row_listing, .value = "size"};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  row_set(row_field(b, METER_RECORD, "size"), CELL_NUMBER, "42");
  row_set(row_field(b, METER_RECORD, "owner"), CELL_STRING, "p1");
  row_set(row_field(b, METER_RECORD, "name"), CELL_STRING, "n1");
  row_set(row_field(b, METER_RECORD, "user"), CELL_NULL, "");
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

static void without_a_name_s_field_there_is_no_name(void **state) {
  (void)state;
  struct listing listing = row_listing;
  listing.name_field = NULL;
  const struct meter meter = {.name = "m", .from = &listing};
  struct binding *b = row_bind(&listing, &meter, 1);
  assert_string_equal(run(b, METER_RECORD, NULL).name, "-");
  binding_free(b);
}

static void the_project_asked_for_stands_in_if_records_name_none(void **state) {
  (void)state;
  struct listing listing = row_listing;
  listing.project = NULL;
  const struct meter meter = {.name = "m", .from = &listing};
  struct binding *b = row_bind(&listing, &meter, 1);
  assert_string_equal(run(b, METER_RECORD, NULL).project, "asked");
  binding_free(b);
  /* but where records have an owner, null is null */
  b = row_bind(&row_listing, &meter, 1);
  row_set(row_field(b, METER_RECORD, "owner"), CELL_NULL, "");
  assert_string_equal(run(b, METER_RECORD, NULL).project, "-");
  binding_free(b);
}

static void without_a_value_every_record_counts_one(void **state) {
  (void)state;
  const struct meter meter = {.name = "m", .from = &row_listing};
  struct binding *b = row_bind(&row_listing, &meter, 1);
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
  const struct meter meter = {
      .name = "m", .from = &row_listing, .value = "size"};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  for (size_t i = 0; i < COUNT(cells); i++) {
    row_set(row_field(b, METER_RECORD, "size"), cells[i].kind, cells[i].text);
    assert_int_equal(run(b, METER_RECORD, NULL).n, 0);
  }
  binding_free(b);
}

static void each_meter_looks_only_at_its_own_row(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "r", .from = &row_listing},
      {.name = "h",
       .from = &row_listing,
       .of = METER_HEADERS,
       .value = "x-count"},
      {.name = "a", .from = &row_listing, .of = METER_ANSWER, .value = "total"},
  };
  struct binding *b = row_bind(&row_listing, meters, 3);
  struct caught caught = run(b, METER_RECORD, NULL);
  assert_int_equal(caught.n, 1);
  assert_string_equal(caught.last.meter->name, "r");
  assert_non_null(caught.last.cells);

  row_set(row_field(b, METER_HEADERS, "x-count"), CELL_NUMBER, "7");
  caught = run(b, METER_HEADERS, NULL);
  assert_int_equal(caught.n, 1);
  assert_string_equal(caught.last.meter->name, "h");
  assert_true(caught.last.value == 7);
  assert_string_equal(caught.project, "asked");
  assert_null(caught.last.cells);

  row_set(row_field(b, METER_ANSWER, "total"), CELL_NUMBER, "8");
  caught = run(b, METER_ANSWER, NULL);
  assert_int_equal(caught.n, 1);
  assert_string_equal(caught.last.meter->name, "a");
  assert_true(caught.last.value == 8);
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
      .name = "m", .from = &row_listing, .value = "status", .states = table};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  for (size_t i = 0; i < COUNT(cells); i++) {
    struct sample_output output = {.totals = NULL};
    row_set(row_field(b, METER_RECORD, "status"), cells[i].kind, cells[i].text);
    struct caught caught = run(b, METER_RECORD, &output);
    assert_int_equal(caught.n, 1);
    assert_true(caught.last.value == cells[i].want);
    assert_int_equal(output.notes.n[NOTE_STATE], 0);
  }
  /* a field that is not there is not a state */
  row_field(b, METER_RECORD, "status")->kind = CELL_NONE;
  assert_int_equal(run(b, METER_RECORD, NULL).n, 0);
  binding_free(b);
}

static void an_unknown_state_without_a_number_is_noted_once(void **state) {
  (void)state;
  static const struct state table[] = {
      {"up", 1}, {"down", 0}, {.text = NULL, .number = NAN}};
  const struct meter meter = {
      .name = "m", .from = &row_listing, .value = "state", .states = table};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  struct sample_output output = {.totals = NULL};
  static const char *const texts[] = {"sideways\n", "Up", "other", "DOWN"};
  size_t samples = 0;
  for (size_t i = 0; i < COUNT(texts); i++) {
    row_set(row_field(b, METER_RECORD, "state"), CELL_STRING, texts[i]);
    samples += run(b, METER_RECORD, &output).n;
  }
  assert_int_equal(samples, 2);
  assert_int_equal(output.notes.n[NOTE_STATE], 2);
  assert_string_equal(output.notes.example[NOTE_STATE],
                      "m: unknown state \"sideways\"");
  binding_free(b);
}

static const struct state best_to_worst[] = {
    {"good", 5}, {"bad", 2}, {"odd", NAN}, {.text = NULL, .number = 9}};

/* Three records of one id; ends with a NULL if there are fewer. */
static void take_states(const struct binding *b, const char *const texts[3],
                        struct sample_output *output) {
  struct worst worst = {.n = 0};
  for (size_t i = 0; i < 3 && texts[i] != NULL; i++) {
    row_set(row_field(b, METER_RECORD, "state"), CELL_STRING, texts[i]);
    row_set(row_field(b, METER_RECORD, "name"), CELL_STRING, texts[i]);
    const struct subject subject = {
        .cells = row, .id = "r1", .worst = &worst, .twin = i > 0};
    samples_take(b, &subject, output);
  }
  samples_worst(&worst, output);
  worst_clear(&worst);
}

static void the_state_that_stands_last_in_the_table_counts(void **state) {
  (void)state;
  static const struct {
    const char *const texts[3];
    double want;
    const char *name;
  } rows[] = {
      {{"good"}, 5, "good"},
      {{"good", "bad"}, 2, "bad"},
      {{"bad", "good"}, 2, "bad"},
      {{"bad", "good", "BAD"}, 2, "bad"},
      {{"bad", "?", "good"}, 9, "?"},
      {{"bad", "odd"}, 2, "bad"}, /* no value is no state */
      {{"odd", "good", "bad"}, 2, "bad"},
      {{"odd", "odd", "good"}, 5, "good"},
      {{"none", "good", "?"}, 9, "?"}, /* its condition is not met */
  };
  static const char *const none[] = {"none", NULL};
  const struct condition when = {
      .field = "name", .texts = none, .others = true};
  const struct meter meters[] = {{.name = "m",
                                  .from = &row_listing,
                                  .value = "state",
                                  .states = best_to_worst,
                                  .when = when},
                                 {.name = "max",
                                  .from = &row_listing,
                                  .value = "state",
                                  .states = best_to_worst,
                                  .when = when,
                                  .total = TOTAL_SUM,
                                  .group = "name"}};
  struct binding *b = row_bind(&row_listing, meters, 2);
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct caught caught = {.n = 0};
    struct sample_output output = {
        .sink = catch_sample, .arg = &caught, .totals = totals_new()};
    take_states(b, rows[i].texts, &output);
    assert_int_equal(caught.n, 1);
    assert_true(caught.last.value == rows[i].want);
    assert_string_equal(caught.name, rows[i].name);
    struct total total;
    assert_true(totals_get(output.totals, 0, &total)); /* once, and the same */
    assert_true(total.value == rows[i].want);
    assert_string_equal(total.group, rows[i].name);
    assert_false(totals_get(output.totals, 1, &total));
    totals_free(output.totals);
  }
  binding_free(b);
}

static void catch_metadata(void *arg, const struct sample *sample) {
  const char *name, *text;
  char *dst = arg;
  for (size_t i = 0; sample_metadata(sample, i, &name, &text); i++)
    sprintf(dst + strlen(dst), "%s=%s ", name, text != NULL ? text : "-");
}

static void states_that_wait_keep_their_metadata(void **state) {
  (void)state;
  static const char *const fields[] = {"zone", "host", NULL};
  struct listing listing = row_listing;
  listing.metadata = fields;
  const struct meter meter = {
      .name = "m", .from = &listing, .value = "state", .states = best_to_worst};
  char text[100] = "";
  struct binding *b = row_bind(&listing, &meter, 1);
  struct sample_output output = {.sink = catch_metadata, .arg = text};
  row_set(row_field(b, METER_RECORD, "zone"), CELL_STRING, "z1");
  row_set(row_field(b, METER_RECORD, "host"), CELL_NULL, "");
  take_states(b, (const char *const[3]){"good"}, &output);
  assert_string_equal(text, "zone=z1 host=- ");
  binding_free(b);
}

/* Twins are looked for among all that came before them on the page, not only
 * among what the first of them found. */
static void twins_may_come_at_any_place_of_a_page(void **state) {
  (void)state;
  const struct meter meters[] = {{.name = "m",
                                  .from = &row_listing,
                                  .value = "state",
                                  .states = best_to_worst},
                                 {.name = "sum",
                                  .from = &row_listing,
                                  .value = "state",
                                  .states = best_to_worst,
                                  .total = TOTAL_SUM}};
  static const struct {
    uint64_t id;
    const char *state; /* "odd" has no number */
    bool twin;
  } rows[] = {{1, "good", false}, {1, "bad", true},  {2, "odd", false},
              {2, "good", true},  {3, "odd", false}, {4, "good", false},
              {2, "bad", true},   {3, "bad", true},  {4, "good", true},
              {4, "bad", true},   {9, "bad", true}}; /* 9: on an earlier page */
  struct binding *b = row_bind(&row_listing, meters, 2);
  struct worst worst = {.n = 0};
  for (int page = 0; page < 2; page++) {
    struct caught caught = {.n = 0};
    struct sample_output output = {
        .sink = catch_sample, .arg = &caught, .totals = totals_new()};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
      row_set(row_field(b, METER_RECORD, "state"), CELL_STRING, rows[i].state);
      samples_take(b,
                   &(struct subject){.cells = row,
                                     .id = "r",
                                     .hash = rows[i].id,
                                     .worst = &worst,
                                     .twin = rows[i].twin},
                   &output);
    }
    assert_int_equal(caught.n, 0);
    samples_worst(&worst, &output);
    assert_int_equal(caught.n, 4);
    assert_true(caught.sum == 4 * 2);
    struct total total;
    assert_true(totals_get(output.totals, 0, &total));
    assert_true(total.value == 4 * 2);
    totals_free(output.totals);
  }
  worst_clear(&worst);
  binding_free(b);
}

static void more_states_than_may_wait_are_sent_at_once(void **state) {
  (void)state;
  const struct meter meter = {.name = "m",
                              .from = &row_listing,
                              .value = "state",
                              .states = best_to_worst};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  struct worst worst = {.n = 0};
  struct caught caught = {.n = 0};
  struct sample_output output = {.sink = catch_sample, .arg = &caught};
  row_set(row_field(b, METER_RECORD, "state"), CELL_STRING, "good");
  for (size_t i = 0; i <= WORST_LIMIT; i++) {
    char id[16];
    snprintf(id, sizeof(id), "%zu", i);
    samples_take(b, &(struct subject){.cells = row, .id = id, .worst = &worst},
                 &output);
    assert_int_equal(caught.n, i == WORST_LIMIT);
  }
  samples_worst(&worst, &output);
  assert_int_equal(caught.n, WORST_LIMIT + 1);
  worst_clear(&worst);
  binding_free(b);
}

/* ---- totals ------------------------------------------------------------- */

static void totals_are_sent_at_the_end_and_not_before(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "n", .from = &row_listing, .total = TOTAL_COUNT},
      {.name = "sum",
       .from = &row_listing,
       .value = "size",
       .total = TOTAL_SUM},
      {.name = "by",
       .from = &row_listing,
       .total = TOTAL_COUNT,
       .group = "zone"},
  };
  static const char *const zones[] = {"z1", "z2", "z1", NULL};
  struct binding *b = row_bind(&row_listing, meters, 3);
  struct sample_output output = {.totals = totals_new()};
  for (size_t i = 0; i < COUNT(zones); i++) {
    row_set(row_field(b, METER_RECORD, "size"),
            i == 1 ? CELL_NULL : CELL_NUMBER, "5");
    row_set(row_field(b, METER_RECORD, "zone"),
            zones[i] != NULL ? CELL_STRING : CELL_NULL,
            zones[i] != NULL ? zones[i] : "");
    assert_int_equal(run(b, METER_RECORD, &output).n, 0);
  }
  static const struct {
    const char *meter, *id;
    double value;
  } want[] = {
      {"n", NULL, 4}, {"sum", NULL, 15}, {"by", "z1", 2}, {"by", "z2", 1}};
  struct total total;
  for (size_t i = 0; totals_get(output.totals, i, &total); i++) {
    assert_true(i < COUNT(want));
    assert_string_equal(meters[total.series].name, want[i].meter);
    if (want[i].id != NULL)
      assert_string_equal(total.group, want[i].id);
    else
      assert_null(total.group);
    assert_true(total.value == want[i].value);
  }
  struct caught caught = {.n = 0};
  output.arg = &caught;
  samples_totals(b, NULL, &output);
  assert_int_equal(caught.n, COUNT(want));
  assert_string_equal(caught.last.meter->name, "by");
  assert_string_equal(caught.id, "z2");
  totals_free(output.totals);
  binding_free(b);
}

static void nothing_to_count_is_zero_and_no_smallest(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "n", .from = &row_listing, .total = TOTAL_COUNT},
      {.name = "least",
       .from = &row_listing,
       .value = "size",
       .total = TOTAL_MIN},
      {.name = "by",
       .from = &row_listing,
       .total = TOTAL_COUNT,
       .group = "zone"},
  };
  struct binding *b = row_bind(&row_listing, meters, 3);
  struct caught caught = {.n = 0};
  struct sample_output output = {
      .sink = catch_sample, .arg = &caught, .totals = totals_new()};
  samples_totals(b, NULL, &output);
  assert_int_equal(caught.n, 1);
  assert_string_equal(caught.last.meter->name, "n");
  assert_string_equal(caught.id, "total");
  assert_true(caught.last.value == 0);
  totals_free(output.totals);
  binding_free(b);
}

/* As where a service is too old to have it. A null is none of the sum's. */
static void a_sum_of_what_no_record_has_is_not_known(void **state) {
  static const struct {
    enum cell_kind first, second;
    size_t sent;
    double sum;
  } rows[] = {
      {CELL_NONE, CELL_NONE, 0, 0},   {CELL_NULL, CELL_NULL, 1, 0},
      {CELL_NONE, CELL_NULL, 1, 0},   {CELL_NUMBER, CELL_NONE, 1, 5},
      {CELL_NONE, CELL_NUMBER, 1, 5},
  };
  (void)state;
  const struct meter meter = {
      .name = "sum", .from = &row_listing, .value = "size", .total = TOTAL_SUM};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  struct totals *before = totals_new();
  totals_add(before, TOTAL_SUM, &(struct total){.value = 9});
  for (size_t i = 0; i < COUNT(rows); i++) {
    unsigned char met = 0;
    struct caught caught = {.n = 0};
    struct sample_output output = {.totals = totals_new(), .met = &met};
    row_set(row_field(b, METER_RECORD, "size"), rows[i].first, "5");
    run(b, METER_RECORD, &output);
    row_set(row_field(b, METER_RECORD, "size"), rows[i].second, "5");
    run(b, METER_RECORD, &output);
    output.arg = &caught;
    samples_totals(b, before, &output);
    assert_int_equal(caught.n, rows[i].sent);
    assert_true(caught.n == 0 || caught.last.value == rows[i].sum);
    assert_int_equal(output.notes.n[NOTE_FIELD], rows[i].sent == 0);
    totals_free(output.totals);
  }
  totals_free(before);
  binding_free(b);
}

/* Of three accounts one answers without it: two are no sum of three. */
/* Nor has a field that is missing anything to say of what it holds. */
static void a_sum_of_has_is_not_known_either(void **state) {
  (void)state;
  const struct meter meter = {.name = "m",
                              .from = &row_listing,
                              .value = "has(port)",
                              .total = TOTAL_SUM};
  for (int there = 0; there < 2; there++) {
    struct binding *b = row_bind(&row_listing, &meter, 1);
    unsigned char met = 0;
    struct caught caught = {.n = 0};
    struct sample_output output = {.totals = totals_new(), .met = &met};
    row_set(row_field(b, METER_RECORD, "port"), there ? CELL_NULL : CELL_NONE,
            "");
    run(b, METER_RECORD, &output);
    output.arg = &caught;
    samples_totals(b, NULL, &output);
    assert_int_equal(caught.n, there);
    totals_free(output.totals);
    binding_free(b);
  }
}

static void a_sum_lacks_what_a_header_lacks(void **state) {
  static const enum total_kind kinds[] = {TOTAL_SUM, TOTAL_COUNT, TOTAL_MAX};
  (void)state;
  for (size_t i = 0; i < COUNT(kinds); i++) {
    const struct meter meter = {.name = "m",
                                .from = &row_listing,
                                .of = METER_HEADERS,
                                .value = "x-n",
                                .total = kinds[i]};
    struct binding *b = row_bind(&row_listing, &meter, 1);
    struct sample_output output = {.totals = totals_new()};
    struct caught caught = {.n = 0};
    row_set(row_field(b, METER_HEADERS, "x-n"), CELL_NUMBER, "5");
    run(b, METER_HEADERS, &output);
    row_set(row_field(b, METER_HEADERS, "x-n"), CELL_NONE, "");
    run(b, METER_HEADERS, &output);
    output.arg = &caught;
    samples_totals(b, NULL, &output);
    bool sum = kinds[i] == TOTAL_SUM;
    assert_int_equal(caught.n, sum ? 0 : 1);
    assert_int_equal(output.notes.n[NOTE_NUMBER], sum ? 1 : 0);
    if (sum)
      assert_string_equal(output.notes.example[NOTE_NUMBER],
                          "m: no header \"x-n\"");
    totals_free(output.totals);
    binding_free(b);
  }
}

/* Or a graph would show the last number for ever. */
static void a_group_that_vanished_is_zero_once(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "by",
       .from = &row_listing,
       .total = TOTAL_COUNT,
       .group = "zone"},
      {.name = "max",
       .from = &row_listing,
       .value = "size",
       .total = TOTAL_MAX,
       .group = "zone"},
  };
  struct binding *b = row_bind(&row_listing, meters, 2);
  struct totals *before = NULL;
  static const char *const zones[] = {"z1", "z2", "z2", "z2"};
  static const size_t sent[] = {2, 3, 2, 2};
  for (size_t i = 0; i < COUNT(zones); i++) {
    struct caught caught = {.n = 0};
    struct sample_output output = {.totals = totals_new()};
    row_set(row_field(b, METER_RECORD, "size"), CELL_NUMBER, "5");
    row_set(row_field(b, METER_RECORD, "zone"), CELL_STRING, zones[i]);
    run(b, METER_RECORD, &output);
    output.sink = catch_sample;
    output.arg = &caught;
    samples_totals(b, before, &output);
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
  const struct meter meter = {.name = "by",
                              .from = &row_listing,
                              .total = TOTAL_COUNT,
                              .group = "zone"};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  struct totals *before = totals_new();
  struct caught caught = {.n = 0};
  struct sample_output output = {.totals = totals_new()};
  char group[16];
  totals_add(before, TOTAL_COUNT, &(struct total){.group = "z1"});
  for (int i = 0; i < TOTALS_LIMIT; i++) {
    snprintf(group, sizeof(group), "g%d", i);
    totals_add(output.totals, TOTAL_COUNT, &(struct total){.group = group});
  }
  row_set(row_field(b, METER_RECORD, "zone"), CELL_STRING, "z1");
  run(b, METER_RECORD, &output);
  output.arg = &caught;
  samples_totals(b, before, &output);
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
      .name = "sum", .from = &row_listing, .value = "size", .total = TOTAL_SUM};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  struct sample_output output = {.totals = totals_new()};
  struct caught caught = {.n = 0};
  row_set(row_field(b, METER_RECORD, "size"), CELL_NUMBER, "1e308");
  run(b, METER_RECORD, &output);
  run(b, METER_RECORD, &output);
  output.arg = &caught;
  samples_totals(b, NULL, &output);
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
  struct binding *b = row_bind(&owned, meters, 2);
  struct sample_output output = {.totals = totals_new()};
  struct total total;
  row_set(row_field(b, METER_RECORD, "tenant_id"), CELL_STRING, "p1");
  row_set(row_field(b, METER_RECORD, "creator"), CELL_STRING, "u1");
  run(b, METER_RECORD, &output);
  row_set(row_field(b, METER_RECORD, "tenant_id"), CELL_STRING, "p2");
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
      .name = "n", .from = &row_listing, .total = TOTAL_COUNT, .group = "zone"};
  static const enum cell_kind kinds[] = {CELL_TRUE, CELL_FALSE, CELL_NULL,
                                         CELL_NONE, CELL_TRUE};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  struct sample_output output = {.totals = totals_new()};
  struct total total;
  for (size_t i = 0; i < COUNT(kinds); i++) {
    row_set(row_field(b, METER_RECORD, "zone"), kinds[i], "");
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
      {.name = "few", .from = &row_listing, .max_series = 2},
      {.name = "all", .from = &row_listing},
  };
  struct binding *b = row_bind(&row_listing, meters, 2);
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
  const struct meter meter = {.name = "n",
                              .from = &row_listing,
                              .value = "size",
                              .skip = skip,
                              .nskip = 2};
  static const struct {
    const char *text;
    size_t n;
  } rows[] = {{"0", 0}, {"-1.0", 0}, {"1", 1}, {"0.5", 1}};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct sample_output output = {.sink = NULL};
    row_set(row_field(b, METER_RECORD, "size"), CELL_NUMBER, rows[i].text);
    assert_int_equal(run(b, METER_RECORD, &output).n, rows[i].n);
  }
  binding_free(b);
}

/* ---- metadata ----------------------------------------------------------- */

/* Neutron before Newton, and what others make of its API. */
static void a_project_may_have_its_older_name(void **state) {
  (void)state;
  struct listing older = row_listing;
  older.older_project = "tenant";
  const struct meter meter = {.name = "m", .from = &older};
  struct binding *b = row_bind(&older, &meter, 1);
  row_set(row_field(b, METER_RECORD, "tenant"), CELL_STRING, "p2");
  assert_string_equal(run(b, METER_RECORD, NULL).project, "p2");
  row_set(row_field(b, METER_RECORD, "owner"), CELL_STRING, "p1");
  assert_string_equal(run(b, METER_RECORD, NULL).project, "p1");
  binding_free(b);
}

/* What is counted cannot fall below 0, but what is worked out of it can. */
static void a_field_below_zero_is_no_number(void **state) {
  (void)state;
  static const struct {
    const char *value, *text;
    enum cell_kind kind;
    bool negative;
    double want;
  } rows[] = {
      {"size", "-13", CELL_NUMBER, false, NAN},
      {"size", "-13", CELL_NUMBER, true, -13},
      {"size", "-0", CELL_NUMBER, false, 0},
      {"size + 100", "-13", CELL_NUMBER, false, NAN},
      {"default(size, 5)", "-13", CELL_NUMBER, false, NAN},
      {"number(size)", "-0.5", CELL_STRING, false, NAN},
      {"default(size, 5)", "-", CELL_STRING, false, 5},
      {"size - 100", "13", CELL_NUMBER, false, -87},
      {"sum(size)", "-13", CELL_NUMBER, false, NAN},
      {"sum(size)", "", CELL_NULL, false, NAN},
      {"sum(size)", "-13", CELL_NUMBER, true, 87},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    const struct meter meters[] = {{.name = "m",
                                    .from = &row_listing,
                                    .value = rows[i].value,
                                    .negative = rows[i].negative},
                                   {.name = "sum",
                                    .from = &row_listing,
                                    .value = rows[i].value,
                                    .negative = rows[i].negative,
                                    .total = TOTAL_SUM}};
    struct binding *b = row_bind(&row_listing, meters, 2);
    struct sample_output output = {.totals = totals_new()};
    struct total total;
    struct cell *cell = row_field(b, METER_RECORD, "size");
    row_set(cell, rows[i].kind, rows[i].text);
    cell->sum = (struct sum){.n = 0};
    sum_add(&cell->sum, 100);
    sum_add(&cell->sum, -13);
    struct caught caught = run(b, METER_RECORD, &output);
    assert_int_equal(caught.n, !isnan(rows[i].want));
    assert_true(caught.n == 0 || caught.last.value == rows[i].want);
    assert_true(totals_get(output.totals, 0, &total));
    assert_true(isnan(rows[i].want) ? isnan(total.value)
                                    : total.value == rows[i].want);
    assert_int_equal(output.notes.n[NOTE_NUMBER] > 0, isnan(rows[i].want));
    totals_free(output.totals);
    binding_free(b);
  }
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
      .name = "sum", .from = &row_listing, .value = "size", .total = TOTAL_SUM};
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct binding *b = row_bind(&row_listing, &meter, 1);
    struct sample_output output = {.totals = totals_new()};
    struct caught caught = {.n = 0};
    row_set(row_field(b, METER_RECORD, "size"), CELL_NUMBER, "1");
    run(b, METER_RECORD, &output);
    row_set(row_field(b, METER_RECORD, "size"), rows[i].kind, rows[i].text);
    run(b, METER_RECORD, &output);
    output.arg = &caught;
    samples_totals(b, NULL, &output);
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
        .name = "m", .from = &row_listing, .value = "size", .total = total};
    struct binding *b = row_bind(&row_listing, &meter, 1);
    struct sample_output output = {.totals = totals_new()};
    row_set(row_field(b, METER_RECORD, "size"), CELL_STRING, "unknown");
    run(b, METER_RECORD, &output);
    assert_int_equal(output.notes.n[NOTE_NUMBER], total == TOTAL_NONE ? 0 : 1);
    totals_free(output.totals);
    binding_free(b);
  }
}

static void metadata_comes_in_the_listings_order(void **state) {
  (void)state;
  static const char *const metadata[] = {"a",      "size",  "c.d",
                                         "tags[]", "e[].f", NULL};
  struct listing listing = row_listing;
  listing.metadata = metadata;
  const struct meter meter = {.name = "m", .from = &listing, .value = "size"};
  const struct meter *list[] = {&meter};
  struct error err = {0};
  struct binding *b = binding_new(&listing, list, 1, true, &err);
  assert_non_null(b);
  size_t n;
  binding_fields(b, METER_RECORD, &n);
  row_set(row_field(b, METER_RECORD, "size"), CELL_NUMBER,
          "5"); /* the meter's */
  row_set(&row[n - 5], CELL_TRUE, "");
  row_set(&row[n - 4], CELL_NUMBER, "5");
  row[n - 3].kind = CELL_NONE;
  struct caught caught = run(b, METER_RECORD, NULL);
  assert_int_equal(caught.n, 1);

  const char *name = NULL, *text = NULL;
  assert_true(sample_metadata(&caught.last, 0, &name, &text));
  assert_string_equal(name, "a");
  assert_string_equal(text, "true");
  assert_true(sample_metadata(&caught.last, 1, &name, &text));
  assert_string_equal(name, "size");
  assert_string_equal(text, "5");
  assert_true(sample_metadata(&caught.last, 2, &name, &text));
  assert_string_equal(name, "c.d");
  assert_null(text);
  assert_true(sample_metadata(&caught.last, 3, &name, &text));
  assert_string_equal(name, "tags"); /* a list, by its own name */
  assert_true(sample_metadata(&caught.last, 4, &name, &text));
  assert_string_equal(name, "e[].f");
  assert_false(sample_metadata(&caught.last, 5, &name, &text));
  binding_free(b);

  b = binding_new(&listing, list, 1, false, &err);
  caught = run(b, METER_RECORD, NULL);
  assert_false(sample_metadata(&caught.last, 0, &name, &text));
  binding_free(b);
}

static const char *const named[] = {"a", "tags[]", "^.zone", "size", NULL};

/* In a format's braces. Twice, since a state waits as a copy. */
static void hear_fields(void *arg, const struct sample *sample) {
  char *heard = arg;
  for (size_t i = 0; named[i] != NULL; i++) {
    const char *text = sample_field(sample, named[i]);
    strcat(heard, text != NULL ? text : "-");
    strcat(heard, ";");
  }
  assert_null(sample_field(sample, "other"));
}

static void fields_that_a_meter_names_come_along(void **state) {
  (void)state;
  static const struct state states[] = {{"ok", 1}, {NULL, 0}};
  static const char *const metadata[] = {"a", NULL};
  struct listing listing = row_listing;
  listing.metadata = metadata;
  const struct meter meters[] = {
      {.name = "m", .from = &listing, .value = "size", .named = named},
      {.name = "s",
       .from = &listing,
       .value = "status",
       .states = states,
       .named = named},
      {.name = "all",
       .from = &listing,
       .total = TOTAL_COUNT,
       .group = "status"}};
  const struct meter *list[] = {&meters[0], &meters[1], &meters[2]};
  for (int with_metadata = 0; with_metadata < 2; with_metadata++) {
    struct error err = {0};
    char heard[200] = "";
    struct worst worst = {0};
    struct binding *b = binding_new(&listing, list, 3, with_metadata, &err);
    size_t n;
    binding_fields(b, METER_RECORD, &n);
    row_set(row_field(b, METER_RECORD, "size"), CELL_NUMBER, "5");
    row_set(row_field(b, METER_RECORD, "status"), CELL_STRING, "ok");
    row_set(&row[n - 4], CELL_TRUE, "");
    row_set(&row[n - 3], CELL_STRING, "x,y");
    row_set(&row[n - 2], CELL_NULL, "");
    row_set(&row[n - 1], CELL_NUMBER, "5");
    struct sample_output output = {
        .sink = hear_fields, .arg = heard, .totals = totals_new()};
    samples_take(b,
                 &(struct subject){.cells = row, .id = "r1", .worst = &worst},
                 &output);
    assert_string_equal(heard, "true;x,y;-;5;");
    samples_worst(&worst, &output);
    assert_string_equal(heard, "true;x,y;-;5;true;x,y;-;5;");
    heard[0] = '\0'; /* a total has none */
    samples_totals(b, NULL, &output);
    assert_string_equal(heard, "-;-;-;-;");
    totals_free(output.totals);
    worst_clear(&worst);
    binding_free(b);
  }
}

static void hear_owner(void *arg, const struct sample *sample) {
  char *heard = arg;
  strcat(heard, sample->owner != NULL ? sample->owner : "-");
  strcat(heard, "=");
  strcat(heard, sample->owner_name != NULL ? sample->owner_name : "-");
  strcat(heard, ";");
}

/* At once, and of a state that waits as a copy. */
static void a_sample_says_which_owner_was_asked_for(void **state) {
  (void)state;
  static const struct state states[] = {{"ok", 1}, {NULL, 0}};
  static const struct asked host = {.id = "o1", .name = "host"},
                            nameless = {.id = "o2"};
  struct listing listing = row_listing;
  const struct meter meters[] = {
      {.name = "m", .from = &listing, .value = "size"},
      {.name = "s", .from = &listing, .value = "status", .states = states}};
  static const struct {
    enum listing_scope scope;
    const struct asked *asked;
    const char *heard;
  } rows[] = {{LISTING_OWNER, &host, "o1=host;o1=host;"},
              {LISTING_OWNER, &nameless, "o2=-;o2=-;"},
              {LISTING_PROJECT, &host, "-=-;-=-;"},
              {LISTING_CLOUD, NULL, "-=-;-=-;"}};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char heard[100] = "";
    struct worst worst = {0};
    listing.scope = rows[i].scope;
    struct binding *b = row_bind(&listing, meters, 2);
    row_set(row_field(b, METER_RECORD, "size"), CELL_NUMBER, "5");
    row_set(row_field(b, METER_RECORD, "status"), CELL_STRING, "ok");
    struct sample_output output = {.sink = hear_owner, .arg = heard};
    samples_take(
        b,
        &(struct subject){
            .cells = row, .id = "r1", .asked = rows[i].asked, .worst = &worst},
        &output);
    samples_worst(&worst, &output);
    assert_string_equal(heard, rows[i].heard);
    worst_clear(&worst);
    binding_free(b);
  }
}

/* ---- filters ------------------------------------------------------------ */

static bool is_p1(void *arg, const char *project) {
  size_t *asked = arg;
  (*asked)++;
  return project == NULL || strcmp(project, "p1") == 0;
}

static void what_is_not_wanted_is_neither_sent_nor_counted_in(void **state) {
  (void)state;
  const struct meter meters[] = {
      {.name = "m", .from = &row_listing},
      {.name = "sum",
       .from = &row_listing,
       .value = "size",
       .total = TOTAL_SUM},
      {.name = "h", .from = &row_listing, .of = METER_HEADERS}};
  struct binding *b = row_bind(&row_listing, meters, 3);
  size_t asked = 0;
  struct sample_output output = {
      .wanted = is_p1, .wanted_arg = &asked, .totals = totals_new()};
  row_set(row_field(b, METER_RECORD, "size"), CELL_NUMBER, "2");
  row_set(row_field(b, METER_RECORD, "owner"), CELL_STRING, "p2");
  assert_int_equal(run(b, METER_RECORD, &output).n, 0);
  assert_int_equal(asked, 1); /* a row, not each meter */
  struct total total;
  assert_false(totals_get(output.totals, 0, &total));
  row_set(row_field(b, METER_RECORD, "owner"), CELL_STRING, "p1");
  assert_int_equal(run(b, METER_RECORD, &output).n, 1);
  row_set(row_field(b, METER_RECORD, "owner"), CELL_NULL,
          ""); /* it does not say */
  assert_int_equal(run(b, METER_RECORD, &output).n, 0);
  assert_true(totals_get(output.totals, 0, &total));
  assert_true(total.value == 2);
  assert_int_equal(output.notes.n[NOTE_PROJECT], 1);
  assert_string_equal(output.notes.example[NOTE_PROJECT], "things: \"r1\"");
  assert_int_equal(run(b, METER_HEADERS, &output).n, 0); /* "asked", not p1 */
  totals_free(output.totals);
  binding_free(b);
}

/* ---- conditions and groups ---------------------------------------------- */

/* What a total over one record is, by its field "port"; NaN: it is not sent. */
static double total_of(const struct meter *meter, enum cell_kind kind,
                       const char *text) {
  struct binding *b = row_bind(&row_listing, meter, 1);
  unsigned char met = 0;
  struct caught caught = {.n = 0};
  struct sample_output output = {.totals = totals_new(), .met = &met};
  row_set(row_field(b, METER_RECORD, "port"), kind, text);
  run(b, METER_RECORD, &output);
  output.arg = &caught;
  samples_totals(b, NULL, &output);
  assert_int_equal(output.notes.n[NOTE_FIELD], caught.n == 0);
  totals_free(output.totals);
  binding_free(b);
  return caught.n > 0 ? caught.last.value : NAN;
}

static void a_meter_is_of_the_records_that_meet_its_condition(void **state) {
  static const char *const texts[] = {"down", "true", NULL};
  static const struct {
    enum cell_kind kind;
    const char *text;
    double is, is_not, there; /* how many meet it */
  } rows[] = {
      {CELL_STRING, "DOWN", 1, 0, 1}, {CELL_STRING, "ACTIVE", 0, 1, 1},
      {CELL_TRUE, "", 1, 0, 1},       {CELL_NUMBER, "7", 0, 1, 1},
      {CELL_NULL, "", 0, 1, 0},       {CELL_STRING, "", 0, 1, 0},
      {CELL_CONTAINER, "", 0, 1, 1},  {CELL_NONE, "", NAN, NAN, NAN},
  };
  (void)state;
  for (size_t i = 0; i < COUNT(rows); i++) {
    const double want[] = {rows[i].is, rows[i].is_not, rows[i].there};
    for (size_t kind = 0; kind < COUNT(want); kind++) {
      const struct meter meter = {.name = "m",
                                  .from = &row_listing,
                                  .total = TOTAL_COUNT,
                                  .when = {.field = "port",
                                           .texts = kind < 2 ? texts : NULL,
                                           .others = kind == 1}};
      double got = total_of(&meter, rows[i].kind, rows[i].text);
      if (got != want[kind] && !(isnan(got) && isnan(want[kind])))
        fail_msg("row %zu, kind %zu: %g", i, kind, got);
    }
  }
}

static void a_group_may_be_of_several_fields(void **state) {
  static const struct {
    enum cell_kind kind;
    const char *text, *group; /* NULL: none */
  } rows[] = {
      {CELL_STRING, "ACTIVE", "<h1:ACTIVE/p1>"},
      {CELL_TRUE, "", "<h1:true/p1>"},
      {CELL_NULL, "", NULL},
      {CELL_STRING, "", NULL},
  };
  (void)state;
  const struct meter meter = {.name = "m",
                              .from = &row_listing,
                              .total = TOTAL_COUNT,
                              .group = "<{host}:{port}/{@project}>"};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  row_set(row_field(b, METER_RECORD, "host"), CELL_STRING, "h1");
  row_set(row_field(b, METER_RECORD, "owner"), CELL_STRING, "p1");
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct total total;
    struct sample_output output = {.totals = totals_new()};
    row_set(row_field(b, METER_RECORD, "port"), rows[i].kind, rows[i].text);
    run(b, METER_RECORD, &output);
    assert_int_equal(totals_get(output.totals, 0, &total),
                     rows[i].group != NULL);
    if (rows[i].group != NULL)
      assert_string_equal(total.group, rows[i].group);
    totals_free(output.totals);
  }
  binding_free(b);
}

/* "ERROR" is 0, and not missing. Where no record has the field it is not
 * known. */
static void groups_that_are_listed_are_always_there(void **state) {
  static const char *const groups[] = {"ACTIVE", "ERROR", NULL};
  (void)state;
  const struct meter meter = {.name = "m",
                              .from = &row_listing,
                              .total = TOTAL_COUNT,
                              .group = "port",
                              .groups = groups};
  struct binding *b = row_bind(&row_listing, &meter, 1);
  for (int there = 0; there < 2; there++) {
    unsigned char met = 0;
    struct total total;
    struct sample_output output = {.totals = totals_new(), .met = &met};
    struct caught caught = {.n = 0};
    row_set(row_field(b, METER_RECORD, "port"), there ? CELL_STRING : CELL_NONE,
            "ACTIVE");
    run(b, METER_RECORD, &output);
    output.arg = &caught;
    samples_totals(b, NULL, &output);
    assert_int_equal(caught.n, there ? 2 : 0);
    assert_int_equal(output.notes.n[NOTE_FIELD], there ? 0 : 1);
    if (there) {
      assert_true(totals_get(output.totals, 0, &total) && total.value == 1);
      assert_true(totals_get(output.totals, 1, &total) && total.value == 0);
      assert_string_equal(total.group, "ERROR");
    }
    totals_free(output.totals);
  }
  binding_free(b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_sample_says_whose_it_is, row_clear),
      cmocka_unit_test_setup(without_a_name_s_field_there_is_no_name,
                             row_clear),
      cmocka_unit_test_setup(
          the_project_asked_for_stands_in_if_records_name_none, row_clear),
      cmocka_unit_test_setup(without_a_value_every_record_counts_one,
                             row_clear),
      cmocka_unit_test_setup(no_value_is_no_sample, row_clear),
      cmocka_unit_test_setup(each_meter_looks_only_at_its_own_row, row_clear),
      cmocka_unit_test_setup(texts_are_looked_up_whatever_their_case,
                             row_clear),
      cmocka_unit_test_setup(an_unknown_state_without_a_number_is_noted_once,
                             row_clear),
      cmocka_unit_test_setup(the_state_that_stands_last_in_the_table_counts,
                             row_clear),
      cmocka_unit_test_setup(states_that_wait_keep_their_metadata, row_clear),
      cmocka_unit_test_setup(twins_may_come_at_any_place_of_a_page, row_clear),
      cmocka_unit_test_setup(more_states_than_may_wait_are_sent_at_once,
                             row_clear),
      cmocka_unit_test_setup(totals_are_sent_at_the_end_and_not_before,
                             row_clear),
      cmocka_unit_test_setup(nothing_to_count_is_zero_and_no_smallest,
                             row_clear),
      cmocka_unit_test_setup(a_sum_of_what_no_record_has_is_not_known,
                             row_clear),
      cmocka_unit_test_setup(a_meter_is_of_the_records_that_meet_its_condition,
                             row_clear),
      cmocka_unit_test_setup(a_group_may_be_of_several_fields, row_clear),
      cmocka_unit_test_setup(groups_that_are_listed_are_always_there,
                             row_clear),
      cmocka_unit_test_setup(a_sum_lacks_what_a_header_lacks, row_clear),
      cmocka_unit_test_setup(a_sum_of_has_is_not_known_either, row_clear),
      cmocka_unit_test_setup(a_group_that_vanished_is_zero_once, row_clear),
      cmocka_unit_test_setup(a_group_that_was_refused_is_not_sent_as_zero,
                             row_clear),
      cmocka_unit_test_setup(a_sum_beyond_a_double_is_not_sent, row_clear),
      cmocka_unit_test_setup(groups_by_whose_a_record_is, row_clear),
      cmocka_unit_test_setup(truth_is_a_group_too, row_clear),
      cmocka_unit_test_setup(no_more_than_max_series, row_clear),
      cmocka_unit_test_setup(some_numbers_mean_nothing, row_clear),
      cmocka_unit_test_setup(what_is_not_wanted_is_neither_sent_nor_counted_in,
                             row_clear),
      cmocka_unit_test_setup(a_project_may_have_its_older_name, row_clear),
      cmocka_unit_test_setup(a_field_below_zero_is_no_number, row_clear),
      cmocka_unit_test_setup(what_is_no_number_costs_its_total_and_is_noted,
                             row_clear),
      cmocka_unit_test_setup(a_word_is_noted_where_a_total_lacks_it, row_clear),
      cmocka_unit_test_setup(metadata_comes_in_the_listings_order, row_clear),
      cmocka_unit_test_setup(fields_that_a_meter_names_come_along, row_clear),
      cmocka_unit_test_setup(a_sample_says_which_owner_was_asked_for,
                             row_clear),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
