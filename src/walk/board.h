/*
 * board - what a cloud's services answered last
 *
 * Each walk posts how its first request has ended. A walk that asks for nothing
 * else than whether the service answers (listing.any_request) looks here first,
 * and makes a request only if no other walk of the service in this region has
 * made one at about the same time. If others are about to, it waits for them,
 * without a thread: it is woken.
 *
 * "At about the same time" is half the shorter one of both intervals: read
 * callbacks begin together and drift apart. A walk that is in a back-off
 * because nobody has answered it speaks for the service as well: a list of
 * versions may answer while all else is broken.
 *
 * The board keeps no history, sends nothing, and knows no walk but by its seat.
 * All functions may be called by any thread.
 */
#ifndef BOARD_H
#define BOARD_H

#include "meter/samples.h"

#include <stdbool.h>
#include <stdint.h>

struct board; /* of one cloud */

struct board *board_new(void);        /* NULL: memory */
void board_free(struct board *board); /* NULL is fine; no seat is left */

/* board_expect(board, service, interval_ms): there will be a seat of this
 * service in each region, which posts. Call it before any walk runs. -1:
 * memory. Keeps the pointer. */
int board_expect(struct board *board, const char *service, int64_t interval_ms);

enum board_news {
  NEWS_NONE,    /* it has had none yet */
  NEWS_OUTCOME, /* its first request has ended: `outcome` */
  NEWS_BACKOFF, /* in a back-off, because nobody had answered */
  NEWS_QUIET,   /* it made no request, for another reason */
};

/* A walk's place at the board. The caller sets the first members; all else is
 * the board's. */
struct board_seat {
  struct board *board; /* NULL: it has none, and all below does nothing */
  const char *service, *region;
  int64_t interval_ms;
  bool looks; /* it asks the board instead of posting */
  /* For who looks: waiting is over. It may be called on any thread, once for
   * each wait. */
  void (*wake)(void *arg);
  void *wake_arg;
  /* the board's */
  enum board_news news;
  int64_t told_ms; /* when that came, which is no NEWS_QUIET; 0: nothing has */
  int64_t at_ms;   /* its last turn; of who looks: when its own began */
  struct outcome outcome;
  bool waits;
  struct board_seat *next;
};

void board_sit(struct board_seat *seat);
void board_leave(struct board_seat *seat);

/* board_post(seat, news, outcome): its walk has had its turn; `outcome` is of
 * NEWS_OUTCOME, or NULL. */
void board_post(struct board_seat *seat, enum board_news news,
                const struct outcome *outcome);

/* board_wait(seat, turn_ms): of who looks. Its turn has come at `turn_ms` of
 * clock_ms(), which may be a while ago: it had to queue for a thread, and
 * others that came with it may have been quicker. True: others are about to
 * tell; its `wake` will be called. False: board_look() knows. */
bool board_wait(struct board_seat *seat, int64_t turn_ms);

/* board_give_up(seat): waits no longer. True: it was waiting, and its `wake`
 * will not be called. */
bool board_give_up(struct board_seat *seat);

/* board_look(seat, ret): has the service answered others? If one of them got an
 * answer below 500, `ret` is the newest of these; else what another got; else
 * zeros if one is in a back-off for want of an answer. False: nobody knows. */
bool board_look(const struct board_seat *seat, struct outcome *ret);

/* outcome_is_good(outcome): an answer below 500 came. */
static inline bool outcome_is_good(const struct outcome *outcome) {
  return outcome->status > 0 && outcome->status < 500;
}

#endif
