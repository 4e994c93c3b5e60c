/*
 * bound - the inside of a binding
 *
 * Which cell holds what. binding.c fills it in when meters are bound, samples.c
 * reads it for each record; all others know struct binding by name only.
 */
#ifndef BOUND_H
#define BOUND_H

#include "meter/expr.h"
#include "meter/meter.h"
#include "net/extract.h"

#include <stddef.h>

/* In place of a cell: whose the record is, whatever its listing calls it. */
enum { PROJECT = -2, USER = -3 };

enum { MOST_PIECES = 6 };

/* The fields of one row of cells. */
struct row {
  struct extract_field fields[EXTRACT_FIELDS];
  size_t n;
};

struct bound_meter {
  const struct meter *meter;
  struct expr *expr; /* NULL: counts 1, or has states */
  int state;         /* cell of the text to look up, or -1 */
  int group;         /* cell of the group's name, PROJECT, USER, or -1 */
};

/* A piece of an id: literal text, then a cell. */
struct piece {
  char *text;
  int cell; /* -1: none; PROJECT: the project asked for */
};

struct binding {
  const struct listing *listing;
  struct row rows[METER_ROWS];
  struct bound_meter *meters;
  size_t nmeters;
  struct piece id[MOST_PIECES];
  size_t npieces;
  int project, older_project, owner, user, name, marker; /* cells, or -1 */
  int total_header, total; /* cells of a header, of the answer */
  int first_metadata;
  char *metadata[EXTRACT_FIELDS]; /* their names */
  size_t nmetadata;
};

/* The text or number in a cell that may be -1; NULL: there is none. */
static inline const char *text_at(const struct cell *cells, int cell) {
  return cell >= 0 ? cell_text(&cells[cell]) : NULL;
}

#endif
