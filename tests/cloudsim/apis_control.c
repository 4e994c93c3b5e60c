/*
 * What Keystone, Octavia, Designate and Manila tell of themselves: see apis.c.
 *
 * A limit of a domain has no project. Octavia's null is the default, and its
 * keys come in two spellings. Designate and Manila keep the rows of what is
 * gone.
 */
#include "cloudsim.h"

/* clang-format off */
#define NAMED {"id", "\"$i\"", 0}, {"name", "$N", 0}
static const struct field groups[] = {
  NAMED, {"domain_id", "\"$o\"", 0}, {"description", "\"\"", 0}, {0}
};
static const struct field regions[] = {
  {"id", "\"region-$x\"", 0},
  {"description", "\"\"", 0},
  {"parent_region_id", "null", 0},
  {0}
};
static const struct field services_[] = {
  NAMED, {"type", "\"<image|compute>\"", 0}, {"enabled", "true", 0}, {0}
};
static const struct field endpoints[] = {
  {"id", "\"$i\"", 0},
  {"interface", "\"<public|internal|admin>\"", 0},
  {"service_id", "\"$1\"", 0},
  {"region_id", "\"region-0\"", 0},
  {"url", "\"http://sim/$x\"", 0},
  {"enabled", "<5?false|true>", 0},
  {0}
};
static const struct field roles[] = {NAMED, {"domain_id", "null", 0}, {0}};
static const struct field limits[] = {
  {"id", "\"$i\"", 0},
  {"project_id", "<4?null|\"$p\">", 0},
  {"domain_id", "<4?\"$o\"|null>", 0},
  {"service_id", "\"$1\"", 0},
  {"region_id", "null", 0},
  {"resource_name", "\"<servers|class:VCPU|image_count_total>\"", 0},
  {"resource_limit", "<5?-1|$c>", 0},
  {"description", "null", 0},
  {0}
};
static const struct field registered_limits[] = {
  {"id", "\"$i\"", 0},
  {"service_id", "\"$1\"", 0},
  {"region_id", "null", 0},
  {"resource_name", "\"<servers|class:VCPU|image_count_total>\"", 0},
  {"default_limit", "<10|0|-1>", 0},
  {"description", "null", 0},
  {0}
};

#define STATES \
  {"provisioning_status", "\"<ACTIVE|ERROR|PENDING_UPDATE|ACTIVE|ODD>\"", 0}, \
  {"operating_status", "\"<ONLINE|OFFLINE|DEGRADED|NO_MONITOR|ERROR|ODD>\"", 0}, \
  {"admin_state_up", "true", 0}, \
  {"project_id", "\"$p\"", 0}
static const struct field listeners[] = {
  NAMED, STATES,
  {"protocol", "\"<HTTP|TCP>\"", 0},
  {"protocol_port", "80", 0},
  {"connection_limit", "<-1|1000>", 0},
  {0}
};
static const struct field lb_pools[] = {
  NAMED, STATES,
  {"protocol", "\"HTTP\"", 0},
  {"lb_algorithm", "\"ROUND_ROBIN\"", 0},
  {"members", "<[]|[{\"id\": \"$1\"}]|[{\"id\": \"$1\"}, {\"id\": \"$2\"}]>", 0},
  {0}
};
static const struct field healthmonitors[] = {
  NAMED, STATES, {"type", "\"PING\"", 0}, {0}
};
static const struct field amphorae[] = {
  {"id", "\"$i\"", 0},
  {"loadbalancer_id", "<3?null|\"$1\">", 0},
  {"compute_id", "\"$2\"", 0},
  {"status", "\"<ALLOCATED|ALLOCATED|READY|ERROR|BOOTING>\"", 0},
  {"role", "<\"MASTER\"|\"BACKUP\"|null>", 0},
  {"cert_expiration", "<7?null|\"$t\">", 0},
  {"cert_busy", "false", 0},
  {0}
};
static const struct field lb_statistics[] = {
  {"bytes_in", "$b", 0},
  {"bytes_out", "$F", 0},
  {"active_connections", "$g", 0},
  {"total_connections", "$c", 0},
  {"request_errors", "<3?0|$k>", 0},
  {0}
};
static const struct field members[] = {
  NAMED, STATES,
  {"address", "\"10.0.$a\"", 0},
  {"protocol_port", "80", 0},
  {"weight", "<1|0|256>", 0},
  {"backup", "<5?true|false>", 0},
  {"monitor_port", "null", 0},
  {0}
};
#define LB_QUOTAS \
  {"loadbalancer", "<10|null>", 0}, \
  {"load_balancer", "<10|null>", 0}, \
  {"listener", "<null|-1|20>", 0}, \
  {"pool", "<30|-1>", 0}, \
  {"member", "50", 0}, \
  {"healthmonitor", "<5|0>", 0}, \
  {"health_monitor", "<5|0>", 0}, \
  {"l7policy", "7", 0}, \
  {"l7rule", "8", 0}
