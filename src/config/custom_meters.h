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

struct own_rows {
  void **items;
  size_t n;
};

struct own {
  struct own_rows listings, meters;
};

/* own_add_listing(own, item, to), own_add_meter(own, item, to): reads a block,
 * in any order. -1: complained. `to` outlives the call of own_finish(). */
int own_add_listing(struct own *own, const struct config_item *item,
                    const struct complaints *to);
int own_add_meter(struct own *own, const struct config_item *item,
                  const struct complaints *to);

/* own_finish(own): behind the last block: the names of listings in the blocks
 * become the listings, and all are checked. -1: complained. */
int own_finish(struct own *own);
void own_clear(struct own *own);

/* own_meters(own), own_meter(own, i): all meters that there are, those that are
 * built in before the operator's. They live as long as `own`. */
size_t own_meters(const struct own *own);
const struct meter *own_meter(const struct own *own, size_t i);

/* own_group(group): a GroupBy as it is compared: its fixed words are in lower
 * case. NULL is fine. */
void own_group(char *group);

/* own_totals: the words for enum total_kind; ends in NULL. */
extern const char *const own_totals[];

#endif
