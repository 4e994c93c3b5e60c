/* The built-in rows: each sound by itself, and each meter from recorded bytes
 * to exact identifier, type and value (tests/data/X.want). */
#include "base/idset.h"
#include "base/text.h"
#include "meter/binding.h"
#include "meter/validate.h"
#include "meters/meters.h"
#include "net/path.h"
#include "recorded.h"
#include "stub/data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- recorded answers --------------------------------------------------- */

/* Besides Zed, what tests/realcloud/record.py has recorded of. */
static const char *const releases[] = {"-2025.1", "-zed"};

#define CINDER "http://h:8776/v3/99dd9ad2da3a4a76a91dde20641d97b3"
#define NOVA "http://h:8774/v2.1"
#define SWIFT "http://h:8080/v1/AUTH_b620a8a87d864399b8cd629698ca2ce1"

struct row {
  const char *want; /* file: requests, samples and what else there is to say */
  struct recorded_plan plan;
};

/* clang-format off */
static struct row rows[] = {
    {"image-images.want", {.listing = "images", .endpoint = "http://h:9292",
     .bodies = {"image-images.json", "image-images-last.json"}}},
    {"image-images-cases.want", {.listing = "images",
     .endpoint = "https://h/image/v2/", .bodies = {"image-images-cases.json"}}},
    {"image-images-metadata.want", {.listing = "images", .metadata = true,
     .endpoint = "http://h:9292/v2",
     .bodies = {"image-images.json", "image-images-last.json"}}},

    {"volume-volumes.want", {.listing = "volumes", .endpoint = CINDER,
     .metadata = true, .bodies = {"volume-volumes.json", "{\"volumes\": []}"}}},
    {"volume-volumes-cases.want", {.listing = "volumes", .endpoint = CINDER,
     .metadata = true, .bodies = {"volume-volumes-cases.json"}}},
    {"volume-snapshots.want", {.listing = "snapshots", .endpoint = CINDER,
     .metadata = true,
     .bodies = {"volume-snapshots.json", "{\"snapshots\": []}"}}},
    {"volume-backups.want", {.listing = "backups", .endpoint = CINDER,
     .metadata = true,
     .bodies = {"volume-backups.json", "volume-backups-cases.json"}}},
    {"volume-pools.want", {.listing = "pools", .endpoint = CINDER,
     .bodies = {"volume-pools.json"}}},
    {"volume-pools-cases.want", {.listing = "pools", .endpoint = CINDER,
     .metadata = true, .bodies = {"volume-pools-cases.json"}}},
    {"volume-volume_services.want", {.listing = "volume_services",
     .endpoint = CINDER, .metadata = true,
     .bodies = {"volume-volume_services.json"}}},
    {"volume-volume_services-cases.want", {.listing = "volume_services",
     .endpoint = CINDER, .bodies = {"volume-volume_services-cases.json"}}},

    {"volume-volume_quotas.want", {.listing = "volume_quotas",
     .endpoint = CINDER, .project = "dc5c2ff3f1b24539ae55afdae3608a63",
     .bodies = {"volume-volume_quotas.json"}}},
    {"volume-volume_quotas-noop.want", {.listing = "volume_quotas",
     .endpoint = CINDER, .project = "p1",
     .bodies = {"volume-volume_quotas-noop.json"}}},

    {"network-floatingips.want", {.listing = "floatingips",
     .endpoint = "http://h:9696/", .metadata = true,
     .bodies = {"network-floatingips.json", "network-floatingips-none.json"}}},
    {"network-floatingips-fields.want", {.listing = "floatingips",
     .endpoint = "http://h:9696",
     .bodies = {"network-floatingips-fields.json"}}},
    {"network-floatingips-cases.want", {.listing = "floatingips",
     .endpoint = "http://h:9696/v2.0",
     .bodies = {"network-floatingips-cases.json",
                "network-floatingips-none.json"}}},
    {"network-vpnservices.want", {.listing = "vpnservices", .metadata = true,
     .endpoint = "http://h:9696", .bodies = {"network-vpnservices.json"}}},
    {"network-vpnservices-cases.want", {.listing = "vpnservices",
     .endpoint = "http://h:9696", .bodies = {"network-vpnservices-cases.json"}}},
    {"network-ipsec_site_connections.want", {.metadata = true,
     .listing = "ipsec_site_connections", .endpoint = "http://h:9696",
     .bodies = {"network-ipsec_site_connections.json"}}},
    {"network-firewall_groups.want", {.listing = "firewall_groups",
     .endpoint = "http://h:9696", .metadata = true,
     .bodies = {"network-firewall_groups.json"}}},
    {"network-firewall_policies.want", {.listing = "firewall_policies",
     .endpoint = "http://h:9696", .metadata = true,
     .bodies = {"network-firewall_policies.json"}}},

