/*
 * session: one token for its whole life, one attempt per back-off, and the
 * endpoints of a catalogue.
 */
#include "stub/site.h"
#include "stub/warp.h"

#include "base/clock.h"
#include "base/text.h"
#include "keystone/session.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define TEXT(s) ((char *)(s))

static int setup(void **state) {
  struct site *site = calloc(1, sizeof(*site));
  site_open(site);
  *state = site;
  return 0;
}

static int teardown(void **state) {
  struct site *site = *state;
  site_close(site);
  free(site);
  return 0;
}

/* Who has all the time in the world. */
static const struct session_asker patient = {.deadline_ms = INT64_MAX / 2};
static const struct endpoint_query image = {.service = "image",
                                            .deadline_ms = INT64_MAX / 2};

/* The token that is to be had now, or "" and `err`. */
static const char *token_now(struct site *site, unsigned *generation,
                             struct error *err) {
  static char text[200];
  struct session_token token = {0};
  *err = (struct error){.code = ERROR_NONE};
  text[0] = '\0';
  if (session_token(site->session, &patient, &token, err) == 0) {
    assert_int_equal(err->code, ERROR_NONE); /* untouched */
    assert_memory_equal(token.header, TOKEN_HEADER, strlen(TOKEN_HEADER));
    text_copy(text, sizeof(text), token.header + strlen(TOKEN_HEADER));
  } else {
    assert_null(token.header);
  }
  if (generation != NULL)
    *generation = token.generation;
  session_token_clear(&token);
  assert_null(token.header);
  return text;
}

static const char *token_of(struct site *site) {
  struct error err;
  const char *token = token_now(site, NULL, &err);
  if (token[0] == '\0')
    fail_msg("no token: %s", err.text);
  return token;
}

static void expect_no_token(struct site *site, struct error *err) {
  assert_string_equal(token_now(site, NULL, err), "");
  assert_int_equal(err->code, ERROR_LOGIN);
  assert_null(strstr(err->text, SITE_PASSWORD));
}

/* Two logins that bring two tokens. */
static void two_tokens(struct site *site, int life_s) {
  site_login(site, &(struct site_login){
                       .token = "first", .life_s = life_s, .times = 1});
  site_login(site, &(struct site_login){
                       .token = "second", .life_s = life_s, .times = 1});
}

static void refuse_logins(struct site *site, unsigned times) {
  httpd_add(site->httpd, &(struct httpd_answer){.method = "POST",
                                                .status = 401,
                                                .body = "{\"error\": {}}",
                                                .times = times});
}

/* ---- the life of a token ------------------------------------------------ */

static void nobody_is_asked_before_somebody_needs_it(void **state) {
  struct site *site = *state;
  struct login_project project;
  assert_true(session_has_role(site->session, "admin"));
  session_project(site->session, &project);
  assert_string_equal(project.id, "");
  assert_int_equal(session_logins(site->session), 0);
  assert_int_equal(httpd_connections(site->httpd), 0);
}

static void one_token_serves_all(void **state) {
  struct site *site = *state;
  struct endpoints endpoints;
  struct error err;
  struct login_project project;
  two_tokens(site, 3600);
  for (int i = 0; i < 50; i++) {
    assert_string_equal(token_of(site), "first");
    assert_int_equal(session_endpoints(site->session, &image, &endpoints, &err),
                     0);
    endpoints_clear(&endpoints);
  }
  assert_int_equal(site_logins(site), 1);
  assert_int_equal(session_logins(site->session), 1);
  session_project(site->session, &project);
  assert_string_equal(project.id, "b620");
  assert_string_equal(project.name, "service");
  assert_string_equal(project.domain_id, "default");
  assert_string_equal(project.domain_name, "");
}

static void a_token_is_renewed_ahead_of_its_end(void **state) {
  static const struct {
    int life_s, ahead_s;
  } rows[] = {{60, 15}, {3600, 120}, {86400, 120}, {4, 1}};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct site site;
    site_open(&site);
    two_tokens(&site, rows[i].life_s);
    assert_string_equal(token_of(&site), "first");
    warp((rows[i].life_s - rows[i].ahead_s) * 1000 - 500);
    assert_string_equal(token_of(&site), "first");
    warp(600);
    assert_string_equal(token_of(&site), "second");
    assert_string_equal(token_of(&site), "second");
    assert_int_equal(site_logins(&site), 2);
    site_close(&site);
    (void)state;
  }
}

