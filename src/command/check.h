/*
 * check - what collectd-openstack check has found out of a cloud. Data
 *
 * check.c and check_share.c fill it, check_advice.c knows what mends it, and
 * check_report.c shows it.
 */
#ifndef CHECK_H
#define CHECK_H

#include "base/text.h"
#include "settings/cloud.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct custom_meters;

enum check_state {
  CHECK_WORKS,
  CHECK_EMPTY,   /* it works, and there was no record */
  CHECK_REFUSED, /* the token may not read it */
  CHECK_ABSENT,  /* the cloud has no such service or extension */
  CHECK_BROKEN,
  CHECK_STATES,
};
extern const char *const check_states[CHECK_STATES];

/* What something costs. */
struct check_cost {
  double requests, seconds, series, bytes;
  bool least; /* a lower bound: the service does not report a total */
};

/* A listing in a region. */
struct check_row {
  const struct listing *listing;
  char *region; /* or NULL */
  enum check_state state;
  bool unlisted;    /* CHECK_ABSENT: the catalogue lacks the service */
  bool few_rights;  /* the token lacks the role that lets it see all */
  uint64_t records; /* of what was asked */
  bool more;        /* there are further pages */
  double listed;    /* in all, as the service tells; 0: it does not */
  size_t nasked;    /* projects or owners, of which one was asked; 0: neither */
  size_t clashes;   /* names that are of several resources */
  bool late;        /* the interval was too short for what was asked */
  int64_t interval_ms;
  struct check_cost cost; /* of a cycle */
  struct text_list lines; /* what the log would have */
};

/* etcd, where several daemons share the cloud. */
struct check_share {
  const struct share_config *config; /* NULL: none do */
  bool works;
  size_t led;             /* endpoints that answer and know a leader */
  char version[24];       /* of one of them */
  struct text_list hosts; /* of the daemons that are there */
  struct text_list lines; /* what the log would have */
};

struct check {
  const struct cloud_config *config;
  const struct custom_meters *all;       /* meters that there are */
  bool login;                            /* it worked */
  char *url, *project, *roles, *regions; /* NULL: not known */
  struct text_list lines;                /* of the cloud as a whole */
  char *advice;                          /* what mends its login; or NULL */
  int64_t timeout_ms; /* of the configuration; a check has less patience */
  struct check_row *rows;
  size_t nrows;
  size_t meters, listings;
  struct check_share share;
};

/* check_login(config, url): Keystone, at this URL, has refused a login: whom it
 * lets in without a project, as a line that the caller frees; NULL: nothing is
 * known. Two more requests. */
char *check_login(const struct cloud_config *config, const char *url);

/* check_share_ask(config, ret): asks etcd, and claims nothing: no lease, no
 * key. The caller clears `ret`. */
void check_share_ask(const struct cloud_config *config,
                     struct check_share *ret);
void check_share_clear(struct check_share *share);

/* check_is_good(check): all works. */
bool check_is_good(const struct check *check);

/* check_cost(check, interval_ms, ret): the sum of all rows of this interval;
 * check_interval(check, after_ms): the next longer interval of a row; 0: none.
 */
void check_cost(const struct check *check, int64_t interval_ms,
                struct check_cost *ret);
int64_t check_interval(const struct check *check, int64_t after_ms);

/* check_rate(check): the most requests that its cycles need in one second, if
 * all are spread over their intervals as the plugin spreads them. */
double check_rate(const struct check *check);

/* check_advice(check, row, dst, size): the one step that mends it; "": none.
 * check_rate_advice(check, dst, size): the same for all of its requests. */
void check_advice(const struct check *check, const struct check_row *row,
                  char *dst, size_t size);
void check_rate_advice(const struct check *check, char *dst, size_t size);

/* check_left_out(check, listing, ret): the patterns that leave out what is
 * refused or absent, and nothing else: of this listing; NULL: of all. The
 * caller clears `ret`; it may lack some without memory. */
void check_left_out(const struct check *check, const struct listing *listing,
                    struct text_list *ret);

void check_text(const struct check *check, bool colours);
void check_json(const struct check *check, bool first);

#endif
