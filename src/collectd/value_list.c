#include "collectd/value_list.h"

#include "base/text.h"

#include "utils/common/common.h"
#include "utils/metadata/meta_data.h"

#include <stdio.h>
#include <string.h>

/* collectd's JSON writer drops a value with a text of 510 bytes, and a quote
 * becomes two. */
#define META_TEXT 255

void report_init(struct report *report, const struct cloud_config *cloud,
                 const struct walk *walk) {
  char full[2 * DATA_MAX_NAME_LEN];
  int64_t interval_ms = walk_interval_ms(walk);
  *report = (struct report){
      .cloud = cloud,
      .listing = walk_listing(walk),
      .interval = MS_TO_CDTIME_T(interval_ms),
  };
  /* A listing may be walked at two paces. */
  size_t used = (size_t)snprintf(full, sizeof(full), "%s:%s", cloud->name,
                                 report->listing->name);
  if (interval_ms != cloud->interval_ms && used < sizeof(full))
    snprintf(full + used, sizeof(full) - used, "@%.15g",
             (double)interval_ms / 1000.0);
  text_identifier(report->name, sizeof(report->name), full);
}

void report_clear(struct report *report) {
  idset_clear(&report->taken);
  idset_clear(&report->shared);
}

static const char *host_of(const struct cloud_config *cloud) {
  return cloud->host != NULL ? cloud->host : cloud->name;
}

/* Projects, pools and services have the same names in each region. */
static void add_region(const struct report *report, char *dst, size_t size,
                       const char *host) {
  char full[2 * DATA_MAX_NAME_LEN];
  snprintf(full, sizeof(full), "%s%s%s", host, report->several ? "." : "",
           report->several ? report->region : "");
  text_identifier(dst, size, full);
}

void report_begin(struct report *report, const char *region, size_t nregions) {
  const struct cloud_config *cloud = report->cloud;
  report->several =
      (nregions > 1 || cloud->session.regions.n > 1) && region != NULL;
  text_meta(report->region, sizeof(report->region),
            region != NULL ? region : "");
  add_region(report, report->host, sizeof(report->host), host_of(cloud));
  report->time = cdtime();
  report->clashes = 0;
  idset_clear(&report->taken);
}

/* ---- identity ----------------------------------------------------------- */

struct identity {
  char host[DATA_MAX_NAME_LEN], instance[DATA_MAX_NAME_LEN];
  char type_instance[DATA_MAX_NAME_LEN];
};

static struct name_values values_of(const struct report *report,
                                    const struct sample *sample) {
  return (struct name_values){
      .of = {[NAME_CLOUD] = host_of(report->cloud),
             [NAME_REGION] = report->region,
             [NAME_METER] = sample->meter->name,
             [NAME_ID] = sample->id,
             [NAME_NAME] = sample->name != NULL ? sample->name : sample->id,
             [NAME_PROJECT] = sample->project,
             [NAME_PROJECT_NAME] = sample->project_name != NULL
                                       ? sample->project_name
                                       : sample->project,
             [NAME_USER] = sample->user,
             [NAME_RESOURCE_TYPE] = report->listing->name}};
}

static bool is_only(const struct name_format *format, enum name_word word) {
  return format->n == 1 && format->words[0] == word;
}

static void write_host(const struct report *report,
                       const struct cloud_style *style,
                       const struct name_values *values, char *dst,
                       size_t size) {
  char host[DATA_MAX_NAME_LEN];
  if (is_only(&style->host, NAME_CLOUD)) {
    sstrncpy(dst, report->host, size);
    return;
  }
  name_format_write(&style->host, values, host, sizeof(host));
  if (host[0] == '\0')
    sstrncpy(host, host_of(report->cloud), sizeof(host));
  if (name_format_has(&style->host, NAME_REGION))
    sstrncpy(dst, host, size);
  else
    add_region(report, dst, size, host);
}

/* An id of which the mapping left every byte has no '_' that was put in, and no
 * hash: nothing else can look like it. */
static bool may_clash(const struct cloud_style *style,
                      const struct identity *identity) {
  const char *instance = identity->instance;
  return !is_only(&style->instance, NAME_ID) || strchr(instance, '_') != NULL ||
         strlen(instance) == sizeof(identity->instance) - 1;
}

static uint64_t identity_hash(const struct identity *identity,
                              const char *type) {
  const char *const parts[] = {identity->host, identity->instance,
                               identity->type_instance, type};
  uint64_t hash = text_seed();
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(parts); i++)
    hash = text_hash(parts[i], strlen(parts[i]) + 1, hash);
  return hash;
}

/* The id itself, if that is readable and says something new. */
static void append_id(struct identity *identity, const char *id) {
  char mapped[DATA_MAX_NAME_LEN], full[3 * DATA_MAX_NAME_LEN];
  text_identifier(mapped, sizeof(mapped), id);
  if (strcmp(mapped, id) != 0 || strcmp(mapped, identity->instance) == 0)
    snprintf(mapped, sizeof(mapped), "%016llx",
             (unsigned long long)text_hash(id, strlen(id), 0));
  snprintf(full, sizeof(full), "%s-%s", identity->instance, mapped);
  text_identifier(identity->instance, sizeof(identity->instance), full);
}

/* Who comes second gets its id appended, and from the next pass on both: a name
 * that stood for two things must not stand for whichever is left. */
static void tell_apart(struct report *report, const struct sample *sample,
                       struct identity *identity) {
  uint64_t hash = identity_hash(identity, meter_type(sample->meter));
  if (!idset_has(&report->shared, hash)) {
    if (idset_add(&report->taken, hash))
      return;
    idset_add(&report->shared, hash);
    if (report->clashes++ == 0)
      snprintf(report->clash, sizeof(report->clash), "%s/openstack-%s/%s-%s",
               identity->host, identity->instance, meter_type(sample->meter),
               identity->type_instance);
  }
  append_id(identity, sample->id);
}

