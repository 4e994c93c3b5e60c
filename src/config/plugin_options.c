#include "config/plugin_options.h"

#include "base/text.h"
#include "config/cloud_from_yaml.h"
#include "config/cloud_options.h"
#include "config/cloud_warnings.h"
#include "config/complaint.h"
#include "config/meter_selection.h"
#include "config/option.h"
#include "config/share_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A read callback is "openstack/CLOUD/METER", and collectd cuts that off at 127
 * bytes. */
#define NAME_MOST 64

/* Names without a domain are of the domain that every Keystone begins with. */
static void fill_defaults(struct cloud_config *cloud) {
  struct session_config *s = &cloud->session;
  char **user = &s->user_domain_name, **project = &s->project_domain_name;
  if (s->username != NULL && *user == NULL && s->user_domain_id == NULL)
    *user = strdup("Default");
  if (s->project_name != NULL && *project == NULL &&
      s->project_domain_id == NULL)
    *project = strdup("Default");
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
      .style = {.host = {.words = {NAME_CLOUD}, .n = 1},
                .instance = {.words = {NAME_ID}, .n = 1},
                .type_instance = {.words = {NAME_METER}, .n = 1},
                .metadata = METADATA_IDS},
      .max_series = 100000,
  };
  if (cloud->name != NULL)
    return cloud;
  cloud_config_free(cloud);
  return NULL;
}

static int read_line(struct cloud_options *block,
                     const struct config_item *line) {
  struct cloud_config *cloud = block->cloud;
  if (meter_selection_is_block(line))
    return 0;
  if (share_options_is_block(line))
    return share_options_read(&cloud->share, line, cloud->name,
                              block->options.to);
  return option_take(&block->options, cloud, line);
}

/* All but its meters. */
static int read_cloud(struct cloud_config *cloud,
                      const struct config_item *item,
                      const struct complaints *to) {
  struct cloud_options block;
  cloud_options_init(&block, cloud, to);
  for (size_t i = 0; i < item->nchildren; i++)
    if (read_line(&block, &item->children[i]) != 0)
      return -1;
  if (cloud_options_check_pairs(&block) != 0 ||
      cloud_from_yaml_read(&block) != 0 || cloud_options_check(&block) != 0)
    return -1;
  fill_defaults(cloud);
  return 0;
}

static bool same_identifier(const char *a, const char *b) {
  char mapped[2][IDENTIFIER_BYTES];
  text_identifier(mapped[0], sizeof(mapped[0]), a);
  text_identifier(mapped[1], sizeof(mapped[1]), b);
  return strcmp(mapped[0], mapped[1]) == 0;
}

static int check_name(const struct plugin_options *options,
                      const struct option_block *head, const char *name) {
  for (size_t i = 0; i < options->nclouds; i++) {
    const char *other = options->clouds[i]->name;
    if (strcmp(other, name) == 0)
      return option_refuse(head, "there are two of this name");
    if (same_identifier(other, name))
      return option_refuse(head,
                           "its values would be called as those of "
                           "<Cloud \"%s\">",
                           other);
  }
  return 0;
}

/* The host of all its values, or NULL. */
static const char *only_host(const struct cloud_config *cloud) {
  return name_format_is(&cloud->style.host, NAME_CLOUD) ? cloud_host(cloud)
                                                        : NULL;
}

static void warn_of_host(const struct plugin_options *options,
                         const struct cloud_config *cloud,
                         const struct complaints *to) {
  const char *host = only_host(cloud);
  for (size_t i = 0; host != NULL && options->clouds[i] != cloud; i++) {
    const char *other = only_host(options->clouds[i]);
    if (other != NULL && same_identifier(other, host))
      complain(to, COMPLAINT_WARNING,
               "config: <Cloud \"%s\">: its values have the host of those "
               "of <Cloud \"%s\">: give each cloud another Host",
               cloud->name, options->clouds[i]->name);
  }
}

