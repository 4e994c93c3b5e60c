/*
 * Neutron's own running: agents, addresses left, quotas.
 * https://docs.openstack.org/api-ref/network/v2/
 *
 * Neutron answers a token that may not see its agents or its addresses with an
 * empty list, and no error.
 *
 * Agents and addresses are asked for without a limit: Neutron takes no notice
 * of one for agents, with OVN it gives the whole list again for each marker,
 * and of addresses it works out the whole cloud anew for each page. With OVN an
 * agent whose chassis has been deleted stays, and all such have one host: they
 * are one id, and the worst of them counts.
 *
 * `total_ips` counts the allocation pools, `used_ips` all that is allocated, so
 * more may be used than there are. A subnet of IPv6 has up to 2^64 addresses: a
 * sum over both versions tells nothing.
 */
#include "meters/meters.h"

#include <math.h>

static const double unlimited[] = {-1};

/* ---- agents ------------------------------------------------------------- */

static const char *const agent_metadata[] = {
    "id", "agent_type", "binary", "host", "availability_zone", NULL};

/* With OVN each request asks all chassis for their state. */
static const struct listing agents = {
    .name = "agents",
    .service = "network",
    .path = "/v2.0/agents",
    .interval_ms = 60000,
    .fields = true,
    .record = "agents[]",
    .id = "{binary}@{host}",
    .metadata = agent_metadata,
    .role = "admin",
    .without_role = LISTING_SEES_NONE,
    .absent = {404},
};

static const struct state yes_no[] = {
    {"true", 1}, {"false", 0}, {.text = NULL, .number = NAN}};
static const struct state no_yes[] = {
    {"true", 0}, {"false", 1}, {.text = NULL, .number = NAN}};

/* ---- addresses ---------------------------------------------------------- */

static const char *const subnet_metadata[] = {
    "cidr", "ip_version", "^.network_id", "^.network_name", NULL};

/* A network's numbers are the sums of its subnets', so one listing has both. */
static const struct listing addresses = {
    .name = "ip_availabilities",
    .service = "network",
    .path = "/v2.0/network-ip-availabilities",
    .fields = true,
    .record = "network_ip_availabilities[].subnet_ip_availability[]",
    .paging = {.kind = PAGING_LINKS,
               .next = "network_ip_availabilities_links[]"},
    .id = "subnet_id",
    .name_field = "subnet_name",
    .project = "^.project_id",
    .older_project = "^.tenant_id",
    .metadata = subnet_metadata,
    .role = "admin",
    .without_role = LISTING_SEES_NONE,
    .absent = {404},
};

/* ---- quotas ------------------------------------------------------------- */

/* Two requests tell all limits: those of the projects that have some of their
 * own, each row complete, and those that all others have. Whose id the second
 * one names does not matter; its answer is nobody's. */
static const struct listing quotas = {
    .name = "network_quotas",
    .service = "network",
    .path = "/v2.0/quotas",
    .interval_ms = 3600000,
    .record = "quotas[]",
    .id = "project_id",
    .project = "project_id",
    .needs = "get_quota (role admin)",
};

static const struct listing default_quota = {
    .name = "network_quota_default",
    .service = "network",
    .path = "/v2.0/quotas/default/default",
    .interval_ms = 3600000,
    .record = "quota",
    .id = "'default'",
    .needs = "get_quota (role admin)",
};

static const struct listing quota_details = {
    .name = "network_quota_details",
    .service = "network",
    .path = "/v2.0/quotas/{project}/details",
    .interval_ms = 3600000,
    .paced = true,
    .scope = LISTING_PROJECT,
    .record = "quota",
    .id = "{@project}",
    .needs = "get_quota (role admin)",
    .absent = {404}, /* a driver that has none */
};

#define UNLIMITED .skip = unlimited, .nskip = 1, .negative = true

