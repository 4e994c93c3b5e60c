#include "walk/pace.h"

#include "base/clock.h"
#include "meter/listing.h"
#include "settings/cloud.h"

#define TURNS 60
#define TURN_LEAST_MS 1000
/* A walk may take so long, however short its turns are: servers are slow. */
#define WALK_MS 15000
/* No value is older than that when it comes. */
#define OLDEST_S 60

static int64_t least_of(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most_of(int64_t a, int64_t b) { return a > b ? a : b; }

struct pace pace_of(const struct listing *listing, int64_t interval_ms) {
  int64_t turn = most_of(interval_ms / TURNS, TURN_LEAST_MS);
  return (struct pace){.turn_ms = listing->paced ? least_of(turn, interval_ms)
                                                 : interval_ms,
                       .interval_ms = interval_ms,
                       .paced = listing->paced};
}

int64_t pace_share_ms(const struct pace *pace) {
  int64_t least = least_of(pace->interval_ms, WALK_MS);
  return INTERVAL_SHARE(most_of(pace->turn_ms, least));
}

double pace_time(const struct listing *listing, double last) {
  double now = clock_wall();
  bool set_back = now < last;
  return listing->paced || set_back || now - last > OLDEST_S ? now : last;
}
