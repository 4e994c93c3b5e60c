/* Keystone v3: who may log in, tokens, the catalogue. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cloudsim.h"

/* A ring: the oldest token goes when the newest comes. */
enum { TOKENS = 4096 };

#define READY_MADE "ready-made-token"
#define TOKEN_HEAD "gAAAAAB"

static const struct user users[] = {
    {"collectd", "admin manager member reader ResellerAdmin", true},
    {"reader", "reader", false},
    {"nobody", "", false},
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct token tokens[TOKENS];
static size_t tokens_next;
static char secret[256] = "secret";

/* == tokens == */

static void random_text(char *out, size_t len) {
  static const char letters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  unsigned char bytes[256] = {0};

  (void)!getrandom(bytes, len, 0);
  for (size_t i = 0; i < len; i++)
    out[i] = letters[bytes[i] & 63];
}

/* The place in the ring is part of the text, so that finding it is at once. */
static struct token token_new(const struct token *like) {
  struct token *t;
  struct token copy;

  pthread_mutex_lock(&lock);
  t = &tokens[tokens_next];
  *t = *like;
  random_text(t->text, sizeof(t->text) - 1);
  t->text[sizeof(t->text) - 1] = '\0';
  memcpy(t->text, TOKEN_HEAD, strlen(TOKEN_HEAD));
  t->text[7] = (char)('A' + (tokens_next >> 8));
  t->text[8] = (char)('A' + (tokens_next >> 4 & 15));
  t->text[9] = (char)('A' + (tokens_next & 15));
  t->issued = time(NULL);
  t->expires = t->issued + (time_t)sim.token_life;
  tokens_next = (tokens_next + 1) % TOKENS;
  copy = *t;
  pthread_mutex_unlock(&lock);
  stats_token();
  return copy;
}

static bool ready_made(const char *text, struct token *ret_token) {
  if (strcmp(text, READY_MADE) != 0)
    return false;
  *ret_token = (struct token){.user = &users[0], .method = "token"};
  memcpy(ret_token->text, READY_MADE, sizeof(READY_MADE));
  ret_token->issued = time(NULL);
  ret_token->expires = ret_token->issued + 86400;
  return true;
}

bool token_find(const char *text, struct token *ret_token) {
  size_t at;
  bool found;

  if (ready_made(text, ret_token))
    return true;
  if (strlen(text) != sizeof(tokens[0].text) - 1)
    return false;
  at = (size_t)((text[7] - 'A') << 8 | (text[8] - 'A') << 4 | (text[9] - 'A'));
  if (at >= TOKENS)
    return false;
  pthread_mutex_lock(&lock);
  found = tokens[at].user != NULL && strcmp(tokens[at].text, text) == 0 &&
          time(NULL) < tokens[at].expires;
  if (found)
    *ret_token = tokens[at];
  pthread_mutex_unlock(&lock);
  return found;
}

void token_expire_all(void) {
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < TOKENS; i++)
    tokens[i].user = NULL;
  pthread_mutex_unlock(&lock);
}

void keystone_password(const char *password) {
  pthread_mutex_lock(&lock);
  snprintf(secret, sizeof(secret), "%s", password);
  pthread_mutex_unlock(&lock);
}

/* == who asks ---------------------------------------------------------------
 */

static void user_id(const struct user *u, char out[33]) {
  ident_hex(sim.seed, KIND_USER, (uint64_t)(u - users), out);
}

static void project_id(uint64_t index, char out[33]) {
  ident_hex(sim.seed, ROW_PROJECTS, index, out);
}

/* Whether the string at path is one of two (an id, a name ...). */
static bool is(const char *body, const char *path, const char *text) {
  char value[300];
  return json_string(body, path, value, sizeof(value)) &&
         strcmp(value, text) == 0;
}

static bool default_domain(const char *body, const char *path) {
  char name[120], id[120];

  snprintf(name, sizeof(name), "%s/name", path);
  snprintf(id, sizeof(id), "%s/id", path);
  return is(body, name, "Default") || is(body, id, "default");
}

static const struct user *find_user(const char *body, const char *path) {
  char at[120], id[33], domain[120];

  for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
    user_id(&users[i], id);
    snprintf(at, sizeof(at), "%s/id", path);
    if (is(body, at, id))
      return &users[i];
    snprintf(at, sizeof(at), "%s/name", path);
    snprintf(domain, sizeof(domain), "%s/domain", path);
    if (is(body, at, users[i].name) && default_domain(body, domain))
      return &users[i];
  }
  return NULL;
}

static bool by_password(const char *body, struct token *t) {
  bool right;
  const char *expect;

  t->user = find_user(body, "auth/identity/password/user");
  t->method = "password";
  if (t->user == NULL)
    return false;
  pthread_mutex_lock(&lock);
  expect = t->user == &users[0] ? secret : "secret";
  right = is(body, "auth/identity/password/user/password", expect);
  pthread_mutex_unlock(&lock);
  return right;
}

