/* What expr.h promises: numbers, or no value; never a wrong one. */
#include "meter/expr.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- a record ----------------------------------------------------------- */

static const struct {
  const char *path;
  struct cell cell;
} record[] = {
    {"missing", {.kind = CELL_NONE}}, /* the first: what is asked of no field */
    {"zero", {.kind = CELL_NUMBER, .text = "0"}},
    {"one", {.kind = CELL_NUMBER, .text = "1"}},
    {"size", {.kind = CELL_NUMBER, .text = "42"}},
    {"big", {.kind = CELL_NUMBER, .text = "1e308"}},
    {"exact", {.kind = CELL_NUMBER, .text = "9007199254740992"}},
    {"endless", {.kind = CELL_NUMBER, .text = "1234", .cut = true}},
    {"yes", {.kind = CELL_TRUE}},
    {"no", {.kind = CELL_FALSE}},
    {"null", {.kind = CELL_NULL}},
    {"ratio", {.kind = CELL_STRING, .text = "20.0"}},
    {"infinite", {.kind = CELL_STRING, .text = "infinite"}},
    {"empty", {.kind = CELL_STRING, .text = ""}},
    {"usage.*.kb",
     {.kind = CELL_NUMBER, .text = "9", .sum = {.parts = {1042}, .n = 1}}},
    {"nodes[]", {.kind = CELL_NONE, .sum = {.parts = {3}, .n = 1}}},
    {"lost[]",
     {.kind = CELL_NONE, .sum = {.parts = {3}, .n = 1, .lost = true}}},
    {"debts[]",
     {.kind = CELL_NONE, .sum = {.parts = {3}, .n = 1, .below = true}}},
    {"debt", {.kind = CELL_NUMBER, .text = "-5"}},
    {"none", {.kind = CELL_NUMBER, .text = "-0.0"}},
    {"a-b", {.kind = CELL_NUMBER, .text = "7"}},
    {"os:x", {.kind = CELL_NUMBER, .text = "8"}},
    {"\"a b\".\"c,)\"", {.kind = CELL_NUMBER, .text = "9"}},
    {"\"a/b\"", {.kind = CELL_NUMBER, .text = "10"}},
    {"caps.total", {.kind = CELL_NUMBER, .text = "28.5"}},
    {"caps.used", {.kind = CELL_NUMBER, .text = "4.0"}},
    {"caps.reserved", {.kind = CELL_NUMBER, .text = "5"}},
    {"min", {.kind = CELL_NUMBER, .text = "11"}},
    {"list", {.kind = CELL_CONTAINER}},
    {"day", {.kind = CELL_STRING, .text = "1970-01-02T00:00:01Z"}},
    {"later", {.kind = CELL_STRING, .text = "1970-01-02 01:00:00.5+01:00"}},
    {"naive", {.kind = CELL_STRING, .text = "1970-01-02T00:00:00.250000"}},
};

static struct cell cells[COUNT(record)];

static int bind(void *arg, const struct extract_field *field,
                struct error *err) {
  enum extract_mode *last = arg;
  if (last != NULL)
    *last = field->mode;
  for (size_t i = 0; i < COUNT(record); i++)
    if (strcmp(record[i].path, field->path) == 0)
      return (int)i;
  return error_set(err, ERROR_CONFIG, "no field \"%s\"", field->path);
}

static int make_cells(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(record); i++) {
    cells[i] = record[i].cell;
    cells[i].len = strlen(cells[i].text);
  }
  return 0;
}

static double value(const char *text) {
  struct error err = {0};
  struct expr *expr = expr_new(text, bind, NULL, &err);
  if (expr == NULL)
    fail_msg("%s", err.text);
  double number = expr_value(expr, cells, 86461);
  expr_free(expr);
  return number;
}

/* ---- values ------------------------------------------------------------- */

struct row {
  const char *text;
  double want;
};

static void check_values(const struct row *rows, size_t n) {
  for (size_t i = 0; i < n; i++) {
    double got = value(rows[i].text);
    if (got != rows[i].want)
      fail_msg("%s is %g, not %g", rows[i].text, got, rows[i].want);
  }
}

static void operators_have_their_usual_order(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"17", 17},
      {"-17", -17},
      {"1e3", 1000},
      {"0.1000000000000000000000000000000000000", .1},
      {"size + 1", 43},
      {"size - 1", 41},
      {"size * 1024", 43008},
      {"size / 4", 10.5},
      {"size / -2", -21},
      {"1 + 2 * 3", 7},
      {"(1 + 2) * 3", 9},
      {"2 * 3 + 4 * 5", 26},
      {"10 - 2 - 3", 5},
      {"10 - (2 - 3)", 11},
      {"100 / 10 / 5", 2},
      {"100 / 10 * 5", 50},
      {"1 - -1", 2},
      {"((((size))))", 42},
      {"  size  ", 42},
      {"size\t*\t2", 84},
      {"size *(1 + 1)", 84},
  };
  check_values(rows, COUNT(rows));
}

