/* What text.h promises, edge by edge. */
#include "base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- copies and lists --------------------------------------------------- */

static void copy_says_when_it_cuts(void **state) {
  (void)state;
  char dst[4] = "xxx";
  assert_true(text_copy(dst, sizeof(dst), "abc"));
  assert_string_equal(dst, "abc");
  assert_false(text_copy(dst, sizeof(dst), "abcd"));
  assert_string_equal(dst, "abc");
  assert_true(text_copy(dst, 1, ""));
  assert_string_equal(dst, "");
  assert_false(text_copy(dst, 1, "a"));
  assert_string_equal(dst, "");
}

static void printf_makes_a_string_of_any_length(void **state) {
  (void)state;
  char *text = text_printf("%0*d", 5000, 7);
  assert_non_null(text);
  assert_int_equal(strlen(text), 5000);
  free(text);
}

static void a_cleared_list_is_empty(void **state) {
  (void)state;
  struct text_list list = {.items = calloc(2, sizeof(char *)), .n = 2};
  list.items[0] = strdup("a");
  list.items[1] = strdup("b");
  text_list_clear(&list);
  assert_null(list.items);
  assert_int_equal(list.n, 0);
  text_list_clear(&list);
}

/* ---- hashes ------------------------------------------------------------- */

static void hashes_tell_strings_apart(void **state) {
  (void)state;
  assert_true(text_hash("a", 1, 0) == text_hash("a", 1, 0));
  assert_true(text_hash("a", 1, 0) != text_hash("b", 1, 0));
  assert_true(text_hash("a", 1, 0) != text_hash("a", 1, 1));
  assert_true(text_hash("a\0b", 3, 0) != text_hash("a\0c", 3, 0));
}

/* They stand in names of values, so they must stay what they are. CPython's
 * hash() of bytes with PYTHONHASHSEED=0 is the same function. */
static void hashes_are_siphash_1_3(void **state) {
  (void)state;
  static const struct {
    const char *text;
    uint64_t want;
  } rows[] = {
      {"a", UINT64_C(0x407448d2b89b1813)},
      {"abc", UINT64_C(0xc03bc3a0042630f2)},
      {"abcdefgh", UINT64_C(0x3f7b849c0b8e35ea)},
      {"55e2107d-ba28-4e38-b0ef-289dba6b7998", UINT64_C(0xda9c9ce7facc7c43)},
  };
  for (size_t i = 0; i < COUNT(rows); i++)
    assert_true(text_hash(rows[i].text, strlen(rows[i].text), 0) ==
                rows[i].want);
}

/* As above; the i-th is that of the alphabet's first i + 1 bytes, which begins
 * again behind its end. */
static void hashes_are_so_at_each_length(void **state) {
  (void)state;
  static const uint64_t wants[] = {
      UINT64_C(0x407448d2b89b1813), UINT64_C(0x555508cbc6add439),
      UINT64_C(0xc03bc3a0042630f2), UINT64_C(0xe3d1d5fdd52aae89),
      UINT64_C(0x251f3c725bd784a2), UINT64_C(0x62207e654289df28),
      UINT64_C(0x6db12aae9070f506), UINT64_C(0x3f7b849c0b8e35ea),
      UINT64_C(0xf89b34a3d11eb6e5), UINT64_C(0xf47c264806c40ff1),
      UINT64_C(0x14215fc65e2c3bd4), UINT64_C(0x83275255f37565c1),
      UINT64_C(0x954aa964997ae4e6), UINT64_C(0xfdbd7fa99ace11da),
      UINT64_C(0x1fd27a29b0e9dc7a), UINT64_C(0x94f60d3d29e6a312),
      UINT64_C(0x61c47e6da27eaccc), UINT64_C(0xb26bb0c0ba2d6627),
      UINT64_C(0x7ab5be5c8ae7beaa), UINT64_C(0xcad1d77b2c973cd5),
      UINT64_C(0x44ece035d1e476fa), UINT64_C(0xb679c8ef18bea06a),
      UINT64_C(0xd9c26100b33ee39c), UINT64_C(0x42acf3a099aff2dc),
      UINT64_C(0x4c771fbb675d0ec4), UINT64_C(0x323ccd2fd30709df),
      UINT64_C(0x2791023f8364d431), UINT64_C(0xf74f6e20cf682280),
      UINT64_C(0xe98fbf038ef3ef03), UINT64_C(0x434e7b381b29077b),
      UINT64_C(0xeccabec0ef393716), UINT64_C(0x4cdfbfa792cc16f8)};
  char text[COUNT(wants)];
  for (size_t i = 0; i < COUNT(wants); i++) {
    text[i] = (char)('a' + i % 26);
    assert_true(text_hash(text, i + 1, 0) == wants[i]);
  }
}

