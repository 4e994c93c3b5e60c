/*
 * extract - JSON bytes in, records out
 *
 * The caller feeds the bytes of an answer as they arrive, in pieces of any
 * size. The extractor calls back once for each record that closes, with the few
 * fields that the caller asked for. It keeps nothing of the answer but these
 * cells, so memory does not depend on how much a server sends.
 *
 * It must not learn what the fields mean, where the bytes come from, or how
 * JSON is read (json.h).
 *
 * Fields and records are found by their paths (extract_group.h).
 *
 * How it works: the paths are one tree, and each open container is at one of
 * its nodes. A key leads to the node below that has its name. If there is none,
 * json skips the value.
 */
#ifndef EXTRACT_H
#define EXTRACT_H

#include "base/error.h"
#include "net/extract_group.h"

#include <stdbool.h>
#include <stddef.h>

struct extract;

/* extract_new(groups, ngroups, arg, err): makes an extractor. NULL:
 * ERROR_CONFIG (a path that cannot be parsed, or too many fields or groups),
 * memory. Copies the groups. `arg` goes to the callbacks of groups without
 * one. One thread at a time. */
struct extract *extract_new(const struct extract_group *groups, size_t ngroups,
                            void *arg, struct error *err);
void extract_free(struct extract *extract); /* NULL is fine */

/* extract_begin(extract): forgets the last answer; a new one begins. */
int extract_begin(struct extract *extract, struct error *err);

/* extract_feed(extract, data, len, err): takes more bytes. -1: as json_feed()
 * (ERROR_PARSE, ERROR_LIMIT, memory), or a callback gave up (then `err` is
 * untouched). After a failure only extract_begin() and extract_free() may be
 * called. */
int extract_feed(struct extract *extract, const void *data, size_t len,
                 struct error *err);

/* extract_finish(extract, err): the answer has ended. -1: ERROR_PARSE (it ended
 * before its JSON did). */
int extract_finish(struct extract *extract, struct error *err);

/* extract_complete(extract): the outermost brace has closed. If a server sends
 * no Content-Length and dies, only this tells whether the answer is whole. */
bool extract_complete(const struct extract *extract);

/* extract_met(extract, group): does the answer have the container of this
 * group's records? That is the list, even an empty one ("images": []), and of
 * lists in lists an empty outer one. If the group's path has no list it is the
 * record itself; if that is a text, such as
 * a link, it is the object around it. An answer without it is not an empty
 * cloud. */
bool extract_met(const struct extract *extract, size_t group);

#endif
