#include "command/scrub.h"

#include "base/secret.h"
#include "command/json_writer.h"
#include "net/json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A shorter secret is only taken out where nothing stands beside it: the words
 * of an API are as short. */
#define SECRET_LEAST 6
#define NAME_SIZE 100
/* Levels of JSON around a body in a recording, with room. */
#define DEPTH_MOST (JSON_DEPTH - 4)

/* Parts of the names of secrets, in lower case. */
static const char *const secret_words[] = {
    "password",   "passwd",      "passphrase",   "adminpass",
    "rootpass",   "secret",      "psk",          "token",
    "privatekey", "private_key", "credentials",  "authorization",
    "cookie",     "blob",        "user_data",    "userdata",
    "auth_key",   "authkey",     "access_key",   "accesskey",
    "auth-key",   "access-key",  "api-key",      "session-key",
    "apikey",     "api_key",     "payload",      "preshared",
    "pre_shared", "signature",   "url_sig",      "url-key",
    "x-amz-",     "x-auth-key",  "kubeconfig",   "fernet",
    "chap_",      "session_key", "admin_pass",   "new_pass",
    "root_pass",  "pswd",        "private-key",  "priv_key",
    "client-key", "client_key",  "sync-key",     "sync_key",
    "community",  "configdrive", "output_value", "discovery_url"};

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

/* ---- known secrets ------------------------------------------------------- */

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

/* ---- what a text itself calls a secret ----------------------------------- */

struct span {
  size_t from, to;
};

static bool is_quote(char c) { return c == '"' || c == '\''; }

static bool is_name(char c) {
  return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* To the quote that is escaped as the first one is, or to the end. */
static size_t end_of_quoted(const char *text, size_t len, size_t quote) {
  size_t escapes = 0, n = 0;
  while (escapes < quote && text[quote - escapes - 1] == '\\')
    escapes++;
  for (size_t i = quote + 1; i < len; i++) {
    if (text[i] == text[quote] && n <= escapes)
      return i - n;
    n = text[i] == '\\' ? n + 1 : 0;
  }
  return len;
}

/* Whether what stands before `sign` is the name of a secret: into `ret`. */
static bool name_before(const char *text, size_t sign, char ret[NAME_SIZE],
                        bool *ret_quoted) {
  size_t end = sign;
  while (end > 0 && (is_quote(text[end - 1]) || text[end - 1] == '\\' ||
                     text[end - 1] == ' '))
    end--;
  size_t n = 0; /* its end says what it is */
  while (n < end && n < NAME_SIZE - 1 && is_name(text[end - n - 1]))
    n++;
  memcpy(ret, text + end - n, n);
  ret[n] = '\0';
  *ret_quoted = memchr(text + end, '"', sign - end) != NULL ||
                memchr(text + end, '\'', sign - end) != NULL;
  return n > 0 && scrub_is_secret(ret);
}

/* Their values have several words. */
static bool is_long_header(const char *name) {
  return strcasestr(name, "authorization") != NULL ||
         strcasestr(name, "cookie") != NULL;
}

/* "Basic dXNl", "a=1; b=2", "Digest username=\"u\", nc=1": to the end of the
 * line, or of what quotes it. */
static size_t end_of_header(const char *text, size_t len, size_t at) {
  for (; at < len && memchr("\r\n<>\"'\\", text[at], 7) == NULL; at++) {
    size_t quote = at + 1;
    while (quote < len && text[quote] == '\\')
      quote++;
    if (text[at] != '=' || quote >= len || !is_quote(text[quote]))
      continue;
    at = end_of_quoted(text, len, quote);
    while (at < len && text[at] == '\\')
      at++;
  }
  return at < len ? at : len;
}

static size_t end_of_word(const char *text, size_t len, size_t at) {
  while (at < len && !isspace((unsigned char)text[at]) &&
         memchr("&<>\"'", text[at], 5) == NULL)
    at++;
  return at;
}

/* And of the next one behind "Bearer". */
static size_t end_of_token(const char *text, size_t len, size_t at) {
  static const char *const schemes[] = {"basic ", "bearer ", "token "};
  for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
    size_t n = strlen(schemes[i]);
    if (n < len - at && strncasecmp(text + at, schemes[i], n) == 0)
      return end_of_word(text, len, at + n);
  }
  return end_of_word(text, len, at);
}

/* Behind `temp_url_sig=`, `X-Auth-Token: ` or `"psk": "`. What has no quotes
 * behind a name that has is JSON's: a number, such as a quota. */
