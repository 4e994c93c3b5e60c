#include "command/scrub.h"

#include "base/secret.h"
#include "command/json_writer.h"
#include "net/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A shorter secret is only taken out where nothing stands beside it: the words
 * of an API are as short. */
#define SECRET_LEAST 6
/* Levels of JSON around a body in a recording, with room. */
#define DEPTH_MOST (JSON_DEPTH - 4)

/* Parts of the names of secrets, in lower case. */
static const char *const secret_words[] = {
    "password",    "passwd",        "passphrase", "adminpass",  "rootpass",
    "secret",      "psk",           "token",      "privatekey", "private_key",
    "credentials", "authorization", "cookie",     "blob",       "user_data",
    "userdata",    "auth_key",      "authkey",    "access_key", "accesskey",
    "apikey",      "api_key",       "payload",    "preshared",  "pre_shared",
    "signature",   "url_sig",       "url-key",    "x-amz-",     "x-auth-key",
    "kubeconfig",  "fernet",        "chap_",      "session_key"};

bool scrub_is_secret(const char *key) {
  for (size_t i = 0; i < sizeof(secret_words) / sizeof(secret_words[0]); i++)
    if (strcasestr(key, secret_words[i]) != NULL)
      return true;
  return false;
}

static bool learn(struct scrub *scrub, char *secret) {
  bool known = secret != NULL && text_list_has(&scrub->secrets, secret);
  if (secret != NULL && !known && text_list_add(&scrub->secrets, secret))
    return true;
  secret_free(secret);
  return known;
}

/* And as a URL would have it. */
bool scrub_learn(struct scrub *scrub, const char *secret) {
  if (secret == NULL || secret[0] == '\0')
    return true;
  return learn(scrub, strdup(secret)) && learn(scrub, text_percent(secret));
}

void scrub_clear(struct scrub *scrub) {
  for (size_t i = 0; i < scrub->secrets.n; i++)
    explicit_bzero(scrub->secrets.items[i], strlen(scrub->secrets.items[i]));
  text_list_clear(&scrub->secrets);
}

/* ---- texts --------------------------------------------------------------- */

/* How many bytes of a secret stand at `at`, where `left` bytes are left. */
static size_t secret_at(const struct scrub *scrub, const char *at, size_t left,
                        bool alone) {
  for (size_t i = 0; i < scrub->secrets.n; i++) {
    size_t len = strlen(scrub->secrets.items[i]);
    if (len <= left && memcmp(at, scrub->secrets.items[i], len) == 0 &&
        (len >= SECRET_LEAST || (alone && len == left)))
      return len;
  }
  return 0;
}

static bool holds(const char *text, size_t len, const char *word) {
  return memmem(text, len, word, strlen(word)) != NULL;
}

static bool holds_secret(const struct scrub *scrub, const char *text,
                         size_t len) {
  for (size_t i = 0; i < scrub->secrets.n; i++)
    if (holds(text, len, scrub->secrets.items[i]))
      return true;
  return holds(text, len, "://") || holds(text, len, "PRIVATE KEY-----");
}

/* "user:password@" behind a scheme: its bytes. */
static size_t login_at(const char *at, size_t left) {
  size_t n = 0;
  while (n < left && strchr("/?# \"'<>@", at[n]) == NULL)
    n++;
  return n < left && at[n] == '@' ? n : 0;
}

static void put_clean(const struct scrub *scrub, const char *text, size_t len,
                      FILE *out) {
  bool behind_scheme = false;
  for (size_t i = 0; i < len;) {
    size_t n = secret_at(scrub, text + i, len - i, i == 0);
    if (n == 0 && behind_scheme)
      n = login_at(text + i, len - i);
    behind_scheme = n == 0 && i >= 2 && memcmp(text + i - 2, "://", 3) == 0;
    if (n > 0)
      fputs(SCRUBBED, out);
    else
      fputc(text[i], out);
    i += n > 0 ? n : 1;
  }
}

/* Without secrets; names stay. */
static char *clean(const struct scrub *scrub, const char *text, size_t len) {
  char *cleaned = NULL;
  size_t size = 0;
  if (holds(text, len, "PRIVATE KEY-----"))
    return strdup(SCRUBBED);
  if (!holds_secret(scrub, text, len))
    return strndup(text, len);
  FILE *out = open_memstream(&cleaned, &size);
  if (out == NULL)
    return NULL;
  put_clean(scrub, text, len, out);
  return fclose(out) == 0 ? cleaned : NULL;
}

static char *disguised(const struct scrub *scrub, char *text) {
  if (scrub->disguise == NULL || text == NULL || strcmp(text, SCRUBBED) == 0)
    return text;
  char *other = disguise_text(scrub->disguise, text);
  secret_free(text);
  return other;
}

/* The parameters of a query whose names are those of secrets. */
static char *clean_query(const char *text) {
  char *cleaned = NULL;
  size_t size = 0, n = strcspn(text, "?");
  if (text[n] == '\0')
    return strdup(text);
  FILE *out = open_memstream(&cleaned, &size);
  if (out == NULL)
    return NULL;
  fprintf(out, "%.*s", (int)n + 1, text);
  for (const char *at = text + n + 1; *at != '\0';) {
    size_t len = strcspn(at, "&"), name = strcspn(at, "=&");
    char *key = strndup(at, name);
    if (name < len && (key == NULL || scrub_is_secret(key)))
      fprintf(out, "%.*s=%s", (int)name, at, SCRUBBED);
    else
      fprintf(out, "%.*s", (int)len, at);
    free(key);
    at += len;
    if (*at == '&')
      fputc(*at++, out);
  }
  return fclose(out) == 0 ? cleaned : NULL;
}

