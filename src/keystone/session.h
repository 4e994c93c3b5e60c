/*
 * session - the Keystone token and the service catalogue of one cloud
 *
 * Identity API v3. One token serves all walks of the cloud for its whole life.
 * The session asks for it when a walk first needs it, renews it before it ends,
 * and renews it once after a service has refused it. It remembers a failed
 * login for a back-off of 10 s to 10 minutes: a dead Keystone or a wrong
 * password costs one attempt per back-off, not one per meter.
 *
 * Any thread may call all functions. One thread logs in, within its own
 * deadline. While the old token lives, a login gets a quarter of that time, and
 * the other threads go on with the old token. Without one they wait, each until
 * its own deadline. A login that ran out of its asker's time does not hold up
 * an asker who has twice as much. No text that leaves this module holds a
 * secret.
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
 * Sends no request. NULL: memory. */
struct session *session_new(const struct session_config *config,
                            const struct http_options *options,
                            struct rate_limit *rate_limit, struct error *err);
void session_free(struct session *session); /* NULL is fine */

#define TOKEN_HEADER "X-Auth-Token: "

/* A token as a request header, TOKEN_HEADER and the token. Secret. */
struct session_token {
  char *header;
  unsigned generation; /* the number of the token, from 1; 0: none */
  int64_t ends_at_ms;  /* clock_ms() */
};
void session_token_clear(struct session_token *token);

/* Who wants a token. */
struct session_asker {
  int64_t deadline_ms;
  unsigned refused; /* the generation that a service has refused; 0: none */
};

/* session_token(session, asker, ret_token, err): a living token, which the
 * caller clears with session_token_clear(). May log in, so do not call it from
 * within http_run(). Returns the refused token if there is no other. -1:
 * ERROR_LOGIN, ERROR_STOPPED, memory. */
int session_token(struct session *session, const struct session_asker *asker,
                  struct session_token *ret_token, struct error *err);

/* session_renew(session, generation): call it if a service answered 401 to this
 * token. True: session_token() may have another one. False: another one would
 * not help: a fresh one was lately refused as well, or no login works (some
 * services answer 401 if Keystone is down). The old token stays in use while it
 * lives, since other services may still accept it. Sends no request. */
bool session_renew(struct session *session, unsigned generation);

/* session_doubt(session): call it if a walk keeps failing, since endpoints may
 * have moved. If the catalogue is ten minutes old, a new login will read it
 * again. */
void session_doubt(struct session *session);

/* session_trouble(session, err): true: the last login failed, and `err` is why.
 * (An older token may still serve.) False: it did not. */
bool session_trouble(struct session *session, struct error *err);

/* session_retry_ms(session): after a failed login, the wait before the next one
 * may be tried; otherwise 0. */
int64_t session_retry_ms(struct session *session);

struct endpoint_query {
  const char *service; /* its type, or an alias of it */
  unsigned major;      /* the version wanted; 0: any */
  int64_t deadline_ms; /* there may be a login first */
};

/* session_endpoints(session, query, ret, err): the endpoints of a service: one
 * for each configured region, or else one for each region of the catalogue that
 * has it. Among several in a region it prefers the one whose URL has the
 * version. The caller clears `ret`. -1: ERROR_ABSENT (no such service or
 * interface), ERROR_LOGIN, ... */
int session_endpoints(struct session *session,
                      const struct endpoint_query *query, struct endpoints *ret,
                      struct error *err);

/* session_first_region(session): the only region of the first login's
 * catalogue, whose values have no region in their host; NULL: there were
 * several, or there was no login yet. It lives as long as the session. */
const char *session_first_region(struct session *session);

/* session_cloud(session): a hash that tells which cloud it is, the same by
 * whatever URL: of the id that the catalogue has for Keystone. 0: there was no
 * login yet, or it has none. */
uint64_t session_cloud(struct session *session);

/* session_has_role(session, roles): does the token have this role, or one of
 * several with " or " between? "reader of the system": and is the token of no
 * project or domain? True while there is no token. */
bool session_has_role(struct session *session, const char *roles);

/* session_project(session, ret): the token's project, or only its domain; all
 * "" if it has neither, or before the first login. */
void session_project(struct session *session, struct login_project *ret);

/* session_roles(session), session_regions(session): the token's roles, and all
 * regions that its catalogue names, with ", " between; "" before the first
 * login. The caller frees them. NULL: memory. */
char *session_roles(struct session *session);
char *session_regions(struct session *session);

/* session_ahead(session): how many seconds our clock is ahead of Keystone's, by
 * its last answer to a login; 0: the answer had no time. */
double session_ahead(struct session *session);

/* session_url(session): the URL of Keystone, with "/v3". */
const char *session_url(const struct session *session);

/* session_logins(session): the number of attempts to log in so far. */
uint64_t session_logins(struct session *session);

/* session_stop(session): a running login ends soon, and no other begins. */
void session_stop(struct session *session);

#endif
