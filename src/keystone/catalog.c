#include "keystone/catalog.h"

#include "base/text.h"
#include "net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void endpoints_clear(struct endpoints *endpoints) {
  for (size_t i = 0; i < endpoints->n; i++) {
    free(endpoints->list[i].region);
    free(endpoints->list[i].url);
  }
  free(endpoints->list);
  *endpoints = (struct endpoints){0};
}

/* Types that mean the same service, the preferred one first.
 * https://service-types.openstack.org/ */
static const char *const aliases[][4] = {
    {"block-storage", "volumev3", "block-store"},
    {"shared-file-system", "sharev2"},
    {"alarm", "alarming"},
    {"load-balancer", "load_balancer"},
    {"baremetal", "bare-metal", "bare_metal"},
    {"container-infrastructure-management", "container-infrastructure",
     "container-infra"},
    {"instance-ha", "ha"},
};

static bool same_service(const char *a, const char *b) {
  if (strcmp(a, b) == 0)
    return true;
  for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
    bool has_a = false, has_b = false;
    for (size_t j = 0; j < 4 && aliases[i][j] != NULL; j++) {
      has_a = has_a || strcmp(aliases[i][j], a) == 0;
      has_b = has_b || strcmp(aliases[i][j], b) == 0;
    }
    if (has_a && has_b)
      return true;
  }
  return false;
}

/* Older types, of older versions as well: where nothing better is there. */
static bool was_service(const char *type, const char *service) {
  return (strcmp(type, "volume") == 0 &&
          same_service(service, "block-storage")) ||
         (strcmp(type, "share") == 0 &&
          same_service(service, "shared-file-system"));
}

/* Beyond all that suits() says: what has no URL serves nobody. */
#define ANY_RIGHT 100

/* How well an entry serves; 0: not at all. Another version in its URL is worse
 * than another name; a type that is named exactly so wins over an alias. */
static int suits(const struct catalog_entry *entry,
                 const struct catalog_wanted *wanted) {
  int name = 0;
  unsigned major = url_major(entry->url);
  bool other = wanted->major > 0 && major > 0 && major != wanted->major;
  if (strcmp(entry->type, wanted->service) == 0)
    name = 3;
  else if (same_service(entry->type, wanted->service))
    name = 2;
  else if (was_service(entry->type, wanted->service) && !other)
    name = 1;
  if (name == 0 || other)
    return name;
  return 10 + 2 * name + (wanted->major > 0 && major == wanted->major);
}

/* The best entry in `region`, of equals the first; or NULL. */
static const struct catalog_entry *
find_entry(const struct catalog *c, const struct catalog_wanted *wanted,
           const char *region) {
  const struct catalog_entry *found = NULL;
  int best = 0;
  for (size_t i = 0; i < c->login->nentries; i++) {
    const struct catalog_entry *entry = &c->login->entries[i];
    if (entry->type == NULL || strcmp(entry->region, region) != 0)
      continue;
    int how_well = suits(entry, wanted);
    if (how_well > 0 && entry->wrong == NULL)
      how_well += ANY_RIGHT;
    if (how_well > best) {
      best = how_well;
      found = entry;
    }
  }
  return found;
}

static struct endpoint *add_endpoint(struct endpoints *to, const char *region) {
  struct endpoint *grown = realloc(to->list, (to->n + 1) * sizeof(*grown));
  if (grown == NULL)
    return NULL;
  to->list = grown;
  struct endpoint *endpoint = &grown[to->n];
  *endpoint = (struct endpoint){.region = strdup(region)};
  if (endpoint->region == NULL)
    return NULL;
  to->n++;
  return endpoint;
}

static int add_wrong(struct endpoints *to, const struct catalog_entry *entry,
                     struct error *err) {
  char url[200];
  struct endpoint *endpoint = add_endpoint(to, entry->region);
  if (endpoint == NULL)
    return error_memory(err);
  url_show(url, sizeof(url), entry->url);
  error_set(&endpoint->lack, ERROR_STATUS,
            "the catalogue's endpoint of \"%s\", %s: %s", entry->type, url,
            entry->wrong);
  return 0;
}

/* The first entry of each region counts. */
/* Without the "/" at its end. */
static int add_url(struct endpoints *to, const char *region, const char *url,
                   struct error *err) {
  size_t len = strlen(url);
  while (len > 0 && url[len - 1] == '/')
    len--;
  struct endpoint *endpoint = add_endpoint(to, region);
  if (endpoint != NULL)
    endpoint->url = strndup(url, len);
  return endpoint != NULL && endpoint->url != NULL ? 0 : error_memory(err);
}

static int add_entry(struct endpoints *to, const struct catalog_entry *entry,
                     struct error *err) {
  for (size_t i = 0; i < to->n; i++)
    if (strcmp(to->list[i].region, entry->region) == 0)
      return 0;
  return entry->wrong != NULL ? add_wrong(to, entry, err)
                              : add_url(to, entry->region, entry->url, err);
}

