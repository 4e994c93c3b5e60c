/*
 * projects: one set of listings for all who need them, and honest about what
 * it lacks.
 */
#include "stub/data.h"
#include "stub/site.h"
#include "stub/warp.h"

#include "base/clock.h"
#include "base/text.h"
#include "walk/projects.h"

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
  int64_t interval_ms; /* of who asks; 0: five minutes */
};

static void open_with(struct fixture *f, struct projects_options options) {
  struct error err;
  f->projects = projects_new(f->site.session, &options, &err);
  assert_non_null(f->projects);
}

static void open_projects(struct fixture *f, bool enabled_only) {
  open_with(f, (struct projects_options){.enabled_only = enabled_only});
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

/* Every list is asked with a limit; rows leave it out. */
static const char *with_limit(const char *target) {
  static char text[200];
  if (target == NULL || strpbrk(target, "*") != NULL ||
      strstr(target, "limit=") != NULL)
    return target;
  int len = (int)strcspn(target, "?");
  snprintf(text, sizeof(text), "%.*s?limit=1000%s%s", len, target,
           target[len] != '\0' ? "&" : "",
           target[len] != '\0' ? target + len + 1 : "");
  return text;
}

static void answer(struct fixture *f, const char *target, const char *body) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = with_limit(target),
                                                  .need = "X-Auth-Token: token",
                                                  .body = body,
                                                  .end = HTTPD_CLOSE});
}

static void fail_with(struct fixture *f, const char *target, int status) {
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = with_limit(target),
                                   .status = status,
                                   .body = "{\"error\": {\"code\": 0}}"});
}

static int get_within(struct fixture *f, bool must, int64_t ms,
                      const struct project_view **ret, struct error *err) {
  const struct projects_asker asker = {
      .http = f->site.http,
      .deadline_ms = site_deadline(ms),
      .interval_ms = f->interval_ms > 0 ? f->interval_ms : 300000,
      .must = must};
  return projects_get(f->projects, &asker, ret, err);
}

static int get(struct fixture *f, const struct project_view **ret,
               struct error *err) {
  *err = (struct error){.code = ERROR_NONE};
  return get_within(f, true, 9000, ret, err);
}

/* Ahead of what is measured, lest a login takes of its time. */
static void log_in(struct fixture *f) {
  const struct session_asker asker = {.deadline_ms = site_deadline(60000)};
  struct session_token token;
  struct error err;
  if (session_token(f->site.session, &asker, &token, &err) != 0)
    fail_msg("%s", err.text);
  session_token_clear(&token);
}

static const struct project_view *view_of(struct fixture *f) {
  const struct project_view *view = NULL;
  struct error err;
  if (get(f, &view, &err) != 0)
    fail_msg("%s", err.text);
  return view;
}

/* The ids with blanks between, and marks for what the view says of itself. */
static const char *list_now(struct fixture *f, struct error *err) {
  static char text[1000];
  const struct project_view *view = NULL;
  text[0] = '\0';
  if (get(f, &view, err) != 0)
    return "failed";
  for (size_t i = 0; i < view->nprojects; i++)
    snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
             i > 0 ? " " : "", view->project_ids[i]);
  snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s%s",
           view->own_only ? " (own only)" : "",
           view->truncated ? " (truncated)" : "",
           view->nameless.code != ERROR_NONE ? " (nameless)" : "");
  projects_put(f->projects, view);
  return text;
}

static void expect_list(struct fixture *f, const char *expected) {
  struct error err;
  const char *found = list_now(f, &err);
  if (strcmp(found, expected) != 0)
    fail_msg("\"%s\" instead of \"%s\": %s", found, expected, err.text);
}

static size_t asked(struct fixture *f, const char *target) {
  return httpd_count(f->site.httpd, "GET", with_limit(target));
}

static const char three[] =
    "{\"links\": {\"next\": null}, \"projects\": ["
    "{\"id\": \"c39e\", \"name\": \"B\303\274ro\", \"domain_id\": \"default\","
    " \"enabled\": true, \"tags\": [], \"links\": {\"self\": \"x\"}},"
    "{\"id\": \"b620\", \"domain_id\": \"d2\", \"enabled\": false},"
    "{\"id\": \"a000\", \"domain_id\": \"d3\", \"enabled\": true}]}";

/* ---- one listing -------------------------------------------------------- */

/* It becomes a part of URLs. */
static void a_project_s_id_is_one_segment(void **state) {
  static const char *const ids[] = {"..", "a/b", "a b", "\\n"};
  struct fixture *f = *state;
  open_projects(f, false);
  for (size_t i = 0; i < 4; i++) {
    struct error err;
    char *body = text_printf("{\"projects\": [{\"id\": \"good\", \"enabled\": "
                             "true}, {\"id\": \"%s\"}]}",
                             ids[i]);
    httpd_forget(f->site.httpd);
    site_login(&f->site, &(struct site_login){.life_s = 0});
    answer(f, "/v3/projects", body);
    assert_string_equal(list_now(f, &err), "failed");
    assert_string_equal(err.text,
                        "list of projects: a project has an invalid id");
    free(body);
    warp(61000);
  }
}

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

static void a_view_in_use_outlives_its_successor(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  const struct project_view *old = view_of(f), *same = view_of(f);
  assert_ptr_equal(old, same);
  httpd_forget(f->site.httpd);
  answer(f, "/v3/projects", "{\"projects\": [{\"id\": \"new\"}]}");
  warp(601 * 1000);
  expect_list(f, "new");
  assert_int_equal(old->nprojects, 3);
  assert_string_equal(old->project_ids[2], "a000");
  projects_put(f->projects, old);
  assert_string_equal(same->project_ids[0], "c39e");
  projects_put(f->projects, same);
  expect_list(f, "new");
}

static void odd_entries_are_left_out(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": null}, {\"id\": \"\"}, {\"name\": \"x\"}, 7,"
         " {\"id\": 12}, {\"id\": \"good\"}, [], {\"id\": [\"x\"]}]}");
  expect_list(f, "12 good"); /* a number is an id in all listings */
}

static void an_earlier_error_of_the_caller_s_means_nothing(void **state) {
  struct fixture *f = *state;
  const struct project_view *view = NULL;
  struct error err = {.code = ERROR_STOPPED};
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  assert_int_equal(get_within(f, true, 9000, &view, &err), 0);
  assert_non_null(view);
  projects_put(f->projects, view);
}

