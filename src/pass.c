#include "pass.h"

#include "clock.h"
#include "extract.h"
#include "idset.h"
#include "text.h"
#include "url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many projects in a row that fail: the service does. */
#define FAILURES_IN_A_ROW 3
/* So many denied and none let in but its own: the token's role does not
 * reach. */
#define DENIED_AT_FIRST 8

enum fetch_state {
  FETCH_IDLE,
  FETCH_READY,   /* its request may go out */
  FETCH_RUNNING, /* it is out */
};

/* One answer on its way, and the pages that follow it. */
struct fetch {
  struct pass *pass;
  enum fetch_state state;
  struct extract *extract;
  struct cell *headers;  /* METER_HEADERS: cells */
  const char *project;   /* NULL: LISTING_CLOUD */
  char *url;             /* the first page's, with its query */
  char *page_url;        /* this page's; NULL: `url` */
  char *next;            /* query of the next link met on this page, or NULL */
  char *marker;          /* PAGING_MARKER: of the last record */
  size_t page;           /* from 1 */
  size_t offset;         /* records of the pages before */
  size_t records, fresh; /* of this page: all, and those not seen before */
  int tries;
  int64_t not_before_ms;
  struct session_token token;
  struct error error;
};

struct pass {
  const struct pass_plan *plan;
  struct pass_result *result;
  struct idset seen;
  struct fetch *fetches;
  size_t width;
  size_t begun; /* projects, or the one request of LISTING_CLOUD */
  size_t failures_in_a_row;
  bool renewed, over;
  struct error error; /* the first that matters */
};

/* ---- records ------------------------------------------------------------ */

static void keep_text(struct fetch *f, char **where, const char *text) {
  free(*where);
  *where = strdup(text);
  if (*where == NULL)
    error_memory(&f->error);
}

static int on_record(void *arg, const struct cell *cells) {
  struct fetch *f = arg;
  struct pass *p = f->pass;
  const struct binding *binding = p->plan->binding;
  char id[CELL_TEXT];
  f->records++;
  if (p->plan->listing->paging.kind == PAGING_MARKER) {
    const char *marker = binding_marker(binding, cells);
    if (marker != NULL)
      keep_text(f, &f->marker, marker);
  }
  if (!binding_id(binding, cells, f->project, id, sizeof(id))) {
    p->result->odd++;
    return 0;
  }
  if (!idset_add(&p->seen, text_hash(id, strlen(id), 0)))
    return 0;
  f->fresh++;
  p->result->records++;
  binding_samples(binding, METER_RECORD, cells, id, f->project, p->plan->sink,
                  p->plan->sink_arg, &p->result->notes);
  return 0;
}

/* One value for the whole answer: of the first page, lest it comes twice. */
static void answer_samples(struct fetch *f, enum meter_of of,
                           const struct cell *cells) {
  const struct pass_plan *plan = f->pass->plan;
  const char *id = f->project != NULL ? f->project : "total";
  if (f->page == 1)
    binding_samples(plan->binding, of, cells, id, f->project, plan->sink,
                    plan->sink_arg, &f->pass->result->notes);
}

static int on_answer(void *arg, const struct cell *cells) {
  answer_samples(arg, METER_ANSWER, cells);
  return 0;
}

static void keep_link(struct fetch *f, const struct cell *href) {
  const char *query = strchr(href->text, '?');
  if (href->kind != CELL_STRING)
    return;
  if (href->cut)
    error_set(&f->error, ERROR_LIMIT, "the next link is over %d bytes",
              CELL_TEXT - 1);
  else if (query == NULL || query[1] == '\0')
    error_set(&f->error, ERROR_PARSE, "the next link has no query");
  else
    keep_text(f, &f->next, query + 1);
}

static int on_link(void *arg, const struct cell *cells) {
  keep_link(arg, &cells[0]);
  return 0;
}

/* The list holds "previous" as well, and in any order. */
static int on_links(void *arg, const struct cell *cells) {
  if (cells[0].kind == CELL_STRING && strcmp(cells[0].text, "next") == 0)
    keep_link(arg, &cells[1]);
  return 0;
}

static int on_body(void *arg, const void *data, size_t len) {
  struct fetch *f = arg;
  if (extract_feed(f->extract, data, len, &f->error) != 0)
    return -1;
  return f->error.code == ERROR_NONE ? 0 : -1;
}

static void on_header(void *arg, const char *name, const char *value) {
  struct fetch *f = arg;
  size_t n;
  const struct extract_field *fields =
      binding_fields(f->pass->plan->binding, METER_HEADERS, &n);
  for (size_t i = 0; i < n; i++) {
    if (strcmp(fields[i].path, name) != 0)
      continue;
    struct cell *cell = &f->headers[i];
    double number;
    cell->cut = !text_copy(cell->text, sizeof(cell->text), value);
    cell->len = strlen(cell->text);
    cell->kind = text_number(value, &number) ? CELL_NUMBER : CELL_STRING;
  }
}