    {"object_store-accounts.want", {.listing = "accounts", .endpoint = SWIFT,
     .project = "e205848f07294615add5650de486a5a2",
     .headers = "object_store-accounts.headers",
     .bodies = {"object_store-accounts.json", "object_store-accounts-last.json",
                "[]"}}},
    {"object_store-accounts-cases.want", {.listing = "accounts",
     .endpoint = SWIFT, .metadata = true, .project = "p1",
     .headers = "object_store-accounts-cases.headers",
     .bodies = {"object_store-accounts-cases.json", "[]"}}},
    {"object_store-accounts-head.want", {.listing = "accounts",
     .meters = "storage.objects*", .endpoint = "http://h:8080/swift",
     .project = "e205848f07294615add5650de486a5a2",
     .headers = "object_store-accounts-head.headers"}},
    {"object_store-accounts-none.want", {.listing = "accounts",
     .endpoint = "http://h:8080", .headers = "object_store-accounts-none.headers",
     .project = "ffffffffffffffffffffffffffffffff", .bodies = {"[]"}}},

    {"load_balancer-loadbalancers.want", {.listing = "loadbalancers",
     .endpoint = "http://h:9876", .metadata = true,
     .bodies = {"load_balancer-loadbalancers.json",
                "{\"loadbalancers\": [], \"loadbalancers_links\": []}"}}},
    {"load_balancer-loadbalancers-fields.want", {.listing = "loadbalancers",
     .endpoint = "http://h:9876/v2.0", .meters = "*.operating",
     .bodies = {"load_balancer-loadbalancers-fields.json"}}},
    {"load_balancer-loadbalancers-cases.want", {.listing = "loadbalancers",
     .endpoint = "https://h/load-balancer",
     .bodies = {"load_balancer-loadbalancers-cases.json"}}},

    {"dns-zones.want", {.listing = "zones", .endpoint = "http://h:9001",
     .metadata = true, .bodies = {"dns-zones.json", "dns-zones-none.json"}}},
    {"dns-zones-cases.want", {.listing = "zones", .endpoint = "http://h/dns",
     .bodies = {"dns-zones-cases.json"}}},
    {"dns-recordsets.want", {.listing = "recordsets",
     .endpoint = "http://h:9001/",
     .bodies = {"dns-recordsets.json", "dns-recordsets-last.json"},
     .owners = {{"z1", "p1"}, {"z2", "p2"}, {"z3", "p2"}, {"z4", NULL}}}},
    {"dns-recordsets-2025.1.want", {.listing = "recordsets",
     .endpoint = "http://h:9001/",
     .bodies = {"dns-recordsets-2025.1.json",
                "dns-recordsets-2025.1-last.json"},
     .owners = {{"fc2e987e-226c-400e-85cf-6716ddfff1c4",
                 "be36571224644d38b8b3eb1cde254ad4"},
                {"b66f742c-25cf-4e7b-a654-31258662ce9e",
                 "10d9f7c23a334664be9db1b38f75a62a"}}}},
    {"dns-recordsets-cut.want", {.listing = "recordsets", /* half a count */
     .endpoint = "http://h:9001/",
     .bodies = {"dns-recordsets.json", "{\"recordsets\": [{\"id\": "}}},

    {"share-shares.want", {.listing = "shares", .endpoint = "http://h:8786/v2",
     .metadata = true, .bodies = {"share-shares.json", "{\"shares\": []}"}}},
    {"share-shares-old.want", {.listing = "shares", .metadata = true,
     .endpoint = "http://h:8786/v2/",
     .bodies = {"share-shares-old.json", "{\"shares\": []}"}}},
    {"share-shares-cases.want", {.listing = "shares",
     .endpoint = "http://h:8786/v2", .bodies = {"share-shares-cases.json"}}},

