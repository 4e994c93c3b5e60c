/* What extract.h promises: the same records however the bytes arrive, and
 * limits on everything that a server can make large. */
#include "net/extract.h"
#include "net/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- an extractor that writes down what it finds ------------------------ */

/* A group as a table writes it: "sum X", "count X" and "join X" are the modes.
 */
struct plan {
  const char *record;
  const char *fields[6];
};

enum { MOST_PLANS = 4, MOST_FIELDS = 6, TRACE = 16384 };

struct watch {
  struct extract_field fields[MOST_PLANS][MOST_FIELDS];
  struct extract_group groups[MOST_PLANS];
  size_t ngroups;
  struct extract *extract;
  char trace[TRACE];
  size_t len;
};

static void note(struct watch *w, const char *text, size_t len) {
  assert_true(w->len + len < sizeof(w->trace));
  memcpy(w->trace + w->len, text, len);
  w->len += len;
  w->trace[w->len] = '\0';
}

static void note_cell(struct watch *w, const struct cell *cell,
                      enum extract_mode mode) {
  static const char *const words[] = {[CELL_NONE] = "-",
                                      [CELL_CONTAINER] = "{}",
                                      [CELL_NULL] = "null",
                                      [CELL_FALSE] = "false",
                                      [CELL_TRUE] = "true"};
  char number[40];
  if (mode == EXTRACT_SUM || mode == EXTRACT_COUNT) {
    note(w, number,
         (size_t)snprintf(number, sizeof(number), "%g", sum_value(&cell->sum)));
  } else if (cell->kind < CELL_NUMBER) {
    note(w, words[cell->kind], strlen(words[cell->kind]));
  } else {
    const char *quote = cell->kind == CELL_STRING ? "'" : "";
    note(w, quote, strlen(quote));
    note(w, cell->text, cell->len);
    note(w, quote, strlen(quote));
    assert_int_equal(cell->text[cell->len], '\0');
    if (cell->cut)
      note(w, "...", 3);
  }
}

/* One function per group: a callback is not told whose record it is. */
static int note_record(struct watch *w, size_t group,
                       const struct cell *cells) {
  char head[24];
  note(w, head, (size_t)snprintf(head, sizeof(head), "%zu(", group));
  for (size_t i = 0; i < w->groups[group].nfields; i++) {
    if (i > 0)
      note(w, " ", 1);
    note_cell(w, &cells[i], w->fields[group][i].mode);
  }
  note(w, ")", 1);
  return 0;
}

static int on_0(void *arg, const struct cell *c) {
  return note_record(arg, 0, c);
}
static int on_1(void *arg, const struct cell *c) {
  return note_record(arg, 1, c);
}
static int on_2(void *arg, const struct cell *c) {
  return note_record(arg, 2, c);
}
static int on_3(void *arg, const struct cell *c) {
  return note_record(arg, 3, c);
}

static struct extract_field read_field(const char *text) {
  if (strncmp(text, "sum ", 4) == 0)
    return (struct extract_field){text + 4, EXTRACT_SUM};
  if (strncmp(text, "count ", 6) == 0)
    return (struct extract_field){text + 6, EXTRACT_COUNT};
  if (strncmp(text, "join ", 5) == 0)
    return (struct extract_field){text + 5, EXTRACT_JOIN};
  return (struct extract_field){text, EXTRACT_FIRST};
}

static void watch_init(struct watch *w, const struct plan *plans) {
  static extract_record *const callbacks[] = {on_0, on_1, on_2, on_3};
  struct error err = {0};
  *w = (struct watch){.ngroups = 0};
  for (size_t g = 0; g < MOST_PLANS && plans[g].record != NULL; g++) {
    size_t n = 0;
    for (; n < MOST_FIELDS && plans[g].fields[n] != NULL; n++)
      w->fields[g][n] = read_field(plans[g].fields[n]);
    w->groups[w->ngroups++] = (struct extract_group){
        plans[g].record, w->fields[g], n, callbacks[g], NULL};
  }
  w->extract = extract_new(w->groups, w->ngroups, w, &err);
  if (w->extract == NULL)
    fail_msg("%s", err.text);
}

/* Feeds all, in pieces that end at `cuts`; then writes down how it ended. */
static void watch_feed(struct watch *w, const char *json, size_t len,
                       size_t piece, size_t first) {
  struct error err = {0};
  w->len = 0;
  w->trace[0] = '\0';
  assert_int_equal(extract_begin(w->extract, &err), 0);
  int status = 0;
  size_t at = 0;
  while (status == 0 && at < len) {
    size_t most = at == 0 && first > 0 ? first : piece;
    size_t n = len - at < most ? len - at : most;
    status = extract_feed(w->extract, json + at, n, &err);
    at += n;
  }
  if (status == 0)
    status = extract_finish(w->extract, &err);
  if (status == 0)
    assert_true(extract_complete(w->extract));
  const char *end = status == 0               ? ""
                    : err.code == ERROR_LIMIT ? " LIMIT"
                    : err.code == ERROR_PARSE ? " PARSE"
                                              : " other";
  note(w, end, strlen(end));
}

/* ---- texts and their records -------------------------------------------- */

struct row {
  const char *what;
  const char *json;
  struct plan plans[MOST_PLANS];
  const char *want;
};

