/*
 * pass: one listing, walked once from its first page to its last; what went
 * wrong, at which page, and nothing twice.
 */
#include "stub/passing.h"
#include "stub/warp.h"

#include "base/clock.h"
#include "base/text.h"
#include "walk/progress.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* As Glance pages, Cinder, Swift, Manila, and an API that does not. */
static const struct listing linked = {
    .name = "things",
    .path = "/v2/things?limit=2",
    .record = "things[]",
    .paging = {.kind = PAGING_LINK, .next = "next"},
    .id = "id",
    .project = "owner",
};
static const struct listing listed = {
    .name = "volumes",
    .path = "/volumes?limit=2",
    .record = "volumes[]",
    .paging = {.kind = PAGING_LINKS, .next = "volumes_links[]"},
    .id = "id",
};
static const struct listing picked = {
    .name = "balancers",
    .path = "/balancers?limit=1",
    .fields = true,
    .record = "balancers[]",
    .paging = {.kind = PAGING_LINKS, .next = "balancers_links[]"},
    .id = "id",
    .project = "owner",
};
/* As Neutron's subnets stand in their networks, and Placement's inventories. */
static const struct listing nested = {
    .name = "subnets",
    .path = "/networks",
    .fields = true,
    .record = "networks[].subnets[]",
    .id = "{^.id}/{id}",
    .project = "^.owner",
};
static const struct listing mapped = {
    .name = "maps",
    .service = "image",
    .path = "/maps",
    .record = "maps[].maps.*",
    .id = "@key",
    .project = "^.owner",
    .fields = true,
};
static const struct listing valued = {
    .name = "values",
    .service = "image",
    .path = "/values",
    .record = "values.*",
    .id = "@key",
    .fields = true,
};
static const struct listing members = {
    .name = "inventories",
    .path = "/inventories",
    .record = "inventories.*",
    .id = "{@key}",
};
static const struct listing marked = {
    .name = "names",
    .path = "/v1/names?format=json",
    .record = "[]",
    .paging = {.kind = PAGING_MARKER, .marker = "name"},
    .id = "name",
};
static const struct listing half_marked = {
    .name = "names",
    .path = "/v1/half",
    .record = "names[]",
    .paging = {.kind = PAGING_MARKER, .marker = "name", .marker_when = "up"},
    .id = "name",
};
static const struct listing half_counted = {
    .name = "names",
    .path = "/v1/half",
    .record = "names[]",
    .paging = {.kind = PAGING_MARKER,
               .marker = "name",
               .marker_when = "up",
               .total = "total"},
    .id = "id",
};
static const struct listing counted = {
    .name = "names",
    .path = "/v1/names?format=json",
    .record = "[]",
    .paging = {.kind = PAGING_MARKER, .marker = "name", .total_header = "x-n"},
    .id = "name",
};
static const struct listing linked_below = {
    .name = "things",
    .path = "/v2/things",
    .record = "things[]",
    .paging = {.kind = PAGING_LINK, .next = "links.next"},
    .id = "id",
};
static const struct listing linked_deeper = {
    .name = "things",
    .path = "/v2/things",
    .record = "things[]",
    .paging = {.kind = PAGING_LINK, .next = "meta.links.next"},
    .id = "id",
};
static const struct listing offset = {
    .name = "shares",
    .path = "/shares?limit=2",
    .record = "shares[]",
    .paging = {.kind = PAGING_OFFSET, .total = "count"},
    .id = "id",
};
static const char *const more_headers[] = {"X-All-Projects: true",
                                           "X-More: yes", NULL};
static const struct listing whole = {
    .name = "pools",
    .path = "/pools",
    .record = "pools[]",
    .id = "id",
    .version_header = "OpenStack-API-Version: volume ",
    .version = "3.5",
    .headers = more_headers,
};
static const struct listing extension = {.name = "vpns",
                                         .path = "/vpns",
                                         .record = "vpns[]",
                                         .id = "id",
                                         .absent = {404}};
static const struct listing headed = {
    .name = "things",
    .path = "/v2/things",
    .record = "things[]",
    .id = "id",
    .absent = {410},
    .service_header = "X-Things",
};
static const struct listing signed_one = {
    .name = "buckets",
    .path = "/admin/bucket?stats=true",
    .at_root = true,
    .record = "[]",
    .id = "id",
    .auth = AUTH_S3,
};

#define METERS(listing)                                                        \
  {                                                                            \
    {.name = "t", .from = &(listing)},                                         \
        {.name = "t.size", .from = &(listing), .value = "size"}, {             \
      .name = NULL                                                             \
    }                                                                          \
  }
static const struct meter linked_meters[] = METERS(linked);
static const struct meter listed_meters[] = METERS(listed);
static const struct meter picked_meters[] = METERS(picked);
static const struct meter nested_meters[] = METERS(nested);
static const struct meter members_meters[] = METERS(members);
static const struct meter plain_meters[] = {
    {.name = "t", .from = &members, .value = "@value"}, {.name = NULL}};
static const struct meter mapped_meters[] = {
    {.name = "t", .from = &mapped, .value = "@value"}, {.name = NULL}};
static const struct meter valued_meters[] = {
    {.name = "t", .from = &valued, .value = "@value"}, {.name = NULL}};
static const struct meter marked_meters[] = METERS(marked);
static const struct meter half_meters[] = METERS(half_marked);
static const struct meter half_counted_meters[] = METERS(half_counted);
static const struct meter counted_meters[] = METERS(counted);
static const struct meter below_meters[] = METERS(linked_below);
static const struct meter deeper_meters[] = METERS(linked_deeper);
static const struct meter offset_meters[] = METERS(offset);
static const struct meter whole_meters[] = METERS(whole);
static const struct meter extension_meters[] = METERS(extension);
static const struct meter headed_meters[] = METERS(headed);
static const struct meter signed_meters[] = METERS(signed_one);
static const struct meter header_meters[] = {
    {.name = "n", .from = &counted, .of = METER_HEADERS, .value = "x-n"},
    {.name = NULL}};
static const struct meter bare_meters[] = {
    {.name = "n", .from = &marked, .of = METER_HEADERS, .value = "x-n"},
    {.name = NULL}};
static const struct meter owned_total_meters[] = {
    {.name = "count", .from = &linked, .total = TOTAL_COUNT}, {.name = NULL}};
static const struct meter total_meters[] = {
    {.name = "count", .from = &listed, .total = TOTAL_COUNT},
    {.name = "t", .from = &listed},
    {.name = NULL}};

static const struct state up_down[] = {
    {"up", 1}, {"down", 0}, {.text = NULL, .number = NAN}};
static const struct meter state_meters[] = {
    {.name = "up", .from = &linked, .value = "state", .states = up_down},
    {.name = "t", .from = &linked, .value = "size"},
    {.name = NULL}};

static int setup(void **state) {
  struct passing *p = calloc(1, sizeof(*p));
  passing_open(p);
  *state = p;
  return 0;
}

static int teardown(void **state) {
  struct passing *p = *state;
  passing_close(p);
  free(p);
  return 0;
}

static void expect(struct passing *p, const struct meter *meters,
                   const char *samples) {
  if (passing_run(p, meters) != 0)
    fail_msg("%s", p->error.text);
  assert_string_equal(p->samples, samples);
  assert_int_equal(p->result.retry_after_ms, 0);
  assert_false(p->result.cut);
}

static void expect_failure(struct passing *p, const struct meter *meters,
                           enum error_code code, const char *text) {
  assert_int_equal(passing_run(p, meters), -1);
  if (p->error.code != code || strstr(p->error.text, text) == NULL)
    fail_msg("code %d: %s", p->error.code, p->error.text);
}

/* Three pages of Glance's: a, b; c, d; e. */
static const char page1[] =
    "{\"things\": [{\"id\": \"a\", \"size\": 1, \"owner\": \"p1\"},"
    " {\"id\": \"b\", \"size\": null, \"owner\": null}], \"first\": \"x\","
    " \"next\": \"/v2/things?limit=2&marker=b\"}";
static const char page2[] =
    "{\"next\": \"http://other.example/elsewhere/things?limit=2&marker=d\","
    " \"things\": [{\"id\": \"c\", \"size\": 3}, {\"id\": \"d\"}]}";
static const char page3[] = "{\"things\": [{\"id\": \"e\", \"size\": 5}]}";
static const char all_three[] = "t a 1@p1\nt.size a 1@p1\nt b 1\nt c 1\n"
                                "t.size c 3\nt d 1\nt e 1\nt.size e 5\n";

static void three_pages(struct passing *p) {
  passing_answer(p, "/v2/things?limit=2", page1);
  passing_answer(p, "/v2/things?limit=2&marker=b", page2);
  passing_answer(p, "/v2/things?limit=2&marker=d", page3);
}

/* ---- pages -------------------------------------------------------------- */

static void links_lead_through_all_pages(void **state) {
  struct passing *p = *state;
  three_pages(p);
  expect(p, linked_meters, all_three);
  assert_int_equal(p->result.pages, 3);
  assert_int_equal(p->result.records, 5);
  assert_int_equal(p->result.odd, 0);
  assert_int_equal(p->result.bytes,
                   strlen(page1) + strlen(page2) + strlen(page3));
  assert_int_equal(passing_asked(p, NULL), 3);
  assert_int_equal(site_logins(&p->site), 1);
}

/* A link's host is the one that the service thinks it has: the token goes to
 * ours, and a prefix that the service does not know of stays. */
static void a_link_s_host_and_path_do_not_matter(void **state) {
  struct passing *p = *state;
  struct httpd *other = httpd_new();
  char *first = text_printf(
      "{\"things\": [{\"id\": \"a\"}], \"next\": \"%s/v2/things?marker=a\"}",
      httpd_url(other));
  passing_answer(p, "/image/v2/things?limit=2", first);
  passing_answer(p, "/image/v2/things?marker=a", page3);
  p->plan.url = text_printf("%s/image/", httpd_url(p->site.httpd));
  expect(p, linked_meters, "t a 1\nt e 1\nt.size e 5\n");
  assert_int_equal(httpd_connections(other), 0);
  free((char *)p->plan.url);
  free(first);
  httpd_free(other);
}

