#include "settings/walk_group.h"

size_t walk_group(const struct cloud_config *cloud, size_t first,
                  const struct meter **group) {
  const struct cloud_meter *head = &cloud->meters[first];
  size_t n = 0;
  for (size_t i = 0; i < cloud->nmeters; i++) {
    const struct cloud_meter *meter = &cloud->meters[i];
    if (meter->meter.from != head->meter.from ||
        meter->interval_ms != head->interval_ms)
      continue;
    if (i < first)
      return 0;
    group[n++] = &meter->meter;
  }
  return n;
}

bool walk_group_has_metadata(const struct meter *const *group, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (cloud_meter_of(group[i])->style.metadata == METADATA_ALL)
      return true;
  return false;
}
