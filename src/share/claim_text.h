/*
 * claim_text - what the keys of a shared cloud are called, and what is in them
 *
 * Under PREFIX/1/CLOUD/ stand, as JSON of one line:
 *
 *   member/LEASE   {"h":"ctl1","k":"CLOUD","c":"CONFIG","u":"2","v":"1.2.0"}
 *   clash/UNIT/HASH   (without a lease) {}
 *   walk/CLAIM     {"walks":[{"u":"images","b":1790000000123,"e":1,"d":1234}]}
 *   note/CLAIM/1   the same of its further units, in keys of 8
 *
 * LEASE, CLOUD and CONFIG are 16 hexadecimal digits; u is what a claim is of; b
 * is when the last walk of the unit began (by the wall clock, in ms), e whether
 * it came to its end, and d how long it took. The 1 is the version of all of
 * this: daemons that mean something else by it use another. Nothing here is a
 * secret, or named by a tenant.
 */
#ifndef CLAIM_TEXT_H
#define CLAIM_TEXT_H

#include "base/error.h"
#include "etcd/items.h"
#include "share/look.h"

/* What was read, as `look`. */
struct claim_keys {
  struct look look;
  struct look_member *members;
  const char **hosts; /* of the members; "" if one does not say */
  struct look_claim *claims;
  struct look_note **notes; /* of each of the claims */
  struct claim_clash {
    const char *unit;
    uint64_t hash;
  } * clashes;
  size_t nclashes;
  char **texts; /* of names */
  size_t ntexts;
};

/* A cloud that is one claim has more units than a value of etcd may hold. */
#define CLAIM_TEXT_UNITS 8 /* in one key */

/* claim_text_root(prefix, cloud): what all keys of the cloud begin with. These
 * and claim_text_value(): the caller frees it; NULL: memory. */
char *claim_text_root(const char *prefix, const char *cloud);
char *claim_text_member_key(const char *root, int64_t lease);

/* claim_text_keys(claim): how many it has. claim_text_key(root, claim, number),
 * claim_text_value(claim, number): the first one, 0, says who has the claim;
 * its units stand in all, in their order, CLAIM_TEXT_UNITS in each. */
size_t claim_text_keys(const struct claim *claim);
char *claim_text_key(const char *root, const struct claim *claim,
                     size_t number);
char *claim_text_value(const struct claim *claim, size_t number);

/* claim_text_clash_key(root, clash): says all that there is to say of it. */
char *claim_text_clash_key(const char *root, const struct claim_clash *clash);

/* claim_text_member(host, about): the value of a member's key. */
char *claim_text_member(const char *host, const struct claim_about *about);

/* claim_text_read(root, items, ret, err): values that it cannot read count as
 * empty. -1: memory, or ERROR_LIMIT: over 1000 members. The caller clears `ret`
 * in any case, and keeps `items` until then. */
int claim_text_read(const char *root, const struct etcd_items *items,
                    struct claim_keys *ret, struct error *err);
void claim_text_clear(struct claim_keys *keys);

#endif
