#include "keystone/login.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "net/question.h"
#include "net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(CELL_TEXT == 2048, "what a URL that is cut is said to be over");

#define TOKEN_LIMIT (16 * 1024) /* bytes; Fernet's are some 200 */

/* ---- what a login brings ------------------------------------------------ */

void login_clear(struct login *login) {
  secret_free(login->token);
  for (size_t i = 0; i < login->nroles; i++)
    free(login->roles[i]);
  for (size_t i = 0; i < login->nentries; i++) {
    free(login->entries[i].type);
    free(login->entries[i].region);
    free(login->entries[i].url);
  }
  free(login->entries);
  text_list_clear(&login->regions);
  text_list_clear(&login->elsewhere);
  *login = (struct login){0};
}

#define INTERFACES 3
static const char *const interfaces[INTERFACES] = {"public", "internal",
                                                   "admin"};

/* The answer to a login, on its way through the extractor. */
struct reading {
  struct question_reader reader;
  const struct session_config *config;
  struct login *login;
  double date; /* of the answer, by Keystone's clock; 0: it has none */
  bool elsewhere[INTERFACES]; /* the service that is read has them, too */
};

static const struct extract_field token_fields[] = {
    {.path = "token.expires_at"},        {.path = "token.issued_at"},
    {.path = "token.project.id"},        {.path = "token.project.name"},
    {.path = "token.project.domain.id"}, {.path = "token.project.domain.name"},
    {.path = "token.domain.id"},         {.path = "token.domain.name"},
};
static const struct extract_field role_fields[] = {{.path = "name"}};
static const struct extract_field service_fields[] = {{.path = "type"},
                                                      {.path = "id"}};
static const struct extract_field endpoint_fields[] = {
    {.path = "interface"},
    {.path = "region_id"},
    {.path = "region"},
    {.path = "url"},
};

static void keep_cell(char *dst, size_t size, const struct cell *cell) {
  if (cell->kind == CELL_STRING)
    text_copy(dst, size, cell->text);
}

static int on_token(void *arg, const struct cell *cells) {
  struct reading *reading = arg;
  struct login *login = reading->login;
  double expires, issued = reading->date;
  /* Both times are Keystone's own clock: only their difference means
   * something here. */
  bool issues = text_time(cells[1].text, &issued) || reading->date > 0;
  if (issues && text_time(cells[0].text, &expires))
    login->life_ms = (int64_t)((expires - issued) * 1000);
  struct login_project *project = &login->project;
  keep_cell(project->id, sizeof(project->id), &cells[2]);
  keep_cell(project->name, sizeof(project->name), &cells[3]);
  keep_cell(project->domain_id, sizeof(project->domain_id), &cells[4]);
  keep_cell(project->domain_name, sizeof(project->domain_name), &cells[5]);
  keep_cell(project->domain_id, sizeof(project->domain_id), &cells[6]);
  keep_cell(project->domain_name, sizeof(project->domain_name), &cells[7]);
  if (project->id[0] != '\0' && !url_is_segment(project->id))
    return error_set(&reading->reader.error, ERROR_LOGIN,
                     "the token's project has an invalid id");
  return 0;
}

static int on_role(void *arg, const struct cell *cells) {
  struct login *login = ((struct reading *)arg)->login;
  if (cells[0].kind == CELL_STRING && login->nroles < LOGIN_ROLES) {
    char *role = strdup(cells[0].text);
    if (role != NULL)
      login->roles[login->nroles++] = role;
  }
  return 0;
}

static int note_region(struct reading *reading, const char *region) {
  struct text_list *regions = &reading->login->regions;
  if (text_list_has(regions, region))
    return 0;
  if (regions->n == LOGIN_ENTRIES)
    return error_set(&reading->reader.error, ERROR_LIMIT,
                     "the catalogue has over %d regions", LOGIN_ENTRIES);
  char *copy = strdup(region);
  if (copy != NULL && text_list_add(regions, copy))
    return 0;
  free(copy);
  return error_memory(&reading->reader.error);
}

static int add_entry(struct reading *reading, const char *region,
                     const struct cell *url) {
  struct login *login = reading->login;
  if (login->nentries == LOGIN_ENTRIES)
    return error_set(&reading->reader.error, ERROR_LIMIT,
                     "the catalogue has over %d endpoints of interface %s: "
                     "choose some by Region",
                     LOGIN_ENTRIES, reading->config->interface);
  struct catalog_entry *grown =
      realloc(login->entries, (login->nentries + 1) * sizeof(*login->entries));
  if (grown == NULL)
    return error_memory(&reading->reader.error);
  login->entries = grown;
  struct catalog_entry *entry = &grown[login->nentries++];
  *entry = (struct catalog_entry){.region = strdup(region),
                                  .url = strdup(url->text),
                                  .wrong = url->cut ? "is over 2047 bytes"
                                                    : url_wrong(url->text)};
  return entry->region != NULL && entry->url != NULL
             ? 0
             : error_memory(&reading->reader.error);
}

