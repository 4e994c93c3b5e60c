#include "keystone/auth.h"

#include "base/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* While it is written. */
struct body {
  FILE *out;
  bool lost; /* memory ran out: something is missing */
};

/* "key": "value", if there is a value. */
static void put_member(struct body *body, const char *lead, const char *key,
                       const char *value) {
  char *json = value == NULL ? NULL : text_json(value);
  body->lost = body->lost || (json == NULL && value != NULL);
  if (json == NULL)
    return;
  fprintf(body->out, "%s\"%s\":%s", lead, key, json);
  secret_free(json);
}

static void put_domain(struct body *body, const char *id, const char *name) {
  if (id == NULL && name == NULL)
    return;
  fputs(",\"domain\":{", body->out);
  put_member(body, "", id != NULL ? "id" : "name", id != NULL ? id : name);
  fputc('}', body->out);
}

static void put_user(struct body *body, const struct session_config *c) {
  fputs("\"user\":{", body->out);
  if (c->user_id != NULL) {
    put_member(body, "", "id", c->user_id);
  } else {
    put_member(body, "", "name", c->username);
    put_domain(body, c->user_domain_id, c->user_domain_name);
  }
}

static void put_scope(struct body *body, const struct session_config *c) {
  if (c->trust_id != NULL) {
    put_member(body, ",\"scope\":{\"OS-TRUST:trust\":{", "id", c->trust_id);
    fputs("}}", body->out);
  } else if (c->project_id != NULL) {
    put_member(body, ",\"scope\":{\"project\":{", "id", c->project_id);
    fputs("}}", body->out);
  } else if (c->project_name != NULL) {
    put_member(body, ",\"scope\":{\"project\":{", "name", c->project_name);
    put_domain(body, c->project_domain_id, c->project_domain_name);
    fputs("}}", body->out);
  } else if (c->system_scope) {
    fputs(",\"scope\":{\"system\":{\"all\":true}}", body->out);
  } else if (c->domain_id != NULL || c->domain_name != NULL) {
    put_member(body, ",\"scope\":{\"domain\":{",
               c->domain_id != NULL ? "id" : "name",
               c->domain_id != NULL ? c->domain_id : c->domain_name);
    fputs("}}", body->out);
  }
}

bool auth_by_credential(const struct session_config *c) {
  return c->credential_id != NULL || c->credential_name != NULL;
}

static void put_identity(struct body *body, const struct session_config *c,
                         const char *secret) {
  if (c->token != NULL) {
    put_member(body, "\"methods\":[\"token\"],\"token\":{", "id", secret);
    fputc('}', body->out);
    return;
  }
  if (!auth_by_credential(c)) {
    fputs("\"methods\":[\"password\"],\"password\":{", body->out);
    put_user(body, c);
    put_member(body, ",", "password", secret);
    fputs("}}", body->out);
    return;
  }
  fputs("\"methods\":[\"application_credential\"],"
        "\"application_credential\":{",
        body->out);
  put_member(body, "", "secret", secret);
  if (c->credential_id != NULL) {
    put_member(body, ",", "id", c->credential_id);
  } else {
    put_member(body, ",", "name", c->credential_name);
    fputc(',', body->out);
    put_user(body, c);
    fputc('}', body->out);
  }
  fputc('}', body->out);
}

/* Bytes that are enough for the body, so that it never grows: what grows leaves
 * copies behind. Each text has the room that JSON may take of it. */
static size_t body_room(const struct session_config *c, const char *secret) {
  const char *const texts[] = {c->user_id,           c->username,
                               c->user_domain_id,    c->user_domain_name,
                               c->project_id,        c->project_name,
                               c->project_domain_id, c->project_domain_name,
                               c->domain_id,         c->domain_name,
                               c->credential_id,     c->credential_name,
                               c->trust_id,          secret};
  size_t room = 1024; /* the rest */
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    room += texts[i] != NULL ? 6 * strlen(texts[i]) : 0;
  return room;
}

char *auth_body(const struct session_config *c, const char *secret) {
  size_t room = body_room(c, secret);
  char *text = calloc(1, room);
  struct body body = {.out = text != NULL ? fmemopen(text, room, "w") : NULL};
  if (body.out == NULL)
    goto fail;
  setvbuf(body.out, NULL, _IONBF, 0); /* a buffer would be freed as it is */
  fputs("{\"auth\":{\"identity\":{", body.out);
  put_identity(&body, c, secret);
  fputc('}', body.out);
  if (!auth_by_credential(c))
    put_scope(&body, c);
  fputs("}}", body.out);
  bool whole = !ferror(body.out) && !body.lost;
  if (fclose(body.out) == 0 && whole)
    return text;
fail:
  secret_free(text);
  return NULL;
}

/* ` PROJECT "service" (domain "Default")`, with what there is of it. */
static void put_name(FILE *out, const char *what, const char *id,
                     const char *name) {
  if (id != NULL || name != NULL)
    fprintf(out, "%s \"%.60s\"", what, id != NULL ? id : name);
}

static void put_named(FILE *out, const char *what, const char *name,
                      const char *domain_id, const char *domain_name) {
  if (name == NULL)
    return;
  put_name(out, what, NULL, name);
  put_name(out, " (domain", domain_id, domain_name);
  if (domain_id != NULL || domain_name != NULL)
    fputc(')', out);
}

static void describe_scope(FILE *out, const struct session_config *c) {
  put_name(out, ", trust", c->trust_id, NULL);
  put_name(out, ", project", c->project_id, NULL);
  put_named(out, ", project", c->project_name, c->project_domain_id,
            c->project_domain_name);
  put_name(out, ", domain", c->domain_id, c->domain_name);
  if (c->system_scope)
    fputs(", the system", out);
}

void auth_describe(const struct session_config *c, char *dst, size_t size) {
  FILE *out = fmemopen(dst, size, "w");
  dst[0] = '\0';
  if (out == NULL)
    return;
  if (c->token != NULL)
    fputs("ready-made token", out);
  put_name(out, "application credential", c->credential_id, c->credential_name);
  if (c->credential_id == NULL) {
    const char *user = c->credential_name != NULL ? " of user" : "user";
    put_name(out, user, c->user_id, NULL);
    put_named(out, user, c->username, c->user_domain_id, c->user_domain_name);
  }
  if (!auth_by_credential(c))
    describe_scope(out, c);
  fclose(out);
  dst[size - 1] = '\0';
}
