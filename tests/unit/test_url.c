/* What url.h promises for the endpoints that catalogues are known to hold. */
#include "net/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct row {
  const char *endpoint, *want;
};

static void check_join(const struct row *rows, size_t n, const char *path,
                       const struct url_placeholder *placeholder) {
  for (size_t i = 0; i < n; i++) {
    char *got = url_join(rows[i].endpoint, path, placeholder,
                         placeholder != NULL ? 1 : 0);
    assert_non_null(got);
    assert_string_equal(got, rows[i].want);
    free(got);
  }
}

static void a_path_with_a_version_takes_the_endpoints_place(void **state) {
  (void)state;
  static const struct row images[] = {
      {"http://h:9292", "http://h:9292/v2/images?limit=1000"},
      {"http://h:9292/", "http://h:9292/v2/images?limit=1000"},
      {"http://h:9292/v2", "http://h:9292/v2/images?limit=1000"},
      {"http://h:9292/v2/", "http://h:9292/v2/images?limit=1000"},
      {"http://h:9292/v2.7", "http://h:9292/v2/images?limit=1000"},
      {"https://c.example/image",
       "https://c.example/image/v2/images?limit=1000"},
      {"https://c.example/image/",
       "https://c.example/image/v2/images?limit=1000"},
      {"https://c.example/image//",
       "https://c.example/image/v2/images?limit=1000"},
      {"https://c.example/image/v2",
       "https://c.example/image/v2/images?limit=1000"},
      {"https://c.example/image/v2/",
       "https://c.example/image/v2/images?limit=1000"},
      {"http://h/v3/99dd9ad2da3a4a76a91dde20641d97b3",
       "http://h/v2/images?limit=1000"},
      {"http://v2.example", "http://v2.example/v2/images?limit=1000"},
      {"http://v2.example:9292/v2/",
       "http://v2.example:9292/v2/images?limit=1000"},
      {"http://v2", "http://v2/v2/images?limit=1000"},
      {"http://v2/", "http://v2/v2/images?limit=1000"},
      {"https://v2.example/volume",
       "https://v2.example/volume/v2/images?limit=1000"},
      {"http://[fd00::1]:9292/v2/",
       "http://[fd00::1]:9292/v2/images?limit=1000"},
      {"https://c.example/video/v", "https://c.example/video/v/v2/images"
                                    "?limit=1000"},
      {"https://c.example/v2beta/x",
       "https://c.example/v2beta/x/v2/images?limit=1000"},
  };
  check_join(images, COUNT(images), "/v2/images?limit=1000", NULL);
  static const struct row ips[] = {
      {"http://h:9696", "http://h:9696/v2.0/floatingips"},
      {"http://h:9696/v2.0/", "http://h:9696/v2.0/floatingips"},
      {"https://c.example/networking/v2.0",
       "https://c.example/networking/v2.0/floatingips"},
  };
  check_join(ips, COUNT(ips), "/v2.0/floatingips", NULL);
}

static void a_path_without_one_comes_behind_the_endpoint(void **state) {
  (void)state;
  static const struct row volumes[] = {
      {"http://h:8776/v3/99dd9ad2", "http://h:8776/v3/99dd9ad2/volumes/detail"},
      {"http://h:8776/v3/99dd9ad2/",
       "http://h:8776/v3/99dd9ad2/volumes/detail"},
      {"http://h:8776/v3", "http://h:8776/v3/volumes/detail"},
      {"https://c.example/volume/v3/99dd9ad2",
       "https://c.example/volume/v3/99dd9ad2/volumes/detail"},
  };
  check_join(volumes, COUNT(volumes), "/volumes/detail", NULL);
  static const struct row video[] = {
      {"http://h/v2", "http://h/v2/video?limit=1"},
  };
  check_join(video, COUNT(video), "/video?limit=1", NULL);
}

/* The very vectors of Ceilometer's Swift client. */
static void an_account_is_found_behind_every_endpoint(void **state) {
  (void)state;
  const struct url_placeholder project = {"project", "99dd9ad2"};
  static const struct row rows[] = {
      {"http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/AUTH_99dd9ad2"},
      {"http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1/AUTH_99dd9ad2"},
      {"http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/AUTH_99dd9ad2"},
      {"http://127.0.0.1:8080/v1/AUTH_b620a8a8",
       "http://127.0.0.1:8080/v1/AUTH_99dd9ad2"},
      {"http://127.0.0.1:8080/swift",
       "http://127.0.0.1:8080/swift/v1/AUTH_99dd9ad2"},
      {"http://127.0.0.1:8080/swift/",
       "http://127.0.0.1:8080/swift/v1/AUTH_99dd9ad2"},
      {"http://127.0.0.1:8080/swift/v1",
       "http://127.0.0.1:8080/swift/v1/AUTH_99dd9ad2"},
      {"http://127.0.0.1:8080/swift/v1/AUTH_b620a8a8",
       "http://127.0.0.1:8080/swift/v1/AUTH_99dd9ad2"},
  };
  check_join(rows, COUNT(rows), "/v1/AUTH_{project}", &project);
}

