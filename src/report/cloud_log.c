#include "report/cloud_log.h"

#include "base/text.h"
#include "settings/cloud.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A service that could not be reached once, in a region. */
struct service_trouble {
  struct service_trouble *next;
  struct log_limit limit;
  char service_key[]; /* see put_service_key() */
};

enum { SERVICE_KEY_TEXT = 400 };

void cloud_log_init(struct cloud_log *log, const struct cloud_config *cloud) {
  *log = (struct cloud_log){.cloud = cloud};
  pthread_mutex_init(&log->lock, NULL);
}

void cloud_log_clear(struct cloud_log *log) {
  pthread_mutex_destroy(&log->lock);
  text_list_clear(&log->regions);
  text_list_clear(&log->absent);
  text_list_clear(&log->idle);
  while (log->services != NULL) {
    struct service_trouble *next = log->services->next;
    free(log->services);
    log->services = next;
  }
}

void cloud_log_login(struct cloud_log *log, const struct error *err,
                     int64_t retry_ms) {
  pthread_mutex_lock(&log->lock);
  if (err == NULL) {
    if (log_over(&log->login))
      log_notice("cloud \"%s\": the login works again", log->cloud->name);
  } else if (log_due(&log->login, log_kind(err))) {
    char next[64] = "at the next interval"; /* another walk is at it */
    if (retry_ms > 0)
      snprintf(next, sizeof(next), "in %.0f s", (double)retry_ms / 1000.0);
    log_error("cloud \"%s\": %s; no values until it works; next try %s",
              log->cloud->name, err->text, next);
  }
  pthread_mutex_unlock(&log->lock);
}

/* Is it one that has not been logged yet? */
static bool is_new(struct text_list *logged, const char *text) {
  if (text_list_has(logged, text))
    return false;
  char *copy = strdup(text);
  if (copy == NULL || !text_list_add(logged, copy))
    free(copy);
  return true;
}

/* Each region is one line, and after that all are one trouble. */
void cloud_log_region(struct cloud_log *log, const char *region,
                      const struct error *err) {
  pthread_mutex_lock(&log->lock);
  bool fresh = is_new(&log->regions, region);
  if (log_due(&log->region, 1) || fresh)
    log_error("cloud \"%s\": %s; no values of it", log->cloud->name, err->text);
  pthread_mutex_unlock(&log->lock);
}

void cloud_log_idle(struct cloud_log *log, const char *option,
                    const char *pattern) {
  char line[300];
  if (pattern == NULL)
    return;
  snprintf(line, sizeof(line), "%s \"%.200s\"", option, pattern);
  pthread_mutex_lock(&log->lock);
  if (is_new(&log->idle, line))
    log_warning("cloud \"%s\": %s: Keystone lists none of this name or id",
                log->cloud->name, line);
  pthread_mutex_unlock(&log->lock);
}

/* Those of a service, but not of listings that only ask whether it answers. */
static void count_meters(const struct cloud_config *cloud, const char *service,
                         size_t *ret_meters, size_t *ret_listings) {
  *ret_meters = *ret_listings = 0;
  for (size_t i = 0; i < cloud->nmeters; i++) {
    const struct listing *from = cloud->meters[i].meter.from;
    if (from->any_request ||
        strcmp(access_service(&cloud->access, from), service) != 0)
      continue;
    size_t first = 0;
    while (cloud->meters[first].meter.from != from)
      first++;
    *ret_meters += 1;
    *ret_listings += first == i;
  }
}

/* "image RegionOne". */
static void put_service_key(const struct cloud_config *cloud,
                            const struct listing *listing, const char *region,
                            char dst[SERVICE_KEY_TEXT]) {
  snprintf(dst, SERVICE_KEY_TEXT, "%s %s",
           access_service(&cloud->access, listing),
           region != NULL ? region : "");
}