static void a_renewal_that_fails_is_no_failure_while_the_token_lives(void **s) {
  struct site *site = *s;
  struct error err;
  site_login(site, &(struct site_login){.token = "first", .times = 1});
  refuse_logins(site, 0);
  assert_string_equal(token_of(site), "first");
  warp(3490 * 1000);
  for (int i = 0; i < 20; i++)
    assert_string_equal(token_of(site), "first");
  assert_int_equal(site_logins(site), 2); /* one attempt per back-off */
  warp(10 * 1000 + 100);
  assert_string_equal(token_of(site), "first");
  assert_int_equal(site_logins(site), 3);
  warp(110 * 1000);
  expect_no_token(site, &err);
  assert_int_equal(site_logins(site), 4);
}

/* ---- failing logins ----------------------------------------------------- */

static void a_failed_login_is_remembered(void **state) {
  struct site *site = *state;
  struct error err, again;
  struct endpoints endpoints;
  refuse_logins(site, 0);
  assert_false(session_trouble(site->session, &err));
  expect_no_token(site, &err);
  assert_non_null(strstr(err.text, "login at "));
  assert_non_null(strstr(err.text, httpd_url(site->httpd)));
  assert_non_null(strstr(err.text, "/v3: Keystone refuses user \"collectd\""));
  for (int i = 0; i < 100; i++) {
    expect_no_token(site, &again);
    assert_string_equal(again.text, err.text);
  }
  assert_int_equal(session_endpoints(site->session, &image, &endpoints, &again),
                   -1);
  assert_int_equal(again.code, ERROR_LOGIN);
  assert_int_equal(endpoints.n, 0);
  assert_true(session_trouble(site->session, &again));
  assert_string_equal(again.text, err.text);
  warp(3600 * 1000); /* nobody has tried again */
  assert_true(session_trouble(site->session, &again));
  assert_int_equal(site_logins(site), 1);
  assert_int_equal(session_logins(site->session), 1);
}

static void the_back_off_doubles_up_to_ten_minutes(void **state) {
  static const int seconds[] = {10, 20, 40, 80, 160, 320, 600, 600, 600};
  struct site *site = *state;
  struct error err;
  refuse_logins(site, 9);
  site_login(site, &(struct site_login){.token = "late"});
  for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
    expect_no_token(site, &err);
    assert_int_equal(site_logins(site), i + 1);
    warp(seconds[i] * 1000 - 1000);
    expect_no_token(site, &err);
    assert_int_equal(site_logins(site), i + 1);
    warp(1100);
  }
  assert_string_equal(token_of(site), "late");
  assert_false(session_trouble(site->session, &err));
}

static void a_success_ends_the_back_off(void **state) {
  struct site *site = *state;
  struct error err;
  refuse_logins(site, 3);
  site_login(site, &(struct site_login){.token = "one", .times = 1});
  refuse_logins(site, 0);
  for (int i = 0; i < 3; i++) {
    expect_no_token(site, &err);
    warp(600 * 1000);
  }
  assert_string_equal(token_of(site), "one");
  warp(3700 * 1000);
  expect_no_token(site, &err);
  warp(10100); /* the first step again */
  expect_no_token(site, &err);
  assert_int_equal(site_logins(site), 6);
}

static void keystone_may_ask_for_a_longer_pause(void **state) {
  struct site *site = *state;
  struct error err;
  httpd_add(site->httpd, &(struct httpd_answer){
                             .status = 503, .headers = "Retry-After: 90\r\n"});
  expect_no_token(site, &err);
  warp(85 * 1000);
  expect_no_token(site, &err);
  assert_int_equal(site_logins(site), 1);
  warp(6 * 1000);
  expect_no_token(site, &err);
  assert_int_equal(site_logins(site), 2);
}

static void a_keystone_that_is_not_there_costs_one_attempt(void **state) {
  struct site *site = *state;
  struct error err;
  httpd_add(site->httpd,
            &(struct httpd_answer){.mute = true, .end = HTTPD_RESET});
  for (int i = 0; i < 10; i++)
    expect_no_token(site, &err);
  assert_int_equal(site_logins(site), 1);
}

static void a_rotated_password_needs_no_restart(void **state) {
  struct site *site = *state;
  struct error err;
  char path[] = "/tmp/test_session.XXXXXX";
  FILE *file = fdopen(mkstemp(path), "w");
  fputs("old-password-1\n", file);
  fclose(file);
  site->config.password = NULL;
  site->config.password_file = path;
  refuse_logins(site, 1);
  site_login(site, &(struct site_login){.token = "fresh"});
  expect_no_token(site, &err);
  assert_null(strstr(err.text, "old-password"));
  file = fopen(path, "w");
  fputs("new-password-2\n", file);
  fclose(file);
  warp(10100);
  assert_string_equal(token_of(site), "fresh");
  assert_non_null(strstr(httpd_get(site->httpd, "POST", NULL, 0).body,
                         "\"old-password-1\""));
  assert_non_null(strstr(httpd_get(site->httpd, "POST", NULL, 1).body,
                         "\"new-password-2\""));
  remove(path);
}

