/*
 * Magnum:
 * https://docs.openstack.org/api-ref/container-infrastructure-management/
 *
 * An administrator gets all projects' clusters unasked; only the detailed list
 * tells whose they are.
 */
#include "meters/meters.h"

#include <math.h>

static const char service[] = "container-infrastructure-management";

static const char *const cluster_metadata[] = {"status", "health_status",
                                               "cluster_template_id", NULL};
static const struct listing clusters = {
    .name = "container_clusters",
    .service = service,
    .path = "/v1/clusters/detail?limit=1000",
    .record = "clusters[]",
    .paging = {.kind = PAGING_LINK, .next = "next"},
    .id = "uuid",
    .name_field = "name",
    .project = "project_id",
    .user = "user_id",
    .metadata = cluster_metadata,
    .role = "admin",
    .without_role = "only those of its own project",
};

static const char *const service_metadata[] = {"binary", "host",
                                               "disabled_reason", NULL};
static const struct listing services = {
    .name = "container_services",
    .service = service,
    .path = "/v1/mservices",
    .record = "mservices[]",
    .id = "{binary}@{host}",
    .metadata = service_metadata,
    .needs = "magnum-service:get_all (role admin)",
};

static const struct state up_down[] = {
    {"up", 1}, {"down", 0}, {.text = NULL, .number = NAN}};

/* OpenStack-exporter's numbers, as dashboards have them. */
static const struct state status[] = {
    {"create_complete", 0},       {"update_complete", 5},
    {"resume_complete", 9},       {"restore_complete", 11},
    {"rollback_complete", 14},    {"snapshot_complete", 15},
    {"check_complete", 16},       {"adopt_complete", 17},
    {"create_in_progress", 2},    {"update_in_progress", 3},
    {"delete_in_progress", 6},    {"rollback_in_progress", 12},
    {"delete_complete", 8},       {"create_failed", 1},
    {"update_failed", 4},         {"delete_failed", 7},
    {"resume_failed", 10},        {"rollback_failed", 13},
    {.text = NULL, .number = -1},
};
static const char *const cluster_states[] = {"CREATE_IN_PROGRESS",
                                             "CREATE_FAILED",
                                             "CREATE_COMPLETE",
                                             "UPDATE_IN_PROGRESS",
                                             "UPDATE_FAILED",
                                             "UPDATE_COMPLETE",
                                             "DELETE_IN_PROGRESS",
                                             "DELETE_FAILED",
                                             "DELETE_COMPLETE",
                                             "RESUME_COMPLETE",
                                             "RESUME_FAILED",
                                             "RESTORE_COMPLETE",
                                             "ROLLBACK_IN_PROGRESS",
                                             "ROLLBACK_FAILED",
                                             "ROLLBACK_COMPLETE",
                                             "SNAPSHOT_COMPLETE",
                                             "CHECK_COMPLETE",
                                             "ADOPT_COMPLETE",
                                             NULL};
static const char *const health_states[] = {"HEALTHY", "UNHEALTHY", "UNKNOWN",
                                            NULL};

/* clang-format off */
const struct meter container_meters[] = {
    METERS_TOTALS("container.cluster", clusters, .total = TOTAL_COUNT,
                  .unit = "cluster", .choice = CHOICE_PATTERN),
    {.name = "container.cluster.by_status", .from = &clusters,
     .total = TOTAL_COUNT, .group = "status", .groups = cluster_states,
     .unit = "cluster", .choice = CHOICE_PATTERN},
    {.name = "container.cluster.by_health", .from = &clusters,
     .total = TOTAL_COUNT, .group = "health_status", .groups = health_states,
     .unit = "cluster", .choice = CHOICE_PATTERN},
    {.name = "container.cluster.masters", .from = &clusters,
     .value = "master_count",
     .unit = "node", .since = "Mitaka", .choice = CHOICE_NAME},
    {.name = "container.cluster.nodes", .from = &clusters,
     .value = "node_count",
     .unit = "node", .since = "Mitaka", .choice = CHOICE_NAME},
    {.name = "container.cluster.status", .from = &clusters,
     .value = "status", .states = status,
     .unit = "status", .since = "Mitaka", .choice = CHOICE_NAME},
    {.name = "container.service.health", .from = &services,
     .value = "state", .states = up_down,
     .unit = "health", .since = "Mitaka", .choice = CHOICE_PATTERN},
    {.name = NULL},
};
/* clang-format on */
