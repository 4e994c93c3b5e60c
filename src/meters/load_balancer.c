/*
 * Octavia: https://docs.openstack.org/api-ref/load-balancer/v2/
 */
#include "meters/meters.h"

static const char global_observer[] =
    "admin or load-balancer_admin or load-balancer_global_observer";
static const char own_only[] = "only those of its own project";
static const char needs[] = "the role load-balancer_global_observer";

static const struct state operating[] = {
    {"online", 1},
    {"no_monitor", 6},
    {"draining", 2},
    {"degraded", 4},
    {"offline", 3},
    {"error", 5},
    {.text = NULL, .number = -1},
};

static const struct state provisioning[] = {
    {"active", 1},
    {"pending_update", 5},
    {"pending_create", 4},
    {"pending_delete", 6},
    {"deleted", 2},
    {"error", 3},
    {.text = NULL, .number = -1},
};

static const char *const metadata[] = {
    "availability_zone", "vip_address", "vip_port_id", "provisioning_status",
    "operating_status",  "provider",    "flavor_id",   NULL,
};

static const struct listing loadbalancers = {
    .name = "loadbalancers",
    .service = "load-balancer",
    .path = "/v2/lbaas/loadbalancers?limit=1000",
    .fields = true,
    .record = "loadbalancers[]",
    .paging = {.kind = PAGING_LINKS, .next = "loadbalancers_links[]"},
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .metadata = metadata,
    .role = global_observer,
    .without_role = own_only,
    .needs = needs,
};

/* What all lists of Octavia have in common. */
/* clang-format off */
#define LIST(path_, what)                                                      \
  .service = "load-balancer", .path = "/v2/" path_ "?limit=1000",              \
  .fields = true, .record = what "[]",                                         \
  .paging = {.kind = PAGING_LINKS, .next = what "_links[]"}
/* clang-format on */

static const char *const listener_metadata[] = {"protocol", "protocol_port",
                                                "provisioning_status",
                                                "operating_status", NULL};
static const struct listing listeners = {
    .name = "lb_listeners",
    LIST("lbaas/listeners", "listeners"),
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .metadata = listener_metadata,
    .role = global_observer,
    .without_role = own_only,
    .needs = needs,
};

static const char *const pool_metadata[] = {"protocol", "lb_algorithm",
                                            "provisioning_status",
                                            "operating_status", NULL};
static const struct listing pools = {
    .name = "lb_pools",
    LIST("lbaas/pools", "pools"),
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .metadata = pool_metadata,
    .role = global_observer,
    .without_role = own_only,
    .needs = needs,
};

static const struct listing healthmonitors = {
    .name = "lb_healthmonitors",
    LIST("lbaas/healthmonitors", "healthmonitors"),
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .role = global_observer,
    .without_role = own_only,
    .needs = needs,
};

/* There are none with the provider OVN. */
static const char *const amphora_metadata[] = {"loadbalancer_id", "status",
                                               "role", "compute_id", NULL};
static const struct listing amphorae = {
    .name = "lb_amphorae",
    LIST("octavia/amphorae", "amphorae"),
    .id = "id",
    .metadata = amphora_metadata,
    .needs = "os_load-balancer_api:amphora:get_all (role admin)",
};

/* What went through a load balancer is a request for each, and the sum of what
 * its amphorae counted: it falls when one of them is replaced. */
static const struct listing statistics = {
    .name = "lb_statistics",
    .service = "load-balancer",
    .path = "/v2/lbaas/loadbalancers/{owner}/stats",
    .interval_ms = 3600000,
    .paced = true,
    .scope = LISTING_OWNER,
    .owners = &loadbalancers,
    .record = "stats",
    .id = "{@owner}",
    .name_field = "{@owner_name}",
    .needs = needs,
    .absent = {404},
};

static const char *const member_metadata[] = {
    "address",          "protocol_port", "provisioning_status",
    "operating_status", "backup",        NULL,
};
static const struct listing members = {
    .name = "lb_members",
    LIST("lbaas/pools/{owner}/members", "members"),
    .scope = LISTING_OWNER,
    .owners = &pools,
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .metadata = member_metadata,
    .needs = needs,
    .absent = {404},
};

/* null is the default. Keys may come in an older spelling as well. Rows have no
 * id, and Octavia's pages are told by one: a second page is a 500. So as many
 * as it gives are asked for, which is its pagination_max_limit (1000, unless it
 * is raised). limit=infinite is a 500, too, before 2024.2. */
