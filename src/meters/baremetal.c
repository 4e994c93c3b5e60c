/*
 * Ironic: https://docs.openstack.org/api-ref/baremetal/
 *
 * Only what is read is asked for: a whole node has its driver's secrets in it,
 * masked, and is some kilobytes long. A node's conductor is not: asked for it
 * by name, Ironic of 2023.1 answers with 500. To an administrator of a project
 * Ironic of 2025.1 lists only that project's nodes, and no conductors.
 */
#include "meters/meters.h"

static const char version_header[] = "X-OpenStack-Ironic-API-Version: ";

static const char *const node_metadata[] = {
    "provision_state", "power_state",   "resource_class",
    "conductor_group", "instance_uuid", NULL};
static const struct listing nodes = {
    .name = "baremetal_nodes",
    .service = "baremetal",
    .path =
        "/v1/nodes?limit=1000&fields=uuid,name,provision_state,power_state,"
        "maintenance,fault,instance_uuid,resource_class,conductor_group,owner",
    .record = "nodes[]",
    .paging = {.kind = PAGING_LINK, .next = "next"},
    .id = "uuid",
    .name_field = "name",
    .metadata = node_metadata,
    .version_header = version_header,
    .version = "1.50", /* owner; conductor_group is of 1.46, fault of 1.42 */
    .role = "admin or reader" LISTING_OF_SYSTEM,
    .without_role = "only those that its own project owns or leases",
    .needs = "baremetal:node:list_all (a reader of the system; for an older "
             "Ironic also admin)",
};

static const char *const conductor_metadata[] = {"conductor_group", NULL};
static const struct listing conductors = {
    .name = "baremetal_conductors",
    .service = "baremetal",
    .path = "/v1/conductors?limit=1000",
    .record = "conductors[]",
    .paging = {.kind = PAGING_LINK, .next = "next"},
    .id = "hostname",
    .metadata = conductor_metadata,
    .version_header = version_header,
    .version = "1.49",
    .needs = "baremetal:conductor:get (a reader of the system; for an older "
             "Ironic also admin)",
    .absent = {404}, /* below 1.49 */
};

static const char *const provision_states[] = {
    "enroll",         "verifying",
    "manageable",     "available",
    "active",         "deploying",
    "wait call-back", "deploy failed",
    "cleaning",       "clean wait",
    "clean failed",   "inspecting",
    "inspect wait",   "inspect failed",
    "deleting",       "error",
    "rescue",         "rescuing",
    "rescue failed",  "adopting",
    "adopt failed",   NULL};
static const char *const power_states[] = {"power on", "power off", "error",
                                           NULL};
static const char *const yes[] = {"true", NULL};
static const char *const available[] = {"available", NULL};

static const struct state power[] = {
    {"power on", 1}, {"power off", 0}, {.text = NULL, .number = -1}};

/* clang-format off */
#define COUNT(name_, ...)                                                      \
  {.name = "baremetal.node." name_, .from = &nodes, .total = TOTAL_COUNT,      \
   .unit = "node", .choice = CHOICE_PATTERN, __VA_ARGS__}

const struct meter baremetal_meters[] = {
    {.name = "baremetal.node.total", .from = &nodes, .total = TOTAL_COUNT,
     .unit = "node", .choice = CHOICE_PATTERN},
    COUNT("by_provision_state", .group = "provision_state",
          .groups = provision_states),
    COUNT("by_power_state", .group = "power_state", .groups = power_states),
    COUNT("by_resource_class", .group = "resource_class"),
    COUNT("by_conductor_group", .group = "conductor_group"),
    COUNT("maintenance.total", .when = {.field = "maintenance", .texts = yes}),
    COUNT("fault.total", .when = {.field = "fault"}),
    {.name = "baremetal.node.free.total", .from = &nodes, .total = TOTAL_SUM,
     .value = "1 - has(instance_uuid)",
     .when = {.field = "provision_state", .texts = available},
     .unit = "node", .choice = CHOICE_PATTERN},
    {.name = "baremetal.node.power", .from = &nodes,
     .value = "power_state", .states = power,
     .unit = "status", .since = "Kilo", .choice = CHOICE_NAME},
    {.name = "baremetal.node.maintenance", .from = &nodes,
     .value = "maintenance",
     .unit = "maintenance", .since = "Kilo", .choice = CHOICE_NAME},
    {.name = "baremetal.conductor.health", .from = &conductors,
     .value = "alive", .unit = "health", .since = "Stein",
     .choice = CHOICE_PATTERN},
    {.name = NULL},
};
/* clang-format on */