static void a_ready_made_token_that_has_ended_is_a_failed_login(void **state) {
  struct site *site = *state;
  struct error err;
  site->config.token = TEXT("ready-made-token-text");
  site->config.project_name = NULL;
  httpd_add(site->httpd,
            &(struct httpd_answer){
                .method = "GET",
                .status = 404,
                .body = "{\"error\": {\"message\": \"Failed to "
                        "validate token ready-made-token-text\"}}"});
  expect_no_token(site, &err);
  assert_non_null(strstr(err.text, "HTTP 404"));
  assert_null(strstr(err.text, "ready-made-token"));
  expect_no_token(site, &err);
  assert_int_equal(httpd_count(site->httpd, NULL, NULL), 1);
}

/* ---- refusals ----------------------------------------------------------- */

static void a_refused_token_is_renewed_once(void **state) {
  struct site *site = *state;
  struct error err;
  unsigned old, fresh;
  two_tokens(site, 3600);
  site_login(site, &(struct site_login){.token = "third"});
  token_now(site, &old, &err);
  assert_true(session_renew(site->session, old));
  assert_string_equal(token_now(site, &fresh, &err), "second");
  assert_int_not_equal(fresh, old);
  /* Who comes late with the old one just takes the new one. */
  assert_true(session_renew(site->session, old));
  assert_string_equal(token_of(site), "second");
  /* A fresh one that is refused as well is no reason to go on like this. */
  assert_false(session_renew(site->session, fresh));
  assert_string_equal(token_of(site), "second");
  assert_int_equal(site_logins(site), 2);
  warp(31 * 1000);
  assert_true(session_renew(site->session, fresh));
  assert_string_equal(token_of(site), "third");
}

/* With Keystone down some services answer 401 to a good token. */
static void a_refused_token_serves_until_there_is_another(void **state) {
  struct site *site = *state;
  struct error err;
  unsigned generation;
  site_login(site, &(struct site_login){.token = "first", .times = 1});
  httpd_add(site->httpd, &(struct httpd_answer){.status = 503});
  token_now(site, &generation, &err);
  assert_true(session_renew(site->session, generation));
  assert_string_equal(token_of(site), "first");
  assert_true(session_trouble(site->session, &err));
  assert_non_null(strstr(err.text, "HTTP 503"));
  assert_int_equal(site_logins(site), 2);
}

/* ---- endpoints ---------------------------------------------------------- */

/* "REGION URL" of all endpoints, a line each, without the server's own URL. */
static char *endpoints_of(struct site *site, const char *service,
                          unsigned major) {
  struct endpoints endpoints;
  struct error err = {0};
  char *all = strdup("");
  const char *own = httpd_url(site->httpd);
  const struct endpoint_query query = {
      .service = service, .major = major, .deadline_ms = INT64_MAX / 2};
  if (session_endpoints(site->session, &query, &endpoints, &err) != 0) {
    free(all);
    return text_printf("%s%s", err.code == ERROR_ABSENT ? "absent: " : "?",
                       err.text);
  }
  for (size_t i = 0; i < endpoints.n; i++) {
    const char *url = endpoints.list[i].url;
    if (url == NULL) /* why there is none */
      url = endpoints.list[i].lack.text;
    if (strncmp(url, own, strlen(own)) == 0)
      url += strlen(own);
    char *more = text_printf("%s%s %s\n", all, endpoints.list[i].region, url);
    free(all);
    all = more;
  }
  endpoints_clear(&endpoints);
  return all;
}

static void expect_endpoints(struct site *site, const char *service,
                             const char *expected) {
  char *found = endpoints_of(site, service, 0);
  assert_string_equal(found, expected);
  free(found);
}

/* A catalogue with more than its share of variety. */
static void various_catalogue(struct site *site) {
  char *services[] = {
      site_service(site, "identity", "RegionOne", "/v3/"),
      site_service(site, "image", "RegionTwo", "/image///"),
      site_service(site, "image", "RegionOne", ""),
      site_service(site, "image", "RegionOne", "/second"),
      site_service(site, "volumev3", "RegionOne", "/v3/b620"),
      site_service(site, "block-storage", "RegionTwo", "/bs/v3"),
      site_service(site, "sharev2", "RegionOne", "/share/v2/"),
      site_service(site, "alarming", "RegionOne", "/alarm"),
      site_service(site, "object-store", "", "/v1/AUTH_b620"),
      strdup("{\"endpoints\":[],\"type\":\"network\",\"name\":\"neutron\"}"),
  };
  char *all = strdup("");
  for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
    char *more = text_printf("%s%s%s", all, i > 0 ? "," : "", services[i]);
    free(all);
    free(services[i]);
    all = more;
  }
  site_login(site, &(struct site_login){.catalog = all});
  free(all);
}

