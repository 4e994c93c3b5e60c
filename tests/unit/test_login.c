/*
 * login: what a login asks, what it brings, and that no message holds a
 * secret.
 */
#include "stub/data.h"
#include "stub/site.h"

#include "base/text.h"
#include "keystone/login.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SECRET SITE_PASSWORD
#define TEXT(s) ((char *)(s))

struct fixture {
  struct site site;
  char file[64]; /* of a secret */
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  site_open(&f->site);
  snprintf(f->file, sizeof(f->file), "/tmp/test_keystone.XXXXXX");
  close(mkstemp(f->file));
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  site_close(&f->site);
  unlink(f->file);
  free(f);
  return 0;
}

static int login_as(struct fixture *f, const struct session_config *config,
                    struct login *login, struct error *err) {
  char *url = text_printf("%s/v3", httpd_url(f->site.httpd));
  struct session_config public = *config;
  public.interface = "public";
  const struct keystone keystone = {.config = &public,
                                    .url = url,
                                    .http = f->site.http,
                                    .deadline_ms = site_deadline(9000)};
  *login = (struct login){.retry_after_ms = -7};
  *err = (struct error){.code = ERROR_NONE};
  int status = keystone_login(&keystone, login, err);
  free(url);
  return status;
}

static int log_in(struct fixture *f, struct login *login, struct error *err) {
  return login_as(f, &f->site.config, login, err);
}

static void write_secret(struct fixture *f, const char *text) {
  FILE *file = fopen(f->file, "w");
  fputs(text, file);
  fclose(file);
}

/* ---- what is asked ------------------------------------------------------ */

static const struct {
  struct session_config config;
  const char *body;
} asked[] = {
    {{.username = TEXT("ceilometer"),
      .user_domain_name = TEXT("Default"),
      .password = TEXT(SECRET),
      .project_name = TEXT("service"),
      .project_domain_name = TEXT("Default")},
     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":"
     "{\"user\":{\"name\":\"ceilometer\",\"domain\":{\"name\":\"Default\"},"
     "\"password\":\"" SECRET "\"}}},\"scope\":{\"project\":{\"name\":"
     "\"service\",\"domain\":{\"name\":\"Default\"}}}}}"},
    {{.user_id = TEXT("f511"),
      .password = TEXT("p\"\\\n\303\244"),
      .project_id = TEXT("b620")},
     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":"
     "{\"user\":{\"id\":\"f511\",\"password\":\"p\\\"\\\\\\u000a\303\244\"}}},"
     "\"scope\":{\"project\":{\"id\":\"b620\"}}}}"},
    {{.username = TEXT("u"),
      .user_domain_id = TEXT("ud"),
      .password = TEXT(SECRET),
      .project_name = TEXT("p"),
      .project_domain_id = TEXT("pd")},
     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":"
     "{\"user\":{\"name\":\"u\",\"domain\":{\"id\":\"ud\"},"
     "\"password\":\"" SECRET "\"}}},\"scope\":{\"project\":{\"name\":\"p\","
     "\"domain\":{\"id\":\"pd\"}}}}}"},
    {{.user_id = TEXT("u"), .password = TEXT(SECRET), .system_scope = true},
     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":"
     "{\"user\":{\"id\":\"u\",\"password\":\"" SECRET "\"}}},"
     "\"scope\":{\"system\":{\"all\":true}}}}"},
    {{.user_id = TEXT("u"), .password = TEXT(SECRET), .domain_id = TEXT("d")},
     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":"
     "{\"user\":{\"id\":\"u\",\"password\":\"" SECRET "\"}}},"
     "\"scope\":{\"domain\":{\"id\":\"d\"}}}}"},
    {{.user_id = TEXT("u"), .password = TEXT(SECRET), .domain_name = TEXT("D")},
     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":"
     "{\"user\":{\"id\":\"u\",\"password\":\"" SECRET "\"}}},"
     "\"scope\":{\"domain\":{\"name\":\"D\"}}}}"},
    {{.user_id = TEXT("u"), .password = TEXT(SECRET), .trust_id = TEXT("t")},
     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":"
     "{\"user\":{\"id\":\"u\",\"password\":\"" SECRET "\"}}},"
     "\"scope\":{\"OS-TRUST:trust\":{\"id\":\"t\"}}}}"},
    /* An application credential carries its own scope. */
    {{.credential_id = TEXT("cid"),
      .credential_secret = TEXT(SECRET),
      .project_id = TEXT("ignored")},
     "{\"auth\":{\"identity\":{\"methods\":[\"application_credential\"],"
     "\"application_credential\":{\"secret\":\"" SECRET
     "\",\"id\":\"cid\"}}}}"},
    {{.credential_name = TEXT("cn"),
      .credential_secret = TEXT(SECRET),
      .username = TEXT("u"),
      .user_domain_name = TEXT("D")},
     "{\"auth\":{\"identity\":{\"methods\":[\"application_credential\"],"
     "\"application_credential\":{\"secret\":\"" SECRET
     "\",\"name\":\"cn\",\"user\":{\"name\":\"u\",\"domain\":{\"name\":\"D\"}}}"
     "}}}"},
    {{.credential_name = TEXT("cn"),
      .credential_secret = TEXT(SECRET),
      .user_id = TEXT("uid")},
     "{\"auth\":{\"identity\":{\"methods\":[\"application_credential\"],"
     "\"application_credential\":{\"secret\":\"" SECRET
     "\",\"name\":\"cn\",\"user\":{\"id\":\"uid\"}}}}}"},
    /* A token is exchanged for one of the scope's. */
    {{.token = TEXT(SECRET), .domain_name = TEXT("D")},
     "{\"auth\":{\"identity\":{\"methods\":[\"token\"],\"token\":"
     "{\"id\":\"" SECRET "\"}},\"scope\":{\"domain\":{\"name\":\"D\"}}}}"},
    {{.token = TEXT(SECRET), .trust_id = TEXT("t")},
     "{\"auth\":{\"identity\":{\"methods\":[\"token\"],\"token\":"
     "{\"id\":\"" SECRET
     "\"}},\"scope\":{\"OS-TRUST:trust\":{\"id\":\"t\"}}}}"},
    {{.token = TEXT(SECRET), .system_scope = true},
     "{\"auth\":{\"identity\":{\"methods\":[\"token\"],\"token\":"
     "{\"id\":\"" SECRET "\"}},\"scope\":{\"system\":{\"all\":true}}}}"},
    {{.token = TEXT(SECRET), .project_id = TEXT("b620")},
     "{\"auth\":{\"identity\":{\"methods\":[\"token\"],\"token\":"
     "{\"id\":\"" SECRET "\"}},\"scope\":{\"project\":{\"id\":\"b620\"}}}}"},
};

