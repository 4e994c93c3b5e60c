/*
 * text - the few things done to strings, each in one place
 *
 * Knows nothing of JSON, HTTP or collectd. All functions may be called from
 * any thread. No buffer is ever written past its size, and every
 * result ends in NUL.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_list {
  char **items; /* NULL, or `n` and a NULL behind them */
  size_t n;
};

/* text_list_add(list, text): `text` is the list's then. False: no memory. */
bool text_list_add(struct text_list *list, char *text);

bool text_list_has(const struct text_list *list, const char *text);

/* text_list_clear(list): frees all; empty again. */
void text_list_clear(struct text_list *list);

/* text_copy(dst, size, src): copies as much of `src` as fits. Returns false if
 * something was cut off. `size` is at least 1. */
bool text_copy(char *dst, size_t size, const char *src);

/* text_join(dst, size, separator, text): appends the text to the string in
 * `dst`, behind the separator if something is there; cuts. */
void text_join(char *dst, size_t size, const char *separator, const char *text);

/* text_printf(format, ...): a string to free(), or NULL without memory. */
char *text_printf(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* text_hash(data, len, seed): 64 bits to tell strings apart (SipHash-1-3, keyed
 * with `seed` and 0). Chain calls by passing the last result as `seed`. Begin
 * with 0 for what is shown, so that it stays the same; with text_seed() for
 * what is looked up: names belong to users, who could choose two that come to
 * one hash. */
uint64_t text_hash(const void *data, size_t len, uint64_t seed);

/* text_seed(): a number that nobody can guess; the same until the process ends.
 */
uint64_t text_seed(void);

/* text_identifier(dst, size, src): `src` as it may enter a field of a collectd
 * identifier: every byte outside [A-Za-z0-9._:@-] becomes '_', since names
 * belong to users and newlines, ';' or '/' mean something to writers. So does a
 * '.' at the beginning: csv and rrdtool write no hidden folders. What does
 * not fit keeps its beginning and gets "-" and 16 hexadecimal digits of its
 * hash, so that long names stay different names. `size` is at least 32. */
void text_identifier(char *dst, size_t size, const char *src);

/* text_identifier_hash(text, before): 64 bits of a field of an identifier;
 * `before` is text_seed() or the last field's. Fields that some writer makes
 * one come to one hash: '.' and ':' count as '_', which is what Graphite gets.
 */
uint64_t text_identifier_hash(const char *text, uint64_t before);

/* text_meta(dst, size, src): `src` as it may enter meta data: control bytes and
 * bytes that are not UTF-8 become '?', and a cut falls between characters. */
void text_meta(char *dst, size_t size, const char *src);

/* text_number(text, ret): the decimal number that `text` is, whole. False
 * (and `ret` untouched) for anything else: empty, "12 GB", "0x1f", "infinite",
 * "nan", or a number that is not finite. */
bool text_number(const char *text, double *ret);

/* text_time(text, ret): an ISO 8601 time ("2026-11-22T21:57:57.000000Z", with
 * or without fraction, "Z" or offset; without either it is UTC, as OpenStack
 * means it) in seconds since 1970. */
bool text_time(const char *text, double *ret);

/* text_http_date(text, ret): the date of an HTTP header ("Sun, 06 Nov 1994
 * 08:49:37 GMT") in seconds since 1970, whatever the locale. False, and `ret`
 * untouched: it is none. */
bool text_http_date(const char *text, double *ret);

/* text_percent(src): `src` percent-encoded for a path segment or query value
 * (RFC 3986: all but unreserved bytes). To free(); NULL without memory. */
char *text_percent(const char *src);

/* text_json(src): `src` as a JSON string, quotes included. Bytes above 0x7f go
 * through as they are. To free(); NULL without memory. */
char *text_json(const char *src);

/* text_one_line(dst, size, src, len): the beginning of what a server said, fit
 * for a log line: blanks and control bytes run together to one space. */
void text_one_line(char *dst, size_t size, const char *src, size_t len);

/* text_lower(dst, size, src): ASCII lower case; cuts. */
void text_lower(char *dst, size_t size, const char *src);

/* text_is_visible(text): visible ASCII alone, one byte at least: what a header
 * or a part of a URL may have. */
bool text_is_visible(const char *text);

/* text_is_utf8(text): as RFC 3629 has it. */
bool text_is_utf8(const char *text);

/* text_is_word(text): letters alone, one at least. */
bool text_is_word(const char *text);

/* text_similar(pattern, word): edit distance between two short texts, case
 * ignored, for "did you mean"; '*' and '?' of the pattern fit as below. At most
 * 64 bytes of each count. */
unsigned text_similar(const char *pattern, const char *word);

/* text_match(pattern, name): shell-like match; '*' any run, '?' any one byte.
 */
bool text_match(const char *pattern, const char *name);

/* text_chosen(patterns, name, other): do these patterns choose what is called
 * `name`, or also `other` (or NULL)? A pattern behind "!" takes out. The last
 * one that fits decides; where none fits, all are chosen if there are no
 * patterns or the first takes out. */
bool text_chosen(const struct text_list *patterns, const char *name,
                 const char *other);

#endif
