/*
 * state - what a client of etcd keeps between its calls. Data
 *
 * For the files of this folder; all others see client.h.
 */
#ifndef ETCD_STATE_H
#define ETCD_STATE_H

#include "etcd/config.h"
#include "net/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct etcd_endpoint {
  char *url;       /* without "/" at its end */
  uint64_t member; /* that answered here last; 0: none has */
};

struct etcd {
  const struct etcd_config *config;
  int64_t call_ms;
  struct http_options options;
  struct http *http;
  struct http *farewell; /* for what etcd_stop() does not end */
  struct etcd_endpoint endpoints[ETCD_ENDPOINTS];
  size_t nendpoints;
  size_t at;        /* the one that the next call asks first */
  uint64_t cluster; /* that answered last */
  char version[24]; /* of the member that last told its status */
  /* The login, which token.h keeps. */
  char *token;                        /* secret; NULL: there is none */
  bool unlocked;                      /* etcd has said that it knows no users */
  int64_t login_after_ms, backoff_ms; /* after one that failed */
  struct error login_error;
};

#endif
