/*
 * walk - walks one listing in one region
 *
 * A walk is one run: it looks up projects and names, and makes one pass over
 * the listing, which serves all its meters. A struct walk keeps what must
 * survive between walks: failures and back-off, the last success, the project
 * where a pass was cut short. It knows nothing of other regions; the schedule
 * decides when a walk runs (schedule.h). It neither logs nor dispatches: it
 * reports to a visitor.
 */
#ifndef WALK_H
#define WALK_H

#include "base/error.h"
#include "walk/task.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct endpoint;
struct walk;

/* walk_service(options): the service type whose endpoints the walk asks. */
const char *walk_service(const struct walk_options *options);

/* walk_new(options, endpoint, err): `options` must outlive it. Copies from
 * `endpoint` the region, and whether that is named; both stay for the life of
 * the walk. `endpoint` is NULL for the walk that reports when there is no
 * region. NULL: ERROR_CONFIG (a field whose path cannot be parsed), memory. */
struct walk *walk_new(const struct walk_options *options,
                      const struct endpoint *endpoint, struct error *err);
void walk_free(struct walk *walk); /* NULL is fine; must not be running */

/* walk_wake(walk, wake, arg): sets the function that ends a wait of
 * walk_waits(). Call it before the first run. */
void walk_wake(struct walk *walk, void (*wake)(void *arg), void *arg);

/* walk_visit(walk, visitor, err): sets the visitor, which must outlive it,
 * before the first run. -1: memory. */
int walk_visit(struct walk *walk, const struct walk_visitor *visitor,
               struct error *err);

const char *walk_region(const struct walk *walk);

struct walk_target {
  const char *url; /* the endpoint; NULL: there is none, see `lack` */
  struct error lack;
  uint64_t skipped; /* intervals skipped in all regions, in total */
  int64_t turn_ms;  /* clock_ms() at which its turn came */
  uint64_t parts;   /* of its unit (share/member.h): shards to walk */
  bool whole;       /* make the whole pass at once, whatever the pace */
};

/* walk_run(walk, target): makes one pass, or reports why there is none. One
 * thread at a time. -1: it has failed (a service that does not exist is no
 * failure), or http_pool_stop() was called. */
int walk_run(struct walk *walk, const struct walk_target *target);

/* walk_was_cut(walk): did the last run end too early, because another daemon
 * may walk the listing now, or because the daemon ends? */
bool walk_was_cut(const struct walk *walk);

/* walk_parts(walk): of target.parts, those that it could walk to the end of the
 * last run. walk_goes_on(walk): its pass has not ended, and the next run goes
 * on with it. */
uint64_t walk_parts(const struct walk *walk);
bool walk_goes_on(const struct walk *walk);

/* walk_waits(walk, turn_ms): call it before walk_run(), with the time at which
 * the turn came. True: other walks are about to make the request that this one
 * would make (board.h). The function that walk_wake() has set is then called
 * when it is time for walk_run(). walk_give_up(walk): stops such a wait. True:
 * there was one, and the function will not be called. */
bool walk_waits(struct walk *walk, int64_t turn_ms);
bool walk_give_up(struct walk *walk);

/* walk_skip(walk): counts an interval in which the walk still ran. Any
 * thread. */
void walk_skip(struct walk *walk);

#endif
