/*
 * pass: a listing that is asked for once per project, side by side.
 */
#include "stub/passing.h"

#include "meter/pieces.h"
#include "share/member.h"
#include "share/shard.h"
#include "walk/progress.h"
#include "walk/verdict.h"

#include "base/clock.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* As Swift's. */
static const struct listing accounts = {
    .name = "accounts",
    .path = "/v1/{prefix}{project}?format=json",
    .scope = LISTING_PROJECT,
    .record = "[]",
    .paging = {.kind = PAGING_MARKER,
               .marker = "name",
               .total_header = "x-containers"},
    .id = "{@project}/{name}",
    .absent = {404, 410},
};
static const struct meter meters[] = {
    {.name = "n", .from = &accounts, .of = METER_HEADERS, .value = "x-objects"},
    {.name = "c", .from = &accounts, .value = "count"},
    {.name = NULL}};
static const struct meter head_meters[] = {
    {.name = "n", .from = &accounts, .of = METER_HEADERS, .value = "x-objects"},
    {.name = NULL}};

enum { MOST = 60 };

struct fixture {
  struct passing passing;
  struct http_options options; /* of the transfers; the session has its own */
  char *ids[MOST];
  struct asked asked[MOST];
};

/* So many side by side. */
static void widen(struct fixture *f, size_t width) {
  struct site *site = &f->passing.site;
  struct error err;
  http_free(site->http);
  f->options = (struct http_options){.timeout_ms = 5000, .width = width};
  f->passing.plan.width = width;
  site->http = http_new(&f->options, site->rate_limit, &err);
  assert_non_null(site->http);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  passing_open(&f->passing);
  for (int i = 0; i < MOST; i++)
    f->ids[i] = text_printf("p%02d", i);
  for (int i = 0; i < MOST; i++)
    f->asked[i] = (struct asked){.id = f->ids[i], .project = f->ids[i]};
  f->passing.plan.asked = f->asked;
  widen(f, 1); /* one after the other, unless ... */
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  passing_close(&f->passing);
  for (int i = 0; i < MOST; i++)
    free(f->ids[i]);
  free(f);
  return 0;
}

static void account(struct fixture *f, const char *project, int status,
                    unsigned times) {
  char *target = text_printf("/v1/AUTH_%s?*", project);
  httpd_add(f->passing.site.httpd,
            &(struct httpd_answer){.target = target,
                                   .need = "X-Auth-Token",
                                   .status = status,
                                   .times = times});
  free(target);
}

/* All other projects: two containers each. */
static void other_accounts(struct fixture *f) {
  httpd_add(f->passing.site.httpd,
            &(struct httpd_answer){
                .target = "/v1/AUTH_*?format=json",
                .need = "X-Auth-Token",
                .headers = "X-Objects: 9\r\nX-Containers: 2\r\n",
                .body = "[{\"name\": \"a\", \"count\": 4, \"bytes\": 1},"
                        " {\"name\": \"b\", \"count\": 5}]"});
}

static int run(struct fixture *f, size_t nprojects) {
  f->passing.plan.nasked = nprojects;
  return passing_run(&f->passing, meters);
}

/* How often the samples of a project came. */
static int seen(struct fixture *f, int project) {
  char text[40];
  int n = 0;
  snprintf(text, sizeof(text), "c p%02d/a 4@p%02d\n", project, project);
  for (const char *at = f->passing.samples; (at = strstr(at, text)) != NULL;
       at++)
    n++;
  return n;
}

static void assert_all_but(struct fixture *f, int n, int missing) {
  for (int i = 0; i < n; i++)
    assert_int_equal(seen(f, i), i == missing ? 0 : 1);
}

/* ---- a round ------------------------------------------------------------ */

static void each_project_is_asked_once(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  other_accounts(f);
  assert_int_equal(run(f, 3), 0);
  assert_string_equal(p->samples,
                      "c p00/a 4@p00\nc p00/b 5@p00\nn p00 9@p00\n"
                      "c p01/a 4@p01\nc p01/b 5@p01\nn p01 9@p01\n"
                      "c p02/a 4@p02\nc p02/b 5@p02\nn p02 9@p02\n");
  assert_int_equal(p->result.asked, 3);
  assert_int_equal(p->result.records, 6);
  assert_int_equal(p->result.next_asked, 0);
  assert_false(p->result.cut);
  assert_int_equal(passing_asked(p, NULL), 3);
  assert_int_equal(passing_asked(p, "/v1/AUTH_p01?format=json"), 1);
  assert_int_equal(httpd_connections(p->site.httpd), 2); /* and Keystone's */
}

static void side_by_side_as_wide_as_allowed(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  widen(f, 5);
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/v1/AUTH_*",
                                   .delay_ms = 10,
                                   .headers = "X-Containers: 1\r\n",
                                   .body = "[{\"name\": \"a\", \"count\": "
                                           "4}]"});
  assert_int_equal(run(f, MOST), 0);
  assert_all_but(f, MOST, -1);
  assert_in_range(httpd_most(p->site.httpd), 2, 5);
  assert_int_equal(passing_asked(p, NULL), MOST);
  assert_int_equal(httpd_connections(p->site.httpd), 6);
  assert_int_equal(site_logins(&p->site), 1);
}