/* ---- fetches ------------------------------------------------------------ */

static struct extract *make_extract(struct fetch *f, struct error *err) {
  static const struct extract_field link[] = {{.path = ""}};
  static const struct extract_field links[] = {{.path = "rel"},
                                               {.path = "href"}};
  const struct pass_plan *plan = f->pass->plan;
  const struct paging *paging = &plan->listing->paging;
  struct extract_group groups[3];
  size_t n = 0;
  groups[n] = (struct extract_group){.record = plan->listing->record,
                                     .on_record = on_record};
  groups[n].fields =
      binding_fields(plan->binding, METER_RECORD, &groups[n].nfields);
  n++;
  groups[n] = (struct extract_group){.record = "", .on_record = on_answer};
  groups[n].fields =
      binding_fields(plan->binding, METER_ANSWER, &groups[n].nfields);
  if (groups[n].nfields > 0)
    n++;
  if (paging->kind == PAGING_LINK)
    groups[n++] = (struct extract_group){paging->next, link, 1, on_link};
  if (paging->kind == PAGING_LINKS)
    groups[n++] = (struct extract_group){paging->next, links, 2, on_links};
  return extract_new(groups, n, f, err);
}

static int fetch_init(struct fetch *f, struct pass *p, struct error *err) {
  f->pass = p;
  size_t n;
  binding_fields(p->plan->binding, METER_HEADERS, &n);
  f->headers = calloc(n > 0 ? n : 1, sizeof(*f->headers));
  if (f->headers == NULL)
    return error_memory(err);
  f->extract = make_extract(f, err);
  return f->extract != NULL ? 0 : -1;
}

static void fetch_clear(struct fetch *f) {
  extract_free(f->extract);
  session_token_clear(&f->token);
  free(f->headers);
  free(f->url);
  free(f->page_url);
  free(f->next);
  free(f->marker);
}

/* A fetch for the next project (or the one request of the listing), idle
 * before. */
static void fetch_begin(struct fetch *f) {
  struct pass *p = f->pass;
  const struct pass_plan *plan = p->plan;
  f->project = NULL;
  if (plan->listing->scope == LISTING_PROJECT)
    f->project =
        plan->projects[(plan->first_project + p->begun) % plan->nprojects];
  p->begun++;
  free(f->url);
  free(f->page_url);
  free(f->marker);
  f->page_url = f->marker = NULL;
  f->url = url_join(plan->url, plan->listing->path, f->project);
  f->page = 1;
  f->offset = 0;
  f->tries = 0;
  f->not_before_ms = 0;
  f->state = FETCH_READY;
}

/* Makes this page's request anew: the token may be another by now. */
static int fetch_request(struct fetch *f, struct http_request *request) {
  const struct pass_plan *plan = f->pass->plan;
  size_t n;
  f->error.code = ERROR_NONE;
  f->records = f->fresh = 0;
  free(f->next);
  f->next = NULL;
  binding_fields(plan->binding, METER_HEADERS, &n);
  for (size_t i = 0; i < n; i++)
    f->headers[i].kind = CELL_NONE;
  session_token_clear(&f->token);
  if (f->url == NULL)
    return error_memory(&f->error);
  if (session_token(plan->session, plan->deadline_ms, &f->token, &f->error) ||
      extract_begin(f->extract, &f->error) != 0)
    return -1;
  bool body = binding_needs_body(plan->binding);
  *request = (struct http_request){
      .method = body ? "GET" : "HEAD",
      .url = f->page_url != NULL ? f->page_url : f->url,
      .headers = {f->token.header, "Accept: application/json",
                  plan->listing->header},
      .not_before_ms = f->not_before_ms,
      .on_body = on_body,
      .on_header = on_header,
      .arg = f,
  };
  return 0;
}

/* ---- what an answer means ----------------------------------------------- */

/* Where and what, for the operator. */
static void fetch_error(const struct fetch *f, struct error *err) {
  *err = f->error;
  if (err->code == ERROR_LOGIN)
    return;
  if (f->project == NULL || f->page > 1)
    error_wrap(err, "page %zu", f->page);
  if (f->project != NULL)
    error_wrap(err, "project %s", f->project);
}

static void stop_pass(struct pass *p, const struct error *err) {
  if (p->error.code == ERROR_NONE)
    p->error = *err;
  p->over = true;
}

