#include "report.h"

#include "text.h"

#include "utils/common/common.h"
#include "utils/metadata/meta_data.h"

#include <stdio.h>
#include <string.h>

/* A JSON writer drops the whole value when a string gets too long. */
#define META_TEXT 256

void report_init(struct report *report, const struct cloud_config *cloud,
                 const struct walk *walk) {
  *report = (struct report){
      .cloud = cloud,
      .listing = walk_listing(walk),
      .interval = MS_TO_CDTIME_T(walk_interval_ms(walk)),
  };
}

void report_begin(struct report *report, const char *region, size_t nregions) {
  const struct cloud_config *cloud = report->cloud;
  const char *host = cloud->host != NULL ? cloud->host : cloud->name;
  char full[2 * DATA_MAX_NAME_LEN];
  /* Projects, pools and services have the same names in each. */
  bool several =
      (nregions > 1 || cloud->session.regions.n > 1) && region != NULL;
  snprintf(full, sizeof(full), "%s%s%s", host, several ? "." : "",
           several ? region : "");
  text_identifier(report->host, sizeof(report->host), full);
  text_meta(report->region, sizeof(report->region),
            region != NULL ? region : "");
  report->time = cdtime();
}

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
  if (report->cloud->metadata != METADATA_ALL)
    return meta;
  add_text(meta, "name", sample->name);
  const char *name, *text;
  for (size_t i = 0; binding_metadata(sample, i, &name, &text); i++)
    add_text(meta, name, text);
  return meta;
}

/* What differs from one value list to the next. */
struct item {
  const char *instance, *type, *type_instance;
  double value;
};

static void dispatch(const struct report *report, const struct item *item,
                     meta_data_t *meta) {
  value_t value = {.gauge = item->value};
  value_list_t vl = {.values = &value,
                     .values_len = 1,
                     .time = report->time,
                     .interval = report->interval,
                     .plugin = "openstack",
                     .meta = meta};
  sstrncpy(vl.host, report->host, sizeof(vl.host));
  sstrncpy(vl.plugin_instance, item->instance, sizeof(vl.plugin_instance));
  sstrncpy(vl.type, item->type, sizeof(vl.type));
  sstrncpy(vl.type_instance, item->type_instance, sizeof(vl.type_instance));
  plugin_dispatch_values(&vl);
}

void report_sample(struct report *report, const struct sample *sample) {
  char id[DATA_MAX_NAME_LEN];
  text_identifier(id, sizeof(id), sample->id);
  meta_data_t *meta = NULL;
  if (report->cloud->metadata != METADATA_NONE)
    meta = make_meta(report, sample);
  const struct item item = {id, sample->meter->type, sample->meter->name,
                            sample->value};
  dispatch(report, &item, meta);
  meta_data_destroy(meta);
}

static void walk_name(const struct report *report, char *dst, size_t size) {
  char full[2 * DATA_MAX_NAME_LEN];
  snprintf(full, sizeof(full), "%s:%s", report->cloud->name,
           report->listing->name);
  text_identifier(dst, size, full);
}

void report_walk(struct report *report, const struct walk_summary *summary) {
  char name[DATA_MAX_NAME_LEN];
  /* In back-off no pass has begun: this is said of now. */
  if (!summary->ran || summary->region == NULL)
    report_begin(report, summary->region, summary->nregions);
  walk_name(report, name, sizeof(name));
  const struct item rows[] = {
      {name, "bool", "up", summary->up ? 1 : 0},
      {name, "duration", "since_success",
       (double)summary->since_success_ms / 1000.0},
      {name, "duration", "walk", (double)summary->duration_ms / 1000.0},
      {name, "records", "seen", (double)summary->pass.records},
      {name, "requests", "sent", (double)summary->requests},
      {name, "bytes", "received", (double)summary->pass.bytes},
      {name, "count", "skipped", (double)summary->skipped},
  };
  size_t n = summary->ran ? sizeof(rows) / sizeof(rows[0]) : 2;
  for (size_t i = 0; i < n; i++)
    if (i != 1 || summary->since_success_ms >= 0)
      dispatch(report, &rows[i], NULL);
}
