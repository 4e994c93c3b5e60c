#include "report/identifier.h"

#include "base/text.h"
#include "report/host.h"

#include <stdio.h>
#include <string.h>

/* Projects, pools and services have the same names in each region. */
static void add_region(const struct origin *origin, char *dst, size_t size,
                       const char *host) {
  char full[2 * IDENTIFIER_BYTES];
  snprintf(full, sizeof(full), "%s%s%s", host, origin->named ? "." : "",
           origin->named ? origin->region : "");
  text_identifier(dst, size, full);
}

/* A listing may be walked at two paces. */
static void write_walk(struct origin *origin, int64_t interval_ms) {
  char full[2 * IDENTIFIER_BYTES];
  const struct cloud_config *cloud = origin->cloud;
  size_t used = (size_t)snprintf(full, sizeof(full), "%s:%s", cloud->name,
                                 origin->listing->name);
  if (interval_ms != cloud->interval_ms && used < sizeof(full))
    snprintf(full + used, sizeof(full) - used, "@%.15g",
             (double)interval_ms / 1000.0);
  text_identifier(origin->walk, sizeof(origin->walk), full);
}

void origin_init(struct origin *origin, const struct cloud_config *cloud,
                 const struct schedule *schedule, const char *region,
                 bool named) {
  *origin = (struct origin){
      .cloud = cloud,
      .listing = schedule_listing(schedule),
      .named = named && region != NULL && region[0] != '\0',
  };
  text_meta(origin->region, sizeof(origin->region),
            region != NULL ? region : "");
  add_region(origin, origin->host, sizeof(origin->host), cloud_host(cloud));
  add_region(origin, origin->walk_host, sizeof(origin->walk_host),
             schedule_unit(schedule)->n > 1 ? host_name() : cloud_host(cloud));
  write_walk(origin, schedule_interval_ms(schedule));
}

static struct name_values values_of(const struct origin *origin,
                                    const struct sample *sample) {
  return (struct name_values){
      .of = {[NAME_CLOUD] = cloud_host(origin->cloud),
             [NAME_REGION] = origin->region,
             [NAME_METER] = sample->meter->name,
             [NAME_ID] = sample->id,
             [NAME_NAME] = sample->name != NULL ? sample->name : sample->id,
             [NAME_PROJECT] = sample->project,
             [NAME_PROJECT_NAME] = sample->project_name != NULL
                                       ? sample->project_name
                                       : sample->project,
             [NAME_DOMAIN_NAME] = sample->domain_name != NULL
                                      ? sample->domain_name
                                      : sample->domain,
             [NAME_USER] = sample->user,
             [NAME_RESOURCE_TYPE] = origin->listing->name,
             [NAME_OWNER] = sample->owner,
             [NAME_OWNER_NAME] = sample->owner_name != NULL ? sample->owner_name
                                                            : sample->owner}};
}

static const struct name_format *format_of(const struct cloud_style *style,
                                           enum identifier_part part) {
  const struct name_format *const formats[IDENTIFIER_PARTS] = {
      &style->instance, &style->type_instance, &style->host};
  return formats[part];
}

/* Fields are a format's own. */
static void write_part(const struct name_format *format,
                       const struct sample *sample, struct name_values *values,
                       char dst[IDENTIFIER_BYTES]) {
  for (size_t i = 0; i < format->nfields; i++)
    values->of[NAME_FIELD + i] = sample_field(sample, format->fields[i]);
  name_format_write(format, values, dst, IDENTIFIER_BYTES);
}

static void write_host(const struct origin *origin, const struct sample *sample,
                       struct name_values *values, char dst[IDENTIFIER_BYTES]) {
  const struct cloud_style *style = &cloud_meter_of(sample->meter)->style;
  const size_t size = IDENTIFIER_BYTES;
  char host[IDENTIFIER_BYTES];
  if (name_format_is(&style->host, NAME_CLOUD)) {
    text_copy(dst, size, origin->host);
    return;
  }
  write_part(&style->host, sample, values, host);
  if (host[0] == '\0')
    text_copy(host, sizeof(host), cloud_host(origin->cloud));
  if (name_format_has(&style->host, NAME_REGION))
    text_copy(dst, size, host);
  else
    add_region(origin, dst, size, host);
}

