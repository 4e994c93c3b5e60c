/*
 * What Cinder counts, limits and clusters: see apis.c.
 *
 * An id, which is a text, stands among the maps of a quota set; types have
 * their own quotas in it.
 */
#include "cloudsim.h"

/* clang-format off */
static const struct field clusters[] = {
  {"name", "\"sim$x@ceph\"", 0},
  {"binary", "\"cinder-volume\"", 0},
  {"state", "\"<up|down|up>\"", 0},
  {"status", "\"<enabled|disabled>\"", 0},
  {"num_hosts", "<3|2>", 0},
  {"num_down_hosts", "<0|2|1>", 0},
  {"last_heartbeat", "\"$t.$m\"", 0},
  {"created_at", "\"$t.$m\"", 0},
  {"updated_at", "null", 0},
  {"disabled_reason", "null", 0},
  {0}
};

#define USE(limit, used) \
  "{\"limit\": " limit ", \"in_use\": " used ", \"reserved\": <5?1|0>}"
static const struct field quotas[] = {
  {"volumes", USE("<30|-1>", "$c"), 0},
  {"per_volume_gigabytes", USE("<100|-1>", "0"), 0},
  {"snapshots", USE("30", "$g"), 0},
  {"gigabytes", USE("<1000|-1>", "<4?-1|$g>"), 0},
  {"backups", USE("10", "0"), 0},
  {"backup_gigabytes", USE("1000", "0"), 0},
  {"volumes_gr\\u00f6\\u00dfe", USE("-1", "$c"), 0},
  {"gigabytes_gr\\u00f6\\u00dfe", USE("-1", "$g"), 0},
  {"volumes___DEFAULT__", USE("7", "$c"), 0},
  {"groups", USE("10", "0"), 0},
  {"id", "\"$I\"", 0},
  {0}
};

static const struct field transfers[] = {
  {"id", "\"$i\"", 0},
  {"name", "$N", 0},
  {"volume_id", "\"$1\"", 0},
  {"created_at", "\"$t.$m\"", 0},
  {"source_project_id", "\"$p\"", 57},
  {"destination_project_id", "null", 57},
  {"accepted", "false", 57},
  {0}
};

static const struct field types[] = {
  {"id", "\"$i\"", 0},
  {"name", "\"type-$x\"", 0},
  {"is_public", "<false|true>", 0},
  {"extra_specs", "{}", 0},
  {"description", "null", 0},
  {"os-volume-type-access:is_public", "<false|true>", 0},
  {0}
};

const struct collection volume_collections[] = {
  {.name = "volume-clusters", .count = 3, .service = "volumev3",
   .path = "/clusters/detail", .key = "clusters", .paging = PAGE_NONE,
   .reader = SEE_FORBIDDEN, .policy = "clusters:get_all", .fields = clusters},
  {.name = "volume-quotas", .like = "projects", .service = "volumev3",
   .path = "/os-quota-sets/*", .paging = PAGE_OBJECT, .open = "{\"quota_set\": ",
   .close = "}", .reader = SEE_FORBIDDEN, .policy = "volume_extension:quotas:show",
   .fields = quotas},
  {.name = "volume-transfers", .count = 9, .service = "volumev3",
   .path = "/volume-transfers/detail", .key = "transfers", .paging = PAGE_LINKS,
   .limit = 1000, .limit_max = 1000, .bad_marker = 404, .reader = SEE_OWN,
   .all_query = "all_tenants", .fields = transfers},
  {.name = "volume-types", .count = 8, .service = "volumev3", .path = "/types",
   .key = "volume_types", .links = "volume_type_links", .paging = PAGE_LINKS,
   .limit = 1000, .limit_max = 1000, .bad_marker = 404, .reader = SEE_ALL,
   .fields = types},
  {0}
};
/* clang-format on */