static void a_login_asks_in_exactly_these_words(void **state) {
  struct fixture *f = *state;
  site_login(&f->site, &(struct site_login){.life_s = 60});
  for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
    struct login login;
    struct error err;
    if (login_as(f, &asked[i].config, &login, &err) != 0)
      fail_msg("row %zu: %s", i, err.text);
    login_clear(&login);
    struct httpd_request seen = httpd_get(f->site.httpd, "POST", NULL, i);
    assert_string_equal(seen.target, "/v3/auth/tokens");
    assert_string_equal(seen.body, asked[i].body);
    assert_non_null(strstr(seen.headers, "\r\nContent-Type: application/json"));
    assert_non_null(strstr(seen.headers, "\r\nAccept: application/json\r\n"));
    assert_null(strstr(seen.headers, SECRET));
  }
}

static void a_ready_made_token_is_looked_up(void **state) {
  struct fixture *f = *state;
  const struct session_config config = {.token = TEXT("ready-made-123")};
  struct login login;
  struct error err;
  char *body = site_token(&f->site, &(struct site_login){.life_s = 1800});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.method = "GET",
                                   .target = "/v3/auth/tokens",
                                   .need = "X-Subject-Token: ready-made-123",
                                   .headers = "X-Subject-Token: other\r\n",
                                   .body = body});
  assert_int_equal(login_as(f, &config, &login, &err), 0);
  assert_string_equal(login.token, "ready-made-123");
  assert_int_equal(login.life_ms, 1800000);
  struct httpd_request seen = httpd_get(f->site.httpd, "GET", NULL, 0);
  assert_non_null(strstr(seen.headers, "\r\nX-Auth-Token: ready-made-123\r\n"));
  login_clear(&login);
  free(body);
}

/* ---- what it brings ----------------------------------------------------- */

static void assert_offer(const struct catalog_entry *entry, const char *type,
                         const char *region, const char *url) {
  assert_string_equal(entry->type, type);
  assert_string_equal(entry->region, region);
  assert_string_equal(entry->url, url);
}

