/*
 * trouble - what an answer of etcd that is no success means
 *
 * Has the table of statuses and of what the operator can do, and decides
 * nothing else. Any thread may call it.
 */
#ifndef ETCD_TROUBLE_H
#define ETCD_TROUBLE_H

#include "net/http.h"

#include <stdbool.h>

/* Of a request, what its refusal may depend on. */
struct etcd_asked {
  bool login;       /* it is a login */
  bool certificate; /* it came with a client certificate */
};

/* etcd_trouble(asked, status, said, location, err): sets the error of an answer
 * with this status, whose body begins with `said` and whose redirect leads to
 * `location`; both may be "". Codes: client.h. The answer to a
 * login is never repeated. Returns -1. */
int etcd_trouble(const struct etcd_asked *asked, long status, const char *said,
                 const char *location, struct error *err);

/* etcd_trouble_is_unlocked(http): was a login refused because etcd knows no
 * users? */
bool etcd_trouble_is_unlocked(const struct http_reply *http);

#endif
