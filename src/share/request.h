/*
 * request - a change of keys, as claims want it and as etcd takes it
 *
 * It has copies of all that it needs of the claims, which may change while etcd
 * is asked.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "share/claims.h"

struct etcd;

/* The daemon in whose name it is made. */
struct request_sender {
  const char *root, *host;
  const struct claim_about *about;
};

#define REQUEST_KEYS 128 /* at most: etcd's own limit */

struct request {
  struct claims_call call;
  char *claims[CLAIMS_NOTED]; /* whose keys must be its own; or not be there */
  size_t nclaims;
  char *keys[REQUEST_KEYS], *values[REQUEST_KEYS];
  size_t n;    /* 0: it changes no keys */
  char *rival; /* CALL_TAKE: this must not be there, either */
};

/* request_write(request, sender, err): fills it in for `request->call`, with
 * the lock of the claims. -1: memory; request_clear() it in any case. */
int request_write(struct request *request, const struct request_sender *sender,
                  struct error *err);
void request_clear(struct request *request);

/* request_commit(request, etcd, ret_done, err): as etcd_commit(). */
int request_commit(const struct request *request, struct etcd *etcd,
                   bool *ret_done, struct error *err);

#endif
