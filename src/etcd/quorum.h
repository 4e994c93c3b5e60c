/*
 * quorum - whether the members of an etcd cluster can still decide anything
 *
 * Asks every endpoint at once how its member is. Only the configured endpoints
 * are asked, and never the addresses that members advertise: one of them may be
 * "localhost", where a dead etcd of our own would stand for another.
 *
 * Who may call: client.h.
 */
#ifndef ETCD_QUORUM_H
#define ETCD_QUORUM_H

#include "etcd/client.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ETCD_STATUS_MS 1000 /* of etcd_ask_all() */

enum etcd_health {
  ETCD_SILENT,     /* no answer in ETCD_STATUS_MS, or one that tells nothing */
  ETCD_REFUSES,    /* the host answers, and nothing listens at the port */
  ETCD_LEADERLESS, /* the member answers that the cluster has no leader */
  ETCD_LED,        /* the member answers that there is one */
};

struct etcd_status {
  enum etcd_health health;
  uint64_t member; /* its id, as the member last reported it; 0: it never did */
};

/* etcd_ask_all(etcd, ret, err): asks the status of every endpoint, side by
 * side, without a login. `ret` has room for one each, in the order of the
 * configuration. Endpoints that do not answer are no failure. -1:
 * ERROR_STOPPED, memory. */
int etcd_ask_all(struct etcd *etcd, struct etcd_status *ret, struct error *err);

/* etcd_members(etcd, ret, err): how many members the cluster has. Learn it
 * while there is a quorum. */
int etcd_members(struct etcd *etcd, size_t *ret, struct error *err);

/* etcd_lacks_quorum(statuses, n, nmembers): do more than half of `nmembers`
 * refuse or have no leader? Then for certain no lease ends and no key changes
 * until there is a quorum again, when each lease gets its whole TTL. Endpoints
 * of one member count once, one whose member was never known does not count,
 * and nor does silence: it may be us who are cut off. */
bool etcd_lacks_quorum(const struct etcd_status *statuses, size_t n,
                       size_t nmembers);

#endif
