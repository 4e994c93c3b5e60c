/*
 * cloud_warnings - what is allowed in a <Cloud> block, and hardly meant
 *
 * Looks at a block whose meters have been chosen, and warns of options that do
 * nothing, or something else than they seem to. It refuses nothing and changes
 * nothing.
 */
#ifndef CLOUD_WARNINGS_H
#define CLOUD_WARNINGS_H

#include "config/cloud_options.h"

/* cloud_warnings(block, item): complains (COMPLAINT_WARNING) with block, key
 * and value; `item` is the <Cloud> block. */
void cloud_warnings(const struct cloud_options *block,
                    const struct config_item *item);

#endif
