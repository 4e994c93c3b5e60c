/*
 * account - finds the names of Swift's accounts
 *
 * An account's name is a prefix and a project's id. The operator may give the
 * prefix (ResellerPrefix). Otherwise it comes from the endpoint's URL, which
 * ends with the account of the token's project: "/v1/KEY_<id>". A RADOS gateway
 * without rgw_swift_account_in_url names no account, and serves only the
 * token's own.
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
    ACCOUNT_CONFIRMED, /* the URL names one with this prefix */
    ACCOUNT_OTHERWISE, /* it names one with another prefix than configured */
  } naming;
};

/* account_find(ret, access, session, endpoint): fills `ret`, which the caller
 * clears with account_clear(). -1: no memory. Any thread. */
int account_find(struct account *ret, const struct pass_access *access,
                 struct session *session, const char *endpoint);
void account_clear(struct account *account);

/* account_doubt(account, listing): what the operator should check if the
 * listing has nothing for any project. Never NULL. */
const char *account_doubt(const struct account *account,
                          const struct listing *listing);

#endif
