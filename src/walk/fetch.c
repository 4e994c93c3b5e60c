#include "walk/fetch.h"

#include "base/idset.h"
#include "base/secret.h"
#include "base/text.h"
#include "keystone/session.h"
#include "meter/pieces.h"
#include "net/extract.h"
#include "net/http.h"
#include "settings/access.h"
#include "walk/pace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What is read of an answer has the time at which it came. */
static void note_time(struct fetch *f) {
  f->output->now = pace_time(f->plan->listing, f->output->now);
}

/* ---- records ------------------------------------------------------------ */

static int on_record(void *arg, const struct cell *cells) {
  struct fetch *f = arg;
  const struct pass_plan *plan = f->plan;
  char text[CELL_TEXT];
  pages_record(&f->pages, cells);
  const char *id =
      binding_id(plan->binding, cells, f->asked, text, sizeof(text));
  if (id == NULL) {
    f->result->odd++;
    f->pages.odd++;
    return 0;
  }
  if (idset_full(f->seen))
    return error_set(&f->error, ERROR_LIMIT, "more than %d records",
                     IDSET_LIMIT);
  uint64_t hash = text_hash(id, strlen(id), text_seed());
  const struct subject subject = {.of = METER_RECORD,
                                  .cells = cells,
                                  .id = id,
                                  .hash = hash,
                                  .asked = f->asked,
                                  .worst = &f->worst,
                                  .twin = !idset_add(f->seen, hash)};
  f->result->twins +=
      subject.twin && !f->again && f->pages.page == 1; /* else it shifts */
  f->result->records += !subject.twin;
  f->pages.fresh += !subject.twin || f->again;
  samples_take(plan->binding, &subject, f->output);
  return 0;
}

/* One value for the whole answer, whatever its pages: that of the first. */
static void take_answer(struct fetch *f, enum meter_of of,
                        const struct cell *cells) {
  const struct binding *binding = f->plan->binding;
  const char *id = f->asked != NULL ? f->asked->id : "total";
  double total = binding_expected(binding, of, cells);
  if (!isnan(total))
    f->pages.total = total;
  uint64_t hash = text_hash(id, strlen(id), text_seed() + 1 + of);
  if (idset_add(f->seen, hash))
    samples_take(binding,
                 &(struct subject){
                     .of = of, .cells = cells, .id = id, .asked = f->asked},
                 f->output);
}

static int on_answer(void *arg, const struct cell *cells) {
  take_answer(arg, METER_ANSWER, cells);
  return 0;
}

static int on_body(void *arg, const void *data, size_t len) {
  struct fetch *f = arg;
  note_time(f);
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
  f->from_service = f->from_service || is_of_service(f->plan->listing, name);
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
  struct search search = {.record = on_record, .answer = on_answer, .arg = f};
  pages_links(&f->pages, &search);
  return search_new(f->plan->binding, &search, err);
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
  f->pages = (struct pages){.plan = plan, .error = &f->error};
  if (listing->record == NULL)
    return 0;
  f->extract = make_extract(f, err);
  return f->extract != NULL ? 0 : -1;
}

void fetch_clear(struct fetch *f) {
  worst_clear(&f->worst);
  extract_free(f->extract);
  secret_free(f->s3_keys);
  free(f->version);
  free(f->headers);
  pages_clear(&f->pages);
}

/* Nothing has been tried yet for the page that comes. */
static void expect_page(struct fetch *f) {
  f->tries = 0;
  f->refused = 0;
  f->retried = false;
  f->not_before_ms = 0;
  f->state = FETCH_READY;
}

void fetch_begin(struct fetch *f, const struct asked *asked) {
  f->asked = asked;
  pages_first(&f->pages, asked != NULL ? asked->id : NULL);
  expect_page(f);
}

/* Who asks: a token, or keys that sign. */
static void put_auth(const struct fetch *f, struct http_request *request) {
  if (f->plan->listing->auth == AUTH_NONE)
    return;
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
  f->from_service = false;
  if (pages_open(&f->pages) != 0)
    return -1;
  binding_fields(plan->binding, METER_HEADERS, &n);
  for (size_t i = 0; i < n; i++)
    f->headers[i].kind = CELL_NONE;
  *request = (struct http_request){
      .method = binding_needs_body(plan->binding) ? "GET" : "HEAD",
      .url = pages_url(&f->pages),
      .on_body = f->extract != NULL ? on_body : NULL,
      .on_header = on_header,
      .arg = f,
  };
  put_auth(f, request);
  if (f->extract != NULL && extract_begin(f->extract, &f->error) != 0)
    return -1;
  put_header(request, "Accept: application/json");
  put_header(request, f->version);
  const char *const *header = plan->listing->headers;
  for (; header != NULL && *header != NULL; header++)
    put_header(request, *header);
  return 0;
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
  if (!extract_met(f->extract, SEARCH_RECORD))
    return error_set(&f->error, ERROR_PARSE, "the answer has no \"%s\"",
                     listing->record);
  if (f->pages.has_holder && !extract_met(f->extract, SEARCH_LINK))
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

void fetch_end(struct fetch *f, bool whole) {
  if (whole)
    samples_worst(&f->worst, f->output);
  else
    worst_empty(&f->worst);
}

int fetch_take(struct fetch *f, const struct http_reply *reply) {
  if (check_headers(f) != 0)
    return -1;
  if (binding_needs_body(f->plan->binding) && !is_empty(f, reply) &&
      check_body(f) != 0)
    return -1;
  f->result->pages++;
  note_time(f);
  take_answer(f, METER_HEADERS, f->headers);
  int more = pages_next(&f->pages);
  if (more > 0)
    expect_page(f);
  return more;
}

/* Whom libcurl or the parser speaks of; a status has it already. */
static void name_url(const char *url, struct error *err) {
  const struct error bare = *err;
  error_set(err, bare.code, "%s (%.*s)", bare.text, (int)strcspn(url, "?"),
            url);
  err->detail = bare.detail;
}

void fetch_error(const struct fetch *f, struct error *err) {
  *err = f->error;
  if (err->code == ERROR_LOGIN)
    return;
  if (pages_url(&f->pages) != NULL &&
      (err->code == ERROR_TRANSPORT || err->code == ERROR_UNREACHED ||
       err->code == ERROR_PARSE || err->code == ERROR_LIMIT))
    name_url(pages_url(&f->pages), err);
  bool first = f->asked == NULL && err->code != ERROR_UNREACHED;
  if (first || f->pages.page > 1)
    error_wrap(err, "page %zu", f->pages.page);
  if (f->asked != NULL)
    error_wrap(err, "%s %s", listing_asked(f->plan->listing), f->asked->id);
}

/* A proxy in front of the service knows neither what the token may nor what
 * there is, whatever status its own page has. */
enum meaning fetch_meaning(const struct fetch *f, long status) {
  const int *absent = f->plan->listing->absent;
  bool is_absent =
      f->pages.page == 1 && (status == absent[0] || status == absent[1]);
  if (!is_absent && status != 403)
    return MEANS_FAILURE;
  if (!f->from_service)
    return MEANS_PROXY;
  return is_absent ? MEANS_ABSENT : MEANS_DENIED;
}

bool fetch_has_all(const struct fetch *f) {
  return f->extract != NULL && extract_complete(f->extract);
}
