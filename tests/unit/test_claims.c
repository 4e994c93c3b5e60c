/*
 * claims: three daemons share a cloud over a store that is made here, in
 * virtual time. Whatever happens to one of them or to the store, no series has
 * a gap of more than two intervals, and two daemons' values come at most once.
 *
 * A world advances in ticks. A call takes some of them, is applied half-way,
 * and may get lost on either way. A walk sends a unit's records one after the
 * other, and looks at the fence ahead of each.
 */
#include "share/claims.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
  TICK = 20,
  DAEMONS = 3,
  UNITS = 12,
  RECORDS = 3,
  INTERVAL = 60000,
  LEASES = 64,
  FIRST_PART = 4, /* of a world of shards: these units are walked together */
  PARTS = UNITS - FIRST_PART,
  WALL = 1700000000, /* at 0, in thousands */
};

static const char *const names[UNITS] = {"u0", "u1", "u2", "u3", "u4",  "u5",
                                         "u6", "u7", "u8", "u9", "u10", "u11"};

struct world;

struct walk {
  bool runs, by_beat;
  int64_t begun_ms;
  int next; /* record */
};

struct daemon {
  struct world *world;
  struct claims *claims;
  bool alive, paused, cut, calls, applied, poked;
  int64_t wall_off, apply_ms, reply_ms, wake_ms;
  struct claims_call call;
  struct claims_reply reply;
  struct walk walks[UNITS];
  int64_t phase[UNITS]; /* of its turns */
  bool lacks[UNITS];
  struct claim_about about;
  struct {
    bool runs;
    int64_t begun_ms, took_ms;
    uint64_t parts, left;
    int next; /* record of one of the parts */
  } pass;
};

struct lease {
  int64_t id, ttl_ms, ends_ms;
  bool member;
  int64_t created;
  struct claim_about about;
};

struct key {
  int64_t lease;
  struct look_note notes[UNITS];
};

struct series {
  int64_t last_ms, double_ms;
  int by;
};

struct world {
  int64_t now_ms;
  unsigned seed;
  bool down, hangs, whole; /* whole: the cloud is one claim */
  bool shards;             /* the last units are shards of one listing */
  int64_t slow_ms;
  enum share_loss loss;
  struct lease leases[LEASES];
  struct key keys[UNITS];
  int64_t next_lease, revision;
  struct daemon daemons[DAEMONS];
  int64_t took[UNITS];
  struct series series[UNITS][RECORDS];
  int64_t gap_ms;
  int doubles, in_a_row, values, notes, named;
};

static int64_t chance(struct world *w, int64_t from, int64_t to) {
  w->seed = w->seed * 1103515245 + 12345; /* everywhere the same */
  return from + (int64_t)((w->seed >> 8) % (unsigned)(to - from + 1));
}

/* ---- the store ---------------------------------------------------------- */

static struct lease *lease_of(struct world *w, int64_t id) {
  for (size_t i = 0; i < LEASES; i++)
    if (id != 0 && w->leases[i].id == id)
      return &w->leases[i];
  return NULL;
}

static void revoke(struct world *w, struct lease *lease) {
  for (size_t i = 0; i < UNITS; i++)
    if (w->keys[i].lease == lease->id)
      w->keys[i].lease = 0;
  *lease = (struct lease){0};
}

static void expire(struct world *w) {
  for (size_t i = 0; i < LEASES; i++)
    if (w->leases[i].id != 0 && w->now_ms > w->leases[i].ends_ms)
      revoke(w, &w->leases[i]);
}

static void renew(struct world *w, struct lease *lease) {
  lease->ends_ms = w->now_ms + lease->ttl_ms + chance(w, 10, 500);
}

static void grant(struct world *w, const struct claims_call *call,
                  struct claims_reply *reply) {
  struct lease *lease = w->leases;
  while (lease->id != 0)
    lease++;
  w->next_lease += chance(w, 1, 1000000);
  *lease = (struct lease){.id = w->next_lease, .ttl_ms = call->ttl_ms};
  renew(w, lease);
  reply->lease = lease->id;
  reply->ttl_ms = lease->ttl_ms;
}

static size_t key_at(const struct world *w, const struct claim *claim) {
  size_t i = 0;
  while (!w->whole && strcmp(names[i], claim->name) != 0)
    i++;
  return i;
}

static void put(struct world *w, size_t at, const struct claim *claim,
                int64_t lease) {
  struct key *key = &w->keys[at];
  key->lease = lease;
  memset(key->notes, 0, sizeof(key->notes));
  for (size_t i = 0; i < claim->nunits; i++)
    key->notes[i] = (struct look_note){.unit = claim->units[i].name,
                                       .note = claim->units[i].note};
}

/* What has not changed need not be written. */
static void put_changed(struct key *key, const struct claim *claim) {
  for (size_t i = 0; i < claim->nunits; i++)
    if (claim->units[i].changed)
      key->notes[i].note = claim->units[i].note;
}

/* All or none. */
static enum claims_reply_kind note(struct world *w,
                                   const struct claims_call *call) {
  assert_in_range(call->nnoted, 1, CLAIMS_NOTED);
  w->notes++;
  for (size_t i = 0; i < call->nnoted; i++)
    if (w->keys[key_at(w, call->noted[i])].lease != call->lease)
      return REPLY_NO;
  for (size_t i = 0; i < call->nnoted; i++)
    put_changed(&w->keys[key_at(w, call->noted[i])], call->noted[i]);
  return REPLY_OK;
}

