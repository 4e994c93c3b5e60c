/*
 * option - reads one line of configuration into one member of a struct
 *
 * A block has a table of options. This module finds the row of an item, checks
 * the value's type and range, and stores it. Each mistake is one complaint that
 * names block, key and value. The module must not learn what an option means.
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
  OPTION_CONST_TEXT,   /* const char *, a text in the block's `texts` */
  OPTION_URL,          /* char *: where a token may go: http(s), no password */
  OPTION_SECRET,       /* char *, which no message repeats */
  OPTION_SECRET_FILE,  /* as OPTION_FILE; a warning if all may read it */
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
  OPTION_SET,     /* as OPTION_LIST, each text once */
  OPTION_PAIRS,   /* as OPTION_LIST, "first=second"; each first once */
  OPTION_URLS,    /* as OPTION_PAIRS; the second is a URL */
  OPTION_NUMBERS, /* struct number_list */
  OPTION_STATES,  /* struct state_list: texts in `texts`, and numbers */
};

struct number_list {
  double *items;
  size_t n;
};

/* Texts are in lower case. The caller may use one more row after the `n`. */
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
  /* Checks a text further: what is wrong with it; NULL: nothing. May be
   * NULL. */
  const char *(*wrong)(const char *text);
};

#define OPTION_MOST 64    /* options of a table, at most */
#define OPTION_TEXTS 1000 /* texts of a set, or pairs, at most */

/* A block that is being read. */
struct option_block {
  const char *name; /* <Cloud "prod">, for messages */
  const struct option *options;
  size_t noptions;
  uint64_t given; /* a bit for each option that was given */
  /* For a key that is none of these options: names the place where it belongs;
   * NULL: nowhere. May be NULL. */
  const char *(*place)(const char *key);
  /* If an item comes from elsewhere, where options have other names: the file
   * and its key. Otherwise NULL. */
  const char *file, *key;
  const struct complaints *to; /* gets the complaints */
  /* Owns the texts of OPTION_CONST_TEXT and OPTION_STATES; the caller clears it
   * when what points to them is gone. NULL: no option is such a one. */
  struct text_list *texts;
};

/* option_take(block, base, item): stores the item in the struct at `base`. -1:
 * complained. */
int option_take(struct option_block *block, void *base,
                const struct config_item *item);

/* option_given(block, key): was this option given? */
bool option_given(const struct option_block *block, const char *key);

/* option_wrong(block, item, secret, format, ...): complains with block, key,
 * value (unless `secret`) and what is wrong. Returns -1. */
int option_wrong(const struct option_block *block,
                 const struct config_item *item, bool secret,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* option_refuse(block, format, ...): complains about a block as a whole: what
 * it lacks, or what in it does not go together. Returns -1. */
int option_refuse(const struct option_block *block, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* option_unknown(block, format, ...): complains about a name in the block that
 * is not defined so far (COMPLAINT_UNKNOWN). Returns -1. */
int option_unknown(const struct option_block *block, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* option_has_pair(list, first): do the pairs have one with this first text? '-'
 * and '_' count as equal. */
bool option_has_pair(const struct text_list *list, const char *first);

/* option_string(item): its only value, if that is a string; otherwise NULL. */
const char *option_string(const struct config_item *item);

/* options_clear(options, n, base): frees texts and lists, and wipes secrets. */
void options_clear(const struct option *options, size_t n, void *base);

#endif
