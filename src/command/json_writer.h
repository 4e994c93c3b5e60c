/*
 * json_writer - writes JSON to a file, token by token
 *
 * Numbers are written as they are given, so what json.h has read comes out as
 * it was, but for its blanks. (command/json.h is for standard output.)
 */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include "base/cell.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json_writer {
  FILE *out;
  bool lines;       /* each member on a line of its own */
  bool compact;     /* no blanks behind ',' and ':' */
  size_t margin;    /* blanks at the beginning of each line */
  size_t depth;     /* below 64 */
  uint64_t arrays;  /* bit n: the container that n others hold is an array */
  bool some, keyed; /* there is one before it in its container; its key is */
  size_t values;    /* at the root */
};

void json_writer_open(struct json_writer *writer, bool array);
void json_writer_close(struct json_writer *writer);
void json_writer_key(struct json_writer *writer, const char *text, size_t len);
void json_writer_scalar(struct json_writer *writer, enum cell_kind kind,
                        const char *text, size_t len);

/* A member of an object; a text that is NULL is null. */
void json_writer_text(struct json_writer *writer, const char *key,
                      const char *text);
void json_writer_number(struct json_writer *writer, const char *key,
                        double number);
/* An object or list as a member. */
void json_writer_open_in(struct json_writer *writer, const char *key,
                         bool array);

#endif
