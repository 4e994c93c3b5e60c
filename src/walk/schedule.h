/*
 * schedule - decides when a listing of a cloud is walked, and in which regions
 *
 * One schedule serves all meters of a cloud that share a listing and an
 * interval. Its round looks up the regions (which may need a login) and starts
 * a walk in each. Every walk is a job of its own, so a slow region takes no
 * time from the others. If a region's walk still runs when the next round
 * begins, that region alone is skipped, and the skip is counted. A region that
 * the catalogue had before and lacks now is walked as one without an endpoint.
 *
 * The schedule counts, and uses no clock, to decide which meter begins a round:
 * a meter that has had the newest round and is called again begins the next
 * one; all others take what is there. (A rule like "younger than half an
 * interval" walks 1.1 to 1.3 times per interval, because meters drift apart.)
 *
 *   if (schedule_turn(&turn) == TURN_LEAD)
 *     schedule_start(turn.schedule, pool);
 */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "walk/pool.h"
#include "walk/walk.h"

#include <stddef.h>
#include <stdint.h>

#define SCHEDULE_REGIONS 4096 /* regions that catalogues may name, in all */

struct schedule;

/* schedule_new(options, owner, err): copies `options` and its list of meters,
 * but not what else they point to. `owner` is the cloud's share of the pool.
 * NULL: ERROR_CONFIG (a field whose path cannot be parsed), memory. */
struct schedule *schedule_new(const struct walk_options *options,
                              struct pool_owner *owner, struct error *err);
void schedule_free(struct schedule *schedule); /* NULL is fine; nothing runs */

/* schedule_visit(schedule, visitor, err): sets the visitor of all walks; call
 * it once, before the first turn. -1: memory. */
int schedule_visit(struct schedule *schedule,
                   const struct walk_visitor *visitor, struct error *err);

/* schedule_probe(schedule): its walks ask for no more than shows whether they
 * work: first pages, of the first project or owner. Call it before the first
 * turn. */
void schedule_probe(struct schedule *schedule);

/* schedule_unit(schedule): who else may walk it; nobody, if it has no member.
 */
const struct member_unit *schedule_unit(const struct schedule *schedule);

const struct meter *const *schedule_meters(const struct schedule *schedule,
                                           size_t *ret_n);
const struct listing *schedule_listing(const struct schedule *schedule);
/* schedule_interval_ms(schedule): between two values of a meter.
 * schedule_turn_ms(schedule): between two turns, which is less where requests
 * are spread over the interval. */
int64_t schedule_interval_ms(const struct schedule *schedule);
int64_t schedule_turn_ms(const struct schedule *schedule);

/* One meter's share of a schedule: the user data of one read callback. */
struct turn {
  struct schedule *schedule;
  const struct meter *meter;
  uint64_t seen; /* the last round that this meter has had */
};

enum turn_result {
  TURN_LEAD, /* call schedule_start() once, from any thread */
  TURN_RIDE, /* another turn brings, or brought, this meter's values */
  TURN_SKIP, /* the last round has not started its walks, which is counted; or
                it is not this daemon's to walk now, which is not */
};

/* schedule_turn(turn): call it in the meter's read callback. Any thread; takes
 * a few instructions. */
enum turn_result schedule_turn(struct turn *turn);

/* schedule_start(schedule, pool): starts the round that schedule_turn() has
 * asked for, on the pool's threads, and returns at once. If `pool` is NULL it
 * walks the regions one after the other on this thread, and then returns. */
void schedule_start(struct schedule *schedule, struct pool *pool);

/* schedule_share(schedule, unit): other daemons walk it, too, and a turn leads
 * only if it is this daemon's. Call it once, before schedule_visit(). */
void schedule_share(struct schedule *schedule, const struct member_unit *unit);

/* schedule_login(schedule, pool): logs in on the pool, and tells those that
 * share the cloud which one it is. Call it once. */
void schedule_login(struct schedule *schedule, struct pool *pool);

/* schedule_now(schedule, pool): starts a round without a turn, unless one is
 * starting. Any thread. */
void schedule_now(struct schedule *schedule, struct pool *pool);

/* schedule_status(schedule): -1 if a walk that has ended since the last round
 * began has failed, else 0. A service that the catalogue lacks is no failure.
 * Any thread. */
int schedule_status(struct schedule *schedule);

#endif