static const struct row rows[] = {
    {"a page of images",
     "{\"images\": [{\"id\": \"a\", \"size\": 1}, {\"size\": null, \"id\":"
     " \"b\", \"tags\": [\"id\", {\"id\": \"x\"}]}], \"first\": \"/f\","
     " \"next\": \"/v2/images?marker=b\"}",
     {{"images[]", {"id", "size"}}, {"next", {""}}},
     "0('a' 1)0('b' null)1('/v2/images?marker=b')"},
    {"a field's name at another level is another field",
     "{\"size\": 9, \"l\": [{\"a\": [{\"size\": 8}], \"o\": {\"size\": 7},"
     " \"size\": 5, \"z\": {\"l\": [{\"size\": 6}]}}]}",
     {{"l[]", {"size"}}},
     "0(5)"},
    {"nothing of the record before is left",
     "[{\"a\": 1, \"b\": true}, {}, {\"b\": false}]",
     {{"[]", {"a", "b"}}},
     "0(1 true)0(- -)0(- false)"},
    {"names of one length and first letter",
     "{\"l\": [{\"ac\": 3, \"ad\": 4, \"ab\": 2, \"aa\": 1, \"a\": 0}]}",
     {{"l[]", {"aa", "ab", "ac", "ae"}}},
     "0(1 2 3 -)"},
    {"a name and a star lead to one place",
     "{\"l\": [{\"a\": {\"x\": 1, \"y\": 2}, \"b\": {\"x\": 3, \"y\": 4}}]}",
     {{"l[]", {"a.*", "*.y", "a.x", "sum *.x", "count *"}}},
     "0(1 2 1 4 2)"},
    {"a container that holds nothing of interest is one value",
     "{\"l\": [{\"a\": {\"l\": [{\"b\": 1}]}, \"b\": [{\"b\": 2}, []]}]}",
     {{"l[]", {"a", "count b[]", "b"}}},
     "0({} 2 {})"},
    {"an empty list", "{\"images\": []}", {{"images[]", {"id"}}}, ""},
    {"an array at the root",
     "[{\"name\": \" space \", \"count\": 0}, {\"name\": \".hidden\"}]",
     {{"[]", {"name", "count"}}},
     "0(' space ' 0)0('.hidden' -)"},
    {"the whole answer is a record, which closes last",
     "{\"n\": 1, \"l\": [{\"v\": 2}, {\"v\": 3}], \"m\": {\"total\": 4}}",
     {{"", {"m.total", "count l[]"}}, {"l[]", {"v"}}},
     "1(2)1(3)0(4 2)"},
    {"groups that nest: the inner closes first",
     "{\"token\": {\"catalog\": [{\"endpoints\": [{\"url\": \"u1\"},"
     " {\"url\": \"u2\"}], \"type\": \"image\"}, {\"type\": \"none\","
     " \"endpoints\": []}], \"roles\": [{\"name\": \"admin\"}],"
     " \"expires_at\": \"then\"}}",
     {{"", {"token.expires_at"}},
      {"token.roles[]", {"name"}},
      {"token.catalog[]", {"type"}},
      {"token.catalog[].endpoints[]", {"url"}}},
     "3('u1')3('u2')2('image')2('none')1('admin')0('then')"},
    {"two groups on one record",
     "{\"l\": [{\"a\": 1, \"b\": 2}]}",
     {{"l[]", {"a"}}, {"l[]", {"b", "a"}}},
     "0(1)1(2 1)"},
    {"records that are text",
     "{\"names\": [\"a\", \"b\", null, 4, {}, []]}",
     {{"names[]", {""}}},
     "0('a')0('b')0(null)0(4)0({})0({})"},
    {"elements that are no records cost themselves",
     "{\"l\": [1, {\"id\": \"a\"}, [{\"id\": \"b\"}], \"s\"]}",
     {{"l[]", {"id"}}},
     "0(-)0('a')0(-)0(-)"},
    {"each member of an object",
     "{\"q\": {\"volumes\": {\"in_use\": 3}, \"id\": \"x\","
     " \"gigabytes\": {\"in_use\": 40}}}",
     {{"q.*", {"in_use"}}},
     "0(3)0(40)"},
    {"the name of a member",
     "{\"inventories\": {\"VCPU\": {\"total\": 4}, \"CUSTOM_\\u00e4\": {}}}",
     {{"inventories.*", {"@key", "total"}}},
     "0('VCPU' 4)0('CUSTOM_\xc3\xa4' -)"},
    {"members that are numbers",
     "{\"usages\": {\"VCPU\": 1, \"DISK_GB\": 0}}",
     {{"usages.*", {"@key", "@value"}}},
     "0('VCPU' 1)0('DISK_GB' 0)"},
    {"names of members of members",
     "{\"p\": {\"a\": {\"r\": {\"X\": {\"n\": 1}, \"Y\": {\"n\": 2}}},"
     " \"b\": {\"r\": {\"X\": {\"n\": 3}}}}}",
     {{"p.*.r.*", {"@key", "n"}}},
     "0('X' 1)0('Y' 2)0('X' 3)"},
    {"fields of the record around, as far as they came ahead",
     "{\"n\": [{\"id\": \"a\", \"s\": [{\"id\": 1}, {\"id\": 2}], \"late\": 9},"
     " {\"s\": [{\"id\": 3}]}]}",
     {{"n[].s[]", {"^.id", "id", "^.late"}}},
     "0('a' 1 -)0('a' 2 -)0(- 3 -)"},
    {"the answer is the record around",
     "{\"host\": {\"name\": \"h\"}, \"s\": [{\"id\": 1}, {\"id\": 2}]}",
     {{"s[]", {"id", "^.host.name"}}},
     "0(1 'h')0(2 'h')"},
    {"sums of the record around",
     "[{\"l\": [1, 2], \"s\": [{\"id\": 1}]}, {\"l\": [5], \"s\": [{}]}]",
     {{"[].s[]", {"sum ^.l[]"}}},
     "0(3)0(5)"},
    {"a name and a star on the same level",
     "{\"q\": {\"a\": {\"x\": 1}, \"b\": {\"x\": 2}}}",
     {{"q.*", {"x"}}, {"q", {"a.x"}}},
     "0(1)0(2)1(1)"},
    {"an array is no object, nor an object an array",
     "{\"o\": [1, {\"x\": 2}], \"l\": {\"x\": 3}}",
     {{"", {"o.x", "l[].x", "l[]"}}},
     "0(- - -)"},
    {"sums go through every key, and a text makes them unknown",
     "[{\"usage\": {\"rgw.main\": {\"size_kb\": 1, \"n\": 2}, "
     "\"rgw.multimeta\":"
     " {\"size_kb\": 1.5, \"n\": \"7\"}, \"x\": {\"size_kb\": null}}},"
     " {\"usage\": {}}, {}]",
     {{"[]", {"sum usage.*.size_kb", "sum usage.*.n", "count usage.*"}}},
     "0(2.5 nan 3)0(0 0 0)0(0 0 0)"},
    {"counts count scalars and containers",
     "{\"r\": [{\"l\": [1, {}, [], null, \"x\", true]}, {\"l\": []}]}",
     {{"r[]", {"count l[]"}}},
     "0(6)0(0)"},
    {"the first of many",
     "[{\"at\": [{\"server\": \"s1\"}, {\"server\": \"s2\"}]}, {\"at\": []}]",
     {{"[]", {"at[].server"}}},
     "0('s1')0(-)"},
    {"lists are joined, without what is no text",
     "[{\"l\": [\"a\", 2, null, true, {\"x\": 1}, \"b c\"]}, {\"l\": []},"
     " {\"l\": null}, {\"l\": [\"z\"]}]",
     {{"[]", {"join l[]", "join l[].x"}}},
     "0('a,2,b c' '1')0(- -)0(- -)0('z' -)"},
    {"names with dots, blanks, brackets and stars are quoted",
     "{\"state_counters\": {\"insufficient data\": 1, \"a.b\": {\"c[]\": 2},"
     " \"\": 3, \"*\": 4}, \"a\": {\"b\": 9}}",
     {{"",
       {"state_counters.\"insufficient data\"",
        "state_counters.\"a.b\".\"c[]\"", "state_counters.\"\"",
        "state_counters.\"*\""}}},
     "0(1 2 3 4)"},
    {"names with colons and dashes are not",
     "{\"os-vol-tenant-attr:tenant_id\": \"p\"}",
     {{"", {"os-vol-tenant-attr:tenant_id"}}},
     "0('p')"},
    {"the first of two equal keys wins, be it null",
     "[{\"a\": 1, \"a\": 2}, {\"a\": null, \"a\": 2}, {\"a\": {}, \"a\": 2}]",
     {{"[]", {"a"}}},
     "0(1)0(null)0(2)"},
    {"a list that comes twice is read twice",
     "{\"l\": [{\"a\": 1}], \"l\": [{\"a\": 2}]}",
     {{"l[]", {"a"}}},
     "0(1)0(2)"},
    {"numbers stay the text that was sent",
     "[9007199254740993, -0, 1.50, 1E3, 1e-2, 123456789012345678901234567890]",
     {{"[]", {""}}},
     "0(9007199254740993)0(-0)0(1.50)0(1E3)0(1e-2)"
     "0(123456789012345678901234567890)"},
    {"escapes are resolved",
     "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"gr\\u00f6\\u00dfe\","
     " \"\\ud83d\\ude00\", \"\\u0041\"]",
     {{"[]", {""}}},
     "0('\"\\/\b\f\n\r\t')0('gr\303\266\303\237e')0('\360\237\230\200')0('A')"},
    {"raw UTF-8 goes through",
     "{\"\303\266\": [\"\346\227\245\346\234\254\350\252\236\"]}",
     {{"\303\266[]", {""}}},
     "0('\346\227\245\346\234\254\350\252\236')"},
    {"bad UTF-8 costs nothing but a name",
     "[{\"name\": \"\377\300\200\", \"id\": \"a\"}, {\"id\": \"b\"}]",
     {{"[]", {"id", "name"}}},
     "0('a' '\377\300\200')0('b' -)"},
    {"a scalar where a container was hoped for",
     "{\"images\": 5, \"next\": {\"href\": 1}}",
     {{"images[]", {"id"}}, {"next", {""}}},
     "1({})"},
    {"a scalar at the root", "5", {{"[]", {"id"}}, {"", {}}}, "1()"},
    {"null at the root", "null", {{"[]", {"id"}}}, ""},
    {"blanks around all",
     " \r\n\t{ \"l\" : [ { \"a\" : 1 } , { \"a\" : 2 } ] } \n\n",
     {{"l[]", {"a"}}},
     "0(1)0(2)"},

    {"nothing", "", {{"[]", {"id"}}}, " PARSE"},
    {"only blanks", "  \n", {{"[]", {"id"}}}, " PARSE"},
    {"cut in a record",
     "{\"l\": [{\"a\": 1}, {\"a\": 2",
     {{"l[]", {"a"}}},
     "0(1) PARSE"},
    {"cut before the last brace",
     "{\"l\": [{\"a\": 1}]",
     {{"l[]", {"a"}}},
     "0(1) PARSE"},
    {"cut in a string", "[\"abc", {{"[]", {""}}}, " PARSE"},
    {"something behind the end",
     "{\"l\": [{\"a\": 1}]} {}",
     {{"l[]", {"a"}}},
     "0(1) PARSE"},
    {"two answers in one", "[1][2]", {{"[]", {""}}}, "0(1) PARSE"},
    {"HTML", "<html>busy</html>", {{"[]", {"id"}}}, " PARSE"},
    {"a comma too many", "[{\"a\": 1},]", {{"[]", {"a"}}}, "0(1) PARSE"},
    {"brackets that do not match", "[{\"a\": 1]", {{"[]", {"a"}}}, " PARSE"},
    {"Python's NaN", "[{\"a\": NaN}]", {{"[]", {"a"}}}, "0(NaN)"},
    {"Python's NaN and Infinity, in all places",
     "{\"x\": [NaN , Infinity,-Infinity], \"l\": [ {\"a\":NaN, \"b\": 1},"
     " {\"b\" : -Infinity, \"a\": \"NaN\"}, {\"a\": \"\\\"NaN, :NaN\", "
     "\"b\": [[NaN], {\"c\": Infinity}]}], \"n\": NaN}",
     {{"l[]", {"a", "b"}}, {"x[]", {""}}, {"", {"count x[]", "n"}}},
     "1(NaN)1(Infinity)1(Infinity)0(NaN 1)0('NaN' Infinity)"
     "0('\"NaN, :NaN' {})2(3 NaN)"},
    {"a NaN in what is skipped",
     "{\"x\": {\"l\": [{\"a\": 9}, NaN, {\"y\": NaN, \"a\": 8}], \"z\": NaN},"
     " \"y\": NaN, \"l\": [{\"y\": NaN, \"a\": 1}, {\"y\": {\"a\": NaN, \"x\":"
     " [NaN, {\"a\": 7}]}, \"a\": 2}]}",
     {{"l[]", {"a"}}},
     "0(1)0(2)"},
    {"a NaN that is skipped behind a value that is not",
     "[{\"a\": 1, \"y\": NaN}]",
     {{"[]", {"count a"}}},
     "0(1)"},
    {"a sum of more than NaN",
     "[{\"a\": [1, NaN, 2]}]",
     {{"[]", {"sum a[]"}}},
     "0(nan)"},
    {"a NaN where no value may be", "[1 NaN]", {{"[]", {""}}}, "0(1) PARSE"},
    {"a NaN where a key should be", "[{NaN: 1}]", {{"[]", {"a"}}}, " PARSE"},
    {"a NaN behind a value", "[{\"a\": 1, NaN}]", {{"[]", {"a"}}}, " PARSE"},
    {"a NaN in place of an answer", "NaN", {{"[]", {"a"}}}, " PARSE"},
    {"a NaN behind a comma too many",
     "[1,, NaN]",
     {{"[]", {""}}},
     "0(1) PARSE"},
    {"a NaN behind a bracket that may not be",
     "[{\"a\": 2}[NaN]]",
     {{"[]", {"a"}}},
     "0(2) PARSE"},
    {"half a NaN", "[Na]", {{"[]", {""}}}, " PARSE"},
    {"an answer that ends in a NaN", "[Na", {{"[]", {""}}}, " PARSE"},
    {"a NaN with something behind it",
     "[NaNs]",
     {{"[]", {""}}},
     "0(NaN) PARSE"},
    {"a NaN below zero", "[-NaN]", {{"[]", {""}}}, " PARSE"},
    {"NULL", "[NULL]", {{"[]", {""}}}, " PARSE"},
    {"a raw newline in a string", "[\"a\nb\"]", {{"[]", {""}}}, " PARSE"},
    {"a number that is none", "[01]", {{"[]", {""}}}, "0(0) PARSE"},
};

