/*
 * conf_token - collectd.conf cut into words
 *
 * The longest rule that fits wins, and the first of equals, as in collectd's
 * scanner. Bytes that fit none are dropped there, and shown as TOKEN_DROPPED
 * here.
 */
#ifndef CONF_TOKEN_H
#define CONF_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
  TOKEN_END, /* of the text */
  TOKEN_LINE,
  TOKEN_SLASH,
  TOKEN_OPEN,
  TOKEN_CLOSE,
  TOKEN_BOOLEAN,
  TOKEN_NUMBER,
  TOKEN_QUOTED, /* with its quotes */
  TOKEN_WORD,   /* an address, too */
  TOKEN_DROPPED,
};

struct token {
  enum token_kind kind;
  const char *at;
  size_t len;
};

/* conf_token_next(at): the token at `at`, behind blanks, comments and lines
 * that go on. */
struct token conf_token_next(const char *at);

#endif
