#include "report/value_list.h"

#include "base/text.h"
#include "report/host.h"
#include "share/member.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* collectd's JSON writer drops a value with a text of 510 bytes, and a quote
 * becomes two. */
#define META_TEXT 255

void report_init(struct report *report, const struct cloud_config *cloud,
                 const struct schedule *schedule, const char *region,
                 bool named) {
  *report = (struct report){.interval_ms = schedule_interval_ms(schedule),
                            .turn_ms = schedule_turn_ms(schedule),
                            .unit = *schedule_unit(schedule)};
  origin_init(&report->origin, cloud, schedule, region, named);
}

/* ---- twins -------------------------------------------------------------- */

/* Others that share the cloud are told. */
static void remember_shared(struct report *report,
                            const struct identifier *identifier,
                            const char *type, uint64_t hash) {
  if (report->unit.member != NULL)
    member_clash(&report->unit, identifier_shared_hash(identifier, type));
  if (idset_count(&report->shared) < REPORT_SHARED_MOST)
    idset_add(&report->shared, hash);
  else
    report->ids_for_all = report->crowded = true;
  if (report->shared.broken)
    report->ids_for_all = report->crowded = true;
}

static bool is_shared(const struct report *report,
                      const struct identifier *identifier, const char *type,
                      uint64_t hash) {
  return report->ids_for_all || idset_has(&report->shared, hash) ||
         (idset_count(&report->told) > 0 &&
          idset_has(&report->told, identifier_shared_hash(identifier, type)));
}

/* Of one that a daemon that shares the cloud has found. */
static void on_clash(void *arg, uint64_t hash) {
  struct report *report = arg;
  if (idset_count(&report->told) < REPORT_SHARED_MOST)
    idset_add(&report->told, hash);
}

/* Has another resource this identifier, or had it ever? A name that stood for
 * two things must not stand for whichever is left. */
static bool is_twin(struct report *report, const struct sample *sample,
                    const struct identifier *identifier, uint64_t hash) {
  const char *type = meter_type(sample->meter);
  if (is_shared(report, identifier, type, hash))
    return true;
  if (idset_add(&report->taken, hash) && !identifier_is_twins(sample))
    return false;
  remember_shared(report, identifier, type, hash);
  if (report->clashes++ == 0)
    snprintf(report->clash, sizeof(report->clash),
             "%.127s/openstack-%.127s/%.100s-%.127s",
             identifier->part[PART_HOST], identifier->part[PART_INSTANCE], type,
             identifier->part[PART_TYPE_INSTANCE]);
  return true;
}

/* The id goes behind it. Whoever is called by what comes of that as it is needs
 * its id, too: tenants choose names, and one may be chosen so. */
static void give_id(struct report *report, const struct cloud_meter *meter,
                    struct identifier *identifier, const char *id) {
  const char *type = meter_type(&meter->meter);
  identifier_add_id(identifier, &meter->style, id);
  uint64_t hash = identifier_hash(identifier, type);
  if (!is_shared(report, identifier, type, hash) &&
      !idset_add(&report->taken, hash))
    remember_shared(report, identifier, type, hash);
}

/* ---- meta data ---------------------------------------------------------- */

/* A value on its way. */
struct outgoing {
  const struct cloud_meter *meter;
  double time;
  int64_t interval_ms;
  struct identifier *identifier;
  const char *id;
  double number;
  struct host_meta *meta; /* NULL: none */
  size_t meta_bytes;      /* about what an allocator takes for them */
};

static void add_text(struct outgoing *out, const char *key, const char *text) {
  char clean[META_TEXT];
  if (text == NULL || text[0] == '\0')
    return;
  out->meta_bytes += 128 + text_meta(clean, sizeof(clean), text);
  host_meta_add(out->meta, key, clean);
}

