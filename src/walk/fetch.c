#include "walk/fetch.h"

#include "base/idset.h"
#include "base/secret.h"
#include "base/text.h"
#include "keystone/session.h"
#include "net/extract.h"
#include "net/http.h"
#include "net/url.h"
#include "settings/access.h"
#include "walk/listing_url.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
    f->odd++;
    return 0;
  }
  if (idset_full(f->seen))
    return error_set(&f->error, ERROR_LIMIT, "more than %d records",
                     IDSET_LIMIT);
  const struct subject subject = {
      .of = METER_RECORD,
      .cells = cells,
      .id = id,
      .project = f->project,
      .worst = &f->worst,
      .twin = !idset_add(f->seen, text_hash(id, strlen(id), text_seed()))};
  f->result->twins += subject.twin && f->page == 1; /* later: the list shifts */
  f->result->records += !subject.twin;
  f->fresh += !subject.twin;
  samples_take(plan->binding, &subject, f->output);
  return 0;
}

/* One value for the whole answer: of the first page, lest it comes twice. */
static void take_answer(struct fetch *f, enum meter_of of,
                        const struct cell *cells) {
  const struct binding *binding = f->plan->binding;
  const char *id = f->project != NULL ? f->project : "total";
  double total = binding_expected(binding, of, cells);
  if (!isnan(total))
    f->total = total;
  if (f->page == 1)
    samples_take(binding,
                 &(struct subject){
                     .of = of, .cells = cells, .id = id, .project = f->project},
                 f->output);
}

static int on_answer(void *arg, const struct cell *cells) {
  take_answer(arg, METER_ANSWER, cells);
  return 0;
}

/* No link is null, "", or nothing at all. A container comes as a cell without a
 * kind: it is no scalar. */
static void keep_link(struct fetch *f, const struct cell *href) {
  const char *query = strchr(href->text, '?');
  if (href->kind == CELL_NULL || (href->kind == CELL_STRING && href->len == 0))
    return;
  if (href->kind != CELL_STRING)
    error_set(&f->error, ERROR_PARSE, "the next link is no text");
  else if (href->cut)
    error_set(&f->error, ERROR_LIMIT, "the next link is over %d bytes",
              CELL_TEXT - 1);
  else if (query == NULL || query[1] == '\0')
    error_set(&f->error, ERROR_PARSE, "the next link has no query");
  else if (!url_has_bytes(query + 1))
    error_set(&f->error, ERROR_PARSE,
              "the next link has a blank or a control byte");
  else
    keep_text(f, &f->next, query + 1);
}

static int on_link(void *arg, const struct cell *cells) {
  keep_link(arg, &cells[0]);
  return 0;
}

/* The list holds "previous" as well, and in any order. */
static int on_links(void *arg, const struct cell *cells) {
  struct fetch *f = arg;
  if (cells[0].kind != CELL_STRING)
    error_set(&f->error, ERROR_PARSE, "a link has no \"rel\"");
  else if (strcmp(cells[0].text, "next") == 0)
    keep_link(f, &cells[1]);
  return 0;
}

static int on_link_holder(void *arg, const struct cell *cells) {
  struct fetch *f = arg;
  f->has_holder = cells[0].kind != CELL_NULL;
  return 0;
}

static int on_truncated(void *arg, const struct cell *cells) {
  struct fetch *f = arg;
  f->truncated = cells[0].kind == CELL_TRUE;
  return 0;
}

/* A link of a listing that is thought to have no pages. */
static int on_stray_link(void *arg, const struct cell *cells) {
  struct fetch *f = arg;
  if (cells[0].kind == CELL_STRING && cells[0].len > 0)
    f->result->unfollowed = true;
  return 0;
}

/* The same in a list of links, whatever its name. */
static int on_stray_links(void *arg, const struct cell *cells) {
  bool next = cells[0].kind == CELL_STRING && !strcmp(cells[0].text, "next");
  return next ? on_stray_link(arg, &cells[1]) : 0;
}