static void texts_give_the_records_they_should(void **state) {
  (void)state;
  static struct watch w;
  for (size_t i = 0; i < COUNT(rows); i++) {
    watch_init(&w, rows[i].plans);
    watch_feed(&w, rows[i].json, strlen(rows[i].json), SIZE_MAX, 0);
    if (strcmp(w.trace, rows[i].want) != 0)
      fail_msg("%s:\n%s\nnot\n%s", rows[i].what, w.trace, rows[i].want);
    extract_free(w.extract);
  }
}

static void cutting_the_input_anywhere_changes_nothing(void **state) {
  (void)state;
  static struct watch w;
  for (size_t i = 0; i < COUNT(rows); i++) {
    size_t len = strlen(rows[i].json);
    watch_init(&w, rows[i].plans);
    for (size_t cut = 1; cut < len; cut++) {
      watch_feed(&w, rows[i].json, len, SIZE_MAX, cut);
      if (strcmp(w.trace, rows[i].want) != 0)
        fail_msg("%s, cut at %zu:\n%s\nnot\n%s", rows[i].what, cut, w.trace,
                 rows[i].want);
    }
    for (size_t piece = 1; piece <= 3; piece++) {
      watch_feed(&w, rows[i].json, len, piece, 0);
      assert_string_equal(w.trace, rows[i].want);
    }
    extract_free(w.extract);
  }
}

