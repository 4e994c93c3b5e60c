/*
 * configure - collects the <Plugin openstack> blocks, and has them read
 *
 * collectd hands over one block at a time and does not tell which is the last;
 * but only then can it be refused to start. So what no other block can mend is
 * refused there and then, and all blocks are read for good at init, where what
 * they say of each other is known. Whatever is wrong is one line in the log.
 * Called by collectd on its main thread.
 */
#ifndef CONFIGURE_H
#define CONFIGURE_H

#include "config/plugin_options.h"

#include "collectd.h"
#include "liboconfig/oconfig.h"

/* configure_interval(): keeps LoadPlugin's Interval; when the plugin is loaded.
 */
void configure_interval(void);

/* configure_block(block): the config callback: copies it. -1: logged. */
int configure_block(oconfig_item_t *block);

/* configure_all(options): reads all blocks into a `options` of
 * PLUGIN_OPTIONS_INIT, and forgets them. -1: logged; `options` is still to be
 * cleared. */
int configure_all(struct plugin_options *options);

/* configure_forget(): frees what was copied and not read. */
void configure_forget(void);

#endif
