#include "share/claims.h"

#include "share/accord.h"
#include "share/balance.h"
#include "share/claims_state.h"

#include <stdlib.h>

/* A lease lives so long, unless the shortest interval wants it shorter. */
#define TTL_MOST_MS 20000
#define TTL_LEAST_MS 5000
/* What the proof takes off: a server that starts listens later than it counts.
 */
#define PROOF_MARGIN_MS 2000
/* A walk whose claim is being regained waits so long. */
#define REGAIN_MS 2000

/* ---- life cycle --------------------------------------------------------- */

static void set_ttl(struct claims *c, int64_t ttl_ms) {
  c->ttl_ms = ttl_ms;
  c->beat_ms = ttl_ms / 4;
}

struct claims *claims_new(const struct claims_options *options,
                          struct error *err) {
  struct claims *c = calloc(1, sizeof(*c));
  if (c == NULL) {
    error_memory(err);
    return NULL;
  }
  c->loss = options->loss;
  c->table.about = options->about;
  if (claim_table_init(&c->table, options->wishes, options->nwishes) != 0) {
    error_memory(err);
    claims_free(c);
    return NULL;
  }
  c->noted = calloc(CLAIMS_NOTED, sizeof(struct claim *));
  if (c->noted == NULL) {
    error_memory(err);
    claims_free(c);
    return NULL;
  }
  c->interval_ms = claim_table_interval_ms(&c->table);
  if (c->interval_ms == 0) /* all is paced: nothing is in a hurry */
    c->interval_ms = 4 * TTL_MOST_MS;
  c->want_ttl_ms =
      least_of(most_of(c->interval_ms / 4, TTL_LEAST_MS), TTL_MOST_MS);
  set_ttl(c, c->want_ttl_ms);
  return c;
}

void claims_free(struct claims *c) {
  if (c == NULL)
    return;
  claim_table_clear(&c->table);
  free(c->noted);
  free(c);
}

int64_t claims_ttl_ms(const struct claims *c) { return c->want_ttl_ms; }

static void judge(struct claims *c) {
  accord_judge(&c->table);
  c->apart = accord_of(&c->table, NULL) != ACCORD_GOOD;
}

void claims_cloud(struct claims *c, uint64_t cloud) {
  c->table.about.cloud = cloud;
  c->joined = false; /* its key is to say so */
  judge(c);
}

/* ---- states of a claim -------------------------------------------------- */

/* Does it walk everything? Nobody has answered for so long. */
static bool is_alone(const struct claims *c, int64_t now_ms) {
  return c->loss == SHARE_LOSS_ALL && c->broken &&
         now_ms > most_of(c->begun_ms, c->heard_ms) + 2 * c->interval_ms;
}

/* It keeps the phase of whoever walked it: its turns here have another one. */
static void take_claim(struct claim *claim, int64_t now_ms) {
  claim->state = CLAIM_MINE;
  claim->free_ms = 0;
  claim->moved_ms = now_ms;
  for (size_t i = 0; i < claim->nunits; i++) {
    claim->units[i].by_beat = claim->units[i].of_other = true;
    claim->units[i].submitted_ms = 0;
  }
}

static void lose_claim(struct claim *claim, int64_t now_ms) {
  claim->state = CLAIM_OTHERS;
  claim->moved_ms = now_ms;
  claim->write_ms = 0;
}

/* The lease is gone: a new one is due at once, and what was its own with it.
 * Walks that still ran past the fence may wait for that as well. */
static void lose(struct claims *c, const struct claim_time *now) {
  int64_t until = now->now_ms + REGAIN_MS;
  c->lease = c->table.self = 0;
  c->joined = c->looked = c->confirmed = false;
  if (c->loss != SHARE_LOSS_KEEP)
    until = least_of(c->until_ms, until);
  c->until_ms = c->regain_ms = until;
  c->next_ms = now->now_ms;
  for (size_t i = 0; i < c->table.nclaims; i++)
    if (c->table.claims[i].state == CLAIM_MINE)
      c->table.claims[i].state = CLAIM_REGAIN;
}

/* ---- which call is next ------------------------------------------------- */

