#include "walk/region.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define BACKOFF_MOST_MS 600000
/* What does not change by itself: rights, and what is installed. */
#define SETTLED_RETRY_MS 3600000
/* What was there is missed for so long, and is gone then. */
#define MISSED_MS 3600000

int place_init(struct place *place, const char *region, struct error *err) {
  *place = (struct place){0};
  if (region == NULL)
    return 0;
  place->region = strdup(region);
  return place->region != NULL ? 0 : error_memory(err);
}

void place_clear(struct place *place) {
  free(place->region);
  totals_free(place->totals);
  agreement_clear(&place->agreement);
  agreement_clear(&place->owners_agreement);
  *place = (struct place){0};
}

/* The first failure leaves the next interval alone; then the pause doubles. */
static int64_t backoff_ms(const struct place *place,
                          const struct place_round *round) {
  int64_t interval = round->interval_ms;
  int64_t pause = interval / 2;
  for (int i = 1; i < place->failures && pause < BACKOFF_MOST_MS; i++)
    pause += pause + interval / 2;
  if (pause > BACKOFF_MOST_MS)
    pause = BACKOFF_MOST_MS;
  return pause > round->pass->retry_after_ms ? pause
                                             : round->pass->retry_after_ms;
}

static int64_t pause_ms(const struct place *place,
                        const struct place_round *round) {
  switch (place->error.code) {
  case ERROR_LOGIN: /* has a back-off of its own */
  case ERROR_STOPPED:
  case ERROR_HIDDEN: /* the rest is worth its turn */
    return 0;
  case ERROR_DENIED:
  case ERROR_ABSENT:
    return SETTLED_RETRY_MS;
  case ERROR_DEADLINE: /* is no fault, unless nothing at all had come */
    if (round->pass->pages > 0)
      return 0;
    break;
  default:
    break;
  }
  /* Some projects' failure keeps nobody from asking for the others'. */
  bool asked_all = round->nprojects > 0 && !round->pass->cut;
  return asked_all ? 0 : backoff_ms(place, round);
}

/* What has worked may work again soon. */
static bool is_missed(const struct place *place, enum error_code code) {
  if (place->success_at_ms == 0)
    return false;
  return code == ERROR_DENIED ||
         (code == ERROR_ABSENT &&
          clock_ms() - place->success_at_ms < MISSED_MS);
}

int64_t place_failed(struct place *place, const struct error *err,
                     const struct place_round *round) {
  place->error = *err;
  place->failures++;
  if (is_missed(place, err->code))
    place->error.code = ERROR_STATUS;
  int64_t pause = place->region != NULL ? pause_ms(place, round) : 0;
  place->retry_at_ms = pause > 0 ? clock_ms() + pause : 0;
  return pause;
}

void place_worked(struct place *place) {
  place->error = (struct error){0};
  place->failures = 0;
  place->retry_at_ms = 0;
  place->success_at_ms = clock_ms();
}