/* As Keystone 22.0.2 says it. */
static const char recorded[] =
    "{\"token\": {\"methods\": [\"password\"], \"user\": {\"domain\": {\"id\": "
    "\"default\", \"name\": \"Default\"}, \"id\": "
    "\"f5110f9de7054846997469e6915a5fce\", \"name\": \"ceilometer\", "
    "\"password_expires_at\": null}, \"audit_ids\": "
    "[\"iTwS9xNrQfCbSG-AJ-xiOw\"], "
    "\"expires_at\": \"2026-11-22T22:29:08.000000Z\", "
    "\"issued_at\": \"2026-11-22T21:29:08.000000Z\", "
    "\"project\": {\"domain\": {\"id\": \"default\", \"name\": \"Default\"}, "
    "\"id\": \"b620a8a87d864399b8cd629698ca2ce1\", \"name\": \"service\"}, "
    "\"is_domain\": false, \"roles\": [{\"id\": \"2737\", \"name\": \"admin\"},"
    " {\"id\": \"9\", \"name\": \"reader\"}], "
    "\"catalog\": [{\"endpoints\": [{\"id\": \"4254\", \"interface\": "
    "\"public\", \"region_id\": \"RegionOne\", \"url\": "
    "\"http://127.0.0.1:25000/v3/\", \"region\": \"RegionOne\"}], \"id\": "
    "\"53e3\", \"type\": \"identity\", \"name\": \"keystone\"}, "
    "{\"endpoints\": [], \"id\": \"1\", \"type\": \"object-store\", \"name\": "
    "\"swift\"}, {\"type\": \"image\", \"endpoints\": [{\"interface\": "
    "\"admin\", \"region\": \"only-region\", \"url\": \"http://g:9292\"}, "
    "{\"interface\": \"public\", \"region_id\": null, \"region\": null, "
    "\"url\": \"http://nowhere\"}, {\"interface\": \"public\", \"region_id\": "
    "\"R\", \"url\": null}, {\"interface\": null, \"url\": \"http://x\"}]}]}}";

static void the_tokens_of_two_releases_are_understood(void **state) {
  static const struct {
    const char *file, *project, *last_url;
    size_t nroles, nentries;
  } rows[] = {{"keystone-token.json", "b620a8a87d864399b8cd629698ca2ce1",
               "http://127.0.0.1:25000/v3/", 1, 1},
              {"keystone-token-2025.1.json", "bf39fa0eb25c4d3f8fe4e136842cedfd",
               "http://cloud.example:7480/swift/v1/"
               "AUTH_bf39fa0eb25c4d3f8fe4e136842cedfd",
               6, 10}};
  struct fixture *f = *state;
  for (size_t i = 0; i < 2; i++) {
    struct login login;
    struct error err;
    char *body = data_read(rows[i].file, NULL);
    httpd_forget(f->site.httpd);
    httpd_add(f->site.httpd, &(struct httpd_answer){
                                 .status = 201,
                                 .headers = "X-Subject-Token: gAAAAABrA16k\r\n",
                                 .body = body,
                                 .end = HTTPD_CLOSE});
    assert_int_equal(log_in(f, &login, &err), 0);
    assert_int_equal(login.life_ms, 3600000);
    assert_string_equal(login.project.id, rows[i].project);
    assert_string_equal(login.project.name, "service");
    assert_int_equal(login.nroles, rows[i].nroles);
    assert_int_equal(login.nentries, rows[i].nentries); /* one interface's */
    assert_offer(&login.entries[0], "identity", "RegionOne",
                 i == 0 ? rows[i].last_url : "http://cloud.example:5000/v3/");
    assert_string_equal(login.entries[login.nentries - 1].url,
                        rows[i].last_url);
    assert_int_equal(login.regions.n, 1);
    login_clear(&login);
    free(body);
  }
}

