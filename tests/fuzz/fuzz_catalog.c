/* Any answer of Keystone: no crash, and a login that worked is whole.
 * Input: a line that is the token's header, then the body. keystone is linked
 * alone: http_one() below answers in the network's place. */
#include "fuzz.h"
#include "keystone/login.h"
#include "net/http_one.h"

#include <string.h>

static const uint8_t *answer;
static size_t answer_size;

int http_one(struct http *http, const struct http_request *request,
             int64_t deadline_ms, struct http_reply *ret, struct error *err) {
  (void)http, (void)deadline_ms;
  char token[64 * 1024];
  const uint8_t *end = memchr(answer, '\n', answer_size);
  size_t len = end != NULL ? (size_t)(end - answer) : 0;
  size_t kept = len < sizeof(token) ? len : sizeof(token) - 1;
  memcpy(token, answer, kept);
  token[kept] = '\0';
  *ret = (struct http_reply){.status = 201};
  request->on_header(request->arg, "x-subject-token", token);
  request->on_header(request->arg, "vary", "X-Auth-Token");
  size_t body = end != NULL ? len + 1 : 0;
  if (request->on_body(request->arg, answer + body, answer_size - body) == 0)
    return 0;
  return error_set(err, ERROR_PARSE, "given up");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char user[] = "u", password[] = "secret", project[] = "p", domain[] = "d";
  const struct session_config config = {.username = user,
                                        .user_domain_id = domain,
                                        .password = password,
                                        .project_name = project,
                                        .project_domain_name = domain,
                                        .interface = "public"};
  const struct keystone keystone = {.config = &config, .url = "http://k/v3"};
  struct login login = {.retry_after_ms = 0};
  struct error err = {0};
  if (size == 0)
    return 0;
  answer = data;
  answer_size = size;
  int status = keystone_login(&keystone, &login, &err);
  CLAIM((status == 0) == (err.code == ERROR_NONE));
  CLAIM(strstr(err.text, password) == NULL);
  if (status == 0) {
    CLAIM(login.token != NULL && login.token[0] != '\0' && login.life_ms > 0);
    CLAIM(login.typed == login.nentries && login.nroles <= LOGIN_ROLES);
    for (size_t i = 0; i < login.nentries; i++)
      CLAIM(login.entries[i].type && login.entries[i].region &&
            login.entries[i].url);
  }
  login_clear(&login);
  return 0;
}