static enum claims_reply_kind change(struct world *w,
                                     const struct claims_call *call) {
  size_t at = key_at(w, call->claim);
  struct key *key = &w->keys[at];
  int64_t under = call->kind == CALL_GIVE ? call->to : call->lease;
  bool holds = key->lease == (call->kind == CALL_TAKE ? 0 : call->lease);
  if (!holds)
    return REPLY_NO;
  if (call->kind == CALL_DROP) {
    key->lease = 0;
    return REPLY_OK;
  }
  if (lease_of(w, under) == NULL)
    return REPLY_GONE;
  put(w, at, call->claim, under);
  return REPLY_OK;
}

static void apply(struct daemon *d) {
  struct world *w = d->world;
  const struct claims_call *call = &d->call;
  struct lease *lease = lease_of(w, call->lease);
  d->applied = true;
  d->reply = (struct claims_reply){.kind = REPLY_FAILED};
  if (call->kind == CALL_PROVE) {
    d->reply.kind = w->down && !d->cut ? REPLY_OK : REPLY_NO;
    return;
  }
  if (w->down || w->hangs || d->cut)
    return;
  d->reply.kind = REPLY_OK;
  if (call->kind == CALL_GRANT)
    grant(w, call, &d->reply);
  else if (call->kind == CALL_NOTE)
    d->reply.kind = note(w, call);
  else if (call->claim != NULL)
    d->reply.kind = change(w, call);
  else if (lease == NULL && call->kind != CALL_LOOK)
    d->reply.kind = REPLY_GONE;
  else if (call->kind == CALL_JOIN)
    lease->member = true;
  else if (call->kind == CALL_KEEP) {
    renew(w, lease);
    d->reply.ttl_ms = lease->ttl_ms;
  }
  if (call->kind == CALL_JOIN && lease != NULL) {
    lease->created = lease->created != 0 ? lease->created : ++w->revision;
    lease->about = d->about;
  }
}

/* As it is when the answer arrives, which is as good. */
static void look(struct daemon *d) {
  struct world *w = d->world;
  struct look_member members[LEASES];
  struct look_claim claims[UNITS];
  struct look seen = {.members = members, .claims = claims};
  for (size_t i = 0; i < LEASES; i++)
    if (w->leases[i].member)
      members[seen.nmembers++] =
          (struct look_member){.lease = w->leases[i].id,
                               .created = w->leases[i].created,
                               .about = w->leases[i].about};
  for (size_t i = 0; i < UNITS; i++)
    if (w->keys[i].lease != 0)
      claims[seen.nclaims++] =
          (struct look_claim){.name = w->whole ? "cloud" : names[i],
                              .lease = w->keys[i].lease,
                              .notes = w->keys[i].notes,
                              .nnotes = w->whole ? UNITS : 1};
  d->reply.seen = &seen;
  claims_done(
      d->claims, &d->call, &d->reply,
      &(struct claim_time){w->now_ms, w->now_ms + d->wall_off + WALL * 1000LL});
  d->reply.seen = NULL;
}

/* ---- a daemon ----------------------------------------------------------- */

static struct claim_time time_of(const struct daemon *d) {
  int64_t now = d->world->now_ms;
  return (struct claim_time){now, now + d->wall_off + WALL * 1000LL};
}

static bool is_shard(const struct world *w, size_t unit) {
  return w->shards && unit >= FIRST_PART;
}

static void start(struct world *w, int number) {
  struct daemon *d = &w->daemons[number];
  struct claim_wish wishes[UNITS];
  struct error err;
  size_t n = 0;
  d->world = w;
  for (size_t i = 0; i < UNITS; i++) {
    d->phase[i] = w->now_ms + chance(w, 0, 300);
    if (is_shard(w, i)) /* a turn is of the listing */
      d->phase[i] = d->phase[FIRST_PART];
    if (!d->lacks[i])
      wishes[n++] = (struct claim_wish){
          .claim = w->whole ? "cloud" : names[i],
          .unit = names[i],
          .of = w->shards && i >= FIRST_PART ? "listing" : NULL,
          .interval_ms = INTERVAL};
  }
  d->about.config = 0;
  for (size_t i = 0; i < UNITS; i++) /* alike is who lacks the same */
    d->about.config = d->about.config * 2 + d->lacks[i];
  d->claims = claims_new(
      &(struct claims_options){
          .wishes = wishes, .nwishes = n, .about = d->about, .loss = w->loss},
      &err);
  assert_non_null(d->claims);
  d->wall_off = chance(w, -300, 300);
  d->alive = d->poked = true;
}

static void crash(struct world *w, int number) {
  struct daemon *d = &w->daemons[number];
  claims_free(d->claims);
  d->claims = NULL;
  d->alive = d->calls = d->pass.runs = false;
  memset(d->walks, 0, sizeof(d->walks));
}

/* The unit's number among those that the daemon has. */
static size_t wish_of(const struct daemon *d, size_t unit) {
  size_t n = 0;
  for (size_t i = 0; i < unit; i++)
    n += !d->lacks[i];
  return n;
}

static size_t unit_of(const struct daemon *d, size_t wish) {
  size_t unit = 0;
  while (d->lacks[unit] || wish_of(d, unit) < wish)
    unit++;
  return unit;
}

static const struct claims_parts shards = {FIRST_PART, PARTS};

static void leave(struct world *w, int number) {
  struct daemon *d = &w->daemons[number];
  int64_t lease = 0;
  struct claims_call call;
  struct claim_time now = time_of(d);
  for (size_t i = 0; i < UNITS; i++) /* what runs is broken off first */
    if (d->walks[i].runs)
      claims_ended(d->claims, &(struct claims_parts){wish_of(d, i), 1}, 1, 0,
                   &now);
  if (d->pass.runs)
    claims_ended(d->claims, &shards, d->pass.parts, 0, &now);
  while (claims_leave(d->claims, &call))
    assert_int_equal(change(w, &call), REPLY_OK);
  now.now_ms += INTERVAL; /* its next call has its lease */
  if (claims_next(d->claims, &now, &call))
    lease = call.lease;
  crash(w, number);
  assert_non_null(lease_of(w, lease));
  revoke(w, lease_of(w, lease));
}

