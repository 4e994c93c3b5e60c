/*
 * Trove: https://docs.openstack.org/api-ref/database/
 *
 * Each request makes Trove list servers at Nova: its 403 says that Nova failed,
 * and its 401 that the user is no administrator. Without include_clustered it
 * leaves out the instances of its clusters. It knows pages here since 2026
 * only: an older one gives all, whatever the limit. What a volume uses is in no
 * list.
 */
#include "meters/meters.h"

static const struct listing instances = {
    .name = "database_instances",
    .service = "database",
    .path = "/mgmt/instances?deleted=False&include_clustered=True&limit=1000",
    .record = "instances[]",
    .paging = {.kind = PAGING_LINKS, .next = "links[]"},
    .id = "id",
    .name_field = "name",
    .project = "tenant_id",
    .needs = "the role admin",
};

/* clang-format off */
const struct meter database_meters[] = {
    METERS_TOTALS("database.instance", instances, .total = TOTAL_COUNT,
                  .unit = "instance", .choice = CHOICE_NAME),
    {.name = "database.instance.by_status", .from = &instances,
     .total = TOTAL_COUNT, .group = "status",
     .unit = "instance", .choice = CHOICE_NAME},
    {.name = "database.instance.volume.total", .from = &instances,
     .total = TOTAL_SUM, .value = "volume.size",
     .unit = "GiB", .choice = CHOICE_NAME},
    {.name = NULL},
};
/* clang-format on */