static void the_seed_stays_and_is_no_constant(void **state) {
  (void)state;
  assert_true(text_seed() == text_seed());
  assert_true(text_seed() != 0);
}

static void chained_hashes_know_where_one_text_ends(void **state) {
  (void)state;
  uint64_t ab_c = text_hash("c", 1, text_hash("ab", 2, 0));
  uint64_t a_bc = text_hash("bc", 2, text_hash("a", 1, 0));
  assert_true(ab_c != a_bc);
  assert_true(ab_c != text_hash("abc", 3, 0));
  assert_true(text_hash(NULL, 0, 1) == text_hash("", 0, 1));
}

/* ---- identifiers -------------------------------------------------------- */

static void identifiers_keep_plain_names_and_map_all_else(void **state) {
  (void)state;
  static const struct {
    const char *name, *want;
  } rows[] = {
      {"", ""},
      {"55e2107d-ba28-4e38-b0ef-289dba6b7998",
       "55e2107d-ba28-4e38-b0ef-289dba6b7998"},
      {"lab@lab1#lab1-pool_b.1", "lab@lab1_lab1-pool_b.1"},
      {"AZaz09._:@-", "AZaz09._:@-"},
      {"/leading", "_leading"},
      {"two\nlines;tag=1", "two_lines_tag_1"},
      {"a b\t\"c\"'d'\\", "a_b__c__d__"},
      {"gr\303\266\303\237e", "gr____e"},
      {"\001\177\377", "___"},
      {"[{(,)}]*?!$%&|<>~^`+=", "_____________________"},
  };
  char dst[128];
  for (size_t i = 0; i < COUNT(rows); i++) {
    text_identifier(dst, sizeof(dst), rows[i].name);
    assert_string_equal(dst, rows[i].want);
  }
}

static void identifiers_of_127_bytes_fit_and_of_128_get_a_hash(void **state) {
  (void)state;
  char name[200], dst[128];
  memset(name, 'n', sizeof(name));
  name[127] = '\0';
  text_identifier(dst, sizeof(dst), name);
  assert_string_equal(dst, name);

  name[127] = 'n';
  name[128] = '\0';
  text_identifier(dst, sizeof(dst), name);
  assert_int_equal(strlen(dst), 127);
  assert_memory_equal(dst, name, 110);
  assert_int_equal(dst[110], '-');
  assert_int_equal(strspn(dst + 111, "0123456789abcdef"), 16);
}

static void long_identifiers_stay_different_names(void **state) {
  (void)state;
  char name[300], one[128], other[128];
  memset(name, 'n', sizeof(name));
  name[255] = '\0';
  text_identifier(one, sizeof(one), name);
  name[254] = 'm';
  text_identifier(other, sizeof(other), name);
  assert_memory_equal(one, other, 110);
  assert_string_not_equal(one, other);
  /* '/' and '_' look the same, but the hash is of the name as it was. */
  name[254] = '/';
  text_identifier(one, sizeof(one), name);
  name[254] = '_';
  text_identifier(other, sizeof(other), name);
  assert_string_not_equal(one, other);
  text_identifier(one, sizeof(one), name);
  assert_string_equal(one, other);
}

static void identifiers_never_leave_their_buffer(void **state) {
  (void)state;
  char name[100], dst[41];
  for (size_t len = 0; len < sizeof(name) - 1; len++) {
    memset(name, '/', len);
    name[len] = '\0';
    for (size_t size = 32; size <= 40; size++) {
      memset(dst, '#', sizeof(dst));
      text_identifier(dst, size, name);
      assert_int_equal(strlen(dst), len < size ? len : size - 1);
      assert_int_equal(dst[size], '#');
    }
  }
}

/* ---- meta data ---------------------------------------------------------- */

