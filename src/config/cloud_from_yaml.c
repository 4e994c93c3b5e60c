#include "config/cloud_from_yaml.h"

#include "base/text.h"
#include "config/clouds_yaml.h"
#include "config/complaint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What auth_type says, and what none of these is. */
enum auth_type {
  PASSWORD = 1, /* ... asks Keystone which version it speaks ... */
  V3PASSWORD = 2,
  TOKEN = 4,
  V3TOKEN = 8,
  CREDENTIAL = 16,
  ANY_PASSWORD = PASSWORD | V3PASSWORD,
  ANY_TOKEN = TOKEN | V3TOKEN,
  UNVERSIONED = PASSWORD | TOKEN,
  USER = ANY_PASSWORD | CREDENTIAL,
  SCOPE = ANY_PASSWORD | ANY_TOKEN, /* a credential has one of its own */
  ALL = USER | ANY_TOKEN,
};

static const struct {
  const char *name;
  enum auth_type login;
} auth_types[] = {
    {"password", PASSWORD},
    {"v3password", V3PASSWORD},
    {"token", TOKEN},
    {"v3token", V3TOKEN},
    {"v3applicationcredential", CREDENTIAL},
};
enum { AUTH_TYPES = sizeof(auth_types) / sizeof(auth_types[0]) };

/* Its keys as ours, the stronger ones first: an id before a name, and a domain
 * by id, even if only by default, before a domain by name. */
static const struct {
  const char *yaml, *option;
  enum auth_type logins; /* that know it */
} yaml_keys[] = {
    {"auth_url", "AuthURL", ALL},
    {"application_credential_id", "ApplicationCredentialID", CREDENTIAL},
    {"application_credential_name", "ApplicationCredentialName", CREDENTIAL},
    {"application_credential_secret", "ApplicationCredentialSecret",
     CREDENTIAL},
    {"token", "Token", ANY_TOKEN},
    {"auth_token", "Token", ANY_TOKEN},
    {"password", "Password", ANY_PASSWORD},
    {"user_id", "UserID", USER},
    {"username", "Username", USER},
    {"user_name", "Username", USER},
    {"trust_id", "TrustID", SCOPE},
    {"project_id", "ProjectID", SCOPE},
    {"tenant_id", "ProjectID", SCOPE},
    {"project_name", "ProjectName", SCOPE},
    {"tenant_name", "ProjectName", SCOPE},
    {"user_domain_id", "UserDomainID", USER},
    {"domain_id", "UserDomainID", SCOPE},
    {"default_domain_id", "UserDomainID", UNVERSIONED},
    {"user_domain_name", "UserDomainName", USER},
    {"domain_name", "UserDomainName", SCOPE},
    {"default_domain_name", "UserDomainName", UNVERSIONED},
    {"default_domain", "UserDomainID", ALL},
    {"project_domain_id", "ProjectDomainID", SCOPE},
    {"domain_id", "ProjectDomainID", SCOPE},
    {"default_domain_id", "ProjectDomainID", UNVERSIONED},
    {"project_domain_name", "ProjectDomainName", SCOPE},
    {"domain_name", "ProjectDomainName", SCOPE},
    {"default_domain_name", "ProjectDomainName", UNVERSIONED},
    {"default_domain", "ProjectDomainID", ALL},
    {"domain_id", "DomainID", SCOPE},
    {"domain_name", "DomainName", SCOPE},
    {"cacert", "CACert", ALL},
    {"cert", "ClientCert", ALL},
    {"key", "ClientKey", ALL},
};

/* What came from one file, for the log: names of options. */
struct origin {
  const char *file, *last;
  char options[500];
};

/* An entry while it is read. */
struct entry {
  struct cloud_options *block;
  const struct clouds_yaml *yaml;
  enum auth_type login;
  struct origin origins[3]; /* as many as there can be files */
};

