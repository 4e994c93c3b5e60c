#include "config/cloud_options.h"

#include "base/text.h"
#include "config/complaint.h"
#include "config/share_options.h"
#include "config/tls_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *wrong_version(const char *url) {
  size_t len = strlen(url);
  while (len > 0 && url[len - 1] == '/')
    len--;
  return len >= 5 && strncasecmp(url + len - 5, "/v2.0", 5) == 0
             ? "is Keystone's v2.0; v3 is needed"
             : NULL;
}

/* They become a header, or a part of one. */
static const char *wrong_token(const char *token) {
  return text_is_visible(token) ? NULL
                                : "must have no blank, line end or control "
                                  "byte, and no byte beyond ASCII";
}

static const char *wrong_access_key(const char *key) {
  return strchr(key, ':') == NULL ? wrong_token(key) : "must have no colon";
}

static const char *wrong_pattern(const char *pattern) {
  return strcmp(pattern, "!") == 0 ? "has no pattern to exclude" : NULL;
}

#define ROW(name, type, member, ...)                                           \
  {                                                                            \
    .key = name, .kind = OPTION_##type,                                        \
    .offset = offsetof(struct cloud_config, member), __VA_ARGS__               \
  }

static const char *const interfaces[] = {"public", "internal", "admin", NULL};
const char *const cloud_metadatas[] = {[METADATA_NONE] = "none",
                                       [METADATA_IDS] = "ids",
                                       [METADATA_ALL] = "all",
                                       NULL};

/* clang-format off */
static const struct option options[] = {
    ROW("AuthURL", URL, session.auth_url, .wrong = wrong_version),
    ROW("Username", TEXT, session.username),
    ROW("UserID", TEXT, session.user_id),
    ROW("UserDomainName", TEXT, session.user_domain_name),
    ROW("UserDomainID", TEXT, session.user_domain_id),
    ROW("Password", SECRET, session.password),
    ROW("PasswordFile", SECRET_FILE, session.password_file),
    ROW("ProjectName", TEXT, session.project_name),
    ROW("ProjectID", TEXT, session.project_id),
    ROW("ProjectDomainName", TEXT, session.project_domain_name),
    ROW("ProjectDomainID", TEXT, session.project_domain_id),
    ROW("DomainName", TEXT, session.domain_name),
    ROW("DomainID", TEXT, session.domain_id),
    ROW("TrustID", TEXT, session.trust_id),
    ROW("SystemScope", SWITCH, session.system_scope),
    ROW("ApplicationCredentialID", TEXT, session.credential_id),
    ROW("ApplicationCredentialName", TEXT, session.credential_name),
    ROW("ApplicationCredentialSecret", SECRET, session.credential_secret),
    ROW("ApplicationCredentialSecretFile", SECRET_FILE,
        session.credential_secret_file),
    ROW("Token", SECRET, session.token, .wrong = wrong_token),
    ROW("OSCloud", TEXT, os_cloud),
    ROW("ConfigFile", FILE, config_file),
    ROW("Endpoint", URLS, session.endpoints),
    ROW("ServiceType", PAIRS, session.service_types),
    ROW("Region", SET, session.regions),
    ROW("Interface", WORD, session.interface, .words = interfaces),
    ROW("Interval", SECONDS, interval_ms, .min = INTERVAL_LEAST,
        .max = INTERVAL_MOST),
    ROW("Timeout", MILLISECONDS, http.timeout_ms, .min = 1, .max = 3600000),
    ROW("Host", TEXT, host),
    ROW("Metadata", CHOICE, style.metadata, .words = cloud_metadatas),
    ROW("MaxConnections", COUNT, http.width, .min = 1, .max = 64),
    ROW("MaxRequestRate", NUMBER, request_rate, .min = 0, .max = 100000),
    ROW("VerifyPeer", SWITCH, http.verify_peer),
    ROW("VerifyHost", SWITCH, http.verify_host),
    ROW("CACert", FILE, http.ca_cert, .wrong = tls_files_lack_certificate),
    ROW("ClientCert", FILE, http.client_cert, .wrong = tls_files_lack_certificate),
    ROW("ClientKey", FILE, http.client_key, .wrong = tls_files_lack_key),
    ROW("Project", LIST, projects, .wrong = wrong_pattern),
    ROW("Domain", LIST, domains, .wrong = wrong_pattern),
    ROW("IgnoreDisabledProjects", SWITCH, ignore_disabled_projects),
    ROW("ResellerPrefix", TEXT, access.account_prefix),
    ROW("RadosGWServiceType", TEXT, access.s3_service),
    ROW("RadosGWAccessKey", TEXT, access.s3_access_key,
        .wrong = wrong_access_key),
    ROW("RadosGWSecretKey", SECRET, access.s3_secret_key),
    ROW("RadosGWSecretKeyFile", SECRET_FILE, access.s3_secret_key_file),
    ROW("RadosGWImplicitTenants", SWITCH, access.implicit_tenants),
    ROW("Meter", LIST, patterns, .wrong = wrong_pattern),
    ROW("MaxSeries", COUNT, max_series, .max = CLOUD_SERIES_MOST),
    ROW("HostnameFormat", FORMAT, style.host),
    ROW("PluginInstanceFormat", FORMAT, style.instance),
    ROW("TypeInstanceFormat", FORMAT, style.type_instance),
};
/* clang-format on */
enum { OPTIONS = sizeof(options) / sizeof(options[0]) };
_Static_assert(OPTIONS <= OPTION_MOST, "each option has a bit");