static void a_project_s_pages_follow_one_another(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  httpd_add(p->site.httpd, &(struct httpd_answer){
                               .target = "/v1/AUTH_p01?format=json",
                               .headers = "X-Containers: 3\r\nX-Objects: 7\r\n",
                               .body = "[{\"name\": \"a\", \"count\": 1},"
                                       " {\"name\": \"b\", \"count\": 2}]"});
  httpd_add(p->site.httpd, &(struct httpd_answer){
                               .target = "/v1/AUTH_p01?format=json&marker=b",
                               .headers = "X-Containers: 3\r\nX-Objects: 7\r\n",
                               .body = "[{\"name\": \"z\", \"count\": 4}]"});
  other_accounts(f);
  widen(f, 3);
  assert_int_equal(run(f, 10), 0);
  assert_non_null(strstr(p->samples, "c p01/z 4@p01\n"));
  /* One value for the account, not one for each page. */
  const char *once = strstr(p->samples, "n p01 7@p01\n");
  assert_non_null(once);
  assert_null(strstr(once + 1, "n p01"));
  assert_int_equal(passing_asked(p, NULL), 11);
  assert_int_equal(p->result.asked, 10);
  assert_int_equal(p->result.pages, 11);
}

static void headers_alone_are_asked_for_by_head(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  other_accounts(f);
  p->plan.nasked = 4;
  assert_int_equal(passing_run(p, head_meters), 0);
  assert_string_equal(p->samples, "n p00 9@p00\nn p01 9@p01\nn p02 9@p02\n"
                                  "n p03 9@p03\n");
  assert_int_equal(httpd_count(p->site.httpd, "HEAD", NULL), 4);
  assert_int_equal(passing_asked(p, NULL), 0);
}

static void no_projects_are_no_requests(void **state) {
  struct fixture *f = *state;
  assert_int_equal(run(f, 0), 0);
  assert_int_equal(httpd_connections(f->passing.site.httpd), 0);
  assert_int_equal(f->passing.result.next_asked, 0);
}

static void an_id_is_encoded_in_the_path(void **state) {
  struct fixture *f = *state;
  const struct asked asked = {.id = "a/../b?c"};
  f->passing.plan.asked = &asked;
  other_accounts(f);
  run(f, 1);
  assert_int_equal(
      passing_asked(&f->passing, "/v1/AUTH_a%2F..%2Fb%3Fc?format=json"), 1);
}

/* As the RADOS gateway calls the user of a project, with tenants or without. */
static void a_uid_is_the_project_s_with_its_tenant(void **state) {
  static const struct listing usage = {.name = "usage",
                                       .path = "/usage?uid={uid}",
                                       .scope = LISTING_PROJECT,
                                       .record = "[]",
                                       .id = "name"};
  static const struct meter usage_meters[] = {{.name = "u", .from = &usage},
                                              {.name = NULL}};
  struct fixture *f = *state;
  f->passing.plan.nasked = 1;
  passing_answer(&f->passing, "/usage*", "[]");
  for (int tenants = 0; tenants < 2; tenants++) {
    f->passing.access.implicit_tenants = tenants;
    assert_int_equal(passing_run(&f->passing, usage_meters), 0);
    assert_int_equal(passing_asked(&f->passing, tenants ? "/usage?uid=p00%24p00"
                                                        : "/usage?uid=p00"),
                     1);
  }
}

/* ---- projects without anything ------------------------------------------ */

static void who_has_nothing_is_no_failure(void **state) {
  struct fixture *f = *state;
  account(f, "p01", 404, 0);
  account(f, "p03", 410, 0);
  other_accounts(f);
  assert_int_equal(run(f, 5), 0);
  assert_int_equal(f->passing.result.absent, 2);
  assert_int_equal(f->passing.result.asked, 5);
  assert_int_equal(f->passing.result.failed, 0);
  assert_null(strstr(f->passing.samples, "p01"));
  assert_int_equal(seen(f, 4), 1);
}

/* Swift may answer so of an account without containers. */
static void no_content_is_no_containers(void **state) {
  struct fixture *f = *state;
  httpd_add(f->passing.site.httpd,
            &(struct httpd_answer){.target = "/v1/AUTH_p00*",
                                   .status = 204,
                                   .headers = "X-Objects: 0\r\n"
                                              "X-Containers: 0\r\n",
                                   .type = "text/plain"});
  assert_int_equal(run(f, 1), 0);
  assert_string_equal(f->passing.samples, "n p00 0@p00\n");
}

/* Nor is a body that was to come and did not, or a page of a proxy's. */
static void no_containers_are_a_list_without_any(void **state) {
  static const char *const bodies[] = {"", "[", "<html>", "{}"};
  struct fixture *f = *state;
  for (size_t i = 0; i < 4; i++) {
    httpd_forget(f->passing.site.httpd);
    site_login(&f->passing.site, &(struct site_login){.life_s = 0});
    httpd_add(f->passing.site.httpd,
              &(struct httpd_answer){.target = "/v1/AUTH_p00*",
                                     .headers = "X-Objects: 0\r\n"
                                                "X-Containers: 0\r\n",
                                     .body = bodies[i]});
    assert_int_equal(run(f, 1), -1);
    assert_int_equal(f->passing.error.code, ERROR_PARSE);
    assert_string_equal(f->passing.samples, "");
  }
}