/* ---- enabled ones only -------------------------------------------------- */

static void disabled_projects_and_domains_can_be_left_out(void **state) {
  struct fixture *f = *state;
  open_projects(f, true);
  answer(
      f, "/v3/domains",
      "{\"domains\": [{\"id\": \"d9\"}, {\"id\": \"d3\", \"enabled\": false},"
      " {\"id\": \"default\", \"enabled\": true}]}");
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e");
  assert_int_equal(asked(f, NULL), 2);
}

static void who_may_not_list_domains_sees_their_projects(void **state) {
  struct fixture *f = *state;
  open_projects(f, true);
  fail_with(f, "/v3/domains*", 403);
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e a000");
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
                        "\"issued_at\":\"2026-01-01T00:00:00Z\",\"catalog\":"
                        "[{\"endpoints\":[{\"interface\":\"public\",\"url\":"
                        "\"http://d\"}]}]}}"});
  fail_with(f, "/v3/projects", 403);
  assert_string_equal(list_now(f, &err), "failed");
  assert_int_equal(err.code, ERROR_DENIED);
}

/* ---- Keystone's list_limit ---------------------------------------------- */

/* Since Keystone 27 list_limit makes pages; a full last one has a link, too. */
static void pages_are_followed(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"p1\"}], \"truncated\": true, \"links\": "
         "{\"next\": \"http://elsewhere/x?limit=1&marker=p1\"}}");
  answer(f, "/v3/projects?limit=1&marker=p1",
         "{\"links\": {\"next\": \"/v3/projects?limit=1&marker=p2\"},"
         " \"projects\": [{\"id\": \"p2\"}], \"truncated\": true}");
  answer(f, "/v3/projects?limit=1&marker=p2",
         "{\"links\": {\"next\": null}, \"projects\": []}");
  expect_list(f, "p1 p2");
  assert_int_equal(asked(f, NULL), 3);
}

/* Those of 2025.1 are marked as truncated, too, and led on by a link. */
static void recorded_pages_are_followed(void **state) {
  struct fixture *f = *state;
  char *first = data_read("identity-projects-2025.1.json", NULL);
  char *last = data_read("identity-projects-2025.1-last.json", NULL);
  open_projects(f, false);
  answer(f, "/v3/projects", first);
  answer(f, "/v3/projects?limit=2&marker=14810055a248491fa28f9d0eeee76c5c",
         last);
  expect_list(f, "10d9f7c23a334664be9db1b38f75a62a "
                 "14810055a248491fa28f9d0eeee76c5c "
                 "ed2f2cd5ea42429ebe80e97826aec2cb");
  assert_int_equal(asked(f, NULL), 2);
  free(first);
  free(last);
}

static void a_page_that_leads_to_itself_is_a_failure(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_projects(f, false);
  answer(f, "/v3/projects*",
         "{\"projects\": [{\"id\": \"p1\"}],"
         " \"links\": {\"next\": \"?marker=p1\"}}");
  assert_string_equal(list_now(f, &err), "failed");
  assert_non_null(
      strstr(err.text, "the page has only records that were listed before"));
  assert_int_equal(asked(f, NULL), 2);
}

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
  answer(f, "/v3/domains",
         "{\"domains\": [{\"id\": \"on\", \"enabled\": true},"
         " {\"id\": \"off\", \"enabled\": false}]}");
  answer(f, "/v3/projects", "{\"projects\": [], \"truncated\": true}");
  answer(f, "/v3/projects?domain_id=on",
         "{\"projects\": [{\"id\": \"p1\", \"domain_id\": \"on\"}]}");
  answer(f, "/v3/projects?domain_id=off",
         "{\"projects\": [{\"id\": \"p2\", \"domain_id\": \"off\"}]}");
  expect_list(f, "p1");
  assert_int_equal(asked(f, "/v3/domains"), 1);
}

static void what_one_domain_denies_is_hidden(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects", "{\"projects\": [], \"truncated\": true}");
  answer(f, "/v3/domains",
         "{\"domains\": [{\"id\": \"d1\"}, {\"id\": \"d2\"}]}");
  fail_with(f, "/v3/projects?domain_id=d1", 403);
  answer(f, "/v3/projects?domain_id=d2", "{\"projects\": [{\"id\": \"p2\"}]}");
  expect_list(f, "p2 (truncated)");
}

static void many_projects_are_all_there(void **state) {
  struct fixture *f = *state;
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
  const struct project_view *view = NULL;
  struct error err;
  assert_int_equal(get_within(f, true, 60000, &view, &err), 0);
  assert_int_equal(view->nprojects, 20000);
  for (int i = 0; i < 20000; i++)
    assert_int_equal(strtol(view->project_ids[i], NULL, 10), i);
  projects_put(f->projects, view);
  free(body);
}

/* ---- names -------------------------------------------------------------- */

static const struct projects_options all_names = {.domain_names = true,
                                                  .user_names = true};
static const char two_domains[] =
    "{\"domains\": [{\"id\": \"default\", \"name\": \"Default\", \"enabled\": "
    "true},"
    " {\"id\": \"d2\", \"name\": \"heat\", \"enabled\": false}]}";

/* "NAME of DOMAIN ID DOMAIN NAME", with "-" for what is not known. */
static const char *project_now(const struct project_view *view,
                               const char *id) {
  static char text[200];
  struct project_names p;
  bool found = project_view_find(view, id, &p);
  assert_string_equal(p.id, id);
  snprintf(
      text, sizeof(text), "%s%s of %s %s%s", found ? "" : "unlisted ",
      p.name != NULL ? p.name : "-", p.domain_id != NULL ? p.domain_id : "-",
      p.domain_name != NULL ? p.domain_name : "-", p.enabled ? "" : ", off");
  return text;
}

/* Keystone's own domains are projects, too, and of none. */
static void a_project_may_be_of_no_domain(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"a\", \"domain_id\": \"\"},"
         " {\"id\": \"b\", \"domain_id\": null}, {\"id\": \"c\"}]}");
  const struct project_view *view = view_of(f);
  assert_string_equal(project_now(view, "a"), "- of - -");
  assert_string_equal(project_now(view, "b"), "- of - -");
  assert_string_equal(project_now(view, "c"), "- of - -");
  projects_put(f->projects, view);
}

