/*
 * plugin_options - <Plugin openstack> to cloud_config
 *
 * A table of options, and checks of what they say together. Whatever is wrong
 * is logged as one line that names block, key and value (never a secret's), and
 * stops the daemon's start: better than a cloud that is silently not watched.
 * Nothing here asks a server anything.
 *
 * (Not "config": collectd has a config.h of its own.)
 */
#ifndef PLUGIN_OPTIONS_H
#define PLUGIN_OPTIONS_H

#include "config/custom_meters.h"
#include "settings/cloud.h"

#include "collectd.h"
#include "liboconfig/oconfig.h"

#include <stddef.h>
#include <stdint.h>

/* Ceilometer's; collectd's 10 s would walk every API thirty times as often. */
#define CONF_INTERVAL_MS 300000

struct conf {
  size_t workers;
  int64_t interval_ms; /* of clouds that name none */
  struct own own;      /* that the clouds' meters may be of */
  struct cloud_config **clouds;
  size_t nclouds;
};

#define CONF_INIT                                                              \
  { .workers = 4, .interval_ms = CONF_INTERVAL_MS }

/* conf_read(conf, item): adds what a <Plugin openstack> block says; there may
 * be several. -1: said in the log; `conf` is still to be cleared. */
int conf_read(struct conf *conf, const oconfig_item_t *item);

void conf_clear(struct conf *conf);

#endif
