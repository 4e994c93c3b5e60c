#include "walk/walk_owners.h"

#include "meter/binding.h"
#include "walk/owners.h"
#include "walk/task.h"

#include <stdlib.h>
#include <string.h>

/* ---- those that it needs ------------------------------------------------ */

/* A filter holds for the owners, and so not for what is theirs. */
static int list_owners(struct walk *w, const struct pass_plan *plan,
                       struct walk_summary *summary, struct error *err) {
  struct pass_plan ahead = *plan;
  const struct pass_result *owners = &summary->owners;
  struct roster_list *list = w->asked.owners = roster_list_new(err);
  if (list == NULL)
    return -1;
  ahead.agreement = &w->region.owners_agreement;
  ahead.begin_until_ms = 0;
  int status =
      owners_list(w->owners, &ahead, &list->roster, &summary->owners, err);
  if (status != 0) /* its records are not the walk's, but the rest is */
    summary->pass =
        (struct pass_result){.pages = owners->pages,
                             .answered = owners->answered,
                             .bytes = owners->bytes,
                             .retry_after_ms = owners->retry_after_ms};
  return status;
}

int walk_owners_list(struct walk *w, const struct pass_plan *plan,
                     struct walk_summary *summary, struct error *err) {
  w->asked.owners = rosters_borrow(&w->roster);
  if (w->asked.owners == NULL)
    return list_owners(w, plan, summary, err);
  summary->owners = w->asked.owners->result;
  summary->owners.bytes = 0;        /* which the other walk has counted */
  summary->owners.answered = false; /* nor was it this one's request */
  return 0;
}

/* ---- those that it lends ------------------------------------------------ */

/* Of a cloud that is shared another daemon may walk the listing of owners. */
void walk_owners_sit(struct walk *w) {
  const struct walk_options *o = w->options;
  if (o->unit.member != NULL)
    return;
  w->roster = (struct roster_seat){
      .rosters = o->lends != NULL ? o->lends : o->borrows, .board = w->seat};
  w->roster.board.looks = o->borrows != NULL;
  w->roster.board.of =
      o->borrows != NULL ? o->listing->owners : (const void *)o->listing;
  rosters_sit(&w->roster);
}

bool walk_owners_lends(const struct walk *w) {
  return w->roster.rosters != NULL && !w->roster.board.looks;
}

struct binding *walk_owners_binding(struct walk *w, struct error *err) {
  const struct walk_options *o = w->options;
  if (!walk_owners_lends(w))
    return binding_new(o->listing, o->meters, o->nmeters, o->metadata, err);
  const struct meter **meters = calloc(o->nmeters + 1, sizeof(*meters));
  if (meters == NULL) {
    error_memory(err);
    return NULL;
  }
  memcpy(meters, o->meters, o->nmeters * sizeof(*meters));
  w->owner = (struct meter){.name = "owner", .from = o->listing};
  meters[o->nmeters] = &w->owner;
  struct binding *binding =
      binding_new(o->listing, meters, o->nmeters + 1, o->metadata, err);
  free(meters);
  return binding;
}

static void drop_list(struct walk *w) {
  roster_list_put(w->lent);
  w->lent = NULL;
}

void walk_owners_sample(void *arg, const struct sample *sample) {
  struct walk *w = arg;
  struct error err;
  if (sample->meter != &w->owner)
    w->visitor->sample(w->visitor_state, sample);
  else if (w->lent != NULL && owners_add(&w->lent->roster, sample, &err) != 0)
    drop_list(w);
}

/* Without memory for it others list them as well. */
void walk_owners_begin(struct walk *w) {
  struct error err;
  w->lent = walk_owners_lends(w) ? roster_list_new(&err) : NULL;
}

void walk_owners_end(struct walk *w, int status,
                     const struct pass_result *pass) {
  if (status != 0)
    drop_list(w);
  if (w->lent != NULL)
    w->lent->result = *pass;
}

void walk_owners_lend(struct walk *w) {
  rosters_lend(&w->roster, w->lent);
  w->lent = NULL;
}
