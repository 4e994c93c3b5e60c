/*
 * cell - one value taken out of an answer
 *
 * A record is a row of cells: a fixed array whose indices were given when the
 * fields were bound. Numbers stay the text that the server sent, so nothing is
 * lost above 2^53 before somebody decides what the number is for.
 */
#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stddef.h>

/* The longest text that means something to us is a Swift container's name of
 * 256 characters, or a next link. What is longer is cut, and marked. */
#define CELL_TEXT 2048

enum cell_kind {
  CELL_NONE, /* the record has no such field */
  CELL_NULL,
  CELL_FALSE,
  CELL_TRUE,
  CELL_NUMBER, /* `text` as sent */
  CELL_STRING, /* `text` unescaped; bytes as sent, not validated */
};

struct cell {
  enum cell_kind kind;
  bool cut;   /* the server's value was longer than `text` */
  size_t len; /* of `text`; for CELL_NUMBER and CELL_STRING */
  double sum; /* EXTRACT_SUM: of all numbers met; EXTRACT_COUNT: how many */
  char text[CELL_TEXT]; /* ends in NUL; may hold further NULs */
};

#endif
