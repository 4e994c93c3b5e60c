/*
 * daemon - collectd as the host of the core: takes its values and log lines
 */
#include "report/host.h"

#include "collectd.h"
#include "plugin.h"
#include "utils/common/common.h"
#include "utils/metadata/meta_data.h"

static int level_of(enum host_level level) {
  static const int levels[] = {[LEVEL_ERROR] = LOG_ERR,
                               [LEVEL_WARNING] = LOG_WARNING,
                               [LEVEL_NOTICE] = LOG_NOTICE,
                               [LEVEL_INFO] = LOG_INFO};
  return levels[level];
}

void host_log(enum host_level level, const char *line) {
  plugin_log(level_of(level), "openstack plugin: %s", line);
}

const char *host_name(void) { return hostname_g; }

/* ---- meta data ---------------------------------------------------------- */

struct host_meta *host_meta_new(void) {
  return (struct host_meta *)meta_data_create();
}

void host_meta_add(struct host_meta *meta, const char *key, const char *text) {
  meta_data_add_string((meta_data_t *)meta, key, text);
}

void host_meta_free(struct host_meta *meta) {
  meta_data_destroy((meta_data_t *)meta);
}

/* ---- values ------------------------------------------------------------- */

bool host_fits(enum value_kind kind, double number) {
  const double most = 9223372036854775808.0; /* 2^63 */
  return kind == VALUE_GAUGE ||
         (number < most && number >= (kind == VALUE_DERIVE ? -most : 0));
}

static value_t value_of(const struct host_value *value) {
  switch (value->kind) {
  case VALUE_DERIVE:
    return (value_t){.derive = (derive_t)value->number};
  case VALUE_COUNTER:
    return (value_t){.counter = (counter_t)value->number};
  case VALUE_ABSOLUTE:
    return (value_t){.absolute = (absolute_t)value->number};
  case VALUE_GAUGE:
    break;
  }
  return (value_t){.gauge = value->number};
}

/* The daemon queues a copy and does not report what becomes of it. */
void host_send(const struct host_value *value) {
  value_t number = value_of(value);
  value_list_t vl = {.values = &number,
                     .values_len = 1,
                     .time = DOUBLE_TO_CDTIME_T(value->time),
                     .interval = MS_TO_CDTIME_T(value->interval_ms),
                     .plugin = "openstack",
                     .meta = (meta_data_t *)value->meta};
  sstrncpy(vl.host, value->host, sizeof(vl.host));
  sstrncpy(vl.plugin_instance, value->instance, sizeof(vl.plugin_instance));
  sstrncpy(vl.type, value->type, sizeof(vl.type));
  sstrncpy(vl.type_instance, value->type_instance, sizeof(vl.type_instance));
  plugin_dispatch_values(&vl);
}