static int on_body(void *arg, const void *data, size_t len) {
  struct fetch *f = arg;
  if (extract_feed(f->extract, data, len, &f->error) != 0)
    return -1;
  return f->error.code == ERROR_NONE ? 0 : -1;
}

/* Names of the header in which services give an id to each request. Proxies
 * that give ids have other names for them, such as X-Request-ID. */
static const char *const request_ids[] = {
    "x-openstack-request-id", /* oslo.middleware, Glance, Swift */
    "x-compute-request-id",   /* Cinder, Manila, Nova */
    "openstack-request-id",   /* Ironic */
    "x-trans-id",             /* Swift, and the RADOS gateway in its place */
    "x-amz-request-id",       /* the RADOS gateway */
};

/* Does this header show that the service has answered, and no proxy? */
static bool is_of_service(const struct listing *listing, const char *name) {
  if (listing->service_header != NULL)
    return strcasecmp(name, listing->service_header) == 0;
  for (size_t i = 0; i < sizeof(request_ids) / sizeof(request_ids[0]); i++)
    if (strcmp(name, request_ids[i]) == 0)
      return true;
  return false;
}

static void on_header(void *arg, const char *name, const char *value) {
  struct fetch *f = arg;
  size_t n;
  f->from_service |= is_of_service(f->plan->listing, name);
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

/* The path of what holds the link, or the list of links; NULL: the answer
 * itself, or no memory. */
static char *holder_path(const char *next) {
  bool quoted = strchr(next, '"') != NULL; /* its dots are part of names */
  const char *last = strrchr(next, '.');
  size_t len = strlen(next);
  if (len > 2 && strcmp(next + len - 2, "[]") == 0)
    return strndup(next, len - 2);
  return last != NULL && !quoted ? strndup(next, (size_t)(last - next)) : NULL;
}

static const struct extract_field itself[] = {{.path = ""}};

/* Where pages follow links: the groups that find them, behind `n`. */
static size_t add_link_groups(struct fetch *f, struct extract_group *groups,
                              size_t n, const char *holder) {
  static const struct extract_field links[] = {{.path = "rel"},
                                               {.path = "href"}};
  const struct paging *paging = &f->plan->listing->paging;
  f->link_group = n;
  if (paging->kind == PAGING_LINK)
    groups[n++] = (struct extract_group){paging->next, itself, 1, on_link};
  if (paging->kind == PAGING_LINKS)
    groups[n++] = (struct extract_group){paging->next, links, 2, on_links};
  if (holder != NULL)
    groups[n++] = (struct extract_group){holder, itself, 1, on_link_holder};
  if (paging->truncated != NULL)
    groups[n++] =
        (struct extract_group){paging->truncated, itself, 1, on_truncated};
  if (paging->kind != PAGING_NONE)
    return n;
  groups[n++] = (struct extract_group){"next", itself, 1, on_stray_link};
  groups[n++] = (struct extract_group){"links.next", itself, 1, on_stray_link};
  groups[n++] = (struct extract_group){"*[]", links, 2, on_stray_links};
  return n;
}

static struct extract *make_extract(struct fetch *f, struct error *err) {
  const struct pass_plan *plan = f->plan;
  const char *next = plan->listing->paging.next;
  char *holder = next != NULL ? holder_path(next) : NULL;
  struct extract_group groups[6] = {
      {.record = plan->listing->record, .on_record = on_record},
      {.record = "", .on_record = on_answer}};
  groups[0].fields =
      binding_fields(plan->binding, METER_RECORD, &groups[0].nfields);
  groups[1].fields =
      binding_fields(plan->binding, METER_ANSWER, &groups[1].nfields);
  size_t n = groups[1].nfields > 0 ? 2 : 1;
  n = add_link_groups(f, groups, n, holder);
  struct extract *extract = extract_new(groups, n, f, err);
  free(holder);
  return extract;
}

/* The form in which curl takes them. */
static int make_keys(struct fetch *f, struct error *err) {
  const struct pass_access *access = f->plan->access;
  char *read = NULL;
  if (access->s3_secret_key == NULL &&
      secret_read(access->s3_secret_key_file, &read, err) != 0)
    return -1;
  const char *secret = read != NULL ? read : access->s3_secret_key;
  f->s3_keys = secret_join(access->s3_access_key, ":", secret);
  if (f->s3_keys != NULL)
    f->s3_secret = f->s3_keys + strlen(access->s3_access_key) + 1;
  secret_free(read);
  return f->s3_keys != NULL ? 0 : error_memory(err);
}

int fetch_init(struct fetch *f, struct error *err) {
  const struct pass_plan *plan = f->plan;
  const struct listing *listing = plan->listing;
  size_t n;
  binding_fields(plan->binding, METER_HEADERS, &n);
  f->headers = calloc(n > 0 ? n : 1, sizeof(*f->headers));
  if (plan->version != NULL)
    f->version = text_printf("%s%s", listing->version_header, plan->version);
  if (f->headers == NULL || (plan->version != NULL && f->version == NULL))
    return error_memory(err);
  if (listing->auth == AUTH_S3 && make_keys(f, err) != 0)
    return -1;
  f->extract = make_extract(f, err);
  return f->extract != NULL ? 0 : -1;
}

void fetch_clear(struct fetch *f) {
  worst_clear(&f->worst);
  extract_free(f->extract);
  secret_free(f->s3_keys);
  free(f->version);
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
  f->url = listing_url(f->plan, project);
  f->page = 1;
  f->offset = 0;
  f->stale = 0;
  f->total = NAN;
  f->tries = 0;
  f->refused = 0;
  f->retried = false;
  f->not_before_ms = 0;
  f->state = FETCH_READY;
}

/* Who asks: a token, or keys that sign. */
static void put_auth(const struct fetch *f, struct http_request *request) {
  if (f->plan->listing->auth == AUTH_S3) {
    request->sigv4 = "aws:amz:us-east-1:s3";
    request->sigv4_user_key = f->s3_keys;
    request->secret = f->s3_secret;
    return;
  }
  request->headers[0] = f->token->header;
  request->secret = f->token->header + strlen(TOKEN_HEADER);
}

static void put_header(struct http_request *request, const char *header) {
  size_t i = 0;
  while (i < HTTP_HEADERS && request->headers[i] != NULL)
    i++;
  if (i < HTTP_HEADERS)
    request->headers[i] = header;
}

int fetch_request(struct fetch *f, struct http_request *request) {
  const struct pass_plan *plan = f->plan;
  size_t n;
  f->error.code = ERROR_NONE;
  f->records = f->fresh = f->odd = 0;
  f->has_holder = f->from_service = f->truncated = false;
  free(f->next);
  f->next = NULL;
  binding_fields(plan->binding, METER_HEADERS, &n);
  for (size_t i = 0; i < n; i++)
    f->headers[i].kind = CELL_NONE;
  if (f->url == NULL)
    return error_memory(&f->error);
  *request = (struct http_request){
      .method = binding_needs_body(plan->binding) ? "GET" : "HEAD",
      .url = fetch_url(f),
      .on_body = on_body,
      .on_header = on_header,
      .arg = f,
  };
  put_auth(f, request);
  if (extract_begin(f->extract, &f->error) != 0)
    return -1;
  put_header(request, "Accept: application/json");
  put_header(request, f->version);
  const char *const *header = plan->listing->headers;
  for (; header != NULL && *header != NULL; header++)
    put_header(request, *header);
  return 0;
}

/* Manila counts and pages by replicas and lists each share once: its last pages
 * repeat shares, and are shorter than the first. */
static bool is_tail(const struct fetch *f) {
  return f->fresh == 0 && f->records < f->first_records;
}

/* So many pages in a row, this one included, may bring nothing new. One share
 * of some replicas makes pages that are no shorter; a service that hides
 * records behind its paging makes pages that are empty and link on. */
static size_t stale_pages(const struct fetch *f) {
  if (f->plan->listing->paging.kind == PAGING_OFFSET)
    return 4;
  return f->records == 0 ? 16 : 0;
}

/* The query of the page behind this one into f->page_url; false: this was the
 * last one, or f->error is set. */
static bool find_next(struct fetch *f) {
  const struct paging *paging = &f->plan->listing->paging;
  char number[24];
  char *url = NULL;
  f->offset += f->records;
  f->stale = f->fresh > 0 ? 0 : f->stale + 1;
  switch (paging->kind) {
  case PAGING_NONE:
    return false;
  case PAGING_LINK:
  case PAGING_LINKS:
    if (f->next == NULL)
      return false;
    url = url_with_query(f->url, f->next);
    if (f->plan->listing->fields && strstr(f->next, "fields=") == NULL)
      url =
          listing_url_fields(url, f->plan->binding); /* Octavia forgets them */
    break;
  case PAGING_MARKER:
    if (f->records == 0 || f->marker == NULL || (double)f->offset == f->total)
      return false;
    url = url_with_parameter(f->url, "marker", f->marker);
    break;
  case PAGING_OFFSET:
    if (f->records == 0 || (double)f->offset == f->total || is_tail(f))
      return false;
    snprintf(number, sizeof(number), "%zu", f->offset);
    url = url_with_parameter(f->url, "offset", number);
    break;
  }
  if (url == NULL)
    error_memory(&f->error);
  /* Neutron starts over when the marker is gone; a broken link leads to the
   * same page for ever. */
  else if (f->stale > stale_pages(f))
    error_set(&f->error, ERROR_LIMIT, "%s",
              f->odd > 0        ? "it lists only what has no id"
              : f->records == 0 ? "page after page is empty and links on"
                                : "it lists only what was listed before");
  else if (f->page >= PASS_PAGES)
    error_set(&f->error, ERROR_LIMIT, "more than %d pages", PASS_PAGES);
  free(f->page_url);
  f->page_url = url;
  return f->error.code == ERROR_NONE;
}

/* A web page of a proxy's, or an answer that was cut, is none of the service's,
 * whatever its status. */
static int check_headers(struct fetch *f) {
  const struct binding *binding = f->plan->binding;
  const char *total = f->plan->listing->paging.total_header;
  size_t n, met = 0;
  binding_fields(binding, METER_HEADERS, &n);
  for (size_t i = 0; i < n; i++)
    met += f->headers[i].kind != CELL_NONE;
  if (total != NULL && binding_needs_body(binding) && /* pages by it */
      isnan(binding_expected(binding, METER_HEADERS, f->headers)))
    return error_set(&f->error, ERROR_PARSE, "the answer has no \"%s\"", total);
  if (met == 0 && !binding_needs_body(binding))
    return error_set(&f->error, ERROR_PARSE,
                     "the answer has no header that was asked for");
  return 0;
}

static int check_body(struct fetch *f) {
  const struct listing *listing = f->plan->listing;
  if (extract_finish(f->extract, &f->error) != 0)
    return -1;
  if (!extract_met(f->extract, 0))
    return error_set(&f->error, ERROR_PARSE, "the answer has no \"%s\"",
                     listing->record);
  if (f->has_holder && !extract_met(f->extract, f->link_group))
    return error_set(&f->error, ERROR_PARSE, "the answer has no link at \"%s\"",
                     listing->paging.next);
  return 0;
}

/* Swift has no body for an account without containers. Who says so is Swift: a
 * 204 alone may be anybody's. */
static bool is_empty(const struct fetch *f, const struct http_reply *reply) {
  return reply->status == 204 &&
         binding_expected(f->plan->binding, METER_HEADERS, f->headers) == 0;
}

void fetch_end(struct fetch *f) { samples_worst(&f->worst, f->output); }

int fetch_take(struct fetch *f, const struct http_reply *reply) {
  if (check_headers(f) != 0)
    return -1;
  if (binding_needs_body(f->plan->binding) && !is_empty(f, reply) &&
      check_body(f) != 0)
    return -1;
  f->result->pages++;
  if (f->page == 1)
    f->first_records = f->records;
  take_answer(f, METER_HEADERS, f->headers);
  if (find_next(f)) {
    f->page++;
    f->tries = 0;
    f->refused = 0;
    f->retried = false;
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
