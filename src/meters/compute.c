/*
 * Nova: https://docs.openstack.org/api-ref/compute/
 *
 * Each listing asks for exactly the microversion it names. From 2.88 on
 * hypervisors have no numbers, and Nova asks each host by RPC for its uptime.
 * From 2.75 on an unknown parameter is a 400, so limit= stands only where the
 * reference has it.
 *
 * Nova has memory in MiB and disks in GiB; we send bytes. Quotas stay as the
 * API has them, and -1 in them is "unlimited", which is no value.
 *
 * Services and hypervisors of hosts that are long gone stay listed, and down,
 * until somebody deletes them.
 */
#include "meters/meters.h"

#include <math.h>

static const char version_header[] = "OpenStack-API-Version: compute ";

static const char *const service_metadata[] = {
    "binary", "host", "zone", "status", "disabled_reason", NULL};

/* 2.69: below, services of a cell that is down are missing without a word. Now
 * they are there, with the status UNKNOWN and without a state. */
static const struct listing services = {
    .name = "compute_services",
    .service = "compute",
    .path = "/os-services",
    .record = "services[]",
    .id = "{binary}@{host}",
    .metadata = service_metadata,
    .version_header = version_header,
    .version = "2.69",
    .needs = "os_compute_api:os-services:list (role admin)",
};

static const char *const hypervisor_metadata[] = {
    "hypervisor_type",         "status", "state", "service.host", "host_ip",
    "service.disabled_reason", NULL,
};

/* 2.53: ids are uuids, those of the resource providers in Placement. */
static const struct listing hypervisors = {
    .name = "hypervisors",
    .service = "compute",
    .path = "/os-hypervisors/detail?limit=1000",
    .record = "hypervisors[]",
    .paging = {.kind = PAGING_LINKS, .next = "hypervisors_links[]"},
    .id = "id",
    .name_field = "hypervisor_hostname",
    .metadata = hypervisor_metadata,
    .version_header = version_header,
    .version = "2.53",
    .needs = "os_compute_api:os-hypervisors:list-detail (role admin)",
};

static const char *const server_metadata[] = {
    "status",
    "flavor.original_name",
    "OS-EXT-AZ:availability_zone",
    "OS-EXT-SRV-ATTR:hypervisor_hostname",
    "OS-EXT-STS:vm_state",
    "OS-EXT-STS:task_state",
    NULL,
};

/* 2.47: the flavor itself instead of its id. 2.69: servers of a cell that is
 * down are there, as UNKNOWN and without a flavor.
 *
 * No link says nothing: Nova takes a server that it finds twice, as it is being
 * created or moved, out of a page that was as long as the limit, and gives a
 * shorter one no link (nova/compute/api.py, get_all; Zed). Those of a cell that
 * is down come again with each page that has room for them, and are no marker:
 * their database is asked for it. */
static const struct listing servers = {
    .name = "servers",
    .service = "compute",
    .path = "/servers/detail?all_tenants=1&limit=1000",
    .record = "servers[]",
    .paging = {.kind = PAGING_MARKER, .marker = "id", .marker_when = "updated"},
    .id = "id",
    .name_field = "name",
    .project = "tenant_id",
    .user = "user_id",
    .metadata = server_metadata,
    .version_header = version_header,
    .version = "2.69",
    .needs = "os_compute_api:servers:detail:get_all_tenants (role admin)",
};

/* 2.57: the last that dropped limits which Nova no longer has. A project that
 * does not exist has the default limits, with 200. */
static const struct listing limits = {
    .name = "compute_limits",
    .service = "compute",
    .path = "/limits?tenant_id={project}",
    .interval_ms = 3600000,
    .paced = true,
    .scope = LISTING_PROJECT,
    .record = "limits.absolute",
    .id = "{@project}",
    .version_header = version_header,
    .version = "2.57",
    .needs = "os_compute_api:limits:other_project (role admin)",
};

static const char *const flavor_metadata[] = {"os-flavor-access:is_public",
                                              "OS-FLV-DISABLED:disabled", NULL};

