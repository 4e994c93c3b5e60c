/* What arena.h promises: room that stays as it is until all is given back. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROOMS = 5000, MOST = 700 };

/* Sizes from 0 on, and now and then one larger than a block. */
static size_t size_of(size_t i) {
  return i % 1000 == 999 ? 300000 : i * 7 % MOST;
}

static void rooms_do_not_touch_each_other(void **state) {
  (void)state;
  static unsigned char *rooms[ROOMS];
  struct arena arena = {.last = NULL};
  for (int round = 0; round < 3; round++) {
    for (size_t i = 0; i < ROOMS; i++) {
      rooms[i] = arena_take(&arena, size_of(i));
      assert_non_null(rooms[i]);
      assert_int_equal((uintptr_t)rooms[i] % alignof(max_align_t), 0);
      memset(rooms[i], (int)(i % 251), size_of(i));
    }
    for (size_t i = 0; i < ROOMS; i++)
      for (size_t at = 0; at < size_of(i); at++)
        if (rooms[i][at] != i % 251)
          fail_msg("room %zu has changed", i);
    arena_empty(&arena);
  }
  arena_clear(&arena);
}

static void an_emptied_one_needs_no_new_memory_for_as_much(void **state) {
  (void)state;
  struct arena arena = {.last = NULL};
  for (int i = 0; i < 100; i++)
    assert_non_null(arena_take(&arena, 1000));
  arena_empty(&arena);
  const void *block = arena.last;
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < 50; i++)
      assert_non_null(arena_take(&arena, 1000));
    arena_empty(&arena);
    assert_ptr_equal(arena.last, block);
  }
  arena_clear(&arena);
  assert_null(arena.last);
}

static void a_text_is_copied(void **state) {
  (void)state;
  struct arena arena = {.last = NULL};
  char text[] = "storage@az1";
  const char *copy = arena_text(&arena, text), *empty = arena_text(&arena, "");
  memset(text, 'x', sizeof(text) - 1);
  assert_string_equal(copy, "storage@az1");
  assert_string_equal(empty, "");
  assert_null(arena_text(&arena, NULL));
  arena_clear(&arena);
}

static void what_nobody_has_is_refused(void **state) {
  (void)state;
  struct arena arena = {.last = NULL};
  assert_null(arena_take(&arena, SIZE_MAX));
  assert_non_null(arena_take(&arena, 1));
  arena_clear(&arena);
}

static void one_that_was_never_used_is_fine(void **state) {
  (void)state;
  struct arena arena = {.last = NULL};
  arena_empty(&arena);
  arena_clear(&arena);
  assert_null(arena.last);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rooms_do_not_touch_each_other),
      cmocka_unit_test(an_emptied_one_needs_no_new_memory_for_as_much),
      cmocka_unit_test(a_text_is_copied),
      cmocka_unit_test(what_nobody_has_is_refused),
      cmocka_unit_test(one_that_was_never_used_is_fine),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
