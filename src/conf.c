#include "conf.h"

#include "log.h"
#include "meters/meters.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_INTERVAL_MS                                                    \
  300000 /* Ceilometer's; collectd's 10 s would walk                           \
            every API thirty times as often */

enum kind {
  TEXT,
  SECRET,      /* text that no message repeats */
  SECRET_FILE, /* a file that can be read, and by its owner only */
  FILE_NAME,   /* a file that can be read */
  SWITCH,
  SECONDS, /* into int64_t milliseconds */
  MILLISECONDS,
  COUNT,  /* into size_t */
  NUMBER, /* into double */
  INTERFACE,
  METADATA,
  REGION, /* several allowed */
  METER,  /* several allowed */
};

struct option {
  const char *key;
  enum kind kind;
  size_t offset; /* in struct cloud_config */
  double min, max;
};

#define AT(member) offsetof(struct cloud_config, member)

static const struct option options[] = {
    {"AuthURL", TEXT, AT(session.auth_url), 0, 0},
    {"Username", TEXT, AT(session.username), 0, 0},
    {"UserID", TEXT, AT(session.user_id), 0, 0},
    {"UserDomainName", TEXT, AT(session.user_domain_name), 0, 0},
    {"UserDomainID", TEXT, AT(session.user_domain_id), 0, 0},
    {"Password", SECRET, AT(session.password), 0, 0},
    {"PasswordFile", SECRET_FILE, AT(session.password_file), 0, 0},
    {"ProjectName", TEXT, AT(session.project_name), 0, 0},
    {"ProjectID", TEXT, AT(session.project_id), 0, 0},
    {"ProjectDomainName", TEXT, AT(session.project_domain_name), 0, 0},
    {"ProjectDomainID", TEXT, AT(session.project_domain_id), 0, 0},
    {"SystemScope", SWITCH, AT(session.system_scope), 0, 0},
    {"ApplicationCredentialID", TEXT, AT(session.credential_id), 0, 0},
    {"ApplicationCredentialName", TEXT, AT(session.credential_name), 0, 0},
    {"ApplicationCredentialSecret", SECRET, AT(session.credential_secret), 0,
     0},
    {"ApplicationCredentialSecretFile", SECRET_FILE,
     AT(session.credential_secret_file), 0, 0},
    {"Token", SECRET, AT(session.token), 0, 0},
    {"Region", REGION, 0, 0, 0},
    {"Interface", INTERFACE, AT(session.interface), 0, 0},
    {"Interval", SECONDS, AT(interval_ms), 0.1, 604800},
    {"Timeout", MILLISECONDS, AT(http.timeout_ms), 1, 3600000},
    {"Host", TEXT, AT(host), 0, 0},
    {"Metadata", METADATA, AT(metadata), 0, 0},
    {"MaxConnections", COUNT, AT(http.width), 1, 64},
    {"MaxRequestRate", NUMBER, AT(request_rate), 0, 100000},
    {"VerifyPeer", SWITCH, AT(http.verify_peer), 0, 0},
    {"VerifyHost", SWITCH, AT(http.verify_host), 0, 0},
    {"CACert", FILE_NAME, AT(http.ca_cert), 0, 0},
    {"ClientCert", FILE_NAME, AT(http.client_cert), 0, 0},
    {"ClientKey", FILE_NAME, AT(http.client_key), 0, 0},
    {"IgnoreDisabledProjects", SWITCH, AT(ignore_disabled_projects), 0, 0},
    {"Meter", METER, 0, 0, 0},
};
enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

/* A <Cloud> block while it is read. */
struct block {
  struct cloud_config *cloud;
  bool given[OPTIONS];
  char **patterns; /* of Meter */
  size_t npatterns;
};

/* ---- messages ----------------------------------------------------------- */

