/*
 * meter_selection - which meters a cloud reports, and how
 *
 * The lines `Meter "pattern"` of a <Cloud> block choose among all meters. The
 * blocks <Meter "pattern"> in it change chosen meters: another interval, other
 * names, a total instead of single values.
 */
#ifndef METER_SELECTION_H
#define METER_SELECTION_H

#include "config/cloud_options.h"
#include "config/custom_meters.h"

#include <stdbool.h>

/* meter_selection_is_block(item): does this module read this line of a <Cloud>
 * block? */
bool meter_selection_is_block(const struct config_item *item);

/* meter_selection_make(block, custom, item): fills in the cloud's meters.
 * `block` must have all other options of the <Cloud> block `item`. The meters
 * point into `custom`. -1: complained. */
int meter_selection_make(struct cloud_options *block,
                         const struct custom_meters *custom,
                         const struct config_item *item);

#endif
