/*
 * What Neutron keeps for projects, counted:
 * https://docs.openstack.org/api-ref/network/v2/
 *
 * A router stays ACTIVE when its agents are dead: network.agent.health tells,
 * and network.router.agents, for which each L3 agent is asked for its routers
 * (there are fewer agents than routers). A router that no living agent has is
 * in none of these answers, and has no value. With OVN there are no L3 agents.
 *
 * A port of a floating IP, of DVR and of HA belongs to nobody: its project is
 * "". fields= is what makes security groups bearable, since each has all its
 * rules.
 */
#include "meters/meters.h"

static const char own_only[] = "only those of its own project";

/* What all lists of Neutron have in common. */
/* clang-format off */
#define LIST_OF(name_, what, key)                                              \
  .name = name_, .service = "network", .path = "/v2.0/" what "?limit=1000",    \
  .fields = true, .record = key "[]",                                          \
  .paging = {.kind = PAGING_LINKS, .next = key "_links[]"},                    \
  .id = "id", .project = "project_id", .older_project = "tenant_id",           \
  .role = "admin", .without_role = own_only
#define LIST(name_, what) LIST_OF(name_, what, name_), .name_field = "name"
/* clang-format on */

static const char *const router_metadata[] = {"status", "admin_state_up", "ha",
                                              "distributed", NULL};
static const struct listing routers = {
    LIST("routers", "routers"),
    .metadata = router_metadata,
    .absent = {404},
};
/* A 404 is an agent that has gone meanwhile. */
static const struct listing l3_agents = {
    .name = "l3_agents",
    .service = "network",
    .path = "/v2.0/agents?agent_type=L3%20agent&alive=True",
    .fields = true,
    .record = "agents[]",
    .id = "id",
    .role = "admin",
    .without_role = LISTING_SEES_NONE,
    .absent = {404},
};
static const struct listing agent_routers = {
    .name = "agent_routers",
    .service = "network",
    .path = "/v2.0/agents/{owner}/l3-routers",
    .scope = LISTING_OWNER,
    .owners = &l3_agents,
    .record = "routers[]",
    .id = "{@owner}/{id}",
    .project = "project_id",
    .role = "admin",
    .without_role = LISTING_SEES_NONE,
    .needs = "get_l3-routers (role admin)",
    .absent = {404},
};
static const char *const router_states[] = {"ACTIVE", "ALLOCATING", "DOWN",
                                            "ERROR", NULL};

static const char *const network_metadata[] = {
    "status",          "admin_state_up",        "shared",
    "router:external", "provider:network_type", NULL};
static const struct listing networks = {
    LIST("networks", "networks"),
    .metadata = network_metadata,
};
static const char *const network_states[] = {"ACTIVE", "BUILD", "DOWN", "ERROR",
                                             NULL};

static const struct listing subnets = {LIST("subnets", "subnets")};
static const struct listing subnetpools = {
    LIST("subnetpools", "subnetpools"),
    .absent = {404},
};

static const char *const port_metadata[] = {
    "status",     "admin_state_up",   "device_owner",
    "network_id", "binding:vif_type", NULL};
static const struct listing ports = {
    LIST("ports", "ports"),
    .metadata = port_metadata,
};
static const char *const port_states[] = {"ACTIVE", "BUILD", "DOWN",
                                          "ERROR",  "N/A",   NULL};

static const struct listing security_groups = {
    LIST("security_groups", "security-groups"),
    .absent = {404},
};

static const struct listing security_group_rules = {
    LIST_OF("security_group_rules", "security-group-rules",
            "security_group_rules"),
    .absent = {404},
};
static const struct listing rbac_policies = {
    LIST_OF("rbac_policies", "rbac-policies", "rbac_policies"),
    .absent = {404},
};
static const char *const trunk_metadata[] = {"status", "port_id", NULL};
static const struct listing trunks = {
    LIST("trunks", "trunks"),
    .metadata = trunk_metadata,
    .absent = {404},
};
static const char *const trunk_states[] = {"ACTIVE",   "BUILD", "DOWN",
                                           "DEGRADED", "ERROR", NULL};
static const struct listing qos_policies = {
    LIST_OF("qos_policies", "qos/policies", "policies"),
    .name_field = "name",
    .absent = {404},
};
static const struct listing address_scopes = {
    LIST("address_scopes", "address-scopes"),
    .absent = {404},
};

static const struct listing ikepolicies = {
    LIST("ikepolicies", "vpn/ikepolicies"),
    .absent = {404},
};
static const struct listing ipsecpolicies = {
    LIST("ipsecpolicies", "vpn/ipsecpolicies"),
    .absent = {404},
};
static const struct listing endpoint_groups = {
    LIST("endpoint_groups", "vpn/endpoint-groups"),
    .absent = {404},
};

static const char *const active[] = {"active", NULL};
static const char *const yes[] = {"true", NULL};
static const char *const load_balancer[] = {"neutron:loadbalancerv2", NULL};
static const char *const binding_failed[] = {"binding_failed", NULL};

#define INACTIVE .when = {.field = "status", .texts = active, .others = true}

static const struct state not_active[] = {{"active", 0},
                                          {.text = NULL, .number = 1}};

