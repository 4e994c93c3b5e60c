/*
 * claim_text: what one daemon writes another one reads, and nothing that stands
 * in a key breaks it. changes: who came and who went.
 */
#include "share/changes.h"
#include "share/claim_text.h"
#include "share/request.h"

#include "etcd/etcd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char root[] = "/p/1/a%2Fb/";

static void keys_have_their_place(void **state) {
  (void)state;
  struct claim claim = {.name = "images"};
  char *made = claim_text_root("/p", "a/b");
  char *member = claim_text_member_key(made, 0x1234);
  char *key = claim_text_key(made, &claim, 0);
  assert_string_equal(made, root);
  assert_string_equal(member, "/p/1/a%2Fb/member/0000000000001234");
  assert_string_equal(key, "/p/1/a%2Fb/walk/images");
  free(made);
  free(member);
  free(key);
}

static void read_items(struct etcd_item *items, size_t n,
                       struct claim_keys *keys) {
  struct error err;
  struct etcd_items all = {.items = items, .n = n};
  assert_int_equal(claim_text_read(root, &all, keys, &err), 0);
}

static void notes_come_back(void **state) {
  (void)state;
  struct claim_unit units[] = {
      {.name = "images", .note = {1790000000123, 4321, true}},
      {.name = "a \"b\"", .note = {17, 0, false}},
  };
  struct claim claim = {.name = "images", .units = units, .nunits = 2};
  struct claim_unit other[] = {{.name = "a \"b\""}, {.name = "images"}};
  struct claim seen = {.name = "images", .units = other, .nunits = 2};
  struct claim_keys keys;
  char *value = claim_text_value(&claim, 0);
  char *key = claim_text_key(root, &claim, 0);
  read_items(&(struct etcd_item){.key = key, .value = value, .lease = 5}, 1,
             &keys);
  const struct look_claim *found = look_claim(&keys.look, &seen);
  assert_non_null(found);
  assert_int_equal(found->lease, 5);
  look_notes(&keys.look, found, &seen,
             1780000000000); /* whose clock is behind */
  assert_int_equal(other[1].note.begun_wall, 1780000000000);
  assert_int_equal(other[1].note.took_ms, 4321);
  assert_true(other[1].note.ended);
  assert_int_equal(other[0].note.begun_wall, 17);
  assert_false(other[0].note.ended);
  claim_text_clear(&keys);
  free(value);
  free(key);
}

enum { MANY = 70 };

/* A cloud that is one claim. */
struct many {
  struct claim claim;
  struct claim_unit units[MANY];
  char names[MANY][24];
};

static void fill_many(struct many *m) {
  m->claim = (struct claim){.name = "cloud", .units = m->units, .nunits = MANY};
  for (int i = 0; i < MANY; i++) {
    snprintf(m->names[i], sizeof(m->names[i]), "load_balancers_%d@300", i);
    m->units[i] = (struct claim_unit){.name = m->names[i]};
  }
}

static void note_many(struct many *m) {
  for (int i = 0; i < MANY; i++)
    m->units[i].note = (struct claim_note){1790000000000 + i, i, i % 2 == 0};
}

/* As a request puts it, each value short enough for etcd's answer. */
static void write_many(const struct request *r, struct etcd_item *items) {
  for (size_t i = 0; i < r->n; i++) {
    assert_true(strlen(r->values[i]) <= ETCD_VALUE);
    items[i] = (struct etcd_item){
        .key = r->keys[i], .value = r->values[i], .lease = r->call.lease};
  }
}

static const struct request_sender sender = {.root = root, .host = "ctl1"};