static void of_a_list_of_links_the_next_one_counts(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/volumes?limit=2",
                 "{\"volumes\": [{\"id\": \"a\"}, {\"id\": \"b\"}],"
                 " \"volumes_links\": [{\"rel\": \"next\", \"href\": "
                 "\"http://h/volumes?limit=2&marker=b\"}]}");
  passing_answer(p, "/volumes?limit=2&marker=b",
                 "{\"volumes_links\": [{\"href\": \"http://h/volumes?limit=2\","
                 " \"rel\": \"previous\"}, {\"href\": \"/volumes?limit=2&"
                 "marker=c\", \"rel\": \"next\"}],"
                 " \"volumes\": [{\"id\": \"c\"}]}");
  passing_answer(p, "/volumes?limit=2&marker=c",
                 "{\"volumes\": [{\"id\": \"d\"}], \"volumes_links\": [{"
                 "\"rel\": \"previous\", \"href\": \"/volumes?limit=2\"}]}");
  expect(p, listed_meters, "t a 1\nt b 1\nt c 1\nt d 1\n");
  assert_int_equal(passing_asked(p, NULL), 3);
}

/* All services give a link whenever the page is full. */
static void the_last_page_may_be_empty(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v2/things?limit=2", page1);
  passing_answer(p, "/v2/things?limit=2&marker=b",
                 "{\"things\": [], \"next\": \"\"}");
  expect(p, linked_meters, "t a 1@p1\nt.size a 1@p1\nt b 1\n");
  assert_int_equal(passing_asked(p, NULL), 2);
}

/* A service may hide records behind its paging. */
static void empty_pages_may_link_on_for_a_while(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v2/things?limit=2",
                 "{\"things\": [], \"next\": \"?marker=b\"}");
  passing_answer(p, "/v2/things?marker=b",
                 "{\"things\": [], \"next\": \"?marker=c\"}");
  passing_answer(p, "/v2/things?marker=c", page3);
  expect(p, linked_meters, "t e 1\nt.size e 5\n");
  assert_int_equal(passing_asked(p, NULL), 3);
  httpd_forget(p->site.httpd);
  passing_answer(p, "/v2/things*", "{\"things\": [], \"next\": \"?marker=b\"}");
  expect_failure(p, linked_meters, ERROR_LIMIT,
                 "page 17: one page after another is empty");
}

static void a_marker_goes_on_to_the_empty_page(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v1/names?format=json",
                 "[{\"name\": \"a\"}, {\"name\": \"b &\\n\303\251\"}]");
  passing_answer(p, "/v1/names?format=json&marker=b%20%26%0A%C3%A9",
                 "[{\"name\": \"c\"}]");
  passing_answer(p, "/v1/names?format=json&marker=c", "[]");
  expect(p, marked_meters, "t a 1\nt b &\n\303\251 1\nt c 1\n");
  assert_int_equal(passing_asked(p, NULL), 3);
}

/* Nova lists what is in a cell that is down with each page that has room. */
static void a_marker_ends_at_a_shorter_page_with_nothing_new(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v1/names?format=json",
                 "[{\"name\": \"down\"}, {\"name\": \"a\"}]");
  passing_answer(p, "/v1/names?format=json&marker=a",
                 "[{\"name\": \"down\"}, {\"name\": \"b\"}]");
  passing_answer(p, "/v1/names?format=json&marker=b", "[{\"name\": \"down\"}]");
  expect(p, marked_meters, "t down 1\nt a 1\nt b 1\n");
  assert_int_equal(passing_asked(p, NULL), 3);
}

/* Their page may be full of what was not listed before, or have nothing else.
 */
static void a_record_may_be_no_marker(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v1/half",
                 "{\"names\": [{\"name\": \"d\"}, {\"name\": \"a\", "
                 "\"up\": \"t\"}], \"names_links\": [{\"rel\": \"next\", "
                 "\"href\": \"?marker=a\"}]}");
  passing_answer(p, "/v1/half?marker=a",
                 "{\"names\": [{\"name\": \"d\"}, {\"name\": \"e\"}]}");
  expect(p, half_meters, "t d 1\nt a 1\nt e 1\n");
  assert_int_equal(passing_asked(p, NULL), 2);
  httpd_forget(p->site.httpd);
  passing_answer(p, "/v1/half", "{\"names\": [{\"name\": \"d\"}]}");
  expect(p, half_meters, "t d 1\n");
  assert_int_equal(passing_asked(p, NULL), 3);
  httpd_forget(p->site.httpd);
  passing_answer(p, "/v1/half",
                 "{\"names\": [{\"name\": \"d\"}], \"names_links\": "
                 "[{\"rel\": \"next\", \"href\": \"?marker=d\"}]}");
  expect_failure(p, half_meters, ERROR_PARSE,
                 "page 1: the records have no \"up\" to go on from");
}

/* One that should be a marker and has none; a field of any kind; links in any
 * form. */
static void a_list_is_not_whole_for_want_of_a_marker(void **state) {
  struct passing *p = *state;
  static const struct {
    const char *body, *text; /* NULL: it is whole */
  } rows[] = {
      {"{\"names\": [{\"id\": \"d\", \"up\": \"t\"}]}", "\"name\""},
      {"{\"names\": [{\"id\": \"d\", \"up\": true}]}", "\"name\""},
      {"{\"names\": [{\"id\": \"d\", \"up\": 1}]}", "\"name\""},
      {"{\"names\": [{\"id\": \"d\", \"up\": {\"a\": 1}}]}", "\"name\""},
      {"{\"names\": [{\"id\": \"d\", \"up\": [1]}]}", "\"name\""},
      {"{\"names\": [{\"id\": \"d\"}], \"next\": \"?marker=d\"}", "\"up\""},
      {"{\"names\": [{\"id\": \"d\"}], \"links\": {\"next\": \"?m=d\"}}",
       "\"up\""},
      {"{\"names\": [{\"id\": \"d\"}], \"total\": 2}", "\"up\""},
      {"{\"names\": [{\"id\": \"d\"}], \"total\": 1}", NULL},
      {"{\"names\": [{\"id\": \"d\", \"up\": null}, {\"id\": \"e\","
       " \"up\": \"\"}], \"links\": {\"next\": null}, \"next\": \"\"}",
       NULL},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    passing_answer(p, "/v1/half", rows[i].body);
    if (rows[i].text != NULL)
      expect_failure(p, half_counted_meters, ERROR_PARSE, rows[i].text);
    else
      assert_int_equal(passing_run(p, half_counted_meters), 0);
  }
}

static void a_marker_with_a_total_saves_the_empty_page(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/v1/names?format=json",
                                   .headers = "X-N: 3\r\n",
                                   .body = "[{\"name\": \"a\"}, {\"name\": "
                                           "\"b\"}]"});
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/v1/names?format=json&marker=b",
                                   .headers = "X-N: 3\r\n",
                                   .body = "[{\"name\": \"c\"}]"});
  expect(p, counted_meters, "t a 1\nt b 1\nt c 1\n");
  assert_int_equal(passing_asked(p, NULL), 2);
}

/* Swift's totals lag behind. */
static void a_total_that_is_wrong_costs_a_request_and_no_record(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/v1/names?format=json",
                                   .headers = "X-N: 1\r\n",
                                   .body = "[{\"name\": \"a\"}, {\"name\": "
                                           "\"b\"}]"});
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/v1/names?format=json&marker=b",
                                   .headers = "X-N: 1\r\n",
                                   .body = "[]"});
  expect(p, counted_meters, "t a 1\nt b 1\n");
  assert_int_equal(passing_asked(p, NULL), 2);
}

/* Octavia's links forget them, Neutron's do not. */
static void each_page_is_asked_for_the_fields(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/balancers?limit=1&fields=id&fields=owner&fields=size",
                 "{\"balancers\": [{\"id\": \"a\"}], \"balancers_links\": "
                 "[{\"rel\": \"next\", \"href\": \"?limit=1&marker=a\"}]}");
  passing_answer(p,
                 "/balancers?limit=1&marker=a&fields=id&fields=owner"
                 "&fields=size",
                 "{\"balancers\": [{\"id\": \"b\"}], \"balancers_links\": "
                 "[{\"rel\": \"next\", \"href\": \"?fields=id&marker=b\"}]}");
  passing_answer(p, "/balancers?fields=id&marker=b", "{\"balancers\": []}");
  expect(p, picked_meters, "t a 1\nt b 1\n");
}

/* An API knows the names of its own records. */
static void fields_of_an_inner_record_are_asked_for_as_its_list(void **state) {
  struct passing *p = *state;
  passing_answer(
      p, "/networks?fields=id&fields=subnets&fields=owner",
      "{\"networks\": [{\"id\": \"n\", \"owner\": \"p\", \"subnets\": "
      "[{\"id\": \"a\", \"size\": 4}, {\"id\": \"b\"}]}]}");
  expect(p, nested_meters, "t n/a 1@p\nt.size n/a 4@p\nt n/b 1@p\n");
}

static void a_member_of_an_object_has_its_name_for_an_id(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/inventories",
                 "{\"inventories\": {\"VCPU\": {\"size\": 4}, \"PCPU\": {}, "
                 "\"id\": \"x\"}, \"generation\": 1}");
  expect(p, members_meters, "t VCPU 1\nt.size VCPU 4\nt PCPU 1\n");
}

static void a_member_may_be_a_number(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/inventories",
                 "{\"inventories\": {\"VCPU\": 7, \"PCPU\": 0}}");
  expect(p, plain_meters, "t VCPU 7\nt PCPU 0\n");
}

