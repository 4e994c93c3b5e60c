#include "collectd/types.h"

#include "report/log.h"
#include "report/value_list.h"

#include "utils/common/common.h"

/* Of one value; NULL: logged. */
static const data_source_t *find_type(const char *cloud, const char *what,
                                      const char *type) {
  const data_set_t *ds = plugin_get_ds(type);
  if (ds != NULL && ds->ds_num == 1)
    return ds->ds;
  log_error("cloud \"%s\": %s: %s \"%s\" in types.db", cloud, what,
            ds == NULL ? "no type" : "more than one value in type", type);
  return NULL;
}

static enum value_kind kind_of(const data_source_t *ds) {
  switch (ds->type) {
  case DS_TYPE_DERIVE:
    return VALUE_DERIVE;
  case DS_TYPE_COUNTER:
    return VALUE_COUNTER;
  case DS_TYPE_ABSOLUTE:
    return VALUE_ABSOLUTE;
  default:
    return VALUE_GAUGE;
  }
}

int types_check(struct cloud_config *config) {
  char what[200];
  for (size_t i = 0; i < config->nmeters; i++) {
    const struct meter *meter = &config->meters[i].meter;
    ssnprintf(what, sizeof(what), "meter \"%s\"", meter->name);
    const data_source_t *ds = find_type(config->name, what, meter_type(meter));
    if (ds == NULL)
      return -1;
    config->meters[i].kind = kind_of(ds);
  }
  for (const char *const *type = report_types; *type != NULL; type++)
    if (find_type(config->name, "report of a walk", *type) == NULL)
      return -1;
  return 0;
}
