#include "command/conf_copy.h"

#include "base/secret.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void conf_copy_clear(struct conf_copy *copy) {
  config_tree_clear(&copy->blocks);
  for (size_t i = 0; i < copy->nlines; i++) {
    free(copy->lines[i].block);
    for (size_t j = 0; j < copy->lines[i].nvalues; j++)
      secret_free(copy->lines[i].values[j]);
    free(copy->lines[i].values);
  }
  free(copy->lines);
  *copy = (struct conf_copy){.nlines = 0};
}

static char *value_text(const struct config_value *value) {
  switch (value->kind) {
  case CONFIG_NUMBER:
    return text_printf("%.15g", value->number);
  case CONFIG_BOOLEAN:
    return strdup(value->boolean ? "true" : "false");
  default:
    return strdup(value->text);
  }
}

void conf_copy_option(void *arg, const struct option_block *block,
                      const struct option *option,
                      const struct config_item *item) {
  struct conf_copy *copy = arg;
  struct conf_line *grown =
      realloc(copy->lines, (copy->nlines + 1) * sizeof(*grown));
  if (grown == NULL) {
    copy->lost = true;
    return;
  }
  copy->lines = grown;
  struct conf_line *line = &grown[copy->nlines++];
  *line = (struct conf_line){.block = strdup(block->name),
                             .option = option,
                             .quoted = item->values[0].kind == CONFIG_TEXT,
                             .values = calloc(item->nvalues, sizeof(char *))};
  copy->lost = copy->lost || line->block == NULL || line->values == NULL;
  for (size_t i = 0; line->values != NULL && i < item->nvalues; i++) {
    line->values[i] = value_text(&item->values[i]);
    copy->lost = copy->lost || line->values[i] == NULL;
    line->nvalues++;
  }
}

void conf_copy_blocks(struct conf_copy *copy, struct config_item *blocks,
                      int64_t interval_ms) {
  copy->blocks = *blocks;
  copy->interval_ms = interval_ms;
  *blocks = (struct config_item){.nchildren = 0};
}

/* ---- lines ----------------------------------------------------------------
 */

static void put_quoted(FILE *out, const char *text) {
  fputs(" \"", out);
  for (; text != NULL && *text != '\0'; text++) {
    if (*text == '"' || *text == '\\')
      fputc('\\', out);
    fputc(*text, out);
  }
  fputc('"', out);
}

static void put_text(FILE *out, const struct scrub *scrub, const char *text) {
  char *other = text != NULL ? scrub_text(scrub, text, strlen(text)) : NULL;
  put_quoted(out, other);
  free(other);
}

/* All of it, where its name is that of a secret. */
static void put_header(FILE *out, const struct scrub *scrub, const char *line) {
  char *other = line != NULL ? scrub_header(scrub, line) : NULL;
  put_quoted(out, other);
  free(other);
}

static void indent(FILE *out, int depth) { fprintf(out, "%*s", 2 * depth, ""); }

/* A block of the operator's as it is, but for secrets: it names meters, fields
 * and paths. */
static void put_item(FILE *out, const struct scrub *scrub,
                     const struct config_item *item, int depth) {
  const struct scrub names_stay = {.secrets = scrub->secrets};
  bool block = item->nchildren > 0;
  indent(out, depth);
  fprintf(out, "%s%s", block ? "<" : "", item->key);
  if (!block && scrub_is_secret(item->key)) {
    fputs(" \"" SCRUBBED "\"\n", out);
    return;
  }
  for (size_t i = 0; i < item->nvalues; i++) {
    char *text = value_text(&item->values[i]);
    if (strcasecmp(item->key, "Header") == 0)
      put_header(out, &names_stay, text);
    else if (item->values[i].kind == CONFIG_TEXT)
      put_text(out, &names_stay, text);
    else
      fprintf(out, " %s", text != NULL ? text : "");
    free(text);
  }
  fputs(block ? ">\n" : "\n", out);
  for (size_t i = 0; i < item->nchildren; i++)
    put_item(out, scrub, &item->children[i], depth + 1);
  if (!block)
    return;
  indent(out, depth);
  fprintf(out, "</%s>\n", item->key);
}

static bool is_named(const struct option *option) {
  static const enum option_kind kinds[] = {OPTION_TEXT, OPTION_URL, OPTION_LIST,
                                           OPTION_SET};
  for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
    if (option->kind == kinds[i])
      return strcmp(option->key, "Meter") != 0;
  return false;
}

static void put_line(FILE *out, const char *key, const char *value) {
  indent(out, 2);
  fputs(key, out);
  put_quoted(out, value);
  fputc('\n', out);
}

static bool is_pattern(const struct option *option) {
  return strcmp(option->key, "Project") == 0 ||
         strcmp(option->key, "Domain") == 0;
}

