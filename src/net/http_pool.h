/*
 * http_pool - transfers lent to whoever runs, with the connections they keep
 *
 * A `struct http` serves one thread at a time and keeps connections open. One
 * for each walk and region would keep hundreds of descriptors that are idle
 * most of the time. So a cloud has as many as jobs of it run at once, and the
 * one that was given back last is lent first: its connections are the warmest.
 *
 *   struct http *http = http_pool_take(pool, &err);
 *   ... http_run(http, ...) ...
 *   http_pool_give(pool, http);
 */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include "net/http.h"

struct http_pool;

/* http_pool_new(options, rate_limit, err): both must outlive it. Opens nothing.
 * NULL: memory. */
struct http_pool *http_pool_new(const struct http_options *options,
                                struct rate_limit *rate_limit,
                                struct error *err);
void http_pool_free(struct http_pool *pool); /* NULL is fine; all are back */

/* http_pool_take(pool, err): any thread; the caller's until it is given back.
 * NULL: ERROR_STOPPED, memory. */
struct http *http_pool_take(struct http_pool *pool, struct error *err);
void http_pool_give(struct http_pool *pool, struct http *http);

/* http_pool_count(pool): how many it has made so far. */
size_t http_pool_count(struct http_pool *pool);

/* http_pool_stop(pool): any thread: http_stop() for all, lent or not, and none
 * is lent any more. */
void http_pool_stop(struct http_pool *pool);

#endif