static void functions_do_what_their_names_say(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"min(3, 1, 2)", 1},
      {"max(3, 1, 5, 2)", 5},
      {"min(size, 1 + 1)", 2},
      {"floor(1.9)", 1},
      {"floor(-1.1)", -2},
      {"ceil(1.1)", 2},
      {"abs(zero - 3)", 3},
      {"floor(caps.reserved / 100 * caps.total)", 1},
      {"sum(usage.*.kb)", 1042},
      {"sum(usage.*.kb) * 1024", 1067008},
      {"count(nodes[])", 3},
      {"count( nodes[] )", 3},
      {"number(ratio)", 20},
      {"number(size)", 42},
      {"number(yes)", 1},
      {"if(yes, 1, 2)", 1},
      {"if(no, 1, 2)", 2},
      {"if(size, 1, 2)", 1},
      {"if(zero, 1, 2)", 2},
      {"if(debt, 1, 2)", 1},
      {"min(1 , 2 )", 1},
      {"max( 1,2 )", 2},
      {"ceil(2)", 2},
      {"100 + min(3, 1)", 101},
  };
  check_values(rows, COUNT(rows));
}

static void fields_have_the_names_that_json_has(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"size", 42},
      {"yes", 1},
      {"no", 0},
      {"yes + yes", 2},
      {"exact", 9007199254740992.0},
      {"a-b", 7},
      {"os:x", 8},
      {"\"a b\".\"c,)\" + 1", 10},
      {"\"a/b\"", 10},
      {"min", 11}, /* a function's name alone is a field */
  };
  check_values(rows, COUNT(rows));
}

static void what_is_no_number_leaves_no_value(void **state) {
  (void)state;
  static const char *const rows[] = {
      "null",
      "missing",
      "ratio", /* a string, and nobody said number() */
      "infinite",
      "endless", /* its end was cut off */
      "number(infinite)",
      "number(empty)",
      "number(null)",
      "number(missing)",
      "missing + 1",
      "1 - missing",
      "missing * zero",
      "zero / missing",
      "min(missing, 1)",
      "min(1, missing)",
      "max(1, missing, 2)",
      "floor(missing)",
      "abs(null)",
      "if(missing, 1, 2)",
      "1 / zero",
      "zero / zero",
      "1 / (1 / zero)",
      "if(1 / zero, 1, 2)",
      "min(1 / zero, 5)",
      "big * 10",
      "zero - big * 10",
      "big * 10 - big * 10",
  };
  for (size_t i = 0; i < COUNT(rows); i++)
    if (!isnan(value(rows[i])))
      fail_msg("%s is %g", rows[i], value(rows[i]));
}

static void has_tells_what_is_there_from_null_and_nothing(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"has(ratio)", 1}, {"has(size)", 1},     {"has(zero)", 1},
      {"has(no)", 1},    {"has(list)", 1},     {"has(null)", 0},
      {"has(empty)", 0}, {"1 - has(null)", 1},
  };
  check_values(rows, COUNT(rows));
  assert_true(isnan(value("has(missing)")));
}

static void times_are_seconds_and_ages_count_from_now(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"time(day)", 86401},      {"time(later)", 86400.5},
      {"time(naive)", 86400.25}, {"age(day)", 60},
      {"0 - age(day) / 60", -1}, {"default(age(null), -1)", -1},
  };
  static const char *const none[] = {"time(size)",    "time(null)",
                                     "time(missing)", "time(ratio)",
                                     "age(ratio)",    "age(list)"};
  check_values(rows, COUNT(rows));
  for (size_t i = 0; i < COUNT(none); i++)
    if (!isnan(value(none[i])))
      fail_msg("%s is %g", none[i], value(none[i]));
}

static void if_looks_only_at_the_branch_it_takes(void **state) {
  (void)state;
  assert_true(value("if(yes, size, missing)") == 42);
  assert_true(value("if(no, missing, size)") == 42);
  assert_true(value("if(yes, 2, 1 / zero)") == 2);
  assert_true(value("if(no, number(infinite), 2) * 3") == 6);
  assert_true(value("if(yes, if(no, missing, 5), missing)") == 5);
  assert_true(isnan(value("if(yes, missing, size)")));
  assert_true(isnan(value("if(no, size, missing)")));
}

