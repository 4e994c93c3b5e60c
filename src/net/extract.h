/*
 * extract - JSON bytes in, records out
 *
 * It is fed the bytes of an answer as they
 * arrive, in pieces of any size, and calls back once for every record that
 * closes, with the few fields that somebody asked for. Nothing of the answer is
 * kept but these cells: memory does not depend on how much a server sends.
 *
 * It must not learn what the fields mean, nor where the bytes come from, nor
 * how JSON is read (json.h).
 *
 * Fields and records are found by their paths (path.h).
 *
 * A *group* is one kind of record: the path of the container that is the
 * record, and the fields below it. The path "" is the whole answer, whose one
 * record closes last. Groups may nest; the inner closes first.
 *
 * How: for every open container a bit mask says which paths run through it. A
 * key keeps the bits whose next step it is; no bits left means that everything
 * is skipped until the container closes.
 */
#ifndef EXTRACT_H
#define EXTRACT_H

#include "base/cell.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define EXTRACT_FIELDS 112 /* fields of all groups together, at most */
#define EXTRACT_GROUPS 8

enum extract_mode {
  EXTRACT_FIRST, /* the first scalar met under the path */
  EXTRACT_SUM,   /* `sum` of all numbers met: usage.*.num_objects; a null is
                    none, and what else is no number loses it */
  EXTRACT_COUNT, /* how many scalars or containers were met, in `sum` */
  EXTRACT_JOIN,  /* all strings and numbers met, with ',' between */
};

struct extract_field {
  const char *path; /* below the group's record; "" if the record is a scalar */
  enum extract_mode mode;
};

/* extract_record(arg, cells): a record of the group has closed; `cells` are
 * those of its fields, in their order, and ours again after the call. Return 0
 * to go on, -1 to give up: extract_feed() then fails with the error that the
 * callback has put where it likes. */
typedef int extract_record(void *arg, const struct cell *cells);

struct extract_group {
  const char *record;
  const struct extract_field *fields;
  size_t nfields;
  extract_record *on_record;
};

struct extract;

/* extract_new(groups, ngroups, arg, err): an extractor, or NULL: a path that
 * cannot be read or too many of something (ERROR_CONFIG), memory. The groups
 * are copied. `arg` is handed to every callback. One thread at a time. */
struct extract *extract_new(const struct extract_group *groups, size_t ngroups,
                            void *arg, struct error *err);
void extract_free(struct extract *extract); /* NULL is fine */

/* extract_begin(extract): forget the last answer; a new one begins. */
int extract_begin(struct extract *extract, struct error *err);

/* extract_feed(extract, data, len, err): more bytes. -1: what json.h says
 * (ERROR_PARSE, ERROR_LIMIT, memory), or a callback gave up (`err` is
 * then untouched). After a failure only extract_begin() and extract_free() make
 * sense. */
int extract_feed(struct extract *extract, const void *data, size_t len,
                 struct error *err);

/* extract_finish(extract, err): the answer has ended. -1 (ERROR_PARSE): it
 * ended before its JSON did. */
int extract_finish(struct extract *extract, struct error *err);

/* extract_complete(extract): the outermost brace has closed. A server without
 * Content-Length that dies can only be told by this. */
bool extract_complete(const struct extract *extract);

/* extract_met(extract, group): the answer has the list that holds the records
 * of this group, be it empty ("images": []); where its path has none, the
 * record itself; and if that is a text, as a link, the object that would hold
 * it. An answer without it is not an empty cloud. */
bool extract_met(const struct extract *extract, size_t group);

#endif
