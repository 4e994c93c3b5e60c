/*
 * cloud_report - tells the host of a cloud at work: values and log lines
 *
 * It visits all walks of a cloud. What they bring goes to the host by
 * value_list, and what there is to log by walk_log and cloud_log.
 */
#ifndef CLOUD_REPORT_H
#define CLOUD_REPORT_H

#include "base/error.h"
#include "walk/cloud.h"

struct cloud_report;
struct listing;
struct walk_summary;

/* Who wants to know how walks end, besides the host. Called on the walk's
 * thread, when all has been told of the walk. `clashes`: so many names were of
 * several resources. */
struct walk_watcher {
  void (*end)(void *arg, const struct listing *listing,
              const struct walk_summary *summary, const struct error *err,
              size_t clashes);
  void *arg;
};

/* cloud_report_new(cloud, watcher, err): call it before the first turn.
 * `watcher`, which may be NULL, is copied. NULL: memory. */
struct cloud_report *cloud_report_new(struct cloud *cloud,
                                      const struct walk_watcher *watcher,
                                      struct error *err);

/* cloud_report_free(report): call it when the cloud is gone; NULL is fine. Its
 * cloud_config must still live. */
void cloud_report_free(struct cloud_report *report);

#endif
