#include "configuration.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_word(const char *word, const char *const *words) {
  for (; *words != NULL; words++)
    if (strcmp(word, *words) == 0)
      return true;
  return false;
}

/* A quoted text, whose \" and \\ are " and \; or a word. */
static char *read_token(const char **at, bool *quoted) {
  char token[4096];
  size_t len = 0;
  const char *s = *at + strspn(*at, " \t");
  *quoted = *s == '"';
  if (*quoted) {
    for (s++; *s != '"' && *s != '\0' && len < sizeof(token) - 1; s++) {
      if (*s == '\\' && s[1] != '\0')
        s++;
      token[len++] = *s;
    }
    s += *s == '"' ? 1 : 0;
  } else {
    for (; strchr(" \t\n>", *s) == NULL && len < sizeof(token) - 1; s++)
      token[len++] = *s;
  }
  token[len] = '\0';
  *at = s;
  return *quoted || len > 0 ? strdup(token) : NULL;
}

static struct config_value to_value(char *token, bool quoted) {
  static const char *const yes[] = {"true", "yes", "on", NULL};
  static const char *const no[] = {"false", "no", "off", NULL};
  struct config_value value = {.kind = CONFIG_TEXT};
  char *end = NULL;
  double number = strtod(token, &end);
  value.text = token;
  if (quoted)
    return value;
  if (is_word(token, yes) || is_word(token, no)) {
    value.kind = CONFIG_BOOLEAN;
    value.boolean = is_word(token, yes);
    value.text = NULL;
    free(token);
  } else if (*end == '\0') {
    value.kind = CONFIG_NUMBER;
    value.number = number;
    value.text = NULL;
    free(token);
  }
  return value;
}

static void read_values(struct config_item *item, const char *at) {
  bool quoted;
  char *token;
  while ((token = read_token(&at, &quoted)) != NULL) {
    item->values =
        realloc(item->values, (item->nvalues + 1) * sizeof(*item->values));
    item->values[item->nvalues++] = to_value(token, quoted);
  }
}

static struct config_item *add_child(struct config_item *parent,
                                     const char *line) {
  bool quoted;
  parent->children = realloc(parent->children, (parent->nchildren + 1) *
                                                   sizeof(*parent->children));
  struct config_item *item = &parent->children[parent->nchildren++];
  char *key = read_token(&line, &quoted);
  *item = (struct config_item){.key = key != NULL ? key : strdup("")};
  read_values(item, line);
  return item;
}

/* Reads lines into `parent` up to its end tag. */
static const char *read_block(struct config_item *parent, const char *text) {
  while (*text != '\0') {
    char line[4096];
    size_t len = strcspn(text, "\n");
    snprintf(line, sizeof(line), "%.*s", (int)len, text);
    text += len + (text[len] == '\n' ? 1 : 0);
    const char *at = line + strspn(line, " \t");
    if (strncmp(at, "</", 2) == 0)
      break;
    if (*at == '\0' || *at == '#')
      continue;
    if (*at == '<')
      text = read_block(add_child(parent, at + 1), text);
    else
      add_child(parent, at);
  }
  return text;
}

struct config_item *config_text(const char *text) {
  struct config_item *root = calloc(1, sizeof(*root));
  read_block(root, text);
  return root;
}

void config_text_free(struct config_item *root) {
  config_tree_clear(root);
  free(root);
}

/* ---- complaints ---------------------------------------------------------- */

static struct {
  enum complaint_kind kind;
  char *line;
} * lines;
static size_t nlines;

static void take(void *arg, enum complaint_kind kind, const char *line) {
  (void)arg;
  lines = realloc(lines, (nlines + 1) * sizeof(*lines));
  lines[nlines].kind = kind;
  lines[nlines++].line = strdup(line);
}

const struct complaints heard = {.take = take};

void heard_forget(void) {
  for (size_t i = 0; i < nlines; i++)
    free(lines[i].line);
  free(lines);
  lines = NULL;
  nlines = 0;
}

size_t heard_lines(void) { return nlines; }

const char *heard_line(size_t i, enum complaint_kind *ret) {
  if (i >= nlines)
    return "(no such line)";
  if (ret != NULL)
    *ret = lines[i].kind;
  return lines[i].line;
}

size_t heard_count(const char *pattern) {
  size_t n = 0;
  for (size_t i = 0; i < nlines; i++)
    n += fnmatch(pattern, lines[i].line, 0) == 0 ? 1 : 0;
  return n;
}