/* Instead of a pattern, which fits no disguise, all that it matched. */
static void put_pattern(FILE *out, const struct scrub *scrub,
                        const struct conf_line *line) {
  const char *pattern = line->values[0];
  const char *not = pattern[0] == '!' ? "!" : "";
  const struct text_list *words =
      disguise_matched(scrub->disguise, pattern + strlen(not ));
  bool all = strcmp(pattern + strlen(not ), "*") == 0;
  for (size_t i = 0; !all && words != NULL && i < words->n; i++) {
    char *word = text_printf("%s%s", not, words->items[i]);
    put_line(out, line->option->key, word != NULL ? word : "");
    free(word);
  }
  if (!all && words != NULL && words->n > 0)
    return;
  char *other = disguise_pattern(scrub->disguise, pattern + strlen(not ));
  char *word = text_printf("%s%s", not, other != NULL ? other : "");
  put_line(out, line->option->key, word != NULL ? word : "");
  free(word);
  free(other);
}

/* A file's secret is one that was given. */
static void put_secret(FILE *out, const char *key) {
  size_t len = strlen(key);
  bool file = len > 4 && strcmp(key + len - 4, "File") == 0;
  indent(out, 2);
  fprintf(out, "%.*s \"%s\"\n", (int)(file ? len - 4 : len), key, SCRUBBED);
}

static void put_values(FILE *out, const struct scrub *scrub,
                       const struct conf_line *line) {
  indent(out, 2);
  fputs(line->option->key, out);
  for (size_t i = 0; i < line->nvalues; i++) {
    const char *value = line->values[i];
    bool url = line->option->kind == OPTION_URLS && i == 1;
    char *other = url || is_named(line->option)
                      ? scrub_text(scrub, value, strlen(value))
                      : strdup(value);
    if (line->quoted || i > 0)
      put_quoted(out, other);
    else
      fprintf(out, " %s", other != NULL ? other : "");
    free(other);
  }
  fputc('\n', out);
}

static void put_option(FILE *out, const struct scrub *scrub,
                       const struct conf_line *line) {
  const struct option *option = line->option;
  if (option->kind == OPTION_FILE || strcmp(option->key, "OSCloud") == 0)
    return;
  if (option->kind == OPTION_SECRET || option->kind == OPTION_SECRET_FILE ||
      scrub_is_secret(option->key))
    put_secret(out, option->key);
  else if (is_pattern(option) && scrub->disguise != NULL)
    put_pattern(out, scrub, line);
  else
    put_values(out, scrub, line);
}

/* ---- blocks ---------------------------------------------------------------
 */

static void put_cloud(const struct conf_copy *copy, const struct scrub *scrub,
                      const struct config_item *cloud, FILE *out) {
  char title[200];
  const char *name = cloud->values[0].text;
  char *other = scrub_text(scrub, name, strlen(name));
  snprintf(title, sizeof(title), "<Cloud \"%s\">", name);
  fputs("  <Cloud", out);
  put_quoted(out, other);
  fputs(">\n", out);
  free(other);
  for (size_t i = 0; i < copy->nlines; i++)
    if (strcmp(copy->lines[i].block, title) == 0)
      put_option(out, scrub, &copy->lines[i]);
  for (size_t i = 0; i < cloud->nchildren; i++)
    if (cloud->children[i].nchildren > 0 &&
        strcasecmp(cloud->children[i].key, "Share") != 0) /* no other daemon */
      put_item(out, scrub, &cloud->children[i], 2);
  fputs("  </Cloud>\n", out);
}

/* Behind another one of collectd's: one that repeats it counts as none. */
static void put_interval(FILE *out, double seconds) {
  if (seconds > 0)
    fprintf(out,
            "Interval %.15g\n"
            "<LoadPlugin openstack>\n  Interval %.15g\n</LoadPlugin>\n",
            2 * seconds, seconds);
}

int conf_copy_write(const struct conf_copy *copy, const struct scrub *scrub,
                    FILE *out) {
  if (copy->lost)
    return -1;
  put_interval(out, (double)copy->interval_ms / 1000);
  for (size_t i = 0; i < copy->blocks.nchildren; i++) {
    const struct config_item *block = &copy->blocks.children[i];
    fputs("<Plugin openstack>\n", out);
    for (size_t j = 0; j < block->nchildren; j++)
      if (strcasecmp(block->children[j].key, "Cloud") == 0)
        put_cloud(copy, scrub, &block->children[j], out);
      else
        put_item(out, scrub, &block->children[j], 1);
    fputs("</Plugin>\n", out);
  }
  return 0;
}

void conf_copy_patterns(const struct conf_copy *copy,
                        struct disguise *disguise) {
  for (size_t i = 0; i < copy->nlines; i++) {
    const struct conf_line *line = &copy->lines[i];
    const char *pattern = line->nvalues > 0 ? line->values[0] : NULL;
    if (is_pattern(line->option) && pattern != NULL)
      disguise_match(disguise, pattern + (pattern[0] == '!'));
  }
}
