#include "base/text.h"

#include <ctype.h>
#include <endian.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

bool text_list_add(struct text_list *list, char *text) {
  char **grown = realloc(list->items, (list->n + 2) * sizeof(*grown));
  if (grown == NULL)
    return false;
  list->items = grown;
  grown[list->n++] = text;
  grown[list->n] = NULL;
  return true;
}

bool text_list_has(const struct text_list *list, const char *text) {
  for (size_t i = 0; i < list->n; i++)
    if (strcmp(list->items[i], text) == 0)
      return true;
  return false;
}

void text_list_clear(struct text_list *list) {
  for (size_t i = 0; i < list->n; i++)
    free(list->items[i]);
  free(list->items);
  *list = (struct text_list){0};
}

bool text_copy(char *dst, size_t size, const char *src) {
  size_t len = strlen(src);
  bool fits = len < size;
  if (!fits)
    len = size - 1;
  memcpy(dst, src, len);
  dst[len] = '\0';
  return fits;
}

void text_join(char *dst, size_t size, const char *separator,
               const char *text) {
  size_t len = strlen(dst);
  snprintf(dst + len, size - len, "%s%s", len > 0 ? separator : "", text);
}

char *text_printf(const char *format, ...) {
  char *text = NULL;
  va_list ap;
  va_start(ap, format);
  int len = vasprintf(&text, format, ap);
  va_end(ap);
  return len < 0 ? NULL : text;
}

/* ---- hashes (SipHash-1-3: https://www.aumasson.jp/siphash/) -------------- */

static uint64_t rotate(uint64_t x, int bits) {
  return x << bits | x >> (64 - bits);
}

static inline void sip_round(uint64_t v[4]) {
  v[0] += v[1];
  v[2] += v[3];
  v[1] = rotate(v[1], 13) ^ v[0];
  v[3] = rotate(v[3], 16) ^ v[2];
  v[0] = rotate(v[0], 32);
  v[2] += v[1];
  v[0] += v[3];
  v[1] = rotate(v[1], 17) ^ v[2];
  v[3] = rotate(v[3], 21) ^ v[0];
  v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word) {
  v[3] ^= word;
  sip_round(v);
  v[0] ^= word;
}

/* The bytes behind the last whole word. Not copied one by one if there is a
 * word before them: what has been written in parts takes long to read as a
 * whole. */
static uint64_t last_word(const unsigned char *at, size_t len, size_t rest) {
  uint64_t word = 0;
  if (rest > 0 && len > sizeof(word)) {
    memcpy(&word, at + rest - sizeof(word), sizeof(word));
    return le64toh(word) >> (sizeof(word) - rest) * 8;
  }
  if (rest > 0) /* data may be NULL if there is none */
    memcpy(&word, at, rest);
  return le64toh(word);
}

