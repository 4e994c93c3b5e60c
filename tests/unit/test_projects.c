/*
 * projects: one listing for all who need it, and honest about what it lacks.
 */
#include "stub/site.h"
#include "stub/warp.h"

#include "projects.h"
#include "text.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
  struct site site;
  struct projects *projects;
};

static void open_projects(struct fixture *f, bool enabled_only) {
  struct error err;
  f->projects = projects_new(f->site.session, enabled_only, &err);
  assert_non_null(f->projects);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  site_open(&f->site);
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  projects_free(f->projects);
  site_close(&f->site);
  free(f);
  return 0;
}

static void answer(struct fixture *f, const char *target, const char *body) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = target,
                                                  .need = "X-Auth-Token: token",
                                                  .body = body,
                                                  .end = HTTPD_CLOSE});
}

static void fail_with(struct fixture *f, const char *target, int status) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = target,
                                                  .status = status});
}

/* The ids with blanks between, and marks for what the list says of itself. */
static const char *list_now(struct fixture *f, struct error *err) {
  static char text[1000];
  struct project_list *list = NULL;
  *err = (struct error){.code = ERROR_NONE};
  text[0] = '\0';
  if (projects_get(f->projects, f->site.http, site_deadline(9000), &list, err))
    return "failed";
  for (size_t i = 0; i < list->n; i++)
    snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
             i > 0 ? " " : "", list->ids[i]);
  snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
           list->own_only ? " (own only)" : "",
           list->truncated ? " (truncated)" : "");
  projects_put(f->projects, list);
  return text;
}

static void expect_list(struct fixture *f, const char *expected) {
  struct error err;
  const char *found = list_now(f, &err);
  if (strcmp(found, expected) != 0)
    fail_msg("\"%s\" instead of \"%s\": %s", found, expected, err.text);
}

static size_t asked(struct fixture *f, const char *target) {
  return httpd_count(f->site.httpd, "GET", target);
}

static const char three[] =
    "{\"links\": {\"next\": null}, \"projects\": ["
    "{\"id\": \"c39e\", \"name\": \"B\303\274ro\", \"domain_id\": \"default\","
    " \"enabled\": true, \"tags\": [], \"links\": {\"self\": \"x\"}},"
    "{\"id\": \"b620\", \"domain_id\": \"d2\", \"enabled\": false},"
    "{\"id\": \"a000\", \"domain_id\": \"d3\", \"enabled\": true}]}";

/* ---- one listing -------------------------------------------------------- */

static void all_domains_projects_in_one_request(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e b620 a000");
  assert_int_equal(asked(f, NULL), 1);
}

static void the_list_is_shared_for_ten_minutes(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  for (int i = 0; i < 10; i++)
    expect_list(f, "c39e b620 a000");
  warp(590 * 1000);
  expect_list(f, "c39e b620 a000");
  assert_int_equal(asked(f, NULL), 1);
  httpd_forget(f->site.httpd);
  answer(f, "/v3/projects", "{\"projects\": [{\"id\": \"new\"}]}");
  warp(11 * 1000);
  expect_list(f, "new");
  expect_list(f, "new");
  assert_int_equal(asked(f, NULL), 2);
}

static void a_list_in_use_outlives_its_successor(void **state) {
  struct fixture *f = *state;
  struct project_list *old = NULL, *same = NULL;
  struct error err = {0};
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  assert_int_equal(
      projects_get(f->projects, f->site.http, site_deadline(9000), &old, &err),
      0);
  assert_int_equal(
      projects_get(f->projects, f->site.http, site_deadline(9000), &same, &err),
      0);
  assert_ptr_equal(old, same);
  httpd_forget(f->site.httpd);
  answer(f, "/v3/projects", "{\"projects\": [{\"id\": \"new\"}]}");
  warp(601 * 1000);
  expect_list(f, "new");
  assert_int_equal(old->n, 3);
  assert_string_equal(old->ids[2], "a000");
  projects_put(f->projects, old);
  assert_string_equal(same->ids[0], "c39e");
  projects_put(f->projects, same);
  expect_list(f, "new");
}

static void odd_entries_are_left_out(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": null}, {\"id\": \"\"}, {\"name\": \"x\"}, 7,"
         " {\"id\": 12}, {\"id\": \"good\"}, [], {\"id\": [\"x\"]}]}");
  expect_list(f, "good");
}

static void an_earlier_error_of_the_caller_s_means_nothing(void **state) {
  struct fixture *f = *state;
  struct project_list *list = NULL;
  struct error err = {.code = ERROR_STOPPED};
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  assert_int_equal(
      projects_get(f->projects, f->site.http, site_deadline(9000), &list, &err),
      0);
  assert_non_null(list);
  projects_put(f->projects, list);
}

/* ---- enabled ones only -------------------------------------------------- */

static void disabled_projects_and_domains_can_be_left_out(void **state) {
  struct fixture *f = *state;
  open_projects(f, true);
  answer(f, "/v3/domains?enabled=false",
         "{\"domains\": [{\"id\": \"d9\"}, {\"id\": \"d3\"}]}");
  answer(f, "/v3/projects?enabled=true", three);
  expect_list(f, "c39e b620");
  assert_int_equal(asked(f, NULL), 2);
}

