/*
 * check - what collectd-openstack check has found out of a cloud. Data
 *
 * check.c fills it; check_text and check_json show it.
 */
#ifndef CHECK_H
#define CHECK_H

#include "base/text.h"
#include "settings/cloud.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum check_state {
  CHECK_WORKS,
  CHECK_EMPTY,   /* it works, and there was no record */
  CHECK_REFUSED, /* the token may not */
  CHECK_ABSENT,  /* the cloud has no such service or extension */
  CHECK_BROKEN,
  CHECK_STATES,
};
extern const char *const check_states[CHECK_STATES];

/* What something costs. */
struct check_cost {
  double requests, seconds, series, bytes;
  bool least; /* it is more: nobody tells how many records there are */
};

/* A listing in a region. */
struct check_row {
  const struct listing *listing;
  char *region; /* or NULL */
  enum check_state state;
  uint64_t records; /* of what was asked */
  bool more;        /* there are further pages */
  double listed;    /* in all, as the service tells; 0: it does not */
  size_t nasked;    /* projects or owners, of which one was asked; 0: neither */
  int64_t interval_ms;
  struct check_cost cost; /* of a cycle */
  struct text_list lines; /* what the log would have */
};

struct check {
  const struct cloud_config *config;
  bool login;                            /* it worked */
  char *url, *project, *roles, *regions; /* NULL: not known */
  struct text_list lines;                /* of the cloud as a whole */
  int64_t timeout_ms; /* of the configuration; a check has less patience */
  struct check_row *rows;
  size_t nrows;
  size_t meters, listings;
};

/* check_is_good(check): all works. */
bool check_is_good(const struct check *check);

/* check_cost(check, interval_ms, ret): the sum of all rows of this interval;
 * check_interval(check, after_ms): the next longer interval of a row; 0: none.
 */
void check_cost(const struct check *check, int64_t interval_ms,
                struct check_cost *ret);
int64_t check_interval(const struct check *check, int64_t after_ms);

/* check_advice(check, row, dst, size): the one step that mends it; "": none. */
void check_advice(const struct check *check, const struct check_row *row,
                  char *dst, size_t size);

void check_text(const struct check *check, bool colours);
void check_json(const struct check *check, bool first);

#endif
