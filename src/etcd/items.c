#include "etcd/items.h"

#include <stdlib.h>

void etcd_items_clear(struct etcd_items *items) {
  for (size_t i = 0; i < items->n; i++) {
    free(items->items[i].key);
    free(items->items[i].value);
  }
  free(items->items);
  *items = (struct etcd_items){0};
}
