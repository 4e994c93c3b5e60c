/*
 * queue - whom a pass asks next
 *
 * Those of its list, one after the other, and first whoever an earlier walk
 * broke off. Projects in a shard that another daemon may walk by now are passed
 * over.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include "walk/plan.h"

#include <stdbool.h>
#include <stddef.h>

/* queue_has_moved(plan, asked): this one is passed over. NULL: never. */
bool queue_has_moved(const struct pass_plan *plan, const struct asked *asked);

/* queue_next(plan, at, ret_number, ret_again): takes the next one. False:
 * nobody is left. */
bool queue_next(const struct pass_plan *plan, struct progress *at,
                size_t *ret_number, bool *ret_again);

/* queue_asked(plan, number): of LISTING_CLOUD NULL. */
const struct asked *queue_asked(const struct pass_plan *plan, size_t number);

#endif
