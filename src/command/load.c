#include "command/load.h"

#include "base/text.h"
#include "command/conf_copy.h"
#include "command/conf_file.h"
#include "command/conf_text.h"
#include "command/played.h"
#include "config/complaint.h"
#include "report/log.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* collectd's own, where no Interval is given. */
#define COLLECTD_INTERVAL 10.0

static void on_complaint(void *arg, enum complaint_kind kind,
                         const char *line) {
  (void)arg;
  if (kind == COMPLAINT_WARNING)
    log_warning("%s", line);
  else if (kind != COMPLAINT_NOTE)
    log_error("%s", line);
}

static const struct complaints complaints = {.take = on_complaint};

/* Reads the blocks; who copies them takes them. */
static int read_blocks(const struct load_source *source,
                       struct plugin_options *options,
                       struct config_item *blocks) {
  struct complaints to = complaints;
  to.alone = source->alone;
  if (source->copy != NULL) {
    to.option = conf_copy_option;
    to.arg = source->copy;
  }
  int status =
      plugin_options_read(options, blocks->children, blocks->nchildren, &to);
  if (source->copy != NULL && status == 0)
    conf_copy_blocks(source->copy, blocks, options->interval_ms);
  return status;
}

/* ---- a file ------------------------------------------------------------- */

static const char *usual_file(void) {
  static const char *const places[] = {"/etc/collectd/collectd.conf",
                                       "/etc/collectd.conf",
                                       "/opt/collectd/etc/collectd.conf"};
  for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
    if (access(places[i], F_OK) == 0)
      return places[i];
  return NULL;
}

static bool is_key(const struct config_item *item, const char *key) {
  return strcasecmp(item->key, key) == 0;
}

/* <Plugin openstack>, LoadPlugin openstack and the like. */
static bool is_ours(const struct config_item *item, const char *key) {
  return is_key(item, key) && item->nvalues > 0 &&
         item->values[0].kind == CONFIG_TEXT &&
         strcasecmp(item->values[0].text, "openstack") == 0;
}

static double number_of(const struct config_item *item) {
  if (item->nvalues != 1)
    return 0;
  return item->values[0].kind == CONFIG_NUMBER ? item->values[0].number
         : item->values[0].kind == CONFIG_TEXT
             ? strtod(item->values[0].text, NULL)
             : 0;
}

/* What the daemon hands to us, which is not all that a file says. */
struct found {
  struct config_item blocks; /* <Plugin openstack>, as children */
  double interval;           /* the last global one so far */
  double own_interval;       /* of <LoadPlugin>; 0: none */
  bool loads;                /* there is a LoadPlugin, of whatever plugin */
  bool loaded;               /* and one of ours */
  bool stray;                /* a <Cloud> stands beside the blocks */
};

/* As the daemon: one that repeats the global one counts as none. */
static void take_load(struct found *found, const struct config_item *item) {
  for (size_t i = 0; i < item->nchildren; i++)
    if (is_key(&item->children[i], "Interval"))
      found->own_interval = number_of(&item->children[i]);
  if (found->own_interval == found->interval)
    found->own_interval = 0;
  found->loaded = true;
}

/* collectd drops a block whose plugin is not loaded yet. */
static int take_block(struct found *found, struct config_item *item,
                      bool auto_load) {
  if (found->loads && !found->loaded && !auto_load)
    log_warning("config: <Plugin openstack> stands before \"LoadPlugin "
                "openstack\", or without it: collectd ignores the block");
  return conf_tree_add(&found->blocks, item);
}

static int take_items(struct found *found, struct config_item *root) {
  bool auto_load = false;
  for (size_t i = 0; i < root->nchildren; i++) {
    struct config_item *item = &root->children[i];
    found->loads = found->loads || is_key(item, "LoadPlugin");
    if (is_key(item, "Interval"))
      found->interval = number_of(item);
    else if (is_key(item, "AutoLoadPlugin") && item->nvalues > 0)
      auto_load =
          item->values[0].kind != CONFIG_BOOLEAN || item->values[0].boolean;
    else if (is_ours(item, "LoadPlugin"))
      take_load(found, item);
    else if (is_key(item, "Cloud"))
      found->stray = true;
    else if (is_ours(item, "Plugin") && take_block(found, item, auto_load) != 0)
      return -1;
  }
  return 0;
}

