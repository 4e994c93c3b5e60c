/*
 * cloud - what an operator configured for one cloud
 *
 * Plain data, which config/ makes of a <Cloud> block and all others read. It
 * must not learn to do anything.
 */
#ifndef SETTINGS_CLOUD_H
#define SETTINGS_CLOUD_H

#include "keystone/session_config.h"
#include "settings/access.h"
#include "settings/style.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bounds of an interval, wherever it is given. */
#define INTERVAL_LEAST 0.1
#define INTERVAL_MOST 604800
/* The interval if none is given: Ceilometer's. collectd's 10 s would walk every
 * API thirty times as often. */
#define INTERVAL_USUAL_MS 300000

/* How much of its interval a walk may take. */
#define INTERVAL_SHARE(interval_ms) ((interval_ms)*8 / 10)

#define CLOUD_SERIES_MOST 1000000000 /* bound of MaxSeries */

struct share_config; /* settings/share.h */

/* The operator's options, checked. config/ makes and frees it. */
struct cloud_config {
  char *name;
  char *host;                   /* NULL: use the name */
  char *os_cloud, *config_file; /* entry and file of clouds.yaml, or NULL */
  struct session_config session;
  struct http_options http;
  struct pass_access access;
  struct share_config *share; /* NULL: this daemon walks the cloud alone */
  double request_rate;        /* a second; 0: no limit */
  int64_t interval_ms; /* 0: none is given, until the meters are chosen */
  struct cloud_style style;
  size_t max_series; /* of a meter in a region and cycle; 0: no limit */
  bool ignore_disabled_projects;
  struct text_list projects, domains; /* patterns of the wanted ones */
  struct text_list patterns;          /* of the Meter lines, as written */
  struct text_list texts;             /* owned here; the meters point to them */
  struct cloud_meter *meters;         /* those that `patterns` choose */
  size_t nmeters;
};

/* cloud_host(config): what the word `cloud` of a format stands for. */
static inline const char *cloud_host(const struct cloud_config *config) {
  return config->host != NULL ? config->host : config->name;
}

#endif
