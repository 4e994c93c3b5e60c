/*
 * Heat, Ironic, Magnum, Trove, Masakari and Gnocchi: see apis.c.
 */
#include "cloudsim.h"

/* clang-format off */
static const struct field stacks[] = {
  {"id", "\"$i\"", 0},
  {"links", "[{\"href\": \"$h/stacks/$i\", \"rel\": \"self\"}]", 0},
  {"project", "\"$p\"", 0},
  {"stack_name", "$N", 0},
  {"description", "\"\"", 0},
  {"stack_status", "\"<CREATE_COMPLETE|UPDATE_FAILED|DELETE_IN_PROGRESS|CREATE_FAILED|ODD>\"", 0},
  {"stack_status_reason", "\"Stack CREATE completed successfully\"", 0},
  {"creation_time", "\"$tZ\"", 0},
  {"updated_time", "null", 0},
  {"deletion_time", "null", 0},
  {"stack_owner", "<\"someone\"|null>", 0},
  {"parent", "null", 0},
  {"stack_user_project_id", "\"$2\"", 0},
  {"tags", "null", 0},
  {0}
};
static const struct field engines[] = {
  {"id", "\"$i\"", 0},
  {"binary", "\"heat-engine\"", 0},
  {"engine_id", "\"$1\"", 0},
  {"host", "\"<ctl0|ctl1>\"", 0},
  {"hostname", "\"<ctl0|ctl1>\"", 0},
  {"topic", "\"engine\"", 0},
  {"report_interval", "60", 0},
  {"created_at", "\"$t.$m\"", 0},
  {"updated_at", "\"$t.$m\"", 0},
  {"deleted_at", "null", 0},
  {"status", "\"<up|down|up>\"", 0},
  {0}
};

static const struct field nodes[] = {
  {"uuid", "\"$i\"", 0},
  {"name", "$N", 0},
  {"provision_state", "\"<active|available|available|clean failed|wait call-back>\"", 0},
  {"power_state", "<\"power on\"|\"power off\"|null|\"error\">", 0},
  {"maintenance", "<4?true|false>", 0},
  {"fault", "<6?\"power failure\"|null>", 42},
  {"instance_uuid", "<3?null|\"$1\">", 0},
  {"resource_class", "\"<gold|silver>\"", 21},
  {"conductor_group", "<5?\"\"|\"rack<0|1>\">", 46},
  {"owner", "null", 50},
  {"links", "[{\"href\": \"$h/nodes/$i\", \"rel\": \"self\"}]", 0},
  {0}
};
static const struct field conductors[] = {
  {"hostname", "\"ctl$x\"", 0},
  {"conductor_group", "\"\"", 0},
  {"links", "[{\"href\": \"$h/conductors/ctl$x\", \"rel\": \"self\"}]", 0},
  {"alive", "<true|false>", 0},
  {0}
};

/* Some labels have the names of members. */
static const struct field clusters[] = {
  {"uuid", "\"$i\"", 0},
  {"name", "$N", 0},
  {"cluster_template_id", "\"$1\"", 0},
  {"keypair", "\"k\"", 0},
  {"node_count", "$k", 0},
  {"master_count", "<1|3>", 0},
  {"docker_volume_size", "null", 0},
  {"labels", "{\"kube_tag\": \"v1\", \"status\": \"none\", \"node_count\": \"99\"}", 0},
  {"flavor_id", "null", 0},
  {"create_timeout", "60", 0},
  {"links", "[{\"href\": \"$h/clusters/$i\", \"rel\": \"self\"}]", 0},
  {"stack_id", "\"$2\"", 0},
  {"status", "\"<CREATE_COMPLETE|UPDATE_IN_PROGRESS|DELETE_FAILED|ODD>\"", 0},
  {"status_reason", "null", 0},
  {"health_status", "<\"HEALTHY\"|\"UNHEALTHY\"|null>", 0},
  {"health_status_reason", "{\"api\": \"ok\"}", 0},
  {"project_id", "\"$p\"", 0},
  {"user_id", "\"$u\"", 0},
  {"node_addresses", "[]", 0},
  {"labels_added", "{\"status\": \"none\", \"node_count\": \"99\"}", 0},
  {"created_at", "\"$t.$m+00:00\"", 0},
  {"updated_at", "null", 0},
  {0}
};
static const struct field mservices[] = {
  {"host", "\"ctl$x\"", 0},
  {"binary", "\"magnum-conductor\"", 0},
  {"state", "\"<up|down>\"", 0},
  {"id", "$x", 0},
  {"report_count", "0", 0},
  {"disabled", "false", 0},
  {"disabled_reason", "null", 0},
  {"created_at", "\"$t.$m+00:00\"", 0},
  {"updated_at", "null", 0},
  {0}
};