/* By its id, or by its name and user. It has a scope and takes no other. */
static bool by_credential(const char *body, struct token *t) {
#define AT "auth/identity/application_credential/"
  t->user = &users[0];
  t->method = "application_credential";
  if (json_find(body, "auth/scope") != NULL ||
      !is(body, AT "secret", "ac-secret"))
    return false;
  return is(body, AT "id", "ac-id") ||
         (is(body, AT "name", "ac-name") &&
          find_user(body, "auth/identity/application_credential/user") ==
              t->user);
#undef AT
}

static bool by_token(const char *body, struct token *t) {
  char text[300];
  struct token old;

  if (!json_string(body, "auth/identity/token/id", text, sizeof(text)) ||
      !token_find(text, &old))
    return false;
  *t = old;
  t->method = "token";
  return true;
}

/* Without a scope it is the user's default project. */
static bool find_scope(const char *body, struct token *t) {
  char id[300];
  const char *scope = json_find(body, "auth/scope");

  if (scope == NULL)
    return true;
  if (json_find(scope, "system/all") != NULL) {
    t->scope = SCOPE_SYSTEM;
    return true;
  }
  if (json_find(scope, "domain") != NULL) {
    t->scope = SCOPE_DOMAIN;
    return default_domain(scope, "domain");
  }
  t->scope = SCOPE_PROJECT;
  if (json_string(scope, "project/id", id, sizeof(id)))
    return ident_index(sim.seed, ROW_PROJECTS, id, strlen(id), &t->target) &&
           t->target < sim.count[ROW_PROJECTS];
  t->target = 0;
  return is(scope, "project/name", "service") &&
         default_domain(scope, "project/domain");
}

static bool log_in(const char *body, struct token *t) {
  char method[64] = "";
  const char *methods = json_find(body, "auth/identity/methods");

  if (methods == NULL || sscanf(methods, "[ \"%60[a-z_0-9]\"", method) != 1)
    return false;
  if (strcmp(method, "password") == 0)
    return by_password(body, t) && find_scope(body, t);
  if (strcmp(method, "application_credential") == 0)
    return by_credential(body, t);
  if (strcmp(method, "token") == 0)
    return by_token(body, t) && find_scope(body, t);
  return false;
}

/* ---- what a token says == */

static void put_time(struct buf *out, const char *name, time_t when) {
  struct tm tm;
  char text[40];

  gmtime_r(&when, &tm);
  strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
  buf_format(out, "\"%s\": \"%s.000000Z\"", name, text);
}

static void put_scope(struct buf *out, const struct token *t) {
  char id[33];

  if (t->scope == SCOPE_SYSTEM) {
    buf_text(out, "\"system\": {\"all\": true}, ");
    return;
  }
  if (t->scope == SCOPE_DOMAIN) {
    buf_text(out, "\"domain\": {\"id\": \"default\", \"name\": \"Default\"}, ");
    return;
  }
  project_id(t->target, id);
  buf_format(out,
             "\"project\": {\"domain\": {\"id\": \"default\", \"name\": "
             "\"Default\"}, \"id\": \"%s\", \"name\": ",
             id);
  if (t->target == 0)
    buf_text(out, "\"service\"");
  else
    buf_format(out, "\"project-%llu\"", (unsigned long long)t->target);
  buf_text(out, "}, \"is_domain\": false, ");
}

static void put_roles(struct buf *out, const char *roles) {
  const char *comma = "";
  char id[33];

  buf_text(out, "\"roles\": [");
  for (unsigned i = 0; *roles != '\0'; i++) {
    size_t len = strcspn(roles, " ");
    ident_hex(sim.seed, KIND_USER + 1, i, id);
    buf_format(out, "%s{\"id\": \"%s\", \"name\": \"%.*s\"}", comma, id,
               (int)len, roles);
    comma = ", ";
    roles += len;
    roles += strspn(roles, " ");
  }
  buf_text(out, "]");
}

static void put_endpoints(struct buf *out, const struct service *s,
                          const struct token *t) {
  static const char *const interfaces[] = {"public", "internal", "admin"};
  const char *comma = "";
  char id[33], project[33];

  project_id(t->target, project);
  if (s->project != NULL && t->scope != SCOPE_PROJECT)
    return;
  for (unsigned r = 0; r < sim.regions_count; r++) {
    for (unsigned i = 0; i < 3; i++) {
      ident_hex(sim.seed, KIND_OTHER,
                (uint64_t)(s - services) * 100 + r * 3 + i, id);
      buf_format(out,
                 "%s{\"id\": \"%s\", \"interface\": \"%s\", \"region_id\": "
                 "\"%s\", \"url\": \"",
                 comma, id, interfaces[i], sim.regions[r]);
      api_url(out, s, r, interfaces[i]);
      if (s->project != NULL)
        buf_format(out, "%s%s", s->project, project);
      if (sim.style == STYLE_SLASH || s->errors == ERRORS_KEYSTONE)
        buf_text(out, "/");
      buf_format(out, "\", \"region\": \"%s\"}", sim.regions[r]);
      comma = ", ";
    }
  }
}

