/*
 * rosters - owners that one walk lists, and others use
 *
 * A walk that must know whose records are reads another listing ahead of its
 * own (owners.h). Where that listing has meters, too, at the same interval, the
 * walk that reads it for those lends what it has listed, and the listing is
 * read once. Who borrows waits for that walk, without a thread (board.h). If it
 * fails, or is late, each one reads the listing itself: nobody uses half a
 * list, or that of an earlier cycle.
 *
 * A list does not change once it is lent. It is freed when all who borrow it
 * have put it back, or when the next one is lent.
 */
#ifndef ROSTERS_H
#define ROSTERS_H

#include "base/roster.h"
#include "walk/board.h"
#include "walk/plan.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct rosters; /* of one cloud */

struct rosters *rosters_new(void);          /* NULL: memory */
void rosters_free(struct rosters *rosters); /* NULL is fine; no seat is left */

/* Owners, and the pass that has listed them. */
struct roster_list {
  struct roster roster;
  struct pass_result result;
  int64_t begun_ms; /* when it was made, ahead of the pass */
  _Atomic unsigned holders;
};

/* roster_list_new(err): an empty one, which the caller holds. NULL: memory.
 * roster_list_put(list): the caller no longer holds it. NULL is fine. Any
 * thread. */
struct roster_list *roster_list_new(struct error *err);
void roster_list_put(struct roster_list *list);

/* A walk's place among those that lend and borrow. The caller sets the first
 * members; the others are for rosters.c alone. */
struct roster_seat {
  struct rosters *rosters; /* NULL: it does neither; all functions do nothing */
  struct board_seat board; /* `of`: the listing; `looks`: it borrows */
  struct roster_list *list;
  size_t left; /* who have not borrowed `list` */
  struct roster_seat *next;
};

void rosters_sit(struct roster_seat *seat);
void rosters_leave(struct roster_seat *seat);

/* rosters_lend(seat, list): of a seat that lends: the walk's turn has ended.
 * Takes the caller's hold on `list`; NULL: it has listed nothing, or not all.
 * Wakes who wait. */
void rosters_lend(struct roster_seat *seat, struct roster_list *list);

/* rosters_borrow(seat): the list of the cycle of the seat's turn, which the
 * caller puts back. NULL: there is none. */
struct roster_list *rosters_borrow(struct roster_seat *seat);

#endif