static void what_a_project_lacks_is_not_the_one_s_before(void **state) {
  struct fixture *f = *state;
  httpd_add(f->passing.site.httpd,
            &(struct httpd_answer){.target = "/v1/AUTH_p01*",
                                   .headers = "X-Containers: 1\r\n",
                                   .body = "[{\"name\": \"a\"}]"});
  other_accounts(f);
  assert_int_equal(run(f, 2), 0);
  assert_string_equal(f->passing.samples,
                      "c p00/a 4@p00\nc p00/b 5@p00\nn p00 9@p00\n");
}

static void who_is_denied_is_counted(void **state) {
  struct fixture *f = *state;
  account(f, "p02", 403, 0);
  other_accounts(f);
  assert_int_equal(run(f, 5), 0);
  assert_int_equal(f->passing.result.denied, 1);
  assert_int_equal(f->passing.result.asked, 5);
  assert_all_but(f, 5, 2);
}

static void nothing_for_anybody_is_a_failure(void **state) {
  static const struct {
    int first, second;
    enum error_code code;
    const char *text;
  } rows[] = {
      {404, 404, ERROR_STATUS, "no project of 3 has anything here (HTTP 404"},
      {410, 410, ERROR_STATUS, "(HTTP 410 from http://127.0.0.1"},
      {403, 403, ERROR_DENIED, "3 of 3 projects denied"},
      {404, 403, ERROR_DENIED, "2 of 3 projects denied, and none has"},
      {403, 404, ERROR_DENIED, "1 of 3 projects denied, and none has"},
  };
  struct fixture *f = *state;
  f->passing.plan.doubt = "is it right?";
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    httpd_forget(f->passing.site.httpd);
    site_login(&f->passing.site, &(struct site_login){.life_s = 0});
    account(f, "p00", rows[i].first, 0);
    account(f, "*", rows[i].second, 0);
    assert_int_equal(run(f, 3), -1);
    assert_int_equal(f->passing.error.code, rows[i].code);
    assert_non_null(strstr(f->passing.error.text, rows[i].text));
    if (rows[i].code == ERROR_STATUS)
      assert_non_null(strstr(f->passing.error.text, ": is it right?"));
    assert_int_equal(f->passing.result.asked, 3);
  }
  httpd_forget(f->passing.site.httpd);
  site_login(&f->passing.site, &(struct site_login){.life_s = 0});
  account(f, "p00", 404, 0);
  account(f, "p01", 403, 0);
  other_accounts(f);
  assert_int_equal(run(f, 3), 0);
}

static void by_proxy(struct fixture *f, const char *project, int status) {
  char *target = text_printf("/v1/AUTH_%s?*", project);
  httpd_add(f->passing.site.httpd, &(struct httpd_answer){.target = target,
                                                          .status = status,
                                                          .by_proxy = true});
  free(target);
}

static void what_a_proxy_says_of_a_project_is_a_failure(void **state) {
  static const int statuses[] = {403, 404, 410};
  struct fixture *f = *state;
  for (size_t i = 0; i < 3; i++) {
    httpd_forget(f->passing.site.httpd);
    site_login(&f->passing.site, &(struct site_login){.life_s = 0});
    by_proxy(f, "p02", statuses[i]);
    other_accounts(f);
    assert_int_equal(run(f, 5), -1);
    assert_int_equal(f->passing.error.code, ERROR_STATUS);
    assert_int_equal(f->passing.result.denied + f->passing.result.absent, 0);
    assert_int_equal(f->passing.result.failed, 1);
    assert_all_but(f, 5, 2);
  }
}

static void what_a_proxy_says_of_all_is_the_service_s_failure(void **state) {
  struct fixture *f = *state;
  by_proxy(f, "*", 403);
  assert_int_equal(run(f, MOST), -1);
  assert_int_equal(f->passing.error.code, ERROR_STATUS);
  assert_non_null(strstr(f->passing.error.text, "a proxy's answer"));
  assert_int_equal(passing_asked(&f->passing, NULL), 3);
}

static void denied_everywhere_ends_the_round_early(void **state) {
  struct fixture *f = *state;
  account(f, "*", 403, 0);
  assert_int_equal(run(f, MOST), -1);
  assert_int_equal(f->passing.error.code, ERROR_DENIED);
  assert_non_null(strstr(f->passing.error.text, "HTTP 403"));
  assert_int_equal(passing_asked(&f->passing, NULL), 8);
}

static void let_in(struct fixture *f, const char *project) {
  char *target = text_printf("/v1/AUTH_%s*", project);
  httpd_add(f->passing.site.httpd,
            &(struct httpd_answer){.target = target,
                                   .headers = "X-Containers: 0\r\n",
                                   .body = "[]"});
  free(target);
}