static void each_region_has_its_endpoint(void **state) {
  struct site *site = *state;
  various_catalogue(site);
  expect_endpoints(site, "image", "RegionOne \nRegionTwo /image\n");
  expect_endpoints(site, "identity", "RegionOne /v3\n");
  expect_endpoints(site, "object-store", " /v1/AUTH_b620\n");
  assert_int_equal(site_logins(site), 1);
}

/* "REGION" of all endpoints, with "+" if the host has it, "!" if it is late. */
static void expect_named(struct site *site, const char *service,
                         const char *expected) {
  struct endpoints endpoints;
  struct error err = {0};
  char text[200] = "";
  const struct endpoint_query query = {.service = service,
                                       .deadline_ms = clock_ms() + 20000};
  assert_int_equal(session_endpoints(site->session, &query, &endpoints, &err),
                   0);
  for (size_t i = 0; i < endpoints.n; i++) {
    const struct endpoint *e = &endpoints.list[i];
    size_t used = strlen(text);
    snprintf(text + used, sizeof(text) - used, "%s%s%s ", e->region,
             e->named ? "+" : "", e->late ? "!" : "");
  }
  assert_string_equal(text, expected);
  endpoints_clear(&endpoints);
}

/* A login whose catalogue has a service in each of these regions. */
static void login_with(struct site *site, const char *const *regions, size_t n,
                       const char *type) {
  char *all = strdup("");
  for (size_t i = 0; i < n; i++) {
    char *service = site_service(site, type, regions[i], "");
    char *more = text_printf("%s%s%s", all, i > 0 ? "," : "", service);
    free(all);
    free(service);
    all = more;
  }
  site_login(site, &(struct site_login){.catalog = all, .times = 1});
  free(all);
}

/* What the first catalogue decided is not for a later one to change. */
static void a_region_that_comes_later_renames_nothing(void **state) {
  static const char *const regions[] = {"One", "Two", "Three"};
  struct site *site = *state;
  for (size_t n = 1; n <= 3; n++)
    login_with(site, regions, n, "image");
  login_with(site, regions + 1, 1, "image");
  expect_named(site, "image", "One ");
  assert_string_equal(session_first_region(site->session), "One");
  warp(3600 * 1000);
  expect_named(site, "image", "One Two+! ");
  warp(3600 * 1000);
  expect_named(site, "image", "One Two+! Three+! ");
  /* Nor if the first one goes. */
  warp(3600 * 1000);
  expect_named(site, "image", "Two+! ");
}

static void several_regions_at_the_start_are_all_named(void **state) {
  static const char *const regions[] = {"One", "Two", "Three"};
  struct site *site = *state;
  login_with(site, regions, 2, "image");
  login_with(site, regions, 3, "image");
  login_with(site, regions, 1, "image");
  expect_named(site, "image", "One+ Two+ ");
  assert_null(session_first_region(site->session));
  warp(3600 * 1000);
  expect_named(site, "image", "One+ Two+ Three+ ");
  warp(3600 * 1000);
  expect_named(site, "image", "One+ ");
}

/* One decision for all services of a cloud: by the whole catalogue. */
static void a_service_of_one_region_is_named_as_the_others(void **state) {
  struct site *site = *state;
  various_catalogue(site);
  expect_named(site, "alarm", "RegionOne+ ");
  expect_named(site, "object-store", " ");
}

static void configured_regions_decide_alone(void **state) {
  struct site *site = *state;
  char *names[] = {TEXT("RegionTwo"), TEXT("RegionOne")};
  various_catalogue(site);
  site->config.regions = (struct text_list){.items = names, .n = 1};
  expect_named(site, "image", "RegionTwo ");
  site->config.regions.n = 2;
  expect_named(site, "image", "RegionTwo+ RegionOne+ ");
}

static void aliases_find_the_same_service(void **state) {
  struct site *site = *state;
  various_catalogue(site);
  expect_endpoints(site, "block-storage",
                   "RegionOne /v3/b620\nRegionTwo "
                   "/bs/v3\n");
  expect_endpoints(site, "volumev3", "RegionOne /v3/b620\nRegionTwo /bs/v3\n");
  expect_endpoints(site, "shared-file-system", "RegionOne /share/v2\n");
  expect_endpoints(site, "alarm", "RegionOne /alarm\n");
}

