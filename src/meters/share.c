/*
 * Manila: https://docs.openstack.org/api-ref/shared-file-system/
 *
 * Its next links lead to the same page for ever, so pages are asked for by
 * offset; with_count says how many shares there are.
 */
#include "meters/meters.h"

#include <math.h>

static const char version_header[] = "X-OpenStack-Manila-API-Version: ";
static const char own_only[] = "only those of its own project";

static const struct state states[] = {
    {"available", 1},
    {"backup_creating", 20},
    {"extending", 7},
    {"shrinking", 8},
    {"reverting", 9},
    {"migrating", 6},
    {"migrating_to", 25},
    {"replication_change", 26},
    {"backup_restoring", 21},
    {"manage_starting", 11},
    {"creating", 2},
    {"creating_from_snapshot", 23},
    {"awaiting_transfer", 19},
    {"inactive", 10},
    {"unmanage_starting", 13},
    {"deleting", 3},
    {"unmanaged", 15},
    {"extending_error", 16},
    {"shrinking_error", 17},
    {"shrinking_possible_data_loss_error", 24},
    {"reverting_error", 18},
    {"backup_restoring_error", 22},
    {"manage_error", 12},
    {"unmanage_error", 14},
    {"error_deleting", 5},
    {"error", 4},
    {.text = NULL, .number = -1},
};

static const char *const metadata[] = {
    "availability_zone",
    "share_proto",
    "share_type",
    "share_type_name",
    "share_network_id",
    "status",
    "host",
    "is_public",
    NULL,
};

static const struct listing shares = {
    .name = "shares",
    .service = "shared-file-system",
    .path = "/shares/detail?all_tenants=1&with_count=True&limit=1000",
    .record = "shares[]",
    .paging = {.kind = PAGING_OFFSET, .total = "count"},
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .user = "user_id",
    .metadata = metadata,
    .version_header = version_header,
    .version = "2.42", /* with_count; user_id is of 2.16 */
    .role = "admin",
    .without_role = own_only,
};

static const char *const snapshot_metadata[] = {"share_id", "status",
                                                "share_proto", NULL};
static const struct listing snapshots = {
    .name = "share_snapshots",
    .service = "shared-file-system",
    .path = "/snapshots/detail?all_tenants=1&with_count=True&limit=1000",
    .record = "snapshots[]",
    .paging = {.kind = PAGING_OFFSET, .total = "count"},
    .id = "id",
    .name_field = "name",
    .project = "project_id",
    .user = "user_id",
    .metadata = snapshot_metadata,
    .version_header = version_header,
    .version = "2.79", /* with_count; user_id is of 2.17 */
    .role = "admin",
    .without_role = own_only,
};

static const char *const service_metadata[] = {"binary", "host", "zone",
                                               "status", NULL};
static const struct listing services = {
    .name = "share_services",
    .service = "shared-file-system",
    .path = "/services",
    .record = "services[]",
    .id = "{binary}@{host}",
    .metadata = service_metadata,
    .version_header = version_header,
    .version = "2.7",
    .needs = "service:index (role admin)",
};

static const char *const pool_metadata[] = {"host", "backend", "pool", NULL};
static const struct listing pools = {
    .name = "share_pools",
    .service = "shared-file-system",
    .path = "/scheduler-stats/pools/detail",
    .record = "pools[]",
    .id = "name",
    .metadata = pool_metadata,
    .version_header = version_header,
    .version = "2.6",
    .needs = "scheduler_stats:pools:detail (role admin)",
};

static const struct listing quotas = {
    .name = "share_quotas",
    .service = "shared-file-system",
    .path = "/quota-sets/{project}/detail",
    .interval_ms = 3600000,
    .paced = true,
    .scope = LISTING_PROJECT,
    .record = "quota_set",
    .id = "{@project}",
    .version_header = version_header,
    .version = "2.53", /* replicas */
    .needs = "quota_set:show (role admin)",
};

static const struct state up_down[] = {
    {"up", 1}, {"down", 0}, {.text = NULL, .number = NAN}};
static const struct state down_up[] = {
    {"up", 0}, {"down", 1}, {.text = NULL, .number = NAN}};
static const struct state enabled[] = {
    {"enabled", 1}, {"disabled", 0}, {.text = NULL, .number = NAN}};

/* Those that operators look for: the API has some thirty. */
static const char *const share_states[] = {
    "available",       "creating",  "deleting",        "error",
    "error_deleting",  "extending", "extending_error", "shrinking",
    "shrinking_error", "migrating", "inactive",        NULL};
static const char *const snapshot_states[] = {"available",
                                              "creating",
                                              "deleting",
                                              "error",
                                              "error_deleting",
                                              "manage_starting",
                                              "manage_error",
                                              "unmanage_starting",
                                              "unmanage_error",
                                              "restoring",
                                              NULL};

