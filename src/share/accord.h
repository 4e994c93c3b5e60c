/*
 * accord - with which of the others a daemon can share
 *
 * Two clouds of one name would take each other's claims, and daemons that make
 * claims of different kinds would walk everything twice. So whoever differs
 * from one that was there before it stands by until that is gone. Daemons that
 * are only configured for different meters do share.
 */
#ifndef ACCORD_H
#define ACCORD_H

#include "share/claim.h"

/* accord_judge(table): sets `apart` of the peers, this daemon's included. */
void accord_judge(struct claim_table *table);

/* accord_of(table, ret_lease): can this daemon share? If not, `*ret_lease` is
 * the peer's that it differs from; NULL is fine. */
enum claim_accord accord_of(const struct claim_table *table,
                            int64_t *ret_lease);

#endif