static void identify(struct report *report, const struct sample *sample,
                     struct identity *identity) {
  const struct cloud_style *style = &cloud_meter_of(sample->meter)->style;
  const struct name_values values = values_of(report, sample);
  write_host(report, style, &values, identity->host, sizeof(identity->host));
  name_format_write(&style->instance, &values, identity->instance,
                    sizeof(identity->instance));
  name_format_write(&style->type_instance, &values, identity->type_instance,
                    sizeof(identity->type_instance));
  if (identity->instance[0] == '\0')
    text_identifier(identity->instance, sizeof(identity->instance), sample->id);
  if (may_clash(style, identity))
    tell_apart(report, sample, identity);
}

/* ---- meta data ---------------------------------------------------------- */

static void add_text(meta_data_t *meta, const char *key, const char *text) {
  char clean[META_TEXT];
  if (text == NULL || text[0] == '\0')
    return;
  text_meta(clean, sizeof(clean), text);
  meta_data_add_string(meta, key, clean);
}

static meta_data_t *make_meta(const struct report *report,
                              const struct sample *sample) {
  meta_data_t *meta = meta_data_create();
  if (meta == NULL)
    return NULL;
  add_text(meta, "project_id", sample->project);
  add_text(meta, "user_id", sample->user);
  add_text(meta, "unit", sample->meter->unit);
  add_text(meta, "region", report->region);
  if (cloud_meter_of(sample->meter)->style.metadata != METADATA_ALL)
    return meta;
  add_text(meta, "name", sample->name);
  add_text(meta, "project_name", sample->project_name);
  add_text(meta, "domain_name", sample->domain_name);
  add_text(meta, "user_name", sample->user_name);
  const char *name, *text;
  for (size_t i = 0; binding_metadata(sample, i, &name, &text); i++)
    add_text(meta, name, text);
  return meta;
}

/* ---- values ------------------------------------------------------------- */

/* What differs from one value list to the next. */
struct item {
  const char *host, *instance, *type, *type_instance;
  value_t value;
};

static void dispatch(const struct report *report, const struct item *item,
                     meta_data_t *meta) {
  value_t value = item->value;
  value_list_t vl = {.values = &value,
                     .values_len = 1,
                     .time = report->time,
                     .interval = report->interval,
                     .plugin = "openstack",
                     .meta = meta};
  sstrncpy(vl.host, item->host, sizeof(vl.host));
  sstrncpy(vl.plugin_instance, item->instance, sizeof(vl.plugin_instance));
  sstrncpy(vl.type, item->type, sizeof(vl.type));
  sstrncpy(vl.type_instance, item->type_instance, sizeof(vl.type_instance));
  plugin_dispatch_values(&vl);
}

/* As the type wants it; false: it cannot hold this number. */
static bool convert(int ds_type, double number, value_t *ret) {
  const double most = 9223372036854775808.0; /* 2^63 */
  if (ds_type == DS_TYPE_GAUGE) {
    ret->gauge = number;
    return true;
  }
  if (!(number < most && number >= (ds_type == DS_TYPE_DERIVE ? -most : 0)))
    return false;
  if (ds_type == DS_TYPE_DERIVE)
    ret->derive = (derive_t)number;
  else if (ds_type == DS_TYPE_COUNTER)
    ret->counter = (counter_t)number;
  else
    ret->absolute = (absolute_t)number;
  return true;
}

void report_sample(struct report *report, const struct sample *sample) {
  const struct cloud_meter *meter = cloud_meter_of(sample->meter);
  struct identity identity;
  struct item item = {identity.host,
                      identity.instance,
                      meter_type(&meter->meter),
                      identity.type_instance,
                      {0}};
  if (!convert(meter->ds_type, sample->value, &item.value))
    return;
  identify(report, sample, &identity);
  meta_data_t *meta = NULL;
  if (meter->style.metadata != METADATA_NONE)
    meta = make_meta(report, sample);
  dispatch(report, &item, meta);
  meta_data_destroy(meta);
}

void report_walk(struct report *report, const struct walk_summary *summary) {
  /* In back-off no pass has begun: this is said of now. */
  if (!summary->ran || summary->region == NULL)
    report_begin(report, summary->region, summary->nregions);
  const struct {
    bool known;
    const char *type, *type_instance;
    double value;
  } rows[] = {
      {summary->since_success_ms >= 0, "duration", "since_success",
       (double)summary->since_success_ms / 1000.0},
      {summary->ran, "duration", "walk", (double)summary->duration_ms / 1000.0},
      {summary->ran, "records", "seen", (double)summary->pass.records},
      {summary->ran, "requests", "sent", (double)summary->requests},
      {summary->ran, "bytes", "received", (double)summary->pass.bytes},
      {summary->ran, "count", "skipped", (double)summary->skipped},
      {summary->ran, "count", "refused", (double)summary->pass.refused},
      {summary->ran && summary->nprojects > 0, "count", "denied",
       (double)summary->pass.denied},
      /* The last: whoever sees it has seen all else of the walk. */
      {true, "bool", "up", summary->up ? 1 : 0},
  };
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(rows); i++)
    if (rows[i].known)
      dispatch(report,
               &(struct item){report->host,
                              report->name,
                              rows[i].type,
                              rows[i].type_instance,
                              {.gauge = rows[i].value}},
               NULL);
  idset_clear(&report->taken);
}
