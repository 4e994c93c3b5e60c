/*
 * json - JSON bytes in, tokens out
 *
 * The only module that knows yajl. It limits what a server could make large:
 * the nesting and the length of one token. It also reads what Python's json
 * module writes although it is not JSON: NaN, Infinity and -Infinity become
 * tokens of kind CELL_NUMBER that are no number.
 *
 * It must not learn which tokens matter: extract.h decides that.
 */
#ifndef JSON_H
#define JSON_H

#include "base/cell.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define JSON_DEPTH 64 /* of an answer; a deeper one is an error */
/* Bytes of input between two callbacks of the parser, at most: the parser would
 * hold a longer token in memory and scan it again with every piece that
 * arrives. */
#define JSON_TOKEN (1024 * 1024)

/* What a callback answers. Most of an answer is of no interest: what is skipped
 * costs next to nothing. */
enum json_verdict {
  JSON_STOP, /* give up: json_feed() fails with `err` untouched */
  JSON_GO_ON,
  JSON_SKIP, /* key: its value; open: all up to the container's end, which is
                not reported either */
};

struct json_events {
  enum json_verdict (*open)(void *arg, bool array);
  enum json_verdict (*close)(void *arg);
  enum json_verdict (*key)(void *arg, const char *text, size_t len);
  /* A text is unescaped and may hold NULs; a number is as sent. */
  enum json_verdict (*scalar)(void *arg, enum cell_kind kind, const char *text,
                              size_t len);
};

struct json;

/* json_new(events, arg): `events` must outlive it. NULL: no memory. One thread
 * at a time. */
struct json *json_new(const struct json_events *events, void *arg);
void json_free(struct json *json); /* NULL is fine */

/* json_begin(json, err): forgets the last answer; a new one begins. */
int json_begin(struct json *json, struct error *err);

/* json_feed(json, data, len, err): takes more bytes. -1: ERROR_PARSE (not
 * JSON), ERROR_LIMIT (too deep, or a token too long), memory, or a callback
 * gave up. */
int json_feed(struct json *json, const void *data, size_t len,
              struct error *err);

/* json_from(json, text): for a callback: how many of the bytes that are being
 * fed stand from its text on. Such a text holds no NUL. 0: the text stands
 * elsewhere, since it was escaped or came in pieces. */
size_t json_from(const struct json *json, const char *text);

/* json_finish(json): the answer has ended. False: it ended before its JSON
 * did. */
bool json_finish(struct json *json);

#endif
