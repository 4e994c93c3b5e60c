/*
 * rate_limit - the request rate of one cloud
 *
 * All threads that send requests to the cloud share it. It counts and does not
 * wait.
 */
#ifndef RATE_LIMIT_H
#define RATE_LIMIT_H

#include <stdint.h>

struct rate_limit;

/* rate_limit_new(rate): `rate` is in requests a second; 0: no limit. NULL: no
 * memory. */
struct rate_limit *rate_limit_new(double rate);
void rate_limit_free(struct rate_limit *rate_limit); /* NULL is fine */

/* rate_limit_pass(rate_limit, now): may a request start at `now` (clock_ms())?
 * 0: yes, and it is counted. Otherwise: how many milliseconds to wait before
 * asking again. A `rate_limit` of NULL allows every request. */
int64_t rate_limit_pass(struct rate_limit *rate_limit, int64_t now);

#endif
