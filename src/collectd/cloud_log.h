/*
 * cloud_log - logs what concerns a whole cloud, once for all its walks
 *
 * A failed login, or a region that appears later, concerns every walk.
 * walk_log logs what concerns one walk.
 */
#ifndef CLOUD_LOG_H
#define CLOUD_LOG_H

#include "base/error.h"
#include "base/text.h"
#include "collectd/log.h"

#include <pthread.h>
#include <stdbool.h>

struct cloud_log {
  const char *cloud; /* its name */
  pthread_mutex_t lock;
  struct log_limit login, region;
  struct text_list regions; /* that are not there, and have been logged */
  bool late;                /* a region that came later has been logged */
};

/* cloud_log_init(log, cloud): the name must outlive the log. */
void cloud_log_init(struct cloud_log *log, const char *cloud);
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

/* cloud_log_late(log, region, first): warns that `region` appeared after
 * `first`, which was the only one: without a Region option a restart would
 * decide anew how values are named. */
void cloud_log_late(struct cloud_log *log, const char *region,
                    const char *first);

#endif
