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

/* Members, parameters and headers that a text quotes. */
static void removes_what_a_text_calls_secret(void **state) {
  (void)state;
  const struct scrub scrub = {.disguise = NULL};
  static const char *const texts[][2] = {
      {"no http://h/o?temp_url_sig=s1&x=1 today",
       "no http://h/o?temp_url_sig=removed&x=1 today"},
      {"<http://h/x?X-Amz-Signature=s1>; rel=next",
       "<http://h/x?X-Amz-Signature=removed>; rel=next"},
      {"curl -H 'X-Auth-Token: s1' http://h",
       "curl -H 'X-Auth-Token: removed' http://h"},
      {"mysql --password=s1 db", "mysql --password=removed db"},
      {"{\"password\":\"s\\\"1\",\"a\":1}",
       "{\"password\":\"removed\",\"a\":1}"},
      {"x {\\\"psk\\\": \\\"s1\\\", b", "x {\\\"psk\\\": \\\"removed\\\", b"},
      {"{'adminPass': 's1'}", "{'adminPass': 'removed'}"},
      {"swift://u:p@s1@h/c", "swift://removed@h/c"},
      {"http://token:80/v3", "http://token:80/v3"},
      {"{\"secrets\": 10, \"x\"", "{\"secrets\": 10, \"x\""},
      {"as Authorization: Basic dXNl== is\nno", /* two words, or more */
       "as Authorization: removed\nno"},
      {"-H 'Authorization: Bearer eyJ.a' x", "-H 'Authorization: removed' x"},
      {"Authorization: Digest username=\"u\", nc=1, response=\"s1\"",
       "Authorization: removed"},
      {"<b>Cookie:a=1; s=2</b>", "<b>Cookie:removed</b>"},
      {"{\"m\": \"Set-Cookie: s=\\\"s1\\\"; Path=/\\n\", b",
       "{\"m\": \"Set-Cookie: removed\\n\", b"},
      {"Cookie: a=\"s1", "Cookie: removed"},
      {"token: Bearer s1 is old", "token: removed is old"},
      {"api-token: Bearer", "api-token: removed"},
      {"curl -H X-API-Key: s1", "curl -H X-API-Key: removed"},
      {"token=", "token="},
      {"=", "="},
      {"at 10:20", "at 10:20"}};
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    check(scrub_text(&scrub, texts[i][0], strlen(texts[i][0])), texts[i][1]);
}

/* A key alone is the secret of all that it holds, but not "token". */
static void removes_whole_objects(void **state) {
  (void)state;
  const struct scrub scrub = {.disguise = NULL};
  static const char body[] =
      "[{\"kubeconfig\":{\"a\":[{\"b\":\"s1\"}],\"n\":1},\"c\":\"d\"},"
      "{\"token\":{\"e\":\"f\"}},{\"secret\":\"s1\"},{\"g\":\"h\"},"
      "{\"output_value\":[{\"a\":\"s1\"},[{\"b\":[\"s1\"]}]]},"
      "{\"credentials\":[{\"id\":\"s1\"}]},{\"token\":[{\"id\":\"s1\"}]},"
      "{\"secret\":1,\"x\":[{\"i\":\"j\"}]}]";
  char *json = scrub_json(&scrub, body, sizeof(body) - 1);
  assert_non_null(json);
  assert_null(strstr(json, "s1"));
  assert_non_null(strstr(json, "\"c\": \"d\""));
  assert_non_null(strstr(json, "\"e\": \"f\""));
  assert_non_null(strstr(json, "\"g\": \"h\""));
  assert_non_null(strstr(json, "\"i\": \"j\""));
  free(json);
  static const char records[] =
      "{\"credentials\":[{\"id\":\"i\",\"blob\":\"s1\"},[\"s1\"]]}";
  json = scrub_json(&scrub, records, sizeof(records) - 1);
  assert_non_null(json);
  assert_null(strstr(json, "s1"));
  assert_non_null(strstr(json, "\"id\": \"i\""));
  free(json);
  static const char *const keys[] = {"X-Container-Sync-Key",
                                     "admin_pass",
                                     "snmp_community",
                                     "priv_key",
                                     "client-key-data",
                                     "sys_pswd",
                                     "configdrive",
                                     "discovery_url",
                                     "X-API-Key",
                                     "access-key",
                                     "Auth-Key",
                                     "session-key"};
  for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
    assert_true(scrub_is_secret(keys[i]));
  assert_false(scrub_is_secret("pci_passthrough"));
  assert_false(scrub_is_secret("key_name"));
}

static char *body_of(const struct scrub *scrub, const char *body) {
  return scrub_body(scrub, body, strlen(body));
}

