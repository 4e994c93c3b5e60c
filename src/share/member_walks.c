#include "share/member.h"

#include "etcd/items.h"
#include "share/member_state.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A wall clock that goes ahead by more than this has counted a pause of the
 * machine that no other clock has. */
#define JUMP_MS 1000

/* ---- clocks ------------------------------------------------------------- */

int64_t member_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A pause of a virtual machine stops both clocks of the host;
 * only the wall clock is set right afterwards. */
struct claim_time member_read_time(struct member *m) {
  int64_t boot = member_clock(CLOCK_BOOTTIME),
          wall = member_clock(CLOCK_REALTIME);
  int64_t jump = wall - boot - atomic_load(&m->skew_ms);
  if (jump > JUMP_MS)
    atomic_fetch_add(&m->slept_ms, jump);
  atomic_store(&m->skew_ms, wall - boot);
  return (struct claim_time){boot + atomic_load(&m->slept_ms), wall};
}

void member_publish(struct member *m) {
  for (size_t i = 0; i < m->options.nwishes; i++)
    atomic_store(&m->fences[i], claims_fence(m->claims, i));
}

void member_sleep(struct member *m, int64_t ms) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  at.tv_sec += ms / 1000;
  at.tv_nsec += ms % 1000 * 1000000;
  if (at.tv_nsec >= 1000000000) {
    at.tv_sec++;
    at.tv_nsec -= 1000000000;
  }
  pthread_cond_timedwait(&m->wake, &m->lock, &at);
}

/* ---- for walks ---------------------------------------------------------- */

static bool asks(const struct member_unit *unit) {
  return unit->member != NULL && atomic_load(&unit->member->started);
}

void member_cloud(const struct member_unit *unit, uint64_t cloud) {
  struct member *m = unit->member;
  if (!asks(unit))
    return;
  pthread_mutex_lock(&m->lock);
  if (cloud != 0 && cloud != m->about.cloud) {
    m->about.cloud = cloud;
    claims_cloud(m->claims, cloud);
    member_publish(m);
    pthread_cond_broadcast(&m->wake);
  }
  pthread_mutex_unlock(&m->lock);
}

static struct claims_parts parts_of(const struct member_unit *unit) {
  return (struct claims_parts){unit->first, unit->n > 1 ? unit->n : 1};
}

bool member_may_walk(const struct member_unit *unit) {
  struct member *m = unit->member;
  const struct claims_parts parts = parts_of(unit);
  bool may = false;
  if (!asks(unit))
    return true;
  pthread_mutex_lock(&m->lock);
  struct claim_time now = member_read_time(m);
  for (size_t i = 0; i < parts.n; i++)
    may = may || claims_may_walk(m->claims, parts.first + i, &now);
  may = may && !m->stopped;
  pthread_mutex_unlock(&m->lock);
  return may;
}

uint64_t member_begun(const struct member_unit *unit, uint64_t wanted,
                      bool by_beat) {
  struct member *m = unit->member;
  const struct claims_parts parts = parts_of(unit);
  if (!asks(unit))
    return MEMBER_ALL;
  pthread_mutex_lock(&m->lock);
  struct claim_time now = member_read_time(m);
  uint64_t begun = claims_begun(m->claims, &parts, wanted, by_beat, &now);
  pthread_cond_broadcast(&m->wake);
  pthread_mutex_unlock(&m->lock);
  return begun;
}

void member_ended(const struct member_unit *unit, uint64_t begun,
                  uint64_t whole) {
  struct member *m = unit->member;
  const struct claims_parts parts = parts_of(unit);
  if (!asks(unit))
    return;
  pthread_mutex_lock(&m->lock);
  struct claim_time now = member_read_time(m);
  claims_ended(m->claims, &parts, begun, whole, &now);
  pthread_cond_broadcast(&m->wake);
  pthread_mutex_unlock(&m->lock);
}

/* ---- fences ------------------------------------------------------------- */

