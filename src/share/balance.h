/*
 * balance - which daemon should hold a claim
 *
 * Daemons that see the same come to the same answers without talking to each
 * other. It does not matter if they see different things: a claim is made by
 * one transaction of the store, which only one of them wins. So balance is for
 * even loads, and never for safety. It decides nothing by the clock.
 */
#ifndef BALANCE_H
#define BALANCE_H

#include "share/claim.h"

/* balance_take(table, patience, ret_mine): the next free claim that this daemon
 * should take: the heaviest of those that fall to it when free claims go to the
 * least loaded one by one. Claims that have been free since before `patience`
 * are for anybody. Claims that were tried, or are barred after `now_ms`, are
 * left out. NULL: none. */
struct claim *balance_take(const struct claim_table *table, int64_t patience,
                           int64_t now_ms);

/* balance_moved(table, claim, from, to): it is under the lease `to` now, and
 * was under `from`; 0: nobody's. Until all is looked at again, the loads tell
 * so. */
void balance_moved(struct claim_table *table, const struct claim *claim,
                   int64_t from, int64_t to);

/* balance_heir(table, claim): the lease of the least loaded daemon besides this
 * one that is configured alike. 0: none. */
int64_t balance_heir(const struct claim_table *table,
                     const struct claim *claim);

/* balance_give(table, now, ret_lease): a claim that this daemon should hand
 * over, and to whom. Only the most loaded gives, only to the least loaded that
 * is configured alike, only what makes them more even, and only what has time
 * before it is due. No claim moves twice in two of its intervals. NULL: none.
 */
struct claim *balance_give(const struct claim_table *table,
                           const struct claim_time *now, int64_t *ret_lease);

#endif
