/*
 * collection - one of Keystone's collections, asked once
 *
 * Projects, domains, users: they come in a single answer; with a list_limit,
 * from 2025.1 on (Keystone 27) in pages, and before that the rest is just cut
 * off and "truncated" says so. What the items are for, and what to do about a
 * cut, is directory's affair.
 *
 * https://docs.openstack.org/api-ref/identity/v3/#projects
 */
#ifndef COLLECTION_H
#define COLLECTION_H

#include "base/error.h"
#include "keystone/session.h"
#include "net/http.h"

#include <stdbool.h>
#include <stdint.h>

#define COLLECTION_PAGES 1000

/* Texts live until the callback returns; all but `id` may be NULL. */
struct collection_item {
  const char *id, *name, *domain_id;
  bool enabled;
};

/* collection_take(arg, item, err): -1: give up; `err` says why. */
typedef int collection_take(void *arg, const struct collection_item *item,
                            struct error *err);

struct collection_query {
  struct session *session;
  struct http *http;
  int64_t deadline_ms;
  const char *name;      /* "projects": in the path and in the answer */
  const char *domain_id; /* of this domain only; NULL: of all */
  collection_take *take;
  void *arg;
};

/* collection_ask(query, ret_truncated, err): hands each item of all pages that
 * has an id to `take`, as it arrives. A 401 is answered with one new token. 0:
 * all came; 1: the token may not (403); -1: some items may have come; `err`
 * begins with "list of projects: " and the URL, but for ERROR_LOGIN. */
int collection_ask(const struct collection_query *query, bool *ret_truncated,
                   struct error *err);

#endif
