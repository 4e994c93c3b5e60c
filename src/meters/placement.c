/*
 * Placement: https://docs.openstack.org/api-ref/placement/
 *
 * No request answers the inventories of all providers, so each is asked for
 * its own, once an hour: they change by configuration only. What is used of
 * them now is known from Nova's hypervisors, in one request; the usages of
 * providers are here for what is no hypervisor. (GET /allocation_candidates has
 * both of all providers, but for those that are full.)
 *
 * Placement has no pages, and refuses a limit. Numbers are in the unit of their
 * class: MEMORY_MB, DISK_GB.
 */
#include "meters/meters.h"

static const char version_header[] = "OpenStack-API-Version: placement ";
/* All of Placement's answers have it, and no proxy's. */
static const char service_header[] = "openstack-api-version";
static const char needs[] = "placement:resource_providers:list (role admin)";

/* 1.14: nested providers have a parent. */
static const char *const provider_metadata[] = {"parent_provider_uuid",
                                                "root_provider_uuid", NULL};

static const struct listing providers = {
    .name = "providers",
    .service = "placement",
    .path = "/resource_providers",
    .record = "resource_providers[]",
    .id = "uuid",
    .name_field = "name",
    .metadata = provider_metadata,
    .version_header = version_header,
    .version = "1.14",
    .service_header = service_header,
    .needs = needs,
};

static const struct listing inventories = {
    .name = "inventories",
    .service = "placement",
    .path = "/resource_providers/{owner}/inventories",
    .interval_ms = 3600000,
    .paced = true,
    .scope = LISTING_OWNER,
    .record = "inventories.*",
    .id = "{@owner}/{@key}",
    .name_field = "{@owner_name}:{@key}",
    .owners = &providers,
    .version_header = version_header,
    .version = "1.14",
    .service_header = service_header,
    .needs = "placement:resource_providers:list and "
             "placement:resource_providers:inventories:list (role admin)",
    .absent = {404},
};

static const struct listing usages = {
    .name = "provider_usages",
    .service = "placement",
    .path = "/resource_providers/{owner}/usages",
    .interval_ms = 3600000,
    .paced = true,
    .scope = LISTING_OWNER,
    .record = "usages.*",
    .id = "{@owner}/{@key}",
    .name_field = "{@owner_name}:{@key}",
    .owners = &providers,
    .version_header = version_header,
    .version = "1.14",
    .service_header = service_header,
    .needs = "placement:resource_providers:list and "
             "placement:resource_providers:usages (role admin)",
    .absent = {404},
};

#define CAPACITY "floor((total - reserved) * allocation_ratio)"

/* clang-format off */
const struct meter placement_meters[] = {
    {.name = "placement.inventory.total", .from = &inventories,
     .value = "total", .unit = "unit", .since = "Newton"},
    {.name = "placement.inventory.reserved", .from = &inventories,
     .value = "reserved", .unit = "unit", .since = "Newton"},
    {.name = "placement.inventory.allocation_ratio", .from = &inventories,
     .value = "allocation_ratio", .unit = "ratio", .since = "Newton"},
    {.name = "placement.inventory.capacity", .from = &inventories,
     .value = CAPACITY, .unit = "unit", .since = "Newton"},
    {.name = "placement.inventory.capacity.by_class", .from = &inventories,
     .value = CAPACITY, .total = TOTAL_SUM, .group = "@key",
     .unit = "unit", .since = "Newton"},
    {.name = "placement.inventory.used", .from = &usages,
     .value = "@value", .choice = CHOICE_NAME,
     .unit = "unit", .since = "Newton"},
    {.name = "placement.inventory.used.by_class", .from = &usages,
     .value = "@value", .total = TOTAL_SUM, .group = "@key",
     .choice = CHOICE_NAME, .unit = "unit", .since = "Newton"},
    {.name = "placement.provider.total", .from = &providers,
     .total = TOTAL_COUNT, .choice = CHOICE_PATTERN,
     .unit = "provider", .since = "Newton"},
    {.name = "placement.provider.generation", .from = &providers,
     .value = "generation", .choice = CHOICE_NAME,
     .unit = "generation", .since = "Newton"},
    {.name = NULL},
};
/* clang-format on */
