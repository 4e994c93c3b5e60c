/*
 * extract_group - what is looked for in an answer. Data
 *
 * A group is one kind of record: the path of the container that is the record,
 * and the fields below it. The path "" is the whole answer: a single record,
 * which closes last. Groups may nest; the inner one closes first. How a path is
 * written: path.h.
 */
#ifndef EXTRACT_GROUP_H
#define EXTRACT_GROUP_H

#include "base/cell.h"

#include <stddef.h>

#define EXTRACT_FIELDS 117 /* fields of all groups together, at most */
#define EXTRACT_GROUPS 8

enum extract_mode {
  EXTRACT_FIRST, /* the first scalar met under the path */
  EXTRACT_SUM,   /* `sum` of all numbers met: usage.*.num_objects. A null is
                    ignored; any other value that is no number makes the sum
                    lost */
  EXTRACT_COUNT, /* how many scalars or containers were met, in `sum` */
  EXTRACT_JOIN,  /* all strings and numbers met, with ',' between */
};

/* Paths of what is not below the record. */
#define EXTRACT_VALUE "@value" /* the record itself, a scalar; also "" */
#define EXTRACT_KEY "@key"     /* its name, where it is a member of an object */
#define EXTRACT_OUTER                                                          \
  "^." /* begins a path below the record around it: the                        \
          element of the list, or the member, or the                           \
          answer. Only what comes ahead of the inner                           \
          record is known. */

struct extract_field {
  const char *path; /* below the group's record, or one of the above */
  enum extract_mode mode;
};

/* extract_record(arg, cells): a record of the group has closed. `cells` are its
 * fields, in their order; they belong to the extractor again after the call.
 * Return 0 to go on, -1 to give up: then extract_feed() fails, and the callback
 * has kept the error wherever it likes. */
typedef int extract_record(void *arg, const struct cell *cells);

struct extract_group {
  const char *record;
  const struct extract_field *fields;
  size_t nfields;
  extract_record *on_record;
  void *arg; /* for on_record; NULL: the one given to extract_new() */
};

#endif
