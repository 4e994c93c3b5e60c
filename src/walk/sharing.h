/*
 * sharing - which walks of a cloud other daemons may make instead
 *
 * Makes the cloud's schedules units of a member (share/member.h), if the
 * operator wants the cloud shared. A unit is a schedule: a listing at one
 * interval, in all its regions; or shards of it, by project. What only asks
 * whether a service answers goes with the first listing of that service, whose
 * request tells it.
 */
#ifndef SHARING_H
#define SHARING_H

#include "base/error.h"
#include "share/member.h"
#include "walk/schedule.h"

#include <stddef.h>

struct cloud_config;
struct sharing;

/* sharing_new(config, schedules, n, err): all of it must outlive it. NULL:
 * memory. */
struct sharing *sharing_new(const struct cloud_config *config,
                            struct schedule *const *schedules, size_t n,
                            struct error *err);
void sharing_free(struct sharing *sharing); /* NULL is fine */

/* sharing_start(sharing, pool, host, spawn, err): as member_start(); walks that
 * are due without a turn run on `pool`. One thread at a time. */
int sharing_start(struct sharing *sharing, struct pool *pool, const char *host,
                  member_spawn *spawn, struct error *err);

struct member *sharing_member(const struct sharing *sharing);

#endif