    {"alarm-evaluation_results.want", {.listing = "evaluation_results",
     .endpoint = "http://h:8042", .bodies = {"alarm-evaluation_results.json"}}},

    {"instance_ha-ha_hosts.want", {.listing = "ha_hosts", .metadata = true,
     .endpoint = "http://h/instance-ha/v1/99dd9ad2da3a4a76a91dde20641d97b3",
     .project = "9e800031-6946-4b43-bf09-8b3d1cab792b",
     .bodies = {"instance_ha-ha_hosts.json", "{\"hosts\": []}"}}},
    {"metric-metric_status.want", {.listing = "metric_status",
     .endpoint = "http://h:8041", .bodies = {"metric-metric_status.json"}}},
    {"metric-metric_status-cases.want", {.listing = "metric_status",
     .endpoint = "http://h/metric",
     .bodies = {"metric-metric_status-cases.json"}}},

    {"placement-inventories.want", {.listing = "inventories",
     .endpoint = "http://h/placement", .metadata = true,
     .project = "ef90c6b2-de81-53a3-82ef-223560a2e998",
     .owner_name = "compute1.lab", .bodies = {"placement-inventories.json"}}},
    {"placement-inventories-cases.want", {.listing = "inventories",
     .endpoint = "http://h/placement/", .project = "p1",
     .bodies = {"placement-inventories-cases.json"}}},
    {"placement-provider_usages.want", {.listing = "provider_usages",
     .endpoint = "http://h:8778", .project = "p1", .owner_name = "host",
     .bodies = {"placement-provider_usages.json"}}},

    {"radosgw-buckets.want", {.listing = "buckets",
     .endpoint = "http://h:7480/swift/v1",
     .project = "dc5c2ff3f1b24539ae55afdae3608a63",
     .bodies = {"radosgw-buckets.json"}}},
    {"radosgw-buckets-cases.want", {.listing = "buckets", .project = "p1",
     .endpoint = "http://h:7480", .bodies = {"radosgw-buckets-cases.json"}}},
    {"radosgw-buckets-none.want", {.listing = "buckets", .project = "nobody",
     .endpoint = "http://h:7480", .bodies = {"[]"}}},
    {"radosgw-usage.want", {.listing = "usage", .endpoint = "http://h:7480/",
     .project = "dc5c2ff3f1b24539ae55afdae3608a63",
     .bodies = {"radosgw-usage.json"}}},
    {"radosgw-usage-cases.want", {.listing = "usage", .project = "p1",
     .endpoint = "http://h:7480", .bodies = {"radosgw-usage-cases.json"}}},
    {"radosgw-usage-none.want", {.listing = "usage", .project = "nobody",
     .endpoint = "http://h:7480", .bodies = {"radosgw-usage-none.json"}}},