/* Names are each domain's own. */
static void projects_of_one_name_know_it(void **state) {
  struct fixture *f = *state;
  struct project_names p;
  open_with(f, all_names);
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"p1\", \"name\": \"web\", \"domain_id\": "
         "\"default\"}, {\"id\": \"p2\", \"name\": \"web\", \"domain_id\": "
         "\"d2\"}, {\"id\": \"p3\", \"name\": \"shop\"}]}");
  answer(f, "/v3/domains", two_domains);
  answer(f, "/v3/users", "{\"users\": []}");
  const struct project_view *view = view_of(f);
  assert_true(project_view_find(view, "p1", &p) && p.twin);
  assert_true(project_view_find(view, "p2", &p) && p.twin);
  assert_true(project_view_find(view, "p3", &p) && !p.twin);
  projects_put(f->projects, view);
}

static void projects_domains_and_users_have_names(void **state) {
  struct fixture *f = *state;
  open_with(f, all_names);
  answer(f, "/v3/projects", three);
  answer(f, "/v3/domains", two_domains);
  answer(f, "/v3/users",
         "{\"users\": [{\"id\": \"u1\", \"name\": \"alice\"},"
         " {\"id\": \"u2\", \"name\": null}, {\"name\": \"nobody\"}]}");
  const struct project_view *view = view_of(f);
  assert_string_equal(project_now(view, "c39e"),
                      "B\303\274ro of default Default");
  assert_string_equal(project_now(view, "b620"), "- of d2 heat, off");
  assert_string_equal(project_now(view, "a000"), "- of d3 -");
  assert_string_equal(project_now(view, "x"), "unlisted - of - -, off");
  assert_string_equal(project_view_user(view, "u1"), "alice");
  assert_null(project_view_user(view, "u2"));
  assert_null(project_view_user(view, "u3"));
  assert_int_equal(view->nameless.code, ERROR_NONE);
  projects_put(f->projects, view);
  expect_list(f, "c39e b620 a000");
  assert_int_equal(asked(f, NULL), 3);
}

static void what_may_not_be_listed_has_no_name(void **state) {
  struct fixture *f = *state;
  open_with(f, all_names);
  answer(f, "/v3/projects", three);
  fail_with(f, "/v3/domains", 403);
  fail_with(f, "/v3/users", 403);
  expect_list(f, "c39e b620 a000 (nameless)");
  const struct project_view *view = view_of(f);
  assert_string_equal(project_now(view, "c39e"), "B\303\274ro of default -");
  assert_null(project_view_user(view, "u1"));
  projects_put(f->projects, view);
}

static void names_are_never_worth_a_failure(void **state) {
  static const int statuses[] = {401, 404, 500, 501};
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
    httpd_forget(f->site.httpd);
    site_login(&f->site, &(struct site_login){.life_s = 86400});
    answer(f, "/v3/projects", three);
    fail_with(f, "/v3/domains", statuses[i]);
    fail_with(f, "/v3/users", statuses[i]);
    open_with(f, all_names);
    expect_list(f, "c39e b620 a000 (nameless)");
    expect_list(f, "c39e b620 a000 (nameless)");
    assert_int_equal(asked(f, "/v3/projects"), i + 1);
    projects_free(f->projects);
    f->projects = NULL;
  }
}

static void names_outlast_a_listing_that_fails(void **state) {
  struct fixture *f = *state;
  open_with(f, all_names);
  answer(f, "/v3/projects", three);
  answer(f, "/v3/domains", two_domains);
  answer(f, "/v3/users",
         "{\"users\": [{\"id\": \"u1\", \"name\": \"alice\"}]}");
  expect_list(f, "c39e b620 a000");
  httpd_forget(f->site.httpd);
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"new\", \"domain_id\": \"d2\"}]}");
  fail_with(f, "/v3/domains", 500);
  fail_with(f, "/v3/users", 500);
  for (int i = 0; i < 2; i++) {
    warp(601 * 1000);
    const struct project_view *view = view_of(f);
    assert_int_equal(view->nprojects, 1);
    assert_string_equal(project_now(view, "new"), "- of d2 heat, off");
    assert_string_equal(project_view_user(view, "u1"), "alice");
    assert_int_not_equal(view->nameless.code, ERROR_NONE);
    projects_put(f->projects, view);
  }
}

static void users_that_are_cut_off_are_asked_for_by_domain(void **state) {
  struct fixture *f = *state;
  open_with(f, all_names);
  answer(f, "/v3/projects", three);
  answer(f, "/v3/domains",
         "{\"domains\": [{\"id\": \"default\"}, {\"id\": \"d2\"},"
         " {\"id\": \"d3\"}]}");
  answer(f, "/v3/users", "{\"users\": [], \"truncated\": true}");
  answer(f, "/v3/users?domain_id=default",
         "{\"users\": [{\"id\": \"u1\", \"name\": \"alice\"}]}");
  answer(f, "/v3/users?domain_id=d2",
         "{\"users\": [{\"id\": \"u2\", \"name\": \"bob\"}]}");
  answer(f, "/v3/users?domain_id=d3", "{\"users\": []}");
  const struct project_view *view = view_of(f);
  assert_string_equal(project_view_user(view, "u1"), "alice");
  assert_string_equal(project_view_user(view, "u2"), "bob");
  assert_int_equal(view->nameless.code, ERROR_NONE);
  projects_put(f->projects, view);
  assert_int_equal(asked(f, NULL), 6);
}

static void the_first_reason_for_missing_names_is_told(void **state) {
  struct fixture *f = *state;
  open_with(f, all_names);
  answer(f, "/v3/projects", three);
  fail_with(f, "/v3/domains", 403);
  fail_with(f, "/v3/users", 500);
  const struct project_view *view = view_of(f);
  assert_int_equal(view->nameless.code, ERROR_DENIED);
  assert_non_null(strstr(view->nameless.text, "identity:list_domains"));
  projects_put(f->projects, view);
}

