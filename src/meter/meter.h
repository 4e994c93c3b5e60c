/*
 * meter - what is measured, and how a record becomes a sample
 *
 * `struct listing` (listing.h) and `struct meter` are data. Those that are
 * built in stand in meters/, one file per service; what an operator writes
 * makes the same structs, and from here on nobody can tell them apart. A new
 * meter is a row.
 *
 * binding.h and samples.h turn them into work. Nothing here does anything.
 */
#ifndef METER_H
#define METER_H

#include "meter/listing.h"
#include "meter/totals.h"

#include <stdbool.h>
#include <stddef.h>

/* Fields of a listing and of all its meters in one walk, at most. An answer is
 * searched for a few more, which lead to the next page (search.h). */
#define METER_FIELDS 112

/* Text to number. The rows go from the best state to the worst: if an answer
 * has several records with one id, the state further down counts. The last row
 * has text NULL, for any other text and for null. If its number is NAN there is
 * no value, and the operator is told once. */
struct state {
  const char *text; /* lower case */
  double number;
};

enum meter_of {
  METER_RECORD,  /* a value for each record */
  METER_HEADERS, /* one for the answer: fields are names of its headers */
  METER_ANSWER,  /* one for the answer: fields are paths from its root */
  METER_REQUEST, /* one for the walk's first request: its fields are listed
                    below. It is there even if the walk fails */
};
#define METER_ROWS 4

/* Fields of METER_REQUEST. */
#define REQUEST_STATUS "@status"   /* 0: no whole answer came */
#define REQUEST_SECONDS "@seconds" /* to the last byte; missing without one */
#define REQUEST_BYTES "@bytes"     /* of the body; missing as well */
#define REQUEST_FIELDS 3

/* What makes a cloud report a meter. */
enum meter_choice {
  CHOICE_ALWAYS,  /* it is in the default set, and in what patterns match */
  CHOICE_PATTERN, /* a `Meter` line whose pattern matches it, such as "*" */
  CHOICE_NAME,    /* a `Meter` line with its full name: for meters with many
                     series or requests */
};

/* Which records a meter counts: those whose field has one of the texts; with
 * `others`, those whose field has none of them; without texts, those whose
 * field is neither missing, null nor "". */
struct condition {
  const char *field; /* NULL: all records. A record without this field never
                        counts */
  const char *const *texts; /* in lower case; ends in NULL. Or NULL */
  bool others;
};

/* Groups: by a record's project or user, whatever the listing calls them. */
#define METER_BY_PROJECT "project"
#define METER_BY_USER "user"

struct meter {
  const char *name; /* "image.size": Ceilometer's name where it has one */
  const struct listing *from;
  enum meter_of of;
  const char *value; /* expression (expr.h); NULL: every record counts 1 */
  const char *type;  /* a stock type of types.db; NULL: see meter_type() */
  const char *unit;  /* "B": meta data */
  const struct state *states; /* then `value` is a field, whose text is looked
                                 up */
  const double *skip;         /* numbers that mean: no value */
  size_t nskip;
  /* The fields of `value` may be below 0. Otherwise a negative field is not a
   * number: a count at the server that fell below 0. (The result of an
   * expression may be negative in any case.) */
  bool negative;
  enum total_kind total; /* TOTAL_NONE: a value for each record */
  /* TOTAL_*: what tells groups apart, and is the value's resource id: a field,
   * a text with fields in braces ("{host}:{status}"), METER_BY_PROJECT, or
   * METER_BY_USER. A record that lacks one of the fields, or has null or "" in
   * it, is in no group. NULL: one group, "total". */
  const char *group;
  const char *const *groups; /* groups that are 0, instead of missing, if they
                                have no records; as the API writes them. A NULL
                                ends them */
  struct condition when;
  enum meter_choice choice;
  size_t max_series; /* of a pass: further values are refused; 0: no limit */
  /* Further fields whose texts a sample needs (sample_field()): those in braces
   * in a cloud's formats. A NULL ends them. NULL in each row of meters/. */
  const char *const *named;
  const char *since; /* the OpenStack release that has it, for the manual */
};

/* meter_type(meter): the type of its values, "gauge" if it names none. */
static inline const char *meter_type(const struct meter *meter) {
  return meter->type != NULL ? meter->type : "gauge";
}

#endif
