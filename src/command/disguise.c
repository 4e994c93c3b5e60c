#include "command/disguise.h"

#include "base/idset.h"
#include "base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* More digits are more than a number that somebody counts with. */
#define NUMBER_MOST 15

/* A pattern of the configuration, and the words for what it matched. */
struct matched {
  char *pattern;
  struct text_list words;
};

struct disguise {
  uint64_t key[2];
  struct idset kept; /* hashes of words in lower case */
  struct idset keys; /* and of those that stay as keys */
  struct matched *patterns;
  size_t npatterns;
  bool collects;
  bool open; /* see disguise_open_records() */
};

static uint64_t word_hash(const char *word, size_t len) {
  char lower[200];
  if (len >= sizeof(lower))
    len = sizeof(lower) - 1;
  for (size_t i = 0; i < len; i++)
    lower[i] = (char)tolower((unsigned char)word[i]);
  return text_hash(lower, len, text_seed());
}

struct disguise *disguise_new(void) {
  struct disguise *d = calloc(1, sizeof(*d));
  if (d == NULL)
    return NULL;
  if (getrandom(d->key, sizeof(d->key), 0) != sizeof(d->key)) {
    free(d);
    return NULL;
  }
  return d;
}

void disguise_free(struct disguise *d) {
  if (d == NULL)
    return;
  explicit_bzero(d->key, sizeof(d->key));
  idset_clear(&d->kept);
  idset_clear(&d->keys);
  for (size_t i = 0; i < d->npatterns; i++) {
    free(d->patterns[i].pattern);
    text_list_clear(&d->patterns[i].words);
  }
  free(d->patterns);
  free(d);
}

static void add_words(struct idset *set, const char *words,
                      const char *separators) {
  while (words != NULL && *words != '\0') {
    words += strspn(words, separators);
    size_t len = strcspn(words, separators);
    if (len > 0)
      idset_add(set, word_hash(words, len));
    words += len;
  }
}

void disguise_keep(struct disguise *d, const char *words,
                   const char *separators) {
  add_words(&d->kept, words, separators);
}

void disguise_keep_keys(struct disguise *d, const char *words,
                        const char *separators) {
  add_words(&d->keys, words, separators);
}

/* ---- what stays ---------------------------------------------------------- */

/* "3.70", "v2.1", "v3": not an address. */
static bool is_version(const char *text) {
  const char *at = text + (text[0] == 'v' || text[0] == 'V');
  size_t dots = 0;
  if (!isdigit((unsigned char)*at))
    return false;
  for (; *at != '\0'; at++) {
    if (*at == '.')
      dots++;
    else if (!isdigit((unsigned char)*at))
      return false;
  }
  return dots <= 1 && strlen(text) <= NUMBER_MOST;
}

static bool is_kept(const struct disguise *d, const char *text, size_t len) {
  return len == 0 || idset_has(&d->kept, word_hash(text, len));
}

static bool stays(const struct disguise *d, const char *text) {
  double number;
  size_t len = strlen(text);
  return is_kept(d, text, len) || is_version(text) ||
         (len <= NUMBER_MOST && text_number(text, &number)) ||
         text_time(text, &number) || text_http_date(text, &number);
}

/* ---- other words --------------------------------------------------------- */

/* 32 hexadecimal digits of the text. */
static void digits_of(const struct disguise *d, const char *text, size_t len,
                      char ret[33]) {
  for (int i = 0; i < 2; i++)
    snprintf(ret + 16 * (ptrdiff_t)i, 17, "%016llx",
             (unsigned long long)text_hash(text, len, d->key[i]));
}

/* A word for what has no form of its own. */
static void put_word(const struct disguise *d, const char *text, size_t len,
                     FILE *out) {
  char digits[33];
  digits_of(d, text, len, digits);
  fprintf(out, "name-%.20s", digits);
}

