/*
 * openstack - the plugin: what collectd calls, and what is said to it
 *
 * Configuration makes clouds; the init callback starts the pool and registers
 * one read callback per meter, "openstack/CLOUD/METER". A read callback only
 * says that it is its turn: its walk runs on the pool. (`collectd -T` calls it
 * on the thread that ran init: then the walk runs there and its status is
 * returned.)
 *
 * The end: collectd frees the callbacks' user data after its read threads and
 * before its write threads have stopped. The last one freed stops everything.
 */
#include "collectd/configure.h"
#include "collectd/log.h"
#include "collectd/told.h"
#include "collectd/value_list.h"
#include "config/plugin_options.h"
#include "meter/meter.h"
#include "net/http.h"
#include "walk/cloud.h"
#include "walk/pool.h"
#include "walk/walk.h"

#include "collectd.h"
#include "plugin.h"
#include "utils/common/common.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A cloud and what its walks have to say of it together. */
struct watched {
  struct cloud *cloud;
  struct watcher *watchers; /* one for each walk */
  size_t nwatchers;
  pthread_mutex_t lock;
  struct log_limit login;
  bool late; /* a region that came later has been named */
};

/* What speaks for one walk. Used by the thread that runs it. */
struct watcher {
  struct watched *watched;
  struct report report;
  struct told_regions told;
};

static struct plugin_options options = PLUGIN_OPTIONS_INIT;
static struct watched *clouds;
static size_t nclouds;
static struct pool *pool;
static pthread_t init_thread;
static bool http_started;
static size_t turns_out; /* read callbacks that collectd still has */

/* ---- what is said of a walk --------------------------------------------- */

/* "cloud "prod": images" and the region if it is named. */
static void name_walk(const struct watcher *w,
                      const struct walk_summary *summary, char *dst,
                      size_t size) {
  bool named = summary->named && summary->region != NULL;
  ssnprintf(dst, size, "cloud \"%s\": %s%s%s", w->report.cloud->name,
            w->report.listing->name, named ? ", region " : "",
            named ? summary->region : "");
}

/* Another status, or another of libcurl's reasons, is news. */
static int trouble_kind(const struct error *err) {
  return (int)err->code << 16 | (err->detail & 0xffff);
}

/* A login that fails is every walk's trouble, and is said once for all. */
static void say_login(struct watched *watched, const struct error *err) {
  const char *cloud = cloud_config(watched->cloud)->name;
  pthread_mutex_lock(&watched->lock);
  if (err == NULL) {
    if (log_over(&watched->login))
      log_notice("cloud \"%s\": the login works again", cloud);
  } else if (log_due(&watched->login, trouble_kind(err))) {
    log_error("cloud \"%s\": %s; no values until it works, tried again in 10 s "
              "to 10 minutes",
              cloud, err->text);
  }
  pthread_mutex_unlock(&watched->lock);
}

/* Things worth one line in the daemon's life, for each region. */
enum notice {
  NOTICE_ABSENT,
  NOTICE_RIGHTS,
  NOTICE_STATE,
  NOTICE_NUMBER,
  NOTICE_NOBODYS,
  NOTICE_ODD,
  NOTICE_TWINS,
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
  NOTICE_ROUND,
  NOTICE_PROJECTS_ROUND,
  NOTICE_UNFOLLOWED,
};