/* A token without the role is let in to its own project. */
static void its_own_project_makes_no_difference(void **state) {
  struct fixture *f = *state;
  let_in(f, "p02");
  account(f, "*", 403, 0);
  assert_int_equal(run(f, MOST), -1);
  assert_int_equal(f->passing.error.code, ERROR_DENIED);
  assert_int_equal(passing_asked(&f->passing, NULL), 9);
}

static void a_token_let_in_by_two_may_be_by_more(void **state) {
  struct fixture *f = *state;
  let_in(f, "p00");
  let_in(f, "p01");
  account(f, "*", 403, 0);
  assert_int_equal(run(f, MOST), 0);
  assert_int_equal(f->passing.result.denied, MOST - 2);
}

/* 404 says nothing of the token. */
static void who_has_nothing_has_let_nobody_in(void **state) {
  struct fixture *f = *state;
  account(f, "p0[0-4]", 404, 0);
  account(f, "*", 403, 0);
  assert_int_equal(run(f, MOST), -1);
  assert_int_equal(f->passing.error.code, ERROR_DENIED);
  assert_int_equal(passing_asked(&f->passing, NULL), 5 + 8);
}

static void some_denied_among_many_are_no_reason(void **state) {
  struct fixture *f = *state;
  let_in(f, "p0[0-3]");
  account(f, "p[1-4]*", 403, 0);
  other_accounts(f);
  assert_int_equal(run(f, MOST), 0);
  assert_int_equal(f->passing.result.denied, 40);
  assert_int_equal(seen(f, 59), 1);
}

/* Half a sum is a wrong number. */
static void only_a_whole_pass_has_totals(void **state) {
  static const struct {
    struct pass_result result;
    bool torn, partial, totals;
  } rows[] = {{.totals = true},
              {.result = {.asked = 5, .absent = 4, .odd = 1}, .totals = true},
              {.result = {.denied = 1}},
              {.result = {.failed = 1}},
              {.result = {.blind = true}},
              {.result = {.truncated = true}},
              {.result = {.cut = true}},
              {.torn = true},
              {.partial = true}};
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const struct pass_plan plan = {.partial = rows[i].partial};
    const struct progress at = {.torn = rows[i].torn};
    assert_int_equal(verdict_has_totals(&plan, &at, &rows[i].result),
                     rows[i].totals);
  }
}

/* ---- failures ----------------------------------------------------------- */

static void one_failing_project_does_not_fail_the_others(void **state) {
  struct fixture *f = *state;
  account(f, "p02", 500, 0);
  other_accounts(f);
  assert_int_equal(run(f, 6), -1);
  assert_int_equal(f->passing.error.code, ERROR_STATUS);
  assert_memory_equal(f->passing.error.text, "project p02: HTTP 500 from ", 27);
  assert_int_equal(f->passing.result.failed, 1);
  assert_int_equal(f->passing.result.asked, 5);
  assert_false(f->passing.result.cut);
  assert_all_but(f, 6, 2);
}

static void a_failure_on_a_later_page_says_so(void **state) {
  struct fixture *f = *state;
  httpd_add(f->passing.site.httpd,
            &(struct httpd_answer){.target = "/v1/AUTH_p01?*marker=b",
                                   .headers = "X-Containers: 3\r\n",
                                   .body = "[{\"name\": \"c\"",
                                   .end = HTTPD_CLOSE});
  httpd_add(f->passing.site.httpd,
            &(struct httpd_answer){.target = "/v1/AUTH_p01?format=json",
                                   .headers = "X-Containers: 3\r\n",
                                   .body = "[{\"name\": \"a\", \"count\": 4},"
                                           " {\"name\": \"b\"}]"});
  other_accounts(f);
  assert_int_equal(run(f, 4), -1);
  assert_int_equal(f->passing.error.code, ERROR_PARSE);
  assert_memory_equal(f->passing.error.text, "project p01: page 2: ", 21);
  assert_all_but(f, 4, -1);
}

/* What a later page lacks was there before. */
static void what_vanishes_in_the_middle_is_a_failure(void **state) {
  struct fixture *f = *state;
  httpd_add(f->passing.site.httpd, &(struct httpd_answer){.target = "*marker=b",
                                                          .status = 404,
                                                          .body = "{}"});
  httpd_add(f->passing.site.httpd,
            &(struct httpd_answer){.target = "/v1/AUTH_p01*",
                                   .headers = "X-Containers: 3\r\n",
                                   .body = "[{\"name\": \"b\"}]"});
  other_accounts(f);
  assert_int_equal(run(f, 3), -1);
  assert_int_equal(f->passing.error.code, ERROR_STATUS);
  assert_int_equal(f->passing.result.failed, 1);
  assert_int_equal(f->passing.result.absent, 0);
}

static void failures_here_and_there_do_not_end_it(void **state) {
  struct fixture *f = *state;
  account(f, "p?[05]", 503, 0);
  account(f, "p?[16]", 503, 0);
  other_accounts(f);
  assert_int_equal(run(f, MOST), -1);
  assert_int_equal(f->passing.result.failed, 24);
  assert_int_equal(f->passing.result.asked, 36);
  assert_int_equal(seen(f, 59), 1);
}