static void a_recorded_answer_is_understood(void **state) {
  struct fixture *f = *state;
  struct login login;
  struct error err;
  httpd_add(f->site.httpd, &(struct httpd_answer){
                               .status = 201,
                               .headers = "x-sUBJECT-token: gAAAAABrA16k\r\n",
                               .body = recorded,
                               .piece = 7,
                               .end = HTTPD_CLOSE});
  assert_int_equal(log_in(f, &login, &err), 0);
  assert_string_equal(login.token, "gAAAAABrA16k");
  assert_int_equal(login.life_ms, 3600000);
  assert_string_equal(login.project.id, "b620a8a87d864399b8cd629698ca2ce1");
  assert_string_equal(login.project.name, "service");
  assert_string_equal(login.project.domain_id, "default");
  assert_string_equal(login.project.domain_name, "Default");
  assert_int_equal(login.nroles, 2);
  assert_string_equal(login.roles[0], "admin");
  assert_string_equal(login.roles[1], "reader");
  assert_int_equal(login.nentries, 2); /* of the interface that is wanted */
  assert_offer(&login.entries[0], "identity", "RegionOne",
               "http://127.0.0.1:25000/v3/");
  assert_offer(&login.entries[1], "image", "", "http://nowhere");
  assert_int_equal(login.regions.n, 3); /* that there are */
  assert_string_equal(login.regions.items[0], "RegionOne");
  assert_string_equal(login.regions.items[1], "only-region");
  assert_string_equal(login.regions.items[2], "");
  login_clear(&login);
  assert_null(login.token);
}

/* Keystone's clock may be wrong by years: only its own difference counts. */
static void the_life_of_a_token_is_a_difference(void **state) {
  static const struct {
    const char *issued, *expires;
    int64_t life_ms;
  } rows[] = {
      {"2026-11-22T21:02:16.000000Z", "2026-11-22T21:03:16.000000Z", 60000},
      {"1999-12-31T23:59:59Z", "2000-01-01T00:59:59Z", 3600000},
      {"2026-01-01T00:00:00.500000Z", "2026-01-01T00:00:02.000000Z", 1500},
      {"2026-01-01T02:00:00+02:00", "2026-01-01T01:00:00Z", 3600000},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct login login;
    struct error err;
    char *body =
        text_printf("{\"token\":{\"expires_at\":\"%s\",\"issued_at\":\"%s\","
                    "\"catalog\":[{\"endpoints\":[{\"interface\":\"public\","
                    "\"url\":\"http://g\"}]}]}}",
                    rows[i].expires, rows[i].issued);
    httpd_forget(f->site.httpd);
    httpd_add(f->site.httpd,
              &(struct httpd_answer){.headers = "X-Subject-Token: t\r\n",
                                     .body = body});
    assert_int_equal(log_in(f, &login, &err), 0);
    assert_int_equal(login.life_ms, rows[i].life_ms);
    assert_string_equal(login.project.id, "");
    login_clear(&login);
    free(body);
  }
}

/* ... or the answer's, where a token does not say when it was issued. */
static void without_issued_at_the_answer_s_date_counts(void **state) {
  struct fixture *f = *state;
  struct login login;
  struct error err;
  static const char body[] =
      "{\"token\":{\"expires_at\":\"1994-11-06T09:49:37Z\","
      "\"catalog\":[{\"endpoints\":[{\"interface\":\"public\","
      "\"url\":\"http://g\"}]}]}}";
  httpd_add(f->site.httpd,
            &(struct httpd_answer){
                .times = 1,
                .headers = "X-Subject-Token: t\r\n"
                           "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
                .body = body});
  if (log_in(f, &login, &err) != 0)
    fail_msg("%s", err.text);
  assert_int_equal(login.life_ms, 3600000);
  login_clear(&login);
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.headers = "X-Subject-Token: t\r\n"
                                              "Date: yesterday\r\n",
                                   .body = body});
  assert_int_equal(log_in(f, &login, &err), -1);
  assert_string_equal(err.text, "how long the token lives is not known");
}

static void a_created_token_may_have_a_location(void **state) {
  struct fixture *f = *state;
  struct login login;
  struct error err;
  httpd_add(f->site.httpd,
            &(struct httpd_answer){
                .status = 201,
                .headers = "X-Subject-Token: t\r\n"
                           "Location: http://keystone/v3/auth/tokens\r\n",
                .body = recorded});
  if (log_in(f, &login, &err) != 0)
    fail_msg("%s", err.text);
  login_clear(&login);
}

/* ---- secrets in files --------------------------------------------------- */

static void a_secret_file_is_read_at_each_login(void **state) {
  static const char *const texts[][2] = {
      {"first\n", "\"password\":\"first\""},
      {"second\r\nignored\n", "\"password\":\"second\""},
      {" with blanks ", "\"password\":\" with blanks \""},
  };
  struct fixture *f = *state;
  f->site.config.password = NULL;
  f->site.config.password_file = f->file;
  site_login(&f->site, &(struct site_login){.life_s = 60});
  for (size_t i = 0; i < 3; i++) {
    struct login login;
    struct error err;
    write_secret(f, texts[i][0]);
    assert_int_equal(log_in(f, &login, &err), 0);
    assert_non_null(
        strstr(httpd_get(f->site.httpd, NULL, NULL, i).body, texts[i][1]));
    login_clear(&login);
  }
}

