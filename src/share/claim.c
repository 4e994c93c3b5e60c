#include "share/claim.h"

#include <stdlib.h>
#include <string.h>

static void add_wish(struct claim_table *t, const struct claim_wish *wish) {
  struct claim_unit *unit = &t->units[t->nunits++];
  struct claim *last = t->nclaims > 0 ? &t->claims[t->nclaims - 1] : NULL;
  *unit = (struct claim_unit){
      .name = wish->unit, .interval_ms = wish->interval_ms, .by_beat = true};
  if (last == NULL || strcmp(last->name, wish->claim) != 0) {
    last = &t->claims[t->nclaims++];
    *last = (struct claim){.name = wish->claim, .of = wish->of, .units = unit};
  }
  last->nunits++;
}

int claim_table_init(struct claim_table *t, const struct claim_wish *wishes,
                     size_t n) {
  t->claims = calloc(n + 1, sizeof(*t->claims));
  t->units = calloc(n + 1, sizeof(*t->units));
  if (t->claims == NULL || t->units == NULL)
    return -1;
  for (size_t i = 0; i < n; i++)
    add_wish(t, &wishes[i]);
  return 0;
}

void claim_table_clear(struct claim_table *t) {
  free(t->claims);
  free(t->units);
  free(t->peers);
  *t = (struct claim_table){0};
}

int64_t claim_table_interval_ms(const struct claim_table *t) {
  int64_t least = 0;
  for (size_t i = 0; i < t->nclaims; i++) {
    int64_t interval = claim_interval_ms(&t->claims[i]);
    if (interval > 0 && (least == 0 || interval < least))
      least = interval;
  }
  return least;
}

struct claim *claim_of(const struct claim_table *t, size_t unit) {
  const struct claim_unit *u = &t->units[unit];
  struct claim *claim = t->claims;
  while (u < claim->units || u >= claim->units + claim->nunits)
    claim++;
  return claim;
}

int64_t claim_load_ms(const struct claim *claim) {
  int64_t load = 0;
  for (size_t i = 0; i < claim->nunits; i++)
    load += 1 + claim->units[i].note.took_ms;
  return load;
}

int64_t claim_interval_ms(const struct claim *claim) {
  int64_t least = 0;
  for (size_t i = 0; i < claim->nunits; i++) {
    int64_t interval = claim->units[i].interval_ms;
    if (interval > 0 && (least == 0 || interval < least))
      least = interval;
  }
  return least;
}

bool claim_runs(const struct claim *claim) {
  for (size_t i = 0; i < claim->nunits; i++)
    if (claim->units[i].running)
      return true;
  return false;
}