static void note_origin(struct entry *e, const char *file, const char *key) {
  struct origin *o = e->origins;
  while (o < &e->origins[2] && o->file != NULL && strcmp(o->file, file) != 0)
    o++;
  o->file = file;
  if (o->last != NULL && strcmp(o->last, key) == 0)
    return; /* one of a list */
  size_t used = strlen(o->options);
  snprintf(o->options + used, sizeof(o->options) - used, "%s%s",
           o->last != NULL ? ", " : "", key);
  o->last = key;
}

/* refuse(e, text, what, ...): one complaint that names the file. */
static int refuse(const struct entry *e, struct clouds_text text,
                  const char *what, ...) __attribute__((format(printf, 3, 4)));
static int refuse(const struct entry *e, struct clouds_text text,
                  const char *what, ...) {
  char line[400];
  va_list args;
  va_start(args, what);
  vsnprintf(line, sizeof(line), what, args);
  va_end(args);
  return option_refuse(&e->block->options, "%.200s: %s", text.file, line);
}

/* Is it a text, or nothing? */
static int check_text(const struct entry *e, struct clouds_text text) {
  if (!text.is_list && !text.is_map)
    return 0;
  return refuse(e, text, "%.100s: expected a text, not a %s", text.key,
                text.is_list ? "list" : "map");
}

/* One option that clouds.yaml gives, if it does; `service` is the first text of
 * one that has two, else NULL. */
static int adopt(struct entry *e, const char *key, const char *service,
                 struct clouds_text text) {
  struct config_item item;
  struct option_block *options = &e->block->options;
  if (text.text == NULL)
    return check_text(e, text);
  note_origin(e, text.file, key);
  options->file = text.file;
  options->key = text.key;
  int status = config_tree_line(&item, key, service, text.text)
                   ? option_take(options, e->block->cloud, &item)
                   : option_refuse(options, "out of memory");
  config_tree_clear(&item);
  options->file = options->key = NULL;
  return status;
}

/* A file of the user's. */
static int adopt_file(struct entry *e, const char *key,
                      struct clouds_text text) {
  const char *home = getenv("HOME");
  if (text.text == NULL || home == NULL || strncmp(text.text, "~/", 2) != 0)
    return adopt(e, key, NULL, text);
  char *path = text_printf("%s%s", home, text.text + 1);
  text.text = path;
  int status = path != NULL ? adopt(e, key, NULL, text) : -1;
  free(path);
  return status;
}

/* May the i-th row give its option, if it says something? */
static bool fits(const struct entry *e, size_t i) {
  const struct session_config *s = &e->block->cloud->session;
  const char *key = yaml_keys[i].option;
  bool project = s->project_id != NULL || s->project_name != NULL;
  if ((yaml_keys[i].logins & e->login) == 0 ||
      option_given(&e->block->options, key) ||
      cloud_options_forbids(e->block, key))
    return false;
  /* A domain belongs to a name: the block's user has the block's domain. */
  if (strncmp(key, "UserDomain", 10) == 0 && s->username == NULL)
    return false;
  if (strncmp(key, "ProjectDomain", 13) == 0 && s->project_name == NULL)
    return false;
  /* The scope's domain is everybody's where the scope is a project. */
  return strncmp(yaml_keys[i].yaml, "domain_", 7) != 0 ||
         project == (strstr(key, "Domain") != key);
}

/* For projects, domains and tokens releases of openstacksdk disagree on which
 * of two counts, so the operator should not leave it to them. */
static void warn_of_two(const struct entry *e, struct clouds_text text) {
  struct clouds_text beside = clouds_yaml_beside(e->yaml, text.key);
  if (text.text != NULL && beside.text != NULL &&
      strcmp(text.text, beside.text) != 0)
    complain(e->block->options.to, COMPLAINT_WARNING,
             "config: %s: %.200s: %s stands in auth and, with another value, "
             "beside it; the one in auth counts",
             e->block->name, text.file, text.key);
}

static int adopt_keys(struct entry *e) {
  for (size_t i = 0; i < sizeof(yaml_keys) / sizeof(yaml_keys[0]); i++) {
    struct clouds_text text = clouds_yaml_get(e->yaml, yaml_keys[i].yaml);
    if (!fits(e, i))
      continue;
    warn_of_two(e, text);
    if (adopt_file(e, yaml_keys[i].option, text) != 0)
      return -1;
  }
  return 0;
}

