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
#include "meter/pieces.h"

#include <stdbool.h>
#include <stddef.h>

/* The fields of one row of cells. */
struct row {
  struct extract_field fields[METER_FIELDS];
  char *paths[METER_FIELDS]; /* of the fields: what these point to */
  size_t n;
};

struct bound_meter {
  const struct meter *meter;
  size_t series;       /* which of the binding's it is */
  struct expr *expr;   /* NULL: counts 1, or has states */
  bool shared;         /* the expression is that of a meter before it */
  int state;           /* cell of the text to look up, or -1 */
  int when;            /* cell of its condition, or -1 */
  struct pieces group; /* its name; none: all are one group */
};

struct binding {
  const struct listing *listing;
  struct row rows[METER_ROWS];
  struct bound_meter *meters;
  size_t nmeters;
  struct pieces id, name; /* in an id FROM_PROJECT is the project asked for */
  int project, older_project, owner, user; /* cells, or -1 */
  int marker, marker_when;                 /* the same */
  int total_header, total; /* cells of a header, of the answer */
  int first_metadata;
  char *metadata[METER_FIELDS]; /* their names */
  size_t nmetadata;
  int first_named; /* fields of meter.named stand in a row, too */
  size_t nnamed;
};

/* The text or number in a cell that may be -1; NULL: there is none. */
static inline const char *text_at(const struct cell *cells, int cell) {
  return cell >= 0 ? cell_text(&cells[cell]) : NULL;
}

#endif