static void default_stands_in_for_what_is_no_number(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"default(size, 7)", 42},
      {"default(zero, 7)", 0},
      {"default(missing, 7)", 7},
      {"default(null, size)", 42},
      {"default(ratio, 1)", 1},
      {"default(number(ratio), 1)", 20},
      {"default(number(infinite), 1)", 1},
      {"default(1 / zero, 3)", 3},
      {"default(big * 10, 3)", 3},
      {"default(missing + 1, 3) * 2", 6},
      {"default(missing, default(null, 5))", 5},
      {"default(size, missing)", 42},
      {"1 + default(missing, 0)", 1},
  };
  check_values(rows, COUNT(rows));
  assert_true(isnan(value("default(missing, null)")));
  assert_true(isnan(value("default(missing, 1) + missing")));
}

/* Cinder's own formula: ratio * (total - reserved) - provisioned. */
static void virtual_free_is_an_ordinary_row(void **state) {
  (void)state;
  assert_true(value("if(yes, number(ratio), 1) * (caps.total - "
                    "floor(zero / 100 * caps.total)) - caps.used") == 566);
  assert_true(value("if(no, number(ratio), 1) * (caps.total - "
                    "floor(zero / 100 * caps.total)) - caps.used") == 24.5);
  /* 20 * (28.5 - floor(1.425)) - 4 */
  assert_true(value("if(yes, number(ratio), 1) * (caps.total - "
                    "floor(caps.reserved / 100 * caps.total)) - caps.used") ==
              546);
}

static void fields_are_bound_in_the_mode_they_are_used(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum extract_mode mode;
  } rows[] = {
      {"size", EXTRACT_FIRST},          {"number(ratio)", EXTRACT_FIRST},
      {"sum(usage.*.kb)", EXTRACT_SUM}, {"count(nodes[])", EXTRACT_COUNT},
      {"has(list)", EXTRACT_FIRST},     {"time(day)", EXTRACT_FIRST},
      {"age(day)", EXTRACT_FIRST}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    enum extract_mode mode = (enum extract_mode) - 1;
    struct error err = {0};
    struct expr *expr = expr_new(rows[i].text, bind, &mode, &err);
    assert_non_null(expr);
    assert_int_equal(mode, rows[i].mode);
    expr_free(expr);
  }
}

/* ---- why there is no value, or an odd one -------------------------------- */

enum question { ODD, LACKS, BELOW_ZERO };

/* The path of the field that is the answer; NULL: there is none. */
static const char *ask(enum question question, const char *text) {
  struct error err = {0};
  struct expr *expr = expr_new(text, bind, NULL, &err);
  assert_non_null(expr);
  const struct cell *cell =
      question == ODD ? expr_odd(expr, cells) : expr_below_zero(expr, cells);
  bool lacks = expr_lacks(expr, cells);
  expr_free(expr);
  if (question == LACKS)
    return lacks ? "" : NULL;
  return cell != NULL ? record[cell - cells].path : NULL;
}

static void a_field_is_blamed(void **state) {
  static const struct {
    enum question question;
    const char *text, *want;
  } rows[] = {
      {ODD, "size + 1", NULL},
      {ODD, "missing", NULL},
      {ODD, "null", NULL},
      {ODD, "1 / zero", NULL},
      {ODD, "size + ratio", "ratio"},
      {ODD, "ratio + list", "ratio"},
      {ODD, "list", "list"},
      {ODD, "endless", "endless"},
      {ODD, "number(ratio) + number(infinite)", "infinite"},
      {ODD, "time(day) + time(ratio)", "ratio"},
      {ODD, "has(list) + missing", NULL},
      {ODD, "count(nodes[])", NULL},
      {ODD, "sum(lost[])", "lost[]"},
      {LACKS, "1 + size", NULL},
      {LACKS, "null", NULL},
      {LACKS, "count(nodes[])", NULL},
      {LACKS, "size + missing", ""},
      {LACKS, "has(missing)", ""},
      {BELOW_ZERO, "size - 100", NULL},
      {BELOW_ZERO, "none", NULL},
      {BELOW_ZERO, "sum(usage.*.kb)", NULL},
      {BELOW_ZERO, "size + debt", "debt"},
      {BELOW_ZERO, "sum(debts[])", "debts[]"},
  };
  (void)state;
  for (size_t i = 0; i < COUNT(rows); i++) {
    const char *got = ask(rows[i].question, rows[i].text);
    if ((got == NULL) != (rows[i].want == NULL) ||
        (got != NULL && strcmp(got, rows[i].want) != 0))
      fail_msg("%s: %s", rows[i].text, got != NULL ? got : "none");
  }
}

