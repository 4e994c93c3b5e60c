#include "collectd/config_source.h"

#include <stdlib.h>
#include <string.h>

static int copy_value(const oconfig_value_t *from, struct config_value *to) {
  switch (from->type) {
  case OCONFIG_TYPE_STRING:
    to->kind = CONFIG_TEXT;
    to->text = strdup(from->value.string);
    return to->text != NULL ? 0 : -1;
  case OCONFIG_TYPE_NUMBER:
    to->kind = CONFIG_NUMBER;
    to->number = from->value.number;
    return 0;
  default:
    to->kind = CONFIG_BOOLEAN;
    to->boolean = from->value.boolean != 0;
    return 0;
  }
}

/* One more than is needed, so that none is no special case. */
static int copy_item(const oconfig_item_t *from, struct config_item *to) {
  size_t nvalues = (size_t)from->values_num;
  size_t nchildren = (size_t)from->children_num;
  *to = (struct config_item){
      .key = strdup(from->key),
      .values = calloc(nvalues + 1, sizeof(*to->values)),
      .children = calloc(nchildren + 1, sizeof(*to->children)),
  };
  if (to->key == NULL || to->values == NULL || to->children == NULL)
    return -1;
  while (to->nvalues < nvalues) {
    size_t i = to->nvalues++;
    if (copy_value(&from->values[i], &to->values[i]) != 0)
      return -1;
  }
  while (to->nchildren < nchildren) {
    size_t i = to->nchildren++;
    if (copy_item(&from->children[i], &to->children[i]) != 0)
      return -1;
  }
  return 0;
}

int config_source_copy(const oconfig_item_t *from, struct config_item *to) {
  int status = copy_item(from, to);
  if (status != 0)
    config_tree_clear(to);
  return status;
}
