#include "config/custom_meters.h"

#include "base/text.h"
#include "config/complaint.h"
#include "config/option.h"
#include "meter/meter.h"
#include "meter/validate.h"
#include "meters/meters.h"
#include "settings/cloud.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What both blocks have. It is in the heap and stays where it is. */
struct head {
  struct option_block block;
  char title[300];
  struct text_list texts; /* what the row points to */
};

struct custom_listing {
  struct head head;
  struct listing listing;
  struct text_list metadata, headers;
  struct number_list absent;
  const char *owners, *microversion;
};

struct custom_meter {
  struct head head;
  struct meter meter;
  const char *listing;
  struct text_list skip_states, groups, is, is_not;
  struct state_list states;
  struct number_list skip;
  double other_state;
};

static const char *const scopes[] = {[LISTING_CLOUD] = "cloud",
                                     [LISTING_PROJECT] = "project",
                                     [LISTING_OWNER] = "owner",
                                     NULL};
static const char *const auths[] = {
    [AUTH_TOKEN] = "token", [AUTH_S3] = "s3", [AUTH_NONE] = "none", NULL};
static const char *const pagings[] = {
    [PAGING_NONE] = "none",     [PAGING_LINK] = "link",
    [PAGING_LINKS] = "links",   [PAGING_MARKER] = "marker",
    [PAGING_OFFSET] = "offset", NULL};
static const char *const ofs[] = {[METER_RECORD] = "record",
                                  [METER_HEADERS] = "headers",
                                  [METER_ANSWER] = "answer",
                                  [METER_REQUEST] = "request",
                                  NULL};
static const char *const choices[] = {[CHOICE_ALWAYS] = "always",
                                      [CHOICE_PATTERN] = "pattern",
                                      [CHOICE_NAME] = "name",
                                      NULL};
const char *const custom_meters_totals[] = {
    [TOTAL_NONE] = "none", [TOTAL_COUNT] = "count", [TOTAL_SUM] = "sum",
    [TOTAL_MIN] = "min",   [TOTAL_MAX] = "max",     NULL};

#define ROW(type, name, option, member, ...)                                   \
  {                                                                            \
    .key = name, .kind = OPTION_##option, .offset = offsetof(type, member),    \
    __VA_ARGS__                                                                \
  }
#define LISTING(...) ROW(struct custom_listing, __VA_ARGS__)
#define METER(...) ROW(struct custom_meter, __VA_ARGS__)

/* clang-format off */
static const struct option listing_options[] = {
    LISTING("Service", CONST_TEXT, listing.service),
    LISTING("Path", CONST_TEXT, listing.path),
    LISTING("Interval", SECONDS, listing.interval_ms,
            .min = INTERVAL_LEAST, .max = INTERVAL_MOST),
    LISTING("Paced", SWITCH, listing.paced),
    LISTING("AtRoot", SWITCH, listing.at_root),
    LISTING("Unversioned", SWITCH, listing.unversioned),
    LISTING("AnyRequest", SWITCH, listing.any_request),
    LISTING("Fields", SWITCH, listing.fields),
    LISTING("Scope", CHOICE, listing.scope, .words = scopes),
    LISTING("Auth", CHOICE, listing.auth, .words = auths),
    LISTING("Record", CONST_TEXT, listing.record),
    LISTING("Paging", CHOICE, listing.paging.kind, .words = pagings),
    LISTING("Next", CONST_TEXT, listing.paging.next),
    LISTING("Marker", CONST_TEXT, listing.paging.marker),
    LISTING("MarkerWhen", CONST_TEXT, listing.paging.marker_when),
    LISTING("TotalHeader", CONST_TEXT, listing.paging.total_header),
    LISTING("Total", CONST_TEXT, listing.paging.total),
    LISTING("Truncated", CONST_TEXT, listing.paging.truncated),
    LISTING("ID", CONST_TEXT, listing.id),
    LISTING("Name", CONST_TEXT, listing.name_field),
    LISTING("Project", CONST_TEXT, listing.project),
    LISTING("OlderProject", CONST_TEXT, listing.older_project),
    LISTING("User", CONST_TEXT, listing.user),
    LISTING("Owners", CONST_TEXT, owners),
    LISTING("Owner", CONST_TEXT, listing.owner),
    LISTING("MetadataField", LIST, metadata),
    LISTING("Microversion", CONST_TEXT, microversion),
    LISTING("Header", LIST, headers),
    LISTING("Role", CONST_TEXT, listing.role),
    LISTING("WithoutRole", CONST_TEXT, listing.without_role),
    LISTING("Needs", CONST_TEXT, listing.needs),
    LISTING("Absent", NUMBERS, absent, .min = 400, .max = 499),
    LISTING("ServiceHeader", CONST_TEXT, listing.service_header),
};
static const struct option meter_options[] = {
    METER("Listing", CONST_TEXT, listing),
    METER("Of", CHOICE, meter.of, .words = ofs),
    METER("Value", CONST_TEXT, meter.value),
    METER("Type", CONST_TEXT, meter.type),
    METER("Unit", CONST_TEXT, meter.unit),
    METER("State", STATES, states),
    METER("SkipState", LIST, skip_states),
    METER("OtherState", NUMBER, other_state, .min = -DBL_MAX, .max = DBL_MAX),
    METER("Skip", NUMBERS, skip, .min = -DBL_MAX, .max = DBL_MAX),
    METER("Negative", SWITCH, meter.negative),
    METER("Aggregate", CHOICE, meter.total, .words = custom_meters_totals),
    METER("GroupBy", CONST_TEXT, meter.group),
    METER("Group", LIST, groups),
    METER("When", CONST_TEXT, meter.when.field),
    METER("Is", LIST, is),
    METER("IsNot", LIST, is_not),
    METER("ChosenBy", CHOICE, meter.choice, .words = choices),
    METER("MaxSeries", COUNT, meter.max_series, .min = 1, .max = 1e9),
};
/* clang-format on */
enum {
  LISTING_OPTIONS = sizeof(listing_options) / sizeof(listing_options[0]),
  METER_OPTIONS = sizeof(meter_options) / sizeof(meter_options[0])
};
_Static_assert(LISTING_OPTIONS <= OPTION_MOST && METER_OPTIONS <= OPTION_MOST,
               "each option has a bit");

