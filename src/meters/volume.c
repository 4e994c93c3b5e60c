/*
 * Cinder: https://docs.openstack.org/api-ref/block-storage/v3/
 *
 * Sizes and capacities are GiB, whatever their names say. Capacities may be the
 * strings "infinite" and "unknown": then there is no value.
 */
#include "meters/meters.h"

#include <math.h>

static const char version_header[] = "OpenStack-API-Version: volume ";
static const char own_only[] = "only those of its own project";

static const char *const volume_metadata[] = {
    "status",
    "volume_type",
    "volume_type_id",
    "availability_zone",
    "os-vol-host-attr:host",
    "migration_status",
    "snapshot_id",
    "source_volid",
    "volume_image_metadata.image_id",
    "attachments[].server_id",
    NULL,
};

/* volume_type_id came with 3.63; all else is older. */
static const struct listing volumes = {
    .name = "volumes",
    .service = "block-storage",
    .path = "/volumes/detail?all_tenants=True&limit=1000",
    .record = "volumes[]",
    .paging = {.kind = PAGING_LINKS, .next = "volumes_links[]"},
    .id = "id",
    .name_field = "name",
    .project = "os-vol-tenant-attr:tenant_id",
    .user = "user_id",
    .metadata = volume_metadata,
    .version_header = version_header,
    .version = "3.63",
    .role = "admin",
    .without_role = own_only,
};

static const char *const snapshot_metadata[] = {
    "volume_id",   "status",
    "description", "os-extended-snapshot-attributes:progress",
    NULL,
};

static const struct listing snapshots = {
    .name = "snapshots",
    .service = "block-storage",
    .path = "/snapshots/detail?all_tenants=True&limit=1000",
    .record = "snapshots[]",
    .paging = {.kind = PAGING_LINKS, .next = "snapshots_links[]"},
    .id = "id",
    .name_field = "name",
    .project = "os-extended-snapshot-attributes:project_id",
    .user = "user_id",
    .metadata = snapshot_metadata,
    .version_header = version_header,
    .version = "3.41", /* user_id */
    .role = "admin",
    .without_role = own_only,
};

static const char *const backup_metadata[] = {
    "is_incremental", "object_count", "container", "volume_id",
    "status",         "description",  NULL,
};

static const struct listing backups = {
    .name = "backups",
    .service = "block-storage",
    .path = "/backups/detail?all_tenants=True&limit=1000",
    .record = "backups[]",
    .paging = {.kind = PAGING_LINKS, .next = "backups_links[]"},
    .id = "id",
    .name_field = "name",
    .project = "os-backup-project-attr:project_id",
    .user = "user_id",
    .metadata = backup_metadata,
    .version_header = version_header,
    .version = "3.56", /* user_id */
    .role = "admin",
    .without_role = own_only,
};

static const char *const pool_metadata[] = {"capabilities.pool_name", NULL};

static const struct listing pools = {
    .name = "pools",
    .service = "block-storage",
    .path = "/scheduler-stats/get_pools?detail=True",
    .record = "pools[]",
    .id = "name",
    .metadata = pool_metadata,
    .needs = "scheduler_extension:scheduler_stats:get_pools (role admin)",
};

static const char *const service_metadata[] = {"binary", "host", "zone",
                                               "status", NULL};

static const struct listing services = {
    .name = "volume_services",
    .service = "block-storage",
    .path = "/os-services",
    .record = "services[]",
    .id = "{binary}@{host}",
    .metadata = service_metadata,
    .needs = "volume_extension:services:index (role admin)",
};

/* Empty where nothing is clustered; before 3.7 a path of nothing. */
static const char *const cluster_metadata[] = {"binary", "name", "status",
                                               "last_heartbeat", NULL};
static const struct listing clusters = {
    .name = "volume_clusters",
    .service = "block-storage",
    .path = "/clusters/detail",
    .record = "clusters[]",
    .id = "{binary}@{name}",
    .metadata = cluster_metadata,
    .version_header = version_header,
    .version = "3.7",
    .needs = "clusters:get_all (role admin)",
    .absent = {404},
};

static const struct listing quotas = {
    .name = "volume_quotas",
    .service = "block-storage",
    .path = "/os-quota-sets/{project}?usage=True",
    .interval_ms = 3600000,
    .paced = true,
    .scope = LISTING_PROJECT,
    .record = "quota_set",
    .id = "{@project}",
    .needs = "volume_extension:quotas:show (role admin)",
};

