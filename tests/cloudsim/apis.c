/*
 * The clouds' APIs as data. A further one is a row here, never code.
 * Field names and their order are those of the real services.
 */
#include <string.h>

#include "cloudsim.h"

/* clang-format off */
const struct service services[] = {
  {.type = "identity", .name = "keystone", .prefix = "/identity", .version = "/v3",
   .errors = ERRORS_KEYSTONE, .versioned = true, .uwsgi = true},
  {.type = "image", .name = "glance", .prefix = "/image", .version = "/v2",
   .errors = ERRORS_GLANCE, .uwsgi = true, .says_close = true},
};
const size_t services_count = sizeof(services) / sizeof(services[0]);

static const struct field projects[] = {
  {"id", "\"$I\"", 0},
  {"name", "<=0?\"service\"|$N>", 0},
  {"domain_id", "\"$o\"", 0},
  {"description", "\"\"", 0},
  {"enabled", "<9?false|true>", 0},
  {"parent_id", "\"$o\"", 0},
  {"is_domain", "false", 0},
  {"tags", "[]", 0},
  {"options", "{}", 0},
  {"links", "{\"self\": \"$h/projects/$I\"}", 0},
  {0}
};

static const struct field domains[] = {
  {"id", "\"<=0?default|$I>\"", 0},
  {"name", "\"<=0?Default|domain $x>\"", 0},
  {"description", "\"\"", 0},
  {"enabled", "<3?false|true>", 0},
  {"tags", "[]", 0},
  {"options", "{}", 0},
  {"links", "{\"self\": \"$h/domains/<=0?default|$I>\"}", 0},
  {0}
};

/* Each tenth image is queued: it has no size yet. */
static const struct field images[] = {
  {"sim_index", "\"$x\"", 0},
  {"name", "$N", 0},
  {"disk_format", "\"<qcow2|raw|iso|vdi>\"", 0},
  {"container_format", "\"bare\"", 0},
  {"visibility", "\"<public|private|shared|private|private>\"", 0},
  {"size", "<10?null|$b>", 0},
  {"virtual_size", "null", 0},
  {"status", "\"<10?queued|active>\"", 0},
  {"checksum", "<10?null|\"$d\">", 0},
  {"protected", "false", 0},
  {"min_ram", "<512|1024|2048>", 0},
  {"min_disk", "<2|4>", 0},
  {"owner", "<37?null|\"$p\">", 0},
  {"os_hidden", "false", 0},
  {"os_hash_algo", "<10?null|\"sha512\">", 0},
  {"os_hash_value", "<10?null|\"$D\">", 0},
  {"id", "\"$i\"", 0},
  {"created_at", "\"$tZ\"", 0},
  {"updated_at", "\"$tZ\"", 0},
  {"tags", "<[]|[\"t0\", \"t1\"]>", 0},
  {"self", "\"/v2/images/$i\"", 0},
  {"file", "\"/v2/images/$i/file\"", 0},
  {"schema", "\"/v2/schemas/image\"", 0},
  {0}
};

const struct collection collections[] = {
  [ROW_PROJECTS] =
  {.name = "projects", .count = 22, .service = "identity", .path = "/projects",
   .key = "projects", .paging = PAGE_KEYSTONE, .reader = SEE_FORBIDDEN,
   .policy = "identity:list_projects", .filters = "domain_id enabled name",
   .fields = projects},
  [ROW_DOMAINS] =
  {.name = "domains", .count = 3, .service = "identity", .path = "/domains",
   .key = "domains", .paging = PAGE_KEYSTONE, .reader = SEE_FORBIDDEN,
   .policy = "identity:list_domains", .filters = "enabled name",
   .fields = domains},
  {.name = "images", .count = 250, .service = "image", .path = "/images",
   .key = "images", .paging = PAGE_GLANCE, .limit = 25, .limit_max = 1000,
   .bad_marker = 400, .reader = SEE_PUBLIC, .filters = "visibility status",
   .fields = images},
};
const size_t collections_count = sizeof(collections) / sizeof(collections[0]);

const struct meter meters[] = {
  {.name = "image", .collection = "images"},
  {.name = "image.size", .collection = "images", .field = "size"},
};
const size_t meters_count = sizeof(meters) / sizeof(meters[0]);
/* clang-format on */

const struct service *service_find(const char *type) {
  for (size_t i = 0; i < services_count; i++) {
    if (strcmp(services[i].type, type) == 0)
      return &services[i];
  }
  return NULL;
}

int collection_find(const char *name) {
  for (size_t i = 0; name != NULL && i < collections_count; i++) {
    if (strcmp(collections[i].name, name) == 0)
      return (int)i;
  }
  return -1;
}

const struct field *field_find(const struct collection *c, const char *name) {
  for (const struct field *f = c->fields; f->name != NULL; f++) {
    if (strcmp(f->name, name) == 0)
      return f;
  }
  return NULL;
}
