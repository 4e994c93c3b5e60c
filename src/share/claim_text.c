#include "share/claim_text.h"

#include "base/text.h"
#include "etcd/etcd.h"
#include "net/extract.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION_WORD "1"
/* More are a mistake; they are compared with one another at each beat. */
#define MEMBERS 1000
#define TOOK_MS 1000000000 /* at most: nobody else's sums overflow */

/* ---- writing ------------------------------------------------------------ */

char *claim_text_root(const char *prefix, const char *cloud) {
  char *name = text_percent(cloud);
  char *root = name != NULL
                   ? text_printf("%s/" VERSION_WORD "/%s/", prefix, name)
                   : NULL;
  free(name);
  return root;
}

char *claim_text_member_key(const char *root, int64_t lease) {
  return text_printf("%smember/%016" PRIx64, root, (uint64_t)lease);
}

size_t claim_text_keys(const struct claim *claim) {
  return claim->nunits <= CLAIM_TEXT_UNITS
             ? 1
             : (claim->nunits + CLAIM_TEXT_UNITS - 1) / CLAIM_TEXT_UNITS;
}

char *claim_text_key(const char *root, const struct claim *claim,
                     size_t number) {
  return number == 0 ? text_printf("%swalk/%s", root, claim->name)
                     : text_printf("%snote/%s/%zu", root, claim->name, number);
}

char *claim_text_clash_key(const char *root, const struct claim_clash *clash) {
  return text_printf("%sclash/%s/%016" PRIx64, root, clash->unit, clash->hash);
}

char *claim_text_member(const char *host, const struct claim_about *about) {
  char *name = text_json(host);
  char *text = name != NULL
                   ? text_printf("{\"h\":%s,\"k\":\"%016" PRIx64
                                 "\",\"c\":\"%016" PRIx64 "\",\"u\":\"%u\","
                                 "\"v\":\"" OPENSTACK_PLUGIN_VERSION "\"}",
                                 name, about->cloud, about->config, about->unit)
                   : NULL;
  free(name);
  return text;
}

/* `text` and the unit behind it; NULL: memory. Frees `text`. */
static char *add_unit(char *text, const struct claim_unit *unit) {
  const struct claim_note *note = &unit->note;
  char *name = text != NULL ? text_json(unit->name) : NULL;
  char *longer =
      name != NULL
          ? text_printf("%s%s{\"u\":%s,\"b\":%" PRId64
                        ",\"e\":%d,\"d\":%" PRId64 "}",
                        text, text[strlen(text) - 1] == '[' ? "" : ",", name,
                        note->begun_wall, note->ended, note->took_ms)
          : NULL;
  free(name);
  free(text);
  return longer;
}

char *claim_text_value(const struct claim *claim, size_t number) {
  char *text = strdup("{\"walks\":[");
  size_t first = number * CLAIM_TEXT_UNITS;
  for (size_t i = 0; i < CLAIM_TEXT_UNITS && first + i < claim->nunits; i++)
    text = add_unit(text, &claim->units[first + i]);
  char *whole = text != NULL ? text_printf("%s]}", text) : NULL;
  free(text);
  return whole;
}

/* ---- reading ------------------------------------------------------------ */

/* What one value says. */
struct reading {
  struct claim_keys *keys;
  struct look_claim *claim;
  struct look_note **notes; /* the claim's, in `keys` */
  const char *host;
  struct claim_about about;
  bool broken; /* out of memory */
};

static char *keep_text(struct reading *r, const char *text) {
  struct claim_keys *keys = r->keys;
  char **texts =
      realloc(keys->texts, (keys->ntexts + 1) * sizeof(*keys->texts));
  char *copy = strdup(text);
  if (texts != NULL)
    keys->texts = texts;
  if (texts == NULL || copy == NULL) {
    r->broken = true;
    free(copy);
    return NULL;
  }
  return keys->texts[keys->ntexts++] = copy;
}

static int64_t number_of(const struct cell *cell) {
  double number;
  return cell_number(cell, &number) && number >= 0 && number < 1e15
             ? (int64_t)number
             : 0;
}

static int on_walk(void *arg, const struct cell *cells) {
  struct reading *r = arg;
  const char *unit = cell_text(&cells[0]);
  if (unit == NULL || r->claim == NULL)
    return 0;
  struct look_note *notes =
      realloc(*r->notes, (r->claim->nnotes + 1) * sizeof(*notes));
  char *name = keep_text(r, unit);
  int64_t took = number_of(&cells[3]);
  if (notes != NULL)
    r->claim->notes = *r->notes = notes;
  if (notes == NULL || name == NULL) {
    r->broken = true;
    return -1;
  }
  notes[r->claim->nnotes++] =
      (struct look_note){.unit = name,
                         .note = {.begun_wall = number_of(&cells[1]),
                                  .ended = number_of(&cells[2]) == 1,
                                  .took_ms = took < TOOK_MS ? took : TOOK_MS}};
  return 0;
}

static uint64_t hex_of(const struct cell *cell) {
  const char *text = cell_text(cell);
  return text != NULL ? strtoull(text, NULL, 16) : 0;
}

static int on_member(void *arg, const struct cell *cells) {
  struct reading *r = arg;
  const char *host = cell_text(&cells[0]);
  if (r->claim != NULL)
    return 0;
  if (host != NULL)
    r->host = keep_text(r, host);
  r->about = (struct claim_about){.config = hex_of(&cells[1]),
                                  .cloud = hex_of(&cells[2]),
                                  .unit = (unsigned)hex_of(&cells[3])};
  return 0;
}

