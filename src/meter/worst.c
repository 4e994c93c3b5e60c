#include "meter/worst.h"

#include <stdlib.h>
#include <string.h>

struct worst_miss {
  struct worst_miss *before;
  uint64_t hash;
};

/* What is looked for. */
struct lookup {
  const struct worst *worst;
  const struct worst_state *state;
};

static uint64_t hash_of(size_t series, uint64_t id) {
  return id + ((uint64_t)series << 32);
}

static bool is_state(const void *arg, uint64_t slot) {
  const struct lookup *lookup = arg;
  const struct worst_state *state = &lookup->worst->states[table_row(slot)];
  return state->total.series == lookup->state->total.series &&
         state->hash == lookup->state->hash;
}

/* False: no memory. */
static bool keep_text(struct arena *arena, const char **text) {
  if (*text == NULL)
    return true;
  *text = arena_text(arena, *text);
  return *text != NULL;
}

/* The same with texts of its own. False: no memory, and `ret` is untouched. */
static bool copy_state(struct worst *w, const struct worst_state *state,
                       struct worst_state *ret) {
  struct worst_state copy = *state;
  if (!keep_text(&w->arena, &copy.total.group) ||
      !keep_text(&w->arena, &copy.total.project))
    return false;
  if (copy.sample != NULL) {
    copy.sample = sample_copy(copy.sample, &w->arena);
    if (copy.sample == NULL)
      return false;
  }
  *ret = copy;
  return true;
}

static bool grow(struct worst *w) {
  size_t room = w->room > 0 ? w->room * 2 : 64;
  struct worst_state *grown = realloc(w->states, room * sizeof(*grown));
  if (grown == NULL)
    return false;
  w->states = grown;
  w->room = room;
  return true;
}

bool worst_hold(struct worst *w, const struct worst_state *state) {
  if (w->n == WORST_LIMIT || (w->n == w->room && !grow(w)) ||
      !copy_state(w, state, &w->states[w->n]))
    return false;
  w->n++;
  return true;
}

void worst_miss(struct worst *w, size_t series, uint64_t hash) {
  struct worst_miss *miss =
      w->nmissed < WORST_MISSES ? arena_take(&w->arena, sizeof(*miss)) : NULL;
  if (miss == NULL)
    return;
  *miss = (struct worst_miss){w->missed, hash_of(series, hash)};
  w->missed = miss;
  w->nmissed++;
}

/* What finds no memory is not found, as if it had been sent. */
static void make_index(struct worst *w) {
  for (; w->nindexed < w->n; w->nindexed++) {
    const struct worst_state *state = &w->states[w->nindexed];
    uint64_t hash = hash_of(state->total.series, state->hash);
    if (!table_add(&w->states_index, table_slot(hash, w->nindexed)))
      break;
  }
  const struct worst_miss *miss = w->missed;
  for (; miss != w->missed_indexed; miss = miss->before)
    idset_add(&w->missed_index, miss->hash);
  w->missed_indexed = w->missed;
}

void worst_compare(struct worst *w, const struct worst_state *state) {
  const struct lookup lookup = {w, state};
  uint64_t hash = hash_of(state->total.series, state->hash);
  make_index(w);
  uint64_t slot = table_find(&w->states_index, hash, is_state, &lookup);
  if (slot == 0) {
    bool whole = w->nindexed == w->n; /* else it may wait already */
    if (whole && idset_has(&w->missed_index, hash))
      worst_hold(w, state); /* or not: as one that has been sent */
    return;
  }
  struct worst_state *waits = &w->states[table_row(slot)];
  if (state->rank > waits->rank)
    copy_state(w, state, waits);
}

const struct worst_state *worst_get(const struct worst *w, size_t i) {
  return i < w->n ? &w->states[i] : NULL;
}

void worst_empty(struct worst *w) {
  w->n = w->nmissed = w->nindexed = 0;
  w->missed = NULL;
  w->missed_indexed = NULL;
  table_empty(&w->states_index);
  idset_empty(&w->missed_index);
  arena_empty(&w->arena);
}

void worst_clear(struct worst *w) {
  free(w->states);
  table_clear(&w->states_index);
  idset_clear(&w->missed_index);
  arena_clear(&w->arena);
  *w = (struct worst){0};
}
