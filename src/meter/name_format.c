#include "meter/name_format.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Longer than any identifier: what does not fit is hashed with the rest. */
#define JOINED 4096

static const char *const words[NAME_WORDS] = {
    [NAME_CLOUD] = "cloud",
    [NAME_REGION] = "region",
    [NAME_METER] = "meter",
    [NAME_ID] = "id",
    [NAME_NAME] = "name",
    [NAME_PROJECT] = "project",
    [NAME_PROJECT_NAME] = "project_name",
    [NAME_USER] = "user",
    [NAME_RESOURCE_TYPE] = "resource_type",
};

static int unknown_word(const char *word, int len, struct error *err) {
  char all[200] = "";
  for (size_t i = 0; i < NAME_WORDS; i++)
    text_join(all, sizeof(all), ", ", words[i]);
  return error_set(err, ERROR_CONFIG,
                   "no such word: \"%.*s\"; the words are %s",
                   len < 100 ? len : 100, word, all);
}

static int add_word(struct name_format *format, const char *word, size_t len,
                    struct error *err) {
  if (format->n == NAME_FORMAT_WORDS)
    return error_set(err, ERROR_CONFIG, "more than %d words",
                     NAME_FORMAT_WORDS);
  for (size_t i = 0; i < NAME_WORDS; i++) {
    if (strlen(words[i]) != len || strncasecmp(words[i], word, len) != 0)
      continue;
    format->words[format->n++] = (enum name_word)i;
    return 0;
  }
  return unknown_word(word, (int)len, err);
}

int name_format_read(const char *text, struct name_format *ret,
                     struct error *err) {
  static const char blanks[] = " \t";
  *ret = (struct name_format){.n = 0};
  for (;;) {
    text += strspn(text, blanks);
    size_t len = strcspn(text, blanks);
    if (len == 0)
      break;
    if (add_word(ret, text, len, err) != 0)
      return -1;
    text += len;
  }
  if (ret->n == 0)
    return error_set(err, ERROR_CONFIG, "there is no word in it");
  return 0;
}

bool name_format_has(const struct name_format *format, enum name_word word) {
  for (size_t i = 0; i < format->n; i++)
    if (format->words[i] == word)
      return true;
  return false;
}

void name_format_write(const struct name_format *format,
                       const struct name_values *values, char *dst,
                       size_t size) {
  char joined[JOINED];
  joined[0] = '\0';
  if (format->n == 1) { /* the usual case is not copied */
    const char *value = values->of[format->words[0]];
    text_identifier(dst, size, value != NULL ? value : "");
    return;
  }
  for (size_t i = 0; i < format->n; i++) {
    const char *value = values->of[format->words[i]];
    if (value != NULL && value[0] != '\0')
      text_join(joined, sizeof(joined), ":", value);
  }
  text_identifier(dst, size, joined);
}
