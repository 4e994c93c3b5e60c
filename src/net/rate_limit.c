#include "net/rate_limit.h"

#include <pthread.h>
#include <stdlib.h>

struct http_gate {
  pthread_mutex_t lock;
  double spacing_ms;
  double next_ms; /* clock_ms() at which the next request may start */
};

struct http_gate *http_gate_new(double rate) {
  struct http_gate *gate = calloc(1, sizeof(*gate));
  if (gate == NULL)
    return NULL;
  pthread_mutex_init(&gate->lock, NULL);
  gate->spacing_ms = rate > 0 ? 1000.0 / rate : 0;
  return gate;
}

void http_gate_free(struct http_gate *gate) {
  if (gate == NULL)
    return;
  pthread_mutex_destroy(&gate->lock);
  free(gate);
}

/* Spread evenly: a second sees `rate` of them, and one more at most, where one
 * was late. */
int64_t http_gate_pass(struct http_gate *gate, int64_t now) {
  if (gate == NULL || gate->spacing_ms <= 0)
    return 0;
  pthread_mutex_lock(&gate->lock);
  double wait = gate->next_ms - (double)now;
  if (wait <= 0)
    gate->next_ms = (wait < -gate->spacing_ms ? (double)now : gate->next_ms) +
                    gate->spacing_ms;
  pthread_mutex_unlock(&gate->lock);
  return wait <= 0 ? 0 : (int64_t)wait + 1;
}
