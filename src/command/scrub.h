/*
 * scrub - takes out of requests and answers what must not be shown
 *
 * Secrets: what is known to be one, wherever it stands; and what stands in a
 * header, a member or a parameter whose name is that of one, also where a text
 * quotes those. With a disguise, names too. What is taken out becomes the word
 * SCRUBBED, so nothing is taken out twice.
 *
 * The caller frees each result; NULL: memory.
 */
#ifndef SCRUB_H
#define SCRUB_H

#include "base/text.h"
#include "command/disguise.h"

#include <stdbool.h>
#include <stddef.h>

#define SCRUBBED "removed"

struct scrub {
  struct text_list secrets;  /* known ones */
  struct disguise *disguise; /* NULL: names stay */
};

/* scrub_learn(scrub, secret): NULL is fine. False: memory. scrub_clear(scrub):
 * wipes what it knows; the disguise is the caller's. */
bool scrub_learn(struct scrub *scrub, const char *secret);
void scrub_clear(struct scrub *scrub);

/* scrub_is_secret(key): is what such a member, parameter or header holds
 * secret? */
bool scrub_is_secret(const char *key);

char *scrub_text(const struct scrub *scrub, const char *text, size_t len);
char *scrub_url(const struct scrub *scrub, const char *url);
/* scrub_header(scrub, line): "Name: value". */
char *scrub_header(const struct scrub *scrub, const char *line);

/* scrub_json(scrub, data, len): JSON, each member on a line of its own, for a
 * member of a recording. NULL: it is no whole JSON, or memory. */
char *scrub_json(const struct scrub *scrub, const char *data, size_t len);
/* scrub_body(scrub, data, len): any other body. JSON whose end is missing is
 * taken member by member, as far as it goes; so is with a disguise what is JSON
 * up to a mistake, which SCRUBBED stands for. */
char *scrub_body(const struct scrub *scrub, const char *data, size_t len);

#endif
