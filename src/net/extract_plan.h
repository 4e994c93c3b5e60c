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

/* A bit for each field, and one for each group. */
__extension__ typedef unsigned __int128 mask;
_Static_assert(EXTRACT_FIELDS + EXTRACT_GROUPS < 128, "one bit each");

/* One name at one level, and the bits whose step it is there. */
struct name {
  const char *text;
  size_t len;
  mask bits;
};

/* What can come next at one level. Level n is the child of n containers. */
struct level {
  mask complete; /* bits whose path ends here */
  mask each, any;
  struct name names[EXTRACT_FIELDS + EXTRACT_GROUPS];
  size_t nnames;
  uint64_t lengths; /* that the names have: length_bit() */
};

struct group {
  extract_record *on_record; /* NULL: only the record's beginning counts */
  void *arg;
  size_t first, nfields; /* its cells */
  mask begins;           /* cells that a new record empties */
  size_t nsteps;
  size_t list;          /* the steps up to its path's last [] or *; or 0 */
  enum step_kind holds; /* which of the two that is */
  bool bare;            /* a field is the record itself: a link */
  bool member;          /* of an object: its path ends in * */
};

struct extract_plan {
  struct path paths[EXTRACT_FIELDS + EXTRACT_GROUPS]; /* fields, then groups */
  size_t nfields, ngroups;
  enum extract_mode modes[EXTRACT_FIELDS];
  struct group groups[EXTRACT_GROUPS];
  struct level levels[PATH_STEPS + 1];
  mask keys; /* cells that hold the name of the member that is the record */
};

static inline mask low_bits(size_t n) { return ((mask)1 << n) - 1; }

/* Most keys of an answer are of no interest, and of another length than those
 * that are. */
static inline uint64_t length_bit(size_t len) {
  return UINT64_C(1) << (len < 63 ? len : 63);
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