/* ---- what the options say together -------------------------------------- */

/* Of the options of a group, which say the same or forbid each other, only one
 * may be given. */
static const char *const groups[][9] = {
    {"Password", "PasswordFile", "Token", "ApplicationCredentialID",
     "ApplicationCredentialName"},
    {"Username", "UserID", "Token", "ApplicationCredentialID"},
    {"UserID", "UserDomainName", "UserDomainID", "ApplicationCredentialID"},
    {"Password", "PasswordFile", "Token", "ApplicationCredentialSecret",
     "ApplicationCredentialSecretFile"},
    {"ProjectName", "ProjectID", "DomainName", "DomainID", "TrustID",
     "SystemScope", "ApplicationCredentialID", "ApplicationCredentialName"},
    {"ProjectID", "ProjectDomainName", "ProjectDomainID",
     "ApplicationCredentialID", "ApplicationCredentialName"},
    {"RadosGWSecretKey", "RadosGWSecretKeyFile"},
};
enum { GROUPS = sizeof(groups) / sizeof(groups[0]) };

/* A switch that is off forbids nothing. */
static bool refuses_key(const struct cloud_options *block, const char *key) {
  if (strcmp(key, "SystemScope") == 0 && !block->cloud->session.system_scope)
    return false;
  return option_given(&block->options, key);
}

/* Another option of this group that is given, or NULL. */
static const char *given_beside(const struct cloud_options *block,
                                const char *const *group, const char *key) {
  for (; *group != NULL; group++)
    if (strcmp(*group, key) != 0 && refuses_key(block, *group))
      return *group;
  return NULL;
}

int cloud_options_check_pairs(const struct cloud_options *block) {
  for (size_t i = 0; i < GROUPS; i++)
    for (const char *const *key = groups[i]; *key != NULL; key++) {
      const char *other = given_beside(block, groups[i], *key);
      if (other != NULL && refuses_key(block, *key))
        return option_refuse(&block->options, "%s and %s contradict each other",
                             *key, other);
    }
  return 0;
}

bool cloud_options_forbids(const struct cloud_options *block, const char *key) {
  for (size_t i = 0; i < GROUPS; i++)
    for (const char *const *member = groups[i]; *member != NULL; member++)
      if (strcmp(*member, key) == 0 &&
          given_beside(block, groups[i], key) != NULL)
        return true;
  return false;
}

