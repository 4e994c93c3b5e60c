#include "walk/cloud.h"

#include "keystone/session.h"
#include "net/http_pool.h"
#include "settings/walk_group.h"
#include "walk/agreement.h"
#include "walk/board.h"
#include "walk/projects.h"
#include "walk/rosters.h"
#include "walk/sharing.h"

#include <stddef.h>
#include <stdlib.h>

struct cloud {
  const struct cloud_config *config;
  struct rate_limit *rate_limit;
  struct session *session;
  struct projects *projects;
  struct pool_owner owner; /* of all jobs; its parts are the regions */
  struct http_pool *http_pool;
  struct board *board;
  struct rosters *rosters;
  struct schedule **schedules;
  size_t nschedules;
  struct turn *turns;
  struct sharing *sharing; /* NULL: with nobody */
};

static bool has_word(const struct cloud_style *style, enum name_word word) {
  return name_format_has(&style->host, word) ||
         name_format_has(&style->instance, word) ||
         name_format_has(&style->type_instance, word);
}

static bool names_project(const struct cloud_style *style) {
  return has_word(style, NAME_PROJECT_NAME) ||
         has_word(style, NAME_DOMAIN_NAME);
}

/* An identity needs its names; meta data can do without. */
static enum walk_names wants_names(const struct meter *const *group, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (names_project(&cloud_meter_of(group[i])->style))
      return NAMES_MUST;
  return walk_group_has_metadata(group, n) ? NAMES_NICE : NAMES_NONE;
}

/* One that is paced is read over hours, a bit at a time, and is not worth a
 * wait for each bit. */
static bool are_owners(const struct listing *owners, const struct listing *of) {
  return of->owners == owners && !of->paced &&
         agreement_major(of) == agreement_major(owners);
}

/* Walks that read a listing for its meters, and as owners, are due at the same
 * time. */
static void share_owners(const struct cloud *cloud, struct walk_options *o) {
  for (size_t i = 0; i < cloud->config->nmeters; i++) {
    const struct cloud_meter *other = &cloud->config->meters[i];
    if (other->interval_ms != o->interval_ms)
      continue;
    if (are_owners(o->listing, other->meter.from))
      o->lends = cloud->rosters;
    if (are_owners(other->meter.from, o->listing))
      o->borrows = cloud->rosters;
  }
}

/* Who posts on the board: of its service, and of the owners that it lends. */
static int expect_news(const struct cloud *cloud, const struct walk_options *o,
                       struct error *err) {
  struct board_seat seat = {.service = walk_service(o),
                            .interval_ms = o->interval_ms};
  int status = 0;
  if (!o->listing->any_request)
    status = board_expect(cloud->board, &seat);
  seat.of = o->listing;
  if (status == 0 && o->lends != NULL)
    status = board_expect(cloud->board, &seat);
  return status == 0 ? 0 : error_memory(err);
}

static struct schedule *make_schedule(struct cloud *cloud,
                                      const struct meter *const *group,
                                      size_t n, struct error *err) {
  const struct cloud_config *c = cloud->config;
  struct walk_options options = {
      .listing = group[0]->from,
      .meters = group,
      .nmeters = n,
      .interval_ms = cloud_meter_of(group[0])->interval_ms,
      .request_rate = c->request_rate,
      .metadata = walk_group_has_metadata(group, n),
      .names = wants_names(group, n),
      .session = cloud->session,
      .projects = cloud->projects,
      .access = &c->access,
      .http_pool = cloud->http_pool,
      .board = cloud->board,
      .width = c->http.width,
  };
  share_owners(cloud, &options);
  return expect_news(cloud, &options, err) == 0
             ? schedule_new(&options, &cloud->owner, err)
             : NULL;
}

static int add_schedule(struct cloud *cloud, const struct meter *const *group,
                        size_t n, struct error *err) {
  struct schedule *schedule = make_schedule(cloud, group, n, err);
  if (schedule == NULL)
    return -1;
  cloud->schedules[cloud->nschedules++] = schedule;
  for (size_t i = 0; i < n; i++) {
    ptrdiff_t at = cloud_meter_of(group[i]) - cloud->config->meters;
    cloud->turns[at] = (struct turn){.schedule = schedule, .meter = group[i]};
  }
  return 0;
}