/* "public" may be called "publicURL", and has two keys. */
static int adopt_interface(struct entry *e) {
  struct clouds_text text = clouds_yaml_get(e->yaml, "endpoint_type");
  char word[40];
  if (option_given(&e->block->options, "Interface"))
    return 0;
  if (text.text == NULL)
    text = clouds_yaml_get(e->yaml, "interface");
  if (text.text == NULL)
    return 0;
  snprintf(word, sizeof(word), "%.*s", (int)strcspn(text.text, "U"), text.text);
  text.text = word;
  return adopt(e, "Interface", NULL, text);
}

static bool says(struct clouds_text text, bool what) {
  static const char *const words[2][4] = {{"false", "no", "off", "0"},
                                          {"true", "yes", "on", "1"}};
  for (int i = 0; text.text != NULL && i < 4; i++)
    if (strcasecmp(text.text, words[what][i]) == 0)
      return true;
  return false;
}

/* One key switches off two of ours; or names the authorities to trust. */
static int adopt_verify(struct entry *e) {
  static const char *const keys[] = {"VerifyPeer", "VerifyHost"};
  struct clouds_text verify = clouds_yaml_get(e->yaml, "verify");
  struct clouds_text insecure = clouds_yaml_get(e->yaml, "insecure");
  struct clouds_text off = says(insecure, true) ? insecure : verify;
  if (!says(insecure, true) && !says(verify, false))
    return verify.text == NULL || says(verify, true) ||
                   option_given(&e->block->options, "CACert")
               ? 0
               : adopt_file(e, "CACert", verify);
  off.text = "false";
  for (int i = 0; i < 2; i++)
    if (!option_given(&e->block->options, keys[i]) &&
        adopt(e, keys[i], NULL, off) != 0)
      return -1;
  return 0;
}

static int adopt_system_scope(struct entry *e) {
  struct clouds_text text = clouds_yaml_get(e->yaml, "system_scope");
  if (text.text == NULL || says(text, false) || (e->login & SCOPE) == 0 ||
      cloud_options_forbids(e->block, "SystemScope") ||
      option_given(&e->block->options, "SystemScope"))
    return 0;
  text.text = "true"; /* there it is "all" */
  return adopt(e, "SystemScope", NULL, text);
}

/* "One,Two" is how a list was once written. */
static int adopt_words(struct entry *e, struct clouds_text text) {
  const char *at = text.text;
  while (at != NULL && *at != '\0') {
    char word[256];
    size_t len = strcspn(at, ",");
    snprintf(word, sizeof(word), "%.*s", (int)len, at);
    text.text = word;
    if (word[0] != '\0' && adopt(e, "Region", NULL, text) != 0)
      return -1;
    at += len + (at[len] == ',');
  }
  return 0;
}

/* One region or several; an entry's own before a profile's. */
static int adopt_regions(struct entry *e) {
  struct clouds_text text = clouds_yaml_item(e->yaml, "regions", 0);
  struct clouds_text name = clouds_yaml_get(e->yaml, "region_name");
  if (name.text == NULL)
    name = clouds_yaml_item(e->yaml, "region_name", 0);
  bool named = text.key == NULL ||
               (text.from_profile && name.text != NULL && !name.from_profile);
  const char *key = named ? "region_name" : "regions";
  if (option_given(&e->block->options, "Region"))
    return 0;
  for (size_t i = 0;; i++) {
    text = clouds_yaml_item(e->yaml, key, i);
    if (text.key == NULL)
      return i > 0 ? 0 : adopt_words(e, name);
    if (text.has_values)
      complain(e->block->options.to, COMPLAINT_WARNING,
               "config: %s: %.200s: the values of region \"%.200s\" are "
               "not taken",
               e->block->name, text.file, text.text);
    if (adopt(e, "Region", NULL, text) != 0)
      return -1;
  }
}

