#include "share/claims.h"

#include "share/balance.h"
#include "share/claims_state.h"

bool claims_leave(struct claims *c, struct claims_call *ret) {
  for (size_t i = 0; i < c->table.nclaims && !c->broken; i++) {
    struct claim *claim = &c->table.claims[i];
    int64_t to = balance_heir(&c->table, claim);
    if (claim->state != CLAIM_MINE || to == 0)
      continue;
    claim->state = CLAIM_OTHERS;
    balance_moved(&c->table, claim, c->lease, to);
    *ret = (struct claims_call){
        .kind = CALL_GIVE, .lease = c->lease, .to = to, .claim = claim};
    return true;
  }
  return false;
}