/* A value as the operator wrote it. */
static void show_value(const oconfig_item_t *item, bool secret, char *dst,
                       size_t size) {
  dst[0] = '\0';
  if (secret && item->values_num > 0) {
    text_copy(dst, size, " (hidden)");
    return;
  }
  if (item->values_num < 1)
    return;
  const oconfig_value_t *value = &item->values[0];
  char line[200];
  switch (value->type) {
  case OCONFIG_TYPE_STRING:
    text_one_line(line, sizeof(line), value->value.string,
                  strlen(value->value.string));
    snprintf(dst, size, " \"%s\"", line);
    break;
  case OCONFIG_TYPE_NUMBER:
    snprintf(dst, size, " %.15g", value->value.number);
    break;
  case OCONFIG_TYPE_BOOLEAN:
    snprintf(dst, size, " %s", value->value.boolean ? "true" : "false");
    break;
  }
}

/* One line: block, key and value, and what is wrong. Returns -1. */
static int wrong(const struct block *block, const oconfig_item_t *item,
                 bool secret, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static int wrong(const struct block *block, const oconfig_item_t *item,
                 bool secret, const char *format, ...) {
  char value[240], why[600];
  va_list ap;
  va_start(ap, format);
  vsnprintf(why, sizeof(why), format, ap);
  va_end(ap);
  show_value(item, secret, value, sizeof(value));
  log_error("config: <Cloud \"%s\">: %s%s: %s", block->cloud->name, item->key,
            value, why);
  return -1;
}

static int missing(const struct block *block, const char *what) {
  log_error("config: <Cloud \"%s\">: %s", block->cloud->name, what);
  return -1;
}

/* ---- one option --------------------------------------------------------- */

static bool is_secret(enum kind kind) { return kind == SECRET; }

static const char *string_of(const oconfig_item_t *item) {
  if (item->values_num != 1 || item->values[0].type != OCONFIG_TYPE_STRING)
    return NULL;
  return item->values[0].value.string;
}

static int take_string(const struct block *block, const oconfig_item_t *item,
                       bool secret, char **where) {
  const char *text = string_of(item);
  if (text == NULL)
    return wrong(block, item, secret, "expected one string in quotes");
  if (text[0] == '\0')
    return wrong(block, item, secret, "must not be empty");
  free(*where);
  *where = strdup(text);
  return *where != NULL ? 0 : wrong(block, item, secret, "out of memory");
}

static int take_file(const struct block *block, const oconfig_item_t *item,
                     bool secret_inside, char **where) {
  struct stat file;
  if (take_string(block, item, false, where) != 0)
    return -1;
  if (access(*where, R_OK) != 0)
    return wrong(block, item, false, "cannot be read: %m");
  if (secret_inside && stat(*where, &file) == 0 && (file.st_mode & S_IROTH))
    log_warning("config: <Cloud \"%s\">: %s \"%s\": everybody on this machine "
                "may read it; chmod 0600 or 0640",
                block->cloud->name, item->key, *where);
  return 0;
}

static int take_switch(const struct block *block, const oconfig_item_t *item,
                       bool *where) {
  const char *text = string_of(item);
  if (item->values_num == 1 && item->values[0].type == OCONFIG_TYPE_BOOLEAN)
    *where = item->values[0].value.boolean != 0;
  else if (text != NULL && strcasecmp(text, "true") == 0)
    *where = true;
  else if (text != NULL && strcasecmp(text, "false") == 0)
    *where = false;
  else
    return wrong(block, item, false, "expected true or false");
  return 0;
}

static int take_number(const struct block *block, const oconfig_item_t *item,
                       const struct option *option, double *ret) {
  double number = 0;
  const char *text = string_of(item);
  bool is_number =
      item->values_num == 1 && item->values[0].type == OCONFIG_TYPE_NUMBER;
  if (is_number)
    number = item->values[0].value.number;
  else if (text == NULL || !text_number(text, &number))
    return wrong(block, item, false, "expected a number from %.15g to %.15g",
                 option->min, option->max);
  if (!(number >= option->min && number <= option->max))
    return wrong(block, item, false, "must be from %.15g to %.15g", option->min,
                 option->max);
  if ((option->kind == COUNT || option->kind == MILLISECONDS) &&
      number != (double)(int64_t)number)
    return wrong(block, item, false, "expected a whole number");
  *ret = number;
  return 0;
}

/* The index of the item's word in `words`, or -1. */
static int take_word(const struct block *block, const oconfig_item_t *item,
                     const char *const *words, size_t n) {
  const char *text = string_of(item);
  for (size_t i = 0; text != NULL && i < n; i++)
    if (strcasecmp(words[i], text) == 0)
      return (int)i;
  char all[100] = "";
  size_t used = 0;
  for (size_t i = 0; i < n && used < sizeof(all); i++) {
    text_copy(all + used, sizeof(all) - used, i > 0 ? ", " : "");
    used = strlen(all);
    text_copy(all + used, sizeof(all) - used, words[i]);
    used = strlen(all);
  }
  return wrong(block, item, false, "expected one of %s", all);
}

static int append(const struct block *block, const oconfig_item_t *item,
                  char ***list, size_t *n) {
  char *text = NULL;
  if (take_string(block, item, false, &text) != 0)
    return -1;
  char **grown = realloc(*list, (*n + 1) * sizeof(**list));
  if (grown == NULL) {
    free(text);
    return wrong(block, item, false, "out of memory");
  }
  *list = grown;
  grown[(*n)++] = text;
  return 0;
}

static int take_quantity(const struct block *block, const oconfig_item_t *item,
                         const struct option *option, void *where) {
  double number = 0;
  if (take_number(block, item, option, &number) != 0)
    return -1;
  if (option->kind == SECONDS)
    *(int64_t *)where = (int64_t)(number * 1000);
  else if (option->kind == MILLISECONDS)
    *(int64_t *)where = (int64_t)number;
  else if (option->kind == COUNT)
    *(size_t *)where = (size_t)number;
  else
    *(double *)where = number;
  return 0;
}

static int take_interface(const struct block *block, const oconfig_item_t *item,
                          char **where) {
  static const char *const words[] = {"public", "internal", "admin"};
  int word = take_word(block, item, words, 3);
  if (word < 0)
    return -1;
  free(*where);
  *where = strdup(words[word]);
  return *where != NULL ? 0 : wrong(block, item, false, "out of memory");
}

static int take_metadata(const struct block *block, const oconfig_item_t *item,
                         enum cloud_metadata *where) {
  static const char *const words[] = {
      [METADATA_NONE] = "none", [METADATA_IDS] = "ids", [METADATA_ALL] = "all"};
  int word = take_word(block, item, words, 3);
  if (word < 0)
    return -1;
  *where = (enum cloud_metadata)word;
  return 0;
}

static int take_option(struct block *block, const struct option *option,
                       const oconfig_item_t *item) {
  struct session_config *session = &block->cloud->session;
  void *where = (char *)block->cloud + option->offset;
  switch (option->kind) {
  case TEXT:
  case SECRET:
    return take_string(block, item, is_secret(option->kind), where);
  case FILE_NAME:
  case SECRET_FILE:
    return take_file(block, item, option->kind == SECRET_FILE, where);
  case SWITCH:
    return take_switch(block, item, where);
  case SECONDS:
  case MILLISECONDS:
  case COUNT:
  case NUMBER:
    return take_quantity(block, item, option, where);
  case INTERFACE:
    return take_interface(block, item, where);
  case METADATA:
    return take_metadata(block, item, where);
  case REGION:
    return append(block, item, &session->regions, &session->nregions);
  case METER:
    return append(block, item, &block->patterns, &block->npatterns);
  }
  return -1;
}

static int unknown_key(const struct block *block, const oconfig_item_t *item) {
  const char *near = NULL;
  unsigned best = 4; /* further away is no typing error */
  for (size_t i = 0; i < OPTIONS; i++) {
    unsigned distance = text_similar(options[i].key, item->key);
    if (distance < best) {
      best = distance;
      near = options[i].key;
    }
  }
  return wrong(block, item, true, "no such option%s%s%s",
               near != NULL ? "; did you mean " : "", near != NULL ? near : "",
               near != NULL ? "?" : "");
}

static int take_item(struct block *block, const oconfig_item_t *item) {
  for (size_t i = 0; i < OPTIONS; i++) {
    const struct option *option = &options[i];
    if (strcasecmp(option->key, item->key) != 0)
      continue;
    bool several = option->kind == REGION || option->kind == METER;
    if (item->children_num > 0)
      return wrong(block, item, is_secret(option->kind), "is no block");
    if (block->given[i] && !several)
      return wrong(block, item, is_secret(option->kind), "given twice");
    block->given[i] = true;
    return take_option(block, option, item);
  }
  return unknown_key(block, item);
}

/* ---- meters ------------------------------------------------------------- */

static int no_such_meter(const struct block *block, const char *pattern) {
  char near[200] = "";
  size_t used = 0;
  for (size_t i = 0; i < meters_count(); i++) {
    const char *name = meters_get(i)->name;
    bool close = text_similar(name, pattern) <= 3 ||
                 strncasecmp(name, pattern, strlen(pattern)) == 0;
    if (!close || used + strlen(name) + 3 > sizeof(near))
      continue;
    used += (size_t)snprintf(near + used, sizeof(near) - used, "%s%s",
                             used > 0 ? ", " : "", name);
  }
  log_error("config: <Cloud \"%s\">: Meter \"%s\": no such meter%s%s",
            block->cloud->name, pattern, used > 0 ? "; near it: " : "", near);
  return -1;
}

static bool matches_any(const char *pattern) {
  for (size_t i = 0; i < meters_count(); i++)
    if (text_match(pattern, meters_get(i)->name))
      return true;
  return false;
}

/* The last pattern that fits decides. Without any that names meters, all are
 * chosen to begin with. */
static bool is_chosen(const struct block *block, const char *name) {
  bool chosen = block->npatterns == 0 || block->patterns[0][0] == '!';
  for (size_t i = 0; i < block->npatterns; i++) {
    const char *pattern = block->patterns[i];
    bool without = pattern[0] == '!';
    if (text_match(pattern + (without ? 1 : 0), name))
      chosen = !without;
  }
  return chosen;
}

static int choose_meters(struct block *block) {
  struct cloud_config *cloud = block->cloud;
  for (size_t i = 0; i < block->npatterns; i++) {
    const char *pattern = block->patterns[i];
    pattern += pattern[0] == '!' ? 1 : 0;
    if (!matches_any(pattern))
      return no_such_meter(block, pattern);
  }
  cloud->meters = calloc(meters_count(), sizeof(*cloud->meters));
  if (cloud->meters == NULL)
    return missing(block, "out of memory");
  for (size_t i = 0; i < meters_count(); i++) {
    const struct meter *meter = meters_get(i);
    if (is_chosen(block, meter->name))
      cloud->meters[cloud->nmeters++] = (struct cloud_meter){
          .meter = meter, .interval_ms = cloud->interval_ms};
  }
  return cloud->nmeters > 0
             ? 0
             : missing(block, "Meter: the patterns leave no meter");
}

/* ---- what the options say together -------------------------------------- */

static bool given(const struct block *block, const char *key) {
  for (size_t i = 0; i < OPTIONS; i++)
    if (strcmp(options[i].key, key) == 0)
      return block->given[i];
  return false;
}

static int check_exclusive(const struct block *block) {
  static const char *const pairs[][2] = {
      {"Username", "UserID"},
      {"UserID", "UserDomainName"},
      {"UserID", "UserDomainID"},
      {"UserDomainName", "UserDomainID"},
      {"Password", "PasswordFile"},
      {"ProjectName", "ProjectID"},
      {"ProjectID", "ProjectDomainName"},
      {"ProjectID", "ProjectDomainID"},
      {"ProjectDomainName", "ProjectDomainID"},
      {"ApplicationCredentialID", "ApplicationCredentialName"},
      {"ApplicationCredentialID", "Username"},
      {"ApplicationCredentialID", "UserID"},
      {"ApplicationCredentialSecret", "ApplicationCredentialSecretFile"},
      {"Password", "Token"},
      {"PasswordFile", "Token"},
      {"Username", "Token"},
      {"UserID", "Token"},
      {"ProjectName", "Token"},
      {"ProjectID", "Token"},
      {"Password", "ApplicationCredentialID"},
      {"PasswordFile", "ApplicationCredentialID"},
      {"Password", "ApplicationCredentialName"},
      {"PasswordFile", "ApplicationCredentialName"},
      {"ProjectName", "ApplicationCredentialID"},
      {"ProjectID", "ApplicationCredentialID"},
      {"ProjectName", "ApplicationCredentialName"},
      {"ProjectID", "ApplicationCredentialName"},
      {"Token", "ApplicationCredentialID"},
      {"Token", "ApplicationCredentialName"},
      {"SystemScope", "ProjectName"},
      {"SystemScope", "ProjectID"},
  };
  for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
    char line[160];
    if (!given(block, pairs[i][0]) || !given(block, pairs[i][1]))
      continue;
    snprintf(line, sizeof(line), "%s and %s contradict each other", pairs[i][0],
             pairs[i][1]);
    return missing(block, line);
  }
  return 0;
}