/* Which member it is, and the record itself, are no fields of the API's. */
static void a_members_name_and_value_are_not_asked_for(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/maps?fields=maps&fields=owner",
                 "{\"maps\": [{\"owner\": \"p\", \"maps\": {\"a\": 7}}]}");
  expect(p, mapped_meters, "t a 7@p\n");
  passing_answer(p, "/values", "{\"values\": {\"b\": 8}}");
  expect(p, valued_meters, "t b 8\n");
}

static void an_offset_goes_on_to_the_empty_page(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/shares?limit=2",
                 "{\"shares\": [{\"id\": \"a\"}, {\"id\": \"b\"}],"
                 " \"shares_links\": [{\"rel\": \"next\", \"href\": \"?x\"}]}");
  passing_answer(p, "/shares?limit=2&offset=2",
                 "{\"shares\": [{\"id\": "
                 "\"c\"}]}");
  passing_answer(p, "/shares?limit=2&offset=3", "{\"shares\": []}");
  expect(p, offset_meters, "t a 1\nt b 1\nt c 1\n");
  assert_int_equal(passing_asked(p, NULL), 3);
}

static void a_marker_that_no_record_has_is_no_end(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v1/names?format=json", "[{\"key\": \"a\"}]");
  expect_failure(p, marked_meters, ERROR_PARSE,
                 "the records have no \"name\" to go on from");
}

static void a_count_without_any_record_is_no_empty_listing(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/shares?limit=2", "{\"count\": 5, \"shares\": []}");
  expect_failure(p, offset_meters, ERROR_PARSE,
                 "the answer counts 5 records and has none");
}

static void an_offset_with_a_total_saves_the_empty_page(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/shares?limit=2",
                 "{\"count\": 3, \"shares\": [{\"id\": \"a\"}, {\"id\": "
                 "\"b\"}]}");
  passing_answer(p, "/shares?limit=2&offset=2",
                 "{\"count\": 3, \"shares\": [{\"id\": \"c\"}]}");
  expect(p, offset_meters, "t a 1\nt b 1\nt c 1\n");
  assert_int_equal(passing_asked(p, NULL), 2);
}

/* Manila counts replicas, and pages by them, but lists each share once. */
static void an_offset_into_replicas_ends_at_the_tail(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/shares?limit=2",
                 "{\"count\": 5, \"shares\": [{\"id\": \"a\"}, {\"id\": "
                 "\"b\"}]}");
  passing_answer(p, "/shares?limit=2&offset=2",
                 "{\"count\": 5, \"shares\": [{\"id\": \"b\"}]}");
  expect(p, offset_meters, "t a 1\nt b 1\n");
  assert_int_equal(passing_asked(p, NULL), 2);
}

static void one_share_of_some_replicas_is_a_whole_list(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/shares?*",
                 "{\"count\": 3, \"shares\": [{\"id\": \"a\"}]}");
  expect(p, offset_meters, "t a 1\n");
  assert_int_equal(passing_asked(p, NULL), 3);
}

static void a_server_that_ignores_the_offset_is_found_out(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/shares?*",
                 "{\"shares\": [{\"id\": \"a\"}, {\"id\": \"b\"}]}");
  expect_failure(p, offset_meters, ERROR_LIMIT,
                 "the page has only records that were listed before");
  assert_int_equal(passing_asked(p, NULL), 6);
}

/* It has pages after all, of which this is one. */
static void a_link_of_an_api_without_pages_is_told(void **state) {
  static const struct {
    const char *body;
    bool told;
  } rows[] = {
      {"{\"pools\": [], \"next\": \"/pools?marker=a\"}", true},
      {"{\"links\": {\"next\": \"/pools?page=2\"}, \"pools\": []}", true},
      {"{\"pools\": [], \"next\": null, \"links\": {\"next\": null}}", false},
      {"{\"pools\": [], \"next\": \"\", \"links\": {\"self\": \"/\"}}", false},
      {"{\"pools\": [{\"id\": \"a\", \"next\": \"b\"}]}", false},
      {"{\"pools\": [], \"pools_links\": [{\"rel\": \"next\", \"href\": "
       "\"/?a\"}]}",
       true},
      {"{\"links\": [{\"rel\": \"self\", \"href\": \"/\"}, {\"href\": \"/?a\","
       " \"rel\": \"next\"}], \"pools\": [{\"id\": \"a\"}]}",
       true},
      {"{\"pools\": [], \"pools_links\": [{\"rel\": \"prev\", \"href\": "
       "\"/?a\"}]}",
       false},
  };
  struct passing *p = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    passing_answer(p, "/pools", rows[i].body);
    assert_int_equal(passing_run(p, whole_meters), 0);
    assert_int_equal(p->result.unfollowed, rows[i].told);
    assert_int_equal(passing_asked(p, NULL), i + 1);
  }
}

static void an_api_without_pages_is_asked_once(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/pools",
                 "{\"pools\": [{\"id\": \"a\", \"size\": 7}],"
                 " \"next\": \"/pools?marker=a\"}");
  p->plan.version = "3.5";
  expect(p, whole_meters, "t a 1\nt.size a 7\n");
  const char *headers = httpd_get(p->site.httpd, "GET", NULL, 0).headers;
  assert_non_null(strstr(headers, "\r\nX-Auth-Token: token-1\r\n"));
  assert_non_null(strstr(headers, "\r\nAccept: application/json\r\n"));
  assert_non_null(strstr(headers, "\r\nOpenStack-API-Version: volume 3.5\r\n"));
  assert_non_null(strstr(headers, "\r\nX-All-Projects: true\r\n"));
  assert_non_null(strstr(headers, "\r\nX-More: yes\r\n"));
}

/* What leads to pages is searched for as well, and takes no meter's room. With
 * the id they are as many as may be. */
static void a_walk_may_need_all_fields_of_a_listing(void **state) {
  struct passing *p = *state;
  static char names[METER_FIELDS][8];
  struct meter meters[METER_FIELDS] = {{.name = NULL}};
  for (size_t i = 0; i < METER_FIELDS - 1; i++) {
    snprintf(names[i], sizeof(names[i]), "m%zu", i);
    meters[i] =
        (struct meter){.name = names[i], .from = &whole, .value = names[i]};
  }
  passing_answer(p, "/pools", "{\"pools\": [{\"id\": \"a\", \"m110\": 7}]}");
  expect(p, meters, "m110 a 7\n");
}

static void an_empty_cloud_has_no_records(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v2/things?limit=2", "{\"things\": []}");
  expect(p, linked_meters, "");
  assert_int_equal(p->result.records, 0);
  assert_int_equal(p->result.pages, 1);
}

/* So answers Swift (see test_pass_projects.c), but no listing of the cloud. */
static void no_content_is_no_empty_cloud(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd, &(struct httpd_answer){.target = "/v1/*",
                                                  .status = 204,
                                                  .type = "text/plain"});
  expect_failure(p, marked_meters, ERROR_PARSE, "the answer ends before");
}

static void headers_alone_need_no_body(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd, &(struct httpd_answer){.method = "HEAD",
                                                  .status = 204,
                                                  .headers = "X-N: 15\r\n"});
  expect(p, header_meters, "n total 15\n");
  assert_int_equal(httpd_count(p->site.httpd, "HEAD", "/v1/names*"), 1);
}

/* Both are the listing's, and of no record. */
static void headers_and_body_each_have_their_number(void **state) {
  static const struct meter both[] = {
      {.name = "h", .from = &linked, .of = METER_HEADERS, .value = "x-n"},
      {.name = "b", .from = &linked, .of = METER_ANSWER, .value = "count"},
      {.name = NULL}};
  struct passing *p = *state;
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "/v2/*",
                                   .headers = "X-N: 15\r\n",
                                   .body = "{\"things\": [], \"count\": 4}"});
  expect(p, both, "b total 4\nh total 15\n");
}

static void keys_sign_a_request_and_stay_here(void **state) {
  struct passing *p = *state;
  p->access.s3_access_key = (char *)"ACCESSKEY";
  p->access.s3_secret_key = (char *)"SECRETKEY0123456789";
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/admin/bucket?stats=true",
                                   .body = "[{\"id\": \"b1\"}]"});
  p->plan.url = text_printf("%s/swift/v1", httpd_url(p->site.httpd));
  expect(p, signed_meters, "t b1 1\n");
  const char *headers = httpd_get(p->site.httpd, "GET", NULL, 0).headers;
  assert_non_null(strstr(headers, "\r\nAuthorization: AWS4-HMAC-SHA256 "
                                  "Credential=ACCESSKEY/"));
  assert_null(strstr(headers, "SECRETKEY"));
  assert_null(strstr(headers, "X-Auth-Token"));
  assert_int_equal(site_logins(&p->site), 0);
  httpd_forget(p->site.httpd);
  httpd_add(p->site.httpd,
            &(struct httpd_answer){
                .status = 500, .body = "{\"bad\": \"SECRETKEY0123456789\"}"});
  expect_failure(p, signed_meters, ERROR_STATUS, "HTTP 500");
  assert_null(strstr(p->error.text, "SECRETKEY"));
  free((char *)p->plan.url);
}

static void write_secret(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  fputs(text, file);
  fclose(file);
}

static void a_secret_key_s_file_is_read_in_each_pass(void **state) {
  struct passing *p = *state;
  char path[] = "/tmp/test_pass.XXXXXX";
  close(mkstemp(path));
  p->access.s3_access_key = (char *)"ACCESSKEY";
  p->access.s3_secret_key_file = path;
  p->plan.url = httpd_url(p->site.httpd);
  httpd_add(p->site.httpd, &(struct httpd_answer){
                               .status = 500, .body = "{\"bad\": \"hush-1\"}"});
  write_secret(path, "hush-1\n");
  expect_failure(p, signed_meters, ERROR_STATUS, "HTTP 500");
  assert_null(strstr(p->error.text, "hush"));
  write_secret(path, "other-1\n");
  expect_failure(p, signed_meters, ERROR_STATUS, "hush-1");
  assert_int_equal(httpd_count(p->site.httpd, NULL, NULL), 2);
  unlink(path);
  expect_failure(p, signed_meters, ERROR_CONFIG, path);
  assert_int_equal(httpd_count(p->site.httpd, NULL, NULL), 2);
}

