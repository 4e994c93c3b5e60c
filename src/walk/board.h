/*
 * board - what a cloud's services answered last
 *
 * Each walk posts how its first request has ended. The walk of a listing that
 * only asks whether the service answers (listing.any_request) looks here first.
 * It makes a request only if no other walk of the service in this region has
 * made one at about the same time. If other walks are about to, it waits for
 * them, without a thread: one of them wakes it.
 *
 * "At about the same time" means within half of the shorter one of both
 * intervals: read callbacks begin together and drift apart. A walk that is in a
 * back-off because it got no answer counts as news of the service, too: a list
 * of versions may answer while all else is broken.
 *
 * The board keeps no history, sends nothing, and knows of a walk only its seat.
 * Any thread may call all functions.
 */
#ifndef BOARD_H
#define BOARD_H

#include "meter/samples.h"

#include <stdbool.h>
#include <stdint.h>

struct board; /* of one cloud */
struct board_seat;

struct board *board_new(void);        /* NULL: memory */
void board_free(struct board *board); /* NULL is fine; no seat is left */

/* board_expect(board, seat): announces that in each region one walk will post,
 * from a seat with this `service`, `of` and `interval_ms`. Call it before any
 * walk runs. Keeps the pointers. -1: memory. */
int board_expect(struct board *board, const struct board_seat *seat);

enum board_news {
  NEWS_NONE,    /* nothing was posted yet */
  NEWS_OUTCOME, /* its first request has ended: `outcome` */
  NEWS_BACKOFF, /* it is in a back-off, because it got no answer */
  NEWS_QUIET,   /* it made no request, for another reason */
};

/* A walk's place at the board. The caller sets the first members; the others
 * are for the board alone. */
struct board_seat {
  struct board *board; /* NULL: no board; all functions do nothing */
  const char *service, *region;
  const void *of; /* what it has news of; NULL: of its service */
  int64_t interval_ms;
  bool looks; /* it waits and looks, and does not post */
  /* Of a seat that looks: its waiting is over. May be called on any thread,
   * once for each wait. */
  void (*wake)(void *arg);
  void *wake_arg;
  /* for the board alone: */
  enum board_news news;
  int64_t news_ms; /* when `news` was posted; 0: never */
  int64_t at_ms;   /* its last turn (clock_ms()) */
  struct outcome outcome;
  bool waits;
  struct board_seat *next;
};

void board_sit(struct board_seat *seat);
void board_leave(struct board_seat *seat);

/* board_post(seat, news, outcome): the seat's walk has had its turn. `outcome`
 * belongs to NEWS_OUTCOME and is NULL otherwise. NEWS_QUIET leaves the last
 * news as it was. */
void board_post(struct board_seat *seat, enum board_news news,
                const struct outcome *outcome);

/* board_wait(seat, turn_ms): for a seat that looks. Its turn came at `turn_ms`
 * (clock_ms()). That may be a while ago: it had to queue for a thread, and
 * walks whose turns came at the same time may have been quicker. True: other
 * walks are about to post, and `wake` will be called. False: call board_look()
 * now. */
bool board_wait(struct board_seat *seat, int64_t turn_ms);

/* board_give_up(seat): the seat stops waiting. True: it was waiting, and its
 * `wake` will not be called. */
bool board_give_up(struct board_seat *seat);

/* board_look(seat, ret): did other walks get an answer? `ret` is the newest
 * answer below 500; if there is none, the newest other outcome; if there is
 * none either, but a walk is in a back-off because it got no answer, zeros.
 * False: nothing is known. */
bool board_look(const struct board_seat *seat, struct outcome *ret);

/* outcome_is_good(outcome): did an answer below 500 come? */
static inline bool outcome_is_good(const struct outcome *outcome) {
  return outcome->status > 0 && outcome->status < 500;
}

#endif
