/*
 * token - logs in at etcd, and keeps the token
 *
 * A login costs etcd a second of CPU. So a token is kept until etcd refuses it,
 * and who was refused does not ask again for 10 s to 5 minutes. The password's
 * file is read at each login.
 */
#ifndef ETCD_TOKEN_H
#define ETCD_TOKEN_H

#include "etcd/state.h"

/* etcd_token_need(etcd, deadline_ms, err): sees to it that there is a token, if
 * the operator gave a user and etcd knows users. -1: as etcd_post(), or the
 * error of the last login in its back-off. */
int etcd_token_need(struct etcd *etcd, int64_t deadline_ms, struct error *err);

/* etcd_token_refused(etcd, status): a request was refused with this status.
 * True: a new login may help; the old token is forgotten. */
bool etcd_token_refused(struct etcd *etcd, long status);

/* etcd_token_useless(etcd, err): a new token was refused as well: no login for
 * a while, in which etcd_token_need() returns this error. */
void etcd_token_useless(struct etcd *etcd, const struct error *err);

#endif
