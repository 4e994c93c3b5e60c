#include "share/accord.h"
#include "share/claims.h"
#include "share/claims_state.h"
#include "share/due.h"

static bool is_mine(const struct claims *c, const struct claim *claim,
                    int64_t now_ms) {
  bool open = now_ms < c->until_ms || keeps_all(c);
  return !c->apart && ((claim->state == CLAIM_MINE && open) || c->alone);
}

bool claims_due(struct claims *c, const struct claim_time *now,
                size_t *ret_unit) {
  for (size_t i = 0; i < c->table.nunits; i++) {
    struct claim_unit *u = &c->table.units[i];
    if (now->wall < due_wall(u) || now->now_ms < u->submitted_ms ||
        !is_mine(c, claim_of(&c->table, i), now->now_ms))
      continue;
    u->submitted_ms = now->now_ms + c->beat_ms;
    *ret_unit = i;
    return true;
  }
  return false;
}

int64_t claims_wake_ms(const struct claims *c, const struct claim_time *now) {
  int64_t wake = c->next_ms;
  if (c->settled_ms > now->now_ms)
    wake = least_of(wake, c->settled_ms);
  for (size_t i = 0; i < c->table.nunits; i++) {
    const struct claim_unit *u = &c->table.units[i];
    const struct claim *claim = claim_of(&c->table, i);
    int64_t due = due_wall(u);
    if (due != DUE_NEVER && is_mine(c, claim, now->now_ms))
      wake = least_of(wake,
                      most_of(now->now_ms + due - now->wall, u->submitted_ms));
    if (claim->state == CLAIM_MINE && claim->write_ms != 0 && !c->broken &&
        !c->apart)
      wake = least_of(wake, note_ms(claim));
  }
  return most_of(wake, now->now_ms + 1);
}

bool claims_may_walk(const struct claims *c, size_t unit,
                     const struct claim_time *now) {
  return is_mine(c, claim_of(&c->table, unit), now->now_ms) &&
         due_turn(&c->table.units[unit], now->wall);
}

static void begin(struct claims *c, size_t unit, bool by_beat,
                  const struct claim_time *now) {
  struct claim_unit *u = &c->table.units[unit];
  u->running = true;
  u->by_beat = by_beat;
  u->of_other = false;
  u->submitted_ms = 0;
  if (u->interval_ms == 0)
    return;
  u->note.begun_wall = now->wall;
  u->note.ended = false;
  u->changed = true;
  struct claim *claim = claim_of(&c->table, unit);
  if (claim->write_ms == 0) /* a short walk is written once, at its end */
    claim->write_ms = now->now_ms + NOTE_MS;
}

/* Its turn, or it is late. In the other daemon's pass a shard's records may
 * have come long after the begin that its note has. */
static bool is_due(const struct claims *c, size_t unit,
                   const struct claim_time *now) {
  const struct claim_unit *u = &c->table.units[unit];
  return is_mine(c, claim_of(&c->table, unit), now->now_ms) && !u->running &&
         ((due_turn(u, now->wall) && !u->of_other) || now->wall >= due_wall(u));
}

uint64_t claims_begun(struct claims *c, const struct claims_parts *parts,
                      uint64_t wanted, bool by_beat,
                      const struct claim_time *now) {
  uint64_t begun = 0;
  for (size_t i = 0; i < parts->n; i++) {
    size_t unit = parts->first + i;
    if (parts->n > 1 && (!(wanted >> i & 1) || !is_due(c, unit, now)))
      continue;
    begin(c, unit, by_beat, now);
    begun |= (uint64_t)1 << i;
  }
  return begun;
}

/* Of `share` that one walk has made together. */
static void end(struct claims *c, size_t unit, int share,
                const struct claim_time *now) {
  struct claim_unit *u = &c->table.units[unit];
  if (u->interval_ms == 0)
    return;
  u->note.ended = true;
  u->changed = true;
  u->note.took_ms = most_of(0, now->wall - u->note.begun_wall) / share;
  claim_of(&c->table, unit)->write_ms = now->now_ms;
}

void claims_ended(struct claims *c, const struct claims_parts *parts,
                  uint64_t begun, uint64_t whole,
                  const struct claim_time *now) {
  for (size_t i = 0; i < parts->n; i++) {
    struct claim_unit *u = &c->table.units[parts->first + i];
    u->submitted_ms = 0; /* one that came meanwhile need not wait any more */
    if (!(begun >> i & 1))
      continue;
    u->running = false;
    if (whole >> i & 1)
      end(c, parts->first + i, __builtin_popcountll(begun), now);
  }
}

int64_t claims_fence(const struct claims *c, size_t unit) {
  const struct claim *claim = claim_of(&c->table, unit);
  if (c->apart)
    return 0;
  if (c->alone)
    return INT64_MAX;
  if (claim->state == CLAIM_REGAIN)
    return -c->regain_ms;
  if (claim->state != CLAIM_MINE)
    return 0;
  return keeps_all(c) ? INT64_MAX : c->until_ms;
}

void claims_state(const struct claims *c, struct claims_state *ret) {
  *ret = (struct claims_state){
      .members = c->table.npeers,
      .claims = c->table.nclaims,
      .etcd = c->heard_ms != 0 && !c->broken,
      .settled = c->confirmed && c->sent_ms > c->settled_ms + c->beat_ms / 2};
  for (size_t i = 0; i < c->table.nclaims; i++)
    ret->owned += c->table.claims[i].state == CLAIM_MINE;
}

enum claim_accord claims_accord(const struct claims *c, int64_t *ret_lease) {
  return accord_of(&c->table, ret_lease);
}