static void three_in_a_row_are_the_service_s_failure(void **state) {
  struct fixture *f = *state;
  account(f, "p0[4-9]", 500, 0);
  other_accounts(f);
  assert_int_equal(run(f, MOST), -1);
  assert_memory_equal(f->passing.error.text, "project p04: HTTP 500", 21);
  assert_int_equal(passing_asked(&f->passing, NULL), 7);
  assert_int_equal(f->passing.result.asked, 4);
  assert_int_equal(f->passing.result.failed, 3);
  assert_true(f->passing.result.cut);
  /* The next round tries the others first. */
  assert_int_equal(f->passing.result.next_asked, 7);
}

static void a_dead_service_costs_three_requests(void **state) {
  struct fixture *f = *state;
  httpd_add(f->passing.site.httpd, &(struct httpd_answer){.method = "GET",
                                                          .mute = true,
                                                          .end = HTTPD_RESET});
  assert_int_equal(run(f, MOST), -1);
  assert_int_equal(f->passing.error.code, ERROR_TRANSPORT);
  assert_int_equal(passing_asked(&f->passing, NULL), 3);
}

static void a_failed_login_ends_the_round(void **state) {
  struct fixture *f = *state;
  httpd_forget(f->passing.site.httpd);
  httpd_add(f->passing.site.httpd, &(struct httpd_answer){.status = 401});
  widen(f, 4);
  assert_int_equal(run(f, MOST), -1);
  assert_int_equal(f->passing.error.code, ERROR_LOGIN);
  assert_null(strstr(f->passing.error.text, "project p"));
  assert_int_equal(passing_asked(&f->passing, NULL), 0);
  assert_int_equal(site_logins(&f->passing.site), 1);
}

/* ---- tokens and pauses -------------------------------------------------- */

static void many_refusals_at_once_cost_one_login(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  widen(f, 8);
  httpd_add(p->site.httpd, &(struct httpd_answer){.target = "/v1/AUTH_*",
                                                  .need = "token-1",
                                                  .delay_ms = 20,
                                                  .status = 401});
  other_accounts(f);
  assert_int_equal(run(f, MOST), 0);
  assert_all_but(f, MOST, -1);
  assert_int_equal(p->result.records, 2 * MOST);
  assert_int_equal(site_logins(&p->site), 2);
  assert_true(passing_asked(p, NULL) <= MOST + 8);
}

static void refused_for_ever_is_a_failure(void **state) {
  struct fixture *f = *state;
  widen(f, 4);
  account(f, "*", 401, 0);
  assert_int_equal(run(f, MOST), -1);
  assert_int_equal(f->passing.error.code, ERROR_STATUS);
  assert_non_null(strstr(f->passing.error.text, "HTTP 401"));
  assert_int_equal(site_logins(&f->passing.site), 2);
  assert_true(passing_asked(&f->passing, NULL) <= 16);
}

/* Each has its tries, whatever those before it took. */
static void one_project_s_refusals_are_not_the_others(void **state) {
  struct fixture *f = *state;
  account(f, "p00", 401, 2);
  account(f, "p01", 401, 1);
  account(f, "p02", 401, 1);
  other_accounts(f);
  assert_int_equal(run(f, 4), 0);
  assert_all_but(f, 4, -1);
}

/* One overloaded account is no reason to leave the others waiting. */
static void one_project_s_pause_is_not_the_others(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  widen(f, 2);
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/v1/AUTH_p01*",
                                   .status = 429,
                                   .headers = "Retry-After: 2\r\n",
                                   .times = 1});
  other_accounts(f);
  int64_t begun = clock_ms();
  assert_int_equal(run(f, MOST), 0);
  assert_all_but(f, MOST, -1);
  int64_t last =
      httpd_get(p->site.httpd, "GET", "/v1/AUTH_p59?format=json", 0).at_ms;
  assert_true(last - begun < 2000);
  assert_true(
      httpd_get(p->site.httpd, "GET", "/v1/AUTH_p01?format=json", 1).at_ms -
          begun >=
      2000);
}

static void a_pause_is_waited_for_and_nobody_lost(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  widen(f, 2);
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/v1/AUTH_p01*",
                                   .status = 429,
                                   .headers = "Retry-After: 1\r\n",
                                   .times = 1});
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/v1/AUTH_p00*",
                                   .status = 429,
                                   .headers = "Retry-After: 2\r\n",
                                   .times = 1});
  other_accounts(f);
  int64_t begun = clock_ms();
  assert_int_equal(run(f, 6), 0);
  assert_true(clock_ms() - begun >= 2000);
  int64_t second =
      httpd_get(p->site.httpd, "GET", "/v1/AUTH_p01?format=json", 1).at_ms;
  assert_true(second - begun >= 1000 && second - begun < 2000);
  assert_all_but(f, 6, -1);
}

static char *lose_shard(void *arg, const char *target) {
  uint64_t *parts = arg;
  (void)target;
  *parts = MEMBER_ALL & ~((uint64_t)1 << shard_of("p00"));
  return strdup("{}");
}