static const struct field lb_quotas[] = {LB_QUOTAS, {"project_id", "\"$i\"", 0}, {0}};
static const struct field lb_quota_default[] = {
  {"load_balancer", "10", 0},
  {"listener", "20", 0},
  {"pool", "30", 0},
  {"member", "50", 0},
  {"health_monitor", "5", 0},
  {"l7policy", "7", 0},
  {"l7rule", "8", 0},
  {0}
};

static const struct field service_statuses[] = {
  {"id", "\"$i\"", 0},
  {"hostname", "\"ctl$x\"", 0},
  {"service_name", "\"<central|mdns|producer|worker|api>\"", 0},
  {"status", "\"<UP|DOWN|UP|WARNING>\"", 0},
  {"stats", "{}", 0},
  {"capabilities", "{}", 0},
  {"heartbeated_at", "\"$t.000000\"", 0},
  {"links", "{\"self\": \"$h/service_statuses/$i\"}", 0},
  {0}
};

static const struct field share_services[] = {
  {"id", "$x", 0},
  {"binary", "\"<=0?manila-scheduler|manila-share>\"", 0},
  {"host", "\"ctl$x@generic\"", 0},
  {"zone", "\"nova\"", 0},
  {"status", "\"<enabled|disabled|enabled>\"", 0},
  {"state", "\"<up|down>\"", 0},
  {"updated_at", "\"$t.$m\"", 0},
  {0}
};
static const struct field share_pools[] = {
  {"name", "\"ctl@generic$x#pool\"", 0},
  {"host", "\"ctl\"", 0},
  {"backend", "\"generic$x\"", 0},
  {"pool", "\"pool\"", 0},
  {"capabilities", "{\"pool_name\": \"pool\", \"total_capacity_gb\": <1000.5|\"unknown\"|\"infinite\">, "
   "\"free_capacity_gb\": <420.25|\"unknown\"|-3>, \"allocated_capacity_gb\": $g, "
   "\"provisioned_capacity_gb\": <$g|null>, \"reserved_percentage\": 5, "
   "\"reserved_snapshot_percentage\": 10, \"reserved_share_extend_percentage\": 15, "
   "\"max_over_subscription_ratio\": <\"20.0\"|20.0|null>}", 0},
  {0}
};
static const struct field share_snapshots[] = {
  {"id", "\"$i\"", 0},
  {"share_id", "\"$1\"", 0},
  {"share_size", "$g", 0},
  {"created_at", "\"$t.$m\"", 0},
  {"status", "\"<available|error|creating>\"", 0},
  {"name", "$N", 0},
  {"size", "<8?null|$g>", 0},
  {"share_proto", "\"NFS\"", 0},
  {"user_id", "\"$u\"", 17},
  {"project_id", "\"$p\"", 17},
  {0}
};
#define USE(limit, used) \
  "{\"limit\": " limit ", \"in_use\": " used ", \"reserved\": 0}"
static const struct field share_quotas[] = {
  {"id", "\"$I\"", 0},
  {"shares", USE("<50|-1>", "$c"), 0},
  {"gigabytes", USE("1000", "$g"), 0},
  {"snapshots", USE("50", "0"), 0},
  {"snapshot_gigabytes", USE("1000", "$g"), 0},
  {"share_networks", USE("<-1|10>", "1"), 0},
  {"share_groups", USE("50", "0"), 40},
  {"share_replicas", USE("100", "2"), 53},
  {"replica_gigabytes", USE("1000", "$g"), 53},
  {0}
};

#define KEYSTONE(name_, count_, key_, sight, project_, fields_) \
  {.name = name_, .count = count_, .service = "identity", .path = "/" key_, \
   .key = key_, .paging = PAGE_KEYSTONE, .reader = sight, .project = project_, \
   .policy = "identity:list_" key_, .fields = fields_}