void cloud_log_absent(struct cloud_log *log, const struct listing *listing,
                      const char *region, const struct error *err) {
  const struct cloud_config *cloud = log->cloud;
  const char *service = access_service(&cloud->access, listing);
  size_t meters, listings;
  char service_key[SERVICE_KEY_TEXT];
  if (listing->any_request) /* whoever needs the service tells */
    return;
  put_service_key(cloud, listing, region, service_key);
  count_meters(cloud, service, &meters, &listings);
  pthread_mutex_lock(&log->lock);
  if (is_new(&log->absent, service_key))
    log_notice("cloud \"%s\": %s; nothing is asked; meters that wait for it: "
               "%zu (listings: %zu)",
               cloud->name, err->text, meters, listings);
  pthread_mutex_unlock(&log->lock);
}

/* NULL: there was none so far. */
static struct service_trouble *find_trouble(const struct cloud_log *log,
                                            const char *service_key) {
  struct service_trouble *trouble = log->services;
  while (trouble != NULL && strcmp(trouble->service_key, service_key) != 0)
    trouble = trouble->next;
  return trouble;
}

static struct service_trouble *add_trouble(struct cloud_log *log,
                                           const char *service_key) {
  size_t size = strlen(service_key) + 1;
  struct service_trouble *trouble = calloc(1, sizeof(*trouble) + size);
  if (trouble == NULL)
    return NULL;
  memcpy(trouble->service_key, service_key, size);
  trouble->next = log->services;
  log->services = trouble;
  return trouble;
}

void cloud_log_unreached(struct cloud_log *log, const struct listing *listing,
                         const char *region, const struct error *err) {
  const char *service = access_service(&log->cloud->access, listing);
  char service_key[SERVICE_KEY_TEXT];
  size_t meters, listings;
  put_service_key(log->cloud, listing, region, service_key);
  count_meters(log->cloud, service, &meters, &listings);
  pthread_mutex_lock(&log->lock);
  struct service_trouble *trouble = find_trouble(log, service_key);
  if (trouble == NULL)
    trouble = add_trouble(log, service_key);
  if (trouble == NULL || log_due(&trouble->limit, log_kind(err)))
    log_error("cloud \"%s\": %s: %s; meters that wait for it: %zu (listings: "
              "%zu)%s",
              log->cloud->name, service, err->text, meters, listings,
              trouble != NULL && trouble->limit.flaps ? "; it comes and goes"
                                                      : "");
  pthread_mutex_unlock(&log->lock);
}

void cloud_log_reached(struct cloud_log *log, const struct listing *listing,
                       const char *region) {
  char service_key[SERVICE_KEY_TEXT];
  put_service_key(log->cloud, listing, region, service_key);
  pthread_mutex_lock(&log->lock);
  struct service_trouble *trouble = find_trouble(log, service_key);
  if (trouble != NULL && log_over(&trouble->limit))
    log_notice("cloud \"%s\": %s: can be reached again", log->cloud->name,
               access_service(&log->cloud->access, listing));
  pthread_mutex_unlock(&log->lock);
}

/* The option that gives a second block's values the names that they have now;
 * no format gives "HOST.REGION", so those change once. */
static void put_option(const struct cloud_config *cloud, const char *region,
                       char *dst, size_t size) {
  const struct name_format *format = &cloud->style.host;
  if (name_format_has(format, NAME_REGION))
    snprintf(dst, size, "with Host \"%s\"", cloud_host(cloud));
  else if (name_format_is(format, NAME_CLOUD))
    snprintf(dst, size, "with Host \"%s.%s\"", cloud_host(cloud), region);
  else
    text_copy(dst, size, "with the word region in its HostnameFormat");
}

void cloud_log_late(struct cloud_log *log, const char *region,
                    const char *first) {
  const struct cloud_config *cloud = log->cloud;
  char option[400];
  put_option(cloud, region, option, sizeof(option));
  pthread_mutex_lock(&log->lock);
  if (!log->late)
    log_warning(
        "cloud \"%s\": new region %s: its name is in the host of %s; a restart "
        "would do the same to region %s; to keep all names, write Region "
        "\"%s\", and a second <Cloud> block %s for %s",
        cloud->name, region,
        name_format_has(&cloud->style.host, NAME_REGION)
            ? "what its walks report about themselves"
            : "its values",
        first, first, option, region);
  log->late = true;
  pthread_mutex_unlock(&log->lock);
}
