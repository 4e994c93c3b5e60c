#include "share/member.h"

#include "etcd/etcd.h"
#include "etcd/quorum.h"
#include "share/changes.h"
#include "share/claim_text.h"
#include "share/claims.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* To give the lease back, at the end of the daemon. */
#define LEAVE_MS 800
/* A wall clock that goes ahead by more than this has counted a pause of the
 * machine that no other clock has. */
#define JUMP_MS 1000
/* One failure may be chance. */
#define TROUBLE_FAILURES 2

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
  bool stopped, leaves, threaded;
  bool calls; /* options.walk() */
  /* the thread's alone */
  pthread_t thread;
  int64_t lease;
  size_t servers; /* of etcd; 0: not known */
  int failures;
  bool met; /* others: it has looked once */
  int64_t next_state_ms;
  struct claim_keys keys;  /* the last that were read, */
  struct etcd_items items; /* and from where */
  const char *advice;
};

/* ---- clocks ------------------------------------------------------------- */

static int64_t clock_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* With the lock. A pause of a virtual machine stops both clocks of the host;
 * only the wall clock is set right afterwards. */
static struct claim_time read_time(struct member *m) {
  int64_t boot = clock_of(CLOCK_BOOTTIME), wall = clock_of(CLOCK_REALTIME);
  int64_t jump = wall - boot - atomic_load(&m->skew_ms);
  if (jump > JUMP_MS)
    atomic_fetch_add(&m->slept_ms, jump);
  atomic_store(&m->skew_ms, wall - boot);
  return (struct claim_time){boot + atomic_load(&m->slept_ms), wall};
}

/* With the lock. */
static void publish(struct member *m) {
  for (size_t i = 0; i < m->options.nwishes; i++)
    atomic_store(&m->fences[i], claims_fence(m->claims, i));
}

/* ---- calls -------------------------------------------------------------- */

/* A call, with all of the claim that it needs: that may change meanwhile. */
struct request {
  struct claims_call call;
  char *key, *value;
};

/* With the lock. -1: memory. */
static int write_request(struct member *m, struct request *r) {
  const struct claims_call *call = &r->call;
  if (call->claim != NULL) {
    r->key = claim_text_key(m->root, call->claim);
    r->value = claim_text_value(call->claim);
  } else if (call->kind == CALL_JOIN) {
    r->key = claim_text_member_key(m->root, call->lease);
    r->value = claim_text_member(m->host, m->options.config_hash);
  } else {
    return 0;
  }
  return r->key != NULL && r->value != NULL ? 0 : -1;
}

static void clear_request(struct request *r) {
  free(r->key);
  free(r->value);
}

static int change(struct member *m, const struct request *r, bool *ret_done,
                  struct error *err) {
  const struct claims_call *call = &r->call;
  const struct etcd_compare compare = {
      .condition = call->kind == CALL_TAKE ? ETCD_ABSENT : ETCD_LEASED,
      .key = r->key,
      .number = call->lease};
  const struct etcd_change put = {
      .key = r->key,
      .value = call->kind == CALL_DROP ? NULL : r->value,
      .lease = call->kind == CALL_GIVE ? call->to : call->lease};
  const struct etcd_txn txn = {.compares = &compare,
                               .ncompares = call->kind != CALL_JOIN,
                               .changes = &put,
                               .nchanges = 1};
  return etcd_commit(m->etcd, &txn, ret_done, err);
}

/* How many servers there are is needed when it can no longer be asked. */
static int grant(struct member *m, const struct request *r,
                 struct claims_reply *reply, struct error *err) {
  int64_t ttl_s;
  if (etcd_grant(m->etcd, r->call.ttl_ms / 1000, &reply->lease, &ttl_s, err) !=
      0)
    return -1;
  reply->ttl_ms = ttl_s * 1000;
  m->lease = reply->lease;
  struct error unknown;
  if (etcd_members(m->etcd, &m->servers, &unknown) != 0)
    m->servers = 0;
  return 0;
}

