/*
 * configuration - a configuration from text, and what is complained of
 *
 * Reads the part of liboconfig's grammar that we use, as collectd does, and
 * keeps the complaints of whoever reads the tree. One thread.
 */
#ifndef STUB_CONFIGURATION_H
#define STUB_CONFIGURATION_H

#include "config/complaint.h"
#include "config/config_tree.h"

#include <stddef.h>

/* config_text(text): an item whose children are the text's lines and blocks, to
 * config_text_free(). */
struct config_item *config_text(const char *text);
void config_text_free(struct config_item *root);

/* What takes complaints, and what it has taken since heard_forget(). */
extern const struct complaints heard;
void heard_forget(void);
size_t heard_lines(void);
/* heard_line(i, ret): `ret` may be NULL. */
const char *heard_line(size_t i, enum complaint_kind *ret);
size_t heard_count(const char *pattern); /* fnmatch */

#endif
