#include "meter/sample.h"

#include "base/arena.h"
#include "meter/bound.h"

#include <string.h>

enum { OWN_TEXTS = 6 };

/* The i-th of the texts that are taken of a record: its metadata, and then what
 * meters name. They stand in a row. False: there are no more. */
static bool taken_text(const struct sample *sample, size_t i,
                       const char **ret) {
  const struct binding *b = sample->binding;
  if (sample->texts == NULL && sample->cells == NULL)
    return false;
  if (i >= b->nmetadata + b->nnamed)
    return false;
  *ret = sample->texts != NULL
             ? sample->texts[i]
             : cell_word(&sample->cells[(size_t)b->first_metadata + i]);
  return true;
}

bool sample_metadata(const struct sample *sample, size_t i,
                     const char **ret_name, const char **ret_text) {
  const struct binding *b = sample->binding;
  if (!taken_text(sample, i, ret_text) || i >= b->nmetadata)
    return false;
  *ret_name = b->metadata[i];
  return true;
}

const char *sample_field(const struct sample *sample, const char *path) {
  const struct binding *b = sample->binding;
  const char *text = NULL;
  for (size_t i = 0; i < b->nnamed; i++) {
    size_t cell = (size_t)b->first_named + i;
    if (strcmp(b->rows[METER_RECORD].fields[cell].path, path) != 0)
      continue;
    taken_text(sample, b->nmetadata + i, &text);
    break;
  }
  return text;
}

/* All texts of a sample, in the order in which a copy has them; how many. */
static size_t all_texts(const struct sample *sample, const char **ret) {
  const char *const own[OWN_TEXTS] = {sample->id,    sample->project,
                                      sample->user,  sample->name,
                                      sample->owner, sample->owner_name};
  size_t n = 0;
  memcpy(ret, own, sizeof(own));
  while (taken_text(sample, n, &ret[OWN_TEXTS + n]))
    n++;
  return OWN_TEXTS + n;
}

struct sample *sample_copy(const struct sample *sample, struct arena *arena) {
  const char *from[OWN_TEXTS + METER_FIELDS];
  size_t sizes[OWN_TEXTS + METER_FIELDS];
  size_t n = all_texts(sample, from), bytes = 0;
  for (size_t i = 0; i < n; i++) {
    sizes[i] = from[i] != NULL ? strlen(from[i]) + 1 : 0;
    bytes += sizes[i];
  }
  struct sample *copy =
      arena_take(arena, sizeof(*copy) + n * sizeof(const char *) + bytes);
  if (copy == NULL)
    return NULL;
  const char **texts = (const char **)(copy + 1);
  char *at = (char *)(texts + n);
  for (size_t i = 0; i < n; i++) {
    texts[i] = from[i] != NULL ? at : NULL;
    if (from[i] != NULL)
      memcpy(at, from[i], sizes[i]);
    at += sizes[i];
  }
  *copy = *sample;
  copy->cells = NULL;
  copy->id = texts[0];
  copy->project = texts[1];
  copy->user = texts[2];
  copy->name = texts[3];
  copy->owner = texts[4];
  copy->owner_name = texts[5];
  copy->texts = n > OWN_TEXTS ? texts + OWN_TEXTS : NULL;
  return copy;
}
