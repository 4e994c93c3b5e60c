/*
 * openstack - the plugin: what collectd calls, and what is said to it
 *
 * Configuration makes clouds; the init callback starts the pool and registers
 * one read callback per meter, "openstack/CLOUD/METER". A read callback only
 * reports that its interval has come: walks run on the pool. (`collectd -T`
 * calls it on the thread that ran init: then the walks run there, region after
 * region, and their status is returned.)
 *
 * The end: collectd frees the callbacks' user data after its read threads and
 * before its write threads have stopped. The last one freed stops everything.
 */
#include "collectd/cloud_log.h"
#include "collectd/configure.h"
#include "collectd/log.h"
#include "collectd/types.h"
#include "collectd/value_list.h"
#include "collectd/walk_log.h"
#include "config/plugin_options.h"
#include "meter/meter.h"
#include "net/http.h"
#include "walk/cloud.h"
#include "walk/pool.h"
#include "walk/schedule.h"

#include "collectd.h"
#include "plugin.h"
#include "utils/common/common.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A cloud, and what is logged of it. */
struct running_cloud {
  struct cloud *cloud;
  struct cloud_log log;
  struct schedule_log *schedules; /* one for each schedule */
  size_t nschedules;
};

/* What speaks for one walk: a listing in a region, or in none. Used by the
 * thread that runs it. */
struct region_log {
  struct running_cloud *running;
  struct report report;
  struct walk_log log;
  struct region_log *next;
};

/* What speaks for a schedule. */
struct schedule_log {
  struct running_cloud *running;
  const struct schedule *schedule;
  struct region_log *regions; /* the walks', and one of those in no region */
};

static struct plugin_options options = PLUGIN_OPTIONS_INIT;
static struct running_cloud *clouds;
static size_t nclouds;
static struct pool *pool;
static pthread_t init_thread;
static bool http_started;
static size_t turns_out; /* read callbacks that collectd still has */

/* ---- the walk's visitor ------------------------------------------------- */

static void *on_open(void *arg, const char *region, bool named) {
  struct schedule_log *log = arg;
  struct region_log *w = calloc(1, sizeof(*w));
  if (w == NULL)
    return NULL;
  w->running = log->running;
  report_init(&w->report, cloud_config(w->running->cloud), log->schedule,
              region, named);
  w->log.report = &w->report;
  w->next = log->regions;
  log->regions = w;
  return w;
}

static void on_begin(void *state) {
  struct region_log *w = state;
  report_begin(&w->report);
}

static void on_sample(void *state, const struct sample *sample) {
  struct region_log *w = state;
  report_sample(&w->report, sample);
}

static void on_end(void *state, const struct walk_summary *summary,
                   const struct error *err) {
  struct region_log *w = state;
  if (err != NULL && err->code == ERROR_STOPPED)
    return;
  if (err != NULL && err->code == ERROR_ABSENT) {
    walk_log_absent(&w->log, summary, err);
    return;
  }
  report_walk(&w->report, summary);
  if (summary->first_region != NULL)
    cloud_log_late(&w->running->log, summary->region, summary->first_region);
  if (err != NULL && err->code == ERROR_LOGIN) {
    cloud_log_login(&w->running->log, err, summary->login_retry_ms);
    return;
  }
  if (err != NULL && err->code == ERROR_REGION) {
    cloud_log_region(&w->running->log, summary->region, err);
    return;
  }
  if (err != NULL) {
    walk_log_failure(&w->log, summary, err);
    return;
  }
  if (!summary->login_fails)
    cloud_log_login(&w->running->log, NULL, 0);
  walk_log_success(&w->log, summary);
}

/* ---- read callbacks ----------------------------------------------------- */

/* In the daemon always 0: collectd's own back-off would double up to a day. */
static int meter_read(user_data_t *user_data) {
  struct turn *turn = user_data->data;
  bool here = pthread_equal(pthread_self(), init_thread);
  bool leads = schedule_turn(turn) == TURN_LEAD;
  if (leads)
    schedule_start(turn->schedule, here ? NULL : pool);
  return here && leads ? schedule_status(turn->schedule) : 0;
}

static void schedule_logs_free(struct schedule_log *schedules, size_t n) {
  for (size_t i = 0; schedules != NULL && i < n; i++) {
    while (schedules[i].regions != NULL) {
      struct region_log *w = schedules[i].regions;
      schedules[i].regions = w->next;
      report_clear(&w->report);
      free(w);
    }
  }
  free(schedules);
}

