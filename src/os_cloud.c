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

/* One option that clouds.yaml gives, if the block does not. */
static int adopt(struct cloud_block *block, const char *key, const char *first,
                 const char *second) {
  oconfig_value_t values[2] = {
      {.type = OCONFIG_TYPE_STRING, .value.string = (char *)first},
      {.type = OCONFIG_TYPE_STRING, .value.string = (char *)second}};
  const oconfig_item_t item = {.key = (char *)key,
                               .values = values,
                               .values_num = second != NULL ? 2 : 1};
  if (first == NULL)
    return 0;
  return option_take(&block->options, block->cloud, &item);
}

static int adopt_keys(struct cloud_block *block,
                      const struct clouds_yaml *yaml) {
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
    if (adopt(block, key, clouds_yaml_get(yaml, yaml_keys[i].yaml), NULL) != 0)
      return -1;
  }
  return 0;
}

static bool says(const struct clouds_yaml *yaml, const char *key, bool what) {
  static const char *const words[2][4] = {{"false", "no", "off", "0"},
                                          {"true", "yes", "on", "1"}};
  const char *text = clouds_yaml_get(yaml, key);
  for (int i = 0; text != NULL && i < 4; i++)
    if (strcasecmp(text, words[what][i]) == 0)
      return true;
  return false;
}

/* What is not just a text under another name. */
static int adopt_rest(struct cloud_block *block,
                      const struct clouds_yaml *yaml) {
  struct option_block *options = &block->options;
  const char *interface = clouds_yaml_get(yaml, "interface");
  if (interface == NULL)
    interface = clouds_yaml_get(yaml, "endpoint_type");
  if (interface != NULL && !option_given(options, "Interface")) {
    char word[40];
    snprintf(word, sizeof(word), "%.*s", (int)strcspn(interface, "U"),
             interface); /* "publicURL" */
    if (adopt(block, "Interface", word, NULL) != 0)
      return -1;
  }
  if (says(yaml, "verify", false) || says(yaml, "insecure", true)) {
    if (!option_given(options, "VerifyPeer"))
      block->cloud->http.verify_peer = false;
    if (!option_given(options, "VerifyHost"))
      block->cloud->http.verify_host = false;
  }
  const char *system = clouds_yaml_get(yaml, "system_scope");
  if (system != NULL && !cloud_block_forbids(block, "SystemScope") &&
      !option_given(options, "SystemScope"))
    return adopt(block, "SystemScope", "true", NULL);
  return 0;
}

static int adopt_lists(struct cloud_block *block,
                       const struct clouds_yaml *yaml) {
  static const struct {
    const char *suffix, *option;
  } kinds[] = {{"_endpoint_override", "Endpoint"},
               {"_service_type", "ServiceType"}};
  const char *text, *value = NULL;
  bool regions = !option_given(&block->options, "Region");
  for (size_t i = 0; regions; i++) {
    text = clouds_yaml_item(yaml, "regions", i);
    if (text == NULL)
      break;
    if (adopt(block, "Region", text, NULL) != 0)
      return -1;
  }
  for (size_t k = 0; k < 2; k++) {
    for (size_t i = 0;; i++) {
      text = clouds_yaml_suffix(yaml, kinds[k].suffix, i, &value);
      if (text == NULL)
        break;
      char service[80];
      snprintf(service, sizeof(service), "%.*s",
               (int)(strlen(text) - strlen(kinds[k].suffix)), text);
      if (adopt(block, kinds[k].option, service, value) != 0)
        return -1;
    }
  }
  return 0;
}

/* What we cannot do must not be tried as something else. */
static int check_auth_type(const struct cloud_block *block,
                           const struct clouds_yaml *yaml) {
  static const char *const known[] = {"password", "v3password", "token",
                                      "v3token", "v3applicationcredential"};
  const char *type = clouds_yaml_get(yaml, "auth_type");
  const char *version = clouds_yaml_get(yaml, "identity_api_version");
  char line[300];
  bool supported = type == NULL;
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && !supported; i++)
    supported = strcmp(known[i], type) == 0;
  if (!supported)
    snprintf(line, sizeof(line),
             "%s: auth_type \"%.40s\" is not supported; password, token and "
             "v3applicationcredential are",
             clouds_yaml_origin(yaml), type);
  else if (version != NULL && version[0] != '3')
    snprintf(line, sizeof(line),
             "%s: identity_api_version \"%.40s\" is not supported; 3 is",
             clouds_yaml_origin(yaml), version);
  else
    return 0;
  return option_missing(&block->options, line);
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
  int status = 0;
  if (check_auth_type(block, yaml) != 0 || adopt_keys(block, yaml) != 0 ||
      adopt_rest(block, yaml) != 0 || adopt_lists(block, yaml) != 0)
    status = -1;
  else
    log_info("cloud \"%s\": what its block does not say comes from %s",
             cloud->name, clouds_yaml_origin(yaml));
  clouds_yaml_close(yaml);
  return status;
}
