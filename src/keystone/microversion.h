/*
 * microversion - which version of a service can be asked for
 *
 * A listing names the lowest microversion that has its fields. A service that
 * is older answers 406; then its version document says what it has.
 *
 * https://docs.openstack.org/cinder/latest/contributor/api_microversion_dev.html
 */
#ifndef MICROVERSION_H
#define MICROVERSION_H

#include "base/error.h"
#include "net/http.h"

#include <stddef.h>
#include <stdint.h>

#define VERSION_TEXT 16

struct version_query {
  struct http *http;
  const char *endpoint; /* of the service */
  const char *header;   /* the token */
  const char *wanted;   /* "3.56" */
  int64_t deadline_ms;
};

/* version_ask(query, dst, err): the lower one of `wanted` and the highest
 * microversion that the document at the endpoint's root entries, into `dst`
 * (VERSION_TEXT bytes); "" if it entries none: then nothing must be said of it.
 * -1: no document; `err` says of which URL, and its detail is the status. */
int version_ask(const struct version_query *query, char *dst,
                struct error *err);

/* version_url(query, ret, err): where the version is that `wanted` belongs to
 * ("3" of "3.56"), by the document at an endpoint that names none: of the
 * document's link only the path is used, at the endpoint's own host. To free();
 * NULL: it leads nowhere. -1: no document. */
int version_url(const struct version_query *query, char **ret,
                struct error *err);

#endif
