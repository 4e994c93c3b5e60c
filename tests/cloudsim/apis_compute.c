/*
 * Nova's tables: see apis.c. Names of hosts are those that the hypervisors
 * have; each seventh server has none.
 */
#include "cloudsim.h"

/* clang-format off */
static const struct field compute_services[] = {
  {"id", "\"$i\"", 53},
  {"id", "$x", .until = 53},
  {"binary", "\"<=0?nova-scheduler|<=1?nova-conductor|nova-compute>>\"", .down =
   "\"<=0?nova-scheduler|<=1?nova-conductor|nova-compute>>\""},
  {"host", "\"<=0?ctl|<=1?ctl|compute$x>>\"", .down =
   "\"<=0?ctl|<=1?ctl|compute$x>>\""},
  {"zone", "\"<=0?internal|<=1?internal|nova>>\"", 0},
  {"status", "\"<enabled|enabled|disabled|enabled>\"", .down = "\"UNKNOWN\""},
  {"state", "\"<up|up|down>\"", 0},
  {"updated_at", "<=0?null|\"$t.$m\">", 0},
  {"disabled_reason", "<null|null|\"maintenance \\u00e9\"|null>", 0},
  {"forced_down", "<6?true|false>", 11},
  {0}
};

/* Promised disks may be more than there are. */
static const struct field hypervisors[] = {
  {"id", "\"$i\"", 53},
  {"id", "$x", .until = 53}, /* several cells may have the same */
  {"hypervisor_hostname", "\"compute$x.sim\"", 0},
  {"state", "\"<up|up|down>\"", 0},
  {"status", "\"<enabled|enabled|disabled|enabled>\"", 0},
  {"hypervisor_type", "\"<QEMU|ironic>\"", 0},
  {"hypervisor_version", "7002000", 0},
  {"host_ip", "\"192.0.$a\"", 0},
  {"service", "{\"id\": \"$1\", \"host\": \"compute$x\", \"disabled_reason\": "
   "<null|null|\"maintenance \\u00e9\"|null>}", 0},
  {"vcpus", "<32|64|0>", 0},
  {"memory_mb", "<131072|262144>", 0},
  {"local_gb", "<2000|5>", 0},
  {"vcpus_used", "<8|0|66>", 0},
  {"memory_mb_used", "<512|98816>", 0},
  {"local_gb_used", "<80|0>", 0},
  {"free_ram_mb", "<130560|-1024>", 0},
  {"free_disk_gb", "<1920|5|-40>", 0},
  {"current_workload", "<0|1|0|3>", 0},
  {"running_vms", "<4|0|7>", 0},
  {"disk_available_least", "<1500|null|-12>", 0},
  {"cpu_info", "{\"arch\": \"x86_64\", \"model\": \"Skylake\"}", 0},
  {0}
};

#define HOST "compute<0|1|2|3>"
static const struct field servers[] = {
  {"id", "\"$i\"", .down = "\"$i\""},
  {"name", "$N", 0},
  {"status", "\"<7?BUILD|<ACTIVE|SHUTOFF|ERROR|ACTIVE|SHELVED_OFFLOADED|VERIFY_RESIZE|ODD>>\"",
   .down = "\"UNKNOWN\""},
  {"tenant_id", "\"$p\"", .down = "\"$p\""},
  {"user_id", "\"$u\"", 0},
  {"metadata", "{\"k\": \"v \\\"$x\\\"\"}", 0},
  {"hostId", "<7?\"\"|\"$d\">", 0},
  {"image", "<\"\"|{\"id\": \"$1\"}>", 0},
  {"flavor", "{\"id\": \"$2\", \"links\": []}", .until = 47},
  {"flavor", "{\"vcpus\": <1|2|4|8>, \"ram\": <512|2048|16384>, \"disk\": <0|10|160>, "
   "\"ephemeral\": <0|0|30>, \"swap\": 0, \"original_name\": "
   "\"<m1.tiny|gr\\u00fcn \\\"large\\\"|m1/odd>\", \"extra_specs\": {}}", 47},
  {"created", "\"$tZ\"", .down = "\"$tZ\""},
  {"updated", "\"$tZ\"", 0},
  {"addresses", "{}", 0},
  {"accessIPv4", "\"\"", 0},
  {"accessIPv6", "\"\"", 0},
  {"links", "[{\"rel\": \"self\", \"href\": \"$h/servers/$i\"}]",
   .down = "[{\"rel\": \"self\", \"href\": \"$h/servers/$i\"}]"},
  {"OS-DCF:diskConfig", "\"MANUAL\"", 0},
  {"OS-EXT-AZ:availability_zone", "\"<7?|<nova|az-2>>\"", 0},
  {"config_drive", "\"\"", 0},
  {"key_name", "null", 0},
  {"OS-SRV-USG:launched_at", "<7?null|\"$t.$m\">", 0},
  {"OS-SRV-USG:terminated_at", "null", 0},
  {"OS-EXT-SRV-ATTR:host", "<7?null|\"" HOST "\">", 0},
  {"OS-EXT-SRV-ATTR:instance_name", "\"instance-$x\"", 0},
  {"OS-EXT-SRV-ATTR:hypervisor_hostname", "<7?null|\"" HOST ".sim\">", 0},
  {"OS-EXT-STS:task_state", "<7?\"spawning\"|null>", 0},
  {"OS-EXT-STS:vm_state", "\"<7?building|<active|stopped|error>>\"", 0},
  {"OS-EXT-STS:power_state", "<7?0|<1|4|6>>", 0},
  {"os-extended-volumes:volumes_attached", "<[]|[{\"id\": \"$3\", "
   "\"delete_on_termination\": false}]>", 0},
  {"locked", "false", 9},
  {"locked_reason", "null", 73},
  {"description", "null", 19},
  {"tags", "[]", 26},
  {"trusted_image_certificates", "null", 63},
  {"host_status", "\"<UP|DOWN|MAINTENANCE>\"", 16},
  {0}
};