/* Of all shards that are due; but not while a pass runs. */
static void begin_pass(struct daemon *d, bool by_beat) {
  struct world *w = d->world;
  struct claim_time now = time_of(d);
  if (d->pass.runs)
    return;
  uint64_t parts = claims_begun(d->claims, &shards, CLAIMS_ALL, by_beat, &now);
  if (parts == 0)
    return;
  d->pass.runs = true;
  d->pass.begun_ms = w->now_ms;
  d->pass.parts = d->pass.left = parts;
  d->pass.next = 0;
  d->pass.took_ms = 0;
  for (size_t i = 0; i < PARTS; i++)
    d->pass.took_ms += parts >> i & 1 ? w->took[FIRST_PART + i] : 0;
  d->poked = true;
}

static void begin_walk(struct daemon *d, size_t unit, bool by_beat) {
  struct claim_time now = time_of(d);
  const struct claims_parts one = {wish_of(d, unit), 1};
  if (is_shard(d->world, unit)) {
    begin_pass(d, by_beat);
    return;
  }
  d->walks[unit] = (struct walk){
      .runs = true, .by_beat = by_beat, .begun_ms = d->world->now_ms};
  assert_int_equal(claims_begun(d->claims, &one, CLAIMS_ALL, by_beat, &now), 1);
  d->poked = true;
}

static void arrive(struct world *w, struct series *s, int by) {
  int64_t since = w->now_ms - s->last_ms;
  w->values++;
  if (s->last_ms > 0) {
    w->gap_ms = since > w->gap_ms ? since : w->gap_ms;
    if (by != s->by && since < INTERVAL * 45 / 100) {
      w->doubles++;
      if (s->double_ms > 0 && w->now_ms - s->double_ms < INTERVAL * 3 / 2)
        w->in_a_row++;
      s->double_ms = w->now_ms;
    }
  }
  s->last_ms = w->now_ms;
  s->by = by;
}

/* Its records are spread over it. */
static void go_on(struct daemon *d, size_t unit) {
  struct world *w = d->world;
  struct walk *walk = &d->walks[unit];
  struct claim_time now = time_of(d);
  int64_t fence = claims_fence(d->claims, wish_of(d, unit));
  int64_t at = walk->begun_ms + w->took[unit] * walk->next / (RECORDS - 1);
  if (w->now_ms < at || (fence < 0 && w->now_ms < -fence))
    return;
  bool open = w->now_ms < fence;
  if (open)
    arrive(w, &w->series[unit][walk->next++], (int)(d - w->daemons));
  if (open && walk->next < RECORDS)
    return;
  walk->runs = false;
  claims_ended(d->claims, &(struct claims_parts){wish_of(d, unit), 1}, 1, open,
               &now);
  d->poked = true;
}

/* The records of its shards, one shard after the other. What another daemon
 * may walk by now is passed over. */
static void go_on_with_pass(struct daemon *d) {
  struct world *w = d->world;
  struct claim_time now = time_of(d);
  for (; d->pass.next < PARTS * RECORDS; d->pass.next++) {
    int part = d->pass.next / RECORDS;
    uint64_t bit = (uint64_t)1 << part;
    int64_t fence = claims_fence(d->claims, (size_t)(FIRST_PART + part));
    if (w->now_ms < d->pass.begun_ms +
                        d->pass.took_ms * d->pass.next / (PARTS * RECORDS) ||
        (fence < 0 && w->now_ms < -fence))
      return;
    if (w->now_ms >= fence)
      d->pass.left &= ~bit;
    if (d->pass.left & bit)
      arrive(w, &w->series[FIRST_PART + part][d->pass.next % RECORDS],
             (int)(d - w->daemons));
  }
  d->pass.runs = false;
  claims_ended(d->claims, &shards, d->pass.parts, d->pass.left, &now);
  d->poked = true;
}

static void walk_all(struct daemon *d) {
  struct world *w = d->world;
  struct claim_time now = time_of(d);
  size_t wish;
  while (claims_due(d->claims, &now, &wish)) {
    size_t unit = unit_of(d, wish);
    w->named++;
    if (!d->walks[unit].runs)
      begin_walk(d, unit, true);
  }
  if (d->pass.runs)
    go_on_with_pass(d);
  for (size_t i = 0; i < UNITS; i++) {
    if (d->lacks[i])
      continue;
    bool turn = (w->now_ms - d->phase[i]) / TICK % (INTERVAL / TICK) == 0;
    if (is_shard(w, i) && d->pass.runs)
      continue;
    if (d->walks[i].runs)
      go_on(d, i);
    else if (turn && claims_may_walk(d->claims, wish_of(d, i), &now))
      begin_walk(d, i, false);
  }
}

static void send_call(struct daemon *d) {
  struct world *w = d->world;
  bool late = (d->cut || w->hangs) && !w->down;
  int64_t takes = late      ? 2000
                  : w->down ? TICK
                            : chance(w, 1, 20) + w->slow_ms * chance(w, 1, 4);
  d->calls = true;
  d->applied = false;
  d->apply_ms = w->now_ms + takes / 2;
  d->reply_ms = w->now_ms + takes;
  if (takes > 2000) { /* its time is over; it may have been done */
    d->reply_ms = w->now_ms + 2000;
    d->apply_ms = w->now_ms + 1990;
  }
}