static int check_found(const struct found *found, const char *file) {
  if (found->blocks.nchildren > 0)
    return 0;
  if (found->stray)
    log_error("config: %s: <Cloud> stands outside: put it into a block "
              "<Plugin openstack>",
              file);
  else
    log_error("config: %s and what it includes have no block <Plugin "
              "openstack>",
              file);
  return -1;
}

static int check_interval(const struct found *found,
                          struct plugin_options *options) {
  if (found->own_interval == 0)
    return 0;
  if (!(found->own_interval >= INTERVAL_LEAST &&
        found->own_interval <= INTERVAL_MOST)) {
    log_error("config: <LoadPlugin openstack>: Interval %.15g: must be from "
              "%.15g to %.15g",
              found->own_interval, INTERVAL_LEAST, (double)INTERVAL_MOST);
    return -1;
  }
  options->interval_ms = (int64_t)(found->own_interval * 1000);
  return 0;
}

static int take_file(const struct load_source *source, const char *file,
                     struct config_item *root, struct plugin_options *options) {
  struct found found = {.interval = COLLECTD_INTERVAL};
  int status = take_items(&found, root);
  if (status == 0)
    status = check_found(&found, file);
  if (status == 0)
    status = check_interval(&found, options);
  if (status == 0)
    status = read_blocks(source, options, &found.blocks);
  config_tree_clear(&found.blocks);
  return status;
}

static int load_file(const struct load_source *source, const char *file,
                     struct plugin_options *options) {
  struct config_item root = {0};
  int status = conf_file_read(file, &complaints, &root);
  if (status == 0)
    status = take_file(source, file, &root, options);
  config_tree_clear(&root);
  return status;
}

int load_recorded(const char *file, struct plugin_options *options) {
  const struct load_source source = {.file = file, .alone = true};
  struct config_item root = {0};
  struct error err;
  char *text = played_text(file, &err);
  if (text == NULL) {
    log_error("%s", err.text);
    return -1;
  }
  int status = conf_text_parse(file, text, &complaints, &root);
  if (status == 0)
    status = take_file(&source, file, &root, options);
  config_tree_clear(&root);
  free(text);
  return status;
}

/* ---- clouds.yaml alone -------------------------------------------------- */

static int add_line(struct config_item *block, const char *key,
                    const char *text) {
  struct config_item line = {.key = strdup(key),
                             .values = calloc(1, sizeof(*line.values)),
                             .nvalues = 1};
  if (line.values != NULL)
    line.values[0].text = strdup(text);
  if (line.key != NULL && line.values != NULL && line.values[0].text != NULL &&
      conf_tree_add(block, &line) == 0)
    return 0;
  line.nvalues = line.values != NULL;
  config_tree_clear(&line);
  return -1;
}

/* <Plugin openstack> <Cloud NAME> OSCloud NAME </Cloud> </Plugin> */
static int load_entry(const struct load_source *source,
                      struct plugin_options *options) {
  struct config_item root = {0}, block = {.key = strdup("Plugin")};
  int status = add_line(&block, "Cloud", source->os_cloud);
  if (status == 0)
    status = add_line(&block.children[0], "OSCloud", source->os_cloud);
  if (status == 0 && source->meter != NULL)
    status = add_line(&block.children[0], "Meter", source->meter);
  if (status == 0)
    status = conf_tree_add(&root, &block);
  if (status == 0)
    status = read_blocks(source, options, &root);
  else
    config_tree_clear(&block);
  config_tree_clear(&root);
  return status;
}

void load_no_cloud(const struct plugin_options *options, const char *name) {
  char names[300] = "";
  for (size_t i = 0; i < options->nclouds; i++)
    text_join(names, sizeof(names), "\", \"", options->clouds[i]->name);
  log_error("there is no <Cloud \"%s\">, but \"%s\"", name, names);
}

int load_options(const struct load_source *source,
                 struct plugin_options *options) {
  if (source->os_cloud != NULL)
    return load_entry(source, options);
  const char *file = source->file != NULL ? source->file : usual_file();
  if (file == NULL) {
    log_error("there is no collectd.conf in the usual places: name it with "
              "-C FILE, or an entry of clouds.yaml with --os-cloud NAME");
    return -1;
  }
  if (load_file(source, file, options) != 0)
    return -1;
  if (options->nclouds > 0)
    return 0;
  log_error("config: %s: <Plugin openstack> has no <Cloud> block", file);
  return -1;
}
