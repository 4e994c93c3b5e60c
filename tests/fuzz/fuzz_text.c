/* Any text: results end inside their buffers and are what text.h says. */
#include "base/base64.h"
#include "base/text.h"
#include "fuzz.h"
#include "net/extract.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_identifier(const char *text, size_t size) {
  char dst[160];
  memset(dst, '#', sizeof(dst));
  text_identifier(dst, size, text);
  CLAIM(strlen(dst) < size && dst[size] == '#');
  for (const char *c = dst; *c != '\0'; c++)
    CLAIM((*c >= '-' && *c <= ':') || (*c >= '@' && *c <= 'Z') || *c == '_' ||
          (*c >= 'a' && *c <= 'z') || *c == '~');
  CLAIM(strchr(dst, '/') == NULL);
}

static void check_meta(const char *text, size_t size) {
  char dst[160], again[160];
  memset(dst, '#', sizeof(dst));
  text_meta(dst, size, text);
  CLAIM(strlen(dst) < size && dst[size] == '#');
  for (const char *c = dst; *c != '\0'; c++)
    CLAIM((unsigned char)*c >= 0x20 && *c != 0x7f);
  text_meta(again, sizeof(again), dst); /* nothing bad is left */
  CLAIM(strcmp(dst, again) == 0);
}

static void check_numbers(const char *text) {
  double number = NAN;
  if (text_number(text, &number))
    CLAIM(isfinite(number) && text[strcspn(text, " \t\nxXnN")] == '\0');
  number = NAN;
  if (text_time(text, &number))
    CLAIM(isfinite(number));
}

static int same_text(void *arg, const struct cell *cells) {
  const char *text = arg;
  size_t len = strlen(text);
  CLAIM(cells[0].kind == CELL_STRING && cells[0].cut == (len >= CELL_TEXT));
  CLAIM(memcmp(cells[0].text, text, cells[0].len) == 0);
  CLAIM(cells[0].cut || cells[0].len == len);
  return 0;
}

/* What base64_encode() writes is read back; any other text is refused or short
 * enough. */
static void check_base64(const char *text) {
  size_t len = strlen(text), got = 0;
  char *coded = base64_encode(text, len), *plain = malloc(len + 1);
  CLAIM(coded != NULL && plain != NULL);
  if (base64_decode(text, plain, &got))
    CLAIM(len % 4 == 0 && got <= len / 4 * 3 && plain[got] == '\0');
  CLAIM(base64_decode(coded, coded, &got) && got == len);
  CLAIM(memcmp(coded, text, len) == 0);
  free(coded);
  free(plain);
}

/* What text_json() writes, a parser reads back. */
static void check_json(char *text) {
  static const struct extract_field field[] = {{.path = ""}};
  const struct extract_group group = {"", field, 1, same_text, NULL};
  struct error err = {0};
  struct extract *x = extract_new(&group, 1, text, &err);
  char *json = text_json(text);
  CLAIM(x != NULL && json != NULL && extract_begin(x, &err) == 0);
  CLAIM(extract_feed(x, json, strlen(json), &err) == 0);
  CLAIM(extract_finish(x, &err) == 0);
  extract_free(x);
  free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-._~%"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  char *text = malloc(size + 1), line[80];
  CLAIM(text != NULL);
  memcpy(text, data, size);
  text[size] = '\0';
  check_identifier(text, 32 + size % 100);
  check_meta(text, 1 + size % 150);
  check_numbers(text);
  check_json(text);
  check_base64(text);
  char *encoded = text_percent(text);
  CLAIM(encoded != NULL && encoded[strspn(encoded, plain)] == '\0');
  free(encoded);
  text_one_line(line, sizeof(line), text, size);
  CLAIM(strpbrk(line, "\r\n\t") == NULL && strlen(line) < sizeof(line));
  char *name = text + strcspn(text, "\n"); /* a pattern, and a name */
  if (*name != '\0')
    *name++ = '\0';
  CLAIM(!text_match(text, name) || strchr(text, '*') || strchr(text, '?') ||
        strcmp(text, name) == 0);
  if (strpbrk(text, "*?") == NULL && strpbrk(name, "*?") == NULL)
    CLAIM(text_similar(text, name) == text_similar(name, text));
  if (strlen(text) < 64 && strlen(name) < 64 && text_match(text, name))
    CLAIM(text_similar(text, name) == 0);
  free(text);
  return 0;
}
