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
#include "base/idset.h"
#include "keystone/session.h"
#include "meter/samples.h"
#include "net/extract.h"
#include "net/http.h"
#include "settings/access.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASS_PAGES 20000 /* of one listing, or of one project's */
#define PASS_TRIES 4     /* of one page */

struct agreement;

/* What a pass works with; all of it outlives the pass. */
struct pass_plan {
  const struct listing *listing;
  const struct binding *binding;
  struct session *session;
  struct http *http;
  size_t width; /* transfers at once, as http's */
  const struct pass_access *access;
  const char *url;            /* the service's endpoint */
  const char *account_prefix; /* "{prefix}"; NULL is "" */
  const char *doubt;   /* LISTING_PROJECT: where there is nothing for anybody */
  const char *version; /* microversion to ask for; NULL: say nothing of it */
  struct agreement *agreement; /* for agreement_pass(): settles url, version */
  const char *const *projects; /* ids, for LISTING_PROJECT */
  size_t nprojects;
  bool partial;         /* projects are missing: no totals */
  size_t first_project; /* where to begin; the round goes once around */
  int64_t deadline_ms;
  const struct roster *owners; /* if the listing has some (owners.h) */
  /* Of the last whole pass: this one's take their place. NULL: nobody asks. */
  struct totals **totals;
  sample_sink *sink;
  void *sink_arg;
  sample_wanted *wanted; /* NULL: all samples are */
  void *wanted_arg;
};

struct pass_result {
  uint64_t records; /* new ones, with an id */
  uint64_t odd;     /* records without an id */
  uint64_t twins;   /* records of first pages whose id came before */
  uint64_t bytes;   /* of answers */
  size_t pages;
  size_t projects;        /* asked, to the end */
  size_t absent;          /* of these: have nothing here (404, 410) */
  size_t denied;          /* of these: 403 */
  size_t failed;          /* of these: anything else */
  size_t next_project;    /* where a round that was cut short should go on */
  bool cut;               /* it ended before all projects were asked */
  int64_t retry_after_ms; /* a server asked for so long a pause; or 0 */
  /* It listed nothing to a token of no project, which may mean nothing. */
  bool blind;
  bool truncated;  /* the server cut some records off, and said so */
  bool unfollowed; /* a link leads on from a listing without paging */
  uint64_t round;  /* so many records in a page that ends a listing, and no
                      link: it may be cut off; 0: not so */
  size_t refused;  /* values beyond MaxSeries, or of groups over the limit */
  struct sample_notes notes;
};

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
