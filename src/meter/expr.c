#include "meter/expr.h"

#include "base/text.h"
#include "net/path.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* One step of a postfix program. */
enum op_kind {
  OP_NUMBER,
  OP_FIELD,  /* a JSON number, true or false */
  OP_STRING, /* number(field): a string that is a number, too */
  OP_TOTAL,  /* sum(field), count(field) */
  OP_HAS,    /* has(field): 1 or 0 */
  OP_TIME,   /* time(field): seconds since 1970 */
  OP_AGE,    /* age(field): seconds since then */
  OP_ADD,
  OP_SUBTRACT,
  OP_MULTIPLY,
  OP_DIVIDE,
  OP_MIN,
  OP_MAX,
  OP_DEFAULT,
  OP_FLOOR,
  OP_CEIL,
  OP_ABS,
  OP_IF,
};

struct op {
  enum op_kind kind;
  double number;
  int cell;
};

enum { MOST_OPS = 64, MOST_DEPTH = 16, MOST_STACK = MOST_OPS };

struct expr {
  struct op ops[MOST_OPS];
  size_t nops;
};

struct parser {
  struct expr *expr;
  const char *text, *at;
  int (*bind)(void *arg, const struct extract_field *field, struct error *err);
  void *arg;
  int depth;
  struct error *err;
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct function {
  const char *name;
  enum op_kind op;
  int arguments; /* -1: two or more, folded from the left */
} functions[] = {
    {"min", OP_MIN, -1},        {"max", OP_MAX, -1}, {"floor", OP_FLOOR, 1},
    {"ceil", OP_CEIL, 1},       {"abs", OP_ABS, 1},  {"if", OP_IF, 3},
    {"default", OP_DEFAULT, 2},
};

/* Functions of one field. */
static const struct field_function {
  const char *name;
  enum extract_mode mode;
  enum op_kind op;
} field_functions[] = {
    {"sum", EXTRACT_SUM, OP_TOTAL},       {"count", EXTRACT_COUNT, OP_TOTAL},
    {"number", EXTRACT_FIRST, OP_STRING}, {"has", EXTRACT_FIRST, OP_HAS},
    {"time", EXTRACT_FIRST, OP_TIME},     {"age", EXTRACT_FIRST, OP_AGE},
};

static int parse_failed(struct parser *p, const char *why) {
  return error_set(p->err, ERROR_CONFIG,
                   "expression \"%.100s\": %s at \"%.100s\"", p->text, why,
                   p->at);
}

static int emit_op(struct parser *p, struct op op) {
  if (p->expr->nops == MOST_OPS)
    return parse_failed(p, "too long");
  p->expr->ops[p->expr->nops++] = op;
  return 0;
}

static void blanks(struct parser *p) { p->at += strspn(p->at, " \t"); }

/* The length of the operand at p->at: up to a blank, bracket or comma, where
 * quotes hold names together. "[]" belongs to a path. */
static size_t word_length(const char *at) {
  size_t len = 0;
  bool quoted = false;
  for (; at[len] != '\0'; len++) {
    if (at[len] == '"')
      quoted = !quoted;
    else if (!quoted && strchr(" \t(),", at[len]) != NULL)
      break;
  }
  return len;
}

static int parse_sum(struct parser *p);

/* "size+1", "size>0" or "'x'" would be a field that no record has. */
static bool holds_any(const char *path, size_t len, const char *bytes) {
  bool quoted = false;
  for (size_t i = 0; i < len; i++) {
    if (path[i] == '"')
      quoted = !quoted;
    else if (!quoted && strchr(bytes, path[i]) != NULL)
      return true;
  }
  return false;
}

static const char *below_outer(const char *path) {
  const size_t len = strlen(EXTRACT_OUTER);
  return strncmp(path, EXTRACT_OUTER, len) == 0 ? path + len : path;
}

static int emit_field(struct parser *p, const char *path, size_t len,
                      enum extract_mode mode, enum op_kind kind) {
  if (holds_any(path, len, "+/"))
    return parse_failed(p, "a blank is missing beside an operator");
  if (holds_any(path, len, "<>='"))
    return parse_failed(p, "there are no texts and no comparisons");
  /* "1_000" or "0x10" was not meant as a name. */
  if (isdigit((unsigned char)path[path[0] == '-' ? 1 : 0]))
    return parse_failed(
        p, "no number (a name that begins with a digit is quoted)");
  char *copy = strndup(path, len);
  if (copy == NULL)
    return error_memory(p->err);
  struct extract_field field = {.path = copy, .mode = mode};
  int cell = path_check(below_outer(copy), p->err) == 0
                 ? p->bind(p->arg, &field, p->err)
                 : -1;
  free(copy);
  return cell < 0 ? -1 : emit_op(p, (struct op){.kind = kind, .cell = cell});
}

static int close_bracket(struct parser *p) {
  blanks(p);
  if (*p->at != ')')
    return parse_failed(p, "expected \")\"");
  p->at++;
  return 0;
}

/* p->at is behind the bracket. */
static int parse_of_field(struct parser *p, const struct field_function *f) {
  blanks(p);
  size_t len = word_length(p->at);
  if (len == 0)
    return parse_failed(p, "expected a field");
  if (emit_field(p, p->at, len, f->mode, f->op) != 0)
    return -1;
  p->at += len;
  return close_bracket(p);
}

static int parse_arguments(struct parser *p, const struct function *f) {
  int n = 0;
  do {
    if (n > 0)
      p->at++; /* the comma */
    if (parse_sum(p) != 0)
      return -1;
    n++;
    if (f->arguments < 0 && n > 1 &&
        emit_op(p, (struct op){.kind = f->op}) != 0)
      return -1;
  } while (*p->at == ',');
  if (f->arguments < 0 ? n < 2 : n != f->arguments)
    return parse_failed(p, "wrong number of arguments");
  if (f->arguments > 0 && emit_op(p, (struct op){.kind = f->op}) != 0)
    return -1;
  return close_bracket(p);
}

static bool is_name(const char *name, const char *at, size_t len) {
  return strlen(name) == len && strncmp(name, at, len) == 0;
}

static int parse_call(struct parser *p, const char *name, size_t len) {
  for (size_t i = 0; i < COUNT_OF(field_functions); i++)
    if (is_name(field_functions[i].name, name, len))
      return parse_of_field(p, &field_functions[i]);
  for (size_t i = 0; i < COUNT_OF(functions); i++)
    if (is_name(functions[i].name, name, len))
      return parse_arguments(p, &functions[i]);
  return parse_failed(p, "no such function before the bracket");
}

static int parse_operand(struct parser *p) {
  blanks(p);
  if (*p->at == '(') {
    p->at++;
    return parse_sum(p) == 0 ? close_bracket(p) : -1;
  }
  size_t len = word_length(p->at);
  if (len == 0 || (len == 1 && strchr("+-*/", *p->at) != NULL))
    return parse_failed(p, "expected a number or a field");
  const char *start = p->at;
  p->at += len;
  if (*p->at == '(') {
    p->at++;
    return parse_call(p, start, len);
  }
  char number[40];
  double value;
  if (len < sizeof(number)) {
    memcpy(number, start, len);
    number[len] = '\0';
    if (text_number(number, &value))
      return emit_op(p, (struct op){.kind = OP_NUMBER, .number = value});
  }
  p->at = start; /* for a message */
  if (emit_field(p, start, len, EXTRACT_FIRST, OP_FIELD) != 0)
    return -1;
  p->at += len;
  return 0;
}

/* The operator behind blanks if it is one of `which` with a blank behind it;
 * else only the blanks are passed. */
static char operator_at(struct parser *p, const char *which) {
  blanks(p);
  if (*p->at == '\0' || strchr(which, *p->at) == NULL ||
      strchr(" \t(", p->at[1]) == NULL)
    return '\0';
  return *p->at++;
}

static int parse_product(struct parser *p) {
  if (parse_operand(p) != 0)
    return -1;
  char c;
  while ((c = operator_at(p, "*/")) != '\0') {
    if (parse_operand(p) != 0)
      return -1;
    struct op op = {.kind = c == '*' ? OP_MULTIPLY : OP_DIVIDE};
    if (emit_op(p, op) != 0)
      return -1;
  }
  return 0;
}

static int parse_sum(struct parser *p) {
  if (++p->depth > MOST_DEPTH)
    return parse_failed(p, "too deep");
  if (parse_product(p) != 0)
    return -1;
  char c;
  while ((c = operator_at(p, "+-")) != '\0') {
    if (parse_product(p) != 0)
      return -1;
    if (emit_op(p, (struct op){.kind = c == '+' ? OP_ADD : OP_SUBTRACT}) != 0)
      return -1;
  }
  p->depth--;
  return 0;
}

struct expr *expr_new(const char *text,
                      int (*bind)(void *arg, const struct extract_field *field,
                                  struct error *err),
                      void *arg, struct error *err) {
  struct expr *expr = calloc(1, sizeof(*expr));
  if (expr == NULL) {
    error_memory(err);
    return NULL;
  }
  struct parser p = {.expr = expr,
                     .text = text,
                     .at = text,
                     .bind = bind,
                     .arg = arg,
                     .err = err};
  if (parse_sum(&p) == 0) {
    if (*p.at == '\0')
      return expr;
    parse_failed(&p, "expected an operator, with a blank on either side");
  }
  expr_free(expr);
  return NULL;
}

void expr_free(struct expr *expr) { free(expr); }

static double field_number(const struct cell *cell, bool strings_too) {
  double number;
  if (cell->kind == CELL_TRUE || cell->kind == CELL_FALSE)
    return cell->kind == CELL_TRUE ? 1 : 0;
  if (cell->kind == CELL_STRING && !strings_too)
    return NAN;
  return cell_number(cell, &number) ? number : NAN;
}

/* min and max of libm forget NaN; ours must not: it means "no value". If b is
 * NaN, neither comparison holds. */
static double binary(enum op_kind kind, double a, double b) {
  switch (kind) {
  case OP_ADD:
    return a + b;
  case OP_SUBTRACT:
    return a - b;
  case OP_MULTIPLY:
    return a * b;
  case OP_DIVIDE:
    return b == 0 ? NAN : a / b;
  case OP_MIN:
    return isnan(a) || a < b ? a : b;
  case OP_MAX:
    return isnan(a) || a > b ? a : b;
  case OP_DEFAULT:
    return isfinite(a) ? a : b;
  default:
    return NAN;
  }
}

/* Seconds since 1970 of a text that is a time, or NaN. */
static double field_time(const struct cell *cell) {
  double seconds;
  const char *text = cell_text(cell);
  return text != NULL && text_time(text, &seconds) ? seconds : NAN;
}

/* null and "" say that there is none. A record without the field, of an older
 * service, says nothing. */
static double field_has(const struct cell *cell) {
  if (cell->kind == CELL_NONE)
    return NAN;
  return cell_is_there(cell);
}

static double operand(const struct op *op, const struct cell *cells,
                      double now) {
  switch (op->kind) {
  case OP_NUMBER:
    return op->number;
  case OP_FIELD:
    return field_number(&cells[op->cell], false);
  case OP_STRING:
    return field_number(&cells[op->cell], true);
  case OP_HAS:
    return field_has(&cells[op->cell]);
  case OP_TIME:
    return field_time(&cells[op->cell]);
  case OP_AGE:
    return now - field_time(&cells[op->cell]);
  default:
    return sum_value(&cells[op->cell].sum);
  }
}

static bool reads_cell(const struct op *op) {
  switch (op->kind) {
  case OP_FIELD:
  case OP_STRING:
  case OP_TOTAL:
  case OP_HAS:
  case OP_TIME:
  case OP_AGE:
    return true;
  default:
    return false;
  }
}

static bool is_operand(const struct op *op) {
  return op->kind == OP_NUMBER || reads_cell(op);
}

double expr_value(const struct expr *expr, const struct cell *cells,
                  double now) {
  double stack[MOST_STACK];
  size_t n = 0; /* the parser guarantees enough operands for each step */
  for (size_t i = 0; i < expr->nops; i++) {
    const struct op *op = &expr->ops[i];
    if (is_operand(op)) {
      stack[n++] = operand(op, cells, now);
    } else if (op->kind == OP_FLOOR) {
      stack[n - 1] = floor(stack[n - 1]);
    } else if (op->kind == OP_CEIL) {
      stack[n - 1] = ceil(stack[n - 1]);
    } else if (op->kind == OP_ABS) {
      stack[n - 1] = fabs(stack[n - 1]);
    } else if (op->kind == OP_IF) {
      n -= 2;
      double condition = stack[n - 1];
      stack[n - 1] = isnan(condition) ? NAN
                     : condition != 0 ? stack[n]
                                      : stack[n + 1];
    } else {
      n--;
      stack[n - 1] = binary(op->kind, stack[n - 1], stack[n]);
    }
  }
  return isfinite(stack[0]) ? stack[0] : NAN;
}

/* Only what begins so is worth a look. */
static bool is_below_zero(const struct op *op, const struct cell *cell) {
  double number;
  if (op->kind == OP_TOTAL)
    return cell->sum.below;
  return cell_has_text(cell) && cell->text[0] == '-' &&
         cell_number(cell, &number) && number < 0;
}

static bool is_odd(const struct op *op, const struct cell *cell) {
  if (op->kind == OP_HAS)
    return false;
  if (op->kind == OP_TOTAL)
    return cell->sum.lost;
  return cell->kind == CELL_CONTAINER ||
         (cell_has_text(cell) && isnan(operand(op, cell - op->cell, 0)));
}

static bool is_missing(const struct op *op, const struct cell *cell) {
  return op->kind != OP_TOTAL && cell->kind == CELL_NONE;
}

/* The first cell of which `test` holds. */
static const struct cell *
find_cell(const struct expr *expr, const struct cell *cells,
          bool (*test)(const struct op *op, const struct cell *cell)) {
  for (size_t i = 0; i < expr->nops; i++) {
    const struct op *op = &expr->ops[i];
    if (reads_cell(op) && test(op, &cells[op->cell]))
      return &cells[op->cell];
  }
  return NULL;
}

const struct cell *expr_odd(const struct expr *expr, const struct cell *cells) {
  return find_cell(expr, cells, is_odd);
}

bool expr_lacks(const struct expr *expr, const struct cell *cells) {
  return find_cell(expr, cells, is_missing) != NULL;
}

const struct cell *expr_below_zero(const struct expr *expr,
                                   const struct cell *cells) {
  return find_cell(expr, cells, is_below_zero);
}
