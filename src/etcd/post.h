/*
 * post - one request to one endpoint of etcd
 */
#ifndef ETCD_POST_H
#define ETCD_POST_H

#include "etcd/reply.h"
#include "etcd/state.h"

#include <stdbool.h>
#include <stdint.h>

struct etcd_post {
  const char *path;    /* below "/v3/" */
  const char *body;    /* JSON */
  bool login;          /* the body holds the password */
  bool once;           /* must not be sent twice */
  bool farewell;       /* also after etcd_stop(); without a login */
  int64_t deadline_ms; /* etcd_ask() sets it where it is 0 */
  /* What came: */
  struct etcd_reply reply;
  struct http_reply http;
};

/* etcd_post(etcd, post, err): asks the endpoint `etcd->at`, with the token if
 * there is one and this is no login. -1: an error of client.h, whose text names
 * the endpoint. The caller clears the reply. */
int etcd_post(struct etcd *etcd, struct etcd_post *post, struct error *err);

#endif
