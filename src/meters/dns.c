/*
 * Designate: https://docs.openstack.org/api-ref/dns/dns-api-v2-index.html
 *
 * The recordsets of all zones come from one listing, counted by zone: a page
 * per thousand, where a request for each zone would be one per zone. A record
 * set's own project_id is who made it, which need not be the zone's owner; so
 * the zones are listed ahead of them.
 */
#include "meters/meters.h"

static const char *const all_projects[] = {"X-Auth-All-Projects: True", NULL};

/* Designate would count all recordsets anew for each page. */
static const char *const all_uncounted[] = {
    "X-Auth-All-Projects: True", "OpenStack-DNS-Hide-Counts: True", NULL};

static const struct state states[] = {
    {"active", 1},
    {"pending", 2},
    {"deleted", 4},
    {"error", 3},
    {.text = NULL, .number = -1},
};

static const char *const metadata[] = {"email",  "ttl",     "description",
                                       "type",   "status",  "action",
                                       "serial", "pool_id", NULL};

static const struct listing zones = {
    .name = "zones",
    .service = "dns",
    .path = "/v2/zones?limit=1000",
    .headers = all_projects,
    .record = "zones[]",
    .paging = {.kind = PAGING_LINK, .next = "links.next"},
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .metadata = metadata,
    .needs = "all_tenants and find_zones (role admin)",
};

static const struct listing recordsets = {
    .name = "recordsets",
    .service = "dns",
    .path = "/v2/recordsets?limit=1000",
    .headers = all_uncounted,
    .record = "recordsets[]",
    .paging = {.kind = PAGING_LINK, .next = "links.next"},
    .id = "id",
    .owners = &zones,
    .owner = "zone_id",
    .needs = "all_tenants, find_zones and find_recordsets (role admin)",
};

/* A process that has ended stays DOWN, until somebody deletes its row. */
static const char *const service_metadata[] = {
    "id", "service_name", "hostname", "status", "heartbeated_at", NULL};
static const struct listing services = {
    .name = "dns_services",
    .service = "dns",
    .path = "/v2/service_statuses?limit=1000",
    .record = "service_statuses[]",
    .paging = {.kind = PAGING_LINK, .next = "links.next"},
    .id = "{service_name}@{hostname}",
    .metadata = service_metadata,
    .needs = "find_service_statuses (role admin)",
    .absent = {404}, /* before Newton */
};

/* WARNING: it runs, but not well; dns.service.by_status tells. */
static const struct state up[] = {{"up", 1}, {.text = NULL, .number = 0}};

static const char *const service_states[] = {"UP", "DOWN", "WARNING", "STOPPED",
                                             NULL};
static const char *const dns_states[] = {"ACTIVE", "PENDING", "ERROR",
                                         "DELETED", NULL};

/* clang-format off */
const struct meter dns_meters[] = {
    {.name = "dns.zone.status", .from = &zones,
     .value = "status", .states = states,
     .unit = "status", .since = "Kilo"},
    {.name = "dns.zone.recordsets", .from = &recordsets,
     .total = TOTAL_COUNT, .group = "zone_id",
     .unit = "recordset", .since = "Mitaka"},
    {.name = "dns.zone.ttl", .from = &zones,
     .value = "ttl", .unit = "second", .since = "Kilo"},
    {.name = "dns.zone.serial", .from = &zones,
     .value = "serial", .unit = "serial", .since = "Kilo"},
    METERS_TOTALS("dns.zone", zones, .total = TOTAL_COUNT,
                  .unit = "zone"),
    METERS_TOTALS("dns.zone.recordsets", recordsets, .total = TOTAL_COUNT,
                  .unit = "recordset"),
    {.name = "dns.zone.by_status", .from = &zones,
     .total = TOTAL_COUNT, .group = "status", .groups = dns_states,
     .unit = "zone", .choice = CHOICE_PATTERN},
    {.name = "dns.recordset.by_status", .from = &recordsets,
     .total = TOTAL_COUNT, .group = "status", .groups = dns_states,
     .unit = "recordset", .choice = CHOICE_PATTERN},
    {.name = "dns.service.health", .from = &services,
     .value = "status", .states = up,
     .unit = "health", .since = "Newton", .choice = CHOICE_PATTERN},
    {.name = "dns.service.by_status", .from = &services,
     .total = TOTAL_COUNT, .group = "status", .groups = service_states,
     .unit = "service", .choice = CHOICE_PATTERN},
    {.name = NULL},
};
/* clang-format on */
