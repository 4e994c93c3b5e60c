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

static const struct state up_down[] = {
    {"up", 1}, {"down", 0}, {.text = NULL, .number = NAN}};

/* clang-format off */
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
    {.name = "volume.service.health", .from = &services,
     .value = "state", .states = up_down,
     .unit = "health", .since = "Grizzly"},
    METERS_TOTALS("volume", volumes, .total = TOTAL_COUNT,
                  .unit = "volume"),
    METERS_TOTALS("volume.size", volumes, .total = TOTAL_SUM,
                  .value = "size", .unit = "GiB"),
    METERS_TOTALS("volume.snapshot", snapshots, .total = TOTAL_COUNT,
                  .unit = "snapshot"),
    METERS_TOTALS("volume.snapshot.size", snapshots, .total = TOTAL_SUM,
                  .value = "size", .unit = "GiB"),
    METERS_TOTALS("volume.backup", backups, .total = TOTAL_COUNT,
                  .unit = "backup"),
    METERS_TOTALS("volume.backup.size", backups, .total = TOTAL_SUM,
                  .value = "size", .unit = "GiB"),
    {.name = NULL},
};
/* clang-format on */
