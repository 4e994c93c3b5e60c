#include "net/tape.h"

#include "base/clock.h"

static const struct tape *current;
static int64_t began_ms; /* clock_running_ms() */

void tape_begin(const struct tape *tape, int64_t wall_ms) {
  current = tape;
  began_ms = clock_running_ms();
  clock_held = (struct clock_held){.ms = tape != NULL ? TAPE_START_MS : 0,
                                   .wall_ms = wall_ms - TAPE_START_MS};
}

const struct tape *tape_current(void) { return current; }

bool tape_plays(void) { return current != NULL && current->find != NULL; }

int64_t tape_now(void) { return clock_running_ms() - began_ms + TAPE_START_MS; }

void tape_move(int64_t ms) {
  if (ms > clock_held.ms)
    clock_held.ms = ms;
}
