/*
 * share_report - tells the host of those that share a cloud
 *
 * A line when a daemon joins or leaves, and when etcd does not answer; never
 * one for each beat. The values are about this daemon, not the cloud, so their
 * host is the daemon's own name: the others send theirs.
 */
#ifndef SHARE_REPORT_H
#define SHARE_REPORT_H

#include "base/error.h"
#include "report/log.h"

#include <stdint.h>

struct cloud_config;
struct member;

/* Zeros, until share_report_init(). Used by the member's thread. */
struct share_report {
  const struct cloud_config *cloud;
  char *host;
  int64_t interval_ms;
  struct log_limit trouble;
};

/* share_report_init(report, cloud, host, member, err): what this `member`,
 * which has not started, tells. `cloud` must outlive it. -1: memory. */
int share_report_init(struct share_report *report,
                      const struct cloud_config *cloud, const char *host,
                      struct member *member, struct error *err);
void share_report_clear(struct share_report *report); /* the member is gone */

#endif
