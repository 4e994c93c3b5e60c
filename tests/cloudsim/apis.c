/*
 * The clouds' APIs as data. A further one is a row here, or in a file of its
 * own (`tables`), never code.
 * Field names and their order are those of the real services.
 */
#include <string.h>

#include "cloudsim.h"

#define COMPUTE_ID "X-Compute-Request-Id" /* Cinder and Manila, from Nova */

/* clang-format off */
const struct service services[] = {
  {.type = "identity", .name = "keystone", .prefix = "/identity", .version = "/v3",
   .errors = ERRORS_KEYSTONE, .versioned = true, .uwsgi = true},
  {.type = "image", .name = "glance", .prefix = "/image", .version = "/v2",
   .errors = ERRORS_GLANCE, .uwsgi = true, .says_close = true},
  {.type = "volumev3", .name = "cinderv3", .prefix = "/volume", .version = "/v3",
   .project = "/", .errors = ERRORS_COMPUTE, .versioned = true,
   .request_ids = {OPENSTACK_ID, COMPUTE_ID},
   .version_header = "OpenStack-API-Version", .version_word = "volume ",
   .version_major = 3, .version_max = 70, .version_url = 67,
   .official = "block-storage"},
  {.type = "network", .name = "neutron", .prefix = "/network", .version = "/v2.0",
   .errors = ERRORS_NEUTRON, .uwsgi = true, .says_close = true},
  {.type = "object-store", .name = "swift", .prefix = "/object-store", .version = "/v1",
   .project = "/AUTH_", .errors = ERRORS_SWIFT, .versioned = true,
   .request_ids = {"X-Trans-Id", OPENSTACK_ID}},
  {.type = "load-balancer", .name = "octavia", .prefix = "/load-balancer",
   .version = "/v2", .older = "/v2.0", .errors = ERRORS_OCTAVIA, .uwsgi = true},
  {.type = "dns", .name = "designate", .prefix = "/dns", .version = "/v2",
   .errors = ERRORS_DESIGNATE},
  {.type = "sharev2", .name = "manilav2", .prefix = "/share", .version = "/v2",
   .errors = ERRORS_COMPUTE, .versioned = true, .request_ids = {COMPUTE_ID},
   .version_header = "X-OpenStack-Manila-API-Version", .version_word = "",
   .version_major = 2, .version_max = 82, .official = "shared-file-system"},
  {.type = "alarming", .name = "aodh", .prefix = "/alarming", .version = "/v2",
   .errors = ERRORS_AODH, .uwsgi = true},
  {.type = "radosgw", .name = "radosgw", .prefix = "/rgw", .version = "",
   .errors = ERRORS_RGW, .request_ids = {"x-amz-request-id"}},
  {.type = "compute", .name = "nova", .prefix = "/compute", .version = "/v2.1",
   .errors = ERRORS_COMPUTE, .versioned = true, .uwsgi = true,
   .request_ids = {OPENSTACK_ID, COMPUTE_ID}, .own_document = true,
   .version_header = "OpenStack-API-Version", .version_word = "compute ",
   .version_major = 2, .version_min = 1, .version_max = 96},
  {.type = "orchestration", .name = "heat", .prefix = "/orchestration",
   .version = "/v1", .project = "/", .errors = ERRORS_HEAT, .versioned = true},
  {.type = "baremetal", .name = "ironic", .prefix = "/baremetal", .version = "/v1",
   .errors = ERRORS_IRONIC, .request_ids = {"Openstack-Request-Id"},
   .version_header = "X-OpenStack-Ironic-API-Version",
   .version_word = "", .version_major = 1, .version_min = 1, .version_max = 82},
  {.type = "container-infra", .name = "magnum", .prefix = "/container-infra",
   .version = "/v1", .errors = ERRORS_MAGNUM, .versioned = true,
   .official = "container-infrastructure-management"},
  {.type = "database", .name = "trove", .prefix = "/database", .version = "/v1.0",
   .project = "/", .errors = ERRORS_COMPUTE, .versioned = true, .no_ids = true},
  {.type = "instance-ha", .name = "masakari", .prefix = "/instance-ha",
   .version = "/v1", .project = "/", .errors = ERRORS_COMPUTE, .versioned = true},
  {.type = "metric", .name = "gnocchi", .prefix = "/metric", .version = "/v1",
   .errors = ERRORS_AODH},
  {.type = "placement", .name = "placement", .prefix = "/placement", .version = "",
   .errors = ERRORS_COMPUTE, .uwsgi = true,
   .version_header = "OpenStack-API-Version", .version_word = "placement ",
   .version_major = 1, .version_max = 39},
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

/* Those who can log in, and the others whom records name. */
static const struct field users[] = {
  {"id", "\"$U\"", 0},
  {"name", "<=0?\"collectd\"|<=1?\"reader\"|<=2?\"nobody\"|$N>>>", 0},
  {"domain_id", "\"default\"", 0},
  {"enabled", "true", 0},
  {"password_expires_at", "null", 0},
  {"options", "{}", 0},
  {"links", "{\"self\": \"$h/users/$U\"}", 0},
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

static const struct field volumes[] = {
  {"id", "\"$i\"", 0},
  {"status", "\"<available|in-use|error|creating>\"", 0},
  {"size", "$g", 0},
  {"availability_zone", "\"nova\"", 0},
  {"created_at", "\"$t.$m\"", 0},
  {"updated_at", "null", 0},
  {"name", "$N", 0},
  {"description", "null", 0},
  {"volume_type", "\"<ssd|gr\\u00f6\\u00dfe>\"", 0},
  {"snapshot_id", "null", 0},
  {"source_volid", "null", 0},
  {"metadata", "{}", 0},
  {"links", "[{\"rel\": \"self\", \"href\": \"$h/volumes/$i\"}]", 0},
  {"user_id", "\"$u\"", 0},
  {"bootable", "\"<false|true>\"", 0},
  {"encrypted", "false", 0},
  {"replication_status", "null", 0},
  {"consistencygroup_id", "null", 0},
  {"multiattach", "false", 0},
  {"attachments", "<[]|[{\"id\": \"$i\", \"attachment_id\": \"$1\", \"volume_id\": \"$i\", "
   "\"server_id\": \"$2\", \"host_name\": \"compute0\", \"device\": \"/dev/vdb\", "
   "\"attached_at\": \"$t.$m\"}]>", 0},
  {"migration_status", "null", 0},
  {"group_id", "null", 13},
  {"provider_id", "null", 21},
  {"volume_type_id", "\"$3\"", 63},
  {"os-vol-tenant-attr:tenant_id", "\"$p\"", 0},
  {"os-vol-mig-status-attr:migstat", "null", 0},
  {"os-vol-mig-status-attr:name_id", "null", 0},
  {"os-vol-host-attr:host", "\"sim@lvm$x#pool\"", 0},
  {0}
};

static const struct field snapshots[] = {
  {"id", "\"$i\"", 0},
  {"created_at", "\"$t.$m\"", 0},
  {"updated_at", "\"$t.$m\"", 0},
  {"name", "$N", 0},
  {"description", "null", 0},
  {"volume_id", "\"$1\"", 0},
  {"status", "\"<available|error|creating>\"", 0},
  {"size", "$g", 0},
  {"metadata", "{\"a\": \"b\"}", 0},
  {"group_snapshot_id", "null", 14},
  {"user_id", "\"$u\"", 41},
  {"os-extended-snapshot-attributes:project_id", "\"$p\"", 0},
  {"os-extended-snapshot-attributes:progress", "\"100%\"", 0},
  {0}
};

static const struct field backups[] = {
  {"id", "\"$i\"", 0},
  {"status", "\"<available|restoring|error>\"", 0},
  {"size", "$g", 0},
  {"object_count", "$c", 0},
  {"availability_zone", "\"nova\"", 0},
  {"container", "\"backups\"", 0},
  {"created_at", "\"$t.$m\"", 0},
  {"updated_at", "null", 0},
  {"name", "$N", 0},
  {"description", "null", 0},
  {"fail_reason", "\"\"", 0},
  {"volume_id", "\"$1\"", 0},
  {"links", "[{\"rel\": \"self\", \"href\": \"$h/backups/$i\"}]", 0},
  {"is_incremental", "<false|true>", 0},
  {"has_dependent_backups", "false", 0},
  {"snapshot_id", "null", 0},
  {"data_timestamp", "\"$t.$m\"", 0},
  {"metadata", "{}", 43},
  {"user_id", "\"$u\"", 56},
  {"os-backup-project-attr:project_id", "\"$p\"", 18},
  {0}
};

/* Six kinds of pools by turns, with the texts for which Cinder has a number
 * elsewhere, thick and thin. */
#define POOL_TOTAL "<1000.5|500|\"unknown\"|\"infinite\"|2000|100>"
#define POOL_FREE "<842.25|3.999|\"unknown\"|\"infinite\"|100|50>"
#define POOL_PROVISIONED "<157.0|2600|0|0|null|40>"
#define POOL_ALLOCATED "<16598|374|98304|0|12|30>"
static const struct field pools[] = {
  {"name", "\"sim@lvm$x#pool-$x\"", 0},
  {"capabilities",
   "{\"QoS_support\": false, \"multiattach\": true, \"allocated_capacity_gb\": "
   POOL_ALLOCATED ", \"reserved_percentage\": <5|5|5|5|5|10>, "
   "\"thin_provisioning_support\": <true|true|true|true|false|false>, "
   "\"thick_provisioning_support\": false, \"max_over_subscription_ratio\": "
   "<\"20.0\"|20.0>, \"filter_function\": null, \"goodness_function\": null, "
   "\"pool_name\": \"pool-$x\", \"total_capacity_gb\": " POOL_TOTAL
   ", \"free_capacity_gb\": " POOL_FREE ", \"provisioned_capacity_gb\": "
   POOL_PROVISIONED ", \"volume_backend_name\": \"lvm$x\", \"storage_protocol\": "
   "\"fake\", \"vendor_name\": \"Sim\", \"driver_version\": \"1.0\", "
   "<3?|\"backend_state\": \"<up|down>\", >"
   "\"timestamp\": \"$t.$m\"}", 0},
  {0}
};

static const struct field volume_services[] = {
  {"binary", "\"<=0?cinder-scheduler|cinder-volume>\"", 0},
  {"host", "\"sim@lvm$x\"", 0},
  {"zone", "\"nova\"", 0},
  {"status", "\"<enabled|enabled|disabled>\"", 0},
  {"state", "\"<up|up|down|up|odd>\"", 0},
  {"updated_at", "\"$t.$m\"", 0},
  {"disabled_reason", "<null|null|\"maintenance \\u00e9\">", 0},
  {"replication_status", "\"disabled\"", 0},
  {"active_backend_id", "null", 0},
  {"frozen", "<4?true|false>", 0},
  {0}
};

static const struct field floatingips[] = {
  {"id", "\"$i\"", 0},
  {"tenant_id", "\"$p\"", 0},
  {"floating_ip_address", "\"203.0.$a\"", 0},
  {"floating_network_id", "\"$1\"", 0},
  {"router_id", "<null|\"$2\">", 0},
  {"port_id", "<null|\"$3\">", 0},
  {"fixed_ip_address", "<null|\"10.4.$a\">", 0},
  {"status", "<13?null|\"<ACTIVE|DOWN|ERROR|ODD>\">", 0},
  {"description", "\"<|nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn>\"", 0},
  {"port_details", "null", 0},
  {"port_forwardings", "[]", 0},
  {"tags", "[]", 0},
  {"created_at", "\"$tZ\"", 0},
  {"updated_at", "\"$tZ\"", 0},
  {"revision_number", "0", 0},
  {"project_id", "\"$p\"", 0},
  {0}
};

static const struct field vpnservices[] = {
  {"id", "\"$i\"", 0},
  {"name", "$N", 0},
  {"description", "\"\"", 0},
  {"tenant_id", "\"$p\"", 0},
  {"subnet_id", "\"$1\"", 0},
  {"router_id", "\"$2\"", 0},
  {"flavor_id", "null", 0},
  {"admin_state_up", "true", 0},
  {"external_v4_ip", "\"203.0.$a\"", 0},
  {"external_v6_ip", "null", 0},
  {"status", "\"<ACTIVE|PENDING_CREATE|DOWN|BUILD>\"", 0},
  {"project_id", "\"$p\"", 0},
  {0}
};

/* With its key in plain text, as the real one. */
static const struct field ipsec_site_connections[] = {
  {"id", "\"$i\"", 0},
  {"tenant_id", "\"$p\"", 0},
  {"name", "$N", 0},
  {"description", "\"\"", 0},
  {"peer_address", "\"198.51.$a\"", 0},
  {"peer_id", "\"198.51.$a\"", 0},
  {"local_id", "\"\"", 0},
  {"route_mode", "\"static\"", 0},
  {"mtu", "1500", 0},
  {"auth_mode", "\"psk\"", 0},
  {"psk", "\"psk-secret\"", 0},
  {"initiator", "\"bi-directional\"", 0},
  {"dpd", "{\"action\": \"hold\", \"interval\": 30, \"timeout\": 120}", 0},
  {"admin_state_up", "true", 0},
  {"status", "\"<ACTIVE|DOWN>\"", 0},
  {"vpnservice_id", "\"$1\"", 0},
  {"ikepolicy_id", "\"$2\"", 0},
  {"ipsecpolicy_id", "\"$3\"", 0},
  {"peer_cidrs", "[\"192.168.4.0/24\"]", 0},
  {"local_ep_group_id", "null", 0},
  {"peer_ep_group_id", "null", 0},
  {"project_id", "\"$p\"", 0},
  {0}
};

static const struct field firewall_groups[] = {
  {"id", "\"$i\"", 0},
  {"tenant_id", "\"$p\"", 0},
  {"name", "$N", 0},
  {"description", "\"\"", 0},
  {"ingress_firewall_policy_id", "\"$1\"", 0},
  {"egress_firewall_policy_id", "\"$2\"", 0},
  {"ports", "[]", 0},
  {"admin_state_up", "true", 0},
  {"shared", "false", 0},
  {"status", "\"<ACTIVE|INACTIVE|DOWN|ERROR|PENDING_UPDATE>\"", 0},
  {"project_id", "\"$p\"", 0},
  {0}
};

static const struct field firewall_policies[] = {
  {"id", "\"$i\"", 0},
  {"tenant_id", "\"$p\"", 0},
  {"name", "$N", 0},
  {"description", "\"\"", 0},
  {"firewall_rules", "[\"$1\", \"$2\"]", 0},
  {"shared", "false", 0},
  {"audited", "false", 0},
  {"project_id", "\"$p\"", 0},
  {0}
};

static const struct field loadbalancers[] = {
  {"id", "\"$i\"", 0},
  {"name", "$N", 0},
  {"description", "\"\"", 0},
  {"provisioning_status", "\"<ACTIVE|ERROR|PENDING_UPDATE|ACTIVE|ODD>\"", 0},
  {"operating_status", "\"<ONLINE|OFFLINE|DEGRADED|NO_MONITOR|ERROR|ODD>\"", 0},
  {"admin_state_up", "true", 0},
  {"project_id", "\"$p\"", 0},
  {"created_at", "\"$t.$m\"", 0},
  {"updated_at", "null", 0},
  {"vip_address", "\"192.0.$a\"", 0},
  {"vip_port_id", "\"$1\"", 0},
  {"vip_subnet_id", "\"$2\"", 0},
  {"vip_network_id", "null", 0},
  {"additional_vips", "[]", 0},
  {"listeners", "[{\"id\": \"$3\"}]", 0},
  {"pools", "[{\"id\": \"$4\"}]", 0},
  {"provider", "\"noop_driver\"", 0},
  {"flavor_id", "null", 0},
  {"vip_qos_policy_id", "null", 0},
  {"tags", "[\"t0\"]", 0},
  {"availability_zone", "null", 0},
  {"tenant_id", "\"$p\"", 0},
  {0}
};

static const struct field zones[] = {
  {"id", "\"$i\"", 0},
  {"pool_id", "\"$1\"", 0},
  {"project_id", "\"$p\"", 0},
  {"name", "\"zone$x.example.org.\"", 0},
  {"email", "\"admin@example.org\"", 0},
  {"description", "null", 0},
  {"ttl", "<7?null|3600>", 0},
  {"serial", "<9?null|<4294967295|1795382217>>", 0},
  {"status", "\"<ACTIVE|PENDING|ERROR|SUCCESS>\"", 0},
  {"action", "\"NONE\"", 0},
  {"version", "1", 0},
  {"attributes", "{}", 0},
  {"type", "\"PRIMARY\"", 0},
  {"masters", "[]", 0},
  {"created_at", "\"$t.000000\"", 0},
  {"updated_at", "null", 0},
  {"transferred_at", "null", 0},
  {"links", "{\"self\": \"$h/zones/$i\"}", 0},
  {0}
};

static const struct field recordsets[] = {
  {"id", "\"$i\"", 0},
  {"zone_id", "\"$z\"", 0},
  {"project_id", "<5?null|<7?\"$d\"|\"$p\">>", 0}, /* who made it */
  {"name", "\"host$k.example.org.\"", 0},
  {"zone_name", "\"example.org.\"", 0},
  {"type", "\"<A|AAAA|TXT>\"", 0},
  {"records", "[\"192.0.$a\"]", 0},
  {"description", "null", 0},
  {"ttl", "null", 0},
  {"status", "\"ACTIVE\"", 0},
  {"action", "\"NONE\"", 0},
  {"version", "1", 0},
  {"created_at", "\"$t.000000\"", 0},
  {"updated_at", "null", 0},
  {"links", "{\"self\": \"$h/zones/$z/recordsets/$i\"}", 0},
  {0}
};

static const struct field shares[] = {
  {"id", "\"$i\"", 0},
  {"size", "<8?null|$g>", 0},
  {"availability_zone", "\"nova\"", 0},
  {"created_at", "\"$t.$m\"", 0},
  {"status", "\"<available|error|creating|ensuring|shrinking_error>\"", 0},
  {"name", "$N", 0},
  {"description", "null", 0},
  {"project_id", "\"$p\"", 0},
  {"snapshot_id", "null", 0},
  {"share_network_id", "null", 0},
  {"share_proto", "\"<NFS|CIFS>\"", 0},
  {"metadata", "{}", 0},
  {"share_type", "\"$1\"", 0},
  {"volume_type", "\"default\"", 0},
  {"links", "[{\"rel\": \"self\", \"href\": \"$h/shares/$i\"}]", 0},
  {"is_public", "false", 0},
  {"snapshot_support", "true", 2},
  {"task_state", "null", 5},
  {"share_type_name", "\"<default|dhss>\"", 6},
  {"access_rules_status", "\"active\"", 10},
  {"replication_type", "null", 11},
  {"has_replicas", "false", 11},
  {"user_id", "\"$u\"", 16},
  {"create_share_from_snapshot_support", "false", 24},
  {"revert_to_snapshot_support", "false", 27},
  {"share_group_id", "null", 31},
  {"source_share_group_snapshot_member_id", "null", 31},
  {"mount_snapshot_support", "false", 32},
  {"progress", "null", 54},
  {"share_server_id", "null", 0},
  {"host", "\"sim@share#pool<1|2|3>\"", 0},
  {0}
};

static const struct field alarms[] = {
  {"alarm_id", "\"$i\"", 0},
  {"project_id", "\"$p\"", 0},
  {"state_counters", "{\"ok\": $c, \"alarm\": $g, \"insufficient data\": $k}", 0},
  {0}
};

static const struct field containers[] = {
  {"name", "$C", 0},
  {"count", "$c", 0},
  {"bytes", "$b", 0},
  {"last_modified", "\"$t.$m\"", 0},
  {0}
};

/* Each fifth bucket is empty; each third has two categories of the same. */
#define BUCKET_USAGE "{\"size\": $F, \"size_actual\": $F, \"size_utilized\": $F, " \
  "\"size_kb\": $g, \"size_kb_actual\": $g, \"size_kb_utilized\": $g, \"num_objects\": $c}"
static const struct field buckets[] = {
  {"bucket", "\"bucket-$k\"", 0},
  {"num_shards", "11", 0},
  {"tenant", "\"\"", 0},
  {"zonegroup", "\"$1\"", 0},
  {"placement_rule", "\"default-placement\"", 0},
  {"id", "\"$2.4120.1\"", 0},
  {"marker", "\"$2.4120.1\"", 0},
  {"index_type", "\"Normal\"", 0},
  {"owner", "\"$Z\"", 0},
  {"mtime", "\"$t.$mZ\"", 0},
  {"creation_time", "\"$t.$mZ\"", 0},
  {"usage", "{<5?|\"rgw.main\": " BUCKET_USAGE "<3?, \"rgw.multimeta\": " BUCKET_USAGE "|>>}", 0},
  {"bucket_quota", "{\"enabled\": false, \"check_on_raw\": true, \"max_size\": -1, "
   "\"max_size_kb\": 0, \"max_objects\": -1}", 0},
  {0}
};

#define USAGE_TOTAL "{\"bytes_sent\": 0, \"bytes_received\": 1000, \"ops\": $q, \"successful_ops\": $q}"
static const struct field usage[] = {
  {"user", "\"$Z\"", 0},
  {"categories", "[{\"category\": \"put_obj\", \"bytes_sent\": 0, \"bytes_received\": 1000, "
   "\"ops\": $q, \"successful_ops\": $q}]", 0},
  {"total", USAGE_TOTAL, 0},
  {0}
};

/* Accounts are no listing of their own: sums over what a project has. */
static const struct field accounts[] = {
  {"X-Account-Container-Count", "$K", 0},
  {"X-Account-Object-Count", "$O", 0},
  {"X-Account-Bytes-Used", "$B", 0},
  {0}
};
static const struct field nothing[] = {{0}};

const struct collection main_collections[] = {
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

  {.name = "volumes", .count = 60, .service = "volumev3", .path = "/volumes/detail",
   .key = "volumes", .paging = PAGE_LINKS, .limit = 1000, .limit_max = 1000,
   .bad_marker = 404, .reader = SEE_OWN, .project = "os-vol-tenant-attr:tenant_id",
   .all_query = "all_tenants", .filters = "status", .fields = volumes},
  {.name = "snapshots", .count = 20, .service = "volumev3", .path = "/snapshots/detail",
   .key = "snapshots", .paging = PAGE_LINKS, .limit = 1000, .limit_max = 1000,
   .bad_marker = 404, .reader = SEE_OWN,
   .project = "os-extended-snapshot-attributes:project_id",
   .all_query = "all_tenants", .filters = "status", .fields = snapshots},
  {.name = "backups", .count = 30, .service = "volumev3", .path = "/backups/detail",
   .key = "backups", .paging = PAGE_LINKS, .limit = 1000, .limit_max = 1000,
   .bad_marker = 404, .reader = SEE_OWN, .project = "os-backup-project-attr:project_id",
   .all_query = "all_tenants", .filters = "status", .fields = backups},
  {.name = "pools", .count = 6, .service = "volumev3",
   .path = "/scheduler-stats/get_pools", .key = "pools", .paging = PAGE_NONE,
   .reader = SEE_FORBIDDEN, .policy = "scheduler_extension:scheduler_stats:get_pools",
   .fields = pools},
  {.name = "volume-services", .count = 5, .service = "volumev3", .path = "/os-services",
   .key = "services", .paging = PAGE_NONE, .reader = SEE_FORBIDDEN,
   .policy = "volume_extension:services:index", .fields = volume_services},

  {.name = "floatingips", .count = 40, .service = "network", .path = "/floatingips",
   .key = "floatingips", .paging = PAGE_NEUTRON, .reader = SEE_OWN,
   .project = "project_id", .filters = "status project_id", .fields = floatingips},
  {.name = "vpnservices", .count = 8, .service = "network", .path = "/vpn/vpnservices",
   .key = "vpnservices", .paging = PAGE_NEUTRON, .reader = SEE_OWN,
   .project = "project_id", .fields = vpnservices},
  {.name = "ipsec-site-connections", .count = 6, .service = "network",
   .path = "/vpn/ipsec-site-connections", .key = "ipsec_site_connections",
   .paging = PAGE_NEUTRON, .reader = SEE_OWN, .project = "project_id",
   .fields = ipsec_site_connections},
  {.name = "firewall-groups", .count = 10, .service = "network",
   .path = "/fwaas/firewall_groups", .key = "firewall_groups",
   .paging = PAGE_NEUTRON, .reader = SEE_OWN, .project = "project_id",
   .fields = firewall_groups},
  {.name = "firewall-policies", .count = 4, .service = "network",
   .path = "/fwaas/firewall_policies", .key = "firewall_policies",
   .paging = PAGE_NEUTRON, .reader = SEE_OWN, .project = "project_id",
   .fields = firewall_policies},

  {.name = "loadbalancers", .count = 20, .service = "load-balancer",
   .path = "/lbaas/loadbalancers", .key = "loadbalancers", .paging = PAGE_OCTAVIA,
   .limit = 1000, .limit_max = 1000, .bad_marker = 400, .reader = SEE_FORBIDDEN,
   .project = "project_id", .fields = loadbalancers},

  {.name = "zones", .count = 30, .service = "dns", .path = "/zones", .key = "zones",
   .paging = PAGE_DESIGNATE, .limit = 20, .limit_max = 1000, .bad_marker = 400,
   .reader = SEE_FORBIDDEN, .policy = "all_tenants", .project = "project_id",
   .all_header = "X-Auth-All-Projects", .children = "recordsets", .fields = zones},
  {.name = "recordsets", .count = 3, .service = "dns", .path = "/zones/*/recordsets",
   .everywhere = "/recordsets", .key = "recordsets", .paging = PAGE_DESIGNATE,
   .limit = 20, .limit_max = 1000, .bad_marker = 400, .reader = SEE_FORBIDDEN,
   .policy = "all_tenants", .project = "project_id",
   .all_header = "X-Auth-All-Projects", .parent = "zones", .fields = recordsets},

  {.name = "shares", .count = 25, .service = "sharev2", .path = "/shares/detail",
   .key = "shares", .paging = PAGE_MANILA, .limit = 1000, .limit_max = 1000,
   .reader = SEE_OWN, .project = "project_id", .all_query = "all_tenants",
   .fields = shares},

  {.name = "alarms", .count = 7, .service = "alarming", .path = "/metrics",
   .key = "evaluation_results", .paging = PAGE_NONE, .reader = SEE_FORBIDDEN,
   .policy = "telemetry:get_metrics:all_projects", .project = "project_id",
   .all_query = "all_projects", .fields = alarms},

  {.name = "containers", .count = 3, .service = "object-store", .path = "",
   .paging = PAGE_SWIFT, .limit = 10000, .limit_max = 10000,
   .reader = SEE_FORBIDDEN, .parent = "projects", .objects = "$c", .bytes = "$b",
   .fields = containers},
  {.name = "accounts", .like = "projects", .service = "object-store",
   .children = "containers", .fields = accounts},

  {.name = "buckets", .count = 4, .service = "radosgw", .path = "/admin/bucket",
   .paging = PAGE_BARE, .parent = "projects", .parent_query = "uid",
   .objects = "<5?0|<3?$e|$c>>", .bytes = "<5?0|<3?$G|$F>>", .fields = buckets},
  {.name = "usage", .count = 1, .service = "radosgw", .path = "/admin/usage",
   .key = "entries\": [], \"summary", .paging = PAGE_NONE, .parent = "projects",
   .parent_query = "uid", .fields = usage},
  {.name = "rgw-accounts", .like = "projects", .service = "radosgw",
   .children = "buckets", .fields = nothing},

  {.name = "users", .count = 7, .service = "identity", .path = "/users",
   .key = "users", .paging = PAGE_KEYSTONE, .reader = SEE_FORBIDDEN,
   .policy = "identity:list_users", .filters = "domain_id enabled name",
   .fields = users},
  {0}
};

static const struct state service_states[] = {
  {"up", 1}, {"down", 0}, {NULL, STATE_NOTHING}
};

#define PER_PROJECT "$I"
#define POOL_ID "sim@lvm$x#pool-$x"
/* What is no field of a record. All else comes from the rows: expected.c. */
const struct expectation expectations[] = {
  {.name = "volume.provider.pool.capacity.total", .collection = "pools",
   .field = "=" POOL_TOTAL, .id = POOL_ID},
  {.name = "volume.provider.pool.capacity.free", .collection = "pools",
   .field = "=" POOL_FREE, .id = POOL_ID},
  {.name = "volume.provider.pool.capacity.provisioned", .collection = "pools",
   .field = "=" POOL_PROVISIONED, .id = POOL_ID},
  {.name = "volume.provider.pool.capacity.allocated", .collection = "pools",
   .field = "=" POOL_ALLOCATED, .id = POOL_ID},
  /* By hand: ratio * (total - reserved) - provisioned, reserved rounded down. */
  {.name = "volume.provider.pool.capacity.virtual_free", .collection = "pools",
   .field = "=<18853|6900|null|null|null|50>", .id = POOL_ID},
  {.name = "volume.service.health", .collection = "volume-services",
   .field = "state", .states = service_states,
   .id = "<=0?cinder-scheduler|cinder-volume>@sim@lvm$x"},

  {.name = "dns.zone.recordsets", .collection = "zones", .field = "=$K"},

  {.name = "alarm.evaluation_result.ok", .collection = "alarms", .field = "=$c"},
  {.name = "alarm.evaluation_result.alarm", .collection = "alarms", .field = "=$g"},
  {.name = "alarm.evaluation_result.insufficient_data", .collection = "alarms",
   .field = "=$k"},

  {.name = "storage.objects", .collection = "accounts", .field = "=$O",
   .id = PER_PROJECT},
  {.name = "storage.objects.size", .collection = "accounts", .field = "=$B",
   .id = PER_PROJECT},
  {.name = "storage.objects.containers", .collection = "accounts",
   .field = "=$K", .id = PER_PROJECT},
  {.name = "storage.containers.objects", .collection = "containers",
   .field = "=$c", .id = "$Z/$n"},
  {.name = "storage.containers.objects.size", .collection = "containers",
   .field = "=$b", .id = "$Z/$n"},

  {.name = "radosgw.objects", .collection = "rgw-accounts", .field = "=$O",
   .id = PER_PROJECT},
  {.name = "radosgw.objects.size", .collection = "rgw-accounts",
   .field = "=$B", .id = PER_PROJECT},
  {.name = "radosgw.objects.containers", .collection = "rgw-accounts",
   .field = "=$K", .id = PER_PROJECT},
  {.name = "radosgw.containers.objects", .collection = "buckets",
   .field = "=<5?0|<3?$e|$c>>", .id = "$Z/bucket-$k"},
  {.name = "radosgw.containers.objects.size", .collection = "buckets",
   .field = "=<5?0|<3?$G|$F>>", .id = "$Z/bucket-$k"},
  {.name = "radosgw.api.request", .collection = "rgw-accounts",
   .field = "=<4?0|$q>", .id = PER_PROJECT},
};
const size_t expectations_count =
    sizeof(expectations) / sizeof(expectations[0]);
/* clang-format on */

static const struct collection *const tables[] = {
    main_collections,    compute_collections, placement_collections,
    network_collections, volume_collections,  control_collections,
    other_collections};
struct collection collections[COLLECTIONS];
size_t collections_count;

void apis_init(void) {
  for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
    for (const struct collection *c = tables[i]; c->name != NULL; c++)
      if (collections_count < COLLECTIONS)
        collections[collections_count++] = *c;
}

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
