/*
 * fetch - one answer on its way, and the pages that follow it
 *
 * Turns a listing's path into requests and an answer's bytes into samples. It
 * decides nothing about failures: pass looks at the status and says what comes
 * next.
 *
 * Of a next link only the query is used, on the first page's own URL: a token
 * never goes to a host that an answer names, and a prefix that a service does
 * not know of (https://cloud.example/image/v2/images) stays.
 */
#ifndef FETCH_H
#define FETCH_H

#include "base/error.h"
#include "meter/worst.h"
#include "walk/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
  void *owner;   /* the caller's, and */
  size_t number; /* which one it is to the caller */
  enum fetch_state state;
  struct extract *extract;
  size_t link_group;     /* of `extract`: the next link, or the list of links */
  bool has_holder;       /* the answer has what should hold it: "links" */
  struct cell *headers;  /* METER_HEADERS: cells */
  const char *project;   /* NULL: LISTING_CLOUD */
  char *version;         /* header, or NULL */
  char *s3_keys;         /* "access:secret", or NULL; secret */
  const char *s3_secret; /* the part of `s3_keys` that is */
  char *url;             /* the first page's, with its query */
  char *page_url;        /* this page's; NULL: `url` */
  bool truncated;        /* this page is marked so */
  char *next;            /* query of the next link met on this page, or NULL */
  char *marker;          /* PAGING_MARKER: of the last record */
  size_t page;           /* from 1 */
  size_t offset;         /* records of the pages before */
  size_t stale;          /* pages in a row that brought nothing new */
  size_t first_records;  /* of the first page */
  double total;          /* how many there are in all, or NAN */
  struct worst worst;    /* of this page: states that wait for its end */
  size_t records, fresh, odd; /* of this page: all, those not seen before, and
                                 those without an id */
  int tries;                  /* of this page */
  bool came_back;             /* this page failed once, for a moment */
  int64_t not_before_ms;      /* clock_ms() at which its request may go out */
  const struct session_token *token; /* the caller's, which may change it
                                        between requests */
  unsigned refused; /* the generation that this page was refused with last */
  struct error error;
};

/* fetch_init(fetch, err): its plan, result, seen and output are set, all else
 * is zero; they outlive it. Reads the secret's file, if there is one. -1:
 * memory, ERROR_CONFIG. */
int fetch_init(struct fetch *fetch, struct error *err);
void fetch_clear(struct fetch *fetch);

/* fetch_begin(fetch, project): from the first page, for this project (or NULL).
 * FETCH_READY then. */
void fetch_begin(struct fetch *fetch, const char *project);

/* fetch_request(fetch, ret): this page's request, made anew for each try: the
 * token may be another by now. Asks nobody. -1: fetch->error. */
int fetch_request(struct fetch *fetch, struct http_request *ret);

/* fetch_end(fetch): the transfer is over, however it ended: what waited for
 * that is sent. */
void fetch_end(struct fetch *fetch);

/* fetch_take(fetch, reply): an answer with 200 or 204 has ended. 1: there is
 * another page, FETCH_READY; 0: this was the last; -1: fetch->error. What lacks
 * the listing's container of records, or the header that it must have, is no
 * answer of the service's. */
int fetch_take(struct fetch *fetch, const struct http_reply *reply);

/* fetch_has_all(fetch): all JSON of this page has come, so that it does not
 * matter how the connection ended. */
bool fetch_has_all(const struct fetch *fetch);

/* fetch_url(fetch): of this page. */
const char *fetch_url(const struct fetch *fetch);

#endif
