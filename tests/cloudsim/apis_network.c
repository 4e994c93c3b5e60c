/*
 * What Neutron tells of itself and keeps for projects: see apis.c.
 *
 * OVN keeps the agents of chassis that have been deleted, under one host. A
 * token without rights gets an empty list of agents and of addresses.
 */
#include "cloudsim.h"

/* clang-format off */
#define DELETED "(\\\"Chassis\\\" register deleted)"
static const struct field agents[] = {
  {"id", "\"$i\"", 0},
  {"agent_type", "\"<L3 agent|DHCP agent|Open vSwitch agent|OVN Controller agent|"
   "OVN Controller Gateway agent>\"", 0},
  {"binary", "\"neutron-<l3-agent|dhcp-agent|openvswitch-agent|ovn|ovn>\"", 0},
  {"topic", "\"N/A\"", 0},
  {"host", "\"<net$x|net$x|compute$x|" DELETED "|" DELETED ">\"", 0},
  {"admin_state_up", "<true|false|true|true|true>", 0},
  {"created_at", "\"2020-01-01 00:00:00\"", 0},
  {"started_at", "\"2020-01-01 00:00:00\"", 0},
  {"heartbeat_timestamp", "\"2099-01-01 00:00:00\"", 0},
  {"description", "null", 0},
  {"resources_synced", "null", 0},
  {"availability_zone", "<\"nova\"|\"nova\"|null|\"\"|\"\">", 0},
  {"alive", "<<3?false|true>|true|true|true|<6?true|false>>", 0},
  {"configurations", "<{\"agent_mode\": \"legacy\", \"routers\": $c, \"ex_gw_ports\": 1}|"
   "{\"networks\": $g, \"subnets\": $g, \"ports\": $c}|{\"devices\": 0}|{}|{}>", 0},
  {0}
};

/* Used may be more than there are; a network may have no subnet. */
#define SUBNET(id, version, total) "{\"subnet_id\": \"" id "\", \"ip_version\": " version \
  ", \"cidr\": \"10.$a.0/24\", \"subnet_name\": $N, \"used_ips\": $g, \"total_ips\": " total "}"
static const struct field ip_availabilities[] = {
  {"network_id", "\"$i\"", 0},
  {"network_name", "$N", 0},
  {"tenant_id", "\"$p\"", 0},
  {"project_id", "\"$p\"", 0},
  {"subnet_ip_availability", "[<5?|" SUBNET("$1", "4", "253")
   "<3?, " SUBNET("$2", "6", "18446744073709551616") "|>>]", 0},
  {"used_ips", "<5?0|<3?$g|$g>>", 0},
  {"total_ips", "<5?0|<3?18446744073709551869|253>>", 0},
  {0}
};

/* Rows of overrides are whole: what is no override is the default. */
#define QUOTAS \
  {"network", "<100|-1|15>", 0}, \
  {"subnet", "100", 0}, \
  {"subnetpool", "<20|-1>", 0}, \
  {"port", "<500|$c>", 0}, \
  {"router", "10", 0}, \
  {"floatingip", "<50|0>", 0}, \
  {"rbac_policy", "10", 0}, \
  {"security_group", "10", 0}, \
  {"security_group_rule", "100", 0}
static const struct field network_quotas[] = {
  QUOTAS,
  {"project_id", "\"$p\"", 0},
  {"tenant_id", "\"$p\"", 0},
  {0}
};
static const struct field network_quota_default[] = {QUOTAS, {0}};

#define USED "{\"limit\": <100|-1>, \"used\": $g, \"reserved\": <5?1|0>}"
static const struct field network_quota_details[] = {
  {"network", USED, 0},
  {"subnet", USED, 0},
  {"subnetpool", USED, 0},
  {"port", "{\"limit\": -1, \"used\": $c, \"reserved\": 0}", 0},
  {"router", USED, 0},
  {"floatingip", USED, 0},
  {"rbac_policy", USED, 0},
  {"security_group", USED, 0},
  {"security_group_rule", USED, 0},
  {0}
};

#define OWN \
  {"id", "\"$i\"", 0}, \
  {"name", "$N", 0}, \
  {"tenant_id", "\"$p\"", 0}, \
  {"project_id", "\"$p\"", 0}
static const struct field routers[] = {
  OWN,
  {"admin_state_up", "true", 0},
  {"status", "\"<ACTIVE|ACTIVE|ERROR|ALLOCATING|ODD>\"", 0},
  {"external_gateway_info", "null", 0},
  {"ha", "<true|false>", 0},
  {"distributed", "false", 0},
  {"routes", "[]", 0},
  {0}
};

static const struct field networks[] = {
  OWN,
  {"admin_state_up", "<7?false|true>", 0},
  {"mtu", "<1450|1500|9000>", 0},
  {"status", "\"<ACTIVE|ACTIVE|DOWN|ERROR>\"", 0},
  {"subnets", "[\"$1\"]", 0},
  {"shared", "<4?true|false>", 0},
  {"router:external", "<5?true|false>", 0},
  {"provider:network_type", "\"<vxlan|flat|geneve>\"", 0},
  {"port_security_enabled", "<3?false|true>", 0},
  {0}
};

static const struct field subnets[] = {
  OWN,
  {"network_id", "\"$1\"", 0},
  {"ip_version", "<4|4|6>", 0},
  {"subnetpool_id", "null", 0},
  {"enable_dhcp", "true", 0},
  {"cidr", "\"10.$a.0/24\"", 0},
  {0}
};

static const struct field named[] = {OWN, {0}};

