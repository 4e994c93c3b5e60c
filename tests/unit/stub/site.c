#include "site.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void must(bool well, const char *what) {
  if (well)
    return;
  fprintf(stderr, "site: %s\n", what);
  abort();
}

void site_open_rate(struct site *site, double rate) {
  struct error err = {0};
  *site = (struct site){
      .httpd = httpd_new(),
      .rate_limit = rate_limit_new(rate),
      .options = {.timeout_ms = 5000, .width = 4},
      .config = {.username = (char *)"collectd",
                 .user_domain_name = (char *)"Default",
                 .password = (char *)SITE_PASSWORD,
                 .project_name = (char *)"service",
                 .project_domain_name = (char *)"Default",
                 .interface = "public"},
  };
  site->config.auth_url = text_printf("%s/v3", httpd_url(site->httpd));
  site->session =
      session_new(&site->config, &site->options, site->rate_limit, &err);
  site->http = http_new(&site->options, site->rate_limit, &err);
  must(site->session != NULL && site->http != NULL, err.text);
}

void site_open(struct site *site) { site_open_rate(site, 0); }

void site_close(struct site *site) {
  session_free(site->session);
  http_free(site->http);
  rate_limit_free(site->rate_limit);
  httpd_free(site->httpd);
  free(site->config.auth_url);
}

char *site_service(const struct site *site, const char *type,
                   const char *region, const char *path) {
  return text_printf(
      "{\"endpoints\":["
      "{\"id\":\"1\",\"interface\":\"admin\",\"region_id\":\"%s\","
      "\"url\":\"http://admin.invalid%s\",\"region\":\"%s\"},"
      "{\"id\":\"2\",\"interface\":\"public\",\"region_id\":\"%s\","
      "\"url\":\"%s%s\",\"region\":\"%s\"},"
      "{\"id\":\"3\",\"interface\":\"internal\",\"region_id\":\"%s\","
      "\"url\":\"http://internal.invalid%s\",\"region\":\"%s\"}],"
      "\"id\":\"7\",\"type\":\"%s\",\"name\":\"some\"}",
      region, path, region, region, httpd_url(site->httpd), path, region,
      region, path, region, type);
}

char *site_token(const struct site *site, const struct site_login *login) {
  char expires[40];
  /* An arbitrary clock of Keystone's own, wrong by years. */
  time_t issued = 1700000000;
  time_t end = issued + (login->life_s > 0 ? login->life_s : 3600);
  struct tm tm;
  strftime(expires, sizeof(expires), "%Y-%m-%dT%H:%M:%S", gmtime_r(&end, &tm));
  char *image = site_service(site, "image", "RegionOne", "");
  char *body = text_printf(
      "{\"token\":{\"methods\":[\"password\"],"
      "\"user\":{\"id\":\"f511\",\"name\":\"collectd\"},"
      "\"expires_at\":\"%s.000000Z\","
      "\"issued_at\":\"2023-11-14T22:13:20.000000Z\","
      "%s,\"roles\":[%s],\"catalog\":[%s]}}",
      expires,
      login->of_domain ? "\"domain\":{\"id\":\"default\"}"
                       : "\"project\":{\"domain\":{\"id\":\"default\"},"
                         "\"id\":\"b620\",\"name\":\"service\"}",
      login->roles != NULL ? login->roles : "{\"id\":\"1\",\"name\":\"admin\"}",
      login->catalog != NULL ? login->catalog : image);
  must(body != NULL, "memory");
  free(image);
  return body;
}

void site_login(struct site *site, const struct site_login *login) {
  char *body = site_token(site, login);
  char *headers = text_printf("X-Subject-Token: %s\r\nVary: X-Auth-Token\r\n",
                              login->token != NULL ? login->token : "token-1");
  httpd_add(site->httpd, &(struct httpd_answer){.method = "POST",
                                                .target = "/v3/auth/tokens",
                                                .status = 201,
                                                .headers = headers,
                                                .body = body,
                                                .times = login->times,
                                                .end = HTTPD_CLOSE});
  free(body);
  free(headers);
}

int64_t site_deadline(int64_t ms) { return clock_ms() + ms; }

size_t site_logins(struct site *site) {
  return httpd_count(site->httpd, "POST", "*/auth/tokens");
}
