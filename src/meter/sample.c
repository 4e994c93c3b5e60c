#include "meter/sample.h"

#include "meter/bound.h"

#include <stdlib.h>
#include <string.h>

bool sample_metadata(const struct sample *sample, size_t i,
                     const char **ret_name, const char **ret_text) {
  const struct binding *b = sample->binding;
  bool has = sample->cells != NULL || sample->metadata != NULL;
  if (!has || i >= b->nmetadata)
    return false;
  *ret_name = b->metadata[i];
  *ret_text = sample->metadata != NULL
                  ? sample->metadata[i]
                  : cell_word(&sample->cells[(size_t)b->first_metadata + i]);
  return true;
}

/* The texts of a sample, one after the other; false: there are no more. */
static bool text_of(const struct sample *sample, size_t i, const char **ret) {
  const char *name, *const own[] = {sample->id, sample->project, sample->user,
                                    sample->name};
  const size_t n = sizeof(own) / sizeof(own[0]);
  if (i >= n)
    return sample_metadata(sample, i - n, &name, ret);
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
  copy->metadata = n > 4 ? texts + 4 : NULL;
  return copy;
}