/* ---- names -------------------------------------------------------------- */

static const struct listing *find_listing(const struct custom_meters *custom,
                                          const char *name) {
  for (size_t i = 0; i < meters_count(); i++)
    if (strcmp(meters_get(i)->from->name, name) == 0)
      return meters_get(i)->from;
  for (size_t i = 0; i < custom->listings.n; i++) {
    const struct custom_listing *listing = custom->listings.items[i];
    if (listing->listing.name != NULL &&
        strcmp(listing->listing.name, name) == 0)
      return &listing->listing;
  }
  return NULL;
}

static const struct meter *find_meter(const struct custom_meters *custom,
                                      const char *name) {
  for (size_t i = 0; i < custom_meters_count(custom); i++)
    if (strcmp(custom_meters_get(custom, i)->name, name) == 0)
      return custom_meters_get(custom, i);
  return NULL;
}

/* The head owns the text from now on. NULL: no memory. */
static const char *own_text(struct head *head, char *text) {
  if (text != NULL && text_list_add(&head->texts, text))
    return text;
  free(text);
  return NULL;
}

/* The name in a block's head, or NULL: complained. */
static const char *take_name(struct head *head,
                             const struct config_item *item) {
  char mapped[CUSTOM_NAME_MOST + 32];
  const char *name = option_string(item);
  head->block.name = head->title;
  snprintf(head->title, sizeof(head->title), "<%s>", item->key);
  if (name == NULL || name[0] == '\0') {
    option_refuse(&head->block, "needs one name in quotes");
    return NULL;
  }
  snprintf(head->title, sizeof(head->title), "<%s \"%.200s\">", item->key,
           name);
  text_identifier(mapped, sizeof(mapped), name);
  if (strcmp(mapped, name) != 0 || strlen(name) > CUSTOM_NAME_MOST) {
    option_refuse(&head->block,
                  "a name has up to %d of the characters A-Z a-z 0-9 . _ : @ -",
                  CUSTOM_NAME_MOST);
    return NULL;
  }
  const char *copy = own_text(head, strdup(name));
  if (copy == NULL)
    option_refuse(&head->block, "out of memory");
  return copy;
}

/* One more row, of zeros, whose block is `block`. NULL: complained. */
static void *add_row(struct custom_rows *rows, size_t size,
                     const struct config_item *item,
                     const struct option_block *block) {
  const struct option_block plain = {.name = item->key, .to = block->to};
  void **grown = realloc(rows->items, (rows->n + 1) * sizeof(*grown));
  if (grown != NULL)
    rows->items = grown;
  void *row = grown != NULL ? calloc(1, size) : NULL;
  if (row == NULL) {
    option_refuse(&plain, "out of memory");
    return NULL;
  }
  rows->items[rows->n++] = row;
  return row;
}

static void begin_head(struct head *head, const struct option_block *block) {
  head->block = *block;
  head->block.texts = &head->texts;
}

/* A block's options into the struct at `base`. */
static int take_options(struct option_block *block, void *base,
                        const struct config_item *item) {
  for (size_t i = 0; i < item->nchildren; i++)
    if (option_take(block, base, &item->children[i]) != 0)
      return -1;
  return 0;
}

/* ---- listings ----------------------------------------------------------- */

