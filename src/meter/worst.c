#include "meter/worst.h"

#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { HEADS = 1024 };

struct worst_entry {
  uint64_t hash; /* of the id */
  int next;      /* of the same head: its row, and 1; 0: none */
  struct worst_state state;
  struct sample *sample;
};

static uint64_t hash_of(const struct sample *sample) {
  return text_hash(sample->id, strlen(sample->id), text_seed());
}

/* A copy of the sample and of the group's text. */
static bool fill(struct worst_entry *entry, const struct sample *sample,
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
  entry->state.group = group;
  return true;
}

static void forget(struct worst_entry *entry) {
  free(entry->sample);
  free((char *)entry->state.group);
}

static bool grow(struct worst *w) {
  size_t room = w->room > 0 ? w->room * 2 : 64;
  if (w->heads == NULL)
    w->heads = calloc(HEADS, sizeof(*w->heads));
  struct worst_entry *grown =
      w->heads != NULL ? realloc(w->entries, room * sizeof(*grown)) : NULL;
  if (grown == NULL)
    return false;
  w->entries = grown;
  w->room = room;
  return true;
}

bool worst_hold(struct worst *w, const struct sample *sample,
                const struct worst_state *state) {
  if (w->n == WORST_LIMIT || (w->n == w->room && !grow(w)) ||
      !fill(&w->entries[w->n], sample, state))
    return false;
  uint64_t hash = hash_of(sample);
  int *head = &w->heads[hash % HEADS];
  w->entries[w->n].hash = hash;
  w->entries[w->n].next = *head;
  *head = (int)++w->n;
  return true;
}

void worst_compare(struct worst *w, const struct sample *sample,
                   const struct worst_state *state) {
  uint64_t hash = hash_of(sample);
  int row = w->heads != NULL ? w->heads[hash % HEADS] : 0;
  while (row != 0 && (w->entries[row - 1].hash != hash ||
                      w->entries[row - 1].state.meter != state->meter))
    row = w->entries[row - 1].next;
  if (row == 0 || w->entries[row - 1].state.rank >= state->rank)
    return;
  struct worst_entry *entry = &w->entries[row - 1], before = *entry;
  if (fill(entry, sample, state))
    forget(&before);
}

const struct sample *worst_get(const struct worst *w, size_t i,
                               struct worst_state *ret_state) {
  if (i >= w->n)
    return NULL;
  *ret_state = w->entries[i].state;
  return w->entries[i].sample;
}

void worst_clear(struct worst *w) {
  for (size_t i = 0; i < w->n; i++)
    forget(&w->entries[i]);
  free(w->entries);
  free(w->heads);
  *w = (struct worst){0};
}