/* An id at `at`, with dashes or without: its length, or 0. */
static size_t id_at(const char *at) {
  static const char dashes[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  size_t plain = 0, dashed = 0;
  while (isxdigit((unsigned char)at[plain]))
    plain++;
  while (dashes[dashed] != '\0' &&
         (dashes[dashed] == '-' ? at[dashed] == '-'
                                : isxdigit((unsigned char)at[dashed])))
    dashed++;
  if (dashes[dashed] == '\0' && !isalnum((unsigned char)at[dashed]))
    return dashed;
  return plain == 32 && !isalnum((unsigned char)at[plain]) ? plain : 0;
}

static void put_id(const struct disguise *d, const char *id, size_t len,
                   FILE *out) {
  char lower[40] = "", digits[33];
  size_t n = 0;
  for (size_t i = 0; i < len; i++)
    if (id[i] != '-') /* one id is often written in both ways */
      lower[n++] = (char)tolower((unsigned char)id[i]);
  digits_of(d, lower, n, digits);
  for (size_t i = 0, at = 0; i < len; i++)
    fputc(id[i] == '-' ? '-' : digits[at++], out);
}

/* What stands between ids: "AUTH_", "$" and "req-" stay. */
static void put_between(const struct disguise *d, const char *text, size_t len,
                        FILE *out) {
  size_t from = 0, to = len;
  while (from < to && ispunct((unsigned char)text[from]))
    from++;
  while (to > from && ispunct((unsigned char)text[to - 1]))
    to--;
  fprintf(out, "%.*s", (int)from, text);
  if (is_kept(d, text + from, to - from))
    fprintf(out, "%.*s", (int)(to - from), text + from);
  else
    put_word(d, text + from, to - from, out);
  fprintf(out, "%.*s", (int)(len - to), text + to);
}

static bool put_with_ids(const struct disguise *d, const char *text,
                         FILE *out) {
  const char *from = text;
  bool any = false;
  for (const char *at = text; *at != '\0';) {
    bool begins = at == text || !isalnum((unsigned char)at[-1]);
    size_t len = begins ? id_at(at) : 0;
    if (len > 0) {
      put_between(d, from, (size_t)(at - from), out);
      put_id(d, at, len, out);
      any = true;
      from = at + len;
    }
    at += len > 0 ? len : 1;
  }
  if (any)
    put_between(d, from, strlen(from), out);
  return any;
}

/* Its prefix stays: "10.0.0.0/24". */
static bool put_address(const struct disguise *d, const char *text, FILE *out) {
  size_t len = strspn(text, "0123456789abcdefABCDEF.:"), dots = 0, colons = 0;
  const char *rest = text + len;
  for (size_t i = 0; i < len; i++) {
    dots += text[i] == '.';
    colons += text[i] == ':';
  }
  bool four = dots == 3 && strspn(text, "0123456789.") == len;
  bool other = colons >= 2; /* MAC addresses, too */
  if ((!four && !other) ||
      (*rest != '\0' && (*rest != '/' || !is_version(rest + 1))))
    return false;
  char digits[33];
  digits_of(d, text, len, digits);
  fprintf(out, "2001:db8:%.4s:%.4s:%.4s:%.4s:%.4s:%.4s%s", digits, digits + 4,
          digits + 8, digits + 12, digits + 16, digits + 20, rest);
  return true;
}

static bool put_mail(const struct disguise *d, const char *text, FILE *out) {
  const char *at = strchr(text, '@');
  if (at == NULL || at == text || strchr(at, '.') == NULL ||
      strpbrk(text, " \t\n") != NULL)
    return false;
  put_word(d, text, strlen(text), out);
  fputs("@example.org", out);
  return true;
}

static void put_plain(const struct disguise *d, const char *text, FILE *out) {
  if (stays(d, text))
    fputs(text, out);
  else if (!put_with_ids(d, text, out) && !put_address(d, text, out) &&
           !put_mail(d, text, out))
    put_word(d, text, strlen(text), out);
}

static char *plain(const struct disguise *d, const char *text) {
  char *word = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&word, &size);
  if (out == NULL)
    return NULL;
  put_plain(d, text, out);
  return fclose(out) == 0 ? word : NULL;
}

