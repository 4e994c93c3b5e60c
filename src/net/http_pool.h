/*
 * http_pool - lends `struct http`s, with the connections that they keep
 *
 * A `struct http` serves one thread at a time and keeps connections open. One
 * for each walk and region would hold hundreds of descriptors that are idle
 * most of the time. So a cloud has only as many as it has jobs running at once.
 * The one that came back last is lent first, because its connections are the
 * warmest.
 *
 *   struct http *http = http_pool_take(pool, &err);
 *   ... http_run(http, ...) ...
 *   http_pool_give(pool, http);
 */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include "net/http.h"

struct http_pool;

/* http_pool_new(options, rate_limit, err): both must outlive it. Opens no
 * connection. NULL: memory. */
struct http_pool *http_pool_new(const struct http_options *options,
                                struct rate_limit *rate_limit,
                                struct error *err);
void http_pool_free(struct http_pool *pool); /* NULL is fine; none is lent */

/* http_pool_take(pool, err): any thread; it is the caller's until
 * http_pool_give(). NULL: ERROR_STOPPED, memory. */
struct http *http_pool_take(struct http_pool *pool, struct error *err);
void http_pool_give(struct http_pool *pool, struct http *http);

/* http_pool_count(pool): how many the pool has made so far. */
size_t http_pool_count(struct http_pool *pool);

/* http_pool_stop(pool): any thread: calls http_stop() for all, lent or not, and
 * lends no more. */
void http_pool_stop(struct http_pool *pool);

#endif
