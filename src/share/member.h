/*
 * member - this daemon among those that share a cloud
 *
 * One thread for each shared cloud talks to etcd and does what claims.h
 * decides. Walks never wait for it: they read one number for each claim, its
 * fence. Until it is started the daemon behaves as if there were no others,
 * which is what `collectd -T` and the command want.
 *
 * The end has three steps: member_stop() ends its calls, member_leave() gives
 * the lease back once no walk runs any more, so that others take over at their
 * next beat, and member_free() waits for that. The members of several clouds
 * leave at the same time.
 */
#ifndef MEMBER_H
#define MEMBER_H

#include "share/member_options.h"
#include "share/unit.h"

#include <pthread.h>

struct member;

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

/* member_cloud(unit, cloud): which cloud it is, as a hash, as a login has told;
 * 0: it has not. The walk goes on behind its fence only if all agree. */
void member_cloud(const struct member_unit *unit, uint64_t cloud);

/* member_may_walk(unit): its turn has come: may a walk begin? */
bool member_may_walk(const struct member_unit *unit);

/* member_begun(unit, wanted, by_beat), member_ended(unit, begun, whole): as
 * claims_begun() and claims_ended(). */
uint64_t member_begun(const struct member_unit *unit, uint64_t wanted,
                      bool by_beat);
void member_ended(const struct member_unit *unit, uint64_t begun,
                  uint64_t whole);

/* member_clash(unit, hash): two things have the same identifier, which has this
 * hash: whoever walks the unit after this daemon is to know. Beyond
 * MEMBER_CLASHES of a unit, or MEMBER_CLASHES_ALL of the cloud, whose keys are
 * all read at each beat, it is not told.
 * member_clashes(unit, tell, arg): calls `tell` for all that are known to those
 * who share the cloud. */
#define MEMBER_CLASHES 1000
#define MEMBER_CLASHES_ALL 10000
void member_clash(const struct member_unit *unit, uint64_t hash);
void member_clashes(const struct member_unit *unit,
                    void (*tell)(void *arg, uint64_t hash), void *arg);

enum member_fence {
  FENCE_OPEN,
  FENCE_WAIT, /* for a moment; then it is one of the others */
  FENCE_SHUT, /* the walk must end: another daemon may have begun it */
};

#define FENCE_LOOK_MS 50 /* after so long look again at one that waits */

/* member_fence(unit, parts): look at it before each request and each sample.
 * Takes those out of `parts` that are shut; if all are, so is the fence.
 * member_fence_wait(unit, parts): the same, but waits, 2 s at most. */
enum member_fence member_fence(const struct member_unit *unit, uint64_t *parts);
enum member_fence member_fence_wait(const struct member_unit *unit,
                                    uint64_t *parts);

#endif
