/*
 * extract_plan - the inside of an extractor: what is looked for, and where
 *
 * Turns the paths of fields and records into bit masks for each level of an
 * answer, once for each extractor. extract.c reads them with each byte that
 * arrives; all others know the extractor alone.
 */
#ifndef EXTRACT_PLAN_H
#define EXTRACT_PLAN_H

#include "base/error.h"
#include "net/extract_group.h"
#include "net/path.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A bit for each group, and above them one for each field. */
__extension__ typedef unsigned __int128 mask;
_Static_assert(EXTRACT_GROUPS + EXTRACT_FIELDS <= 128, "one bit each");

static inline unsigned group_bits(mask bits) {
  return (unsigned)bits & ((1u << EXTRACT_GROUPS) - 1);
}

/* The lowest is that of field 0. */
static inline mask field_bits(mask bits) { return bits >> EXTRACT_GROUPS; }

/* One name at one level, and the bits whose step it is there. */
struct name {
  const char *text;
  size_t len;
  mask bits;
  unsigned char next; /* of its kind, as in struct level; 0: none */
};

enum { KEY_KINDS = 64 };

/* What can come next at one level. Level n is the child of n containers. */
struct level {
  mask complete; /* bits whose path ends here */
  mask each, any;
  struct name names[EXTRACT_FIELDS + EXTRACT_GROUPS];
  size_t nnames;
  unsigned char kinds[KEY_KINDS]; /* the first name of a key_kind(), from 1 */
};
_Static_assert(EXTRACT_FIELDS + EXTRACT_GROUPS < 256, "fits into a byte");

struct group {
  extract_record *on_record; /* NULL: only the record's beginning counts */
  void *arg;
  size_t first, nfields; /* its cells */
  mask begins;           /* field_bits() that a new record empties */
  size_t nsteps;
  size_t list;          /* the steps up to its path's last [] or *; or 0 */
  enum step_kind holds; /* which of the two that is */
  bool bare;            /* a field is the record itself: a link */
  bool member;          /* of an object: its path ends in * */
};

struct extract_plan {
  size_t nfields, ngroups;
  enum extract_mode modes[EXTRACT_FIELDS];
  struct group groups[EXTRACT_GROUPS];
  struct path records[EXTRACT_GROUPS], fields[EXTRACT_FIELDS];
  struct level levels[PATH_STEPS + 1];
  mask all;  /* bits that are in use */
  mask keys; /* field_bits() that hold the name of the member that is the
                record */
};

/* Few names share a kind, and most keys of an answer have one that no name has.
 */
static inline size_t key_kind(const char *text, size_t len) {
  unsigned char first = len > 0 ? (unsigned char)text[0] : 0;
  return (first * 5 + len) % KEY_KINDS;
}

/* level_find(level, text, len): the bits whose step a key is. */
static inline mask level_find(const struct level *level, const char *text,
                              size_t len) {
  size_t i = level->kinds[key_kind(text, len)];
  for (; i != 0; i = level->names[i - 1].next) {
    const struct name *name = &level->names[i - 1];
    if (name->len == len && memcmp(name->text, text, len) == 0)
      return level->any | name->bits;
  }
  return level->any;
}

/* extract_plan_init(plan, groups, ngroups, arg, err): fills in `plan`, which is
 * zeros. `arg` is that of groups without one. -1: ERROR_CONFIG (a path that
 * cannot be parsed, too many fields or groups), memory; the caller must still
 * clear it. */
int extract_plan_init(struct extract_plan *plan,
                      const struct extract_group *groups, size_t ngroups,
                      void *arg, struct error *err);
void extract_plan_clear(struct extract_plan *plan);

#endif
