/*
 * items - keys and values that etcd has returned
 */
#ifndef ETCD_ITEMS_H
#define ETCD_ITEMS_H

#include <stddef.h>
#include <stdint.h>

#define ETCD_ITEMS 20000 /* of one answer, at most */
#define ETCD_KEY 1500    /* bytes of a key, at most */
#define ETCD_VALUE 1500  /* bytes of a value, at most */

struct etcd_item {
  char *key;     /* a text; an item whose key is none is left out */
  char *value;   /* "" also for what is no text, or is over ETCD_VALUE */
  int64_t lease; /* 0: none */
  int64_t create_revision, mod_revision;
};

struct etcd_items {
  struct etcd_item *items; /* sorted by key */
  size_t n;
  int64_t revision; /* of the whole database, when it was read */
};

/* etcd_items_clear(items): frees them; there are none again. */
void etcd_items_clear(struct etcd_items *items);

#endif
