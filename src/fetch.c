#include "fetch.h"

#include "text.h"
#include "url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- records ------------------------------------------------------------ */

static void keep_text(struct fetch *f, char **where, const char *text) {
  free(*where);
  *where = strdup(text);
  if (*where == NULL)
    error_memory(&f->error);
}

static int on_record(void *arg, const struct cell *cells) {
  struct fetch *f = arg;
  const struct pass_plan *plan = f->plan;
  char id[CELL_TEXT];
  f->records++;
  if (plan->listing->paging.kind == PAGING_MARKER) {
    const char *marker = binding_marker(plan->binding, cells);
    if (marker != NULL)
      keep_text(f, &f->marker, marker);
  }
  if (!binding_id(plan->binding, cells, f->project, id, sizeof(id))) {
    f->result->odd++;
    return 0;
  }
  if (!idset_add(f->seen, text_hash(id, strlen(id), 0)))
    return 0;
  f->fresh++;
  f->result->records++;
  binding_samples(plan->binding, METER_RECORD, cells, id, f->project,
                  plan->sink, plan->sink_arg, &f->result->notes);
  return 0;
}

/* One value for the whole answer: of the first page, lest it comes twice. */
static void answer_samples(struct fetch *f, enum meter_of of,
                           const struct cell *cells) {
  const struct pass_plan *plan = f->plan;
  const char *id = f->project != NULL ? f->project : "total";
  if (f->page == 1)
    binding_samples(plan->binding, of, cells, id, f->project, plan->sink,
                    plan->sink_arg, &f->result->notes);
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
      binding_fields(f->plan->binding, METER_HEADERS, &n);
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

/* ---- a fetch ------------------------------------------------------------ */

static struct extract *make_extract(struct fetch *f, struct error *err) {
  static const struct extract_field link[] = {{.path = ""}};
  static const struct extract_field links[] = {{.path = "rel"},
                                               {.path = "href"}};
  const struct pass_plan *plan = f->plan;
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

int fetch_init(struct fetch *f, const struct pass_plan *plan,
               struct pass_result *result, struct idset *seen,
               struct error *err) {
  f->plan = plan;
  f->result = result;
  f->seen = seen;
  size_t n;
  binding_fields(plan->binding, METER_HEADERS, &n);
  f->headers = calloc(n > 0 ? n : 1, sizeof(*f->headers));
  if (f->headers == NULL)
    return error_memory(err);
  f->extract = make_extract(f, err);
  return f->extract != NULL ? 0 : -1;
}

void fetch_clear(struct fetch *f) {
  extract_free(f->extract);
  session_token_clear(&f->token);
  free(f->headers);
  free(f->url);
  free(f->page_url);
  free(f->next);
  free(f->marker);
}

void fetch_begin(struct fetch *f, const char *project) {
  f->project = project;
  free(f->url);
  free(f->page_url);
  free(f->marker);
  f->page_url = f->marker = NULL;
  f->url = url_join(f->plan->url, f->plan->listing->path, project);
  f->page = 1;
  f->offset = 0;
  f->tries = 0;
  f->not_before_ms = 0;
  f->state = FETCH_READY;
}

int fetch_request(struct fetch *f, struct http_request *request) {
  const struct pass_plan *plan = f->plan;
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
      .url = fetch_url(f),
      .headers = {f->token.header, "Accept: application/json",
                  plan->listing->header},
      .not_before_ms = f->not_before_ms,
      .on_body = on_body,
      .on_header = on_header,
      .arg = f,
  };
  return 0;
}

/* The query of the page behind this one into f->page_url; false: this was the
 * last one, or f->error is set. */
static bool find_next(struct fetch *f) {
  const struct paging *paging = &f->plan->listing->paging;
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
        (double)f->offset == binding_expected(f->plan->binding, f->headers))
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
  else if (f->result->pages >= PASS_PAGES)
    error_set(&f->error, ERROR_LIMIT, "more than %d pages", PASS_PAGES);
  free(f->page_url);
  f->page_url = url;
  return f->error.code == ERROR_NONE;
}

int fetch_take(struct fetch *f, const struct http_reply *reply) {
  const struct pass_plan *plan = f->plan;
  if (binding_needs_body(plan->binding) && reply->status != 204) {
    if (extract_finish(f->extract, &f->error) != 0)
      return -1;
    if (!extract_met(f->extract, 0))
      return error_set(&f->error, ERROR_PARSE, "the answer has no \"%s\"",
                       plan->listing->record);
  }
  f->result->pages++;
  answer_samples(f, METER_HEADERS, f->headers);
  if (find_next(f)) {
    f->page++;
    f->tries = 0;
    f->state = FETCH_READY;
    return 1;
  }
  return f->error.code == ERROR_NONE ? 0 : -1;
}

bool fetch_has_all(const struct fetch *f) {
  return binding_needs_body(f->plan->binding) && extract_complete(f->extract);
}

const char *fetch_url(const struct fetch *f) {
  return f->page_url != NULL ? f->page_url : f->url;
}
