/*
 * disguise - other words for names, ids and addresses
 *
 * The same text becomes the same word in the whole recording, wherever it
 * stands, and nobody can tell which it was: the words are hashes under a random
 * key that is kept nowhere. An id keeps the form of an id, an address and an
 * e-mail become others, and a link keeps its parts, each disguised, so that
 * what an answer names is still found under that name.
 *
 * What a value is made of stays: numbers, times, versions, and the words of the
 * APIs and of the chosen meters (disguise_keep_meters()).
 */
#ifndef DISGUISE_H
#define DISGUISE_H

#include "base/text.h"
#include "settings/cloud.h"

#include <stdbool.h>

struct disguise;

/* disguise_new(): keeps nothing yet. NULL: memory. */
struct disguise *disguise_new(void);
void disguise_free(struct disguise *disguise); /* NULL is fine */

/* disguise_keep(disguise, words, separators): these words stay, in either case.
 * disguise_keep_keys(): the same, for keys of members alone.
 * disguise_keep_words(disguise): those of the APIs.
 * disguise_keep_meters(disguise, config): those that the cloud's meters look
 * for, and of their listings' paths. */
void disguise_keep(struct disguise *disguise, const char *words,
                   const char *separators);
void disguise_keep_keys(struct disguise *disguise, const char *words,
                        const char *separators);
void disguise_keep_words(struct disguise *disguise);
void disguise_keep_meters(struct disguise *disguise,
                          const struct cloud_config *config);

/* disguise_text(disguise, text): the caller frees it; NULL: memory. */
char *disguise_text(struct disguise *disguise, const char *text);

/* disguise_open_records(disguise, on): tenants add members of their own to the
 * records, as to images; only those that are known stay. */
void disguise_open_records(struct disguise *disguise, bool on);

/* Patterns of names fit no disguise. disguise_match(disguise, pattern): from
 * now on, what the pattern matches is noted while disguise_collect() is on.
 * disguise_matched(disguise, pattern): the words for it; NULL: none. An exact
 * name is no pattern. disguise_pattern(disguise, pattern): a word for the
 * pattern itself, as disguise_text(); one that matches all stays. */
void disguise_match(struct disguise *disguise, const char *pattern);
void disguise_collect(struct disguise *disguise, bool on);
const struct text_list *disguise_matched(const struct disguise *disguise,
                                         const char *pattern);
char *disguise_pattern(const struct disguise *disguise, const char *pattern);

/* disguise_key(disguise, key, name): the same for the key of a member, which is
 * a name where all of its container are (`name`); most are an API's, and
 * stay. */
char *disguise_key(struct disguise *disguise, const char *key, bool name);
/* disguise_is_word(key): does it look like an API's? */
bool disguise_is_word(const char *key);
/* disguise_names_members(key): are the members below this key called by
 * users? */
bool disguise_names_members(const char *key);

/* disguise_keeps_header(name): does the value of this header name nothing? */
bool disguise_keeps_header(const char *name);

#endif
