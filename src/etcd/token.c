#include "etcd/token.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "etcd/post.h"

#include <stdlib.h>
#include <string.h>

#define BACKOFF_FIRST_MS 10000
#define BACKOFF_MOST_MS 300000

static void forget(struct etcd *etcd) {
  secret_free(etcd->token);
  etcd->token = NULL;
}

void etcd_token_useless(struct etcd *etcd, const struct error *err) {
  int64_t next = etcd->backoff_ms > 0 ? 2 * etcd->backoff_ms : BACKOFF_FIRST_MS;
  etcd->backoff_ms = next < BACKOFF_MOST_MS ? next : BACKOFF_MOST_MS;
  etcd->login_after_ms = clock_ms() + etcd->backoff_ms;
  etcd->login_error = *err;
  forget(etcd);
}

/* {"name":"u","password":"p"}, to secret_free(); NULL without memory. */
static char *body_of(const char *user, const char *password) {
  char *name = text_json(user), *secret = text_json(password);
  char *body = NULL, *head = NULL, *most = NULL;
  if (name != NULL && secret != NULL)
    head = text_printf("{\"name\":%s,\"password\":", name);
  if (head != NULL)
    most = secret_join(head, "", secret);
  if (most != NULL)
    body = secret_join(most, "", "}");
  free(name);
  free(head);
  secret_free(secret);
  secret_free(most);
  return body;
}

/* Is it worth an attempt as soon as the next call? */
static bool passes_by_itself(enum error_code code) {
  return code == ERROR_TRANSPORT || code == ERROR_DEADLINE ||
         code == ERROR_STATUS || code == ERROR_STOPPED || code == ERROR_MEMORY;
}

static int send_login(struct etcd *etcd, const char *password,
                      int64_t deadline_ms, struct error *err) {
  char *body = body_of(etcd->config->username, password);
  struct etcd_post post = {.path = "auth/authenticate",
                           .body = body,
                           .login = true,
                           .deadline_ms = deadline_ms};
  int status = body != NULL ? etcd_post(etcd, &post, err) : error_memory(err);
  if (status != 0 && etcd_trouble_is_unlocked(&post.http)) {
    etcd->unlocked = true;
    status = 0;
  } else if (status == 0 && post.reply.token == NULL) {
    status = error_set(err, ERROR_PARSE, "etcd's answer brings no token");
  } else if (status == 0) {
    etcd->token = post.reply.token;
    post.reply.token = NULL;
  }
  etcd_reply_clear(&post.reply);
  secret_free(body);
  return status;
}

static int log_in(struct etcd *etcd, int64_t deadline_ms, struct error *err) {
  const struct etcd_config *c = etcd->config;
  char *password = c->password != NULL ? strdup(c->password) : NULL;
  int status = 0;
  if (c->password != NULL && password == NULL)
    status = error_memory(err);
  else if (c->password == NULL)
    status = secret_read(c->password_file, &password, err);
  if (status == 0)
    status = send_login(etcd, password, deadline_ms, err);
  secret_free(password);
  return status;
}

int etcd_token_need(struct etcd *etcd, int64_t deadline_ms, struct error *err) {
  struct error why = {.code = ERROR_NONE};
  if (etcd->config->username == NULL || etcd->token != NULL || etcd->unlocked)
    return 0;
  if (clock_ms() < etcd->login_after_ms) {
    *err = etcd->login_error;
    return -1;
  }
  if (log_in(etcd, deadline_ms, &why) == 0)
    return 0;
  if (!passes_by_itself(why.code))
    etcd_token_useless(etcd, &why);
  *err = why;
  return -1;
}

/* Users can be switched on and off while we run: a token that etcd does not
 * want any more is a 401, and one that it wants now a 400. */
bool etcd_token_refused(struct etcd *etcd, long status) {
  bool old = status == 401 && etcd->token != NULL;
  bool locked = status == 400 && etcd->unlocked;
  if (!old && !locked)
    return false;
  forget(etcd);
  etcd->unlocked = false;
  return true;
}