static void end_call(struct daemon *d) {
  struct claim_time now = time_of(d);
  bool lost = d->reply_ms - d->call.sent_ms >= 2000;
  d->calls = false;
  d->poked = true;
  if (lost)
    d->reply.kind = d->call.kind == CALL_PROVE ? REPLY_NO : REPLY_FAILED;
  if (d->call.kind == CALL_LOOK && d->reply.kind == REPLY_OK)
    look(d);
  else
    claims_done(d->claims, &d->call, &d->reply, &now);
}

static void tick(struct daemon *d) {
  struct world *w = d->world;
  if (!d->alive || d->paused)
    return;
  if (d->calls && !d->applied && w->now_ms >= d->apply_ms)
    apply(d);
  if (d->calls && w->now_ms >= d->reply_ms)
    end_call(d);
  walk_all(d);
  struct claim_time now = time_of(d);
  if (d->calls || (!d->poked && w->now_ms < d->wake_ms))
    return;
  d->poked = false;
  if (claims_next(d->claims, &now, &d->call))
    send_call(d);
  d->wake_ms = claims_wake_ms(d->claims, &now);
}

static void run_for(struct world *w, int64_t ms) {
  for (int64_t end = w->now_ms + ms; w->now_ms < end; w->now_ms += TICK) {
    if (!w->down && !w->hangs)
      expire(w);
    for (int i = 0; i < DAEMONS; i++)
      tick(&w->daemons[i]);
  }
}

static void run_until(struct world *w, int64_t s) {
  run_for(w, s * 1000 - w->now_ms);
}

/* ---- what happens ------------------------------------------------------- */

enum { WORLDS = 4 };

static void start_all(struct world *w) {
  for (int i = 0; i < DAEMONS; i++) {
    run_for(w, chance(w, 0, 50) * TICK);
    start(w, i);
  }
}

/* The daemon that walks the longest unit. */
static int walker_of_longest(struct world *w) {
  for (int i = 0; i < DAEMONS; i++)
    if (w->daemons[i].alive && w->daemons[i].walks[UNITS - 1].runs)
      return i;
  return -1;
}

/* Somewhere in an interval, when all is quiet. */
static void settle(struct world *w) {
  start_all(w);
  run_until(w, 300);
  run_for(w, chance(w, 0, 3000) * TICK);
}

static void nothing(struct world *w) { start_all(w); }

static void join(struct world *w) {
  start(w, 0);
  run_until(w, 150);
  start(w, 1);
  run_until(w, 400);
  start(w, 2);
}

static void crash_one(struct world *w) {
  settle(w);
  crash(w, 0);
}

static void crash_in_walk(struct world *w) {
  int at;
  settle(w);
  while ((at = walker_of_longest(w)) < 0 ||
         w->daemons[at].walks[UNITS - 1].next < RECORDS - 1)
    run_for(w, 1 * 1000);
  crash(w, at);
}

static void crash_two(struct world *w) {
  settle(w);
  crash(w, 0);
  run_for(w, 4 * 1000);
  crash(w, 1);
}

static void leave_one(struct world *w) {
  settle(w);
  leave(w, 0);
}

static void pause_for(struct world *w, int64_t seconds) {
  settle(w);
  for (int i = 0; i < 2; i++) {
    w->daemons[i].paused = true;
    run_for(w, seconds * 1000);
    w->daemons[i].paused = false;
    run_for(w, 200 * 1000);
  }
}

static void pause_long(struct world *w) { pause_for(w, chance(w, 40, 140)); }
static void pause_short(struct world *w) { pause_for(w, 10); }

static void cut_one(struct world *w) {
  settle(w);
  w->daemons[2].cut = true;
  run_for(w, 180 * 1000);
  w->daemons[2].cut = false;
}

static void revoke_all(struct world *w) {
  settle(w);
  for (int round = 0; round < 3; round++) {
    run_for(w, chance(w, 0, 500) * TICK);
    for (size_t i = 0; i < LEASES; i++)
      if (w->leases[i].id != 0)
        revoke(w, &w->leases[i]);
    run_for(w, 70 * 1000);
  }
}

/* Whoever has a quorum again gives each lease its whole time. */
static void new_leader(struct world *w, int64_t after_s) {
  w->down = true;
  run_for(w, after_s * 1000);
  w->down = false;
  for (size_t i = 0; i < LEASES; i++)
    if (w->leases[i].id != 0)
      renew(w, &w->leases[i]);
}

static void elect(struct world *w) {
  settle(w);
  crash(w, 1);
  new_leader(w, 3);
}

static void store_out(struct world *w) {
  settle(w);
  new_leader(w, 150);
}

static void store_slow(struct world *w) {
  settle(w);
  w->slow_ms = 650; /* a call in five is late */
  run_for(w, 180 * 1000);
  w->slow_ms = 0;
}

/* A rolling change of the configuration. */
static void one_lacks(struct world *w) {
  w->daemons[0].lacks[3] = w->daemons[0].lacks[UNITS - 1] = true;
  w->daemons[1].lacks[5] = true;
  settle(w);
  crash(w, 2);
}

struct story {
  const char *name;
  void (*happens)(struct world *);
  double gap;  /* at most, in intervals */
  int doubles; /* at most, in all worlds, of each series: per cent */
  enum share_loss loss;
};

