/* Which of user and project Keystone means, whose answer to a login is the
 * same: the login without a project tells, and then the user's own projects. */
#include "command/check.h"

#include "base/clock.h"
#include "base/secret.h"
#include "keystone/session.h"
#include "net/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_MS 10000

/* The user's projects. */
struct own_projects {
  struct question_reader reader;
  char names[400];
  size_t n;
};

static int on_project(void *arg, const struct cell *cells) {
  struct own_projects *own = arg;
  char name[80];
  if (cells[0].kind != CELL_STRING)
    return 0;
  text_one_line(name, sizeof(name), cells[0].text, cells[0].len);
  if (strlen(own->names) + strlen(name) + 10 < sizeof(own->names))
    text_join(own->names, sizeof(own->names), ", ", name);
  own->n++;
  return 0;
}

static int judge(struct question_reader *reader, const struct http_reply *reply,
                 struct error *err) {
  (void)reader;
  return reply->status == 200 ? 0 : error_set(err, ERROR_STATUS, "not known");
}

static int list_projects(struct http *http, const char *keystone,
                         const char *token, struct own_projects *ret) {
  static const struct extract_field name = {.path = "name"};
  static const struct extract_group group = {"projects[]", &name, 1, on_project,
                                             NULL};
  struct http_reply reply;
  struct error err;
  char *url = text_printf("%s/auth/projects", keystone);
  char *header = secret_join(TOKEN_HEADER, "", token);
  struct question question = {
      .http = http,
      .deadline_ms = clock_ms() + LIMIT_MS,
      .request = {.method = "GET",
                  .url = url,
                  .headers = {header, "Accept: application/json"},
                  .secret = token},
      .groups = &group,
      .ngroups = 1,
      .reader = &ret->reader,
      .judge = judge};
  int status = url != NULL && header != NULL
                   ? question_ask(&question, &reply, &err)
                   : -1;
  free(url);
  secret_free(header);
  return status;
}

/* The same user, without a scope. 0: it is let in. */
static int log_in(const struct cloud_config *config, struct http *http,
                  const char *url, struct login *ret, struct error *err) {
  struct session_config alone = config->session;
  char *no_catalogue[] = {"identity="}; /* is needed */
  alone.project_id = alone.project_name = NULL;
  alone.project_domain_id = alone.project_domain_name = NULL;
  alone.domain_id = alone.domain_name = alone.trust_id = NULL;
  alone.system_scope = false;
  alone.endpoints = (struct text_list){.items = no_catalogue, .n = 1};
  const struct keystone keystone = {.config = &alone,
                                    .url = url,
                                    .http = http,
                                    .deadline_ms = clock_ms() + LIMIT_MS};
  return keystone_login(&keystone, ret, err);
}

static char *try_without_project(const struct cloud_config *config,
                                 struct http *http, const char *url) {
  struct login login = {.token = NULL};
  struct own_projects own = {.n = 0};
  struct error err = {0};
  char *line = NULL;
  if (log_in(config, http, url, &login, &err) != 0)
    return err.detail == 401
               ? strdup("user, its domain or the password is wrong: Keystone "
                        "refuses them without a project, too")
               : NULL;
  if (list_projects(http, url, login.token, &own) != 0)
    line = strdup("user and password are right: it is the project or its "
                  "domain, or the user has no role there");
  else if (own.n == 0)
    line = strdup("user and password are right, and no project is the user's: "
                  "openstack role add --user USER --project PROJECT ROLE");
  else
    line = text_printf("user and password are right: it is the project or its "
                       "domain; the user may use %s%s",
                       own.names, strlen(own.names) > 300 ? " ..." : "");
  login_clear(&login);
  return line;
}

char *check_login(const struct cloud_config *config, const char *url) {
  const struct session_config *s = &config->session;
  struct error err;
  if (auth_by_credential(s) || s->token != NULL)
    return NULL;
  struct http *http = http_new(&config->http, NULL, &err);
  char *line = http != NULL ? try_without_project(config, http, url) : NULL;
  http_free(http);
  return line;
}
