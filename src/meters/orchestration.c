/*
 * Heat: https://docs.openstack.org/api-ref/orchestration/v1/
 *
 * By Heat's own policy nobody may list the stacks of all projects (403), not
 * even an administrator: then there is nothing here. A process that has ended
 * stays down until it is cleaned away, and a new one has another engine_id.
 */
#include "meters/meters.h"

#include <math.h>

static const char *const stack_metadata[] = {"stack_status", "stack_owner",
                                             "creation_time", NULL};
static const struct listing stacks = {
    .name = "stacks",
    .service = "orchestration",
    .path = "/stacks?global_tenant=True&limit=1000",
    .record = "stacks[]",
    .paging = {.kind = PAGING_LINKS, .next = "links[]"},
    .id = "id",
    .name_field = "stack_name",
    .project = "project",
    .metadata = stack_metadata,
    .needs = "stacks:global_index (which Heat gives to nobody)",
    .absent = {403},
};

static const char *const service_metadata[] = {"binary", "hostname",
                                               "engine_id", "status", NULL};
static const struct listing services = {
    .name = "orchestration_services",
    .service = "orchestration",
    .path = "/services",
    .record = "services[]",
    .id = "{binary}@{hostname}:{engine_id}",
    .metadata = service_metadata,
    .needs = "service:index (role admin)",
};

static const struct state up_down[] = {
    {"up", 1}, {"down", 0}, {.text = NULL, .number = NAN}};

/* clang-format off */
#define ACTIONS(status_)                                                       \
  status_("INIT", "init", 0) status_("CREATE", "create", 3)                    \
  status_("DELETE", "delete", 6) status_("UPDATE", "update", 9)                \
  status_("ROLLBACK", "rollback", 12) status_("SUSPEND", "suspend", 15)        \
  status_("RESUME", "resume", 18) status_("ADOPT", "adopt", 21)                \
  status_("SNAPSHOT", "snapshot", 24) status_("CHECK", "check", 27)

#define UPPER(upper, lower, n)                                                 \
  upper "_IN_PROGRESS", upper "_FAILED", upper "_COMPLETE",
#define FAILED(upper, lower, n) lower "_failed",
#define COMPLETE_STATE(upper, lower, n) {lower "_complete", (n) + 2},
#define RUNNING_STATE(upper, lower, n) {lower "_in_progress", (n)},
#define FAILED_STATE(upper, lower, n) {lower "_failed", (n) + 1},

static const char *const stack_states[] = {ACTIONS(UPPER) NULL};
static const char *const failed[] = {ACTIONS(FAILED) NULL};

/* OpenStack-exporter's numbers, as dashboards have them. */
static const struct state stack_status[] = {
    ACTIONS(COMPLETE_STATE) ACTIONS(RUNNING_STATE) ACTIONS(FAILED_STATE)
    {.text = NULL, .number = -1},
};

const struct meter orchestration_meters[] = {
    METERS_TOTALS("orchestration.stack", stacks, .total = TOTAL_COUNT,
                  .unit = "stack", .choice = CHOICE_PATTERN),
    {.name = "orchestration.stack.by_status", .from = &stacks,
     .total = TOTAL_COUNT, .group = "stack_status", .groups = stack_states,
     .unit = "stack", .choice = CHOICE_PATTERN},
    {.name = "orchestration.stack.failed.total", .from = &stacks,
     .total = TOTAL_COUNT, .when = {.field = "stack_status", .texts = failed},
     .unit = "stack", .choice = CHOICE_PATTERN},
    {.name = "orchestration.stack.status", .from = &stacks,
     .value = "stack_status", .states = stack_status,
     .unit = "status", .since = "Icehouse", .choice = CHOICE_NAME},
    {.name = "orchestration.service.up.by_host", .from = &services,
     .total = TOTAL_SUM, .value = "status", .states = up_down,
     .group = "hostname", .unit = "service", .choice = CHOICE_PATTERN},
    {.name = "orchestration.service.health", .from = &services,
     .value = "status", .states = up_down,
     .unit = "health", .since = "Juno", .choice = CHOICE_NAME},
    {.name = NULL},
};
/* clang-format on */