static const struct story stories[] = {
    {"start together", nothing, 1.2, 0, SHARE_LOSS_PROOF},
    {"join", join, 1.3, 0, SHARE_LOSS_PROOF},
    {"crash", crash_one, 2, 10, SHARE_LOSS_PROOF},
    {"crash in the longest walk", crash_in_walk, 2, 10, SHARE_LOSS_PROOF},
    {"two crash", crash_two, 2, 10, SHARE_LOSS_PROOF},
    /* it may break off the longest walk, which takes half an interval */
    {"leave", leave_one, 1.6, 3, SHARE_LOSS_PROOF},
    {"pause for long", pause_long, 2, 10, SHARE_LOSS_PROOF},
    {"pause", pause_short, 2, 5, SHARE_LOSS_PROOF},
    {"cut off", cut_one, 2, 25, SHARE_LOSS_PROOF},
    {"cut off, stop", cut_one, 2, 25, SHARE_LOSS_STOP},
    {"all leases revoked", revoke_all, 1.4, 1, SHARE_LOSS_PROOF},
    {"crash at an election", elect, 2, 10, SHARE_LOSS_PROOF},
    {"store away", store_out, 1.2, 0, SHARE_LOSS_PROOF},
    {"store away, keep", store_out, 1.2, 0, SHARE_LOSS_KEEP},
    {"store slow", store_slow, 3, 5, SHARE_LOSS_PROOF},
    {"configured otherwise", one_lacks, 2, 10, SHARE_LOSS_PROOF},
};

/* In the midst of its pass. */
static void crash_in_pass(struct world *w) {
  settle(w);
  while (!w->daemons[0].pass.runs ||
         w->daemons[0].pass.next < PARTS * RECORDS / 2)
    run_for(w, TICK);
  crash(w, 0);
}

static void leave_in_pass(struct world *w) {
  settle(w);
  while (!w->daemons[0].pass.runs ||
         w->daemons[0].pass.next < PARTS * RECORDS / 2)
    run_for(w, TICK);
  leave(w, 0);
}

static const struct story shard_stories[] = {
    {"start together", nothing, 1.2, 0, SHARE_LOSS_PROOF},
    {"join", join, 1.6, 0, SHARE_LOSS_PROOF},
    {"crash", crash_one, 2, 10, SHARE_LOSS_PROOF},
    {"crash in a pass", crash_in_pass, 2, 20, SHARE_LOSS_PROOF},
    {"two crash", crash_two, 2, 20, SHARE_LOSS_PROOF},
    {"leave", leave_one, 2, 10, SHARE_LOSS_PROOF},
    {"leave in a pass", leave_in_pass, 2, 20, SHARE_LOSS_PROOF},
    {"pause for long", pause_long, 2, 20, SHARE_LOSS_PROOF},
    {"pause", pause_short, 2, 5, SHARE_LOSS_PROOF},
    {"cut off", cut_one, 2, 25, SHARE_LOSS_PROOF},
    {"all leases revoked", revoke_all, 1.4, 1, SHARE_LOSS_PROOF},
    {"crash at an election", elect, 2, 20, SHARE_LOSS_PROOF},
    {"store away", store_out, 1.2, 0, SHARE_LOSS_PROOF},
    {"store slow", store_slow, 3, 5, SHARE_LOSS_PROOF},
};

static struct world *new_world(unsigned seed, bool whole,
                               enum share_loss loss) {
  struct world *w = calloc(1, sizeof(*w));
  assert_non_null(w);
  w->seed = seed;
  w->whole = whole;
  w->loss = loss;
  for (int i = 0; i < UNITS; i++)
    w->took[i] = i < 8 ? 40 + i * 100 : chance(w, 1000, 8000);
  w->took[UNITS - 1] = 30000;
  return w;
}

static void free_world(struct world *w) {
  for (int i = 0; i < DAEMONS; i++)
    claims_free(w->daemons[i].claims);
  free(w);
}

/* What has not come for so long counts, too. */
static void judge(struct world *w, const struct story *story, unsigned seed) {
  for (size_t i = 0; i < UNITS; i++)
    for (size_t j = 0; j < RECORDS; j++) {
      int64_t since = w->now_ms - w->series[i][j].last_ms;
      w->gap_ms = since > w->gap_ms ? since : w->gap_ms;
    }
  double gap = (double)w->gap_ms / INTERVAL;
  if (getenv("CLAIMS_TABLE") != NULL)
    print_message("# %s, world %u%s: gap %.2f, doubles %d\n", story->name, seed,
                  w->whole ? ", one claim" : "", gap, w->doubles);
  if (gap > story->gap || w->in_a_row > 0)
    fail_msg("%s, world %u%s: a gap of %.2f intervals, %d doubles, %d in a row",
             story->name, seed, w->whole ? ", one claim" : "", gap, w->doubles,
             w->in_a_row);
}

enum kind { LISTINGS, WHOLE, SHARES };

static void tell(const struct story *story, enum kind kind) {
  int doubles = 0;
  for (unsigned seed = 1; seed <= WORLDS; seed++) {
    struct world *w = new_world(seed, kind == WHOLE, story->loss);
    w->shards = kind == SHARES;
    if (w->shards)
      w->took[UNITS - 1] = 3000;
    story->happens(w);
    run_for(w, 300 * 1000);
    judge(w, story, seed);
    doubles += w->doubles;
    free_world(w);
  }
  if (doubles * 100 > story->doubles * WORLDS * UNITS * RECORDS)
    fail_msg("%s: %d doubles", story->name, doubles);
}

static void listings_are_shared(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++)
    tell(&stories[i], LISTINGS);
}

/* One is active, the others stand by. */
static void a_cloud_is_taken_over(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++)
    if (stories[i].happens != one_lacks)
      tell(&stories[i], WHOLE);
}

/* A listing by project, of which each has some shards: with one pass. */
static void shards_are_shared(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(shard_stories) / sizeof(shard_stories[0]); i++)
    tell(&shard_stories[i], SHARES);
}

/* Shards of one daemon come together into one pass, whatever phases they had:
 * each is named once in an interval at most, and notes are one call for all. */
