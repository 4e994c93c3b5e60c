/*
 * microversion: what a service offers, and never more than we want.
 */
#include "stub/site.h"

#include "base/text.h"
#include "keystone/microversion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state) {
  struct site *site = calloc(1, sizeof(*site));
  site_open(site);
  *state = site;
  return 0;
}

static int teardown(void **state) {
  struct site *site = *state;
  site_close(site);
  free(site);
  return 0;
}

/* What is to be asked for at an endpoint below the site, or "failed". */
static const char *ask(struct site *site, const char *path, const char *wanted,
                       struct error *err) {
  static char version[VERSION_TEXT];
  char *endpoint = text_printf("%s%s", httpd_url(site->httpd), path);
  *err = (struct error){.code = ERROR_NONE};
  int status =
      version_ask(&(struct version_query){.http = site->http,
                                          .endpoint = endpoint,
                                          .header = "X-Auth-Token: t",
                                          .wanted = wanted,
                                          .deadline_ms = site_deadline(9000)},
                  version, err);
  free(endpoint);
  return status == 0 ? version : "failed";
}

/* As Cinder 21 and an old one say it. */
#define DOCUMENT(version)                                                      \
  "{\"versions\": [{\"id\": \"v2.0\", \"status\": \"DEPRECATED\", "            \
  "\"version\": \"\", \"min_version\": \"\"}, {\"id\": \"v3.0\", \"status\": " \
  "\"CURRENT\", \"version\": " version ", \"min_version\": \"3.0\", "          \
  "\"updated\": \"2022-08-31T00:00:00Z\"}]}"

static void the_lower_one_counts(void **state) {
  static const struct {
    const char *document, *wanted, *version;
  } rows[] = {
      {DOCUMENT("\"3.70\""), "3.60", "3.60"},
      {DOCUMENT("\"3.60\""), "3.60", "3.60"},
      {DOCUMENT("\"3.9\""), "3.60", "3.9"}, /* no decimal fraction */
      {DOCUMENT("\"3.0\""), "3.60", "3.0"},
      {DOCUMENT("\"4.1\""), "3.60", ""}, /* another major */
      {DOCUMENT("\"\""), "3.60", ""},
      {DOCUMENT("null"), "3.60", ""},
      {DOCUMENT("3.7"), "3.60", ""},
      {DOCUMENT("\"latest\""), "3.60", ""},
      {"{\"versions\": []}", "3.60", ""},
      /* The highest, wherever it stands. */
      {"{\"versions\": [{\"version\": \"3.0\"}, {\"version\": \"3.27\"},"
       " {\"version\": \"4.99\"}, {\"version\": \"3.9\"}]}",
       "3.60", "3.27"},
      /* A version's own document, as Nova and Ironic have it. */
      {"{\"version\": {\"id\": \"v3.0\", \"version\": \"3.27\"}}", "3.60",
       "3.27"},
      {"{\"id\": \"v3\", \"links\": [], \"version\": {\"id\": \"v3\","
       " \"min_version\": \"3.1\", \"version\": \"3.95\"}}",
       "3.60", "3.60"},
  };
  struct site *site = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct error err;
    httpd_forget(site->httpd);
    httpd_add(site->httpd, &(struct httpd_answer){.target = "/v3/",
                                                  .body = rows[i].document,
                                                  .end = HTTPD_CLOSE});
    assert_string_equal(ask(site, "/v3/b620", rows[i].wanted, &err),
                        rows[i].version);
  }
}

static void it_is_asked_where_the_endpoint_s_version_is(void **state) {
  static const char *const rows[][2] = {
      {"/v3/b620", "/v3/"},
      {"/v3", "/v3/"},
      {"/volume/v3/b620", "/volume/v3/"},
      {"", "/"},
      {"/share/v2/", "/share/v2/"},
  };
  struct site *site = *state;
  httpd_add(site->httpd, &(struct httpd_answer){.need = "X-Auth-Token: t",
                                                .body = DOCUMENT("\"3.7\"")});
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct error err;
    assert_string_equal(ask(site, rows[i][0], "3.60", &err), "3.7");
    assert_string_equal(httpd_get(site->httpd, NULL, NULL, i).target,
                        rows[i][1]);
  }
}