static int64_t fence_clock(const struct member *m) {
  int64_t boot = member_clock(CLOCK_BOOTTIME),
          wall = member_clock(CLOCK_REALTIME);
  /* In this order: a pause that is added meanwhile counts twice, never not. */
  int64_t jump = wall - boot - atomic_load(&m->skew_ms);
  int64_t now = boot + atomic_load(&m->slept_ms);
  return jump > JUMP_MS ? now + jump : now;
}

enum member_fence member_fence(const struct member_unit *unit,
                               uint64_t *parts) {
  const struct claims_parts all = parts_of(unit);
  enum member_fence fence = FENCE_SHUT;
  if (!asks(unit))
    return FENCE_OPEN;
  int64_t now = fence_clock(unit->member);
  for (size_t i = 0; i < all.n; i++) {
    uint64_t bit = (uint64_t)1 << i;
    int64_t until = atomic_load(&unit->member->fences[all.first + i]);
    if (!(*parts & bit))
      continue;
    if (now < -until)
      fence = FENCE_WAIT;
    else if (now >= until)
      *parts &= ~bit;
    else if (fence == FENCE_SHUT)
      fence = FENCE_OPEN;
  }
  return fence;
}

enum member_fence member_fence_wait(const struct member_unit *unit,
                                    uint64_t *parts) {
  struct member *m = unit->member;
  enum member_fence fence = member_fence(unit, parts);
  if (fence != FENCE_WAIT)
    return fence;
  pthread_mutex_lock(&m->lock);
  while ((fence = member_fence(unit, parts)) == FENCE_WAIT && !m->stopped)
    member_sleep(m, FENCE_LOOK_MS);
  pthread_mutex_unlock(&m->lock);
  return fence;
}

/* ---- identifiers that clash --------------------------------------------- */

static const char *name_of(const struct member_unit *unit) {
  return unit->member->options.wishes[unit->first].unit;
}

static bool is_known(const struct claim_clash *clashes, size_t n,
                     const struct claim_clash *clash, size_t *count) {
  for (size_t i = 0; i < n; i++) {
    bool same = strcmp(clashes[i].unit, clash->unit) == 0;
    if (same && clashes[i].hash == clash->hash)
      return true;
    *count += same;
  }
  return false;
}

_Static_assert(MEMBER_CLASHES_ALL <= ETCD_ITEMS / 2, "a look reads all keys");

/* With the lock. Without memory it is as if there were too many. */
static void add_clash(struct member *m, const struct claim_clash *clash) {
  size_t n = 0;
  if (is_known(m->keys.clashes, m->keys.nclashes, clash, &n) ||
      is_known(m->news, m->nnews, clash, &n))
    return;
  bool fits =
      n < MEMBER_CLASHES && m->keys.nclashes + m->nnews < MEMBER_CLASHES_ALL;
  struct claim_clash *news =
      fits ? realloc(m->news, (m->nnews + 1) * sizeof(*news)) : NULL;
  m->crowded = m->crowded || news == NULL;
  if (news == NULL)
    return;
  m->news = news;
  news[m->nnews++] = *clash;
}

void member_clash(const struct member_unit *unit, uint64_t hash) {
  struct member *m = unit->member;
  if (!asks(unit))
    return;
  pthread_mutex_lock(&m->lock);
  add_clash(m, &(struct claim_clash){name_of(unit), hash});
  pthread_mutex_unlock(&m->lock);
}

void member_clashes(const struct member_unit *unit,
                    void (*tell)(void *arg, uint64_t hash), void *arg) {
  struct member *m = unit->member;
  if (!asks(unit))
    return;
  pthread_mutex_lock(&m->lock);
  for (size_t i = 0; i < m->keys.nclashes; i++)
    if (strcmp(m->keys.clashes[i].unit, name_of(unit)) == 0)
      tell(arg, m->keys.clashes[i].hash);
  pthread_mutex_unlock(&m->lock);
}
