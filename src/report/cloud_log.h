/*
 * cloud_log - logs what concerns a whole cloud, once for all its walks
 *
 * A failed login, or a region that appears later, concerns every walk, and a
 * service that is not there, or not to be reached, all walks of it. walk_log
 * logs what concerns one walk.
 */
#ifndef CLOUD_LOG_H
#define CLOUD_LOG_H

#include "base/error.h"
#include "base/text.h"
#include "report/log.h"

#include <pthread.h>
#include <stdbool.h>

struct cloud_config;
struct listing;

struct cloud_log {
  const struct cloud_config *cloud;
  pthread_mutex_t lock;
  struct log_limit login, region;
  struct text_list regions; /* that are not there, and have been logged */
  struct text_list absent;  /* services by region: the same */
  struct text_list idle;    /* patterns that fit nothing: the same */
  struct service_trouble *services; /* that could not be reached, by region */
  bool late; /* a region that came later has been logged */
};

/* cloud_log_init(log, cloud): `cloud` must outlive the log. */
void cloud_log_init(struct cloud_log *log, const struct cloud_config *cloud);
void cloud_log_clear(struct cloud_log *log);

/* Any thread may call these: */

/* cloud_log_login(log, err, retry_ms): reports that the login failed, and after
 * how long the next one may be tried; or that it works (`err` is NULL). */
void cloud_log_login(struct cloud_log *log, const struct error *err,
                     int64_t retry_ms);

/* cloud_log_region(log, region, err): reports that a configured region is not
 * there. */
void cloud_log_region(struct cloud_log *log, const char *region,
                      const struct error *err);

/* cloud_log_absent(log, listing, region, err): reports that the catalogue lacks
 * the listing's service, and how many meters wait for it: once for all its
 * listings in a region. NULL is the region of a walk that has none. */
void cloud_log_absent(struct cloud_log *log, const struct listing *listing,
                      const char *region, const struct error *err);

/* cloud_log_unreached(log, listing, region, err): reports that no connection to
 * the listing's service can be made, and how many meters wait for it: once for
 * all its listings. cloud_log_reached(log, listing, region): a walk of it had
 * an answer. */
void cloud_log_unreached(struct cloud_log *log, const struct listing *listing,
                         const char *region, const struct error *err);
void cloud_log_reached(struct cloud_log *log, const struct listing *listing,
                       const char *region);

/* cloud_log_late(log, region, first): warns that `region` appeared after
 * `first`, which was the only one: without a Region option a restart would
 * decide anew how values are named. It names the lines that keep the names. */
void cloud_log_late(struct cloud_log *log, const char *region,
                    const char *first);

/* cloud_log_idle(log, option, pattern): warns that this pattern of the option
 * fits nothing. NULL: there is none. */
void cloud_log_idle(struct cloud_log *log, const char *option,
                    const char *pattern);

#endif
