#include "share/due.h"

int64_t due_wall(const struct claim_unit *u) {
  int64_t interval = u->interval_ms;
  if (u->running || interval == 0)
    return DUE_NEVER;
  if (u->note.begun_wall == 0 || !u->note.ended)
    return 0;
  return u->note.begun_wall + interval + (u->by_beat ? 0 : interval / 10);
}

bool due_turn(const struct claim_unit *u, int64_t wall) {
  int64_t age = wall - u->note.begun_wall;
  return u->interval_ms == 0 || age < 0 || age >= u->interval_ms / 2;
}
