#include "settings/walk_group.h"

#include <string.h>

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

/* One of the parts is the id, as it is. */
static bool is_called_by_id(const struct cloud_style *style) {
  return name_format_is(&style->host, NAME_ID) ||
         name_format_is(&style->instance, NAME_ID) ||
         name_format_is(&style->type_instance, NAME_ID);
}

const char *walk_group_unsplit(const struct meter *const *group, size_t n) {
  const struct listing *listing = group[0]->from;
  if (listing->scope != LISTING_PROJECT)
    return "is not asked project by project";
  if (listing->paced)
    return "spreads its requests over its interval";
  if (listing->project != NULL || listing->owners != NULL ||
      strstr(listing->id, "{@project}") == NULL)
    return "may have records of other projects than is asked";
  for (size_t i = 0; i < n; i++) {
    if (group[i]->total != TOTAL_NONE)
      return "has totals over projects";
    if (group[i]->of == METER_REQUEST)
      return "has a value of its requests";
    if (!is_called_by_id(&cloud_meter_of(group[i])->style))
      return "has values that are not named by ids";
  }
  return NULL;
}