static void placeholders_are_filled_encoded_and_only_once(void **state) {
  (void)state;
  static const struct url_placeholder placeholders[] = {
      {"project", "a b/c?&{prefix}"}, {"prefix", NULL}, {"uid", "foo$foo"}};
  static const struct {
    const char *path, *want;
  } rows[] = {
      {"/{prefix}{project}", "http://h/a%20b%2Fc%3F%26%7Bprefix%7D"},
      {"/bucket?uid={uid}&x={uid}",
       "http://h/bucket?uid=foo%24foo&x=foo%24foo"},
      {"/{other}/{", "http://h/{other}/{"},
      {"/{projects}/{projec}", "http://h/{projects}/{projec}"},
      {"", "http://h"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    char *got =
        url_join("http://h/", rows[i].path, placeholders, COUNT(placeholders));
    assert_string_equal(got, rows[i].want);
    free(got);
  }
}

static void the_root_is_scheme_host_and_port(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"http://h:8080/swift/v1/AUTH_x", "http://h:8080"},
      {"https://h", "https://h"},
      {"https://h/", "https://h"},
      {"http://[::1]:8080/v1", "http://[::1]:8080"},
      {"http://h?x=/y", "http://h"},
      {"http://h#x", "http://h"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    char *got = url_root(rows[i].endpoint);
    assert_string_equal(got, rows[i].want);
    free(got);
  }
}

static void a_service_is_where_its_versions_are(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"http://h:9292/v2/", "http://h:9292"},
      {"http://h:9292/", "http://h:9292"},
      {"https://c.example/image/", "https://c.example/image"},
      {"https://c.example/share//v2/99dd9ad2", "https://c.example/share"},
      {"https://gw/v1/volume/v3/b620", "https://gw/v1/volume"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    char *got = url_service(rows[i].endpoint);
    assert_string_equal(got, rows[i].want);
    free(got);
  }
}

static void the_version_document_is_at_the_version(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"http://h:8776/v3/99dd9ad2", "http://h:8776/v3/"},
      {"http://h:8776/v3/99dd9ad2/", "http://h:8776/v3/"},
      {"http://h:8786/v2", "http://h:8786/v2/"},
      {"http://h:8786/v2/", "http://h:8786/v2/"},
      {"https://c.example/share/v2/99dd9ad2", "https://c.example/share/v2/"},
      {"https://c.example/share", "https://c.example/share/"},
      {"https://c.example/share/", "https://c.example/share/"},
      {"http://v2.example", "http://v2.example/"},
      {"http://v2.example/", "http://v2.example/"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    char *got = url_version(rows[i].endpoint);
    assert_string_equal(got, rows[i].want);
    free(got);
  }
}

