/*
 * name_format - what the parts of a value's identity are made of
 *
 * A format is a row of words, as in collectd's virt plugin: "project_name name"
 * becomes "web:db-1". A word in braces is a field of the record: "name
 * {status}"; or one of those that ids have, too: "{@owner_name} name". The
 * caller decides what a word stands for; this module reads and joins words, and
 * maps them to what may enter an identifier (text.h). Any thread may call these
 * functions.
 */
#ifndef NAME_FORMAT_H
#define NAME_FORMAT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum name_word {
  NAME_CLOUD,
  NAME_REGION,
  NAME_METER,
  NAME_ID,
  NAME_NAME, /* of the resource; its id if it has none */
  NAME_PROJECT,
  NAME_PROJECT_NAME, /* the project's id if its name is not known */
  NAME_DOMAIN_NAME,  /* of that project's domain; its id in the same case */
  NAME_USER,
  NAME_RESOURCE_TYPE, /* the listing: "volumes" */
  NAME_OWNER,         /* the owner asked for, as in an id: "{@owner}" */
  NAME_OWNER_NAME,    /* its id if it has no name */
  NAME_WORDS,
  NAME_FIELD = NAME_WORDS /* the first field; the others follow it */
};

#define NAME_FORMAT_WORDS 8
#define NAME_FORMAT_FIELDS 4
#define NAME_FIELD_TEXT 80 /* of a field's path, with its NUL */

struct name_format {
  enum name_word words[NAME_FORMAT_WORDS];
  size_t n;                                         /* 0: not given */
  char fields[NAME_FORMAT_FIELDS][NAME_FIELD_TEXT]; /* paths: "flavor.name" */
  size_t nfields;
};

/* What each word stands for, and behind them each field of the format; NULL:
 * nothing. */
struct name_values {
  const char *of[NAME_WORDS + NAME_FORMAT_FIELDS];
};

/* name_format_read(text, ret, err): words with blanks between. -1
 * (ERROR_CONFIG): none, too many, or one that is unknown. Whether a record can
 * have a field is not looked at. */
int name_format_read(const char *text, struct name_format *ret,
                     struct error *err);

/* name_format_has(format, word): is it one of the words? */
bool name_format_has(const struct name_format *format, enum name_word word);

/* name_format_is(format, word): is it the only one? */
bool name_format_is(const struct name_format *format, enum name_word word);

/* name_format_write(format, values, dst, size): the words' values with ':'
 * between, mapped; words that stand for nothing are left out. `size` is at
 * least 32. */
void name_format_write(const struct name_format *format,
                       const struct name_values *values, char *dst,
                       size_t size);

#endif
