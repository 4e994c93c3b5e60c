#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
  struct arena_block *before;
  size_t size; /* of `room` */
  alignas(max_align_t) char room[];
};

enum { LEAST = 4096, MOST = 256 * 1024, ALIGN = alignof(max_align_t) };

/* Twice as large as the one before it, so that few are needed. */
static struct arena_block *add_block(struct arena *arena, size_t size) {
  struct arena_block *before = arena->last;
  size_t room = before == NULL ? LEAST : 2 * before->size;
  if (room > MOST)
    room = MOST;
  if (room < size)
    room = size;
  struct arena_block *block = malloc(sizeof(*block) + room);
  if (block == NULL)
    return NULL;
  block->before = before;
  block->size = room;
  arena->last = block;
  arena->used = 0;
  return block;
}

void *arena_take(struct arena *arena, size_t size) {
  struct arena_block *block = arena->last;
  if (size > SIZE_MAX / 2)
    return NULL;
  size = (size + ALIGN - 1) / ALIGN * ALIGN;
  if (block == NULL || size > block->size - arena->used)
    block = add_block(arena, size);
  if (block == NULL)
    return NULL;
  void *room = block->room + arena->used;
  arena->used += size;
  return room;
}

const char *arena_text(struct arena *arena, const char *text) {
  size_t size = text != NULL ? strlen(text) + 1 : 0;
  char *copy = text != NULL ? arena_take(arena, size) : NULL;
  return copy != NULL ? memcpy(copy, text, size) : NULL;
}

static void free_blocks(struct arena_block *block) {
  while (block != NULL) {
    struct arena_block *before = block->before;
    free(block);
    block = before;
  }
}

void arena_empty(struct arena *arena) {
  if (arena->last == NULL)
    return;
  free_blocks(arena->last->before);
  arena->last->before = NULL;
  arena->used = 0;
}

void arena_clear(struct arena *arena) {
  free_blocks(arena->last);
  *arena = (struct arena){.last = NULL};
}