static void no_text_holds_a_nul(void **state) {
  (void)state;
  static struct watch w;
  static const struct plan plans[MOST_PLANS] = {{"r[]", {"t", "join l[]"}},
                                                {"", {"\"k\""}}};
  static const char json[] =
      "{\"r\": [{\"t\": \"a\\u0000b\", \"l\": [\"\\u0000\", \"c\"]},"
      " {\"t\": \"a\\u0000c\"}, {\"t\": \"\\u0000\"}], \"k\\u0000\": 1}";
  watch_init(&w, plans);
  watch_feed(&w, json, strlen(json), SIZE_MAX, 0);
  assert_string_equal(w.trace, "0('a\377b' '\377,c')0('a\377c' -)0('\377' -)"
                               "1(-)");
  assert_int_equal(w.len, strlen(w.trace));
  extract_free(w.extract);
}

/* Short and long, in the middle of what is fed and at its end, whole and in
 * pieces, as they are and escaped. */
static void a_text_of_any_length_is_whole(void **state) {
  (void)state;
  static struct watch w;
  static const struct plan plans[MOST_PLANS] = {{"[]", {"t", "join l[]"}}};
  static const char *const blanks[] = {"",
                                       "                                  "
                                       "                                  "};
  static const size_t pieces[] = {1, 7, 64, SIZE_MAX};
  char text[201], json[2000], want[2000];
  watch_init(&w, plans);
  for (int len = 0; len < 200; len++) {
    for (int i = 0; i < len; i++)
      text[i] = (char)('a' + i % 26);
    text[len] = '\0';
    snprintf(want, sizeof(want), "0('%s' '%s,%s')0('\377%s' -)", text, text,
             text, text);
    for (size_t i = 0; i < COUNT(blanks) * COUNT(pieces); i++) {
      int n = snprintf(json, sizeof(json),
                       "[{\"t\":\"%s\",\"l\":[\"%s\",\"%s\"]},"
                       "{\"t\":\"\\u0000%s\"}]%s",
                       text, text, text, text, blanks[i % COUNT(blanks)]);
      char *fed = malloc((size_t)n); /* nothing behind it may be read */
      memcpy(fed, json, (size_t)n);
      watch_feed(&w, fed, (size_t)n, pieces[i / COUNT(blanks)], 0);
      free(fed);
      assert_string_equal(w.trace, want);
    }
  }
  extract_free(w.extract);
}