static void the_own_project_is_named_by_the_token(void **state) {
  struct fixture *f = *state;
  open_with(f, all_names);
  fail_with(f, "/v3/projects", 403);
  fail_with(f, "/v3/users", 403);
  answer(f, "/v3/domains", two_domains);
  const struct project_view *view = view_of(f);
  assert_true(view->own_only);
  assert_string_equal(project_now(view, "b620"), "service of default Default");
  projects_put(f->projects, view);
}

/* ---- filters ------------------------------------------------------------ */

static const char four[] =
    "{\"projects\": ["
    "{\"id\": \"p1\", \"name\": \"demo\", \"domain_id\": \"default\"},"
    "{\"id\": \"p2\", \"name\": \"demo\", \"domain_id\": \"d2\"},"
    "{\"id\": \"p3\", \"name\": \"ops\", \"domain_id\": \"default\"},"
    "{\"id\": \"p4\", \"domain_id\": \"d3\", \"enabled\": false}]}";

/* Patterns as an option gives them: with "," between. */
static struct text_list patterns(const char *text) {
  struct text_list list = {0};
  char *all = strdup(text), *rest = all;
  for (char *one = strtok_r(all, ",", &rest); one != NULL;
       one = strtok_r(NULL, ",", &rest))
    text_list_add(&list, strdup(one));
  free(all);
  return list;
}

/* A mistyped pattern is told, unless the project may be one that is hidden. */
static void a_pattern_that_fits_nothing_is_told(void **state) {
  static const struct {
    const char *patterns, *idle;
    int status;
    bool truncated;
  } rows[] = {
      {"demo", NULL, 200, false},        {"p3,demo", NULL, 200, false},
      {"demo,dmeo", "dmeo", 200, false}, {"demo,!none", NULL, 200, false},
      {"a*,b*", "a*", 200, false},       {"dmeo", NULL, 200, true},
      {"dmeo", NULL, 403, false}};
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct projects_options options = {.projects = patterns(rows[i].patterns)};
    char *body = text_printf("%.*s, \"truncated\": %s}", (int)strlen(four) - 1,
                             four, rows[i].truncated ? "true" : "false");
    httpd_forget(f->site.httpd);
    site_login(&f->site, &(struct site_login){.life_s = 86400});
    fail_with(f, "/v3/domains", 403);
    if (rows[i].status == 200)
      answer(f, "/v3/projects", body);
    else
      fail_with(f, "/v3/projects", rows[i].status);
    open_with(f, options);
    const struct project_view *view = view_of(f);
    if (rows[i].idle != NULL)
      assert_string_equal(view->idle_project, rows[i].idle);
    else
      assert_null(view->idle_project);
    projects_put(f->projects, view);
    projects_free(f->projects);
    f->projects = NULL;
    text_list_clear(&options.projects);
    free(body);
  }
}

static const struct {
  const char *projects, *domains;
  const char *ids;         /* those to ask */
  bool unlisted, disabled; /* do records of project "p9" and of p4 pass? */
} filters[] = {
    {"", "", "p1 p2 p3 p4", true, true},
    {"demo", "", "p1 p2", false, false},
    {"p3", "", "p3", false, false},
    {"p*", "", "p1 p2 p3 p4", true, true},
    {"o?s", "", "p3", false, false},
    {"p9", "", "", true, false},
    {"Demo", "", "", false, false},
    {"!demo", "", "p3 p4", true, true},
    {"!p?", "", "", false, false},
    {"!p?,demo", "", "p1 p2", false, false},
    {"demo,!p2,ops", "", "p1 p3", false, false},
    {"*", "", "p1 p2 p3 p4", true, true},
    {"", "Default", "p1 p3", false, false},
    {"", "default", "p1 p3", false, false},
    {"", "heat", "p2", false, false},
    {"", "d?", "p2 p4", false, true},
    {"", "!heat", "p1 p3 p4", true, true},
    {"", "!heat,!d3", "p1 p3", true, false},
    {"demo", "Default", "p1", false, false},
    {"!demo", "Default", "p3", false, false},
    {"demo", "!heat", "p1", false, false},
    {"p9", "!heat", "", true, false},
    {"p9", "heat", "", false, false},
};

static void a_project_passes_by_id_or_name_and_by_its_domain(void **state) {
  struct fixture *f = *state;
  answer(f, "/v3/projects", four);
  answer(f, "/v3/domains", two_domains);
  for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
    struct text_list projects = patterns(filters[i].projects);
    struct text_list domains = patterns(filters[i].domains);
    open_with(
        f, (struct projects_options){.projects = projects, .domains = domains});
    assert_int_equal(projects_filter_records(f->projects),
                     projects.n + domains.n > 0);
    expect_list(f, filters[i].ids);
    const struct project_view *view = view_of(f);
    if (project_view_wants(view, "p9") != filters[i].unlisted ||
        project_view_wants(view, "p4") != filters[i].disabled)
      fail_msg("row %zu", i);
    assert_true(project_view_wants(view, NULL));
    for (size_t p = 0; p < view->nprojects; p++)
      assert_true(project_view_wants(view, view->project_ids[p]));
    projects_put(f->projects, view);
    projects_free(f->projects);
    f->projects = NULL;
    text_list_clear(&projects);
    text_list_clear(&domains);
  }
  /* Domains were asked for by those rows alone that name some. */
  assert_int_equal(asked(f, "/v3/projects"), 23);
  assert_int_equal(asked(f, "/v3/domains"), 11);
}

static void records_of_disabled_projects_are_judged_by_name(void **state) {
  struct fixture *f = *state;
  static char *items[] = {(char *)"!demo"};
  open_with(f, (struct projects_options){.enabled_only = true,
                                         .projects = {items, 1}});
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"p1\", \"name\": \"demo\", \"enabled\": "
         "false},"
         " {\"id\": \"p2\", \"name\": \"ops\", \"enabled\": false},"
         " {\"id\": \"p3\", \"name\": \"web\", \"enabled\": true}]}");
  answer(f, "/v3/domains", two_domains);
  expect_list(f, "p3");
  const struct project_view *view = view_of(f);
  assert_false(project_view_wants(view, "p1"));
  assert_true(project_view_wants(view, "p2"));
  projects_put(f->projects, view);
}

