#include "config/meter_selection.h"

#include "base/text.h"
#include "config/option.h"
#include "meter/validate.h"
#include "settings/walk_group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEED_KEYS "radosgw meters need RadosGWAccessKey and RadosGWSecretKey"

/* ---- lines that choose -------------------------------------------------- */

/* Does the pattern, which may begin with "!", decide on this meter? */
static bool decides(const char *pattern, const struct meter *meter) {
  if (pattern[0] == '!')
    return text_match(pattern + 1, meter->name);
  return meter->choice == CHOICE_NAME ? strcmp(pattern, meter->name) == 0
                                      : text_match(pattern, meter->name);
}

static bool decides_on_any(const struct custom_meters *custom,
                           const char *pattern) {
  for (size_t i = 0; i < custom_meters_count(custom); i++)
    if (decides(pattern, custom_meters_get(custom, i)))
      return true;
  return false;
}

static bool matches_any(const struct custom_meters *custom,
                        const char *pattern) {
  for (size_t i = 0; i < custom_meters_count(custom); i++)
    if (text_match(pattern, custom_meters_get(custom, i)->name))
      return true;
  return false;
}

/* A typing error, or the beginning of a name. */
static bool is_near(const char *pattern, const char *name) {
  size_t letters = 0;
  for (const char *c = pattern; *c != '\0'; c++)
    letters += *c != '*' ? 1 : 0;
  unsigned distance = text_similar(pattern, name);
  return (distance <= 3 && distance * 3 <= letters + 1) ||
         (letters > 0 && strncasecmp(name, pattern, strlen(pattern)) == 0);
}

/* collectd ends a word without quotes at what is no letter: "volume.*" comes as
 * "volume". */
static const char *cut_hint(const struct custom_meters *custom,
                            const char *pattern) {
  size_t len = strlen(pattern);
  for (size_t i = 0; i < custom_meters_count(custom); i++) {
    const char *name = custom_meters_get(custom, i)->name;
    if (strncmp(name, pattern, len) == 0 && name[len] == '.')
      return "; put the pattern in quotes";
  }
  return "";
}

static int no_such_meter(const struct cloud_options *block,
                         const struct custom_meters *custom,
                         const char *pattern) {
  char names[200] = "";
  bool fits = matches_any(custom, pattern);
  const char *bare = pattern + (pattern[0] == '!' ? 1 : 0);
  const char *what = fits ? "fits only meters that are chosen by their full "
                            "names: "
                          : "no such meter; near it: ";
  for (size_t i = 0; i < custom_meters_count(custom); i++) {
    const char *name = custom_meters_get(custom, i)->name;
    if ((fits ? text_match(bare, name) : is_near(bare, name)) &&
        strlen(names) + strlen(name) + 3 <= sizeof(names))
      text_join(names, sizeof(names), ", ", name);
  }
  int len = (int)(names[0] != '\0' ? strlen(what) : strcspn(what, ";"));
  return option_unknown(&block->options, "Meter \"%.200s\": %.*s%s%s", pattern,
                        len, what, names, cut_hint(custom, pattern));
}

static bool lacks_keys(const struct cloud_options *block,
                       const struct meter *meter) {
  return meter->from->auth == AUTH_S3 &&
         block->cloud->access.s3_access_key == NULL;
}

/* A pattern that fits nothing is a mistake; so is a meter that needs keys and
 * has none, if it was asked for by its name. */
static int check_pattern(const struct cloud_options *block,
                         const struct custom_meters *custom,
                         const char *pattern) {
  bool without = pattern[0] == '!';
  if (!decides_on_any(custom, pattern))
    return no_such_meter(block, custom, pattern);
  for (size_t i = 0; i < custom_meters_count(custom) && !without; i++)
    if (lacks_keys(block, custom_meters_get(custom, i)) &&
        strcmp(custom_meters_get(custom, i)->name, pattern) == 0)
      return option_refuse(&block->options, NEED_KEYS);
  return 0;
}

/* The cloud's, but no shorter than its listing bears. */
static int64_t interval_of(const struct cloud_config *cloud,
                           const struct meter *meter) {
  int64_t least = meter->from->interval_ms;
  return cloud->interval_ms > least ? cloud->interval_ms : least;
}

static void add_meter(struct cloud_config *cloud, const struct meter *meter) {
  struct cloud_meter *added = &cloud->meters[cloud->nmeters++];
  *added = (struct cloud_meter){.meter = *meter,
                                .interval_ms = interval_of(cloud, meter),
                                .style = cloud->style};
  if (added->meter.max_series == 0)
    added->meter.max_series = cloud->max_series;
}

/* The last pattern that fits decides. */
static bool is_chosen(const struct text_list *patterns,
                      const struct meter *meter) {
  bool chosen = meter->choice == CHOICE_ALWAYS &&
                (patterns->n == 0 || patterns->items[0][0] == '!');
  for (size_t i = 0; i < patterns->n; i++)
    if (decides(patterns->items[i], meter))
      chosen = patterns->items[i][0] != '!';
  return chosen;
}