/* What all services are called whose keys these are. */
static const char *official(const char *service) {
  static const char *const names[][2] = {{"volume", "block-storage"},
                                         {"volumev2", "block-storage"},
                                         {"share", "shared-file-system"}};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (strcmp(service, names[i][0]) == 0)
      return names[i][1];
  return service;
}

/* A key of a service, unless the block or another key has it: suffixes come in
 * the order in which they count. */
static int adopt_service(struct entry *e, const char *suffix,
                         const char *option, struct clouds_text text) {
  const struct session_config *s = &e->block->cloud->session;
  const struct text_list *list =
      strcmp(option, "Endpoint") == 0 ? &s->endpoints : &s->service_types;
  char service[80];
  snprintf(service, sizeof(service), "%.*s",
           (int)(strlen(text.key) - strlen(suffix)), text.key);
  return option_has_pair(list, official(service))
             ? 0
             : adopt(e, option, official(service), text);
}

static int adopt_services(struct entry *e) {
  static const struct {
    const char *suffix, *option;
  } kinds[] = {{"_endpoint_override", "Endpoint"},
               {"_endpoint", "Endpoint"},
               {"_service_type", "ServiceType"}};
  for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
    const char *suffix = kinds[k].suffix;
    struct clouds_text text;
    for (size_t at = 0;
         (text = clouds_yaml_suffix(e->yaml, suffix, &at)).key != NULL;)
      if (adopt_service(e, suffix, kinds[k].option, text) != 0)
        return -1;
  }
  return 0;
}

/* ---- what is no text ---------------------------------------------------- */

/* Each key that is read has one text, but for some. */
static int check_texts(const struct entry *e) {
  static const char *const others[] = {"auth_type",     "identity_api_version",
                                       "endpoint_type", "interface",
                                       "verify",        "insecure",
                                       "system_scope"};
  enum {
    ROWS = sizeof(yaml_keys) / sizeof(yaml_keys[0]),
    OTHERS = sizeof(others) / sizeof(others[0])
  };
  for (size_t i = 0; i < ROWS + OTHERS; i++) {
    const char *key = i < ROWS ? yaml_keys[i].yaml : others[i - ROWS];
    struct clouds_text text = clouds_yaml_get(e->yaml, key);
    if (check_text(e, text) != 0)
      return -1;
  }
  struct clouds_text auth = clouds_yaml_get(e->yaml, "auth");
  if (auth.text != NULL || auth.is_list)
    return refuse(e, auth, "auth: expected a map");
  struct clouds_text regions = clouds_yaml_get(e->yaml, "regions");
  if (regions.text != NULL || regions.is_map)
    return refuse(e, regions, "regions: expected a list");
  struct clouds_text name = clouds_yaml_get(e->yaml, "region_name");
  return name.is_map ? refuse(e, name, "region_name: expected a text or a list")
                     : 0;
}

/* ---- which login -------------------------------------------------------- */

static bool has(const struct entry *e, const char *key) {
  return clouds_yaml_get(e->yaml, key).text != NULL;
}

/* What the block logs in with decides, then what the entry says, then what it
 * has: without auth_type that is a password, unless there is none. */
static int choose_login(struct entry *e) {
  const struct session_config *s = &e->block->cloud->session;
  struct clouds_text type = clouds_yaml_get(e->yaml, "auth_type");
  if (s->password != NULL || s->password_file != NULL)
    e->login = PASSWORD;
  else if (s->token != NULL)
    e->login = TOKEN;
  else if (s->credential_id != NULL || s->credential_name != NULL)
    e->login = CREDENTIAL;
  else if (type.text == NULL)
    e->login = has(e, "password")                        ? PASSWORD
               : has(e, "application_credential_secret") ? CREDENTIAL
               : has(e, "token")                         ? TOKEN
                                                         : PASSWORD;
  for (size_t i = 0; i < AUTH_TYPES && e->login == 0; i++)
    if (strcmp(auth_types[i].name, type.text) == 0)
      e->login = auth_types[i].login;
  if (e->login == 0)
    return refuse(e, type,
                  "auth_type \"%.40s\" is not supported; password, v3password, "
                  "token, v3token and v3applicationcredential are",
                  type.text);
  struct clouds_text version = clouds_yaml_get(e->yaml, "identity_api_version");
  if (version.text != NULL && version.text[0] != '3')
    return refuse(e, version,
                  "identity_api_version \"%.40s\" is not supported; 3 is",
                  version.text);
  return 0;
}

