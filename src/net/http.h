/*
 * http - makes requests, with a limit on how many run at once
 *
 * The only door to curl (transfer.h is a part of it). It knows nothing of
 * OpenStack: a token is a header, a 401 is a status, and a body is bytes that
 * are passed on as they arrive. It keeps these promises to those who run the
 * servers and the daemon:
 *   - It follows no redirect (a token must not travel to a host that an answer
 *     names), speaks only http and https, and verifies TLS unless that is
 *     switched off.
 *   - It runs at most `width` transfers at once, and begins no more requests a
 *     second than the rate limit allows.
 *   - It limits what a server may send: header bytes, body bytes after
 *     decompression, time.
 *   - It does not reuse a connection that was idle for over 10 s or is over
 *     five minutes old. If a reused connection gives no answer, the request is
 *     made once more, on a new one.
 *   - http_stop() from any thread ends every wait at once.
 * What a recording keeps, and plays instead of the network, passes below: see
 * tape.h.
 *
 * Only one thread at a time may use a `struct http`, which keeps its
 * connections between calls.
 */
#ifndef HTTP_H
#define HTTP_H

#include "net/answer.h"
#include "net/http_options.h"
#include "net/rate_limit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The callbacks of http_run(), called on the thread of its caller. */
struct http_work {
  /* Fills `ret_request` (zeroed) with the next request; what it points to must
   * live until `done`. False: none for now. http_run() asks again whenever a
   * transfer ends, and at `*ret_at_ms` (clock_ms(); 0, its first value: no such
   * time). */
  bool (*next)(void *arg, struct http_request *ret_request, int64_t *ret_at_ms);
  /* A request of `next` has ended, well or not; called exactly once for
   * each. */
  void (*done)(void *arg, const struct http_request *request,
               const struct http_reply *reply);
  void *arg;
};

/* http_new(options, rate_limit, err): both must outlive it; nothing is copied.
 * The options and the environment's proxies stay as they are at its first
 * requests.
 * NULL: memory. */
struct http *http_new(const struct http_options *options,
                      struct rate_limit *rate_limit, struct error *err);
void http_free(struct http *http); /* NULL is fine */

/* http_run(http, work, deadline_ms, err): makes requests until `next` has no
 * more. -1: the deadline passed (ERROR_DEADLINE) or http_stop() was called
 * (ERROR_STOPPED). It then first breaks off the running transfers and reports
 * them to `done` with that error, and does not call `next` again. */
int http_run(struct http *http, const struct http_work *work,
             int64_t deadline_ms, struct error *err);

/* http_requests(http): the number of requests begun so far, for the
 * self-metrics. */
uint64_t http_requests(const struct http *http);

/* http_stop(http): any thread: http_run() returns soon, now and in any
 * later call. */
void http_stop(struct http *http);

/* http_start_up(err), http_shut_down(): call each once in a process, while it
 * has one thread. -1: this libcurl cannot be stopped at once (ERROR_CONFIG), or
 * memory. */
int http_start_up(struct error *err);
void http_shut_down(void);

#endif
