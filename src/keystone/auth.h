/*
 * auth - how to log in, and the body of that request
 *
 * Plain data, and the body of the request that is made of it. It knows no
 * server.
 *
 * https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 */
#ifndef AUTH_H
#define AUTH_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* How to log in, and which endpoints to use. A string is NULL if the operator
 * did not give it; config/ has checked that they fit together. */
struct session_config {
  char *auth_url; /* with or without "/v3" at its end */
  char *user_id, *username, *user_domain_id, *user_domain_name;
  char *password, *password_file;
  char *project_id, *project_name, *project_domain_id, *project_domain_name;
  char *domain_id, *domain_name; /* domain scope, instead of a project */
  bool system_scope;             /* system scope, instead of a project */
  char *credential_id, *credential_name;
  char *credential_secret, *credential_secret_file;
  /* A ready-made token, which cannot be renewed. If a scope is configured it is
   * exchanged for a token of that scope. */
  char *token;
  const char *interface;    /* "public", "internal", "admin" */
  struct text_list regions; /* those to use; none: all of the catalogue */
  /* "image=https://...": used instead of the catalogue's endpoint */
  struct text_list endpoints;
  struct text_list service_types; /* "image=imagev9": looked for instead */
  char *trust_id;                 /* scope of a trust, instead of a project */
};

/* auth_by_credential(config): does it log in with an application credential,
 * which has a scope of its own? */
bool auth_by_credential(const struct session_config *config);

/* auth_body(config, secret): the body of a login with `secret`: the password,
 * the credential's secret or the token that is exchanged. The caller frees it
 * with secret_free(). NULL: memory. */
char *auth_body(const struct session_config *config, const char *secret);

/* auth_describe(config, dst, size): tells the operator who logs in, and for
 * which scope. Keystone's answer is the same, whichever of these is wrong. */
void auth_describe(const struct session_config *config, char *dst, size_t size);

#endif