    {"compute-compute_services.want", {.listing = "compute_services",
     .endpoint = NOVA, .metadata = true,
     .bodies = {"compute-compute_services.json"}}},
    {"compute-compute_services-cases.want", {.listing = "compute_services",
     .endpoint = NOVA, .metadata = true,
     .bodies = {"compute-compute_services-cases.json"}}},
    {"compute-hypervisors.want", {.listing = "hypervisors", .endpoint = NOVA,
     .metadata = true,
     .bodies = {"compute-hypervisors.json", "{\"hypervisors\": []}"}}},
    {"compute-hypervisors-cases.want", {.listing = "hypervisors",
     .endpoint = NOVA, .metadata = true,
     .bodies = {"compute-hypervisors-cases.json"}}},
    {"compute-servers.want", {.listing = "servers", .endpoint = NOVA,
     .metadata = true, .bodies = {"compute-servers.json", "{\"servers\": []}"}}},
    {"compute-servers-cases.want", {.listing = "servers", .endpoint = NOVA,
     .metadata = true, .bodies = {"compute-servers-cases.json", "{\"servers\": []}"}}},
    {"compute-servers-zed.want", {.listing = "servers", .endpoint = "http://h",
     .metadata = true, .project = "p1",
     .bodies = {"compute-servers-zed.json", "compute-servers-zed-last.json",
                "{\"servers\": []}"}}},
    {"compute-compute_limits.want", {.listing = "compute_limits",
     .endpoint = NOVA, .project = "e205848f07294615add5650de486a5a2",
     .bodies = {"compute-compute_limits.json"}}},
    {"compute-compute_limits-cases.want", {.listing = "compute_limits",
     .endpoint = NOVA, .project = "p1",
     .bodies = {"compute-compute_limits-cases.json"}}},
    {"compute-flavors-cases.want", {.listing = "flavors", .endpoint = NOVA,
     .metadata = true, .bodies = {"compute-flavors-cases.json"}}},
    {"compute-compute_zones-cases.want", {.listing = "compute_zones",
     .endpoint = NOVA, .bodies = {"compute-compute_zones-cases.json"}}},
    {"compute-aggregates-cases.want", {.listing = "aggregates",
     .endpoint = NOVA, .metadata = true,
     .bodies = {"compute-aggregates-cases.json"}}},
    {"compute-server_groups-cases.want", {.listing = "server_groups",
     .endpoint = NOVA, .bodies = {"compute-server_groups-cases.json",
                                  "{\"server_groups\": []}"}}},
    {"compute-migrations-cases.want", {.listing = "migrations",
     .endpoint = NOVA, .bodies = {"compute-migrations-cases.json"}}},

    {"orchestration-stacks-cases.want", {.listing = "stacks", .metadata = true,
     .endpoint = "http://h/v1/p9",
     .bodies = {"orchestration-stacks-cases.json"}}},
    {"baremetal-baremetal_nodes-cases.want", {.listing = "baremetal_nodes",
     .endpoint = "http://h:6385", .metadata = true,
     .bodies = {"baremetal-baremetal_nodes-cases.json"}}},
    {"container-container_clusters-cases.want",
     {.listing = "container_clusters", .endpoint = "http://h:9511/v1",
      .metadata = true, .bodies = {"container-container_clusters-cases.json"}}},
    {"database-database_instances-cases.want",
     {.listing = "database_instances", .endpoint = "http://h:8779/v1.0/p9",
      .metadata = true, .bodies = {"database-database_instances-cases.json",
                                   "database-database_instances-cases-last.json"}}},
};
/* clang-format on */

enum { MOST_ROWS = 256 };
static struct row all[MOST_ROWS];
static size_t nall;

static bool has_row(const struct listing *listing) {
  for (size_t i = 0; i < nall; i++)
    if (strcmp(all[i].plan.listing, listing->name) == 0)
      return true;
  return false;
}

static bool has_want(const char *want) {
  for (size_t i = 0; i < nall; i++)
    if (strcmp(all[i].want, want) == 0)
      return true;
  return false;
}

/* Frees the pattern. */
static char *find_data(char *pattern) {
  char *name = data_find(pattern);
  free(pattern);
  return name;
}

/* A listing that needs nothing special has its row by the names of its answers:
 * tests/data/SERVICE-LISTING.json, a last page and headers if there are some;
 * and so have the answers of a release. */
static void add_row(const struct listing *listing, const char *release) {
  char *json = find_data(text_printf("*-%s%s.json", listing->name, release));
  if (json == NULL)
    return;
  char *stem = strndup(json, strlen(json) - strlen(".json"));
  char *want = text_printf("%s.want", stem);
  char *headers = find_data(text_printf("%s.headers", stem));
  char *last = find_data(text_printf("%s-last.json", stem));
  free(stem);
  if (!has_want(want) && nall < MOST_ROWS) {
    all[nall++] = (struct row){want,
                               {.listing = listing->name,
                                .endpoint = "http://h",
                                .metadata = true,
                                .project = "p1",
                                .headers = headers,
                                .bodies = {json, last}}};
    return;
  }
  free(want);
  free(json);
  free(headers);
  free(last);
}

static void collect_rows(void) {
  memcpy(all, rows, sizeof(rows));
  nall = COUNT(rows);
  for (size_t i = 0; i < meters_count(); i++) {
    const struct listing *listing = meters_get(i)->from;
    if (!has_row(listing))
      add_row(listing, "");
    for (size_t r = 0; r < COUNT(releases); r++)
      add_row(listing, releases[r]);
  }
}