/* A value must not have an id now and a name later. */
static void names_of_domains_in_identities_need_the_domains(void **state) {
  const struct projects_options words = {.domain_names = true,
                                         .domain_words = true};
  struct fixture *f = *state;
  const struct project_view *view = NULL;
  struct error err = {0};
  open_with(f, words);
  answer(f, "/v3/projects", three);
  fail_with(f, "/v3/domains", 500);
  assert_int_equal(get_within(f, true, 60000, &view, &err), -1);
  assert_int_equal(err.code, ERROR_STATUS);
  projects_free(f->projects);
  open_with(f, words);
  httpd_forget(f->site.httpd);
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  answer(f, "/v3/projects", three);
  fail_with(f, "/v3/domains", 403); /* rights do not change by themselves */
  view = view_of(f);
  assert_string_equal(project_now(view, "c39e"), "B\303\274ro of default -");
  projects_put(f->projects, view);
}

/* Records would slip past a pattern that nobody can judge. */
static void a_domain_pattern_needs_the_domains(void **state) {
  static const struct {
    int status;
    enum error_code code;
    const char *text;
  } rows[] = {{403, ERROR_DENIED, "may not list domains"},
              {500, ERROR_STATUS,
               "list of domains: page 1: HTTP 500 from http://127.0.0.1"}};
  static char *items[] = {(char *)"!heat"};
  struct fixture *f = *state;
  struct error err;
  open_with(f, (struct projects_options){.domains = {items, 1}});
  for (size_t i = 0; i < 2; i++) {
    httpd_forget(f->site.httpd);
    site_login(&f->site, &(struct site_login){.life_s = 86400});
    answer(f, "/v3/projects", three);
    fail_with(f, "/v3/domains", rows[i].status);
    warp(61 * 1000);
    assert_string_equal(list_now(f, &err), "failed");
    assert_int_equal(err.code, rows[i].code);
    assert_non_null(strstr(err.text, rows[i].text));
  }
}

static void
nothing_but_the_own_project_passes_where_it_is_all_that_is_known(void **state) {
  static const struct {
    const char *projects, *domains, *ids;
  } rows[] = {
      {"service", "", "b620 (own only)"}, {"!demo", "", "b620 (own only)"},
      {"!service", "", " (own only)"},    {"f00d", "", " (own only)"},
      {"", "default", "b620 (own only)"}, {"", "!default", " (own only)"},
  };
  struct fixture *f = *state;
  fail_with(f, "/v3/*", 403);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct text_list projects = patterns(rows[i].projects);
    struct text_list domains = patterns(rows[i].domains);
    open_with(
        f, (struct projects_options){.projects = projects, .domains = domains});
    expect_list(f, rows[i].ids);
    const struct project_view *view = view_of(f);
    assert_false(project_view_wants(view, "f00d"));
    assert_true(project_view_wants(view, NULL));
    projects_put(f->projects, view);
    projects_free(f->projects);
    f->projects = NULL;
    text_list_clear(&projects);
    text_list_clear(&domains);
  }
}

/* With another session, whose token is of a domain or not. */
static void log_in_anew(struct fixture *f, bool of_domain) {
  site_close(&f->site);
  site_open(&f->site);
  site_login(&f->site, &(struct site_login){.of_domain = of_domain});
}

/* Its list is whole as far as anybody can see; the others' names are not. */
static void a_token_of_a_domain_knows_its_projects_alone(void **state) {
  static char *items[] = {(char *)"!demo"};
  struct fixture *f = *state;
  for (int token = 0; token < 2; token++) {
    log_in_anew(f, token == 1);
    answer(f, token == 1 ? "/v3/projects?domain_id=default" : "/v3/projects",
           four);
    open_with(f, (struct projects_options){.projects = {items, 1}});
    expect_list(f, "p3 p4");
    const struct project_view *view = view_of(f);
    assert_int_equal(view->own_domain, token == 1);
    assert_int_equal(project_view_wants(view, "f00d"), token == 0);
    assert_true(project_view_wants(view, "p3"));
    assert_true(project_view_wants(view, NULL));
    projects_put(f->projects, view);
    projects_free(f->projects);
    f->projects = NULL;
  }
  log_in_anew(f, true);
  fail_with(f, "/v3/projects?domain_id=default", 403);
  open_projects(f, false);
  struct error err;
  assert_string_equal(list_now(f, &err), "failed");
  assert_string_equal(err.text, "the token may not list projects and has none "
                                "itself");
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
    {{.body = "<html>"}, ERROR_PARSE, "not valid JSON"},
    {{.body = "{\"version\": {}}"}, ERROR_PARSE, "has no \"projects[]\""},
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
    failure.target = "/v3/projects*";
    httpd_add(f->site.httpd, &failure);
    warp(61 * 1000);
    assert_string_equal(list_now(f, &err), "failed");
    if (err.code != failures[i].code ||
        strstr(err.text, failures[i].text) == NULL ||
        strstr(err.text, "list of projects: page 1: ") != err.text ||
        strstr(err.text, "/v3/projects") == NULL)
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

static void a_failure_is_remembered_for_a_minute(void **state) {
  struct fixture *f = *state;
  struct error err;
  open_with(f, all_names);
  fail_with(f, "/v3/projects", 500);
  fail_with(f, "/v3/domains", 500);
  for (int i = 0; i < 10; i++) {
    assert_string_equal(list_now(f, &err), "failed");
    assert_int_equal(err.code, ERROR_STATUS);
    assert_non_null(strstr(err.text, "HTTP 500 from http://"));
    warp(5900);
  }
  assert_int_equal(asked(f, "/v3/projects"), 1);
  assert_int_equal(asked(f, "/v3/domains"), 1);
  warp(2 * 1000);
  assert_string_equal(list_now(f, &err), "failed");
  assert_int_equal(asked(f, "/v3/projects"), 2);
  httpd_forget(f->site.httpd);
  answer(f, "/v3/projects", three);
  warp(61 * 1000);
  expect_list(f, "c39e b620 a000 (nameless)");
}

/* Who walks more often need not wait for a minute, but lets a cycle pass. */
static void a_failure_is_remembered_for_a_cycle_and_a_half(void **state) {
  static const struct {
    int64_t interval_ms, after_ms;
    size_t asked; /* by then */
  } rows[] = {
      {10000, 0, 1},  {10000, 10500, 1}, {300000, 6000, 1}, {10000, 0, 2},
      {300000, 0, 2}, {20000, 25000, 2}, {20000, 6000, 3},  {300000, 55000, 3},
      {40000, 0, 3},  {39000, 4000, 4},
  };
  struct fixture *f = *state;
  struct error err;
  open_projects(f, false);
  fail_with(f, "/v3/projects", 503);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    f->interval_ms = rows[i].interval_ms;
    warp(rows[i].after_ms);
    assert_string_equal(list_now(f, &err), "failed");
    assert_int_equal(err.code, ERROR_STATUS);
    if (asked(f, "/v3/projects") != rows[i].asked)
      fail_msg("row %zu: %zu", i, asked(f, "/v3/projects"));
  }
}

