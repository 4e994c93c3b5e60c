/*
 * claims_state - what a daemon that shares a cloud keeps between its calls
 *
 * Of claims.c, which makes the calls, and claims_walks.c, which answers walks,
 * alone. Data.
 */
#ifndef CLAIMS_STATE_H
#define CLAIMS_STATE_H

#include "settings/share.h"
#include "share/claim.h"

struct claims {
  struct claim_table table;
  enum share_loss loss;
  int64_t interval_ms; /* the shortest, or what stands for it */
  int64_t want_ttl_ms, ttl_ms, beat_ms;
  int64_t lease;  /* 0: none */
  bool joined;    /* its key is put */
  bool looked;    /* since the last beat began */
  bool confirmed; /* a look has found its key, ever since the last loss */
  bool broken;    /* the last beat was not answered */
  bool alone;     /* it walks everything */
  bool apart;     /* it cannot share with those that are there */
  bool held;      /* a call for a claim was not: the next look comes first */
  struct claim **noted; /* room for a call */
  bool asked;           /* for a proof, since then */
  int64_t sent_ms;      /* the last beat began, */
  int64_t renewed_ms;   /* and the last one that renewed the lease */
  int64_t next_ms;  /* the next one; after a failure nothing is called before */
  int64_t until_ms; /* the fence */
  int64_t regain_ms;  /* so long walks wait for what is being regained */
  int64_t settled_ms; /* it takes nothing before */
  int64_t begun_ms;   /* the first call was asked for; 0: none was */
  int64_t heard_ms;   /* the store last answered a beat; 0: never */
  unsigned beats;
};

static inline int64_t least_of(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t most_of(int64_t a, int64_t b) { return a > b ? a : b; }

/* It walks what it has, until a look at the store tells better. */
static inline bool keeps_all(const struct claims *c) {
  return c->loss == SHARE_LOSS_KEEP && (c->broken || !c->looked);
}

/* When the notes of a claim that has changed are written: once in so long. */
#define NOTE_MS 1000

static inline int64_t note_ms(const struct claim *claim) {
  return most_of(claim->write_ms, claim->noted_ms + NOTE_MS);
}

#endif