static void notes_of_many_units_come_back(void **state) {
  (void)state;
  static struct many made, seen;
  struct etcd_item items[REQUEST_KEYS + 1];
  struct request r = {.call = {CALL_TAKE, .lease = 5, .claim = &made.claim}};
  struct claim_keys keys;
  struct error err;
  fill_many(&made);
  note_many(&made);
  fill_many(&seen);
  assert_int_equal(request_write(&r, &sender, &err), 0);
  assert_int_equal(r.nclaims, 1);
  write_many(&r, items);
  items[r.n] = items[1]; /* another one's, who had it before */
  items[r.n].lease = 6;
  items[r.n].value = (char *)"{\"walks\":[{\"u\":\"load_balancers_9@300\"}]}";
  read_items(items, r.n + 1, &keys);
  const struct look_claim *found = look_claim(&keys.look, &seen.claim);
  assert_non_null(found);
  look_notes(&keys.look, found, &seen.claim, 1790000001000);
  for (int i = 0; i < MANY; i++) {
    const struct claim_note *note = &seen.units[i].note;
    assert_int_equal(note->begun_wall, 1790000000000 + i);
    assert_int_equal(note->took_ms, i);
    assert_int_equal(note->ended, i % 2 == 0);
  }
  claim_text_clear(&keys);
  request_clear(&r);
}

/* A walk that begins is one short value, whatever else the claim has. */
static void only_notes_that_have_changed_are_written(void **state) {
  (void)state;
  static struct many made;
  struct claim *noted = &made.claim;
  struct request r = {
      .call = {CALL_NOTE, .lease = 5, .noted = &noted, .nnoted = 1}};
  struct error err;
  fill_many(&made);
  made.units[9].changed = made.units[15].changed = true;
  assert_int_equal(request_write(&r, &sender, &err), 0);
  assert_int_equal(r.n, 1);
  assert_string_equal(r.keys[0], "/p/1/a%2Fb/note/cloud/1");
  assert_int_equal(r.nclaims, 1);
  assert_string_equal(r.claims[0], "/p/1/a%2Fb/walk/cloud");
  request_clear(&r);
}

/* Members, and values that no daemon of this version writes. */
static void what_cannot_be_read_is_empty(void **state) {
  (void)state;
  char *member = claim_text_member(
      "ctl \"1\"", &(struct claim_about){0xfedcba9876543210, 0x8000, 2});
  char key[5][64], bad[] = "{\"walks\":[{\"u\":", list[] = "[1,2]",
                   odd[] = "{\"h\":7,\"walks\":[{\"u\":\"x\",\"b\":-1}]}";
  static const char *const names[] = {"member/1", "walk/a", "walk/b", "walk/c",
                                      "else"};
  char *const values[] = {member, bad, list, odd, odd};
  struct etcd_item items[5];
  struct claim_keys keys;
  for (size_t i = 0; i < 5; i++) {
    snprintf(key[i], sizeof(key[i]), "%s%s", root, names[i]);
    items[i] = (struct etcd_item){
        .key = key[i], .value = values[i], .lease = (int64_t)i + 1};
  }
  read_items(items, 5, &keys);
  assert_int_equal(keys.look.nmembers, 1);
  assert_string_equal(keys.hosts[0], "ctl \"1\"");
  assert_true(keys.members[0].about.config == 0xfedcba9876543210);
  assert_int_equal(keys.members[0].about.cloud, 0x8000);
  assert_int_equal(keys.members[0].about.unit, 2);
  assert_int_equal(keys.look.nclaims, 3);
  assert_int_equal(keys.claims[0].nnotes, 0);
  assert_int_equal(keys.claims[1].nnotes, 0);
  assert_int_equal(keys.claims[2].nnotes, 1);
  assert_int_equal(keys.claims[2].notes[0].note.begun_wall, 0);
  claim_text_clear(&keys);
  free(member);
}

/* Anybody who may write below the prefix may write anything. */
static void nobody_else_makes_a_sum_overflow(void **state) {
  (void)state;
  char key[] = "/p/1/a%2Fb/walk/x",
       value[] = "{\"walks\":[{\"u\":\"x\",\"b\":1,\"e\":1,\"d\":"
                 "999999999999999}]}";
  struct claim_keys keys;
  read_items(&(struct etcd_item){.key = key, .value = value, .lease = 5}, 1,
             &keys);
  assert_int_equal(keys.claims[0].notes[0].note.took_ms, 1000000000);
  claim_text_clear(&keys);
}

