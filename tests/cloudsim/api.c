/*
 * From a URL to a row of the tables: routing, rights, microversions; and what
 * Swift and RGW do beyond a listing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloudsim.h"

uint64_t api_seed(unsigned region) {
  return sim.seed + region * UINT64_C(1000003);
}

/* == URLs == */

static void put_place(struct buf *out, unsigned region, const char *interface) {
  buf_text(out, sim.base);
  if (region > 0)
    buf_format(out, "/region/%s", sim.regions[region]);
  if (strcmp(interface, "public") != 0)
    buf_format(out, "/interface/%s", interface);
}

/*
 * Without the project, which only a token knows. Keystone has the same URL in
 * all styles, as it is the one that everybody is given.
 */
void api_url(struct buf *out, const struct service *s, unsigned region,
             const char *interface) {
  bool keystone = s->errors == ERRORS_KEYSTONE;

  put_place(out, region, interface);
  if (sim.style != STYLE_PLAIN && !keystone)
    buf_text(out, s->prefix);
  if (s->versioned || sim.style == STYLE_VERSION)
    buf_text(out, s->version);
}

void api_base(struct buf *out, const struct request *req) {
  char project[33];

  api_url(out, req->service, req->region, "public");
  if (!req->service->versioned && sim.style != STYLE_VERSION)
    buf_text(out, req->service->version);
  if (req->service->project == NULL)
    return;
  ident_hex(sim.seed, ROW_PROJECTS, req->who.target, project);
  buf_format(out, "%s%s", req->service->project, project);
}

/* Takes one leading path segment off; NULL: another one. */
static const char *strip(const char *path, const char *segment) {
  size_t len = strlen(segment);

  if (strncmp(path, segment, len) != 0 ||
      (path[len] != '/' && path[len] != '\0'))
    return NULL;
  return path + len;
}

static const char *strip_place(struct request *req, const char *path) {
  static const char *const interfaces[] = {
      "/interface/public", "/interface/internal", "/interface/admin"};
  char region[80];

  for (unsigned i = 0; i < sim.regions_count; i++) {
    const char *rest;
    snprintf(region, sizeof(region), "/region/%s", sim.regions[i]);
    if ((rest = strip(path, region)) != NULL) {
      req->region = i;
      path = rest;
    }
  }
  for (size_t i = 0; i < 3; i++) {
    const char *rest = strip(path, interfaces[i]);
    path = rest != NULL ? rest : path;
  }
  return path;
}

/* Who is the parent, by an id; somebody unknown has no children. */
static void set_parent(struct request *req, const char *id, size_t len) {
  if (!ident_index(sim.seed, ROW_PROJECTS, id, len, &req->parent) ||
      req->parent >= sim.count[ROW_PROJECTS])
    req->parent = PARENT_UNKNOWN;
}

/* "uid=PROJECT", or "uid=PROJECT$PROJECT" with implicit tenants. */
static void set_queried_parent(struct request *req, const char *param) {
  char id[80] = "";

  (void)query_get(req, param, 0, id, sizeof(id));
  set_parent(req, id, strcspn(id, "$"));
}

/* Matches a row's path, in which '*' stands for the id of a parent. */
static bool row_matches(struct request *req, const struct collection *c,
                        const char *path) {
  const char *star = c->path != NULL ? strchr(c->path, '*') : NULL;
  size_t len;
  int parent;

  if (c->path == NULL)
    return false;
  if (c->everywhere != NULL && strcmp(path, c->everywhere) == 0)
    return true;
  if (star == NULL && strcmp(path, c->path) == 0 && c->parent_query != NULL)
    set_queried_parent(req, c->parent_query);
  if (star == NULL)
    return strcmp(path, c->path) == 0;
  len = (size_t)(star - c->path);
  if (strncmp(path, c->path, len) != 0)
    return false;
  path += len;
  len = strcspn(path, "/");
  if (c->like != NULL) {
    set_parent(req, path, len);
    return strcmp(path + len, star + 1) == 0;
  }
  parent = collection_find(c->parent);
  return parent >= 0 && strcmp(path + len, star + 1) == 0 &&
         ident_index(api_seed(req->region), (unsigned)parent, path, len,
                     &req->parent) &&
         req->parent < sim.count[parent];
}

