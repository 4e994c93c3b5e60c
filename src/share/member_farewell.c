#include "share/member_state.h"

#include "etcd/etcd.h"

#include <stdlib.h>

/* Of the second in which the daemon ends. */
#define GIVE_MS 400
#define REVOKE_MS 400

/* All claims in one transaction: n calls would take too long. */
struct gifts {
  struct etcd_compare compares[ETCD_OPERATIONS];
  struct etcd_change changes[ETCD_OPERATIONS];
  char *texts[2 * ETCD_OPERATIONS];
  size_t ncompares, n;
};

/* False: memory. What has no room goes with the lease. */
static bool add(struct gifts *gifts, const struct member *m,
                const struct claims_call *call) {
  size_t nkeys = claim_text_keys(call->claim);
  if (gifts->n + nkeys > ETCD_OPERATIONS)
    return true;
  for (size_t i = 0; i < nkeys; i++) {
    char *key = claim_text_key(m->root, call->claim, i);
    char *value = claim_text_value(call->claim, i);
    gifts->texts[2 * gifts->n] = key;
    gifts->texts[2 * gifts->n + 1] = value;
    gifts->changes[gifts->n++] =
        (struct etcd_change){.key = key, .value = value, .lease = call->to};
    if (key == NULL || value == NULL)
      return false;
    if (i == 0)
      gifts->compares[gifts->ncompares++] = (struct etcd_compare){
          .condition = ETCD_LEASED, .key = key, .number = call->lease};
  }
  return true;
}

/* Whatever fails, the claims are free with the end of the lease. */
static void give_all(struct member *m, struct gifts *gifts) {
  struct claims_call call;
  struct error err;
  bool whole = true, done;
  while (whole && gifts->n < ETCD_OPERATIONS && claims_leave(m->claims, &call))
    whole = add(gifts, m, &call);
  const struct etcd_txn txn = {.compares = gifts->compares,
                               .ncompares = gifts->ncompares,
                               .changes = gifts->changes,
                               .nchanges = gifts->n,
                               .farewell_ms = GIVE_MS};
  if (whole && gifts->n > 0)
    (void)etcd_commit(m->etcd, &txn, &done, &err);
  for (size_t i = 0; i < 2 * gifts->n; i++)
    free(gifts->texts[i]);
}

void member_farewell(struct member *m) {
  struct gifts *gifts = m->lease != 0 ? calloc(1, sizeof(*gifts)) : NULL;
  struct error err;
  if (gifts != NULL)
    give_all(m, gifts);
  free(gifts);
  if (m->lease != 0) /* else it runs out by itself */
    (void)etcd_revoke(m->etcd, m->lease, REVOKE_MS, &err);
}
