#include "config/cloud_warnings.h"

#include "config/complaint.h"
#include "config/option.h"
#include "config/share_options.h"
#include "keystone/catalog.h"
#include "settings/walk_group.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define INTERVAL_SHORT_MS 10000 /* collectd's own; see INTERVAL_USUAL_MS */
#define TIMEOUT_SHORT_MS 1000   /* below, seconds were meant */

/* ---- services ------------------------------------------------------------ */

static bool is_used(const struct cloud_config *cloud, const char *name) {
  for (size_t i = 0; i < cloud->nmeters; i++)
    if (catalog_is_service(
            name, access_service(&cloud->access, cloud->meters[i].meter.from)))
      return true;
  return false;
}

/* Only of what the block says: a clouds.yaml is shared with other programs. */
static void warn_of_service(const struct cloud_options *block,
                            const struct config_item *item) {
  if (item->nvalues != 2 || is_used(block->cloud, item->values[0].text))
    return;
  bool keystone = strcmp(item->values[0].text, "identity") == 0;
  complain(block->options.to, COMPLAINT_WARNING,
           "config: %s: %s \"%.100s\": no chosen meter is of this service%s",
           block->name, item->key, item->values[0].text,
           keystone ? "; Keystone is asked at AuthURL" : "");
}

/* ---- times --------------------------------------------------------------- */

static const struct cloud_meter *most_often(const struct cloud_config *cloud) {
  const struct cloud_meter *found = &cloud->meters[0];
  for (size_t i = 1; i < cloud->nmeters; i++)
    if (cloud->meters[i].interval_ms < found->interval_ms)
      found = &cloud->meters[i];
  return found;
}

static void warn_of_interval(const struct cloud_options *block) {
  const struct cloud_meter *meter = most_often(block->cloud);
  if (meter->interval_ms < INTERVAL_SHORT_MS)
    complain(block->options.to, COMPLAINT_WARNING,
             "config: %s: Interval %.15g (%s): the cloud is asked every %.15g "
             "s; under 10 s is a load to its services",
             block->name, (double)meter->interval_ms / 1000, meter->meter.name,
             (double)meter->interval_ms / 1000);
}

/* See the manual's SHARING A CLOUD: taking over needs some seconds. */
static void warn_of_sharing(const struct cloud_options *block) {
  int64_t interval_ms = most_often(block->cloud)->interval_ms;
  if (block->cloud->share != NULL && interval_ms < INTERVAL_SHORT_MS)
    complain(block->options.to, COMPLAINT_WARNING,
             "config: %s: <Share>: where the Interval is under 10 s, a daemon "
             "that dies may leave a gap of more than two intervals",
             block->name);
}

/* What is asked project by project, and all the same walked by one daemon. */
static void tell_of_whole(const struct cloud_options *block,
                          const struct meter *const *group, size_t n) {
  const struct listing *listing = group[0]->from;
  const char *why = walk_group_unsplit(group, n);
  if (listing->scope != LISTING_PROJECT || listing->paced || why == NULL)
    return;
  complain(block->options.to, COMPLAINT_WARNING,
           "config: %s: <Share>: Unit \"project\": \"%s\" %s, so one daemon "
           "walks all of it",
           block->name, listing->name, why);
}

static void warn_of_unit(const struct cloud_options *block) {
  const struct cloud_config *cloud = block->cloud;
  if (cloud->share == NULL || cloud->share->unit != SHARE_UNIT_PROJECT)
    return;
  const struct meter **group = calloc(cloud->nmeters, sizeof(*group));
  for (size_t i = 0; group != NULL && i < cloud->nmeters; i++) {
    size_t n = walk_group(cloud, i, group);
    if (n > 0)
      tell_of_whole(block, group, n);
  }
  free(group);
}

static void warn_of_timeout(const struct cloud_options *block) {
  int64_t timeout_ms = block->cloud->http.timeout_ms;
  int64_t interval_ms = most_often(block->cloud)->interval_ms;
  if (timeout_ms < TIMEOUT_SHORT_MS)
    complain(block->options.to, COMPLAINT_WARNING,
             "config: %s: Timeout %lld: is in milliseconds: %lld s are %lld",
             block->name, (long long)timeout_ms, (long long)timeout_ms,
             (long long)timeout_ms * 1000);
  else if (timeout_ms > INTERVAL_SHARE(interval_ms))
    complain(block->options.to, COMPLAINT_WARNING,
             "config: %s: Timeout %lld: has no effect where the Interval is "
             "%.15g s: a walk ends after 80 %% of that",
             block->name, (long long)timeout_ms, (double)interval_ms / 1000);
}

/* ---- texts --------------------------------------------------------------- */

/* The value may be a secret. */
static void warn_of_blanks(const struct cloud_options *block,
                           const struct config_item *line) {
  const char *text = option_string(line);
  size_t len = text != NULL ? strlen(text) : 0;
  if (len > 0 &&
      (strchr(" \t", text[0]) != NULL || strchr(" \t", text[len - 1]) != NULL))
    complain(block->options.to, COMPLAINT_WARNING,
             "config: %s: %s: the text in quotes begins or ends with a blank",
             block->name, line->key);
}

void cloud_warnings(const struct cloud_options *block,
                    const struct config_item *item) {
  for (size_t i = 0; i < item->nchildren; i++) {
    const struct config_item *line = &item->children[i];
    warn_of_blanks(block, line);
    for (size_t j = 0; share_options_is_block(line) && j < line->nchildren; j++)
      warn_of_blanks(block, &line->children[j]);
    if (strcasecmp(line->key, "Endpoint") == 0 ||
        strcasecmp(line->key, "ServiceType") == 0)
      warn_of_service(block, line);
    else if (strcasecmp(line->key, "Timeout") == 0)
      warn_of_timeout(block);
  }
  warn_of_interval(block);
  warn_of_unit(block);
  warn_of_sharing(block);
}
