#include "net/rate_limit.h"

#include <pthread.h>
#include <stdlib.h>

struct rate_limit {
  pthread_mutex_t lock;
  double spacing_ms;
  double next_ms; /* clock_ms() at which the next request may start */
};

struct rate_limit *rate_limit_new(double rate) {
  struct rate_limit *rate_limit = calloc(1, sizeof(*rate_limit));
  if (rate_limit == NULL)
    return NULL;
  pthread_mutex_init(&rate_limit->lock, NULL);
  rate_limit->spacing_ms = rate > 0 ? 1000.0 / rate : 0;
  return rate_limit;
}

void rate_limit_free(struct rate_limit *rate_limit) {
  if (rate_limit == NULL)
    return;
  pthread_mutex_destroy(&rate_limit->lock);
  free(rate_limit);
}

/* Spread evenly: a second sees `rate` of them, and one more at most, where one
 * was late. */
int64_t rate_limit_pass(struct rate_limit *rate_limit, int64_t now) {
  if (rate_limit == NULL || rate_limit->spacing_ms <= 0)
    return 0;
  pthread_mutex_lock(&rate_limit->lock);
  double wait = rate_limit->next_ms - (double)now;
  if (wait <= 0)
    rate_limit->next_ms =
        (wait < -rate_limit->spacing_ms ? (double)now : rate_limit->next_ms) +
        rate_limit->spacing_ms;
  pthread_mutex_unlock(&rate_limit->lock);
  return wait <= 0 ? 0 : (int64_t)wait + 1;
}
