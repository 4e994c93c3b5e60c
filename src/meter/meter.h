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

/* Text to number. The rows stand from the best state to the worst: where an
 * answer has several records of one id, the one whose row stands last counts.
 * The last row has text NULL: any other text, and null. Its number may be NAN:
 * no value, and the operator is told once. */
struct state {
  const char *text; /* lower case */
  double number;
};

enum meter_of {
  METER_RECORD,  /* a value for each record */
  METER_HEADERS, /* one for the answer: fields are names of its headers */
  METER_ANSWER,  /* one for the answer: fields are paths from its root */
  METER_REQUEST, /* one for the walk's first request: fields are those below.
                    It is there even if the walk fails */
};
#define METER_ROWS 4

/* Fields of METER_REQUEST. */
#define REQUEST_STATUS "@status"   /* 0: no whole answer came */
#define REQUEST_SECONDS "@seconds" /* to the last byte; missing without one */
#define REQUEST_BYTES "@bytes"     /* of the body; missing as well */
#define REQUEST_FIELDS 3

/* What makes a cloud report a meter. */
enum meter_choice {
  CHOICE_ALWAYS,  /* nothing: no `Meter` is given, or none fits it */
  CHOICE_PATTERN, /* a pattern that fits it, such as "*" */
  CHOICE_NAME,    /* its full name: what makes many series or requests */
};

/* Which records a meter is of: those whose field holds one of the texts, or,
 * with `others`, none of them; or, without texts, those whose field holds
 * anything. */
struct condition {
  const char *field; /* NULL: all. A record that has no such field is none */
  const char *const *texts; /* in lower case; ends in NULL. Or NULL */
  bool others;
};

/* Groups: whose a record is, whatever its listing calls it. */
#define METER_BY_PROJECT "project"
#define METER_BY_USER "user"

struct meter {
  const char *name; /* "image.size": Ceilometer's name where it has one */
  const struct listing *from;
  enum meter_of of;
  const char *value; /* expression (expr.h); NULL: every record counts 1 */
  const char *type;  /* a stock type of types.db; NULL: see meter_type() */
  const char *unit;  /* "B": meta data */
  const struct state *states; /* `value` is a field whose text is looked up */
  const double *skip;         /* numbers that mean: no value */
  size_t nskip;
  /* The fields of `value` may be below 0. If not, one that is counts as no
   * number: it fell below 0 at the server. (What is worked out of them may be
   * in any case.) */
  bool negative;
  enum total_kind total; /* TOTAL_NONE: a value for each record */
  /* TOTAL_*: what tells groups apart, and is the value's resource id: a field,
   * a text with fields in braces ("{host}:{status}"), METER_BY_PROJECT, or
   * METER_BY_USER. A record that lacks one of the fields, or has null or "" in
   * it, is in no group. NULL: one group, "total". */
  const char *group;
  const char *const *groups; /* those that are 0, and not missing, without
                                records; as the API writes them. Ends in NULL */
  struct condition when;
  enum meter_choice choice;
  size_t max_series; /* of a pass: values beyond are refused; 0: no limit */
  /* Fields whose texts a sample needs besides (sample_field()): those that a
   * cloud's formats have in braces. Ends in NULL. Or NULL; a row has none. */
  const char *const *named;
  const char *since; /* the OpenStack release that has it, for the manual */
};

/* meter_type(meter): the type of its values, "gauge" if it names none. */
static inline const char *meter_type(const struct meter *meter) {
  return meter->type != NULL ? meter->type : "gauge";
}

#endif