static void no_document_is_a_failure(void **state) {
  static const struct {
    struct httpd_answer answer;
    enum error_code code;
    const char *text;
  } rows[] = {
      {{.status = 404}, ERROR_STATUS, "/v3/: HTTP 404"},
      {{.status = 500}, ERROR_STATUS, "/v3/: HTTP 500"},
      {{.body = "<html>"}, ERROR_PARSE, "/v3/: the answer is not valid JSON"},
      {{.body = "{\"versions\": [{\"version\": \"3.7\"}", .end = HTTPD_CLOSE},
       ERROR_PARSE,
       "/v3/: the answer ends before"},
      {{.mute = true, .end = HTTPD_RESET}, ERROR_TRANSPORT, "/v3/: "},
  };
  struct site *site = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct error err;
    httpd_forget(site->httpd);
    httpd_add(site->httpd, &rows[i].answer);
    assert_string_equal(ask(site, "/v3", "3.60", &err), "failed");
    if (err.code != rows[i].code || strstr(err.text, rows[i].text) == NULL ||
        strstr(err.text, "version document at http://127.0.0.1") != err.text)
      fail_msg("row %zu: code %d: %s", i, err.code, err.text);
  }
}

/* ---- where a version is ------------------------------------------------- */

#define LINK(href) "\"links\": [{\"rel\": \"self\", \"href\": \"" href "\"}]"

static const struct {
  const char *path, *document, *url; /* NULL: it leads nowhere */
} links[] = {
    {"", "{\"id\": \"v3.0\", \"version\": \"3.70\", " LINK("http://x/v3/") "}",
     "/v3"},
    {"", "{" LINK("http://x/v3/") ", \"id\": \"v3.0\", \"version\": \"3.70\"}",
     "/v3"},
    {"/volume",
     "{\"id\": \"v2.0\", \"version\": \"\", " LINK(
         "http://x/v2/") "}, {\"id\": \"v3.0\", \"version\": "
                         "\"3.70\", " LINK("http://x/v3/") "}",
     "/volume/v3"},
    {"", "{\"id\": \"v3.0\", \"version\": \"\", " LINK("http://x/v3/") "}",
     "/v3"},
    /* As Nova has v2.0 and v2.1: only one has microversions. */
    {"/compute",
     "{\"id\": \"v3.0\", \"version\": \"\", " LINK(
         "http://x/v3/") "}, {\"id\": \"v3.1\", \"version\": "
                         "\"3.96\", " LINK("http://x/v3.1/") "}",
     "/compute/v3.1"},
    {"/compute",
     "{\"id\": \"v3.1\", \"version\": \"3.96\", " LINK(
         "http://x/v3.1/") "}, {\"id\": \"v3.0\", \"version\": "
                           "\"\", " LINK("http://x/v3/") "}",
     "/compute/v3.1"},
    {"", "{\"id\": \"v2.0\", \"version\": \"2.1\", " LINK("http://x/v2/") "}",
     NULL},
    {"", "{\"id\": \"v3.0\", \"version\": \"3.70\"}", NULL},
    {"",
     "{\"id\": \"v3.0\", \"version\": \"3.70\", \"links\": [{\"rel\": "
     "\"describedby\", \"href\": \"http://x/v3/\"}]}",
     NULL},
    {"", "", NULL},
    /* bytes that lead elsewhere */
    {"",
     "{\"id\": \"v3.0\", \"version\": \"3.70\", " LINK(
         "http://x/v3/../admin/v3") "}",
     NULL},
    {"",
     "{\"id\": \"v3.0\", \"version\": \"3.70\", " LINK("http://x/a b/v3/") "}",
     NULL},
    {"",
     "{\"id\": \"v3.0\", \"version\": \"3.70\", " LINK(
         "http://x/\\r\\nX: y/v3/") "}",
     NULL},
};

static void a_link_leads_to_the_version_at_our_own_host(void **state) {
  struct site *site = *state;
  for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
    struct error err = {0};
    char *endpoint = text_printf("%s%s", httpd_url(site->httpd), links[i].path);
    char *body = text_printf("{\"versions\": [%s]}", links[i].document);
    char *want =
        links[i].url == NULL
            ? NULL
            : text_printf("%s%s", httpd_url(site->httpd), links[i].url);
    char *url = NULL;
    httpd_forget(site->httpd);
    httpd_add(site->httpd, &(struct httpd_answer){.status = 300, .body = body});
    int status =
        version_url(&(struct version_query){.http = site->http,
                                            .endpoint = endpoint,
                                            .header = "X-Auth-Token: t",
                                            .wanted = "3.60",
                                            .deadline_ms = site_deadline(9000)},
                    &url, &err);
    assert_int_equal(status, 0);
    if (want != NULL)
      assert_string_equal(url, want);
    else
      assert_null(url);
    free(want);
    free(url);
    free(body);
    free(endpoint);
  }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(the_lower_one_counts),
      TEST(it_is_asked_where_the_endpoint_s_version_is),
      TEST(no_document_is_a_failure),
      TEST(a_link_leads_to_the_version_at_our_own_host),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