/* The part that names the resource; if none does, one without the meter. */
static enum identifier_part naming_part(const struct cloud_style *style) {
  static const enum name_word ranks[][2] = {{NAME_ID, NAME_NAME},
                                            {NAME_PROJECT, NAME_PROJECT_NAME},
                                            {NAME_USER, NAME_USER}};
  for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++)
    for (enum identifier_part part = 0; part < IDENTIFIER_PARTS; part++)
      if (name_format_has(format_of(style, part), ranks[i][0]) ||
          name_format_has(format_of(style, part), ranks[i][1]))
        return part;
  return name_format_has(&style->instance, NAME_METER) ? PART_TYPE_INSTANCE
                                                       : PART_INSTANCE;
}

/* No byte was put in for another one, and no writer puts one in. */
static bool is_plain(const char *text) {
  return strpbrk(text, "_.:") == NULL && strlen(text) < IDENTIFIER_BYTES - 1;
}

bool identifier_is_named(const struct cloud_style *style) {
  return !name_format_is(format_of(style, naming_part(style)), NAME_ID);
}

bool identifier_may_clash(const struct identifier *identifier,
                          const struct cloud_style *style) {
  return identifier_is_named(style) ||
         !is_plain(identifier->part[naming_part(style)]);
}

bool identifier_varies(const struct cloud_style *style) {
  for (enum identifier_part part = 0; part < IDENTIFIER_PARTS; part++)
    if (format_of(style, part)->nfields > 0)
      return true;
  return false;
}

static uint64_t hash_with(const struct identifier *identifier, const char *type,
                          uint64_t seed) {
  uint64_t hash = text_identifier_hash(type, seed);
  for (enum identifier_part part = 0; part < IDENTIFIER_PARTS; part++)
    hash = text_identifier_hash(identifier->part[part], hash);
  return hash;
}

uint64_t identifier_hash(const struct identifier *identifier,
                         const char *type) {
  return hash_with(identifier, type, text_seed());
}

uint64_t identifier_shared_hash(const struct identifier *identifier,
                                const char *type) {
  return hash_with(identifier, type, 0);
}

void identifier_add_id(struct identifier *identifier,
                       const struct cloud_style *style, const char *id) {
  char mapped[IDENTIFIER_BYTES], full[3 * IDENTIFIER_BYTES];
  char *part = identifier->part[naming_part(style)];
  text_identifier(mapped, sizeof(mapped), id);
  if (strcmp(mapped, id) != 0 || strpbrk(id, ".:") != NULL ||
      strcmp(mapped, part) == 0)
    snprintf(mapped, sizeof(mapped), "%016llx",
             (unsigned long long)text_hash(id, strlen(id), 0));
  snprintf(full, sizeof(full), "%s-%s", part, mapped);
  text_identifier(part, IDENTIFIER_BYTES, full);
}

void identifier_make(const struct origin *origin, const struct sample *sample,
                     struct identifier *ret) {
  const struct cloud_style *style = &cloud_meter_of(sample->meter)->style;
  struct name_values values = values_of(origin, sample);
  write_host(origin, sample, &values, ret->part[PART_HOST]);
  write_part(&style->instance, sample, &values, ret->part[PART_INSTANCE]);
  write_part(&style->type_instance, sample, &values,
             ret->part[PART_TYPE_INSTANCE]);
  if (ret->part[PART_INSTANCE][0] == '\0')
    text_identifier(ret->part[PART_INSTANCE], IDENTIFIER_BYTES, sample->id);
}

/* By nothing but the project's name; with that of its domain? */
static bool is_of_project(const struct cloud_style *style, bool *ret_domain) {
  bool named = false;
  *ret_domain = false;
  for (enum identifier_part part = 0; part < IDENTIFIER_PARTS; part++) {
    const struct name_format *format = format_of(style, part);
    if (name_format_has(format, NAME_PROJECT) ||
        name_format_has(format, NAME_ID) || name_format_has(format, NAME_NAME))
      return false;
    named = named || name_format_has(format, NAME_PROJECT_NAME);
    *ret_domain = *ret_domain || name_format_has(format, NAME_DOMAIN_NAME);
  }
  return named;
}

bool identifier_is_twins(const struct sample *sample) {
  bool domain;
  return is_of_project(&cloud_meter_of(sample->meter)->style, &domain) &&
         (domain ? sample->domain_twin : sample->project_twin);
}

bool identifier_is_known(const struct sample *sample) {
  bool domain;
  return sample->project_name != NULL && sample->project != NULL &&
         strcmp(sample->id, sample->project) == 0 &&
         is_of_project(&cloud_meter_of(sample->meter)->style, &domain);
}
