#include "walk/progress.h"

#include "meter/binding.h"
#include "meter/totals.h"
#include "walk/plan.h"

#include <stdlib.h>

int progress_begin(struct progress *p, const struct binding *binding,
                   size_t width, struct error *err) {
  size_t meters = binding_meters(binding);
  *p = (struct progress){
      .begun = true,
      .seen = p->seen,
      .again = calloc(width, sizeof(*p->again)),
      .output = {.totals = totals_new(),
                 .sent = calloc(meters, sizeof(*p->output.sent)),
                 .met = calloc(meters, 1)}};
  return p->again != NULL && p->output.totals != NULL &&
                 p->output.sent != NULL && p->output.met != NULL
             ? 0
             : error_memory(err);
}

void progress_result(const struct progress *p, struct pass_result *ret) {
  *ret = (struct pass_result){.asked = p->asked,
                              .absent = p->absent,
                              .denied = p->denied,
                              .failed = p->failed,
                              .truncated = p->truncated};
}

void progress_keep(struct progress *p, const struct pass_result *result) {
  p->asked = result->asked;
  p->absent = result->absent;
  p->denied = result->denied;
  p->failed = result->failed;
  p->truncated = result->truncated;
}

void progress_end(struct progress *p) {
  free(p->again);
  free(p->output.sent);
  free(p->output.met);
  totals_free(p->output.totals);
  idset_rest(&p->seen);
  *p = (struct progress){.begun = false, .seen = p->seen};
}

void progress_clear(struct progress *p) {
  progress_end(p);
  idset_clear(&p->seen);
}
