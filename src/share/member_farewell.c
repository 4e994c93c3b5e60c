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
  size_t n;
};

/* False: memory. */
static bool add(struct gifts *gifts, const struct member *m,
                const struct claims_call *call) {
  char *key = claim_text_key(m->root, call->claim);
  char *value = claim_text_value(call->claim);
  gifts->texts[2 * gifts->n] = key;
  gifts->texts[2 * gifts->n + 1] = value;
  gifts->compares[gifts->n] = (struct etcd_compare){
      .condition = ETCD_LEASED, .key = key, .number = call->lease};
  gifts->changes[gifts->n] =
      (struct etcd_change){.key = key, .value = value, .lease = call->to};
  gifts->n++;
  return key != NULL && value != NULL;
}

/* Whatever fails, the claims are free with the end of the lease. */
static void give_all(struct member *m, struct gifts *gifts) {
  struct claims_call call;
  struct error err;
  bool whole = true, done;
  while (whole && gifts->n < ETCD_OPERATIONS && claims_leave(m->claims, &call))
    whole = add(gifts, m, &call);
  const struct etcd_txn txn = {.compares = gifts->compares,
                               .ncompares = gifts->n,
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
