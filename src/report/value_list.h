/*
 * value_list - turns samples into value lists
 *
 * If two resources have the same identifier for collectd or a writer, the id is
 * appended to the part that names the resource. A name that was sent must not
 * be replaced in the next pass: sums over both would be too high for as long as
 * a writer remembers the old one. So values whose identifier may be shared are
 * held until the end of a pass, until one pass was whole. Values with fields of
 * a record in their names are held in every pass, because fields change. A pass
 * of several walks ends with the last of them, and each value keeps its own
 * time.
 */
#ifndef VALUE_LIST_H
#define VALUE_LIST_H

#include "base/idset.h"
#include "report/identifier.h"
#include "share/unit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sends the values of one walk to the host. Only the thread that runs the walk
 * uses it. */
struct report {
  struct origin origin;
  int64_t interval_ms;     /* until the next value of a meter */
  int64_t turn_ms;         /* until the next value about the walk */
  bool begun;              /* report_begin() was called, and report_walk() was
                              not */
  struct idset taken;      /* identifiers that might be shared */
  struct idset shared;     /* those that two resources had, in any pass */
  struct member_unit unit; /* of those who share the cloud, */
  struct idset told;       /* and what they found shared, by another hash */
  size_t clashes;          /* of these: new in this pass */
  char clash[4 * IDENTIFIER_BYTES + 16]; /* the first */
  bool ids_for_all; /* `shared` is full: all that it may lack get ids */
  bool crowded;     /* values got ids because there was no room */
  bool settled;     /* a pass was whole */
  bool ran, asks;   /* there was a walk; the last one asked for each project or
                       owner */
  uint64_t refused, denied;      /* what the last one reported */
  struct held *held, **held_end; /* sent at the end of the pass, in order */
  size_t held_bytes;
};

/* Limits of what is kept about names, since users choose them: shared
 * identifiers, and bytes of held values. Beyond either limit all further values
 * whose identifier may be shared get ids, and keep them. */
#define REPORT_SHARED_MOST 100000
#define REPORT_HELD_MOST ((size_t)64 << 20)

/* report_init(report, cloud, schedule, region, named): for the walk in
 * `region`. If `named`, the host of its values contains the region's name.
 * `region` is NULL for a schedule that found no region. `cloud` must outlive
 * it. */
void report_init(struct report *report, const struct cloud_config *cloud,
                 const struct schedule *schedule, const char *region,
                 bool named);
void report_clear(struct report *report);

/* report_begin(report, goes_on): a walk begins, or the report of why there is
 * none. If it `goes_on`, it continues the last walk's pass. */
void report_begin(struct report *report, bool goes_on);

/* report_sample(report, sample): sends the sample, or holds it until
 * report_walk(). Its meter must be one of a cloud_meter. */
void report_sample(struct report *report, const struct sample *sample);

/* The types of the values about a walk, each with one data source; a NULL ends
 * them. */
extern const char *const report_types[];

/* report_walk(report, summary): sends the held values, and then, unless
 * its listing has no records, those about the walk: the time since it was last
 * whole; if it ran or was idle, duration, records, requests and bytes; if it
 * ever ran, skipped intervals, and the last walk's refused values and, in a
 * listing per project, denied projects; last of all, up. */
void report_walk(struct report *report, const struct walk_summary *summary);

/* report_drop(report): call it instead of report_walk() if another daemon walks
 * the listing now. Sends neither the held values nor any about the walk. */
void report_drop(struct report *report);

#endif