/* Below 2.75 no swap is "". */
static const struct listing flavors = {
    .name = "flavors",
    .service = "compute",
    .path = "/flavors/detail?is_public=None&limit=1000",
    .record = "flavors[]",
    .paging = {.kind = PAGING_LINKS, .next = "flavors_links[]"},
    .id = "id",
    .name_field = "name",
    .metadata = flavor_metadata,
    .version_header = version_header,
    .version = "2.75",
    .role = "admin",
    .without_role = "only those that its project may use",
};

/* The zone "internal", of services that run no servers, is not among them. */
static const struct listing zones = {
    .name = "compute_zones",
    .service = "compute",
    .path = "/os-availability-zone",
    .record = "availabilityZoneInfo[]",
    .id = "zoneName",
    .version_header = version_header,
    .version = "2.1",
    .needs = "os_compute_api:os-availability-zone:list (any role)",
};

static const char *const aggregate_metadata[] = {"availability_zone", NULL};

static const struct listing aggregates = {
    .name = "aggregates",
    .service = "compute",
    .path = "/os-aggregates",
    .record = "aggregates[]",
    .id = "id",
    .name_field = "name",
    .metadata = aggregate_metadata,
    .version_header = version_header,
    .version = "2.1",
    .needs = "os_compute_api:os-aggregates:index (role admin)",
};

static const struct listing server_groups = {
    .name = "server_groups",
    .service = "compute",
    .path = "/os-server-groups?all_projects=True&limit=1000",
    .record = "server_groups[]",
    .paging = {.kind = PAGING_OFFSET},
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .user = "user_id",
    .version_header = version_header,
    .version = "2.13", /* project_id */
    .role = "admin",
    .without_role = "only those of its own project",
};

/* Without a status it lists all migrations that there ever were. */
static const struct listing migrations = {
    .name = "migrations",
    .service = "compute",
    .path = "/os-migrations?status=error&limit=1000",
    .record = "migrations[]",
    .paging = {.kind = PAGING_LINKS, .next = "migrations_links[]"},
    .id = "uuid",
    .version_header = version_header,
    .version = "2.59", /* uuid, limit, links */
    .needs = "os_compute_api:os-migrations:index (role admin)",
};

static const struct state up_down[] = {
    {"up", 1}, {"down", 0}, {.text = NULL, .number = NAN}};
static const struct state down_up[] = {
    {"up", 0}, {"down", 1}, {.text = NULL, .number = NAN}};
static const struct state enabled_disabled[] = {
    {"enabled", 1}, {"disabled", 0}, {.text = NULL, .number = NAN}};
static const struct state active_or_not[] = {{"active", 1},
                                             {.text = NULL, .number = 0}};

/* Numbers that dashboards have long had for these, from openstack-exporter. */
static const struct state server_states[] = {
    {"active", 0},
    {"build", 1},
    {"rebuild", 8},
    {"reboot", 7},
    {"hard_reboot", 5},
    {"password", 6},
    {"resize", 10},
    {"verify_resize", 14},
    {"revert_resize", 17},
    {"migrating", 15},
    {"rescue", 9},
    {"paused", 16},
    {"suspended", 12},
    {"shutoff", 11},
    {"shelved", 18},
    {"shelved_offloaded", 19},
    {"soft_deleted", 20},
    {"deleted", 3},
    {"unknown", 13},
    {"error", 4},
    {.text = NULL, .number = -1},
};

/* All that nova/api/openstack/common.py makes of a server's state. */
static const char *const server_statuses[] = {
    "ACTIVE",        "BUILD",         "DELETED",
    "ERROR",         "HARD_REBOOT",   "MIGRATING",
    "PASSWORD",      "PAUSED",        "REBOOT",
    "REBUILD",       "RESCUE",        "RESIZE",
    "REVERT_RESIZE", "SHELVED",       "SHELVED_OFFLOADED",
    "SHUTOFF",       "SOFT_DELETED",  "SUSPENDED",
    "UNKNOWN",       "VERIFY_RESIZE", NULL,
};

static const char *const enabled[] = {"enabled", NULL};
static const double unlimited[] = {-1};

#define HOST "OS-EXT-SRV-ATTR:hypervisor_hostname"
#define FROM_MIB " * 1048576"
#define FROM_GIB " * 1073741824"

/* A meter of each hypervisor, and the same in all. */
/* clang-format off */
#define HYPERVISOR(name_, since_, ...)                                         \
  {.name = name_, .from = &hypervisors, .since = since_, __VA_ARGS__},         \
  {.name = name_ ".total", .from = &hypervisors, .total = TOTAL_SUM,           \
   __VA_ARGS__}