static bool is_link(const char *text) {
  return (strstr(text, "://") != NULL || text[0] == '/') &&
         strpbrk(text, " \n") == NULL;
}

char *scrub_text(const struct scrub *scrub, const char *text, size_t len) {
  char *cleaned = clean(scrub, text, len);
  if (cleaned != NULL && is_link(cleaned)) {
    char *link = clean_query(cleaned);
    secret_free(cleaned);
    cleaned = link;
  }
  return disguised(scrub, cleaned);
}

char *scrub_url(const struct scrub *scrub, const char *url) {
  return scrub_text(scrub, url, strlen(url));
}

char *scrub_header(const struct scrub *scrub, const char *line) {
  const char *colon = strchr(line, ':');
  if (colon == NULL)
    return strdup(line);
  char *name = strndup(line, (size_t)(colon - line)), *value = NULL;
  const char *at = colon + 1 + strspn(colon + 1, " \t");
  char *whole = NULL;
  if (name == NULL)
    return NULL;
  if (scrub_is_secret(name))
    value = strdup(SCRUBBED);
  else if (scrub->disguise != NULL && disguise_keeps_header(name))
    value = clean(scrub, at, strlen(at));
  else
    value = scrub_text(scrub, at, strlen(at));
  if (value != NULL)
    whole = text_printf("%s: %s", name, value);
  free(name);
  secret_free(value);
  return whole;
}

/* ---- JSON ---------------------------------------------------------------- */

/* While it is copied. */
struct copying {
  const struct scrub *scrub;
  struct json_writer writer;
  uint64_t secret;    /* bit n: the texts of the array that n others hold are */
  bool secret_member; /* what follows the last key is */
  bool named;         /* the next container's keys are names */
  uint64_t names;     /* bit n: those of the container that n others hold */
};

static enum json_verdict on_open(void *arg, bool array) {
  struct copying *c = arg;
  size_t depth = c->writer.depth;
  if (depth >= DEPTH_MOST)
    return JSON_STOP;
  uint64_t bit = UINT64_C(1) << depth;
  c->secret = array && c->secret_member ? c->secret | bit : c->secret & ~bit;
  c->names = !array && c->named ? c->names | bit : c->names & ~bit;
  c->named = false;
  json_writer_open(&c->writer, array);
  c->secret_member = array && c->secret_member;
  return JSON_GO_ON;
}

static enum json_verdict on_close(void *arg) {
  struct copying *c = arg;
  json_writer_close(&c->writer);
  c->secret_member =
      c->writer.depth > 0 && (c->secret >> (c->writer.depth - 1) & 1) != 0;
  return JSON_GO_ON;
}

static enum json_verdict on_key(void *arg, const char *text, size_t len) {
  struct copying *c = arg;
  struct disguise *disguise = c->scrub->disguise;
  bool named = (c->names >> (c->writer.depth - 1) & 1) != 0;
  char *key = strndup(text, len), *other = NULL;
  if (key == NULL)
    return JSON_STOP;
  c->secret_member = scrub_is_secret(key);
  c->named = disguise != NULL && disguise_names_members(key);
  if (disguise != NULL && strlen(key) == len)
    other = disguise_key(disguise, key, named);
  if (other != NULL)
    json_writer_key(&c->writer, other, strlen(other));
  else
    json_writer_key(&c->writer, text, len);
  free(key);
  free(other);
  return JSON_GO_ON;
}

static enum json_verdict on_scalar(void *arg, enum cell_kind kind,
                                   const char *text, size_t len) {
  struct copying *c = arg;
  const struct scrub *scrub = c->scrub;
  if (kind != CELL_STRING) {
    json_writer_scalar(&c->writer, kind, text, len);
    return JSON_GO_ON;
  }
  if (scrub->disguise == NULL && !c->secret_member &&
      !holds_secret(scrub, text, len)) {
    json_writer_scalar(&c->writer, kind, text, len);
    return JSON_GO_ON;
  }
  char *other = c->secret_member && len > 0 ? strdup(SCRUBBED)
                                            : scrub_text(scrub, text, len);
  if (other == NULL)
    return JSON_STOP;
  json_writer_scalar(&c->writer, kind, other, strlen(other));
  free(other);
  return JSON_GO_ON;
}

static const struct json_events copy_events = {
    .open = on_open, .close = on_close, .key = on_key, .scalar = on_scalar};

char *scrub_json(const struct scrub *scrub, const char *data, size_t len) {
  char *text = NULL;
  size_t size = 0;
  struct error err;
  struct copying copying = {.scrub = scrub,
                            .writer = {.out = open_memstream(&text, &size),
                                       .lines = true,
                                       .margin = 1}};
  struct json *json = json_new(&copy_events, &copying);
  bool whole = false;
  if (json != NULL && copying.writer.out != NULL &&
      json_begin(json, &err) == 0 && json_feed(json, data, len, &err) == 0)
    whole = json_finish(json) && copying.writer.depth == 0 &&
            copying.writer.values == 1;
  json_free(json);
  if (copying.writer.out != NULL && fclose(copying.writer.out) != 0)
    whole = false;
  if (whole)
    return text;
  secret_free(text);
  return NULL;
}