/* A port of a floating IP belongs to nobody; LOADBALANCERV2 is Octavia's. */
static const struct field ports[] = {
  {"id", "\"$i\"", 0},
  {"name", "<\"\"|$N>", 0},
  {"network_id", "\"$1\"", 0},
  {"tenant_id", "\"<$p|$p|$p||$p>\"", 0},
  {"mac_address", "\"fa:16:3e:00:00:00\"", 0},
  {"admin_state_up", "true", 0},
  {"status", "\"<ACTIVE|DOWN|<ACTIVE|DOWN>|N/A|<ACTIVE|BUILD>>\"", 0},
  {"device_id", "\"$2\"", 0},
  {"device_owner", "\"<compute:nova|network:dhcp|neutron:LOADBALANCERV2|"
   "network:floatingip|>\"", 0},
  {"fixed_ips", "<7?[]|<4?[{\"subnet_id\": \"$3\", \"ip_address\": \"10.4.$a\"}, "
   "{\"subnet_id\": \"$4\", \"ip_address\": \"10.5.$a\"}]|"
   "[{\"subnet_id\": \"$3\", \"ip_address\": \"10.4.$a\"}]>>", 0},
  {"project_id", "\"<$p|$p|$p||$p>\"", 0},
  {"binding:vif_type", "\"<ovs|binding_failed|unbound|ovs>\"", 0},
  {0}
};

/* With all their rules, for who asks for all fields. */
static const struct field security_groups[] = {
  OWN,
  {"description", "\"\"", 0},
  {"security_group_rules", "[{\"id\": \"$1\", \"direction\": \"egress\", "
   "\"ethertype\": \"IPv4\"}]", 0},
  {0}
};

static const struct field trunks[] = {
  OWN,
  {"admin_state_up", "true", 0},
  {"port_id", "\"$1\"", 0},
  {"status", "\"<ACTIVE|DOWN|BUILD|DEGRADED|ODD>\"", 0},
  {"sub_ports", "[]", 0},
  {0}
};
static const struct field unnamed[] = {
  {"id", "\"$i\"", 0},
  {"tenant_id", "\"$p\"", 0},
  {"project_id", "\"$p\"", 0},
  {0}
};
/* Routers of high availability are those of several agents. In full, whatever
 * fields are asked for. */
static const struct field agent_routers[] = {
  {"id", "\"<shared-0|shared-1|$i|$i>\"", 0},
  {"name", "$N", 0},
  {"tenant_id", "\"$p\"", 0},
  {"project_id", "\"$p\"", 0},
  {"status", "\"ACTIVE\"", 0},
  {"ha", "true", 0},
  {0}
};

#define LIST(name_, count_, path_, key_, fields_) \
  {.name = name_, .count = count_, .service = "network", .path = path_, .key = key_, \
   .paging = PAGE_NEUTRON, .reader = SEE_OWN, .project = "project_id", .fields = fields_}

const struct collection network_collections[] = {
  {.name = "agents", .count = 13, .service = "network", .path = "/agents",
   .key = "agents", .paging = PAGE_NONE, .reader = SEE_NONE,
   .filters = "agent_type alive", .fields = agents},
  {.name = "ip-availabilities", .count = 12, .service = "network",
   .path = "/network-ip-availabilities", .key = "network_ip_availabilities",
   .paging = PAGE_NEUTRON, .reader = SEE_NONE, .fields = ip_availabilities},
  {.name = "network-quotas", .count = 5, .service = "network", .path = "/quotas",
   .key = "quotas", .paging = PAGE_NONE, .reader = SEE_FORBIDDEN,
   .policy = "get_quota", .fields = network_quotas},
  {.name = "network-quota-default", .count = 1, .service = "network",
   .path = "/quotas/default/default", .paging = PAGE_OBJECT, .open = "{\"quota\": ",
   .close = "}", .reader = SEE_FORBIDDEN, .policy = "get_quota",
   .fields = network_quota_default},
  {.name = "network-quota-details", .like = "projects", .service = "network",
   .path = "/quotas/*/details", .paging = PAGE_OBJECT, .open = "{\"quota\": ",
   .close = "}", .reader = SEE_FORBIDDEN, .policy = "get_quota",
   .fields = network_quota_details},
  LIST("routers", 11, "/routers", "routers", routers),
  LIST("networks", 15, "/networks", "networks", networks),
  LIST("subnets", 18, "/subnets", "subnets", subnets),
  LIST("subnetpools", 3, "/subnetpools", "subnetpools", named),
  {.name = "agent-routers", .count = 4, .service = "network",
   .path = "/agents/*/l3-routers", .parent = "agents", .key = "routers",
   .paging = PAGE_NONE, .reader = SEE_FORBIDDEN, .policy = "get_l3-routers",
   .fields = agent_routers},
  LIST("security-group-rules", 30, "/security-group-rules", "security_group_rules", unnamed),
  LIST("rbac-policies", 5, "/rbac-policies", "rbac_policies", unnamed),
  LIST("trunks", 12, "/trunks", "trunks", trunks),
  LIST("qos-policies", 4, "/qos/policies", "policies", named),
  LIST("address-scopes", 3, "/address-scopes", "address_scopes", named),
  LIST("ports", 48, "/ports", "ports", ports),
  LIST("security-groups", 16, "/security-groups", "security_groups", security_groups),
  LIST("ikepolicies", 4, "/vpn/ikepolicies", "ikepolicies", named),
  LIST("ipsecpolicies", 4, "/vpn/ipsecpolicies", "ipsecpolicies", named),
  LIST("endpoint-groups", 2, "/vpn/endpoint-groups", "endpoint_groups", named),
  {0}
};
/* clang-format on */
