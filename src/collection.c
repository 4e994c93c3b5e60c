#include "collection.h"

#include "extract.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* An answer on its way through the extractor. */
struct answer {
  const struct collection_query *query;
  struct extract *extract;
  bool truncated;
  struct error error; /* of `take`, or of the extractor */
};

static const struct extract_field item_fields[] = {{.path = "id"},
                                                   {.path = "name"},
                                                   {.path = "domain_id"},
                                                   {.path = "enabled"}};
static const struct extract_field root_fields[] = {{.path = "truncated"}};

static const char *text_of(const struct cell *cell) {
  return cell->kind == CELL_STRING && cell->len > 0 ? cell->text : NULL;
}

static int on_item(void *arg, const struct cell *cells) {
  struct answer *answer = arg;
  const struct collection_query *q = answer->query;
  const struct collection_item item = {.id = text_of(&cells[0]),
                                       .name = text_of(&cells[1]),
                                       .domain_id = text_of(&cells[2]),
                                       .enabled = cells[3].kind != CELL_FALSE};
  if (item.id == NULL || cells[0].cut)
    return 0;
  return q->take(q->arg, &item, &answer->error);
}

static int on_root(void *arg, const struct cell *cells) {
  struct answer *answer = arg;
  answer->truncated = cells[0].kind == CELL_TRUE;
  return 0;
}

static int on_body(void *arg, const void *data, size_t len) {
  struct answer *answer = arg;
  return extract_feed(answer->extract, data, len, &answer->error);
}

/* One answer; 401 is answered with one new token. */
static int exchange(struct answer *answer, const char *url,
                    struct http_reply *reply, struct error *err) {
  const struct collection_query *q = answer->query;
  struct session_token token = {0};
  int status = -1;
  for (int tries = 0; tries < 2; tries++) {
    status = -1;
    session_token_clear(&token);
    if (session_token(q->session, q->deadline_ms, &token, err) != 0 ||
        extract_begin(answer->extract, err) != 0)
      break;
    struct http_request request = {
        .method = "GET",
        .url = url,
        .headers = {token.header, "Accept: application/json"},
        .on_body = on_body,
        .arg = answer};
    status = http_one(q->http, &request, q->deadline_ms, reply, err);
    if (status != 0 && answer->error.code != ERROR_NONE)
      *err = answer->error;
    if (status != 0 || reply->status != 401 ||
        !session_refused(q->session, token.generation))
      break;
  }
  session_token_clear(&token);
  return status;
}

static char *url_of(const struct collection_query *q) {
  const char *base = session_url(q->session);
  if (q->domain_id == NULL)
    return text_printf("%s/%s", base, q->name);
  char *id = text_percent(q->domain_id);
  char *url =
      id != NULL ? text_printf("%s/%s?domain_id=%s", base, q->name, id) : NULL;
  free(id);
  return url;
}

/* What the end of an answer means. */
static int judge(const struct answer *answer, const struct http_reply *reply,
                 struct error *err) {
  if (reply->status == 403)
    return 1;
  if (reply->status != 200)
    return error_set(err, ERROR_STATUS, "HTTP %ld", reply->status);
  if (extract_finish(answer->extract, err) != 0)
    return -1;
  if (!extract_met(answer->extract, 0))
    return error_set(err, ERROR_PARSE, "the answer has no \"%s\"",
                     answer->query->name);
  return 0;
}

int collection_ask(const struct collection_query *q, bool *ret_truncated,
                   struct error *err) {
  struct answer answer = {.query = q};
  struct http_reply reply = {.status = 0};
  int status = -1;
  char *url = url_of(q);
  char *record = text_printf("%s[]", q->name);
  if (url == NULL || record == NULL) {
    error_memory(err);
    goto out;
  }
  const struct extract_group groups[] = {{record, item_fields, 4, on_item},
                                         {"", root_fields, 1, on_root}};
  answer.extract = extract_new(groups, 2, &answer, err);
  if (answer.extract != NULL && exchange(&answer, url, &reply, err) == 0)
    status = judge(&answer, &reply, err);
  if (status < 0)
    error_wrap(err, "%s", url);
  *ret_truncated = answer.truncated;
out:
  extract_free(answer.extract);
  free(url);
  free(record);
  return status;
}