/* "make want" keeps what comes, for a review of the difference. */
static void keep_want(const char *name, const char *got) {
  const char *top = getenv("top_srcdir");
  char *path = text_printf("%s/tests/data/%s", top != NULL ? top : ".", name);
  FILE *file = fopen(path, "w");
  if (file == NULL)
    fail_msg("cannot write %s", path);
  fputs(got, file);
  assert_int_equal(fclose(file), 0);
  free(path);
}

/* What came of a row, as its file has it. */
static char *describe(const struct recorded *r) {
  char notes[600] = "";
  for (size_t i = 0; i < NOTES; i++) {
    static const char *const heads[NOTES] = {[NOTE_STATE] = "",
                                             [NOTE_NUMBER] = "no number: ",
                                             [NOTE_PROJECT] = "nobody's: "};
    size_t used = strlen(notes);
    if (r->notes.n[i] > 0)
      snprintf(notes + used, sizeof(notes) - used, "; %s%s", heads[i],
               r->notes.example[i]);
  }
  char *text = text_printf("%s%s%zu records, %zu odd%s%s%s%s\n", r->requests,
                           r->samples, r->records, r->odd, notes,
                           r->more == 1 ? "; there is more" : "",
                           r->error.code != ERROR_NONE ? "; failed: " : "",
                           r->error.code != ERROR_NONE ? r->error.text : "");
  assert_non_null(text);
  return text;
}

static void recorded_bytes_become_exact_values(void **state) {
  const struct row *row = *state;
  struct recorded r;
  size_t len;
  recorded_run(&row->plan, &r);
  char *got = describe(&r);
  if (getenv("WRITE_WANT") != NULL)
    keep_want(row->want, got);
  char *want = data_read(row->want, &len);
  assert_string_equal(got, want);
  free(got);
  free(want);
  recorded_clear(&r);
}

/* Does a line of `samples` begin with the meter's name? */
static bool has_sample(const char *samples, const char *meter) {
  size_t len = strlen(meter);
  for (const char *line = samples; *line != '\0';) {
    if (strncmp(line, meter, len) == 0 && line[len] == ' ')
      return true;
    const char *end = strchr(line, '\n');
    line = end != NULL ? end + 1 : line + strlen(line);
  }
  return false;
}

static void every_meter_has_a_recorded_value(void **state) {
  (void)state;
  for (size_t i = 0; i < meters_count(); i++) {
    bool found = meters_get(i)->of == METER_REQUEST; /* test_walk has them */
    for (size_t r = 0; r < nall && !found; r++) {
      size_t len;
      char *want = data_read(all[r].want, &len);
      found = has_sample(want, meters_get(i)->name);
      free(want);
    }
    if (!found)
      fail_msg("%s has no recorded answer in tests/data", meters_get(i)->name);
  }
}

/* ---- long listings ------------------------------------------------------ */

/* An account of `n` containers, from the `first` on. */
static char *containers(int first, int n) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  for (int i = first; i < first + n; i++)
    fprintf(out, "%c{\"name\": \"c%05d\", \"count\": 1, \"bytes\": 2}",
            i == first ? '[' : ',', i);
  fputc(']', out);
  fclose(out);
  return text;
}

static size_t lines(const char *text) {
  size_t n = 0;
  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}

static void ten_thousand_and_one_containers_are_two_requests(void **state) {
  (void)state;
  char *first = containers(0, 10000), *second = containers(10000, 1);
  struct recorded_plan plan = {.listing = "accounts",
                               .project = "p1",
                               .headers = "object_store-accounts-10001.headers",
                               .bodies = {first, second}};
  struct recorded r;
  recorded_run(&plan, &r);
  assert_string_equal(r.requests,
                      "GET http://h/v1/AUTH_p1?format=json\n"
                      "GET http://h/v1/AUTH_p1?format=json&marker=c09999\n");
  assert_int_equal(r.more, 0);
  assert_int_equal(r.records, 10001);
  assert_int_equal(lines(r.samples), 3 + 2 * 10001 + 3); /* account, totals */
  recorded_clear(&r);

  /* Who does not say how many is not Swift. */
  plan.headers = NULL;
  recorded_run(&plan, &r);
  assert_int_equal(r.more, -1);
  recorded_clear(&r);
  free(first);
  free(second);
}

