/*
 * value_list - samples to value lists
 *
 * The identity of a value: host is the cloud, plugin "openstack", plugin
 * instance the resource's id, type a stock type of types.db, type instance the
 * meter's name; or what the configured formats make of them (naming.h). Ids and
 * names belong to users and are mapped before they enter an identifier
 * (text.h). Two resources that would share one are told apart by their ids.
 * What a walk says of itself has "CLOUD:LISTING" in the
 * place of the resource. Where a walk goes over several regions, or the
 * configuration names several, ".REGION" stands behind the host.
 */
#ifndef VALUE_LIST_H
#define VALUE_LIST_H

#include "base/idset.h"
#include "meter/binding.h"
#include "settings/cloud.h"
#include "walk/walk.h"

#include "collectd.h"
#include "plugin.h"

#include <stdbool.h>
#include <stddef.h>

/* One walk's way to the daemon. Used by the thread that runs the walk. */
struct report {
  const struct cloud_config *cloud;
  const struct listing *listing;
  cdtime_t interval;
  char name[DATA_MAX_NAME_LEN]; /* the plugin instance of the walk itself */
  /* of the pass that runs */
  cdtime_t time;
  bool several; /* regions: the host tells them apart */
  char host[DATA_MAX_NAME_LEN];
  char region[DATA_MAX_NAME_LEN]; /* "" if it came to none */
  struct idset taken;             /* identities that another could share */
  struct idset shared;            /* that two resources had, in any pass */
  size_t clashes;                 /* of these: new in this pass */
  char clash[4 * DATA_MAX_NAME_LEN + 16]; /* the first */
};

void report_init(struct report *report, const struct cloud_config *cloud,
                 const struct walk *walk);
void report_clear(struct report *report);

/* report_begin(report, region, nregions): a pass over one of so many regions
 * begins now, at the time that all its samples will carry. `region` may be
 * NULL. */
void report_begin(struct report *report, const char *region, size_t nregions);

/* report_sample(report, sample): dispatches it; its meter is one of a
 * cloud_meter. What the daemon does with it is not known: it queues a copy. */
void report_sample(struct report *report, const struct sample *sample);

/* report_walk(report, summary): dispatches what the walk says of itself: how
 * long ago it was last whole; if it ran: duration, records, requests, bytes,
 * skipped turns, refused values; and behind all these: up. */
void report_walk(struct report *report, const struct walk_summary *summary);

#endif