/* ---- what cannot be read ------------------------------------------------ */

static void bad_expressions_say_what_and_where(void **state) {
  (void)state;
  static const char operand[] = "expected a number or a field";
  static const char operator[] =
      "expected an operator, with a blank on either side";
  static const char bracket[] = "expected \")\"";
  static const char arguments[] = "wrong number of arguments";
  static const char blank[] = "a blank is missing beside an operator";
  static const char function[] = "no such function before the bracket";
  static const struct {
    const char *text, *why, *at;
  } rows[] = {{"", operand, ""}, {"   ", operand, ""}, {"size *", operand, ""},
              {"* size", operand, "* size"}, {"1 + + 2", operand, "+ 2"},
              {"1 - - 2", operand, "- 2"}, {"1 + * 2", operand, "* 2"},
              {", 1", operand, ", 1"}, {"()", operand, ")"},
              {"min(, 1)", operand, ", 1)"}, {"(size", bracket, ""},
              {"(size + 1", bracket, ""}, {"min(1, 2", bracket, ""},
              {"size)", operator, ")" },
               {"size size", operator, "size" },
                {"size +1", operator, "+1" },
                 {"size *2", operator, "*2" },
                  {"size, 1", operator, ", 1" },
                   {"(1) 2", operator, "2" },
                    {"size % 2", operator, "% 2" },
                     {
                         "size > 2",
                         operator,
                         "> 2" },
                         {"size+ 1", blank, "size+ 1"},
                         {"1 + size/1024", blank, "size/1024"},
                         {"size+1", blank, "size+1"},
                         {"sum(usage/2)", blank, "usage/2)"},
                         {"avg(size)", function, "size)"},
                         {"Min(1, 2)", function, "1, 2)"},
                         {"size(1)", function, "1)"},
                         {"eval(\"x\")", function, "\"x\")"},
                         {"min(1)", arguments, ")"},
                         {"max(size)", arguments, ")"},
                         {"floor(1, 2)", arguments, ")"},
                         {"if(1, 2)", arguments, ")"},
                         {"default(1)", arguments, ")"},
                         {"default(1, 2, 3)", arguments, ")"},
                         {"if(1, 2, 3, 4)", arguments, ")"},
                         {"sum()", "expected a field", ")"},
                         {"number( )", "expected a field", ")"},
                         {"sum(usage.*.kb nodes[])", bracket, "nodes[])"},
                         {"count(nodes[]", bracket, ""},
                         {"sum(usage.*.kb, 1)", bracket, ", 1)"},
                    };
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct error err = {0};
    char want[ERROR_TEXT];
    if (expr_new(rows[i].text, bind, NULL, &err) != NULL)
      fail_msg("\"%s\" was taken", rows[i].text);
    snprintf(want, sizeof(want), "expression \"%s\": %s at \"%s\"",
             rows[i].text, rows[i].why, rows[i].at);
    assert_int_equal(err.code, ERROR_CONFIG);
    assert_string_equal(err.text, want);
  }
}

static void bad_paths_and_unknown_names_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *text, *want;
  } rows[] = {
      {"a..b", "path \"a..b\": a name is missing or its quote does not close"},
      {"1 + \"a b",
       "path \"\"a b\": a name is missing or its quote does not close"},
      {"size*2", "path \"size*2\": expected \".\" or \"[]\" between two steps"},
      {"sum(nodes[)",
       "path \"nodes[\": a name is missing or its quote does not close"},
      {"^.^.size", "path \"^.size\": \"^.\" stands at the beginning, and once"},
      {"other", "no field \"other\""},
      {"sum(other)", "no field \"other\""},
      {"\"a/b\".c+1",
       "expression \"\"a/b\".c+1\": a blank is missing beside an operator at "
       "\"\"a/b\".c+1\""},
      {"mi(1, 2)",
       "expression \"mi(1, 2)\": no such function before the bracket"
       " at \"1, 2)\""},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct error err = {0};
    if (expr_new(rows[i].text, bind, NULL, &err) != NULL)
      fail_msg("\"%s\" was taken", rows[i].text);
    assert_int_equal(err.code, ERROR_CONFIG);
    assert_string_equal(err.text, rows[i].want);
  }
}

#define ONE_OF_40 "1.00000000000000000000000000000000000000"

/* Whoever writes it means a number; in quotes it is a name. Longer numbers are
 * none. */
