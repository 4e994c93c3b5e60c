#include "walk/board.h"

#include "base/clock.h"
#include "keystone/catalog.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A schedule whose walks post. */
struct expected {
  const char *service;
  const void *of;
  int64_t interval_ms;
};

struct board {
  pthread_mutex_t lock;
  struct expected *expected;
  size_t nexpected;
  struct board_seat *seats;
};

struct board *board_new(void) {
  struct board *board = calloc(1, sizeof(*board));
  if (board != NULL)
    pthread_mutex_init(&board->lock, NULL);
  return board;
}

void board_free(struct board *board) {
  if (board == NULL)
    return;
  pthread_mutex_destroy(&board->lock);
  free(board->expected);
  free(board);
}

int board_expect(struct board *board, const struct board_seat *seat) {
  struct expected *grown =
      realloc(board->expected, (board->nexpected + 1) * sizeof(*grown));
  if (grown == NULL)
    return -1;
  grown[board->nexpected++] =
      (struct expected){seat->service, seat->of, seat->interval_ms};
  board->expected = grown;
  return 0;
}

void board_sit(struct board_seat *seat) {
  if (seat->board == NULL)
    return;
  pthread_mutex_lock(&seat->board->lock);
  seat->next = seat->board->seats;
  seat->board->seats = seat;
  pthread_mutex_unlock(&seat->board->lock);
}

void board_leave(struct board_seat *seat) {
  if (seat->board == NULL)
    return;
  pthread_mutex_lock(&seat->board->lock);
  struct board_seat **at = &seat->board->seats;
  while (*at != NULL && *at != seat)
    at = &(*at)->next;
  if (*at != NULL)
    *at = seat->next;
  pthread_mutex_unlock(&seat->board->lock);
}

/* ---- under the lock ----------------------------------------------------- */

/* Does what this one posts concern the one that looks? */
static bool concerns(const struct board_seat *one,
                     const struct board_seat *looks) {
  return !one->looks && one->of == looks->of &&
         strcmp(one->region, looks->region) == 0 &&
         catalog_is_service(one->service, looks->service);
}

/* Of the same cycle as the turn of the one that looks. */
static bool is_fresh(int64_t at_ms, const struct board_seat *one,
                     const struct board_seat *looks) {
  int64_t shorter = one->interval_ms < looks->interval_ms ? one->interval_ms
                                                          : looks->interval_ms;
  return at_ms > 0 && at_ms > looks->at_ms - shorter / 2;
}

/* Those that come less often are not waited for. */
static size_t count_expected(const struct board *board,
                             const struct board_seat *looks) {
  size_t n = 0;
  for (size_t i = 0; i < board->nexpected; i++) {
    const struct expected *e = &board->expected[i];
    n += e->interval_ms <= looks->interval_ms && e->of == looks->of &&
         catalog_is_service(e->service, looks->service);
  }
  return n;
}

/* An answer settles it; without one, all must have had their turn. */
static bool is_settled(const struct board_seat *looks) {
  size_t turns = 0;
  for (const struct board_seat *s = looks->board->seats; s != NULL;
       s = s->next) {
    if (!concerns(s, looks))
      continue;
    if (is_fresh(s->news_ms, s, looks) && outcome_is_good(&s->outcome))
      return true;
    turns +=
        is_fresh(s->at_ms, s, looks) && s->interval_ms <= looks->interval_ms;
  }
  return turns >= count_expected(looks->board, looks);
}

/* The next that waits for this one and need no longer, or NULL. */
static struct board_seat *next_settled(const struct board_seat *one) {
  for (struct board_seat *s = one->board->seats; s != NULL; s = s->next) {
    if (!s->waits || !concerns(one, s) || !is_settled(s))
      continue;
    s->waits = false;
    return s;
  }
  return NULL;
}

/* ---- turns -------------------------------------------------------------- */

void board_post(struct board_seat *seat, enum board_news news,
                const struct outcome *outcome) {
  struct board *board = seat->board;
  if (board == NULL || seat->looks)
    return;
  pthread_mutex_lock(&board->lock);
  seat->at_ms = clock_ms();
  if (news != NEWS_QUIET) { /* which takes back nothing */
    seat->news = news;
    seat->news_ms = seat->at_ms;
    seat->outcome = outcome != NULL ? *outcome : (struct outcome){.status = 0};
  }
  struct board_seat *looks;
  while ((looks = next_settled(seat)) != NULL) {
    pthread_mutex_unlock(&board->lock);
    looks->wake(looks->wake_arg);
    pthread_mutex_lock(&board->lock);
  }
  pthread_mutex_unlock(&board->lock);
}

bool board_wait(struct board_seat *seat, int64_t turn_ms) {
  if (seat->board == NULL || !seat->looks)
    return false;
  pthread_mutex_lock(&seat->board->lock);
  seat->at_ms = turn_ms;
  seat->waits = !is_settled(seat);
  bool waits = seat->waits;
  pthread_mutex_unlock(&seat->board->lock);
  return waits;
}

bool board_give_up(struct board_seat *seat) {
  if (seat->board == NULL)
    return false;
  pthread_mutex_lock(&seat->board->lock);
  bool waited = seat->waits;
  seat->waits = false;
  pthread_mutex_unlock(&seat->board->lock);
  return waited;
}

/* Which of two tells more of the service. */
static bool is_better(const struct board_seat *one,
                      const struct board_seat *than) {
  if (than == NULL)
    return true;
  bool good = outcome_is_good(&one->outcome);
  if (good != outcome_is_good(&than->outcome))
    return good;
  if ((one->news == NEWS_OUTCOME) != (than->news == NEWS_OUTCOME))
    return one->news == NEWS_OUTCOME;
  return one->news_ms > than->news_ms;
}

bool board_look(const struct board_seat *seat, struct outcome *ret) {
  const struct board_seat *best = NULL;
  if (seat->board == NULL || !seat->looks)
    return false;
  pthread_mutex_lock(&seat->board->lock);
  for (const struct board_seat *s = seat->board->seats; s != NULL; s = s->next)
    if (concerns(s, seat) && is_fresh(s->news_ms, s, seat) &&
        is_better(s, best))
      best = s;
  if (best != NULL)
    *ret = best->outcome;
  pthread_mutex_unlock(&seat->board->lock);
  return best != NULL;
}
