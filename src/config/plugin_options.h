/*
 * plugin_options - <Plugin openstack> to cloud_config
 *
 * A table of options, and checks of what they say together. Whatever is wrong
 * is one complaint that names block, key and value (never a secret's). Nothing
 * here asks a server anything, and nothing is kept between two readings.
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
  int64_t interval_ms; /* of clouds that name none; 0: nor is one here */
  struct custom_meters custom; /* that the clouds' meters may be of */
  struct cloud_config **clouds;
  size_t nclouds;
};

#define PLUGIN_OPTIONS_INIT                                                    \
  { .workers = 4 }

/* Bytes of a collectd identifier's field; the host's files check it. */
#define CONF_IDENTIFIER 128

/* plugin_options_read(options, blocks, n, to): all <Plugin openstack> blocks
 * that there are, into a `options` of PLUGIN_OPTIONS_INIT. Their order does not
 * matter, but that the last Workers counts. -1: the last complaint says why,
 * and if it is COMPLAINT_UNKNOWN, more blocks may mend it; `options` is still
 * to be cleared. */
int plugin_options_read(struct plugin_options *options,
                        const struct config_item *blocks, size_t n,
                        const struct complaints *to);

void plugin_options_clear(struct plugin_options *options);

#endif
