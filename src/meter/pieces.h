/*
 * pieces - a text put together of literals and of what a record has
 *
 * Ids, names and groups are such texts: "{binary}@{host}". binding.c makes them
 * of a row's formats; what each record makes of them is read here.
 */
#ifndef PIECES_H
#define PIECES_H

#include "base/cell.h"

#include <stdbool.h>
#include <stddef.h>

/* What a request is made for: a project, or an owner. */
struct asked {
  const char *id;
  const char *name;    /* an owner's; NULL: it has none */
  const char *project; /* the project of its records; NULL: none */
};

/* Where a piece comes from. */
struct source {
  enum {
    FROM_NOTHING,
    FROM_CELL,
    FROM_PROJECT, /* whose the record is, whatever its listing calls it */
    FROM_USER,
    FROM_OWNER, /* the owner asked for */
    FROM_OWNER_NAME,
  } from;
  int cell; /* FROM_CELL */
};

enum { MOST_PIECES = 6 };

/* Of each piece the literal, then what its source has. */
struct pieces {
  struct {
    char *text; /* NULL: none; else owned here */
    struct source source;
  } piece[MOST_PIECES];
  size_t n; /* 0: there is no text */
};

/* What sources read. */
struct whose {
  const struct cell *cells;
  const struct asked *asked;  /* or NULL */
  const char *project, *user; /* or NULL */
  bool words;                 /* true and false are texts, too */
};

/* cell_piece(cell, words): what a cell has as a text; NULL: none, no whole one,
 * or an empty one. */
static inline const char *cell_piece(const struct cell *cell, bool words) {
  return words && !cell_has_text(cell) ? cell_word(cell) : cell_text(cell);
}

/* pieces_join(pieces, whose, dst, size): as pieces_text(). */
const char *pieces_join(const struct pieces *pieces, const struct whose *whose,
                        char *dst, size_t size);

/* pieces_text(pieces, whose, dst, size): the text, which is in `dst` or lives
 * as long as what it is read from. NULL: one of the sources has nothing, or no
 * whole text, or all are longer than `size`. Most are one field's. */
static inline const char *pieces_text(const struct pieces *pieces,
                                      const struct whose *whose, char *dst,
                                      size_t size) {
  const struct source *source = &pieces->piece[0].source;
  if (pieces->n == 1 && pieces->piece[0].text == NULL &&
      source->from == FROM_CELL)
    return cell_piece(&whose->cells[source->cell], whose->words);
  return pieces_join(pieces, whose, dst, size);
}

void pieces_clear(struct pieces *pieces);

#endif