static void what_begins_as_a_number_is_no_field(void **state) {
  static const char *const rows[][2] = {{"1e999", "1e999"},
                                        {"size + 0x10", "0x10"},
                                        {"1_000 * size", "1_000 * size"},
                                        {"-2x", "-2x"},
                                        {ONE_OF_40, ONE_OF_40},
                                        {"sum(1x[])", "1x[])"}};
  (void)state;
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct error err = {0};
    char want[ERROR_TEXT];
    assert_null(expr_new(rows[i][0], bind, NULL, &err));
    snprintf(want, sizeof(want),
             "expression \"%s\": no number (a name that begins with a digit is "
             "quoted) at \"%s\"",
             rows[i][0], rows[i][1]);
    assert_string_equal(err.text, want);
  }
  struct error err = {0};
  assert_null(expr_new("\"1x\"", bind, NULL, &err));
  assert_string_equal(err.text, "no field \"\"1x\"\"");
}

/* The reason must not be lost behind it. */
static void a_long_expression_is_cut(void **state) {
  char text[2000];
  struct error err = {0};
  (void)state;
  memset(text, 'x', sizeof(text));
  memcpy(text, "size ", 5);
  text[sizeof(text) - 1] = '\0';
  assert_null(expr_new(text, bind, NULL, &err));
  assert_non_null(strstr(err.text, "expected an operator"));
  assert_true(strlen(err.text) < 300);
}

/* "1 + 1 + ... + 1" of n ones. */
static void write_sum(char *dst, size_t n) {
  dst[0] = '\0';
  for (size_t i = 0; i < n; i++)
    memcpy(dst + 4 * i, "1 + ", 5);
  dst[4 * n - 3] = '\0';
}

static void length_and_depth_have_limits(void **state) {
  (void)state;
  char text[500];
  struct error err = {0};
  write_sum(text, 32); /* 63 steps */
  assert_true(value(text) == 32);
  write_sum(text, 33);
  assert_null(expr_new(text, bind, NULL, &err));
  assert_non_null(strstr(err.text, "too long at"));
  char whole[520];
  write_sum(text, 32);
  snprintf(whole, sizeof(whole), "abs(%s)", text); /* 64 */
  assert_true(value(whole) == 32);

  for (size_t depth = 1; depth < 100; depth++) {
    memset(text, '(', depth);
    text[depth] = '1';
    memset(text + depth + 1, ')', depth);
    text[2 * depth + 1] = '\0';
    struct expr *expr = expr_new(text, bind, NULL, &err);
    assert_int_equal(expr != NULL, depth < 16);
    if (expr == NULL)
      assert_non_null(strstr(err.text, "too deep at"));
    expr_free(expr);
  }
  /* depth is that of brackets, not their number */
  assert_true(value("(1) + (1) + (1) + (1) + (1) + (1) + (1) + (1) + (1) + "
                    "(1) + (1) + (1) + (1) + (1) + (1) + (1) + (1) + (1)") ==
              18);
}

static void the_deepest_stack_is_deep_enough(void **state) {
  (void)state;
  /* 1 + (1 + (1 + ...: all operands wait for the last one */
  char text[200] = "";
  size_t len = 0;
  for (int i = 0; i < 15; i++)
    len += (size_t)snprintf(text + len, sizeof(text) - len, "1 + (");
  len += (size_t)snprintf(text + len, sizeof(text) - len, "1");
  memset(text + len, ')', 15);
  text[len + 15] = '\0';
  assert_true(value(text) == 16);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(operators_have_their_usual_order),
      cmocka_unit_test(functions_do_what_their_names_say),
      cmocka_unit_test(fields_have_the_names_that_json_has),
      cmocka_unit_test(what_is_no_number_leaves_no_value),
      cmocka_unit_test(has_tells_what_is_there_from_null_and_nothing),
      cmocka_unit_test(times_are_seconds_and_ages_count_from_now),
      cmocka_unit_test(if_looks_only_at_the_branch_it_takes),
      cmocka_unit_test(default_stands_in_for_what_is_no_number),
      cmocka_unit_test(virtual_free_is_an_ordinary_row),
      cmocka_unit_test(fields_are_bound_in_the_mode_they_are_used),
      cmocka_unit_test(a_field_is_blamed),
      cmocka_unit_test(bad_expressions_say_what_and_where),
      cmocka_unit_test(what_begins_as_a_number_is_no_field),
      cmocka_unit_test(a_long_expression_is_cut),
      cmocka_unit_test(bad_paths_and_unknown_names_are_refused),
      cmocka_unit_test(length_and_depth_have_limits),
      cmocka_unit_test(the_deepest_stack_is_deep_enough),
  };
  return cmocka_run_group_tests(tests, make_cells, NULL);
}
