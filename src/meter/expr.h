/*
 * expr - a number worked out of the fields of a record
 *
 *   size
 *   size_kb * 1024
 *   if(thin_provisioning_support, ratio, 1) * total - provisioned
 *
 * Operands are numbers and fields; operators are + - * / with a blank on either
 * side: "a-b" is one field, since JSON names hold '-' and ':'. A name that
 * holds '+', '/' or '*' or begins with a digit is quoted. Functions are min,
 * max (two arguments or more), floor, ceil, abs, if (condition, then, else),
 * default (value, otherwise), and sum and count (of one field whose path goes
 * through [] or *). A field that is no number makes the result NaN, "no value",
 * unless default() has another for it; a number in a string counts where the
 * expression says number(field). true is 1, false 0. if() looks only at the
 * branch it takes.
 *
 * has(field) is 1 where there is something, and 0 where there is null or "".
 * time(field) reads a time (text_time()) as seconds since 1970; age(field) is
 * how long ago that is.
 *
 * It must not grow into a language: no text, no comparison, no state.
 */
#ifndef EXPR_H
#define EXPR_H

#include "base/cell.h"
#include "base/error.h"
#include "net/extract.h"

struct expr;

/* expr_new(text, bind, arg, err): compiles. For each field met, `bind(arg,
 * field)` gives the index of its cell, or -1 (with an error of its own making).
 * NULL: ERROR_CONFIG that says where, or memory. */
struct expr *expr_new(const char *text,
                      int (*bind)(void *arg, const struct extract_field *field,
                                  struct error *err),
                      void *arg, struct error *err);
void expr_free(struct expr *expr); /* NULL is fine */

/* expr_value(expr, cells, now): the number, or NaN. `now` is the time from
 * which age() counts, in seconds since 1970. Any thread. */
double expr_value(const struct expr *expr, const struct cell *cells,
                  double now);

/* expr_odd(expr, cells): where there is no value: the first cell that has
 * something, but no number; NULL: none, it was missing, null or a division by
 * 0.
 */
const struct cell *expr_odd(const struct expr *expr, const struct cell *cells);

/* expr_lacks(expr, cells): is a field missing? (A null is there.) */
bool expr_lacks(const struct expr *expr, const struct cell *cells);

/* expr_below_zero(expr, cells): the first cell that has a number below 0, or a
 * sum with one; or NULL. */
const struct cell *expr_below_zero(const struct expr *expr,
                                   const struct cell *cells);

#endif
