#include "base/roster.h"

#include "base/idset.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct lookup {
  const struct roster *roster;
  const char *id;
};

static uint64_t hash_of(const char *id) {
  return text_hash(id, strlen(id), text_seed());
}

static bool has_id(const void *arg, uint64_t slot) {
  const struct lookup *lookup = arg;
  return strcmp(lookup->roster->entries[table_row(slot)].id, lookup->id) == 0;
}

static bool grow(struct roster *r) {
  size_t room = r->room > 0 ? r->room * 2 : 64;
  struct roster_entry *entries =
      realloc(r->entries, room * sizeof(*r->entries));
  if (entries == NULL)
    return false;
  r->entries = entries;
  r->room = room;
  return true;
}

static size_t size_of(const char *text) {
  return text != NULL ? strlen(text) + 1 : 0;
}

/* Both texts in one block, which is the id's. */
static bool copy_texts(struct roster_entry *entry) {
  size_t id_size = size_of(entry->id), name_size = size_of(entry->name);
  char *block = malloc(id_size + name_size);
  if (block == NULL)
    return false;
  memcpy(block, entry->id, id_size);
  if (entry->name != NULL)
    entry->name = memcpy(block + id_size, entry->name, name_size);
  entry->id = block;
  return true;
}

int roster_add(struct roster *r, const struct roster_entry *entry,
               struct error *err) {
  struct roster_entry *found = roster_find(r, entry->id);
  if (found != NULL)
    return (int)(found - r->entries);
  if (r->n == ROSTER_LIMIT)
    return error_set(err, ERROR_LIMIT, "more than %d rows", ROSTER_LIMIT);
  size_t size = size_of(entry->id) + size_of(entry->name);
  if (size > ROSTER_BYTES - r->bytes)
    return error_set(err, ERROR_LIMIT, "their ids and names are over %d MiB",
                     ROSTER_BYTES / 1024 / 1024);
  struct roster_entry copy = *entry;
  if ((r->n == r->room && !grow(r)) || !copy_texts(&copy))
    return error_memory(err);
  if (!table_add(&r->index, table_slot(hash_of(copy.id), r->n))) {
    free((char *)copy.id);
    return error_memory(err);
  }
  r->entries[r->n] = copy;
  r->bytes += size;
  return (int)r->n++;
}

struct roster_entry *roster_find(const struct roster *r, const char *id) {
  const struct lookup lookup = {.roster = r, .id = id};
  uint64_t slot = table_find(&r->index, hash_of(id), has_id, &lookup);
  return slot != 0 ? &r->entries[table_row(slot)] : NULL;
}

/* What has no name goes by its id. */
static uint64_t name_hash(const struct roster_entry *entry) {
  char mapped[128];
  text_identifier(mapped, sizeof(mapped),
                  entry->name != NULL ? entry->name : entry->id);
  return text_identifier_hash(mapped, text_seed());
}

int roster_mark_twins(struct roster *r, struct error *err) {
  struct idset names = {0}, twins = {0};
  for (size_t i = 0; i < r->n; i++) {
    uint64_t hash = name_hash(&r->entries[i]);
    if (!idset_add(&names, hash))
      idset_add(&twins, hash);
  }
  bool broken = names.broken || twins.broken;
  for (size_t i = 0; i < r->n && !broken; i++)
    r->entries[i].twin = idset_has(&twins, name_hash(&r->entries[i]));
  idset_clear(&names);
  idset_clear(&twins);
  return broken ? error_memory(err) : 0;
}

void roster_clear(struct roster *r) {
  for (size_t i = 0; i < r->n; i++)
    free((char *)r->entries[i].id);
  free(r->entries);
  table_clear(&r->index);
  *r = (struct roster){0};
}
