/*
 * dump - a plugin that prints the tree that collectd's parser makes of files
 *
 *   <Plugin dump>
 *     Output "/path"
 *     File "a.conf"
 *   </Plugin>
 */
#include "collectd.h"
#include "liboconfig/oconfig.h"
#include "plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void module_register(void);

static FILE *output;

static void put_value(const oconfig_value_t *value) {
  if (value->type == OCONFIG_TYPE_NUMBER)
    fprintf(output, " number %.17g", value->value.number);
  else if (value->type == OCONFIG_TYPE_BOOLEAN)
    fprintf(output, " boolean %d", value->value.boolean != 0);
  else
    fprintf(output, " text [%s]", value->value.string);
}

static void put_items(const oconfig_item_t *parent, int depth) {
  for (int i = 0; i < parent->children_num; i++) {
    const oconfig_item_t *item = &parent->children[i];
    fprintf(output, "%*s%s", 2 * depth, "", item->key);
    for (int j = 0; j < item->values_num; j++)
      put_value(&item->values[j]);
    fputc('\n', output);
    put_items(item, depth + 1);
  }
}

static void dump_file(const char *path) {
  fprintf(output, "== %s\n", path);
  oconfig_item_t *root = oconfig_parse_file(path);
  if (root != NULL)
    put_items(root, 0);
  else
    fputs("refused\n", output);
  fflush(output); /* a block that ends wrongly ends some daemons */
  if (root != NULL)
    oconfig_free(root);
}

static int configure(oconfig_item_t *block) {
  for (int i = 0; i < block->children_num; i++) {
    const oconfig_item_t *item = &block->children[i];
    if (strcmp(item->key, "Output") == 0)
      output = fopen(item->values[0].value.string, "w");
    else if (output != NULL)
      dump_file(item->values[0].value.string);
  }
  if (output != NULL)
    fclose(output);
  output = NULL;
  return 0;
}

void module_register(void) {
  plugin_register_complex_config("dump", configure);
}