/* ---- odd records -------------------------------------------------------- */

static void an_odd_record_costs_one_record(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/pools",
                 "{\"pools\": [{\"id\": \"a\"}, {\"id\": null, \"size\": 1},"
                 " {\"size\": 2}, {\"id\": \"\"}, {\"id\": [1]}, 7, null,"
                 " {\"id\": 12}, {\"id\": \"b\", \"size\": \"big\"}]}");
  expect(p, whole_meters, "t a 1\nt 12 1\nt b 1\n");
  assert_int_equal(p->result.records, 3);
  assert_true(p->result.odd >= 4);
}

/* Which of the two comes first is chance. */
static void the_worst_state_of_an_id_counts(void **state) {
  struct passing *p = *state;
  passing_answer(
      p, "/v2/things?limit=2",
      "{\"things\": [{\"id\": \"a\", \"state\": \"up\", \"size\": 1},"
      " {\"id\": \"b\", \"state\": \"down\"},"
      " {\"id\": \"a\", \"state\": \"down\", \"size\": 2},"
      " {\"id\": \"b\", \"state\": \"up\"}],"
      " \"next\": \"/v2/things?limit=2&marker=b\"}");
  /* what an earlier page had has been sent */
  passing_answer(p, "/v2/things?limit=2&marker=b",
                 "{\"things\": [{\"id\": \"c\", \"state\": \"up\"},"
                 " {\"id\": \"a\", \"state\": \"up\"}]}");
  expect(p, state_meters, "t a 1\nup a 0\nup b 0\nup c 1\n");
  assert_int_equal(p->result.twins, 2);
  assert_int_equal(p->result.records, 3);
}

/* A worse state of the same id may have been in the rest. */
static void states_of_a_page_that_breaks_off_are_not_known(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v2/things?limit=2",
                 "{\"things\": [{\"id\": \"a\", \"state\": \"up\"}],"
                 " \"next\": \"/v2/things?limit=2&marker=a\"}");
  passing_answer(p, "/v2/things?limit=2&marker=a",
                 "{\"things\": [{\"id\": \"b\", \"state\": \"up\"}, oops");
  expect_failure(p, state_meters, ERROR_PARSE, "");
  assert_string_equal(p->samples, "up a 1\n");
}

static void the_same_id_twice_is_reported_once(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v2/things?limit=2", page1);
  passing_answer(p, "/v2/things?limit=2&marker=b",
                 "{\"things\": [{\"id\": \"b\", \"size\": 2}, {\"id\": \"c\"},"
                 " {\"id\": \"c\"}]}");
  expect(p, linked_meters, "t a 1@p1\nt.size a 1@p1\nt b 1\nt c 1\n");
  assert_int_equal(p->result.records, 3);
  assert_int_equal(p->result.twins, 0); /* the list may shift */
  passing_answer(p, "/pools",
                 "{\"pools\": [{\"id\": \"a\"}, {\"id\": \"a\"}, {\"id\":"
                 " \"b\"}, {\"id\": \"a\"}]}");
  expect(p, whole_meters, "t a 1\nt b 1\n");
  assert_int_equal(p->result.twins, 2);
}

/* What a pass keeps for the next is room, not ids: nor after one that failed.
 */
static void each_pass_sees_all_ids_anew(void **state) {
  struct passing *p = *state;
  struct progress progress = {.begun = false};
  p->plan.progress = &progress;
  three_pages(p);
  passing_answer(p, "/pools", "{\"pools\": [{\"id\": \"a\"}, oops");
  for (int pass = 0; pass < 4; pass++) {
    if (pass == 2)
      expect_failure(p, whole_meters, ERROR_PARSE, "");
    else
      expect(p, linked_meters, all_three);
    assert_int_equal(p->result.records, pass == 2 ? 1 : 5);
    assert_int_equal(p->result.twins, 0);
    assert_false(progress.begun);
    assert_int_equal(idset_count(&progress.seen), 0);
    assert_true(progress.seen.table.size > 0);
  }
  p->plan.progress = NULL;
  progress_clear(&progress);
  assert_int_equal(progress.seen.table.size, 0);
}

/* ---- lists that do not end ---------------------------------------------- */

static void a_link_to_itself_ends_the_pass(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v2/things*", page1);
  expect_failure(p, linked_meters, ERROR_LIMIT,
                 "page 2: the page has only records that were listed before");
  assert_int_equal(passing_asked(p, NULL), 2);
  assert_string_equal(p->samples, "t a 1@p1\nt.size a 1@p1\nt b 1\n");
}

/* Neutron, when the marker has vanished. */
static void a_list_that_starts_over_ends_the_pass(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v2/things?limit=2", page1);
  passing_answer(p, "/v2/things?limit=2&marker=b", page2);
  passing_answer(p, "/v2/things?limit=2&marker=d", page1);
  expect_failure(p, linked_meters, ERROR_LIMIT, "page 3: the page has only");
  assert_int_equal(p->result.records, 4);
}

static void a_marker_that_stands_still_ends_the_pass(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v1/names*", "[{\"name\": \"a\"}]");
  expect_failure(p, marked_meters, ERROR_LIMIT, "page 2: the page has only");
}

/* So many pages take seconds, and with a sanitizer a minute and a half. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define TEST_MOST_PAGES TEST(pages_have_a_limit),

static char *make_page(void *arg, const char *target) {
  unsigned long *n = arg;
  (void)target;
  (*n)++;
  return text_printf("{\"things\": [{\"id\": \"%lu\"}], \"next\": "
                     "\"?marker=%lu\"}",
                     *n, *n);
}

static void pages_have_a_limit(void **state) {
  struct passing *p = *state;
  unsigned long n = 0;
  p->quiet = true;
  p->plan.deadline_ms = site_deadline(300000);
  httpd_add(p->site.httpd, &(struct httpd_answer){.target = "/v2/things*",
                                                  .make = make_page,
                                                  .arg = &n});
  expect_failure(p, linked_meters, ERROR_LIMIT, "more than 20000 pages");
  assert_int_equal(n, PASS_PAGES);
  assert_int_equal(p->nsamples, PASS_PAGES);
}
#else
#define TEST_MOST_PAGES
#endif

static void odd_links_are_failures(void **state) {
  static const struct {
    const char *next, *text;
    enum error_code code;
  } rows[] = {
      {"\"/v2/things\"", "page 1: the next link has no query", ERROR_PARSE},
      {"\"http://h/v2/things?\"", "the next link has no query", ERROR_PARSE},
      {"\"?a=b c\"", "the next link has a blank or a control", ERROR_PARSE},
      {"\"?a=b\\r\\nX: y\"", "the next link has a blank or", ERROR_PARSE},
      {"7", "page 1: the next link is no text", ERROR_PARSE},
      {"true", "page 1: the next link is no text", ERROR_PARSE},
      {"{\"href\": \"?a\"}", "the next link is no text", ERROR_PARSE},
      {"[\"?a\"]", "the next link is no text", ERROR_PARSE},
      {"[]", "page 1: the next link is no text", ERROR_PARSE},
  };
  struct passing *p = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *body = text_printf("{\"things\": [{\"id\": \"a\"}], \"next\": %s}",
                             rows[i].next);
    httpd_forget(p->site.httpd);
    if (i == 0)
      site_login(&p->site, &(struct site_login){.life_s = 0});
    passing_answer(p, "/v2/things*", body);
    expect_failure(p, linked_meters, rows[i].code, rows[i].text);
    free(body);
  }
}

static void an_overlong_link_is_a_failure(void **state) {
  struct passing *p = *state;
  char *body = text_printf(
      "{\"things\": [{\"id\": \"a\"}], \"next\": \"/v2/things?x=%03000d\"}", 1);
  passing_answer(p, "/v2/things*", body);
  expect_failure(p, linked_meters, ERROR_LIMIT,
                 "page 1: the next link is over 2047 bytes");
  free(body);
}

static void links_that_are_none_end_the_list(void **state) {
  static const char *const rows[] = {"null", "\"\""};
  struct passing *p = *state;
  site_login(&p->site, &(struct site_login){.life_s = 0});
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *body =
        text_printf("{\"things\": [{\"id\": \"a\"}], \"next\": %s}", rows[i]);
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    passing_answer(p, "/v2/things*", body);
    expect(p, linked_meters, "t a 1\n");
    free(body);
  }
}

/* What should hold the links is as telling. */
static void links_of_another_kind_are_failures(void **state) {
  static const struct {
    const struct meter *meters;
    const char *body, *text;
  } rows[] = {
      {listed_meters, "\"volumes_links\": \"?a\"", "no link at"},
      {listed_meters, "\"volumes_links\": {\"next\": \"?a\"}", "no link at"},
      {listed_meters, "\"volumes_links\": [\"?a\"]", "a link has no \"rel\""},
      {listed_meters, "\"volumes_links\": [{\"rel\": \"next\"}]",
       "the next link is no text"},
      {listed_meters, "\"volumes_links\": [{\"rel\": \"next\", \"href\": 7}]",
       "the next link is no text"},
      {below_meters, "\"links\": [\"?a\"]", "no link at \"links.next\""},
      {below_meters, "\"links\": \"?a\"", "no link at \"links.next\""},
      {below_meters, "\"links\": {\"next\": {}}", "the next link is no text"},
      {below_meters, "\"links\": null", NULL},
      {deeper_meters, "\"meta\": {\"links\": null}", NULL},
      {deeper_meters, "\"meta\": {\"links\": \"?a\"}", "no link at"},
      {below_meters, "\"links\": {\"self\": \"?a\"}", NULL},
      {below_meters, "\"links\": {\"next\": null}", NULL},
      {listed_meters, "\"volumes_links\": []", NULL},
      {listed_meters, "\"volumes_links\": null", NULL},
  };
  struct passing *p = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const char *name = rows[i].meters == listed_meters ? "volumes" : "things";
    char *body =
        text_printf("{\"%s\": [{\"id\": \"a\"}], %s}", name, rows[i].body);
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    passing_answer(p, "*", body);
    if (rows[i].text != NULL)
      expect_failure(p, rows[i].meters, ERROR_PARSE, rows[i].text);
    else
      expect(p, rows[i].meters, "t a 1\n");
    free(body);
  }
}

