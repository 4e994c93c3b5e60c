#include "option.h"

#include "log.h"
#include "secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A value as the operator wrote it. */
static void show_value(const oconfig_item_t *item, bool secret, char *dst,
                       size_t size) {
  dst[0] = '\0';
  if (secret && item->values_num > 0) {
    text_copy(dst, size, " (hidden)");
    return;
  }
  if (item->values_num < 1)
    return;
  const oconfig_value_t *value = &item->values[0];
  char line[200];
  switch (value->type) {
  case OCONFIG_TYPE_STRING:
    text_one_line(line, sizeof(line), value->value.string,
                  strlen(value->value.string));
    snprintf(dst, size, " \"%s\"", line);
    break;
  case OCONFIG_TYPE_NUMBER:
    snprintf(dst, size, " %.15g", value->value.number);
    break;
  case OCONFIG_TYPE_BOOLEAN:
    snprintf(dst, size, " %s", value->value.boolean ? "true" : "false");
    break;
  }
}

int option_wrong(const struct option_block *block, const oconfig_item_t *item,
                 bool secret, const char *format, ...) {
  char value[240], why[600];
  va_list ap;
  va_start(ap, format);
  vsnprintf(why, sizeof(why), format, ap);
  va_end(ap);
  show_value(item, secret, value, sizeof(value));
  log_error("config: %s: %.100s%s: %s", block->name, item->key, value, why);
  return -1;
}

int option_refuse(const struct option_block *block, const char *format, ...) {
  char why[700];
  va_list ap;
  va_start(ap, format);
  vsnprintf(why, sizeof(why), format, ap);
  va_end(ap);
  log_error("config: %s: %s", block->name, why);
  return -1;
}

static bool is_secret(const struct option *option) {
  return option->kind == OPTION_SECRET;
}

const char *option_string(const oconfig_item_t *item) {
  if (item->values_num != 1 || item->values[0].type != OCONFIG_TYPE_STRING)
    return NULL;
  return item->values[0].value.string;
}

static int take_string(const struct option_block *block,
                       const oconfig_item_t *item, bool secret, char **where) {
  const char *text = option_string(item);
  if (text == NULL)
    return option_wrong(block, item, secret, "expected one string in quotes");
  if (text[0] == '\0')
    return option_wrong(block, item, secret, "must not be empty");
  free(*where);
  *where = strdup(text);
  return *where != NULL ? 0
                        : option_wrong(block, item, secret, "out of memory");
}

static int take_file(const struct option_block *block,
                     const oconfig_item_t *item, bool secret_inside,
                     char **where) {
  struct stat file;
  if (take_string(block, item, false, where) != 0)
    return -1;
  if (access(*where, R_OK) != 0 || stat(*where, &file) != 0)
    return option_wrong(block, item, false, "cannot be read: %m");
  if (S_ISDIR(file.st_mode))
    return option_wrong(block, item, false, "is a directory");
  if (secret_inside && (file.st_mode & S_IROTH))
    log_warning("config: %s: %s \"%.200s\": everybody on this machine may read "
                "it; chmod 0600 or 0640",
                block->name, item->key, *where);
  return 0;
}

/* Unquoted, liboconfig has seen to it; quoted, it is as it is in other plugins.
 */
static int take_switch(const struct option_block *block,
                       const oconfig_item_t *item, bool *where) {
  static const char *const words[][3] = {{"false", "no", "off"},
                                         {"true", "yes", "on"}};
  const char *text = option_string(item);
  if (item->values_num == 1 && item->values[0].type == OCONFIG_TYPE_BOOLEAN) {
    *where = item->values[0].value.boolean != 0;
    return 0;
  }
  for (int i = 0; text != NULL && i < 6; i++) {
    if (strcasecmp(text, words[i / 3][i % 3]) == 0) {
      *where = i >= 3;
      return 0;
    }
  }
  return option_wrong(block, item, false, "expected true or false");
}