#define QUOTA(name_, field, unit_, since_, ...)                                \
  {.name = "compute.quota." name_, .from = &limits, .value = field,            \
   .unit = unit_, .since = since_, .negative = true, .skip = unlimited,        \
   .nskip = 1, __VA_ARGS__}

const struct meter compute_meters[] = {
    {.name = "compute.service.health", .from = &services,
     .value = "state", .states = up_down,
     .unit = "health", .since = "Grizzly"},
    {.name = "compute.service.enabled", .from = &services,
     .value = "status", .states = enabled_disabled,
     .unit = "enabled", .since = "Grizzly"},
    {.name = "compute.service.forced_down", .from = &services,
     .value = "forced_down", .unit = "forced_down", .since = "Liberty"},
    {.name = "compute.service.down.by_binary", .from = &services,
     .total = TOTAL_SUM, .value = "state", .states = down_up,
     .group = "binary", .unit = "service"},
    {.name = "compute.service.failed.total", .from = &services,
     .total = TOTAL_SUM, .value = "state", .states = down_up,
     .when = {.field = "status", .texts = enabled}, .unit = "service"},

    {.name = "compute.hypervisor.health", .from = &hypervisors,
     .value = "state", .states = up_down,
     .unit = "health", .since = "Juno"},
    {.name = "compute.hypervisor.enabled", .from = &hypervisors,
     .value = "status", .states = enabled_disabled,
     .unit = "enabled", .since = "Juno"},
    {.name = "compute.hypervisor.total", .from = &hypervisors,
     .total = TOTAL_COUNT, .unit = "hypervisor"},
    HYPERVISOR("compute.hypervisor.vcpus", "Essex",
               .value = "vcpus", .unit = "vcpu"),
    HYPERVISOR("compute.hypervisor.vcpus.used", "Essex",
               .value = "vcpus_used", .unit = "vcpu"),
    HYPERVISOR("compute.hypervisor.memory", "Essex",
               .value = "memory_mb" FROM_MIB, .type = "bytes", .unit = "B"),
    HYPERVISOR("compute.hypervisor.memory.used", "Essex",
               .value = "memory_mb_used" FROM_MIB,
               .type = "bytes", .unit = "B"),
    HYPERVISOR("compute.hypervisor.disk", "Essex",
               .value = "local_gb" FROM_GIB, .type = "bytes", .unit = "B"),
    HYPERVISOR("compute.hypervisor.disk.used", "Essex",
               .value = "local_gb_used" FROM_GIB,
               .type = "bytes", .unit = "B"),
    /* Below 0 where disks are promised that are not there. */
    HYPERVISOR("compute.hypervisor.disk.free", "Essex",
               .value = "free_disk_gb" FROM_GIB, .negative = true,
               .unit = "B"),
    {.name = "compute.hypervisor.disk.available_least", .from = &hypervisors,
     .value = "disk_available_least" FROM_GIB, .negative = true,
     .unit = "B", .since = "Folsom"},
    HYPERVISOR("compute.hypervisor.servers", "Essex",
               .value = "running_vms", .unit = "server"),
    {.name = "compute.hypervisor.workload", .from = &hypervisors,
     .value = "current_workload", .unit = "task", .since = "Essex"},

    METERS_TOTALS("compute.server", servers, .total = TOTAL_COUNT,
                  .unit = "server"),
    {.name = "compute.server.by_status", .from = &servers,
     .total = TOTAL_COUNT, .group = "status", .groups = server_statuses,
     .unit = "server"},
    {.name = "compute.server.by_host", .from = &servers,
     .total = TOTAL_COUNT, .group = HOST, .unit = "server"},
    {.name = "compute.server.active.by_host", .from = &servers,
     .total = TOTAL_SUM, .value = "status", .states = active_or_not,
     .group = HOST, .unit = "server"},
    {.name = "compute.server.by_host_and_status", .from = &servers,
     .total = TOTAL_COUNT, .group = "{" HOST "}:{status}", .unit = "server"},
    {.name = "compute.server.by_zone", .from = &servers,
     .total = TOTAL_COUNT, .group = "OS-EXT-AZ:availability_zone",
     .unit = "server"},
    {.name = "compute.server.by_flavor", .from = &servers,
     .total = TOTAL_COUNT, .group = "flavor.original_name",
     .unit = "server"},
    METERS_TOTALS("compute.server.vcpus", servers, .total = TOTAL_SUM,
                  .value = "flavor.vcpus", .unit = "vcpu"),
    METERS_TOTALS("compute.server.memory", servers, .total = TOTAL_SUM,
                  .value = "flavor.ram" FROM_MIB,
                  .type = "bytes", .unit = "B"),
    METERS_TOTALS("compute.server.disk", servers, .total = TOTAL_SUM,
                  .value = "(flavor.disk + flavor.ephemeral)" FROM_GIB,
                  .type = "bytes", .unit = "B"),
    {.name = "compute.server.status", .from = &servers,
     .value = "status", .states = server_states, .choice = CHOICE_NAME,
     .unit = "status", .since = "Essex"},

    QUOTA("instances.limit", "maxTotalInstances", "server", "Havana"),
    QUOTA("instances.used", "totalInstancesUsed", "server", "Havana"),
    QUOTA("cores.limit", "maxTotalCores", "vcpu", "Havana"),
    QUOTA("cores.used", "totalCoresUsed", "vcpu", "Havana"),
    QUOTA("ram.limit", "maxTotalRAMSize", "MiB", "Havana"),
    QUOTA("ram.used", "totalRAMUsed", "MiB", "Havana"),
    QUOTA("server_groups.limit", "maxServerGroups", "server_group", "Juno"),
    QUOTA("server_groups.used", "totalServerGroupsUsed", "server_group",
          "Juno"),
    QUOTA("key_pairs.limit", "maxTotalKeypairs", "key_pair", "Havana",
          .choice = CHOICE_NAME),
    QUOTA("metadata_items.limit", "maxServerMeta", "item", "Havana",
          .choice = CHOICE_NAME),
    QUOTA("server_group_members.limit", "maxServerGroupMembers", "server",
          "Juno", .choice = CHOICE_NAME),

    {.name = "compute.flavor.total", .from = &flavors,
     .total = TOTAL_COUNT, .choice = CHOICE_PATTERN, .unit = "flavor"},
    {.name = "compute.flavor.vcpus", .from = &flavors,
     .value = "vcpus", .choice = CHOICE_NAME,
     .unit = "vcpu", .since = "Essex"},
    {.name = "compute.flavor.memory", .from = &flavors,
     .value = "ram" FROM_MIB, .choice = CHOICE_NAME,
     .type = "bytes", .unit = "B", .since = "Essex"},
    {.name = "compute.flavor.disk", .from = &flavors,
     .value = "disk" FROM_GIB, .choice = CHOICE_NAME,
     .type = "bytes", .unit = "B", .since = "Essex"},
    {.name = "compute.flavor.ephemeral", .from = &flavors,
     .value = "OS-FLV-EXT-DATA:ephemeral" FROM_GIB, .choice = CHOICE_NAME,
     .type = "bytes", .unit = "B", .since = "Essex"},
    {.name = "compute.flavor.swap", .from = &flavors,
     .value = "default(swap, 0)" FROM_MIB, .choice = CHOICE_NAME,
     .type = "bytes", .unit = "B", .since = "Essex"},

    {.name = "compute.zone.available", .from = &zones,
     .value = "zoneState.available", .choice = CHOICE_PATTERN,
     .unit = "available", .since = "Folsom"},
    {.name = "compute.zone.total", .from = &zones,
     .total = TOTAL_COUNT, .choice = CHOICE_PATTERN, .unit = "zone"},

    {.name = "compute.aggregate.hosts", .from = &aggregates,
     .value = "count(hosts[])", .choice = CHOICE_PATTERN,
     .unit = "host", .since = "Folsom"},

    METERS_TOTALS("compute.server_group", server_groups, .total = TOTAL_COUNT,
                  .choice = CHOICE_NAME, .unit = "server_group"),
    {.name = "compute.migration.error.total", .from = &migrations,
     .total = TOTAL_COUNT, .choice = CHOICE_NAME, .unit = "migration"},
    {.name = NULL},
};
/* clang-format on */