/* ---- answers that are not the service's --------------------------------- */

static void a_success_that_is_no_answer_is_a_failure(void **state) {
  static const struct {
    struct httpd_answer answer;
    const struct meter *meters;
    enum error_code code;
    const char *text;
  } rows[] = {
      {{.status = 200, .type = "text/html"},
       header_meters,
       ERROR_PARSE,
       "the answer has no header that was asked for"},
      {{.status = 200, .body = "[]"},
       counted_meters,
       ERROR_PARSE,
       "the answer has no \"x-n\""},
      {{.status = 204},
       counted_meters,
       ERROR_PARSE,
       "the answer has no \"x-n\""},
      {{.status = 200, .headers = "X-N: many\r\n", .body = "[]"},
       counted_meters,
       ERROR_PARSE,
       "the answer has no \"x-n\""},
      {{.status = 204, .headers = "X-N: 2\r\n"},
       counted_meters,
       ERROR_PARSE,
       "the answer ends before"},
      {{.status = 206, .headers = "X-N: 1\r\n", .body = "[]"},
       counted_meters,
       ERROR_STATUS,
       "HTTP 206 from"},
      {{.status = 202, .headers = "X-N: 1\r\n"},
       header_meters,
       ERROR_STATUS,
       "HTTP 202 from"},
      {{.status = 204},
       bare_meters,
       ERROR_PARSE,
       "the answer has no header that was asked for"},
  };
  struct passing *p = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    struct httpd_answer answer = rows[i].answer;
    answer.target = "/v1/names*";
    httpd_add(p->site.httpd, &answer);
    expect_failure(p, rows[i].meters, rows[i].code, rows[i].text);
  }
}

/* ---- tokens ------------------------------------------------------------- */

static void refuse(struct passing *p, const char *target, const char *token,
                   unsigned times) {
  httpd_add(p->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = target,
                                                  .need = token,
                                                  .status = 401,
                                                  .body = "{\"error\": {}}",
                                                  .times = times});
}

static void a_401_in_mid_walk_loses_and_doubles_nothing(void **state) {
  struct passing *p = *state;
  refuse(p, "*marker=b", "token-1", 0);
  refuse(p, "*marker=d", "token-1", 0);
  three_pages(p);
  expect(p, linked_meters, all_three);
  assert_int_equal(p->result.records, 5);
  assert_int_equal(site_logins(&p->site), 2);
  assert_int_equal(passing_asked(p, "*marker=b"), 2);
  assert_int_equal(passing_asked(p, "*marker=d"), 1);
}

static void a_second_401_is_the_end(void **state) {
  struct passing *p = *state;
  refuse(p, "*marker=b", "X-Auth-Token", 0);
  three_pages(p);
  expect_failure(p, linked_meters, ERROR_STATUS, "page 2: HTTP 401 from ");
  assert_non_null(strstr(p->error.text, "/v2/things: {\"error\": {}}"));
  assert_int_equal(site_logins(&p->site), 2);
  /* The old token, a new one, and that once more: no other is to be had. */
  assert_int_equal(passing_asked(p, "*marker=b"), 3);
}

/* One of two Keystones has other keys: the same token is good the next time. */
static void a_token_is_tried_once_more_where_no_other_is_to_be_had(void **s) {
  struct passing *p = *s;
  httpd_forget(p->site.httpd);
  site_login(&p->site, &(struct site_login){.times = 1});
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.method = "POST", .status = 503});
  refuse(p, "*marker=b", "X-Auth-Token", 1);
  refuse(p, "*marker=d", "X-Auth-Token", 1);
  three_pages(p);
  expect(p, linked_meters, all_three);
  assert_int_equal(site_logins(&p->site), 2);
  assert_int_equal(passing_asked(p, NULL), 5);
}

static char *half_a_minute(void *arg, const char *target) {
  (void)arg, (void)target;
  warp(31000);
  return strdup("{}");
}

/* Where each token is refused, and new ones are to be had all the time. */
static void a_page_is_not_asked_for_with_any_number_of_tokens(void **state) {
  struct passing *p = *state;
  p->site.options.timeout_ms = 600000;
  p->plan.deadline_ms = site_deadline(600000);
  site_login(&p->site, &(struct site_login){.token = "token-3"});
  httpd_add(p->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = "/v2/*",
                                                  .status = 401,
                                                  .make = half_a_minute});
  expect_failure(p, linked_meters, ERROR_STATUS, "page 1: HTTP 401");
  assert_int_equal(passing_asked(p, "/v2/*"), PASS_TRIES);
}

static char *later_page(void *arg, const char *target) {
  (void)arg, (void)target;
  warp(3601000);
  return strdup(page1);
}

/* Not sent until it is refused: some services take it for nobody's. */
static void a_token_that_ends_in_mid_walk_is_sent_no_more(void **state) {
  struct passing *p = *state;
  p->site.options.timeout_ms = 7200000;
  p->plan.deadline_ms = site_deadline(7200000);
  httpd_add(p->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = "*limit=2",
                                                  .make = later_page});
  three_pages(p);
  expect(p, linked_meters, all_three);
  const char *headers = httpd_get(p->site.httpd, "GET", "*marker=b", 0).headers;
  assert_non_null(strstr(headers, "X-Auth-Token: token-2"));
  assert_int_equal(passing_asked(p, NULL), 3);
}

static void a_dead_keystone_behind_a_401_is_the_login_s_failure(void **state) {
  struct passing *p = *state;
  httpd_forget(p->site.httpd);
  site_login(&p->site, &(struct site_login){.times = 1});
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.method = "POST", .status = 503});
  refuse(p, "*marker=b", "X-Auth-Token", 0);
  three_pages(p);
  expect_failure(p, linked_meters, ERROR_LOGIN, "login at ");
  assert_null(strstr(p->error.text, "page"));
}

static void a_failed_login_asks_no_service(void **state) {
  struct passing *p = *state;
  httpd_forget(p->site.httpd);
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.method = "POST", .status = 401});
  three_pages(p);
  expect_failure(p, linked_meters, ERROR_LOGIN, "login at ");
  assert_int_equal(passing_asked(p, NULL), 0);
}

/* ---- a server that asks to come again ----------------------------------- */

static void retry_after_is_waited_for(void **state) {
  static const int statuses[] = {429, 503};
  struct passing *p = *state;
  for (size_t i = 0; i < 2; i++) {
    httpd_add(p->site.httpd,
              &(struct httpd_answer){.method = "GET",
                                     .target = "*marker=b",
                                     .status = statuses[i],
                                     .headers = "Retry-After: 1\r\n",
                                     .times = 1});
  }
  three_pages(p);
  expect(p, linked_meters, all_three);
  int64_t first = httpd_get(p->site.httpd, "GET", "*marker=b", 0).at_ms;
  int64_t second = httpd_get(p->site.httpd, "GET", "*marker=b", 1).at_ms;
  int64_t third = httpd_get(p->site.httpd, "GET", "*marker=b", 2).at_ms;
  assert_true(second - first >= 1000 && second - first < 4000);
  assert_true(third - second >= 1000 && third - second < 4000);
}

static void but_not_for_ever(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "/v2/*",
                                   .status = 503,
                                   .headers = "Retry-After: 1\r\n"});
  expect_failure(p, linked_meters, ERROR_STATUS, "page 1: HTTP 503");
  assert_int_equal(passing_asked(p, NULL), PASS_TRIES);
  assert_int_equal(p->result.retry_after_ms, 1000);
}

static void nor_beyond_the_deadline(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "/v2/*",
                                   .status = 429,
                                   .headers = "Retry-After: 3600\r\n"});
  int64_t begun = clock_ms();
  expect_failure(p, linked_meters, ERROR_STATUS, "page 1: HTTP 429");
  assert_true(clock_ms() - begun < 2000);
  assert_int_equal(passing_asked(p, NULL), 1);
  assert_int_equal(p->result.retry_after_ms, 3600000);
}

/* A proxy that reloads in mid-listing must not cost all pages that follow. */
static void a_page_that_fails_for_a_moment_is_asked_again(void **state) {
  static const struct httpd_answer moments[] = {
      {.status = 502, .body = "<html>"},
      {.status = 503},
      {.status = 504},
      {.end = HTTPD_RESET, .mute = true}};
  struct passing *p = *state;
  for (size_t i = 0; i < 4; i++) {
    struct httpd_answer once = moments[i];
    once.method = "GET";
    once.target = "*marker=b";
    once.times = 1;
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 3600});
    httpd_add(p->site.httpd, &once);
    three_pages(p);
    expect(p, linked_meters, all_three);
    assert_int_equal(passing_asked(p, NULL), 4 * (i + 1));
  }
}

/* Each page of a listing: the proxy may need longer than one. */
static void each_page_may_fail_for_a_moment(void **state) {
  struct passing *p = *state;
  for (int i = 0; i < 2; i++)
    httpd_add(p->site.httpd,
              &(struct httpd_answer){.method = "GET",
                                     .target = i ? "*marker=d" : "*marker=b",
                                     .times = 1,
                                     .status = 502});
  three_pages(p);
  expect(p, linked_meters, all_three);
}

