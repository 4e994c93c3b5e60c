/*
 * Placement's tables: see apis.c. Each third provider is no compute host.
 */
#include "cloudsim.h"

/* clang-format off */
static const struct field providers[] = {
  {"uuid", "\"$i\"", 0},
  {"name", "\"compute$x.sim\"", 0},
  {"generation", "<10|16|0>", 0},
  {"links", "[{\"rel\": \"self\", \"href\": \"/resource_providers/$i\"}]", 0},
  {"parent_provider_uuid", "null", 14},
  {"root_provider_uuid", "\"$i\"", 14},
  {0}
};

#define INVENTORY(total, reserved, ratio) \
  "{\"total\": " total ", \"reserved\": " reserved ", \"min_unit\": 1, " \
  "\"max_unit\": " total ", \"step_size\": 1, \"allocation_ratio\": " ratio "}"

/* One record for each provider: an object, of which each member is a class.
 * Some providers have none. */
static const struct field inventories[] = {
  {"VCPU", INVENTORY("<32|64|7>", "<0|2>", "<4.0|1.0|1.5>"), 0},
  {"MEMORY_MB", INVENTORY("<131072|262144>", "512", "<1.0|1.2>"), 0},
  {"CUSTOM_BAREMETAL_GOLD", INVENTORY("1", "<1|0>", "1.0"), 0},
  {0}
};

static const struct field usages[] = {
  {"VCPU", "<15|0|66>", 0},
  {"MEMORY_MB", "<7680|512>", 0},
  {"CUSTOM_BAREMETAL_GOLD", "<1|0>", 0},
  {0}
};

const struct collection placement_collections[] = {
  {.name = "resource-providers", .count = 5, .service = "placement",
   .path = "/resource_providers", .key = "resource_providers",
   .paging = PAGE_NONE, .reader = SEE_FORBIDDEN,
   .policy = "placement:resource_providers:list",
   .params = "name uuid in_tree member_of resources required",
   .fields = providers},
  {.name = "inventories", .count = 1, .service = "placement",
   .path = "/resource_providers/*/inventories", .parent = "resource-providers",
   .paging = PAGE_OBJECT,
   .open = "{\"resource_provider_generation\": 16, \"inventories\": ",
   .close = "}", .reader = SEE_FORBIDDEN,
   .policy = "placement:resource_providers:inventories:list", .params = "",
   .fields = inventories},
  {.name = "usages", .count = 1, .service = "placement",
   .path = "/resource_providers/*/usages", .parent = "resource-providers",
   .paging = PAGE_OBJECT,
   .open = "{\"resource_provider_generation\": 16, \"usages\": ", .close = "}",
   .reader = SEE_FORBIDDEN, .policy = "placement:resource_providers:usages",
   .params = "", .fields = usages},
  {0}
};
