#include "collectd/configure.h"

#include "collectd/config_source.h"
#include "config/cloud_options.h"
#include "report/log.h"
#include "settings/style.h"

#include "configfile.h"
#include "plugin.h"

#include <stdlib.h>

_Static_assert(IDENTIFIER_BYTES == DATA_MAX_NAME_LEN, "one bound of names");

static struct config_item *blocks; /* <Plugin openstack>, until all are read */
static size_t nblocks;
static cdtime_t own_interval; /* LoadPlugin's; 0: none */
static int64_t interval_ms;   /* of <LoadPlugin>; 0: none */

/* LoadPlugin's own Interval. collectd hands a plugin that names none the global
 * one, which is not meant for us; so one that repeats the global one cannot be
 * told from none. */
void configure_interval(void) {
  own_interval = plugin_get_interval();
  if (own_interval == cf_get_default_interval())
    own_interval = 0;
}

/* Not when it is taken: only here can a start be refused. */
static int use_interval(void) {
  int64_t ms = (int64_t)CDTIME_T_TO_MS(own_interval);
  interval_ms = 0;
  if (own_interval == 0)
    return 0;
  if (ms < INTERVAL_LEAST * 1000 || ms > INTERVAL_MOST * 1000) {
    log_error("config: <LoadPlugin openstack>: Interval %.15g: must be "
              "from %.15g to %.15g",
              (double)CDTIME_T_TO_US(own_interval) / 1e6, INTERVAL_LEAST,
              (double)INTERVAL_MOST);
    return -1;
  }
  interval_ms = ms;
  return 0;
}

/* Who hears what is wrong with the configuration. */
struct hearing {
  bool first; /* more blocks may come: only what is wrong for good is logged */
  bool unknown; /* a name that more blocks may bring */
};

static void on_complaint(void *arg, enum complaint_kind kind,
                         const char *line) {
  struct hearing *hearing = arg;
  hearing->unknown = hearing->unknown || kind == COMPLAINT_UNKNOWN;
  if (hearing->first && kind != COMPLAINT_WRONG)
    return;
  if (kind == COMPLAINT_WARNING)
    log_warning("%s", line);
  else if (kind == COMPLAINT_NOTE)
    log_info("%s", line);
  else
    log_error("%s", line);
}

void configure_forget(void) {
  for (size_t i = 0; i < nblocks; i++)
    config_tree_clear(&blocks[i]);
  free(blocks);
  blocks = NULL;
  nblocks = 0;
}

static int keep_block(const oconfig_item_t *block) {
  struct config_item *grown = realloc(blocks, (nblocks + 1) * sizeof(*grown));
  if (grown != NULL)
    blocks = grown;
  if (grown == NULL || config_source_copy(block, &blocks[nblocks]) != 0) {
    log_error("config: out of memory");
    return -1;
  }
  nblocks++;
  return 0;
}

/* Each block is read with those before it, and refused for what no other block
 * can mend. */
int configure_block(oconfig_item_t *block) {
  struct hearing hearing = {.first = true};
  const struct complaints to = {.take = on_complaint, .arg = &hearing};
  if (use_interval() != 0 || keep_block(block) != 0)
    return -1;
  struct plugin_options scratch = PLUGIN_OPTIONS_INIT;
  scratch.interval_ms = interval_ms;
  int status = plugin_options_read(&scratch, blocks, nblocks, &to);
  plugin_options_clear(&scratch);
  if (status == 0 || hearing.unknown)
    return 0;
  config_tree_clear(&blocks[--nblocks]); /* the others may be right */
  return -1;
}

int configure_all(struct plugin_options *options) {
  struct hearing hearing = {.first = false};
  const struct complaints to = {.take = on_complaint, .arg = &hearing};
  options->interval_ms = interval_ms;
  int status = plugin_options_read(options, blocks, nblocks, &to);
  configure_forget();
  return status;
}
