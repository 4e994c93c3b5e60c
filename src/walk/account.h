/*
 * account - how Swift's accounts are called, and what to doubt if there is none
 *
 * An account is a prefix and a project's id. The operator may give the prefix
 * (ResellerPrefix); else the endpoint's own URL tells it, since it ends with
 * the account of the token's project: "/v1/KEY_<id>". A RADOS gateway without
 * rgw_swift_account_in_url names none, and has none but the token's own.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

struct listing;
struct pass_access;
struct session;

struct account {
  char *prefix;
  enum {
    ACCOUNT_UNNAMED,   /* the endpoint's URL names no account */
    ACCOUNT_CONFIRMED, /* it names one with this prefix */
    ACCOUNT_OTHERWISE, /* with another one than is configured */
  } naming;
};

/* account_find(ret, access, session, endpoint): account_clear() it. -1: no
 * memory. Any thread. */
int account_find(struct account *ret, const struct pass_access *access,
                 struct session *session, const char *endpoint);
void account_clear(struct account *account);

/* account_doubt(account, listing): where nothing is there for any project: what
 * the operator should look at. Never NULL. */
const char *account_doubt(const struct account *account,
                          const struct listing *listing);

#endif