static void the_exact_name_beats_an_alias(void **state) {
  struct site *site = *state;
  char *old = site_service(site, "volumev3", "RegionOne", "/old");
  char *new = site_service(site, "block-storage", "RegionOne", "/new");
  char *all = text_printf("%s,%s", old, new);
  site_login(site, &(struct site_login){.catalog = all});
  expect_endpoints(site, "block-storage", "RegionOne /new\n");
  expect_endpoints(site, "volumev3", "RegionOne /old\n");
  free(old);
  free(new);
  free(all);
}

/* The catalogue's services, and the endpoint of version `major` among them. */
struct choice {
  const char *service;
  unsigned major;
  const char *entries[3][3]; /* type, region, path */
  const char *expected;
};

static void expect_choice(const struct choice *choice) {
  struct site site;
  char *all = strdup("");
  site_open(&site);
  for (size_t i = 0; i < 3 && choice->entries[i][0] != NULL; i++) {
    const char *const *entry = choice->entries[i];
    char *service = site_service(&site, entry[0], entry[1], entry[2]);
    char *more = text_printf("%s%s%s", all, i > 0 ? "," : "", service);
    free(all);
    free(service);
    all = more;
  }
  site_login(&site, &(struct site_login){.catalog = all});
  char *found = endpoints_of(&site, choice->service, choice->major);
  assert_string_equal(found, choice->expected);
  free(found);
  free(all);
  site_close(&site);
}

#define BLOCK "block-storage"

