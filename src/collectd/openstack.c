/*
 * openstack - the plugin: the functions that collectd calls
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
#include "collectd/configure.h"
#include "collectd/types.h"
#include "config/plugin_options.h"
#include "meter/meter.h"
#include "net/http.h"
#include "report/cloud_report.h"
#include "report/log.h"
#include "report/share_report.h"
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

/* A cloud, and what reports on it. */
struct running_cloud {
  struct cloud *cloud;
  struct cloud_report *report;
  struct share_report share; /* if others share it */
};

static struct plugin_options options = PLUGIN_OPTIONS_INIT;
static struct running_cloud *clouds;
static size_t nclouds;
static struct pool *pool;
static pthread_t init_thread;
static bool http_started;
static _Atomic bool joined; /* those that share a cloud with this daemon */
static pthread_mutex_t join_lock = PTHREAD_MUTEX_INITIALIZER;
static bool join_failed; /* and that has been logged */
static size_t turns_out; /* read callbacks that collectd still has */

/* ---- read callbacks ----------------------------------------------------- */

/* With the lock. Each turn tries again; the first failure is logged. */
static bool try_join(void) {
  struct error err;
  bool all = true;
  for (size_t i = 0; i < nclouds; i++) {
    if (cloud_join(clouds[i].cloud, pool, hostname_g, plugin_thread_create,
                   &err) == 0)
      continue;
    if (!join_failed)
      log_error("cloud \"%s\": %s; no values until there is one",
                cloud_config(clouds[i].cloud)->name, err.text);
    all = false;
  }
  join_failed = !all;
  return all;
}

/* With the first turn of the daemon's: `collectd -T` walks alone. */
static void join_all(void) {
  pthread_mutex_lock(&join_lock);
  joined = joined || try_join();
  pthread_mutex_unlock(&join_lock);
}

/* In the daemon always 0: collectd's own back-off would double up to a day. */
static int meter_read(user_data_t *user_data) {
  struct turn *turn = user_data->data;
  bool here = pthread_equal(pthread_self(), init_thread);
  if (!here && !joined)
    join_all();
  bool leads = schedule_turn(turn) == TURN_LEAD;
  if (leads)
    schedule_start(turn->schedule, here ? NULL : pool);
  return here && leads ? schedule_status(turn->schedule) : 0;
}

static void stop_all(void) {
  if (pool != NULL)
    pool_close(pool);
  for (size_t i = 0; i < nclouds; i++)
    if (clouds[i].cloud != NULL)
      cloud_stop(clouds[i].cloud);
  pool_free(pool);
  pool = NULL;
  for (size_t i = 0; i < nclouds; i++)
    if (clouds[i].cloud != NULL)
      cloud_leave(clouds[i].cloud);
  for (size_t i = 0; i < nclouds; i++) {
    cloud_free(clouds[i].cloud);
    cloud_report_free(clouds[i].report);
    share_report_clear(&clouds[i].share);
  }
  free(clouds);
  clouds = NULL;
  nclouds = 0;
  joined = join_failed = false;
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
      MS_TO_CDTIME_T(schedule_turn_ms(turn->schedule)),
      &(user_data_t){.data = turn, .free_func = turn_back});
}

/* ---- start and stop ----------------------------------------------------- */

/* How many there are: one may be walked at two paces. */
static size_t count_listings(struct schedule *const *schedules, size_t n) {
  size_t listings = 0;
  for (size_t i = 0; i < n; i++) {
    size_t j = 0;
    while (schedule_listing(schedules[j]) != schedule_listing(schedules[i]))
      j++;
    listings += i == j;
  }
  return listings;
}

static int start_cloud(struct running_cloud *running,
                       const struct cloud_config *config) {
  struct error err;
  struct schedule *const *schedules;
  running->cloud = cloud_new(config, &err);
  if (running->cloud == NULL)
    goto fail;
  running->report = cloud_report_new(running->cloud, NULL, &err);
  if (running->report == NULL)
    goto fail;
  struct member *member = cloud_member(running->cloud);
  if (member != NULL &&
      share_report_init(&running->share, config, hostname_g, member, &err) != 0)
    goto fail;
  size_t nschedules = cloud_schedules(running->cloud, &schedules);
  log_info("cloud \"%s\": %zu meters of %zu listings, every %.15g s",
           config->name, config->nmeters, count_listings(schedules, nschedules),
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