static int check_login(const struct block *block) {
  const struct session_config *s = &block->cloud->session;
  bool user = s->username != NULL || s->user_id != NULL;
  bool secret =
      s->credential_secret != NULL || s->credential_secret_file != NULL;
  if (s->token != NULL)
    return 0;
  if (s->credential_id != NULL || s->credential_name != NULL) {
    if (!secret)
      return missing(block, "ApplicationCredentialSecret or "
                            "ApplicationCredentialSecretFile is missing");
    if (s->credential_name != NULL && !user)
      return missing(block, "ApplicationCredentialName needs Username or "
                            "UserID");
    return 0;
  }
  if (secret)
    return missing(block, "ApplicationCredentialID or "
                          "ApplicationCredentialName is missing");
  if (!user)
    return missing(block, "Username or UserID is missing (or "
                          "ApplicationCredentialID, or Token)");
  if (s->password == NULL && s->password_file == NULL)
    return missing(block, "Password or PasswordFile is missing");
  if (s->project_name == NULL && s->project_id == NULL && !s->system_scope)
    return missing(block, "ProjectName or ProjectID is missing");
  return 0;
}

static int check_rest(const struct block *block) {
  const struct cloud_config *cloud = block->cloud;
  const char *url = cloud->session.auth_url;
  if (url == NULL)
    return missing(block, "AuthURL is missing");
  if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) {
    log_error("config: <Cloud \"%s\">: AuthURL \"%s\": must begin with "
              "https:// or http://",
              cloud->name, url);
    return -1;
  }
  if (cloud->http.client_key != NULL && cloud->http.client_cert == NULL)
    return missing(block, "ClientKey needs ClientCert");
  if (!cloud->http.verify_peer || !cloud->http.verify_host)
    log_warning("config: <Cloud \"%s\">: TLS is not verified: whoever is on "
                "the way can read the password",
                cloud->name);
  return 0;
}

