#include "conf.h"

#include "cloud_block.h"
#include "log.h"
#include "meters/meters.h"
#include "option.h"
#include "os_cloud.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A read callback is "openstack/CLOUD/METER", and collectd cuts that off at 127
 * bytes. */
#define NAME_MOST 64
#define LEAVE_NONE "Meter: the patterns leave no meter"
#define NEED_KEYS "radosgw meters need RadosGWAccessKey and RadosGWSecretKey"

/* ---- meters ------------------------------------------------------------- */

static int no_such_meter(const struct cloud_block *block, const char *pattern) {
  char near[200] = "";
  size_t used = 0;
  for (size_t i = 0; i < meters_count(); i++) {
    const char *name = meters_get(i)->name;
    bool close = text_similar(name, pattern) <= 3 ||
                 strncasecmp(name, pattern, strlen(pattern)) == 0;
    if (!close || used + strlen(name) + 3 > sizeof(near))
      continue;
    used += (size_t)snprintf(near + used, sizeof(near) - used, "%s%s",
                             used > 0 ? ", " : "", name);
  }
  log_error("config: %s: Meter \"%s\": no such meter%s%s", block->options.name,
            pattern, used > 0 ? "; near it: " : "", near);
  return -1;
}

static bool matches_any(const char *pattern) {
  for (size_t i = 0; i < meters_count(); i++)
    if (text_match(pattern, meters_get(i)->name))
      return true;
  return false;
}

/* A pattern that fits nothing is a mistake; so is a meter that needs keys and
 * has none, if it was asked for by its name. */
static int check_pattern(const struct cloud_block *block, const char *pattern) {
  bool without = pattern[0] == '!';
  bool keys = block->cloud->access.s3_access_key != NULL;
  pattern += without ? 1 : 0;
  if (!matches_any(pattern))
    return no_such_meter(block, pattern);
  for (size_t i = 0; i < meters_count() && !keys && !without; i++) {
    const struct meter *meter = meters_get(i);
    if (meter->from->auth == AUTH_S3 && strcmp(meter->name, pattern) == 0)
      return option_missing(&block->options, NEED_KEYS);
  }
  return 0;
}

static int choose_meters(struct cloud_block *block) {
  struct cloud_config *cloud = block->cloud;
  const struct text_list *patterns = &cloud->patterns;
  for (size_t i = 0; i < patterns->n; i++)
    if (check_pattern(block, patterns->items[i]) != 0)
      return -1;
  cloud->meters = calloc(meters_count(), sizeof(*cloud->meters));
  if (cloud->meters == NULL)
    return option_missing(&block->options, "out of memory");
  bool keys_lack = false;
  for (size_t i = 0; i < meters_count(); i++) {
    const struct meter *meter = meters_get(i);
    if (!text_chosen(patterns, meter->name, NULL))
      continue;
    if (meter->from->auth == AUTH_S3 && cloud->access.s3_access_key == NULL)
      keys_lack = true;
    else
      cloud->meters[cloud->nmeters++] =
          (struct cloud_meter){.meter = *meter,
                               .interval_ms = cloud->interval_ms,
                               .style = cloud->style};
  }
  if (cloud->nmeters > 0)
    return 0;
  return option_missing(&block->options,
                        keys_lack ? LEAVE_NONE "; " NEED_KEYS : LEAVE_NONE);
}

/* Names without a domain are of the domain that every Keystone begins with. */
static void fill_defaults(struct cloud_config *cloud) {
  struct session_config *s = &cloud->session;
  char **user = &s->user_domain_name, **project = &s->project_domain_name;
  if (s->username != NULL && *user == NULL && s->user_domain_id == NULL)
    *user = strdup("Default");
  if (s->project_name != NULL && *project == NULL &&
      s->project_domain_id == NULL)
    *project = strdup("Default");
  if (cloud->access.account_prefix == NULL)
    cloud->access.account_prefix = strdup("AUTH_");
}

/* ---- blocks ------------------------------------------------------------- */

static struct cloud_config *cloud_config_new(const char *name,
                                             int64_t interval_ms) {
  struct cloud_config *cloud = calloc(1, sizeof(*cloud));
  if (cloud == NULL)
    return NULL;
  *cloud = (struct cloud_config){
      .name = strdup(name),
      .session = {.interface = "public"},
      .http = {.timeout_ms = 30000,
               .width = 4,
               .verify_peer = true,
               .verify_host = true},
      .request_rate = 50,
      .interval_ms = interval_ms,
      .style = {.host = {{NAME_CLOUD}, 1},
                .instance = {{NAME_ID}, 1},
                .type_instance = {{NAME_METER}, 1},
                .metadata = METADATA_IDS},
      .max_series = 100000,
  };
  if (cloud->name != NULL)
    return cloud;
  cloud_config_free(cloud);
  return NULL;
}

static int read_cloud(struct cloud_config *cloud, const oconfig_item_t *item) {
  struct cloud_block block;
  cloud_block_init(&block, cloud);
  for (int i = 0; i < item->children_num; i++)
    if (option_take(&block.options, cloud, &item->children[i]) != 0)
      return -1;
  if (cloud_block_check_pairs(&block) != 0 || os_cloud_read(&block) != 0 ||
      cloud_block_check(&block) != 0)
    return -1;
  fill_defaults(cloud);
  return choose_meters(&block);
}

static int add_cloud(struct conf *conf, const oconfig_item_t *item) {
  const char *name = option_string(item);
  if (name == NULL || name[0] == '\0') {
    log_error("config: <Cloud>: needs one name in quotes: <Cloud \"prod\">");
    return -1;
  }
  if (strlen(name) > NAME_MOST) {
    log_error("config: <Cloud \"%s\">: the name is longer than %d bytes", name,
              NAME_MOST);
    return -1;
  }
  for (size_t i = 0; i < conf->nclouds; i++) {
    if (strcmp(conf->clouds[i]->name, name) == 0) {
      log_error("config: <Cloud \"%s\">: there are two of this name", name);
      return -1;
    }
  }
  struct cloud_config **grown =
      realloc(conf->clouds, (conf->nclouds + 1) * sizeof(*grown));
  if (grown != NULL)
    conf->clouds = grown;
  struct cloud_config *cloud =
      grown == NULL ? NULL : cloud_config_new(name, conf->interval_ms);
  if (cloud == NULL) {
    log_error("config: out of memory");
    return -1;
  }
  conf->clouds[conf->nclouds++] = cloud;
  return read_cloud(cloud, item);
}

static const struct option plugin_options[] = {
    {.key = "Workers",
     .kind = OPTION_COUNT,
     .offset = offsetof(struct conf, workers),
     .min = 1,
     .max = 64},
};

int conf_read(struct conf *conf, const oconfig_item_t *item) {
  struct option_block block = {
      .name = "<Plugin openstack>", .options = plugin_options, .noptions = 1};
  for (int i = 0; i < item->children_num; i++) {
    const oconfig_item_t *child = &item->children[i];
    int status = strcasecmp(child->key, "Cloud") == 0
                     ? add_cloud(conf, child)
                     : option_take(&block, conf, child);
    if (status != 0)
      return -1;
  }
  return 0;
}

void conf_clear(struct conf *conf) {
  for (size_t i = 0; i < conf->nclouds; i++)
    cloud_config_free(conf->clouds[i]);
  free(conf->clouds);
  *conf = (struct conf)CONF_INIT;
}