/* ---- links --------------------------------------------------------------- */

static int hex_of(char c) {
  return isdigit((unsigned char)c) ? c - '0'
                                   : tolower((unsigned char)c) - 'a' + 10;
}

/* A part of a link, which may be percent-encoded. */
static char *decode(const char *text, size_t len) {
  char *word = malloc(len + 1);
  size_t n = 0;
  for (size_t i = 0; word != NULL && i < len; i++) {
    bool encoded = text[i] == '%' && i + 2 < len &&
                   isxdigit((unsigned char)text[i + 1]) &&
                   isxdigit((unsigned char)text[i + 2]);
    char c = encoded ? (char)(hex_of(text[i + 1]) * 16 + hex_of(text[i + 2]))
                     : text[i];
    word[n++] = c == '\0' ? '?' : c;
    i += encoded ? 2 : 0;
  }
  if (word != NULL)
    word[n] = '\0';
  return word;
}

static void put_part(const struct disguise *d, const char *text, size_t len,
                     FILE *out) {
  char *word = decode(text, len);
  char *other = word != NULL ? plain(d, word) : NULL;
  if (other != NULL && strcmp(word, other) == 0) {
    fprintf(out, "%.*s", (int)len, text);
  } else if (other != NULL) {
    char *encoded = text_percent(other);
    fputs(encoded != NULL ? encoded : "", out);
    free(encoded);
  }
  free(word);
  free(other);
}

/* A query's "limit=1000" stays where a listing asks for it. */
static void put_query(const struct disguise *d, const char *at, FILE *out) {
  while (*at != '\0') {
    size_t len = strcspn(at, "&#"), name = strcspn(at, "=&#");
    if (name >= len || is_kept(d, at, len) || strncmp(at, "fields=", 7) == 0) {
      fprintf(out, "%.*s", (int)len, at);
    } else {
      fprintf(out, "%.*s=", (int)name, at);
      put_part(d, at + name + 1, len - name - 1, out);
    }
    at += len;
    if (*at != '\0')
      fputc(*at++, out);
  }
}

static void put_path(const struct disguise *d, const char *at, FILE *out) {
  while (*at != '\0' && *at != '?') {
    size_t len = strcspn(at, "/?");
    put_part(d, at, len, out);
    at += len;
    if (*at == '/')
      fputc(*at++, out);
  }
  if (*at == '?') {
    fputc('?', out);
    put_query(d, at + 1, out);
  }
}

static void put_host(const struct disguise *d, const char *host, size_t len,
                     FILE *out) {
  char digits[33];
  size_t name = len;
  for (size_t i = len; i > 0 && host[i - 1] != ']'; i--)
    if (host[i - 1] == ':') {
      name = i - 1;
      break;
    }
  digits_of(d, host, name, digits);
  fprintf(out, "%.16s.example.org%.*s", digits, (int)(len - name), host + name);
}

static char *link_of(const struct disguise *d, const char *text) {
  char *other = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&other, &size);
  if (out == NULL)
    return NULL;
  const char *at = text, *scheme = strstr(text, "://");
  if (text[0] != '/' && scheme != NULL) {
    at = scheme + 3;
    size_t len = strcspn(at, "/?#");
    fprintf(out, "%.*s", (int)(at - text), text);
    put_host(d, at, len, out);
    at += len;
  }
  put_path(d, at, out);
  return fclose(out) == 0 ? other : NULL;
}

static bool is_link(const char *text) {
  const char *scheme = strstr(text, "://");
  size_t word = strspn(text, "abcdefghijklmnopqrstuvwxyz+");
  if (strpbrk(text, " \t\n") != NULL)
    return false;
  return text[0] == '/' || (scheme != NULL && scheme == text + word);
}