/* Who has become another daemon's is not asked again, nor waited for. */
static void a_pause_of_who_has_moved_is_nobody_s(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  uint64_t parts = MEMBER_ALL;
  p->plan.unit.n = SHARDS;
  p->plan.parts = &parts;
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/v1/AUTH_p00*",
                                   .status = 429,
                                   .headers = "Retry-After: 3\r\n",
                                   .make = lose_shard,
                                   .arg = &parts});
  other_accounts(f);
  int64_t begun = clock_ms();
  assert_int_equal(run(f, 6), 0);
  assert_true(clock_ms() - begun < 3000);
  assert_int_equal(passing_asked(p, "/v1/AUTH_p00*"), 1);
  assert_int_equal(seen(f, 5), shard_of("p05") != shard_of("p00"));
}

/* ---- rounds that are cut short ------------------------------------------ */

static void the_next_round_goes_on_where_the_last_was_cut(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  int asked[MOST] = {0};
  size_t rounds = 0;
  httpd_add(p->site.httpd, &(struct httpd_answer){
                               .target = "/v1/AUTH_*",
                               .delay_ms = 30,
                               .headers = "X-Containers: 1\r\n",
                               .body = "[{\"name\": \"a\", \"count\": 4}]"});
  widen(f, 3);
  for (size_t done = 0; done < 40; done += p->result.asked) {
    assert_true(++rounds < 20);
    p->plan.deadline_ms = site_deadline(150);
    assert_int_equal(run(f, 40), -1);
    assert_int_equal(p->error.code, ERROR_DEADLINE);
    assert_true(p->result.cut);
    assert_int_equal(p->result.failed, 0);
    for (int i = 0; i < 40; i++)
      asked[i] += seen(f, i);
    p->plan.first_asked = p->result.next_asked;
  }
  assert_true(rounds > 1);
  /* Nobody starves, and nobody comes again before all had their turn; a few
   * that flew beside the one that was broken off do. */
  for (int i = 0; i < 40; i++)
    assert_true(asked[i] >= 1 && asked[i] <= 2);
}

/* ---- a pass of several walks -------------------------------------------- */

static const struct meter progress_meters[] = {
    {.name = "c", .from = &accounts, .value = "count"},
    {.name = "sum", .from = &accounts, .value = "count", .total = TOTAL_SUM},
    {.name = NULL}};

/* Each is asked once, and the total counts each of them once. */
static void a_pass_takes_several_walks(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  struct progress progress = {0};
  int asked[MOST] = {0};
  other_accounts(f);
  widen(f, 3);
  p->plan.progress = &progress;
  p->plan.nasked = 10;
  p->plan.most = 4;
  for (int walk = 0; walk < 3; walk++) {
    assert_int_equal(passing_run(p, progress_meters), 0);
    assert_int_equal(p->result.cut, walk < 2);
    assert_int_equal(progress.begun, walk < 2);
    assert_int_equal(p->result.asked, walk < 2 ? 4 * (walk + 1) : 10);
    for (int i = 0; i < 10; i++)
      asked[i] += seen(f, i);
    const char *sum = strstr(p->samples, "sum total ");
    assert_int_equal(sum != NULL, walk == 2);
    if (sum != NULL) /* 4 and 5 of each */
      assert_memory_equal(sum, "sum total 90\n", 13);
  }
  for (int i = 0; i < 10; i++)
    assert_int_equal(asked[i], 1);
  progress_clear(&progress);
}

static const struct listing cut_lists = {
    .name = "things",
    .path = "/v1/{prefix}{project}/things",
    .scope = LISTING_PROJECT,
    .record = "things[]",
    .paging = {.kind = PAGING_NONE, .truncated = "truncated"},
    .id = "id",
};
static const struct meter cut_meters[] = {
    {.name = "t", .from = &cut_lists},
    {.name = "sum", .from = &cut_lists, .total = TOTAL_COUNT},
    {.name = NULL}};

/* A list that was cut off in an earlier walk leaves the pass without totals. */
static void what_an_earlier_walk_found_cut_off_has_no_total(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  struct progress progress = {0};
  p->plan.progress = &progress;
  p->plan.nasked = 3;
  p->plan.most = 1;
  for (int cut = 3; cut >= 0; cut--) { /* that of nobody in the last round */
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    for (int i = 0; i < 3; i++) {
      char *target = text_printf("/v1/AUTH_p%02d/things", i);
      passing_answer(p, target,
                     i == cut ? "{\"things\": [{\"id\": \"a\"}],"
                                " \"truncated\": true}"
                              : "{\"things\": [{\"id\": \"b\"}]}");
      free(target);
    }
    for (int walk = 0; walk < 3; walk++)
      assert_int_equal(passing_run(p, cut_meters), 0);
    assert_false(progress.begun);
    assert_int_equal(p->result.truncated, cut < 3);
    assert_int_equal(strstr(p->samples, "sum") != NULL, cut == 3);
  }
  progress_clear(&progress);
}

/* One that the deadline breaks off is asked first by the next walk, and what
 * one had failed is in no total. */
