#include "command/ears.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ears *ears;

void ears_open(const struct ears *who) { ears = who; }

void host_log(enum host_level level, const char *line) {
  if (ears != NULL && ears->line != NULL)
    ears->line(ears->arg, level, line);
  else if (level != LEVEL_INFO)
    fprintf(stderr, "collectd-openstack: %s\n", line);
}

const char *host_name(void) { return "localhost"; }

/* ---- meta data ---------------------------------------------------------- */

struct host_meta {
  struct meta_texts texts;
};

const struct meta_texts *meta_texts(const struct host_meta *meta) {
  static const struct meta_texts none;
  return meta != NULL ? &meta->texts : &none;
}

struct host_meta *host_meta_new(void) {
  return calloc(1, sizeof(struct host_meta));
}

void host_meta_add(struct host_meta *meta, const char *key, const char *text) {
  struct meta_texts *texts = &meta->texts;
  struct meta_text *grown =
      realloc(texts->items, (texts->n + 1) * sizeof(*grown));
  if (grown == NULL)
    return;
  texts->items = grown;
  grown[texts->n] =
      (struct meta_text){.key = strdup(key), .text = strdup(text)};
  texts->n++;
}

void host_meta_free(struct host_meta *meta) {
  if (meta == NULL)
    return;
  for (size_t i = 0; i < meta->texts.n; i++) {
    free(meta->texts.items[i].key);
    free(meta->texts.items[i].text);
  }
  free(meta->texts.items);
  free(meta);
}

/* ---- values ------------------------------------------------------------- */

/* Without types.db no kind is known but the usual one. */
bool host_fits(enum value_kind kind, double number) {
  (void)kind;
  (void)number;
  return true;
}

void host_send(const struct host_value *value) {
  if (ears != NULL && ears->value != NULL)
    ears->value(ears->arg, value);
}
