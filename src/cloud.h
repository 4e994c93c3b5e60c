/*
 * cloud - one <Cloud> block at work: its session, its walks, its turns
 *
 * Groups the chosen meters into walks (same listing, same interval) and owns
 * everything that belongs to the cloud. Makes no request and starts no thread.
 */
#ifndef CLOUD_H
#define CLOUD_H

#include "error.h"
#include "http.h"
#include "meter.h"
#include "naming.h"
#include "session.h"
#include "text.h"
#include "walk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOUD_SERIES_MOST 1000000000 /* bound of MaxSeries */

enum cloud_metadata { METADATA_NONE, METADATA_IDS, METADATA_ALL };

/* How values are called and what they carry. */
struct cloud_style {
  struct name_format host, instance, type_instance;
  enum cloud_metadata metadata;
};

/* A meter as this cloud has it, with all that its configuration changes. */
struct cloud_meter {
  struct meter meter;
  int64_t interval_ms;
  struct cloud_style style;
  int ds_type; /* of meter.type, as the daemon counts them; from the start on */
};

/* cloud_meter_of(meter): whose `meter` this is: each sample's is. */
const struct cloud_meter *cloud_meter_of(const struct meter *meter);

/* What the operator wrote, checked. conf.c makes and frees it. */
struct cloud_config {
  char *name;
  char *host;                   /* NULL: the name */
  char *os_cloud, *config_file; /* entry and file of clouds.yaml, or NULL */
  struct session_config session;
  struct http_options http;
  struct pass_access access;
  double request_rate; /* a second; 0: no limit */
  int64_t interval_ms;
  struct cloud_style style;
  size_t max_series; /* of each meter in a region and cycle; 0: no limit */
  bool ignore_disabled_projects;
  struct text_list projects, domains; /* patterns of those wanted */
  struct text_list patterns;          /* of Meter, as written */
  struct text_list texts;             /* that only the meters point to */
  struct cloud_meter *meters;         /* what they choose */
  size_t nmeters;
};

struct cloud;

/* cloud_new(config, err): `config` must outlive it. NULL: ERROR_CONFIG,
 * memory. */
struct cloud *cloud_new(const struct cloud_config *config, struct error *err);
void cloud_free(struct cloud *cloud); /* NULL is fine; no walk may run */

const struct cloud_config *cloud_config(const struct cloud *cloud);

/* The walks, and the turns: one for each meter of the configuration, in its
 * order. */
size_t cloud_walks(const struct cloud *cloud, struct walk *const **ret);
size_t cloud_turns(struct cloud *cloud, struct turn **ret);

/* cloud_stop(cloud): any thread: all that waits for a server returns soon. */
void cloud_stop(struct cloud *cloud);

#endif
