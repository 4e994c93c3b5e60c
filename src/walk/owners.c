#include "walk/owners.h"

#include "net/http.h"
#include "walk/agreement.h"

#include <stdlib.h>

struct owners {
  struct meter meter; /* every owner counts */
  const struct meter *meters[1];
  struct binding *binding;
};

struct owners *owners_new(const struct listing *listing, struct error *err) {
  struct owners *owners = calloc(1, sizeof(*owners));
  if (owners == NULL) {
    error_memory(err);
    return NULL;
  }
  owners->meter = (struct meter){.name = "owner", .from = listing->owners};
  owners->meters[0] = &owners->meter;
  owners->binding = binding_new(listing->owners, owners->meters, 1, false, err);
  if (owners->binding != NULL)
    return owners;
  owners_free(owners);
  return NULL;
}

void owners_free(struct owners *owners) {
  if (owners == NULL)
    return;
  binding_free(owners->binding);
  free(owners);
}

struct taking {
  struct roster *roster;
  struct error error;
};

int owners_add(struct roster *roster, const struct sample *owner,
               struct error *err) {
  const struct roster_entry entry = {.id = owner->id,
                                     .name = owner->name,
                                     .project = owner->project,
                                     .domain = -1};
  return roster_add(roster, &entry, err) < 0 ? -1 : 0;
}

static void take_owner(void *arg, const struct sample *sample) {
  struct taking *taking = arg;
  owners_add(taking->roster, sample, &taking->error);
}

int owners_list(const struct owners *owners, const struct pass_plan *plan,
                struct roster *ret, struct pass_result *ret_result,
                struct error *err) {
  const struct listing *listing = owners->meter.from;
  struct taking taking = {.roster = ret};
  struct pass_plan ahead = *plan;
  ahead.listing = listing;
  ahead.binding = owners->binding;
  ahead.totals = NULL;
  ahead.sink = take_owner;
  ahead.sink_arg = &taking;
  int status = agreement_pass(&ahead, ret_result, err);
  if (status == 0 && taking.error.code != ERROR_NONE) {
    *err = taking.error;
    status = -1;
  }
  return status == 0 ? 0 : error_wrap(err, "%s", listing->name);
}
