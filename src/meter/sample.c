#include "meter/sample.h"

#include "meter/bound.h"

#include <stdlib.h>
#include <string.h>

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

/* The texts of a sample, one after the other; false: there are no more. */
static bool text_of(const struct sample *sample, size_t i, const char **ret) {
  const char *const own[] = {sample->id,   sample->project, sample->user,
                             sample->name, sample->owner,   sample->owner_name};
  const size_t n = sizeof(own) / sizeof(own[0]);
  if (i >= n)
    return taken_text(sample, i - n, ret);
  *ret = own[i];
  return true;
}

struct sample *sample_copy(const struct sample *sample) {
  size_t n = 0, bytes = 0;
  const char *text;
  for (; text_of(sample, n, &text); n++)
    bytes += text != NULL ? strlen(text) + 1 : 0;
  struct sample *copy =
      malloc(sizeof(*copy) + n * sizeof(const char *) + bytes);
  if (copy == NULL)
    return NULL;
  const char **texts = (const char **)(copy + 1);
  char *at = (char *)(texts + n);
  for (size_t i = 0; text_of(sample, i, &text); i++) {
    texts[i] = text != NULL ? at : NULL;
    if (text != NULL)
      at = stpcpy(at, text) + 1;
  }
  *copy = *sample;
  copy->cells = NULL;
  copy->id = texts[0];
  copy->project = texts[1];
  copy->user = texts[2];
  copy->name = texts[3];
  copy->owner = texts[4];
  copy->owner_name = texts[5];
  copy->texts = n > 6 ? texts + 6 : NULL;
  return copy;
}