/* Nor twice; nor a first page, which has a next round. */
static void but_once_and_no_first_page(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = "*marker=b",
                                                  .status = 502});
  three_pages(p);
  expect_failure(p, linked_meters, ERROR_STATUS, "page 2: HTTP 502");
  assert_int_equal(passing_asked(p, NULL), 3);
  httpd_forget(p->site.httpd);
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.method = "GET", .status = 502});
  expect_failure(p, linked_meters, ERROR_STATUS, "page 1: HTTP 502");
  assert_int_equal(passing_asked(p, NULL), 3 + 1);
}

/* Its records have been sent: a second answer would be another page. */
static void nor_a_page_of_which_something_is_used(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "*marker=b",
                                   .body = "{\"things\": [{\"id\": \"c\"}",
                                   .end = HTTPD_RESET});
  three_pages(p);
  expect_failure(p, linked_meters, ERROR_TRANSPORT, "page 2: ");
  assert_int_equal(passing_asked(p, NULL), 2);
}

static void without_retry_after_nobody_comes_again(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "/v2/*",
                                   .status = 503,
                                   .body = "{\"why\": \"down\"}"});
  expect_failure(p, linked_meters, ERROR_STATUS, "{\"why\": \"down\"}");
  assert_int_equal(passing_asked(p, NULL), 1);
}

/* ---- failures on the way ------------------------------------------------ */

static const struct {
  struct httpd_answer answer;
  enum error_code code;
  const char *text;
} failures[] = {
    {{.status = 404, .body = "{\"message\": \"no such marker\"}"},
     ERROR_STATUS,
     "page 2: HTTP 404 from http://127.0.0.1:"},
    {{.status = 400}, ERROR_STATUS, "page 2: HTTP 400"},
    {{.status = 403}, ERROR_DENIED, "page 2: HTTP 403"},
    {{.status = 406}, ERROR_STATUS, "page 2: HTTP 406"},
    {{.status = 302, .headers = "Location: https://sso.example/?t=1\r\n"},
     ERROR_STATUS,
     "/v2/things, a redirect to https://sso.example"},
    {{.body = "{\"things\": [{\"id\": \"c\"}", .end = HTTPD_CLOSE},
     ERROR_PARSE,
     "page 2: the answer ends before its JSON does"},
    {{.body = "{\"things\": [{\"id\": \"c\"}", .end = HTTPD_CUT},
     ERROR_TRANSPORT,
     "page 2: "},
    {{.body = "{\"things\": [{\"id\": \"c\"}", .end = HTTPD_RESET},
     ERROR_TRANSPORT,
     "page 2: "},
    {{.mute = true, .end = HTTPD_CLOSE}, ERROR_TRANSPORT, "page 2: "},
    {{.body = ""}, ERROR_PARSE, "page 2: the answer ends before"},
    {{.body = "{\"things\": [{\"id\": \"c\"},,]}"},
     ERROR_PARSE,
     "page 2: the answer is not valid JSON"},
    {{.body = "<html>"}, ERROR_PARSE, "page 2: the answer is not valid JSON"},
    {{.body = "{\"servers\": []}"},
     ERROR_PARSE,
     "page 2: the answer has no \"things[]\""},
    {{.body = "{\"things\": {}}"},
     ERROR_PARSE,
     "page 2: the answer has no \"things[]\""},
    {{.body = "[]"}, ERROR_PARSE, "page 2: the answer has no \"things[]\""},
    {{.body = "null"}, ERROR_PARSE, "page 2: the answer has no \"things[]\""},
};

static void a_failure_says_at_which_page(void **state) {
  struct passing *p = *state;
  for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
    struct httpd_answer failure = failures[i].answer;
    failure.method = "GET";
    failure.target = "*marker=b";
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    httpd_add(p->site.httpd, &failure);
    three_pages(p);
    assert_int_equal(passing_run(p, linked_meters), -1);
    if (p->error.code != failures[i].code ||
        strstr(p->error.text, failures[i].text) == NULL)
      fail_msg("row %zu: code %d: %s", i, p->error.code, p->error.text);
    assert_null(strstr(p->error.text, "marker=")); /* a tenant's name */
    /* The records of the page before are out, those behind are a gap. */
    assert_memory_equal(p->samples, "t a 1@p1\nt.size a 1@p1\nt b 1\n", 28);
    assert_null(strstr(p->samples, "t d"));
  }
}

/* uwsgi sends no length: the end of the connection, however it comes, says
 * nothing. The closing brace does. */
static void complete_json_is_complete_however_it_ends(void **state) {
  static const enum httpd_end ends[] = {HTTPD_RESET, HTTPD_CUT, HTTPD_CLOSE};
  struct passing *p = *state;
  for (size_t i = 0; i < 3; i++) {
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    httpd_add(p->site.httpd, &(struct httpd_answer){.target = "*marker=b",
                                                    .body = page2,
                                                    .end = ends[i]});
    three_pages(p);
    expect(p, linked_meters, all_three);
  }
}

/* {"things":[{"id":"e","size":9000}]}, gzipped with a 1 for the 9. */
static const unsigned char damaged[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x03, 0x01, 0x23,
    0x00, 0xdc, 0xff, 0x7b, 0x22, 0x74, 0x68, 0x69, 0x6e, 0x67, 0x73, 0x22,
    0x3a, 0x5b, 0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0x65, 0x22, 0x2c,
    0x22, 0x73, 0x69, 0x7a, 0x65, 0x22, 0x3a, 0x39, 0x30, 0x30, 0x30, 0x7d,
    0x5d, 0x7d, 0x0a, 0x37, 0x33, 0xd0, 0x23, 0x00, 0x00, 0x00};

/* Not so a time-out, nor a body that is not what it was said to be. */
static void but_nothing_else_is_forgiven(void **state) {
  struct passing *p = *state;
  p->site.options.timeout_ms = 500;
  httpd_add(p->site.httpd, &(struct httpd_answer){.target = "/v2/*",
                                                  .body = page3,
                                                  .end = HTTPD_HANG});
  expect_failure(p, linked_meters, ERROR_TRANSPORT, "page 1: Operation timed");
  httpd_forget(p->site.httpd);
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/v2/*",
                                   .headers = "Content-Encoding: gzip\r\n",
                                   .body = (const char *)damaged,
                                   .len = sizeof(damaged)});
  expect_failure(p, linked_meters, ERROR_TRANSPORT, "page 1: ");
  assert_string_equal(p->samples, "");
}

static void pieces_of_any_size_are_the_same_answer(void **state) {
  struct passing *p = *state;
  for (size_t piece = 1; piece < 8; piece++) {
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    httpd_add(p->site.httpd, &(struct httpd_answer){.target = "*marker=b",
                                                    .body = page2,
                                                    .piece = piece,
                                                    .end = HTTPD_CHUNKED});
    three_pages(p);
    expect(p, linked_meters, all_three);
  }
}

static void the_deadline_says_at_which_page(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd, &(struct httpd_answer){.target = "*marker=b",
                                                  .end = HTTPD_HANG,
                                                  .mute = true});
  three_pages(p);
  p->site.options.timeout_ms = 60000;
  p->plan.deadline_ms = site_deadline(300);
  expect_failure(p, linked_meters, ERROR_DEADLINE,
                 "page 2: the deadline has passed");
}

static void an_unknown_microversion_is_told_apart(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/pools", .status = 406});
  p->plan.version = "3.5";
  expect_failure(p, whole_meters, ERROR_VERSION, "HTTP 406");
  p->plan.version = NULL;
  expect_failure(p, whole_meters, ERROR_STATUS, "HTTP 406");
}

static void an_extension_that_is_not_there_is_absent(void **state) {
  struct passing *p = *state;
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.target = "/vpns", .status = 404});
  expect_failure(p, extension_meters, ERROR_ABSENT, "HTTP 404");
}

static char *so_many(void *arg, const char *target) {
  char *body = NULL;
  size_t len;
  FILE *to = open_memstream(&body, &len);
  bool second = strstr(target, "marker=") != NULL;
  fprintf(to, "{\"%s\": [", strstr(target, "pools") ? "pools" : "things");
  for (size_t i = 0; i < *(size_t *)arg; i++)
    fprintf(to, "%s{\"id\": \"%d-%zu\"}", i > 0 ? "," : "", second, i);
  fprintf(to, "], \"next\": %s}", second ? "\"\"" : "\"?marker=a\"");
  fclose(to);
  return body;
}

/* Only one page that is as long as limits are: more pages are a list that has
 * been led to its end. */
static void a_page_as_long_as_limits_are_may_be_cut_off(void **state) {
  static const struct {
    const struct meter *meters;
    size_t records, round;
  } rows[] = {{whole_meters, 0, 0},       {whole_meters, 250, 0},
              {whole_meters, 499, 0},     {whole_meters, 500, 500},
              {whole_meters, 1000, 1000}, {whole_meters, 1001, 0},
              {linked_meters, 500, 0}};
  struct passing *p = *state;
  p->quiet = true;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    size_t records = rows[i].records;
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    httpd_add(p->site.httpd, &(struct httpd_answer){.method = "GET",
                                                    .make = so_many,
                                                    .arg = &records});
    assert_int_equal(passing_run(p, rows[i].meters), 0);
    assert_int_equal(p->result.round, rows[i].round);
  }
}

