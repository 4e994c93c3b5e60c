/*
 * calls - src/etcd for the tests of tests/share: a line in, lines out
 *
 *   calls [--user U] [--password P] [--ca FILE] [--cert FILE] [--key FILE]
 *         [--ms MS] URL...
 *
 * A line of standard input is a command; its answer ends with "ok" or with
 * "error CODE TEXT":
 *   grant TTL               lease ID TTL
 *   keepalive ID            ttl TTL
 *   revoke ID
 *   range PREFIX            item KEY VALUE LEASE CREATED MODIFIED, for each
 *   commit [absent KEY | leased KEY ID | unchanged KEY REVISION]...
 *          [put KEY VALUE LEASE | delete KEY]...     done yes | done no
 *   status                  endpoint HEALTH MEMBER, for each
 *   members                 members N
 *   quorum N                quorum lost | quorum unknown, by the last status
 *   cluster, advice         cluster ID; advice TEXT
 *   stop
 */
#include "base/clock.h"
#include "etcd/etcd.h"
#include "etcd/quorum.h"
#include "net/http.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 600

static struct etcd_config config;
static struct etcd *etcd;
static struct etcd_status statuses[ETCD_ENDPOINTS];
static struct error err;

static const char *const codes[] = {
    [ERROR_NONE] = "none",       [ERROR_TRANSPORT] = "transport",
    [ERROR_STATUS] = "status",   [ERROR_LOGIN] = "login",
    [ERROR_DENIED] = "denied",   [ERROR_PARSE] = "parse",
    [ERROR_LIMIT] = "limit",     [ERROR_DEADLINE] = "deadline",
    [ERROR_CONFIG] = "config",   [ERROR_LEASE] = "lease",
    [ERROR_SPACE] = "space",     [ERROR_MEMORY] = "memory",
    [ERROR_STOPPED] = "stopped",
};
static const char *const healths[] = {[ETCD_SILENT] = "silent",
                                      [ETCD_REFUSES] = "refuses",
                                      [ETCD_LEADERLESS] = "leaderless",
                                      [ETCD_LED] = "led"};

static int64_t number(const char *word) { return strtoll(word, NULL, 10); }

/* The words of a command; NULLs follow. */
static int do_grant(char **w) {
  int64_t lease = 0, ttl = 0;
  int status = etcd_grant(etcd, number(w[1]), &lease, &ttl, &err);
  if (status == 0)
    printf("lease %" PRId64 " %" PRId64 "\n", lease, ttl);
  return status;
}

static int do_keepalive(char **w) {
  int64_t ttl = 0;
  int status = etcd_keepalive(etcd, number(w[1]), &ttl, &err);
  if (status == 0)
    printf("ttl %" PRId64 "\n", ttl);
  return status;
}

static int do_revoke(char **w) {
  return etcd_revoke(etcd, number(w[1]), 1000, &err);
}

static int do_range(char **w) {
  struct etcd_items items;
  int status = etcd_range(etcd, w[1], &items, &err);
  for (size_t i = 0; i < items.n; i++) {
    const struct etcd_item *item = &items.items[i];
    printf("item %s %s %" PRId64 " %" PRId64 " %" PRId64 "\n", item->key,
           item->value, item->lease, item->create_revision, item->mod_revision);
  }
  etcd_items_clear(&items);
  return status;
}

static int do_commit(char **w) {
  struct etcd_compare compares[WORDS];
  struct etcd_change changes[WORDS];
  struct etcd_txn txn = {.compares = compares, .changes = changes};
  bool done = false;
  for (w++; *w != NULL;) {
    struct etcd_compare *compare = &compares[txn.ncompares];
    struct etcd_change *change = &changes[txn.nchanges];
    if (strcmp(*w, "absent") == 0) {
      *compare = (struct etcd_compare){ETCD_ABSENT, w[1], 0};
      txn.ncompares++, w += 2;
    } else if (strcmp(*w, "leased") == 0 || strcmp(*w, "unchanged") == 0) {
      bool leased = **w == 'l';
      *compare = (struct etcd_compare){leased ? ETCD_LEASED : ETCD_UNCHANGED,
                                       w[1], number(w[2])};
      txn.ncompares++, w += 3;
    } else if (strcmp(*w, "put") == 0) {
      *change = (struct etcd_change){w[1], w[2], number(w[3])};
      txn.nchanges++, w += 4;
    } else {
      *change = (struct etcd_change){w[1], NULL, 0};
      txn.nchanges++, w += 2;
    }
  }
  int status = etcd_commit(etcd, &txn, &done, &err);
  if (status == 0)
    printf("done %s\n", done ? "yes" : "no");
  return status;
}

