#include "share/balance.h"

#include <stdlib.h>

/* Differences of less are not worth a move. */
#define WORTH_MS 1000

/* Decides between equals, the same for everybody (FNV-1a). */
static uint64_t rank(const struct claim *claim, const struct claim_peer *peer) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char *c = claim->name; *c != '\0'; c++)
    hash = (hash ^ (unsigned char)*c) * 0x100000001b3;
  for (int bits = 0; bits < 64; bits += 8)
    hash = (hash ^ (uint8_t)((uint64_t)peer->lease >> bits)) * 0x100000001b3;
  return hash;
}

/* ---- who takes ---------------------------------------------------------- */

/* The heaviest first, so that the light ones make it even. */
static struct claim *heaviest_free(const struct claim_table *table,
                                   const bool *dealt) {
  struct claim *best = NULL;
  for (size_t i = 0; i < table->nclaims; i++) {
    struct claim *c = &table->claims[i];
    if (c->free_ms == 0 || dealt[i])
      continue;
    if (best == NULL || claim_load_ms(c) > claim_load_ms(best))
      best = c;
  }
  return best;
}

/* Of those that are configured as this daemon is. */
static size_t least_loaded(const struct claim_table *table,
                           const int64_t *loads, const struct claim *claim) {
  size_t best = table->npeers;
  for (size_t i = 0; i < table->npeers; i++) {
    const struct claim_peer *p = &table->peers[i];
    if (p->apart || p->about.config != table->about.config)
      continue;
    if (best == table->npeers || loads[i] < loads[best] ||
        (loads[i] == loads[best] &&
         rank(claim, p) > rank(claim, &table->peers[best])))
      best = i;
  }
  return best;
}

/* Deals the free claims out until one falls to this daemon. */
static struct claim *deal(const struct claim_table *table, int64_t patience,
                          int64_t now_ms, bool *dealt, int64_t *loads) {
  struct claim *c;
  for (size_t i = 0; i < table->npeers; i++)
    loads[i] = table->peers[i].load_ms;
  while ((c = heaviest_free(table, dealt)) != NULL) {
    dealt[c - table->claims] = true;
    size_t to = least_loaded(table, loads, c);
    bool falls = to < table->npeers && table->peers[to].lease == table->self;
    if (to < table->npeers)
      loads[to] += claim_load_ms(c);
    if (!c->tried && c->barred_ms <= now_ms &&
        (falls || c->free_ms <= patience))
      return c;
  }
  return NULL;
}

struct claim *balance_take(const struct claim_table *table, int64_t patience,
                           int64_t now_ms) {
  bool *dealt = calloc(table->nclaims + 1, sizeof(*dealt));
  int64_t *loads = calloc(table->npeers + 1, sizeof(*loads));
  struct claim *c = NULL;
  if (dealt != NULL && loads != NULL)
    c = deal(table, patience, now_ms, dealt, loads);
  free(dealt);
  free(loads);
  return c;
}

void balance_moved(struct claim_table *table, const struct claim *claim,
                   int64_t from, int64_t to) {
  int64_t load = claim_load_ms(claim);
  for (size_t i = 0; i < table->npeers; i++) {
    struct claim_peer *p = &table->peers[i];
    if (p->lease == from)
      p->load_ms -= load;
    if (p->lease == to)
      p->load_ms += load;
  }
}

int64_t balance_heir(const struct claim_table *table,
                     const struct claim *claim) {
  const struct claim_peer *best = NULL;
  for (size_t i = 0; i < table->npeers; i++) {
    const struct claim_peer *p = &table->peers[i];
    if (p->lease == table->self || p->apart ||
        p->about.config != table->about.config)
      continue;
    if (best == NULL || p->load_ms < best->load_ms ||
        (p->load_ms == best->load_ms && rank(claim, p) > rank(claim, best)))
      best = p;
  }
  return best != NULL ? best->lease : 0;
}

/* ---- who gives ---------------------------------------------------------- */

/* Its last walk has ended, and the next one is some time away. */
static bool is_quiet(const struct claim *c, const struct claim_time *now) {
  int64_t interval = claim_interval_ms(c);
  if (c->moved_ms != 0 && now->now_ms < c->moved_ms + 2 * interval)
    return false;
  for (size_t i = 0; i < c->nunits; i++) {
    const struct claim_unit *u = &c->units[i];
    int64_t age = now->wall - u->note.begun_wall;
    if (u->running ||
        (u->interval_ms > 0 && (!u->note.ended || age < u->interval_ms / 10 ||
                                age > u->interval_ms / 10 * 8)))
      return false;
  }
  return true;
}

struct claim *balance_give(const struct claim_table *table,
                           const struct claim_time *now, int64_t *ret_lease) {
  const struct claim_peer *self = NULL, *least = NULL;
  int64_t most = 0, sum = 0, n = 0;
  for (size_t i = 0; i < table->npeers; i++) {
    const struct claim_peer *p = &table->peers[i];
    sum += p->load_ms;
    n++;
    most = p->load_ms > most ? p->load_ms : most;
    if (p->lease == table->self)
      self = p;
    else if (!p->apart && p->about.config == table->about.config &&
             (least == NULL || p->load_ms < least->load_ms))
      least = p;
  }
  if (self == NULL || least == NULL || self->load_ms < most)
    return NULL;
  int64_t difference = self->load_ms - least->load_ms;
  if (difference <= WORTH_MS || difference <= sum / n / 10)
    return NULL;
  struct claim *best = NULL;
  for (size_t i = 0; i < table->nclaims; i++) {
    struct claim *c = &table->claims[i];
    int64_t load = claim_load_ms(c);
    if (c->state == CLAIM_MINE && load < difference / 10 * 8 &&
        is_quiet(c, now) && (best == NULL || load > claim_load_ms(best)))
      best = c;
  }
  *ret_lease = least->lease;
  return best;
}