static void meta_strings_lose_control_bytes_and_bad_utf8(void **state) {
  (void)state;
  static const struct {
    const char *name, *want;
  } rows[] = {
      {"", ""},
      {"B\303\274ro K\303\266ln/\"Test\"", "B\303\274ro K\303\266ln/\"Test\""},
      {"two\nlines\t\r\033[1m", "two?lines???[1m"},
      {"del\177", "del?"},
      {"\346\227\245\346\234\254", "\346\227\245\346\234\254"},
      {"\360\237\230\200", "\360\237\230\200"}, /* U+1F600 */
      {"\364\217\277\277", "\364\217\277\277"}, /* U+10FFFF, the last */
      {"\364\220\200\200", "????"},             /* beyond it */
      {"\355\240\200", "???"},                  /* a surrogate */
      {"\300\200", "??"},                       /* overlong NUL */
      {"\301\277", "??"},                       /* overlong */
      {"\340\237\277", "???"},                  /* overlong */
      {"\360\217\277\277", "????"},             /* overlong */
      {"a\200b", "a?b"},                        /* a lone continuation */
      {"\303", "?"},                            /* cut off */
      {"\343\201", "??"},                       /* cut off */
      {"\360\237\230", "???"},                  /* cut off */
      {"\303(", "?("},                          /* not a continuation */
      {"\376\377", "??"},                       /* never in UTF-8 */
      {"\370\210\200\200\200", "?????"},        /* five bytes */
  };
  char dst[256];
  for (size_t i = 0; i < COUNT(rows); i++) {
    text_meta(dst, sizeof(dst), rows[i].name);
    assert_string_equal(dst, rows[i].want);
  }
}

static void meta_strings_are_cut_between_characters(void **state) {
  (void)state;
  /* 1, 2, 3 and 4 bytes: ends at 1, 3, 6 and 10. */
  static const char name[] = "a\303\266\346\227\245\360\237\230\200";
  static const size_t want[] = {0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (size_t size = 1; size < COUNT(want); size++) {
    char dst[16];
    memset(dst, '#', sizeof(dst));
    text_meta(dst, size, name);
    assert_int_equal(strlen(dst), want[size]);
    assert_memory_equal(dst, name, want[size]);
    assert_int_equal(dst[size], '#');
  }
}

/* ---- numbers and times -------------------------------------------------- */

static void numbers_are_decimal_and_whole(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double want;
  } rows[] = {
      {"0", 0},
      {"-0", 0},
      {"42", 42},
      {"-42", -42},
      {"1000.5", 1000.5},
      {"20.0", 20},
      {"1e3", 1000},
      {"1E+3", 1000},
      {"25e-2", 0.25},
      {"007", 7},
      {"999999999999999", 999999999999999.0},   /* 15 digits */
      {"1000000000000001", 1000000000000001.0}, /* 16 */
      {"9007199254740992", 9007199254740992.0}, /* 2^53 */
      {"18446744073709551617", 18446744073709551616.0},
      {"1795382205.66659", 1795382205.66659},
      {"1e-400", 0},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    double number = NAN;
    assert_true(text_number(rows[i].text, &number));
    assert_true(number == rows[i].want);
  }
}

static void what_is_no_number_is_refused(void **state) {
  (void)state;
  static const char *const rows[] = {
      "",     " ",         "infinite", "unknown", "inf",  "-inf",  "nan",
      "0x1f", "1e400",     "-1e400",   " 1",      "1 ",   "12 GB", "1,5",
      "1.5.", "1e",        "e5",       "E5",      "-",    "+",     ".",
      "-e5",  "1\n",       "--1",      "1-1",     "true", "null",  "1e5e5",
      "0b1",  "1\302\240", "INFINITY", "0x",      "1_000"};
  for (size_t i = 0; i < COUNT(rows); i++) {
    double number = 7;
    if (text_number(rows[i], &number))
      fail_msg("\"%s\" passed for a number", rows[i]);
    assert_true(number == 7);
  }
}