static void the_endpoint_of_the_listing_s_version_counts(void **state) {
  static const struct choice rows[] = {
      /* whichever comes first */
      {BLOCK, 3, {{BLOCK, "One", "/v2"}, {BLOCK, "One", "/v3"}}, "One /v3\n"},
      {BLOCK, 3, {{BLOCK, "One", "/v3"}, {BLOCK, "One", "/v2"}}, "One /v3\n"},
      {BLOCK, 2, {{BLOCK, "One", "/v3"}, {BLOCK, "One", "/v2"}}, "One /v2\n"},
      /* of equals the first; so if any version will do */
      {BLOCK,
       3,
       {{BLOCK, "One", "/a/v3"}, {BLOCK, "One", "/v3"}},
       "One /a/v3\n"},
      {BLOCK, 0, {{BLOCK, "One", "/v2"}, {BLOCK, "One", "/v3"}}, "One /v2\n"},
      /* a URL that does not say is better than one of another version */
      {BLOCK, 3, {{BLOCK, "One", "/v2"}, {BLOCK, "One", "/bs"}}, "One /bs\n"},
      {BLOCK, 3, {{BLOCK, "One", "/bs"}, {BLOCK, "One", "/v3"}}, "One /v3\n"},
      {BLOCK,
       3,
       {{BLOCK, "One", "/v2"}, {"volumev3", "One", "/v3"}},
       "One /v3\n"},
      /* nothing better */
      {BLOCK, 3, {{BLOCK, "One", "/v2"}}, "One /v2\n"},
      /* a gateway's own version stands in front */
      {BLOCK,
       3,
       {{BLOCK, "One", "/v3/bs/v2"}, {BLOCK, "One", "/v1/bs/v3"}},
       "One /v1/bs/v3\n"},
      /* each region for itself */
      {BLOCK,
       3,
       {{BLOCK, "One", "/v2"}, {BLOCK, "Two", "/v2"}, {BLOCK, "Two", "/v3"}},
       "One /v2\nTwo /v3\n"},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    expect_choice(&rows[i]);
  (void)state;
}

#define SHARES "shared-file-system"

static void an_old_name_serves_where_nothing_better_is(void **state) {
  static const struct choice rows[] = {
      {BLOCK, 3, {{"volume", "One", "/v3"}}, "One /v3\n"},
      {BLOCK, 3, {{"volume", "One", "/bs"}}, "One /bs\n"},
      {SHARES, 2, {{"share", "One", "/v2"}}, "One /v2\n"},
      {BLOCK,
       3,
       {{"volume", "One", "/v3"}, {"volumev3", "One", "/new"}},
       "One /new\n"},
      {BLOCK,
       3,
       {{"volume", "One", "/old"}, {BLOCK, "One", "/new"}},
       "One /new\n"},
      {SHARES,
       2,
       {{"share", "One", "/v1"}, {"sharev2", "One", "/v2"}},
       "One /v2\n"},
      /* it was of an older version, too */
      {BLOCK,
       3,
       {{"volume", "One", "/v1"}},
       "absent: the catalogue has no \"block-storage\" (interface public)"},
      {SHARES,
       2,
       {{"share", "One", "/v1"}},
       "absent: the catalogue has no \"shared-file-system\" (interface "
       "public)"},
      {BLOCK,
       3,
       {{"volume", "One", "/v3"}, {BLOCK, "One", "/v2"}},
       "One /v3\n"},
      {SHARES,
       2,
       {{"volume", "One", "/v2"}, {"share", "Two", "/v2"}},
       "Two /v2\n"},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    expect_choice(&rows[i]);
  (void)state;
}

static void configured_regions_count_in_their_order(void **state) {
  struct site *site = *state;
  char *names[] = {TEXT("RegionTwo"), TEXT("Nowhere"), TEXT("RegionOne")};
  site->config.regions = (struct text_list){.items = names, .n = 3};
  various_catalogue(site);
  expect_endpoints(
      site, "image",
      "RegionTwo /image\n"
      "Nowhere the catalogue has no region \"Nowhere\"; it has RegionOne, "
      "RegionTwo\n"
      "RegionOne \n");
  site->config.regions.n = 1;
  expect_endpoints(site, "image", "RegionTwo /image\n");
  expect_endpoints(
      site, "alarm",
      "RegionTwo the catalogue has no \"alarm\" (interface public, "
      "region RegionTwo); it has internal, admin\n");
}

static void the_interface_is_the_configured_one(void **state) {
  struct site *site = *state;
  various_catalogue(site);
  site->config.interface = "internal";
  expect_endpoints(site, "image",
                   "RegionOne http://internal.invalid\n"
                   "RegionTwo http://internal.invalid/image\n");
}

static void so_is_another_one(void **state) {
  struct site *site = *state;
  various_catalogue(site);
  site->config.interface = "admin";
  expect_endpoints(site, "alarm", "RegionOne http://admin.invalid/alarm\n");
}

/* What is no URL serves only to say so. */
static void an_endpoint_that_is_no_url_is_a_lack(void **state) {
  struct site *site = *state;
  char *path = malloc(2100);
  memset(path, 'a', 2099);
  path[2099] = '\0';
  char *catalog = text_printf(
      "{\"type\": \"image\", \"endpoints\": ["
      "{\"interface\": \"public\", \"region\": \"A\", \"url\": \"/image\"},"
      "{\"interface\": \"public\", \"region\": \"B\", \"url\": "
      "\"http://u:hush@h/v2/..?x\"},"
      "{\"interface\": \"public\", \"region\": \"C\", \"url\": \"http://h/ "
      "\"},"
      "{\"interface\": \"public\", \"region\": \"C\", \"url\": "
      "\"http://good\"},"
      "{\"interface\": \"public\", \"region\": \"D\", \"url\": "
      "\"http://h/%s\"}]}",
      path);
  site_login(site, &(struct site_login){.catalog = catalog});
  char *found = endpoints_of(site, "image", 0);
  char *want = text_printf(
      "A the catalogue's endpoint of \"image\", /image: must begin with "
      "https:// or http://\n"
      "B the catalogue's endpoint of \"image\", "
      "http://(hidden)@h/v2/..?(hidden): "
      "must hold no user and no password\n"
      "C http://good\n"
      "D the catalogue's endpoint of \"image\", http://h/%.190s: is over 2047 "
      "bytes\n",
      path);
  assert_string_equal(found, want);
  free(want);
  free(found);
  free(catalog);
  free(path);
}

static void a_service_that_is_not_there_is_absent(void **state) {
  struct site *site = *state;
  various_catalogue(site);
  expect_endpoints(site, "dns",
                   "absent: the catalogue has no \"dns\" (interface public)");
  expect_endpoints(
      site, "network",
      "absent: the catalogue has no \"network\" (interface public)");
}

static void the_configuration_overrules_the_catalogue(void **state) {
  struct site *site = *state;
  char *urls[] = {TEXT("block_storage=http://cinder.example/v3/"),
                  TEXT("dns=https://dns.example")};
  char *types[] = {TEXT("image=sharev2")};
  site->config.endpoints = (struct text_list){.items = urls, .n = 2};
  site->config.service_types = (struct text_list){.items = types, .n = 1};
  various_catalogue(site);
  expect_endpoints(site, "volumev3", " http://cinder.example/v3\n");
  expect_endpoints(site, "dns", " https://dns.example\n");
  expect_endpoints(site, "image", "RegionOne /share/v2\n");
}

static void the_auth_url_may_be_written_in_many_ways(void **state) {
  static const char *const rows[][2] = {{"", "/v3"},
                                        {"/", "/v3"},
                                        {"/v3", "/v3"},
                                        {"/v3/", "/v3"},
                                        {"/v3///", "/v3"},
                                        {"/identity", "/identity/v3"},
                                        {"/identity/v3", "/identity/v3"}};
  struct site *site = *state;
  const char *host = httpd_url(site->httpd);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct error err;
    char *expected = text_printf("%s%s", host, rows[i][1]);
    struct session_config config = site->config;
    config.auth_url = text_printf("%s%s", host, rows[i][0]);
    struct session *session =
        session_new(&config, &site->options, site->rate_limit, &err);
    assert_string_equal(session_url(session), expected);
    session_free(session);
    free(config.auth_url);
    free(expected);
  }
}

static void roles_are_the_token_s(void **state) {
  struct site *site = *state;
  site_login(site,
             &(struct site_login){.roles = "{\"name\":\"Reader\"},{\"name\":"
                                           "\"member\"},{\"name\":null}"});
  token_of(site);
  assert_true(session_has_role(site->session, "reader"));
  assert_true(session_has_role(site->session, "member"));
  assert_false(session_has_role(site->session, "admin"));
  assert_true(session_has_role(site->session, "admin or member or none"));
  assert_true(session_has_role(site->session, "admin or member"));
  assert_false(session_has_role(site->session, "admin or members"));
  assert_false(session_has_role(site->session, "admin or mem or none"));
  assert_false(session_has_role(site->session, "reader of the system"));
  assert_true(
      session_has_role(site->session, "reader of the system or member"));
}

/* ---- threads ------------------------------------------------------------ */

enum { THREADS = 20 };

struct asker {
  struct site *site;
  int64_t ms; /* that it has; 0: a minute */
  pthread_t thread;
  int status;
  unsigned generation;
  struct error err;
  int64_t ended_ms;
};

static void *ask(void *arg) {
  struct asker *a = arg;
  struct session_token token = {0};
  struct session *session = a->site->session;
  const struct session_asker asker = {
      .deadline_ms = clock_ms() + (a->ms > 0 ? a->ms : 60000)};
  a->status = session_token(session, &asker, &token, &a->err);
  a->generation = token.generation;
  if (a->status == 0) {
    session_renew(session, token.generation + 1000); /* not the present one */
    session_has_role(session, "admin");
  }
  session_token_clear(&token);
  a->ended_ms = clock_ms();
  return NULL;
}

static void ask_all_at_once(struct site *site, struct asker *askers) {
  for (int i = 0; i < THREADS; i++) {
    askers[i] = (struct asker){.site = site};
    pthread_create(&askers[i].thread, NULL, ask, &askers[i]);
  }
}

static void many_at_once_log_in_once(void **state) {
  struct site *site = *state;
  struct asker askers[THREADS];
  char *body = site_token(site, &(struct site_login){.life_s = 3600});
  httpd_add(site->httpd,
            &(struct httpd_answer){.delay_ms = 100,
                                   .headers = "X-Subject-Token: t\r\n",
                                   .body = body});
  ask_all_at_once(site, askers);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(askers[i].thread, NULL);
    assert_int_equal(askers[i].status, 0);
    assert_int_equal(askers[i].generation, 1);
  }
  assert_int_equal(site_logins(site), 1);
  free(body);
}