/* Names without a domain are of the domain that every Keystone begins with. */
static void fill_domains(struct block *block) {
  struct session_config *s = &block->cloud->session;
  char **user = &s->user_domain_name, **project = &s->project_domain_name;
  if (s->username != NULL && *user == NULL && s->user_domain_id == NULL)
    *user = strdup("Default");
  if (s->project_name != NULL && *project == NULL &&
      s->project_domain_id == NULL)
    *project = strdup("Default");
}

/* ---- blocks ------------------------------------------------------------- */

static void free_strings(char **list, size_t n) {
  for (size_t i = 0; i < n; i++)
    free(list[i]);
  free(list);
}

static void cloud_config_free(struct cloud_config *cloud) {
  if (cloud == NULL)
    return;
  for (size_t i = 0; i < OPTIONS; i++) {
    bool text = options[i].kind <= FILE_NAME || options[i].kind == INTERFACE;
    char *value = text ? *(char **)((char *)cloud + options[i].offset) : NULL;
    if (value != NULL && is_secret(options[i].kind))
      explicit_bzero(value, strlen(value));
    free(value);
  }
  free_strings(cloud->session.regions, cloud->session.nregions);
  free(cloud->meters);
  free(cloud->name);
  free(cloud);
}

static struct cloud_config *cloud_config_new(const char *name,
                                             int64_t interval_ms) {
  struct cloud_config *cloud = calloc(1, sizeof(*cloud));
  if (cloud == NULL)
    return NULL;
  *cloud = (struct cloud_config){
      .name = strdup(name),
      .session = {.interface = strdup("public")},
      .http = {.timeout_ms = 30000,
               .width = 4,
               .verify_peer = true,
               .verify_host = true},
      .request_rate = 50,
      .interval_ms = interval_ms,
      .metadata = METADATA_IDS,
  };
  if (cloud->name != NULL && cloud->session.interface != NULL)
    return cloud;
  cloud_config_free(cloud);
  return NULL;
}