static void note_elsewhere(struct reading *reading, const char *interface) {
  for (size_t i = 0; i < INTERFACES; i++)
    if (strcmp(interface, interfaces[i]) == 0)
      reading->elsewhere[i] = true;
}

static int on_endpoint(void *arg, const struct cell *cells) {
  struct reading *reading = arg;
  const struct session_config *c = reading->config;
  const struct cell *cell =
      cells[1].kind == CELL_STRING ? &cells[1] : &cells[2];
  const char *region = cell->kind == CELL_STRING ? cell->text : "";
  if (cells[0].kind != CELL_STRING || cells[3].kind != CELL_STRING)
    return 0;
  if (note_region(reading, region) != 0)
    return -1;
  if (c->regions.n > 0 && !text_list_has(&c->regions, region))
    return 0;
  if (strcmp(cells[0].text, c->interface) != 0) {
    note_elsewhere(reading, cells[0].text);
    return 0;
  }
  return add_entry(reading, region, &cells[3]);
}

static int add_elsewhere(struct reading *reading, const char *type) {
  struct text_list *list = &reading->login->elsewhere;
  for (size_t i = 0; i < INTERFACES; i++) {
    if (!reading->elsewhere[i] || list->n == LOGIN_ENTRIES)
      continue;
    reading->elsewhere[i] = false;
    char *text = text_printf("%s=%s", type, interfaces[i]);
    if (text == NULL || !text_list_add(list, text)) {
      free(text);
      return error_memory(&reading->reader.error);
    }
  }
  return 0;
}

/* A service closes behind its endpoints: now their type is known. */
static int on_service(void *arg, const struct cell *cells) {
  struct reading *reading = arg;
  struct login *login = reading->login;
  const char *type = cells[0].kind == CELL_STRING ? cells[0].text : "";
  if (strcmp(type, "identity") == 0)
    keep_cell(login->identity, sizeof(login->identity), &cells[1]);
  for (; login->typed < login->nentries; login->typed++) {
    login->entries[login->typed].type = strdup(type);
    if (login->entries[login->typed].type == NULL)
      return error_memory(&reading->reader.error);
  }
  return add_elsewhere(reading, type);
}

static const struct extract_group token_groups[] = {
    {"", token_fields, 8, on_token, NULL},
    {"token.roles[]", role_fields, 1, on_role, NULL},
    {"token.catalog[]", service_fields, 2, on_service, NULL},
    {"token.catalog[].endpoints[]", endpoint_fields, 4, on_endpoint, NULL},
};

static void on_header(void *arg, const char *name, const char *value) {
  struct reading *reading = arg;
  if (strcmp(name, "date") == 0 && text_http_date(value, &reading->date))
    reading->login->ahead_s = clock_wall() - reading->date;
  if (strcmp(name, "x-subject-token") != 0)
    return;
  secret_free(reading->login->token);
  reading->login->token = NULL;
  if (value[0] == '\0')
    return;
  if (strlen(value) > TOKEN_LIMIT)
    error_set(&reading->reader.error, ERROR_LIMIT, "the token is over %d KiB",
              TOKEN_LIMIT / 1024);
  else if (!text_is_visible(value))
    error_set(&reading->reader.error, ERROR_LOGIN,
              "the token has bytes that are not allowed in a header");
  else if ((reading->login->token = strdup(value)) == NULL)
    error_memory(&reading->reader.error);
}

/* ---- logging in --------------------------------------------------------- */

static int judge_status(struct question_reader *reader,
                        const struct http_reply *reply, struct error *err) {
  const struct reading *reading = (struct reading *)reader;
  const char *colon = reply->said[0] != '\0' ? ": " : "";
  bool credential = auth_by_credential(reading->config);
  char who[300];
  if (reply->status >= 200 && reply->status <= 299)
    return 0;
  auth_describe(reading->config, who, sizeof(who));
  if (reply->status == 401)
    error_set(err, ERROR_LOGIN, "Keystone refuses %s (HTTP 401)%s%s%s", who,
              colon, reply->said,
              credential ? "; has it expired, or been deleted?" : "");
  else if (reply->location[0] != '\0')
    error_set(err, ERROR_LOGIN,
              "HTTP %ld redirects to %s: not followed, correct AuthURL",
              reply->status, reply->location);
  else
    error_set(err, ERROR_LOGIN, "HTTP %ld%s%s%s", reply->status, colon,
              reply->said,
              reply->status == 404 || reply->status == 405
                  ? "; AuthURL must be Keystone's: https://HOST:5000/v3"
                  : "");
  err->detail = (int)reply->status;
  return -1;
}

