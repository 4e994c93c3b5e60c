#include "collectd/cloud_log.h"

#include "base/text.h"

#include <string.h>

void cloud_log_init(struct cloud_log *log, const char *cloud) {
  *log = (struct cloud_log){.cloud = cloud};
  pthread_mutex_init(&log->lock, NULL);
}

void cloud_log_clear(struct cloud_log *log) {
  pthread_mutex_destroy(&log->lock);
}

void cloud_log_login(struct cloud_log *log, const struct error *err,
                     int64_t retry_ms) {
  pthread_mutex_lock(&log->lock);
  if (err == NULL) {
    if (log_over(&log->login))
      log_notice("cloud \"%s\": the login works again", log->cloud);
  } else if (log_due(&log->login, log_kind(err))) {
    log_error("cloud \"%s\": %s; no values until it works; next try in %.0f s",
              log->cloud, err->text, (double)retry_ms / 1000.0);
  }
  pthread_mutex_unlock(&log->lock);
}

/* Each region is a trouble of its own. */
void cloud_log_region(struct cloud_log *log, const char *region,
                      const struct error *err) {
  int kind = (int)(text_hash(region, strlen(region), 0) & 0x7fffffff) | 1;
  pthread_mutex_lock(&log->lock);
  if (log_due(&log->region, kind))
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
