#include "etcd/etcd.h"

#include "base/base64.h"
#include "base/clock.h"
#include "base/text.h"
#include "etcd/ask.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- leases -------------------------------------------------------------- */

#define TTL_MOST_S 86400 /* nobody asks for more */

int etcd_grant(struct etcd *etcd, int64_t ttl_s, int64_t *ret_lease,
               int64_t *ret_ttl_s, struct error *err) {
  char body[64];
  struct etcd_post post = {.path = "lease/grant", .body = body, .once = true};
  snprintf(body, sizeof(body), "{\"TTL\":\"%" PRId64 "\"}", ttl_s);
  int status = etcd_ask(etcd, &post, err);
  if (status == 0 && (post.reply.lease <= 0 || post.reply.ttl_s <= 0 ||
                      post.reply.ttl_s > TTL_MOST_S))
    status = error_set(err, ERROR_PARSE, "etcd grants no lease");
  if (status == 0) {
    *ret_lease = post.reply.lease;
    *ret_ttl_s = post.reply.ttl_s;
  }
  etcd_reply_clear(&post.reply);
  return status;
}

static void body_of_lease(int64_t lease, char *dst, size_t size) {
  snprintf(dst, size, "{\"ID\":\"%" PRId64 "\"}", lease);
}

/* A lease that is gone has no TTL, and a status of 200. */
int etcd_keepalive(struct etcd *etcd, int64_t lease, int64_t *ret_ttl_s,
                   struct error *err) {
  char body[64];
  struct etcd_post post = {.path = "lease/keepalive", .body = body};
  body_of_lease(lease, body, sizeof(body));
  int status = etcd_ask(etcd, &post, err);
  if (status == 0 && post.reply.ttl_s <= 0)
    status = error_set(err, ERROR_LEASE, "etcd has the lease no more");
  if (status == 0 && post.reply.ttl_s > TTL_MOST_S)
    status = error_set(err, ERROR_PARSE, "etcd renews no such lease");
  if (status == 0)
    *ret_ttl_s = post.reply.ttl_s;
  etcd_reply_clear(&post.reply);
  return status;
}

int etcd_revoke(struct etcd *etcd, int64_t lease, int64_t limit_ms,
                struct error *err) {
  char body[64];
  struct etcd_post post = {.path = "lease/revoke",
                           .body = body,
                           .farewell = true,
                           .deadline_ms = clock_ms() + limit_ms};
  body_of_lease(lease, body, sizeof(body));
  int status = etcd_ask(etcd, &post, err);
  etcd_reply_clear(&post.reply);
  return status;
}

/* ---- keys ---------------------------------------------------------------- */

/* The first key behind all that begin with the prefix, in base64. */
static char *end_of(const char *prefix) {
  size_t len = strlen(prefix);
  char *end = strdup(prefix);
  while (end != NULL && len > 1 && (unsigned char)end[len - 1] == 0xff)
    len--;
  if (end != NULL)
    end[len - 1]++;
  char *text = end != NULL ? base64_encode(end, len) : NULL;
  free(end);
  return text;
}

int etcd_range(struct etcd *etcd, const char *prefix, struct etcd_items *ret,
               struct error *err) {
  char *from = base64_encode(prefix, strlen(prefix)), *to = end_of(prefix);
  char *body =
      from == NULL || to == NULL
          ? NULL
          : text_printf("{\"key\":\"%s\",\"range_end\":\"%s\"}", from, to);
  struct etcd_post post = {.path = "kv/range", .body = body};
  *ret = (struct etcd_items){0};
  int status = body != NULL ? etcd_ask(etcd, &post, err) : error_memory(err);
  if (status == 0) {
    *ret = post.reply.items;
    post.reply.items = (struct etcd_items){0};
  }
  etcd_reply_clear(&post.reply);
  free(from);
  free(to);
  free(body);
  return status;
}

/* A body that grows. Once memory is out, nothing is added. */
struct body {
  FILE *file;
  bool failed;
};

static void put_text(struct body *body, const char *before, const char *text) {
  char *coded = base64_encode(text, strlen(text));
  body->failed = body->failed || coded == NULL ||
                 fprintf(body->file, "%s\"%s\"", before, coded) < 0;
  free(coded);
}