/* They are looked for where they were the last time. */
static void members_may_come_in_any_order(void **state) {
  (void)state;
  static struct watch w;
  static const struct plan plans[MOST_PLANS] = {
      {"l[]", {"id", "name", "o.id", "o.availability_zone_hint", "x.*.id"}},
      {"l[].o.in[]", {"id", "^.id"}}};
  static const struct {
    const char *json, *trace;
  } orders[] = {
      {"{\"l\":[{\"id\":1,\"name\":2,\"o\":{\"id\":3,"
       "\"availability_zone_hint\":4},\"x\":{\"y\":{\"id\":5}}},"
       "{\"x\":{\"y\":{\"id\":5}},\"o\":{\"availability_zone_hint\":4,"
       "\"id\":3},\"name\":2,\"id\":1}]}",
       "0(1 2 3 4 5)0(1 2 3 4 5)"},
      {"{\"l\":[{\"id\":1,\"name\":2},{\"name\":2,\"id\":1},{\"id\":1},"
       "{\"name\":2},{},{\"id\":1,\"iD\":9,\"i\":9,\"\":9,\"name\":2,"
       "\"nam\":9,\"names\":9,\"nane\":9}]}",
       "0(1 2 - - -)0(1 2 - - -)0(1 - - - -)0(- 2 - - -)0(- - - - -)"
       "0(1 2 - - -)"},
      {"{\"l\":[{\"o\":{\"id\":3,\"in\":[{\"id\":6},{\"id\":7}]},\"id\":1},"
       "{\"id\":1,\"o\":{\"in\":[{\"id\":6}],\"id\":3},\"name\":2}]}",
       "1(6 -)1(7 -)0(1 - 3 - -)1(6 1)0(1 2 3 - -)"},
      /* As long as a name, with its first and its last bytes. */
      {"{\"l\":[{\"o\":{\"availability_zone_hint\":4}},"
       "{\"o\":{\"availability-zone_hint\":9}},"
       "{\"o\":{\"availability_zone_hint\":4}}]}",
       "0(- - - 4 -)0(- - - - -)0(- - - 4 -)"},
      {"{\"l\":[{\"id\":1,\"id\":9,\"name\":2}],\"l\":[{\"name\":2,"
       "\"id\":1}]}",
       "0(1 2 - - -)0(1 2 - - -)"},
  };
  watch_init(&w, plans);
  for (int round = 0; round < 2; round++)
    for (size_t i = 0; i < COUNT(orders); i++) {
      watch_feed(&w, orders[i].json, strlen(orders[i].json), SIZE_MAX, 0);
      assert_string_equal(w.trace, orders[i].trace);
    }
  extract_free(w.extract);
}

static void nothing_of_the_answer_before_is_left(void **state) {
  (void)state;
  static struct watch w;
  static const struct plan plans[MOST_PLANS] = {{"l[]", {"a", "count b[]"}}};
  static const char broken[] = "{\"l\": [{\"a\": 1, \"b\": [1, 2, {\"c";
  watch_init(&w, plans);
  for (size_t len = 1; len < sizeof(broken); len++) {
    watch_feed(&w, broken, len, SIZE_MAX, 0);
    assert_false(extract_complete(w.extract));
    watch_feed(&w, "{\"l\": [{}]}", 11, SIZE_MAX, 0);
    assert_string_equal(w.trace, "0(- 0)");
  }
  extract_free(w.extract);
}

/* ---- which answers are answers ------------------------------------------ */