/* What is not there; NULL: nothing. */
static const char *missing_key(const struct custom_listing *custom) {
  const struct listing *l = &custom->listing;
  if (l->service == NULL)
    return "Service is missing";
  if (l->path == NULL)
    return "Path is missing";
  if (custom->absent.n > 2)
    return "more than two Absent";
  return custom->headers.n > 4 ? "more than 4 Header" : NULL;
}

/* "3.63" */
static bool is_version(const char *text) {
  static const char digits[] = "0123456789";
  size_t major = strspn(text, digits);
  size_t minor = text[major] == '.' ? strspn(text + major + 1, digits) : 0;
  return major > 0 && minor > 0 && major + minor < 10 &&
         text[major + 1 + minor] == '\0';
}

/* "OpenStack-API-Version: volume 3.63" to what stands before and behind its
 * last blank. */
static int split_microversion(struct custom_listing *custom) {
  struct head *head = &custom->head;
  struct listing *l = &custom->listing;
  const char *text = custom->microversion;
  const char *blank = text != NULL ? strrchr(text, ' ') : NULL;
  if (text == NULL)
    return 0;
  if (strstr(text, ": ") == NULL || !is_version(blank + 1))
    return option_refuse(&head->block,
                         "Microversion: expected a header and a number, "
                         "as in \"OpenStack-API-Version: volume "
                         "3.63\"");
  l->version_header = own_text(head, strndup(text, (size_t)(blank + 1 - text)));
  l->version = own_text(head, strdup(blank + 1));
  return l->version_header != NULL && l->version != NULL
             ? 0
             : option_refuse(&head->block, "out of memory");
}

static int find_owners(const struct custom_meters *all,
                       struct custom_listing *custom) {
  struct listing *l = &custom->listing;
  if (custom->owners == NULL)
    return 0;
  l->owners = find_listing(all, custom->owners);
  if (l->owners == NULL)
    return option_unknown(&custom->head.block,
                          "Owners \"%.100s\": no such listing", custom->owners);
  if (l->owners == l)
    return option_refuse(&custom->head.block,
                         "Owners \"%.100s\": is this listing itself",
                         custom->owners);
  return 0;
}

/* All that can be seen without other blocks. */
static int prepare_listing(struct custom_listing *custom) {
  struct listing *l = &custom->listing;
  const char *wrong = missing_key(custom);
  if (wrong != NULL)
    return option_refuse(&custom->head.block, "%s", wrong);
  l->metadata = (const char *const *)custom->metadata.items;
  l->headers = (const char *const *)custom->headers.items;
  for (size_t i = 0; i < custom->absent.n; i++)
    l->absent[i] = (int)custom->absent.items[i];
  return split_microversion(custom);
}

static int finish_listing(const struct custom_meters *all,
                          struct custom_listing *custom) {
  const struct option_block *block = &custom->head.block;
  const struct listing *l = &custom->listing;
  struct error err;
  if (find_owners(all, custom) != 0)
    return -1;
  if (validate_listing(l, &err) != 0)
    return option_refuse(block, "%s", err.text);
  /* One page of many, taken for all, would be a wrong number. */
  if (l->record != NULL && !option_given(block, "Paging"))
    return option_refuse(block, "Paging is missing: \"none\" if one answer has "
                                "all records");
  return 0;
}

int custom_meters_add_listing(struct custom_meters *custom,
                              const struct config_item *item,
                              const struct complaints *to) {
  const struct option_block block = {
      .options = listing_options, .noptions = LISTING_OPTIONS, .to = to};
  struct custom_listing *added =
      add_row(&custom->listings, sizeof(*added), item, &block);
  if (added == NULL)
    return -1;
  begin_head(&added->head, &block);
  added->listing.name = take_name(&added->head, item);
  if (added->listing.name == NULL)
    return -1;
  if (find_listing(custom, added->listing.name) != &added->listing)
    return option_refuse(&added->head.block, "there is one of this name");
  return take_options(&added->head.block, added, item) == 0
             ? prepare_listing(added)
             : -1;
}

/* ---- meters ------------------------------------------------------------- */

/* The table of states: those with a number, those without, and all others. */
static int finish_states(struct custom_meter *custom) {
  struct state_list *list = &custom->states;
  struct state *grown = realloc(
      list->items, (list->n + custom->skip_states.n + 1) * sizeof(*grown));
  if (grown == NULL)
    return -1;
  list->items = grown;
  for (size_t i = 0; i < custom->skip_states.n; i++) {
    char *text = custom->skip_states.items[i];
    text_lower(text, strlen(text) + 1, text);
    grown[list->n++] = (struct state){.text = text, .number = NAN};
  }
  grown[list->n] = (struct state){.text = NULL, .number = custom->other_state};
  custom->meter.states = grown;
  return 0;
}

