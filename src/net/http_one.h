/*
 * http_one - makes a single request
 *
 * http_run() for callers who have one request and wait for its answer.
 */
#ifndef HTTP_ONE_H
#define HTTP_ONE_H

#include "net/http.h"

/* http_one(http, request, deadline_ms, ret_reply, err): makes a single request.
 * -1: as http_run(), or no whole answer came. An answer with any status is a
 * success. */
int http_one(struct http *http, const struct http_request *request,
             int64_t deadline_ms, struct http_reply *ret_reply,
             struct error *err);

#endif
