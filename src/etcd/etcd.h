/*
 * etcd - leases and keys of etcd 3
 *
 * Calls, one function each; what keys mean is their caller's. Who may call,
 * how long a call takes and which errors there are: client.h.
 */
#ifndef ETCD_H
#define ETCD_H

#include "etcd/client.h"
#include "etcd/items.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ETCD_OPERATIONS 128 /* of a transaction, at most: etcd's own limit */

/* ---- leases ---- */

/* etcd_grant(etcd, ttl_s, ret_lease, ret_ttl_s, err): grants a lease. etcd
 * raises a TTL that is short for it: count with `*ret_ttl_s`. After a failure
 * etcd may have a lease that nobody knows; it lapses by itself. */
int etcd_grant(struct etcd *etcd, int64_t ttl_s, int64_t *ret_lease,
               int64_t *ret_ttl_s, struct error *err);

/* etcd_keepalive(etcd, lease, ret_ttl_s, err): renews it. `ret_ttl_s` counts
 * from a moment after the call began: read a clock before it. -1: ERROR_LEASE:
 * it is gone. A success alone is no proof that it lives: etcd before 3.4.38 may
 * err; see whether its keys are there. */
int etcd_keepalive(struct etcd *etcd, int64_t lease, int64_t *ret_ttl_s,
                   struct error *err);

/* etcd_revoke(etcd, lease, limit_ms, err): ends it, and deletes its keys, also
 * after etcd_stop(). Takes `limit_ms` at most and does not log in again. -1:
 * ERROR_LEASE: it was gone before. */
int etcd_revoke(struct etcd *etcd, int64_t lease, int64_t limit_ms,
                struct error *err);

/* ---- keys ---- */

/* etcd_range(etcd, prefix, ret, err): reads all keys that begin with `prefix`
 * (not empty), as a majority of the members has them (linearizable). `ret` is
 * the caller's, for etcd_items_clear(); after a failure it is empty. */
int etcd_range(struct etcd *etcd, const char *prefix, struct etcd_items *ret,
               struct error *err);

enum etcd_condition {
  ETCD_NONE,      /* no key begins with `key`; nor is `number` looked at */
  ETCD_ABSENT,    /* there is no such key; `number` is not looked at */
  ETCD_LEASED,    /* the key is there, under the lease `number`, not 0 */
  ETCD_UNCHANGED, /* the key is there, and `number` is its mod_revision */
};

struct etcd_compare {
  enum etcd_condition condition;
  const char *key;
  int64_t number;
};

struct etcd_change {
  const char *key;
  const char *value; /* NULL: the key is deleted */
  int64_t lease;     /* of a put: anybody's; 0: none */
};

struct etcd_txn {
  const struct etcd_compare *compares; /* none: the changes are always made */
  size_t ncompares;
  const struct etcd_change *changes; /* of one key only one */
  size_t nchanges;
  int64_t farewell_ms; /* not 0: also after etcd_stop(), and as etcd_revoke() */
};

/* etcd_commit(etcd, txn, ret_done, err): makes all changes at once if all
 * compares hold; `*ret_done` tells whether they did. -1: nothing is known,
 * except with ERROR_LEASE (a put's lease is gone), ERROR_SPACE and
 * ERROR_DENIED: then nothing was changed. */
int etcd_commit(struct etcd *etcd, const struct etcd_txn *txn, bool *ret_done,
                struct error *err);

#endif
