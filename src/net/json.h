/*
 * json - bytes in, what stands in them out, token by token
 *
 * The only module that knows yajl. It holds what a server could make large, the
 * nesting and the length of one token, and reads what is not JSON but what
 * Python's json module writes all the same: NaN, Infinity and -Infinity are
 * numbers that are none.
 *
 * It must not learn which tokens matter: extract.h.
 */
#ifndef JSON_H
#define JSON_H

#include "base/cell.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define JSON_DEPTH 64 /* of the answer; deeper is an error */
/* Input between two callbacks of the parser, at most: a longer token would be
 * scanned again with every piece that arrives (and is held in memory). */
#define JSON_TOKEN (1024 * 1024)

/* What is told. 1: go on; 0: give up; json_feed() then fails with `err`
 * untouched.
 */
struct json_events {
  int (*open)(void *arg, bool array);
  int (*close)(void *arg);
  int (*key)(void *arg, const char *text, size_t len);
  /* Texts are unescaped, and may hold NULs; numbers are as sent. */
  int (*scalar)(void *arg, enum cell_kind kind, const char *text, size_t len);
};

struct json;

/* json_new(events, arg): NULL without memory. Keeps `events`. One thread at a
 * time. */
struct json *json_new(const struct json_events *events, void *arg);
void json_free(struct json *json); /* NULL is fine */

/* json_begin(json, err): forget the last answer; a new one begins. */
int json_begin(struct json *json, struct error *err);

/* json_feed(json, data, len, err): more bytes. -1: not JSON, too deep or too
 * long a token (ERROR_PARSE, ERROR_LIMIT), memory, or given up. */
int json_feed(struct json *json, const void *data, size_t len,
              struct error *err);

/* json_finish(json): the answer has ended. False: ahead of its JSON. */
bool json_finish(struct json *json);

#endif