/* The same answer has the quotas of each type, as gigabytes_TYPE. */
static const struct listing type_quotas = {
    .name = "volume_type_quotas",
    .service = "block-storage",
    .path = "/os-quota-sets/{project}?usage=True",
    .interval_ms = 3600000,
    .paced = true,
    .scope = LISTING_PROJECT,
    .record = "quota_set.*",
    .id = "{@project}/{@key}",
    .needs = "volume_extension:quotas:show (role admin)",
};

static const struct listing transfers = {
    .name = "volume_transfers",
    .service = "block-storage",
    .path = "/volume-transfers/detail?all_tenants=True&limit=1000",
    .record = "transfers[]",
    .paging = {.kind = PAGING_LINKS, .next = "transfers_links[]"},
    .id = "id",
    .name_field = "name",
    .version_header = version_header,
    .version = "3.59", /* pages */
    .role = "admin",
    .without_role = own_only,
};

static const struct listing types = {
    .name = "volume_types",
    .service = "block-storage",
    .path = "/types?is_public=None&limit=1000",
    .record = "volume_types[]",
    .paging = {.kind = PAGING_LINKS, .next = "volume_type_links[]"},
    .id = "id",
    .name_field = "name",
    .role = "admin",
    .without_role = "only public types",
};

static const struct state up_down[] = {
    {"up", 1}, {"down", 0}, {.text = NULL, .number = NAN}};
static const struct state down_up[] = {
    {"up", 0}, {"down", 1}, {.text = NULL, .number = NAN}};
static const struct state enabled[] = {
    {"enabled", 1}, {"disabled", 0}, {.text = NULL, .number = NAN}};

/* OpenStack-exporter's numbers, as dashboards have them. */
static const struct state volume_status[] = {
    {"available", 1},
    {"in-use", 5},
    {"reserved", 2},
    {"creating", 0},
    {"attaching", 3},
    {"detaching", 4},
    {"uploading", 17},
    {"downloading", 16},
    {"backing-up", 11},
    {"restoring-backup", 12},
    {"retyping", 18},
    {"extending", 19},
    {"awaiting-transfer", 8},
    {"maintenance", 6},
    {"deleting", 7},
    {"error_backing-up", 13},
    {"error_restoring", 14},
    {"error_extending", 15},
    {"error_deleting", 10},
    {"error", 9},
    {.text = NULL, .number = -1},
};

/* As the API writes them: 0, and not missing, where nothing is so. */
static const char *const volume_states[] = {"creating",
                                            "available",
                                            "reserved",
                                            "attaching",
                                            "detaching",
                                            "in-use",
                                            "maintenance",
                                            "deleting",
                                            "awaiting-transfer",
                                            "error",
                                            "error_deleting",
                                            "backing-up",
                                            "restoring-backup",
                                            "error_backing-up",
                                            "error_restoring",
                                            "error_extending",
                                            "downloading",
                                            "uploading",
                                            "retyping",
                                            "extending",
                                            NULL};
static const char *const snapshot_states[] = {
    "error",    "available",      "creating",   "deleting",   "deleted",
    "updating", "error_deleting", "unmanaging", "backing-up", "restoring",
    NULL};
static const char *const backup_states[] = {
    "error",    "error_deleting", "creating",  "available",
    "deleting", "deleted",        "restoring", NULL};
static const char *const yes[] = {"true", NULL};

/* What stands among the keys of types, such as gigabytes_ssd. */
static const char *const typeless[] = {
    "volumes",          "gigabytes", "snapshots",
    "backups",          "groups",    "per_volume_gigabytes",
    "backup_gigabytes", NULL,
};

static const double unlimited[] = {-1};

/* clang-format off */
#define UNLIMITED .skip = unlimited, .nskip = 1, .negative = true

#define OF_TYPES .when = {.field = "@key", .texts = typeless, .others = true}

#define LIMIT(key, word)                                                       \
  {.name = "volume.quota." key ".limit", .from = &quotas,                      \
   .value = key ".limit", UNLIMITED, .unit = word, .since = "Icehouse"}

