#include "share/member.h"

#include "etcd/etcd.h"
#include "etcd/quorum.h"
#include "share/changes.h"
#include "share/claim_text.h"
#include "share/claims.h"
#include "share/member_state.h"
#include "share/request.h"

#include <stdlib.h>
#include <string.h>

/* Clashes are written so often; after a failure nobody is in a hurry. */
#define NEWS_MS 1000
#define NEWS_FAILED_MS 60000
/* One failure may be chance. */
#define TROUBLE_FAILURES 2

/* ---- calls -------------------------------------------------------------- */

/* How many servers there are is needed when it can no longer be asked. */
static void count_servers(struct member *m) {
  struct error unknown;
  if (etcd_members(m->etcd, &m->servers, &unknown) != 0)
    m->servers = 0;
}

static int grant(struct member *m, const struct request *r,
                 struct claims_reply *reply, struct error *err) {
  int64_t ttl_s;
  if (etcd_grant(m->etcd, r->call.ttl_ms / 1000, &reply->lease, &ttl_s, err) !=
      0)
    return -1;
  reply->ttl_ms = ttl_s * 1000;
  m->lease = reply->lease;
  count_servers(m);
  return 0;
}

static int keep_lease(struct member *m, const struct request *r,
                      struct claims_reply *reply, struct error *err) {
  int64_t ttl_s;
  int status = etcd_keepalive(m->etcd, r->call.lease, &ttl_s, err);
  if (status != 0)
    return status;
  reply->ttl_ms = ttl_s * 1000;
  if (m->servers == 0) /* asked in vain before */
    count_servers(m);
  return 0;
}

static int look_at_store(struct member *m, struct claim_keys *ret,
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
    status = keep_lease(m, r, reply, err);
    break;
  case CALL_PROVE:
    done = prove(m);
    break;
  case CALL_LOOK: /* has a buffer of its own */
    break;
  default:
    status = request_commit(r, m->etcd, &done, err);
    break;
  }
  reply->kind = done ? REPLY_OK : REPLY_NO;
  if (status != 0)
    reply->kind = err->code == ERROR_LEASE ? REPLY_GONE : REPLY_FAILED;
}

/* ---- what is told ------------------------------------------------------- */

static void report_event(struct member *m, enum member_event event,
                         const char *host, const struct error *err) {
  if (m->watcher.event != NULL)
    m->watcher.event(m->watcher.arg, event, host, err);
}

static void on_change(void *arg, bool came, const char *host) {
  struct member *m = arg;
  report_event(m, came ? MEMBER_JOINED : MEMBER_GONE, host, NULL);
}

/* Some versions of etcd renew a lease whose keys they have deleted. */
static bool has_self(const struct member *m, const struct claim_keys *keys) {
  for (size_t i = 0; i < keys->look.nmembers; i++)
    if (keys->members[i].lease == m->lease)
      return true;
  return false;
}

static void tell_look(struct member *m, const struct claim_keys *now) {
  if (!has_self(m, now))
    report_event(m, MEMBER_LOST, NULL, NULL);
  if (m->met)
    changes_tell(&m->keys, now, m->lease, on_change, m);
  else
    report_event(m, MEMBER_JOINED, NULL, NULL);
  m->met = true;
  m->failures = 0;
  report_event(m, MEMBER_WELL, NULL, NULL);
  const char *advice = etcd_advice(m->etcd);
  if (advice != NULL && advice != m->advice)
    report_event(m, MEMBER_ADVICE, advice, NULL);
  m->advice = advice;
}

static void tell_reply(struct member *m, const struct claims_call *call,
                       const struct claims_reply *reply,
                       const struct error *err) {
  if (reply->kind == REPLY_GONE && call->kind != CALL_GIVE)
    report_event(m, MEMBER_LOST, NULL, NULL);
  if (reply->kind == REPLY_FAILED && err->code != ERROR_STOPPED &&
      ++m->failures >= TROUBLE_FAILURES)
    report_event(m, MEMBER_TROUBLE, NULL, err);
}

/* ---- the thread --------------------------------------------------------- */

/* With the lock, which is given back during calls. */
static void make_call(struct member *m, struct request *r) {
  struct claims_reply reply = {.kind = REPLY_FAILED};
  struct claim_keys keys = {0};
  struct etcd_items items = {0};
  struct error err = {0};
  const struct request_sender sender = {m->root, m->host, &m->about};
  int status = request_write(r, &sender, &err);
  pthread_mutex_unlock(&m->lock);
  if (status == 0 && r->call.kind != CALL_LOOK) {
    perform(m, r, &reply, &err);
  } else if (status == 0 && look_at_store(m, &keys, &items, &err) == 0) {
    reply = (struct claims_reply){.kind = REPLY_OK, .seen = &keys.look};
    tell_look(m, &keys);
  }
  tell_reply(m, &r->call, &reply, &err);
  pthread_mutex_lock(&m->lock);
  struct claim_time now = member_read_time(m);
  if (err.code == ERROR_STOPPED) /* what it holds it can still give away */
    m->stopped = true;
  else
    claims_done(m->claims, &r->call, &reply, &now);
  member_publish(m);
  if (r->call.kind != CALL_LOOK || reply.kind != REPLY_OK) {
    claim_text_clear(&keys);
    etcd_items_clear(&items);
    return;
  }
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
  bool first = m->next_state_ms == 0;
  claims_state(m->claims, &state);
  if (first && !state.settled && m->failures < TROUBLE_FAILURES)
    return; /* that it has no claim so far would be misunderstood */
  m->next_state_ms = now->now_ms + m->watcher.state_ms;
  pthread_mutex_unlock(&m->lock);
  m->watcher.state(m->watcher.arg,
                   &(struct member_state){.members = state.members,
                                          .owned = state.owned,
                                          .claims = state.claims,
                                          .etcd = state.etcd});
  pthread_mutex_lock(&m->lock);
}

