/*
 * cycle - one round of all walks of a cloud, on this thread
 *
 * What the daemon does once in an interval, by the same code, one region after
 * the other. Values and log lines go to the host (ears.h).
 */
#ifndef CYCLE_H
#define CYCLE_H

#include "report/cloud_report.h"
#include "settings/cloud.h"

#include <stdbool.h>

struct cycle_options {
  const struct walk_watcher *watcher; /* or NULL */
  bool probe;                         /* schedule_probe() */
  /* A listing's walks are about to begin. False: stop: no further listing is
   * walked, nor this one. Or NULL. */
  bool (*next)(void *arg, const struct listing *listing);
  void (*end)(void *arg, struct cloud *cloud); /* all have ended; or NULL */
  void *arg;
};

/* cycle_choose(config, pattern): drops all chosen meters that the pattern does
 * not match. Returns how many are left. Call it before cycle_run(). */
size_t cycle_choose(struct cloud_config *config, const char *pattern);

/* cycle_run(config, options, err): -1: the cloud cannot be set up; `err` tells
 * why. 1: a walk has failed. 0: none has. */
int cycle_run(const struct cloud_config *config,
              const struct cycle_options *options, struct error *err);

#endif
