#include "walk/sharing.h"

#include "base/text.h"
#include "keystone/catalog.h"
#include "settings/cloud.h"
#include "settings/walk_group.h"
#include "share/shard.h"

#include <stdlib.h>
#include <string.h>

struct sharing {
  const struct cloud_config *config;
  struct schedule *const *schedules;
  size_t nschedules;
  struct claim_wish *wishes;
  struct schedule **units; /* of the wishes */
  size_t n;
  struct text_list names;
  struct member *member;
  struct pool *pool;
  bool started;
};

static void walk_now(void *arg, size_t unit) {
  struct sharing *s = arg;
  schedule_now(s->units[unit], s->pool);
}

/* ---- units -------------------------------------------------------------- */

/* A cloud may walk a listing at two intervals. */
static bool is_one_of_several(const struct sharing *s,
                              const struct schedule *schedule) {
  size_t same = 0;
  for (size_t i = 0; i < s->nschedules; i++)
    same += schedule_listing(s->schedules[i]) == schedule_listing(schedule);
  return same > 1;
}

/* Otherwise an interval is no part of the name: while it is being changed, all
 * must mean the same. `mark` stands before it. */
static char *name_unit(const struct sharing *s, const struct schedule *schedule,
                       const char *mark) {
  const struct listing *listing = schedule_listing(schedule);
  if (!is_one_of_several(s, schedule))
    return strdup(listing->name);
  return text_printf("%s%s%.15g", listing->name, mark,
                     (double)schedule_interval_ms(schedule) / 1000.0);
}

/* `claim` is NULL: it has one of its own. Where daemons walk the listing at one
 * interval that is a rival of those that have it at several, which are to it as
 * shards. */
static const char *add_unit(struct sharing *s, struct schedule *schedule,
                            const char *claim) {
  bool paced = schedule_turn_ms(schedule) != schedule_interval_ms(schedule);
  char *name = name_unit(s, schedule, "#@");
  if (name == NULL || !text_list_add(&s->names, name)) {
    free(name);
    return NULL;
  }
  if (s->config->share->unit == SHARE_UNIT_CLOUD)
    claim = "cloud";
  s->units[s->n] = schedule;
  s->wishes[s->n++] = (struct claim_wish){
      .claim = claim != NULL ? claim : name,
      .unit = name,
      .of = claim == NULL && is_one_of_several(s, schedule)
                ? schedule_listing(schedule)->name
                : NULL,
      .interval_ms = paced ? 0 : schedule_interval_ms(schedule)};
  return name;
}

/* Each has a claim of its own. */
static const char *add_shards(struct sharing *s, struct schedule *schedule) {
  char *whole = name_unit(s, schedule, "@");
  const char *last = NULL;
  if (whole == NULL || !text_list_add(&s->names, whole)) {
    free(whole);
    return NULL;
  }
  for (unsigned i = 0; i < SHARDS; i++) {
    char *name = text_printf("%s#%u", whole, i);
    if (name == NULL || !text_list_add(&s->names, name)) {
      free(name);
      return NULL;
    }
    s->units[s->n] = schedule;
    s->wishes[s->n++] =
        (struct claim_wish){.claim = name,
                            .unit = name,
                            .of = whole,
                            .interval_ms = schedule_interval_ms(schedule)};
    last = name;
  }
  return last;
}

static bool is_split(const struct sharing *s, const struct schedule *schedule) {
  size_t n;
  const struct meter *const *meters = schedule_meters(schedule, &n);
  return s->config->share->unit == SHARE_UNIT_PROJECT &&
         walk_group_unsplit(meters, n) == NULL;
}

static bool is_added(const struct sharing *s, const struct schedule *schedule) {
  for (size_t i = 0; i < s->n; i++)
    if (s->units[i] == schedule)
      return true;
  return false;
}

static const char *service_of(const struct sharing *s,
                              const struct schedule *schedule) {
  return access_service(&s->config->access, schedule_listing(schedule));
}

