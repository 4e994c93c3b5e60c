/*
 * Neutron: https://docs.openstack.org/api-ref/network/v2/
 *
 * Before Newton, and where others serve this API, a project is a tenant_id.
 *
 * fields= keeps the answers short, and the `psk` of VPN connections at the
 * server.
 *
 * VPN and firewall are extensions that a cloud may lack (404). Neutron makes
 * their pages by cutting up the whole list for each, and answers nothing where
 * a marker is gone: so all of it is asked for at once, unless Neutron's own
 * pagination_max_limit makes pages of it.
 */
#include "meters/meters.h"

static const char own_only[] = "only those of its own project";

/* "BUILD", "UNKNOWN" and whatever else there is: -1, as Ceilometer says. */
const struct state network_status[] = {
    {"active", 1},         {"created", 4},        {"pending_update", 5},
    {"pending_create", 2}, {"pending_delete", 6}, {"inactive", 0},
    {"down", 3},           {"error", 7},          {.text = NULL, .number = -1},
};

static const char *const floatingip_metadata[] = {
    "router_id",
    "status",
    "floating_network_id",
    "fixed_ip_address",
    "port_id",
    "floating_ip_address",
    NULL,
};

static const struct listing floatingips = {
    .name = "floatingips",
    .service = "network",
    .path = "/v2.0/floatingips?limit=1000",
    .fields = true,
    .record = "floatingips[]",
    .paging = {.kind = PAGING_LINKS, .next = "floatingips_links[]"},
    .id = "id",
    .project = "project_id",
    .older_project = "tenant_id",
    .metadata = floatingip_metadata,
    .role = "admin",
    .without_role = own_only,
};

static const char *const vpnservice_metadata[] = {
    "admin_state_up", "description",    "status",
    "subnet_id",      "router_id",      "flavor_id",
    "external_v4_ip", "external_v6_ip", NULL,
};

static const struct listing vpnservices = {
    .name = "vpnservices",
    .service = "network",
    .path = "/v2.0/vpn/vpnservices",
    .fields = true,
    .record = "vpnservices[]",
    .paging = {.kind = PAGING_LINKS, .next = "vpnservices_links[]"},
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .older_project = "tenant_id",
    .metadata = vpnservice_metadata,
    .role = "admin",
    .without_role = own_only,
    .absent = {404},
};

static const char *const connection_metadata[] = {
    "description",
    "peer_address",
    "peer_id",
    "peer_cidrs[]",
    "peer_ep_group_id",
    "initiator",
    "ikepolicy_id",
    "mtu",
    "ipsecpolicy_id",
    "vpnservice_id",
    "admin_state_up",
    "status",
    NULL,
};

static const struct listing connections = {
    .name = "ipsec_site_connections",
    .service = "network",
    .path = "/v2.0/vpn/ipsec-site-connections",
    .fields = true,
    .record = "ipsec_site_connections[]",
    .paging = {.kind = PAGING_LINKS, .next = "ipsec_site_connections_links[]"},
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .older_project = "tenant_id",
    .metadata = connection_metadata,
    .role = "admin",
    .without_role = own_only,
    .absent = {404},
};

static const char *const firewall_metadata[] = {
    "admin_state_up",
    "description",
    "status",
    "ingress_firewall_policy_id",
    "egress_firewall_policy_id",
    NULL,
};

static const struct listing firewall_groups = {
    .name = "firewall_groups",
    .service = "network",
    .path = "/v2.0/fwaas/firewall_groups",
    .fields = true,
    .record = "firewall_groups[]",
    .paging = {.kind = PAGING_LINKS, .next = "firewall_groups_links[]"},
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .older_project = "tenant_id",
    .metadata = firewall_metadata,
    .role = "admin",
    .without_role = own_only,
    .absent = {404},
};

static const char *const policy_metadata[] = {
    "description", "shared", "audited", "firewall_rules[]", NULL};

