/*
 * walk - the plugin's own walk of the images, without a daemon
 *
 *   walk AUTHURL PASSWORD CYCLES
 *
 * Session, pass and all below them as in the plugin; the sink counts instead
 * of dispatching.
 */
#include "base/clock.h"
#include "keystone/session.h"
#include "measure.h"
#include "meters/meters.h"
#include "settings/access.h"
#include "walk/pass.h"

#include <stdlib.h>

struct bench {
  struct session *session;
  struct http *http;
  struct binding *binding;
  const struct listing *listing;
  unsigned long samples;
};

static void count_sample(void *arg, const struct sample *sample) {
  (void)sample;
  ((struct bench *)arg)->samples++;
}

static int make(struct bench *b, const struct session_config *config,
                const struct http_options *options, struct error *err) {
  const struct meter *meters[16];
  size_t n = 0;
  for (const struct meter *m = image_meters; m->name != NULL; m++)
    meters[n++] = m;
  b->listing = meters[0]->from;
  b->session = session_new(config, options, NULL, err);
  b->http = http_new(options, NULL, err);
  b->binding = binding_new(b->listing, meters, n, false, err);
  return b->session != NULL && b->http != NULL && b->binding != NULL ? 0 : -1;
}

static int cycle(struct bench *b, const struct pass_access *access,
                 struct error *err) {
  struct endpoints endpoints = {0};
  struct pass_result result;
  int64_t deadline = clock_ms() + 600000;
  struct measure before = measure_now();
  uint64_t requests = http_requests(b->http);
  uint64_t logins = session_logins(b->session);
  const struct endpoint_query query = {.service = b->listing->service,
                                       .deadline_ms = deadline};
  if (session_endpoints(b->session, &query, &endpoints, err) != 0)
    return -1;
  const struct pass_plan plan = {.listing = b->listing,
                                 .binding = b->binding,
                                 .session = b->session,
                                 .http = b->http,
                                 .width = 1,
                                 .access = access,
                                 .url = endpoints.list[0].url,
                                 .deadline_ms = deadline,
                                 .sink = count_sample,
                                 .sink_arg = b};
  b->samples = 0;
  int status = pass_run(&plan, &result, err);
  if (status == 0 && b->samples < result.records)
    status = error_set(err, ERROR_PARSE, "an image without a sample");
  measure_say(&before, result.records, http_requests(b->http) - requests,
              result.bytes, session_logins(b->session) - logins);
  endpoints_clear(&endpoints);
  return status;
}

int main(int argc, char **argv) {
  if (argc != 4)
    return 2;
  char user[] = "collectd", project[] = "service", domain[] = "Default";
  const struct session_config config = {.auth_url = argv[1],
                                        .username = user,
                                        .user_domain_name = domain,
                                        .password = argv[2],
                                        .project_name = project,
                                        .project_domain_name = domain,
                                        .interface = "public"};
  const struct http_options options = {.timeout_ms = 60000, .width = 1};
  const struct pass_access access = {.account_prefix = NULL};
  struct bench bench = {.samples = 0};
  struct error err = {0};
  int status = http_start_up(&err);
  if (status == 0)
    status = make(&bench, &config, &options, &err);
  for (long i = strtol(argv[3], NULL, 10); status == 0 && i > 0; i--)
    status = cycle(&bench, &access, &err);
  if (status != 0)
    fprintf(stderr, "walk: %s\n", err.text);
  binding_free(bench.binding);
  http_free(bench.http);
  session_free(bench.session);
  http_shut_down();
  return status == 0 ? 0 : 1;
}