#define OCTAVIA(name_, count_, path_, key_, fields_) \
  {.name = name_, .count = count_, .service = "load-balancer", .path = path_, \
   .key = key_, .paging = PAGE_OCTAVIA, .limit = 1000, .limit_max = 1000, \
   .bad_marker = 400, .reader = SEE_FORBIDDEN, .fields = fields_}
#define MANILA .service = "sharev2", .reader = SEE_FORBIDDEN

const struct collection control_collections[] = {
  KEYSTONE("identity-groups", 9, "groups", SEE_FORBIDDEN, NULL, groups),
  KEYSTONE("identity-regions", 2, "regions", SEE_ALL, NULL, regions),
  KEYSTONE("identity-services", 10, "services", SEE_FORBIDDEN, NULL, services_),
  KEYSTONE("identity-endpoints", 16, "endpoints", SEE_FORBIDDEN, NULL, endpoints),
  KEYSTONE("identity-roles", 6, "roles", SEE_FORBIDDEN, NULL, roles),
  KEYSTONE("identity-limits", 15, "limits", SEE_OWN, "project_id",
           limits),
  KEYSTONE("identity-registered-limits", 3, "registered_limits", SEE_ALL, NULL,
           registered_limits),
  OCTAVIA("lb-listeners", 15, "/lbaas/listeners", "listeners", listeners),
  OCTAVIA("lb-pools", 12, "/lbaas/pools", "pools", lb_pools),
  OCTAVIA("lb-healthmonitors", 4, "/lbaas/healthmonitors", "healthmonitors", healthmonitors),
  OCTAVIA("lb-amphorae", 20, "/octavia/amphorae", "amphorae", amphorae),
  {.name = "lb-statistics", .count = 1, .service = "load-balancer",
   .path = "/lbaas/loadbalancers/*/stats", .parent = "loadbalancers",
   .paging = PAGE_OBJECT, .open = "{\"stats\": ", .close = "}",
   .reader = SEE_FORBIDDEN, .fields = lb_statistics},
  {.name = "lb-members", .count = 3, .service = "load-balancer",
   .path = "/lbaas/pools/*/members", .parent = "lb-pools", .key = "members",
   .paging = PAGE_OCTAVIA, .limit = 1000, .limit_max = 1000, .bad_marker = 400,
   .reader = SEE_FORBIDDEN, .fields = members},
  {.name = "lb-quotas", .count = 6, .service = "load-balancer",
   .path = "/lbaas/quotas", .key = "quotas", .paging = PAGE_OCTAVIA,
   .limit = 1000, .limit_max = 1000, .any_marker = 500, .reader = SEE_FORBIDDEN,
   .fields = lb_quotas},
  {.name = "lb-quota-default", .count = 1, .service = "load-balancer",
   .path = "/lbaas/quotas/defaults", .paging = PAGE_OBJECT, .open = "{\"quota\": ",
   .close = "}", .reader = SEE_FORBIDDEN, .fields = lb_quota_default},
  {.name = "dns-services", .count = 9, .service = "dns", .path = "/service_statuses",
   .key = "service_statuses", .paging = PAGE_DESIGNATE, .limit = 20, .limit_max = 1000,
   .bad_marker = 400, .reader = SEE_FORBIDDEN, .policy = "find_service_statuses",
   .fields = service_statuses},
  {.name = "share-services", .count = 4, MANILA, .path = "/services", .key = "services",
   .paging = PAGE_NONE, .policy = "service:index", .fields = share_services},
  {.name = "share-pools", .count = 6, MANILA, .path = "/scheduler-stats/pools/detail",
   .key = "pools", .paging = PAGE_NONE, .policy = "scheduler_stats:pools:detail",
   .fields = share_pools},
  {.name = "share-snapshots", .count = 17, .service = "sharev2",
   .path = "/snapshots/detail", .key = "snapshots", .paging = PAGE_MANILA,
   .limit = 1000, .limit_max = 1000, .reader = SEE_OWN, .project = "project_id",
   .all_query = "all_tenants", .fields = share_snapshots},
  {.name = "share-quotas", .like = "projects", MANILA, .path = "/quota-sets/*/detail",
   .paging = PAGE_OBJECT, .open = "{\"quota_set\": ", .close = "}",
   .policy = "quota_set:show", .fields = share_quotas},
  {0}
};
/* clang-format on */