/* A fetch has failed for good. One project's failure is not the walk's. */
static void fetch_failed(struct fetch *f) {
  struct pass *p = f->pass;
  struct error err = {0};
  fetch_error(f, &err);
  f->state = FETCH_IDLE;
  if (f->project != NULL &&
      (err.code == ERROR_STOPPED || err.code == ERROR_DEADLINE)) {
    p->over = true; /* no fault of this project's: http_run says it */
    return;
  }
  p->result->failed++;
  if (f->project == NULL || err.code == ERROR_LOGIN ||
      ++p->failures_in_a_row >= FAILURES_IN_A_ROW)
    stop_pass(p, &err);
  else if (p->error.code == ERROR_NONE)
    p->error = err;
}

static void fetch_finished(struct fetch *f) {
  f->state = FETCH_IDLE;
  f->pass->result->projects++;
  f->pass->failures_in_a_row = 0;
}

/* The query of the page behind this one into f->page_url; false: this was the
 * last one, or f->error is set. */
static bool find_next(struct fetch *f) {
  const struct paging *paging = &f->pass->plan->listing->paging;
  char number[24];
  char *url = NULL;
  f->offset += f->records;
  switch (paging->kind) {
  case PAGING_NONE:
    return false;
  case PAGING_LINK:
  case PAGING_LINKS:
    if (f->next == NULL || f->records == 0)
      return false;
    url = url_with_query(f->url, f->next);
    break;
  case PAGING_MARKER:
    if (f->records == 0 || f->marker == NULL ||
        (double)f->offset ==
            binding_expected(f->pass->plan->binding, f->headers))
      return false;
    url = url_with_parameter(f->url, "marker", f->marker);
    break;
  case PAGING_OFFSET:
    if (f->records < paging->limit)
      return false;
    snprintf(number, sizeof(number), "%zu", f->offset);
    url = url_with_parameter(f->url, "offset", number);
    break;
  }
  if (url == NULL)
    error_memory(&f->error);
  /* Neutron starts over when the marker is gone; a broken link leads to the
   * same page for ever. */
  else if (f->fresh == 0)
    error_set(&f->error, ERROR_LIMIT, "it lists only what was listed before");
  else if (f->pass->result->pages >= PASS_PAGES)
    error_set(&f->error, ERROR_LIMIT, "more than %d pages", PASS_PAGES);
  free(f->page_url);
  f->page_url = url;
  return f->error.code == ERROR_NONE;
}

/* A 2xx answer has ended. 204 says in its status that nothing is there. */
static void take_page(struct fetch *f, const struct http_reply *reply) {
  const struct pass_plan *plan = f->pass->plan;
  if (binding_needs_body(plan->binding) && reply->status != 204) {
    if (extract_finish(f->extract, &f->error) != 0) {
      fetch_failed(f);
      return;
    }
    if (!extract_met(f->extract, 0)) {
      error_set(&f->error, ERROR_PARSE, "the answer has no \"%s\"",
                plan->listing->record);
      fetch_failed(f);
      return;
    }
  }
  f->pass->result->pages++;
  answer_samples(f, METER_HEADERS, f->headers);
  if (find_next(f)) {
    f->page++;
    f->tries = 0;
    f->state = FETCH_READY;
  } else if (f->error.code != ERROR_NONE) {
    fetch_failed(f);
  } else {
    fetch_finished(f);
  }
}

static void take_denied(struct fetch *f) {
  struct pass *p = f->pass;
  error_set(&f->error, ERROR_DENIED, "HTTP 403");
  if (f->project == NULL) {
    fetch_failed(f);
    return;
  }
  p->result->denied++;
  fetch_finished(f);
  size_t open = p->result->projects - p->result->denied - p->result->absent;
  if (p->result->denied >= DENIED_AT_FIRST && open <= 1) {
    struct error err = f->error;
    stop_pass(p, &err);
  }
}

/* The server asks to come again later. True: we shall, within this pass. */
static bool comes_again(struct fetch *f, const struct http_reply *reply) {
  struct pass *p = f->pass;
  int64_t at = clock_ms() + reply->retry_after_ms;
  if (reply->retry_after_ms < 0 ||
      (reply->status != 429 && reply->status != 503))
    return false;
  if (++f->tries < PASS_TRIES && at < p->plan->deadline_ms) {
    f->not_before_ms = at;
    f->state = FETCH_READY;
    return true;
  }
  p->result->retry_after_ms = reply->retry_after_ms;
  return false;
}

