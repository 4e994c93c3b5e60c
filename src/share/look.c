#include "share/look.h"

#include <stdlib.h>
#include <string.h>

static int64_t load_of(const struct look *look, int64_t lease) {
  int64_t load = 0;
  for (size_t i = 0; i < look->nclaims; i++)
    for (size_t k = 0;
         look->claims[i].lease == lease && k < look->claims[i].nnotes; k++)
      load += 1 + look->claims[i].notes[k].note.took_ms;
  return load;
}

static int by_age(const void *a, const void *b) {
  const struct claim_peer *p = a, *q = b;
  return (p->created > q->created) - (p->created < q->created);
}

bool look_peers(const struct look *look, struct claim_table *table) {
  struct claim_peer *peers = calloc(look->nmembers + 1, sizeof(*peers));
  bool here = false;
  if (peers == NULL)
    return true;
  for (size_t i = 0; i < look->nmembers; i++) {
    int64_t lease = look->members[i].lease;
    peers[i] = (struct claim_peer){.lease = lease,
                                   .created = look->members[i].created,
                                   .about = look->members[i].about,
                                   .load_ms = load_of(look, lease)};
    here = here || lease == table->self;
  }
  qsort(peers, look->nmembers, sizeof(*peers), by_age);
  free(table->peers);
  table->peers = peers;
  table->npeers = look->nmembers;
  return here;
}

const struct look_claim *look_claim(const struct look *look,
                                    const struct claim *claim) {
  for (size_t i = 0; i < look->nclaims; i++)
    if (!look->claims[i].more && strcmp(look->claims[i].name, claim->name) == 0)
      return &look->claims[i];
  return NULL;
}

bool look_has_rival(const struct look *look, const struct claim *claim) {
  size_t len = strlen(claim->name);
  for (size_t i = 0; i < look->nclaims; i++) {
    const char *name = look->claims[i].name;
    if (look->claims[i].more)
      continue;
    if (claim->of != NULL
            ? strcmp(name, claim->of) == 0
            : strncmp(name, claim->name, len) == 0 && name[len] == '#')
      return true;
  }
  return false;
}

static void take_note(struct claim *claim, const struct look_note *note,
                      int64_t wall) {
  for (size_t i = 0; i < claim->nunits; i++) {
    struct claim_unit *u = &claim->units[i];
    if (strcmp(note->unit, u->name) != 0)
      continue;
    u->note = note->note;
    if (u->note.begun_wall > wall)
      u->note.begun_wall = wall;
  }
}

void look_notes(const struct look *look, const struct look_claim *seen,
                struct claim *claim, int64_t wall) {
  for (size_t i = 0; i < look->nclaims; i++) {
    const struct look_claim *c = &look->claims[i];
    if (c->lease != seen->lease || strcmp(c->name, seen->name) != 0)
      continue;
    for (size_t k = 0; k < c->nnotes; k++)
      take_note(claim, &c->notes[k], wall);
  }
}