static const char *host_of(const struct member *m, int64_t lease) {
  for (size_t i = 0; i < m->keys.look.nmembers; i++)
    if (m->keys.members[i].lease == lease)
      return m->keys.hosts[i];
  return "";
}

/* With the lock. */
static void tell_accord(struct member *m) {
  static const enum member_event events[] = {
      [ACCORD_GOOD] = MEMBER_ACCORD,
      [ACCORD_CLOUD] = MEMBER_OTHER_CLOUD,
      [ACCORD_UNIT] = MEMBER_OTHER_UNIT,
  };
  int64_t lease = 0;
  enum claim_accord accord = claims_accord(m->claims, &lease);
  if (accord == m->accord)
    return;
  m->accord = accord;
  pthread_mutex_unlock(&m->lock);
  report_event(m, events[accord], host_of(m, lease), NULL);
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
    *now = member_read_time(m);
  }
}

/* Of keys in one transaction. */
#define NEWS_MOST 50

/* Keys that anybody may write, and nobody deletes: once two things had a name,
 * it stands for neither. */
static int put_news(struct member *m, const struct claim_clash *news, size_t n,
                    struct error *err) {
  struct etcd_change changes[NEWS_MOST];
  char *keys[NEWS_MOST];
  int status = 0;
  bool done;
  for (size_t i = 0; i < n; i++) {
    keys[i] = claim_text_clash_key(m->root, &news[i]);
    changes[i] = (struct etcd_change){.key = keys[i], .value = "{}"};
    if (keys[i] == NULL)
      status = error_memory(err);
  }
  if (status == 0)
    status = etcd_commit(m->etcd,
                         &(struct etcd_txn){.changes = changes, .nchanges = n},
                         &done, err);
  for (size_t i = 0; i < n; i++)
    free(keys[i]);
  return status;
}

/* With the lock, which is given back during the call. Once in a while, since
 * the beat comes first. */
static void write_news(struct member *m, const struct claim_time *now) {
  struct claim_clash news[NEWS_MOST];
  size_t n = m->nnews < NEWS_MOST ? m->nnews : NEWS_MOST;
  struct error err;
  if (n == 0 || !m->met || m->failures > 0 || now->now_ms < m->next_news_ms)
    return;
  m->next_news_ms = now->now_ms + NEWS_MS;
  memcpy(news, m->news, n * sizeof(*news));
  pthread_mutex_unlock(&m->lock);
  int status = put_news(m, news, n, &err);
  pthread_mutex_lock(&m->lock);
  if (status != 0) {
    m->next_news_ms = now->now_ms + NEWS_FAILED_MS;
    return;
  }
  m->nnews -= n;
  memmove(m->news, m->news + n, m->nnews * sizeof(*news));
}

/* With the lock. */
static void tell_crowded(struct member *m) {
  if (!m->crowded || m->told_crowded)
    return;
  m->told_crowded = true;
  pthread_mutex_unlock(&m->lock);
  report_event(m, MEMBER_CROWDED, NULL, NULL);
  pthread_mutex_lock(&m->lock);
}

static void *run(void *arg) {
  struct member *m = arg;
  pthread_mutex_lock(&m->lock);
  while (!m->stopped) {
    struct request request = {0};
    struct claim_time now = member_read_time(m);
    member_publish(m);
    tell_accord(m);
    tell_state(m, &now);
    tell_crowded(m);
    begin_walks(m, &now);
    write_news(m, &now);
    if (m->stopped)
      break;
    if (claims_next(m->claims, &now, &request.call))
      make_call(m, &request);
    else
      member_sleep(m, claims_wake_ms(m->claims, &now) - now.now_ms);
    request_clear(&request);
  }
  while (!m->leaves)
    pthread_cond_wait(&m->wake, &m->lock);
  pthread_mutex_unlock(&m->lock);
  member_farewell(m);
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
  m->about = (struct claim_about){.config = options->config_hash,
                                  .unit = options->config->unit + 1};
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
                                          .about = m->about,
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
                 member_clock(CLOCK_REALTIME) - member_clock(CLOCK_BOOTTIME));
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

static void end_member(struct member *m, bool leaves) {
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

void member_stop(struct member *m) { end_member(m, false); }
void member_leave(struct member *m) { end_member(m, true); }

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
  free(m->news);
  free(m->root);
  free(m->host);
  pthread_cond_destroy(&m->wake);
  pthread_mutex_destroy(&m->lock);
  free(m);
}
