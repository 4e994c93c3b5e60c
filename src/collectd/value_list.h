/*
 * value_list - samples to value lists
 *
 * The identity of a value: host is the cloud, plugin "openstack", plugin
 * instance the resource's id, type a stock type of types.db, type instance the
 * meter's name; or what the configured formats make of them (name_format.h).
 * Ids and names belong to users and are mapped before they enter an identifier
 * (text.h). What a walk says of itself has "CLOUD:LISTING" in the place of the
 * resource. ".REGION" stands behind the host where the session wants it
 * (session.h).
 *
 * Two resources whose identities collectd, or a writer, would take for one are
 * told apart: the id is appended to the part that names the resource. A name
 * that was sent must not be taken back by the next pass, or sums over both are
 * too high for as long as a writer remembers. So values that may have a twin
 * are held until the first pass is whole, and sent at the end of each pass
 * until then.
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

/* One walk's way to the daemon. Used by the thread that runs the walk. */
struct report {
  const struct cloud_config *cloud;
  const struct listing *listing;
  cdtime_t interval;
  char name[DATA_MAX_NAME_LEN]; /* the plugin instance of the walk itself */
  char host[DATA_MAX_NAME_LEN];
  bool named;                     /* the host has the region's name */
  char region[DATA_MAX_NAME_LEN]; /* "" if it came to none */
  cdtime_t time;                  /* of the pass that runs */
  struct idset taken;             /* identities that another could share */
  struct idset shared;            /* that two resources had, in any pass */
  size_t clashes;                 /* of these: new in this pass */
  char clash[4 * DATA_MAX_NAME_LEN + 16]; /* the first */
  bool ids_for_all; /* `shared` is full: all that it could lack have ids */
  bool crowded;     /* values got their ids since there was no room */
  bool settled;     /* a pass was whole */
  struct held *held, **held_end; /* to be sent at the pass's end, in order */
  size_t held_bytes;
};

/* Bounds of what is kept of names, which belong to users: identities that were
 * shared, and bytes of values that are held. Beyond either, ids are appended to
 * all other values that may have a twin, and stay. */
#define REPORT_SHARED_MOST 100000
#define REPORT_HELD_MOST ((size_t)64 << 20)

/* report_init(report, cloud, schedule, region, named): of the walk in `region`,
 * whose name stands in the host or not; NULL: of what came to none. `cloud`
 * must outlive it. */
void report_init(struct report *report, const struct cloud_config *cloud,
                 const struct schedule *schedule, const char *region,
                 bool named);
void report_clear(struct report *report);

/* report_begin(report): a pass begins now, at the time that all its samples
 * will carry. */
void report_begin(struct report *report);

/* report_sample(report, sample): dispatches it, or holds it until
 * report_walk(); its meter is one of a cloud_meter. What the daemon does with
 * it is not known: it queues a copy. */
void report_sample(struct report *report, const struct sample *sample);

/* The types in which a walk reports on itself, of one value each; then NULL. */
extern const char *const report_types[];

/* report_walk(report, summary): dispatches what is held, and what the walk says
 * of itself: how long ago it was last whole; if it ran: duration, records,
 * requests, bytes, skipped intervals, refused values; and behind all these: up.
 */
void report_walk(struct report *report, const struct walk_summary *summary);

#endif
