/*
 * text - operations on strings, each in one place
 *
 * Knows nothing of JSON, HTTP or collectd. Any thread may call these functions.
 * None writes past the end of a buffer, and every result ends in NUL.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_list {
  char **items; /* NULL; or `n` texts, followed by a NULL */
  size_t n;
};

/* text_list_add(list, text): adds `text`, which the list then owns. False: no
 * memory. */
bool text_list_add(struct text_list *list, char *text);

bool text_list_has(const struct text_list *list, const char *text);

/* text_list_clear(list): frees all texts; the list is empty again. */
void text_list_clear(struct text_list *list);

/* text_copy(dst, size, src): copies as much of `src` as fits. False: `src` was
 * cut. `size` is at least 1. */
bool text_copy(char *dst, size_t size, const char *src);

/* text_join(dst, size, separator, text): appends the text to the string in
 * `dst`, after the separator if the string is not empty. Cuts what does not
 * fit. */
void text_join(char *dst, size_t size, const char *separator, const char *text);

/* text_printf(format, ...): a string that the caller frees; NULL without
 * memory. */
char *text_printf(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* text_hash(data, len, seed): 64 bits to tell strings apart (SipHash-1-3, keyed
 * with `seed` and 0). To hash several pieces, pass the last result as `seed`.
 * Use 0 as the first seed if the result is shown, so that it stays the same.
 * Use text_seed() for look-ups: users choose names, and could choose two with
 * one hash. `data` may be NULL if `len` is 0. */
uint64_t text_hash(const void *data, size_t len, uint64_t seed);

/* text_seed(): a number that nobody can guess; it is constant until the process
 * ends. */
uint64_t text_seed(void);

/* text_identifier(dst, size, src): `src` as it may enter a field of a collectd
 * identifier. Every byte outside [A-Za-z0-9._:@-] becomes '_', since users
 * choose names, and newlines, ';' or '/' have a meaning for writers. A '.' at
 * the beginning becomes '_', too, so that csv and rrdtool write no hidden
 * folders. A text that does not fit is cut and gets "-" and 16 hexadecimal
 * digits of its hash, so that long names stay different. `size` is at least
 * 32. */
void text_identifier(char *dst, size_t size, const char *src);

/* text_identifier_hash(text, before): a 64-bit hash of an identifier's field.
 * `before` is text_seed(), or the hash of the field before. Fields that some
 * writer would not tell apart have one hash: '.' and ':' count as '_', as
 * Graphite gets them. */
uint64_t text_identifier_hash(const char *text, uint64_t before);

/* text_meta(dst, size, src): `src` as it may enter meta data. Control bytes and
 * bytes that are not UTF-8 become '?'. A long text is cut between characters.
 * Returns the length of what is in `dst`. */
size_t text_meta(char *dst, size_t size, const char *src);

/* text_number(text, ret): reads a text that is a decimal number as a whole.
 * False (`ret` is untouched) for anything else: "", "12 GB", "0x1f",
 * "infinite", "nan", or a number that is not finite. */
bool text_number(const char *text, double *ret);

/* text_time(text, ret): reads an ISO 8601 time ("2026-11-22T21:57:57.000000Z")
 * as seconds since 1970. The fraction may be missing, and an offset may replace
 * "Z"; with neither it is UTC, as OpenStack means it. */
bool text_time(const char *text, double *ret);

/* text_http_date(text, ret): reads the date of an HTTP header ("Sun, 06 Nov
 * 1994 08:49:37 GMT") as seconds since 1970, in any locale. False (`ret` is
 * untouched): it is no such date. */
bool text_http_date(const char *text, double *ret);

/* text_percent(src): `src` percent-encoded for a path segment or a query value
 * (RFC 3986: all but unreserved bytes). The caller frees it; NULL without
 * memory. */
char *text_percent(const char *src);
/* text_percent_to(dst, src): the same into `dst`, which has room for
 * TEXT_PERCENT times the bytes of `src`, and a NUL. Returns where that is. */
#define TEXT_PERCENT 3
char *text_percent_to(char *dst, const char *src);

/* text_json(src): `src` as a JSON string with its quotes. Bytes above 0x7f are
 * copied as they are. The caller frees it; NULL without memory. */
char *text_json(const char *src);

/* text_one_line(dst, size, src, len): the beginning of a server's message, made
 * fit for a log line: each run of blanks and control bytes becomes one
 * space. */
void text_one_line(char *dst, size_t size, const char *src, size_t len);

/* text_lower(dst, size, src): copies in ASCII lower case. Cuts what does not
 * fit. */
void text_lower(char *dst, size_t size, const char *src);
/* text_lowers_to(text, lower): is that what text_lower() makes of it? */
bool text_lowers_to(const char *text, const char *lower);

/* text_is_visible(text): is it one byte or more of visible ASCII, and nothing
 * else? A header or a part of a URL may hold no other byte. */
bool text_is_visible(const char *text);

/* text_is_utf8(text): is it UTF-8 as RFC 3629 defines it? */
bool text_is_utf8(const char *text);

/* text_is_word(text): is it one letter or more, and nothing else? */
bool text_is_word(const char *text);

/* text_similar(pattern, word): the edit distance between two short texts, for
 * "did you mean". Case is ignored; '*' and '?' in the pattern match as in
 * text_match(). Only the first 64 bytes of each text count. */
unsigned text_similar(const char *pattern, const char *word);

/* text_match(pattern, name): shell-like match: '*' matches any run of bytes,
 * '?' any one byte. */
bool text_match(const char *pattern, const char *name);

/* text_chosen(patterns, name, other): do the patterns choose the thing that is
 * called `name` and `other` (which may be NULL)? A pattern matches if it
 * matches one of the two; a pattern after "!" excludes. The last pattern that
 * matches decides. If none matches, the thing is chosen if there are no
 * patterns or the first one excludes. */
bool text_chosen(const struct text_list *patterns, const char *name,
                 const char *other);

#endif
