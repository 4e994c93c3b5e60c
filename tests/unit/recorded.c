#include "recorded.h"
#include "stub/data.h"

#include "base/clock.h"
#include "base/idset.h"
#include "base/roster.h"
#include "base/text.h"
#include "keystone/session.h"
#include "meter/pieces.h"
#include "meters/meters.h"
#include "net/extract.h"
#include "net/http.h"
#include "settings/access.h"
#include "walk/fetch.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_METERS = 64 };

/* A run, while it writes. */
struct run {
  struct recorded *ret;
  FILE *requests, *samples;
};

static char header[] = TOKEN_HEADER "t";
static const struct session_token token = {.header = header};

/* ---- texts -------------------------------------------------------------- */

static const char *or_none(const char *text) {
  return text != NULL ? text : "-";
}

/* As short as it can be without being another number. */
static void put_number(FILE *out, double value) {
  char number[40];
  double back = 0;
  snprintf(number, sizeof(number), "%.15g", value);
  if (!text_number(number, &back) || back != value)
    snprintf(number, sizeof(number), "%.17g", value);
  fputs(number, out);
}

static void note_sample(void *arg, const struct sample *sample) {
  FILE *out = ((struct run *)arg)->samples;
  const char *name, *text;
  fprintf(out, "%s %s ", sample->meter->name, meter_type(sample->meter));
  put_number(out, sample->value);
  fprintf(out, " %s %s %s %s", sample->id, or_none(sample->project),
          or_none(sample->user), or_none(sample->name));
  for (size_t i = 0; sample_metadata(sample, i, &name, &text); i++)
    fprintf(out, " %s=%s", name, or_none(text));
  fputc('\n', out);
}

static void note_request(FILE *out, const struct http_request *request) {
  fprintf(out, "%s %s", request->method, request->url);
  for (size_t i = 0; i < HTTP_HEADERS && request->headers[i] != NULL; i++)
    if (strncmp(request->headers[i], "X-Auth-Token", 12) != 0 &&
        strcmp(request->headers[i], "Accept: application/json") != 0)
      fprintf(out, " [%s]", request->headers[i]);
  fputs(request->sigv4 != NULL ? " [signed]\n" : "\n", out);
}

/* ---- answers ------------------------------------------------------------ */

static void feed_headers(const struct http_request *request, const char *file) {
  size_t len;
  char *text = data_read(file, &len), *state = NULL;
  for (char *line = strtok_r(text, "\r\n", &state); line != NULL;
       line = strtok_r(NULL, "\r\n", &state)) {
    char *value = strstr(line, ": ");
    assert_non_null(value);
    *value = '\0';
    for (char *c = line; *c != '\0'; c++)
      *c = (char)tolower((unsigned char)*c);
    request->on_header(request->arg, line, value + 2);
  }
  free(text);
}

static int feed_body(const struct http_request *request, const char *body) {
  const size_t piece = 7; /* no end of a piece is where it would be nice */
  size_t len = strlen(body);
  char *read = NULL;
  if (body[0] != '[' && body[0] != '{')
    body = read = data_read(body, &len);
  int status = 0;
  for (size_t at = 0; status == 0 && at < len; at += piece)
    status = request->on_body(request->arg, body + at,
                              len - at < piece ? len - at : piece);
  free(read);
  return status;
}

static void walk_pages(const struct recorded_plan *plan, struct fetch *fetch,
                       struct run *run) {
  const struct http_reply reply = {.status = 200};
  struct http_request request;
  int more = 1;
  const struct asked asked = {
      .id = plan->project, .name = plan->owner_name, .project = plan->project};
  fetch_begin(fetch, plan->project != NULL ? &asked : NULL);
  for (size_t page = 0; more == 1; page++) {
    if (fetch_request(fetch, &request) != 0)
      fail_msg("%s", fetch->error.text);
    const char *body = page < RECORDED_PAGES ? plan->bodies[page] : NULL;
    if (page > 0 && body == NULL)
      break;
    note_request(run->requests, &request);
    if (plan->headers != NULL)
      feed_headers(&request, plan->headers);
    bool fed = body == NULL || feed_body(&request, body) == 0;
    fetch_end(fetch, fed && fetch_has_all(fetch));
    more = fed ? fetch_take(fetch, &reply) : -1;
  }
  run->ret->more = more;
  run->ret->error = fetch->error;
}

