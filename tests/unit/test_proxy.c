/*
 * proxy: the variable that libcurl takes for a URL, whatever no_proxy says.
 * libcurl itself is asked as well.
 */
#include "net/proxy.h"

#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

static const char *const variables[] = {
    "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy",
    "ALL_PROXY",  "no_proxy",   "NO_PROXY",    NULL};

static void forget_environment(void) {
  for (const char *const *name = variables; *name != NULL; name++)
    unsetenv(*name);
}

/* "name=value" */
static void set(const char *variable) {
  char name[100];
  size_t len = strcspn(variable, "=");
  snprintf(name, sizeof(name), "%.*s", (int)len, variable);
  setenv(name, variable + len + 1, 1);
}

static int on_debug(CURL *easy, curl_infotype type, char *data, size_t size,
                    void *arg) {
  (void)easy;
  char text[300], name[50] = "", *said = arg;
  snprintf(text, sizeof(text), "%.*s", (int)size, data);
  if (type == CURLINFO_TEXT)
    sscanf(text, "Uses proxy env variable %40s", name);
  if (name[0] != '\0' && strcasecmp(name, "no_proxy") != 0)
    strcpy(said, name);
  return 0;
}

/* Which variable libcurl takes; "" for none. Names are this machine here, and
 * the port is one where nobody listens. */
static void ask_libcurl(const char *url, char *said) {
  CURL *easy = curl_easy_init();
  struct curl_slist *names = curl_slist_append(NULL, "*:9:127.0.0.1");
  names = curl_slist_append(names, "*:80:127.0.0.1");
  said[0] = '\0';
  assert_non_null(easy);
  curl_easy_setopt(easy, CURLOPT_URL, url);
  curl_easy_setopt(easy, CURLOPT_RESOLVE, names);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 2000L);
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, said);
  curl_easy_perform(easy);
  curl_easy_cleanup(easy);
  curl_slist_free_all(names);
}

#define PROXY "http://127.0.0.1:9"
#define SET "http_proxy=" PROXY

static const struct {
  const char *url;
  const char *environment[3];
  const char *variable; /* NULL: none */
} urls[] = {
    {"http://k:9/", {NULL}, NULL},
    {"http://k:9/", {SET}, "http_proxy"},
    {"http://k:9/", {"http_proxy="}, NULL},
    {"http://k:9/", {"HTTP_PROXY=" PROXY}, NULL},
    {"http://k:9/", {"https_proxy=" PROXY}, NULL},
    {"http://k:9/", {"ALL_PROXY=" PROXY}, "ALL_PROXY"},
    {"http://k:9/", {"all_proxy=" PROXY, SET}, "http_proxy"},
    {"http://k:9/", {"ALL_PROXY=" PROXY, "all_proxy=" PROXY}, "all_proxy"},
    {"https://k:9/", {"ALL_PROXY=" PROXY, "all_proxy=" PROXY}, "all_proxy"},
    {"https://k:9/", {SET}, NULL},
    {"https://k:9/", {"HTTPS_PROXY=" PROXY}, "HTTPS_PROXY"},
    {"https://k:9/",
     {"HTTPS_PROXY=" PROXY, "https_proxy=" PROXY},
     "https_proxy"},
    {"HTTPS://k:9/", {"all_proxy=" PROXY}, "all_proxy"},
    {"HTTPS://k:9/", {"https_proxy=" PROXY}, "https_proxy"},
    {"http://k:9/", {SET, "no_proxy=*"}, NULL},
    {"http://k:9/", {SET, "NO_PROXY=k"}, NULL},
    {"http://k:9/", {SET, "NO_PROXY=k", "no_proxy=z"}, "http_proxy"},
    {"http://k:9/", {SET, "NO_PROXY=k", "no_proxy="}, NULL},
    {"http://k:9/", {SET, "no_proxy=*,z"}, "http_proxy"},
    {"http://k:9/", {SET, "no_proxy= k"}, NULL},
    {"http://k:9/", {SET, "no_proxy=z, \tk"}, NULL},
    {"http://k/", {SET, "no_proxy=k"}, NULL},
    {"http://k/a:b", {SET, "no_proxy=k"}, NULL},
    {"http://k?a", {SET, "no_proxy=k"}, NULL},
    {"http://k#a", {SET, "no_proxy=k"}, NULL},
    {"http://k.example:9/", {SET, "no_proxy=example"}, NULL},
    {"http://k.example:9/", {SET, "no_proxy=.example"}, NULL},
    {"http://k.example:9/", {SET, "no_proxy=a, .EXAMPLE."}, NULL},
    {"http://K.example.:9/", {SET, "no_proxy=k.example"}, NULL},
    {"http://kexample:9/", {SET, "no_proxy=example"}, "http_proxy"},
    {"http://example:9/", {SET, "no_proxy=k.example"}, "http_proxy"},
    {"http://127.0.0.1:9/", {SET, "no_proxy=127.0.0.1"}, NULL},
    {"http://127.0.0.1:9/", {SET, "no_proxy=127.0.0.0/8"}, NULL},
    {"http://127.0.0.1:9/", {SET, "no_proxy=127.0.0.0/31"}, NULL},
    {"http://127.0.0.1:9/", {SET, "no_proxy=127.0.0.2/31"}, "http_proxy"},
    {"http://127.0.0.1:9/", {SET, "no_proxy=127.0.0.2"}, "http_proxy"},
    {"http://127.0.0.1:9/", {SET, "no_proxy=127.0.1.0/24"}, "http_proxy"},
    {"http://127.0.0.1:9/", {SET, "no_proxy=10.0.0.0/8"}, "http_proxy"},
    {"http://127.0.0.1:9/", {SET, "no_proxy=0.0.0.0/0"}, "http_proxy"},
    {"http://127.0.0.1:9/", {SET, "no_proxy=7f00:1::"}, "http_proxy"},
    {"http://127.0.0.1:9/", {SET, "no_proxy=0.0.1"}, "http_proxy"},
    {"http://[::1]:9/", {SET, "no_proxy=::1"}, NULL},
    {"http://[::1]:9/", {SET, "no_proxy=127.0.0.1"}, "http_proxy"},
};