static void an_answer_without_the_list_is_not_an_empty_cloud(void **state) {
  (void)state;
  static const struct {
    const char *record, *json;
    bool want;
  } answers[] = {
      {"images[]", "{\"images\": [{\"id\": 1}]}", true},
      {"images[]", "{\"images\": []}", true},
      {"images[]", "{\"images\": null}", false},
      {"images[]", "{\"images\": {}}", false},
      {"images[]", "{\"images\": \"\"}", false},
      {"images[]", "{\"error\": {\"code\": 401}}", false},
      {"images[]", "{\"x\": {\"images\": []}}", false},
      {"images[]", "{}", false},
      {"images[]", "[]", false},
      {"images[]", "null", false},
      {"[]", "[]", true},
      {"[]", "[{}]", true},
      {"[]", "{}", false},
      {"[]", "{\"error\": []}", false},
      {"q.*", "{\"q\": {}}", true},
      {"q.*", "{\"q\": []}", false},
      {"n[].s[]", "{\"n\": []}", true},
      {"n[].s[]", "{\"n\": [{\"s\": []}]}", true},
      {"n[].s[]", "{\"n\": [{\"s\": null}]}", false},
      {"n[].s[]", "{\"n\": [{}]}", false},
      {"n[].s[]", "{\"n\": {}}", false},
      {"n.*.s[]", "{\"n\": {}}", true},
      {"n.*.s[]", "{\"n\": []}", false},
      {"n.*.s[]", "{\"n\": {\"x\": {}}}", false},
      {"n[].s[].t[]", "{\"n\": [{\"s\": []}]}", true},
      {"n[].s[].t[]", "{\"n\": [{\"s\": [{}]}]}", false},
      {"next", "{\"next\": null}", true},
      {"next", "{}", true}, /* a link that is not there is no wonder */
      {"links.next", "{}", false},
      {"links.next", "{\"links\": {}}", true},
      {"", "{}", true},
      {"", "[]", true},
  };
  for (size_t i = 0; i < COUNT(answers); i++) {
    static struct watch w;
    const struct plan plans[MOST_PLANS] = {{"other[]", {"x"}},
                                           {answers[i].record, {""}}};
    watch_init(&w, plans);
    watch_feed(&w, answers[i].json, strlen(answers[i].json), SIZE_MAX, 0);
    if (extract_met(w.extract, 1) != answers[i].want)
      fail_msg("\"%s\" in %s", answers[i].record, answers[i].json);
    struct error err = {0};
    assert_int_equal(extract_begin(w.extract, &err), 0);
    assert_false(extract_met(w.extract, 1));
    extract_free(w.extract);
  }
}

/* With a record that is one object, {"message": "x"} was a count of 0. */
static void a_record_that_is_one_object_is_met_when_it_begins(void **state) {
  (void)state;
  static const struct {
    const char *record, *json;
    bool want;
  } answers[] = {
      {"quota_set", "{\"quota_set\": {\"id\": 1}}", true},
      {"quota_set", "{\"quota_set\": {}}", true},
      {"quota_set", "{\"message\": \"x\"}", false},
      {"quota_set", "{\"quota_set\": null}", false},
      {"quota_set", "{\"quota_set\": \"x\"}", false},
      {"quota_set", "{\"quota_set\": []}", false},
      {"quota_set", "{}", false},
      {"quota_set", "[]", false},
      {"limits.absolute", "{\"limits\": {}}", false},
      {"limits.absolute", "{\"limits\": {\"absolute\": {}}}", true},
      {"l[].usage", "{\"l\": []}", true}, /* an empty list has none */
      {"l[].usage", "{\"l\": {}}", false},
      {"", "{}", true},
  };
  for (size_t i = 0; i < COUNT(answers); i++) {
    static struct watch w;
    const struct plan plans[MOST_PLANS] = {{answers[i].record, {"id"}}};
    watch_init(&w, plans);
    watch_feed(&w, answers[i].json, strlen(answers[i].json), SIZE_MAX, 0);
    if (extract_met(w.extract, 0) != answers[i].want)
      fail_msg("\"%s\" in %s", answers[i].record, answers[i].json);
    extract_free(w.extract);
  }
}

static void an_answer_is_complete_with_its_last_brace(void **state) {
  (void)state;
  static struct watch w;
  static const struct plan plans[MOST_PLANS] = {{"l[]", {"a"}}};
  static const char *const answers[] = {"{\"l\": [{\"a\": 1}]}", "{}", "[[[]]]",
                                        "\"text\""};
  struct error err = {0};
  watch_init(&w, plans);
  for (size_t i = 0; i < COUNT(answers); i++) {
    assert_int_equal(extract_begin(w.extract, &err), 0);
    for (const char *c = answers[i]; *c != '\0'; c++) {
      assert_false(extract_complete(w.extract));
      assert_int_equal(extract_feed(w.extract, c, 1, &err), 0);
    }
    assert_true(extract_complete(w.extract));
    assert_int_equal(extract_feed(w.extract, "\n ", 2, &err), 0);
    assert_int_equal(extract_finish(w.extract, &err), 0);
  }
  extract_free(w.extract);
}

/* ---- giving up ---------------------------------------------------------- */

static int give_up(void *arg, const struct cell *cells) {
  (void)cells;
  return ++*(int *)arg == 2 ? -1 : 0;
}

static void a_callback_can_give_up(void **state) {
  (void)state;
  static const struct extract_field field[] = {{.path = "a"}};
  const struct extract_group group = {"[]", field, 1, give_up, NULL};
  int calls = 0;
  struct error err = {0};
  struct extract *x = extract_new(&group, 1, &calls, &err);
  assert_non_null(x);
  assert_int_equal(extract_begin(x, &err), 0);
  assert_int_equal(extract_feed(x, "[{},{},{},{}]", 13, &err), -1);
  assert_int_equal(calls, 2);
  assert_int_equal(err.code, ERROR_NONE);
  extract_free(x);
}

static void parse_errors_are_one_line(void **state) {
  (void)state;
  static struct watch w;
  static const struct plan plans[MOST_PLANS] = {{"[]", {"a"}}};
  struct error err = {0};
  watch_init(&w, plans);
  assert_int_equal(extract_begin(w.extract, &err), 0);
  assert_int_equal(extract_feed(w.extract, "[1,\n]", 5, &err), -1);
  assert_int_equal(err.code, ERROR_PARSE);
  assert_string_equal(err.text, "the answer is not valid JSON: parse error:"
                                " unallowed token at this point in JSON text");
  extract_free(w.extract);
}