static void hang(struct fixture *f, const char *target) {
  httpd_add(f->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = with_limit(target),
                                                  .mute = true,
                                                  .end = HTTPD_HANG});
}

/* Whose time was up early does not speak for those who have more; but no two
 * find out that Keystone hangs in the same time. */
static void
a_deadline_is_remembered_for_those_with_as_little_time(void **state) {
  static const struct {
    int ms;
    size_t asked; /* by then */
  } rows[] = {{450, 1},  {450, 1}, {750, 1},  {960, 2},
              {1800, 2}, {450, 2}, {2100, 3}, {3900, 3}};
  struct fixture *f = *state;
  open_projects(f, false);
  log_in(f);
  hang(f, "/v3/projects");
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const struct project_view *view = NULL;
    struct error err = {0};
    assert_int_equal(get_within(f, true, rows[i].ms, &view, &err), -1);
    assert_int_equal(err.code, ERROR_DEADLINE);
    assert_non_null(strstr(err.text, "list of projects: page 1: "));
    if (asked(f, NULL) != rows[i].asked)
      fail_msg("row %zu: %zu", i, asked(f, NULL));
  }
  httpd_forget(f->site.httpd);
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e b620 a000");
}

static void who_can_do_without_keeps_most_of_its_time(void **state) {
  struct fixture *f = *state;
  const struct project_view *view = NULL;
  struct error err;
  open_projects(f, false);
  log_in(f);
  hang(f, "/v3/projects");
  int64_t begun = clock_ms();
  assert_int_equal(get_within(f, false, 8000, &view, &err), -1);
  assert_int_equal(err.code, ERROR_DEADLINE);
  assert_in_range(clock_ms() - begun, 2000, 6000);
}

static void who_has_an_old_list_keeps_most_of_its_time(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e b620 a000");
  httpd_forget(f->site.httpd);
  hang(f, "/v3/projects");
  warp(601 * 1000);
  int64_t begun = clock_ms();
  expect_list(f, "c39e b620 a000"); /* of 9000 ms */
  assert_in_range(clock_ms() - begun, 2250, 4500);
  for (int i = 0; i < 10; i++)
    expect_list(f, "c39e b620 a000");
  assert_int_equal(asked(f, NULL), 2);
}

static void names_that_hang_leave_time_for_the_projects(void **state) {
  struct fixture *f = *state;
  const struct project_view *view = NULL;
  struct error err;
  open_with(f, all_names);
  log_in(f);
  hang(f, "/v3/domains");
  hang(f, "/v3/users");
  answer(f, "/v3/projects", three);
  int64_t begun = clock_ms();
  assert_int_equal(get_within(f, true, 8000, &view, &err), 0);
  assert_in_range(clock_ms() - begun, 2000, 7000);
  assert_int_equal(view->nprojects, 3);
  assert_int_equal(view->nameless.code, ERROR_DEADLINE);
  projects_put(f->projects, view);
}

/* What a token may does not change by itself; what fails may work soon. */
static void names_that_failed_are_asked_for_again_in_a_minute(void **state) {
  static const struct {
    struct httpd_answer users;
    const char *why;
    bool soon;
  } rows[] = {
      {{.status = 500}, "list of users: page 1: HTTP 500 from http://", true},
      {{.status = 403, .body = "{\"error\": {}}"},
       "the token may not list users (identity:list_users)",
       false},
      {{.body = "{\"users\": [{\"id\": \"u1\"}], \"truncated\": true}"},
       "Keystone's list_limit hides some of the users",
       false},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct httpd_answer users = rows[i].users;
    users.target = "/v3/users*";
    httpd_forget(f->site.httpd);
    site_login(&f->site, &(struct site_login){.life_s = 86400});
    httpd_add(f->site.httpd, &users);
    answer(f, "/v3/projects", three);
    answer(f, "/v3/domains", two_domains);
    open_with(f, (struct projects_options){.user_names = true});
    const struct project_view *view = view_of(f);
    assert_ptr_equal(strstr(view->nameless.text, rows[i].why),
                     view->nameless.text);
    projects_put(f->projects, view);
    size_t before = asked(f, "/v3/users");
    warp(59 * 1000);
    expect_list(f, "c39e b620 a000 (nameless)");
    assert_int_equal(asked(f, "/v3/users"), before);
    warp(2 * 1000);
    expect_list(f, "c39e b620 a000 (nameless)");
    assert_int_equal(asked(f, "/v3/users"), before + rows[i].soon);
    projects_free(f->projects);
    f->projects = NULL;
  }
}

static void a_failed_login_is_a_failed_login(void **state) {
  struct fixture *f = *state;
  struct error err;
  httpd_forget(f->site.httpd);
  httpd_add(f->site.httpd, &(struct httpd_answer){.status = 401});
  open_projects(f, false);
  assert_string_equal(list_now(f, &err), "failed");
  assert_int_equal(err.code, ERROR_LOGIN);
  assert_ptr_equal(strstr(err.text, "login at "), err.text);
  /* Session has a back-off of its own, of 10 s. */
  httpd_forget(f->site.httpd);
  site_login(&f->site, &(struct site_login){.life_s = 86400});
  answer(f, "/v3/projects", three);
  warp(11 * 1000);
  expect_list(f, "c39e b620 a000");
}

/* ---- what is not whole, or not Keystone's ------------------------------- */

