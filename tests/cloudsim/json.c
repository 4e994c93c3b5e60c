/* Just enough JSON to read a request for a token. */
#include <stdlib.h>
#include <string.h>

#include "cloudsim.h"

enum { DEPTH = 32 };

static const char *skip_blank(const char *t) {
  return t + strspn(t, " \t\r\n");
}

/* From an opening quote to behind the closing one; NULL: there is none. */
static const char *skip_string(const char *t) {
  for (t++; *t != '"'; t++) {
    if (*t == '\\')
      t++;
    if (*t == '\0')
      return NULL;
  }
  return t + 1;
}

static const char *skip_value(const char *t, int depth);

static const char *skip_nest(const char *t, int depth) {
  char end = *t == '{' ? '}' : ']';
  bool names = *t == '{';

  t = skip_blank(t + 1);
  if (*t == end)
    return t + 1;
  for (;;) {
    if (names) {
      if (*t != '"' || (t = skip_string(t)) == NULL)
        return NULL;
      t = skip_blank(t);
      if (*t++ != ':')
        return NULL;
    }
    t = skip_value(skip_blank(t), depth + 1);
    if (t == NULL)
      return NULL;
    t = skip_blank(t);
    if (*t == end)
      return t + 1;
    if (*t++ != ',')
      return NULL;
    t = skip_blank(t);
  }
}

static const char *skip_value(const char *t, int depth) {
  size_t len;

  if (depth > DEPTH)
    return NULL;
  if (*t == '{' || *t == '[')
    return skip_nest(t, depth);
  if (*t == '"')
    return skip_string(t);
  len = strspn(t, "+-.0123456789abcdefghijklmnopqrstuvwxyzE");
  return len > 0 ? t + len : NULL;
}

bool json_valid(const char *text) {
  const char *end = skip_value(skip_blank(text), 0);
  return end != NULL && *skip_blank(end) == '\0';
}

/* The value of one member of the object at t. */
static const char *member(const char *t, const char *name, size_t len) {
  if (*t != '{')
    return NULL;
  t = skip_blank(t + 1);
  while (*t == '"') {
    const char *key = t + 1;
    bool same;

    if ((t = skip_string(t)) == NULL)
      return NULL;
    same = (size_t)(t - key - 1) == len && memcmp(key, name, len) == 0;
    t = skip_blank(t);
    if (*t++ != ':')
      return NULL;
    t = skip_blank(t);
    if (same)
      return t;
    if ((t = skip_value(t, 0)) == NULL)
      return NULL;
    t = skip_blank(t);
    if (*t == ',')
      t = skip_blank(t + 1);
  }
  return NULL;
}

const char *json_find(const char *text, const char *path) {
  const char *t = skip_blank(text);

  while (t != NULL && *path != '\0') {
    size_t len = strcspn(path, "/");
    t = member(t, path, len);
    path += len;
    path += *path == '/';
  }
  return t;
}

static size_t put_utf8(unsigned code, char *out) {
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  if (code < 0x800) {
    out[0] = (char)(0xc0 | code >> 6);
    out[1] = (char)(0x80 | (code & 0x3f));
    return 2;
  }
  out[0] = (char)(0xe0 | code >> 12);
  out[1] = (char)(0x80 | (code >> 6 & 0x3f));
  out[2] = (char)(0x80 | (code & 0x3f));
  return 3;
}

/* Reads one escape at *t (after the backslash); surrogates stay apart. */
static size_t unescape(const char **t, char *out) {
  static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
  const char *found;

  if (**t == 'u') {
    char digits[5] = {0};
    memcpy(digits, *t + 1, strnlen(*t + 1, 4));
    *t += 1 + strlen(digits);
    return put_utf8((unsigned)strtoul(digits, NULL, 16), out);
  }
  found = strchr(from, **t);
  out[0] = found != NULL ? to[found - from] : **t;
  (*t)++;
  return 1;
}

bool json_string(const char *text, const char *path, char *out, size_t size) {
  const char *t = json_find(text, path);
  size_t len = 0;

  if (t == NULL || *t != '"' || skip_string(t) == NULL)
    return false;
  for (t++; *t != '"';) {
    if (len + 4 > size)
      return false;
    if (*t == '\\') {
      t++;
      len += unescape(&t, out + len);
    } else {
      out[len++] = *t++;
    }
  }
  out[len] = '\0';
  return true;
}
