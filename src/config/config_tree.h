/*
 * config_tree - blocks and lines of a configuration, as the operator wrote it
 *
 * A line is a key and its values; a block is a line that contains lines. The
 * host of the plugin makes the tree (collectd/config_source), and everything in
 * config/ reads it. The tree must not learn what a key means.
 */
#ifndef CONFIG_TREE_H
#define CONFIG_TREE_H

#include <stdbool.h>
#include <stddef.h>

enum config_kind { CONFIG_TEXT, CONFIG_NUMBER, CONFIG_BOOLEAN };

struct config_value {
  enum config_kind kind;
  char *text;
  double number;
  bool boolean;
};

struct config_item {
  char *key;
  struct config_value *values;
  size_t nvalues;
  struct config_item *children;
  size_t nchildren;
};

/* config_tree_line(ret, key, first, second): makes a line with one or two texts
 * as its values; `first` NULL: with `second` alone. False: no memory. The
 * caller clears `ret` in any case. */
bool config_tree_line(struct config_item *ret, const char *key,
                      const char *first, const char *second);

/* config_tree_clear(item): frees all that the item points to. It wipes the
 * texts, since some are secrets. */
void config_tree_clear(struct config_item *item);

#endif