static void a_proxy_s_403_is_a_failure_as_any_other(void **state) {
  static const char *const bodies[] = {"<html>403 Forbidden</html>", "",
                                       "{\"message\": \"Forbidden\"}",
                                       "{\"error\": \"Forbidden\"}"};
  struct fixture *f = *state;
  struct error err;
  open_projects(f, false);
  for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
    httpd_forget(f->site.httpd);
    site_login(&f->site, &(struct site_login){.life_s = 86400});
    httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/v3/projects*",
                                                    .status = 403,
                                                    .by_proxy = true,
                                                    .body = bodies[i]});
    warp(61 * 1000);
    assert_string_equal(list_now(f, &err), "failed");
    assert_int_equal(err.code, ERROR_STATUS);
  }
}

static void a_list_is_not_forgotten_for_a_few_denials(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e b620 a000");
  httpd_forget(f->site.httpd);
  fail_with(f, "/v3/projects", 403);
  warp(601 * 1000);
  for (int i = 0; i < 3; i++) {
    expect_list(f, "c39e b620 a000");
    warp(61 * 1000);
  }
  assert_int_equal(asked(f, "/v3/projects"), 4);
  expect_list(f, "b620 (own only)");
}

/* In a row: those of last month say nothing. */
static void a_list_that_works_forgets_the_denials(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  for (int i = 0; i < 3; i++) {
    httpd_forget(f->site.httpd);
    answer(f, "/v3/projects", three);
    site_login(&f->site, &(struct site_login){.life_s = 86400});
    expect_list(f, "c39e b620 a000");
    httpd_forget(f->site.httpd);
    fail_with(f, "/v3/projects", 403);
    warp(601 * 1000);
    for (int denials = 0; denials < 2; denials++) {
      expect_list(f, "c39e b620 a000");
      warp(61 * 1000);
    }
  }
}

/* Whoever never might is not asked more often for that. */
static void the_own_project_holds_for_ten_minutes_too(void **state) {
  struct fixture *f = *state;
  open_projects(f, false);
  fail_with(f, "/v3/projects", 403);
  for (int i = 1; i <= 3; i++) {
    expect_list(f, "b620 (own only)");
    warp(300 * 1000);
    expect_list(f, "b620 (own only)");
    assert_int_equal(asked(f, "/v3/projects"), i);
    warp(301 * 1000);
  }
}

static void users_of_one_domain_only_are_asked_for_by_domain(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct projects_options){.user_names = true});
  answer(f, "/v3/projects", three);
  answer(f, "/v3/users",
         "{\"users\": [{\"id\": \"u1\", \"name\": \"alice\","
         " \"domain_id\": \"default\"}]}");
  answer(f, "/v3/users?domain_id=default", "{\"users\": []}");
  answer(f, "/v3/users?domain_id=d2",
         "{\"users\": [{\"id\": \"u2\", \"name\": \"bob\","
         " \"domain_id\": \"d2\"}]}");
  answer(f, "/v3/users?domain_id=d3", "{\"users\": []}");
  const struct project_view *view = view_of(f);
  assert_string_equal(project_view_user(view, "u1"), "alice");
  assert_string_equal(project_view_user(view, "u2"), "bob");
  assert_int_equal(view->nameless.code, ERROR_NONE);
  projects_put(f->projects, view);
}

static void users_of_several_domains_are_asked_for_once(void **state) {
  struct fixture *f = *state;
  open_with(f, (struct projects_options){.user_names = true});
  answer(f, "/v3/projects", three);
  answer(f, "/v3/users",
         "{\"users\": [{\"id\": \"u1\", \"domain_id\": \"default\"},"
         " {\"id\": \"u2\", \"domain_id\": \"d2\"}]}");
  expect_list(f, "c39e b620 a000");
  assert_int_equal(asked(f, NULL), 2);
}

static void a_round_number_without_a_link_is_doubted(void **state) {
  struct fixture *f = *state;
  for (int n = 499; n <= 501; n++) {
    size_t size;
    char *body = NULL;
    FILE *out = open_memstream(&body, &size);
    fputs("{\"projects\": [{\"id\": \"0\"}", out);
    for (int i = 1; i < n; i++)
      fprintf(out, ", {\"id\": \"%d\"}", i);
    fputs("]}", out);
    fclose(out);
    httpd_forget(f->site.httpd);
    site_login(&f->site, &(struct site_login){.life_s = 86400});
    answer(f, "/v3/projects", body);
    open_projects(f, false);
    const struct project_view *view = view_of(f);
    assert_int_equal(view->round, n == 500 ? 500 : 0);
    projects_put(f->projects, view);
    projects_free(f->projects);
    f->projects = NULL;
    free(body);
  }
}

static void what_is_hidden_passes_no_pattern(void **state) {
  static char *items[] = {(char *)"!demo"};
  struct fixture *f = *state;
  open_with(f, (struct projects_options){.projects = {items, 1}});
  answer(f, "/v3/projects",
         "{\"projects\": [{\"id\": \"p1\"}], \"truncated\": true}");
  fail_with(f, "/v3/domains", 403);
  const struct project_view *view = view_of(f);
  assert_true(project_view_wants(view, "p1"));
  assert_false(project_view_wants(view, "f00d"));
  projects_put(f->projects, view);
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
    const struct project_view *view = NULL;
    struct error err = {0};
    const struct projects_asker asker = {.http = a->http,
                                         .deadline_ms = site_deadline(9000),
                                         .interval_ms = 300000,
                                         .must = true};
    if (projects_get(a->fixture->projects, &asker, &view, &err) != 0)
      break;
    a->n += view->nprojects;
    projects_put(a->fixture->projects, view);
  }
  return NULL;
}

static void many_at_once_ask_once(void **state) {
  struct fixture *f = *state;
  struct asker askers[THREADS];
  struct error err;
  open_projects(f, false);
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/v3/projects*",
                                                  .delay_ms = 50,
                                                  .body = three});
  for (int i = 0; i < THREADS; i++) {
    askers[i] = (struct asker){.fixture = f};
    askers[i].http = http_new(&f->site.options, f->site.rate_limit, &err);
    pthread_create(&askers[i].thread, NULL, ask, &askers[i]);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(askers[i].thread, NULL);
    http_free(askers[i].http);
    assert_int_equal(askers[i].n, 60);
  }
  assert_int_equal(asked(f, NULL), 1);
}