static struct claim *lost_claim(const struct claims *c) {
  for (size_t i = 0; i < c->table.nclaims; i++)
    if (c->table.claims[i].state == CLAIM_REGAIN)
      return &c->table.claims[i];
  return NULL;
}

/* All that have changed, in one call. */
static bool note_all(struct claims *c, int64_t now_ms,
                     struct claims_call *ret) {
  for (size_t i = 0; i < c->table.nclaims && ret->nnoted < CLAIMS_NOTED; i++) {
    struct claim *claim = &c->table.claims[i];
    if (claim->state != CLAIM_MINE || claim->write_ms == 0 ||
        now_ms < note_ms(claim))
      continue;
    claim->write_ms = 0; /* a walk may change it while the call is made */
    claim->noted_ms = now_ms;
    c->noted[ret->nnoted++] = claim;
  }
  ret->kind = CALL_NOTE;
  ret->noted = c->noted;
  return ret->nnoted > 0;
}

/* The daemon lives, and yet none of its walks begins: others may do better. */
static bool is_zombie(const struct claims *c, const struct claim *claim,
                      const struct claim_time *now) {
  if (claim->state != CLAIM_MINE || c->table.npeers < 2 ||
      claim_interval_ms(claim) == 0 || claim_runs(claim))
    return false;
  for (size_t i = 0; i < claim->nunits; i++) {
    const struct claim_unit *u = &claim->units[i];
    int64_t late = u->interval_ms / 10 * 16;
    if (u->interval_ms > 0 && (now->wall < u->note.begun_wall + late ||
                               now->now_ms < claim->moved_ms + late))
      return false;
  }
  return true;
}

/* One that it has, and must not. */
static struct claim *foreign_claim(const struct claims *c) {
  for (size_t i = 0; i < c->table.nclaims; i++)
    if (c->table.claims[i].state == CLAIM_MINE)
      return &c->table.claims[i];
  return NULL;
}

static struct claim *zombie_claim(const struct claims *c,
                                  const struct claim_time *now) {
  for (size_t i = 0; i < c->table.nclaims; i++)
    if (is_zombie(c, &c->table.claims[i], now))
      return &c->table.claims[i];
  return NULL;
}

/* What makes the daemon a member, and keeps it one. */
static bool next_of_member(struct claims *c, const struct claim_time *now,
                           struct claims_call *ret) {
  if (c->lease == 0)
    ret->kind = CALL_GRANT;
  else if (!c->joined)
    ret->kind = CALL_JOIN;
  else if (now->now_ms >= c->next_ms)
    ret->kind = CALL_KEEP;
  else if ((ret->claim = lost_claim(c)) != NULL)
    ret->kind = CALL_TAKE;
  else if (!c->looked)
    ret->kind = CALL_LOOK;
  else
    return false;
  if (ret->kind == CALL_GRANT || ret->kind == CALL_KEEP)
    c->sent_ms = now->now_ms;
  return true;
}

/* What has been free since then, for whoever could have taken it, is for
 * anybody. */
static int64_t patience_ms(const struct claims *c, int64_t now_ms) {
  int64_t since = now_ms - 2 * c->beat_ms;
  return since < c->settled_ms ? 0 : since;
}

/* What it does with claims. */
static bool next_of_claims(struct claims *c, const struct claim_time *now,
                           struct claims_call *ret) {
  if (c->apart) {
    ret->claim = c->held ? NULL : foreign_claim(c);
    ret->kind = CALL_DROP;
    return ret->claim != NULL;
  }
  if (note_all(c, now->now_ms, ret))
    return true;
  if (c->held || now->now_ms < c->settled_ms || now->now_ms >= c->until_ms)
    return false;
  if ((ret->claim = balance_take(&c->table, patience_ms(c, now->now_ms),
                                 now->now_ms)) != NULL)
    ret->kind = CALL_TAKE;
  else if ((ret->claim = zombie_claim(c, now)) != NULL)
    ret->kind = CALL_DROP;
  else if ((ret->claim = balance_give(&c->table, now, &ret->to)) != NULL)
    ret->kind = CALL_GIVE;
  else
    return false;
  return true;
}