/* Each third project may have as much as there is. */
static const struct field limits[] = {
  {"maxTotalInstances", "<10|20|-1>", 0},
  {"maxTotalCores", "<20|40|-1>", 0},
  {"maxTotalRAMSize", "<51200|102400|-1>", 0},
  {"maxServerMeta", "128", 0},
  {"maxImageMeta", "128", .until = 39},
  {"maxPersonality", "5", .until = 57},
  {"maxPersonalitySize", "10240", .until = 57},
  {"maxTotalKeypairs", "100", 0},
  {"maxServerGroups", "10", 0},
  {"maxServerGroupMembers", "10", 0},
  {"maxTotalFloatingIps", "-1", .until = 36},
  {"maxSecurityGroups", "-1", .until = 36},
  {"maxSecurityGroupRules", "-1", .until = 36},
  {"totalRAMUsed", "$g", 0},
  {"totalCoresUsed", "$k", 0},
  {"totalInstancesUsed", "<0|8|3>", 0},
  {"totalFloatingIpsUsed", "0", .until = 36},
  {"totalSecurityGroupsUsed", "0", .until = 36},
  {"totalServerGroupsUsed", "<0|1>", 0},
  {0}
};

static const struct field flavors[] = {
  {"id", "\"<=0?1|$i>\"", 0},
  {"name", "$N", 0},
  {"ram", "<512|2048>", 0},
  {"disk", "<0|20>", 0},
  {"swap", "<\"\"|512>", .until = 75},
  {"swap", "<0|512>", 75},
  {"OS-FLV-EXT-DATA:ephemeral", "<0|30|10>", 0},
  {"OS-FLV-DISABLED:disabled", "false", .until = 102},
  {"vcpus", "<1|2|4>", 0},
  {"os-flavor-access:is_public", "<4?false|true>", 0},
  {"rxtx_factor", "1.0", .until = 102},
  {"links", "[{\"rel\": \"self\", \"href\": \"$h/flavors/$i\"}]", 0},
  {"description", "null", 55},
  {"extra_specs", "{}", 61},
  {0}
};

static const struct field zones[] = {
  {"zoneName", "\"az-$x\"", 0},
  {"zoneState", "{\"available\": <true|true|false>}", 0},
  {"hosts", "null", 0},
  {0}
};

static const struct field aggregates[] = {
  {"id", "$x", 0},
  {"uuid", "\"$i\"", 41},
  {"name", "$N", 0},
  {"hosts", "<[]|[\"compute0\"]|[\"compute0\", \"compute1\"]>", 0},
  {"metadata", "{}", 0},
  {"availability_zone", "<null|\"az-$x\">", 0},
  {"created_at", "\"$t.000000\"", 0},
  {"updated_at", "null", 0},
  {"deleted_at", "null", 0},
  {"deleted", "false", 0},
  {0}
};

static const struct field server_groups[] = {
  {"id", "\"$i\"", 0},
  {"name", "$N", 0},
  {"policies", "[\"affinity\"]", .until = 64},
  {"policy", "\"affinity\"", 64},
  {"rules", "{}", 64},
  {"members", "[\"$1\"]", 0},
  {"metadata", "{}", .until = 64},
  {"project_id", "\"$p\"", 13},
  {"user_id", "\"$u\"", 13},
  {0}
};

