/*
 * value_list - turns samples into value lists
 *
 * The identity of a value: the host is the cloud, the plugin "openstack", the
 * plugin instance the resource's id, the type a stock type of types.db, the
 * type instance the meter's name. Configured formats may change them
 * (name_format.h). Users choose ids and names, so these are mapped before they
 * enter an identifier (text.h). Values about a walk have "CLOUD:LISTING"
 * instead of the resource. ".REGION" is appended to the host if the session
 * wants it (session.h).
 *
 * If collectd or a writer would take two resources' identities for one, the id
 * is appended to the part that names the resource. A name that was sent must
 * not be replaced in the next pass: sums over both would be too high for as
 * long as a writer remembers the old one. So values that may have a twin are
 * held, and sent at the end of each pass, until one pass was whole.
 */
#ifndef VALUE_LIST_H
#define VALUE_LIST_H

#include "base/idset.h"
#include "settings/cloud.h"
#include "walk/schedule.h"

#include "collectd.h"
#include "plugin.h"

#include <stdbool.h>
#include <stddef.h>

/* Dispatches the values of one walk. Only the thread that runs the walk uses
 * it. */
struct report {
  const struct cloud_config *cloud;
  const struct listing *listing;
  cdtime_t interval;
  char name[DATA_MAX_NAME_LEN]; /* the plugin instance of the walk itself */
  char host[DATA_MAX_NAME_LEN];
  bool named;                     /* the host contains the region's name */
  char region[DATA_MAX_NAME_LEN]; /* "" if the walk found none */
  cdtime_t time;                  /* of the current pass */
  struct idset taken;             /* identities that might be shared */
  struct idset shared; /* those that two resources had, in any pass */
  size_t clashes;      /* of these: new in this pass */
  char clash[4 * DATA_MAX_NAME_LEN + 16]; /* the first */
  bool ids_for_all; /* `shared` is full: all that it may lack get ids */
  bool crowded;     /* values got ids because there was no room */
  bool settled;     /* a pass was whole */
  struct held *held, **held_end; /* sent at the end of the pass, in order */
  size_t held_bytes;
};

/* Bounds of what is kept about names, since users choose them: shared
 * identities, and bytes of held values. Beyond either bound all other values
 * that may have a twin get ids, and keep them. */
#define REPORT_SHARED_MOST 100000
#define REPORT_HELD_MOST ((size_t)64 << 20)

/* report_init(report, cloud, schedule, region, named): for the walk in
 * `region`, whose name the host contains if `named`; `region` is NULL for a
 * schedule that found no region. `cloud` must outlive it. */
void report_init(struct report *report, const struct cloud_config *cloud,
                 const struct schedule *schedule, const char *region,
                 bool named);
void report_clear(struct report *report);

/* report_begin(report): a pass begins; all its samples have this time. */
void report_begin(struct report *report);

/* report_sample(report, sample): dispatches the sample, or holds it until
 * report_walk(). Its meter must be one of a cloud_meter. The daemon queues a
 * copy and does not report what becomes of it. */
void report_sample(struct report *report, const struct sample *sample);

/* The types of the values about a walk, each with one data source; a NULL ends
 * them. */
extern const char *const report_types[];

/* report_walk(report, summary): dispatches the held values, and then those
 * about the walk: the time since it was last whole; if it ran, duration,
 * records, requests, bytes, skipped intervals, refused values and, in a listing
 * per project, denied projects; last of all, up. */
void report_walk(struct report *report, const struct walk_summary *summary);

#endif
