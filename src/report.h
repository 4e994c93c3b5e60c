/*
 * report - samples to value lists
 *
 * The identity of a value: host is the cloud, plugin "openstack", plugin
 * instance the resource's id, type a stock type of types.db, type instance the
 * meter's name. Ids belong to users and are mapped before they enter an
 * identifier (text.h). What a walk says of itself has "CLOUD:LISTING" in the
 * place of the resource. Where a walk goes over several regions, or the
 * configuration names several, ".REGION" stands behind the host.
 */
#ifndef REPORT_H
#define REPORT_H

#include "binding.h"
#include "cloud.h"
#include "walk.h"

#include "collectd.h"
#include "plugin.h"

/* One walk's way to the daemon. Used by the thread that runs the walk. */
struct report {
  const struct cloud_config *cloud;
  const struct listing *listing;
  cdtime_t interval;
  /* of the pass that runs */
  cdtime_t time;
  char host[DATA_MAX_NAME_LEN];
  char region[DATA_MAX_NAME_LEN]; /* "" if it came to none */
};

void report_init(struct report *report, const struct cloud_config *cloud,
                 const struct walk *walk);

/* report_begin(report, region, nregions): a pass over one of so many regions
 * begins now, at the time that all its samples will carry. `region` may be
 * NULL. */
void report_begin(struct report *report, const char *region, size_t nregions);

/* report_sample(report, sample): dispatches it. What the daemon does with it is
 * not known: it queues a copy. */
void report_sample(struct report *report, const struct sample *sample);

/* report_walk(report, summary): dispatches what the walk says of itself: up,
 * and how long ago it last was; and if it ran: duration, records, requests,
 * bytes, skipped turns. */
void report_walk(struct report *report, const struct walk_summary *summary);

#endif