/* A listing that never ends does so at a number of ids. */
static void four_million_and_one_records_are_too_many(void **state) {
  (void)state;
  const struct recorded_plan plan = {
      .listing = "images",
      .seen = IDSET_LIMIT - 1,
      .bodies = {"image-images.json", "image-images-last.json"}};
  struct recorded r;
  recorded_run(&plan, &r);
  assert_int_equal(r.more, -1);
  assert_int_equal(r.error.code, ERROR_LIMIT);
  assert_string_equal(r.error.text, "more than 4000000 records");
  assert_int_equal(r.records, 1);
  assert_null(strstr(r.samples, ".total"));
  recorded_clear(&r);
}

/* ---- answers that are none ---------------------------------------------- */

static void an_answer_without_the_list_fails(void **state) {
  (void)state;
  for (size_t i = 0; i < meters_count(); i++) {
    if (meters_get(i)->from->record == NULL)
      continue;
    const struct recorded_plan plan = {
        .listing = meters_get(i)->from->name,
        .project = "p1",
        .bodies = {"{\"message\": \"maintenance\"}"}};
    struct recorded r;
    recorded_run(&plan, &r);
    assert_int_equal(r.more, -1);
    assert_int_equal(r.error.code, ERROR_PARSE);
    assert_non_null(strstr(r.error.text, "the answer has no \""));
    recorded_clear(&r);
  }
}

/* ---- the rows themselves ------------------------------------------------ */