static int keep(struct member *m, const struct request *r,
                struct claims_reply *reply, struct error *err) {
  int64_t ttl_s;
  int status = etcd_keepalive(m->etcd, r->call.lease, &ttl_s, err);
  if (status == 0)
    reply->ttl_ms = ttl_s * 1000;
  return status;
}

static int look(struct member *m, struct claim_keys *ret,
                struct etcd_items *ret_items, struct error *err) {
  if (etcd_range(m->etcd, m->root, ret_items, err) != 0)
    return -1;
  return claim_text_read(m->root, ret_items, ret, err);
}

/* True: for certain nobody can claim anything. */
static bool prove(struct member *m) {
  struct etcd_status statuses[ETCD_ENDPOINTS];
  struct error err;
  return m->servers > 0 && etcd_ask_all(m->etcd, statuses, &err) == 0 &&
         etcd_lacks_quorum(statuses, m->options.config->etcd.endpoints.n,
                           m->servers);
}

/* Without the lock. */
static void perform(struct member *m, const struct request *r,
                    struct claims_reply *reply, struct error *err) {
  bool done = true;
  int status = 0;
  switch (r->call.kind) {
  case CALL_GRANT:
    status = grant(m, r, reply, err);
    break;
  case CALL_KEEP:
    status = keep(m, r, reply, err);
    break;
  case CALL_PROVE:
    done = prove(m);
    break;
  case CALL_LOOK: /* has a buffer of its own */
    break;
  default:
    status = change(m, r, &done, err);
    break;
  }
  reply->kind = done ? REPLY_OK : REPLY_NO;
  if (status != 0)
    reply->kind = err->code == ERROR_LEASE ? REPLY_GONE : REPLY_FAILED;
}

/* ---- what is told ------------------------------------------------------- */

static void tell(struct member *m, enum member_event event, const char *host,
                 const struct error *err) {
  if (m->watcher.event != NULL)
    m->watcher.event(m->watcher.arg, event, host, err);
}

static void on_change(void *arg, bool came, const char *host) {
  struct member *m = arg;
  tell(m, came ? MEMBER_JOINED : MEMBER_GONE, host, NULL);
}

static void tell_look(struct member *m, const struct claim_keys *now) {
  if (m->met)
    changes_tell(&m->keys, now, m->lease, on_change, m);
  else
    tell(m, MEMBER_JOINED, NULL, NULL);
  m->met = true;
  m->failures = 0;
  tell(m, MEMBER_WELL, NULL, NULL);
  const char *advice = etcd_advice(m->etcd);
  if (advice != NULL && advice != m->advice)
    tell(m, MEMBER_ADVICE, advice, NULL);
  m->advice = advice;
}

static void tell_reply(struct member *m, const struct claims_call *call,
                       const struct claims_reply *reply,
                       const struct error *err) {
  if (reply->kind == REPLY_GONE && call->kind != CALL_GIVE)
    tell(m, MEMBER_LOST, NULL, NULL);
  if (reply->kind == REPLY_FAILED && err->code != ERROR_STOPPED &&
      ++m->failures >= TROUBLE_FAILURES)
    tell(m, MEMBER_TROUBLE, NULL, err);
}

/* ---- the thread --------------------------------------------------------- */

/* With the lock, which is given back during calls. */
static void make_call(struct member *m, struct request *r) {
  struct claims_reply reply = {.kind = REPLY_FAILED};
  struct claim_keys keys = {0};
  struct etcd_items items = {0};
  struct error err = {0};
  int status = write_request(m, r);
  pthread_mutex_unlock(&m->lock);
  if (status != 0) {
    error_memory(&err);
  } else if (r->call.kind != CALL_LOOK) {
    perform(m, r, &reply, &err);
  } else if (look(m, &keys, &items, &err) == 0) {
    reply = (struct claims_reply){.kind = REPLY_OK, .seen = &keys.look};
    tell_look(m, &keys);
  }
  tell_reply(m, &r->call, &reply, &err);
  pthread_mutex_lock(&m->lock);
  struct claim_time now = read_time(m);
  claims_done(m->claims, &r->call, &reply, &now);
  publish(m);
  if (r->call.kind != CALL_LOOK || reply.kind != REPLY_OK)
    return;
  claim_text_clear(&m->keys); /* its names are those of `items` */
  etcd_items_clear(&m->items);
  m->keys = keys;
  m->keys.look.members = m->keys.members;
  m->keys.look.claims = m->keys.claims;
  m->items = items;
}

