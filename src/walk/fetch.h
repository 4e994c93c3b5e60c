/*
 * fetch - reads one page after the other of a listing
 *
 * Makes a page's request and turns the answer's bytes into samples. Which page
 * follows is for pages. It decides nothing about failures: pass looks at the
 * status and chooses what comes next.
 */
#ifndef FETCH_H
#define FETCH_H

#include "base/error.h"
#include "meter/worst.h"
#include "walk/pages.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct asked;
struct cell;
struct extract;
struct http_reply;
struct http_request;
struct idset;
struct sample_output;
struct session_token;

enum fetch_state {
  FETCH_IDLE,
  FETCH_READY,   /* its request may go out */
  FETCH_RUNNING, /* it is out */
};

struct fetch {
  const struct pass_plan *plan;
  struct pass_result *result;
  struct idset *seen;
  struct sample_output *output;
  void *owner;   /* for the caller's use, */
  size_t number; /* and so is this */
  enum fetch_state state;
  struct extract *extract; /* NULL: the listing has no record */
  struct cell *headers;    /* METER_HEADERS: cells */
  bool from_service;       /* a header shows that the service itself answered */
  const struct asked *asked; /* NULL: LISTING_CLOUD */
  char *version;             /* header, or NULL */
  char *s3_keys;             /* "access:secret", or NULL; secret */
  const char *s3_secret;     /* the secret part of `s3_keys` */
  struct pages pages;        /* where it is in the listing */
  struct worst worst;        /* of this page: states that wait for its end */
  int tries;                 /* of this page */
  bool again;                /* an earlier walk broke it off */
  bool retried;              /* this page has had its one retry */
  int64_t not_before_ms;     /* clock_ms() at which its request may go out */
  const struct session_token *token; /* the caller's, which may change it
                                        between requests */
  unsigned refused; /* generation of the token last refused for this page */
  struct error error;
};

/* fetch_init(fetch, err): the caller has set plan, result, seen and output,
 * which outlive it; all else must be zero. Reads the secret's file, if there is
 * one. -1: memory, ERROR_CONFIG. */
int fetch_init(struct fetch *fetch, struct error *err);
void fetch_clear(struct fetch *fetch);

/* fetch_begin(fetch, asked): begins at the first page of this project or owner
 * (NULL: of the cloud). The state is then FETCH_READY. */
void fetch_begin(struct fetch *fetch, const struct asked *asked);

/* fetch_request(fetch, ret): makes this page's request. Call it for each try,
 * since the token may have changed. Sends nothing. -1: see fetch->error. */
int fetch_request(struct fetch *fetch, struct http_request *ret);

/* fetch_end(fetch, whole): call it when the transfer has ended. If it was
 * whole, sends the states that waited for the end of the page. Otherwise drops
 * them, since the rest of the answer may have had a worse state of the same
 * id. */
void fetch_end(struct fetch *fetch, bool whole);

/* fetch_take(fetch, reply): call it when an answer with 200 or 204 has ended.
 * 1: there is another page, and the state is FETCH_READY; 0: this was the last
 * page; -1: see fetch->error. An answer without the listing's container of
 * records, or without the header that it must have, does not come from the
 * service and is an error. */
int fetch_take(struct fetch *fetch, const struct http_reply *reply);

/* fetch_error(fetch, err): fetch->error, with where it happened, for the
 * operator. */
void fetch_error(const struct fetch *fetch, struct error *err);

/* fetch_meaning(fetch, status): what an answer with another status means. */
enum meaning {
  MEANS_FAILURE,
  MEANS_DENIED, /* 403: the token may not read this */
  MEANS_ABSENT, /* one of listing.absent: there is nothing here */
  MEANS_PROXY, /* one of these statuses, but a proxy sent it, not the service */
};
enum meaning fetch_meaning(const struct fetch *fetch, long status);

/* fetch_has_all(fetch): has all JSON of this page come? Then it does not matter
 * how the connection ended. */
bool fetch_has_all(const struct fetch *fetch);

#endif
