/*
 * error - what failed, as a value
 *
 * A function that can fail returns 0 or -1 and takes `struct error *` as its
 * last parameter; it fills it exactly when it returns -1. Nothing here
 * allocates, logs or ends the process: an error lives on the caller's stack
 * and whoever decides what the failure means speaks about it, once.
 *
 * Code decides by `code`, never by `text`. `text` is for the operator: what
 * failed, where, why. It never holds a token, a password or a body that was
 * sent.
 */
#ifndef ERROR_H
#define ERROR_H

#define ERROR_TEXT 400

enum error_code {
  ERROR_NONE,
  ERROR_TRANSPORT, /* no answer, or not all of it */
  ERROR_STATUS,    /* an HTTP status that is not the one hoped for */
  ERROR_LOGIN,     /* Keystone gave no token; concerns the whole cloud */
  ERROR_DENIED,    /* 403: the token's rights do not reach this listing */
  ERROR_ABSENT,    /* the cloud has no such service: not a failure */
  ERROR_VERSION,   /* 406: the service does not know this microversion */
  ERROR_PARSE,     /* the answer is not what the API promises */
  ERROR_LIMIT,     /* a limit on what a server may send */
  ERROR_HIDDEN,    /* all went well, but part of the cloud is not shown */
  ERROR_DEADLINE,  /* the time for it is over */
  ERROR_CONFIG,    /* the operator's configuration */
  ERROR_MEMORY,
  ERROR_STOPPED, /* the daemon is stopping: say nothing */
};

struct error {
  enum error_code code;
  int detail; /* HTTP status or libcurl's result: another one is news; or 0 */
  char text[ERROR_TEXT];
};

/* error_set(err, code, format, ...): fill `err`. Returns -1, so that
 * `return error_set(...)` reads well. `err` may be NULL. */
int error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* error_wrap(err, format, ...): put context in front of the text, with ": "
 * between; code stays. Returns -1. `err` may be NULL. */
int error_wrap(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* error_memory(err): out of memory, with the same text everywhere. */
int error_memory(struct error *err);

#endif