static int make_schedules(struct cloud *cloud, struct error *err) {
  const struct cloud_config *c = cloud->config;
  const struct meter **group = calloc(c->nmeters, sizeof(*group));
  if (group == NULL)
    return error_memory(err);
  int status = 0;
  for (size_t i = 0; status == 0 && i < c->nmeters; i++) {
    size_t n = walk_group(c, i, group);
    if (n > 0)
      status = add_schedule(cloud, group, n, err);
  }
  free(group);
  return status;
}

/* The lists of Keystone that the meters' names and the patterns need. */
static struct projects *make_projects(const struct cloud *cloud,
                                      struct error *err) {
  const struct cloud_config *config = cloud->config;
  bool names = false, words = false;
  for (size_t i = 0; i < config->nmeters; i++) {
    const struct cloud_style *style = &config->meters[i].style;
    names = names || style->metadata == METADATA_ALL;
    words = words || has_word(style, NAME_DOMAIN_NAME);
  }
  const struct projects_options wanted = {
      .domain_names = names || words,
      .domain_words = words,
      .user_names = names,
      .enabled_only = config->ignore_disabled_projects,
      .projects = config->projects,
      .domains = config->domains,
  };
  return projects_new(cloud->session, &wanted, err);
}

struct cloud *cloud_new(const struct cloud_config *config, struct error *err) {
  struct cloud *cloud = calloc(1, sizeof(*cloud));
  if (cloud == NULL) {
    error_memory(err);
    return NULL;
  }
  cloud->config = config;
  cloud->rate_limit = rate_limit_new(config->request_rate);
  cloud->board = board_new();
  cloud->rosters = rosters_new();
  cloud->schedules = calloc(config->nmeters, sizeof(*cloud->schedules));
  cloud->turns = calloc(config->nmeters, sizeof(*cloud->turns));
  if (cloud->rate_limit == NULL || cloud->board == NULL ||
      cloud->rosters == NULL || cloud->schedules == NULL ||
      cloud->turns == NULL) {
    error_memory(err);
    goto fail;
  }
  cloud->session =
      session_new(&config->session, &config->http, cloud->rate_limit, err);
  if (cloud->session == NULL)
    goto fail;
  cloud->http_pool = http_pool_new(&config->http, cloud->rate_limit, err);
  if (cloud->http_pool == NULL)
    goto fail;
  cloud->projects = make_projects(cloud, err);
  if (cloud->projects == NULL || make_schedules(cloud, err) != 0)
    goto fail;
  if (config->share != NULL) {
    cloud->sharing =
        sharing_new(config, cloud->schedules, cloud->nschedules, err);
    if (cloud->sharing == NULL)
      goto fail;
  }
  return cloud;
fail:
  cloud_free(cloud);
  return NULL;
}

void cloud_free(struct cloud *cloud) {
  if (cloud == NULL)
    return;
  sharing_free(cloud->sharing);
  for (size_t i = 0; i < cloud->nschedules; i++)
    schedule_free(cloud->schedules[i]);
  rosters_free(cloud->rosters);
  board_free(cloud->board);
  pool_owner_clear(&cloud->owner);
  http_pool_free(cloud->http_pool);
  projects_free(cloud->projects);
  session_free(cloud->session);
  rate_limit_free(cloud->rate_limit);
  free(cloud->schedules);
  free(cloud->turns);
  free(cloud);
}

const struct cloud_config *cloud_config(const struct cloud *cloud) {
  return cloud->config;
}

size_t cloud_schedules(const struct cloud *cloud,
                       struct schedule *const **ret) {
  *ret = cloud->schedules;
  return cloud->nschedules;
}

size_t cloud_turns(struct cloud *cloud, struct turn **ret) {
  *ret = cloud->turns;
  return cloud->config->nmeters;
}

struct session *cloud_session(struct cloud *cloud) {
  return cloud->session;
}

struct member *cloud_member(const struct cloud *cloud) {
  return cloud->sharing != NULL ? sharing_member(cloud->sharing) : NULL;
}

int cloud_join(struct cloud *cloud, struct pool *pool, const char *host,
               pool_spawn *spawn, struct error *err) {
  return cloud->sharing != NULL
             ? sharing_start(cloud->sharing, pool, host, spawn, err)
             : 0;
}

void cloud_leave(struct cloud *cloud) { member_leave(cloud_member(cloud)); }

void cloud_stop(struct cloud *cloud) {
  member_stop(cloud_member(cloud));
  session_stop(cloud->session);
  http_pool_stop(cloud->http_pool);
}
