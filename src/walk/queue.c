#include "walk/queue.h"

#include "meter/pieces.h"
#include "share/shard.h"
#include "walk/progress.h"

bool queue_has_moved(const struct pass_plan *plan, const struct asked *asked) {
  return plan->unit.n > 1 && asked != NULL &&
         !(*plan->parts >> shard_of(asked->project) & 1);
}

const struct asked *queue_asked(const struct pass_plan *plan, size_t number) {
  return plan->listing->scope == LISTING_CLOUD
             ? NULL
             : &plan->asked[(plan->first_asked + number) % plan->nasked];
}

static bool is_passed_over(const struct pass_plan *plan, size_t number) {
  return queue_has_moved(plan, queue_asked(plan, number));
}

bool queue_next(const struct pass_plan *plan, struct progress *at,
                size_t *ret_number, bool *ret_again) {
  while (at->nagain > 0 && is_passed_over(plan, at->again[at->nagain - 1]))
    at->nagain--;
  *ret_again = at->nagain > 0;
  if (*ret_again) {
    *ret_number = at->again[--at->nagain];
    return true;
  }
  while (at->next < plan_asks(plan) && is_passed_over(plan, at->next))
    at->next++;
  if (at->next == plan_asks(plan))
    return false;
  *ret_number = at->next++;
  return true;
}
