/*
 * exchange - one request and what came of it, as it passes between http and
 * the network. Data
 *
 * http lets an answer pass piece by piece. Only while a cycle is recorded or
 * played (tape.h) is it held whole, and handed on from here: so an answer that
 * is played is read exactly as it was when it was recorded.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "base/error.h"
#include "base/text.h"
#include "net/answer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a transfer ended. */
struct http_ending {
  long status; /* 0: no status line was seen */
  bool reached, refused;
  double seconds;
  int64_t retry_after_ms; /* as in struct http_reply */
  struct error error;     /* of the transfer; ERROR_NONE: it ended well */
  bool cut_short;         /* which is only that the body's end is missing */
};

struct exchange {
  struct text_list head; /* lines without their ends; an empty one ends it */
  size_t nhead;          /* bytes of them */
  char *body;            /* decompressed; `nbody` bytes, and a NUL */
  size_t nbody, room;
  uint64_t bytes; /* of the body when it came */
  size_t sends;   /* requests that it took: 2 if a connection had died */
  struct http_ending ending;
  bool open;        /* the deadline came before the end */
  int64_t ended_ms; /* clock_ms() */
  size_t order;     /* which of a recording's exchanges ended first */
};
void exchange_clear(struct exchange *exchange); /* it is empty again */

/* exchange_add_line(exchange, line, len), exchange_add(exchange, data, len): a
 * line of the head with its end, or a piece of the body. -1: memory, or the
 * last one that fits: more is over the limits of answer.h. */
int exchange_add_line(struct exchange *exchange, const char *line, size_t len);
int exchange_add(struct exchange *exchange, const char *data, size_t len);

/* exchange_read(exchange, answer): hands head and body to an answer that has
 * begun. What is wrong with them is then in its reply. */
void exchange_read(const struct exchange *exchange, struct http_answer *answer);

#endif
