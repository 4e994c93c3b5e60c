/*
 * cloud_report - reports a cloud at work to the host: values and log lines
 *
 * It visits all walks of a cloud. Samples become values in value_list; walk_log
 * and cloud_log write the log lines.
 */
#ifndef CLOUD_REPORT_H
#define CLOUD_REPORT_H

#include "base/error.h"
#include "walk/cloud.h"

struct cloud_report;
struct listing;
struct walk_summary;

/* Who is called when a walk has ended, besides the host. On the walk's thread,
 * after everything about the walk has been reported. `clashes`: how many names
 * belonged to several resources. */
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