static int take_number(const struct option_block *block,
                       const oconfig_item_t *item, const struct option *option,
                       double *ret) {
  double number = 0;
  const char *text = option_string(item);
  bool is_number =
      item->values_num == 1 && item->values[0].type == OCONFIG_TYPE_NUMBER;
  if (is_number)
    number = item->values[0].value.number;
  else if (text == NULL || !text_number(text, &number))
    return option_wrong(block, item, false,
                        "expected a number from %.15g to %.15g", option->min,
                        option->max);
  if (!(number >= option->min && number <= option->max))
    return option_wrong(block, item, false, "must be from %.15g to %.15g",
                        option->min, option->max);
  if ((option->kind == OPTION_COUNT || option->kind == OPTION_MILLISECONDS) &&
      number != (double)(int64_t)number)
    return option_wrong(block, item, false, "expected a whole number");
  *ret = number;
  return 0;
}

static int take_word(const struct option_block *block,
                     const struct option *option, const oconfig_item_t *item,
                     void *where) {
  const char *text = option_string(item);
  char all[100] = "";
  size_t used = 0;
  for (int i = 0; option->words[i] != NULL; i++) {
    const char *word = option->words[i];
    if (text != NULL && strcasecmp(word, text) == 0) {
      if (option->kind == OPTION_WORD)
        *(const char **)where = word;
      else
        *(int *)where = i;
      return 0;
    }
    snprintf(all + used, sizeof(all) - used, "%s%s", i > 0 ? ", " : "", word);
    used = strlen(all);
  }
  return option_wrong(block, item, false, "expected one of %s", all);
}

static int take_more(const struct option_block *block,
                     const oconfig_item_t *item, struct text_list *list) {
  char *text = NULL;
  if (take_string(block, item, false, &text) != 0)
    return -1;
  if (!text_list_add(list, text)) {
    free(text);
    return option_wrong(block, item, false, "out of memory");
  }
  return 0;
}

static int take_pair(const struct option_block *block,
                     const oconfig_item_t *item, struct text_list *list) {
  for (int i = 0; i < 2; i++)
    if (item->values_num != 2 || item->values[i].type != OCONFIG_TYPE_STRING ||
        item->values[i].value.string[0] == '\0')
      return option_wrong(block, item, false, "expected two strings in quotes");
  char *text = text_printf("%s=%s", item->values[0].value.string,
                           item->values[1].value.string);
  if (text == NULL || !text_list_add(list, text)) {
    free(text);
    return option_wrong(block, item, false, "out of memory");
  }
  return 0;
}

static int take_numbers(const struct option_block *block,
                        const oconfig_item_t *item, const struct option *option,
                        struct number_list *list) {
  double number = 0;
  if (take_number(block, item, option, &number) != 0)
    return -1;
  double *grown = realloc(list->items, (list->n + 1) * sizeof(*grown));
  if (grown == NULL)
    return option_wrong(block, item, false, "out of memory");
  list->items = grown;
  grown[list->n++] = number;
  return 0;
}

static int take_state(const struct option_block *block,
                      const oconfig_item_t *item, struct state_list *list) {
  if (item->values_num != 2 || item->values[0].type != OCONFIG_TYPE_STRING ||
      item->values[1].type != OCONFIG_TYPE_NUMBER)
    return option_wrong(block, item, false,
                        "expected a string in quotes and a number");
  const char *text = item->values[0].value.string;
  if (text[0] == '\0')
    return option_wrong(block, item, false, "must not be empty");
  size_t size = strlen(text) + 1;
  struct state *grown = realloc(list->items, (list->n + 2) * sizeof(*grown));
  if (grown != NULL)
    list->items = grown;
  char *lower = grown == NULL ? NULL : malloc(size);
  if (lower == NULL)
    return option_wrong(block, item, false, "out of memory");
  text_lower(lower, size, text);
  grown[list->n++] =
      (struct state){.text = lower, .number = item->values[1].value.number};
  return 0;
}

/* Words in one string, or in several. */
static int take_format(const struct option_block *block,
                       const oconfig_item_t *item, struct name_format *where) {
  char words[400] = "";
  struct error err;
  for (int i = 0; i < item->values_num; i++) {
    size_t used = strlen(words);
    if (item->values[i].type != OCONFIG_TYPE_STRING)
      return option_wrong(block, item, false, "expected words in quotes");
    snprintf(words + used, sizeof(words) - used, "%s ",
             item->values[i].value.string);
  }
  return name_format_read(words, where, &err) == 0
             ? 0
             : option_wrong(block, item, false, "%s", err.text);
}