/* "; it has internal, admin", of the service; or nothing. */
static void put_elsewhere(const struct catalog *c, const char *service,
                          char *dst, size_t size) {
  dst[0] = '\0';
  for (size_t i = 0; i < c->login->elsewhere.n; i++) {
    const char *text = c->login->elsewhere.items[i];
    const char *interface = strrchr(text, '=') + 1;
    char type[80];
    snprintf(type, sizeof(type), "%.*s", (int)(interface - 1 - text), text);
    if (same_service(type, service) && strstr(dst, interface) == NULL) {
      text_join(dst, size, "", dst[0] == '\0' ? "; it has " : ", ");
      text_join(dst, size, "", interface);
    }
  }
}

static void set_no_region(struct error *lack, const char *region,
                          const struct text_list *regions) {
  char all[200] = "";
  for (size_t i = 0; i < regions->n; i++)
    if (regions->items[i][0] != '\0')
      text_join(all, sizeof(all), ", ", regions->items[i]);
  bool cut = strlen(all) == sizeof(all) - 1;
  error_set(lack, ERROR_REGION, "the catalogue has no region \"%s\"%s%s%s",
            region, all[0] != '\0' ? "; it has " : "", all, cut ? "..." : "");
}

/* A region that is configured is not just left out. */
static int add_lack(const struct catalog *c, struct endpoints *to,
                    const char *service, const char *region,
                    struct error *err) {
  char elsewhere[60];
  struct endpoint *endpoint = add_endpoint(to, region);
  if (endpoint == NULL)
    return error_memory(err);
  put_elsewhere(c, service, elsewhere, sizeof(elsewhere));
  if (text_list_has(&c->login->regions, region))
    error_set(&endpoint->lack, ERROR_ABSENT,
              "the catalogue has no \"%s\" (interface %s, region %s)%s",
              service, c->config->interface, region, elsewhere);
  else
    set_no_region(&endpoint->lack, region, &c->login->regions);
  return 0;
}

bool catalog_is_service(const char *name, const char *service) {
  char dashed[80];
  if (strlen(name) >= sizeof(dashed))
    return false;
  text_copy(dashed, sizeof(dashed), name);
  for (char *c = dashed; *c != '\0'; c++)
    *c = *c == '_' ? '-' : *c;
  return same_service(dashed, service);
}

/* What the configuration says of a service in a list of "service=value", or
 * NULL. */
static const char *configured_for(const struct text_list *list,
                                  const char *service) {
  for (size_t i = 0; i < list->n; i++) {
    const char *equals = strchr(list->items[i], '=');
    char name[80];
    size_t len = equals != NULL ? (size_t)(equals - list->items[i]) : 0;
    if (len == 0 || len >= sizeof(name))
      continue;
    memcpy(name, list->items[i], len);
    name[len] = '\0';
    if (catalog_is_service(name, service))
      return equals + 1;
  }
  return NULL;
}

static int collect_configured(const struct catalog *c,
                              const struct catalog_wanted *wanted,
                              struct endpoints *to, struct error *err) {
  const struct text_list *regions = &c->config->regions;
  for (size_t i = 0; i < regions->n; i++) {
    const struct catalog_entry *entry =
        find_entry(c, wanted, regions->items[i]);
    int status = entry != NULL
                     ? add_entry(to, entry, err)
                     : add_lack(c, to, wanted->service, regions->items[i], err);
    if (status != 0)
      return -1;
  }
  return 0;
}

static int collect_all(const struct catalog *c,
                       const struct catalog_wanted *wanted,
                       struct endpoints *to, struct error *err) {
  for (size_t i = 0; i < c->login->nentries; i++) {
    const struct catalog_entry *entry =
        find_entry(c, wanted, c->login->entries[i].region);
    if (entry != NULL && add_entry(to, entry, err) != 0)
      return -1;
  }
  char elsewhere[60];
  if (to->n > 0)
    return 0;
  put_elsewhere(c, wanted->service, elsewhere, sizeof(elsewhere));
  return error_set(err, ERROR_ABSENT,
                   "the catalogue has no \"%s\" (interface %s)%s",
                   wanted->service, c->config->interface, elsewhere);
}

int catalog_endpoints(const struct catalog *c,
                      const struct catalog_wanted *wanted, struct endpoints *to,
                      struct error *err) {
  const struct session_config *said = c->config;
  const char *url = configured_for(&said->endpoints, wanted->service);
  const char *type = configured_for(&said->service_types, wanted->service);
  const char *region = said->regions.n > 0 ? said->regions.items[0] : "";
  if (url != NULL)
    return add_url(to, region, url, err);
  const struct catalog_wanted found = {type != NULL ? type : wanted->service,
                                       wanted->major};
  return said->regions.n > 0 ? collect_configured(c, &found, to, err)
                             : collect_all(c, &found, to, err);
}
