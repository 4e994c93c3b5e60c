/*
 * ears - the command as the host of the core
 *
 * Defines the functions of report/host.h: values and log lines go to whom the
 * subcommand names. Only one thread walks.
 */
#ifndef EARS_H
#define EARS_H

#include "report/host.h"

#include <stddef.h>

struct meta_text {
  char *key, *text;
};

/* The meta data of a value. */
struct meta_texts {
  struct meta_text *items;
  size_t n;
};
const struct meta_texts *meta_texts(const struct host_meta *meta);

struct ears {
  void (*value)(void *arg, const struct host_value *value); /* or NULL */
  /* NULL: to standard error, all but LEVEL_INFO. */
  void (*line)(void *arg, enum host_level level, const char *line);
  void *arg;
};

/* ears_open(ears): from now on; NULL: nobody takes values. `ears` must
 * outlive its use. */
void ears_open(const struct ears *ears);

#endif