#define QUOTA(key, word)                                                       \
  LIMIT(key, word),                                                            \
  {.name = "volume.quota." key ".used", .from = &quotas,                       \
   .value = key ".in_use", UNLIMITED, .unit = word, .since = "Icehouse"},      \
  {.name = "volume.quota." key ".reserved", .from = &quotas,                   \
   .value = key ".reserved", UNLIMITED, .unit = word, .since = "Icehouse"}

const struct meter volume_meters[] = {
    {.name = "volume.size", .from = &volumes,
     .value = "size", .unit = "GiB", .since = "Folsom"},
    {.name = "volume.snapshot.size", .from = &snapshots,
     .value = "size", .unit = "GiB", .since = "Folsom"},
    {.name = "volume.backup.size", .from = &backups,
     .value = "size", .unit = "GiB", .since = "Grizzly"},
    {.name = "volume.provider.pool.capacity.total", .from = &pools,
     .value = "capabilities.total_capacity_gb",
     .unit = "GiB", .since = "Kilo"},
    {.name = "volume.provider.pool.capacity.free", .from = &pools,
     .value = "capabilities.free_capacity_gb",
     .negative = true, /* of a backend that is over-provisioned */
     .unit = "GiB", .since = "Kilo"},
    {.name = "volume.provider.pool.capacity.provisioned", .from = &pools,
     .value = "capabilities.provisioned_capacity_gb",
     .unit = "GiB", .since = "Kilo"},
    /* Ceph sends the ratio as a string. */
    {.name = "volume.provider.pool.capacity.virtual_free", .from = &pools,
     .value = "if(capabilities.thin_provisioning_support, "
              "number(capabilities.max_over_subscription_ratio), 1) * "
              "(capabilities.total_capacity_gb - "
              "floor(capabilities.reserved_percentage / 100 * "
              "capabilities.total_capacity_gb)) - "
              "capabilities.provisioned_capacity_gb",
     .unit = "GiB", .since = "Kilo"},
    {.name = "volume.provider.pool.capacity.allocated", .from = &pools,
     .value = "capabilities.allocated_capacity_gb",
     .unit = "GiB", .since = "Kilo"},
    {.name = "volume.provider.pool.reserved_percentage", .from = &pools,
     .value = "capabilities.reserved_percentage",
     .unit = "percent", .since = "Kilo"},
    {.name = "volume.provider.pool.max_over_subscription_ratio", .from = &pools,
     .value = "number(capabilities.max_over_subscription_ratio)",
     .unit = "ratio", .since = "Kilo"},
    {.name = "volume.provider.pool.overcommit", .from = &pools,
     .value = "capabilities.provisioned_capacity_gb / "
              "capabilities.total_capacity_gb",
     .unit = "ratio", .since = "Kilo"},
    {.name = "volume.provider.pool.free_percent", .from = &pools,
     .value = "100 * capabilities.free_capacity_gb / "
              "capabilities.total_capacity_gb",
     .negative = true,
     .unit = "percent", .since = "Kilo"},
    {.name = "volume.provider.pool.health", .from = &pools,
     .value = "capabilities.backend_state", .states = up_down,
     .unit = "health", .since = "Rocky"},
    {.name = "volume.provider.pool.age", .from = &pools,
     .value = "age(capabilities.timestamp)",
     .unit = "second", .since = "Kilo"},
    {.name = "volume.service.health", .from = &services,
     .value = "state", .states = up_down,
     .unit = "health", .since = "Grizzly"},
    {.name = "volume.service.enabled", .from = &services,
     .value = "status", .states = enabled,
     .unit = "enabled", .since = "Grizzly"},
    {.name = "volume.service.frozen", .from = &services,
     .value = "frozen",
     .unit = "frozen", .since = "Newton", .choice = CHOICE_NAME},
    {.name = "volume.service.down.by_binary", .from = &services,
     .total = TOTAL_SUM, .value = "state", .states = down_up,
     .group = "binary", .unit = "service"},
    {.name = "volume.cluster.health", .from = &clusters,
     .value = "state", .states = up_down,
     .unit = "health", .since = "Ocata", .choice = CHOICE_PATTERN},
    {.name = "volume.cluster.enabled", .from = &clusters,
     .value = "status", .states = enabled,
     .unit = "enabled", .since = "Ocata", .choice = CHOICE_PATTERN},
    {.name = "volume.cluster.hosts", .from = &clusters,
     .value = "num_hosts",
     .unit = "host", .since = "Ocata", .choice = CHOICE_PATTERN},
    {.name = "volume.cluster.hosts_down", .from = &clusters,
     .value = "num_down_hosts",
     .unit = "host", .since = "Ocata", .choice = CHOICE_PATTERN},
    {.name = "volume.status", .from = &volumes,
     .value = "status", .states = volume_status,
     .unit = "status", .since = "Folsom", .choice = CHOICE_NAME},
    METERS_TOTALS("volume", volumes, .total = TOTAL_COUNT,
                  .unit = "volume"),
    METERS_TOTALS("volume.size", volumes, .total = TOTAL_SUM,
                  .value = "size", .unit = "GiB"),
    {.name = "volume.by_status", .from = &volumes,
     .total = TOTAL_COUNT, .group = "status", .groups = volume_states,
     .unit = "volume", .choice = CHOICE_PATTERN},
    {.name = "volume.size.by_status", .from = &volumes,
     .total = TOTAL_SUM, .value = "size", .group = "status",
     .groups = volume_states, .unit = "GiB", .choice = CHOICE_PATTERN},
    {.name = "volume.by_type", .from = &volumes,
     .total = TOTAL_COUNT, .group = "volume_type",
     .unit = "volume", .choice = CHOICE_PATTERN},
    {.name = "volume.size.by_type", .from = &volumes,
     .total = TOTAL_SUM, .value = "size", .group = "volume_type",
     .unit = "GiB", .choice = CHOICE_PATTERN},
    {.name = "volume.by_host", .from = &volumes,
     .total = TOTAL_COUNT, .group = "os-vol-host-attr:host",
     .unit = "volume", .choice = CHOICE_PATTERN},
    {.name = "volume.size.by_host", .from = &volumes,
     .total = TOTAL_SUM, .value = "size", .group = "os-vol-host-attr:host",
     .unit = "GiB", .choice = CHOICE_PATTERN},
    {.name = "volume.bootable.total", .from = &volumes,
     .total = TOTAL_COUNT, .when = {.field = "bootable", .texts = yes},
     .unit = "volume", .choice = CHOICE_PATTERN},
    {.name = "volume.attached.total", .from = &volumes,
     .total = TOTAL_SUM, .value = "min(count(attachments[].server_id), 1)",
     .unit = "volume", .choice = CHOICE_PATTERN},
    METERS_TOTALS("volume.snapshot", snapshots, .total = TOTAL_COUNT,
                  .unit = "snapshot"),
    METERS_TOTALS("volume.snapshot.size", snapshots, .total = TOTAL_SUM,
                  .value = "size", .unit = "GiB"),
    {.name = "volume.snapshot.by_status", .from = &snapshots,
     .total = TOTAL_COUNT, .group = "status", .groups = snapshot_states,
     .unit = "snapshot", .choice = CHOICE_PATTERN},
    METERS_TOTALS("volume.backup", backups, .total = TOTAL_COUNT,
                  .unit = "backup"),
    METERS_TOTALS("volume.backup.size", backups, .total = TOTAL_SUM,
                  .value = "size", .unit = "GiB"),
    {.name = "volume.backup.by_status", .from = &backups,
     .total = TOTAL_COUNT, .group = "status", .groups = backup_states,
     .unit = "backup", .choice = CHOICE_PATTERN},
    QUOTA("volumes", "volume"),
    QUOTA("gigabytes", "GiB"),
    QUOTA("snapshots", "snapshot"),
    QUOTA("backups", "backup"),
    QUOTA("backup_gigabytes", "GiB"),
    QUOTA("groups", "group"),
    LIMIT("per_volume_gigabytes", "GiB"),
    {.name = "volume.quota.type.limit", .from = &type_quotas,
     .value = "limit", UNLIMITED, OF_TYPES,
     .unit = "quota", .since = "Icehouse", .choice = CHOICE_NAME},
    {.name = "volume.quota.type.used", .from = &type_quotas,
     .value = "in_use", UNLIMITED, OF_TYPES,
     .unit = "quota", .since = "Icehouse", .choice = CHOICE_NAME},
    {.name = "volume.transfer.total", .from = &transfers,
     .total = TOTAL_COUNT, .unit = "transfer", .choice = CHOICE_NAME},
    {.name = "volume.type.total", .from = &types,
     .total = TOTAL_COUNT, .unit = "type", .choice = CHOICE_NAME},
    {.name = NULL},
};
/* clang-format on */