static void a_walk_goes_on_with_whom_the_deadline_broke_off(void **state) {
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  struct progress progress = {0};
  httpd_add(p->site.httpd, &(struct httpd_answer){.target = "/v1/AUTH_p01?*",
                                                  .times = 1,
                                                  .mute = true,
                                                  .end = HTTPD_HANG});
  account(f, "p03", 500, 1);
  other_accounts(f);
  p->plan.progress = &progress;
  p->plan.nasked = 4;
  p->plan.deadline_ms = site_deadline(500);
  assert_int_equal(passing_run(p, progress_meters), 0);
  assert_string_equal(p->samples, "c p00/a 4@p00\nc p00/b 5@p00\n");
  p->plan.deadline_ms = site_deadline(20000);
  assert_int_equal(passing_run(p, progress_meters), -1);
  assert_memory_equal(p->error.text, "project p03: HTTP 500", 21);
  assert_string_equal(p->samples, "c p01/a 4@p01\nc p01/b 5@p01\n"
                                  "c p02/a 4@p02\nc p02/b 5@p02\n");
  assert_false(progress.begun);
  assert_int_equal(p->result.twins, 0);
  progress_clear(&progress);
}

static void hang_once(struct fixture *f, const char *target, unsigned times) {
  httpd_add(f->passing.site.httpd, &(struct httpd_answer){.target = target,
                                                          .times = times,
                                                          .mute = true,
                                                          .end = HTTPD_HANG});
}

/* Its first page comes twice: nothing of it is sent again, nor is it taken for
 * a listing that begins anew. A total may have half of it twice. */
static void who_is_broken_off_in_the_middle_is_sent_once(void **state) {
  static const struct meter each[] = {
      {.name = "c", .from = &accounts, .value = "count"},
      {.name = "n",
       .from = &accounts,
       .of = METER_HEADERS,
       .value = "x-objects"},
      {.name = "sum", .from = &accounts, .value = "count", .total = TOTAL_SUM},
      {.name = NULL}};
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  struct progress progress = {0};
  hang_once(f, "*AUTH_p00*marker=b", 1);
  httpd_add(p->site.httpd, &(struct httpd_answer){
                               .target = "*marker=b",
                               .headers = "X-Containers: 3\r\n",
                               .body = "[{\"name\": \"z\", \"count\": 4}]"});
  httpd_add(p->site.httpd, &(struct httpd_answer){
                               .target = "/v1/AUTH_p00*",
                               .headers = "X-Containers: 3\r\nX-Objects: 7\r\n",
                               .body = "[{\"name\": \"a\", \"count\": 1},"
                                       " {\"name\": \"b\", \"count\": 2}]"});
  other_accounts(f);
  p->plan.progress = &progress;
  p->plan.nasked = 2;
  p->plan.deadline_ms = site_deadline(500);
  assert_int_equal(passing_run(p, each), -1);
  assert_int_equal(p->error.code, ERROR_DEADLINE);
  assert_string_equal(p->samples,
                      "c p00/a 1@p00\nc p00/b 2@p00\nn p00 7@p00\n");
  p->plan.deadline_ms = site_deadline(20000);
  assert_int_equal(passing_run(p, each), 0);
  assert_string_equal(p->samples, "c p00/z 4@p00\nc p01/a 4@p01\n"
                                  "c p01/b 5@p01\nn p01 9@p01\n");
  assert_int_equal(p->result.twins, 0);
  progress_clear(&progress);
}

/* Runs walks until the pass ends; how the last one ended. */
static int end_pass(struct fixture *f, struct progress *progress, int64_t ms) {
  int status;
  do {
    f->passing.plan.deadline_ms = site_deadline(ms);
    status = passing_run(&f->passing, progress_meters);
  } while (progress->begun);
  return status;
}

/* Its last walk tells what an earlier one knew: the values have a gap. */
static void a_failure_of_an_earlier_walk_is_told(void **state) {
  static const struct httpd_answer failures[] = {
      {.target = "/v1/AUTH_p01?*", .status = 500},
      {.target = "/v1/AUTH_p01?*", .mute = true, .end = HTTPD_HANG}};
  static const char *const texts[] = {"project p01: HTTP 500",
                                      "project p01: the deadline has passed"};
  struct fixture *f = *state;
  struct passing *p = &f->passing;
  for (size_t i = 0; i < 2; i++) {
    struct progress progress = {0};
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    httpd_add(p->site.httpd, &failures[i]);
    account(f, "p00", 404, 0);
    other_accounts(f);
    p->plan.progress = &progress;
    p->plan.nasked = 6;
    p->plan.most = 2;
    assert_int_equal(end_pass(f, &progress, 400), -1);
    assert_memory_equal(p->error.text, texts[i], strlen(texts[i]));
    assert_int_equal(p->result.failed, 1);
    assert_int_equal(p->result.absent, 1);
    assert_null(strstr(p->samples, "sum"));
    progress_clear(&progress);
  }
}

