#include "meter/name_format.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Longer than any identifier: what does not fit is hashed with the rest. */
#define JOINED 4096

static const char blanks[] = " \t";

static const char *const words[NAME_WORDS] = {
    [NAME_CLOUD] = "cloud",
    [NAME_REGION] = "region",
    [NAME_METER] = "meter",
    [NAME_ID] = "id",
    [NAME_NAME] = "name",
    [NAME_PROJECT] = "project",
    [NAME_PROJECT_NAME] = "project_name",
    [NAME_DOMAIN_NAME] = "domain_name",
    [NAME_USER] = "user",
    [NAME_RESOURCE_TYPE] = "resource_type",
    [NAME_OWNER] = "{@owner}",
    [NAME_OWNER_NAME] = "{@owner_name}",
};

static int unknown_word(const char *word, int len, struct error *err) {
  char all[200] = "";
  for (size_t i = 0; i < NAME_WORDS; i++)
    text_join(all, sizeof(all), ", ", words[i]);
  return error_set(err, ERROR_CONFIG,
                   "no such word: \"%.*s\"; the words are %s, {field}",
                   len < 100 ? len : 100, word, all);
}

static bool is_word(const char *known, const char *word, size_t len) {
  return strlen(known) == len && strncasecmp(known, word, len) == 0;
}

/* Which word it is; NAME_WORDS: none. */
static enum name_word find_word(const char *word, size_t len) {
  enum name_word i = 0;
  if (is_word("{@project}", word, len)) /* as in an id */
    return NAME_PROJECT;
  while (i < NAME_WORDS && !is_word(words[i], word, len))
    i++;
  return i;
}

/* "{path}"; `len` is that of the whole. */
static int add_field(struct name_format *format, const char *word, size_t len,
                     struct error *err) {
  if (format->nfields == NAME_FORMAT_FIELDS)
    return error_set(err, ERROR_CONFIG, "more than %d fields",
                     NAME_FORMAT_FIELDS);
  if (len < 3 || len - 2 >= NAME_FIELD_TEXT)
    return error_set(err, ERROR_CONFIG, "a field has 1 to %d bytes",
                     NAME_FIELD_TEXT - 1);
  memcpy(format->fields[format->nfields], word + 1, len - 2);
  format->words[format->n++] = (enum name_word)(NAME_FIELD + format->nfields++);
  return 0;
}

static int add_word(struct name_format *format, const char *word, size_t len,
                    struct error *err) {
  enum name_word known = find_word(word, len);
  if (format->n == NAME_FORMAT_WORDS)
    return error_set(err, ERROR_CONFIG, "more than %d words",
                     NAME_FORMAT_WORDS);
  if (known == NAME_WORDS)
    return *word == '{' ? add_field(format, word, len, err)
                        : unknown_word(word, (int)len, err);
  format->words[format->n++] = known;
  return 0;
}

/* The length of a word. In quotes inside of braces anything is a name's. */
static size_t word_length(const char *word) {
  bool quoted = false;
  if (word[0] != '{')
    return strcspn(word, blanks);
  for (size_t i = 1; word[i] != '\0'; i++) {
    if (word[i] == '"')
      quoted = !quoted;
    if (!quoted && word[i] == '}')
      return i + 1;
  }
  return 0;
}

int name_format_read(const char *text, struct name_format *ret,
                     struct error *err) {
  *ret = (struct name_format){.n = 0};
  for (text += strspn(text, blanks); *text != '\0';
       text += strspn(text, blanks)) {
    size_t len = word_length(text);
    if (len == 0)
      return error_set(err, ERROR_CONFIG, "a brace that does not close");
    if (strcspn(text + len, blanks) > 0)
      return error_set(err, ERROR_CONFIG, "no blank behind \"}\"");
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

bool name_format_is(const struct name_format *format, enum name_word word) {
  return format->n == 1 && format->words[0] == word;
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