struct match {
  const char *project; /* where its id begins, or NULL */
  bool version;        /* the version document is asked for */
  bool prefixed;
};

/* Whether the path is one of this service; sets service, rest and row. */
static bool service_matches(struct request *req, const struct service *s,
                            const char *path, struct match *m) {
  const char *rest = strip(path, s->prefix), *after;

  *m = (struct match){.prefixed = rest != NULL};
  req->rest = rest != NULL ? rest : path;
  m->version = m->prefixed && req->rest[strspn(req->rest, "/")] == '\0';
  if (m->version)
    return true;
  after = strip(req->rest, s->version);
  if (after == NULL && s->older != NULL)
    after = strip(req->rest, s->older);
  if (after == NULL)
    return false;
  m->version = after[strspn(after, "/")] == '\0';
  if (s->project != NULL &&
      strncmp(after, s->project, strlen(s->project)) == 0 &&
      strcspn(after + strlen(s->project), "/") == 32) {
    m->project = after + strlen(s->project);
    after = m->project + 32;
  }
  for (size_t i = 0; i < collections_count; i++) {
    const struct collection *c = &collections[i];
    if (strcmp(c->service, s->type) == 0 && row_matches(req, c, after)) {
      req->row = c;
      if (s->errors == ERRORS_SWIFT && m->project != NULL)
        set_parent(req, m->project, 32);
      return s->errors != ERRORS_SWIFT || m->project != NULL;
    }
  }
  return m->version && m->prefixed;
}

bool service_absent(const struct service *s) {
  const char *found = sim.without;
  size_t len = strlen(s->type);

  while (found != NULL && (found = strstr(found, s->type)) != NULL) {
    if ((found == sim.without || found[-1] == ',') &&
        (found[len] == ',' || found[len] == '\0'))
      return true;
    found += len;
  }
  return false;
}

static bool route(struct request *req, struct match *m) {
  const char *path = strip_place(req, req->path);
  const struct service *prefixed = NULL;

  for (size_t i = 0; i < services_count; i++) {
    if (service_absent(&services[i]))
      continue;
    if (service_matches(req, &services[i], path, m)) {
      req->service = &services[i];
      return true;
    }
    if (m->prefixed)
      prefixed = &services[i];
  }
  req->service = prefixed;
  return false;
}

/* ---- rights and versions --------------------------------------------------
 */

/* The form of a signature and whose it is, not its arithmetic. */
static bool signature_valid(const struct request *req) {
  static const char begin[] = "AWS4-HMAC-SHA256 Credential=rgw-access/";
  const char *text = request_header(req, "Authorization");
  const char *hex = text != NULL ? strstr(text, "Signature=") : NULL;

  return hex != NULL && strncmp(text, begin, sizeof(begin) - 1) == 0 &&
         strstr(text, "SignedHeaders=") != NULL &&
         strspn(hex + 10, "0123456789abcdef") == 64 &&
         request_header(req, "X-Amz-Date") != NULL;
}

static bool token_valid(struct request *req, struct reply *reply) {
  const char *text = request_header(req, "X-Auth-Token");

  if (req->service->errors == ERRORS_RGW) {
    if (!signature_valid(req))
      error_reply(req, reply, 403, NULL);
    return reply->status == 0;
  }
  if (text != NULL && token_find(text, &req->who))
    return true;
  error_reply(req, reply, 401, NULL);
  return false;
}

/* Of what each project has one, the token's. */
static bool is_own(const struct request *req) {
  return req->parent == PARENT_ALL || req->parent == req->who.target;
}

static bool allowed(const struct request *req, struct reply *reply) {
  const struct collection *c = req->row;
  char message[200];

  if (req->who.user == NULL || req->who.user->admin ||
      (req->who.user->roles[0] != '\0' && c->reader < SEE_FORBIDDEN &&
       (c->like == NULL || is_own(req))))
    return true;
  if (c->reader == SEE_UNAUTHORIZED) {
    error_reply(req, reply, 401, "User does not have admin privileges.");
    return false;
  }
  snprintf(message, sizeof(message),
           req->service->errors == ERRORS_KEYSTONE
               ? "You are not authorized to perform the requested action: %s."
               : "Policy doesn't allow %s to be performed.",
           c->policy != NULL ? c->policy : c->name);
  error_reply(req, reply, 403, message);
  return false;
}

