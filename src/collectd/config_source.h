/*
 * config_source - copies collectd's configuration into a config_tree
 *
 * The only module that knows both liboconfig and config/.
 */
#ifndef CONFIG_SOURCE_H
#define CONFIG_SOURCE_H

#include "config/config_tree.h"

#include "collectd.h"
#include "liboconfig/oconfig.h"

/* config_source_copy(from, to): overwrites `to` with a copy, which the caller
 * frees with config_tree_clear(). -1: no memory; there is nothing to clear. */
int config_source_copy(const oconfig_item_t *from, struct config_item *to);

#endif
