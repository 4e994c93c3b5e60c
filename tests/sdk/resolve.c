/*
 * resolve - what comes of a configuration, as JSON
 *
 * Reads a configuration of one <Cloud> from stdin, logs in where it says, and
 * prints TLS settings and the endpoint URLs of the services named as
 * arguments; or the line with which it is refused.
 */
#include "../unit/stub/configuration.h"

#include "base/clock.h"
#include "base/text.h"
#include "config/plugin_options.h"
#include "keystone/session.h"
#include "net/rate_limit.h"

#include <stdio.h>
#include <stdlib.h>

static void put(const char *lead, const char *key, const char *value) {
  char *json = value != NULL ? text_json(value) : NULL;
  printf("%s\"%s\":%s", lead, key, json != NULL ? json : "null");
  free(json);
}

/* What was logged, but for errors, which are an answer of their own. */
static void put_warnings(void) {
  printf(",\"warnings\":[");
  const char *comma = "";
  for (size_t i = 0; i < heard_lines(); i++) {
    enum complaint_kind level;
    const char *line = heard_line(i, &level);
    if (level != COMPLAINT_WARNING)
      continue;
    char *json = text_json(line);
    printf("%s%s", comma, json);
    free(json);
    comma = ",";
  }
  printf("]");
}

static void put_endpoints(struct session *session, int n, char **services) {
  printf(",\"endpoints\":{");
  for (int i = 0; i < n; i++) {
    struct endpoints found;
    struct error err;
    printf("%s\"%s\":[", i > 0 ? "," : "", services[i]);
    const struct endpoint_query query = {.service = services[i],
                                         .deadline_ms = clock_ms() + 30000};
    if (session_endpoints(session, &query, &found, &err) != 0)
      found = (struct endpoints){0};
    for (size_t k = 0; k < found.n; k++)
      printf("%s\"%s\"", k > 0 ? "," : "", found.list[k].url);
    endpoints_clear(&found);
    printf("]");
  }
  printf("}");
}

static int resolve(const struct cloud_config *cloud, int n, char **services) {
  const struct http_options *http = &cloud->http;
  struct rate_limit *rate_limit = rate_limit_new(0);
  struct error err;
  struct session *session =
      session_new(&cloud->session, &cloud->http, rate_limit, &err);
  if (session == NULL)
    return 1;
  printf("{\"verify\":%s",
         http->verify_peer && http->verify_host ? "true" : "false");
  put(",", "cacert", http->ca_cert);
  put(",", "cert", http->client_cert);
  put(",", "key", http->client_key);
  put_warnings();
  put_endpoints(session, n, services);
  printf("}\n");
  session_free(session);
  rate_limit_free(rate_limit);
  return 0;
}

static const char *said_last(void) {
  return heard_lines() > 0 ? heard_line(heard_lines() - 1, NULL) : NULL;
}

int main(int argc, char **argv) {
  char text[4000];
  struct plugin_options options = PLUGIN_OPTIONS_INIT;
  text[fread(text, 1, sizeof(text) - 1, stdin)] = '\0';
  heard_forget();
  struct config_item *root = config_text(text);
  int status = 0;
  if (plugin_options_read(&options, root->children, root->nchildren, &heard) ==
      0) {
    status = resolve(options.clouds[0], argc - 1, argv + 1);
  } else {
    put("{", "refused", said_last());
    printf("}\n");
  }
  plugin_options_clear(&options);
  config_text_free(root);
  heard_forget();
  return status;
}