static int do_status(char **w) {
  (void)w;
  int status = etcd_ask_all(etcd, statuses, &err);
  for (size_t i = 0; status == 0 && i < config.endpoints.n; i++)
    printf("endpoint %s %" PRIu64 "\n", healths[statuses[i].health],
           statuses[i].member);
  return status;
}

static int do_members(char **w) {
  size_t n = 0;
  (void)w;
  int status = etcd_members(etcd, &n, &err);
  if (status == 0)
    printf("members %zu\n", n);
  return status;
}

static int do_quorum(char **w) {
  bool lost =
      etcd_lacks_quorum(statuses, config.endpoints.n, (size_t)number(w[1]));
  printf("quorum %s\n", lost ? "lost" : "unknown");
  return 0;
}

static int do_cluster(char **w) {
  (void)w;
  printf("cluster %" PRIu64 "\n", etcd_cluster(etcd));
  return 0;
}

static int do_advice(char **w) {
  const char *advice = etcd_advice(etcd);
  (void)w;
  printf("advice %s\n", advice != NULL ? advice : "-");
  return 0;
}

static int do_stop(char **w) {
  (void)w;
  etcd_stop(etcd);
  return 0;
}

static const struct {
  const char *word;
  int (*act)(char **words);
} commands[] = {
    {"grant", do_grant},     {"keepalive", do_keepalive},
    {"revoke", do_revoke},   {"range", do_range},
    {"commit", do_commit},   {"status", do_status},
    {"members", do_members}, {"quorum", do_quorum},
    {"cluster", do_cluster}, {"advice", do_advice},
    {"stop", do_stop},
};

static void take_line(char *line) {
  char *words[WORDS + 4] = {NULL}, *rest = NULL;
  size_t n = 0;
  for (char *word = strtok_r(line, " \n", &rest); word != NULL && n < WORDS;
       word = strtok_r(NULL, " \n", &rest))
    words[n++] = word;
  for (size_t i = 0; n > 0 && i < sizeof(commands) / sizeof(commands[0]); i++)
    if (strcmp(words[0], commands[i].word) == 0) {
      err = (struct error){.code = ERROR_NONE};
      if (commands[i].act(words) == 0)
        puts("ok");
      else
        printf("error %s %s\n", codes[err.code], err.text);
      fflush(stdout);
    }
}

static int take_arguments(char **argv) {
  int64_t ms = 2000;
  for (argv++; *argv != NULL; argv++) {
    const struct {
      const char *name;
      char **to;
    } texts[] = {{"--user", &config.username},
                 {"--password", &config.password},
                 {"--ca", &config.ca_cert},
                 {"--cert", &config.client_cert},
                 {"--key", &config.client_key}};
    size_t i = 0;
    while (i < 5 && strcmp(*argv, texts[i].name) != 0)
      i++;
    if (i < 5)
      *texts[i].to = *++argv;
    else if (strcmp(*argv, "--ms") == 0)
      ms = number(*++argv);
    else if (!text_list_add(&config.endpoints, strdup(*argv)))
      return -1;
  }
  etcd = etcd_new(&config, ms, &err);
  return etcd != NULL ? 0 : -1;
}

int main(int argc, char **argv) {
  char *line = NULL;
  size_t size = 0;
  (void)argc;
  if (http_start_up(&err) != 0 || take_arguments(argv) != 0)
    return 1;
  while (getline(&line, &size, stdin) > 0)
    take_line(line);
  free(line);
  etcd_free(etcd);
  text_list_clear(&config.endpoints);
  http_shut_down();
  return 0;
}
