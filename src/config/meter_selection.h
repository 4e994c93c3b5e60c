/*
 * meter_selection - which meters a cloud reports, and how
 *
 * The lines `Meter "pattern"` of a <Cloud> block choose among all meters that
 * there are; its blocks <Meter "pattern"> change those that are chosen: another
 * interval, other names, a total in place of single values.
 */
#ifndef METER_SELECTION_H
#define METER_SELECTION_H

#include "config/cloud_options.h"
#include "config/custom_meters.h"

#include <stdbool.h>

/* meter_selection_is_block(item): is this line of a <Cloud> block ours to read?
 */
bool meter_selection_is_block(const struct config_item *item);

/* meter_selection_make(block, own, item): fills in the cloud's meters: `block`
 * has all other options of the <Cloud> block `item`. The meters point into
 * `own`. -1: complained. */
int meter_selection_make(struct cloud_options *block,
                         const struct custom_meters *custom,
                         const struct config_item *item);

#endif