static void say_once(struct watcher *w, const struct walk_summary *summary,
                     enum notice notice, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void say_once(struct watcher *w, const struct walk_summary *summary,
                     enum notice notice, const char *format, ...) {
  char walk[300], text[600];
  struct told *told = told_of(&w->told, summary->region);
  if ((told->notices & 1u << notice) != 0)
    return;
  told->notices |= 1u << notice;
  va_list ap;
  va_start(ap, format);
  vsnprintf(text, sizeof(text), format, ap);
  va_end(ap);
  name_walk(w, summary, walk, sizeof(walk));
  log_notice("%s: %s", walk, text);
}

static void say_failure(struct watcher *w, const struct walk_summary *summary,
                        const struct error *err) {
  const struct listing *listing = w->report.listing;
  const char *needs = listing->needs != NULL ? listing->needs : listing->role;
  struct log_limit *trouble = &told_of(&w->told, summary->region)->trouble;
  char walk[300], next[64] = "next try at the next turn";
  name_walk(w, summary, walk, sizeof(walk));
  if (!log_due(trouble, trouble_kind(err)))
    return;
  if (summary->retry_ms > 0)
    ssnprintf(next, sizeof(next), "next try in %.0f s",
              (double)summary->retry_ms / 1000.0);
  if (err->code != ERROR_DENIED)
    log_error("%s: %s; %s%s", walk, err->text, next,
              trouble->flaps ? "; it comes and goes" : "");
  else /* rights do not change by themselves */
    say_once(w, summary, NOTICE_FORBIDDEN,
             "%s: the user may not; it needs %s; %s", err->text,
             needs != NULL ? needs : "another role", next);
}

static void say_notes(struct watcher *w, const struct walk_summary *s,
                      const struct sample_notes *notes) {
  if (notes->n[NOTE_STATE] > 0)
    say_once(w, s, NOTICE_STATE, "%s: no value for it",
             notes->example[NOTE_STATE]);
  if (notes->n[NOTE_NUMBER] > 0)
    say_once(w, s, NOTICE_NUMBER,
             "%zu values are no numbers and left out, with the totals that "
             "they belong in, such as %s",
             notes->n[NOTE_NUMBER], notes->example[NOTE_NUMBER]);
  if (notes->n[NOTE_PROJECT] > 0)
    say_once(w, s, NOTICE_NOBODYS,
             "%zu records do not say whose they are, such as %s: they pass no "
             "filter, and no sum by project has them",
             notes->n[NOTE_PROJECT], notes->example[NOTE_PROJECT]);
}

/* What a server may hide without a word. */
static void say_limits(struct watcher *w, const struct walk_summary *s) {
  if (s->projects_round > 0)
    say_once(w, s, NOTICE_PROJECTS_ROUND,
             "Keystone lists exactly %llu, without a link to more: a limit of "
             "its own may hide some",
             (unsigned long long)s->projects_round);
  if (s->pass.round > 0)
    say_once(
        w, s, NOTICE_ROUND,
        "exactly %llu records in one page, without a link to more: a limit "
        "of the service may hide some",
        (unsigned long long)s->pass.round);
  if (s->pass.unfollowed)
    say_once(w, s, NOTICE_UNFOLLOWED,
             "the answer has a next link, which is not followed: this is one "
             "page of several; see Paging");
}

static void say_notices(struct watcher *w, const struct walk_summary *s) {
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
    say_once(w, s, NOTICE_DENIED, "%zu of %zu projects denied (HTTP 403)%s%s",
             s->pass.denied, s->nprojects,
             listing->needs != NULL ? ": it needs " : "",
             listing->needs != NULL ? listing->needs : "");
  say_notes(w, s, &s->pass.notes);
  if (s->pass.odd > 0)
    say_once(w, s, NOTICE_ODD, "%llu records without an id are left out",
             (unsigned long long)s->pass.odd);
  if (s->pass.twins > 0)
    say_once(w, s, NOTICE_TWINS,
             "%llu records of an id that came before are left out",
             (unsigned long long)s->pass.twins);
  if (s->pass.refused > 0)
    say_once(w, s, NOTICE_REFUSED,
             "%zu values are beyond MaxSeries and left out", s->pass.refused);
  say_limits(w, s);
  if (w->report.clashes > 0)
    say_once(w, s, NOTICE_CLASH,
             "%zu identities would be of several resources, such as %s: ids "
             "are appended",
             w->report.clashes, w->report.clash);
  if (w->report.crowded)
    say_once(w, s, NOTICE_CROWDED,
             "more names than can be compared: ids are appended to the rest");
}

/* Once for all walks: what the configuration leaves open a restart decides. */
static void say_late(struct watched *watched, const struct walk_summary *s) {
  pthread_mutex_lock(&watched->lock);
  if (!watched->late)
    log_warning("cloud \"%s\": new region %s stands in the host of its values; "
                "after a restart %s would, too: write Region \"%s\", and a "
                "<Cloud> block of its own for %s",
                cloud_config(watched->cloud)->name, s->region, s->first_region,
                s->first_region, s->region);
  watched->late = true;
  pthread_mutex_unlock(&watched->lock);
}

/* The catalogue lacks the service, or the service this listing. */
static void say_absent(struct watcher *w, const struct walk_summary *s,
                       const struct error *err) {
  const char *needs = w->report.listing->needs;
  double next = (double)s->retry_ms / 1000.0;
  if (!s->ran)
    say_once(w, s, NOTICE_ABSENT, "%s; nothing is asked", err->text);
  else if (needs == NULL)
    say_once(w, s, NOTICE_ABSENT, "%s: there is none; next try in %.0f s",
             err->text, next);
  else
    say_once(w, s, NOTICE_ABSENT,
             "%s: there is none, or it needs %s; next try in %.0f s", err->text,
             needs, next);
}

/* ---- the walk's visitor ------------------------------------------------- */

static void on_begin(void *arg, const char *region, bool named) {
  struct watcher *w = arg;
  report_begin(&w->report, region, named);
}

static void on_sample(void *arg, const struct sample *sample) {
  struct watcher *w = arg;
  report_sample(&w->report, sample);
}

static void on_end(void *arg, const struct walk_summary *summary,
                   const struct error *err) {
  struct watcher *w = arg;
  char walk[300];
  if (err != NULL && err->code == ERROR_STOPPED)
    return;
  if (err != NULL && err->code == ERROR_ABSENT) {
    say_absent(w, summary, err);
    return;
  }
  report_walk(&w->report, summary);
  if (summary->first_region != NULL)
    say_late(w->watched, summary);
  if (err != NULL && err->code == ERROR_LOGIN) {
    say_login(w->watched, err);
    return;
  }
  if (err != NULL) {
    say_failure(w, summary, err);
    return;
  }
  if (!summary->login_fails)
    say_login(w->watched, NULL);
  say_notices(w, summary);
  struct told *told = told_of(&w->told, summary->region);
  if (!log_over(&told->trouble))
    return;
  told->notices &= ~(1u << NOTICE_FORBIDDEN);
  name_walk(w, summary, walk, sizeof(walk));
  log_notice("%s: works again: %llu records", walk,
             (unsigned long long)summary->pass.records);
}

/* ---- read callbacks ----------------------------------------------------- */

/* In the daemon always 0: collectd's own back-off would double up to a day. */
static int meter_read(user_data_t *user_data) {
  struct turn *turn = user_data->data;
  bool here = pthread_equal(pthread_self(), init_thread);
  enum turn_result result = walk_turn(turn);
  if (result == TURN_LEAD && here)
    walk_run(turn->walk);
  else if (result == TURN_LEAD)
    pool_submit(pool, walk_job(turn->walk));
  return here ? walk_status(turn->walk) : 0;
}

static void watchers_free(struct watcher *watchers, size_t n) {
  for (size_t i = 0; watchers != NULL && i < n; i++) {
    told_clear(&watchers[i].told);
    report_clear(&watchers[i].report);
  }
  free(watchers);
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
    watchers_free(clouds[i].watchers, clouds[i].nwatchers);
    pthread_mutex_destroy(&clouds[i].lock);
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
      MS_TO_CDTIME_T(walk_interval_ms(turn->walk)),
      &(user_data_t){.data = turn, .free_func = turn_back});
}