static void times_of_every_service_are_read(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double want;
  } rows[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2026-11-22T21:57:57.000000Z", 1795384677},       /* Keystone */
      {"2026-11-22T21:16:32Z", 1795382192},              /* Glance, Neutron */
      {"2026-11-22T21:16:50.654694", 1795382210.654694}, /* Cinder */
      {"2026-11-22T21:16:57.000000", 1795382217},        /* Designate */
      {"2020-01-01 00:00:00", 1577836800},               /* Neutron's agents */
      {"2026-11-22T23:16:32+02:00", 1795382192},
      {"2026-11-23T02:46:32+05:30", 1795382192},
      {"2026-11-23T02:46:32+0530", 1795382192},
      {"2026-11-22T17:46:32-03:30", 1795382192},
      {"2026-11-22T23:16:32+02", 1795382192},
      {"2024-02-29T12:00:00Z", 1709208000},
      {"1969-12-31T23:59:59Z", -1},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    double time = NAN;
    assert_true(text_time(rows[i].text, &time));
    if (fabs(time - rows[i].want) > 1e-6)
      fail_msg("%s is %f, not %f", rows[i].text, time, rows[i].want);
  }
}

static void what_is_no_time_is_refused(void **state) {
  (void)state;
  static const char *const rows[] = {
      "",
      "null",
      "2026-11-22",
      "21:16:32",
      "2026-13-22T21:16:32Z",
      "2026-11-22T25:16:32Z",
      "2026-11-22T21:16:32ZZ",
      "2026-11-22T21:16:32 Z",
      "2026-11-22T21:16:32.5x",
      "2026-11-22T21:16:32+",
      "2026-11-22T21:16:32+x",
      "2026-11-22T21:16:32+2",
      "2026-11-22T21:16:32+02:00Z",
      "2026-11-22T21:16:32+02:3",
      "2026-11-22T21:16:32+-2:00",
      "1795382192",
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    double time = 7;
    if (text_time(rows[i], &time))
      fail_msg("\"%s\" passed for a time", rows[i]);
    assert_true(time == 7);
  }
}

static void dates_of_headers_are_read(void **state) {
  (void)state;
  static const char *const none[] = {"",
                                     "now",
                                     "1994-11-06T08:49:37Z",
                                     "Sun, 06 Nov 1994 08:49:37 EST",
                                     "Sun, 06 Nob 1994 08:49:37 GMT",
                                     "Sun, 06 ovD 1994 08:49:37 GMT",
                                     "Sunday, 06-Nov-94 08:49:37 GMT"};
  double time = 7;
  for (size_t i = 0; i < COUNT(none); i++)
    assert_false(text_http_date(none[i], &time));
  assert_true(time == 7);
  assert_true(text_http_date("Sun, 06 Nov 1994 08:49:37 GMT", &time));
  assert_true(time == 784111777);
  assert_true(text_http_date("Thu, 01 Jan 1970 00:00:01 GMT", &time));
  assert_true(time == 1);
}

/* ---- encodings ---------------------------------------------------------- */