static int read_cloud(struct cloud_config *cloud, const oconfig_item_t *item) {
  struct block block = {.cloud = cloud};
  int status = 0;
  for (int i = 0; status == 0 && i < item->children_num; i++)
    status = take_item(&block, &item->children[i]);
  if (status == 0)
    status = check_exclusive(&block);
  if (status == 0)
    status = check_rest(&block);
  if (status == 0)
    status = check_login(&block);
  if (status == 0) {
    fill_domains(&block);
    status = choose_meters(&block);
  }
  free_strings(block.patterns, block.npatterns);
  return status;
}

/* LoadPlugin's own Interval; the global one does not count. */
static int64_t default_interval(const oconfig_item_t *plugin) {
  const oconfig_item_t *root = plugin->parent;
  for (int i = 0; root != NULL && i < root->children_num; i++) {
    const oconfig_item_t *load = &root->children[i];
    const char *name = string_of(load);
    if (strcasecmp(load->key, "LoadPlugin") != 0 || name == NULL ||
        strcasecmp(name, "openstack") != 0)
      continue;
    for (int j = 0; j < load->children_num; j++) {
      const oconfig_item_t *item = &load->children[j];
      if (strcasecmp(item->key, "Interval") == 0 && item->values_num == 1 &&
          item->values[0].type == OCONFIG_TYPE_NUMBER &&
          item->values[0].value.number > 0)
        return (int64_t)(item->values[0].value.number * 1000);
    }
  }
  return DEFAULT_INTERVAL_MS;
}