static void take_status(struct fetch *f, const struct http_reply *reply) {
  struct pass *p = f->pass;
  const struct listing *listing = p->plan->listing;
  const char *url = f->page_url != NULL ? f->page_url : f->url;
  if (reply->status == 401 && !p->renewed &&
      session_refused(p->plan->session, f->token.generation)) {
    p->renewed = true;
    f->state = FETCH_READY;
    return;
  }
  for (size_t i = 0; f->project != NULL && i < 2; i++) {
    if (reply->status == listing->absent[i] && reply->status != 0) {
      p->result->absent++;
      fetch_finished(f);
      return;
    }
  }
  if (comes_again(f, reply))
    return;
  if (reply->status == 403) {
    take_denied(f);
    return;
  }
  const char *secret = f->token.header + strcspn(f->token.header, " ") + 1;
  bool safe = strstr(reply->said, secret) == NULL;
  error_set(&f->error, ERROR_STATUS, "HTTP %ld from %.*s%s%s%s%s",
            reply->status, (int)strcspn(url, "?"), url,
            reply->location[0] != '\0' ? ", a redirect to " : "",
            reply->location, safe && reply->said[0] != '\0' ? ": " : "",
            safe ? reply->said : "");
  fetch_failed(f);
}

/* Several transfers can meet their 401 at once: only the first needs the
 * renewal, the others just go again with the new token. */
static bool old_token(struct fetch *f, const struct http_reply *reply) {
  struct pass *p = f->pass;
  if (reply->status != 401 || !p->renewed || f->tries >= PASS_TRIES)
    return false;
  struct session_token now = {0};
  bool other = session_token(p->plan->session, p->plan->deadline_ms, &now,
                             &f->error) == 0 &&
               now.generation != f->token.generation;
  session_token_clear(&now);
  if (!other)
    return false;
  f->tries++;
  f->state = FETCH_READY;
  return true;
}

/* ---- the two ends of http_run ------------------------------------------- */

static bool pass_next(void *arg, struct http_request *ret_request) {
  struct pass *p = arg;
  const struct pass_plan *plan = p->plan;
  size_t all = plan->listing->scope == LISTING_PROJECT ? plan->nprojects : 1;
  for (size_t i = 0; i < p->width && !p->over; i++) {
    struct fetch *f = &p->fetches[i];
    if (f->state == FETCH_IDLE && p->begun < all)
      fetch_begin(f);
    if (f->state != FETCH_READY)
      continue;
    if (fetch_request(f, ret_request) == 0) {
      f->state = FETCH_RUNNING;
      return true;
    }
    fetch_failed(f);
  }
  return false;
}

static void pass_done(void *arg, const struct http_request *request,
                      const struct http_reply *reply) {
  struct pass *p = arg;
  struct fetch *f = request->arg;
  bool success = reply->status >= 200 && reply->status < 300;
  p->result->bytes += reply->bytes;
  /* All JSON has come: that the connection then broke does not matter. */
  bool whole =
      reply->error.code == ERROR_NONE ||
      (reply->error.code == ERROR_TRANSPORT && success &&
       binding_needs_body(p->plan->binding) && extract_complete(f->extract));
  if (f->error.code != ERROR_NONE) {
    fetch_failed(f);
  } else if (!whole) {
    f->error = reply->error;
    fetch_failed(f);
  } else if (success) {
    take_page(f, reply);
  } else if (!old_token(f, reply)) {
    take_status(f, reply);
  }
}

/* Where a round that was cut short goes on: behind the last project that came
 * to its end, as near as their order lets us say. */
static void remember_place(struct pass *p) {
  const struct pass_plan *plan = p->plan;
  size_t done = p->result->projects + p->result->failed;
  p->result->next_project =
      plan->nprojects > 0 ? (plan->first_project + done) % plan->nprojects : 0;
}

int pass_run(const struct pass_plan *plan, struct pass_result *ret_result,
             struct error *err) {
  *ret_result = (struct pass_result){.retry_after_ms = -1};
  struct pass p = {.plan = plan, .result = ret_result};
  struct http_work work = {.next = pass_next, .done = pass_done, .arg = &p};
  int status = -1;
  p.width = plan->listing->scope == LISTING_PROJECT ? plan->width : 1;
  p.fetches = calloc(p.width, sizeof(*p.fetches));
  if (p.fetches == NULL) {
    error_memory(err);
    goto out;
  }
  for (size_t i = 0; i < p.width; i++)
    if (fetch_init(&p.fetches[i], &p, err) != 0)
      goto out;
  status = http_run(plan->http, &work, plan->deadline_ms, err);
  if (status == 0 && p.error.code != ERROR_NONE)
    status = -1;
  /* The first thing that went wrong says more than what it led to. */
  if (status != 0 && p.error.code != ERROR_NONE && err != NULL &&
      err->code != ERROR_STOPPED)
    *err = p.error;
  if (status != 0)
    remember_place(&p);
out:
  for (size_t i = 0; p.fetches != NULL && i < p.width; i++)
    fetch_clear(&p.fetches[i]);
  free(p.fetches);
  idset_clear(&p.seen);
  return status;
}
