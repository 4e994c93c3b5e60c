/*
 * plugin_options - reads <Plugin openstack> blocks into cloud_configs
 *
 * Has a table of options, and checks of all options together. Each mistake is
 * one complaint that names block, key and value (never a secret). The module
 * asks no server and keeps nothing between two calls.
 *
 * (Not "config": collectd has a config.h of its own.)
 */
#ifndef PLUGIN_OPTIONS_H
#define PLUGIN_OPTIONS_H

#include "config/custom_meters.h"
#include "settings/cloud.h"

#include <stddef.h>
#include <stdint.h>

struct plugin_options {
  size_t workers;
  int64_t interval_ms; /* of clouds without one of their own; 0: none here
                          either */
  struct custom_meters custom; /* the clouds may choose these */
  struct cloud_config **clouds;
  size_t nclouds;
};

#define PLUGIN_OPTIONS_INIT                                                    \
  { .workers = 4 }

/* plugin_options_read(options, blocks, n, to): reads all <Plugin openstack>
 * blocks into `options`, which must be PLUGIN_OPTIONS_INIT. The order of the
 * blocks does not matter, except that the last Workers counts. -1: the last
 * complaint gives the reason; if that is COMPLAINT_UNKNOWN, more blocks may
 * mend it. The caller must clear `options` in any case. */
int plugin_options_read(struct plugin_options *options,
                        const struct config_item *blocks, size_t n,
                        const struct complaints *to);

void plugin_options_clear(struct plugin_options *options);

#endif
