/*
 * share_options - the <Share> block of a <Cloud> block
 *
 * Has the table of its options and the checks of them together. Each mistake is
 * one complaint.
 */
#ifndef SHARE_OPTIONS_H
#define SHARE_OPTIONS_H

#include "config/option.h"
#include "settings/share.h"

#include <stdbool.h>

/* share_options_is_block(item): does this module read this line of a <Cloud>
 * block? */
bool share_options_is_block(const struct config_item *item);

/* share_options_has(key): does a <Share> block have an option of this name? */
bool share_options_has(const char *key);

/* share_options_read(ret, item, cloud, to): reads the block of the cloud of
 * this name into `*ret`, which is NULL if there was none before, and which
 * share_config_free() frees also after a failure. -1: complained. */
int share_options_read(struct share_config **ret,
                       const struct config_item *item, const char *cloud,
                       const struct complaints *to);

/* share_config_free(share): frees it and all its options; NULL is fine. */
void share_config_free(struct share_config *share);

#endif
