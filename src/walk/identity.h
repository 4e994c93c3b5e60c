/*
 * identity - one of Keystone's lists, read by a pass
 *
 * Projects, domains, users: rows as all listings are (meters/identity.c), and
 * read by the same pass, so that all rules of pages, limits, refused tokens and
 * retries hold. What the items are for, and what to do about a list that was
 * cut off, is projects.c's affair.
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

/* Texts live until the callback returns; all but `id` may be NULL. */
struct identity_item {
  const char *id, *name, *domain_id;
  bool enabled;
};

/* identity_take(arg, item, err): -1: it could not be kept; `err` says why. */
typedef int identity_take(void *arg, const struct identity_item *item,
                          struct error *err);

struct identity_query {
  struct session *session;
  struct http *http;
  int64_t deadline_ms;
  const struct listing *listing; /* one of meters/identity.c */
  const char *const *domains;    /* ids, for a listing by domain */
  size_t ndomains;
  identity_take *take;
  void *arg;
};

/* How reading a list ended. */
struct identity_end {
  int status; /* 0; 1: the token may not (403); -1: `error`, and some items may
                 have come */
  bool cut;   /* list_limit, or a domain's 403, hides some */
  uint64_t round;     /* as pass_result's */
  struct error error; /* begins with "list of projects: ", but for a login's */
};

/* identity_list(query): hands each item of all pages to `take`, as it arrives.
 * The thread is that of the query's http. */
struct identity_end identity_list(const struct identity_query *query);

#endif