static int choose_meters(struct cloud_options *block,
                         const struct custom_meters *custom) {
  struct cloud_config *cloud = block->cloud;
  bool keys_lack = false;
  for (size_t i = 0; i < custom_meters_count(custom); i++) {
    const struct meter *meter = custom_meters_get(custom, i);
    if (!is_chosen(&cloud->patterns, meter))
      continue;
    if (lacks_keys(block, meter))
      keys_lack = true;
    else
      add_meter(cloud, meter);
  }
  if (cloud->nmeters > 0)
    return 0;
  return option_unknown(&block->options, "Meter: the patterns leave no meter%s",
                        keys_lack ? "; " NEED_KEYS : "");
}

/* ---- blocks that change ------------------------------------------------- */

/* What a <Meter> block says; only what is given counts. */
struct change {
  int64_t interval_ms;
  const char *type, *unit, *group; /* the cloud owns the texts */
  enum total_kind total;
  size_t max_series;
  struct cloud_style style;
};

#define ROW(name, option, member, ...)                                         \
  {                                                                            \
    .key = name, .kind = OPTION_##option,                                      \
    .offset = offsetof(struct change, member), __VA_ARGS__                     \
  }

/* clang-format off */
static const struct option options[] = {
    ROW("Interval", SECONDS, interval_ms,
        .min = INTERVAL_LEAST, .max = INTERVAL_MOST),
    ROW("Type", CONST_TEXT, type),
    ROW("Unit", CONST_TEXT, unit),
    ROW("Aggregate", CHOICE, total, .words = custom_meters_totals),
    ROW("GroupBy", CONST_TEXT, group),
    ROW("MaxSeries", COUNT, max_series, .max = CLOUD_SERIES_MOST),
    ROW("HostnameFormat", FORMAT, style.host),
    ROW("PluginInstanceFormat", FORMAT, style.instance),
    ROW("TypeInstanceFormat", FORMAT, style.type_instance),
    ROW("Metadata", CHOICE, style.metadata, .words = cloud_metadatas),
};
/* clang-format on */
enum { OPTIONS = sizeof(options) / sizeof(options[0]) };
_Static_assert(OPTIONS <= OPTION_MOST, "each option has a bit");

#define MEMBER(key, from, to)                                                  \
  {                                                                            \
    key, offsetof(struct change, from), offsetof(struct cloud_meter, to),      \
        sizeof(((struct cloud_meter *)0)->to)                                  \
  }

/* Which option changes which member. */
static const struct {
  const char *key;
  size_t from, to, size;
} members[] = {
    MEMBER("Interval", interval_ms, interval_ms),
    MEMBER("Type", type, meter.type),
    MEMBER("Unit", unit, meter.unit),
    MEMBER("Aggregate", total, meter.total),
    MEMBER("GroupBy", group, meter.group),
    MEMBER("MaxSeries", max_series, meter.max_series),
    MEMBER("HostnameFormat", style.host, style.host),
    MEMBER("PluginInstanceFormat", style.instance, style.instance),
    MEMBER("TypeInstanceFormat", style.type_instance, style.type_instance),
    MEMBER("Metadata", style.metadata, style.metadata),
};
_Static_assert(sizeof(members) / sizeof(members[0]) == OPTIONS,
               "each option changes a member");

static void apply(const struct option_block *block, const struct change *change,
                  struct cloud_meter *meter) {
  for (size_t i = 0; i < OPTIONS; i++)
    if (option_given(block, members[i].key))
      memcpy((char *)meter + members[i].to,
             (const char *)change + members[i].from, members[i].size);
}

static int change_meters(struct cloud_config *cloud, const char *pattern,
                         const struct option_block *block,
                         const struct change *change) {
  size_t n = 0;
  for (size_t i = 0; i < cloud->nmeters; i++) {
    struct cloud_meter *meter = &cloud->meters[i];
    struct error err;
    if (!text_match(pattern, meter->meter.name))
      continue;
    n++;
    apply(block, change, meter);
    bool grouped = option_given(block, "GroupBy");
    if (meter->meter.total == TOTAL_NONE && !grouped)
      meter->meter.group = NULL;
    if (meter->meter.group == NULL || grouped) /* they are another field's */
      meter->meter.groups = NULL;
    if (validate_meter(&meter->meter, &err) != 0)
      return option_refuse(block, "%s", err.text);
  }
  if (n > 0)
    return 0;
  return option_unknown(block,
                        "no chosen meter matches; the line Meter \"%.100s\" "
                        "chooses",
                        pattern);
}

static int change_by(struct cloud_options *cloud_options,
                     const struct custom_meters *custom,
                     const struct config_item *item) {
  char title[300];
  struct cloud_config *cloud = cloud_options->cloud;
  struct change change = {.interval_ms = 0};
  struct option_block block = {.name = title,
                               .options = options,
                               .noptions = OPTIONS,
                               .to = cloud_options->options.to,
                               .texts = &cloud->texts};
  const char *pattern = option_string(item);
  if (pattern == NULL || pattern[0] == '\0')
    return option_wrong(&cloud_options->options, item, false,
                        "needs one pattern in quotes");
  if (!matches_any(custom, pattern))
    return no_such_meter(cloud_options, custom, pattern);
  snprintf(title, sizeof(title), "%s: <Meter \"%.100s\">",
           cloud_options->options.name, pattern);
  int status = 0;
  for (size_t i = 0; i < item->nchildren && status == 0; i++)
    status = option_take(&block, &change, &item->children[i]);
  change.group = custom_meters_group(change.group);
  return status == 0 ? change_meters(cloud, pattern, &block, &change) : -1;
}