static void stop_all(void) {
  if (pool != NULL)
    pool_close(pool);
  for (size_t i = 0; i < nclouds; i++)
    if (clouds[i].cloud != NULL)
      cloud_stop(clouds[i].cloud);
  pool_free(pool);
  pool = NULL;
  for (size_t i = 0; i < nclouds; i++) {
    cloud_free(clouds[i].cloud);
    schedule_logs_free(clouds[i].schedules, clouds[i].nschedules);
    cloud_log_clear(&clouds[i].log);
  }
  free(clouds);
  clouds = NULL;
  nclouds = 0;
}

/* Called by collectd on one thread, for each read callback. The turns are their
 * clouds'. */
static void turn_back(void *turn) {
  (void)turn;
  if (--turns_out == 0)
    stop_all();
}

static int register_turn(const struct cloud_config *config, struct turn *turn) {
  char name[DATA_MAX_NAME_LEN];
  turns_out++;
  ssnprintf(name, sizeof(name), "openstack/%s/%s", config->name,
            turn->meter->name);
  /* On failure collectd frees the user data itself. */
  return plugin_register_complex_read(
      "openstack", name, meter_read,
      MS_TO_CDTIME_T(schedule_interval_ms(turn->schedule)),
      &(user_data_t){.data = turn, .free_func = turn_back});
}

/* ---- start and stop ----------------------------------------------------- */

static int start_cloud(struct running_cloud *running,
                       const struct cloud_config *config) {
  struct error err;
  struct schedule *const *schedules;
  running->cloud = cloud_new(config, &err);
  if (running->cloud == NULL)
    goto fail;
  running->nschedules = cloud_schedules(running->cloud, &schedules);
  running->schedules = calloc(running->nschedules, sizeof(*running->schedules));
  if (running->schedules == NULL) {
    error_memory(&err);
    goto fail;
  }
  for (size_t i = 0; i < running->nschedules; i++) {
    struct schedule_log *w = &running->schedules[i];
    *w = (struct schedule_log){.running = running, .schedule = schedules[i]};
    const struct walk_visitor visitor = {.open = on_open,
                                         .begin = on_begin,
                                         .sample = on_sample,
                                         .end = on_end,
                                         .arg = w};
    if (schedule_visit(schedules[i], &visitor, &err) != 0)
      goto fail;
  }
  log_info("cloud \"%s\": %zu meters in %zu walks, every %.15g s", config->name,
           config->nmeters, running->nschedules,
           (double)config->interval_ms / 1000.0);
  return 0;
fail:
  log_error("cloud \"%s\": %s", config->name, err.text);
  return -1;
}

static int start_clouds(void) {
  clouds = calloc(options.nclouds, sizeof(*clouds));
  if (clouds == NULL) {
    log_error("out of memory");
    return -1;
  }
  for (size_t i = 0; i < options.nclouds; i++) {
    cloud_log_init(&clouds[i].log, options.clouds[i]->name);
    nclouds++;
    if (types_check(options.clouds[i]) != 0 ||
        start_cloud(&clouds[i], options.clouds[i]) != 0)
      return -1;
  }
  return 0;
}

static int register_all(void) {
  for (size_t i = 0; i < nclouds; i++) {
    struct turn *turns;
    size_t n = cloud_turns(clouds[i].cloud, &turns);
    for (size_t j = 0; j < n; j++)
      if (register_turn(cloud_config(clouds[i].cloud), &turns[j]) != 0)
        return -1;
  }
  return 0;
}

static int openstack_init(void) {
  struct error err;
  log_info("version %s", OPENSTACK_PLUGIN_VERSION);
  if (configure_all(&options) != 0)
    return -1;
  if (options.nclouds == 0) {
    log_warning("there is no <Cloud> block: nothing to do");
    return 0;
  }
  init_thread = pthread_self();
  if (http_start_up(&err) != 0) {
    log_error("%s", err.text);
    return -1;
  }
  http_started = true;
  if (start_clouds() != 0) {
    stop_all();
    return -1;
  }
  pool = pool_new(options.workers, nclouds, plugin_thread_create, &err);
  if (pool == NULL) {
    log_error("%s", err.text);
    stop_all();
    return -1;
  }
  return register_all();
}

/* User data, and so clouds and pool, are gone by now. */
static int openstack_shutdown(void) {
  if (turns_out == 0)
    stop_all();
  configure_forget();
  plugin_options_clear(&options);
  if (http_started)
    http_shut_down();
  http_started = false;
  return 0;
}

void module_register(void) {
  configure_interval();
  plugin_register_complex_config("openstack", configure_block);
  plugin_register_init("openstack", openstack_init);
  plugin_register_shutdown("openstack", openstack_shutdown);
}
