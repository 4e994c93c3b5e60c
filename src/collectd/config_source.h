/*
 * config_source - collectd's configuration as a tree of ours
 *
 * The only door between liboconfig and config/.
 */
#ifndef CONFIG_SOURCE_H
#define CONFIG_SOURCE_H

#include "config/config_tree.h"

#include "collectd.h"
#include "liboconfig/oconfig.h"

/* config_source_copy(from, to): `to`, which is overwritten, becomes a copy, to
 * config_tree_clear(). -1: no memory; there is nothing to clear. */
int config_source_copy(const oconfig_item_t *from, struct config_item *to);

#endif
