/*
 * extract_plan - the inside of an extractor: what is looked for, and where
 *
 * Turns the paths of fields and records into a tree of the places that they
 * lead to and through, once for each extractor. extract.c walks down it with
 * each byte that arrives; all others know the extractor alone.
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

struct node;

/* The first bytes of a text, and its last ones: all, up to 16. */
struct ends {
  uint64_t first, last;
};

/* One name at one place, and the place below it. */
struct name {
  size_t len;
  struct ends ends;
  const char *text;
  const struct node *node;
  unsigned char next; /* of its kind, as in struct node; 0: none */
};

enum { KEY_KINDS = 64, EXTRACT_NODES = 4096 };

/* A place in an answer: what its value is to the paths that come here. */
struct node {
  size_t number;         /* in its plan */
  unsigned char ends;    /* bits of groups: a record of theirs */
  unsigned char through; /* the same, or such a record is further down */
  unsigned char nfields; /* whose value is here; */
  unsigned char nkeys;   /* the first ones have this member's name instead */
  /* Nothing is here but this field, which takes the first value; from 1, 0:
   * there is more. */
  unsigned char only;
  unsigned char *fields;
  const struct node *each, *any; /* below it; NULL: of no interest */
  size_t nnames;
  unsigned char kinds[KEY_KINDS]; /* the first name of a key_kind(), from 1 */
  struct node *made_before;       /* all of a plan hang together */
  struct name names[];
};
_Static_assert(EXTRACT_GROUPS <= 8, "one bit each");
_Static_assert(EXTRACT_FIELDS + EXTRACT_GROUPS < 256, "fits into a byte");

struct group {
  extract_record *on_record; /* NULL: only the record's beginning counts */
  void *arg;
  size_t first, nfields;                /* its cells */
  unsigned char begins[EXTRACT_FIELDS]; /* those that a new record empties */
  size_t nbegins;
  size_t nsteps;
  size_t list;          /* the steps up to its path's last [] or *; or 0 */
  enum step_kind holds; /* which of the two that is */
  bool bare;            /* a field is the record itself: a link */
  bool member;          /* of an object: its path ends in * */
};

struct extract_plan {
  size_t nfields, ngroups;
  enum extract_mode modes[EXTRACT_FIELDS];
  bool keys[EXTRACT_FIELDS]; /* holds the name of the member that is the
                                record */
  struct group groups[EXTRACT_GROUPS];
  struct path records[EXTRACT_GROUPS], fields[EXTRACT_FIELDS];
  const struct node *root; /* NULL: nothing is looked for */
  struct node *made;       /* the last one */
  size_t nnodes;
};

/* Few names share a kind, and most keys of an answer have one that no name has.
 */
static inline size_t key_kind(const char *text, size_t len) {
  unsigned char first = len > 0 ? (unsigned char)text[0] : 0;
  return (first * 5 + len) % KEY_KINDS;
}

static inline struct ends ends_of(const char *text, size_t len) {
  uint64_t first = 0, last = 0;
  uint32_t short_first, short_last;
  if (len >= sizeof(first)) {
    memcpy(&first, text, sizeof(first));
    memcpy(&last, text + len - sizeof(last), sizeof(last));
  } else if (len >= sizeof(short_first)) {
    memcpy(&short_first, text, sizeof(short_first));
    memcpy(&short_last, text + len - sizeof(short_last), sizeof(short_last));
    first = short_first;
    last = short_last;
  } else if (len > 0) { /* the first, the one between, the last */
    first = (unsigned char)text[0];
    last = (uint64_t)(unsigned char)text[len / 2] << 8 |
           (unsigned char)text[len - 1];
  }
  return (struct ends){first, last};
}

/* name_is(name, text, len): is this its text? memcmp() takes longer. */
static inline bool name_is(const struct name *name, const char *text,
                           size_t len) {
  if (name->len != len)
    return false;
  const struct ends ends = ends_of(text, len);
  return name->ends.first == ends.first && name->ends.last == ends.last &&
         (len <= sizeof(ends) || memcmp(name->text, text, len) == 0);
}

/* node_name(node, text, len): that of an object's member; NULL: it has none. */
static inline const struct name *node_name(const struct node *node,
                                           const char *text, size_t len) {
  size_t i = node->kinds[key_kind(text, len)];
  while (i != 0 && !name_is(&node->names[i - 1], text, len))
    i = node->names[i - 1].next;
  return i != 0 ? &node->names[i - 1] : NULL;
}

/* node_is_leaf(node): no member of an object is of interest. */
static inline bool node_is_leaf(const struct node *node) {
  return node->nnames == 0 && node->any == NULL;
}

/* extract_plan_init(plan, groups, ngroups, arg, err): fills in `plan`, which is
 * zeros. `arg` is that of groups without one. -1: ERROR_CONFIG (a path that
 * cannot be parsed, too many fields, groups or places), memory; the caller must
 * still clear it. */
int extract_plan_init(struct extract_plan *plan,
                      const struct extract_group *groups, size_t ngroups,
                      void *arg, struct error *err);
void extract_plan_clear(struct extract_plan *plan);

#endif
