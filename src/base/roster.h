/*
 * roster - ids and names, in the order in which they came, found by id
 *
 * What Keystone lists: projects, domains, users. An entry takes some 100 bytes
 * with an id of 32 and a name of a dozen. It neither knows where entries come
 * from nor what the flags mean. One thread at a time writes; once nobody does,
 * any thread may read.
 */
#ifndef ROSTER_H
#define ROSTER_H

#include "base/error.h"
#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROSTER_LIMIT 1000000

struct roster_entry {
  const char *id;
  const char *name;     /* NULL: not known */
  int32_t domain;       /* its row in the roster of domains; -1: none */
  bool enabled, wanted; /* its owner's */
  bool twin;            /* roster_mark_twins() found another of its name */
};

/* Begin with one of zeros. */
struct roster {
  struct roster_entry *entries;
  size_t n, room;
  struct table index; /* of the entries, by id */
};

/* roster_add(roster, entry, err): copies it, texts and all. An id that is there
 * already stays as it is. Returns its row; -1: ERROR_LIMIT, memory. Other
 * entries move, their texts do not. */
int roster_add(struct roster *roster, const struct roster_entry *entry,
               struct error *err);

/* roster_find(roster, id): NULL: it is not there. */
struct roster_entry *roster_find(const struct roster *roster, const char *id);

/* roster_mark_twins(roster, err): marks all whose names another entry has, too,
 * or has in an identifier, where bytes are mapped. -1: memory. */
int roster_mark_twins(struct roster *roster, struct error *err);

/* roster_clear(roster): empty again, memory given back. */
void roster_clear(struct roster *roster);

#endif
