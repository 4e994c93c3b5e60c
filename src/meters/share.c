/*
 * Manila: https://docs.openstack.org/api-ref/shared-file-system/
 *
 * Its next links lead to the same page for ever, so pages are asked for by
 * offset; with_count says how many shares there are.
 */
#include "meters/meters.h"

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
    .version_header = "X-OpenStack-Manila-API-Version: ",
    .version = "2.42", /* with_count; user_id is of 2.16 */
    .role = "admin",
    .without_role = "only those of its own project",
};

/* clang-format off */
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
    {.name = NULL},
};
/* clang-format on */
