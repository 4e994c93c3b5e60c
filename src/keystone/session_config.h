/*
 * session_config - how to log in, and which endpoints to use. Data
 *
 * A session has these and the options of its requests (net/http_options.h).
 * config/ makes both of a <Cloud> block, and checks them.
 */
#ifndef SESSION_CONFIG_H
#define SESSION_CONFIG_H

#include "base/text.h"
#include "net/http_options.h"

#include <stdbool.h>

/* A string is NULL if the operator did not give it; config/ has checked that
 * they fit together. */
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

#endif