static void shards_of_a_daemon_are_one_pass(void **state) {
  (void)state;
  struct world *w = new_world(1, false, SHARE_LOSS_PROOF);
  w->shards = true;
  w->took[UNITS - 1] = 3000;
  settle(w);
  crash(w, 0);
  run_for(w, 240 * 1000);
  w->notes = w->values = 0;
  run_for(w, 10 * INTERVAL);
  assert_in_range(w->values, 10 * UNITS * RECORDS - 2 * RECORDS * PARTS,
                  10 * UNITS * RECORDS + 2 * RECORDS * PARTS);
  /* Two passes, each noted twice; and each other unit once. */
  assert_in_range(w->notes, 10, 10 * (2 * 2 + FIRST_PART + 2));
  free_world(w);
}

/* Who makes a total has it as a whole: never beside shards. */
static void a_whole_listing_waits_for_its_shards(void **state) {
  (void)state;
  struct look_claim seen[] = {{.name = "listing#3", .lease = 1},
                              {.name = "listings", .lease = 1}};
  const struct look shards_only = {.claims = seen, .nclaims = 2};
  const struct look others_only = {.claims = seen + 1, .nclaims = 1};
  struct look_claim one = {.name = "listing", .lease = 1};
  const struct look whole_only = {.claims = &one, .nclaims = 1};
  const struct claim whole = {.name = "listing"};
  const struct claim shard = {.name = "listing#4", .of = "listing"};
  assert_true(look_has_rival(&shards_only, &whole));
  assert_false(look_has_rival(&others_only, &whole));
  assert_false(look_has_rival(&whole_only, &whole));
  assert_true(look_has_rival(&whole_only, &shard));
  assert_false(look_has_rival(&shards_only, &shard));
}

/* ---- who has how much ---------------------------------------------------- */

static size_t owned(const struct daemon *d) {
  struct claims_state state;
  claims_state(d->claims, &state);
  return state.owned;
}

/* Units that are alike: nobody has more than one over an even share. */
static void assert_even(struct world *w, size_t ndaemons) {
  for (size_t i = 0; i < ndaemons; i++) {
    size_t n = owned(&w->daemons[i]);
    if (n + 1 < UNITS / ndaemons || n > UNITS / ndaemons + 1)
      fail_msg("world of %zu daemons: one has %zu of %d claims", ndaemons, n,
               UNITS);
  }
}

static struct world *even_world(unsigned seed) {
  struct world *w = new_world(seed, false, SHARE_LOSS_PROOF);
  for (int i = 0; i < UNITS; i++)
    w->took[i] = 2000;
  return w;
}

static void those_that_start_share_evenly(void **state) {
  (void)state;
  for (unsigned seed = 1; seed <= WORLDS; seed++) {
    struct world *w = even_world(seed);
    start_all(w);
    run_until(w, 60);
    assert_even(w, DAEMONS);
    free_world(w);
  }
}

static void one_that_joins_gets_its_share(void **state) {
  (void)state;
  for (unsigned seed = 1; seed <= WORLDS; seed++) {
    struct world *w = even_world(seed);
    start(w, 0);
    run_until(w, 150);
    start(w, 1);
    run_until(w, 400);
    assert_even(w, 2);
    start(w, 2);
    run_until(w, 700);
    assert_even(w, DAEMONS);
    free_world(w);
  }
}

/* ---- who cannot share ---------------------------------------------------- */

/* Two of a kind, and a third one that is another. */
static struct world *two_and_another(unsigned seed) {
  struct world *w = new_world(seed, false, SHARE_LOSS_PROOF);
  for (int i = 0; i < 2; i++)
    w->daemons[i].about = (struct claim_about){.cloud = 11, .unit = 2};
  start(w, 0);
  start(w, 1);
  run_until(w, 100);
  return w;
}

static enum claim_accord accord(const struct daemon *d) {
  int64_t lease;
  return claims_accord(d->claims, &lease);
}

static void assert_stands_by(struct world *w, int number) {
  struct daemon *d = &w->daemons[number];
  assert_int_equal(owned(d), 0);
  for (size_t i = 0; i < UNITS; i++) {
    assert_int_equal(claims_fence(d->claims, i), 0);
    assert_false(d->walks[i].runs);
  }
}

/* A rolling change of Unit: nobody walks what others do, and when the last of
 * the old ones is gone the new one is there. */
static void another_unit_waits_for_its_turn(void **state) {
  (void)state;
  struct world *w = two_and_another(1);
  w->daemons[2].about = (struct claim_about){.cloud = 11, .unit = 3};
  start(w, 2);
  for (int i = 0; i < 100; i++) {
    run_for(w, 2000);
    assert_stands_by(w, 2);
    if (i == 50)
      leave(w, 0);
  }
  assert_int_equal(accord(&w->daemons[2]), ACCORD_UNIT);
  assert_int_equal(accord(&w->daemons[1]), ACCORD_GOOD);
  leave(w, 1);
  run_for(w, 200 * 1000);
  assert_int_equal(owned(&w->daemons[2]), UNITS);
  assert_int_equal(accord(&w->daemons[2]), ACCORD_GOOD);
  assert_in_range(w->gap_ms, 0, 2 * INTERVAL);
  assert_int_equal(w->in_a_row, 0);
  free_world(w);
}

/* It learns with its first login that it is another cloud. What it had by then
 * it drops, and walks that run end at their next request. */
static void another_cloud_stands_by(void **state) {
  (void)state;
  struct world *w = two_and_another(2);
  w->daemons[2].about = (struct claim_about){.unit = 2};
  start(w, 2);
  while (owned(&w->daemons[2]) == 0)
    run_for(w, 1000);
  claims_cloud(w->daemons[2].claims, 12);
  w->daemons[2].about.cloud = 12;
  w->daemons[2].poked = true;
  for (size_t i = 0; i < UNITS; i++)
    assert_int_equal(claims_fence(w->daemons[2].claims, i), 0);
  assert_int_equal(accord(&w->daemons[2]), ACCORD_CLOUD);
  run_for(w, 5000);
  for (int i = 0; i < 100; i++) {
    run_for(w, 2000);
    assert_stands_by(w, 2);
  }
  assert_int_equal(owned(&w->daemons[0]) + owned(&w->daemons[1]), UNITS);
  assert_in_range(w->gap_ms, 0, 2 * INTERVAL);
  free_world(w);
}