/* Whose links are not the listing's. */
static const struct field instances[] = {
  {"id", "\"$i\"", 0},
  {"name", "$N", 0},
  {"status", "\"<ACTIVE|ERROR|BUILD>\"", 0},
  {"operating_status", "\"\"", 0},
  {"links", "[{\"href\": \"$h/instances/$i\", \"rel\": \"self\"}]", 0},
  {"flavor", "{\"id\": \"f\", \"links\": [{\"href\": \"$h/flavors/f\", \"rel\": \"self\"}]}", 0},
  {"datastore", "{\"type\": \"mysql\", \"version\": \"8.0\", \"version_number\": \"8.0\"}", 0},
  {"region", "\"RegionOne\"", 0},
  {"access", "{\"is_public\": false, \"allowed_cidrs\": []}", 0},
  {"tenant_id", "\"$p\"", 0},
  {"volume", "{\"size\": <5?null|$g>}", 0},
  {"created", "\"$t\"", 0},
  {"updated", "\"$t\"", 0},
  {"server_id", "\"$1\"", 0},
  {"server", "{\"id\": \"$1\", \"name\": \"odd\", \"status\": \"ODD\", \"tenant_id\": \"$2\", \"host\": \"\"}", 0},
  {"service_status", "\"HEALTHY\"", 0},
  {"deleted", "false", 0},
  {"deleted_at", "null", 0},
  {"task_description", "\"No tasks for the instance.\"", 0},
  {0}
};

static const struct field notifications[] = {
  {"id", "$x", 0},
  {"notification_uuid", "\"$i\"", 0},
  {"generated_time", "\"$t.000000\"", 0},
  {"source_host_uuid", "\"$1\"", 0},
  {"type", "\"<VM|COMPUTE_HOST|PROCESS>\"", 0},
  {"payload", "{\"event\": \"STOPPED\"}", 0},
  {"status", "\"<error|finished|ignored|running>\"", 0},
  {"created_at", "\"$t.000000\"", 0},
  {"updated_at", "null", 0},
  {0}
};
static const struct field segments[] = {
  {"id", "$x", 0},
  {"uuid", "\"$i\"", 0},
  {"name", "$N", 0},
  {"description", "null", 0},
  {"service_type", "\"COMPUTE\"", 0},
  {"recovery_method", "\"auto\"", 0},
  {0}
};
static const struct field ha_hosts[] = {
  {"id", "$x", 0},
  {"uuid", "\"$i\"", 0},
  {"name", "\"compute$x\"", 0},
  {"failover_segment_id", "\"$z\"", 0},
  {"type", "\"COMPUTE\"", 0},
  {"reserved", "false", 0},
  {"control_attributes", "\"SSH\"", 0},
  {"on_maintenance", "<4?true|false>", 0},
  {0}
};

static const struct field gnocchi_status[] = {
  {"summary", "{\"metrics\": 17, \"measures\": 4711}", 0},
  {0}
};

