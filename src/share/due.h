/*
 * due - when a unit that a daemon holds is to be walked
 *
 * A walk usually begins when a read callback's turn comes. Daemons' turns have
 * different phases, so a unit that has moved keeps the phase of its walks: a
 * turn that comes too soon is ignored, and the beat begins the walk instead.
 * Otherwise each move would be a gap of up to two intervals, or two values in
 * one.
 */
#ifndef DUE_H
#define DUE_H

#include "share/claim.h"

#define DUE_NEVER INT64_MAX

/* due_wall(unit): when its walk is due without a turn, by the wall clock:
 * at once (0) if nothing is known of the last one or it was broken off, an
 * interval after that began if it came without a turn, and a tenth later
 * otherwise. DUE_NEVER: while it runs, and if it needs no times. */
int64_t due_wall(const struct claim_unit *unit);

/* due_turn(unit, wall): a turn has come: does it begin a walk? Not within half
 * an interval after the last one began. */
bool due_turn(const struct claim_unit *unit, int64_t wall);

#endif
