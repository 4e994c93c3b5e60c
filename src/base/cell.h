/*
 * cell - one value taken out of an answer
 *
 * A record is a row of cells: a fixed array whose indices were given when the
 * fields were bound. Numbers stay the text that the server sent, so nothing is
 * lost above 2^53 before somebody decides what the number is for.
 */
#ifndef CELL_H
#define CELL_H

#include "base/sum.h"

#include <stdbool.h>
#include <stddef.h>

/* The longest text that means something to us is a Swift container's name of
 * 256 characters, or a next link. What is longer is cut, and marked. */
#define CELL_TEXT 2048

/* In place of a NUL in a text: a byte that UTF-8 does not have. So a text ends
 * at its end, for everybody, and two that differ stay two. */
#define CELL_NUL '\xff'

enum cell_kind {
  CELL_NONE,      /* the record has no such field */
  CELL_CONTAINER, /* it has, and it is an object or a list */
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
  struct sum sum; /* EXTRACT_SUM: of all numbers met, lost if one of them was
                     none; EXTRACT_COUNT: how many */
  char text[CELL_TEXT]; /* ends in NUL, of which it holds no other */
};

/* cell_number(cell, ret): the number that a text or number is. False (and `ret`
 * untouched): it is none, or one from 2^63 to 2^64: a server that counts
 * without a sign has such a number where it fell below 0. */
bool cell_number(const struct cell *cell, double *ret);

/* cell_text(cell): a text or number that is whole and not empty; or NULL. */
const char *cell_text(const struct cell *cell);

/* cell_word(cell): the same, or "true" or "false", be it cut or empty. */
const char *cell_word(const struct cell *cell);

/* cell_put(dst, text, len): copies a text, and ends it. Room for len + 1. */
void cell_put(char *dst, const char *text, size_t len);

#endif