static const struct listing quotas = {
    .name = "lb_quotas",
    .service = "load-balancer",
    .path = "/v2/lbaas/quotas?limit=1000000",
    .interval_ms = 3600000,
    .record = "quotas[]",
    .paging = {.kind = PAGING_LINKS, .next = "quotas_links[]"},
    .id = "project_id",
    .project = "project_id",
    .needs = "os_load-balancer_api:quota:get_all-global (role admin)",
};
/* Here two kinds have only names that lists have beside the right ones. */
static const struct listing default_quota = {
    .name = "lb_quota_default",
    .service = "load-balancer",
    .path = "/v2/lbaas/quotas/defaults",
    .interval_ms = 3600000,
    .record = "quota",
    .id = "'default'",
    .needs = "os_load-balancer_api:quota:get_defaults (role admin)",
};

static const char *const operating_states[] = {
    "ONLINE", "OFFLINE", "DEGRADED", "ERROR", "NO_MONITOR", "DRAINING", NULL};
static const char *const provisioning_states[] = {"ACTIVE",
                                                  "PENDING_CREATE",
                                                  "PENDING_UPDATE",
                                                  "PENDING_DELETE",
                                                  "DELETED",
                                                  "ERROR",
                                                  NULL};
static const char *const amphora_states[] = {
    "BOOTING",        "ALLOCATED",        "READY",
    "PENDING_CREATE", "PENDING_DELETE",   "DELETED",
    "ERROR",          "FAILOVER_STOPPED", NULL};

/* OpenStack-exporter's numbers, as dashboards have them. */
static const struct state amphora_status[] = {
    {"allocated", 1},
    {"ready", 2},
    {"booting", 0},
    {"pending_create", 3},
    {"pending_delete", 4},
    {"deleted", 5},
    {"failover_stopped", 7},
    {"error", 6},
    {.text = NULL, .number = -1},
};

static const double unlimited[] = {-1};
#define UNLIMITED .skip = unlimited, .nskip = 1, .negative = true

/* clang-format off */
#define LIMITS(key, of_default, word)                                          \
  {.name = "loadbalancer.quota." key ".limit", .from = &quotas,                \
   .value = key, UNLIMITED, .unit = word, .since = "Pike",                     \
   .choice = CHOICE_NAME},                                                     \
  {.name = "loadbalancer.quota.default." key ".limit",                         \
   .from = &default_quota, .value = of_default, UNLIMITED, .unit = word,       \
   .since = "Pike", .choice = CHOICE_NAME}

#define BY_STATUS(name_, from_, unit_)                                         \
  {.name = name_ ".operating.by_status", .from = &from_,                       \
   .total = TOTAL_COUNT, .group = "operating_status",                          \
   .groups = operating_states, .unit = unit_, .choice = CHOICE_PATTERN},       \
  {.name = name_ ".provisioning.by_status", .from = &from_,                    \
   .total = TOTAL_COUNT, .group = "provisioning_status",                       \
   .groups = provisioning_states, .unit = unit_, .choice = CHOICE_PATTERN}

