#include "collectd/cloud_log.h"

void cloud_log_init(struct cloud_log *log, const char *cloud) {
  *log = (struct cloud_log){.cloud = cloud};
  pthread_mutex_init(&log->lock, NULL);
}

void cloud_log_clear(struct cloud_log *log) {
  pthread_mutex_destroy(&log->lock);
}

void cloud_log_login(struct cloud_log *log, const struct error *err) {
  pthread_mutex_lock(&log->lock);
  if (err == NULL) {
    if (log_over(&log->login))
      log_notice("cloud \"%s\": the login works again", log->cloud);
  } else if (log_due(&log->login, log_kind(err))) {
    log_error("cloud \"%s\": %s; no values until it works, tried again in 10 s "
              "to 10 minutes",
              log->cloud, err->text);
  }
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
