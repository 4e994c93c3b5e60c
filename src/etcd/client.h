/*
 * client - asks etcd 3, over its JSON gateway
 *
 * A cluster has several endpoints, and each call goes to one of them: to the
 * one that answered last. If an endpoint could not be reached, or refused the
 * connection, the call goes on to the next one. If it broke or was late, or
 * etcd answered that it cannot, the call fails and the next call begins with
 * the next endpoint: what was sent may have been done (of a transaction, a
 * later etcd_range() tells), and a retry is the caller's.
 *
 * It knows calls, and not what keys mean. It keeps connections, a token, and
 * which member answers at which endpoint. It follows no redirect, uses no proxy
 * of the environment, and limits all that a server may send.
 *
 * One thread at a time may call it, but for etcd_stop(). Each call ends within
 * `call_ms`; a login, which costs etcd a second of bcrypt, gets ETCD_LOGIN_MS
 * more.
 *
 * Decide by the error's code:
 *   ERROR_TRANSPORT, ERROR_DEADLINE  no endpoint gave a whole answer in time
 *   ERROR_STATUS   etcd answered that it cannot now: no leader, no quorum, busy
 *   ERROR_LEASE    etcd has no such lease (any more)
 *   ERROR_SPACE    its database is full: it writes nothing, leases live on
 *   ERROR_DENIED   the user may not (403)
 *   ERROR_LOGIN    etcd refuses user or password
 *   ERROR_CONFIG   configuration, here or of etcd; the text tells what to do
 *   ERROR_PARSE, ERROR_LIMIT  it answers, but not as etcd 3.4 to 3.6 do
 *   ERROR_STOPPED, ERROR_MEMORY
 *
 * https://etcd.io/docs/v3.4/dev-guide/api_grpc_gateway/ ; recorded answers are
 * in tests/unit/test_etcd.c.
 */
#ifndef ETCD_CLIENT_H
#define ETCD_CLIENT_H

#include "base/error.h"
#include "etcd/config.h"

#include <stdint.h>

#define ETCD_LOGIN_MS 5000 /* of one login */

struct etcd;

/* etcd_new(config, call_ms, err): asks nothing yet. `config` must outlive it.
 * `call_ms`: how long a call may take. NULL: memory. */
struct etcd *etcd_new(const struct etcd_config *config, int64_t call_ms,
                      struct error *err);
void etcd_free(struct etcd *etcd); /* NULL is fine; revokes nothing */

/* etcd_stop(etcd): any thread: the call under way, and each later one but
 * etcd_revoke(), ends at once with ERROR_STOPPED. */
void etcd_stop(struct etcd *etcd);

/* etcd_cluster(etcd): the id of the cluster that answered last; 0: none has. A
 * cluster with another id knows nothing of what was put into the last one. */
uint64_t etcd_cluster(const struct etcd *etcd);

/* etcd_version(etcd): "3.5.16", of the member that last answered
 * etcd_ask_all(); "": none has. */
const char *etcd_version(const struct etcd *etcd);

/* etcd_advice(etcd): what the operator should know although calls succeed, such
 * as that etcd needs no login; NULL: nothing. */
const char *etcd_advice(const struct etcd *etcd);

#endif