const char *custom_meters_group(const char *group) {
  static const char *const words[] = {METER_BY_PROJECT, METER_BY_USER};
  for (size_t i = 0; group != NULL && i < 2; i++)
    if (strcasecmp(group, words[i]) == 0)
      return words[i];
  return group;
}

static int prepare_condition(struct custom_meter *custom) {
  struct condition *when = &custom->meter.when;
  const struct option_block *block = &custom->head.block;
  struct text_list *texts = custom->is.n > 0 ? &custom->is : &custom->is_not;
  if (when->field == NULL && texts->n > 0)
    return option_refuse(block, "Is and IsNot need When");
  if (custom->is.n > 0 && custom->is_not.n > 0)
    return option_refuse(block, "Is and IsNot: only one of them");
  for (size_t i = 0; i < texts->n; i++)
    text_lower(texts->items[i], strlen(texts->items[i]) + 1, texts->items[i]);
  when->texts = (const char *const *)texts->items;
  when->others = custom->is_not.n > 0;
  return 0;
}

/* All that can be seen without other blocks. */
static int prepare_meter(struct custom_meter *custom) {
  struct meter *meter = &custom->meter;
  const struct option_block *block = &custom->head.block;
  bool states = custom->states.n > 0 || custom->skip_states.n > 0;
  if (custom->listing == NULL)
    return option_refuse(block, "Listing is missing");
  if (!states && !isnan(custom->other_state))
    return option_refuse(block, "OtherState needs State");
  if (states && custom->skip.n > 0)
    return option_refuse(block, "Skip is of numbers, SkipState of states");
  if (states && finish_states(custom) != 0)
    return option_refuse(block, "out of memory");
  meter->group = custom_meters_group(meter->group);
  meter->groups = (const char *const *)custom->groups.items;
  if (prepare_condition(custom) != 0)
    return -1;
  meter->skip = custom->skip.items;
  meter->nskip = custom->skip.n;
  return 0;
}

static int finish_meter(const struct custom_meters *all,
                        struct custom_meter *custom) {
  struct meter *meter = &custom->meter;
  const struct option_block *block = &custom->head.block;
  struct error err;
  meter->from = find_listing(all, custom->listing);
  if (meter->from == NULL)
    return option_unknown(block, "Listing \"%.200s\": no such listing",
                          custom->listing);
  return validate_meter(meter, &err) == 0
             ? 0
             : option_refuse(block, "%s", err.text);
}

int custom_meters_add_meter(struct custom_meters *custom,
                            const struct config_item *item,
                            const struct complaints *to) {
  const struct option_block block = {
      .options = meter_options, .noptions = METER_OPTIONS, .to = to};
  struct custom_meter *added =
      add_row(&custom->meters, sizeof(*added), item, &block);
  if (added == NULL)
    return -1;
  begin_head(&added->head, &block);
  added->other_state = NAN;
  added->meter.negative = true;
  added->meter.name = take_name(&added->head, item);
  if (added->meter.name == NULL)
    return -1;
  if (find_meter(custom, added->meter.name) != &added->meter)
    return option_refuse(&added->head.block,
                         "there is one of this name; in a <Cloud> such a "
                         "block changes a meter");
  return take_options(&added->head.block, added, item) == 0
             ? prepare_meter(added)
             : -1;
}

/* ---- all ---------------------------------------------------------------- */

int custom_meters_finish(struct custom_meters *custom) {
  for (size_t i = 0; i < custom->listings.n; i++)
    if (finish_listing(custom, custom->listings.items[i]) != 0)
      return -1;
  for (size_t i = 0; i < custom->meters.n; i++)
    if (finish_meter(custom, custom->meters.items[i]) != 0)
      return -1;
  return 0;
}

size_t custom_meters_count(const struct custom_meters *custom) {
  return meters_count() + custom->meters.n;
}

const struct meter *custom_meters_get(const struct custom_meters *custom,
                                      size_t i) {
  size_t built_in = meters_count();
  const struct custom_meter *meter =
      i < built_in ? NULL : custom->meters.items[i - built_in];
  return meter != NULL ? &meter->meter : meters_get(i);
}

void custom_meters_clear(struct custom_meters *custom) {
  for (size_t i = 0; i < custom->meters.n; i++) {
    struct custom_meter *meter = custom->meters.items[i];
    options_clear(meter_options, METER_OPTIONS, meter);
    text_list_clear(&meter->head.texts);
    free(meter);
  }
  for (size_t i = 0; i < custom->listings.n; i++) {
    struct custom_listing *listing = custom->listings.items[i];
    options_clear(listing_options, LISTING_OPTIONS, listing);
    text_list_clear(&listing->head.texts);
    free(listing);
  }
  free(custom->listings.items);
  free(custom->meters.items);
  *custom = (struct custom_meters){0};
}