static bool secret_behind(const char *text, size_t len, size_t sign,
                          struct span *ret) {
  size_t at = sign + 1;
  char name[NAME_SIZE];
  bool quoted;
  if ((text[sign] != ':' && text[sign] != '=') ||
      !name_before(text, sign, name, &quoted))
    return false;
  while (at < len && (isspace((unsigned char)text[at]) || text[at] == '\\'))
    at++;
  *ret = (struct span){at, at};
  if (at < len && is_quote(text[at]))
    *ret = (struct span){at + 1, end_of_quoted(text, len, at)};
  else if (!quoted && text[sign] == ':' && is_long_header(name))
    ret->to = end_of_header(text, len, at);
  else if (!quoted && (text[sign] == '=' || at > sign + 1)) /* no "host:80" */
    ret->to = end_of_token(text, len, at);
  return ret->to > ret->from;
}

static bool calls_secret(const char *text, size_t len) {
  struct span span;
  for (size_t i = 0; i < len; i++)
    if (secret_behind(text, len, i, &span))
      return true;
  return false;
}

/* ---- texts without them -------------------------------------------------- */

static bool holds(const char *text, size_t len, const char *word) {
  return memmem(text, len, word, strlen(word)) != NULL;
}

static bool holds_secret(const struct scrub *scrub, const char *text,
                         size_t len) {
  for (size_t i = 0; i < scrub->secrets.n; i++)
    if (holds(text, len, scrub->secrets.items[i]))
      return true;
  return holds(text, len, "://") || holds(text, len, "PRIVATE KEY-----") ||
         calls_secret(text, len);
}

/* "user:password@" behind a scheme: its bytes. A password may hold "@". */
static size_t login_at(const char *at, size_t left) {
  size_t login = 0;
  for (size_t n = 0; n < left && strchr("/?# \"'<>", at[n]) == NULL; n++)
    if (at[n] == '@')
      login = n;
  return login;
}