/* What is cut off is scrubbed like what is whole; and so it is replayed. */
static void scrubs_a_part(void **state) {
  (void)state;
  struct scrub scrub = {.disguise = NULL};
  check(
      body_of(&scrub, "{\"a\": {\"psk\": \"s1\", \"b\": [1, 2], \"psk\": \"s"),
      "{\"a\": {\"psk\": \"removed\", \"b\": [1, 2], \"psk\": ");
  check(body_of(&scrub, "{\"psk\":\"s1\",\"b\":"),
        "{\"psk\":\"removed\",\"b\":");
  check(body_of(&scrub, "{\"psk\":\"s1\",bad}"), "{\"psk\":\"removed\",bad}");
  check(body_of(&scrub, "<html>"), "<html>");
  scrub.disguise = disguise_new();
  assert_non_null(scrub.disguise);
  check(body_of(&scrub, "{\"id\":1,\"name\":2,bad}"),
        "{\"id\":1,\"name\":2removed");
  disguise_free(scrub.disguise);
}

static void keeps_what_json_is_not(void **state) {
  (void)state;
  const struct scrub scrub = {.disguise = NULL};
  assert_null(scrub_json(&scrub, "{\"a\":1", 6));
  assert_null(scrub_json(&scrub, "<html>", 6));
  assert_null(scrub_json(&scrub, "", 0));
  check(scrub_json(&scrub, "[1.50,NaN]", 10), "[\n  1.50,\n  NaN\n ]");
}

/* A property of an image is a member of it, whose name is its owner's. */
static void disguises_members_of_tenants(void **state) {
  (void)state;
  struct scrub scrub = {.disguise = disguise_new()};
  assert_non_null(scrub.disguise);
  disguise_keep_words(scrub.disguise);
  static const char body[] =
      "{\"extra\":{\"acme_rack\":1},\"min_ram\":1,\"acme_build\":2}";
  char *closed = scrub_json(&scrub, body, sizeof(body) - 1);
  disguise_open_records(scrub.disguise, true);
  char *open = scrub_json(&scrub, body, sizeof(body) - 1);
  assert_non_null(closed);
  assert_non_null(open);
  assert_null(strstr(closed, "acme_rack"));
  assert_non_null(strstr(closed, "acme_build"));
  assert_null(strstr(open, "acme"));
  assert_non_null(strstr(open, "min_ram"));
  free(closed);
  free(open);
  disguise_free(scrub.disguise);
}

#define ID "0123456789abcdef0123456789abcdef"

/* Those that meters read stay. */
static void disguises_names_in_headers(void **state) {
  (void)state;
  static const char *const named[] = {
      "X-Account-Meta-Acme-Billing: 1", "x-container-meta-acme: 1",
      "X-Account-Storage-Policy-Acme-Bytes-Used: 1"};
  struct scrub scrub = {.disguise = disguise_new()};
  assert_non_null(scrub.disguise);
  disguise_keep_keys(scrub.disguise, "X-Account-Meta-Quota-Bytes", " ");
  for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
    char *line = scrub_header(&scrub, named[i]);
    assert_non_null(line);
    assert_null(strcasestr(line, "acme"));
    assert_non_null(strstr(line, ": 1"));
    free(line);
  }
  check(scrub_header(&scrub, "X-Account-Meta-Quota-Bytes: 5"),
        "X-Account-Meta-Quota-Bytes: 5");
  check(scrub_header(&scrub, "X-Account-Bytes-Used: 5"),
        "X-Account-Bytes-Used: 5");
  disguise_free(scrub.disguise);
}

/* But an API's word that is a password tells nothing. */
static void removes_secrets_from_keys(void **state) {
  (void)state;
  struct scrub scrub = {.disguise = NULL};
  static const char body[] =
      "{\"hunter22_hours\":1,\"at http://u:pw@h\":2,\"Hunter2-x\":3,"
      "\"metadata\":{\"hunter22\":4},\"a\\u0000pw\":5}";
  assert_true(scrub_learn(&scrub, "hunter22"));
  assert_true(scrub_learn(&scrub, "Hunter2"));
  char *json = scrub_json(&scrub, body, sizeof(body) - 1);
  assert_non_null(json);
  assert_non_null(strstr(json, "\"hunter22_hours\": 1"));
  assert_non_null(strstr(json, "\"at http://removed@h\": 2"));
  assert_non_null(strstr(json, "\"removed-x\": 3"));
  assert_non_null(strstr(json, "\"removed\": 4"));
  assert_non_null(strstr(json, "\"removed\": 5"));
  free(json);
  scrub_clear(&scrub);
}

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
      cmocka_unit_test(removes_what_a_text_calls_secret),
      cmocka_unit_test(removes_whole_objects),
      cmocka_unit_test(scrubs_a_part),
      cmocka_unit_test(keeps_what_json_is_not),
      cmocka_unit_test(disguises_members_of_tenants),
      cmocka_unit_test(removes_secrets_from_keys),
      cmocka_unit_test(disguises_names_in_headers),
      cmocka_unit_test(disguises_alike),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
