/* liboconfig's trees, from text: the part of its grammar that we use. */
#include "daemon.h"

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

static oconfig_value_t to_value(char *token, bool quoted) {
  static const char *const yes[] = {"true", "yes", "on", NULL};
  static const char *const no[] = {"false", "no", "off", NULL};
  oconfig_value_t value = {.type = OCONFIG_TYPE_STRING};
  char *end = NULL;
  double number = strtod(token, &end);
  value.value.string = token;
  if (quoted)
    return value;
  if (is_word(token, yes) || is_word(token, no)) {
    value.type = OCONFIG_TYPE_BOOLEAN;
    value.value.boolean = is_word(token, yes);
    free(token);
  } else if (*end == '\0') {
    value.type = OCONFIG_TYPE_NUMBER;
    value.value.number = number;
    free(token);
  }
  return value;
}

static void read_values(oconfig_item_t *item, const char *at) {
  bool quoted;
  char *token;
  while ((token = read_token(&at, &quoted)) != NULL) {
    item->values = realloc(item->values, (size_t)(item->values_num + 1) *
                                             sizeof(*item->values));
    item->values[item->values_num++] = to_value(token, quoted);
  }
}

static oconfig_item_t *add_child(oconfig_item_t *parent, const char *line) {
  bool quoted;
  parent->children =
      realloc(parent->children,
              (size_t)(parent->children_num + 1) * sizeof(*parent->children));
  oconfig_item_t *item = &parent->children[parent->children_num++];
  char *key = read_token(&line, &quoted);
  *item = (oconfig_item_t){.key = key != NULL ? key : strdup("")};
  read_values(item, line);
  return item;
}

/* Reads lines into `parent` up to its end tag. */
static const char *read_block(oconfig_item_t *parent, const char *text) {
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

/* The children's places are final only now. */
static void set_parents(oconfig_item_t *item) {
  for (int i = 0; i < item->children_num; i++) {
    item->children[i].parent = item;
    set_parents(&item->children[i]);
  }
}

oconfig_item_t *stub_parse(const char *text) {
  oconfig_item_t *root = calloc(1, sizeof(*root));
  read_block(root, text);
  set_parents(root);
  return root;
}

static void clear(oconfig_item_t *item) {
  for (int i = 0; i < item->values_num; i++)
    if (item->values[i].type == OCONFIG_TYPE_STRING)
      free(item->values[i].value.string);
  for (int i = 0; i < item->children_num; i++)
    clear(&item->children[i]);
  free(item->values);
  free(item->children);
  free(item->key);
}

void stub_parse_free(oconfig_item_t *root) {
  clear(root);
  free(root);
}
