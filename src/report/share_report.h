/*
 * share_report - reports to the host which daemons share a cloud
 *
 * It logs a line when a daemon joins or leaves, and when etcd does not answer;
 * never one for each beat. Its values are about this daemon, not about the
 * cloud, so their host is the daemon's own name: each daemon sends its own.
 */
#ifndef SHARE_REPORT_H
#define SHARE_REPORT_H

#include "base/error.h"
#include "report/log.h"

#include <stdint.h>

struct cloud_config;
struct member;

/* Initialise with zeros. After share_report_init() the member's thread uses
 * it. */
struct share_report {
  const struct cloud_config *cloud;
  char *host;
  int64_t interval_ms;
  struct log_limit trouble;
};

/* share_report_init(report, cloud, host, member, err): from now on reports what
 * `member` notices, which must not have started yet. `cloud` must outlive it.
 * -1: memory. */
int share_report_init(struct share_report *report,
                      const struct cloud_config *cloud, const char *host,
                      struct member *member, struct error *err);
void share_report_clear(struct share_report *report); /* the member is gone */

#endif