/* ---- limits ------------------------------------------------------------- */

static void long_texts_are_cut_and_marked(void **state) {
  (void)state;
  static struct watch w;
  static const struct plan plans[MOST_PLANS] = {{"[]", {""}}};
  static char json[CELL_TEXT + 100], want[CELL_TEXT + 100];
  watch_init(&w, plans);
  for (int len = CELL_TEXT - 2; len <= CELL_TEXT + 2; len++) {
    bool fits = len < CELL_TEXT;
    int kept = fits ? len : CELL_TEXT - 1;
    int n = snprintf(json, sizeof(json), "[\"%0*d\"]", len, 7);
    memset(json + 2, 'x', (size_t)len);
    snprintf(want, sizeof(want), "0('%0*d'%s)", kept, 7, fits ? "" : "...");
    memset(want + 3, 'x', (size_t)kept);
    watch_feed(&w, json, (size_t)n, 1000, 0);
    assert_string_equal(w.trace, want);
  }
  extract_free(w.extract);
}

static void nesting_has_a_limit_on_every_way(void **state) {
  (void)state;
  static struct watch w;
  static const struct plan plans[][MOST_PLANS] = {
      {{"nowhere[]", {"a"}}},
      {{"[][][][][][][][][][][][]", {""}}},
      {{"", {"count []"}}},
  };
  char json[2 * JSON_DEPTH + 4];
  for (size_t p = 0; p < COUNT(plans); p++) {
    watch_init(&w, plans[p]);
    for (size_t depth = 1; depth <= JSON_DEPTH + 1; depth++) {
      memset(json, '[', depth);
      memset(json + depth, ']', depth);
      watch_feed(&w, json, 2 * depth, SIZE_MAX, 0);
      bool limit = strstr(w.trace, " LIMIT") != NULL;
      assert_int_equal(limit, depth > JSON_DEPTH);
    }
    extract_free(w.extract);
  }
}

/* The parser begins a token anew with every piece: 8 MB cost 1.3 s, 50 MB 41 s.
 * So it must not come to that. */
static void an_endless_string_is_given_up_after_a_mebibyte(void **state) {
  (void)state;
  enum { PIECE = 16 * 1024, PIECES = 8 * 1024 * 1024 / PIECE };
  static const char *const heads[] = {"[\"", "{\"", "[1", "[ "};
  static const char fill[] = {'x', 'x', '1', ' '};
  static struct watch w;
  static const struct plan plans[MOST_PLANS] = {{"[]", {"id"}}};
  static char piece[PIECE];
  watch_init(&w, plans);
  for (size_t i = 0; i < COUNT(heads); i++) {
    struct error err = {0};
    memset(piece, fill[i], sizeof(piece));
    assert_int_equal(extract_begin(w.extract, &err), 0);
    assert_int_equal(extract_feed(w.extract, heads[i], 2, &err), 0);
    size_t fed = 0;
    while (fed < PIECES &&
           extract_feed(w.extract, piece, sizeof(piece), &err) == 0)
      fed++;
    assert_in_range(fed, JSON_TOKEN / PIECE - 1, JSON_TOKEN / PIECE);
    assert_int_equal(err.code, ERROR_LIMIT);
    assert_string_equal(err.text, "one JSON string of over 1024 KiB");
  }
  extract_free(w.extract);
}

/* The limit is one token's; an answer that arrives at once may be larger. */
static void a_large_answer_in_one_piece_is_fine(void **state) {
  (void)state;
  enum { RECORDS = 200000 };
  static const struct extract_field field[] = {{.path = "id"}};
  int calls = 2; /* does not give up any more */
  const struct extract_group group = {"[]", field, 1, give_up, NULL};
  struct error err = {0};
  char *json = malloc(RECORDS * 20 + 2);
  assert_non_null(json);
  size_t len = 0;
  json[len++] = '[';
  for (int i = 0; i < RECORDS; i++)
    len += (size_t)sprintf(json + len, "%s{\"id\":%d}", i > 0 ? "," : "", i);
  json[len++] = ']';
  assert_true(len > 2 * JSON_TOKEN);
  struct extract *x = extract_new(&group, 1, &calls, &err);
  assert_non_null(x);
  assert_int_equal(extract_begin(x, &err), 0);
  if (extract_feed(x, json, len, &err) != 0)
    fail_msg("%s", err.text);
  assert_int_equal(extract_finish(x, &err), 0);
  assert_int_equal(calls, 2 + RECORDS);
  extract_free(x);
  free(json);
}

/* ---- what is refused ---------------------------------------------------- */

