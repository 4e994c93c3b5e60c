/*
 * rate_limit - the request rate of one cloud
 *
 * Shared by everything that asks the cloud something, on any thread. It counts
 * and does not wait.
 */
#ifndef RATE_LIMIT_H
#define RATE_LIMIT_H

#include <stdint.h>

struct http_gate;

/* http_gate_new(rate): `rate` requests a second; 0: no limit. NULL: no memory.
 */
struct http_gate *http_gate_new(double rate);
void http_gate_free(struct http_gate *gate); /* NULL is fine */

/* http_gate_pass(gate, now): may a request start at `now` (clock_ms())? 0: it
 * has passed; else so many milliseconds to wait before asking again. NULL lets
 * all pass. */
int64_t http_gate_pass(struct http_gate *gate, int64_t now);

#endif
