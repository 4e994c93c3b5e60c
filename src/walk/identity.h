/*
 * identity - reads one of Keystone's lists with a pass
 *
 * Projects, domains and users are listings like all others (meters/identity.c).
 * The same pass reads them, so that all rules for pages, limits, refused tokens
 * and retries hold. projects.c decides what the items are for, and what to do
 * about a list that was cut off.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;
struct listing;
struct session;

/* The texts live until the callback returns; all but `id` may be NULL. */
struct identity_item {
  const char *id, *name, *domain_id;
  bool enabled;
};

/* identity_take(arg, item, err): takes one item. -1: it could not be kept;
 * `err` is set. */
typedef int identity_take(void *arg, const struct identity_item *item,
                          struct error *err);

struct identity_query {
  struct session *session;
  struct http *http;
  int64_t deadline_ms;
  const struct listing *listing; /* one of meters/identity.c */
  const struct asked *domains;   /* for a listing by domain */
  size_t ndomains;
  identity_take *take;
  void *arg;
};

/* How reading a list ended. */
struct identity_end {
  int status; /* 0: read; 1: the token may not read it (403); -1: `error`, but
                 some items may have come */
  bool cut;   /* list_limit, or a domain's 403, hides items */
  uint64_t round;     /* as in pass_result */
  struct error error; /* begins with "list of projects: ", except for a login's
                         error */
};

/* identity_list(query): hands each item of all pages to `take`, as it arrives.
 * Runs on the thread that uses the query's http. */
struct identity_end identity_list(const struct identity_query *query);

#endif
