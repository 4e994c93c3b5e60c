#include "etcd/reply.h"

#include "base/base64.h"
#include "base/secret.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(ETCD_VALUE * 4 / 3 < CELL_TEXT - 4, "a cell holds a value");

enum {
  CLUSTER,
  MEMBER,
  REVISION,
  LEASE,
  TTL,
  SUCCEEDED,
  LEADER,
  TOKEN,
  VERSION
};
static const struct extract_field answer_fields[] = {
    [CLUSTER] = {.path = "header.cluster_id"},
    [MEMBER] = {.path = "header.member_id"},
    [REVISION] = {.path = "header.revision"},
    [LEASE] = {.path = "ID"},
    [TTL] = {.path = "TTL"},
    [SUCCEEDED] = {.path = "succeeded"},
    [LEADER] = {.path = "leader"},
    [TOKEN] = {.path = "token"},
    [VERSION] = {.path = "version"},
};
enum { KEY, VALUE, KEY_LEASE, CREATED, MODIFIED };
static const struct extract_field item_fields[] = {
    [KEY] = {.path = "key"},
    [VALUE] = {.path = "value"},
    [KEY_LEASE] = {.path = "lease"},
    [CREATED] = {.path = "create_revision"},
    [MODIFIED] = {.path = "mod_revision"},
};
static const struct extract_field member_fields[] = {
    {.path = "ID"},
    {.path = "isLearner"},
    {.path = "clientURLs[]", .mode = EXTRACT_JOIN},
};
static const struct extract_field error_fields[] = {
    {.path = "http_code"},
    {.path = "message"},
};

/* etcd's 64-bit numbers are texts, for the sake of JavaScript. */
static uint64_t number_of(const struct cell *cell) {
  return cell_has_text(cell) ? strtoull(cell->text, NULL, 10) : 0;
}

static void take_number(const struct cell *cell, int64_t *to) {
  if (cell_has_text(cell))
    *to = (int64_t)number_of(cell);
}

static int take_token(struct etcd_reply *reply, const struct cell *cell) {
  if (cell->kind != CELL_STRING || cell->len == 0)
    return 0;
  if (cell->cut || !text_is_visible(cell->text))
    return error_set(&reply->reader.error, ERROR_PARSE,
                     "etcd's token cannot be sent in a header");
  secret_free(reply->token);
  reply->token = strdup(cell->text);
  return reply->token != NULL ? 0 : error_memory(&reply->reader.error);
}

static int on_answer(void *arg, const struct cell *cells) {
  struct etcd_reply *reply = arg;
  if (cell_has_text(&cells[CLUSTER])) {
    reply->cluster = number_of(&cells[CLUSTER]);
    reply->member = number_of(&cells[MEMBER]);
    reply->items.revision = (int64_t)number_of(&cells[REVISION]);
  }
  take_number(&cells[LEASE], &reply->lease);
  take_number(&cells[TTL], &reply->ttl_s);
  if (cells[SUCCEEDED].kind == CELL_TRUE)
    reply->succeeded = true;
  if (number_of(&cells[LEADER]) != 0)
    reply->has_leader = true;
  if (cells[VERSION].kind == CELL_STRING)
    text_one_line(reply->version, sizeof(reply->version), cells[VERSION].text,
                  cells[VERSION].len);
  return take_token(reply, &cells[TOKEN]);
}

/* A text in base64; NULL: it is none, or no memory. */
static char *text_of(const struct cell *cell) {
  size_t len = 0;
  const char *given = cell->kind == CELL_STRING && !cell->cut ? cell->text : "";
  char *text = strdup(given);
  if (text != NULL && base64_decode(text, text, &len) && strlen(text) == len)
    return text;
  free(text);
  return NULL;
}

/* Makes room for one more. */
static int grow(struct etcd_items *items, struct error *err) {
  size_t n = items->n;
  if (n == ETCD_ITEMS)
    return error_set(err, ERROR_LIMIT, "there are over %d keys", ETCD_ITEMS);
  if ((n & (n - 1)) != 0) /* the room is the next power of two */
    return 0;
  struct etcd_item *grown =
      realloc(items->items, (n > 0 ? 2 * n : 1) * sizeof(*grown));
  if (grown == NULL)
    return error_memory(err);
  items->items = grown;
  return 0;
}

static int on_item(void *arg, const struct cell *cells) {
  struct etcd_reply *reply = arg;
  struct etcd_items *items = &reply->items;
  struct etcd_item item = {.key = text_of(&cells[KEY])};
  if (item.key == NULL || item.key[0] == '\0') {
    free(item.key);
    return 0;
  }
  item.value = text_of(&cells[VALUE]);
  if (item.value == NULL)
    item.value = strdup("");
  take_number(&cells[KEY_LEASE], &item.lease);
  take_number(&cells[CREATED], &item.create_revision);
  take_number(&cells[MODIFIED], &item.mod_revision);
  int status = item.value != NULL ? grow(items, &reply->reader.error)
                                  : error_memory(&reply->reader.error);
  if (status == 0) {
    items->items[items->n++] = item;
    return 0;
  }
  free(item.key);
  free(item.value);
  return -1;
}

/* A learner has no vote. */
static int on_member(void *arg, const struct cell *cells) {
  struct etcd_reply *reply = arg;
  if (cells[1].kind == CELL_TRUE)
    return 0;
  reply->nmembers++;
  if (reply->on_member != NULL)
    reply->on_member(reply->arg, number_of(&cells[0]),
                     cells[2].cut ? "" : cells[2].text);
  return 0;
}

static int on_error(void *arg, const struct cell *cells) {
  struct etcd_reply *reply = arg;
  reply->broken = (long)number_of(&cells[0]);
  if (reply->broken == 0)
    reply->broken = 500;
  if (cells[1].kind == CELL_STRING)
    text_one_line(reply->said, sizeof(reply->said), cells[1].text,
                  cells[1].len);
  return 0;
}

const struct extract_group etcd_groups[ETCD_GROUPS] = {
    {"", answer_fields, 9, on_answer, NULL},
    {"result", answer_fields, 9, on_answer, NULL},
    {"kvs[]", item_fields, 5, on_item, NULL},
    {"members[]", member_fields, 3, on_member, NULL},
    {"error", error_fields, 2, on_error, NULL},
};

int etcd_reply_judge(struct question_reader *reader,
                     const struct http_reply *http, struct error *err) {
  const struct etcd_reply *reply = (struct etcd_reply *)reader;
  return http->status == 200 ? 0
                             : etcd_trouble(&reply->asked, http->status,
                                            http->said, http->location, err);
}

int etcd_reply_check(const struct etcd_reply *reply, struct error *err) {
  if (reply->broken != 0)
    return etcd_trouble(&reply->asked, reply->broken, reply->said, "", err);
  if (reply->cluster == 0)
    return error_set(err, ERROR_PARSE,
                     "the answer names no cluster: is this etcd 3.4 or newer?");
  return 0;
}

void etcd_reply_clear(struct etcd_reply *reply) {
  secret_free(reply->token);
  etcd_items_clear(&reply->items);
  *reply = (struct etcd_reply){
      .asked = reply->asked, .on_member = reply->on_member, .arg = reply->arg};
}
