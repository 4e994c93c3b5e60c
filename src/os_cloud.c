#include "os_cloud.h"

#include "clouds_yaml.h"
#include "log.h"

#include <stdio.h>
#include <string.h>

/* Its keys as ours. Ids stand before names: where both are given, the id is
 * what counts. */
static const struct {
  const char *yaml, *option;
} yaml_keys[] = {
    {"auth_url", "AuthURL"},
    {"application_credential_id", "ApplicationCredentialID"},
    {"application_credential_name", "ApplicationCredentialName"},
    {"application_credential_secret", "ApplicationCredentialSecret"},
    {"token", "Token"},
    {"password", "Password"},
    {"user_id", "UserID"},
    {"username", "Username"},
    {"user_domain_id", "UserDomainID"},
    {"user_domain_name", "UserDomainName"},
    {"trust_id", "TrustID"},
    {"project_id", "ProjectID"},
    {"tenant_id", "ProjectID"},
    {"project_name", "ProjectName"},
    {"tenant_name", "ProjectName"},
    {"project_domain_id", "ProjectDomainID"},
    {"project_domain_name", "ProjectDomainName"},
    {"default_domain_id", "UserDomainID"},
    {"default_domain_id", "ProjectDomainID"},
    {"default_domain_name", "UserDomainName"},
    {"default_domain_name", "ProjectDomainName"},
    {"default_domain", "UserDomainID"},
    {"default_domain", "ProjectDomainID"},
    {"domain_id", "DomainID"},
    {"domain_name", "DomainName"},
    {"region_name", "Region"},
    {"cacert", "CACert"},
    {"cert", "ClientCert"},
    {"key", "ClientKey"},
};

/* What came from one file, for the log: names of options. */
struct origin {
  const char *file, *last;
  char options[500];
};

/* An entry while it is read. */
struct entry {
  struct cloud_block *block;
  const struct clouds_yaml *yaml;
  struct origin origins[3]; /* as many as there can be files */
};

