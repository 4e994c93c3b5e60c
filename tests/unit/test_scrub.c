/* scrub and disguise: what a recording must not show, and what it must. */
#include "command/scrub.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check(char *got, const char *wanted) {
  assert_non_null(got);
  assert_string_equal(got, wanted);
  free(got);
}

static void removes_known_secrets(void **state) {
  (void)state;
  struct scrub scrub = {.disguise = NULL};
  assert_true(scrub_learn(&scrub, "hunter22"));
  assert_true(scrub_learn(&scrub, "a b/c$d8"));
  assert_true(scrub_learn(&scrub, "id"));
  check(scrub_text(&scrub, "xhunter22y", 10), "xremovedy");
  check(scrub_url(&scrub, "http://h/v3?q=hunter22&id=1"),
        "http://h/v3?q=removed&id=1");
  check(scrub_url(&scrub, "http://h/v3?q=a%20b%2Fc%24d8"),
        "http://h/v3?q=removed");
  check(scrub_text(&scrub, "idle", 4), "idle");
  check(scrub_text(&scrub, "id", 2), "removed");
  scrub_clear(&scrub);
}

static void removes_what_is_called_secret(void **state) {
  (void)state;
  const struct scrub scrub = {.disguise = NULL};
  static const char body[] =
      "{\"psk\":\"p1\",\"a\":{\"adminPass\":\"p2\",\"name\":\"n\"},"
      "\"secrets\":[\"p3\",{\"id\":\"i\"},\"p4\"],\"secret_quota\":10,"
      "\"text\":\"-----BEGIN PRIVATE KEY-----\"}";
  char *json = scrub_json(&scrub, body, sizeof(body) - 1);
  assert_non_null(json);
  for (const char *secret = "1234"; *secret != '\0'; secret++) {
    char word[] = {'p', *secret, '\0'};
    assert_null(strstr(json, word));
  }
  assert_null(strstr(json, "PRIVATE"));
  assert_non_null(strstr(json, "\"name\": \"n\""));
  assert_non_null(strstr(json, "\"id\": \"i\""));
  assert_non_null(strstr(json, "\"secret_quota\": 10"));
  free(json);
  check(scrub_header(&scrub, "X-Auth-Token: t"), "X-Auth-Token: removed");
  check(scrub_header(&scrub, "X-Account-Meta-Temp-Url-Key: k"),
        "X-Account-Meta-Temp-Url-Key: removed");
  check(scrub_header(&scrub, "Content-Type: text/html"),
        "Content-Type: text/html");
  check(scrub_url(&scrub, "http://u:p@h/x?temp_url_sig=s&a=b"),
        "http://removed@h/x?temp_url_sig=removed&a=b");
}

static void keeps_what_json_is_not(void **state) {
  (void)state;
  const struct scrub scrub = {.disguise = NULL};
  assert_null(scrub_json(&scrub, "{\"a\":1", 6));
  assert_null(scrub_json(&scrub, "<html>", 6));
  assert_null(scrub_json(&scrub, "", 0));
  check(scrub_json(&scrub, "[1.50,NaN]", 10), "[\n  1.50,\n  NaN\n ]");
}

#define ID "0123456789abcdef0123456789abcdef"

/* The same text is the same word, and a part of a link too. */
static void disguises_alike(void **state) {
  (void)state;
  struct disguise *disguise = disguise_new();
  assert_non_null(disguise);
  disguise_keep_words(disguise);
  char *id = disguise_text(disguise, ID);
  char *name = disguise_text(disguise, "web 1");
  char *account = disguise_text(disguise, "AUTH_" ID);
  char *link =
      disguise_text(disguise, "http://h.example:80/v3/" ID "?marker=web%201");
  assert_int_equal(strlen(id), 32);
  assert_string_not_equal(id, ID);
  assert_string_equal(account + 5, id);
  assert_non_null(strstr(link, id));
  assert_non_null(strstr(link, name));
  assert_null(strstr(link, "h.example:"));
  assert_non_null(strstr(link, ":80/v3/"));
  check(disguise_text(disguise, "12.5"), "12.5");
  check(disguise_text(disguise, "2026-11-30T01:02:03Z"),
        "2026-11-30T01:02:03Z");
  check(disguise_text(disguise, "v2.1"), "v2.1");
  char *address = disguise_text(disguise, "10.1.2.3");
  assert_int_equal(strncmp(address, "2001:db8:", 9), 0);
  free(address);
  free(id);
  free(name);
  free(account);
  free(link);
  disguise_free(disguise);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(removes_known_secrets),
      cmocka_unit_test(removes_what_is_called_secret),
      cmocka_unit_test(keeps_what_json_is_not),
      cmocka_unit_test(disguises_alike),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
