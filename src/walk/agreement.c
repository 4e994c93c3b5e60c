#include "walk/agreement.h"

#include "base/clock.h"
#include "keystone/session.h"
#include "net/http.h"
#include "net/url.h"

#include <stdlib.h>
#include <string.h>

#define AGREED_MS 86400000

void agreement_clear(struct agreement *agreement) {
  free(agreement->endpoint);
  free(agreement->url);
  *agreement = (struct agreement){0};
}

unsigned agreement_major(const struct listing *listing) {
  if (listing->at_root)
    return 0;
  unsigned major = url_path_major(listing->path);
  if (major == 0 && listing->version != NULL)
    major = (unsigned)strtoul(listing->version, NULL, 10);
  return major;
}

/* Asks the version document with a token, which stands in for the one that
 * the asker was refused with: for the microversion into `a`, or for the URL. */
static int ask_once(struct agreement *a, const struct pass_plan *plan,
                    bool for_url, struct session_asker *asker,
                    struct error *err) {
  struct session_token token = {0};
  if (session_token(plan->session, asker, &token, err) != 0)
    return -1;
  asker->refused = token.generation;
  const struct version_query query = {.http = plan->http,
                                      .endpoint = plan->url,
                                      .header = token.header,
                                      .wanted = plan->listing->version,
                                      .deadline_ms = plan->deadline_ms};
  int status = for_url ? version_url(&query, &a->url, err)
                       : version_ask(&query, a->microversion, err);
  session_token_clear(&token);
  return status;
}

/* A token that is refused: as in a pass, once more with another, or, since of
 * two Keystones one may know it, with the same. */
static int ask_version(struct agreement *a, const struct pass_plan *plan,
                       bool for_url, struct error *err) {
  struct session_asker asker = {.deadline_ms = plan->deadline_ms};
  struct error refusal;
  if (ask_once(a, plan, for_url, &asker, &refusal) == 0)
    return 0;
  if (refusal.code != ERROR_STATUS || refusal.detail != 401) {
    *err = refusal;
    return -1;
  }
  if (!session_renew(plan->session, asker.refused))
    asker.refused = 0;
  return ask_once(a, plan, for_url, &asker, err);
}

/* Where the service is, if the endpoint does not name the version that the
 * listing needs in it. */
static int find_url(struct agreement *a, struct pass_plan *plan,
                    struct error *err) {
  const struct listing *listing = plan->listing;
  if (listing->version == NULL || listing->at_root ||
      url_path_major(listing->path) > 0 || url_major(plan->url) > 0)
    return 0;
  bool known = a->url != NULL && strcmp(a->endpoint, plan->url) == 0 &&
               clock_ms() < a->url_until_ms;
  if (!known) {
    free(a->url);
    free(a->endpoint);
    a->url = NULL;
    a->endpoint = strdup(plan->url);
    if (a->endpoint == NULL)
      return error_memory(err);
    if (ask_version(a, plan, true, err) != 0)
      return -1;
    if (a->url == NULL) /* it may be the version's own, by another name */
      a->url = strdup(plan->url);
    if (a->url == NULL)
      return error_memory(err);
    a->url_until_ms = clock_ms() + AGREED_MS;
  }
  plan->url = a->url;
  return 0;
}

int agreement_pass(const struct pass_plan *wanted,
                   struct pass_result *ret_result, struct error *err) {
  struct pass_plan plan = *wanted;
  struct agreement *a = plan.agreement;
  *ret_result = (struct pass_result){.next_asked = plan.first_asked};
  if (find_url(a, &plan, err) != 0)
    return -1;
  const char *agreed = a->microversion[0] != '\0' ? a->microversion : NULL;
  bool holds = clock_ms() < a->microversion_until_ms;
  plan.version = holds ? agreed : plan.listing->version;
  int status = pass_run(&plan, ret_result, err);
  if (status == 0 || err->code != ERROR_VERSION)
    return status;
  if (ask_version(a, &plan, false, err) != 0)
    return -1;
  a->microversion_until_ms = clock_ms() + AGREED_MS;
  plan.version = a->microversion[0] != '\0' ? a->microversion : NULL;
  return pass_run(&plan, ret_result, err);
}
