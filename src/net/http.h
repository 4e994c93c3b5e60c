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
 *     than the gate lets through;
 *   - what a server may send has limits: header bytes, body bytes after
 *     decompression, time;
 *   - http_stop() from any thread ends every wait at once.
 *
 * A `struct http` is used by one thread at a time and keeps its connections
 * between calls.
 */
#ifndef HTTP_H
#define HTTP_H

#include "base/error.h"
#include "net/rate_limit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_BODY_LIMIT (128 * 1024 * 1024) /* bytes of one answer */
#define HTTP_HEADER_LIMIT (64 * 1024)       /* bytes of all its headers */
#define HTTP_HEADERS 8                      /* of a request */
#define HTTP_SAID 200                       /* of an error's body, in a log */

struct http_options {
  int64_t timeout_ms; /* one request, from its start to its last byte; its
                         connection 10 s of that at most */
  size_t width;       /* transfers at once, at least 1 */
  bool verify_peer, verify_host;
  char *ca_cert;                  /* PEM file, or NULL: the system's */
  char *client_cert, *client_key; /* PEM files, or NULL */
};

struct http_request {
  const char *method; /* "GET", "HEAD", "POST" */
  const char *url;
  const char *headers[HTTP_HEADERS]; /* "Name: value", up to a NULL */
  const char *body;                  /* POST: JSON; else NULL */
  /* AWS signature version 4, as Ceph's admin API wants it; or NULL. Only
   * without a body. */
  const char *sigv4;          /* "aws:amz:us-east-1:s3" */
  const char *sigv4_user_key; /* "access:secret" */
  const char *secret;         /* in headers or body: never in `said`; or NULL */
  /* Called with the body of a 2xx answer, piece by piece. -1: enough, the
   * transfer fails with ERROR_PARSE unless the caller knows better. NULL: the
   * body is thrown away. */
  int (*on_body)(void *arg, const void *data, size_t len);
  bool choices; /* `on_body` takes that of a 300, too: which versions there are
                 */
  /* Called for each header of the answer; `name` in lower case. May be NULL. */
  void (*on_header)(void *arg, const char *name, const char *value);
  void *arg;
};

struct http_reply {
  struct error error; /* ERROR_NONE: an answer came, whole. See `status` */
  long status;        /* 0: no status line was seen */
  int64_t
      retry_after_ms; /* the server's Retry-After, an hour at most; 0: none */
  uint64_t bytes;     /* of body */
  /* of the body of an answer that is not 2xx: its beginning on one line, if it
   * is JSON and does not repeat the request's secret; else empty */
  char said[HTTP_SAID];
  /* Location of a redirect: scheme and host only; else empty */
  char location[HTTP_SAID];
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

/* http_new(options, gate, err): copies nothing: `options` and `gate` must
 * outlive it. NULL: memory. */
struct http *http_new(const struct http_options *options,
                      struct http_gate *gate, struct error *err);
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