static bool is_word(const char *text, const char *among) {
  return text != NULL && text[0] != '\0' && text[strspn(text, among)] == '\0';
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static void every_row_is_whole(void **state) {
  (void)state;
  for (size_t i = 0; i < meters_count(); i++) {
    const struct meter *m = meters_get(i);
    assert_true(is_word(m->name, LOWER DIGITS "._"));
    assert_non_null(m->from);
    assert_true(is_word(m->unit, LOWER "_BGM"));
    assert_true(m->since != NULL || m->total != TOTAL_NONE ||
                m->of == METER_REQUEST);
    /* Stock types: sizes in bytes are "bytes", which are never below 0; what is
     * counted since a beginning is "derive"; all else is a gauge. */
    bool bytes = strcmp(m->unit, "B") == 0 && !m->negative;
    if (strcmp(meter_type(m), "derive") != 0) /* it only rises */
      assert_string_equal(meter_type(m), bytes ? "bytes" : "gauge");
    assert_true(m->states == NULL || m->value != NULL);
    assert_true(m->group == NULL || m->total != TOTAL_NONE);
  }
  assert_null(meters_get(meters_count()));
  assert_null(meters_get(meters_count() + 1));
}

static void no_name_stands_for_two_things(void **state) {
  (void)state;
  for (size_t i = 0; i < meters_count(); i++) {
    for (size_t j = i + 1; j < meters_count(); j++) {
      const struct meter *a = meters_get(i), *b = meters_get(j);
      assert_string_not_equal(a->name, b->name);
      if (a->from != b->from)
        assert_string_not_equal(a->from->name, b->from->name);
    }
  }
}

static void every_listing_can_be_walked(void **state) {
  (void)state;
  struct error err = {0};
  for (size_t i = 0; i < meters_count(); i++) {
    const struct listing *l = meters_get(i)->from;
    assert_true(is_word(l->name, LOWER "_"));
    assert_true(is_word(l->service, LOWER "-"));
    assert_int_equal(l->path[0], '/');
    assert_int_equal(validate_listing(l, &err), 0);
    assert_int_equal(l->id != NULL, l->record != NULL);
    if (l->record != NULL)
      assert_int_equal(path_check(l->record, &err), 0);
    bool links =
        l->paging.kind == PAGING_LINK || l->paging.kind == PAGING_LINKS;
    assert_int_equal(links, l->paging.next != NULL);
    if (links)
      assert_int_equal(path_check(l->paging.next, &err), 0);
    assert_int_equal(l->paging.kind == PAGING_MARKER, l->paging.marker != NULL);
    bool per_project = strstr(l->path, "{project}") || strstr(l->path, "{uid}");
    assert_int_equal(l->scope == LISTING_PROJECT, per_project);
    assert_int_equal(l->role != NULL, l->without_role != NULL);
    assert_int_equal(l->version != NULL, l->version_header != NULL);
    assert_true(l->role != NULL || l->needs != NULL || l->record == NULL);
  }
}

/* Lower case, since the text looked up is; no text twice; and an end. */
static void state_tables_answer_for_every_text(void **state) {
  (void)state;
  for (size_t i = 0; i < meters_count(); i++) {
    const struct state *states = meters_get(i)->states;
    for (const struct state *s = states; s != NULL && s->text != NULL; s++) {
      assert_true(is_word(s->text, LOWER "_- "));
      for (const struct state *t = s + 1; t->text != NULL; t++) {
        assert_string_not_equal(s->text, t->text);
        assert_true(s->number != t->number);
      }
    }
  }
}

static bool holds_secret(const struct binding *binding, enum meter_of of) {
  static const char *const secrets[] = {"*psk*", "*password*", "*secret*",
                                        "*token*", "*private*"};
  size_t n;
  const struct extract_field *fields = binding_fields(binding, of, &n);
  for (size_t i = 0; i < n; i++)
    for (size_t s = 0; s < COUNT(secrets); s++)
      if (text_match(secrets[s], fields[i].path))
        return true;
  return false;
}

static void all_meters_of_a_listing_fit_one_binding(void **state) {
  (void)state;
  for (size_t i = 0; i < meters_count(); i++) {
    const struct meter *meters[64];
    size_t n = 0;
    const struct listing *listing = meters_get(i)->from;
    for (size_t j = 0; j < meters_count(); j++)
      if (meters_get(j)->from == listing)
        meters[n++] = meters_get(j);
    struct error err = {0};
    struct binding *binding = binding_new(listing, meters, n, true, &err);
    if (binding == NULL)
      fail_msg("%s: %s", listing->name, err.text);
    assert_false(holds_secret(binding, METER_RECORD));
    assert_false(holds_secret(binding, METER_ANSWER));
    binding_free(binding);
  }
}

/* The key of a VPN connection is in the recorded answer, and nowhere else. */
static void a_psk_never_leaves_the_parser(void **state) {
  (void)state;
  size_t len;
  char *answer = data_read("network-ipsec_site_connections.json", &len);
  assert_non_null(strstr(answer, "\"psk\": \"secret-psk\""));
  struct recorded_plan plan = {.listing = "ipsec_site_connections",
                               .metadata = true,
                               .bodies = {answer}};
  struct recorded r;
  recorded_run(&plan, &r);
  assert_int_equal(r.records, 1);
  assert_null(strstr(r.samples, "psk"));
  assert_null(strstr(r.requests, "psk"));
  assert_non_null(strstr(r.requests, "?fields=id"));
  recorded_clear(&r);
  free(answer);
}

int main(void) {
  static const struct CMUnitTest fixed[] = {
      cmocka_unit_test(every_meter_has_a_recorded_value),
      cmocka_unit_test(ten_thousand_and_one_containers_are_two_requests),
      cmocka_unit_test(four_million_and_one_records_are_too_many),
      cmocka_unit_test(an_answer_without_the_list_fails),
      cmocka_unit_test(every_row_is_whole),
      cmocka_unit_test(no_name_stands_for_two_things),
      cmocka_unit_test(every_listing_can_be_walked),
      cmocka_unit_test(state_tables_answer_for_every_text),
      cmocka_unit_test(all_meters_of_a_listing_fit_one_binding),
      cmocka_unit_test(a_psk_never_leaves_the_parser),
  };
  static struct CMUnitTest tests[MOST_ROWS + COUNT(fixed)];
  collect_rows();
  for (size_t i = 0; i < nall; i++)
    tests[i] =
        (struct CMUnitTest){.name = all[i].want,
                            .test_func = recorded_bytes_become_exact_values,
                            .initial_state = &all[i]};
  memcpy(tests + nall, fixed, sizeof(fixed));
  return _cmocka_run_group_tests("meters", tests, nall + COUNT(fixed), NULL,
                                 NULL);
}