/* ---- both --------------------------------------------------------------- */

bool meter_selection_is_block(const struct config_item *item) {
  return strcasecmp(item->key, "Meter") == 0 && item->nchildren > 0;
}

/* The owner asked for is a word only where one is. */
static int check_owner(const struct cloud_options *block,
                       const struct cloud_meter *meter, const char *key,
                       const struct name_format *format) {
  const struct listing *listing = meter->meter.from;
  bool has = name_format_has(format, NAME_OWNER) ||
             name_format_has(format, NAME_OWNER_NAME);
  if (!has || listing->scope == LISTING_OWNER)
    return 0;
  return option_refuse(&block->options,
                       "%s: %s: {@owner} and {@owner_name} need a listing with "
                       "Scope \"owner\", and \"%s\" has another",
                       key, meter->meter.name, listing->name);
}

/* The fields in a format, each tried by itself: what is no field is told by the
 * name of the option. */
static int add_named(const struct cloud_options *block,
                     struct cloud_meter *meter, const char *key,
                     const struct name_format *format, size_t *n) {
  if (check_owner(block, meter, key, format) != 0)
    return -1;
  for (size_t i = 0; i < format->nfields; i++) {
    struct error err;
    const char *one[] = {format->fields[i], NULL};
    struct meter alone = meter->meter;
    alone.named = one;
    if (validate_meter(&alone, &err) != 0)
      return option_refuse(&block->options, "%s \"{%s}\": %s: %s", key,
                           format->fields[i], alone.name, err.text);
    meter->named[(*n)++] = format->fields[i];
  }
  meter->meter.named = *n > 0 ? meter->named : NULL;
  return 0;
}

/* Only a value of a record has fields; all others do without, and without an
 * owner. */
static int name_fields(const struct cloud_options *block,
                       struct cloud_meter *meter) {
  const struct cloud_style *style = &meter->style;
  size_t n = 0;
  if (meter->meter.of != METER_RECORD || meter->meter.total != TOTAL_NONE)
    return 0;
  bool failed =
      add_named(block, meter, "HostnameFormat", &style->host, &n) ||
      add_named(block, meter, "PluginInstanceFormat", &style->instance, &n) ||
      add_named(block, meter, "TypeInstanceFormat", &style->type_instance, &n);
  return failed ? -1 : 0;
}

/* Two meters of a resource must stay two. */
static int check_formats(const struct cloud_options *block) {
  const struct cloud_config *cloud = block->cloud;
  for (size_t i = 0; i < cloud->nmeters; i++) {
    const struct cloud_style *style = &cloud->meters[i].style;
    if (!name_format_has(&style->host, NAME_METER) &&
        !name_format_has(&style->instance, NAME_METER) &&
        !name_format_has(&style->type_instance, NAME_METER))
      return option_refuse(&block->options,
                           "TypeInstanceFormat: one of the formats must have "
                           "the word meter, or meters could not be told apart");
    if (name_fields(block, &cloud->meters[i]) != 0)
      return -1;
  }
  return 0;
}

static int check_walk(const struct cloud_options *block,
                      const struct meter *const *group, size_t n) {
  struct error err;
  return validate_walk(group, n, walk_group_has_metadata(group, n), &err) == 0
             ? 0
             : option_refuse(&block->options, "%s", err.text);
}

static int check_walks(const struct cloud_options *block) {
  const struct cloud_config *cloud = block->cloud;
  const struct meter **group = calloc(cloud->nmeters, sizeof(*group));
  if (group == NULL)
    return option_refuse(&block->options, "out of memory");
  int status = 0;
  for (size_t i = 0; i < cloud->nmeters && status == 0; i++) {
    size_t n = walk_group(cloud, i, group);
    if (n > 0)
      status = check_walk(block, group, n);
  }
  free(group);
  return status;
}

int meter_selection_make(struct cloud_options *block,
                         const struct custom_meters *custom,
                         const struct config_item *item) {
  struct cloud_config *cloud = block->cloud;
  for (size_t i = 0; i < cloud->patterns.n; i++)
    if (check_pattern(block, custom, cloud->patterns.items[i]) != 0)
      return -1;
  cloud->meters = calloc(custom_meters_count(custom), sizeof(*cloud->meters));
  if (cloud->meters == NULL)
    return option_refuse(&block->options, "out of memory");
  if (cloud->interval_ms == 0)
    cloud->interval_ms = INTERVAL_USUAL_MS;
  if (choose_meters(block, custom) != 0)
    return -1;
  for (size_t i = 0; i < item->nchildren; i++)
    if (meter_selection_is_block(&item->children[i]) &&
        change_by(block, custom, &item->children[i]) != 0)
      return -1;
  return check_formats(block) == 0 ? check_walks(block) : -1;
}
