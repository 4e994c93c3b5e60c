#include "walk/identity.h"

#include "keystone/session.h"
#include "meter/meter.h"
#include "net/http.h"
#include "settings/access.h"
#include "walk/pass.h"

#include <string.h>

struct taking {
  const struct identity_query *query;
  struct error error; /* the first */
};

static void on_sample(void *arg, const struct sample *sample) {
  struct taking *taking = arg;
  const struct identity_query *q = taking->query;
  struct identity_item item = {.id = sample->id};
  const char *name, *enabled = NULL;
  if (sample->name != NULL && sample->name[0] != '\0')
    item.name = sample->name;
  sample_metadata(sample, 0, &name, &item.domain_id);
  sample_metadata(sample, 1, &name, &enabled);
  if (item.domain_id != NULL && item.domain_id[0] == '\0')
    item.domain_id = NULL;
  item.enabled = enabled == NULL || strcmp(enabled, "false") != 0;
  if (taking->error.code == ERROR_NONE)
    q->take(q->arg, &item, &taking->error);
}

static int run_list(struct taking *taking, const struct binding *binding,
                    struct pass_result *ret, struct error *err) {
  static const struct pass_access none;
  const struct identity_query *q = taking->query;
  const struct pass_plan plan = {
      .listing = q->listing,
      .binding = binding,
      .session = q->session,
      .http = q->http,
      .width = 1, /* domain by domain: Keystone is everybody's */
      .access = &none,
      .url = session_url(q->session),
      .asked = q->domains,
      .nasked = q->ndomains,
      .deadline_ms = q->deadline_ms,
      .sink = on_sample,
      .sink_arg = taking,
  };
  int status = pass_run(&plan, ret, err);
  if (taking->error.code == ERROR_NONE)
    return status;
  *err = taking->error;
  return -1;
}

struct identity_end identity_list(const struct identity_query *q) {
  const struct meter each = {.name = q->listing->name, .from = q->listing};
  const struct meter *meters[] = {&each};
  struct identity_end end = {.status = -1};
  struct taking taking = {.query = q};
  struct pass_result result = {.pages = 0};
  struct binding *binding =
      binding_new(q->listing, meters, 1, true, &end.error);
  if (binding != NULL)
    end.status = run_list(&taking, binding, &result, &end.error);
  binding_free(binding);
  end.cut = result.truncated || result.denied > 0;
  end.round = result.round;
  if (end.status != 0 && end.error.code == ERROR_DENIED)
    end.status = 1;
  else if (end.status != 0 && end.error.code != ERROR_LOGIN) /* nobody's list */
    error_wrap(&end.error, "list of %s", q->listing->name);
  return end;
}
