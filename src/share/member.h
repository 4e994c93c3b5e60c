/*
 * member - this daemon among those that share a cloud
 *
 * One thread for each shared cloud talks to etcd and does what claims.h
 * decides. Walks never wait for it: they read two numbers. Until it is started
 * the daemon behaves as if there were no others, which is what `collectd -T`
 * and the command want.
 *
 * The end has three steps: member_stop() ends its calls, member_leave() gives
 * the lease back once no walk runs any more, so that others take over at their
 * next beat, and member_free() waits for that. The members of several clouds
 * leave at the same time.
 */
#ifndef MEMBER_H
#define MEMBER_H

#include "base/error.h"
#include "settings/share.h"
#include "share/claim.h"

#include <pthread.h>

struct member;

enum member_event {
  MEMBER_JOINED,  /* `host` shares the cloud, too */
  MEMBER_GONE,    /* it left, or its lease ran out */
  MEMBER_LOST,    /* this daemon's own lease was gone; it has a new one */
  MEMBER_TROUBLE, /* etcd does not answer: `err` */
  MEMBER_WELL,    /* it does again */
  MEMBER_ADVICE,  /* `host` is what the operator should know of etcd */
};

struct member_state {
  size_t members, owned, claims; /* this daemon included */
  bool etcd;                     /* answers */
};

/* What the thread tells, and whom it calls. */
struct member_watcher {
  void (*event)(void *arg, enum member_event event, const char *host,
                const struct error *err);
  void (*state)(void *arg, const struct member_state *state);
  int64_t state_ms; /* `state` is called once in so long; 0: never */
  void *arg;
};

struct member_options {
  const char *cloud;
  const struct share_config *config;
  const struct claim_wish *wishes; /* copied, but for the names */
  size_t nwishes;
  uint64_t config_hash; /* equal in daemons that are configured alike */
  /* Begin a walk of this unit now, if none runs: must return at once. */
  void (*walk)(void *arg, size_t unit);
  void *arg;
};

/* member_new(options, err): what it points to must outlive it. Asks nothing and
 * starts nothing. NULL: memory. */
struct member *member_new(const struct member_options *options,
                          struct error *err);

/* member_watch(member, watcher): copied; before it is started. */
void member_watch(struct member *member, const struct member_watcher *watcher);

/* Makes a thread, as pool_spawn of walk/pool.h. */
typedef int member_spawn(pthread_t *thread, void *(*start)(void *), void *arg,
                         char const *name);

/* member_start(member, host, spawn, err): joins the others, under this name;
 * call it after the daemon has forked. Any thread; later calls do nothing. -1:
 * there is no thread; walks stand by until a later call makes one. */
int member_start(struct member *member, const char *host, member_spawn *spawn,
                 struct error *err);

/* member_stop(member), member_leave(member): see above; any thread. Once
 * member_stop() has returned, the member begins no more walks. NULL is fine,
 * and so is a member that has not started. */
void member_stop(struct member *member);
void member_leave(struct member *member);
void member_free(struct member *member);

/* ---- for walks; any thread, and never long ------------------------------ */

/* One of its units. Without a member a walk is nobody else's. */
struct member_unit {
  struct member *member;
  size_t unit;
};

/* member_may_walk(unit): its turn has come: may a walk begin? */
bool member_may_walk(const struct member_unit *unit);

/* member_begun(unit, by_beat), member_ended(unit, whole): as claims_begun() and
 * claims_ended(). */
void member_begun(const struct member_unit *unit, bool by_beat);
void member_ended(const struct member_unit *unit, bool whole);

enum member_fence {
  FENCE_OPEN,
  FENCE_WAIT, /* for a moment; then it is one of the others */
  FENCE_SHUT, /* the walk must end: another daemon may have begun it */
};

#define FENCE_LOOK_MS 50 /* after so long look again at one that waits */

/* member_fence(unit): look at it before each request and each sample.
 * member_fence_wait(unit): the same, but waits, 2 s at most. */
enum member_fence member_fence(const struct member_unit *unit);
enum member_fence member_fence_wait(const struct member_unit *unit);

#endif