static void add_meta(const struct report *report, const struct sample *sample,
                     struct outgoing *out) {
  enum cloud_metadata wanted = out->meter->style.metadata;
  if (wanted != METADATA_NONE)
    out->meta = host_meta_new();
  if (out->meta == NULL)
    return;
  add_text(out, "project_id", sample->project);
  add_text(out, "user_id", sample->user);
  add_text(out, "unit", sample->meter->unit);
  add_text(out, "region", report->origin.region);
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

/* A value whose identifier may have to change until the pass ends. */
struct held {
  struct held *next;
  size_t size; /* of all that is kept for it */
  const struct cloud_meter *meter;
  double time;
  int64_t interval_ms;
  uint64_t hash;
  double number;
  bool known; /* all that may look like it are */
  struct host_meta *meta;
  char texts[]; /* of the parts in their order, and the id; each with its NUL */
};

static void send_value(const struct outgoing *out) {
  const struct identifier *identifier = out->identifier;
  host_send(&(struct host_value){.host = identifier->part[PART_HOST],
                                 .instance = identifier->part[PART_INSTANCE],
                                 .type = meter_type(&out->meter->meter),
                                 .type_instance =
                                     identifier->part[PART_TYPE_INSTANCE],
                                 .number = out->number,
                                 .kind = out->meter->kind,
                                 .time = out->time,
                                 .interval_ms = out->interval_ms,
                                 .meta = out->meta});
}

static void append_held(struct report *report, struct held *held) {
  held->next = NULL;
  *(report->held != NULL ? report->held_end : &report->held) = held;
  report->held_end = &held->next;
  report->held_bytes += held->size;
}

/* True: its meta data are held, too. False: there is no room. */
static bool hold_value(struct report *report, const struct sample *sample,
                       const struct outgoing *out, uint64_t hash) {
  const char *const texts[] = {out->identifier->part[PART_INSTANCE],
                               out->identifier->part[PART_TYPE_INSTANCE],
                               out->identifier->part[PART_HOST], out->id};
  size_t size = sizeof(struct held);
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    size += strlen(texts[i]) + 1;
  struct held *held = NULL;
  if (report->held_bytes + size + out->meta_bytes <= REPORT_HELD_MOST)
    held = malloc(size);
  if (held == NULL)
    return false;
  *held = (struct held){.size = size + out->meta_bytes,
                        .meter = out->meter,
                        .time = out->time,
                        .interval_ms = out->interval_ms,
                        .hash = hash,
                        .number = out->number,
                        .known = identifier_is_known(sample),
                        .meta = out->meta};
  char *at = held->texts;
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    at = stpcpy(at, texts[i]) + 1;
  append_held(report, held);
  return true;
}

static void free_held(struct held *held) {
  host_meta_free(held->meta);
  free(held);
}

/* All that are held, no more held. */
static struct held *unhold_all(struct report *report) {
  struct held *first = report->held;
  report->held = NULL;
  report->held_bytes = 0;
  return first;
}

static void forget_held(struct report *report) {
  for (struct held *held = unhold_all(report), *next; held != NULL;
       held = next) {
    next = held->next;
    free_held(held);
  }
}

/* Its identifier, and the id. */
static const char *read_held(const struct held *held,
                             struct identifier *identifier) {
  const char *at = held->texts;
  for (enum identifier_part part = 0; part < IDENTIFIER_PARTS;
       part++, at += strlen(at) + 1)
    text_copy(identifier->part[part], sizeof(identifier->part[part]), at);
  return at;
}

/* Ids that become alike when they are mapped are so rare that nothing waits for
 * them until a pass of several walks ends, and those of projects' names are
 * known. */
static bool stays_held(const struct held *held, bool goes_on) {
  return goes_on && !held->known && identifier_is_named(&held->meter->style);
}

static void send_one(const struct report *report, const struct held *held) {
  struct identifier identifier;
  const char *id = read_held(held, &identifier);
  if (is_shared(report, &identifier, meter_type(&held->meter->meter),
                held->hash))
    identifier_add_id(&identifier, &held->meter->style, id);
  send_value(&(struct outgoing){.meter = held->meter,
                                .time = held->time,
                                .interval_ms = held->interval_ms,
                                .identifier = &identifier,
                                .number = held->number,
                                .meta = held->meta});
}

/* Before any of them is sent, it is known what all are called. */
static void send_held(struct report *report, bool goes_on) {
  struct identifier identifier;
  for (const struct held *held = report->held; held != NULL;
       held = held->next) {
    const char *id = read_held(held, &identifier);
    if (!stays_held(held, goes_on) &&
        is_shared(report, &identifier, meter_type(&held->meter->meter),
                  held->hash))
      give_id(report, held->meter, &identifier, id);
  }
  for (struct held *held = unhold_all(report), *next; held != NULL;
       held = next) {
    next = held->next;
    if (stays_held(held, goes_on)) {
      append_held(report, held);
      continue;
    }
    send_one(report, held);
    free_held(held);
  }
}

/* Appends the id to the identifier if need be. True: it is held. What finds no
 * room has its id now, and so it keeps it. */
static bool keep_apart(struct report *report, const struct sample *sample,
                       const struct outgoing *out) {
  uint64_t hash = identifier_hash(out->identifier, meter_type(sample->meter));
  bool twin = is_twin(report, sample, out->identifier, hash);
  bool waits = !report->settled || identifier_varies(&out->meter->style);
  if (waits && hold_value(report, sample, out, hash))
    return true;
  if (waits && !twin) {
    report->crowded = twin = true;
    remember_shared(report, out->identifier, meter_type(sample->meter), hash);
  }
  if (twin)
    give_id(report, out->meter, out->identifier, out->id);
  return false;
}

void report_sample(struct report *report, const struct sample *sample) {
  const struct cloud_meter *meter = cloud_meter_of(sample->meter);
  struct identifier identifier;
  struct outgoing out = {.meter = meter,
                         .time = sample->time,
                         .identifier = &identifier,
                         .id = sample->id,
                         .number = sample->value};
  if (!host_fits(meter->kind, sample->value))
    return;
  if (sample->interval_ms > 0) /* the same for all samples of a walk */
    report->interval_ms = sample->interval_ms;
  out.interval_ms = report->interval_ms;
  identifier_make(&report->origin, sample, &identifier);
  add_meta(report, sample, &out);
  if (identifier_may_clash(&identifier, &meter->style) &&
      keep_apart(report, sample, &out))
    return;
  send_value(&out);
  host_meta_free(out.meta);
}

const char *const report_types[] = {"bool",    "bytes",    "count", "duration",
                                    "records", "requests", NULL};

/* ---- a walk ------------------------------------------------------------- */

void report_begin(struct report *report, bool goes_on) {
  report->begun = true;
  report->clashes = 0;
  if (report->unit.member != NULL)
    member_clashes(&report->unit, on_clash, report);
  if (goes_on)
    return;
  forget_held(report);
  idset_clear(&report->taken);
}

/* A number about the walk itself. */
struct walk_row {
  bool known;
  const char *type, *type_instance, *unit;
  double value;
};

static void send_row(const struct report *report, const struct walk_row *row,
                     double time) {
  const struct origin *origin = &report->origin;
  struct outgoing out = {0};
  if (origin->cloud->style.metadata != METADATA_NONE)
    out.meta = host_meta_new();
  if (out.meta != NULL) {
    add_text(&out, "unit", row->unit);
    add_text(&out, "region", origin->region);
  }
  host_send(&(struct host_value){.host = origin->walk_host,
                                 .instance = origin->walk,
                                 .type = row->type,
                                 .type_instance = row->type_instance,
                                 .number = row->value,
                                 .of_walk = true,
                                 .time = time,
                                 .interval_ms = report->turn_ms,
                                 .meta = out.meta});
  host_meta_free(out.meta);
}

/* What holds until the next walk is sent in each turn, as its interval
 * promises; what a walk did, in those that had one, or needed none. */
static void send_rows(const struct report *report,
                      const struct walk_summary *summary) {
  bool told = summary->ran || summary->idle;
  const struct walk_row rows[] = {
      {summary->since_success_ms >= 0, "duration", "since_success", "s",
       (double)summary->since_success_ms / 1000.0},
      {told, "duration", "walk", "s", (double)summary->duration_ms / 1000.0},
      {told, "records", "seen", "record", (double)summary->pass.records},
      {told, "requests", "sent", "request", (double)summary->requests},
      {told, "bytes", "received", "B", (double)summary->pass.bytes},
      {report->ran, "count", "skipped", "interval", (double)summary->skipped},
      {report->ran, "count", "refused", "value", (double)report->refused},
      {report->asks, "count", "denied", "project", (double)report->denied},
      /* The last: whoever sees it has seen all else of the walk. */
      {!summary->undecided, "bool", "up", "status", summary->up ? 1 : 0},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    if (rows[i].known)
      send_row(report, &rows[i], summary->time);
}

static void note_walk(struct report *report,
                      const struct walk_summary *summary) {
  if (!summary->ran)
    return;
  report->ran = true;
  report->refused = summary->pass.refused;
  report->asks = summary->nasked > 0;
  report->denied = summary->pass.denied;
}

void report_walk(struct report *report, const struct walk_summary *summary) {
  if (!report->begun) /* in a back-off: this is said of now */
    report_begin(report, summary->goes_on);
  report->begun = false;
  send_held(report, summary->goes_on);
  note_walk(report, summary);
  report->settled =
      report->settled || (summary->ran && summary->up && !summary->goes_on);
  /* Without records the meters say all that there is to say of it. */
  if (report->origin.listing->record != NULL)
    send_rows(report, summary);
  if (!summary->goes_on)
    idset_clear(&report->taken);
}

void report_drop(struct report *report) {
  report->begun = false;
  forget_held(report);
  idset_clear(&report->taken);
}

void report_clear(struct report *report) {
  forget_held(report);
  idset_clear(&report->taken);
  idset_clear(&report->shared);
  idset_clear(&report->told);
}