/* What only one of them knows is no difference. */
static void a_cloud_that_is_not_known_is_shared(void **state) {
  (void)state;
  struct world *w = two_and_another(3);
  w->daemons[2].about = (struct claim_about){.cloud = 0, .unit = 0};
  start(w, 2);
  run_for(w, 300 * 1000);
  assert_true(owned(&w->daemons[2]) > 0);
  free_world(w);
}

/* ---- a store that never answers ------------------------------------------ */

/* May it walk, when it has asked in vain for so long? */
static bool walks_after(enum share_loss loss, int64_t interval_ms,
                        int64_t after_ms) {
  const struct claim_wish wish = {
      .claim = "u0", .unit = "u0", .interval_ms = interval_ms};
  const struct claims_options options = {
      .wishes = &wish, .nwishes = 1, .loss = loss};
  const struct claims_reply failed = {.kind = REPLY_FAILED};
  const int64_t booted_ms = 3600 * 1000; /* the machine runs for an hour */
  struct error err;
  struct claims *claims = claims_new(&options, &err);
  struct claims_call call;
  bool may = false;
  assert_non_null(claims);
  for (int64_t t = 0; t <= after_ms; t += 100) {
    struct claim_time now = {booted_ms + t, (int64_t)WALL * 1000 + t};
    while (claims_next(claims, &now, &call))
      claims_done(claims, &call, &failed, &now);
    may = claims_may_walk(claims, 0, &now);
  }
  claims_free(claims);
  return may;
}

static void without_a_store_all_waits_two_intervals(void **state) {
  (void)state;
  assert_false(walks_after(SHARE_LOSS_ALL, INTERVAL, 1000));
  assert_false(walks_after(SHARE_LOSS_ALL, INTERVAL, 2 * INTERVAL - 1000));
  assert_true(walks_after(SHARE_LOSS_ALL, INTERVAL, 2 * INTERVAL + 1000));
}

/* What is only paced has no interval of its own. */
static void without_an_interval_all_waits_too(void **state) {
  (void)state;
  assert_false(walks_after(SHARE_LOSS_ALL, 0, 60000));
  assert_true(walks_after(SHARE_LOSS_ALL, 0, 300000));
}

static void without_a_store_others_wait_for_it(void **state) {
  (void)state;
  assert_false(walks_after(SHARE_LOSS_PROOF, INTERVAL, 5 * INTERVAL));
  assert_false(walks_after(SHARE_LOSS_STOP, INTERVAL, 5 * INTERVAL));
  assert_false(walks_after(SHARE_LOSS_KEEP, INTERVAL, 5 * INTERVAL));
}

/* ---- one alone, call by call ----------------------------------------------
 */

/* A daemon with two claims, and a store of which it knows replies alone. */
struct lone {
  struct claims *claims;
  struct claims_call call;
  struct claim_time now;
};

enum { LONE = 7777, BOOTED = 3600 * 1000, LONE_TTL = 15000 };

static struct lone lone_new(enum share_loss loss) {
  static const struct claim_wish wishes[] = {
      {.claim = "u0", .unit = "u0", .interval_ms = INTERVAL},
      {.claim = "u1", .unit = "u1", .interval_ms = INTERVAL}};
  struct error err;
  struct lone l = {.now = {BOOTED, (int64_t)WALL * 1000}};
  l.claims = claims_new(
      &(struct claims_options){.wishes = wishes, .nwishes = 2, .loss = loss},
      &err);
  assert_non_null(l.claims);
  return l;
}

static void pass_time(struct lone *l, int64_t ms) {
  l->now.now_ms += ms;
  l->now.wall += ms;
}

/* The next call is of this kind. */
static void asks_for(struct lone *l, enum claims_call_kind kind) {
  assert_true(claims_next(l->claims, &l->now, &l->call));
  assert_int_equal(l->call.kind, kind);
}

static void gets(struct lone *l, enum claims_reply_kind kind) {
  const struct look_member self = {.lease = LONE, .created = 1};
  const struct look seen = {.members = &self, .nmembers = 1};
  const struct claims_reply reply = {
      .kind = kind, .lease = LONE, .ttl_ms = LONE_TTL, .seen = &seen};
  claims_done(l->claims, &l->call, &reply, &l->now);
}

static void makes(struct lone *l, enum claims_call_kind kind,
                  enum claims_reply_kind reply) {
  asks_for(l, kind);
  gets(l, reply);
}

static void joins(struct lone *l) {
  makes(l, CALL_GRANT, REPLY_OK);
  makes(l, CALL_JOIN, REPLY_OK);
  makes(l, CALL_LOOK, REPLY_OK);
  assert_false(claims_next(l->claims, &l->now, &l->call));
}

/* Has both, which it has never walked. */
static void takes_all(struct lone *l) {
  joins(l);
  for (int beats = 0; beats < 2; beats++) {
    pass_time(l, LONE_TTL / 4 + 500);
    makes(l, CALL_KEEP, REPLY_OK);
    makes(l, CALL_LOOK, REPLY_OK);
  }
  makes(l, CALL_TAKE, REPLY_OK);
  makes(l, CALL_TAKE, REPLY_OK);
  assert_true(claims_fence(l->claims, 1) > l->now.now_ms);
}