/* What stands in front of a service knows nothing of rights and records. */
static void only_the_service_denies_and_knows_what_is_absent(void **state) {
  static const char why[] = ", a proxy's answer by its headers";
  static const struct {
    const struct meter *meters;
    int status;
    const char *headers;
    enum error_code code;
  } rows[] = {
      {linked_meters, 403, "X-OpenStack-Request-ID: req-1\r\n", ERROR_DENIED},
      {linked_meters, 403, "x-compute-request-id: req-1\r\n", ERROR_DENIED},
      {linked_meters, 403, "Openstack-Request-Id: req-1\r\n", ERROR_DENIED},
      {linked_meters, 403, "X-Trans-Id: tx1-1\r\n", ERROR_DENIED},
      {linked_meters, 403, "x-amz-request-id: tx1-1\r\n", ERROR_DENIED},
      {linked_meters, 403, NULL, ERROR_STATUS},
      {linked_meters, 403, "X-Request-ID: 1\r\n", ERROR_STATUS},
      {linked_meters, 403, "x-amzn-RequestId: 1\r\n", ERROR_STATUS},
      {extension_meters, 404, "X-Openstack-Request-Id: req-1\r\n",
       ERROR_ABSENT},
      {extension_meters, 404, NULL, ERROR_STATUS},
      {headed_meters, 403, "x-things: 1\r\n", ERROR_DENIED},
      {headed_meters, 410, "X-Things: 1\r\n", ERROR_ABSENT},
      {headed_meters, 403, "X-Trans-Id: tx1-1\r\n", ERROR_STATUS},
  };
  struct passing *p = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    httpd_add(p->site.httpd,
              &(struct httpd_answer){.method = "GET",
                                     .status = rows[i].status,
                                     .headers = rows[i].headers,
                                     .by_proxy = true,
                                     .body = "{\"message\": \"no\"}"});
    bool proxy = rows[i].code == ERROR_STATUS;
    expect_failure(p, rows[i].meters, rows[i].code,
                   proxy ? why : "{\"message\": \"no\"}");
    assert_true(proxy || strstr(p->error.text, why) == NULL);
  }
}

/* Nor does the answer before it count, or the next one after it. */
static void each_answer_shows_whose_it_is(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/v2/things?limit=2", page1);
  httpd_add(p->site.httpd,
            &(struct httpd_answer){.status = 403, .by_proxy = true});
  expect_failure(p, linked_meters, ERROR_STATUS, "page 2: HTTP 403 from ");
}

static void no_message_holds_the_token(void **state) {
  static const char token[] =
      "gAAAAABn0r8kHk1mI7y5w8dO-3qzT2xXbV9cE4uPjRfLsYhN"
      "aGtQoKwDzUiMvBeS_lZrXy6JA7n4pCgT1kVd0WmHuEoRsIqL"
      "xYbFzNjKcQvPaGhDtUwMiOy5e8B3S2r6X9f4Z7l1A0n-k_Cg";
  struct passing *p = *state;
  for (int before = 1; before < 220; before += 20) {
    char *body =
        text_printf("{\"message\": \"%0*d token %s\"}", before, 0, token);
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.token = token});
    httpd_add(p->site.httpd, &(struct httpd_answer){
                                 .method = "GET", .status = 500, .body = body});
    expect_failure(p, linked_meters, ERROR_STATUS, "HTTP 500");
    assert_null(strstr(p->error.text, "gAAA"));
    free(body);
  }
}

/* ---- totals ------------------------------------------------------------- */

static const struct listing cut = {
    .name = "users",
    .path = "/users?limit=2",
    .record = "users[]",
    .paging = {.kind = PAGING_LINK, .next = "next", .truncated = "truncated"},
    .id = "id"};
static const struct meter cut_meters[] = {
    {.name = "count", .from = &cut, .total = TOTAL_COUNT}, {.name = NULL}};

static void totals_come_behind_a_whole_pass_only(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/volumes?limit=2",
                 "{\"volumes\": [{\"id\": \"a\"}, {\"id\": \"b\"}],"
                 " \"volumes_links\": [{\"rel\": \"next\", \"href\": "
                 "\"?marker=b\"}]}");
  httpd_add(
      p->site.httpd,
      &(struct httpd_answer){.target = "*marker=b", .times = 1, .status = 500});
  passing_answer(p, "*marker=b", "{\"volumes\": [{\"id\": \"c\"}]}");
  expect_failure(p, total_meters, ERROR_STATUS, "page 2: HTTP 500");
  assert_string_equal(p->samples, "t a 1\nt b 1\n");
  expect(p, total_meters, "t a 1\nt b 1\nt c 1\ncount total 3\n");
}

/* Keystone's list_limit. A link leads on nevertheless since 2025.1. */
static void a_list_that_is_cut_off_has_no_total(void **state) {
  struct passing *p = *state;
  passing_answer(p, "/users?limit=2",
                 "{\"users\": [{\"id\": \"a\"}], \"truncated\": true}");
  expect(p, cut_meters, "");
  assert_true(p->result.truncated);
  httpd_forget(p->site.httpd);
  site_login(&p->site, &(struct site_login){.life_s = 0});
  passing_answer(p, "/users?limit=2",
                 "{\"users\": [{\"id\": \"a\"}], \"truncated\": true, "
                 "\"next\": \"?marker=a\"}");
  passing_answer(p, "*marker=a", "{\"users\": [{\"id\": \"b\"}]}");
  expect(p, cut_meters, "count total 2\n");
}

static void log_in_without_project(struct passing *p) {
  httpd_forget(p->site.httpd);
  site_login(&p->site, &(struct site_login){.of_domain = true});
}

static void log_in_as_reader(struct passing *p) {
  httpd_forget(p->site.httpd);
  site_login(&p->site, &(struct site_login){
                           .roles = "{\"id\":\"2\",\"name\":\"reader\"}"});
}

static const struct listing owning = {
    .name = "things", .path = "/v1", .record = "things[]", .id = "id"};
static const struct listing owned_elsewhere = {.name = "parts",
                                               .path = "/v2",
                                               .record = "parts[]",
                                               .id = "id",
                                               .owners = &owning,
                                               .owner = "thing"};
static const struct meter parts_meters[] = {
    {.name = "count", .from = &owned_elsewhere, .total = TOTAL_COUNT},
    {.name = NULL}};

/* Neutron hides everything from a token without a project. */
static void nothing_for_a_token_without_a_project_is_no_total(void **state) {
  static const struct {
    bool project; /* has the token one? */
    const struct meter *meters;
    const char *body, *samples;
    bool blind;
  } rows[] = {
      {false, owned_total_meters, "{\"things\": []}", "", true},
      {true, owned_total_meters, "{\"things\": []}", "count total 0\n", false},
      {false, owned_total_meters, "{\"things\": [{\"id\": \"a\"}]}",
       "count total 1\n", false},
      {false, owned_total_meters, "{\"things\": [{\"id\": null}]}",
       "count total 0\n", false},
      /* Whose its records are, another listing tells. */
      {false, parts_meters, "{\"parts\": []}", "", true},
      {true, parts_meters, "{\"parts\": []}", "count total 0\n", false},
      /* Volumes of this listing belong to nobody: none are none. */
      {false, total_meters, "{\"volumes\": []}", "count total 0\n", false},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct passing p;
    passing_open(&p);
    if (!rows[i].project)
      log_in_without_project(&p);
    passing_answer(&p, "/v*", rows[i].body);
    expect(&p, rows[i].meters, rows[i].samples);
    assert_int_equal(p.result.blind, rows[i].blind);
    passing_close(&p);
  }
  (void)state;
}

static const struct listing agents = {.name = "agents",
                                      .path = "/v1",
                                      .record = "agents[]",
                                      .id = "id",
                                      .role = "admin",
                                      .without_role = LISTING_SEES_NONE};
static const struct listing volumes_of_all = {.name = "volumes",
                                              .path = "/v1",
                                              .record = "volumes[]",
                                              .id = "id",
                                              .role = "admin",
                                              .without_role = "its own"};
static const struct listing nodes = {.name = "nodes",
                                     .path = "/v1",
                                     .record = "nodes[]",
                                     .id = "id",
                                     .role = "admin or reader of the system",
                                     .without_role = "its own"};
static const struct meter nodes_meters[] = {
    {.name = "count", .from = &nodes, .total = TOTAL_COUNT}, {.name = NULL}};
static const struct meter agents_meters[] = {
    {.name = "count", .from = &agents, .total = TOTAL_COUNT}, {.name = NULL}};
static const struct meter volumes_of_all_meters[] = {
    {.name = "count", .from = &volumes_of_all, .total = TOTAL_COUNT},
    {.name = NULL}};

/* Neutron shows no agent to a reader: that none is down is not known. */
static void nothing_for_a_token_that_sees_none_is_no_total(void **state) {
  static const struct {
    bool reader;
    const struct meter *meters;
    const char *body, *samples;
    bool blind;
  } rows[] = {
      {true, agents_meters, "{\"agents\": []}", "", true},
      {false, agents_meters, "{\"agents\": []}", "count total 0\n", false},
      /* A policy of the service lets it see them. */
      {true, agents_meters, "{\"agents\": [{\"id\": \"a\"}]}",
       "count total 1\n", false},
      {true, volumes_of_all_meters, "{\"volumes\": []}", "count total 0\n",
       false},
      /* Ironic shows an administrator of a project all nodes, or that
       * project's. */
      {true, nodes_meters, "{\"nodes\": []}", "", true},
      {false, nodes_meters, "{\"nodes\": []}", "", true},
      {false, nodes_meters, "{\"nodes\": [{\"id\": \"a\"}]}", "count total 1\n",
       false},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct passing p;
    passing_open(&p);
    if (rows[i].reader)
      log_in_as_reader(&p);
    passing_answer(&p, "/v*", rows[i].body);
    expect(&p, rows[i].meters, rows[i].samples);
    assert_int_equal(p.result.blind, rows[i].blind);
    passing_close(&p);
  }
  (void)state;
}

/* One text that there is no memory for, or NULL. */
static const char *unkept;
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text) {
  bool fails = unkept != NULL && strcmp(text, unkept) == 0;
  return fails ? NULL : __real_strdup(text);
}

