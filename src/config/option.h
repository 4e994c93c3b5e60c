/*
 * option - one line of configuration to one member of a struct
 *
 * A block is a table of options; this takes an item, finds its row, checks the
 * value's type and range, and stores it. What is wrong is one complaint that
 * names block, key and value. It must not learn what an option means.
 */
#ifndef OPTION_H
#define OPTION_H

#include "base/text.h"
#include "config/config_tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct complaints;
struct state;

enum option_kind {
  OPTION_TEXT,         /* char * */
  OPTION_URL,          /* char *: where a token may go: http(s), no password */
  OPTION_SECRET,       /* char * that no message repeats */
  OPTION_SECRET_FILE,  /* char *: a file, as below; read by all: a warning */
  OPTION_FILE,         /* char *: the absolute path of a regular file */
  OPTION_SWITCH,       /* bool */
  OPTION_SECONDS,      /* int64_t, in milliseconds */
  OPTION_MILLISECONDS, /* int64_t */
  OPTION_COUNT,        /* size_t */
  OPTION_NUMBER,       /* double */
  OPTION_WORD,         /* const char *: one of `words` */
  OPTION_CHOICE,       /* int or enum: the index in `words` */
  OPTION_FORMAT,       /* struct name_format */
  /* These may be given several times. */
  OPTION_LIST,    /* struct text_list */
  OPTION_SET,     /* the same, each text once */
  OPTION_PAIRS,   /* the same, of two texts: "first=second", each first once */
  OPTION_URLS,    /* the same, and the second is a URL */
  OPTION_NUMBERS, /* struct number_list */
  OPTION_STATES,  /* struct state_list: each a text and a number */
};

struct number_list {
  double *items;
  size_t n;
};

/* Texts in lower case; behind the `n` rows a last one is free for the caller.
 */
struct state_list {
  struct state *items;
  size_t n;
};

struct option {
  const char *key;
  enum option_kind kind;
  size_t offset;
  double min, max;          /* of numbers */
  const char *const *words; /* ends in NULL */
  /* What is wrong with a text that is right else; NULL: nothing. Or NULL. */
  const char *(*wrong)(const char *text);
};

#define OPTION_MOST 64    /* options of a table */
#define OPTION_TEXTS 1000 /* of a set, or pairs, at most */

/* A block while it is read. */
struct option_block {
  const char *name; /* <Cloud "prod">, for messages */
  const struct option *options;
  size_t noptions;
  uint64_t given; /* bits of those that were there */
  /* Where an item comes from that stands elsewhere, in other words: a file, and
   * the key there. Or NULL. */
  const char *file, *key;
  const struct complaints *to; /* who hears what is wrong */
};

/* option_take(block, base, item): stores it in the struct at `base`. -1:
 * complained. */
int option_take(struct option_block *block, void *base,
                const struct config_item *item);

/* option_given(block, key): was it there? */
bool option_given(const struct option_block *block, const char *key);

/* option_wrong(block, item, secret, format, ...): a complaint: block,
 * key, value (not a secret's), and what is wrong. Returns -1. */
int option_wrong(const struct option_block *block,
                 const struct config_item *item, bool secret,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* option_refuse(block, format, ...): the same for a block as a whole: what is
 * missing in it, or does not go together. */
int option_refuse(const struct option_block *block, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* option_unknown(block, format, ...): the same for a name in it that nothing
 * has so far (COMPLAINT_UNKNOWN). */
int option_unknown(const struct option_block *block, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* option_has_pair(list, first): do the pairs have this one? '-' is as '_'. */
bool option_has_pair(const struct text_list *list, const char *first);

/* option_string(item): its one string value, or NULL. */
const char *option_string(const struct config_item *item);

/* options_clear(options, n, base): frees texts and lists; secrets are wiped. */
void options_clear(const struct option *options, size_t n, void *base);

#endif
