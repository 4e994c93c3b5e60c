/*
 * owners: whose records are is read from another listing, with its filter.
 */
#include "stub/passing.h"

#include "walk/agreement.h"
#include "walk/owners.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct listing zones = {
    .name = "zones",
    .path = "/zones",
    .record = "zones[]",
    .paging = {.kind = PAGING_LINK, .next = "next"},
    .id = "id",
    .project = "project_id",
};
static const struct listing sets = {
    .name = "recordsets",
    .path = "/recordsets",
    .record = "recordsets[]",
    .id = "id",
    .project = "project_id", /* who made it */
    .owners = &zones,
    .owner = "zone_id",
};
static const struct meter meters[] = {
    {.name = "set", .from = &sets},
    {.name = "sets", .from = &sets, .total = TOTAL_COUNT, .group = "zone_id"},
    {.name = "all", .from = &sets, .total = TOTAL_COUNT},
    {.name = "least",
     .from = &sets,
     .total = TOTAL_MIN,
     .value = "n",
     .group = "zone_id"},
    {.name = NULL}};

struct fixture {
  struct passing passing;
  struct owners *owners;
  struct roster roster;
  struct agreement agreement;
  struct pass_result result;
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  struct error err;
  passing_open(&f->passing);
  f->owners = owners_new(&sets, &err);
  assert_non_null(f->owners);
  passing_answer(&f->passing, "/zones",
                 "{\"zones\": [{\"id\": \"z1\", \"project_id\": \"p1\"}],"
                 " \"next\": \"/zones?marker=z1\"}");
  passing_answer(&f->passing, "/zones?marker=z1",
                 "{\"zones\": [{\"id\": \"z2\", \"project_id\": \"p2\"},"
                 " {\"id\": \"z3\", \"project_id\": null}]}");
  passing_answer(&f->passing, "/recordsets",
                 "{\"recordsets\": [{\"id\": \"a\", \"zone_id\": \"z1\","
                 " \"project_id\": \"admin\", \"n\": 3},"
                 " {\"id\": \"b\", \"zone_id\": \"new\", \"n\": 2},"
                 " {\"id\": \"c\", \"zone_id\": null},"
                 " {\"id\": \"d\", \"zone_id\": \"z3\", \"n\": 5}]}");
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  roster_clear(&f->roster);
  owners_free(f->owners);
  agreement_clear(&f->agreement);
  passing_close(&f->passing);
  free(f);
  return 0;
}

static int list(struct fixture *f, struct error *err) {
  struct passing *p = &f->passing;
  struct pass_plan plan = p->plan;
  plan.session = p->site.session;
  plan.http = p->site.http;
  plan.width = 1;
  plan.agreement = &f->agreement;
  plan.access = &p->access;
  plan.url = httpd_url(p->site.httpd);
  return owners_list(f->owners, &plan, &f->roster, &f->result, err);
}

static void a_record_is_of_its_owner_s_project(void **state) {
  struct fixture *f = *state;
  struct error err;
  assert_int_equal(list(f, &err), 0);
  assert_true(f->result.bytes > 0);
  f->passing.plan.owners = &f->roster;
  assert_int_equal(passing_run(&f->passing, meters), 0);
  /* Not of who made it; "b" and "c" are nobody's; "z2" has none. */
  assert_string_equal(f->passing.samples, "set a 1@p1\n"
                                          "set d 1\n"
                                          "sets z1 1@p1\n"
                                          "all total 2\n"
                                          "least z1 3@p1\n"
                                          "sets z3 1\n"
                                          "least z3 5\n"
                                          "sets z2 0@p2\n");
}

static void a_literal_stands_before_owners_without_records(void **state) {
  static const struct meter named[] = {{.name = "sets",
                                        .from = &sets,
                                        .total = TOTAL_COUNT,
                                        .group = "zone {zone_id}"},
                                       {.name = NULL}};
  struct fixture *f = *state;
  struct error err;
  assert_int_equal(list(f, &err), 0);
  f->passing.plan.owners = &f->roster;
  assert_int_equal(passing_run(&f->passing, named), 0);
  assert_string_equal(f->passing.samples, "sets zone z1 1@p1\n"
                                          "sets zone z3 1\n"
                                          "sets zone z2 0@p2\n");
}