static const struct field migrations[] = {
  {"id", "$x", 0},
  {"uuid", "\"$i\"", 59},
  {"source_compute", "\"compute0\"", 0},
  {"source_node", "\"compute0.sim\"", 0},
  {"dest_compute", "\"compute1\"", 0},
  {"dest_host", "\"192.0.$a\"", 0},
  {"dest_node", "\"compute1.sim\"", 0},
  {"status", "\"<completed|error|running>\"", 0},
  {"instance_uuid", "\"$1\"", 0},
  {"old_instance_type_id", "1", 0},
  {"new_instance_type_id", "1", 0},
  {"migration_type", "\"live-migration\"", 23},
  {"links", "[]", 23},
  {"created_at", "\"$t.000000\"", 0},
  {"updated_at", "null", 0},
  {"user_id", "\"$u\"", 80},
  {"project_id", "\"$p\"", 80},
  {0}
};

#define STRICT 75 /* ... with parameters, since */
#define API "os_compute_api:"
const struct collection compute_collections[] = {
  {.name = "compute-services", .count = 9, .service = "compute",
   .path = "/os-services", .key = "services", .paging = PAGE_NONE,
   .reader = SEE_FORBIDDEN, .policy = API "os-services:list",
   .params = "host binary", .params_since = STRICT, .down_since = 69,
   .fields = compute_services},
  {.name = "hypervisors", .count = 9, .service = "compute",
   .path = "/os-hypervisors/detail", .key = "hypervisors",
   .paging = PAGE_LINKS, .limit = 1000, .limit_max = 1000, .bad_marker = 400,
   .reader = SEE_FORBIDDEN, .policy = API "os-hypervisors:list-detail",
   .params = "limit marker hypervisor_hostname_pattern with_servers",
   .params_since = STRICT, .rpc_since = 88, .fields = hypervisors},
  {.name = "servers", .count = 40, .service = "compute",
   .path = "/servers/detail", .key = "servers", .paging = PAGE_LINKS,
   .limit = 1000, .limit_max = 1000, .bad_marker = 400,
   .reader = SEE_FORBIDDEN, .policy = API "servers:detail:get_all_tenants",
   .project = "tenant_id", .all_query = "all_tenants", .filters = "status",
   .params = "limit marker all_tenants status host project_id user_id name "
   "flavor image deleted sort_key sort_dir changes-since changes-before",
   .params_since = STRICT, .down_since = 69, .fields = servers},
  {.name = "compute-limits", .like = "projects", .service = "compute",
   .path = "/limits", .parent_query = "tenant_id", .paging = PAGE_OBJECT,
   .open = "{\"limits\": {\"rate\": [], \"absolute\": ", .close = "}}",
   .reader = SEE_FORBIDDEN, .policy = API "limits:other_project",
   .params = "tenant_id", .params_since = STRICT, .fields = limits},
  {.name = "flavors", .count = 5, .service = "compute",
   .path = "/flavors/detail", .key = "flavors", .paging = PAGE_LINKS,
   .limit = 1000, .limit_max = 1000, .bad_marker = 400, .reader = SEE_PUBLIC,
   .params = "limit marker is_public minRam minDisk sort_key sort_dir",
   .params_since = STRICT, .fields = flavors},
  {.name = "availability-zones", .count = 3, .service = "compute",
   .path = "/os-availability-zone", .key = "availabilityZoneInfo",
   .paging = PAGE_NONE, .reader = SEE_ALL, .fields = zones},
  {.name = "aggregates", .count = 4, .service = "compute",
   .path = "/os-aggregates", .key = "aggregates", .paging = PAGE_NONE,
   .reader = SEE_FORBIDDEN, .policy = API "os-aggregates:index",
   .fields = aggregates},
  {.name = "server-groups", .count = 8, .service = "compute",
   .path = "/os-server-groups", .key = "server_groups", .paging = PAGE_OFFSET,
   .limit = 1000, .limit_max = 1000, .reader = SEE_OWN, .project = "project_id",
   .all_query = "all_projects", .params = "limit offset all_projects",
   .params_since = STRICT, .fields = server_groups},
  {.name = "migrations", .count = 10, .service = "compute",
   .path = "/os-migrations", .key = "migrations", .paging = PAGE_LINKS,
   .limit = 1000, .limit_max = 1000, .bad_marker = 400,
   .reader = SEE_FORBIDDEN, .policy = API "os-migrations:index",
   .filters = "status",
   .params = "limit marker status host hidden instance_uuid migration_type "
   "source_compute changes-since changes-before user_id project_id",
   .params_since = STRICT, .fields = migrations},
  {0}
};
/* clang-format on */
