#include "config/config_tree.h"

#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

bool config_tree_line(struct config_item *ret, const char *key,
                      const char *first, const char *second) {
  const char *texts[] = {first, second};
  *ret = (struct config_item){.key = strdup(key),
                              .values = calloc(2, sizeof(*ret->values))};
  if (ret->key == NULL || ret->values == NULL)
    return false;
  for (size_t i = first != NULL ? 0 : 1; i < 2; i++) {
    char *text = strdup(texts[i]);
    if (text == NULL)
      return false;
    ret->values[ret->nvalues++] =
        (struct config_value){.kind = CONFIG_TEXT, .text = text};
  }
  return true;
}

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