static const struct extract_field walk_fields[] = {
    {.path = "u"}, {.path = "b"}, {.path = "e"}, {.path = "d"}};
static const struct extract_field member_fields[] = {
    {.path = "h"}, {.path = "c"}, {.path = "k"}, {.path = "u"}};
static const struct extract_group groups[] = {
    {.record = "walks[]",
     .fields = walk_fields,
     .nfields = 4,
     .on_record = on_walk},
    {.record = "",
     .fields = member_fields,
     .nfields = 4,
     .on_record = on_member},
};

/* What cannot be read is another daemon's mistake, and as good as empty. */
static void read_value(struct extract *x, const char *value) {
  struct error err;
  if (extract_begin(x, &err) == 0)
    (void)extract_feed(x, value, strlen(value), &err);
}

static const char *behind(const char *key, const char *root,
                          const char *folder) {
  size_t n = strlen(root), m = strlen(folder);
  return strncmp(key, root, n) == 0 && strncmp(key + n, folder, m) == 0
             ? key + n + m
             : NULL;
}

static void read_clash(struct reading *r, const char *key) {
  struct claim_keys *keys = r->keys;
  const char *slash = strrchr(key, '/');
  char *end = NULL;
  uint64_t hash = slash != NULL ? strtoull(slash + 1, &end, 16) : 0;
  char *unit = hash != 0 && *end == '\0' ? keep_text(r, key) : NULL;
  if (unit == NULL)
    return;
  unit[slash - key] = '\0';
  keys->clashes[keys->nclashes++] = (struct claim_clash){unit, hash};
}

/* Of a claim, whose name lives as long as the items. */
static void read_notes(struct reading *r, struct extract *x,
                       const struct etcd_item *item, const char *claim,
                       bool more) {
  struct claim_keys *keys = r->keys;
  r->notes = &keys->notes[keys->look.nclaims];
  r->claim = &keys->claims[keys->look.nclaims++];
  *r->claim =
      (struct look_claim){.name = claim, .lease = item->lease, .more = more};
  read_value(x, item->value);
}

/* As read_notes(), of NAME/NUMBER. */
static void read_more(struct reading *r, struct extract *x,
                      const struct etcd_item *item, const char *key) {
  const char *slash = strrchr(key, '/');
  char *claim = slash != NULL ? keep_text(r, key) : NULL;
  if (claim == NULL)
    return;
  claim[slash - key] = '\0';
  read_notes(r, x, item, claim, true);
}

static void read_item(struct reading *r, struct extract *x, const char *root,
                      const struct etcd_item *item) {
  struct claim_keys *keys = r->keys;
  const char *member = behind(item->key, root, "member/");
  const char *walk = behind(item->key, root, "walk/");
  const char *note = behind(item->key, root, "note/");
  const char *clash = behind(item->key, root, "clash/");
  if (clash != NULL)
    read_clash(r, clash);
  if (item->lease == 0) /* nobody made it */
    return;
  r->claim = NULL;
  r->host = NULL;
  r->about = (struct claim_about){0};
  if (walk != NULL) {
    read_notes(r, x, item, walk, false);
  } else if (note != NULL) {
    read_more(r, x, item, note);
  } else if (member != NULL) {
    read_value(x, item->value);
    keys->hosts[keys->look.nmembers] = r->host != NULL ? r->host : "";
    keys->members[keys->look.nmembers++] =
        (struct look_member){.lease = item->lease,
                             .created = item->create_revision,
                             .about = r->about};
  }
}

int claim_text_read(const char *root, const struct etcd_items *items,
                    struct claim_keys *keys, struct error *err) {
  struct reading r = {.keys = keys};
  *keys = (struct claim_keys){0};
  keys->members = calloc(items->n + 1, sizeof(*keys->members));
  keys->hosts = calloc(items->n + 1, sizeof(*keys->hosts));
  keys->claims = calloc(items->n + 1, sizeof(*keys->claims));
  keys->notes = calloc(items->n + 1, sizeof(*keys->notes));
  keys->clashes = calloc(items->n + 1, sizeof(*keys->clashes));
  keys->look.members = keys->members;
  keys->look.claims = keys->claims;
  if (keys->members == NULL || keys->hosts == NULL || keys->claims == NULL ||
      keys->notes == NULL || keys->clashes == NULL)
    return error_memory(err);
  struct extract *x = extract_new(groups, 2, &r, err);
  if (x == NULL)
    return -1;
  for (size_t i = 0; i < items->n && !r.broken; i++)
    read_item(&r, x, root, &items->items[i]);
  extract_free(x);
  if (keys->look.nmembers > MEMBERS)
    return error_set(err, ERROR_LIMIT, "over %d daemons share the cloud",
                     MEMBERS);
  return r.broken ? error_memory(err) : 0;
}

void claim_text_clear(struct claim_keys *keys) {
  for (size_t i = 0; i < keys->look.nclaims; i++)
    free(keys->notes[i]);
  for (size_t i = 0; i < keys->ntexts; i++)
    free(keys->texts[i]);
  free(keys->texts);
  free(keys->members);
  free(keys->hosts);
  free(keys->claims);
  free(keys->notes);
  free(keys->clashes);
  *keys = (struct claim_keys){0};
}
