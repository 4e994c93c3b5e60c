/*
 * Aodh: https://docs.openstack.org/aodh/latest/
 *
 * How often each alarm was evaluated to each state. Ceilometer gives the three
 * numbers one name and one id; here each has its own.
 * The server answers 403 until its enable_evaluation_results_metrics is on, and
 * 404 before 2025.2.
 */
#include "meters/meters.h"

static const struct listing evaluation_results = {
    .name = "evaluation_results",
    .service = "alarming",
    .path = "/v2/metrics?all_projects=true",
    .record = "evaluation_results[]",
    .id = "alarm_id",
    .project = "project_id",
    .needs = "enable_evaluation_results_metrics in aodh.conf (role admin)",
    .absent = {403, 404},
};

/* clang-format off */
const struct meter alarm_meters[] = {
    {.name = "alarm.evaluation_result.ok", .from = &evaluation_results,
     .value = "state_counters.ok",
     .unit = "evaluation_result_count", .since = "2025.2"},
    {.name = "alarm.evaluation_result.alarm", .from = &evaluation_results,
     .value = "state_counters.alarm",
     .unit = "evaluation_result_count", .since = "2025.2"},
    {.name = "alarm.evaluation_result.insufficient_data",
     .from = &evaluation_results,
     .value = "state_counters.\"insufficient data\"",
     .unit = "evaluation_result_count", .since = "2025.2"},
    {.name = NULL},
};
/* clang-format on */