static void note(struct entry *e, const char *file, const char *key) {
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

/* One option that clouds.yaml gives, if it does; `service` is the first text of
 * one that has two, else NULL. */
static int adopt(struct entry *e, const char *key, const char *service,
                 struct clouds_text text) {
  oconfig_value_t values[2] = {
      {.type = OCONFIG_TYPE_STRING, .value.string = (char *)service},
      {.type = OCONFIG_TYPE_STRING, .value.string = (char *)text.text}};
  const oconfig_item_t item = {.key = (char *)key,
                               .values = service != NULL ? values : values + 1,
                               .values_num = service != NULL ? 2 : 1};
  if (text.text == NULL)
    return 0;
  note(e, text.file, key);
  return option_take(&e->block->options, e->block->cloud, &item);
}

static int adopt_keys(struct entry *e) {
  struct cloud_block *block = e->block;
  for (size_t i = 0; i < sizeof(yaml_keys) / sizeof(yaml_keys[0]); i++) {
    const char *key = yaml_keys[i].option;
    bool domain = strstr(key, "Domain") != NULL;
    /* A domain belongs to a name: the block's user has the block's domain. */
    if (option_given(&block->options, key) || cloud_block_forbids(block, key) ||
        (domain && strncmp(key, "User", 4) == 0 &&
         block->cloud->session.username == NULL) ||
        (domain && strncmp(key, "Project", 7) == 0 &&
         block->cloud->session.project_name == NULL))
      continue;
    if (adopt(e, key, NULL, clouds_yaml_get(e->yaml, yaml_keys[i].yaml)) != 0)
      return -1;
  }
  return 0;
}

/* "public" may be called "publicURL", and has two keys. */
static int adopt_interface(struct entry *e) {
  struct clouds_text text = clouds_yaml_get(e->yaml, "interface");
  char word[40];
  if (text.text == NULL)
    text = clouds_yaml_get(e->yaml, "endpoint_type");
  if (text.text == NULL || option_given(&e->block->options, "Interface"))
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

/* One key switches off two of ours. */
static int adopt_verify(struct entry *e) {
  static const char *const keys[] = {"VerifyPeer", "VerifyHost"};
  struct clouds_text text = clouds_yaml_get(e->yaml, "verify");
  if (!says(text, false)) {
    text = clouds_yaml_get(e->yaml, "insecure");
    if (!says(text, true))
      return 0;
  }
  text.text = "false";
  for (int i = 0; i < 2; i++)
    if (!option_given(&e->block->options, keys[i]) &&
        adopt(e, keys[i], NULL, text) != 0)
      return -1;
  return 0;
}

static int adopt_system_scope(struct entry *e) {
  struct clouds_text text = clouds_yaml_get(e->yaml, "system_scope");
  if (text.text == NULL || cloud_block_forbids(e->block, "SystemScope") ||
      option_given(&e->block->options, "SystemScope"))
    return 0;
  text.text = "true"; /* there it is "all" */
  return adopt(e, "SystemScope", NULL, text);
}

static int adopt_lists(struct entry *e) {
  static const struct {
    const char *suffix, *option;
  } kinds[] = {{"_endpoint_override", "Endpoint"},
               {"_service_type", "ServiceType"}};
  struct clouds_text text;
  bool regions = !option_given(&e->block->options, "Region");
  for (size_t i = 0; regions; i++) {
    text = clouds_yaml_item(e->yaml, "regions", i);
    if (text.text == NULL)
      break;
    if (adopt(e, "Region", NULL, text) != 0)
      return -1;
  }
  for (size_t k = 0; k < 2; k++) {
    for (size_t i = 0;; i++) {
      text = clouds_yaml_suffix(e->yaml, kinds[k].suffix, i);
      if (text.key == NULL)
        break;
      char service[80];
      snprintf(service, sizeof(service), "%.*s",
               (int)(strlen(text.key) - strlen(kinds[k].suffix)), text.key);
      if (adopt(e, kinds[k].option, service, text) != 0)
        return -1;
    }
  }
  return 0;
}

/* What we cannot do must not be tried as something else. */
static int check_auth_type(const struct entry *e) {
  static const char *const known[] = {"password", "v3password", "token",
                                      "v3token", "v3applicationcredential"};
  struct clouds_text type = clouds_yaml_get(e->yaml, "auth_type");
  struct clouds_text version = clouds_yaml_get(e->yaml, "identity_api_version");
  char line[300];
  bool supported = type.text == NULL;
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && !supported; i++)
    supported = strcmp(known[i], type.text) == 0;
  if (!supported)
    snprintf(line, sizeof(line),
             "%s: auth_type \"%.40s\" is not supported; password, token and "
             "v3applicationcredential are",
             type.file, type.text);
  else if (version.text != NULL && version.text[0] != '3')
    snprintf(line, sizeof(line),
             "%s: identity_api_version \"%.40s\" is not supported; 3 is",
             version.file, version.text);
  else
    return 0;
  return option_missing(&e->block->options, line);
}

/* ---- what is said ------------------------------------------------------- */

static void warn_of_open_files(const struct entry *e) {
  static const char *const secrets[] = {"password", "token",
                                        "application_credential_secret", NULL};
  const char *file;
  for (size_t i = 0;
       (file = clouds_yaml_open_to_all(e->yaml, secrets, i)) != NULL; i++)
    log_warning("config: %s: %s: holds a secret, and everybody on this machine "
                "may read it; chmod 0600 or 0640",
                e->block->name, file);
}

static void say_origins(const struct entry *e) {
  const char *cloud = e->block->cloud->name;
  char line[900] = "";
  for (int i = 0; i < 3 && e->origins[i].file != NULL; i++) {
    size_t used = strlen(line);
    snprintf(line + used, sizeof(line) - used, "%sfrom %s: %s",
             i > 0 ? "; " : "", e->origins[i].file, e->origins[i].options);
  }
  if (line[0] != '\0')
    log_info("cloud \"%s\": %s", cloud, line);
  else
    log_info("cloud \"%s\": nothing is taken from clouds.yaml", cloud);
}

int os_cloud_read(struct cloud_block *block) {
  struct cloud_config *cloud = block->cloud;
  struct error err;
  if (cloud->session.auth_url != NULL && cloud->os_cloud == NULL)
    return 0;
  const char *name = cloud->os_cloud != NULL ? cloud->os_cloud : cloud->name;
  struct clouds_yaml *yaml = clouds_yaml_open(name, cloud->config_file, &err);
  if (yaml == NULL)
    return option_missing(&block->options, err.text);
  struct entry entry = {.block = block, .yaml = yaml};
  int status = -1;
  warn_of_open_files(&entry);
  if (check_auth_type(&entry) == 0 && adopt_keys(&entry) == 0 &&
      adopt_interface(&entry) == 0 && adopt_verify(&entry) == 0 &&
      adopt_system_scope(&entry) == 0 && adopt_lists(&entry) == 0) {
    say_origins(&entry);
    status = 0;
  }
  clouds_yaml_close(yaml);
  return status;
}