/* Is all there that a login needs? */
static int check_login(const struct session_config *config,
                       const struct login *login, struct error *err) {
  if (login->token == NULL)
    return error_set(err, ERROR_LOGIN,
                     "no X-Subject-Token in the answer; is this Keystone v3?");
  if (login->life_ms <= 0)
    return error_set(err, ERROR_LOGIN, "how long the token lives is not known");
  if (login->regions.n == 0 && config->endpoints.n == 0)
    return error_set(err, ERROR_LOGIN,
                     "the token has no catalogue: has it a scope?");
  return 0;
}

/* Sends the request and reads what it brings. */
static int ask_keystone(const struct keystone *k,
                        const struct http_request *request, struct login *login,
                        struct error *err) {
  struct reading reading = {.config = k->config, .login = login};
  struct http_reply reply;
  struct question question = {.http = k->http,
                              .deadline_ms = k->deadline_ms,
                              .request = *request,
                              .groups = token_groups,
                              .ngroups = 4,
                              .reader = &reading.reader,
                              .judge = judge_status};
  question.request.on_header = on_header;
  int status = question_ask(&question, &reply, err);
  login->retry_after_ms = reply.retry_after_ms;
  return status == 0 ? check_login(k->config, login, err) : -1;
}

static int login_with_token(const struct keystone *k, struct login *login,
                            struct error *err) {
  const char *token = k->config->token;
  char *url = text_printf("%s/auth/tokens", k->url);
  char *auth = secret_join("X-Auth-Token", ": ", token);
  char *subject = secret_join("X-Subject-Token", ": ", token);
  int status = -1;
  if (url == NULL || auth == NULL || subject == NULL) {
    error_memory(err);
    goto out;
  }
  const struct http_request request = {
      .method = "GET",
      .url = url,
      .headers = {auth, subject, "Accept: application/json"},
      .secret = token};
  status = ask_keystone(k, &request, login, err);
out:
  free(url);
  secret_free(auth);
  secret_free(subject);
  return status;
}

static int login_with_secret(const struct keystone *k, struct login *login,
                             struct error *err) {
  const struct session_config *c = k->config;
  bool credential = auth_by_credential(c);
  const char *given = c->token != NULL ? c->token
                      : credential     ? c->credential_secret
                                       : c->password;
  const char *file = credential ? c->credential_secret_file : c->password_file;
  char *secret = given != NULL ? strdup(given) : NULL;
  char *url = NULL, *body = NULL;
  int status = -1;
  if (given == NULL && secret_read(file, &secret, err) != 0)
    goto out;
  url = text_printf("%s/auth/tokens", k->url);
  body = secret != NULL ? auth_body(c, secret) : NULL;
  if (url == NULL || body == NULL) {
    error_memory(err);
    goto out;
  }
  const struct http_request request = {
      .method = "POST",
      .url = url,
      .headers = {"Content-Type: application/json", "Accept: application/json"},
      .body = body,
      .secret = secret};
  status = ask_keystone(k, &request, login, err);
out:
  secret_free(secret);
  secret_free(body);
  free(url);
  return status;
}

static bool only_looked_up(const struct session_config *c) {
  return c->token != NULL && c->project_id == NULL && c->project_name == NULL &&
         c->domain_id == NULL && c->domain_name == NULL &&
         c->trust_id == NULL && !c->system_scope;
}

int keystone_login(const struct keystone *k, struct login *ret,
                   struct error *err) {
  struct login login = {.token = NULL};
  bool lookup = only_looked_up(k->config);
  int status = lookup ? login_with_token(k, &login, err)
                      : login_with_secret(k, &login, err);
  if (status == 0 && lookup) {
    secret_free(
        login.token); /* validation does not repeat the token everywhere */
    login.token = strdup(k->config->token);
    status = login.token != NULL ? 0 : error_memory(err);
  }
  if (status != 0) {
    ret->retry_after_ms = login.retry_after_ms;
    login_clear(&login);
    return -1;
  }
  *ret = login;
  return 0;
}