/* ---- start and stop ----------------------------------------------------- */

static int check_types(struct cloud_config *config) {
  for (size_t i = 0; i < config->nmeters; i++) {
    const struct meter *meter = &config->meters[i].meter;
    const data_set_t *ds = plugin_get_ds(meter_type(meter));
    if (ds == NULL || ds->ds_num != 1) {
      log_error("cloud \"%s\": meter \"%s\": %s \"%s\" in types.db",
                config->name, meter->name,
                ds == NULL ? "no type" : "more than one value in type",
                meter_type(meter));
      return -1;
    }
    config->meters[i].ds_type = ds->ds[0].type;
  }
  return 0;
}

static int watch_cloud(struct watched *watched,
                       const struct cloud_config *config) {
  struct error err;
  struct walk *const *walks;
  watched->cloud = cloud_new(config, &err);
  if (watched->cloud == NULL) {
    log_error("cloud \"%s\": %s", config->name, err.text);
    return -1;
  }
  watched->nwatchers = cloud_walks(watched->cloud, &walks);
  watched->watchers = calloc(watched->nwatchers, sizeof(*watched->watchers));
  if (watched->watchers == NULL)
    return -1;
  for (size_t i = 0; i < watched->nwatchers; i++) {
    struct watcher *w = &watched->watchers[i];
    w->watched = watched;
    report_init(&w->report, config, walks[i]);
    walk_visit(walks[i], &(struct walk_visitor){.begin = on_begin,
                                                .sample = on_sample,
                                                .end = on_end,
                                                .arg = w});
  }
  log_info("cloud \"%s\": %zu meters in %zu walks, every %.15g s", config->name,
           config->nmeters, watched->nwatchers,
           (double)config->interval_ms / 1000.0);
  return 0;
}

static int start_clouds(void) {
  clouds = calloc(options.nclouds, sizeof(*clouds));
  if (clouds == NULL)
    return -1;
  for (size_t i = 0; i < options.nclouds; i++) {
    pthread_mutex_init(&clouds[i].lock, NULL);
    nclouds++;
    if (check_types(options.clouds[i]) != 0 ||
        watch_cloud(&clouds[i], options.clouds[i]) != 0)
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
