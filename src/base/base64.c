#include "base/base64.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *data, size_t len) {
  const unsigned char *in = data;
  char *text = malloc((len + 2) / 3 * 4 + 1), *out = text;
  if (text == NULL)
    return NULL;
  for (size_t i = 0; i < len; i += 3) {
    size_t left = len - i;
    uint32_t three = (uint32_t)in[i] << 16 |
                     (left > 1 ? (uint32_t)in[i + 1] << 8 : 0) |
                     (left > 2 ? in[i + 2] : 0);
    *out++ = digits[three >> 18];
    *out++ = digits[three >> 12 & 63];
    *out++ = left > 1 ? digits[three >> 6 & 63] : '=';
    *out++ = left > 2 ? digits[three & 63] : '=';
  }
  *out = '\0';
  return text;
}

static int value_of(char digit) {
  const char *at = digit != '\0' ? strchr(digits, digit) : NULL;
  return at != NULL ? (int)(at - digits) : -1;
}

bool base64_decode(const char *text, char *dst, size_t *ret_len) {
  size_t len = strlen(text), n = 0;
  size_t padding =
      len >= 4 ? (text[len - 1] == '=') + (text[len - 2] == '=') : 0;
  uint32_t bits = 0;
  if (len % 4 != 0)
    return false;
  for (size_t i = 0; i < len - padding; i++) {
    int value = value_of(text[i]);
    if (value < 0)
      return false;
    bits = bits << 6 | (uint32_t)value;
    if (i % 4 > 0)
      dst[n++] = (char)(bits >> (6 - i % 4 * 2) & 0xff);
  }
  dst[n] = '\0';
  *ret_len = n;
  return true;
}
