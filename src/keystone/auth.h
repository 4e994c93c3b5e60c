/*
 * auth - the body of a login
 *
 * Makes it of what the operator configured. It knows no server and keeps
 * nothing.
 *
 * https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 */
#ifndef AUTH_H
#define AUTH_H

#include "keystone/session_config.h"

#include <stdbool.h>
#include <stddef.h>

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
