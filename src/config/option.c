#include "config/option.h"

#include "base/file.h"
#include "base/secret.h"
#include "config/complaint.h"
#include "meter/meter.h"
#include "meter/name_format.h"
#include "net/url.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value as the operator wrote it, but for what it may not tell. */
static void show_value(const struct config_item *item, bool secret, char *dst,
                       size_t size) {
  text_copy(dst, size, secret && item->nvalues > 0 ? " (hidden)" : "");
  if (secret || item->nvalues < 1)
    return;
  const struct config_value *value = &item->values[0];
  switch (value->kind) {
  case CONFIG_TEXT:
    complaint_text(value->text, dst, size);
    break;
  case CONFIG_NUMBER:
    snprintf(dst, size, " %.15g", value->number);
    break;
  case CONFIG_BOOLEAN:
    snprintf(dst, size, " %s", value->boolean ? "true" : "false");
    break;
  }
}

static void complain_of(const struct option_block *block,
                        enum complaint_kind kind,
                        const struct config_item *item, bool secret,
                        const char *why) {
  char value[240];
  show_value(item, secret, value, sizeof(value));
  bool here = block->file == NULL;
  complain(block->to, kind, "config: %s: %.200s%s%.140s%s: %s", block->name,
           here ? "" : block->file, here ? "" : ": ",
           here ? item->key : block->key, value, why);
}

int option_wrong(const struct option_block *block,
                 const struct config_item *item, bool secret,
                 const char *format, ...) {
  char why[600];
  va_list ap;
  va_start(ap, format);
  vsnprintf(why, sizeof(why), format, ap);
  va_end(ap);
  complain_of(block, COMPLAINT_WRONG, item, secret, why);
  return -1;
}

int option_refuse(const struct option_block *block, const char *format, ...) {
  char why[700];
  va_list ap;
  va_start(ap, format);
  vsnprintf(why, sizeof(why), format, ap);
  va_end(ap);
  complain(block->to, COMPLAINT_WRONG, "config: %s: %s", block->name, why);
  return -1;
}

int option_unknown(const struct option_block *block, const char *format, ...) {
  char why[700];
  va_list ap;
  va_start(ap, format);
  vsnprintf(why, sizeof(why), format, ap);
  va_end(ap);
  complain(block->to, COMPLAINT_UNKNOWN, "config: %s: %s", block->name, why);
  return -1;
}

const char *option_string(const struct config_item *item) {
  bool is_text = item->nvalues == 1 && item->values[0].kind == CONFIG_TEXT;
  return is_text ? item->values[0].text : NULL;
}

static int take_string(const struct option_block *block,
                       const struct option *option,
                       const struct config_item *item, void *where) {
  char **to = where;
  const char *text = option_string(item);
  bool secret = option->kind == OPTION_SECRET;
  if (text == NULL)
    return option_wrong(block, item, secret, "expected one string in quotes");
  if (text[0] == '\0')
    return option_wrong(block, item, secret, "must not be empty");
  if (!secret && strpbrk(text, "\r\n") != NULL)
    return option_wrong(block, item, false,
                        "goes on in the next line: is a quote missing?");
  secret_free(*to);
  *to = strdup(text);
  return *to != NULL ? 0 : option_wrong(block, item, secret, "out of memory");
}

/* A blank that came with copying, or the end of a YAML block, is part of it. */
static void warn_of_blank(const struct option_block *block,
                          const struct config_item *item, const char *secret) {
  const char *last = secret + strlen(secret) - 1;
  if (strchr(" \t\r\n", *last) != NULL || strchr(" \t", *secret) != NULL)
    complain_of(block, COMPLAINT_WARNING, item, true,
                "begins or ends with a blank, which is part of it");
}

/* It need not hold the secret yet: each login reads it. */
static void warn_of_file(const struct option_block *block,
                         const struct config_item *item, const char *path,
                         bool open_to_all) {
  char *secret = NULL;
  struct error err;
  if (open_to_all)
    complain_of(block, COMPLAINT_WARNING, item, false,
                "everybody on this machine may read it; chmod 0600 or 0640");
  if (secret_read(path, &secret, &err) != 0)
    complain_of(block, COMPLAINT_WARNING, item, false, err.text);
  else
    warn_of_blank(block, item, secret);
  secret_free(secret);
}

