/*
 * style - how a cloud names its values, and each meter with the cloud's changes
 *
 * Plain data, which config/ makes of the formats and of <Meter> blocks.
 */
#ifndef STYLE_H
#define STYLE_H

#include "meter/meter.h"
#include "meter/name_format.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of a field of an identifier: what collectd has room for, as
 * src/collectd asserts. */
#define IDENTIFIER_BYTES 128

enum cloud_metadata { METADATA_NONE, METADATA_IDS, METADATA_ALL };

/* How values are named, and what meta data they carry. If a region is to be
 * named (catalog.h) and `host` lacks the word `region`, ".REGION" is
 * appended. */
struct cloud_style {
  struct name_format host, instance, type_instance;
  enum cloud_metadata metadata;
};

/* How a host keeps the numbers of a type. */
enum value_kind {
  VALUE_GAUGE,
  VALUE_DERIVE,
  VALUE_COUNTER, /* this and the next: no number below 0 */
  VALUE_ABSOLUTE,
};

/* A meter with all changes that this cloud's configuration makes. */
struct cloud_meter {
  struct meter meter;
  int64_t interval_ms;
  struct cloud_style style;
  const char *named[3 * NAME_FORMAT_FIELDS + 1]; /* meter.named */
  enum value_kind kind; /* of meter.type; the host sets it at the start */
};

/* cloud_meter_of(meter): the cloud_meter whose member `meter` is. The meter of
 * every sample is such a member. */
static inline const struct cloud_meter *
cloud_meter_of(const struct meter *meter) {
  return (const struct cloud_meter *)((const char *)meter -
                                      offsetof(struct cloud_meter, meter));
}

#endif
