/*
 * cloud - one <Cloud> block at work: its session, its schedules, its turns
 *
 * Groups the chosen meters into schedules (same listing, same interval) and
 * owns everything that belongs to the cloud. It sends no request and starts no
 * thread.
 */
#ifndef CLOUD_H
#define CLOUD_H

#include "base/error.h"
#include "settings/cloud.h"
#include "walk/schedule.h"

#include <stddef.h>

struct cloud;
struct member;
struct session;

/* cloud_new(config, err): `config` must outlive it. Call it, and cloud_free(),
 * while no other thread uses the cloud. NULL: ERROR_CONFIG, memory. */
struct cloud *cloud_new(const struct cloud_config *config, struct error *err);
void cloud_free(struct cloud *cloud); /* NULL is fine; no walk may run */

const struct cloud_config *cloud_config(const struct cloud *cloud);

/* The schedules, and the turns: one turn for each meter of the configuration,
 * in its order. Both return the number. */
size_t cloud_schedules(const struct cloud *cloud, struct schedule *const **ret);
size_t cloud_turns(struct cloud *cloud, struct turn **ret);

/* cloud_session(cloud): its login, which lives as long as the cloud. */
struct session *cloud_session(struct cloud *cloud);

/* cloud_member(cloud): this daemon among those that share the cloud; NULL: it
 * walks the cloud alone. cloud_join(cloud, pool, host, spawn, err): joins the
 * others, as member_start(); does nothing if there are none. Walks that are due
 * without a turn run on `pool`. Any thread. */
struct member *cloud_member(const struct cloud *cloud);
int cloud_join(struct cloud *cloud, struct pool *pool, const char *host,
               pool_spawn *spawn, struct error *err);

/* cloud_stop(cloud): any thread: every wait for a server ends soon.
 * cloud_leave(cloud): call it when no walk runs any more: other daemons may
 * walk the cloud from now on. */
void cloud_stop(struct cloud *cloud);
void cloud_leave(struct cloud *cloud);

#endif