static void a_credential_s_secret_may_be_in_a_file(void **state) {
  struct fixture *f = *state;
  const struct session_config config = {.credential_id = TEXT("cid"),
                                        .credential_secret_file = f->file};
  struct login login;
  struct error err;
  write_secret(f, "from-file\n");
  site_login(&f->site, &(struct site_login){.life_s = 60});
  assert_int_equal(login_as(f, &config, &login, &err), 0);
  assert_non_null(strstr(httpd_get(f->site.httpd, NULL, NULL, 0).body,
                         "\"secret\":\"from-file\""));
  login_clear(&login);
}

static void a_secret_file_that_does_not_serve_is_named(void **state) {
  struct fixture *f = *state;
  struct login login;
  struct error err;
  f->site.config.password = NULL;
  f->site.config.password_file = f->file;
  write_secret(f, "\r\nsecond line");
  assert_int_equal(log_in(f, &login, &err), -1);
  assert_int_equal(err.code, ERROR_CONFIG);
  assert_non_null(strstr(err.text, f->file));
  assert_null(strstr(err.text, "second"));
  assert_int_equal(httpd_count(f->site.httpd, NULL, NULL), 0);
}

/* ---- failures ----------------------------------------------------------- */

static const char wrong_password[] =
    "{\"error\": {\"code\": 401, \"message\": \"The request you have made "
    "requires authentication.\", \"title\": \"Unauthorized\"}}";

static void a_refusal_names_who_was_refused(void **state) {
  static const struct {
    struct session_config config;
    const char *who;
  } rows[] = {
      {{.username = TEXT("watcher"),
        .user_domain_name = TEXT("Default"),
        .password = TEXT(SECRET),
        .project_name = TEXT("service"),
        .project_domain_name = TEXT("Services")},
       "user \"watcher\" (domain \"Default\"), project \"service\" (domain "
       "\"Services\")"},
      {{.username = TEXT("watcher"),
        .user_domain_id = TEXT("d1"),
        .password = TEXT(SECRET),
        .project_name = TEXT("service"),
        .project_domain_id = TEXT("d2")},
       "user \"watcher\" (domain \"d1\"), project \"service\" (domain \"d2\")"},
      {{.user_id = TEXT("f511"),
        .password = TEXT(SECRET),
        .project_id = TEXT("b620")},
       "user \"f511\", project \"b620\""},
      {{.user_id = TEXT("f511"),
        .password = TEXT(SECRET),
        .system_scope = true},
       "user \"f511\", the system"},
      {{.user_id = TEXT("f511"),
        .password = TEXT(SECRET),
        .domain_name = TEXT("D")},
       "user \"f511\", domain \"D\""},
      {{.user_id = TEXT("f511"),
        .password = TEXT(SECRET),
        .trust_id = TEXT("t1")},
       "user \"f511\", trust \"t1\""},
      {{.credential_id = TEXT("cid"), .credential_secret = TEXT(SECRET)},
       "application credential \"cid\""},
      {{.credential_name = TEXT("cn"),
        .user_id = TEXT("u"),
        .credential_secret = TEXT(SECRET)},
       "application credential \"cn\" of user \"u\""},
      {{.token = TEXT(SECRET)}, "ready-made token"},
  };
  struct fixture *f = *state;
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.status = 401, .body = wrong_password});
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct login login;
    struct error err;
    assert_int_equal(login_as(f, &rows[i].config, &login, &err), -1);
    assert_int_equal(err.code, ERROR_LOGIN);
    char *text = text_printf("Keystone refuses %s (HTTP 401)", rows[i].who);
    if (strncmp(err.text, text, strlen(text)) != 0)
      fail_msg("\"%s\" instead of \"%s\"", err.text, text);
    free(text);
    assert_null(strstr(err.text, SECRET));
    assert_int_equal(login.retry_after_ms, 0);
    assert_null(login.token);
  }
}

