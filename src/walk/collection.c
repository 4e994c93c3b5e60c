#include "walk/collection.h"

#include "base/text.h"
#include "net/extract.h"
#include "net/url.h"

#include <stdlib.h>
#include <string.h>

/* An answer on its way through the extractor. */
struct answer {
  const struct collection_query *query;
  struct extract *extract;
  bool truncated;
  size_t items;
  char *next;         /* query of the page behind this one, or NULL */
  struct error error; /* of `take`, or of the extractor */
};

static const struct extract_field item_fields[] = {{.path = "id"},
                                                   {.path = "name"},
                                                   {.path = "domain_id"},
                                                   {.path = "enabled"}};
static const struct extract_field root_fields[] = {{.path = "truncated"},
                                                   {.path = "links.next"}};

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
  answer->items++;
  if (item.id == NULL || cells[0].cut)
    return 0;
  return q->take(q->arg, &item, &answer->error);
}

static int on_root(void *arg, const struct cell *cells) {
  struct answer *answer = arg;
  const char *next = text_of(&cells[1]);
  const char *query = next != NULL ? strchr(next, '?') : NULL;
  answer->truncated = cells[0].kind == CELL_TRUE;
  if (query == NULL || cells[1].cut)
    return 0;
  answer->next = strdup(query + 1);
  return answer->next != NULL ? 0 : error_memory(&answer->error);
}

static int on_body(void *arg, const void *data, size_t len) {
  struct answer *answer = arg;
  return extract_feed(answer->extract, data, len, &answer->error);
}

static void forget(struct answer *answer) {
  answer->items = 0;
  free(answer->next);
  answer->next = NULL;
}

/* One answer. 401 is answered with another token, or once with the same. */
static int exchange(struct answer *answer, const char *url,
                    struct http_reply *reply, struct error *err) {
  const struct collection_query *q = answer->query;
  struct session_token token = {0};
  struct session_asker asker = {.deadline_ms = q->deadline_ms};
  int status = -1;
  for (;;) {
    status = -1;
    asker.refused = token.generation;
    session_token_clear(&token);
    forget(answer);
    if (session_token(q->session, &asker, &token, err) != 0 ||
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
        (!session_refused(q->session, token.generation) &&
         token.generation == asker.refused))
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

static int ask_page(struct answer *answer, const char *url, struct error *err) {
  struct http_reply reply = {.status = 0};
  if (exchange(answer, url, &reply, err) != 0)
    return -1;
  return judge(answer, &reply, err);
}

/* The page behind this one into `url`: 1; 0: there is none. A last page that is
 * full has a link, too. */
static int go_on(const struct answer *answer, char **url, struct error *err) {
  if (answer->next == NULL || answer->items == 0)
    return 0;
  char *next = url_with_query(*url, answer->next);
  if (next == NULL)
    return error_memory(err);
  bool same = strcmp(next, *url) == 0;
  free(*url);
  *url = next;
  return same ? error_set(err, ERROR_PARSE, "the next link leads to itself")
              : 1;
}

static int ask_pages(struct answer *answer, char **url, struct error *err) {
  for (int page = 1; page <= COLLECTION_PAGES; page++) {
    int status = ask_page(answer, *url, err);
    if (status != 0)
      return status;
    int more = go_on(answer, url, err);
    if (more <= 0)
      return more;
  }
  return error_set(err, ERROR_LIMIT, "more than %d pages", COLLECTION_PAGES);
}

int collection_ask(const struct collection_query *q, bool *ret_truncated,
                   struct error *err) {
  struct answer answer = {.query = q};
  int status = -1;
  char *url = url_of(q);
  char *record = text_printf("%s[]", q->name);
  if (url == NULL || record == NULL) {
    error_memory(err);
    goto out;
  }
  const struct extract_group groups[] = {{record, item_fields, 4, on_item},
                                         {"", root_fields, 2, on_root}};
  answer.extract = extract_new(groups, 2, &answer, err);
  if (answer.extract == NULL)
    goto out;
  status = ask_pages(&answer, &url, err);
  if (status < 0 && err->code != ERROR_LOGIN) /* which is nobody's list */
    error_wrap(err, "list of %s: %s", q->name, url);
  *ret_truncated = answer.truncated && answer.next == NULL;
out:
  forget(&answer);
  extract_free(answer.extract);
  free(url);
  free(record);
  return status;
}