static void the_variable_is_the_one_that_libcurl_takes(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
    char said[50], found[300] = "";
    forget_environment();
    for (int j = 0; j < 3 && urls[i].environment[j] != NULL; j++)
      set(urls[i].environment[j]);
    bool proxied = proxy_of(urls[i].url, found, sizeof(found));
    ask_libcurl(urls[i].url, said);
    found[strcspn(found, "=")] = '\0';
    const char *want = urls[i].variable != NULL ? urls[i].variable : "";
    if (proxied != (urls[i].variable != NULL) || strcmp(found, want) != 0 ||
        strcmp(said, want) != 0)
      fail_msg("row %zu: %s: found \"%s\", libcurl \"%s\", wanted \"%s\"", i,
               urls[i].url, found, said, want);
  }
}

static void user_and_password_are_not_shown(void **state) {
  char found[300];
  (void)state;
  forget_environment();
  setenv("https_proxy", "http://u:pw@proxy.example:3128/", 1);
  assert_true(proxy_of("https://k/", found, sizeof(found)));
  assert_string_equal(found, "https_proxy=http://(hidden)@proxy.example:3128/");
  setenv("https_proxy", "u:pw@proxy.example", 1);
  assert_true(proxy_of("https://k/", found, sizeof(found)));
  assert_string_equal(found, "https_proxy=(hidden)@proxy.example");
}

static void one_is_set_for_some_url(void **state) {
  static const struct {
    const char *environment;
    bool is_set;
  } rows[] = {{"no_proxy=k", false},
              {"HTTP_PROXY=" PROXY, false},
              {"https_proxy=", false},
              {SET, true},
              {"https_proxy=" PROXY, true}};
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    forget_environment();
    set(rows[i].environment);
    if (proxy_is_set() != rows[i].is_set)
      fail_msg("%s", rows[i].environment);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_variable_is_the_one_that_libcurl_takes),
      cmocka_unit_test(user_and_password_are_not_shown),
      cmocka_unit_test(one_is_set_for_some_url),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
