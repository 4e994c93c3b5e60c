/*
 * answer - one request, and what is read of its answer
 *
 * Takes an answer's header lines and the bytes of its body as they arrive,
 * holds the limits on both, and hands them on. It does not know how they
 * travel: http feeds it.
 *
 * A body that is compressed is held until it has ended, and handed on at once:
 * its checksum comes last, and what a caller has reported cannot be taken back.
 * So it has a limit of its own. (libcurl takes one that ends ahead of its
 * checksum for whole if it has the length that was promised.) All other bodies
 * go through as they arrive.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_BODY_LIMIT (128 * 1024 * 1024)  /* bytes of one answer */
#define HTTP_PACKED_LIMIT (32 * 1024 * 1024) /* of one that came compressed */
#define HTTP_HEADER_LIMIT (64 * 1024)        /* bytes of all its headers */
#define HTTP_HEADERS 8                       /* of a request */
#define HTTP_SAID 200                        /* of an error's body, in a log */

struct http_request {
  const char *method; /* "GET", "HEAD", "POST" */
  const char *url;
  const char *headers[HTTP_HEADERS]; /* "Name: value", up to a NULL */
  const char *body;                  /* POST: JSON; else NULL */
  /* AWS signature version 4, as Ceph's admin API wants it; or NULL. Only
   * without a body. */
  const char *sigv4;          /* "aws:amz:us-east-1:s3" */
  const char *sigv4_user_key; /* "access:secret" */
  const char *secret;         /* in headers or body: never in `said`; or NULL */
  /* Called with the body of a 2xx answer, piece by piece. -1: enough, the
   * transfer fails with ERROR_PARSE unless the caller knows better. NULL: the
   * body is thrown away. */
  int (*on_body)(void *arg, const void *data, size_t len);
  bool choices; /* `on_body` takes that of a 300, too: which versions there are
                 */
  /* Called for each header of the answer; `name` in lower case. May be NULL. */
  void (*on_header)(void *arg, const char *name, const char *value);
  void *arg;
};

struct http_reply {
  struct error error; /* ERROR_NONE: an answer came, whole. See `status` */
  /* The error is only that the end of the body is missing: the connection
   * broke, or the body is shorter than it was said to be. */
  bool cut_short;
  long status; /* 0: no status line was seen */
  int64_t
      retry_after_ms; /* the server's Retry-After, an hour at most; 0: none */
  uint64_t bytes;     /* of body */
  /* of the body of an answer that is not 2xx: its beginning on one line, if it
   * is JSON and does not repeat the request's secret; else empty */
  char said[HTTP_SAID];
  /* Location of a redirect: on the same host without its query, else scheme
   * and host only; or empty */
  char location[HTTP_SAID];
};

/* An answer on its way. `reply` is filled; an error in it ends the transfer. */
struct http_answer {
  const struct http_request *request;
  struct http_reply *reply;
  size_t header_bytes;
  bool json, packed, in_headers;
  char *held; /* of a packed body */
  size_t nheld, room;
};

/* answer_begin(answer, request, reply): a new one; both outlive it. Zeros
 * before the first time. */
void answer_begin(struct http_answer *answer,
                  const struct http_request *request, struct http_reply *reply);
void answer_clear(struct http_answer *answer);

/* answer_header(answer, line, len): a line of the head, as it came. -1:
 * ERROR_LIMIT, memory in the reply. */
int answer_header(struct http_answer *answer, const char *line, size_t len);

/* answer_body(answer, data, len): bytes of the body, unpacked; the reply's
 * status is known. -1: ERROR_LIMIT, ERROR_PARSE (`on_body` has refused them),
 * ERROR_MEMORY in the reply. */
int answer_body(struct http_answer *answer, const char *data, size_t len);

/* answer_end(answer): the body has ended as it should: what was held goes to
 * `on_body`. As answer_body(); ERROR_TRANSPORT: the headers had not ended. */
int answer_end(struct http_answer *answer);

#endif
