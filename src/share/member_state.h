/*
 * member_state - what a member keeps
 *
 * Of member.c, which has the thread, and member_walks.c, which answers walks,
 * alone.
 */
#ifndef MEMBER_STATE_H
#define MEMBER_STATE_H

#include "share/claim_text.h"
#include "share/claims.h"
#include "share/member_options.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

struct etcd;

struct member {
  struct member_options options;
  struct member_watcher watcher;
  struct etcd *etcd;
  char *root, *host;
  _Atomic bool started;     /* walks ask */
  _Atomic int64_t *fences;  /* of the units, as claims_fence() */
  _Atomic int64_t slept_ms; /* what no clock but the wall's has counted */
  _Atomic int64_t skew_ms;  /* of the wall clock, when last read */
  pthread_mutex_t lock;     /* of all below; never held during a call */
  pthread_cond_t wake;
  struct claims *claims;
  struct claim_about about;
  bool stopped, leaves, threaded;
  bool calls;               /* options.walk() */
  struct claim_keys keys;   /* the last that were read, */
  struct etcd_items items;  /* and from where */
  struct claim_clash *news; /* clashes that are not written so far */
  size_t nnews;
  bool crowded; /* there are more */
  /* the thread's alone */
  pthread_t thread;
  int64_t lease;
  size_t servers; /* of etcd; 0: not known */
  int failures;
  enum claim_accord accord; /* as was told */
  bool met;                 /* others: it has looked once */
  int64_t next_state_ms, next_news_ms;
  bool told_crowded;
  const char *advice;
};

/* member_clock(clock): in milliseconds. member_read_time(member): with the
 * lock. */
int64_t member_clock(clockid_t clock);
struct claim_time member_read_time(struct member *member);

/* member_publish(member): the fences, for walks. With the lock. */
void member_publish(struct member *member);

/* member_farewell(member): hands over what it holds, and gives its lease back;
 * within the second that the end of a daemon may take. Nothing else runs any
 * more. */
void member_farewell(struct member *member);

/* member_sleep(member, ms): or until something changes. With the lock. */
void member_sleep(struct member *member, int64_t ms);

#endif