static int add_cloud(struct conf *conf, const oconfig_item_t *item,
                     int64_t interval_ms) {
  const char *name = string_of(item);
  if (name == NULL || name[0] == '\0') {
    log_error("config: <Cloud>: needs one name in quotes: <Cloud \"prod\">");
    return -1;
  }
  for (size_t i = 0; i < conf->nclouds; i++) {
    if (strcmp(conf->clouds[i]->name, name) == 0) {
      log_error("config: <Cloud \"%s\">: there are two of this name", name);
      return -1;
    }
  }
  struct cloud_config **grown =
      realloc(conf->clouds, (conf->nclouds + 1) * sizeof(*grown));
  if (grown != NULL)
    conf->clouds = grown;
  struct cloud_config *cloud =
      grown == NULL ? NULL : cloud_config_new(name, interval_ms);
  if (cloud == NULL) {
    log_error("config: out of memory");
    return -1;
  }
  conf->clouds[conf->nclouds++] = cloud;
  return read_cloud(cloud, item);
}

static int set_workers(struct conf *conf, const oconfig_item_t *item) {
  double n =
      item->values_num == 1 && item->values[0].type == OCONFIG_TYPE_NUMBER
          ? item->values[0].value.number
          : 0;
  if (n < 1 || n > 64 || n != (double)(int)n) {
    char value[240];
    show_value(item, false, value, sizeof(value));
    log_error("config: <Plugin openstack>: Workers%s: expected a whole number "
              "from 1 to 64",
              value);
    return -1;
  }
  conf->workers = (size_t)n;
  return 0;
}

int conf_read(struct conf *conf, const oconfig_item_t *block) {
  int64_t interval_ms = default_interval(block);
  for (int i = 0; i < block->children_num; i++) {
    const oconfig_item_t *item = &block->children[i];
    int status = -1;
    if (strcasecmp(item->key, "Cloud") == 0)
      status = add_cloud(conf, item, interval_ms);
    else if (strcasecmp(item->key, "Workers") == 0)
      status = set_workers(conf, item);
    else
      log_error("config: <Plugin openstack>: %s: no such option; there are "
                "Workers and <Cloud \"name\">",
                item->key);
    if (status != 0)
      return -1;
  }
  return 0;
}

void conf_clear(struct conf *conf) {
  for (size_t i = 0; i < conf->nclouds; i++)
    cloud_config_free(conf->clouds[i]);
  free(conf->clouds);
  *conf = (struct conf)CONF_INIT;
}
