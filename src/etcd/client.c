#include "etcd/client.h"

#include "base/secret.h"
#include "base/text.h"
#include "etcd/state.h"

#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 1000

static int add_endpoint(struct etcd *etcd, const char *url) {
  size_t len = strlen(url);
  while (len > 0 && url[len - 1] == '/')
    len--;
  char *copy = strndup(url, len);
  etcd->endpoints[etcd->nendpoints++].url = copy;
  return copy != NULL ? 0 : -1;
}

/* Half of a call's time is left for another endpoint. */
static void set_options(struct etcd *etcd) {
  const struct etcd_config *c = etcd->config;
  int64_t half = etcd->call_ms / 2;
  etcd->options =
      (struct http_options){.timeout_ms = ETCD_LOGIN_MS + etcd->call_ms,
                            .connect_ms = half < CONNECT_MS ? half : CONNECT_MS,
                            .width = etcd->nendpoints,
                            .verify_peer = true,
                            .verify_host = true,
                            .direct = true,
                            .ca_cert = c->ca_cert,
                            .client_cert = c->client_cert,
                            .client_key = c->client_key};
}

struct etcd *etcd_new(const struct etcd_config *config, int64_t call_ms,
                      struct error *err) {
  struct etcd *etcd = calloc(1, sizeof(*etcd));
  if (etcd == NULL)
    goto fail;
  etcd->config = config;
  etcd->call_ms = call_ms;
  for (size_t i = 0; i < config->endpoints.n && i < ETCD_ENDPOINTS; i++)
    if (add_endpoint(etcd, config->endpoints.items[i]) != 0)
      goto fail;
  set_options(etcd);
  etcd->http = http_new(&etcd->options, NULL, err);
  etcd->farewell =
      etcd->http != NULL ? http_new(&etcd->options, NULL, err) : NULL;
  if (etcd->farewell != NULL)
    return etcd;
fail:
  etcd_free(etcd);
  error_memory(err);
  return NULL;
}

void etcd_free(struct etcd *etcd) {
  if (etcd == NULL)
    return;
  for (size_t i = 0; i < etcd->nendpoints; i++)
    free(etcd->endpoints[i].url);
  http_free(etcd->http);
  http_free(etcd->farewell);
  secret_free(etcd->token);
  free(etcd);
}

void etcd_stop(struct etcd *etcd) { http_stop(etcd->http); }

uint64_t etcd_cluster(const struct etcd *etcd) { return etcd->cluster; }

const char *etcd_version(const struct etcd *etcd) { return etcd->version; }

const char *etcd_advice(const struct etcd *etcd) {
  return etcd->unlocked ? "etcd's authentication is off, so whoever reaches it "
                          "may change its keys and Username is not used; "
                          "\"etcdctl auth enable\" switches it on"
                        : NULL;
}