static int check_login(const struct cloud_options *block) {
  const struct session_config *s = &block->cloud->session;
  bool user = s->username != NULL || s->user_id != NULL;
  bool secret =
      s->credential_secret != NULL || s->credential_secret_file != NULL;
  if (s->token != NULL)
    return 0;
  if (s->credential_id != NULL || s->credential_name != NULL) {
    if (!secret)
      return option_refuse(&block->options,
                           "ApplicationCredentialSecret or "
                           "ApplicationCredentialSecretFile is missing");
    if (s->credential_name != NULL && !user)
      return option_refuse(&block->options,
                           "ApplicationCredentialName needs Username or "
                           "UserID");
    return 0;
  }
  if (secret)
    return option_refuse(&block->options,
                         "ApplicationCredentialID or "
                         "ApplicationCredentialName is missing");
  if (!user)
    return option_refuse(&block->options, "Username or UserID is missing (or "
                                          "ApplicationCredentialID, or Token)");
  if (s->password == NULL && s->password_file == NULL)
    return option_refuse(&block->options,
                         "Password or PasswordFile is missing");
  bool scope = s->project_name != NULL || s->project_id != NULL ||
               s->domain_name != NULL || s->domain_id != NULL ||
               s->trust_id != NULL || s->system_scope;
  if (!scope)
    return option_refuse(&block->options,
                         "ProjectName or ProjectID is missing");
  return 0;
}

/* A domain belongs to a name. */
static int check_domains(const struct cloud_options *block) {
  const struct session_config *s = &block->cloud->session;
  const struct {
    const char *domain, *name, *is;
  } rows[] = {
      {"UserDomainName", "Username", s->username},
      {"UserDomainID", "Username", s->username},
      {"ProjectDomainName", "ProjectName", s->project_name},
      {"ProjectDomainID", "ProjectName", s->project_name},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    if (rows[i].is == NULL && option_given(&block->options, rows[i].domain))
      return option_refuse(&block->options, "%s needs %s", rows[i].domain,
                           rows[i].name);
  return 0;
}

static int check_rest(const struct cloud_options *block) {
  const struct cloud_config *cloud = block->cloud;
  if (cloud->session.auth_url == NULL)
    return option_refuse(&block->options, "AuthURL is missing");
  bool s3_secret = cloud->access.s3_secret_key != NULL ||
                   cloud->access.s3_secret_key_file != NULL;
  if (s3_secret && cloud->access.s3_access_key == NULL)
    return option_refuse(&block->options, "RadosGWAccessKey is missing");
  if (!s3_secret && cloud->access.s3_access_key != NULL)
    return option_refuse(&block->options,
                         "RadosGWAccessKey needs RadosGWSecretKey or "
                         "RadosGWSecretKeyFile");
  const struct http_options *http = &cloud->http;
  if (tls_files_check(&block->options, http->client_cert, http->client_key) !=
      0)
    return -1;
  if (!cloud->http.verify_peer || !cloud->http.verify_host)
    complain(block->options.to, COMPLAINT_WARNING,
             "config: %s: TLS is not verified: whoever is on the way can "
             "read the password",
             block->name);
  return 0;
}

int cloud_options_check(const struct cloud_options *block) {
  if (check_rest(block) != 0 || check_login(block) != 0)
    return -1;
  return check_domains(block);
}

bool cloud_options_has(const char *key) {
  for (size_t i = 0; i < OPTIONS; i++)
    if (strcasecmp(options[i].key, key) == 0)
      return true;
  return false;
}

static const char *place_of(const char *key) {
  bool plugin_s =
      strcasecmp(key, "Listing") == 0 || strcasecmp(key, "Workers") == 0;
  if (plugin_s)
    return "<Plugin openstack>, beside the <Cloud> blocks";
  return share_options_has(key) ? "a <Share> block in this one" : NULL;
}

void cloud_options_init(struct cloud_options *block, struct cloud_config *cloud,
                        const struct complaints *to) {
  *block = (struct cloud_options){.options = {.options = options,
                                              .noptions = OPTIONS,
                                              .place = place_of,
                                              .to = to},
                                  .cloud = cloud};
  snprintf(block->name, sizeof(block->name), "<Cloud \"%s\">", cloud->name);
  block->options.name = block->name;
}

void cloud_config_free(struct cloud_config *cloud) {
  if (cloud == NULL)
    return;
  options_clear(options, OPTIONS, cloud);
  share_config_free(cloud->share);
  text_list_clear(&cloud->texts);
  free(cloud->meters);
  free(cloud->name);
  free(cloud);
}
