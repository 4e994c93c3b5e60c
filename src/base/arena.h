/*
 * arena - memory that is given back all at once
 *
 * For what is made of many records and forgotten together: a page's samples. It
 * hands out room from a few large blocks. It knows nothing of what is in them,
 * and gives back no single piece.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

/* Begin with zeros. One thread at a time. */
struct arena {
  struct arena_block *last;
  size_t used; /* of it */
};

/* arena_take(arena, size): room for any type, until the arena is emptied. NULL:
 * no memory. */
void *arena_take(struct arena *arena, size_t size);

/* arena_text(arena, text): a copy. NULL: no memory, or `text` is NULL. */
const char *arena_text(struct arena *arena, const char *text);

/* arena_empty(arena): takes all back; keeps the last block for what comes. */
void arena_empty(struct arena *arena);

/* arena_clear(arena): the same, and gives the memory back. */
void arena_clear(struct arena *arena);

#endif