/* An id that memory failed for may have been counted twice. */
static void ids_that_memory_failed_for_make_no_total(void **state) {
  struct fixture *f = *state;
  struct progress progress = {0};
  other_accounts(f);
  f->passing.plan.progress = &progress;
  f->passing.plan.nasked = 4;
  f->passing.plan.most = 2;
  assert_int_equal(passing_run(&f->passing, progress_meters), 0);
  progress.seen.broken = true;
  assert_int_equal(end_pass(f, &progress, 20000), -1);
  assert_int_equal(f->passing.error.code, ERROR_MEMORY);
  assert_null(strstr(f->passing.samples, "sum"));
  progress_clear(&progress);
}

/* What is left of a walk's time is for those that it has begun. */
static void late_in_a_walk_nobody_is_asked(void **state) {
  struct fixture *f = *state;
  struct progress progress = {0};
  f->passing.plan.progress = &progress;
  f->passing.plan.begin_until_ms = clock_ms();
  assert_int_equal(run(f, 3), -1);
  assert_int_equal(f->passing.error.code, ERROR_DEADLINE);
  assert_true(f->passing.result.cut);
  assert_int_equal(passing_asked(&f->passing, NULL), 0);
  progress_clear(&progress);
}

/* p00 has another page to come when the others' failures end the round. */
static void who_was_left_in_the_middle_comes_first(void **state) {
  struct fixture *f = *state;
  widen(f, 2);
  httpd_add(
      f->passing.site.httpd,
      &(struct httpd_answer){.target = "/v1/AUTH_p00?format=json",
                             .delay_ms = 300,
                             .headers = "X-Containers: 2\r\n",
                             .body = "[{\"name\": \"a\", \"count\": 4}]"});
  account(f, "p0[1-9]", 500, 0);
  assert_int_equal(run(f, 10), -1);
  assert_int_equal(f->passing.result.failed, 3);
  assert_int_equal(f->passing.result.next_asked, 0);
  assert_true(f->passing.result.cut);
}

static void a_round_begins_anywhere(void **state) {
  struct fixture *f = *state;
  other_accounts(f);
  f->passing.plan.first_asked = 4;
  assert_int_equal(run(f, 5), 0);
  assert_memory_equal(f->passing.samples, "c p04/a", 7);
  assert_all_but(f, 5, -1);
  assert_int_equal(f->passing.result.asked, 5);
}

static void a_stop_in_mid_round_says_so(void **state) {
  struct fixture *f = *state;
  http_stop(f->passing.site.http);
  assert_int_equal(run(f, 5), -1);
  assert_int_equal(f->passing.error.code, ERROR_STOPPED);
  assert_int_equal(f->passing.result.failed, 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(each_project_is_asked_once),
      TEST(side_by_side_as_wide_as_allowed),
      TEST(a_project_s_pages_follow_one_another),
      TEST(headers_alone_are_asked_for_by_head),
      TEST(no_projects_are_no_requests),
      TEST(an_id_is_encoded_in_the_path),
      TEST(a_uid_is_the_project_s_with_its_tenant),
      TEST(who_has_nothing_is_no_failure),
      TEST(no_content_is_no_containers),
      TEST(no_containers_are_a_list_without_any),
      TEST(what_a_project_lacks_is_not_the_one_s_before),
      TEST(who_is_denied_is_counted),
      TEST(nothing_for_anybody_is_a_failure),
      TEST(what_a_proxy_says_of_a_project_is_a_failure),
      TEST(what_a_proxy_says_of_all_is_the_service_s_failure),
      TEST(denied_everywhere_ends_the_round_early),
      TEST(its_own_project_makes_no_difference),
      TEST(a_token_let_in_by_two_may_be_by_more),
      TEST(who_has_nothing_has_let_nobody_in),
      TEST(some_denied_among_many_are_no_reason),
      TEST(only_a_whole_pass_has_totals),
      TEST(one_failing_project_does_not_fail_the_others),
      TEST(a_failure_on_a_later_page_says_so),
      TEST(what_vanishes_in_the_middle_is_a_failure),
      TEST(failures_here_and_there_do_not_end_it),
      TEST(three_in_a_row_are_the_service_s_failure),
      TEST(a_dead_service_costs_three_requests),
      TEST(a_failed_login_ends_the_round),
      TEST(many_refusals_at_once_cost_one_login),
      TEST(refused_for_ever_is_a_failure),
      TEST(one_project_s_refusals_are_not_the_others),
      TEST(one_project_s_pause_is_not_the_others),
      TEST(a_pause_is_waited_for_and_nobody_lost),
      TEST(a_pause_of_who_has_moved_is_nobody_s),
      TEST(a_pass_takes_several_walks),
      TEST(what_an_earlier_walk_found_cut_off_has_no_total),
      TEST(a_walk_goes_on_with_whom_the_deadline_broke_off),
      TEST(who_is_broken_off_in_the_middle_is_sent_once),
      TEST(a_failure_of_an_earlier_walk_is_told),
      TEST(ids_that_memory_failed_for_make_no_total),
      TEST(late_in_a_walk_nobody_is_asked),
      TEST(the_next_round_goes_on_where_the_last_was_cut),
      TEST(who_was_left_in_the_middle_comes_first),
      TEST(a_round_begins_anywhere),
      TEST(a_stop_in_mid_round_says_so),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