static const struct listing firewall_policies = {
    .name = "firewall_policies",
    .service = "network",
    .path = "/v2.0/fwaas/firewall_policies",
    .fields = true,
    .record = "firewall_policies[]",
    .paging = {.kind = PAGING_LINKS, .next = "firewall_policies_links[]"},
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .older_project = "tenant_id",
    .metadata = policy_metadata,
    .role = "admin",
    .without_role = own_only,
    .absent = {404},
};

static const char *const floatingip_states[] = {"ACTIVE", "DOWN", "ERROR",
                                                NULL};
static const char *const vpn_states[] = {
    "ACTIVE",         "BUILD",          "DOWN",           "ERROR",
    "PENDING_CREATE", "PENDING_UPDATE", "PENDING_DELETE", NULL};
static const char *const firewall_states[] = {
    "ACTIVE",         "CREATED",        "DOWN",           "ERROR", "INACTIVE",
    "PENDING_CREATE", "PENDING_UPDATE", "PENDING_DELETE", NULL};
static const char *const active[] = {"active", NULL};

/* clang-format off */
const struct meter network_meters[] = {
    {.name = "ip.floating", .from = &floatingips,
     .value = "status", .states = network_status,
     .unit = "ip", .since = "Icehouse"},
    {.name = "network.services.vpn", .from = &vpnservices,
     .value = "status", .states = network_status,
     .unit = "vpnservice", .since = "Havana"},
    {.name = "network.services.vpn.connections", .from = &connections,
     .unit = "ipsec_site_connection", .since = "Havana"},
    {.name = "network.services.firewall", .from = &firewall_groups,
     .value = "status", .states = network_status,
     .unit = "firewall", .since = "Newton"},
    {.name = "network.services.firewall.policy", .from = &firewall_policies,
     .unit = "firewall_policy", .since = "Newton"},
    METERS_TOTALS("ip.floating", floatingips, .total = TOTAL_COUNT,
                  .unit = "ip"),
    {.name = "ip.floating.by_status", .from = &floatingips,
     .total = TOTAL_COUNT, .group = "status", .groups = floatingip_states,
     .unit = "ip", .choice = CHOICE_PATTERN},
    {.name = "ip.floating.associated.total", .from = &floatingips,
     .total = TOTAL_COUNT, .when = {.field = "port_id"}, .unit = "ip"},
    {.name = "ip.floating.down.total", .from = &floatingips,
     .total = TOTAL_SUM, .value = "has(port_id)",
     .when = {.field = "status", .texts = active, .others = true},
     .unit = "ip"},
    METERS_TOTALS("network.services.vpn", vpnservices, .total = TOTAL_COUNT,
                  .unit = "vpnservice"),
    {.name = "network.services.vpn.by_status", .from = &vpnservices,
     .total = TOTAL_COUNT, .group = "status", .groups = vpn_states,
     .unit = "vpnservice", .choice = CHOICE_PATTERN},
    METERS_TOTALS("network.services.vpn.connections", connections, .total = TOTAL_COUNT,
                  .unit = "ipsec_site_connection"),
    {.name = "network.services.vpn.connections.by_status", .from = &connections,
     .total = TOTAL_COUNT, .group = "status", .groups = vpn_states,
     .unit = "ipsec_site_connection", .choice = CHOICE_PATTERN},
    METERS_TOTALS("network.services.firewall", firewall_groups, .total = TOTAL_COUNT,
                  .unit = "firewall"),
    {.name = "network.services.firewall.by_status", .from = &firewall_groups,
     .total = TOTAL_COUNT, .group = "status", .groups = firewall_states,
     .unit = "firewall", .choice = CHOICE_PATTERN},
    METERS_TOTALS("network.services.firewall.policy", firewall_policies, .total = TOTAL_COUNT,
                  .unit = "firewall_policy"),
    {.name = NULL},
};
/* clang-format on */
