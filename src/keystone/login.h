/*
 * login - one login at Keystone, and what it returns
 *
 * Identity API v3: password, application credential, or a ready-made token that
 * is looked up. The module keeps no state and does not retry: session decides
 * when to log in, and when to try again. It reads secrets from their files at
 * each login, so that a rotated password needs no restart, and wipes them
 * afterwards.
 *
 * https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 */
#ifndef LOGIN_H
#define LOGIN_H

#include "base/error.h"
#include "keystone/auth.h"
#include "net/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOGIN_ROLES 64
/* Bound of the endpoints that are kept, and of the regions. A catalogue with
 * more wanted ones is refused, since not all would be known. */
#define LOGIN_ENTRIES 4096

struct keystone {
  const struct session_config *config;
  const char *url; /* with "/v3" at its end */
  struct http *http;
  int64_t deadline_ms;
};

struct catalog_entry { /* one endpoint of the catalogue */
  char *type, *region, *url;
  const char *wrong; /* what is wrong with the URL (url_wrong()), or NULL */
};

/* The project (or domain) of a token. A string is "" where Keystone does not
 * give it; for a domain's token the project's id and name are "". A name has at
 * most 64 characters. */
struct login_project {
  char id[128], name[264];
  char domain_id[128], domain_name[264];
};

/* The result of a login. `token` is secret. */
struct login {
  char *token;
  int64_t life_ms; /* by Keystone's own clock, from the time of issue */
  struct login_project project; /* all "" if the scope is the system */
  char *roles[LOGIN_ROLES];
  size_t nroles;
  char identity[128]; /* id of Keystone itself in the catalogue; or "" */
  struct catalog_entry *entries; /* those of the wanted interface and regions */
  size_t nentries, typed;        /* those before `typed` have a type */
  struct text_list regions;      /* all that the catalogue names, each once */
  struct text_list elsewhere; /* "dns=internal": in the wanted regions, at other
                                 interfaces */
  double ahead_s;         /* how many seconds our clock is ahead of Keystone's
                             (negative: behind); 0 if its answer has no time */
  int64_t retry_after_ms; /* after a failure: Keystone's Retry-After, or 0 */
};
void login_clear(struct login *login);

/* keystone_login(keystone, ret, err): logs in once. -1: ERROR_LOGIN, or an
 * error of secret_read(), http_one() or the extractor; then only retry_after_ms
 * of `ret` is set. No message holds a secret. One thread at a time for each
 * `http`. */
int keystone_login(const struct keystone *keystone, struct login *ret,
                   struct error *err);

#endif