static unsigned version_max(const struct service *s) {
  unsigned cap = strcmp(s->type, "volumev3") == 0  ? sim.max_minor.cinder
                 : strcmp(s->type, "compute") == 0 ? sim.max_minor.nova
                                                   : 0;
  return cap > 0 && cap < s->version_max ? cap : s->version_max;
}

/* Reads the microversion. False: replied that there is no such. */
static bool version_valid(struct request *req, struct reply *reply) {
  const struct service *s = req->service;
  unsigned max = version_max(s), major = 0, minor = s->version_min;
  const char *text;
  char message[160];

  if (s->version_header == NULL) {
    req->minor = UINT32_MAX;
    return true;
  }
  text = request_header(req, s->version_header);
  if (text != NULL &&
      strncmp(text, s->version_word, strlen(s->version_word)) == 0) {
    text += strlen(s->version_word);
    if (strcmp(text, "latest") == 0)
      minor = max;
    else
      sscanf(text, "%u.%u", &major, &minor);
  }
  reply_header(reply, s->version_header, "%s%u.%u", s->version_word,
               s->version_major, minor);
  reply_header(reply, "Vary", "%s", s->version_header);
  req->minor = minor;
  if (minor >= s->version_min && minor <= max)
    return true;
  snprintf(message, sizeof(message),
           "Version %u.%u is not supported by the API. Minimum is %u.%u and "
           "maximum is %u.%u.",
           s->version_major, minor, s->version_major, s->version_min,
           s->version_major, max);
  error_reply(req, reply, 406, message);
  return false;
}

static bool has_word(const char *list, const char *word, size_t len) {
  for (const char *at = list; (at = strstr(at, word)) != NULL; at += len)
    if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
      return true;
  return false;
}

/* Nova and Placement take no parameter that they do not know. */
static bool params_valid(const struct request *req, struct reply *reply) {
  const struct collection *c = req->row;
  const char *at = req->query;

  while (c->params != NULL && req->minor >= c->params_since && *at != '\0') {
    char name[80], message[160];
    size_t len = strcspn(at, "=&");
    snprintf(name, sizeof(name), "%.*s", (int)len, at);
    if (!has_word(c->params, name, strlen(name))) {
      snprintf(message, sizeof(message),
               "Additional properties are not allowed ('%s' was unexpected)",
               name);
      error_reply(req, reply, 400, message);
      return false;
    }
    at += strcspn(at, "&");
    at += *at == '&';
  }
  return true;
}

/* Cinder wants its own project in the URL, or (lately) none. */
static bool project_valid(const struct request *req, struct reply *reply,
                          const char *project) {
  uint64_t index;

  if (req->service->version_url == 0)
    return true;
  if (project == NULL && req->minor >= req->service->version_url)
    return true;
  if (project != NULL &&
      ident_index(sim.seed, ROW_PROJECTS, project, 32, &index) &&
      req->who.scope == SCOPE_PROJECT && index == req->who.target)
    return true;
  if (project == NULL)
    error_reply(req, reply, 404, NULL);
  else
    error_reply(req, reply, 400, "Malformed request url");
  return false;
}

/* What Nova has in front: without microversions, and of the same major. */
static void put_legacy_version(struct buf *out, const struct request *req) {
  buf_text(out, "{\"id\": \"v2.0\", \"status\": \"SUPPORTED\", \"version\": "
                "\"\", \"min_version\": \"\", \"links\": [{\"rel\": \"self\", "
                "\"href\": \"");
  put_place(out, req->region, "public");
  buf_format(out, "%s/v2/\"}]}, ", req->service->prefix);
}

static void version_document(const struct request *req, struct reply *reply) {
  const struct service *s = req->service;
  struct buf *out = &reply->body;
  bool root = req->rest[strspn(req->rest, "/")] == '\0';
  bool own = s->own_document && !root;

  reply->status = root && !s->own_document ? 300 : 200;
  reply_header(reply, "Content-Type", "application/json");
  buf_text(out, own ? "{\"version\": " : "{\"versions\": [");
  if (s->own_document && root)
    put_legacy_version(out, req);
  buf_format(out, "{\"id\": \"%s%s\", \"status\": \"CURRENT\", ",
             s->version + (s->version[0] == '/'),
             s->version_header != NULL && !s->own_document ? ".0" : "");
  if (s->version_header != NULL)
    buf_format(out, "\"version\": \"%u.%u\", \"min_version\": \"%u.%u\", ",
               s->version_major, version_max(s), s->version_major,
               s->version_min);
  buf_text(out, "\"links\": [{\"rel\": \"self\", \"href\": \"");
  put_place(out, req->region, "public");
  if (sim.style != STYLE_PLAIN)
    buf_text(out, s->prefix);
  buf_format(out, "%s/\"}]}%s}", s->version, own ? "" : "]");
}

