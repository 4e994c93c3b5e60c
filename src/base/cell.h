/*
 * cell - one value taken out of an answer
 *
 * A record is a row of cells: a fixed array. The binding of the fields gives
 * each one its index. A number is kept as the text that the server sent, so
 * nothing is lost above 2^53 before its reader decides what the number is for.
 */
#ifndef CELL_H
#define CELL_H

#include "base/sum.h"

#include <stdbool.h>
#include <stddef.h>

/* The longest text that has a use here is the name of a Swift container (256
 * characters) or a next link. A longer text is cut and marked as cut. */
#define CELL_TEXT 2048

/* This byte, which UTF-8 never has, replaces a NUL in a text. So every reader
 * sees the text end at its end, and two texts that differ stay different. */
#define CELL_NUL '\xff'

enum cell_kind {
  CELL_NONE,      /* the record has no such field */
  CELL_CONTAINER, /* the field is an object or a list */
  CELL_NULL,
  CELL_FALSE,
  CELL_TRUE,
  CELL_NUMBER, /* `text` as sent */
  CELL_STRING, /* `text` unescaped; bytes as sent, not validated */
};

struct cell {
  enum cell_kind kind;
  bool cut;       /* the server's value was longer than `text` */
  size_t len;     /* of `text`; for CELL_NUMBER and CELL_STRING */
  struct sum sum; /* EXTRACT_SUM: the sum of all numbers met; lost if one of
                     them is no number. EXTRACT_COUNT: the count */
  char text[CELL_TEXT]; /* ends in NUL and holds no other */
};

/* cell_has_text(cell): it is a number or a string, and `text` holds it. */
static inline bool cell_has_text(const struct cell *cell) {
  return cell->kind == CELL_NUMBER || cell->kind == CELL_STRING;
}

/* cell_is_there(cell): the record has the field, and it is neither null nor
 * "". */
static inline bool cell_is_there(const struct cell *cell) {
  return cell->kind != CELL_NONE && cell->kind != CELL_NULL &&
         (cell->kind != CELL_STRING || cell->len > 0);
}

/* cell_number(cell, ret): reads a number, or a text that is one. False (`ret`
 * is untouched): it is no number, or it is one from 2^63 to 2^64. A server that
 * counts without a sign sends such a number for one that fell below 0. */
bool cell_number(const struct cell *cell, double *ret);

/* cell_text(cell): the text of a text or number that is whole and not empty;
 * otherwise NULL. */
static inline const char *cell_text(const struct cell *cell) {
  bool usable = cell_has_text(cell) && !cell->cut && cell->len > 0;
  return usable ? cell->text : NULL;
}

/* cell_word(cell): the same, but also "true" and "false", and texts that are
 * cut or empty. */
const char *cell_word(const struct cell *cell);

#endif