static void who_may_not_list_domains_sees_their_projects(void **state) {
  struct fixture *f = *state;
  open_projects(f, true);
  fail_with(f, "/v3/domains*", 403);
  answer(f, "/v3/projects?enabled=true", three);
  expect_list(f, "c39e b620 a000");
}

/* ---- rights ------------------------------------------------------------- */

static void who_may_not_list_projects_has_his_own(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  fail_with(f, "/v3/projects", 403);
  expect_list(f, "b620 (own only)");
  expect_list(f, "b620 (own only)");
  assert_int_equal(asked(f, NULL), 1);
}

static void who_has_none_either_is_denied(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_projects(f, false);
  fail_with(f, "/v3/projects", 403);
  httpd_forget(f->site.httpd);
  httpd_add(f->site.httpd,
            &(struct httpd_answer){
                .method = "POST",
                .headers = "X-Subject-Token: token-s\r\n",
                .body = "{\"token\":{\"expires_at\":\"2026-01-02T00:00:00Z\","
                        "\"issued_at\":\"2026-01-01T00:00:00Z\"}}"});
  fail_with(f, "/v3/projects", 403);
  assert_string_equal(list_now(f, &err), "failed");
  assert_int_equal(err.code, ERROR_DENIED);
}

/* ---- Keystone's list_limit ---------------------------------------------- */

static void a_truncated_list_is_asked_for_by_domain(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"p1\"}], \"truncated\": true}");
  answer(f, "/v3/domains",
         "{\"domains\": [{\"id\": \"default\"}, {\"id\": \"d/2 ?\"}]}");
  answer(f, "/v3/projects?domain_id=default",
         "{\"projects\": [{\"id\": \"p1\"}, {\"id\": \"p2\"}]}");
  answer(f, "/v3/projects?domain_id=d%2F2%20%3F",
         "{\"projects\": [{\"id\": \"p3\"}]}");
  expect_list(f, "p1 p2 p3");
  assert_int_equal(asked(f, NULL), 4);
}

static void what_is_still_truncated_is_told(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects",
         "{\"truncated\": true, \"projects\": [{\"id\": \"p1\"}]}");
  answer(f, "/v3/domains",
         "{\"domains\": [{\"id\": \"d1\"}, {\"id\": \"d2\"}]}");
  answer(f, "/v3/projects?domain_id=d1",
         "{\"projects\": [{\"id\": \"p1\"}], \"truncated\": true}");
  answer(f, "/v3/projects?domain_id=d2", "{\"projects\": [{\"id\": \"p2\"}]}");
  expect_list(f, "p1 p2 (truncated)");
}

static void a_truncated_list_without_domains_stays_what_it_is(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"p1\"}, {\"id\": \"p2\"}],"
         " \"truncated\": true}");
  fail_with(f, "/v3/domains", 403);
  expect_list(f, "p1 p2 (truncated)");
}

static void by_domain_leaves_out_the_disabled_as_well(void **state) {
  struct fixture *f = *state;
  open_projects(f, true);
  answer(f, "/v3/domains?enabled=false", "{\"domains\": [{\"id\": \"off\"}]}");
  answer(f, "/v3/projects?enabled=true",
         "{\"projects\": [], \"truncated\": true}");
  answer(f, "/v3/domains*",
         "{\"domains\": [{\"id\": \"on\"}, {\"id\": \"off\"}]}");
  answer(f, "/v3/projects?domain_id=on&enabled=true",
         "{\"projects\": [{\"id\": \"p1\", \"domain_id\": \"on\"}]}");
  answer(f, "/v3/projects?domain_id=off&enabled=true",
         "{\"projects\": [{\"id\": \"p2\", \"domain_id\": \"off\"}]}");
  expect_list(f, "p1");
}

static void many_projects_are_all_there(void **state) {
  struct fixture *f = *state;
  struct error err = {0};
  struct project_list *list = NULL;
  size_t size;
  char *body = NULL;
  FILE *out = open_memstream(&body, &size);
  fputs("{\"projects\": [{\"id\": \"0\"}", out);
  for (int i = 1; i < 20000; i++)
    fprintf(out, ", {\"id\": \"%d\"}", i);
  fputs("]}", out);
  fclose(out);
  open_projects(f, false);
  answer(f, "/v3/projects", body);
  assert_int_equal(
      projects_get(f->projects, f->site.http, site_deadline(9000), &list, &err),
      0);
  assert_int_equal(list->n, 20000);
  for (int i = 0; i < 20000; i++)
    assert_int_equal(strtol(list->ids[i], NULL, 10), i);
  projects_put(f->projects, list);
  free(body);
}

/* ---- failures ----------------------------------------------------------- */

static void a_refused_token_is_renewed(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  httpd_forget(f->site.httpd);
  site_login(&f->site, &(struct site_login){.token = "token-1", .times = 1});
  site_login(&f->site, &(struct site_login){.token = "token-2", .times = 1});
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .need = "token-1",
                                                  .status = 401});
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e b620 a000");
  assert_int_equal(site_logins(&f->site), 2);
  assert_int_equal(asked(f, NULL), 2);
}

