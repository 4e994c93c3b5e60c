/*
 * roster - ids and names, in the order of their arrival, found by id
 *
 * Holds what Keystone lists: projects, domains, users. An entry with an id of
 * 32 bytes and a name of a dozen takes some 110 bytes. The module knows neither
 * where entries come from nor what the flags mean. Only one thread at a time
 * may write; while nobody writes, any thread may read.
 */
#ifndef ROSTER_H
#define ROSTER_H

#include "base/error.h"
#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROSTER_LIMIT 1000000
#define ROSTER_BYTES (128 * 1024 * 1024) /* of ids and names, in all */

struct roster_entry {
  const char *id;
  const char *name;     /* NULL: not known */
  const char *project;  /* whose it is; NULL: nobody's, or not known */
  char *texts;          /* the roster's own: the three texts */
  int32_t domain;       /* row in the roster of domains; -1: none */
  bool enabled, wanted; /* set and read by the roster's owner */
  bool twin;            /* roster_mark_twins() found its name elsewhere, */
  bool domain_twin;     /* also with that of its domain */
};

/* Initialise with zeros. */
struct roster {
  struct roster_entry *entries;
  size_t n, room;
  struct table index; /* of the entries, by id */
  size_t bytes;       /* of their texts */
};

/* roster_add(roster, entry, err): copies the entry and its texts. An entry with
 * the same id stays as it is. Returns the row; -1: ERROR_LIMIT, memory. Adding
 * moves other entries, but not their texts. */
int roster_add(struct roster *roster, const struct roster_entry *entry,
               struct error *err);

/* roster_find(roster, id): the entry; NULL: not found. */
struct roster_entry *roster_find(const struct roster *roster, const char *id);

/* roster_mark_twins(roster, domains, err): marks each entry whose name another
 * entry has, too, or would have in an identifier (where bytes are mapped); and
 * those that are alike with the names of their domains. -1: memory. */
int roster_mark_twins(struct roster *roster, const struct roster *domains,
                      struct error *err);

/* roster_clear(roster): empties the roster and frees its memory. */
void roster_clear(struct roster *roster);

#endif