static void tell_state(struct member *m, const struct claim_time *now) {
  struct claims_state state;
  if (m->watcher.state_ms == 0 || now->now_ms < m->next_state_ms)
    return;
  m->next_state_ms = now->now_ms + m->watcher.state_ms;
  claims_state(m->claims, &state);
  pthread_mutex_unlock(&m->lock);
  m->watcher.state(m->watcher.arg,
                   &(struct member_state){.members = state.members,
                                          .owned = state.owned,
                                          .claims = state.claims,
                                          .etcd = state.etcd});
  pthread_mutex_lock(&m->lock);
}

/* With the lock. */
static void begin_walks(struct member *m, struct claim_time *now) {
  size_t unit;
  while (!m->stopped && claims_due(m->claims, now, &unit)) {
    m->calls = true;
    pthread_mutex_unlock(&m->lock);
    m->options.walk(m->options.arg, unit);
    pthread_mutex_lock(&m->lock);
    m->calls = false;
    pthread_cond_broadcast(&m->wake);
    *now = read_time(m);
  }
}

static void sleep_for(struct member *m, int64_t ms) {
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

static void *run(void *arg) {
  struct member *m = arg;
  pthread_mutex_lock(&m->lock);
  while (!m->stopped) {
    struct request request = {0};
    struct claim_time now = read_time(m);
    publish(m);
    tell_state(m, &now);
    begin_walks(m, &now);
    if (m->stopped)
      break;
    if (claims_next(m->claims, &now, &request.call))
      make_call(m, &request);
    else
      sleep_for(m, claims_wake_ms(m->claims, &now) - now.now_ms);
    clear_request(&request);
  }
  while (!m->leaves)
    pthread_cond_wait(&m->wake, &m->lock);
  pthread_mutex_unlock(&m->lock);
  struct error err;
  if (m->lease != 0) /* else it runs out by itself */
    (void)etcd_revoke(m->etcd, m->lease, LEAVE_MS, &err);
  return NULL;
}

/* ---- life cycle --------------------------------------------------------- */

/* A beat is a quarter of a lease's life, 5 to 20 s: a call has less. */
static int64_t call_ms(const struct member *m) {
  int64_t beat = claims_ttl_ms(m->claims) / 4;
  return beat < 2000 ? beat : 2000;
}

struct member *member_new(const struct member_options *options,
                          struct error *err) {
  struct member *m = calloc(1, sizeof(*m));
  pthread_condattr_t attributes;
  if (m == NULL) {
    error_memory(err);
    return NULL;
  }
  m->options = *options;
  pthread_mutex_init(&m->lock, NULL);
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&m->wake, &attributes);
  pthread_condattr_destroy(&attributes);
  m->root = claim_text_root(options->config->prefix, options->cloud);
  m->fences = calloc(options->nwishes + 1, sizeof(*m->fences));
  m->claims =
      claims_new(&(struct claims_options){.wishes = options->wishes,
                                          .nwishes = options->nwishes,
                                          .config = options->config_hash,
                                          .loss = options->config->loss},
                 err);
  if (m->claims == NULL)
    goto fail;
  if (m->root == NULL || m->fences == NULL) {
    error_memory(err);
    goto fail;
  }
  m->etcd = etcd_new(&options->config->etcd, call_ms(m), err);
  if (m->etcd == NULL)
    goto fail;
  return m;
fail:
  member_free(m);
  return NULL;
}

void member_watch(struct member *m, const struct member_watcher *watcher) {
  m->watcher = *watcher;
}