static void too_many_daemons_are_an_error(void **state) {
  (void)state;
  enum { MOST = 1000 };
  static struct etcd_item items[MOST + 1];
  char key[] = "/p/1/a%2Fb/member/1";
  struct claim_keys keys;
  struct error err;
  for (int i = 0; i <= MOST; i++)
    items[i] =
        (struct etcd_item){.key = key, .value = (char *)"{}", .lease = i + 1};
  read_items(items, MOST, &keys);
  claim_text_clear(&keys);
  const struct etcd_items all = {.items = items, .n = MOST + 1};
  assert_int_equal(claim_text_read(root, &all, &keys, &err), -1);
  assert_int_equal(err.code, ERROR_LIMIT);
  claim_text_clear(&keys);
}

static void clashes_come_back(void **state) {
  (void)state;
  const struct claim_clash clash = {"a/b@60", 0xfedcba9876543210};
  char *made = claim_text_clash_key(root, &clash);
  char bad[][48] = {"/p/1/a%2Fb/clash/x", "/p/1/a%2Fb/clash/x/y",
                    "/p/1/a%2Fb/clash/x/12z"};
  struct etcd_item items[4] = {{.key = made, .value = (char *)"{}"}};
  struct claim_keys keys;
  for (size_t i = 0; i < 3; i++)
    items[i + 1] = (struct etcd_item){.key = bad[i], .value = (char *)"{}"};
  assert_string_equal(made, "/p/1/a%2Fb/clash/a/b@60/fedcba9876543210");
  read_items(items, 4, &keys);
  assert_int_equal(keys.nclashes, 1);
  assert_string_equal(keys.clashes[0].unit, "a/b@60");
  assert_true(keys.clashes[0].hash == clash.hash);
  claim_text_clear(&keys);
  free(made);
}

static char told[100];

static void on_change(void *arg, bool came, const char *host) {
  (void)arg;
  size_t n = strlen(told);
  snprintf(told + n, sizeof(told) - n, "%c%s ", came ? '+' : '-', host);
}

static void come_and_go(const char *wanted, const char *before,
                        const char *after) {
  struct look_member members[2][8];
  const char *hosts[2][8];
  char names[2][8][2];
  struct claim_keys keys[2] = {0};
  const char *const texts[] = {before, after};
  for (int k = 0; k < 2; k++) {
    keys[k].members = members[k];
    keys[k].hosts = hosts[k];
    for (const char *c = texts[k]; *c != '\0'; c += 2) { /* host, lease */
      size_t n = keys[k].look.nmembers++;
      snprintf(names[k][n], sizeof(names[k][n]), "%c", c[0]);
      hosts[k][n] = names[k][n];
      members[k][n] = (struct look_member){.lease = c[1] - '0'};
    }
  }
  told[0] = '\0';
  changes_tell(&keys[0], &keys[1], 1, on_change, NULL);
  assert_string_equal(told, wanted);
}

static void a_new_lease_is_no_news(void **state) {
  (void)state;
  come_and_go("", "a1b2", "a1b2");
  come_and_go("+c ", "a1b2", "a1b2c3");
  come_and_go("-b ", "a1b2", "a1");
  come_and_go("", "a1b2", "a1b3"); /* lost, and joined again */
  come_and_go("", "a0b2", "a1b2"); /* the same of this daemon */
  come_and_go("-b +c ", "a1b2", "a1c3");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys_have_their_place),
      cmocka_unit_test(notes_come_back),
      cmocka_unit_test(notes_of_many_units_come_back),
      cmocka_unit_test(only_notes_that_have_changed_are_written),
      cmocka_unit_test(what_cannot_be_read_is_empty),
      cmocka_unit_test(nobody_else_makes_a_sum_overflow),
      cmocka_unit_test(too_many_daemons_are_an_error),
      cmocka_unit_test(clashes_come_back),
      cmocka_unit_test(a_new_lease_is_no_news),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
