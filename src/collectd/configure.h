/*
 * configure - collects the <Plugin openstack> blocks, and reads them
 *
 * collectd hands over one block at a time and does not say which one is the
 * last. It can be made to refuse its start only while it does that. So a
 * mistake that no other block can mend is refused at once. At init all blocks
 * are read again, together, since then all are known. Each mistake is one line
 * in the log. collectd calls these functions on its main thread.
 */
#ifndef CONFIGURE_H
#define CONFIGURE_H

#include "config/plugin_options.h"

#include "collectd.h"
#include "liboconfig/oconfig.h"

/* configure_interval(): keeps LoadPlugin's Interval; call it when the plugin is
 * loaded. */
void configure_interval(void);

/* configure_block(block): the config callback; copies the block. -1: logged. */
int configure_block(oconfig_item_t *block);

/* configure_all(options): reads all blocks into `options`, which must be
 * PLUGIN_OPTIONS_INIT, and forgets the blocks. -1: logged. The caller must
 * clear `options` in any case. */
int configure_all(struct plugin_options *options);

/* configure_forget(): frees blocks that were copied and not read. */
void configure_forget(void);

#endif
