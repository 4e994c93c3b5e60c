/*
 * ask - one call: which endpoints are asked, with which token
 *
 * What client.h promises of a call is kept here.
 */
#ifndef ETCD_ASK_H
#define ETCD_ASK_H

#include "etcd/post.h"

/* etcd_ask(etcd, post, err): asks endpoint after endpoint until one has
 * answered, and logs in where that is needed. -1: client.h. The caller clears
 * the reply. */
int etcd_ask(struct etcd *etcd, struct etcd_post *post, struct error *err);

#endif
