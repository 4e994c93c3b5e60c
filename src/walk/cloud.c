#include "walk/cloud.h"

#include "keystone/session.h"
#include "net/http_pool.h"
#include "settings/walk_group.h"
#include "walk/projects.h"

#include <stddef.h>
#include <stdlib.h>

struct cloud {
  const struct cloud_config *config;
  struct rate_limit *rate_limit;
  struct session *session;
  struct projects *projects;
  struct pool_owner owner; /* of all jobs; its parts are the regions */
  struct http_pool *http_pool;
  struct schedule **schedules;
  size_t nschedules;
  struct turn *turns;
};

static bool wants_metadata(const struct meter *const *group, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (cloud_meter_of(group[i])->style.metadata == METADATA_ALL)
      return true;
  return false;
}

static bool has_word(const struct cloud_style *style, enum name_word word) {
  return name_format_has(&style->host, word) ||
         name_format_has(&style->instance, word) ||
         name_format_has(&style->type_instance, word);
}

/* An identity needs its names; meta data can do without. */
static enum walk_names wants_names(const struct meter *const *group, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (has_word(&cloud_meter_of(group[i])->style, NAME_PROJECT_NAME))
      return NAMES_MUST;
  return wants_metadata(group, n) ? NAMES_NICE : NAMES_NONE;
}

static struct schedule *make_schedule(struct cloud *cloud,
                                      const struct meter *const *group,
                                      size_t n, struct error *err) {
  const struct cloud_config *c = cloud->config;
  const struct walk_options options = {
      .listing = group[0]->from,
      .meters = group,
      .nmeters = n,
      .interval_ms = cloud_meter_of(group[0])->interval_ms,
      .metadata = wants_metadata(group, n),
      .names = wants_names(group, n),
      .session = cloud->session,
      .projects = cloud->projects,
      .access = &c->access,
      .http_pool = cloud->http_pool,
      .width = c->http.width,
  };
  return schedule_new(&options, &cloud->owner, err);
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

struct cloud *cloud_new(const struct cloud_config *config, struct error *err) {
  struct cloud *cloud = calloc(1, sizeof(*cloud));
  if (cloud == NULL) {
    error_memory(err);
    return NULL;
  }
  cloud->config = config;
  cloud->rate_limit = rate_limit_new(config->request_rate);
  cloud->schedules = calloc(config->nmeters, sizeof(*cloud->schedules));
  cloud->turns = calloc(config->nmeters, sizeof(*cloud->turns));
  if (cloud->rate_limit == NULL || cloud->schedules == NULL ||
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
  bool names = false;
  for (size_t i = 0; i < config->nmeters; i++)
    names = names || config->meters[i].style.metadata == METADATA_ALL;
  const struct projects_options wanted = {
      .domain_names = names,
      .user_names = names,
      .enabled_only = config->ignore_disabled_projects,
      .projects = config->projects,
      .domains = config->domains,
  };
  cloud->projects = projects_new(cloud->session, &wanted, err);
  if (cloud->projects == NULL || make_schedules(cloud, err) != 0)
    goto fail;
  return cloud;
fail:
  cloud_free(cloud);
  return NULL;
}

void cloud_free(struct cloud *cloud) {
  if (cloud == NULL)
    return;
  for (size_t i = 0; i < cloud->nschedules; i++)
    schedule_free(cloud->schedules[i]);
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

void cloud_stop(struct cloud *cloud) {
  session_stop(cloud->session);
  http_pool_stop(cloud->http_pool);
}
