#include "walk/region.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define BACKOFF_MOST_MS 600000
/* What does not change by itself: rights, and what is installed. */
#define SETTLED_RETRY_MS 3600000
/* What was there is missed for so long, and is gone then. */
#define MISSED_MS 3600000

int region_init(struct region *region, const char *name, struct error *err) {
  *region = (struct region){0};
  if (name == NULL)
    return 0;
  region->name = strdup(name);
  return region->name != NULL ? 0 : error_memory(err);
}

void region_clear(struct region *region) {
  free(region->name);
  totals_free(region->totals);
  agreement_clear(&region->agreement);
  agreement_clear(&region->owners_agreement);
  *region = (struct region){0};
}

/* The first failure leaves the next interval alone; then the pause doubles. */
static int64_t backoff_ms(const struct region *region,
                          const struct failed_walk *walk) {
  int64_t interval = walk->interval_ms;
  int64_t pause = interval / 2;
  for (int i = 1; i < region->tries && pause < BACKOFF_MOST_MS; i++)
    pause += pause + interval / 2;
  if (pause > BACKOFF_MOST_MS)
    pause = BACKOFF_MOST_MS;
  return pause > walk->pass->retry_after_ms ? pause
                                            : walk->pass->retry_after_ms;
}

static int64_t pause_ms(const struct region *region,
                        const struct failed_walk *walk) {
  switch (region->error.code) {
  case ERROR_LOGIN: /* has a back-off of its own */
  case ERROR_STOPPED:
  case ERROR_HIDDEN: /* the rest is worth its turn */
    return 0;
  case ERROR_DENIED:
  case ERROR_ABSENT:
    return SETTLED_RETRY_MS;
  case ERROR_DEADLINE: /* is no fault, unless nothing at all had come */
    if (walk->pass->pages > 0)
      return 0;
    break;
  default:
    break;
  }
  /* Some projects' failure keeps nobody from asking for the others'. */
  bool goes_on = walk->nasked > 0 && !walk->pass->given_up;
  return goes_on ? 0 : backoff_ms(region, walk);
}

/* What has worked may work again soon. */
static bool is_missed(const struct region *region, enum error_code code) {
  if (region->success_at_ms == 0)
    return false;
  return code == ERROR_DENIED ||
         (code == ERROR_ABSENT &&
          clock_ms() - region->success_at_ms < MISSED_MS);
}

int64_t region_failed(struct region *region, const struct error *err,
                      const struct failed_walk *walk) {
  region->error = *err;
  region->failures++;
  region->tries += walk->unasked ? 0 : 1;
  if (is_missed(region, err->code))
    region->error.code = ERROR_STATUS;
  int64_t pause = region->name != NULL ? pause_ms(region, walk) : 0;
  region->retry_at_ms = pause > 0 ? clock_ms() + pause : 0;
  return pause;
}

void region_worked(struct region *region) {
  region->error = (struct error){0};
  region->failures = region->tries = 0;
  region->retry_at_ms = 0;
  region->success_at_ms = clock_ms();
}
