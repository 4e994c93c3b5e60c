/*
 * conf_file - a configuration file of collectd's, with what it includes
 *
 * Include takes a file, a folder or a pattern, as a line or as a block with a
 * Filter, up to eight deep. The files of a folder or pattern come in the order
 * of their names, those that begin with a dot never.
 */
#ifndef CONF_FILE_H
#define CONF_FILE_H

#include "config/complaint.h"
#include "config/config_tree.h"

/* conf_file_read(path, to, ret): `ret`, which the caller clears in any case,
 * gets all lines as its children. -1: complained. */
int conf_file_read(const char *path, const struct complaints *to,
                   struct config_item *ret);

#endif
