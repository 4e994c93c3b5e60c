/* Text that grows. After a failed allocation it stays as it is, and says so. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloudsim.h"

static bool reserve(struct buf *b, size_t more) {
  size_t cap = b->cap > 0 ? b->cap : 1024;
  char *data;

  if (b->failed)
    return false;
  if (b->len + more <= b->cap)
    return true;
  while (cap < b->len + more)
    cap *= 2;
  data = realloc(b->data, cap);
  if (data == NULL) {
    b->failed = true;
    return false;
  }
  b->data = data;
  b->cap = cap;
  return true;
}

void buf_add(struct buf *b, const char *data, size_t len) {
  if (!reserve(b, len + 1))
    return;
  memcpy(b->data + b->len, data, len);
  b->len += len;
  b->data[b->len] = '\0';
}

void buf_text(struct buf *b, const char *text) {
  buf_add(b, text, strlen(text));
}

void buf_number(struct buf *b, uint64_t number) {
  char digits[20];
  size_t at = sizeof(digits);

  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  buf_add(b, digits + at, sizeof(digits) - at);
}

void buf_format(struct buf *b, const char *format, ...) {
  va_list args;
  int len;

  va_start(args, format);
  len = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (len < 0 || !reserve(b, (size_t)len + 1))
    return;
  va_start(args, format);
  vsnprintf(b->data + b->len, (size_t)len + 1, format, args);
  va_end(args);
  b->len += (size_t)len;
}

void buf_json(struct buf *b, const char *text) {
  buf_add(b, "\"", 1);
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\')
      buf_format(b, "\\%c", *text);
    else if ((unsigned char)*text < 0x20)
      buf_format(b, "\\u%04x", (unsigned)*text);
    else
      buf_add(b, text, 1);
  }
  buf_add(b, "\"", 1);
}

void buf_word(struct buf *b, const char *text, size_t len) {
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c <= 0x20 || c == 0x7f || c == '%')
      buf_format(b, "%%%02X", c);
    else
      buf_add(b, text + i, 1);
  }
}

void buf_insert(struct buf *b, size_t at, const char *data, size_t len) {
  if (!reserve(b, len + 1))
    return;
  memmove(b->data + at + len, b->data + at, b->len - at);
  memcpy(b->data + at, data, len);
  b->len += len;
  b->data[b->len] = '\0';
}

void buf_clear(struct buf *b) {
  free(b->data);
  *b = (struct buf){0};
}
