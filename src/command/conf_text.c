#include "command/conf_text.h"

#include "command/conf_token.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parser {
  const char *file;
  const struct complaints *to;
  const char *counted, *line_begin; /* so far `line` has been counted */
  size_t line;
  struct token token;
  bool split; /* a text of several lines has been told of */
};

static size_t line_of(struct parser *p, const char *at) {
  for (; p->counted < at; p->counted++)
    if (*p->counted == '\n') {
      p->line++;
      p->line_begin = p->counted + 1;
    }
  return p->line;
}

static int wrong(struct parser *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int wrong(struct parser *p, const char *format, ...) {
  char why[300];
  va_list ap;
  va_start(ap, format);
  vsnprintf(why, sizeof(why), format, ap);
  va_end(ap);
  complain(p->to, COMPLAINT_WRONG, "%s, line %zu: %s", p->file,
           line_of(p, p->token.at), why);
  return -1;
}

static int no_memory(struct parser *p) { return wrong(p, "out of memory"); }

static void warn(struct parser *p, const char *why) {
  size_t line = line_of(p, p->token.at);
  complain(p->to, COMPLAINT_WARNING, "%s, line %zu, column %zu: %s", p->file,
           line, (size_t)(p->token.at - p->line_begin) + 1, why);
}

/* collectd's scanner prints these bytes and goes on. They may be a part of a
 * secret. */
static void warn_of_drop(struct parser *p) {
  warn(p, p->token.at[0] == '"'
              ? "no other quote closes this one: put the whole text in quotes"
              : "collectd drops what stands here: put the whole text in "
                "quotes");
}

/* It is allowed, and hardly meant. All texts behind a quote that is missing are
 * like that. */
static void warn_of_lines(struct parser *p) {
  const struct token *t = &p->token;
  const char *end = t->len > 0 ? memchr(t->at, '\n', t->len) : NULL;
  if (t->kind != TOKEN_QUOTED || p->split || end == NULL || end[-1] == '\\')
    return;
  warn(p, "a text in quotes goes on in the next line: is a quote missing?");
  p->split = true;
}

static void advance(struct parser *p) {
  bool told = false;
  do {
    p->token = conf_token_next(p->token.at + p->token.len);
    if (p->token.kind == TOKEN_DROPPED && !told)
      warn_of_drop(p);
    told = true;
  } while (p->token.kind == TOKEN_DROPPED);
  warn_of_lines(p);
}

/* ---- values ------------------------------------------------------------- */

/* What the quotes hold: a backslash and the byte behind it are that byte, and
 * one at the end of a line joins it with the next. */
static char *unquote(const struct token *token) {
  char *text = malloc(token->len), *to = text;
  const char *at = token->at + 1, *end = token->at + token->len - 1;
  while (text != NULL && at < end) {
    if (*at != '\\') {
      *to++ = *at++;
      continue;
    }
    at++;
    if (*at == '\n')
      at += 1 + strspn(at + 1, " \t\b");
    else
      *to++ = *at++;
  }
  if (text != NULL)
    *to = '\0';
  return text;
}

static char *copy_token(const struct token *token) {
  return strndup(token->at, token->len);
}

static bool is_value(enum token_kind kind) {
  return kind == TOKEN_BOOLEAN || kind == TOKEN_NUMBER ||
         kind == TOKEN_QUOTED || kind == TOKEN_WORD;
}

static bool read_value(const struct token *token, struct config_value *value) {
  switch (token->kind) {
  case TOKEN_BOOLEAN:
    value->kind = CONFIG_BOOLEAN;
    value->boolean = strchr("ty", token->at[0]) != NULL || token->at[1] == 'n';
    return true;
  case TOKEN_NUMBER:
    value->kind = CONFIG_NUMBER;
    value->number = strtod(token->at, NULL);
    return true;
  case TOKEN_QUOTED:
    value->text = unquote(token);
    return value->text != NULL;
  default:
    value->text = copy_token(token);
    return value->text != NULL;
  }
}

static int take_value(struct parser *p, struct config_item *item) {
  struct config_value *grown =
      realloc(item->values, (item->nvalues + 1) * sizeof(*grown));
  if (grown == NULL)
    return no_memory(p);
  item->values = grown;
  grown[item->nvalues] = (struct config_value){.kind = CONFIG_TEXT};
  if (!read_value(&p->token, &grown[item->nvalues]))
    return no_memory(p);
  item->nvalues++;
  advance(p);
  return 0;
}

static int take_values(struct parser *p, struct config_item *item) {
  while (is_value(p->token.kind))
    if (take_value(p, item) != 0)
      return -1;
  return 0;
}

/* ---- lines and blocks --------------------------------------------------- */

static int take_line_end(struct parser *p) {
  if (p->token.kind == TOKEN_END)
    return wrong(p, "the last line has no end: add a newline");
  if (p->token.kind != TOKEN_LINE)
    return wrong(p, "\"%.*s\" stands where the line should end",
                 (int)(p->token.len < 40 ? p->token.len : 40), p->token.at);
  advance(p);
  return 0;
}

static int take_key(struct parser *p, struct config_item *item) {
  if (p->token.kind != TOKEN_WORD)
    return wrong(p, "here stands no key: a word of letters, digits and _");
  item->key = copy_token(&p->token);
  advance(p);
  return item->key != NULL ? 0 : no_memory(p);
}

static int take_close(struct parser *p) {
  if (p->token.kind != TOKEN_CLOSE)
    return wrong(p, "a \">\" is missing");
  advance(p);
  return take_line_end(p);
}

int conf_tree_add(struct config_item *parent, struct config_item *child) {
  struct config_item *grown =
      realloc(parent->children, (parent->nchildren + 1) * sizeof(*grown));
  if (grown == NULL)
    return -1;
  parent->children = grown;
  grown[parent->nchildren++] = *child;
  *child = (struct config_item){0};
  return 0;
}

static int take_block_end(struct parser *p, const struct config_item *block) {
  struct config_item end = {0};
  advance(p); /* over the slash */
  int status = take_key(p, &end);
  if (status == 0 && block->key == NULL)
    status = wrong(p, "</%s> ends no block", end.key);
  else if (status == 0 && strcmp(end.key, block->key) != 0)
    status = wrong(p, "</%s> stands where </%s> should end the block", end.key,
                   block->key);
  config_tree_clear(&end);
  return status == 0 ? take_close(p) : -1;
}

static int take_statements(struct parser *p, struct config_item *block);

static int take_block(struct parser *p, struct config_item *item) {
  if (take_key(p, item) != 0 || take_values(p, item) != 0 || take_close(p) != 0)
    return -1;
  return take_statements(p, item);
}

static int take_option(struct parser *p, struct config_item *item) {
  if (take_key(p, item) != 0 || take_values(p, item) != 0)
    return -1;
  if (item->nvalues == 0)
    return wrong(p, "\"%s\" has no value", item->key);
  return take_line_end(p);
}

/* A block without values and lines is left out, as collectd does. */
static int add_item(struct parser *p, struct config_item *block,
                    struct config_item *item, int status) {
  bool empty = item->nvalues == 0 && item->nchildren == 0;
  if (status == 0 && !empty && conf_tree_add(block, item) != 0)
    status = no_memory(p);
  config_tree_clear(item);
  return status;
}

/* Up to the end of the block, or of the file. */
static int take_statements(struct parser *p, struct config_item *block) {
  for (;;) {
    struct config_item item = {0};
    if (p->token.kind == TOKEN_END)
      return block->key == NULL ? 0
                                : wrong(p, "<%s> is not closed", block->key);
    if (p->token.kind == TOKEN_LINE) {
      advance(p);
      continue;
    }
    bool is_block = p->token.kind == TOKEN_OPEN;
    if (is_block)
      advance(p);
    if (is_block && p->token.kind == TOKEN_SLASH)
      return take_block_end(p, block);
    int status = is_block ? take_block(p, &item) : take_option(p, &item);
    if (add_item(p, block, &item, status) != 0)
      return -1;
  }
}

int conf_text_parse(const char *file, const char *text,
                    const struct complaints *to, struct config_item *ret) {
  struct parser p = {.file = file,
                     .to = to,
                     .counted = text,
                     .line_begin = text,
                     .line = 1,
                     .token = {.at = text}};
  advance(&p);
  return take_statements(&p, ret);
}
