#include "etcd/ask.h"

#include "base/clock.h"
#include "etcd/client.h"
#include "etcd/token.h"

/* A call's time stands still while it logs in. */
static int log_in(struct etcd *etcd, struct etcd_post *post, int64_t login_ms,
                  struct error *err) {
  int64_t begun = clock_ms();
  int status = etcd_token_need(etcd, login_ms, err);
  post->deadline_ms += clock_ms() - begun;
  return status;
}

/* Asks one endpoint, and once more with a new token if it is that. */
static int ask_one(struct etcd *etcd, struct etcd_post *post, int64_t login_ms,
                   struct error *err) {
  post->http = (struct http_reply){.status = 0};
  if (post->farewell)
    return etcd_post(etcd, post, err);
  if (log_in(etcd, post, login_ms, err) != 0)
    return -1;
  if (etcd_post(etcd, post, err) == 0)
    return 0;
  if (!etcd_token_refused(etcd, post->http.status))
    return -1;
  if (log_in(etcd, post, login_ms, err) != 0)
    return -1;
  if (etcd_post(etcd, post, err) == 0)
    return 0;
  if (post->http.status == 401)
    etcd_token_useless(etcd, err);
  return -1;
}

/* Is it this endpoint's failure, and not the same at each? */
static bool is_local(enum error_code code) {
  return code == ERROR_TRANSPORT || code == ERROR_DEADLINE ||
         code == ERROR_STATUS || code == ERROR_PARSE || code == ERROR_LIMIT ||
         code == ERROR_CONFIG;
}

/* May the same be sent to the next endpoint, within this call? */
static bool may_go_on(const struct etcd_post *post) {
  return clock_ms() < post->deadline_ms && !(post->once && post->http.reached);
}

int etcd_ask(struct etcd *etcd, struct etcd_post *post, struct error *err) {
  int64_t now = clock_ms();
  int64_t login_ms = now + etcd->call_ms + ETCD_LOGIN_MS;
  struct error why = {.code = ERROR_NONE};
  size_t tried = 0;
  if (post->deadline_ms == 0)
    post->deadline_ms = now + etcd->call_ms;
  do {
    if (ask_one(etcd, post, login_ms, &why) == 0) {
      etcd->backoff_ms = 0;
      return 0;
    }
    tried++;
    if (!is_local(why.code))
      break;
    etcd->at = (etcd->at + 1) % etcd->nendpoints;
  } while (tried < etcd->nendpoints && may_go_on(post));
  *err = why;
  if (tried > 1 && is_local(why.code))
    error_wrap(err, "%zu endpoints failed, the last", tried);
  return -1;
}
