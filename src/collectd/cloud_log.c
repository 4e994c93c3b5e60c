#include "collectd/cloud_log.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cloud_log_init(struct cloud_log *log, const char *cloud) {
  *log = (struct cloud_log){.cloud = cloud};
  pthread_mutex_init(&log->lock, NULL);
}

void cloud_log_clear(struct cloud_log *log) {
  pthread_mutex_destroy(&log->lock);
  text_list_clear(&log->regions);
}

void cloud_log_login(struct cloud_log *log, const struct error *err,
                     int64_t retry_ms) {
  pthread_mutex_lock(&log->lock);
  if (err == NULL) {
    if (log_over(&log->login))
      log_notice("cloud \"%s\": the login works again", log->cloud);
  } else if (log_due(&log->login, log_kind(err))) {
    char next[64] = "at the next interval"; /* another walk is at it */
    if (retry_ms > 0)
      snprintf(next, sizeof(next), "in %.0f s", (double)retry_ms / 1000.0);
    log_error("cloud \"%s\": %s; no values until it works; next try %s",
              log->cloud, err->text, next);
  }
  pthread_mutex_unlock(&log->lock);
}

/* Is it one that has not been logged yet? */
static bool is_new_region(struct cloud_log *log, const char *region) {
  if (text_list_has(&log->regions, region))
    return false;
  char *copy = strdup(region);
  if (copy == NULL || !text_list_add(&log->regions, copy))
    free(copy);
  return true;
}

/* Each region is one line, and after that all are one trouble. */
void cloud_log_region(struct cloud_log *log, const char *region,
                      const struct error *err) {
  pthread_mutex_lock(&log->lock);
  bool fresh = is_new_region(log, region);
  if (log_due(&log->region, 1) || fresh)
    log_error("cloud \"%s\": %s; no values of it", log->cloud, err->text);
  pthread_mutex_unlock(&log->lock);
}

void cloud_log_late(struct cloud_log *log, const char *region,
                    const char *first) {
  pthread_mutex_lock(&log->lock);
  if (!log->late)
    log_warning("cloud \"%s\": new region %s stands in the host of its values; "
                "after a restart %s would, too: write Region \"%s\", and a "
                "<Cloud> block of its own for %s",
                log->cloud, region, first, first, region);
  log->late = true;
  pthread_mutex_unlock(&log->lock);
}