const struct meter load_balancer_meters[] = {
    {.name = "loadbalancer.operating", .from = &loadbalancers,
     .value = "operating_status", .states = operating,
     .unit = "status", .since = "Pike"},
    {.name = "loadbalancer.provisioning", .from = &loadbalancers,
     .value = "provisioning_status", .states = provisioning,
     .unit = "status", .since = "Pike"},
    METERS_TOTALS("loadbalancer", loadbalancers, .total = TOTAL_COUNT,
                  .unit = "loadbalancer"),
    BY_STATUS("loadbalancer", loadbalancers, "loadbalancer"),
    METERS_TOTALS("loadbalancer.listener", listeners, .total = TOTAL_COUNT,
                  .unit = "listener", .choice = CHOICE_PATTERN),
    BY_STATUS("loadbalancer.listener", listeners, "listener"),
    {.name = "loadbalancer.listener.operating", .from = &listeners,
     .value = "operating_status", .states = operating,
     .unit = "status", .since = "Pike", .choice = CHOICE_PATTERN},
    {.name = "loadbalancer.listener.connection_limit", .from = &listeners,
     .value = "connection_limit", UNLIMITED,
     .unit = "connection", .since = "Pike", .choice = CHOICE_NAME},
    METERS_TOTALS("loadbalancer.pool", pools, .total = TOTAL_COUNT,
                  .unit = "pool", .choice = CHOICE_PATTERN),
    BY_STATUS("loadbalancer.pool", pools, "pool"),
    {.name = "loadbalancer.pool.operating", .from = &pools,
     .value = "operating_status", .states = operating,
     .unit = "status", .since = "Pike", .choice = CHOICE_PATTERN},
    {.name = "loadbalancer.pool.provisioning", .from = &pools,
     .value = "provisioning_status", .states = provisioning,
     .unit = "status", .since = "Pike", .choice = CHOICE_PATTERN},
    {.name = "loadbalancer.pool.members", .from = &pools,
     .value = "count(members[].id)",
     .unit = "member", .since = "Pike", .choice = CHOICE_PATTERN},
    {.name = "loadbalancer.healthmonitor.total", .from = &healthmonitors,
     .total = TOTAL_COUNT, .unit = "healthmonitor", .choice = CHOICE_PATTERN},
    {.name = "loadbalancer.healthmonitor.operating.by_status",
     .from = &healthmonitors, .total = TOTAL_COUNT,
     .group = "operating_status", .groups = operating_states,
     .unit = "healthmonitor", .choice = CHOICE_PATTERN},
    {.name = "loadbalancer.amphora.total", .from = &amphorae,
     .total = TOTAL_COUNT, .unit = "amphora", .choice = CHOICE_PATTERN},
    {.name = "loadbalancer.amphora.by_status", .from = &amphorae,
     .total = TOTAL_COUNT, .group = "status", .groups = amphora_states,
     .unit = "amphora", .choice = CHOICE_PATTERN},
    {.name = "loadbalancer.amphora.by_role", .from = &amphorae,
     .total = TOTAL_COUNT, .group = "role",
     .unit = "amphora", .choice = CHOICE_PATTERN},
    {.name = "loadbalancer.amphora.certificate_days", .from = &amphorae,
     .value = "0 - age(cert_expiration) / 86400",
     .unit = "day", .since = "Queens", .choice = CHOICE_PATTERN},
    {.name = "loadbalancer.amphora.status", .from = &amphorae,
     .value = "status", .states = amphora_status,
     .unit = "status", .since = "Queens", .choice = CHOICE_NAME},
    {.name = "loadbalancer.bytes.in", .from = &statistics,
     .value = "bytes_in", .type = "derive",
     .unit = "B", .since = "Pike", .choice = CHOICE_NAME},
    {.name = "loadbalancer.bytes.out", .from = &statistics,
     .value = "bytes_out", .type = "derive",
     .unit = "B", .since = "Pike", .choice = CHOICE_NAME},
    {.name = "loadbalancer.connections.active", .from = &statistics,
     .value = "active_connections",
     .unit = "connection", .since = "Pike", .choice = CHOICE_NAME},
    {.name = "loadbalancer.connections.total", .from = &statistics,
     .value = "total_connections", .type = "derive",
     .unit = "connection", .since = "Pike", .choice = CHOICE_NAME},
    {.name = "loadbalancer.request_errors", .from = &statistics,
     .value = "request_errors", .type = "derive",
     .unit = "request", .since = "Pike", .choice = CHOICE_NAME},
    {.name = "loadbalancer.member.by_status", .from = &members,
     .total = TOTAL_COUNT, .group = "operating_status",
     .groups = operating_states, .unit = "member", .choice = CHOICE_NAME},
    {.name = "loadbalancer.member.operating", .from = &members,
     .value = "operating_status", .states = operating,
     .unit = "status", .since = "Pike", .choice = CHOICE_NAME},
    {.name = "loadbalancer.member.provisioning", .from = &members,
     .value = "provisioning_status", .states = provisioning,
     .unit = "status", .since = "Pike", .choice = CHOICE_NAME},
    {.name = "loadbalancer.member.enabled", .from = &members,
     .value = "admin_state_up",
     .unit = "enabled", .since = "Pike", .choice = CHOICE_NAME},
    {.name = "loadbalancer.member.weight", .from = &members,
     .value = "weight",
     .unit = "weight", .since = "Pike", .choice = CHOICE_NAME},
    LIMITS("loadbalancer", "default(loadbalancer, load_balancer)",
           "loadbalancer"),
    LIMITS("listener", "listener", "listener"),
    LIMITS("pool", "pool", "pool"),
    LIMITS("member", "member", "member"),
    LIMITS("healthmonitor", "default(healthmonitor, health_monitor)",
           "healthmonitor"),
    LIMITS("l7policy", "l7policy", "policy"),
    LIMITS("l7rule", "l7rule", "rule"),
    {.name = NULL},
};
/* clang-format on */