/* The daemon changes its folder, and some files are read again later. */
static int take_file(const struct option_block *block,
                     const struct option *option,
                     const struct config_item *item, void *where) {
  struct stat status;
  struct error err;
  if (take_string(block, option, item, where) != 0)
    return -1;
  const char *path = *(char **)where;
  if (path[0] != '/')
    return option_wrong(block, item, false,
                        "must be an absolute path: the daemon changes its "
                        "folder");
  if (block->to->alone)
    return option_wrong(block, item, false, "a recording names no file");
  FILE *file = file_open(path, &status, &err);
  if (file == NULL)
    return option_wrong(block, item, false, "%s", err.text);
  fclose(file);
  if (option->kind == OPTION_SECRET_FILE)
    warn_of_file(block, item, path, status.st_mode & S_IROTH);
  return 0;
}

/* liboconfig reads what is not quoted; other plugins take words in quotes. */
static int take_switch(const struct option_block *block,
                       const struct option *option,
                       const struct config_item *item, void *where) {
  bool *to = where;
  (void)option;
  static const char *const words[][3] = {{"false", "no", "off"},
                                         {"true", "yes", "on"}};
  const char *text = option_string(item);
  if (item->nvalues == 1 && item->values[0].kind == CONFIG_BOOLEAN) {
    *to = item->values[0].boolean != 0;
    return 0;
  }
  for (int i = 0; text != NULL && i < 6; i++)
    if (strcasecmp(text, words[i / 3][i % 3]) == 0) {
      *to = i >= 3;
      return 0;
    }
  return option_wrong(block, item, false, "expected true or false");
}