static int add_cloud(struct plugin_options *options,
                     const struct config_item *item,
                     const struct complaints *to) {
  const char *name = option_string(item);
  char title[300] = "<Cloud>";
  const struct option_block head = {.name = title, .to = to};
  if (name == NULL || name[0] == '\0')
    return option_refuse(&head, "needs one name in quotes: <Cloud \"prod\">");
  snprintf(title, sizeof(title), "<Cloud \"%.200s\">", name);
  if (strlen(name) > NAME_MOST)
    return option_refuse(&head, "the name is longer than %d bytes", NAME_MOST);
  if (check_name(options, &head, name) != 0)
    return -1;
  struct cloud_config **grown =
      realloc(options->clouds, (options->nclouds + 1) * sizeof(*grown));
  if (grown != NULL)
    options->clouds = grown;
  struct cloud_config *cloud =
      grown == NULL ? NULL : cloud_config_new(name, options->interval_ms);
  if (cloud == NULL)
    return option_refuse(&head, "out of memory");
  options->clouds[options->nclouds++] = cloud;
  if (read_cloud(cloud, item, to) != 0)
    return -1;
  warn_of_host(options, cloud, to);
  return 0;
}

static const struct option plugin_options[] = {
    {.key = "Workers",
     .kind = OPTION_COUNT,
     .offset = offsetof(struct plugin_options, workers),
     .min = 1,
     .max = 64},
};

static const char *place_of(const char *key) {
  bool cloud_s = cloud_options_has(key) || strcasecmp(key, "Share") == 0;
  return cloud_s ? "a <Cloud> block" : NULL;
}

static int add_listing(struct plugin_options *options,
                       const struct config_item *item,
                       const struct complaints *to) {
  return custom_meters_add_listing(&options->custom, item, to);
}

static int add_meter(struct plugin_options *options,
                     const struct config_item *item,
                     const struct complaints *to) {
  return custom_meters_add_meter(&options->custom, item, to);
}

static const struct {
  const char *key;
  int (*add)(struct plugin_options *options, const struct config_item *item,
             const struct complaints *to);
} kinds[] = {
    {"Listing", add_listing}, {"Meter", add_meter}, {"Cloud", add_cloud}};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static int read_item(struct plugin_options *options, struct option_block *block,
                     const struct config_item *item) {
  for (size_t i = 0; i < KINDS; i++)
    if (strcasecmp(item->key, kinds[i].key) == 0)
      return kinds[i].add(options, item, block->to);
  return option_take(block, options, item);
}

static int read_block(struct plugin_options *options,
                      const struct config_item *item,
                      const struct complaints *to) {
  struct option_block block = {.name = "<Plugin openstack>",
                               .options = plugin_options,
                               .noptions = 1,
                               .place = place_of,
                               .to = to};
  for (size_t i = 0; i < item->nchildren; i++)
    if (read_item(options, &block, &item->children[i]) != 0)
      return -1;
  return 0;
}

/* The clouds of a block, of which `options` has `*at` before, choose meters. */
static int choose_meters(struct plugin_options *options,
                         const struct config_item *item, size_t *at,
                         const struct complaints *to) {
  for (size_t i = 0; i < item->nchildren; i++) {
    struct cloud_options block;
    if (strcasecmp(item->children[i].key, "Cloud") != 0)
      continue;
    cloud_options_init(&block, options->clouds[(*at)++], to);
    if (meter_selection_make(&block, &options->custom, &item->children[i]) != 0)
      return -1;
    cloud_warnings(&block, &item->children[i]);
  }
  return 0;
}

/* First what each block says by itself, then what it says of others. */
int plugin_options_read(struct plugin_options *options,
                        const struct config_item *blocks, size_t n,
                        const struct complaints *to) {
  size_t at = 0;
  for (size_t i = 0; i < n; i++)
    if (read_block(options, &blocks[i], to) != 0)
      return -1;
  if (custom_meters_finish(&options->custom) != 0)
    return -1;
  for (size_t i = 0; i < n; i++)
    if (choose_meters(options, &blocks[i], &at, to) != 0)
      return -1;
  return 0;
}

void plugin_options_clear(struct plugin_options *options) {
  for (size_t i = 0; i < options->nclouds; i++)
    cloud_config_free(options->clouds[i]);
  free(options->clouds);
  custom_meters_clear(&options->custom);
  *options = (struct plugin_options)PLUGIN_OPTIONS_INIT;
}