/* ---- meters ------------------------------------------------------------- */

static size_t find_meters(const struct recorded_plan *plan,
                          const struct meter **meters) {
  size_t n = 0;
  for (size_t i = 0; i < meters_count(); i++) {
    const struct meter *meter = meters_get(i);
    if (strcmp(meter->from->name, plan->listing) != 0)
      continue;
    if (plan->meters != NULL && !text_match(plan->meters, meter->name))
      continue;
    assert_true(n < MOST_METERS);
    meters[n++] = meter;
  }
  if (n == 0)
    fail_msg("no meter on %s", plan->listing);
  return n;
}

static void run_binding(const struct recorded_plan *plan, struct run *run,
                        const struct listing *listing,
                        const struct binding *binding) {
  char access_key[] = "a", secret_key[] = "s";
  const struct pass_access access = {.s3_access_key = access_key,
                                     .s3_secret_key = secret_key};
  const struct pass_plan pass = {
      .listing = listing,
      .binding = binding,
      .access = &access,
      .account_prefix = "AUTH_",
      .url = plan->endpoint != NULL ? plan->endpoint : "http://h",
      .version = listing->version,
  };
  struct roster owners = {0};
  struct error err = {0};
  for (size_t i = 0; i < RECORDED_OWNERS && plan->owners[i][0] != NULL; i++)
    roster_add(&owners,
               &(struct roster_entry){.id = plan->owners[i][0],
                                      .project = plan->owners[i][1]},
               &err);
  struct sample_output output = {.sink = note_sample,
                                 .arg = run,
                                 .owners =
                                     listing->owners != NULL ? &owners : NULL,
                                 .totals = totals_new()};
  struct pass_result result = {.pages = 0};
  struct idset seen = {0};
  struct fetch fetch = {.plan = &pass,
                        .result = &result,
                        .seen = &seen,
                        .output = &output,
                        .token = &token};
  clock_held = (struct clock_held){.ms = 1, .wall_ms = -1}; /* it is 1970 */
  if (fetch_init(&fetch, &err) != 0)
    fail_msg("%s", err.text);
  for (size_t i = 0; i < plan->seen; i++)
    idset_add(&seen, text_hash(&i, sizeof(i), 0));
  walk_pages(plan, &fetch, run);
  if (run->ret->more == 0)
    samples_totals(binding, NULL, &output);
  run->ret->notes = output.notes;
  run->ret->odd = result.odd;
  run->ret->records = result.records;
  fetch_clear(&fetch);
  idset_clear(&seen);
  roster_clear(&owners);
  totals_free(output.totals);
}

void recorded_run(const struct recorded_plan *plan, struct recorded *ret) {
  const struct meter *meters[MOST_METERS];
  size_t n = find_meters(plan, meters), size;
  struct error err = {0};
  struct binding *binding =
      binding_new(meters[0]->from, meters, n, plan->metadata, &err);
  if (binding == NULL)
    fail_msg("%s", err.text);
  *ret = (struct recorded){.more = 0};
  struct run run = {.ret = ret,
                    .requests = open_memstream(&ret->requests, &size),
                    .samples = open_memstream(&ret->samples, &size)};
  assert_non_null(run.requests);
  assert_non_null(run.samples);
  run_binding(plan, &run, meters[0]->from, binding);
  fclose(run.requests);
  fclose(run.samples);
  binding_free(binding);
}

void recorded_clear(struct recorded *recorded) {
  free(recorded->requests);
  free(recorded->samples);
}