static void too_many_of_something_is_refused(void **state) {
  (void)state;
  struct extract_field fields[EXTRACT_FIELDS + 1];
  struct extract_group groups[EXTRACT_GROUPS + 1];
  struct error err = {0};
  for (size_t i = 0; i < COUNT(fields); i++)
    fields[i] = (struct extract_field){.path = "a"};
  for (size_t i = 0; i < COUNT(groups); i++)
    groups[i] = (struct extract_group){"l[]", fields, 1, on_0, NULL};

  extract_free(extract_new(groups, EXTRACT_GROUPS, NULL, &err));
  assert_int_equal(err.code, ERROR_NONE);
  assert_null(extract_new(groups, EXTRACT_GROUPS + 1, NULL, &err));
  assert_int_equal(err.code, ERROR_CONFIG);
  assert_string_equal(err.text, "more than 8 kinds of records in one answer");

  err = (struct error){0};
  groups[0].nfields = EXTRACT_FIELDS;
  extract_free(extract_new(groups, 1, NULL, &err));
  assert_int_equal(err.code, ERROR_NONE);
  assert_null(extract_new(groups, 2, NULL, &err));
  assert_int_equal(err.code, ERROR_CONFIG);
  assert_string_equal(err.text, "more than 117 fields of one answer");

  static const struct extract_field key = {.path = "@key"};
  const struct extract_group list = {"l.*.a[]", &key, 1, on_0, NULL};
  assert_null(extract_new(&list, 1, NULL, &err));
  assert_string_equal(err.text, "\"@key\": the path of the record, "
                                "\"l.*.a[]\", does not end in \"*\"");

  char paths[60][8];
  for (size_t i = 0; i < COUNT(paths); i++) {
    memcpy(paths[i], "*.*.*.*", sizeof(paths[i]));
    paths[i][i % 3 * 2] = (char)('a' + i / 3);
    fields[i].path = paths[i];
  }
  const struct extract_group stars = {"", fields, COUNT(paths), on_0, NULL};
  assert_null(extract_new(&stars, 1, NULL, &err));
  assert_string_equal(err.text, "too many paths with \"*\"");

  const struct extract_group deep = {"a.b.c.d.e.f", fields, 1, on_0, NULL};
  fields[0].path = "g.h.i.j.k.l.m";
  assert_null(extract_new(&deep, 1, NULL, &err));
  assert_int_equal(err.code, ERROR_CONFIG);
}

/* As many fields and groups as there may be, and none is another. */
static void the_limits_can_be_used_to_the_full(void **state) {
  (void)state;
  static struct watch w;
  static const struct plan plans[MOST_PLANS] = {
      {"a[]", {"1", "2", "3", "4", "5", "6"}},
      {"b[]", {"1", "2", "3", "4", "5", "6"}},
      {"c.d.e.f.g.h.i.j.k.l.m", {"n"}},
      {"", {"a[].1", "b[].6"}}};
  static const char json[] =
      "{\"a\":[{\"6\":6,\"5\":5,\"4\":4,\"3\":3,\"2\":2,\"1\":1}],\"b\":[{"
      "\"1\":"
      "11,\"6\":16}],\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{\"i\":{\"j\":{"
      "\"k\":{\"l\":{\"m\":{\"n\":7,\"o\":{\"n\":8}}}}}}}}}}}}}";
  watch_init(&w, plans);
  watch_feed(&w, json, strlen(json), SIZE_MAX, 0);
  assert_string_equal(w.trace, "0(1 2 3 4 5 6)1(11 - - - - 16)2(7)3(1 16)");
  extract_free(w.extract);
}

static void nothing_is_fine_to_free(void **state) {
  (void)state;
  extract_free(NULL);
}

/* A long list costs its end, and no half of an element. */
static void a_joined_list_is_cut_between_elements(void **state) {
  (void)state;
  static const struct plan plans[MOST_PLANS] = {{"", {"join l[]"}}};
  char text[8000] = "{\"l\": [";
  size_t used = strlen(text);
  for (int i = 0; i < 300; i++)
    used += (size_t)snprintf(text + used, sizeof(text) - used, "%s\"tag-%05d\"",
                             i > 0 ? "," : "", i);
  snprintf(text + used, sizeof(text) - used, "]}");
  static struct watch w;
  watch_init(&w, plans);
  watch_feed(&w, text, strlen(text), strlen(text), 0);
  /* 204 of 10 bytes each fit into 2047. */
  assert_non_null(strstr(w.trace, ",tag-00203'..."));
  extract_free(w.extract);
}

static int keep_cell(void *arg, const struct cell *cell) {
  *(struct cell *)arg = *cell;
  return 0;
}

/* It is what messages quote of the sum. */
static void a_null_leaves_the_text_of_a_sum(void **state) {
  (void)state;
  static const char json[] = "{\"l\": [-1, null]}";
  static const struct extract_field field = {"l[]", EXTRACT_SUM};
  struct cell cell = {.kind = CELL_NONE};
  const struct extract_group group = {"", &field, 1, keep_cell, &cell};
  struct error err = {0};
  struct extract *x = extract_new(&group, 1, NULL, &err);
  assert_non_null(x);
  assert_int_equal(extract_begin(x, &err), 0);
  assert_int_equal(extract_feed(x, json, strlen(json), &err), 0);
  assert_true(cell.sum.below);
  assert_int_equal(cell.kind, CELL_NUMBER);
  assert_string_equal(cell.text, "-1");
  extract_free(x);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_give_the_records_they_should),
      cmocka_unit_test(cutting_the_input_anywhere_changes_nothing),
      cmocka_unit_test(no_text_holds_a_nul),
      cmocka_unit_test(a_text_of_any_length_is_whole),
      cmocka_unit_test(members_may_come_in_any_order),
      cmocka_unit_test(nothing_of_the_answer_before_is_left),
      cmocka_unit_test(an_answer_without_the_list_is_not_an_empty_cloud),
      cmocka_unit_test(a_record_that_is_one_object_is_met_when_it_begins),
      cmocka_unit_test(an_answer_is_complete_with_its_last_brace),
      cmocka_unit_test(a_callback_can_give_up),
      cmocka_unit_test(parse_errors_are_one_line),
      cmocka_unit_test(long_texts_are_cut_and_marked),
      cmocka_unit_test(nesting_has_a_limit_on_every_way),
      cmocka_unit_test(an_endless_string_is_given_up_after_a_mebibyte),
      cmocka_unit_test(a_large_answer_in_one_piece_is_fine),
      cmocka_unit_test(too_many_of_something_is_refused),
      cmocka_unit_test(the_limits_can_be_used_to_the_full),
      cmocka_unit_test(nothing_is_fine_to_free),
      cmocka_unit_test(a_joined_list_is_cut_between_elements),
      cmocka_unit_test(a_null_leaves_the_text_of_a_sum),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