static void who_waited_for_a_failure_does_not_ask_as_well(void **state) {
  struct fixture *f = *state;
  struct asker askers[THREADS];
  struct error err;
  open_projects(f, false);
  httpd_add(f->site.httpd, &(struct httpd_answer){.target = "/v3/projects*",
                                                  .delay_ms = 500,
                                                  .status = 503});
  for (int i = 0; i < THREADS; i++) {
    askers[i] = (struct asker){.fixture = f};
    askers[i].http = http_new(&f->site.options, f->site.rate_limit, &err);
    pthread_create(&askers[i].thread, NULL, ask, &askers[i]);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(askers[i].thread, NULL);
    http_free(askers[i].http);
    assert_int_equal(askers[i].n, 0);
  }
  assert_int_equal(asked(f, NULL), 1);
}

static void begin_asker(struct fixture *f, struct asker *a) {
  struct error err;
  *a = (struct asker){.fixture = f};
  a->http = http_new(&f->site.options, f->site.rate_limit, &err);
  pthread_create(&a->thread, NULL, ask, a);
}

static void end_asker(struct asker *a) {
  http_stop(a->http);
  pthread_join(a->thread, NULL);
  http_free(a->http);
}

static void the_old_list_serves_while_another_asks(void **state) {
  struct fixture *f = *state;
  struct asker asker;
  open_projects(f, false);
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e b620 a000");
  httpd_forget(f->site.httpd);
  hang(f, "/v3/projects");
  warp(601 * 1000);
  begin_asker(f, &asker);
  assert_true(httpd_wait(f->site.httpd, 3)); /* a login, and two lists */
  int64_t begun = clock_ms();
  for (int i = 0; i < 10; i++)
    expect_list(f, "c39e b620 a000");
  assert_in_range(clock_ms() - begun, 0, 1000);
  end_asker(&asker);
  assert_int_equal(asked(f, NULL), 2);
}

/* The first of all, while the clock is the kernel's: it waits there. */
static void who_waits_for_another_waits_for_its_own_time(void **state) {
  struct fixture *f = *state;
  struct asker asker;
  const struct project_view *view = NULL;
  struct error err;
  open_projects(f, false);
  hang(f, "/v3/projects");
  begin_asker(f, &asker);
  assert_true(httpd_wait(f->site.httpd, 2));
  int64_t begun = clock_ms();
  assert_int_equal(get_within(f, false, 2400, &view, &err), -1);
  assert_in_range(clock_ms() - begun, 600, 2000);
  assert_int_equal(err.code, ERROR_DEADLINE);
  assert_non_null(strstr(err.text, "while another walk asks"));
  assert_int_equal(asked(f, NULL), 1);
  end_asker(&asker);
  /* The other's end was no failure of Keystone's. */
  httpd_forget(f->site.httpd);
  answer(f, "/v3/projects", three);
  expect_list(f, "c39e b620 a000");
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest tests[] = {
    TEST(who_waits_for_another_waits_for_its_own_time),
    TEST(a_project_s_id_is_one_segment),
    TEST(all_domains_projects_in_one_request),
    TEST(the_list_is_shared_for_ten_minutes),
    TEST(a_view_in_use_outlives_its_successor),
    TEST(odd_entries_are_left_out),
    TEST(an_earlier_error_of_the_caller_s_means_nothing),
    TEST(disabled_projects_and_domains_can_be_left_out),
    TEST(who_may_not_list_domains_sees_their_projects),
    TEST(who_may_not_list_projects_has_his_own),
    TEST(who_has_none_either_is_denied),
    TEST(pages_are_followed),
    TEST(recorded_pages_are_followed),
    TEST(a_page_that_leads_to_itself_is_a_failure),
    TEST(a_truncated_list_is_asked_for_by_domain),
    TEST(what_is_still_truncated_is_told),
    TEST(a_truncated_list_without_domains_stays_what_it_is),
    TEST(by_domain_leaves_out_the_disabled_as_well),
    TEST(what_one_domain_denies_is_hidden),
    TEST(many_projects_are_all_there),
    TEST(projects_of_one_name_know_it),
    TEST(a_project_may_be_of_no_domain),
    TEST(projects_domains_and_users_have_names),
    TEST(what_may_not_be_listed_has_no_name),
    TEST(names_are_never_worth_a_failure),
    TEST(names_outlast_a_listing_that_fails),
    TEST(users_that_are_cut_off_are_asked_for_by_domain),
    TEST(the_own_project_is_named_by_the_token),
    TEST(the_first_reason_for_missing_names_is_told),
    TEST(a_pattern_that_fits_nothing_is_told),
    TEST(a_project_passes_by_id_or_name_and_by_its_domain),
    TEST(records_of_disabled_projects_are_judged_by_name),
    TEST(names_of_domains_in_identities_need_the_domains),
    TEST(a_domain_pattern_needs_the_domains),
    TEST(nothing_but_the_own_project_passes_where_it_is_all_that_is_known),
    TEST(a_token_of_a_domain_knows_its_projects_alone),
    TEST(a_refused_token_is_renewed),
    TEST(each_failure_says_what_it_is),
    TEST(the_old_list_serves_while_keystone_fails),
    TEST(a_failure_is_remembered_for_a_minute),
    TEST(a_failure_is_remembered_for_a_cycle_and_a_half),
    TEST(a_deadline_is_remembered_for_those_with_as_little_time),
    TEST(who_can_do_without_keeps_most_of_its_time),
    TEST(who_has_an_old_list_keeps_most_of_its_time),
    TEST(names_that_hang_leave_time_for_the_projects),
    TEST(names_that_failed_are_asked_for_again_in_a_minute),
    TEST(a_failed_login_is_a_failed_login),
    TEST(a_proxy_s_403_is_a_failure_as_any_other),
    TEST(a_list_is_not_forgotten_for_a_few_denials),
    TEST(a_list_that_works_forgets_the_denials),
    TEST(the_own_project_holds_for_ten_minutes_too),
    TEST(users_of_one_domain_only_are_asked_for_by_domain),
    TEST(users_of_several_domains_are_asked_for_once),
    TEST(a_round_number_without_a_link_is_doubted),
    TEST(what_is_hidden_passes_no_pattern),
    TEST(many_at_once_ask_once),
    TEST(who_waited_for_a_failure_does_not_ask_as_well),
    TEST(the_old_list_serves_while_another_asks),
    TEST(a_stop_is_told_even_with_an_old_list),
};

int main(void) {
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
