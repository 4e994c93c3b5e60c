#include "projects.h"

#include "clock.h"
#include "extract.h"
#include "text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define REFRESH_MS 600000
#define RETRY_MS 60000        /* with the old list, while Keystone fails */
#define PROJECT_LIMIT 1000000 /* of a cloud */

struct projects {
  struct session *session;
  bool enabled_only;
  pthread_mutex_t lock; /* for all below; held while asking Keystone */
  struct project_list *list;
  int64_t refresh_at_ms;
};

/* A listing of Keystone's on its way through the extractor. */
struct asking {
  struct extract *extract;
  struct project_list *list; /* gets the ids */
  size_t room;
  const struct project_list *domains; /* to leave out; or NULL */
  struct error error;
};

static void list_empty(struct project_list *list) {
  for (size_t i = 0; i < list->n; i++)
    free(list->ids[i]);
  free(list->ids);
  *list = (struct project_list){0};
}

static void list_free(struct project_list *list) {
  if (list == NULL)
    return;
  list_empty(list);
  free(list);
}

static bool has_id(const struct project_list *list, const char *id) {
  for (size_t i = 0; list != NULL && i < list->n; i++)
    if (strcmp(list->ids[i], id) == 0)
      return true;
  return false;
}

static int list_add(struct asking *asking, const char *id) {
  struct project_list *list = asking->list;
  if (list->n == PROJECT_LIMIT)
    return error_set(&asking->error, ERROR_LIMIT, "more than %d projects",
                     PROJECT_LIMIT);
  if (list->n == asking->room) {
    size_t room = asking->room > 0 ? asking->room * 2 : 64;
    char **grown = realloc(list->ids, room * sizeof(*grown));
    if (grown == NULL)
      return error_memory(&asking->error);
    list->ids = grown;
    asking->room = room;
  }
  list->ids[list->n] = strdup(id);
  return list->ids[list->n++] != NULL ? 0 : error_memory(&asking->error);
}

static const struct extract_field id_fields[] = {{.path = "id"},
                                                 {.path = "domain_id"}};
static const struct extract_field list_fields[] = {{.path = "truncated"}};

static int on_id(void *arg, const struct cell *cells) {
  struct asking *asking = arg;
  if (cells[0].kind != CELL_STRING || cells[0].len == 0 || cells[0].cut)
    return 0;
  if (cells[1].kind == CELL_STRING && has_id(asking->domains, cells[1].text))
    return 0;
  return list_add(asking, cells[0].text);
}

static int on_list(void *arg, const struct cell *cells) {
  struct asking *asking = arg;
  if (cells[0].kind == CELL_TRUE)
    asking->list->truncated = true;
  return 0;
}

static int on_body(void *arg, const void *data, size_t len) {
  struct asking *asking = arg;
  return extract_feed(asking->extract, data, len, &asking->error);
}

/* One of Keystone's collections, and where its ids go. */
struct query {
  struct projects *projects;
  struct http *http;
  int64_t deadline_ms;
  const char *record, *path;
  struct project_list *list;
  const struct project_list *without; /* domains to leave out, or NULL */
};

/* One answer; 401 is answered with one new token. */
static int ask_once(const struct query *q, struct asking *asking,
                    struct http_reply *reply, struct error *err) {
  struct session *session = q->projects->session;
  struct session_token token = {0};
  char *url = text_printf("%s%s", session_url(session), q->path);
  int status = -1;
  if (url == NULL) {
    error_memory(err);
    goto out;
  }
  for (int tries = 0; tries < 2; tries++) {
    session_token_clear(&token);
    if (session_token(session, q->deadline_ms, &token, err) != 0 ||
        extract_begin(asking->extract, err) != 0)
      goto out;
    struct http_request request = {
        .method = "GET",
        .url = url,
        .headers = {token.header, "Accept: application/json"},
        .on_body = on_body,
        .arg = asking};
    status = http_one(q->http, &request, q->deadline_ms, reply, err);
    if (asking->error.code != ERROR_NONE && err != NULL)
      *err = asking->error;
    if (status != 0 || reply->status != 401 ||
        !session_refused(session, token.generation))
      break;
  }
out:
  session_token_clear(&token);
  free(url);
  return status;
}

/* Adds the ids of a collection to its list. 1: 403. */
static int ask(const struct query *q, struct error *err) {
  const struct extract_group groups[] = {{q->record, id_fields, 2, on_id},
                                         {"", list_fields, 1, on_list}};
  struct asking asking = {
      .list = q->list, .room = q->list->n, .domains = q->without};
  struct http_reply reply = {.status = 0};
  int status = -1;
  asking.extract = extract_new(groups, 2, &asking, err);
  if (asking.extract == NULL || ask_once(q, &asking, &reply, err) != 0)
    goto out;
  if (reply.status == 403)
    status = 1;
  else if (reply.status != 200)
    error_set(err, ERROR_STATUS, "HTTP %ld", reply.status);
  else if (extract_finish(asking.extract, err) != 0)
    goto out;
  else if (!extract_met(asking.extract, 0))
    error_set(err, ERROR_PARSE, "the answer has no \"%.*s\"",
              (int)strcspn(q->record, "["), q->record);
  else
    status = 0;
out:
  extract_free(asking.extract);
  if (status >= 0)
    return status;
  return error_wrap(err, "%s%s", session_url(q->projects->session), q->path);
}

