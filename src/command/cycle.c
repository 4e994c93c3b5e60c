#include "command/cycle.h"

#include "base/text.h"

size_t cycle_choose(struct cloud_config *config, const char *pattern) {
  size_t n = 0;
  for (size_t i = 0; i < config->nmeters; i++) {
    struct cloud_meter *from = &config->meters[i], *to = &config->meters[n];
    if (!text_match(pattern, from->meter.name))
      continue;
    bool named = from->meter.named != NULL;
    *to = *from;
    to->meter.named = named ? to->named : NULL;
    n++;
  }
  config->nmeters = n;
  return n;
}

/* As the daemon's read callbacks do. */
static int run_turns(struct cloud *cloud, const struct cycle_options *options) {
  struct turn *turns;
  size_t n = cloud_turns(cloud, &turns);
  int status = 0;
  for (size_t i = 0; i < n; i++) {
    if (schedule_turn(&turns[i]) != TURN_LEAD)
      continue;
    if (options->next != NULL &&
        !options->next(options->arg, schedule_listing(turns[i].schedule)))
      return 1;
    schedule_start(turns[i].schedule, NULL);
    if (schedule_status(turns[i].schedule) != 0)
      status = 1;
  }
  return status;
}

static void probe_all(struct cloud *cloud) {
  struct schedule *const *schedules;
  size_t n = cloud_schedules(cloud, &schedules);
  for (size_t i = 0; i < n; i++)
    schedule_probe(schedules[i]);
}

int cycle_run(const struct cloud_config *config,
              const struct cycle_options *options, struct error *err) {
  struct cloud *cloud = cloud_new(config, err);
  if (cloud == NULL)
    return -1;
  struct cloud_report *report = cloud_report_new(cloud, options->watcher, err);
  int status = report != NULL ? 0 : -1;
  if (status == 0) {
    if (options->probe)
      probe_all(cloud);
    status = run_turns(cloud, options);
    if (options->end != NULL)
      options->end(options->arg, cloud);
  }
  cloud_free(cloud);
  cloud_report_free(report);
  return status;
}