static void put_clean(const struct scrub *scrub, const char *text, size_t len,
                      FILE *out) {
  bool behind_scheme = false;
  struct span span;
  for (size_t i = 0; i < len;) {
    if (secret_behind(text, len, i, &span)) {
      fprintf(out, "%.*s%s", (int)(span.from - i), text + i, SCRUBBED);
      i = span.to;
      behind_scheme = false;
      continue;
    }
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

char *scrub_text(const struct scrub *scrub, const char *text, size_t len) {
  return disguised(scrub, clean(scrub, text, len));
}

char *scrub_url(const struct scrub *scrub, const char *url) {
  return scrub_text(scrub, url, strlen(url));
}

/* Tenants and operators name a part of these. */
static char *header_name(const struct scrub *scrub, const char *name) {
  bool named = strcasestr(name, "-meta-") != NULL ||
               strcasestr(name, "-storage-policy-") != NULL;
  return named && scrub->disguise != NULL
             ? disguise_key(scrub->disguise, name, true)
             : strdup(name);
}

char *scrub_header(const struct scrub *scrub, const char *line) {
  const char *colon = strchr(line, ':');
  if (colon == NULL)
    return clean(scrub, line, strlen(line));
  char *name = strndup(line, (size_t)(colon - line)), *value = NULL;
  const char *at = colon + 1 + strspn(colon + 1, " \t");
  char *whole = NULL, *shown = NULL;
  if (name == NULL)
    return NULL;
  shown = header_name(scrub, name);
  if (scrub_is_secret(name))
    value = strdup(SCRUBBED);
  else if (scrub->disguise != NULL && disguise_keeps_header(name))
    value = clean(scrub, at, strlen(at));
  else
    value = scrub_text(scrub, at, strlen(at));
  if (value != NULL && shown != NULL)
    whole = text_printf("%s: %s", shown, value);
  free(name);
  free(shown);
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
  unsigned whole;     /* if that is one of these, all its texts are */
  size_t secret_from; /* the depth in such a one; 0: in none */
  bool named;         /* the next container's keys are names */
  uint64_t names;     /* bit n: those of the container that n others hold */
};

enum { WHOLE_OBJECT = 1, WHOLE_ARRAY = 2 };

/* Of Keystone's API two objects have more than the secret; and where an answer
 * lists secrets, each is a record that has an id. */
static unsigned whole_of(const char *key, size_t depth) {
  static const char *const lists[] = {"secrets", "credentials",
                                      "application_credentials"};
  if (strcmp(key, "token") == 0 || strcmp(key, "password") == 0)
    return WHOLE_ARRAY;
  for (size_t i = 0; depth == 1 && i < sizeof(lists) / sizeof(lists[0]); i++)
    if (strcmp(key, lists[i]) == 0)
      return WHOLE_OBJECT;
  return WHOLE_OBJECT | WHOLE_ARRAY;
}

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
  if ((c->whole & (array ? WHOLE_ARRAY : WHOLE_OBJECT)) != 0 &&
      c->secret_from == 0)
    c->secret_from = depth + 1;
  c->whole = 0;
  c->secret_member = array && c->secret_member;
  return JSON_GO_ON;
}

static enum json_verdict on_close(void *arg) {
  struct copying *c = arg;
  json_writer_close(&c->writer);
  if (c->writer.depth < c->secret_from)
    c->secret_from = 0;
  c->secret_member =
      c->writer.depth > 0 && (c->secret >> (c->writer.depth - 1) & 1) != 0;
  return JSON_GO_ON;
}

/* A word of an API's may be a password, too: it says nothing of that. */
static char *other_key(const struct scrub *scrub, const char *key, bool name) {
  if (scrub->disguise != NULL)
    return disguise_key(scrub->disguise, key, name);
  return !name && disguise_is_word(key) ? strdup(key)
                                        : clean(scrub, key, strlen(key));
}

static enum json_verdict on_key(void *arg, const char *text, size_t len) {
  struct copying *c = arg;
  bool named = (c->names >> (c->writer.depth - 1) & 1) != 0;
  char *key = strndup(text, len), *other = NULL;
  if (key == NULL)
    return JSON_STOP;
  c->secret_member = scrub_is_secret(key);
  c->whole = c->secret_member ? whole_of(key, c->writer.depth) : 0;
  c->named = disguise_names_members(key);
  other = strlen(key) == len ? other_key(c->scrub, key, named)
                             : strdup(SCRUBBED); /* a NUL hides the rest */
  free(key);
  if (other == NULL)
    return JSON_STOP;
  json_writer_key(&c->writer, other, strlen(other));
  free(other);
  return JSON_GO_ON;
}

static enum json_verdict on_scalar(void *arg, enum cell_kind kind,
                                   const char *text, size_t len) {
  struct copying *c = arg;
  const struct scrub *scrub = c->scrub;
  bool secret = c->secret_member || c->secret_from > 0;
  c->whole = 0;
  if (kind != CELL_STRING) {
    json_writer_scalar(&c->writer, kind, text, len);
    return JSON_GO_ON;
  }
  if (scrub->disguise == NULL && !secret && !holds_secret(scrub, text, len)) {
    json_writer_scalar(&c->writer, kind, text, len);
    return JSON_GO_ON;
  }
  char *other =
      secret && len > 0 ? strdup(SCRUBBED) : scrub_text(scrub, text, len);
  if (other == NULL)
    return JSON_STOP;
  json_writer_scalar(&c->writer, kind, other, strlen(other));
  free(other);
  return JSON_GO_ON;
}

static const struct json_events copy_events = {
    .open = on_open, .close = on_close, .key = on_key, .scalar = on_scalar};

/* What has been read before its end, or before what is no JSON. */
enum copied { COPIED_ALL, COPIED_CUT, COPIED_BROKEN, COPIED_NOTHING };

static enum copied feed_copy(struct copying *c, const char *data, size_t len) {
  struct error err;
  struct json *json = json_new(&copy_events, c);
  enum copied copied = COPIED_NOTHING;
  if (json != NULL && json_begin(json, &err) == 0) {
    bool fed = json_feed(json, data, len, &err) == 0;
    if (fed && json_finish(json) && c->writer.depth == 0 &&
        c->writer.values == 1)
      copied = COPIED_ALL;
    else if (c->writer.depth > 0)
      copied = fed ? COPIED_CUT : COPIED_BROKEN;
  }
  json_free(json);
  return copied;
}

static char *copy_json(struct copying *c, const char *data, size_t len,
                       enum copied *ret) {
  char *text = NULL;
  size_t size = 0;
  c->writer.out = open_memstream(&text, &size);
  *ret = c->writer.out != NULL ? feed_copy(c, data, len) : COPIED_NOTHING;
  if (*ret == COPIED_BROKEN)
    fputs(SCRUBBED, c->writer.out); /* as little JSON as what was there */
  if (c->writer.out != NULL && fclose(c->writer.out) != 0)
    *ret = COPIED_NOTHING;
  return text;
}

char *scrub_json(const struct scrub *scrub, const char *data, size_t len) {
  enum copied copied;
  struct copying c = {.scrub = scrub, .writer = {.lines = true, .margin = 1}};
  char *text = copy_json(&c, data, len, &copied);
  if (copied == COPIED_ALL)
    return text;
  secret_free(text);
  return NULL;
}

char *scrub_body(const struct scrub *scrub, const char *data, size_t len) {
  enum copied copied;
  bool compact = !holds(data, len, "\": ");
  struct copying c = {.scrub = scrub, .writer = {.compact = compact}};
  char *text = copy_json(&c, data, len, &copied);
  if (copied == COPIED_CUT ||
      (copied == COPIED_BROKEN && scrub->disguise != NULL))
    return text;
  secret_free(text);
  return scrub_text(scrub, data, len);
}
