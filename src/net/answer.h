/*
 * answer - one request, and how its answer is read
 *
 * Takes an answer's header lines and the bytes of its body as they arrive,
 * enforces the limits on both, and passes them on to the caller. It does not
 * know how they travel: http calls it.
 *
 * A compressed body is held until it has ended, and then passed on at once: its
 * checksum comes last, and a caller cannot take back what it has reported. So
 * such a body has a limit of its own. (libcurl takes a body that ends before
 * its checksum for whole if it has the promised length.) Any other body is
 * passed on as it arrives.
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
#define HTTP_SAID 200                        /* of an error's body, for a log */

struct http_request {
  const char *method; /* "GET", "HEAD", "POST" */
  const char *url;
  const char *headers[HTTP_HEADERS]; /* "Name: value"; a NULL ends */
  const char *body;                  /* POST: JSON; else NULL */
  /* AWS signature version 4, which Ceph's admin API needs; or NULL. Only for a
   * request without a body. */
  const char *sigv4;          /* "aws:amz:us-east-1:s3" */
  const char *sigv4_user_key; /* "access:secret" */
  const char *secret; /* sent in headers or body; never in `said`; or NULL */
  /* Called with each piece of a 2xx answer's body. -1 ends the transfer with
   * ERROR_PARSE, unless the caller knows better. NULL: the body is
   * discarded. */
  int (*on_body)(void *arg, const void *data, size_t len);
  bool choices; /* `on_body` also gets the body of a 300, which lists
                   versions */
  /* Called for each header of the answer; `name` in lower case. May be NULL. */
  void (*on_header)(void *arg, const char *name, const char *value);
  void *arg;
};

struct http_reply {
  struct error error; /* ERROR_NONE: a whole answer came; see `status` */
  /* The only error is that the end of the body is missing: the connection
   * broke, or the body is shorter than announced. */
  bool cut_short;
  long status; /* 0: no status line was seen */
  bool sent;   /* it went out, and was not only waiting for its turn */
  /* Bytes of it went to a server. If an error came and this is false, no server
   * has acted on it. */
  bool reached;
  bool refused;   /* the host answers that nothing listens at the port */
  double seconds; /* from then to the last byte; 0: it was broken off */
  int64_t
      retry_after_ms; /* the server's Retry-After, at most an hour; 0: none */
  uint64_t bytes;     /* of body */
  /* the beginning of the body of an answer that is not 2xx, on one line; empty
   * if the body is no JSON or repeats the request's secret */
  char said[HTTP_SAID];
  /* Location of a redirect: to the same host without its query, to another one
   * only scheme and host; otherwise empty */
  char location[HTTP_SAID];
};

/* An answer that is arriving. `reply` is filled; an error in it ends the
 * transfer. */
struct http_answer {
  const struct http_request *request;
  struct http_reply *reply;
  size_t header_bytes;
  bool json, packed, in_headers;
  char *held; /* of a packed body */
  size_t nheld, room;
};

/* answer_begin(answer, request, reply): begins a new answer; both must outlive
 * it. `answer` must be zeros the first time. */
void answer_begin(struct http_answer *answer,
                  const struct http_request *request, struct http_reply *reply);
void answer_clear(struct http_answer *answer);

/* answer_header(answer, line, len): takes a line of the head as it came. -1:
 * ERROR_LIMIT or ERROR_MEMORY in the reply. */
int answer_header(struct http_answer *answer, const char *line, size_t len);

/* answer_body(answer, data, len): takes bytes of the body, decompressed; the
 * reply's status must be known. -1: ERROR_LIMIT, ERROR_PARSE (`on_body` has
 * refused them) or ERROR_MEMORY in the reply. */
int answer_body(struct http_answer *answer, const char *data, size_t len);

/* answer_end(answer): the body has ended properly; a held body goes to
 * `on_body`. -1: as answer_body(), or ERROR_TRANSPORT (the headers had not
 * ended). */
int answer_end(struct http_answer *answer);

#endif
