/*
 * conf_text - the syntax of collectd.conf
 *
 * Reads a file's text into a config_tree, as collectd's own parser does: the
 * daemon hands its tree to plugins only. Where collectd silently drops bytes
 * (those that stand in no quotes and in no word), this parser warns. What a key
 * means, `Include` too, is not for it.
 *
 * The grammar is that of collectd's src/liboconfig; a test lets the real daemon
 * read the same files and compares the trees.
 */
#ifndef CONF_TEXT_H
#define CONF_TEXT_H

#include "config/complaint.h"
#include "config/config_tree.h"

/* conf_text_parse(file, text, to, ret): `ret`, which the caller clears in any
 * case, gets the file's lines as its children. `file` is for messages. -1:
 * complained. */
int conf_text_parse(const char *file, const char *text,
                    const struct complaints *to, struct config_item *ret);

/* conf_tree_add(parent, child): moves the child to the end of the parent's. -1:
 * memory; the child is still the caller's. */
int conf_tree_add(struct config_item *parent, struct config_item *child);

#endif
