#include "meter/pieces.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *source_text(const struct source *source,
                               const struct whose *whose) {
  const struct asked *asked = whose->asked;
  switch (source->from) {
  case FROM_PROJECT:
    return whose->project;
  case FROM_USER:
    return whose->user;
  case FROM_OWNER:
    return asked != NULL ? asked->id : NULL;
  case FROM_OWNER_NAME:
    return asked != NULL ? asked->name : NULL;
  case FROM_CELL:
    return cell_piece(&whose->cells[source->cell], whose->words);
  case FROM_NOTHING:
    break;
  }
  return "";
}

const char *pieces_join(const struct pieces *pieces, const struct whose *whose,
                        char *dst, size_t size) {
  size_t used = 0;
  if (pieces->n == 1 && pieces->piece[0].text == NULL)
    return source_text(&pieces->piece[0].source, whose);
  dst[0] = '\0';
  for (size_t i = 0; i < pieces->n; i++) {
    const char *literal = pieces->piece[i].text;
    const char *text = source_text(&pieces->piece[i].source, whose);
    if (text == NULL || !text_copy(dst + used, size - used, literal))
      return NULL;
    used += strlen(literal);
    if (!text_copy(dst + used, size - used, text))
      return NULL;
    used += strlen(text);
  }
  return pieces->n > 0 ? dst : NULL;
}

void pieces_clear(struct pieces *pieces) {
  for (size_t i = 0; i < MOST_PIECES; i++) /* one may be half made */
    free(pieces->piece[i].text);
  *pieces = (struct pieces){.n = 0};
}
