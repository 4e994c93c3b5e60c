/*
 * Octavia: https://docs.openstack.org/api-ref/load-balancer/v2/
 */
#include "meters/meters.h"

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
    .role = "admin or load-balancer_admin or load-balancer_global_observer",
    .without_role = "only those of its own project",
    .needs = "the role load-balancer_global_observer",
};

/* clang-format off */
const struct meter load_balancer_meters[] = {
    {.name = "loadbalancer.operating", .from = &loadbalancers,
     .value = "operating_status", .states = operating,
     .unit = "status", .since = "Pike"},
    {.name = "loadbalancer.provisioning", .from = &loadbalancers,
     .value = "provisioning_status", .states = provisioning,
     .unit = "status", .since = "Pike"},
    METERS_TOTALS("loadbalancer", loadbalancers, .total = TOTAL_COUNT,
                  .unit = "loadbalancer"),
    {.name = NULL},
};
/* clang-format on */