/* The store may have put what the daemon said before it knew. */
static void a_cloud_known_while_it_joins_is_told(void **state) {
  (void)state;
  struct lone l = lone_new(SHARE_LOSS_PROOF);
  makes(&l, CALL_GRANT, REPLY_OK);
  asks_for(&l, CALL_JOIN);
  claims_cloud(l.claims, 12);
  gets(&l, REPLY_OK);
  makes(&l, CALL_JOIN, REPLY_OK);
  makes(&l, CALL_LOOK, REPLY_OK);
  claims_free(l.claims);
}

/* Only what renews the lease does, and from when it was asked to. */
static void a_key_that_is_put_renews_no_lease(void **state) {
  (void)state;
  struct lone l = lone_new(SHARE_LOSS_STOP);
  takes_all(&l);
  int64_t fence = claims_fence(l.claims, 0);
  pass_time(&l, LONE_TTL / 2);
  makes(&l, CALL_KEEP, REPLY_FAILED);
  claims_cloud(l.claims, 12);
  pass_time(&l, LONE_TTL / 4);
  makes(&l, CALL_JOIN, REPLY_OK);
  assert_int_equal(claims_fence(l.claims, 0), fence);
  claims_free(l.claims);
}

/* Walks wait for what is being regained, which is never long. */
static void what_is_lost_is_waited_for_two_seconds(void **state) {
  (void)state;
  struct lone l = lone_new(SHARE_LOSS_PROOF);
  takes_all(&l);
  pass_time(&l, LONE_TTL / 4 + 500);
  makes(&l, CALL_KEEP, REPLY_GONE);
  int64_t until = -(l.now.now_ms + 2000);
  assert_int_equal(claims_fence(l.claims, 0), until);
  makes(&l, CALL_GRANT, REPLY_OK);
  makes(&l, CALL_JOIN, REPLY_OK);
  assert_int_equal(claims_fence(l.claims, 0), until);
  makes(&l, CALL_TAKE, REPLY_OK);
  makes(&l, CALL_TAKE, REPLY_FAILED);
  assert_true(claims_fence(l.claims, 0) > l.now.now_ms + 2000);
  assert_int_equal(claims_fence(l.claims, 1), until);
  claims_free(l.claims);
}

/* A store that is back ends no walk that it has not looked at. */
static void what_is_kept_is_kept_until_a_look(void **state) {
  (void)state;
  struct lone l = lone_new(SHARE_LOSS_KEEP);
  takes_all(&l);
  for (int64_t t = 0; t < 2 * LONE_TTL; t += 1000) {
    pass_time(&l, 1000);
    while (claims_next(l.claims, &l.now, &l.call))
      gets(&l, REPLY_FAILED);
    assert_true(claims_fence(l.claims, 0) > l.now.now_ms);
  }
  pass_time(&l, LONE_TTL);
  makes(&l, CALL_KEEP, REPLY_OK);
  assert_true(claims_fence(l.claims, 0) > l.now.now_ms);
  assert_true(claims_may_walk(l.claims, 0, &l.now));
  claims_free(l.claims);
}

static void what_is_kept_is_waited_for_if_the_lease_is_gone(void **state) {
  (void)state;
  struct lone l = lone_new(SHARE_LOSS_KEEP);
  takes_all(&l);
  pass_time(&l, LONE_TTL / 2);
  makes(&l, CALL_KEEP, REPLY_FAILED);
  pass_time(&l, 2 * LONE_TTL);
  makes(&l, CALL_KEEP, REPLY_GONE);
  assert_int_equal(claims_fence(l.claims, 0), -(l.now.now_ms + 2000));
  claims_free(l.claims);
}

/* What is overdue past the fence is not begun, and so not waited for. */
static void past_its_fence_it_sleeps(void **state) {
  (void)state;
  struct lone l = lone_new(SHARE_LOSS_STOP);
  takes_all(&l);
  int wakes = 0;
  for (int64_t end = l.now.now_ms + 2 * INTERVAL; l.now.now_ms < end; wakes++) {
    size_t unit;
    while (claims_due(l.claims, &l.now, &unit))
      assert_true(l.now.now_ms < claims_fence(l.claims, unit));
    while (claims_next(l.claims, &l.now, &l.call))
      gets(&l, REPLY_FAILED);
    pass_time(&l, claims_wake_ms(l.claims, &l.now) - l.now.now_ms);
  }
  assert_in_range(wakes, 2 * INTERVAL / LONE_TTL, 100);
  claims_free(l.claims);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_a_store_all_waits_two_intervals),
      cmocka_unit_test(without_an_interval_all_waits_too),
      cmocka_unit_test(without_a_store_others_wait_for_it),
      cmocka_unit_test(a_cloud_known_while_it_joins_is_told),
      cmocka_unit_test(a_key_that_is_put_renews_no_lease),
      cmocka_unit_test(what_is_lost_is_waited_for_two_seconds),
      cmocka_unit_test(what_is_kept_is_kept_until_a_look),
      cmocka_unit_test(what_is_kept_is_waited_for_if_the_lease_is_gone),
      cmocka_unit_test(past_its_fence_it_sleeps),
      cmocka_unit_test(those_that_start_share_evenly),
      cmocka_unit_test(one_that_joins_gets_its_share),
      cmocka_unit_test(another_unit_waits_for_its_turn),
      cmocka_unit_test(another_cloud_stands_by),
      cmocka_unit_test(a_cloud_that_is_not_known_is_shared),
      cmocka_unit_test(listings_are_shared),
      cmocka_unit_test(a_cloud_is_taken_over),
      cmocka_unit_test(shards_are_shared),
      cmocka_unit_test(shards_of_a_daemon_are_one_pass),
      cmocka_unit_test(a_whole_listing_waits_for_its_shards),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
