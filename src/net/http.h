/*
 * http - requests, at most so many at once
 *
 * The only module that knows curl. It knows nothing of OpenStack: tokens are
 * headers to it, a 401 is a status, and bodies are bytes handed on as they
 * arrive. It keeps the promises made to whoever runs the servers and the
 * daemon:
 *   - redirects are not followed (a token must not travel to a host that an
 *     answer names), only http and https are spoken, TLS is verified unless
 *     switched off;
 *   - never more transfers at once than `width`, never more requests a second
 *     than the rate limit lets through;
 *   - what a server may send has limits: header bytes, body bytes after
 *     decompression, time;
 *   - a connection is idle for 10 s at most before it is used again, and lives
 *     for five minutes; a request on an old one that meets with silence is made
 *     once more on a new one;
 *   - http_stop() from any thread ends every wait at once.
 *
 * A `struct http` is used by one thread at a time and keeps its connections
 * between calls.
 */
#ifndef HTTP_H
#define HTTP_H

#include "base/error.h"
#include "net/answer.h"
#include "net/rate_limit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_options {
  int64_t timeout_ms; /* one request, from its start to its last byte; its
                         connection 10 s of that at most */
  size_t width;       /* transfers at once, at least 1 */
  bool verify_peer, verify_host;
  char *ca_cert;                  /* PEM file, or NULL: the system's */
  char *client_cert, *client_key; /* PEM files, or NULL */
};

/* What http_run() asks of its caller. Both are called on the caller's thread.
 */
struct http_work {
  /* The next request, into `ret_request` (zeroed); what it points to must live
   * until `done`. False: none for now. Asked again whenever a transfer ends,
   * and at `*ret_at_ms` (clock_ms(); left at 0: there is no such time). */
  bool (*next)(void *arg, struct http_request *ret_request, int64_t *ret_at_ms);
  /* A request of `next` has come to an end, good or bad; exactly once each. */
  void (*done)(void *arg, const struct http_request *request,
               const struct http_reply *reply);
  void *arg;
};

/* http_new(options, rate_limit, err): copies nothing: `options` and
 * `rate_limit` must outlive it. NULL: memory. */
struct http *http_new(const struct http_options *options,
                      struct rate_limit *rate_limit, struct error *err);
void http_free(struct http *http); /* NULL is fine */

/* http_run(http, work, deadline_ms, err): serves requests until there are no
 * more. -1: the deadline passed (ERROR_DEADLINE) or http_stop() was called
 * (ERROR_STOPPED); transfers under way are then broken off and reported to
 * `done` with that error first, and `next` is not asked again. */
int http_run(struct http *http, const struct http_work *work,
             int64_t deadline_ms, struct error *err);

/* http_one(http, request, deadline_ms, ret_reply, err): a single request. -1
 * as http_run(), or when no whole answer came. Any status is an answer. */
int http_one(struct http *http, const struct http_request *request,
             int64_t deadline_ms, struct http_reply *ret_reply,
             struct error *err);

/* http_requests(http): requests begun so far, for the self-metrics. */
uint64_t http_requests(const struct http *http);

/* http_stop(http): from any thread: http_run() and http_one() return soon, now
 * and ever after. */
void http_stop(struct http *http);

/* http_start_up(), http_shut_down(): once a process, while it has one thread.
 */
int http_start_up(struct error *err);
void http_shut_down(void);

#endif
