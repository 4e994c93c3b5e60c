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
#include <stdarg.h>
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
  struct log_limit trouble;
  unsigned notices; /* bits of enum notice: what has been said */
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

/* ---- what is said of a walk --------------------------------------------- */

/* "cloud "prod": images" and the region if it is named. */
static void name_walk(const struct region_log *w,
                      const struct walk_summary *summary, char *dst,
                      size_t size) {
  bool named = w->report.named;
  ssnprintf(dst, size, "cloud \"%s\": %s%s%s", w->report.cloud->name,
            w->report.listing->name, named ? ", region " : "",
            named ? summary->region : "");
}

/* Things worth one line in the daemon's life, for each region. */
enum notice {
  /* of a listing's answers, be it the walk's or that of owners: */
  NOTICE_NOBODYS,
  NOTICE_ODD,
  NOTICE_TWINS,
  NOTICE_ROUND,
  NOTICE_UNFOLLOWED,
  NOTICE_OWNERS, /* from here the same of owners */
  NOTICE_ABSENT = 2 * NOTICE_OWNERS,
  NOTICE_RIGHTS,
  NOTICE_STATE,
  NOTICE_NUMBER,
  NOTICE_FIELD,
  NOTICE_OWN_PROJECT,
  NOTICE_OWN_DOMAIN,
  NOTICE_PROJECTS_CUT,
  NOTICE_FORBIDDEN,
  NOTICE_NAMELESS,
  NOTICE_BLIND,
  NOTICE_DENIED,
  NOTICE_REFUSED,
  NOTICE_CLASH,
  NOTICE_CROWDED,
  NOTICE_PROJECTS_ROUND,
};

