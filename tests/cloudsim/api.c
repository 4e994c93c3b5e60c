/* From a URL to a row of the tables: routing, rights, microversions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloudsim.h"

uint64_t api_seed(unsigned region) {
  return sim.seed + region * UINT64_C(1000003);
}

/* ---- URLs -------------------------------------------------------------- */

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

/* Matches a row's path, in which '*' stands for the id of a parent. */
static bool row_matches(struct request *req, const struct collection *c,
                        const char *path) {
  const char *star = c->path != NULL ? strchr(c->path, '*') : NULL;
  size_t len;
  int parent;

  if (c->path == NULL)
    return false;
  if (star == NULL)
    return strcmp(path, c->path) == 0;
  len = (size_t)(star - c->path);
  if (strncmp(path, c->path, len) != 0)
    return false;
  path += len;
  len = strcspn(path, "/");
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
      return true;
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

static bool token_valid(struct request *req, struct reply *reply) {
  const char *text = request_header(req, "X-Auth-Token");

  if (text != NULL && token_find(text, &req->who))
    return true;
  error_reply(req, reply, 401, NULL);
  return false;
}

static bool allowed(const struct request *req, struct reply *reply) {
  const struct collection *c = req->row;
  char message[200];

  if (req->who.user->admin ||
      (req->who.user->roles[0] != '\0' && c->reader != SEE_FORBIDDEN))
    return true;
  snprintf(message, sizeof(message),
           req->service->errors == ERRORS_KEYSTONE
               ? "You are not authorized to perform the requested action: %s."
               : "Policy doesn't allow %s to be performed.",
           c->policy != NULL ? c->policy : c->name);
  error_reply(req, reply, 403, message);
  return false;
}

/* Reads the microversion. False: replied that there is no such. */
static bool version_valid(struct request *req, struct reply *reply) {
  const struct service *s = req->service;
  unsigned max = s->version_max, major = 0, minor = 0;
  const char *text;
  char message[160];

  if (s->version_header == NULL) {
    req->minor = UINT32_MAX;
    return true;
  }
  if (sim.max_minor > 0 && s->project != NULL && sim.max_minor < max)
    max = sim.max_minor;
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
  if (minor <= max)
    return true;
  snprintf(message, sizeof(message),
           "Version %u.%u is not supported by the API. Minimum is %u.0 and "
           "maximum is %u.%u.",
           s->version_major, minor, s->version_major, s->version_major, max);
  error_reply(req, reply, 406, message);
  return false;
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

static void version_document(const struct request *req, struct reply *reply) {
  struct buf base = {0};
  struct record record = {.from = &collections[0]};
  bool root = req->rest[strspn(req->rest, "/")] == '\0';

  put_place(&base, req->region, "public");
  if (sim.style != STYLE_PLAIN)
    buf_text(&base, req->service->prefix);
  record.base = base.data != NULL ? base.data : "";
  reply->status = root ? 300 : 200;
  reply_header(reply, "Content-Type", "application/json");
  buf_text(&reply->body, "{\"versions\": [");
  if (req->service->versions != NULL)
    record_render(&reply->body, req->service->versions, &record);
  buf_text(&reply->body, "]}");
  buf_clear(&base);
}

void api_range(const struct request *req, uint64_t *ret_first,
               uint64_t *ret_end) {
  unsigned row = (unsigned)(req->row - collections);

  *ret_first = 0;
  *ret_end = record_total(row);
  if (req->row->parent == NULL || req->parent == UINT64_MAX)
    return;
  record_range(row, req->parent, ret_first, ret_end);
}

void api_answer(struct request *req, struct reply *reply) {
  struct match m;

  req->parent = UINT64_MAX;
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
  if (strcmp(req->method, "GET") != 0) {
    error_reply(req, reply, 404, NULL);
    return;
  }
  if (token_valid(req, reply) && version_valid(req, reply) &&
      project_valid(req, reply, m.project) && allowed(req, reply))
    page_answer(req, reply);
}
