/*
 * tape - what lies between http and the network while a cycle is recorded or
 * played
 *
 * A recorder is called when an exchange has ended. A player has the answers,
 * and nothing goes to the network. All modules above, with limits, pages,
 * retries and microversions, run the same code in all three cases.
 *
 * A recording can be played to the same values because its clock (base/clock.h)
 * stands still except here: it moves to the end of the next exchange, or to the
 * time for which http waits. A recorded exchange keeps the time of its end, and
 * exchanges end one by one in the same order.
 *
 * For the command, which has one thread. A daemon has no tape and pays nothing.
 */
#ifndef TAPE_H
#define TAPE_H

#include "net/exchange.h"

/* When a recording begins, by clock_ms(). */
#define TAPE_START_MS 1000000

struct tape {
  /* Plays: finds the answer to a request. -1: there is none. NULL: it is a
   * recording. */
  int (*find)(void *arg, const struct http_request *request,
              struct exchange *ret, struct error *err);
  /* Records: called once for each request, when it has ended. */
  void (*keep)(void *arg, const struct http_request *request,
               const struct exchange *exchange);
  void *arg;
};

/* tape_begin(tape, wall_ms): sets the clock to TAPE_START_MS, which is
 * `wall_ms` since 1970. All of http uses the tape from now on; NULL: none, and
 * the clock runs. `tape` must outlive its use. */
void tape_begin(const struct tape *tape, int64_t wall_ms);

const struct tape *tape_current(void); /* NULL: there is none */
bool tape_plays(void);

/* tape_now(): what the clock of a recording would show if it ran. */
int64_t tape_now(void);

/* tape_move(ms): moves the clock forward; it never goes back. */
void tape_move(int64_t ms);

#endif