static const struct {
  struct httpd_answer answer;
  enum error_code code;
  const char *text; /* in the message */
} failures[] = {
    {{.status = 300, .headers = "Location: http://k.example:5000/v3/\r\n"},
     ERROR_LOGIN,
     "HTTP 300 redirects to http://k.example:5000: not followed"},
    {{.status = 302, .headers = "Location: https://proxy/login?secret\r\n"},
     ERROR_LOGIN,
     "HTTP 302 redirects to https://proxy: not followed, correct AuthURL"},
    {{.status = 302, .headers = "Location: /v3/?secret\r\n"},
     ERROR_LOGIN,
     "HTTP 302 redirects to /v3/: not followed, correct AuthURL"},
    {{.headers = "X-Subject-Token: a b\r\n", .body = recorded},
     ERROR_LOGIN,
     "the token has bytes that are not allowed in a header"},
    {{.headers = "X-Subject-Token: a\303\266\r\n", .body = recorded},
     ERROR_LOGIN,
     "the token has bytes that are not allowed in a header"},
    {{.headers = "X-Subject-Token: t\r\n",
      .body = "{\"token\":{\"project\":{\"id\":\"..\"}}}"},
     ERROR_LOGIN,
     "the token's project has an invalid id"},
    {{.headers = "X-Subject-Token: t\r\n",
      .body = "{\"token\":{\"project\":{\"id\":\"a\\r\\nb\"}}}"},
     ERROR_LOGIN,
     "the token's project has an invalid id"},
    {{.status = 404, .type = "text/html", .body = "<h1>no</h1>"},
     ERROR_LOGIN,
     "HTTP 404"},
    {{.status = 500, .body = "{\"error\": \"db\"}"},
     ERROR_LOGIN,
     "HTTP 500: {\"error\": \"db\"}"},
    {{.status = 503, .headers = "Retry-After: 30\r\n"},
     ERROR_LOGIN,
     "HTTP 503"},
    {{.headers = "X-Subject-Token: t\r\n", .body = "{\"token\": "},
     ERROR_PARSE,
     "ends before its JSON does"},
    {{.headers = "X-Subject-Token: t\r\n", .body = "<html>"},
     ERROR_PARSE,
     "the answer is not valid JSON"},
    {{.headers = "X-Subject-Token: t\r\n", .body = ""},
     ERROR_PARSE,
     "ends before its JSON does"},
    {{.headers = "X-Subject-Token: t\r\n", .body = "[]"},
     ERROR_LOGIN,
     "how long the token lives is not known"},
    {{.headers = "X-Subject-Token: t\r\n",
      .body = "{\"token\":{\"expires_at\":\"2026-11-22T21:03:16Z\","
              "\"issued_at\":\"2026-11-22T21:03:16Z\"}}"},
     ERROR_LOGIN,
     "how long the token lives is not known"},
    {{.headers = "X-Subject-Token: t\r\n",
      .body = "{\"token\":{\"expires_at\":12,\"issued_at\":null}}"},
     ERROR_LOGIN,
     "how long the token lives is not known"},
    {{.body = recorded}, ERROR_LOGIN, "no X-Subject-Token"},
    {{.headers = "X-Subject-Token: \r\n", .body = recorded},
     ERROR_LOGIN,
     "no X-Subject-Token"},
    {{.mute = true, .end = HTTPD_CLOSE}, ERROR_TRANSPORT, "mpty reply"},
    {{.headers = "X-Subject-Token: t\r\n",
      .body = "{\"token\":{\"a\":",
      .repeat = 20,
      .end = HTTPD_CUT},
     ERROR_TRANSPORT,
     ""},
};

static void a_token_without_a_catalogue_is_of_no_use(void **state) {
  struct fixture *f = *state;
  struct login login;
  struct error err;
  httpd_add(f->site.httpd,
            &(struct httpd_answer){
                .headers = "X-Subject-Token: t\r\n",
                .body = "{\"token\":{\"expires_at\":\"2026-01-02T00:00:00Z\","
                        "\"issued_at\":\"2026-01-01T00:00:00Z\"}}"});
  assert_int_equal(log_in(f, &login, &err), -1);
  assert_string_equal(err.text, "the token has no catalogue: has it a scope?");
  char *items[] = {TEXT("image=http://g")};
  f->site.config.endpoints = (struct text_list){.items = items, .n = 1};
  assert_int_equal(log_in(f, &login, &err), 0);
  f->site.config.endpoints = (struct text_list){0};
  login_clear(&login);
}

