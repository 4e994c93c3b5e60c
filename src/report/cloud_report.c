#include "report/cloud_report.h"

#include "report/cloud_log.h"
#include "report/value_list.h"
#include "report/walk_log.h"

#include <stdlib.h>

/* What reports on one walk: a listing in a region, or in none. Used by the
 * thread that runs it. */
struct region_report {
  struct cloud_report *owner;
  struct report report;
  struct walk_log log;
  struct region_report *next;
};

/* What reports on the walks of a schedule. */
struct schedule_report {
  struct cloud_report *owner;
  const struct schedule *schedule;
  struct region_report *regions; /* the walks', and one of those in no region */
};

struct cloud_report {
  const struct cloud_config *config;
  struct walk_watcher watcher;
  struct cloud_log log;
  struct schedule_report *schedules; /* one for each schedule */
  size_t nschedules;
};

/* ---- the walk's visitor ------------------------------------------------- */

static void *on_open(void *arg, const char *region, bool named) {
  struct schedule_report *of = arg;
  struct region_report *w = calloc(1, sizeof(*w));
  if (w == NULL)
    return NULL;
  w->owner = of->owner;
  report_init(&w->report, of->owner->config, of->schedule, region, named);
  w->log.report = &w->report;
  w->next = of->regions;
  of->regions = w;
  return w;
}

static void on_begin(void *state, bool goes_on) {
  struct region_report *w = state;
  report_begin(&w->report, goes_on);
}

static void on_sample(void *state, const struct sample *sample) {
  struct region_report *w = state;
  report_sample(&w->report, sample);
}

/* The listing's own service, and not Keystone: no answer at all. */
static bool is_unreached(const struct walk_summary *summary,
                         const struct error *err) {
  return err->code == ERROR_UNREACHED && !summary->unasked &&
         !summary->pass.answered;
}

/* What other walks have as well, and may have seen the end of since. */
static bool is_old(const struct walk_summary *summary,
                   const struct error *err) {
  bool shared = err->code == ERROR_LOGIN || err->code == ERROR_UNREACHED;
  return shared && !summary->own_failure;
}

static void report_end(struct region_report *w,
                       const struct walk_summary *summary,
                       const struct error *err) {
  struct cloud_log *log = &w->owner->log;
  const struct listing *listing = w->report.origin.listing;
  if (summary->pass.answered)
    cloud_log_reached(log, listing, summary->region);
  if (err != NULL && err->code == ERROR_ABSENT) {
    if (summary->unasked)
      cloud_log_absent(log, listing, summary->region, err);
    else
      walk_log_absent(&w->log, summary, err);
    return;
  }
  report_walk(&w->report, summary);
  cloud_log_idle(log, "Project", summary->idle_project);
  cloud_log_idle(log, "Domain", summary->idle_domain);
  if (summary->first_region != NULL)
    cloud_log_late(log, summary->region, summary->first_region);
  if (err != NULL && is_old(summary, err))
    return;
  if (err != NULL && err->code == ERROR_LOGIN) {
    cloud_log_login(log, err, summary->login_retry_ms);
    return;
  }
  if (err != NULL && err->code == ERROR_REGION) {
    cloud_log_region(log, summary->region, err);
    return;
  }
  if (err != NULL && is_unreached(summary, err)) {
    cloud_log_unreached(log, listing, summary->region, err);
    return;
  }
  if (err != NULL) {
    walk_log_failure(&w->log, summary, err);
    return;
  }
  if (!summary->login_fails)
    cloud_log_login(log, NULL, 0);
  walk_log_success(&w->log, summary);
}

static void on_end(void *state, const struct walk_summary *summary,
                   const struct error *err) {
  struct region_report *w = state;
  const struct walk_watcher *watcher = &w->owner->watcher;
  if (err != NULL && err->code == ERROR_STOPPED)
    return;
  if (err != NULL && err->code == ERROR_MOVED) {
    report_drop(&w->report);
    walk_log_moved(&w->log, summary);
    return;
  }
  report_end(w, summary, err);
  if (watcher->end != NULL)
    watcher->end(watcher->arg, w->report.origin.listing, summary, err,
                 w->report.clashes);
}

/* ---- life cycle --------------------------------------------------------- */

static int visit_schedule(struct schedule_report *of, struct schedule *schedule,
                          struct error *err) {
  const struct walk_visitor visitor = {.open = on_open,
                                       .begin = on_begin,
                                       .sample = on_sample,
                                       .end = on_end,
                                       .arg = of};
  return schedule_visit(schedule, &visitor, err);
}

struct cloud_report *cloud_report_new(struct cloud *cloud,
                                      const struct walk_watcher *watcher,
                                      struct error *err) {
  struct schedule *const *schedules;
  struct cloud_report *report = calloc(1, sizeof(*report));
  if (report == NULL) {
    error_memory(err);
    return NULL;
  }
  report->config = cloud_config(cloud);
  if (watcher != NULL)
    report->watcher = *watcher;
  cloud_log_init(&report->log, report->config);
  report->nschedules = cloud_schedules(cloud, &schedules);
  report->schedules =
      calloc(report->nschedules + 1, sizeof(*report->schedules));
  if (report->schedules == NULL) {
    error_memory(err);
    goto fail;
  }
  for (size_t i = 0; i < report->nschedules; i++) {
    struct schedule_report *of = &report->schedules[i];
    *of = (struct schedule_report){.owner = report, .schedule = schedules[i]};
    if (visit_schedule(of, schedules[i], err) != 0)
      goto fail;
  }
  return report;
fail:
  cloud_report_free(report);
  return NULL;
}

void cloud_report_free(struct cloud_report *report) {
  if (report == NULL)
    return;
  for (size_t i = 0; report->schedules != NULL && i < report->nschedules; i++)
    while (report->schedules[i].regions != NULL) {
      struct region_report *w = report->schedules[i].regions;
      report->schedules[i].regions = w->next;
      report_clear(&w->report);
      free(w);
    }
  free(report->schedules);
  cloud_log_clear(&report->log);
  free(report);
}