/* It takes time that a try may make better use of. */
static bool wants_proof(const struct claims *c, int64_t now_ms) {
  return c->broken && !c->asked && c->confirmed &&
         c->loss == SHARE_LOSS_PROOF && now_ms < c->until_ms &&
         now_ms > c->until_ms - c->ttl_ms / 2;
}

bool claims_next(struct claims *c, const struct claim_time *now,
                 struct claims_call *ret) {
  *ret = (struct claims_call){.lease = c->lease,
                              .ttl_ms = c->want_ttl_ms,
                              .cloud = c->table.about.cloud,
                              .sent_ms = now->now_ms};
  if (c->begun_ms == 0)
    c->begun_ms = now->now_ms;
  c->alone = is_alone(c, now->now_ms);
  if (wants_proof(c, now->now_ms)) {
    ret->kind = CALL_PROVE;
    return true;
  }
  if (c->broken && now->now_ms < c->next_ms)
    return false;
  return next_of_member(c, now, ret) || next_of_claims(c, now, ret);
}

/* ---- what came of it ---------------------------------------------------- */

/* Nothing is known to have changed; the fence runs out by itself. */
static void fail_beat(struct claims *c, const struct claim_time *now) {
  c->broken = true;
  c->asked = c->looked = false;
  c->next_ms =
      most_of(c->sent_ms + c->beat_ms / 2, now->now_ms + c->beat_ms / 4);
}

/* They are written once more, a second later. */
static void note_again(const struct claims_call *call,
                       const struct claim_time *now) {
  for (size_t i = 0; i < call->nnoted; i++) {
    call->noted[i]->write_ms = now->now_ms;
    call->noted[i]->noted_ms = now->now_ms;
  }
}

/* Such as of a database that is full, where leases live on. */
static void fail_claim(struct claims *c, const struct claims_call *call,
                       const struct claim_time *now) {
  c->held = true;
  note_again(call, now);
  if (call->claim != NULL && call->claim->state == CLAIM_REGAIN)
    fail_beat(c, now);
}

static int64_t margin_ms(const struct claims *c) {
  return most_of(500, c->ttl_ms / 10);
}

/* Its key was there after the lease was renewed. */
static void confirm(struct claims *c) {
  c->until_ms = c->renewed_ms + c->ttl_ms - margin_ms(c);
}

static void granted(struct claims *c, const struct claims_reply *reply,
                    const struct claim_time *now) {
  c->lease = c->table.self = reply->lease;
  c->renewed_ms = c->sent_ms;
  c->broken = false;
  set_ttl(c, reply->ttl_ms);
  c->next_ms = c->sent_ms + c->beat_ms;
  c->settled_ms = now->now_ms + 2 * c->beat_ms;
}

/* A tenth earlier or later, so that daemons do not beat together. */
static void kept(struct claims *c, const struct claims_reply *reply) {
  unsigned wobble = (unsigned)((uint64_t)c->lease >> (c->beats++ % 8 * 5)) % 21;
  set_ttl(c, reply->ttl_ms);
  c->renewed_ms = c->sent_ms;
  c->broken = c->looked = false;
  c->next_ms = c->sent_ms + c->beat_ms * (90 + wobble) / 100;
}

static void taken(struct claims *c, struct claim *claim,
                  const struct claims_reply *reply,
                  const struct claim_time *now) {
  bool regained = claim->state == CLAIM_REGAIN;
  claim->tried = true;
  if (reply->kind != REPLY_OK) {
    lose_claim(claim, now->now_ms);
    return;
  }
  if (!regained)
    take_claim(claim, now->now_ms);
  balance_moved(&c->table, claim, 0, c->lease);
  claim->state = CLAIM_MINE;
  claim->noted_ms = now->now_ms;
}

/* ---- a look at the store ------------------------------------------------ */

static void see_claim(struct claims *c, struct claim *claim,
                      const struct look *look, const struct claim_time *now) {
  const struct look_claim *seen = look_claim(look, claim);
  int64_t lease = seen != NULL ? seen->lease : 0;
  bool mine = lease != 0 && lease == c->lease;
  claim->tried = false;
  claim->rival = look_has_rival(look, claim);
  claim->lease = lease;
  if (seen != NULL && (!mine || claim->state != CLAIM_MINE))
    look_notes(look, seen, claim, now->wall);
  if (mine && claim->state != CLAIM_MINE) /* it was handed over */
    take_claim(claim, now->now_ms);
  else if (!mine && claim->state == CLAIM_MINE)
    lose_claim(claim, now->now_ms);
  if (lease != 0 || claim->rival)
    claim->free_ms = 0;
  else if (claim->free_ms == 0)
    claim->free_ms = now->now_ms;
}

