/*
 * custom_meters - listings and meters that the operator writes
 *
 * <Listing> and <Meter> blocks of <Plugin openstack> make the same structs as
 * the rows of meters/, checked as far as that goes without a server. From here
 * on nobody asks who wrote a row.
 */
#ifndef CUSTOM_METERS_H
#define CUSTOM_METERS_H

#include "config/complaint.h"
#include "config/config_tree.h"
#include "meter/meter.h"

#include <stddef.h>

/* `name` of a listing or meter: what an identifier can show; and it must leave
 * room for a cloud's in the name of a read callback. */
#define OWN_NAME 50

struct custom_rows {
  void **items;
  size_t n;
};

struct custom_meters {
  struct custom_rows listings, meters;
};

/* custom_meters_add_listing(own, item, to), custom_meters_add_meter(own, item,
 * to): reads a block, in any order. -1: complained. `to` outlives the call of
 * custom_meters_finish(). */
int custom_meters_add_listing(struct custom_meters *custom,
                              const struct config_item *item,
                              const struct complaints *to);
int custom_meters_add_meter(struct custom_meters *custom,
                            const struct config_item *item,
                            const struct complaints *to);

/* custom_meters_finish(own): behind the last block: the names of listings in
 * the blocks become the listings, and all are checked. -1: complained. */
int custom_meters_finish(struct custom_meters *custom);
void custom_meters_clear(struct custom_meters *custom);

/* custom_meters_count(own), own_meter(own, i): all meters that there are, those
 * that are built in before the operator's. They live as long as `own`. */
size_t custom_meters_count(const struct custom_meters *custom);
const struct meter *custom_meters_get(const struct custom_meters *custom,
                                      size_t i);

/* custom_meters_group(group): a GroupBy as it is compared: its fixed words are
 * in lower case. NULL is fine. */
void custom_meters_group(char *group);

/* custom_meters_totals: the words for enum total_kind; ends in NULL. */
extern const char *const custom_meters_totals[];

#endif