/* ---- patterns ------------------------------------------------------------ */

static bool is_pattern(const char *text) { return strpbrk(text, "*?") != NULL; }

void disguise_match(struct disguise *d, const char *pattern) {
  if (!is_pattern(pattern) || disguise_matched(d, pattern) != NULL)
    return;
  struct matched *grown =
      realloc(d->patterns, (d->npatterns + 1) * sizeof(*grown));
  if (grown == NULL)
    return;
  d->patterns = grown;
  grown[d->npatterns++] = (struct matched){.pattern = strdup(pattern)};
}

void disguise_collect(struct disguise *d, bool on) { d->collects = on; }

void disguise_open_records(struct disguise *d, bool on) { d->open = on; }

const struct text_list *disguise_matched(const struct disguise *d,
                                         const char *pattern) {
  for (size_t i = 0; i < d->npatterns; i++)
    if (d->patterns[i].pattern != NULL &&
        strcmp(d->patterns[i].pattern, pattern) == 0)
      return &d->patterns[i].words;
  return NULL;
}

char *disguise_pattern(const struct disguise *d, const char *pattern) {
  bool all = strspn(pattern, "*") == strlen(pattern);
  return all ? strdup(pattern) : plain(d, pattern);
}

static void note_match(struct disguise *d, const char *text,
                       const char *other) {
  for (size_t i = 0; i < d->npatterns; i++) {
    struct matched *m = &d->patterns[i];
    if (m->pattern == NULL || !text_match(m->pattern, text) ||
        text_list_has(&m->words, other))
      continue;
    char *copy = strdup(other);
    if (copy == NULL || !text_list_add(&m->words, copy))
      free(copy);
  }
}

char *disguise_text(struct disguise *d, const char *text) {
  char *other = is_link(text) ? link_of(d, text) : plain(d, text);
  if (d->collects && other != NULL)
    note_match(d, text, other);
  return other;
}

/* ---- keys of members ----------------------------------------------------- */

/* "name", "os-extended:host", "OS-EXT-SRV-ATTR:host". */
bool disguise_is_word(const char *key) {
  const char *last = strrchr(key, ':');
  const char *at = last != NULL ? last + 1 : key;
  return *at != '\0' &&
         strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(at) &&
         !isdigit((unsigned char)*at);
}

char *disguise_key(struct disguise *d, const char *key, bool name) {
  /* Cinder's quotas by type of volume: the type has a name. */
  static const char *const kinds[] = {"gigabytes_", "volumes_", "snapshots_"};
  if (is_kept(d, key, strlen(key)) ||
      idset_has(&d->keys, word_hash(key, strlen(key))))
    return strdup(key);
  for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
    if (strncmp(key, kinds[i], strlen(kinds[i])) == 0) {
      char *type = plain(d, key + strlen(kinds[i]));
      char *whole = type != NULL ? text_printf("%s%s", kinds[i], type) : NULL;
      free(type);
      return whole;
    }
  return !name && !d->open && disguise_is_word(key) ? strdup(key)
                                                    : disguise_text(d, key);
}

bool disguise_names_members(const char *key) {
  static const char *const parts[] = {
      "metadata", "addresses",   "labels",      "properties", "tags",
      "extra",    "extra_specs", "allocations", "parameters", "traits"};
  for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
    if (strcasestr(key, parts[i]) != NULL)
      return true;
  return false;
}

bool disguise_keeps_header(const char *name) {
  static const char *const names[] = {
      "accept",      "accept-ranges",     "cache-control",
      "connection",  "content-encoding",  "content-type",
      "date",        "keep-alive",        "last-modified",
      "retry-after", "transfer-encoding", "vary"};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (strcasecmp(name, names[i]) == 0)
      return true;
  return strcasestr(name, "api-version") != NULL ||
         strcasestr(name, "microversion") != NULL;
}
