/*
 * look - all keys of a cloud, as they were at one time
 *
 * What one read of the store has found, and what of it goes into the table.
 * Keys that this daemon knows nothing of, because it walks less than others,
 * count in the others' loads and are left alone.
 */
#ifndef LOOK_H
#define LOOK_H

#include "share/claim.h"

struct look {
  const struct look_member {
    int64_t lease;
    int64_t created; /* as in claim_peer */
    struct claim_about about;
  } * members;
  size_t nmembers;
  const struct look_claim {
    const char *name;
    int64_t lease;
    const struct look_note {
      const char *unit;
      struct claim_note note;
    } * notes;
    size_t nnotes;
    bool more; /* it is no claim: further notes of the one of this name */
  } * claims;
  size_t nclaims;
};

/* look_peers(look, table): renews the table's peers. False: this daemon's own
 * key is not among them. Without memory they stay as they were. */
bool look_peers(const struct look *look, struct claim_table *table);

/* look_claim(look, claim): the key of this claim; NULL: there is none. */
const struct look_claim *look_claim(const struct look *look,
                                    const struct claim *claim);

/* look_has_rival(look, claim): somebody has the listing that the claim is a
 * shard of, or shards of it. Such as in a rolling change of the meters that
 * decide whether it is split. */
bool look_has_rival(const struct look *look, const struct claim *claim);

/* look_notes(look, seen, claim, wall): takes over what is written of the last
 * walks of the claim whose key is `seen`. A begin that lies after `wall`,
 * because its writer's clock is ahead, counts as now: it must not put a walk
 * off. */
void look_notes(const struct look *look, const struct look_claim *seen,
                struct claim *claim, int64_t wall);

#endif
