/*
 * cloud_warnings - what a <Cloud> block may have, but probably by mistake
 *
 * Checks a block whose meters have been chosen, and warns of options that have
 * no effect, or another one than they seem to have. It refuses nothing and
 * changes nothing.
 */
#ifndef CLOUD_WARNINGS_H
#define CLOUD_WARNINGS_H

#include "config/cloud_options.h"

/* cloud_warnings(block, item): complains (COMPLAINT_WARNING) with block, key
 * and value; `item` is the <Cloud> block. */
void cloud_warnings(const struct cloud_options *block,
                    const struct config_item *item);

#endif
