/*
 * error - what failed, as a value
 *
 * A function that can fail returns 0 or -1 and takes `struct error *` as its
 * last parameter. It fills the error exactly when it returns -1. Nothing here
 * allocates, logs or ends the process. An error lives on the caller's stack,
 * and the one who decides what the failure means reports it, once.
 *
 * Code decides by `code`, never by `text`. `text` is for the operator: what
 * failed, where, and why. It never holds a token, a password or a request's
 * body.
 */
#ifndef ERROR_H
#define ERROR_H

#define ERROR_TEXT 400

enum error_code {
  ERROR_NONE,
  ERROR_TRANSPORT, /* no answer, or not all of it */
  ERROR_UNREACHED, /* of a walk: no request came so far as to be sent;
                      concerns the whole service */
  ERROR_STATUS,    /* an HTTP status other than the expected ones */
  ERROR_LOGIN,     /* Keystone gave no token; concerns the whole cloud */
  ERROR_DENIED,    /* 403: the token may not read this listing */
  ERROR_ABSENT,    /* the cloud has no such service: not a failure */
  ERROR_REGION,    /* the catalogue has no such region; concerns the cloud */
  ERROR_VERSION,   /* 406: the service does not know this microversion */
  ERROR_PARSE,     /* the answer is not what the API promises */
  ERROR_LIMIT,     /* more than a server may send */
  ERROR_HIDDEN,    /* no request failed, but part of the cloud is hidden */
  ERROR_DEADLINE,  /* the deadline has passed */
  ERROR_CONFIG,    /* the operator's configuration */
  ERROR_LEASE,     /* etcd has no such lease any more */
  ERROR_SPACE,     /* etcd's database is full: it writes nothing */
  ERROR_MEMORY,
  ERROR_MOVED,   /* another daemon may do it now: not a failure */
  ERROR_STOPPED, /* the daemon is stopping: not to be logged */
};

struct error {
  enum error_code code;
  int detail; /* HTTP status or libcurl's result, or 0. An error with another
                 detail is news */
  char text[ERROR_TEXT];
};

/* error_set(err, code, format, ...): fills `err`, which may be NULL. Returns
 * -1, so that a caller can write `return error_set(...)`. */
int error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* error_wrap(err, format, ...): puts context and ": " in front of the text; the
 * code stays. Returns -1. `err` may be NULL. */
int error_wrap(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* error_memory(err): sets ERROR_MEMORY, with the same text everywhere. Returns
 * -1. */
int error_memory(struct error *err);

#endif
