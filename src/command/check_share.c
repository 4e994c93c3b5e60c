/* What etcd says to a check, which only reads: no lease, no key. */
#include "command/check.h"

#include "etcd/etcd.h"
#include "etcd/quorum.h"
#include "settings/share.h"
#include "share/claim_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL_MS 2000 /* as the plugin's */

static void append_text(struct text_list *list, char *text) {
  if (text == NULL || !text_list_add(list, text))
    free(text);
}

/* What the log says only when a majority is away. */
static const char *trouble_of(enum etcd_health health) {
  static const char *const words[] = {
      [ETCD_SILENT] = "gives no answer, or none of etcd's, in a second",
      [ETCD_REFUSES] = "refuses connections",
      [ETCD_LEADERLESS] = "knows no leader"};
  return words[health];
}

static void ask_endpoints(struct etcd *etcd, struct check_share *ret) {
  struct etcd_status statuses[ETCD_ENDPOINTS];
  const struct text_list *endpoints = &ret->config->etcd.endpoints;
  struct error err;
  if (etcd_ask_all(etcd, statuses, &err) != 0) {
    append_text(&ret->lines, strdup(err.text));
    return;
  }
  text_copy(ret->version, sizeof(ret->version), etcd_version(etcd));
  for (size_t i = 0; i < endpoints->n; i++) {
    if (statuses[i].health == ETCD_LED)
      ret->led++;
    else
      append_text(&ret->lines, text_printf("%s %s", endpoints->items[i],
                                           trouble_of(statuses[i].health)));
  }
}

static int read_members(struct etcd *etcd, const char *root,
                        struct check_share *ret, struct error *err) {
  struct etcd_items items = {0};
  struct claim_keys keys = {0};
  int status = etcd_range(etcd, root, &items, err);
  if (status == 0)
    status = claim_text_read(root, &items, &keys, err);
  for (size_t i = 0; status == 0 && i < keys.look.nmembers; i++)
    append_text(&ret->hosts, strdup(keys.hosts[i]));
  claim_text_clear(&keys);
  etcd_items_clear(&items);
  return status;
}

/* What a login and the keys say, and then each endpoint for itself. */
static void ask_etcd(struct etcd *etcd, const char *cloud,
                     struct check_share *ret) {
  struct error err;
  char *root = claim_text_root(ret->config->prefix, cloud);
  int status =
      root != NULL ? read_members(etcd, root, ret, &err) : error_memory(&err);
  ret->works = status == 0;
  if (status != 0)
    append_text(&ret->lines, strdup(err.text));
  if (etcd_advice(etcd) != NULL)
    append_text(&ret->lines, strdup(etcd_advice(etcd)));
  ask_endpoints(etcd, ret);
  free(root);
}

void check_share_ask(const struct cloud_config *config,
                     struct check_share *ret) {
  struct error err;
  *ret = (struct check_share){.config = config->share};
  if (config->share == NULL)
    return;
  struct etcd *etcd = etcd_new(&config->share->etcd, CALL_MS, &err);
  if (etcd != NULL)
    ask_etcd(etcd, config->name, ret);
  else
    append_text(&ret->lines, strdup(err.text));
  etcd_free(etcd);
}

void check_share_clear(struct check_share *share) {
  text_list_clear(&share->hosts);
  text_list_clear(&share->lines);
}