static void see(struct claims *c, const struct look *seen,
                const struct claim_time *now) {
  c->looked = true;
  c->broken = c->held = false;
  if (!look_peers(seen, &c->table)) {
    lose(c, now);
    return;
  }
  judge(c);
  for (size_t i = 0; i < c->table.nclaims; i++) {
    struct claim *claim = &c->table.claims[i];
    see_claim(c, claim, seen, now);
  }
  c->confirmed = true;
  c->heard_ms = now->now_ms;
  confirm(c);
}

/* What a walk has changed during the call is written once more. */
static void note_written(struct claim *claim) {
  for (size_t i = 0; i < claim->nunits && claim->write_ms == 0; i++)
    claim->units[i].changed = false;
}

/* A key that is not its own any more: what else is not? The next beat tells. */
static void noted(struct claims *c, const struct claims_call *call,
                  const struct claims_reply *reply,
                  const struct claim_time *now) {
  if (reply->kind == REPLY_OK) {
    for (size_t i = 0; i < call->nnoted; i++)
      note_written(call->noted[i]);
    return;
  }
  c->next_ms = now->now_ms;
  c->held = true;
  note_again(call, now);
}

static void done_with_claim(struct claims *c, struct claim *claim,
                            const struct claims_call *call,
                            const struct claims_reply *reply,
                            const struct claim_time *now) {
  if (call->kind == CALL_TAKE) {
    taken(c, claim, reply, now);
    return;
  }
  if (reply->kind == REPLY_NO)
    c->next_ms = now->now_ms;
  if (reply->kind != REPLY_OK) /* whoever was to get it is gone */
    c->held = true;
  else
    lose_claim(claim, now->now_ms);
  if (reply->kind == REPLY_OK && call->kind == CALL_GIVE)
    balance_moved(&c->table, claim, c->lease, call->to);
  if (call->kind == CALL_DROP && !c->apart)
    claim->barred_ms = now->now_ms + 2 * claim_interval_ms(claim);
}

static void proved(struct claims *c, const struct claims_call *call,
                   const struct claims_reply *reply,
                   const struct claim_time *now) {
  int64_t until = call->sent_ms + c->ttl_ms - PROOF_MARGIN_MS;
  c->asked = true;
  if (reply->kind == REPLY_OK && now->now_ms < c->until_ms)
    c->until_ms = most_of(c->until_ms, until);
}

static void done_as_member(struct claims *c, const struct claims_call *call,
                           const struct claims_reply *reply,
                           const struct claim_time *now) {
  switch (call->kind) {
  case CALL_GRANT:
    granted(c, reply, now);
    break;
  case CALL_JOIN:
    c->joined = call->cloud == c->table.about.cloud; /* it may know by now */
    confirm(c);
    break;
  case CALL_KEEP:
    kept(c, reply);
    break;
  default:
    see(c, reply->seen, now);
    break;
  }
}

void claims_done(struct claims *c, const struct claims_call *call,
                 const struct claims_reply *reply,
                 const struct claim_time *now) {
  struct claim *claim = NULL;
  if (call->claim != NULL)
    claim = &c->table.claims[call->claim - c->table.claims];
  if (call->kind == CALL_PROVE)
    proved(c, call, reply, now);
  else if (reply->kind == REPLY_FAILED &&
           (claim != NULL || call->kind == CALL_NOTE))
    fail_claim(c, call, now);
  else if (reply->kind == REPLY_FAILED)
    fail_beat(c, now);
  else if (reply->kind == REPLY_GONE && call->kind != CALL_GIVE)
    lose(c, now);
  else if (call->kind == CALL_NOTE)
    noted(c, call, reply, now);
  else if (claim != NULL)
    done_with_claim(c, claim, call, reply, now);
  else
    done_as_member(c, call, reply, now);
}
