/*
 * cloud_log - what is logged of a cloud as a whole, once for all its walks
 *
 * A login that fails is every walk's trouble, and so is a region that appears
 * later. What concerns one walk is openstack.c's.
 */
#ifndef CLOUD_LOG_H
#define CLOUD_LOG_H

#include "base/error.h"
#include "collectd/log.h"

#include <pthread.h>
#include <stdbool.h>

struct cloud_log {
  const char *cloud; /* its name */
  pthread_mutex_t lock;
  struct log_limit login;
  bool late; /* a region that came later has been named */
};

/* cloud_log_init(log, cloud): the name must outlive it. */
void cloud_log_init(struct cloud_log *log, const char *cloud);
void cloud_log_clear(struct cloud_log *log);

/* Any thread: */

/* cloud_log_login(log, err): the login failed; NULL: it works. */
void cloud_log_login(struct cloud_log *log, const struct error *err);

/* cloud_log_late(log, region, first): `region` came later than `first`, which
 * was alone. What the configuration leaves open a restart would decide anew. */
void cloud_log_late(struct cloud_log *log, const char *region,
                    const char *first);

#endif
