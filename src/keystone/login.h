/*
 * login - one login: what it asks and what it brings
 *
 * Identity API v3: password, application credential, or a ready-made token
 * that is looked up. No state and no patience: when to log in, and when to try
 * again, is session's affair. Secrets are read from their files at each login,
 * so that a rotated password needs no restart, and wiped behind it.
 *
 * https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 */
#ifndef LOGIN_H
#define LOGIN_H

#include "base/error.h"
#include "base/text.h"
#include "net/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOGIN_ROLES 64
/* Endpoints that are kept, and regions: a catalogue that has more of those that
 * are wanted is refused, since what it has in all is not known then. */
#define LOGIN_OFFERS 4096

/* What to log in with, and which endpoints to take. Strings are NULL where
 * nothing was said; conf.c has checked that they fit together. */
struct session_config {
  char *auth_url; /* with or without "/v3" at its end */
  char *user_id, *username, *user_domain_id, *user_domain_name;
  char *password, *password_file;
  char *project_id, *project_name, *project_domain_id, *project_domain_name;
  char *domain_id, *domain_name; /* domain scope, instead of a project */
  bool system_scope;             /* system scope, instead of a project */
  char *credential_id, *credential_name;
  char *credential_secret, *credential_secret_file;
  /* Ready-made: nothing to log in with, cannot be renewed. With a scope it is
   * exchanged for one of that scope's. */
  char *token;
  const char *interface;    /* "public", "internal", "admin" */
  struct text_list regions; /* those to take; none: all of the catalogue */
  /* "image=https://...": instead of the catalogue's endpoint */
  struct text_list endpoints;
  struct text_list service_types; /* "image=imagev9": to look for instead */
  char *trust_id;                 /* scope of a trust, instead of a project */
};

struct keystone {
  const struct session_config *config;
  const char *url; /* with "/v3" at its end */
  struct http *http;
  int64_t deadline_ms;
};

struct catalog_entry { /* one endpoint of the catalogue */
  char *type, *region, *url;
  const char *wrong; /* why the URL is none (url_wrong()); NULL: it is one */
};

/* Whose a token is; "" where Keystone does not say it, and for a domain's
 * token the project's id and name. A name has at most 64
 * characters. */
struct login_project {
  char id[128], name[264];
  char domain_id[128], domain_name[264];
};

/* What a login brings. `token` is secret. */
struct login {
  char *token;
  int64_t life_ms; /* by Keystone's own clock, from when it was issued */
  struct login_project project; /* all "" if the scope is the system */
  char *roles[LOGIN_ROLES];
  size_t nroles;
  struct catalog_entry
      *entries;           /* of the interface and the regions that are wanted */
  size_t nentries, typed; /* those before `typed` know their type */
  struct text_list regions; /* all that the catalogue names, each once */
  int64_t retry_after_ms;   /* of a failure: what Keystone asked for, or 0 */
};
void login_clear(struct login *login);

/* keystone_login(keystone, ret, err): logs in once. -1: ERROR_LOGIN, or what
 * secret_read(), http_one() and the extractor say; of `ret` then only
 * retry_after_ms is set. No message holds a secret. One thread at a time for
 * each `http`. */
int keystone_login(const struct keystone *keystone, struct login *ret,
                   struct error *err);

#endif
