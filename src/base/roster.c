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

static size_t texts_size(const struct roster_entry *entry) {
  return size_of(entry->id) + size_of(entry->name) + size_of(entry->project);
}

static const char *copy_text(char **at, const char *text) {
  const char *copy = *at;
  if (text == NULL)
    return NULL;
  *at = stpcpy(*at, text) + 1;
  return copy;
}

static bool copy_texts(struct roster_entry *entry) {
  char *at = entry->texts = malloc(texts_size(entry));
  if (at == NULL)
    return false;
  entry->id = copy_text(&at, entry->id);
  entry->name = copy_text(&at, entry->name);
  entry->project = copy_text(&at, entry->project);
  return true;
}

int roster_add(struct roster *r, const struct roster_entry *entry,
               struct error *err) {
  struct roster_entry *found = roster_find(r, entry->id);
  if (found != NULL)
    return (int)(found - r->entries);
  if (r->n == ROSTER_LIMIT)
    return error_set(err, ERROR_LIMIT, "more than %d rows", ROSTER_LIMIT);
  size_t size = texts_size(entry);
  if (size > ROSTER_BYTES - r->bytes)
    return error_set(err, ERROR_LIMIT, "their ids and names are over %d MiB",
                     ROSTER_BYTES / 1024 / 1024);
  struct roster_entry copy = *entry;
  if ((r->n == r->room && !grow(r)) || !copy_texts(&copy))
    return error_memory(err);
  if (!table_add(&r->index, table_slot(hash_of(copy.id), r->n))) {
    free(copy.texts);
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
static uint64_t name_hash(const struct roster_entry *entry, uint64_t before) {
  char mapped[128];
  text_identifier(mapped, sizeof(mapped),
                  entry->name != NULL ? entry->name : entry->id);
  return text_identifier_hash(mapped, before);
}

/* domains: NULL if only its own name counts. */
static uint64_t full_hash(const struct roster_entry *entry,
                          const struct roster *domains) {
  uint64_t before = text_seed();
  if (domains != NULL && entry->domain >= 0)
    before = name_hash(&domains->entries[entry->domain], before);
  return name_hash(entry, before);
}

static bool mark(struct roster *r, const struct roster *domains) {
  struct idset names = {0}, twins = {0};
  for (size_t i = 0; i < r->n; i++) {
    uint64_t hash = full_hash(&r->entries[i], domains);
    if (!idset_add(&names, hash))
      idset_add(&twins, hash);
  }
  bool broken = names.broken || twins.broken;
  for (size_t i = 0; i < r->n && !broken; i++) {
    struct roster_entry *entry = &r->entries[i];
    bool twin = idset_has(&twins, full_hash(entry, domains));
    *(domains != NULL ? &entry->domain_twin : &entry->twin) = twin;
  }
  idset_clear(&names);
  idset_clear(&twins);
  return !broken;
}

int roster_mark_twins(struct roster *r, const struct roster *domains,
                      struct error *err) {
  return mark(r, NULL) && mark(r, domains) ? 0 : error_memory(err);
}

void roster_clear(struct roster *r) {
  for (size_t i = 0; i < r->n; i++)
    free(r->entries[i].texts);
  free(r->entries);
  table_clear(&r->index);
  *r = (struct roster){0};
}