/* clang-format off */
#define LIMITS(key, word)                                                      \
  {.name = "network.quota." key ".limit", .from = &quotas,                     \
   .value = key, UNLIMITED, .unit = word, .since = "Folsom"},                  \
  {.name = "network.quota.default." key ".limit", .from = &default_quota,      \
   .value = key, UNLIMITED, .unit = word, .since = "Mitaka"}

#define USE(key, word)                                                         \
  {.name = "network.quota." key ".used", .from = &quota_details,               \
   .value = key ".used", UNLIMITED, .unit = word, .since = "Pike",             \
   .choice = CHOICE_NAME},                                                     \
  {.name = "network.quota." key ".reserved", .from = &quota_details,           \
   .value = key ".reserved", UNLIMITED, .unit = word, .since = "Pike",         \
   .choice = CHOICE_NAME}

const struct meter network_operation_meters[] = {
    {.name = "network.agent.health", .from = &agents,
     .value = "alive", .states = yes_no,
     .unit = "health", .since = "Grizzly"},
    {.name = "network.agent.enabled", .from = &agents,
     .value = "admin_state_up", .states = yes_no,
     .unit = "enabled", .since = "Grizzly"},
    {.name = "network.agent.routers", .from = &agents,
     .value = "configurations.routers",
     .unit = "router", .since = "Grizzly"},
    {.name = "network.agent.networks", .from = &agents,
     .value = "configurations.networks",
     .unit = "network", .since = "Grizzly"},
    {.name = "network.agent.ports", .from = &agents,
     .value = "configurations.ports",
     .unit = "port", .since = "Grizzly"},
    {.name = "network.agent.total", .from = &agents,
     .total = TOTAL_COUNT, .unit = "agent"},
    {.name = "network.agent.by_binary", .from = &agents,
     .total = TOTAL_COUNT, .group = "binary", .unit = "agent"},
    {.name = "network.agent.down.total", .from = &agents,
     .total = TOTAL_SUM, .value = "alive", .states = no_yes,
     .unit = "agent"},
    {.name = "network.agent.down.by_binary", .from = &agents,
     .total = TOTAL_SUM, .value = "alive", .states = no_yes,
     .group = "binary", .unit = "agent"},

    {.name = "network.subnet.ip.capacity", .from = &addresses,
     .value = "total_ips", .unit = "ip", .since = "Mitaka"},
    {.name = "network.subnet.ip.used", .from = &addresses,
     .value = "used_ips", .unit = "ip", .since = "Mitaka"},
    {.name = "network.subnet.ip.capacity.by_version", .from = &addresses,
     .total = TOTAL_SUM, .value = "total_ips", .group = "ip_version",
     .unit = "ip"},
    {.name = "network.subnet.ip.used.by_version", .from = &addresses,
     .total = TOTAL_SUM, .value = "used_ips", .group = "ip_version",
     .unit = "ip"},
    {.name = "network.ip.capacity", .from = &addresses,
     .total = TOTAL_SUM, .value = "total_ips", .group = "^.network_id",
     .unit = "ip", .since = "Mitaka"},
    {.name = "network.ip.used", .from = &addresses,
     .total = TOTAL_SUM, .value = "used_ips", .group = "^.network_id",
     .unit = "ip", .since = "Mitaka"},

    LIMITS("network", "network"),
    LIMITS("subnet", "subnet"),
    LIMITS("subnetpool", "subnetpool"),
    LIMITS("port", "port"),
    LIMITS("router", "router"),
    LIMITS("floatingip", "ip"),
    LIMITS("rbac_policy", "rbac_policy"),
    LIMITS("security_group", "security_group"),
    LIMITS("security_group_rule", "rule"),
    USE("network", "network"),
    USE("subnet", "subnet"),
    USE("subnetpool", "subnetpool"),
    USE("port", "port"),
    USE("router", "router"),
    USE("floatingip", "ip"),
    USE("rbac_policy", "rbac_policy"),
    USE("security_group", "security_group"),
    USE("security_group_rule", "rule"),
    {.name = NULL},
};
/* clang-format on */