static void each_failure_says_what_it_is(void **state) {
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
    struct login login;
    struct error err;
    httpd_forget(f->site.httpd);
    httpd_add(f->site.httpd, &failures[i].answer);
    assert_int_equal(log_in(f, &login, &err), -1);
    if (err.code != failures[i].code ||
        strstr(err.text, failures[i].text) == NULL)
      fail_msg("row %zu: code %d: %s", i, err.code, err.text);
    assert_null(login.token);
    assert_int_equal(login.retry_after_ms,
                     failures[i].answer.status == 503 ? 30000 : 0);
  }
}

static void a_token_has_a_limit(void **state) {
  struct fixture *f = *state;
  struct login login;
  struct error err;
  char *header = malloc(30 * 1024);
  memset(header, 't', 30 * 1024);
  memcpy(header, "X-Subject-Token: ", 17);
  memcpy(header + 17 + 16 * 1024, "\r\n", 3);
  httpd_add(
      f->site.httpd,
      &(struct httpd_answer){.times = 1, .headers = header, .body = recorded});
  assert_int_equal(log_in(f, &login, &err), 0);
  assert_int_equal(strlen(login.token), 16 * 1024);
  login_clear(&login);
  memcpy(header + 17 + 16 * 1024, "t\r\n", 4);
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.headers = header, .body = recorded});
  assert_int_equal(log_in(f, &login, &err), -1);
  assert_int_equal(err.code, ERROR_LIMIT);
  assert_non_null(strstr(err.text, "the token is over 16 KiB"));
  free(header);
}

/* `n` endpoints of each interface, each in a region of its own. */
static char *catalogue_of(int n) {
  size_t size = 0;
  char *body = NULL;
  FILE *out = open_memstream(&body, &size);
  fputs("{\"token\":{\"expires_at\":\"2026-01-02T00:00:00Z\",\"issued_at\":"
        "\"2026-01-01T00:00:00Z\",\"roles\":[{\"name\":\"a\"}",
        out);
  for (int i = 0; i < 100; i++)
    fputs(",{\"name\":\"b\"}", out);
  fputs("],\"catalog\":[{\"type\":\"image\",\"endpoints\":[{}", out);
  for (int i = 0; i < n; i++)
    fprintf(out,
            ",{\"interface\":\"public\",\"region\":\"%d\",\"url\":"
            "\"http://u/%d\"},{\"interface\":\"admin\",\"region\":\"%d\","
            "\"url\":\"http://u\"}",
            i % 100, i, i % 100);
  fputs("]}]}}", out);
  fclose(out);
  return body;
}

static void a_catalogue_has_a_limit(void **state) {
  struct fixture *f = *state;
  struct login login;
  struct error err;
  char *most = catalogue_of(LOGIN_ENTRIES), *more = catalogue_of(6000);
  httpd_add(f->site.httpd,
            &(struct httpd_answer){
                .times = 1, .headers = "X-Subject-Token: t\r\n", .body = most});
  httpd_add(f->site.httpd,
            &(struct httpd_answer){.headers = "X-Subject-Token: t\r\n",
                                   .body = more});
  assert_int_equal(log_in(f, &login, &err), 0);
  assert_int_equal(login.nentries, LOGIN_ENTRIES);
  assert_int_equal(login.nroles, LOGIN_ROLES);
  login_clear(&login);
  assert_int_equal(log_in(f, &login, &err), -1);
  assert_int_equal(err.code, ERROR_LIMIT);
  assert_string_equal(err.text, "the catalogue has over 4096 endpoints of "
                                "interface public: choose some by Region");
  /* What nobody asks for takes no room, and is a catalogue nevertheless. */
  char *regions[] = {TEXT("7"), TEXT("99")};
  f->site.config.regions = (struct text_list){.items = regions, .n = 2};
  assert_int_equal(log_in(f, &login, &err), 0);
  assert_int_equal(login.nentries, 120);
  assert_int_equal(login.regions.n, 100);
  login_clear(&login);
  regions[0] = regions[1] = TEXT("Nowhere");
  assert_int_equal(log_in(f, &login, &err), 0);
  assert_int_equal(login.nentries, 0);
  f->site.config.regions = (struct text_list){0};
  login_clear(&login);
  free(most);
  free(more);
}

/* ---- no message holds a secret ------------------------------------------ */

/* Any five bytes of it in a row are too many. */
static void assert_silent(const struct error *err, const char *secret) {
  char piece[6] = "";
  for (size_t i = 0; i + 5 <= strlen(secret); i++) {
    memcpy(piece, secret + i, 5);
    if (strstr(err->text, piece) != NULL)
      fail_msg("the message has \"%s\": %s", piece, err->text);
  }
}