static int take_number(const struct option_block *block,
                       const struct option *option,
                       const struct config_item *item, double *ret) {
  double number = 0;
  const char *text = option_string(item);
  bool is_number = item->nvalues == 1 && item->values[0].kind == CONFIG_NUMBER;
  if (is_number)
    number = item->values[0].number;
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
                     const struct option *option,
                     const struct config_item *item, void *where) {
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

static int add_text(const struct option_block *block,
                    const struct config_item *item, struct text_list *list,
                    char *text) {
  if (text != NULL && text_list_add(list, text))
    return 0;
  free(text);
  return option_wrong(block, item, false, "out of memory");
}

/* Of what stands once, one more. */
static int check_new(const struct option_block *block,
                     const struct config_item *item,
                     const struct text_list *list, bool two) {
  if (two)
    return option_wrong(block, item, false, "given twice");
  if (list->n == OPTION_TEXTS)
    return option_wrong(block, item, false, "is one of more than %d",
                        OPTION_TEXTS);
  return 0;
}

static int take_more(const struct option_block *block,
                     const struct option *option,
                     const struct config_item *item, void *where) {
  struct text_list *list = where;
  const char *given = option_string(item);
  bool set = option->kind == OPTION_SET && given != NULL;
  char *text = NULL;
  if (set && check_new(block, item, list, text_list_has(list, given)) != 0)
    return -1;
  return take_string(block, option, item, &text) == 0
             ? add_text(block, item, list, text)
             : -1;
}

/* As the rows of meters/ have it: it points to a text of the block's. */
static int take_const(const struct option_block *block,
                      const struct option *option,
                      const struct config_item *item, void *where) {
  if (take_more(block, option, item, block->texts) != 0)
    return -1;
  *(const char **)where = block->texts->items[block->texts->n - 1];
  return 0;
}

static bool is_dash(char c) { return c == '-' || c == '_'; }

bool option_has_pair(const struct text_list *list, const char *first) {
  for (size_t i = 0; i < list->n; i++) {
    const char *a = list->items[i], *b = first;
    while (*b != '\0' && (*a == *b || (is_dash(*a) && is_dash(*b))))
      a++, b++;
    if (*b == '\0' && *a == '=')
      return true;
  }
  return false;
}

static int take_pair(const struct option_block *block,
                     const struct option *option,
                     const struct config_item *item, void *where) {
  struct text_list *list = where;
  for (int i = 0; i < 2; i++)
    if (item->nvalues != 2 || item->values[i].kind != CONFIG_TEXT ||
        item->values[i].text[0] == '\0' ||
        strpbrk(item->values[i].text, "\r\n") != NULL)
      return option_wrong(block, item, false, "expected two strings in quotes");
  const char *first = item->values[0].text;
  const char *second = item->values[1].text;
  char key[160];
  snprintf(key, sizeof(key), "%s \"%.100s\"", item->key, first);
  const struct config_item rest = {
      .key = key, .values = &item->values[1], .nvalues = 1};
  if (check_new(block, item, list, option_has_pair(list, first)) != 0)
    return -1;
  const char *wrong = option->kind == OPTION_URLS ? url_wrong(second) : NULL;
  if (wrong != NULL)
    return option_wrong(block, &rest, false, "%s", wrong);
  return add_text(block, item, list, text_printf("%s=%s", first, second));
}

static int take_numbers(const struct option_block *block,
                        const struct option *option,
                        const struct config_item *item, void *where) {
  struct number_list *list = where;
  double number = 0;
  if (take_number(block, option, item, &number) != 0)
    return -1;
  double *grown = realloc(list->items, (list->n + 1) * sizeof(*grown));
  if (grown == NULL)
    return option_wrong(block, item, false, "out of memory");
  list->items = grown;
  grown[list->n++] = number;
  return 0;
}

static int take_state(const struct option_block *block,
                      const struct option *option,
                      const struct config_item *item, void *where) {
  struct state_list *list = where;
  (void)option;
  if (item->nvalues != 2 || item->values[0].kind != CONFIG_TEXT ||
      item->values[1].kind != CONFIG_NUMBER)
    return option_wrong(block, item, false,
                        "expected a string in quotes and a number");
  const char *text = item->values[0].text;
  if (text[0] == '\0')
    return option_wrong(block, item, false, "must not be empty");
  char *lower = strdup(text);
  if (add_text(block, item, block->texts, lower) != 0)
    return -1;
  text_lower(lower, strlen(text) + 1, text);
  struct state *grown = realloc(list->items, (list->n + 2) * sizeof(*grown));
  if (grown == NULL)
    return option_wrong(block, item, false, "out of memory");
  list->items = grown;
  grown[list->n++] =
      (struct state){.text = lower, .number = item->values[1].number};
  return 0;
}

/* Words in one string, or in several. */
static int take_format(const struct option_block *block,
                       const struct option *option,
                       const struct config_item *item, void *where) {
  (void)option;
  char words[400] = "";
  struct error err;
  for (size_t i = 0; i < item->nvalues; i++) {
    size_t used = strlen(words);
    if (item->values[i].kind != CONFIG_TEXT)
      return option_wrong(block, item, false, "expected words in quotes");
    const char *more = item->values[i].text;
    if (strlen(more) + 2 > sizeof(words) - used)
      return option_wrong(block, item, false, "is too long");
    snprintf(words + used, sizeof(words) - used, "%s ", more);
  }
  return name_format_read(words, where, &err) == 0
             ? 0
             : option_wrong(block, item, false, "%s", err.text);
}

static int take_quantity(const struct option_block *block,
                         const struct option *option,
                         const struct config_item *item, void *where) {
  double number = 0;
  if (take_number(block, option, item, &number) != 0)
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

/* ---- kinds --------------------------------------------------------------- */

/* What is no secret may be wiped as well. */
static void clear_text(void *where) {
  secret_free(*(char **)where);
  *(char **)where = NULL;
}

static void clear_texts(void *where) { text_list_clear(where); }

static void clear_numbers(void *where) {
  struct number_list *list = where;
  free(list->items);
  *list = (struct number_list){0};
}

static void clear_states(void *where) {
  struct state_list *list = where;
  free(list->items);
  *list = (struct state_list){0};
}

static const struct {
  int (*take)(const struct option_block *block, const struct option *option,
              const struct config_item *item, void *where);
  void (*clear)(void *where); /* NULL: it owns nothing */
  bool repeats;               /* it may be given several times */
} kinds[] = {
    [OPTION_TEXT] = {take_string, clear_text, false},
    [OPTION_CONST_TEXT] = {take_const, NULL, false},
    [OPTION_URL] = {take_string, clear_text, false},
    [OPTION_SECRET] = {take_string, clear_text, false},
    [OPTION_SECRET_FILE] = {take_file, clear_text, false},
    [OPTION_FILE] = {take_file, clear_text, false},
    [OPTION_SWITCH] = {take_switch, NULL, false},
    [OPTION_SECONDS] = {take_quantity, NULL, false},
    [OPTION_MILLISECONDS] = {take_quantity, NULL, false},
    [OPTION_COUNT] = {take_quantity, NULL, false},
    [OPTION_NUMBER] = {take_quantity, NULL, false},
    [OPTION_WORD] = {take_word, NULL, false},
    [OPTION_CHOICE] = {take_word, NULL, false},
    [OPTION_FORMAT] = {take_format, NULL, false},
    [OPTION_LIST] = {take_more, clear_texts, true},
    [OPTION_SET] = {take_more, clear_texts, true},
    [OPTION_PAIRS] = {take_pair, clear_texts, true},
    [OPTION_URLS] = {take_pair, clear_texts, true},
    [OPTION_NUMBERS] = {take_numbers, clear_numbers, true},
    [OPTION_STATES] = {take_state, clear_states, true},
};

/* ---- lines --------------------------------------------------------------- */

static int unknown_key(const struct option_block *block,
                       const struct config_item *item) {
  const char *near = NULL;
  const char *place = block->place != NULL ? block->place(item->key) : NULL;
  if (place != NULL)
    return option_wrong(block, item, true, "belongs in %s", place);
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

/* JSON, URLs and collectd's identifiers are UTF-8; a path is only bytes. */
static const char *wrong_text(const struct option *option, const char *text) {
  if (text == NULL)
    return NULL;
  const char *wrong = option->kind == OPTION_URL ? url_wrong(text) : NULL;
  if (wrong != NULL)
    return wrong;
  if (kinds[option->kind].take != take_file && !text_is_utf8(text))
    return "is not UTF-8";
  return option->wrong != NULL ? option->wrong(text) : NULL;
}

static int take_row(struct option_block *block, void *base, size_t i,
                    const struct config_item *item) {
  const struct option *option = &block->options[i];
  bool secret = option->kind == OPTION_SECRET;
  if (item->nchildren > 0)
    return option_wrong(block, item, secret, "is an option, not a block");
  if ((block->given >> i & 1) != 0 && !kinds[option->kind].repeats)
    return option_wrong(block, item, secret, "given twice");
  block->given |= UINT64_C(1) << i;
  void *where = (char *)base + option->offset;
  if (kinds[option->kind].take(block, option, item, where) != 0)
    return -1;
  if (secret)
    warn_of_blank(block, item, *(char **)where);
  const char *wrong = wrong_text(option, option_string(item));
  if (wrong != NULL)
    return option_wrong(block, item, secret, "%s", wrong);
  if (block->to->option != NULL)
    block->to->option(block->to->arg, block, option, item);
  return 0;
}

int option_take(struct option_block *block, void *base,
                const struct config_item *item) {
  for (size_t i = 0; i < block->noptions; i++)
    if (strcasecmp(block->options[i].key, item->key) == 0)
      return take_row(block, base, i, item);
  return unknown_key(block, item);
}

bool option_given(const struct option_block *block, const char *key) {
  for (size_t i = 0; i < block->noptions; i++)
    if (strcmp(block->options[i].key, key) == 0)
      return (block->given >> i & 1) != 0;
  return false;
}

void options_clear(const struct option *options, size_t n, void *base) {
  for (size_t i = 0; i < n; i++)
    if (kinds[options[i].kind].clear != NULL)
      kinds[options[i].kind].clear((char *)base + options[i].offset);
}