static int take_quantity(const struct option_block *block,
                         const oconfig_item_t *item,
                         const struct option *option, void *where) {
  double number = 0;
  if (take_number(block, item, option, &number) != 0)
    return -1;
  if (option->kind == OPTION_SECONDS)
    *(int64_t *)where = (int64_t)(number * 1000);
  else if (option->kind == OPTION_MILLISECONDS)
    *(int64_t *)where = (int64_t)number;
  else if (option->kind == OPTION_COUNT)
    *(size_t *)where = (size_t)number;
  else
    *(double *)where = number;
  return 0;
}

static int take_value(const struct option_block *block,
                      const struct option *option, const oconfig_item_t *item,
                      void *where) {
  switch (option->kind) {
  case OPTION_TEXT:
  case OPTION_SECRET:
    return take_string(block, item, is_secret(option), where);
  case OPTION_FILE:
  case OPTION_SECRET_FILE:
    return take_file(block, item, option->kind == OPTION_SECRET_FILE, where);
  case OPTION_SWITCH:
    return take_switch(block, item, where);
  case OPTION_SECONDS:
  case OPTION_MILLISECONDS:
  case OPTION_COUNT:
  case OPTION_NUMBER:
    return take_quantity(block, item, option, where);
  case OPTION_WORD:
  case OPTION_CHOICE:
    return take_word(block, option, item, where);
  case OPTION_FORMAT:
    return take_format(block, item, where);
  case OPTION_LIST:
    return take_more(block, item, where);
  case OPTION_PAIRS:
    return take_pair(block, item, where);
  case OPTION_NUMBERS:
    return take_numbers(block, item, option, where);
  case OPTION_STATES:
    return take_state(block, item, where);
  }
  return -1;
}

static int unknown_key(const struct option_block *block,
                       const oconfig_item_t *item) {
  const char *near = NULL;
  /* Further away is no typing error. */
  unsigned best = (unsigned)(strnlen(item->key, 9) + 1) / 3 + 1;
  for (size_t i = 0; i < block->noptions; i++) {
    unsigned distance = text_similar(block->options[i].key, item->key);
    if (distance < best) {
      best = distance;
      near = block->options[i].key;
    }
  }
  /* The value is not shown: it may be a secret behind a misspelt key. */
  return option_wrong(block, item, true, "no such option%s%s%s",
                      near != NULL ? "; did you mean " : "",
                      near != NULL ? near : "", near != NULL ? "?" : "");
}

int option_take(struct option_block *block, void *base,
                const oconfig_item_t *item) {
  for (size_t i = 0; i < block->noptions; i++) {
    const struct option *option = &block->options[i];
    if (strcasecmp(option->key, item->key) != 0)
      continue;
    bool secret = is_secret(option);
    uint64_t bit = UINT64_C(1) << i;
    if (item->children_num > 0)
      return option_wrong(block, item, secret, "is no block");
    if ((block->given & bit) != 0 && option->kind < OPTION_LIST)
      return option_wrong(block, item, secret, "given twice");
    block->given |= bit;
    return take_value(block, option, item, (char *)base + option->offset);
  }
  return unknown_key(block, item);
}

bool option_given(const struct option_block *block, const char *key) {
  for (size_t i = 0; i < block->noptions; i++)
    if (strcmp(block->options[i].key, key) == 0)
      return (block->given >> i & 1) != 0;
  return false;
}

static void clear_states(struct state_list *list) {
  for (size_t i = 0; i < list->n; i++)
    free((char *)list->items[i].text);
  free(list->items);
  *list = (struct state_list){0};
}

static void clear_text(char **text, bool secret) {
  if (secret)
    secret_free(*text);
  else
    free(*text);
  *text = NULL;
}

void options_clear(const struct option *options, size_t n, void *base) {
  for (size_t i = 0; i < n; i++) {
    void *where = (char *)base + options[i].offset;
    enum option_kind kind = options[i].kind;
    if (kind <= OPTION_FILE)
      clear_text(where, is_secret(&options[i]));
    else if (kind == OPTION_LIST || kind == OPTION_PAIRS)
      text_list_clear(where);
    else if (kind == OPTION_STATES)
      clear_states(where);
    if (kind == OPTION_NUMBERS) {
      free(((struct number_list *)where)->items);
      *(struct number_list *)where = (struct number_list){0};
    }
  }
}
