/*
 * microversion - finds out which version of a service can be requested
 *
 * A listing names the lowest microversion that has its fields. An older service
 * answers 406; then its version document tells which microversions it has. Most
 * documents list "versions"; those of Nova and Ironic at a version's own URL
 * are of that "version" alone.
 *
 * https://docs.openstack.org/cinder/latest/contributor/api_microversion_dev.html
 * https://docs.openstack.org/api-ref/compute/#show-details-of-specific-api-version
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

/* version_ask(query, dst, err): stores the lower one of `wanted` and the
 * highest microversion in the document at the endpoint's root in `dst`
 * (VERSION_TEXT bytes). "": the document lists none; then a request must not
 * name one. -1: there is no document; `err` names its URL, and its detail is
 * the status. */
int version_ask(const struct version_query *query, char *dst,
                struct error *err);

/* version_url(query, ret, err): the URL of the version that `wanted` belongs to
 * ("3" of "3.56"), from the document at an endpoint without a version. Only the
 * path of the document's link is used, on the endpoint's own host. The caller
 * frees `*ret`; NULL: the document does not lead to it. -1: there is no
 * document. */
int version_url(const struct version_query *query, char **ret,
                struct error *err);

#endif