static void say_once(struct region_log *w, const struct walk_summary *summary,
                     enum notice notice, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void say_once(struct region_log *w, const struct walk_summary *summary,
                     enum notice notice, const char *format, ...) {
  char walk[300], text[600];
  if ((w->notices & 1u << notice) != 0)
    return;
  w->notices |= 1u << notice;
  va_list ap;
  va_start(ap, format);
  vsnprintf(text, sizeof(text), format, ap);
  va_end(ap);
  name_walk(w, summary, walk, sizeof(walk));
  log_notice("%s: %s", walk, text);
}

static void say_failure(struct region_log *w,
                        const struct walk_summary *summary,
                        const struct error *err) {
  const struct listing *listing = w->report.listing;
  const char *needs = listing->needs != NULL ? listing->needs : listing->role;
  char walk[300], next[64] = "next try at the next interval";
  name_walk(w, summary, walk, sizeof(walk));
  if (!log_due(&w->trouble, log_kind(err)))
    return;
  if (summary->retry_ms > 0)
    ssnprintf(next, sizeof(next), "next try in %.0f s",
              (double)summary->retry_ms / 1000.0);
  if (err->code != ERROR_DENIED)
    log_error("%s: %s; %s%s", walk, err->text, next,
              w->trouble.flaps ? "; it comes and goes" : "");
  else /* rights do not change by themselves */
    say_once(w, summary, NOTICE_FORBIDDEN,
             "%s: the user is not allowed to; it needs %s; %s", err->text,
             needs != NULL ? needs : "another role", next);
}

static void say_notes(struct region_log *w, const struct walk_summary *s,
                      const struct sample_notes *notes) {
  if (notes->n[NOTE_STATE] > 0)
    say_once(w, s, NOTICE_STATE, "%s: no value for it",
             notes->example[NOTE_STATE]);
  if (notes->n[NOTE_NUMBER] > 0)
    say_once(w, s, NOTICE_NUMBER,
             "%zu values are not numbers: they and their totals are left out, "
             "such as %s",
             notes->n[NOTE_NUMBER], notes->example[NOTE_NUMBER]);
  if (notes->n[NOTE_FIELD] > 0)
    say_once(w, s, NOTICE_FIELD,
             "no record has the field of the sum %s: no sum",
             notes->example[NOTE_FIELD]);
}

/* What an answer shows of itself, and what a server may hide without a word.
 * What is missing of owners is missing of their records. */
static void say_answers(struct region_log *w, const struct walk_summary *s,
                        bool owners) {
  const struct pass_result *pass = owners ? &s->owners : &s->pass;
  const struct listing *of = owners ? w->report.listing->owners : NULL;
  const char *name = of != NULL ? of->name : "",
             *colon = of != NULL ? ": " : "";
  enum notice first = owners ? NOTICE_OWNERS : 0;
  if (pass->notes.n[NOTE_PROJECT] > 0)
    say_once(w, s, first + NOTICE_NOBODYS,
             "%s%s%zu records name no project, such as %s: they pass no "
             "filter, and no sum by project has them",
             name, colon, pass->notes.n[NOTE_PROJECT],
             pass->notes.example[NOTE_PROJECT]);
  if (pass->odd > 0)
    say_once(w, s, first + NOTICE_ODD,
             "%s%s%llu records without an id are left out", name, colon,
             (unsigned long long)pass->odd);
  if (pass->twins > 0)
    say_once(w, s, first + NOTICE_TWINS,
             "%s%s%llu records of an id that came before are left out", name,
             colon, (unsigned long long)pass->twins);
  if (pass->round > 0)
    say_once(w, s, first + NOTICE_ROUND,
             "%s%sexactly %llu records in one page, without a link to more: a "
             "limit of the service may hide some",
             name, colon, (unsigned long long)pass->round);
  if (pass->unfollowed)
    say_once(w, s, first + NOTICE_UNFOLLOWED,
             "%s%sthe answer has a next link, which is not followed: this is "
             "one page of several; see Paging",
             name, colon);
}

/* What the token may not see. */
static void say_rights(struct region_log *w, const struct walk_summary *s) {
  const struct listing *listing = w->report.listing;
  if (s->few_rights)
    say_once(w, s, NOTICE_RIGHTS,
             "the token lacks the role %s: probably it sees %s", listing->role,
             listing->without_role);
  if (s->own_project_only)
    say_once(w, s, NOTICE_OWN_PROJECT,
             "the token may not list projects (identity:list_projects): only "
             "its own is known");
  if (s->own_domain_only)
    say_once(w, s, NOTICE_OWN_DOMAIN,
             "the token is of one domain: only its projects are known");
  if (s->projects_cut && s->up)
    say_once(w, s, NOTICE_PROJECTS_CUT,
             "Keystone's list_limit hides some of the projects");
  if (s->nameless.code != ERROR_NONE)
    say_once(w, s, NOTICE_NAMELESS, "%s: some names are missing or old",
             s->nameless.text);
  if (s->pass.blind)
    say_once(w, s, NOTICE_BLIND,
             "the service lists nothing to a token without a project: no "
             "totals");
  if (s->pass.denied > 0)
    say_once(w, s, NOTICE_DENIED,
             "%zu of %zu projects denied the token (HTTP 403)%s%s",
             s->pass.denied, s->nprojects,
             listing->needs != NULL ? ": it needs " : "",
             listing->needs != NULL ? listing->needs : "");
}

static void say_notices(struct region_log *w, const struct walk_summary *s) {
  say_rights(w, s);
  say_notes(w, s, &s->pass.notes);
  say_answers(w, s, true);
  say_answers(w, s, false);
  if (s->projects_round > 0)
    say_once(w, s, NOTICE_PROJECTS_ROUND,
             "Keystone lists exactly %llu, without a link to more: a limit of "
             "its own may hide some",
             (unsigned long long)s->projects_round);
  if (s->pass.refused > 0)
    say_once(w, s, NOTICE_REFUSED,
             "%zu values are beyond MaxSeries and left out", s->pass.refused);
  if (w->report.clashes > 0)
    say_once(w, s, NOTICE_CLASH,
             "%zu names belong to several resources, such as %s: ids "
             "are appended",
             w->report.clashes, w->report.clash);
  if (w->report.crowded)
    say_once(w, s, NOTICE_CROWDED,
             "more names than can be compared: ids are appended to the rest");
}

/* The catalogue lacks the service, or the service this listing. */
static void say_absent(struct region_log *w, const struct walk_summary *s,
                       const struct error *err) {
  const char *needs = w->report.listing->needs;
  double next = (double)s->retry_ms / 1000.0;
  if (!s->ran)
    say_once(w, s, NOTICE_ABSENT, "%s; nothing is asked", err->text);
  else if (needs == NULL)
    say_once(w, s, NOTICE_ABSENT,
             "%s: the service has no such listing; next try in %.0f s",
             err->text, next);
  else
    say_once(w, s, NOTICE_ABSENT,
             "%s: the service has no such listing, or it needs %s; next try in "
             "%.0f s",
             err->text, needs, next);
}

/* ---- the walk's visitor ------------------------------------------------- */

static void *on_open(void *arg, const char *region, bool named) {
  struct schedule_log *log = arg;
  struct region_log *w = calloc(1, sizeof(*w));
  if (w == NULL)
    return NULL;
  w->running = log->running;
  report_init(&w->report, cloud_config(w->running->cloud), log->schedule,
              region, named);
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
  char walk[300];
  if (err != NULL && err->code == ERROR_STOPPED)
    return;
  if (err != NULL && err->code == ERROR_ABSENT) {
    say_absent(w, summary, err);
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
    say_failure(w, summary, err);
    return;
  }
  if (!summary->login_fails)
    cloud_log_login(&w->running->log, NULL, 0);
  say_notices(w, summary);
  w->notices &= ~(1u << NOTICE_ABSENT);
  if (!log_over(&w->trouble))
    return;
  w->notices &= ~(1u << NOTICE_FORBIDDEN);
  name_walk(w, summary, walk, sizeof(walk));
  log_notice("%s: works again: %llu records", walk,
             (unsigned long long)summary->pass.records);
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
