#include "walk/account.h"

#include "base/error.h"
#include "keystone/session.h"
#include "meter/meter.h"
#include "net/url.h"
#include "settings/access.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_PREFIX "AUTH_"

int account_find(struct account *ret, const struct pass_access *access,
                 struct session *session, const char *endpoint) {
  const char *configured = access->account_prefix;
  struct login_project own;
  session_project(session, &own);
  char *named = url_account_prefix(endpoint, own.id);
  *ret = (struct account){.naming = ACCOUNT_UNNAMED};
  if (named != NULL)
    ret->naming = configured == NULL || strcmp(configured, named) == 0
                      ? ACCOUNT_CONFIRMED
                      : ACCOUNT_OTHERWISE;
  if (configured == NULL && named != NULL) {
    ret->prefix = named;
    return 0;
  }
  free(named);
  ret->prefix = strdup(configured != NULL ? configured : DEFAULT_PREFIX);
  return ret->prefix != NULL ? 0 : -1;
}

void account_clear(struct account *account) {
  free(account->prefix);
  account->prefix = NULL;
}

const char *account_doubt(const struct account *account,
                          const struct listing *listing) {
  if (strstr(listing->path, "{uid}") != NULL)
    return "are the endpoint and RadosGWImplicitTenants right?";
  if (strstr(listing->path, "{prefix}") == NULL)
    return "is the endpoint right?";
  switch (account->naming) {
  case ACCOUNT_CONFIRMED:
    return "its URL names accounts so: is the endpoint right?";
  case ACCOUNT_OTHERWISE:
    return "the endpoint's URL names accounts otherwise: is ResellerPrefix "
           "right?";
  case ACCOUNT_UNNAMED:
    break;
  }
  return "the endpoint's URL does not name the token's own account: are "
         "ResellerPrefix and the endpoint right?";
}