static void many_at_once_fail_once(void **state) {
  struct site *site = *state;
  struct asker askers[THREADS];
  httpd_add(site->httpd,
            &(struct httpd_answer){.delay_ms = 100, .status = 500});
  ask_all_at_once(site, askers);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(askers[i].thread, NULL);
    assert_int_equal(askers[i].status, -1);
    assert_int_equal(askers[i].err.code, ERROR_LOGIN);
  }
  assert_int_equal(site_logins(site), 1);
}

/* A Keystone that hangs at the renewal holds one, and that one not for long. */
static void while_one_renews_the_others_go_on(void **state) {
  struct site *site = *state;
  struct asker first = {.site = site, .ms = 8000};
  struct error err;
  site_login(site, &(struct site_login){.token = "first", .times = 1});
  httpd_add(site->httpd,
            &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  assert_string_equal(token_of(site), "first");
  warp(3490 * 1000);
  int64_t begun = clock_ms();
  pthread_create(&first.thread, NULL, ask, &first);
  assert_true(httpd_wait(site->httpd, 2));
  struct asker other = {.site = site};
  ask(&other);
  assert_int_equal(other.status, 0);
  pthread_join(first.thread, NULL);
  assert_int_equal(first.status, 0);
  assert_int_equal(first.err.code, ERROR_NONE);
  assert_int_equal(first.generation, 1);
  assert_true(other.ended_ms < first.ended_ms);
  assert_true(first.ended_ms - begun >= 1900);
  assert_true(first.ended_ms - begun < 8000);
  assert_true(session_trouble(site->session, &err));
}

/* Its own time is all that it costs who needs a login; and what it did not do
 * in that says nothing of those who have more. */
static void a_login_takes_no_longer_than_who_asks_has(void **state) {
  struct site *site = *state;
  struct asker hasty = {.site = site, .ms = 300};
  struct asker patient_one = {.site = site};
  char *body = site_token(site, &(struct site_login){.life_s = 3600});
  httpd_add(site->httpd,
            &(struct httpd_answer){.delay_ms = 1500,
                                   .headers = "X-Subject-Token: t\r\n",
                                   .body = body});
  int64_t begun = clock_ms();
  ask(&hasty);
  assert_int_equal(hasty.status, -1);
  assert_int_equal(hasty.err.code, ERROR_LOGIN);
  assert_non_null(strstr(hasty.err.text, "the deadline has passed"));
  assert_true(hasty.ended_ms - begun < 1500);
  ask(&hasty); /* is not tried again */
  assert_int_equal(site_logins(site), 1);
  ask(&patient_one);
  assert_int_equal(patient_one.status, 0);
  free(body);
}

/* Endpoints move within a token's life. */
static void a_catalogue_that_is_doubted_is_read_anew_when_it_is_old(void **s) {
  struct site *site = *s;
  two_tokens(site, 86400);
  session_doubt(site->session);
  assert_string_equal(token_of(site), "first");
  for (int i = 0; i < 11; i++) {
    session_doubt(site->session);
    assert_string_equal(token_of(site), "first");
    warp(54 * 1000);
  }
  warp(10 * 1000);
  assert_string_equal(token_of(site), "first");
  session_doubt(site->session);
  assert_string_equal(token_of(site), "second");
  session_doubt(site->session);
  assert_string_equal(token_of(site), "second");
  assert_int_equal(site_logins(site), 2);
}

static void a_stop_ends_all_who_wait(void **state) {
  struct site *site = *state;
  struct asker askers[THREADS];
  const struct timespec pause = {.tv_nsec = 50000000};
  httpd_add(site->httpd,
            &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  ask_all_at_once(site, askers);
  assert_true(httpd_wait(site->httpd, 1));
  nanosleep(&pause, NULL);
  int64_t stopped = clock_ms();
  session_stop(site->session);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(askers[i].thread, NULL);
    assert_int_equal(askers[i].status, -1);
    assert_int_equal(askers[i].err.code, ERROR_STOPPED);
    assert_true(askers[i].ended_ms - stopped < 500);
  }
  assert_int_equal(site_logins(site), 1);
}

static void a_hanging_keystone_holds_nobody_beyond_the_timeout(void **state) {
  struct site *site = *state;
  struct error err;
  site->options.timeout_ms = 300;
  httpd_add(site->httpd,
            &(struct httpd_answer){.mute = true, .end = HTTPD_HANG});
  int64_t begun = clock_ms();
  expect_no_token(site, &err);
  assert_non_null(strstr(err.text, "timed out"));
  assert_true(clock_ms() - begun < 2000);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(nobody_is_asked_before_somebody_needs_it),
      TEST(one_token_serves_all),
      TEST(a_token_is_renewed_ahead_of_its_end),
      TEST(a_renewal_that_fails_is_no_failure_while_the_token_lives),
      TEST(a_failed_login_is_remembered),
      TEST(the_back_off_doubles_up_to_ten_minutes),
      TEST(a_success_ends_the_back_off),
      TEST(keystone_may_ask_for_a_longer_pause),
      TEST(a_keystone_that_is_not_there_costs_one_attempt),
      TEST(a_rotated_password_needs_no_restart),
      TEST(a_ready_made_token_that_has_ended_is_a_failed_login),
      TEST(a_refused_token_is_renewed_once),
      TEST(a_refused_token_serves_until_there_is_another),
      TEST(each_region_has_its_endpoint),
      TEST(a_region_that_comes_later_renames_nothing),
      TEST(several_regions_at_the_start_are_all_named),
      TEST(a_service_of_one_region_is_named_as_the_others),
      TEST(configured_regions_decide_alone),
      TEST(aliases_find_the_same_service),
      TEST(the_exact_name_beats_an_alias),
      TEST(the_endpoint_of_the_listing_s_version_counts),
      TEST(an_old_name_serves_where_nothing_better_is),
      TEST(configured_regions_count_in_their_order),
      TEST(the_interface_is_the_configured_one),
      TEST(so_is_another_one),
      TEST(an_endpoint_that_is_no_url_is_a_lack),
      TEST(a_service_that_is_not_there_is_absent),
      TEST(the_configuration_overrules_the_catalogue),
      TEST(the_auth_url_may_be_written_in_many_ways),
      TEST(roles_are_the_token_s),
      TEST(many_at_once_log_in_once),
      TEST(many_at_once_fail_once),
      TEST(while_one_renews_the_others_go_on),
      TEST(a_login_takes_no_longer_than_who_asks_has),
      TEST(a_catalogue_that_is_doubted_is_read_anew_when_it_is_old),
      TEST(a_stop_ends_all_who_wait),
      TEST(a_hanging_keystone_holds_nobody_beyond_the_timeout),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