uint64_t text_hash(const void *data, size_t len, uint64_t seed) {
  const unsigned char *at = data;
  uint64_t v[4] = {
      seed ^ UINT64_C(0x736f6d6570736575), UINT64_C(0x646f72616e646f6d),
      seed ^ UINT64_C(0x6c7967656e657261), UINT64_C(0x7465646279746573)};
  uint64_t word;
  for (size_t left = len; left >= sizeof(word); left -= sizeof(word)) {
    memcpy(&word, at, sizeof(word));
    sip_word(v, le64toh(word));
    at += sizeof(word);
  }
  sip_word(v, (uint64_t)len << 56 | last_word(at, len, len % sizeof(word)));
  v[2] ^= 0xff;
  for (int i = 0; i < 3; i++)
    sip_round(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static uint64_t seed;

static void make_seed(void) {
  if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
    seed = (uint64_t)time(NULL) ^ (uint64_t)getpid() << 32;
}

uint64_t text_seed(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_seed);
  return seed;
}

static const bool in_identifier[256] = {
    ['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true,
    ['.'] = true,         ['_'] = true,         [':'] = true,
    ['@'] = true,         ['-'] = true,
};

void text_identifier(char *dst, size_t size, const char *src) {
  const size_t tail = 17; /* "-" and 16 digits */
  size_t len = strlen(src);
  size_t keep = len < size ? len : size - 1 - tail;
  for (size_t i = 0; i < keep; i++)
    dst[i] = (char)(in_identifier[(unsigned char)src[i]] ? src[i] : '_');
  if (src[0] == '.')
    dst[0] = '_';
  dst[keep] = '\0';
  if (len >= size)
    snprintf(dst + keep, size - keep, "-%016llx",
             (unsigned long long)text_hash(src, len, 0));
}

uint64_t text_identifier_hash(const char *text, uint64_t before) {
  char crude[128];
  size_t n = 0, len = strlen(text);
  for (size_t i = 0; i < len; i++) {
    crude[n++] = (char)(text[i] == '.' || text[i] == ':' ? '_' : text[i]);
    if (n < sizeof(crude) && i + 1 < len)
      continue;
    before = text_hash(crude, n, before);
    n = 0;
  }
  return text_hash("", 1, before); /* fields end somewhere */
}

/* The length of the UTF-8 character at `s`, 0 if there is none. */
static size_t utf8_char(const unsigned char *s) {
  if (s[0] < 0x80)
    return 1;
  size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
  if (s[0] < 0xc2 || s[0] > 0xf4)
    return 0;
  for (size_t i = 1; i < n; i++) /* a NUL ends this too */
    if ((s[i] & 0xc0) != 0x80)
      return 0;
  bool overlong =
      (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
  bool surrogate = s[0] == 0xed && s[1] > 0x9f;
  bool beyond = s[0] == 0xf4 && s[1] > 0x8f;
  return overlong || surrogate || beyond ? 0 : n;
}

bool text_is_utf8(const char *text) {
  const unsigned char *s = (const unsigned char *)text;
  size_t n = 1;
  for (; *s != '\0' && n > 0; s += n)
    n = utf8_char(s);
  return n > 0;
}

size_t text_meta(char *dst, size_t size, const char *src) {
  size_t out = 0;
  const unsigned char *s = (const unsigned char *)src;
  for (;;) {
    while (*s >= 0x20 && *s < 0x7f && out + 1 < size)
      dst[out++] = (char)*s++;
    size_t n = *s >= 0x80 ? utf8_char(s) : 0;
    if (*s == '\0' || out + (n > 0 ? n : 1) >= size)
      break;
    if (n == 0) {
      dst[out++] = '?';
      s++;
    }
    for (; n > 0; n--)
      dst[out++] = (char)*s++;
  }
  dst[out] = '\0';
  return out;
}

/* What most numbers are: up to 15 digits, which a double holds exactly, and
 * perhaps a sign. strtod() takes ten times as long. */
static bool short_number(const char *text, double *ret) {
  bool below = text[0] == '-';
  const char *digits = text + below;
  uint64_t number = 0;
  size_t n = 0;
  for (; n < 16 && digits[n] >= '0' && digits[n] <= '9'; n++)
    number = number * 10 + (uint64_t)(digits[n] - '0');
  if (n == 0 || n == 16 || digits[n] != '\0')
    return false;
  *ret = below ? -(double)number : (double)number;
  return true;
}

bool text_number(const char *text, double *ret) {
  if (short_number(text, ret))
    return true;
  /* strtod also takes blanks, hexadecimal, "inf" and "nan": not numbers in
   * JSON, and a pool's "infinite" must not become one. */
  if (text[strspn(text, "0123456789+-.eE")] != '\0')
    return false;
  char *end = NULL;
  double number = strtod(text, &end);
  if (*end != '\0' || end == text || !isfinite(number))
    return false;
  *ret = number;
  return true;
}

/* "+05:30", "+0530" or "+05", in seconds east of Greenwich. */
static bool read_offset(const char *text, long *ret) {
  char digits[5] = "";
  size_t n = 0;
  for (const char *c = text + 1; *c != '\0'; c++) {
    if (*c == ':' && n == 2)
      continue;
    if (*c < '0' || *c > '9' || n == 4)
      return false;
    digits[n++] = *c;
  }
  if ((text[0] != '+' && text[0] != '-') || (n != 2 && n != 4))
    return false;
  long number = strtol(digits, NULL, 10);
  long minutes = n == 2 ? number * 60 : number / 100 * 60 + number % 100;
  *ret = minutes * 60 * (text[0] == '-' ? -1 : 1);
  return true;
}

bool text_time(const char *text, double *ret) {
  struct tm tm = {0};
  const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
  if (rest == NULL)
    rest = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
  if (rest == NULL)
    return false;
  double fraction = 0;
  if (*rest == '.') {
    size_t digits = strspn(rest + 1, "0123456789");
    double scale = 0.1;
    for (size_t i = 1; i <= digits; i++, scale /= 10)
      fraction += (rest[i] - '0') * scale;
    rest += 1 + digits;
  }
  long offset = 0;
  bool utc = *rest == '\0' || strcmp(rest, "Z") == 0;
  if (!utc && !read_offset(rest, &offset))
    return false;
  *ret = (double)(timegm(&tm) - offset) + fraction;
  return true;
}

bool text_http_date(const char *text, double *ret) {
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  struct tm tm = {0};
  char month[4] = "", zone[4] = "";
  if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d %3s", &tm.tm_mday, month,
             &tm.tm_year, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, zone) != 7)
    return false;
  const char *at = strstr(months, month);
  if (strlen(month) != 3 || at == NULL || (at - months) % 3 != 0 ||
      strcmp(zone, "GMT") != 0)
    return false;
  tm.tm_mon = (int)(at - months) / 3;
  tm.tm_year -= 1900;
  *ret = (double)timegm(&tm);
  return true;
}

char *text_percent_to(char *out, const char *src) {
  static const char hex[] = "0123456789ABCDEF";
  for (const unsigned char *s = (const unsigned char *)src; *s != '\0'; s++) {
    bool unreserved = (*s < 0x80 && isalnum(*s)) || *s == '-' || *s == '.' ||
                      *s == '_' || *s == '~';
    if (unreserved) {
      *out++ = (char)*s;
      continue;
    }
    *out++ = '%';
    *out++ = hex[*s >> 4];
    *out++ = hex[*s & 15];
  }
  *out = '\0';
  return out;
}

char *text_percent(const char *src) {
  char *dst = malloc(strlen(src) * TEXT_PERCENT + 1);
  if (dst != NULL)
    text_percent_to(dst, src);
  return dst;
}

char *text_json(const char *src) {
  char *dst = malloc(strlen(src) * 6 + 3);
  if (dst == NULL)
    return NULL;
  char *out = dst;
  *out++ = '"';
  for (const unsigned char *s = (const unsigned char *)src; *s != '\0'; s++) {
    if (*s < 0x20) {
      snprintf(out, 7, "\\u%04x", *s);
      out += 6;
      continue;
    }
    if (*s == '"' || *s == '\\')
      *out++ = '\\';
    *out++ = (char)*s;
  }
  *out++ = '"';
  *out = '\0';
  return dst;
}

void text_one_line(char *dst, size_t size, const char *src, size_t len) {
  size_t out = 0;
  bool blank = true; /* none at the beginning */
  for (size_t i = 0; i < len && out + 1 < size; i++) {
    unsigned char c = (unsigned char)src[i];
    if (c <= 0x20 || c >= 0x7f) {
      if (!blank)
        dst[out++] = ' ';
      blank = true;
    } else {
      dst[out++] = (char)c;
      blank = false;
    }
  }
  if (out > 0 && dst[out - 1] == ' ')
    out--;
  dst[out] = '\0';
}

static char lower_of(char c) {
  return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

void text_lower(char *dst, size_t size, const char *src) {
  size_t i = 0;
  for (; src[i] != '\0' && i + 1 < size; i++)
    dst[i] = lower_of(src[i]);
  dst[i] = '\0';
}

bool text_lowers_to(const char *text, const char *lower) {
  size_t i = 0;
  while (lower[i] != '\0' &&
         (text[i] == lower[i] || lower_of(text[i]) == lower[i]))
    i++;
  return text[i] == lower[i];
}

bool text_is_visible(const char *text) {
  size_t len = 0;
  while (text[len] > ' ' && text[len] < 0x7f)
    len++;
  return len > 0 && text[len] == '\0';
}

bool text_is_word(const char *text) {
  size_t len = strlen(text);
  for (size_t i = 0; i < len; i++)
    if (!isalpha((unsigned char)text[i]))
      return false;
  return len > 0;
}

unsigned text_similar(const char *pattern, const char *word) {
  const char *a = pattern, *b = word;
  enum { MOST = 64 };
  size_t na = strnlen(a, MOST), nb = strnlen(b, MOST);
  unsigned row[MOST + 1];
  for (size_t j = 0; j <= nb; j++)
    row[j] = (unsigned)j;
  for (size_t i = 1; i <= na; i++) {
    unsigned diagonal = row[0];
    bool any = a[i - 1] == '*';
    row[0] += any ? 0 : 1;
    for (size_t j = 1; j <= nb; j++) {
      unsigned above = row[j];
      bool same = a[i - 1] == '?' || strncasecmp(&a[i - 1], &b[j - 1], 1) == 0;
      unsigned skip = any ? 0 : 1;
      unsigned best = diagonal + (same || any ? 0 : 1);
      if (above + skip < best)
        best = above + skip;
      if (row[j - 1] + skip < best)
        best = row[j - 1] + skip;
      row[j] = best;
      diagonal = above;
    }
  }
  return row[nb];
}

bool text_match(const char *pattern, const char *name) {
  const char *star = NULL, *resume = NULL;
  while (*name != '\0') {
    if (*pattern == '*') {
      star = pattern++;
      resume = name;
    } else if (*pattern == '?' || *pattern == *name) {
      pattern++;
      name++;
    } else if (star != NULL) {
      pattern = star + 1;
      name = ++resume;
    } else {
      return false;
    }
  }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

bool text_chosen(const struct text_list *patterns, const char *name,
                 const char *other) {
  bool chosen = patterns->n == 0 || patterns->items[0][0] == '!';
  for (size_t i = 0; i < patterns->n; i++) {
    bool without = patterns->items[i][0] == '!';
    const char *pattern = patterns->items[i] + (without ? 1 : 0);
    if (text_match(pattern, name) ||
        (other != NULL && text_match(pattern, other)))
      chosen = !without;
  }
  return chosen;
}