int member_start(struct member *m, const char *host, member_spawn *spawn,
                 struct error *err) {
  int status = 0;
  pthread_mutex_lock(&m->lock);
  if (!m->threaded) {
    atomic_store(&m->skew_ms,
                 clock_of(CLOCK_REALTIME) - clock_of(CLOCK_BOOTTIME));
    atomic_store(&m->started, true);
    free(m->host);
    m->host = strdup(host);
    if (m->host == NULL)
      status = error_memory(err);
    else if (spawn(&m->thread, run, m, "openstack-share") != 0)
      status = error_set(err, ERROR_MEMORY, "no thread could be started");
    m->threaded = status == 0;
  }
  pthread_mutex_unlock(&m->lock);
  return status;
}

static void end(struct member *m, bool leaves) {
  if (m == NULL)
    return;
  etcd_stop(m->etcd);
  pthread_mutex_lock(&m->lock);
  m->stopped = true;
  m->leaves = m->leaves || leaves;
  pthread_cond_broadcast(&m->wake);
  while (m->calls) /* so that no walk is begun any more */
    pthread_cond_wait(&m->wake, &m->lock);
  pthread_mutex_unlock(&m->lock);
}

void member_stop(struct member *m) { end(m, false); }
void member_leave(struct member *m) { end(m, true); }

void member_free(struct member *m) {
  if (m == NULL)
    return;
  if (m->threaded) {
    member_leave(m);
    pthread_join(m->thread, NULL);
  }
  claim_text_clear(&m->keys);
  etcd_items_clear(&m->items);
  etcd_free(m->etcd);
  claims_free(m->claims);
  free(m->fences);
  free(m->root);
  free(m->host);
  pthread_cond_destroy(&m->wake);
  pthread_mutex_destroy(&m->lock);
  free(m);
}

/* ---- for walks ---------------------------------------------------------- */

static bool asks(const struct member_unit *unit) {
  return unit->member != NULL && atomic_load(&unit->member->started);
}

bool member_may_walk(const struct member_unit *unit) {
  struct member *m = unit->member;
  if (!asks(unit))
    return true;
  pthread_mutex_lock(&m->lock);
  struct claim_time now = read_time(m);
  bool may = !m->stopped && claims_may_walk(m->claims, unit->unit, &now);
  pthread_mutex_unlock(&m->lock);
  return may;
}

void member_begun(const struct member_unit *unit, bool by_beat) {
  struct member *m = unit->member;
  if (!asks(unit))
    return;
  pthread_mutex_lock(&m->lock);
  struct claim_time now = read_time(m);
  claims_begun(m->claims, unit->unit, by_beat, &now);
  pthread_cond_broadcast(&m->wake);
  pthread_mutex_unlock(&m->lock);
}

void member_ended(const struct member_unit *unit, bool whole) {
  struct member *m = unit->member;
  if (!asks(unit))
    return;
  pthread_mutex_lock(&m->lock);
  struct claim_time now = read_time(m);
  claims_ended(m->claims, unit->unit, whole, &now);
  pthread_cond_broadcast(&m->wake);
  pthread_mutex_unlock(&m->lock);
}

enum member_fence member_fence(const struct member_unit *unit) {
  struct member *m = unit->member;
  if (!asks(unit))
    return FENCE_OPEN;
  int64_t until = atomic_load(&m->fences[unit->unit]);
  int64_t boot = clock_of(CLOCK_BOOTTIME), wall = clock_of(CLOCK_REALTIME);
  int64_t now = boot + atomic_load(&m->slept_ms);
  int64_t jump = wall - boot - atomic_load(&m->skew_ms);
  if (jump > JUMP_MS)
    now += jump;
  if (now < until)
    return FENCE_OPEN;
  return now < -until ? FENCE_WAIT : FENCE_SHUT;
}

enum member_fence member_fence_wait(const struct member_unit *unit) {
  struct member *m = unit->member;
  enum member_fence fence = member_fence(unit);
  if (fence != FENCE_WAIT)
    return fence;
  pthread_mutex_lock(&m->lock);
  while ((fence = member_fence(unit)) == FENCE_WAIT && !m->stopped)
    sleep_for(m, FENCE_LOOK_MS);
  pthread_mutex_unlock(&m->lock);
  return fence;
}