/* A listing, and who asks whether its service answers, unless an earlier
 * listing of the service has that. Of shards it goes with the last. */
static bool add_claim(struct sharing *s, struct schedule *first) {
  const char *claim =
      is_split(s, first) ? add_shards(s, first) : add_unit(s, first, NULL);
  for (size_t i = 0; claim != NULL && i < s->nschedules; i++) {
    struct schedule *other = s->schedules[i];
    if (schedule_listing(other)->any_request && !is_added(s, other) &&
        catalog_is_service(service_of(s, first), service_of(s, other)) &&
        add_unit(s, other, claim) == NULL)
      return false;
  }
  return claim != NULL;
}

static bool add_all(struct sharing *s) {
  for (size_t i = 0; i < s->nschedules; i++)
    if (!schedule_listing(s->schedules[i])->any_request &&
        !add_claim(s, s->schedules[i]))
      return false;
  for (size_t i = 0; i < s->nschedules; i++)
    if (!is_added(s, s->schedules[i]) && !add_claim(s, s->schedules[i]))
      return false;
  return true;
}

/* What makes daemons alike: the same units at the same intervals, with the same
 * meters. */
static uint64_t hash_config(const struct sharing *s) {
  uint64_t hash = 0;
  for (size_t i = 0; i < s->n; i++) {
    hash = text_hash(s->wishes[i].claim, strlen(s->wishes[i].claim), hash);
    hash = text_hash(s->wishes[i].unit, strlen(s->wishes[i].unit), hash);
    hash = text_hash(&s->wishes[i].interval_ms,
                     sizeof(s->wishes[i].interval_ms), hash);
  }
  for (size_t i = 0; i < s->config->nmeters; i++) {
    const char *name = s->config->meters[i].meter.name;
    hash = text_hash(name, strlen(name), hash);
  }
  return hash;
}

/* ---- life cycle --------------------------------------------------------- */

static int make_member(struct sharing *s, struct error *err) {
  size_t most = s->nschedules * SHARDS + 1;
  s->wishes = calloc(most, sizeof(*s->wishes));
  s->units = calloc(most, sizeof(*s->units));
  if (s->wishes == NULL || s->units == NULL || !add_all(s))
    return error_memory(err);
  s->member = member_new(&(struct member_options){.cloud = s->config->name,
                                                  .config = s->config->share,
                                                  .wishes = s->wishes,
                                                  .nwishes = s->n,
                                                  .config_hash = hash_config(s),
                                                  .walk = walk_now,
                                                  .arg = s},
                         err);
  return s->member != NULL ? 0 : -1;
}

struct sharing *sharing_new(const struct cloud_config *config,
                            struct schedule *const *schedules, size_t n,
                            struct error *err) {
  struct sharing *s = calloc(1, sizeof(*s));
  if (s == NULL) {
    error_memory(err);
    return NULL;
  }
  s->config = config;
  s->schedules = schedules;
  s->nschedules = n;
  if (make_member(s, err) != 0) {
    sharing_free(s);
    return NULL;
  }
  for (size_t i = 0, parts; i < s->n; i += parts) {
    for (parts = 1; i + parts < s->n && s->units[i + parts] == s->units[i];)
      parts++;
    schedule_share(
        s->units[i],
        &(struct member_unit){.member = s->member, .first = i, .n = parts});
  }
  return s;
}

void sharing_free(struct sharing *s) {
  if (s == NULL)
    return;
  member_free(s->member);
  text_list_clear(&s->names);
  free(s->wishes);
  free(s->units);
  free(s);
}

int sharing_start(struct sharing *s, struct pool *pool, const char *host,
                  member_spawn *spawn, struct error *err) {
  s->pool = pool;
  if (member_start(s->member, host, spawn, err) != 0)
    return -1;
  if (!s->started && s->n > 0)
    schedule_login(s->units[0], pool);
  s->started = true;
  return 0;
}

struct member *sharing_member(const struct sharing *s) {
  return s->member;
}
