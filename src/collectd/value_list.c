#include "collectd/value_list.h"

#include "base/text.h"

#include "utils/common/common.h"
#include "utils/metadata/meta_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* collectd's JSON writer drops a value with a text of 510 bytes, and a quote
 * becomes two. */
#define META_TEXT 255

static const char *host_of(const struct cloud_config *cloud) {
  return cloud->host != NULL ? cloud->host : cloud->name;
}

/* Projects, pools and services have the same names in each region. */
static void add_region(const struct report *report, char *dst, size_t size,
                       const char *host) {
  char full[2 * DATA_MAX_NAME_LEN];
  snprintf(full, sizeof(full), "%s%s%s", host, report->named ? "." : "",
           report->named ? report->region : "");
  text_identifier(dst, size, full);
}

/* A listing may be walked at two paces. */
static void write_name(struct report *report, int64_t interval_ms) {
  char full[2 * DATA_MAX_NAME_LEN];
  const struct cloud_config *cloud = report->cloud;
  size_t used = (size_t)snprintf(full, sizeof(full), "%s:%s", cloud->name,
                                 report->listing->name);
  if (interval_ms != cloud->interval_ms && used < sizeof(full))
    snprintf(full + used, sizeof(full) - used, "@%.15g",
             (double)interval_ms / 1000.0);
  text_identifier(report->name, sizeof(report->name), full);
}

void report_init(struct report *report, const struct cloud_config *cloud,
                 const struct schedule *schedule, const char *region,
                 bool named) {
  int64_t interval_ms = schedule_interval_ms(schedule);
  *report = (struct report){
      .cloud = cloud,
      .listing = schedule_listing(schedule),
      .interval = MS_TO_CDTIME_T(interval_ms),
      .named = named && region != NULL && region[0] != '\0',
  };
  text_meta(report->region, sizeof(report->region),
            region != NULL ? region : "");
  add_region(report, report->host, sizeof(report->host), host_of(cloud));
  write_name(report, interval_ms);
}

/* ---- identity ----------------------------------------------------------- */

/* The parts in which formats may name a resource, as the id prefers them. */
enum part { INSTANCE, TYPE_INSTANCE, HOST, PARTS };