static const double unlimited[] = {-1};
#define UNLIMITED .skip = unlimited, .nskip = 1, .negative = true

/* clang-format off */
#define POOL(name_, field, word)                                               \
  {.name = "manila.pool." name_, .from = &pools,                               \
   .value = "capabilities." field, .unit = word, .since = "Liberty",           \
   .choice = CHOICE_PATTERN}

#define QUOTA(key, word)                                                       \
  {.name = "manila.quota." key ".limit", .from = &quotas,                      \
   .value = key ".limit", UNLIMITED, .unit = word, .since = "Ocata",           \
   .choice = CHOICE_NAME},                                                     \
  {.name = "manila.quota." key ".used", .from = &quotas,                       \
   .value = key ".in_use", UNLIMITED, .unit = word, .since = "Ocata",          \
   .choice = CHOICE_NAME}

const struct meter share_meters[] = {
    {.name = "manila.share.status", .from = &shares,
     .value = "status", .states = states,
     .unit = "status", .since = "Liberty"},
    {.name = "manila.share.size", .from = &shares,
     .value = "size", .unit = "GiB", .since = "Liberty"},
    METERS_TOTALS("manila.share", shares, .total = TOTAL_COUNT,
                  .unit = "share"),
    METERS_TOTALS("manila.share.size", shares, .total = TOTAL_SUM,
                  .value = "size", .unit = "GiB"),
    {.name = "manila.share.by_status", .from = &shares,
     .total = TOTAL_COUNT, .group = "status", .groups = share_states,
     .unit = "share", .choice = CHOICE_PATTERN},
    {.name = "manila.share.by_type", .from = &shares,
     .total = TOTAL_COUNT, .group = "share_type_name",
     .unit = "share", .choice = CHOICE_PATTERN},
    {.name = "manila.share.size.by_host", .from = &shares,
     .total = TOTAL_SUM, .value = "size", .group = "host",
     .unit = "GiB", .choice = CHOICE_PATTERN},
    {.name = "manila.snapshot.size", .from = &snapshots,
     .value = "size",
     .unit = "GiB", .since = "Liberty", .choice = CHOICE_PATTERN},
    METERS_TOTALS("manila.snapshot", snapshots, .total = TOTAL_COUNT,
                  .unit = "snapshot", .choice = CHOICE_PATTERN),
    {.name = "manila.snapshot.by_status", .from = &snapshots,
     .total = TOTAL_COUNT, .group = "status", .groups = snapshot_states,
     .unit = "snapshot", .choice = CHOICE_PATTERN},
    {.name = "manila.service.health", .from = &services,
     .value = "state", .states = up_down,
     .unit = "health", .since = "Liberty", .choice = CHOICE_PATTERN},
    {.name = "manila.service.enabled", .from = &services,
     .value = "status", .states = enabled,
     .unit = "enabled", .since = "Liberty", .choice = CHOICE_PATTERN},
    {.name = "manila.service.down.by_binary", .from = &services,
     .total = TOTAL_SUM, .value = "state", .states = down_up,
     .group = "binary", .unit = "service", .choice = CHOICE_PATTERN},
    POOL("capacity.total", "total_capacity_gb", "GiB"),
    {.name = "manila.pool.capacity.free", .from = &pools,
     .value = "capabilities.free_capacity_gb",
     .negative = true, /* of a backend that is over-provisioned */
     .unit = "GiB", .since = "Liberty", .choice = CHOICE_PATTERN},
    POOL("capacity.allocated", "allocated_capacity_gb", "GiB"),
    POOL("capacity.provisioned", "provisioned_capacity_gb", "GiB"),
    POOL("reserved_percentage", "reserved_percentage", "percent"),
    POOL("reserved_snapshot_percentage", "reserved_snapshot_percentage",
         "percent"),
    POOL("reserved_share_extend_percentage",
         "reserved_share_extend_percentage", "percent"),
    {.name = "manila.pool.max_over_subscription_ratio", .from = &pools,
     .value = "number(capabilities.max_over_subscription_ratio)",
     .unit = "ratio", .since = "Liberty", .choice = CHOICE_PATTERN},
    QUOTA("shares", "share"),
    QUOTA("gigabytes", "GiB"),
    QUOTA("snapshots", "snapshot"),
    QUOTA("snapshot_gigabytes", "GiB"),
    QUOTA("share_networks", "network"),
    QUOTA("share_groups", "group"),
    QUOTA("share_replicas", "replica"),
    QUOTA("replica_gigabytes", "GiB"),
    {.name = NULL},
};
/* clang-format on */