static void put_catalogue(struct buf *out, const struct token *t) {
  const char *comma = "";
  char id[33];

  buf_text(out, ", \"catalog\": [");
  for (size_t i = 0; i < services_count; i++) {
    if (service_absent(&services[i]))
      continue;
    buf_format(out, "%s{\"endpoints\": [", comma);
    put_endpoints(out, &services[i], t);
    ident_hex(sim.seed, KIND_OTHER + 1, i, id);
    buf_format(out, "], \"id\": \"%s\", \"type\": \"%s\", \"name\": \"%s\"}",
               id, services[i].type, services[i].name);
    comma = ", ";
  }
  buf_text(out, "]");
}

static void put_token(struct buf *out, const struct token *t, bool catalogue) {
  char id[33], audit[23] = {0};

  user_id(t->user, id);
  random_text(audit, sizeof(audit) - 1);
  buf_format(out,
             "{\"token\": {\"methods\": [\"%s\"], \"user\": {\"domain\": "
             "{\"id\": \"default\", \"name\": \"Default\"}, \"id\": \"%s\", "
             "\"name\": \"%s\", \"password_expires_at\": null}, "
             "\"audit_ids\": [\"%s\"], ",
             t->method, id, t->user->name, audit);
  put_time(out, "expires_at", t->expires);
  buf_text(out, ", ");
  put_time(out, "issued_at", t->issued);
  buf_text(out, ", ");
  put_scope(out, t);
  put_roles(out, t->user->roles);
  if (catalogue)
    put_catalogue(out, t);
  buf_text(out, "}}");
}

/* == requests == */

static bool wants_catalogue(const struct request *req) {
  return strstr(req->query, "nocatalog") == NULL;
}

static void issue(struct request *req, struct reply *reply) {
  struct token wish = {0}, t;
  const char *body = req->upload.data != NULL ? req->upload.data : "";

  if (!json_valid(body)) {
    error_reply(req, reply, 400,
                "Expecting to find valid JSON in request body. The server "
                "could not comply with the request since it is either "
                "malformed or otherwise incorrect. The client is assumed to "
                "be in error.");
    return;
  }
  if (!log_in(body, &wish)) {
    error_reply(req, reply, 401, NULL);
    return;
  }
  t = token_new(&wish);
  reply->status = 201;
  reply_header(reply, "Content-Type", "application/json");
  reply_header(reply, "X-Subject-Token", "%s", t.text);
  put_token(&reply->body, &t, wants_catalogue(req));
}

static void validate(struct request *req, struct reply *reply) {
  const char *own = request_header(req, "X-Auth-Token");
  const char *text = request_header(req, "X-Subject-Token");
  struct token subject;

  if (own == NULL || !token_find(own, &req->who)) {
    error_reply(req, reply, 401, NULL);
    return;
  }
  if (text == NULL || !token_find(text, &subject)) {
    error_reply(req, reply, 404, "Failed to validate token");
    return;
  }
  reply->status = 200;
  reply_header(reply, "Content-Type", "application/json");
  reply_header(reply, "X-Subject-Token", "%s", subject.text);
  put_token(&reply->body, &subject, wants_catalogue(req));
}

static void version(struct reply *reply, bool root) {
  reply->status = root ? 300 : 200;
  reply_header(reply, "Content-Type", "application/json");
  buf_format(&reply->body,
             "%s{\"id\": \"v3.14\", \"status\": \"stable\", \"updated\": "
             "\"2020-04-07T00:00:00Z\", \"links\": [{\"rel\": \"self\", "
             "\"href\": \"%s/v3/\"}], \"media-types\": [{\"base\": "
             "\"application/json\", \"type\": "
             "\"application/vnd.openstack.identity-v3+json\"}]}%s",
             root ? "{\"versions\": {\"values\": [" : "{\"version\": ",
             sim.base, root ? "]}}" : "}");
}

bool keystone_answer(struct request *req, struct reply *reply) {
  const char *path = req->path;
  size_t len;

  if (strncmp(path, "/identity/", 10) == 0)
    path += 9;
  len = strlen(path);
  if (strcmp(path, "/v3/auth/tokens") != 0) {
    if (len > 0 && path[len - 1] == '/')
      len--;
    if (len != 0 && (len != 3 || strncmp(path, "/v3", 3) != 0))
      return false;
    version(reply, len == 0);
    return true;
  }
  req->service = &services[0];
  reply_header(reply, "Vary", "X-Auth-Token");
  if (strcmp(req->method, "POST") == 0)
    issue(req, reply);
  else if (strcmp(req->method, "GET") == 0 || strcmp(req->method, "HEAD") == 0)
    validate(req, reply);
  else
    error_reply(req, reply, 404, NULL);
  return true;
}
