/*
 * walk_owners - of a walk what is about owners: those that it needs, and those
 * that it lends
 *
 * A walk that needs owners borrows them (rosters.h), or else reads their
 * listing itself (owners.h). One that lends has one meter more, which makes an
 * owner of each record: its samples are for the list, and no visitor hears of
 * them.
 */
#ifndef WALK_OWNERS_H
#define WALK_OWNERS_H

#include "walk/walk_state.h"

#include <stdbool.h>

struct pass_plan;
struct sample;
struct walk_summary;

/* walk_owners_sit(walk): once it has its seat at the board.
 * walk_owners_lends(walk): does it lend? */
void walk_owners_sit(struct walk *walk);
bool walk_owners_lends(const struct walk *walk);

/* walk_owners_binding(walk, err): of its meters. NULL: as binding_new().
 * walk_owners_sample(walk, sample): the sink of a walk that lends. */
struct binding *walk_owners_binding(struct walk *walk, struct error *err);
void walk_owners_sample(void *walk, const struct sample *sample);

/* walk_owners_list(walk, plan, summary, err): ahead of a pass by this plan:
 * sets the owners of the walk's asked_list. -1: as owners_list(). */
int walk_owners_list(struct walk *walk, const struct pass_plan *plan,
                     struct walk_summary *summary, struct error *err);

/* walk_owners_begin(walk): a pass begins. walk_owners_end(walk, status, pass):
 * so it ended. walk_owners_lend(walk): the walk ends, with or without a pass:
 * lends what is whole. Each does nothing if the walk does not lend. */
void walk_owners_begin(struct walk *walk);
void walk_owners_end(struct walk *walk, int status,
                     const struct pass_result *pass);
void walk_owners_lend(struct walk *walk);

#endif
