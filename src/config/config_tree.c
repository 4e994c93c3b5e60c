#include "config/config_tree.h"

#include "base/secret.h"

#include <stdlib.h>

void config_tree_clear(struct config_item *item) {
  for (size_t i = 0; i < item->nvalues; i++)
    secret_free(item->values[i].text);
  for (size_t i = 0; i < item->nchildren; i++)
    config_tree_clear(&item->children[i]);
  free(item->values);
  free(item->children);
  free(item->key);
  *item = (struct config_item){0};
}
