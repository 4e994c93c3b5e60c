/*
 * custom_meters - listings and meters that the operator writes
 *
 * The <Listing> and <Meter> blocks of <Plugin openstack> become the same
 * structs as the rows of meters/, checked as far as that is possible without a
 * server. No other module knows who wrote a row.
 */
#ifndef CUSTOM_METERS_H
#define CUSTOM_METERS_H

#include "config/complaint.h"
#include "config/config_tree.h"
#include "meter/meter.h"

#include <stddef.h>

/* Bytes of the name of a listing or meter, at most. An identifier has room for
 * it, and so has the name of a read callback beside a cloud's name. */
#define CUSTOM_NAME_MOST 50

struct custom_rows {
  void **items;
  size_t n;
};

struct custom_meters {
  struct custom_rows listings, meters;
};

/* custom_meters_add_listing(custom, item, to), custom_meters_add_meter(custom,
 * item, to): read a block; the order of blocks is free. -1: complained. `to`
 * must live until custom_meters_finish() has returned. */
int custom_meters_add_listing(struct custom_meters *custom,
                              const struct config_item *item,
                              const struct complaints *to);
int custom_meters_add_meter(struct custom_meters *custom,
                            const struct config_item *item,
                            const struct complaints *to);

/* custom_meters_finish(custom): call it after the last block. Replaces names of
 * listings by the listings, and checks all rows. -1: complained. */
int custom_meters_finish(struct custom_meters *custom);
void custom_meters_clear(struct custom_meters *custom);

/* custom_meters_count(custom), custom_meters_get(custom, i): all meters, the
 * built-in ones before the operator's. They live as long as `custom`. */
size_t custom_meters_count(const struct custom_meters *custom);
const struct meter *custom_meters_get(const struct custom_meters *custom,
                                      size_t i);

/* custom_meters_group(group): makes a GroupBy comparable: a fixed word in
 * whatever case is METER_BY_PROJECT or METER_BY_USER; any other `group` is
 * itself. NULL is fine. */
const char *custom_meters_group(const char *group);

/* custom_meters_totals: the words for enum total_kind; ends in NULL. */
extern const char *const custom_meters_totals[];

#endif