static void who_asks_to_wait_is_heard(void **state) {
  struct fixture *f = *state;
  struct error err;
  httpd_forget(f->passing.site.httpd);
  site_login(&f->passing.site, &(struct site_login){.life_s = 3600});
  httpd_add(f->passing.site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .status = 503,
                                   .headers = "Retry-After: 3000\r\n"});
  assert_int_equal(list(f, &err), -1);
  assert_int_equal(f->result.retry_after_ms, 3000000);
}

/* As for their records: what the service has is asked for. */
static void an_older_service_is_asked_for_what_it_has(void **state) {
  static const struct listing newer = {
      .name = "zones",
      .path = "/v2/zones",
      .record = "zones[]",
      .id = "id",
      .project = "project_id",
      .version_header = "OpenStack-API-Version: dns ",
      .version = "2.9",
  };
  static const struct listing of_newer = {.name = "recordsets",
                                          .path = "/v2/recordsets",
                                          .record = "recordsets[]",
                                          .id = "id",
                                          .owners = &newer,
                                          .owner = "zone_id"};
  struct fixture *f = *state;
  struct httpd *httpd = f->passing.site.httpd;
  struct error err;
  owners_free(f->owners);
  f->owners = owners_new(&of_newer, &err);
  httpd_forget(httpd);
  site_login(&f->passing.site, &(struct site_login){.life_s = 3600});
  httpd_add(httpd, &(struct httpd_answer){.target = "/v2/zones",
                                          .need = "dns 2.9",
                                          .status = 406});
  httpd_add(httpd,
            &(struct httpd_answer){.target = "/v2/zones",
                                   .need = "dns 2.4",
                                   .body = "{\"zones\": [{\"id\": \"z\"}]}"});
  httpd_add(httpd, &(struct httpd_answer){
                       .target = "/",
                       .body = "{\"versions\": [{\"version\": \"2.4\"}]}"});
  for (int round = 0; round < 2; round++) {
    roster_clear(&f->roster);
    assert_int_equal(list(f, &err), 0);
    assert_int_equal(f->roster.n, 1);
  }
  assert_int_equal(httpd_count(httpd, "GET", "/"), 1);
  assert_int_equal(httpd_count(httpd, "GET", "/v2/zones"), 3);
}

static bool is_p2(void *arg, const char *project) {
  (void)arg;
  return project != NULL && strcmp(project, "p2") == 0;
}

static void a_filter_holds_for_owners(void **state) {
  struct fixture *f = *state;
  struct error err;
  f->passing.plan.wanted = is_p2;
  assert_int_equal(list(f, &err), 0);
  f->passing.plan.wanted = NULL;
  f->passing.plan.owners = &f->roster;
  assert_int_equal(passing_run(&f->passing, meters), 0);
  assert_string_equal(f->passing.samples, "sets z2 0@p2\nall total 0\n");
}

static void half_of_the_owners_are_a_failure(void **state) {
  struct fixture *f = *state;
  struct error err;
  httpd_forget(f->passing.site.httpd);
  site_login(&f->passing.site, &(struct site_login){.life_s = 3600});
  passing_answer(&f->passing, "/zones",
                 "{\"zones\": [{\"id\": \"z1\"}], \"next\": \"?marker=z1\"}");
  assert_int_equal(list(f, &err), -1);
  assert_memory_equal(err.text, "zones: page 2: HTTP 404", 23);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_record_is_of_its_owner_s_project),
      TEST(a_literal_stands_before_owners_without_records),
      TEST(a_filter_holds_for_owners),
      TEST(half_of_the_owners_are_a_failure),
      TEST(an_older_service_is_asked_for_what_it_has),
      TEST(who_asks_to_wait_is_heard),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
