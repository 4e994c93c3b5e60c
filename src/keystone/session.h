/*
 * session - the Keystone token and the service catalogue of one cloud
 *
 * Identity API v3. One token serves all walks of the cloud for its whole life:
 * it is asked for when somebody first needs it, renewed ahead of its end, and
 * once after a service has refused it. A login that fails is remembered for a
 * back-off of 10 s to 10 minutes: a dead Keystone, or a password that is no
 * longer true, costs one attempt per back-off and not one per meter.
 *
 * All functions may be called from any thread. One logs in, within the time
 * that it has, and a quarter of that while the old token lives: then all others
 * go on with it. Without one they wait, each for its own time. A login that the
 * asker's time has cut short says nothing of those who have twice as much.
 * No text that leaves this module holds a secret.
 *
 *   session_token(session, &(struct session_asker){deadline}, &token, err);
 *   ... a request with token.header; if a service answers 401 to it:
 *   session_renew(session, token.generation) ? as above : it stays refused;
 *   session_token_clear(&token);
 *
 * https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 */
#ifndef SESSION_H
#define SESSION_H

#include "base/error.h"
#include "keystone/catalog.h"
#include "net/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

/* session_new(config, options, rate_limit, err): all three must outlive it.
 * Asks nobody anything. NULL: memory. */
struct session *session_new(const struct session_config *config,
                            const struct http_options *options,
                            struct rate_limit *rate_limit, struct error *err);
void session_free(struct session *session); /* NULL is fine */

#define TOKEN_HEADER "X-Auth-Token: "

/* A token as a request header, TOKEN_HEADER and the token. Secret. */
struct session_token {
  char *header;
  unsigned generation; /* which one it is, from 1; 0: none */
  int64_t ends_at_ms;  /* clock_ms() */
};
void session_token_clear(struct session_token *token);

/* Who wants a token. */
struct session_asker {
  int64_t deadline_ms;
  unsigned refused; /* the generation that a service has refused; 0: none */
};

/* session_token(session, asker, ret_token, err): a token that lives;
 * session_token_clear() it. May log in, so not from within http_run(). It is
 * the one that was refused if no other is to be had. -1: ERROR_LOGIN,
 * ERROR_STOPPED. */
int session_token(struct session *session, const struct session_asker *asker,
                  struct session_token *ret_token, struct error *err);

/* session_renew(session, generation): a service answered 401 to this token.
 * True: session_token() may have another. False: a fresh one was refused as
 * well lately, or no login works; another one would not help (with Keystone
 * down some services answer 401, too). The old token serves on while it lives:
 * other services may still take it. Asks nobody. */
bool session_renew(struct session *session, unsigned generation);

/* session_doubt(session): a walk keeps failing; endpoints may have moved. The
 * catalogue is read anew, with a new login, if it is ten minutes old. */
void session_doubt(struct session *session);

/* session_trouble(session, err): the last login failed; `err` is why. (An older
 * token may still serve.) False: nothing of the kind. */
bool session_trouble(struct session *session, struct error *err);

struct endpoint_query {
  const char *service; /* its type, or an alias of it */
  unsigned major;      /* the version that is spoken; 0: any is as good */
  int64_t deadline_ms; /* there may be a login first */
};

/* session_endpoints(session, query, ret, err): the endpoints of a service: one
 * for each region of the configuration, or else one or more of the catalogue's.
 * Of several in a region the one counts whose URL names the version. Clear
 * `ret`. -1: ERROR_ABSENT (no such service or interface), ERROR_LOGIN, ... */
int session_endpoints(struct session *session,
                      const struct endpoint_query *query, struct endpoints *ret,
                      struct error *err);

/* session_first_region(session): the only region of the first login's
 * catalogue, after which nothing is named; NULL: it had several, or there was
 * none yet. It lives as long as the session. */
const char *session_first_region(struct session *session);

/* session_has_role(session, roles): the token carries this role, or one of
 * several with " or " between. True while there is no token. */
bool session_has_role(struct session *session, const char *roles);

/* session_project(session, ret): the token's project, or its domain
 * alone; all "" if it has neither, or there was no login yet. */
void session_project(struct session *session, struct login_project *ret);

/* session_url(session): where Keystone is, with "/v3". */
const char *session_url(const struct session *session);

/* session_logins(session): attempts to log in so far. */
uint64_t session_logins(struct session *session);

/* session_stop(session): a login under way ends soon, and none begins. */
void session_stop(struct session *session);

#endif