struct identity {
  char part[PARTS][DATA_MAX_NAME_LEN];
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

static const struct name_format *format_of(const struct cloud_style *style,
                                           enum part part) {
  const struct name_format *const formats[PARTS] = {
      &style->instance, &style->type_instance, &style->host};
  return formats[part];
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

/* The part that names the resource; if none does, one without the meter. */
static enum part naming_part(const struct cloud_style *style) {
  static const enum name_word ranks[][2] = {{NAME_ID, NAME_NAME},
                                            {NAME_PROJECT, NAME_PROJECT_NAME},
                                            {NAME_USER, NAME_USER}};
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(ranks); i++)
    for (enum part part = 0; part < PARTS; part++)
      if (name_format_has(format_of(style, part), ranks[i][0]) ||
          name_format_has(format_of(style, part), ranks[i][1]))
        return part;
  return name_format_has(&style->instance, NAME_METER) ? TYPE_INSTANCE
                                                       : INSTANCE;
}

/* No byte was put in for another one, and no writer puts one in. */
static bool is_plain(const char *text) {
  return strpbrk(text, "_.:") == NULL && strlen(text) < DATA_MAX_NAME_LEN - 1;
}

/* Nothing else can look like an id that is plain. */
static bool may_clash(const struct cloud_style *style,
                      const struct identity *identity) {
  enum part part = naming_part(style);
  return !is_only(format_of(style, part), NAME_ID) ||
         !is_plain(identity->part[part]);
}

static uint64_t identity_hash(const struct identity *identity,
                              const char *type) {
  uint64_t hash = text_identifier_hash(type, text_seed());
  for (enum part part = 0; part < PARTS; part++)
    hash = text_identifier_hash(identity->part[part], hash);
  return hash;
}

/* The id itself, if that is readable and says something new. */
static void append_id(const struct cloud_style *style,
                      struct identity *identity, const char *id) {
  char mapped[DATA_MAX_NAME_LEN], full[3 * DATA_MAX_NAME_LEN];
  char *part = identity->part[naming_part(style)];
  text_identifier(mapped, sizeof(mapped), id);
  if (strcmp(mapped, id) != 0 || strpbrk(id, ".:") != NULL ||
      strcmp(mapped, part) == 0)
    snprintf(mapped, sizeof(mapped), "%016llx",
             (unsigned long long)text_hash(id, strlen(id), 0));
  snprintf(full, sizeof(full), "%s-%s", part, mapped);
  text_identifier(part, DATA_MAX_NAME_LEN, full);
}

static void make_identity(const struct report *report,
                          const struct sample *sample,
                          struct identity *identity) {
  const struct cloud_style *style = &cloud_meter_of(sample->meter)->style;
  const struct name_values values = values_of(report, sample);
  const size_t size = DATA_MAX_NAME_LEN;
  write_host(report, style, &values, identity->part[HOST], size);
  name_format_write(&style->instance, &values, identity->part[INSTANCE], size);
  name_format_write(&style->type_instance, &values,
                    identity->part[TYPE_INSTANCE], size);
  if (identity->part[INSTANCE][0] == '\0')
    text_identifier(identity->part[INSTANCE], size, sample->id);
}

/* ---- twins -------------------------------------------------------------- */

static void remember_shared(struct report *report, uint64_t hash) {
  if (idset_count(&report->shared) < REPORT_SHARED_MOST)
    idset_add(&report->shared, hash);
  else
    report->ids_for_all = report->crowded = true;
  if (report->shared.broken)
    report->ids_for_all = report->crowded = true;
}

static bool is_shared(const struct report *report, uint64_t hash) {
  return report->ids_for_all || idset_has(&report->shared, hash);
}

/* Only its project names it, and another project looks the same. That is known
 * from the start, whichever of the two comes into this walk. */
static bool named_after_twin(const struct sample *sample) {
  const struct cloud_style *style = &cloud_meter_of(sample->meter)->style;
  bool named = false;
  for (enum part part = 0; part < PARTS; part++) {
    const struct name_format *format = format_of(style, part);
    if (name_format_has(format, NAME_PROJECT) ||
        name_format_has(format, NAME_ID) || name_format_has(format, NAME_NAME))
      return false;
    named = named || name_format_has(format, NAME_PROJECT_NAME);
  }
  return named && sample->project_twin;
}

/* Has another resource this identity, or had it ever? A name that stood for two
 * things must not stand for whichever is left. */
static bool is_twin(struct report *report, const struct sample *sample,
                    const struct identity *identity, uint64_t hash) {
  if (is_shared(report, hash))
    return true;
  if (idset_add(&report->taken, hash) && !named_after_twin(sample))
    return false;
  remember_shared(report, hash);
  if (report->clashes++ == 0)
    ssnprintf(report->clash, sizeof(report->clash), "%s/openstack-%s/%s-%s",
              identity->part[HOST], identity->part[INSTANCE],
              meter_type(sample->meter), identity->part[TYPE_INSTANCE]);
  return true;
}

/* The id goes behind it. Whoever is called by what comes of that as it is needs
 * its id, too: tenants choose names, and one may be chosen so. */
static void give_id(struct report *report, const struct cloud_meter *meter,
                    struct identity *identity, const char *id) {
  append_id(&meter->style, identity, id);
  uint64_t hash = identity_hash(identity, meter_type(&meter->meter));
  if (!is_shared(report, hash) && !idset_add(&report->taken, hash))
    remember_shared(report, hash);
}

/* ---- meta data ---------------------------------------------------------- */

/* A value on its way. */
struct outgoing {
  const struct cloud_meter *meter;
  struct identity *identity;
  const char *id;
  value_t value;
  meta_data_t *meta; /* NULL: none */
  size_t meta_bytes; /* about what an allocator takes for them */
};

static void add_text(struct outgoing *out, const char *key, const char *text) {
  char clean[META_TEXT];
  if (text == NULL || text[0] == '\0')
    return;
  text_meta(clean, sizeof(clean), text);
  meta_data_add_string(out->meta, key, clean);
  out->meta_bytes += strlen(key) + strlen(clean) + 100;
}

static void add_meta(const struct report *report, const struct sample *sample,
                     struct outgoing *out) {
  enum cloud_metadata wanted = out->meter->style.metadata;
  if (wanted != METADATA_NONE)
    out->meta = meta_data_create();
  if (out->meta == NULL)
    return;
  add_text(out, "project_id", sample->project);
  add_text(out, "user_id", sample->user);
  add_text(out, "unit", sample->meter->unit);
  add_text(out, "region", report->region);
  if (wanted != METADATA_ALL)
    return;
  add_text(out, "name", sample->name);
  add_text(out, "project_name", sample->project_name);
  add_text(out, "domain_name", sample->domain_name);
  add_text(out, "user_name", sample->user_name);
  const char *name, *text;
  for (size_t i = 0; sample_metadata(sample, i, &name, &text); i++)
    add_text(out, name, text);
}

/* ---- values ------------------------------------------------------------- */

/* What differs from one value list to the next. */
struct item {
  const char *host, *instance, *type, *type_instance;
  value_t value;
};

static void dispatch_item(const struct report *report, const struct item *item,
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
static bool convert_number(int ds_type, double number, value_t *ret) {
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

/* A value whose identity may have to change until the pass ends. */
struct held {
  struct held *next;
  const struct cloud_meter *meter;
  uint64_t hash;
  value_t value;
  meta_data_t *meta;
  char texts[]; /* of the parts in their order, and the id; each with its NUL */
};

static void dispatch_value(const struct report *report,
                           const struct outgoing *out) {
  const struct identity *identity = out->identity;
  dispatch_item(report,
                &(struct item){identity->part[HOST], identity->part[INSTANCE],
                               meter_type(&out->meter->meter),
                               identity->part[TYPE_INSTANCE], out->value},
                out->meta);
}

/* True: its meta data are held, too. False: there is no room. */
static bool hold_value(struct report *report, const struct outgoing *out,
                       uint64_t hash) {
  const char *const texts[] = {out->identity->part[INSTANCE],
                               out->identity->part[TYPE_INSTANCE],
                               out->identity->part[HOST], out->id};
  size_t size = sizeof(struct held);
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(texts); i++)
    size += strlen(texts[i]) + 1;
  struct held *held = NULL;
  if (report->held_bytes + size + out->meta_bytes <= REPORT_HELD_MOST)
    held = malloc(size);
  if (held == NULL)
    return false;
  *held = (struct held){.meter = out->meter,
                        .hash = hash,
                        .value = out->value,
                        .meta = out->meta};
  char *at = held->texts;
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(texts); i++)
    at = stpcpy(at, texts[i]) + 1;
  *(report->held != NULL ? report->held_end : &report->held) = held;
  report->held_end = &held->next;
  report->held_bytes += size + out->meta_bytes;
  return true;
}

/* The first of those that are held, no more held. */
static struct held *unhold_value(struct report *report) {
  struct held *held = report->held;
  report->held = held->next;
  if (report->held == NULL)
    report->held_bytes = 0;
  return held;
}

static void forget_held(struct report *report) {
  while (report->held != NULL) {
    struct held *held = unhold_value(report);
    meta_data_destroy(held->meta);
    free(held);
  }
}

/* Its identity, and the id. */
static const char *read_held(const struct held *held,
                             struct identity *identity) {
  const char *at = held->texts;
  for (enum part part = 0; part < PARTS; part++, at += strlen(at) + 1)
    sstrncpy(identity->part[part], at, sizeof(identity->part[part]));
  return at;
}

/* Before any of them is sent, it is known what all are called. */
static void send_held(struct report *report) {
  struct identity identity;
  for (const struct held *held = report->held; held != NULL; held = held->next)
    if (is_shared(report, held->hash)) {
      const char *id = read_held(held, &identity);
      give_id(report, held->meter, &identity, id);
    }
  while (report->held != NULL) {
    struct held *held = unhold_value(report);
    const char *id = read_held(held, &identity);
    if (is_shared(report, held->hash))
      append_id(&held->meter->style, &identity, id);
    dispatch_value(report, &(struct outgoing){.meter = held->meter,
                                              .identity = &identity,
                                              .value = held->value,
                                              .meta = held->meta});
    meta_data_destroy(held->meta);
    free(held);
  }
}

/* Appends the id to the identity if need be. True: it is held. What finds no
 * room has its id now, and so it keeps it. */
static bool keep_apart(struct report *report, const struct sample *sample,
                       const struct outgoing *out) {
  uint64_t hash = identity_hash(out->identity, meter_type(sample->meter));
  bool twin = is_twin(report, sample, out->identity, hash);
  if (!report->settled && hold_value(report, out, hash))
    return true;
  if (!report->settled && !twin) {
    report->crowded = twin = true;
    remember_shared(report, hash);
  }
  if (twin)
    give_id(report, out->meter, out->identity, out->id);
  return false;
}

void report_sample(struct report *report, const struct sample *sample) {
  const struct cloud_meter *meter = cloud_meter_of(sample->meter);
  struct identity identity;
  struct outgoing out = {
      .meter = meter, .identity = &identity, .id = sample->id};
  if (!convert_number(meter->ds_type, sample->value, &out.value))
    return;
  make_identity(report, sample, &identity);
  add_meta(report, sample, &out);
  if (may_clash(&meter->style, &identity) && keep_apart(report, sample, &out))
    return;
  dispatch_value(report, &out);
  meta_data_destroy(out.meta);
}

const char *const report_types[] = {"bool",    "bytes",    "count", "duration",
                                    "records", "requests", NULL};

/* ---- a walk ------------------------------------------------------------- */

void report_begin(struct report *report) {
  report->time = cdtime();
  report->clashes = 0;
  forget_held(report);
  idset_clear(&report->taken);
}

void report_walk(struct report *report, const struct walk_summary *summary) {
  /* In back-off no pass has begun: this is said of now. */
  if (!summary->ran)
    report_begin(report);
  send_held(report);
  report->settled = report->settled || (summary->ran && summary->up);
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
      dispatch_item(report,
                    &(struct item){report->host,
                                   report->name,
                                   rows[i].type,
                                   rows[i].type_instance,
                                   {.gauge = rows[i].value}},
                    NULL);
  idset_clear(&report->taken);
}

void report_clear(struct report *report) {
  forget_held(report);
  idset_clear(&report->taken);
  idset_clear(&report->shared);
}