static const struct {
  struct httpd_answer answer;
  enum error_code code;
  const char *text;
} failures[] = {
    {{.status = 500}, ERROR_STATUS, "HTTP 500"},
    {{.status = 302, .headers = "Location: http://x/\r\n"},
     ERROR_STATUS,
     "HTTP 302"},
    {{.body = "{\"projects\": [{\"id\": \"a\"}"}, ERROR_PARSE, "ends before"},
    {{.body = "<html>"}, ERROR_PARSE, "not the JSON"},
    {{.body = "{\"version\": {}}"}, ERROR_PARSE, "has no \"projects\""},
    {{.mute = true, .end = HTTPD_RESET}, ERROR_TRANSPORT, ""},
};

static void each_failure_says_what_it_is(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
    struct error err;
    struct httpd_answer failure = failures[i].answer;
    httpd_forget(f->site.httpd);
    site_login(&f->site, &(struct site_login){.life_s = 86400});
    failure.target = "/v3/projects";
    httpd_add(f->site.httpd, &failure);
    assert_string_equal(list_now(f, &err), "failed");
    if (err.code != failures[i].code ||
        strstr(err.text, failures[i].text) == NULL ||
        strstr(err.text, "/v3/projects: ") == NULL)
      fail_msg("row %zu: code %d: %s", i, err.code, err.text);
  }
}

static void the_old_list_serves_while_keystone_fails(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e b620 a000");
  httpd_forget(f->site.httpd);
  fail_with(f, "/v3/projects", 503);
  warp(601 * 1000);
  for (int i = 0; i < 10; i++)
    expect_list(f, "c39e b620 a000");
  assert_int_equal(asked(f, NULL), 2); /* not once for each who asks */
  httpd_forget(f->site.httpd);
  answer(f, "/v3/projects", "{\"projects\": [{\"id\": \"new\"}]}");
  warp(61 * 1000);
  expect_list(f, "new");
}

static void a_failed_login_is_a_failed_login(void **state) {
  struct fixture *f = *state;
  struct error err;
  httpd_forget(f->site.httpd);
  httpd_add(f->site.httpd, &(struct httpd_answer){.status = 401});
  open_projects(f, false);
  assert_string_equal(list_now(f, &err), "failed");
  assert_int_equal(err.code, ERROR_LOGIN);
}

/* ---- threads ------------------------------------------------------------ */

enum { THREADS = 10 };

struct asker {
  struct fixture *fixture;
  pthread_t thread;
  struct http *http;
  size_t n;
};

static void *ask(void *arg) {
  struct asker *a = arg;
  for (int i = 0; i < 20; i++) {
    struct project_list *list = NULL;
    struct error err = {0};
    if (projects_get(a->fixture->projects, a->http, site_deadline(9000), &list,
                     &err) != 0)
      break;
    a->n += list->n;
    projects_put(a->fixture->projects, list);
  }
  return NULL;
}

static void many_at_once_ask_once(void **state) {
  struct fixture *f = *state;
  struct asker askers[THREADS];
  struct error err;
  open_projects(f, false);
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/v3/projects",
                                                  .delay_ms = 50,
                                                  .body = three});
  for (int i = 0; i < THREADS; i++) {
    askers[i] = (struct asker){.fixture = f};
    askers[i].http = http_new(&f->site.options, f->site.gate, &err);
    pthread_create(&askers[i].thread, NULL, ask, &askers[i]);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(askers[i].thread, NULL);
    http_free(askers[i].http);
    assert_int_equal(askers[i].n, 60);
  }
  assert_int_equal(asked(f, NULL), 1);
}

static void a_stop_is_told_even_with_an_old_list(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e b620 a000");
  warp(601 * 1000);
  http_stop(f->site.http);
  assert_string_equal(list_now(f, &err), "failed");
  assert_int_equal(err.code, ERROR_STOPPED);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(all_domains_projects_in_one_request),
      TEST(the_list_is_shared_for_ten_minutes),
      TEST(a_list_in_use_outlives_its_successor),
      TEST(odd_entries_are_left_out),
      TEST(an_earlier_error_of_the_caller_s_means_nothing),
      TEST(disabled_projects_and_domains_can_be_left_out),
      TEST(who_may_not_list_domains_sees_their_projects),
      TEST(who_may_not_list_projects_has_his_own),
      TEST(who_has_none_either_is_denied),
      TEST(a_truncated_list_is_asked_for_by_domain),
      TEST(what_is_still_truncated_is_told),
      TEST(a_truncated_list_without_domains_stays_what_it_is),
      TEST(by_domain_leaves_out_the_disabled_as_well),
      TEST(many_projects_are_all_there),
      TEST(a_refused_token_is_renewed),
      TEST(each_failure_says_what_it_is),
      TEST(the_old_list_serves_while_keystone_fails),
      TEST(a_failed_login_is_a_failed_login),
      TEST(many_at_once_ask_once),
      TEST(a_stop_is_told_even_with_an_old_list),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
