/*
 * Swift: https://docs.openstack.org/api-ref/object-store/
 *
 * One request per project serves all five meters: the headers of an account's
 * listing carry its totals. A HEAD does if no container meter is on.
 */
#include "meters/meters.h"

static const char *const container_metadata[] = {"storage_policy", NULL};

static const struct listing accounts = {
    .name = "accounts",
    .service = "object-store",
    .path = "/v1/{prefix}{project}?format=json",
    .scope = LISTING_PROJECT,
    .record = "[]",
    .paging = {.kind = PAGING_MARKER,
               .marker = "name",
               .total_header = "x-account-container-count"},
    .id = "{@project}/{name}",
    .name_field = "name",
    .metadata = container_metadata,
    .needs = "the role ResellerAdmin",
    .absent = {404, 410}, /* never used, and deleted */
};

/* clang-format off */
const struct meter object_store_meters[] = {
    {.name = "storage.objects", .from = &accounts, .of = METER_HEADERS,
     .value = "x-account-object-count",
     .unit = "object", .since = "Austin"},
    {.name = "storage.objects.size", .from = &accounts, .of = METER_HEADERS,
     .value = "x-account-bytes-used",
     .type = "bytes", .unit = "B", .since = "Austin"},
    {.name = "storage.objects.containers", .from = &accounts,
     .of = METER_HEADERS, .value = "x-account-container-count",
     .unit = "container", .since = "Austin"},
    {.name = "storage.containers.objects", .from = &accounts,
     .value = "count", .unit = "object", .since = "Austin"},
    {.name = "storage.containers.objects.size", .from = &accounts,
     .value = "bytes", .type = "bytes", .unit = "B", .since = "Austin"},
    {.name = "storage.objects.total", .from = &accounts, .of = METER_HEADERS,
     .value = "x-account-object-count", .total = TOTAL_SUM,
     .unit = "object"},
    {.name = "storage.objects.size.total", .from = &accounts, .of = METER_HEADERS,
     .value = "x-account-bytes-used", .total = TOTAL_SUM,
     .type = "bytes", .unit = "B"},
    {.name = "storage.objects.containers.total", .from = &accounts, .of = METER_HEADERS,
     .value = "x-account-container-count", .total = TOTAL_SUM,
     .unit = "container"},
    {.name = NULL},
};
/* clang-format on */
