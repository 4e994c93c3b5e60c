/* liboconfig's trees, from text. */
#include "daemon.h"

#include "configuration.h"

#include <stdlib.h>
#include <string.h>

static oconfig_value_t to_value(const struct config_value *from) {
  oconfig_value_t value = {.type = OCONFIG_TYPE_STRING};
  if (from->kind == CONFIG_TEXT) {
    value.value.string = strdup(from->text);
  } else if (from->kind == CONFIG_NUMBER) {
    value.type = OCONFIG_TYPE_NUMBER;
    value.value.number = from->number;
  } else {
    value.type = OCONFIG_TYPE_BOOLEAN;
    value.value.boolean = from->boolean;
  }
  return value;
}

static void fill(oconfig_item_t *item, const struct config_item *from) {
  *item = (oconfig_item_t){
      .key = strdup(from->key != NULL ? from->key : ""),
      .values = calloc(from->nvalues + 1, sizeof(*item->values)),
      .values_num = (int)from->nvalues,
      .children = calloc(from->nchildren + 1, sizeof(*item->children)),
      .children_num = (int)from->nchildren};
  for (size_t i = 0; i < from->nvalues; i++)
    item->values[i] = to_value(&from->values[i]);
  for (size_t i = 0; i < from->nchildren; i++) {
    fill(&item->children[i], &from->children[i]);
    item->children[i].parent = item;
  }
}

oconfig_item_t *stub_parse(const char *text) {
  struct config_item *tree = config_text(text);
  oconfig_item_t *root = calloc(1, sizeof(*root));
  fill(root, tree);
  config_text_free(tree);
  return root;
}

static void clear(oconfig_item_t *item) {
  for (int i = 0; i < item->values_num; i++)
    if (item->values[i].type == OCONFIG_TYPE_STRING)
      free(item->values[i].value.string);
  for (int i = 0; i < item->children_num; i++)
    clear(&item->children[i]);
  free(item->values);
  free(item->children);
  free(item->key);
}

void stub_parse_free(oconfig_item_t *root) {
  clear(root);
  free(root);
}
