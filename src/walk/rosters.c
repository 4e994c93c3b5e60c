#include "walk/rosters.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct rosters {
  pthread_mutex_t lock;
  struct roster_seat *seats;
};

struct rosters *rosters_new(void) {
  struct rosters *rosters = calloc(1, sizeof(*rosters));
  if (rosters != NULL)
    pthread_mutex_init(&rosters->lock, NULL);
  return rosters;
}

void rosters_free(struct rosters *rosters) {
  if (rosters == NULL)
    return;
  pthread_mutex_destroy(&rosters->lock);
  free(rosters);
}

/* ---- lists -------------------------------------------------------------- */

struct roster_list *roster_list_new(struct error *err) {
  struct roster_list *list = calloc(1, sizeof(*list));
  if (list == NULL) {
    error_memory(err);
    return NULL;
  }
  list->begun_ms = clock_ms();
  atomic_init(&list->holders, 1);
  return list;
}

void roster_list_put(struct roster_list *list) {
  if (list == NULL || atomic_fetch_sub(&list->holders, 1) > 1)
    return;
  roster_clear(&list->roster);
  free(list);
}

/* ---- seats -------------------------------------------------------------- */

void rosters_sit(struct roster_seat *seat) {
  struct rosters *rosters = seat->rosters;
  if (rosters == NULL)
    return;
  board_sit(&seat->board);
  pthread_mutex_lock(&rosters->lock);
  seat->next = rosters->seats;
  rosters->seats = seat;
  pthread_mutex_unlock(&rosters->lock);
}

void rosters_leave(struct roster_seat *seat) {
  struct rosters *rosters = seat->rosters;
  if (rosters == NULL)
    return;
  board_leave(&seat->board);
  pthread_mutex_lock(&rosters->lock);
  struct roster_seat **at = &rosters->seats;
  while (*at != NULL && *at != seat)
    at = &(*at)->next;
  if (*at != NULL)
    *at = seat->next;
  pthread_mutex_unlock(&rosters->lock);
  roster_list_put(seat->list);
}

/* Does the one borrow what the other lends? */
static bool borrows(const struct roster_seat *one,
                    const struct roster_seat *other) {
  const struct board_seat *a = &one->board, *b = &other->board;
  return a->looks && !b->looks && a->of == b->of &&
         a->interval_ms == b->interval_ms && strcmp(a->region, b->region) == 0;
}

static size_t count_borrowers(const struct roster_seat *lender) {
  size_t n = 0;
  for (const struct roster_seat *s = lender->rosters->seats; s != NULL;
       s = s->next)
    n += borrows(s, lender);
  return n;
}

void rosters_lend(struct roster_seat *seat, struct roster_list *list) {
  const struct outcome listed = {.status = 200};
  struct rosters *rosters = seat->rosters;
  if (rosters == NULL || seat->board.looks)
    return;
  pthread_mutex_lock(&rosters->lock);
  struct roster_list *old = seat->list;
  seat->list = list;
  seat->left = count_borrowers(seat);
  pthread_mutex_unlock(&rosters->lock);
  roster_list_put(old);
  if (list != NULL)
    board_post(&seat->board, NEWS_OUTCOME, &listed);
  else
    board_post(&seat->board, NEWS_QUIET, NULL);
}

/* With the lock. Of an earlier cycle it lacks owners that are new. */
static struct roster_list *take(struct roster_seat *lender,
                                const struct board_seat *to) {
  struct roster_list *list = lender->list;
  if (list == NULL || list->begun_ms <= to->at_ms - to->interval_ms / 2)
    return NULL;
  if (lender->left > 0 && --lender->left == 0) /* takes the lender's hold */
    lender->list = NULL;
  else
    atomic_fetch_add(&list->holders, 1);
  return list;
}

struct roster_list *rosters_borrow(struct roster_seat *seat) {
  struct rosters *rosters = seat->rosters;
  struct roster_list *list = NULL;
  if (rosters == NULL)
    return NULL;
  pthread_mutex_lock(&rosters->lock);
  for (struct roster_seat *s = rosters->seats; s != NULL && list == NULL;
       s = s->next)
    if (borrows(seat, s))
      list = take(s, &seat->board);
  pthread_mutex_unlock(&rosters->lock);
  return list;
}
