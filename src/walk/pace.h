/*
 * pace - how often a listing is walked, and how long a walk may take
 *
 * A listing whose requests are spread over its interval is walked sixty times
 * in it, but not more than once a second. All others are walked once.
 *
 * The time that values carry is decided here, too, for all of them.
 */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>
#include <stdint.h>

struct listing;

/* Of the time of a walk: in the last eighth nobody is asked any more. */
#define PACE_BEGINS(share_ms) ((share_ms) / 8 * 7)

struct pace {
  int64_t turn_ms;     /* between two walks */
  int64_t interval_ms; /* between two passes */
  double request_rate; /* a second, at most; 0: no limit */
  bool paced;          /* spread over the interval */
};

/* pace_of(listing, interval_ms): the pace of a listing; the caller sets
 * request_rate. */
struct pace pace_of(const struct listing *listing, int64_t interval_ms);

/* pace_share_ms(pace): how long a walk may take: its share of the time until
 * the next one. If turns are very short it may take longer than one; the turns
 * that it misses are made up for. */
int64_t pace_share_ms(const struct pace *pace);

/* pace_time(listing, last): the time of what comes now, in seconds since 1970.
 * If the requests are spread over the interval, it is now. All others keep
 * `last`, the time of the walk's beginning or of what came ahead, for a minute:
 * writers put together what has one time, and a walk is seldom longer. */
double pace_time(const struct listing *listing, double last);

#endif