static void percent_keeps_unreserved_bytes_alone(void **state) {
  (void)state;
  static const struct {
    const char *text, *want;
  } rows[] = {
      {"", ""},
      {"AZaz09-._~", "AZaz09-._~"},
      {"a b/c?d&e=f#g%h+i", "a%20b%2Fc%3Fd%26e%3Df%23g%25h%2Bi"},
      {"Bilder gr\303\266\303\237er", "Bilder%20gr%C3%B6%C3%9Fer"},
      {"\n\r\177\377", "%0A%0D%7F%FF"},
      {"foo$foo", "foo%24foo"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    char *got = text_percent(rows[i].text);
    assert_string_equal(got, rows[i].want);
    free(got);
  }
}

static void json_quotes_whatever_a_password_holds(void **state) {
  (void)state;
  static const struct {
    const char *text, *want;
  } rows[] = {
      {"", "\"\""},
      {"plain", "\"plain\""},
      {"q\"b\\s/", "\"q\\\"b\\\\s/\""},
      {"\n\t\001\037", "\"\\u000a\\u0009\\u0001\\u001f\""},
      {"\303\274\360\237\230\200", "\"\303\274\360\237\230\200\""},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    char *got = text_json(rows[i].text);
    assert_string_equal(got, rows[i].want);
    free(got);
  }
}

static void one_line_is_fit_for_a_log(void **state) {
  (void)state;
  static const struct {
    const char *said, *want;
  } rows[] = {
      {"", ""},
      {"  \r\n ", ""},
      {"401 Unauthorized\n\nWrong.\n\n   ", "401 Unauthorized Wrong."},
      {"\033[31mred\033[0m", "[31mred [0m"},
      {"caf\303\251 au lait", "caf au lait"},
  };
  char dst[64];
  for (size_t i = 0; i < COUNT(rows); i++) {
    text_one_line(dst, sizeof(dst), rows[i].said, strlen(rows[i].said));
    assert_string_equal(dst, rows[i].want);
  }
  text_one_line(dst, 8, "0123456789", 10);
  assert_string_equal(dst, "0123456");
  text_one_line(dst, 8, "012345 789", 10);
  assert_string_equal(dst, "012345");
  text_one_line(dst, 1, "x", 1);
  assert_string_equal(dst, "");
  text_one_line(dst, sizeof(dst), "only this|not that", 9);
  assert_string_equal(dst, "only this");
}

static void lower_is_ascii_and_cuts(void **state) {
  (void)state;
  char dst[8];
  text_lower(dst, sizeof(dst), "ACTIVE");
  assert_string_equal(dst, "active");
  text_lower(dst, sizeof(dst), "PENDING_CREATE");
  assert_string_equal(dst, "pending");
  text_lower(dst, sizeof(dst), "@[\303\226Z");
  assert_string_equal(dst, "@[\303\226z");
}

static void a_text_is_compared_in_lower_case(void **state) {
  (void)state;
  assert_true(text_lowers_to("ACTIVE", "active"));
  assert_true(text_lowers_to("active", "active"));
  assert_true(text_lowers_to("", ""));
  assert_true(text_lowers_to("@[\303\226Z", "@[\303\226z"));
  assert_false(text_lowers_to("active", "ACTIVE"));
  assert_false(text_lowers_to("ACTIVE", "activ"));
  assert_false(text_lowers_to("ACTIV", "active"));
  assert_false(text_lowers_to("", "active"));
}

/* ---- for the operator --------------------------------------------------- */

static void texts_are_joined_and_cut(void **state) {
  (void)state;
  char all[8] = "";
  text_join(all, sizeof(all), ", ", "ab");
  assert_string_equal(all, "ab");
  text_join(all, sizeof(all), ", ", "cd");
  assert_string_equal(all, "ab, cd");
  text_join(all, sizeof(all), ", ", "ef");
  assert_string_equal(all, "ab, cd,");
  text_join(all, sizeof(all), ", ", "gh");
  assert_string_equal(all, "ab, cd,");
}

static void visible_is_ascii_without_blanks(void **state) {
  (void)state;
  static const char *const others[] = {"",    " ",     "a b",     "a\n",
                                       "\ta", "a\x7f", "\303\266"};
  assert_true(text_is_visible("gAAAAABn_-.~!\"#%&'()*+,/:;<=>?@[\\]^`{|}"));
  for (size_t i = 0; i < COUNT(others); i++)
    assert_false(text_is_visible(others[i]));
}

static void utf8_is_told_from_other_bytes(void **state) {
  (void)state;
  static const char *const good[] = {"", "a", "gr\303\274n",
                                     "\360\237\230\200"};
  static const char *const bad[] = {"gr\374n", "\303", "\300\200",
                                    "\355\240\200", "a\200"};
  for (size_t i = 0; i < COUNT(good); i++)
    assert_true(text_is_utf8(good[i]));
  for (size_t i = 0; i < COUNT(bad); i++)
    assert_false(text_is_utf8(bad[i]));
}

static void words_are_letters(void **state) {
  (void)state;
  assert_true(text_is_word("unknown"));
  assert_false(text_is_word(""));
  assert_false(text_is_word("1e999"));
  assert_false(text_is_word("no number"));
}

static void similar_counts_edits(void **state) {
  (void)state;
  assert_int_equal(text_similar("Intervall", "interval"), 1);
  assert_int_equal(text_similar("image.size", "image.size"), 0);
  assert_int_equal(text_similar("", "abc"), 3);
  assert_int_equal(text_similar("abc", ""), 3);
  assert_int_equal(text_similar("kitten", "sitting"), 3);
  assert_int_equal(text_similar("volums.*", "volume.size"), 1);
  assert_int_equal(text_similar("*.bytotal", "image.total"), 2);
  assert_int_equal(text_similar("i*.?ize", "image.size"), 0);
  char a[200], b[200];
  memset(a, 'a', sizeof(a));
  memset(b, 'b', sizeof(b));
  a[199] = b[199] = '\0';
  assert_int_equal(text_similar(a, b), 64);
}

static void match_knows_stars_and_question_marks(void **state) {
  (void)state;
  static const struct {
    const char *pattern, *name;
    bool want;
  } rows[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "anything", true},
      {"image", "image", true},
      {"image", "image.size", false},
      {"image.*", "image.size", true},
      {"image.*", "image", false},
      {"image.*", "image.", true},
      {"*.size", "volume.backup.size", true},
      {"*.size", "volume.sizes", false},
      {"volume.*.size", "volume.snapshot.size", true},
      {"volume.*.size", "volume.size", false},
      {"*a*b*", "xxaxxbxx", true},
      {"*a*b*", "xxbxxaxx", false},
      {"a?c", "abc", true},
      {"a?c", "ac", false},
      {"?", "", false},
      {"**", "abc", true},
      {"*ab", "aab", true},
      {"a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
      {"Image", "image", false},
  };
  for (size_t i = 0; i < COUNT(rows); i++)
    if (text_match(rows[i].pattern, rows[i].name) != rows[i].want)
      fail_msg("\"%s\" and \"%s\"", rows[i].pattern, rows[i].name);
}

static void the_last_pattern_that_fits_chooses(void **state) {
  (void)state;
  static const struct {
    const char *patterns[4];
    const char *name, *other;
    bool want;
  } rows[] = {
      {{NULL}, "a", NULL, true},
      {{"a"}, "a", NULL, true},
      {{"a"}, "b", NULL, false},
      {{"!a"}, "b", NULL, true},
      {{"!a"}, "a", NULL, false},
      {{"a*", "!ab"}, "ab", NULL, false},
      {{"a*", "!ab"}, "ac", NULL, true},
      {{"a*", "!ab*", "abc"}, "abc", NULL, true},
      {{"!ab", "a*"}, "ab", NULL, true},
      {{"!a", "b"}, "c", NULL, true},
      {{"b"}, "a", "b", true},
      {{"a"}, "a", "b", true},
      {{"!b"}, "a", "b", false},
      {{"a", "!b"}, "a", "b", false},
      {{"!a", "b"}, "a", "b", true},
      {{"*"}, "", NULL, true},
      {{"x"}, "", NULL, false},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    struct text_list list = {.items = (char **)rows[i].patterns};
    while (rows[i].patterns[list.n] != NULL)
      list.n++;
    if (text_chosen(&list, rows[i].name, rows[i].other) != rows[i].want)
      fail_msg("row %zu", i);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(copy_says_when_it_cuts),
      cmocka_unit_test(printf_makes_a_string_of_any_length),
      cmocka_unit_test(a_cleared_list_is_empty),
      cmocka_unit_test(hashes_tell_strings_apart),
      cmocka_unit_test(hashes_are_siphash_1_3),
      cmocka_unit_test(hashes_are_so_at_each_length),
      cmocka_unit_test(the_seed_stays_and_is_no_constant),
      cmocka_unit_test(chained_hashes_know_where_one_text_ends),
      cmocka_unit_test(identifiers_keep_plain_names_and_map_all_else),
      cmocka_unit_test(identifiers_of_127_bytes_fit_and_of_128_get_a_hash),
      cmocka_unit_test(long_identifiers_stay_different_names),
      cmocka_unit_test(identifiers_never_leave_their_buffer),
      cmocka_unit_test(meta_strings_lose_control_bytes_and_bad_utf8),
      cmocka_unit_test(meta_strings_are_cut_between_characters),
      cmocka_unit_test(numbers_are_decimal_and_whole),
      cmocka_unit_test(what_is_no_number_is_refused),
      cmocka_unit_test(times_of_every_service_are_read),
      cmocka_unit_test(what_is_no_time_is_refused),
      cmocka_unit_test(dates_of_headers_are_read),
      cmocka_unit_test(percent_keeps_unreserved_bytes_alone),
      cmocka_unit_test(json_quotes_whatever_a_password_holds),
      cmocka_unit_test(one_line_is_fit_for_a_log),
      cmocka_unit_test(lower_is_ascii_and_cuts),
      cmocka_unit_test(a_text_is_compared_in_lower_case),
      cmocka_unit_test(texts_are_joined_and_cut),
      cmocka_unit_test(visible_is_ascii_without_blanks),
      cmocka_unit_test(utf8_is_told_from_other_bytes),
      cmocka_unit_test(words_are_letters),
      cmocka_unit_test(similar_counts_edits),
      cmocka_unit_test(match_knows_stars_and_question_marks),
      cmocka_unit_test(the_last_pattern_that_fits_chooses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