static int own_project(struct projects *p, struct project_list *list,
                       struct error *err) {
  struct login_project own;
  session_project(p->session, &own);
  list->own_only = true;
  if (own.id[0] == '\0')
    return error_set(err, ERROR_DENIED,
                     "the token may not list projects and has none itself");
  struct asking asking = {.list = list, .room = list->n};
  if (list_add(&asking, own.id) == 0)
    return 0;
  *err = asking.error;
  return -1;
}

/* Keystone's list_limit has no further pages: only a filter gets at the rest.
 * `q` is the query for the projects that was cut off. */
static int ask_each_domain(struct query *q, struct error *err) {
  const char *and = q->projects->enabled_only ? "&enabled=true" : "";
  struct project_list domains = {0};
  struct query ask_domains = *q;
  ask_domains.record = "domains[]";
  ask_domains.path = "/domains";
  ask_domains.list = &domains;
  ask_domains.without = NULL;
  int status = ask(&ask_domains, err);
  if (status == 1) /* it may not: what has come is better than nothing */
    return 0;
  bool truncated = domains.truncated;
  list_empty(q->list);
  for (size_t i = 0; status == 0 && i < domains.n; i++) {
    char *id = text_percent(domains.ids[i]);
    char *path =
        id != NULL ? text_printf("/projects?domain_id=%s%s", id, and) : NULL;
    q->path = path;
    q->list->truncated = false;
    status = path != NULL ? ask(q, err) : error_memory(err);
    truncated = truncated || q->list->truncated;
    free(id);
    free(path);
  }
  q->list->truncated = truncated;
  list_empty(&domains);
  return status;
}

static int fetch(struct projects *p, struct http *http, int64_t deadline_ms,
                 struct project_list *list, struct error *err) {
  struct project_list disabled = {0};
  struct query q = {.projects = p, .http = http, .deadline_ms = deadline_ms};
  int status = 0;
  if (p->enabled_only) {
    q.record = "domains[]";
    q.path = "/domains?enabled=false";
    q.list = &disabled;
    status = ask(&q, err);
  }
  if (status >= 0) {
    q.record = "projects[]";
    q.path = p->enabled_only ? "/projects?enabled=true" : "/projects";
    q.list = list;
    q.without = &disabled;
    status = ask(&q, err);
  }
  if (status == 0 && list->truncated)
    status = ask_each_domain(&q, err);
  if (status == 1)
    status = own_project(p, list, err);
  list_empty(&disabled);
  return status;
}

static int refresh(struct projects *p, struct http *http, int64_t deadline_ms,
                   struct error *err) {
  struct project_list *list = calloc(1, sizeof(*list));
  int status =
      list == NULL ? error_memory(err) : fetch(p, http, deadline_ms, list, err);
  p->refresh_at_ms = clock_ms() + (status == 0 ? REFRESH_MS : RETRY_MS);
  if (status != 0) {
    list_free(list);
    return -1;
  }
  if (p->list != NULL && p->list->users == 0)
    list_free(p->list);
  p->list = list;
  return 0;
}

int projects_get(struct projects *p, struct http *http, int64_t deadline_ms,
                 struct project_list **ret, struct error *err) {
  int status = 0;
  pthread_mutex_lock(&p->lock);
  if (p->list == NULL || clock_ms() >= p->refresh_at_ms)
    status = refresh(p, http, deadline_ms, err);
  if (status != 0 && p->list != NULL && err->code != ERROR_STOPPED)
    status = 0;
  if (status == 0) {
    p->list->users++;
    *ret = p->list;
  }
  pthread_mutex_unlock(&p->lock);
  return status;
}

void projects_put(struct projects *p, struct project_list *list) {
  pthread_mutex_lock(&p->lock);
  if (--list->users == 0 && list != p->list)
    list_free(list);
  pthread_mutex_unlock(&p->lock);
}

struct projects *projects_new(struct session *session, bool enabled_only,
                              struct error *err) {
  struct projects *p = calloc(1, sizeof(*p));
  if (p == NULL) {
    error_memory(err);
    return NULL;
  }
  p->session = session;
  p->enabled_only = enabled_only;
  pthread_mutex_init(&p->lock, NULL);
  return p;
}

void projects_free(struct projects *p) {
  if (p == NULL)
    return;
  list_free(p->list);
  pthread_mutex_destroy(&p->lock);
  free(p);
}