/* clang-format off */
const struct meter network_resource_meters[] = {
    METERS_TOTALS("network.router", routers, .total = TOTAL_COUNT,
                  .unit = "router"),
    {.name = "network.router.by_status", .from = &routers,
     .total = TOTAL_COUNT, .group = "status", .groups = router_states,
     .unit = "router"},
    {.name = "network.router.down.total", .from = &routers,
     .total = TOTAL_COUNT, INACTIVE, .unit = "router"},
    {.name = "network.router.status", .from = &routers,
     .value = "status", .states = network_status,
     .unit = "status", .since = "Folsom", .choice = CHOICE_NAME},
    {.name = "network.router.agents", .from = &agent_routers,
     .total = TOTAL_COUNT, .group = "id",
     .unit = "agent", .since = "Grizzly", .choice = CHOICE_NAME},

    METERS_TOTALS("network.network", networks, .total = TOTAL_COUNT,
                  .unit = "network", .choice = CHOICE_PATTERN),
    {.name = "network.network.by_status", .from = &networks,
     .total = TOTAL_COUNT, .group = "status", .groups = network_states,
     .unit = "network", .choice = CHOICE_PATTERN},
    {.name = "network.network.external.total", .from = &networks,
     .total = TOTAL_COUNT, .when = {.field = "router:external", .texts = yes},
     .unit = "network", .choice = CHOICE_PATTERN},
    {.name = "network.network.shared.total", .from = &networks,
     .total = TOTAL_COUNT, .when = {.field = "shared", .texts = yes},
     .unit = "network", .choice = CHOICE_PATTERN},
    {.name = "network.network.mtu", .from = &networks, .value = "mtu",
     .unit = "byte", .since = "Mitaka", .choice = CHOICE_NAME},
    {.name = "network.network.enabled", .from = &networks,
     .value = "admin_state_up",
     .unit = "enabled", .since = "Folsom", .choice = CHOICE_NAME},
    {.name = "network.network.port_security", .from = &networks,
     .value = "port_security_enabled",
     .unit = "enabled", .since = "Kilo", .choice = CHOICE_NAME},

    METERS_TOTALS("network.subnet", subnets, .total = TOTAL_COUNT,
                  .unit = "subnet", .choice = CHOICE_PATTERN),
    METERS_TOTALS("network.security_group", security_groups,
                  .total = TOTAL_COUNT, .unit = "security_group",
                  .choice = CHOICE_PATTERN),

    METERS_TOTALS("network.port", ports, .total = TOTAL_COUNT,
                  .unit = "port", .choice = CHOICE_PATTERN),
    {.name = "network.port.by_status", .from = &ports,
     .total = TOTAL_COUNT, .group = "status", .groups = port_states,
     .unit = "port", .choice = CHOICE_PATTERN},
    {.name = "network.port.by_owner", .from = &ports,
     .total = TOTAL_COUNT, .group = "device_owner",
     .unit = "port", .choice = CHOICE_PATTERN},
    {.name = "network.port.without_ip.total", .from = &ports,
     .total = TOTAL_SUM, .value = "if(count(fixed_ips[]), 0, 1)",
     .when = {.field = "status", .texts = active},
     .unit = "port", .choice = CHOICE_PATTERN},
    {.name = "network.port.loadbalancer_down.total", .from = &ports,
     .total = TOTAL_SUM, .value = "status", .states = not_active,
     .when = {.field = "device_owner", .texts = load_balancer},
     .unit = "port", .choice = CHOICE_PATTERN},
    {.name = "network.port.binding_failed.total", .from = &ports,
     .total = TOTAL_COUNT,
     .when = {.field = "binding:vif_type", .texts = binding_failed},
     .unit = "port", .choice = CHOICE_PATTERN},
    {.name = "network.port.status", .from = &ports,
     .value = "status", .states = network_status,
     .unit = "status", .since = "Folsom", .choice = CHOICE_NAME},

    METERS_TOTALS("network.subnetpool", subnetpools, .total = TOTAL_COUNT,
                  .unit = "subnetpool", .choice = CHOICE_NAME),
    METERS_TOTALS("network.security_group_rule", security_group_rules,
                  .total = TOTAL_COUNT, .unit = "rule",
                  .choice = CHOICE_NAME),
    METERS_TOTALS("network.rbac_policy", rbac_policies, .total = TOTAL_COUNT,
                  .unit = "rbac_policy", .choice = CHOICE_NAME),
    METERS_TOTALS("network.trunk", trunks, .total = TOTAL_COUNT,
                  .unit = "trunk", .choice = CHOICE_NAME),
    {.name = "network.trunk.by_status", .from = &trunks,
     .total = TOTAL_COUNT, .group = "status", .groups = trunk_states,
     .unit = "trunk", .choice = CHOICE_NAME},
    METERS_TOTALS("network.qos_policy", qos_policies, .total = TOTAL_COUNT,
                  .unit = "policy", .choice = CHOICE_NAME),
    METERS_TOTALS("network.address_scope", address_scopes,
                  .total = TOTAL_COUNT, .unit = "address_scope",
                  .choice = CHOICE_NAME),
    {.name = "network.services.vpn.ike_policy.total", .from = &ikepolicies,
     .total = TOTAL_COUNT, .unit = "policy", .choice = CHOICE_NAME},
    {.name = "network.services.vpn.ipsec_policy.total", .from = &ipsecpolicies,
     .total = TOTAL_COUNT, .unit = "policy", .choice = CHOICE_NAME},
    {.name = "network.services.vpn.endpoint_group.total",
     .from = &endpoint_groups,
     .total = TOTAL_COUNT, .unit = "endpoint_group", .choice = CHOICE_NAME},
    {.name = NULL},
};
/* clang-format on */