static void another_query_takes_the_old_ones_place(void **state) {
  (void)state;
  static const struct {
    const char *url, *query, *want;
  } rows[] = {
      {"http://h/v2/images?limit=2", "limit=2&marker=m",
       "http://h/v2/images?limit=2&marker=m"},
      {"http://h/v2/images", "marker=m", "http://h/v2/images?marker=m"},
      {"http://h/x?a=?b?", "c=/d?e", "http://h/x?c=/d?e"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    char *got = url_with_query(rows[i].url, rows[i].query);
    assert_string_equal(got, rows[i].want);
    free(got);
  }
}

static void a_parameter_is_added_encoded(void **state) {
  (void)state;
  static const struct {
    const char *url, *value, *want;
  } rows[] = {
      {"http://h/v1/A?format=json", "z", "http://h/v1/A?format=json&marker=z"},
      {"http://h/v1/A", "z", "http://h/v1/A?marker=z"},
      {"http://h/v1/A", " a&b=c/\n\303\266",
       "http://h/v1/A?marker=%20a%26b%3Dc%2F%0A%C3%B6"},
      {"http://h/v1/A", "", "http://h/v1/A?marker="},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    char *got = url_with_parameter(rows[i].url, "marker", rows[i].value);
    assert_string_equal(got, rows[i].want);
    free(got);
  }
}

static void an_account_s_prefix_stands_before_the_project(void **state) {
  static const char *const rows[][3] = {
      {"http://h/v1/AUTH_b620", "b620", "AUTH_"},
      {"http://h/v1/KEY_b620/", "b620", "KEY_"},
      {"http://h/v1/b620", "b620", ""},
      {"http://h/swift/v1", "b620", NULL},
      {"http://h/v1/AUTH_x", "b620", NULL},
      {"http://h/v1/AUTH_", "", NULL},
      {"http://h/b620", "h/b620", NULL},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *prefix = url_account_prefix(rows[i][0], rows[i][1]);
    if (rows[i][2] == NULL)
      assert_null(prefix);
    else
      assert_string_equal(prefix, rows[i][2]);
    free(prefix);
  }
}

static void the_last_version_counts(void **state) {
  static const struct {
    const char *endpoint;
    unsigned major;
  } rows[] = {
      {"http://h/v3/b620", 3},
      {"http://h/v2.1", 2},
      {"http://h", 0},
      {"http://h/volume/", 0},
      {"http://gw/v1/volume/v3/b620", 3},
      {"http://v2/x", 0},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    assert_int_equal(url_major(rows[i].endpoint), rows[i].major);
  assert_int_equal(url_path_major("/v2.0/floatingips"), 2);
  assert_int_equal(url_path_major("/volumes/v3"), 0);
  assert_int_equal(url_path_major("/v2beta/volumes"), 0);
  assert_int_equal(url_path_major("/x2/volumes"), 0);
}

static void of_a_version_s_link_the_path_counts(void **state) {
  static const char *const rows[][3] = {
      {"http://h:8776", "http://x/v3/", "http://h:8776/v3"},
      {"http://h", "https://x:1/volume/v3/", "http://h/volume/v3"},
      {"http://h/volume", "http://x/v3/", "http://h/volume/v3"},
      {"http://h/volume", "http://x/volume/v3/", "http://h/volume/v3"},
      {"http://h/volume/", "/v2.1/?a=/v9", "http://h/volume/v2.1"},
      {"http://h/volume/", "/v2.1#/v9", "http://h/volume/v2.1"},
      {"http://h/volume", "http://x/images/v3", "http://h/volume/v3"},
      {"http://h/vol", "http://x/volume/v3", "http://h/vol/v3"},
      {"http://h", "http://x/", NULL},
      {"http://h", "http://x?a=/v3", NULL},
      {"http://h", "http://x#/v3", NULL},
      {"http://h", "", NULL},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *url = url_at_version(rows[i][0], rows[i][1]);
    if (rows[i][2] == NULL)
      assert_null(url);
    else
      assert_string_equal(url, rows[i][2]);
    free(url);
  }
}

/* ---- what may come in --------------------------------------------------- */

static void a_service_s_address_is_checked_byte_by_byte(void **state) {
  (void)state;
  static const struct {
    const char *url, *wrong;
  } rows[] = {
      {"http://h", NULL},
      {"HTTPS://h:9292/image/v2/AUTH_b620", NULL},
      {"Http://h/\303\266", NULL},
      {"http://[fd00::1]:9292/", NULL},
      {"http://h/a.b/.c/...", NULL},
      {"", "must begin with https:// or http://"},
      {"/v3", "must begin with https:// or http://"},
      {"h:9292", "must begin with https:// or http://"},
      {"ftp://h", "must begin with https:// or http://"},
      {"http://", "has no host"},
      {"http:///v3", "has no host"},
      {"http://:9292/v3", "has no host"},
      {"http://u:p@h/", "must hold no user and no password"},
      {"http://h/v3\r\nX: y", "must have no blank, \"?\" or \"#\""},
      {"http://h/\x7f", "must have no blank, \"?\" or \"#\""},
      {"http://h/ ", "must have no blank, \"?\" or \"#\""},
      {"http://h?a", "must have no blank, \"?\" or \"#\""},
      {"http://h/#a", "must have no blank, \"?\" or \"#\""},
      {"http://h/{project}", "{names} are not filled in"},
      {"http://h/project}", "{names} are not filled in"},
      {"http://h/v2/../admin", "must have no \".\" or \"..\" in its path"},
      {"http://h/v2/..", "must have no \".\" or \"..\" in its path"},
      {"http://h/./v2", "must have no \".\" or \"..\" in its path"},
      {"http://h/%2e%2E/v2", "must have no \".\" or \"..\" in its path"},
      {"http://h/.%2e/v2", "must have no \".\" or \"..\" in its path"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    const char *wrong = url_wrong(rows[i].url);
    if (rows[i].wrong == NULL)
      assert_null(wrong);
    else
      assert_string_equal(wrong, rows[i].wrong);
  }
}

static void an_id_stays_one_segment(void **state) {
  (void)state;
  static const char *const good[] = {"b620a8a8", "p-1_x.y~", "...", ".a",
                                     "a:b"};
  static const char *const bad[] = {"",    ".",    "..",    "%2e",     "a/b",
                                    "a b", "a\nb", "a\x7f", "\303\266"};
  for (size_t i = 0; i < COUNT(good); i++)
    assert_true(url_is_segment(good[i]));
  for (size_t i = 0; i < COUNT(bad); i++)
    assert_false(url_is_segment(bad[i]));
}

static void dots_behind_the_path_are_text(void **state) {
  (void)state;
  assert_true(url_has_dots("/v2/../x"));
  assert_true(url_has_dots("/v2/..?a"));
  assert_false(url_has_dots("/v2/x?a=/../b"));
  assert_true(url_has_bytes("a=b?c&d=/..{}"));
  assert_false(url_has_bytes("a=b c"));
  assert_false(url_has_bytes("a=b\nc"));
  assert_false(url_has_bytes("a=b#c"));
}

static void what_is_logged_has_no_secret(void **state) {
  (void)state;
  static const struct row rows[] = {
      {"https://k:5000/v3", "https://k:5000/v3"},
      {"https://u:hush@k:5000/v3", "https://(hidden)@k:5000/v3"},
      {"https://u:hu/sh@k/?x", "https://(hidden)@k/?(hidden)"},
      {"u:hush@k/", "(hidden)@k/"},
      {"https://k/?token=hush", "https://k/?(hidden)"},
      {"https://k/#hush", "https://k/#(hidden)"},
      {"https://k?a@b://c", "https://(hidden)@b://c"},
      {"https://u:hu#sh@k/v3", "https://(hidden)@k/v3"},
      {"https://u:hu?sh@k/v3?x", "https://(hidden)@k/v3?(hidden)"},
      {"https://u:hu@sh@k", "https://(hidden)@k"},
      {"u:hush@k/a://b", "(hidden)@k/a://b"},
      {"u:hush@k://b", "(hidden)@k://b"},
      {"u:hu/sh://x@k", "(hidden)@k"},
      {"k?hush://x", "k?(hidden)"},
      {"k#hush://x", "k#(hidden)"},
      {"/v3/?a", "/v3/?(hidden)"},
      {"http://k/\nline", "http://k/ line"},
      {"", ""},
  };
  char shown[60];
  for (size_t i = 0; i < COUNT(rows); i++) {
    url_show(shown, sizeof(shown), rows[i].endpoint);
    assert_string_equal(shown, rows[i].want);
  }
}

static void a_long_url_is_cut_where_it_is_logged(void **state) {
  (void)state;
  static const size_t lengths[] = {1023, 1024, 1025, 4999};
  char url[5000], shown[60], wide[3000];
  for (size_t i = 0; i < COUNT(lengths); i++) {
    memset(url, 'a', lengths[i]);
    url[lengths[i]] = '\0';
    url_show(shown, sizeof(shown), url);
    assert_int_equal(strlen(shown), sizeof(shown) - 1);
    url_show(wide, sizeof(wide), url);
    assert_int_equal(strspn(wide, "a"), 1023);
    assert_int_equal(strlen(wide), 1023);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_account_s_prefix_stands_before_the_project),
      cmocka_unit_test(the_last_version_counts),
      cmocka_unit_test(of_a_version_s_link_the_path_counts),
      cmocka_unit_test(a_path_with_a_version_takes_the_endpoints_place),
      cmocka_unit_test(a_path_without_one_comes_behind_the_endpoint),
      cmocka_unit_test(an_account_is_found_behind_every_endpoint),
      cmocka_unit_test(placeholders_are_filled_encoded_and_only_once),
      cmocka_unit_test(the_root_is_scheme_host_and_port),
      cmocka_unit_test(a_service_is_where_its_versions_are),
      cmocka_unit_test(the_version_document_is_at_the_version),
      cmocka_unit_test(another_query_takes_the_old_ones_place),
      cmocka_unit_test(a_parameter_is_added_encoded),
      cmocka_unit_test(a_service_s_address_is_checked_byte_by_byte),
      cmocka_unit_test(an_id_stays_one_segment),
      cmocka_unit_test(dots_behind_the_path_are_text),
      cmocka_unit_test(what_is_logged_has_no_secret),
      cmocka_unit_test(a_long_url_is_cut_where_it_is_logged),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
