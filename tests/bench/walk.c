/*
 * walk - the plugin's own pass over a listing, without a daemon
 *
 *   walk AUTHURL PASSWORD LISTING CHOICE CYCLES
 *
 * Takes the listing's meters that are reported without a Meter line (CHOICE
 * "always"), those besides that a pattern chooses ("pattern"), or all ("name").
 * Session, pass and all below them as in the plugin; the sink counts instead of
 * dispatching. A listing by project asks all of Keystone's, which are listed
 * before the clock starts.
 *
 * Without CYCLES (0) it prints what to ask with other code: the method, the
 * header of the microversion or an empty line, and the first pages' URLs.
 */
#include "base/clock.h"
#include "keystone/session.h"
#include "measure.h"
#include "meter/pieces.h"
#include "meters/meters.h"
#include "settings/access.h"
#include "walk/agreement.h"
#include "walk/asked_list.h"
#include "walk/listing_url.h"
#include "walk/projects.h"

#include <stdlib.h>
#include <string.h>

enum { METERS = 64, WIDTH = 4, TIME_MS = 600000 };

struct bench {
  struct session *session;
  struct projects *projects;
  struct http *http;
  struct binding *binding;
  const struct listing *listing;
  struct asked_list list;
  struct endpoints endpoints;
  struct agreement agreement;
  struct totals *totals;
  unsigned long samples;
};

static void count_sample(void *arg, const struct sample *sample) {
  (void)sample;
  ((struct bench *)arg)->samples++;
}

static int choose(struct bench *b, const char *listing, const char *choice,
                  struct error *err) {
  static const char *const choices[] = {"always", "pattern", "name"};
  const struct meter *meters[METERS];
  size_t n = 0, most = 0;
  while (most < 2 && strcmp(choice, choices[most]) != 0)
    most++;
  for (size_t i = 0; i < meters_count() && n < METERS; i++) {
    const struct meter *meter = meters_get(i);
    if (strcmp(meter->from->name, listing) == 0 && meter->choice <= most &&
        meter->of != METER_REQUEST)
      meters[n++] = meter;
  }
  if (n == 0)
    return error_set(err, ERROR_CONFIG, "no such meters");
  b->listing = meters[0]->from;
  b->binding = binding_new(b->listing, meters, n, false, err);
  return b->binding != NULL ? 0 : -1;
}

static int list_projects(struct bench *b, struct error *err) {
  const struct projects_asker asker = {.http = b->http,
                                       .deadline_ms = clock_ms() + TIME_MS,
                                       .interval_ms = TIME_MS,
                                       .must = true};
  const struct project_view *view;
  if (b->listing->scope != LISTING_PROJECT)
    return 0;
  if (projects_get(b->projects, &asker, &view, err) != 0)
    return -1;
  return asked_list_projects(&b->list, b->projects, view, MEMBER_ALL, err);
}

static int make(struct bench *b, const struct session_config *config,
                const struct http_options *options, struct error *err) {
  const struct projects_options all = {.domain_names = false};
  b->session = session_new(config, options, NULL, err);
  if (b->session == NULL)
    return -1;
  b->projects = projects_new(b->session, &all, err);
  b->http = http_new(options, NULL, err);
  return b->projects != NULL && b->http != NULL ? list_projects(b, err) : -1;
}

static int find_endpoint(struct bench *b, struct error *err) {
  const struct endpoint_query query = {.service = b->listing->service,
                                       .deadline_ms = clock_ms() + TIME_MS};
  endpoints_clear(&b->endpoints);
  return session_endpoints(b->session, &query, &b->endpoints, err);
}

static struct pass_plan plan_of(struct bench *b,
                                const struct pass_access *access) {
  return (struct pass_plan){.listing = b->listing,
                            .binding = b->binding,
                            .session = b->session,
                            .http = b->http,
                            .width = WIDTH,
                            .access = access,
                            .url = b->endpoints.list[0].url,
                            .account_prefix = access->account_prefix,
                            .doubt = "nobody has any",
                            .agreement = &b->agreement,
                            .asked = b->list.asked,
                            .nasked = b->list.n,
                            .progress = &b->list.progress,
                            .deadline_ms = clock_ms() + TIME_MS,
                            .totals = &b->totals,
                            .sink = count_sample,
                            .sink_arg = b};
}

static int cycle(struct bench *b, const struct pass_access *access,
                 struct error *err) {
  struct pass_result result;
  struct measure before = measure_now();
  uint64_t requests = http_requests(b->http);
  uint64_t logins = session_logins(b->session);
  if (find_endpoint(b, err) != 0)
    return -1;
  const struct pass_plan plan = plan_of(b, access);
  b->samples = 0;
  int status = agreement_pass(&plan, &result, err);
  if (status == 0 && b->samples == 0)
    status = error_set(err, ERROR_PARSE, "no samples");
  measure_say(&before, b->list.n > 0 ? result.asked : result.records,
              http_requests(b->http) - requests, result.bytes,
              session_logins(b->session) - logins);
  return status;
}

static int say_requests(struct bench *b, const struct pass_access *access,
                        struct error *err) {
  if (find_endpoint(b, err) != 0)
    return -1;
  const struct pass_plan plan = plan_of(b, access);
  const struct listing *listing = b->listing;
  printf("%s\n", binding_needs_body(b->binding) ? "GET" : "HEAD");
  printf("%s%s\n", listing->version != NULL ? listing->version_header : "",
         listing->version != NULL ? listing->version : "");
  for (size_t i = 0; i < b->list.n || i == 0; i++) {
    char *url = listing_url(&plan, i < b->list.n ? b->list.asked[i].id : NULL);
    printf("%s\n", url);
    free(url);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 6)
    return 2;
  char user[] = "collectd", project[] = "service", domain[] = "Default";
  const struct session_config config = {.auth_url = argv[1],
                                        .username = user,
                                        .user_domain_name = domain,
                                        .password = argv[2],
                                        .project_name = project,
                                        .project_domain_name = domain,
                                        .interface = "public"};
  const struct http_options options = {.timeout_ms = 60000, .width = WIDTH};
  const struct pass_access access = {.account_prefix = "AUTH_"};
  struct bench bench = {.samples = 0};
  struct error err = {0};
  int status = http_start_up(&err);
  if (status == 0)
    status = choose(&bench, argv[3], argv[4], &err);
  if (status == 0)
    status = make(&bench, &config, &options, &err);
  long cycles = strtol(argv[5], NULL, 10);
  if (status == 0 && cycles == 0)
    status = say_requests(&bench, &access, &err);
  for (; status == 0 && cycles > 0; cycles--)
    status = cycle(&bench, &access, &err);
  if (status != 0)
    fprintf(stderr, "walk: %s\n", err.text);
  asked_list_drop(&bench.list);
  endpoints_clear(&bench.endpoints);
  agreement_clear(&bench.agreement);
  totals_free(bench.totals);
  binding_free(bench.binding);
  http_free(bench.http);
  projects_free(bench.projects);
  session_free(bench.session);
  http_shut_down();
  return status == 0 ? 0 : 1;
}