/* glanceclient asks for it, and makes each image of it. */
static const struct field image_schema[] = {
  {"name", "\"image\"", 0},
  {"properties", "{\"id\": {\"type\": \"string\"}}", 0},
  {"additionalProperties", "{\"type\": \"string\"}", 0},
  {0}
};

#define PAGES .limit = 1000, .limit_max = 1000
#define MARKED_PAGES PAGES, .bad_marker = 404
const struct collection other_collections[] = {
  {.name = "stacks", .count = 18, .service = "orchestration", .path = "/stacks",
   .key = "stacks", .links = "links", .paging = PAGE_LINKS, PAGES,
   .reader = SEE_FORBIDDEN, .project = "project", .all_query = "global_tenant",
   .fields = stacks},
  {.name = "engines", .count = 5, .service = "orchestration", .path = "/services",
   .key = "services", .paging = PAGE_NONE, .reader = SEE_FORBIDDEN, .fields = engines},
  {.name = "nodes", .count = 17, .service = "baremetal", .path = "/nodes",
   .key = "nodes", .paging = PAGE_NEXT, MARKED_PAGES, .reader = SEE_NONE,
   .fields = nodes},
  {.name = "conductors", .count = 3, .service = "baremetal", .path = "/conductors",
   .key = "conductors", .paging = PAGE_NEXT, MARKED_PAGES, .reader = SEE_FORBIDDEN,
   .policy = "baremetal:conductor:get", .fields = conductors},
  {.name = "clusters", .count = 13, .service = "container-infra",
   .path = "/clusters/detail", .key = "clusters", .paging = PAGE_NEXT,
   MARKED_PAGES, .reader = SEE_OWN, .project = "project_id", .fields = clusters},
  {.name = "mservices", .count = 2, .service = "container-infra",
   .path = "/mservices", .key = "mservices", .paging = PAGE_NONE,
   .reader = SEE_FORBIDDEN, .policy = "magnum-service:get_all", .fields = mservices},
  {.name = "instances", .count = 9, .service = "database", .path = "/mgmt/instances",
   .key = "instances", .links = "links", .paging = PAGE_LINKS, PAGES,
   .reader = SEE_UNAUTHORIZED, .fields = instances},
  {.name = "ha-notifications", .count = 6, .service = "instance-ha",
   .path = "/notifications", .key = "notifications", .paging = PAGE_MARKER,
   .limit = 1000, .limit_max = 1000, .bad_marker = 400, .filters = "status type",
   .reader = SEE_FORBIDDEN, .policy = "os_masakari_api:notifications:index",
   .fields = notifications},
  {.name = "ha-segments", .count = 8, .service = "instance-ha", .path = "/segments",
   .key = "segments", .paging = PAGE_MARKER, .limit = 1000, .limit_max = 1000,
   .bad_marker = 400, .reader = SEE_FORBIDDEN,
   .policy = "os_masakari_api:segments:index", .fields = segments},
  {.name = "ha-hosts", .count = 9, .service = "instance-ha",
   .path = "/segments/*/hosts", .parent = "ha-segments", .key = "hosts",
   .paging = PAGE_MARKER, .limit = 1000, .limit_max = 1000, .bad_marker = 400,
   .reader = SEE_FORBIDDEN, .policy = "os_masakari_api:os-hosts:index",
   .fields = ha_hosts},
  {.name = "gnocchi-status", .count = 1, .service = "metric", .path = "/status",
   .paging = PAGE_OBJECT, .open = "{\"storage\": ", .close =
   ", \"metricd\": {\"processors\": [\"ctl0.1\", \"ctl0.2\"], \"statistics\": {}}}",
   .reader = SEE_FORBIDDEN, .policy = "get status", .fields = gnocchi_status},
  {.name = "image-schema", .count = 1, .service = "image",
   .path = "/schemas/image", .paging = PAGE_OBJECT, .open = "", .close = "",
   .reader = SEE_PUBLIC, .fields = image_schema},
  {0}
};
/* clang-format on */