/* Its id is a text, and nothing else of it is of interest. */
static void a_record_of_which_nothing_is_read_is_counted(void **state) {
  static const struct listing nameless = {.name = "things",
                                          .path = "/v2/things",
                                          .record = "things[]",
                                          .id = "'all'"};
  static const struct meter meters[] = {
      {.name = "count", .from = &nameless, .total = TOTAL_COUNT},
      {.name = NULL}};
  struct passing *p = *state;
  passing_answer(p, "/v2/things", "{\"things\": [{}]}");
  expect(p, meters, "count total 1\n");
}

/* A row that is missing may be the total's own, or one that it has lost. */
static void a_total_that_memory_failed_for_fails_the_pass(void **state) {
  static const struct meter meters[] = {
      {.name = "by", .from = &linked, .total = TOTAL_COUNT, .group = "owner"},
      {.name = "count", .from = &linked, .total = TOTAL_COUNT},
      {.name = NULL}};
  struct passing *p = *state;
  passing_answer(p, "/v2/things?limit=2",
                 "{\"things\": [{\"id\": \"a\", \"owner\": \"p1\"},"
                 " {\"id\": \"b\", \"owner\": \"unkept\"}]}");
  unkept = "unkept";
  expect_failure(p, meters, ERROR_MEMORY, "memory");
  unkept = NULL;
  assert_string_equal(p->samples, "");
  expect(p, meters, "by p1 1@p1\ncount total 2\nby unkept 1@unkept\n");
}

/* A group that has vanished is sent once more, or a graph would end there. */
static void a_group_that_has_vanished_is_0_once(void **state) {
  static const struct meter meters[] = {
      {.name = "by", .from = &linked, .total = TOTAL_COUNT, .group = "owner"},
      {.name = NULL}};
  static const struct {
    const char *body, *samples;
  } rows[] = {
      {"{\"things\": [{\"id\": \"a\", \"owner\": \"p1\"}]}", "by p1 1@p1\n"},
      {"{\"things\": []}", "by p1 0@p1\n"},
      {"{\"things\": []}", ""}};
  struct passing *p = *state;
  struct totals *last = NULL;
  p->plan.totals = &last;
  for (size_t i = 0; i < 3; i++) {
    httpd_forget(p->site.httpd);
    site_login(&p->site, &(struct site_login){.life_s = 0});
    passing_answer(p, "/v2/*", rows[i].body);
    expect(p, meters, rows[i].samples);
  }
  totals_free(last);
}

static char *many_owners(void *arg, const char *target) {
  char *body = NULL;
  size_t len;
  FILE *to = open_memstream(&body, &len);
  (void)arg, (void)target;
  fputs("{\"things\": [", to);
  for (int i = 0; i < TOTALS_LIMIT + 3; i++)
    fprintf(to, "%s{\"id\": \"%d\", \"owner\": \"p%d\"}", i > 0 ? "," : "", i,
            i);
  fputs("]}", to);
  fclose(to);
  return body;
}

static void groups_without_room_are_told(void **state) {
  static const struct meter meters[] = {
      {.name = "by", .from = &linked, .total = TOTAL_COUNT, .group = "owner"},
      {.name = NULL}};
  struct passing *p = *state;
  p->quiet = true;
  httpd_add(p->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = "/v2/*",
                                                  .make = many_owners});
  assert_int_equal(passing_run(p, meters), 0);
  assert_int_equal(p->nsamples, TOTALS_LIMIT);
  assert_int_equal(p->result.refused, 3);
}

static void count_first(void *arg, const struct outcome *outcome) {
  (void)outcome;
  ++*(int *)arg;
}

static char *stop(void *arg, const char *target) {
  (void)target;
  http_stop(arg);
  return strdup("{}");
}

/* Neither one that never went out, nor one that the daemon's end broke off. */
static void what_was_not_answered_for_our_own_sake_tells_nothing(void **state) {
  struct passing *p = *state;
  struct site *site = &p->site;
  struct rate_limit *slow = rate_limit_new(0.01);
  struct error err;
  int told = 0;
  httpd_add(site->httpd, &(struct httpd_answer){.target = "/v2/*",
                                                .make = stop,
                                                .arg = site->http});
  p->plan.on_first = count_first;
  p->plan.first_arg = &told;
  expect_failure(p, linked_meters, ERROR_STOPPED, "stopped");
  assert_int_equal(passing_asked(p, "/v2/*"), 1);
  http_free(site->http);
  site->http = http_new(&site->options, slow, &err);
  rate_limit_pass(slow, clock_ms());
  p->plan.deadline_ms = site_deadline(100);
  expect_failure(p, linked_meters, ERROR_DEADLINE, "the deadline has passed");
  assert_int_equal(passing_asked(p, "/v2/*"), 1);
  assert_int_equal(told, 0);
  rate_limit_free(slow);
}

static void a_stop_says_so(void **state) {
  struct passing *p = *state;
  three_pages(p);
  http_stop(p->site.http);
  expect_failure(p, linked_meters, ERROR_STOPPED, "");
  assert_int_equal(passing_asked(p, NULL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    TEST(links_lead_through_all_pages),
    TEST(a_link_s_host_and_path_do_not_matter),
    TEST(of_a_list_of_links_the_next_one_counts),
    TEST(the_last_page_may_be_empty),
    TEST(empty_pages_may_link_on_for_a_while),
    TEST(a_marker_goes_on_to_the_empty_page),
    TEST(a_marker_ends_at_a_shorter_page_with_nothing_new),
    TEST(a_record_may_be_no_marker),
    TEST(a_list_is_not_whole_for_want_of_a_marker),
    TEST(a_marker_with_a_total_saves_the_empty_page),
    TEST(a_total_that_is_wrong_costs_a_request_and_no_record),
    TEST(each_page_is_asked_for_the_fields),
    TEST(fields_of_an_inner_record_are_asked_for_as_its_list),
    TEST(a_members_name_and_value_are_not_asked_for),
    TEST(a_member_of_an_object_has_its_name_for_an_id),
    TEST(a_member_may_be_a_number),
    TEST(an_offset_goes_on_to_the_empty_page),
    TEST(a_marker_that_no_record_has_is_no_end),
    TEST(a_count_without_any_record_is_no_empty_listing),
    TEST(an_offset_with_a_total_saves_the_empty_page),
    TEST(an_offset_into_replicas_ends_at_the_tail),
    TEST(one_share_of_some_replicas_is_a_whole_list),
    TEST(a_server_that_ignores_the_offset_is_found_out),
    TEST(an_api_without_pages_is_asked_once),
    TEST(a_link_of_an_api_without_pages_is_told),
    TEST(a_walk_may_need_all_fields_of_a_listing),
    TEST(an_empty_cloud_has_no_records),
    TEST(no_content_is_no_empty_cloud),
    TEST(headers_alone_need_no_body),
    TEST(headers_and_body_each_have_their_number),
    TEST(keys_sign_a_request_and_stay_here),
    TEST(a_secret_key_s_file_is_read_in_each_pass),
    TEST(an_odd_record_costs_one_record),
    TEST(the_worst_state_of_an_id_counts),
    TEST(states_of_a_page_that_breaks_off_are_not_known),
    TEST(the_same_id_twice_is_reported_once),
    TEST(each_pass_sees_all_ids_anew),
    TEST(a_link_to_itself_ends_the_pass),
    TEST(a_list_that_starts_over_ends_the_pass),
    TEST(a_marker_that_stands_still_ends_the_pass),
    TEST(odd_links_are_failures),
    TEST(an_overlong_link_is_a_failure),
    TEST(links_that_are_none_end_the_list),
    TEST(a_success_that_is_no_answer_is_a_failure),
    TEST(links_of_another_kind_are_failures),
    TEST(a_401_in_mid_walk_loses_and_doubles_nothing),
    TEST(a_token_that_ends_in_mid_walk_is_sent_no_more),
    TEST(a_second_401_is_the_end),
    TEST(a_token_is_tried_once_more_where_no_other_is_to_be_had),
    TEST(a_page_is_not_asked_for_with_any_number_of_tokens),
    TEST(a_dead_keystone_behind_a_401_is_the_login_s_failure),
    TEST(a_failed_login_asks_no_service),
    TEST(retry_after_is_waited_for),
    TEST(but_not_for_ever),
    TEST(nor_beyond_the_deadline),
    TEST(a_page_that_fails_for_a_moment_is_asked_again),
    TEST(each_page_may_fail_for_a_moment),
    TEST(but_once_and_no_first_page),
    TEST(nor_a_page_of_which_something_is_used),
    TEST(without_retry_after_nobody_comes_again),
    TEST(a_failure_says_at_which_page),
    TEST(complete_json_is_complete_however_it_ends),
    TEST(but_nothing_else_is_forgiven),
    TEST(pieces_of_any_size_are_the_same_answer),
    TEST(the_deadline_says_at_which_page),
    TEST(an_unknown_microversion_is_told_apart),
    TEST(an_extension_that_is_not_there_is_absent),
    TEST(only_the_service_denies_and_knows_what_is_absent),
    TEST(a_page_as_long_as_limits_are_may_be_cut_off),
    TEST(each_answer_shows_whose_it_is),
    TEST(no_message_holds_the_token),
    TEST(totals_come_behind_a_whole_pass_only),
    TEST(a_list_that_is_cut_off_has_no_total),
    TEST(nothing_for_a_token_without_a_project_is_no_total),
    TEST(nothing_for_a_token_that_sees_none_is_no_total),
    TEST(a_record_of_which_nothing_is_read_is_counted),
    TEST(a_total_that_memory_failed_for_fails_the_pass),
    TEST(a_group_that_has_vanished_is_0_once),
    TEST(groups_without_room_are_told),
    TEST(what_was_not_answered_for_our_own_sake_tells_nothing),
    TEST(a_stop_says_so),
    TEST_MOST_PAGES};

int main(void) {
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
