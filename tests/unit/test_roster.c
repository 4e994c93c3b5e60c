/*
 * roster: every id found again, whatever their number and order.
 */
#include "base/roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int add(struct roster *roster, const char *id, const char *name) {
  struct error err = {0};
  const struct roster_entry entry = {.id = id, .name = name, .domain = -1};
  return roster_add(roster, &entry, &err);
}

static void an_empty_one_has_nobody(void **state) {
  (void)state;
  struct roster roster = {0};
  assert_null(roster_find(&roster, "a"));
  assert_null(roster_find(&roster, ""));
  roster_clear(&roster);
}

static void entries_are_copied_and_found(void **state) {
  (void)state;
  struct roster roster = {0};
  char id[] = "p1", name[] = "B\303\274ro";
  struct error err = {0};
  assert_int_equal(
      roster_add(&roster,
                 &(struct roster_entry){
                     .id = id, .name = name, .domain = 7, .enabled = true},
                 &err),
      0);
  memset(id, 'x', 2);
  memset(name, 'x', 3);
  assert_int_equal(add(&roster, "p2", NULL), 1);
  assert_int_equal(add(&roster, "p3", ""), 2);
  const struct roster_entry *entry = roster_find(&roster, "p1");
  assert_non_null(entry);
  assert_string_equal(entry->id, "p1");
  assert_string_equal(entry->name, "B\303\274ro");
  assert_int_equal(entry->domain, 7);
  assert_true(entry->enabled);
  assert_null(roster_find(&roster, "p2")->name);
  assert_string_equal(roster_find(&roster, "p3")->name, "");
  assert_null(roster_find(&roster, "xx"));
  assert_null(roster_find(&roster, "p"));
  roster_clear(&roster);
  assert_null(roster_find(&roster, "p1"));
}

static void a_known_id_stays_as_it_was(void **state) {
  (void)state;
  struct roster roster = {0};
  assert_int_equal(add(&roster, "a", "first"), 0);
  assert_int_equal(add(&roster, "b", NULL), 1);
  assert_int_equal(add(&roster, "a", "second"), 0);
  assert_int_equal(roster.n, 2);
  assert_string_equal(roster_find(&roster, "a")->name, "first");
  roster_clear(&roster);
}

static void many_are_found_and_keep_their_order(void **state) {
  (void)state;
  enum { MANY = 100000 };
  struct roster roster = {0};
  char id[40];
  const char *texts = NULL;
  for (int i = 0; i < MANY; i++) {
    snprintf(id, sizeof(id), "%032x", (unsigned)i * 2654435761u);
    assert_int_equal(add(&roster, id, i % 2 ? "odd" : NULL), i);
    if (i == 0)
      texts = roster.entries[0].id;
  }
  assert_ptr_equal(roster.entries[0].id, texts);
  for (int i = 0; i < MANY; i++) {
    snprintf(id, sizeof(id), "%032x", (unsigned)i * 2654435761u);
    const struct roster_entry *entry = roster_find(&roster, id);
    assert_ptr_equal(entry, &roster.entries[i]);
    assert_true((entry->name != NULL) == (i % 2 == 1));
    id[0] = 'x';
    assert_null(roster_find(&roster, id));
  }
  roster_clear(&roster);
}

static void there_is_a_limit(void **state) {
  (void)state;
  struct roster roster = {0};
  struct error err = {0};
  char id[12];
  for (int i = 0; i < ROSTER_LIMIT; i++) {
    snprintf(id, sizeof(id), "%d", i);
    assert_int_equal(add(&roster, id, NULL), i);
  }
  assert_int_equal(
      roster_add(&roster, &(struct roster_entry){.id = "one more"}, &err), -1);
  assert_int_equal(err.code, ERROR_LIMIT);
  assert_int_equal(add(&roster, "7", NULL), 7);
  roster_clear(&roster);
}

/* A Keystone takes names of 64 bytes; who pretends to be one may send more. */
static void bytes_have_a_limit_too(void **state) {
  (void)state;
  enum { LONG = 2000, MOST = ROSTER_BYTES / LONG };
  struct roster roster = {0};
  struct error err = {0};
  char id[12], name[LONG];
  memset(name, 'n', LONG - 1);
  name[LONG - 1] = '\0';
  int n = 0;
  for (; n <= MOST; n++) {
    snprintf(id, sizeof(id), "%d", n);
    if (roster_add(&roster, &(struct roster_entry){.id = id, .name = name},
                   &err) < 0)
      break;
  }
  assert_int_equal(err.code, ERROR_LIMIT);
  assert_string_equal(err.text, "their ids and names are over 128 MiB");
  assert_in_range(n, MOST - MOST / 50, MOST);
  assert_int_equal(add(&roster, "7", NULL), 7);
  roster_clear(&roster);
  assert_int_equal(add(&roster, "7", NULL), 0);
  roster_clear(&roster);
}

static void names_that_look_alike_are_marked(void **state) {
  (void)state;
  static const struct {
    const char *id, *name;
    bool twin;
  } rows[] = {{"p1", "web", true}, {"p2", "web", true}, {"p3", "a b", true},
              {"p4", "a_b", true}, {"p5", "a.b", true}, {"p6", "ab", false},
              {"p7", NULL, true},  {"p8", "p7", true},  {"p9", "Web", false}};
  struct roster roster = {0};
  struct error err = {0};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    assert_int_equal(add(&roster, rows[i].id, rows[i].name), i);
  assert_int_equal(roster_mark_twins(&roster, &(struct roster){0}, &err), 0);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    if (roster.entries[i].twin != rows[i].twin)
      fail_msg("%s", rows[i].id);
  roster_clear(&roster);
}

static void domains_tell_names_apart_that_are_alike(void **state) {
  (void)state;
  static const struct {
    const char *id, *name;
    int32_t domain;
    bool twin;
  } rows[] = {{"p1", "web", 0, false}, {"p2", "web", 1, true},
              {"p3", "web", 2, true},  {"p4", "a b", 0, true},
              {"p5", "a_b", 0, true},  {"p6", "web", -1, false}};
  struct roster roster = {0}, domains = {0};
  struct error err = {0};
  add(&domains, "d0", "shop");
  add(&domains, "d1", "x y");
  add(&domains, "d2", "x.y");
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    roster_add(&roster,
               &(struct roster_entry){.id = rows[i].id,
                                      .name = rows[i].name,
                                      .domain = rows[i].domain},
               &err);
  assert_int_equal(roster_mark_twins(&roster, &domains, &err), 0);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    if (roster.entries[i].domain_twin != rows[i].twin ||
        !roster.entries[i].twin)
      fail_msg("%s", rows[i].id);
  roster_clear(&roster);
  roster_clear(&domains);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_one_has_nobody),
      cmocka_unit_test(bytes_have_a_limit_too),
      cmocka_unit_test(names_that_look_alike_are_marked),
      cmocka_unit_test(domains_tell_names_apart_that_are_alike),
      cmocka_unit_test(entries_are_copied_and_found),
      cmocka_unit_test(a_known_id_stays_as_it_was),
      cmocka_unit_test(many_are_found_and_keep_their_order),
      cmocka_unit_test(there_is_a_limit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
