/*
 * httpd - a scripted HTTP server on loopback
 *
 * Answers are tried in the order in which they were added; the first whose
 * method, target and `need` fit and whose `times` are not used up serves the
 * request. What no answer fits gets 404. Every request is written down.
 *
 * Threads: one accepts, one serves each connection. All functions may be called
 * from any thread; httpd_free() ends everything at once, hanging answers too.
 */
#ifndef STUB_HTTPD_H
#define STUB_HTTPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum httpd_end {
  HTTPD_LENGTH,  /* Content-Length, and the connection stays */
  HTTPD_CHUNKED, /* chunks, and the connection stays */
  HTTPD_CLOSE,   /* neither: the connection's end is the body's (uwsgi) */
  HTTPD_CUT,     /* more was promised than comes before the end */
  HTTPD_RESET,   /* as CLOSE, but the end is a TCP reset */
  HTTPD_HANG,    /* as CLOSE, but the end never comes */
};

struct httpd_answer {
  const char *method; /* NULL: any */
  const char *target; /* path and query, with fnmatch(3)'s '*'; NULL: any */
  const char *need;   /* a text in the request's headers; NULL: none */
  unsigned times;     /* so many requests; 0: all */

  int delay_ms;        /* before the status line */
  bool mute;           /* no status line: `body` as it is, then `end` */
  int status;          /* 0: 200 */
  const char *headers; /* further ones, each with "\r\n" */
  bool by_proxy;       /* without the request id of a service */
  const char *type;    /* NULL: application/json; "": none */
  const char *body;
  size_t len;    /* of `body`; 0: up to its NUL */
  size_t repeat; /* how often `body` comes; 0: once */
  size_t piece;  /* bytes sent at a time; 0: the whole body */
  int pause_ms;  /* before each piece */
  enum httpd_end end;
  /* Makes the body instead; to free(). Called under the server's lock. */
  char *(*make)(void *arg, const char *target);
  void *arg;
};

struct httpd_request {
  const char *method, *target;
  const char *headers; /* all, as they came */
  const char *body;
  unsigned connection; /* from 1 */
  int64_t at_ms;       /* clock_ms() when it was there */
};

struct httpd;

struct httpd *httpd_new(void);
void httpd_free(struct httpd *httpd); /* NULL is fine */

/* httpd_url(httpd): "http://127.0.0.1:PORT". */
const char *httpd_url(const struct httpd *httpd);

/* httpd_add(httpd, answer): one more answer; its texts are copied. */
void httpd_add(struct httpd *httpd, const struct httpd_answer *answer);

/* httpd_forget(httpd): no answers any more; what was seen stays. */
void httpd_forget(struct httpd *httpd);

/* httpd_count(httpd, method, target): requests so far; NULL: any. */
size_t httpd_count(struct httpd *httpd, const char *method, const char *target);

/* httpd_get(httpd, method, target, i): the i-th of these, from 0; it must be
 * there. The texts live as long as the server. */
struct httpd_request httpd_get(struct httpd *httpd, const char *method,
                               const char *target, size_t i);

/* httpd_wait(httpd, n): waits, at most 5 s, until n requests have come. */
bool httpd_wait(struct httpd *httpd, size_t n);

unsigned httpd_connections(struct httpd *httpd);

/* httpd_most(httpd): the most requests that were served at one time. */
unsigned httpd_most(struct httpd *httpd);

#endif
