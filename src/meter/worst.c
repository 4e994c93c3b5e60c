#include "meter/worst.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct worst_entry {
  struct worst_state state;
  struct sample *sample;
  char *group; /* state.group */
};

/* What is looked for. */
struct lookup {
  const struct worst *worst;
  const char *id;
  size_t meter;
};

static uint64_t hash_of(size_t meter, uint64_t id) {
  return id + ((uint64_t)meter << 32);
}

static bool is_entry(const void *arg, uint64_t slot) {
  const struct lookup *lookup = arg;
  const struct worst_entry *entry = &lookup->worst->entries[table_row(slot)];
  return entry->state.meter == lookup->meter &&
         strcmp(entry->sample->id, lookup->id) == 0;
}

/* A copy of the sample and of the group's text. */
static bool fill_entry(struct worst_entry *entry, const struct sample *sample,
                       const struct worst_state *state) {
  char *group = state->group != NULL ? strdup(state->group) : NULL;
  struct sample *copy = sample_copy(sample);
  if (copy == NULL || (group == NULL && state->group != NULL)) {
    free(copy);
    free(group);
    return false;
  }
  entry->sample = copy;
  entry->state = *state;
  entry->state.group = entry->group = group;
  return true;
}

static void clear_entry(struct worst_entry *entry) {
  free(entry->sample);
  free(entry->group);
}

static bool grow(struct worst *w) {
  size_t room = w->room > 0 ? w->room * 2 : 64;
  struct worst_entry *grown = realloc(w->entries, room * sizeof(*grown));
  if (grown == NULL)
    return false;
  w->entries = grown;
  w->room = room;
  return true;
}

bool worst_hold(struct worst *w, const struct sample *sample,
                const struct worst_state *state) {
  uint64_t hash = hash_of(state->meter, state->hash);
  if (w->n == WORST_LIMIT || (w->n == w->room && !grow(w)) ||
      !fill_entry(&w->entries[w->n], sample, state))
    return false;
  if (!table_add(&w->index, table_slot(hash, w->n))) {
    clear_entry(&w->entries[w->n]);
    return false;
  }
  w->n++;
  return true;
}

void worst_miss(struct worst *w, size_t meter, uint64_t hash) {
  idset_add(&w->missed, hash_of(meter, hash));
}

void worst_compare(struct worst *w, const struct sample *sample,
                   const struct worst_state *state) {
  const struct lookup lookup = {w, sample->id, state->meter};
  uint64_t hash = hash_of(state->meter, state->hash);
  uint64_t slot = table_find(&w->index, hash, is_entry, &lookup);
  if (slot == 0) {
    if (idset_has(&w->missed, hash))
      worst_hold(w, sample, state); /* or not: as one that has been sent */
    return;
  }
  struct worst_entry *entry = &w->entries[table_row(slot)];
  struct worst_entry before = *entry;
  if (before.state.rank >= state->rank)
    return;
  if (fill_entry(entry, sample, state))
    clear_entry(&before);
}

const struct sample *worst_get(const struct worst *w, size_t i,
                               struct worst_state *ret_state) {
  if (i >= w->n)
    return NULL;
  *ret_state = w->entries[i].state;
  return w->entries[i].sample;
}

void worst_empty(struct worst *w) {
  for (size_t i = 0; i < w->n; i++)
    clear_entry(&w->entries[i]);
  w->n = 0;
  table_empty(&w->index);
  idset_empty(&w->missed);
}

void worst_clear(struct worst *w) {
  worst_empty(w);
  free(w->entries);
  table_clear(&w->index);
  idset_clear(&w->missed);
  *w = (struct worst){0};
}