static void put_number(struct body *body, const char *before, int64_t number) {
  body->failed = body->failed ||
                 fprintf(body->file, "%s\"%" PRId64 "\"", before, number) < 0;
}

static void put_plain(struct body *body, const char *text) {
  body->failed = body->failed || fputs(text, body->file) < 0;
}

/* The end of all keys that begin with it. */
static void put_end(struct body *body, const char *prefix) {
  char *end = end_of(prefix);
  body->failed = body->failed || end == NULL ||
                 fprintf(body->file, ",\"range_end\":\"%s\"", end) < 0;
  free(end);
}

static bool is_of_none(enum etcd_condition condition) {
  return condition == ETCD_NONE || condition == ETCD_ABSENT;
}

static void put_compare(struct body *body, const struct etcd_compare *compare) {
  static const struct {
    const char *target, *member;
  } words[] = {
      [ETCD_NONE] = {"CREATE", ",\"create_revision\":"},
      [ETCD_ABSENT] = {"CREATE", ",\"create_revision\":"},
      [ETCD_LEASED] = {"LEASE", ",\"lease\":"},
      [ETCD_UNCHANGED] = {"MOD", ",\"mod_revision\":"},
  };
  enum etcd_condition condition = compare->condition;
  put_plain(body, "{\"target\":\"");
  put_plain(body, words[condition].target);
  put_text(body, "\",\"key\":", compare->key);
  if (condition == ETCD_NONE)
    put_end(body, compare->key);
  put_number(body, words[condition].member,
             is_of_none(condition) ? 0 : compare->number);
  put_plain(body, "}");
}

static void put_change(struct body *body, const struct etcd_change *change) {
  bool put = change->value != NULL;
  put_text(body,
           put ? "{\"request_put\":{\"key\":"
               : "{\"request_delete_range\":{\"key\":",
           change->key);
  if (put)
    put_text(body, ",\"value\":", change->value);
  if (put && change->lease != 0)
    put_number(body, ",\"lease\":", change->lease);
  put_plain(body, "}}");
}

/* NULL: no memory. */
static char *body_of(const struct etcd_txn *txn) {
  char *text = NULL;
  size_t size = 0;
  struct body body = {.file = open_memstream(&text, &size)};
  if (body.file == NULL)
    return NULL;
  put_plain(&body, "{\"compare\":[");
  for (size_t i = 0; i < txn->ncompares; i++) {
    put_plain(&body, i > 0 ? "," : "");
    put_compare(&body, &txn->compares[i]);
  }
  put_plain(&body, "],\"success\":[");
  for (size_t i = 0; i < txn->nchanges; i++) {
    put_plain(&body, i > 0 ? "," : "");
    put_change(&body, &txn->changes[i]);
  }
  put_plain(&body, "]}");
  if (fclose(body.file) == 0 && !body.failed)
    return text;
  free(text);
  return NULL;
}

/* etcd finds that a key without a lease, or none, is under the lease 0. */
static int check(const struct etcd_txn *txn, struct error *err) {
  if (txn->ncompares > ETCD_OPERATIONS || txn->nchanges > ETCD_OPERATIONS)
    return error_set(err, ERROR_LIMIT,
                     "etcd takes no transaction of over %d operations",
                     ETCD_OPERATIONS);
  for (size_t i = 0; i < txn->ncompares; i++)
    if (!is_of_none(txn->compares[i].condition) && txn->compares[i].number == 0)
      return error_set(err, ERROR_LIMIT, "0 is no lease and no revision");
  return 0;
}

int etcd_commit(struct etcd *etcd, const struct etcd_txn *txn, bool *ret_done,
                struct error *err) {
  if (check(txn, err) != 0)
    return -1;
  char *body = body_of(txn);
  struct etcd_post post = {.path = "kv/txn", .body = body, .once = true};
  if (txn->farewell_ms > 0) {
    post.farewell = true;
    post.deadline_ms = clock_ms() + txn->farewell_ms;
  }
  int status = body != NULL ? etcd_ask(etcd, &post, err) : error_memory(err);
  if (status == 0)
    *ret_done = post.reply.succeeded;
  etcd_reply_clear(&post.reply);
  free(body);
  return status;
}