/* A token is for one thing. Where the block says which, an entry cannot
 * contradict itself. */
static int check_scope(const struct entry *e) {
  static const struct {
    const char *key, *kind;
  } scopes[] = {{"trust_id", "trust"},       {"system_scope", "system"},
                {"project_id", "project"},   {"tenant_id", "project"},
                {"project_name", "project"}, {"tenant_name", "project"}};
  struct clouds_text first = {.key = NULL};
  const char *kind = NULL;
  if ((e->login & SCOPE) == 0 || cloud_options_forbids(e->block, "TrustID") ||
      option_given(&e->block->options, "TrustID"))
    return 0;
  for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
    struct clouds_text text = clouds_yaml_get(e->yaml, scopes[i].key);
    if (text.text == NULL || says(text, false))
      continue;
    if (kind != NULL && strcmp(kind, scopes[i].kind) != 0)
      return refuse(e, first, "%s and %s contradict each other", first.key,
                    text.key);
    first = kind == NULL ? text : first;
    kind = scopes[i].kind;
  }
  return 0;
}

/* ---- what is said ------------------------------------------------------- */

static void warn_of_open_files(const struct entry *e) {
  static const char *const secrets[] = {"password", "token",
                                        "application_credential_secret", NULL};
  const char *file;
  for (size_t i = 0;
       (file = clouds_yaml_open_to_all(e->yaml, secrets, i)) != NULL; i++)
    complain(
        e->block->options.to, COMPLAINT_WARNING,
        "config: %s: %.200s: holds a secret, and everybody on this machine "
        "may read it; chmod 0600 or 0640",
        e->block->name, file);
}

static void say_origins(const struct entry *e) {
  const char *cloud = e->block->cloud->name;
  char line[900] = "";
  for (int i = 0; i < 3 && e->origins[i].file != NULL; i++) {
    size_t used = strlen(line);
    snprintf(line + used, sizeof(line) - used, "%sfrom %.200s: %s",
             i > 0 ? "; " : "", e->origins[i].file, e->origins[i].options);
  }
  if (line[0] != '\0')
    complain(e->block->options.to, COMPLAINT_NOTE, "cloud \"%s\": %s", cloud,
             line);
  else
    complain(e->block->options.to, COMPLAINT_NOTE,
             "cloud \"%s\": nothing is taken from clouds.yaml", cloud);
}

int cloud_from_yaml_read(struct cloud_options *block) {
  struct cloud_config *cloud = block->cloud;
  struct error err;
  if (cloud->session.auth_url != NULL && cloud->os_cloud == NULL)
    return cloud->config_file == NULL
               ? 0
               : option_refuse(&block->options,
                               "ConfigFile beside AuthURL needs OSCloud, or "
                               "nothing would be taken from it");
  if (block->options.to->alone)
    return option_refuse(&block->options, "a recording reads no clouds.yaml");
  const char *name = cloud->os_cloud != NULL ? cloud->os_cloud : cloud->name;
  struct clouds_yaml *yaml = clouds_yaml_open(name, cloud->config_file, &err);
  if (yaml == NULL)
    return option_refuse(&block->options, "%s", err.text);
  struct entry entry = {.block = block, .yaml = yaml};
  int status = -1;
  warn_of_open_files(&entry);
  if (check_texts(&entry) == 0 && choose_login(&entry) == 0 &&
      check_scope(&entry) == 0 && adopt_system_scope(&entry) == 0 &&
      adopt_keys(&entry) == 0 && adopt_regions(&entry) == 0 &&
      adopt_interface(&entry) == 0 && adopt_verify(&entry) == 0 &&
      adopt_services(&entry) == 0) {
    say_origins(&entry);
    status = 0;
  }
  clouds_yaml_close(yaml);
  return status;
}