static void expect_silence(struct fixture *f, const char *secret,
                           const char *echo) {
  static const int statuses[] = {400, 401, 403, 404, 500, 503};
  const struct session_config configs[] = {
      {.user_id = TEXT("u"), .password = TEXT(secret)},
      {.credential_id = TEXT("c"), .credential_secret = TEXT(secret)},
      {.token = TEXT(secret)},
      {.token = TEXT(secret), .project_id = TEXT("p")},
  };
  for (size_t i = 0; i < 6; i++) {
    httpd_forget(f->site.httpd);
    httpd_add(f->site.httpd,
              &(struct httpd_answer){.status = statuses[i], .body = echo});
    for (size_t c = 0; c < 4; c++) {
      struct login login;
      struct error err;
      assert_int_equal(login_as(f, &configs[c], &login, &err), -1);
      assert_silent(&err, secret);
    }
  }
}

static void a_server_that_repeats_the_secret_is_not_quoted(void **state) {
  static const char token[] =
      "gAAAAABn0r8kHk1mI7y5w8dO-3qzT2xXbV9cE4uPjRfLsYhNaGtQoKwDzUiMvBeS_lZrXy6J"
      "A7n4pCgT1kVd0WmHuEoRsIqLxYbFzNjKcQvPaGhDtUwMiOy5e8B3S2r6X9f4Z7l1A0n-k_Cg"
      "TpVdWmHuEoRsIqLxYbFzNjKcQvPaGhDtUwMiOy5";
  struct fixture *f = *state;
  char body[1000];
  /* Wherever it stands, whole or cut off. */
  for (int before = 0; before < 230; before += 10) {
    snprintf(body, sizeof(body), "{\"error\": \"%0*d bad: %s\"}", before + 1, 0,
             token);
    expect_silence(f, token, body);
    snprintf(body, sizeof(body), "{\"error\": \"%0*d bad: %s\"}", before + 1, 0,
             SECRET);
    expect_silence(f, SECRET, body);
  }
}

static void nor_in_another_spelling(void **state) {
  static const struct {
    const char *secret, *echo;
  } rows[] = {
      {"pass\"word\\1234", "{\"error\": \"pass\\\"word\\\\1234 is wrong\"}"},
      {"gr\303\266\303\237e12345", "{\"error\": \"gr\\u00f6\\u00dfe12345\"}"},
      {"gr\303\266\303\237e12345", "{\"error\": \"gr\303\266\303\237e12345\"}"},
      {"tabs\tand\tothers", "{\"error\": \"tabs\tand\tothers\"}"},
      {"a/slash/b12345", "{\"error\": \"a\\/slash\\/b12345\"}"},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    expect_silence(f, rows[i].secret, rows[i].echo);
}

/* ... but all else that Keystone says helps. */
static void what_keystone_says_is_quoted(void **state) {
  struct fixture *f = *state;
  struct login login;
  struct error err;
  httpd_add(f->site.httpd,
            &(struct httpd_answer){
                .status = 400,
                .body = "{\"error\": {\"code\": 400, \"message\": \"Expecting "
                        "to find domain in project.\"}}"});
  assert_int_equal(log_in(f, &login, &err), -1);
  assert_non_null(strstr(err.text, "Expecting to find domain in project."));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_login_asks_in_exactly_these_words),
      TEST(a_ready_made_token_is_looked_up),
      TEST(a_recorded_answer_is_understood),
      TEST(the_tokens_of_two_releases_are_understood),
      TEST(the_life_of_a_token_is_a_difference),
      TEST(without_issued_at_the_answer_s_date_counts),
      TEST(a_created_token_may_have_a_location),
      TEST(a_secret_file_is_read_at_each_login),
      TEST(a_credential_s_secret_may_be_in_a_file),
      TEST(a_secret_file_that_does_not_serve_is_named),
      TEST(a_refusal_names_who_was_refused),
      TEST(a_token_without_a_catalogue_is_of_no_use),
      TEST(each_failure_says_what_it_is),
      TEST(a_token_has_a_limit),
      TEST(a_catalogue_has_a_limit),
      TEST(a_server_that_repeats_the_secret_is_not_quoted),
      TEST(nor_in_another_spelling),
      TEST(what_keystone_says_is_quoted),
  };
  struct error err;
  if (http_start_up(&err) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  http_shut_down();
  return failed;
}