/* ---- Swift ------------------------------------------------------------------
 */

static void put_names(const struct request *req, struct reply *reply) {
  struct record r = {.from = req->row,
                     .row = (unsigned)(req->row - collections),
                     .seed = api_seed(req->region)};
  uint64_t next, end;

  api_range(req, &next, &end);
  reply_header(reply, "Content-Type", "text/plain; charset=utf-8");
  reply->status = next < end ? 200 : 204;
  for (; next < end && reply->body.len < 10 << 20; next++) {
    record_set(&r, next);
    record_child_name(&reply->body, &r);
    buf_add(&reply->body, "\n", 1);
  }
}

static void account_headers(const struct record *account, struct reply *reply) {
  for (const struct field *f = account->from->fields; f->name != NULL; f++) {
    struct buf value = {0};
    if (account->index == PARENT_UNKNOWN)
      buf_text(&value, "0");
    else
      record_render(&value, f->value, account);
    reply_header(reply, f->name, "%s", value.data);
    buf_clear(&value);
  }
  reply_header(reply, "X-Timestamp", "1795382205.66659");
  reply_header(reply, "Vary", "Accept");
}

/* An account's totals are headers; its containers are the listing. Whoever
 * never used Swift has an account made on the spot. */
static void account_answer(struct request *req, struct reply *reply) {
  unsigned row = (unsigned)collection_find("accounts"), status;
  struct record account = {.from = &collections[row],
                           .row = row,
                           .seed = api_seed(req->region),
                           .index = req->parent};
  char format[16] = "";

  status = req->parent == PARENT_UNKNOWN ? 200 : account_status(&account);
  if (status != 200) {
    if (status == 410)
      reply_header(reply, "X-Account-Status", "Deleted");
    error_reply(req, reply, status, NULL);
    return;
  }
  account_headers(&account, reply);
  (void)query_get(req, "format", 0, format, sizeof(format));
  if (strcmp(req->method, "HEAD") == 0)
    reply->status = req->parent == PARENT_UNKNOWN ? 200 : 204;
  else if (strcmp(format, "json") == 0)
    page_answer(req, reply);
  else
    put_names(req, reply);
}

void api_range(const struct request *req, uint64_t *ret_first,
               uint64_t *ret_end) {
  unsigned row = (unsigned)(req->row - collections);

  *ret_first = 0;
  *ret_end = req->parent == PARENT_UNKNOWN ? 0 : record_total(row);
  if (req->row->parent != NULL && req->parent < PARENT_UNKNOWN)
    record_range(row, req->parent, ret_first, ret_end);
  if (req->row->like == NULL)
    return;
  *ret_first = req->parent < PARENT_UNKNOWN ? req->parent : req->who.target;
  *ret_end = *ret_first + 1;
}

void api_answer(struct request *req, struct reply *reply) {
  struct match m;
  bool swift;

  req->parent = PARENT_ALL;
  if (keystone_answer(req, reply))
    return;
  if (!route(req, &m)) {
    error_reply(req, reply, 404, NULL);
    return;
  }
  if (req->row == NULL) {
    version_document(req, reply);
    return;
  }
  swift = req->service->errors == ERRORS_SWIFT;
  if (strcmp(req->method, "GET") != 0 &&
      !(swift && strcmp(req->method, "HEAD") == 0)) {
    error_reply(req, reply, 404, NULL);
    return;
  }
  if (!token_valid(req, reply) || !version_valid(req, reply) ||
      !project_valid(req, reply, m.project) || !params_valid(req, reply) ||
      !allowed(req, reply))
    return;
  if (swift)
    account_answer(req, reply);
  else if (req->row->rpc_since > 0 && req->minor >= req->row->rpc_since)
    error_reply(req, reply, 500, NULL);
  else
    page_answer(req, reply);
}
