#include "config/share_options.h"

#include "config/complaint.h"
#include "config/tls_files.h"
#include "net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PREFIX_MOST 200 /* bytes; keys of etcd are long enough for the rest */

/* A member of etcd, or what stands before it: its gateway has no other path. */
static const char *wrong_endpoint(const char *url) {
  const char *wrong = url_wrong(url);
  if (wrong != NULL)
    return wrong;
  const char *path = strchr(strstr(url, "://") + 3, '/');
  return path == NULL || path[1] == '\0'
             ? NULL
             : "must have no path: https://HOST:2379";
}

static const char *wrong_prefix(const char *prefix) {
  size_t len = strlen(prefix);
  if (prefix[0] != '/' || len < 2 || prefix[len - 1] == '/')
    return "must begin with \"/\" and not end with it: \"" SHARE_PREFIX "\"";
  if (!text_is_visible(prefix))
    return "must have no blank or control byte, and no byte beyond ASCII";
  return len > PREFIX_MOST ? "is longer than 200 bytes" : NULL;
}

#define ROW(name, type, member, ...)                                           \
  {                                                                            \
    .key = name, .kind = OPTION_##type,                                        \
    .offset = offsetof(struct share_config, member), __VA_ARGS__               \
  }

static const char *const losses[] = {[SHARE_LOSS_PROOF] = "proof",
                                     [SHARE_LOSS_STOP] = "stop",
                                     [SHARE_LOSS_KEEP] = "keep",
                                     [SHARE_LOSS_ALL] = "all",
                                     NULL};
static const char *const units[] = {[SHARE_UNIT_CLOUD] = "cloud",
                                    [SHARE_UNIT_LISTING] = "listing",
                                    [SHARE_UNIT_PROJECT] = "project",
                                    NULL};

/* clang-format off */
static const struct option options[] = {
    ROW("Endpoint", SET, etcd.endpoints, .wrong = wrong_endpoint),
    ROW("CACert", FILE, etcd.ca_cert, .wrong = tls_files_lack_certificate),
    ROW("ClientCert", FILE, etcd.client_cert,
        .wrong = tls_files_lack_certificate),
    ROW("ClientKey", FILE, etcd.client_key, .wrong = tls_files_lack_key),
    ROW("Username", TEXT, etcd.username),
    ROW("Password", SECRET, etcd.password),
    ROW("PasswordFile", SECRET_FILE, etcd.password_file),
    ROW("Prefix", TEXT, prefix, .wrong = wrong_prefix),
    ROW("EtcdLoss", CHOICE, loss, .words = losses),
    ROW("Unit", CHOICE, unit, .words = units),
};
/* clang-format on */
enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

bool share_options_is_block(const struct config_item *item) {
  return strcasecmp(item->key, "Share") == 0;
}

bool share_options_has(const char *key) {
  for (size_t i = 0; i < OPTIONS; i++)
    if (strcasecmp(options[i].key, key) == 0)
      return true;
  return false;
}

/* ---- what the options say together -------------------------------------- */

static int check_login(const struct option_block *block,
                       const struct etcd_config *etcd) {
  bool secret = etcd->password != NULL || etcd->password_file != NULL;
  if (etcd->password != NULL && etcd->password_file != NULL)
    return option_refuse(block, "Password and PasswordFile contradict each "
                                "other");
  if (secret && etcd->username == NULL)
    return option_refuse(block, "Username is missing");
  if (!secret && etcd->username != NULL)
    return option_refuse(block, "Password or PasswordFile is missing");
  return 0;
}

static int check_endpoints(const struct option_block *block,
                           const struct etcd_config *etcd) {
  if (etcd->endpoints.n == 0)
    return option_refuse(block,
                         "Endpoint is missing: Endpoint "
                         "\"https://HOST:2379\", for each member of etcd");
  if (etcd->endpoints.n > ETCD_ENDPOINTS)
    return option_refuse(block, "there are over %d Endpoints", ETCD_ENDPOINTS);
  return 0;
}

static bool is_plain(const char *url) {
  return strncasecmp(url, "http://", 7) == 0;
}

static void warn(const struct option_block *block, const char *key,
                 const char *value, const char *why) {
  complain(block->to, COMPLAINT_WARNING, "config: %s: %s \"%.200s\": %s",
           block->name, key, value, why);
}

/* Of the first endpoint of a kind only: the others would repeat it. */
static void warn_of_endpoints(const struct option_block *block,
                              const struct etcd_config *etcd) {
  const char *plain = NULL, *portless = NULL;
  bool all_plain = true;
  for (size_t i = etcd->endpoints.n; i-- > 0;) {
    const char *url = etcd->endpoints.items[i];
    const char *host = strstr(url, "://") + 3;
    const char *bracket = strrchr(host, ']');
    if (strchr(bracket != NULL ? bracket : host, ':') == NULL)
      portless = url;
    if (is_plain(url))
      plain = url;
    all_plain = all_plain && is_plain(url);
  }
  if (portless != NULL)
    warn(block, "Endpoint", portless, "names no port; etcd's is 2379");
  if (plain != NULL && etcd->username != NULL)
    warn(block, "Endpoint", plain,
         "is not encrypted: whoever is on the way can read the password");
  if (all_plain && etcd->client_cert != NULL)
    warn(block, "ClientCert", etcd->client_cert,
         "is of no use: no Endpoint is https://");
}

static int check(const struct option_block *block,
                 const struct share_config *share) {
  const struct etcd_config *etcd = &share->etcd;
  if (check_endpoints(block, etcd) != 0 || check_login(block, etcd) != 0 ||
      tls_files_check(block, etcd->client_cert, etcd->client_key) != 0)
    return -1;
  warn_of_endpoints(block, etcd);
  return 0;
}

/* ---- the block ----------------------------------------------------------- */

static struct share_config *share_config_new(void) {
  struct share_config *share = calloc(1, sizeof(*share));
  if (share == NULL)
    return NULL;
  *share =
      (struct share_config){.loss = SHARE_LOSS_PROOF, .unit = SHARE_UNIT_USUAL};
  return share;
}

int share_options_read(struct share_config **ret,
                       const struct config_item *item, const char *cloud,
                       const struct complaints *to) {
  char name[200];
  struct option_block block = {
      .name = name, .options = options, .noptions = OPTIONS, .to = to};
  snprintf(name, sizeof(name), "<Cloud \"%.64s\">: <Share>", cloud);
  if (item->nvalues > 0)
    return option_refuse(&block, "takes no name: <Share>");
  if (*ret != NULL)
    return option_refuse(&block, "given twice");
  struct share_config *share = *ret = share_config_new();
  if (share == NULL)
    return option_refuse(&block, "out of memory");
  for (size_t i = 0; i < item->nchildren; i++)
    if (option_take(&block, share, &item->children[i]) != 0)
      return -1;
  if (share->prefix == NULL)
    share->prefix = strdup(SHARE_PREFIX);
  if (share->prefix == NULL)
    return option_refuse(&block, "out of memory");
  return check(&block, share);
}

void share_config_free(struct share_config *share) {
  if (share == NULL)
    return;
  options_clear(options, OPTIONS, share);
  free(share);
}
