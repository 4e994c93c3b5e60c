/*
 * Gnocchi: https://gnocchi.osci.io/rest.html
 *
 * What it has still to do is one request, without the details. Its processors
 * are null where it has no coordinator that knows them: divided by 0, no value.
 */
#include "meters/meters.h"

static const struct listing status = {
    .name = "metric_status",
    .service = "metric",
    .path = "/v1/status?details=False",
    .record = "storage.summary",
    .id = "metrics",
    .needs = "get status (role admin)",
};

/* clang-format off */
#define ANSWER(name_, value_, unit_, since_)                                   \
  {.name = name_, .from = &status, .of = METER_ANSWER, .value = value_,        \
   .unit = unit_, .since = since_, .choice = CHOICE_NAME}

const struct meter metric_meters[] = {
    ANSWER("metric.measures.waiting", "storage.summary.measures",
           "measure", "Mitaka"),
    ANSWER("metric.metrics.waiting", "storage.summary.metrics",
           "metric", "Mitaka"),
    ANSWER("metric.processors",
           "count(metricd.processors[]) / has(metricd.processors)",
           "processor", "Pike"),
    {.name = NULL},
};
/* clang-format on */
