/*
 * claim - who walks what, as one daemon sees it
 *
 * A claim is a key of the store, under the lease of the daemon that made it.
 * The daemon that holds the claim walks its units; a unit is one listing of the
 * cloud. Plain data, shared by those who decide (claims, balance) and those who
 * write it down (claim_text).
 *
 * There are two clocks. The host's own (`_ms`) never goes back, counts while
 * the host sleeps, and is used for leases. The wall clock (`_wall`,
 * milliseconds since 1970) is the only one that daemons have in common. It is
 * used for when a walk began, and never to decide who may walk.
 */
#ifndef CLAIM_H
#define CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct claim_time {
  int64_t now_ms, wall;
};

/* What the next daemon to walk a unit must know of its last walk. */
struct claim_note {
  int64_t begun_wall; /* 0: not known */
  int64_t took_ms;
  bool ended; /* it came to its end, whole or failed; nothing broke it off */
};

struct claim_unit {
  const char *name;
  int64_t interval_ms; /* 0: its walks need no times (spread over an interval)
                        */
  struct claim_note note;
  bool running;
  bool changed;  /* the note, since it was last written for certain */
  bool of_other; /* the last walk was another daemon's */
  bool by_beat;  /* the last walk was not begun by a turn of this daemon's */
  int64_t submitted_ms; /* when this daemon was last told to begin; 0: not */
};

enum claim_state {
  CLAIM_OTHERS, /* another daemon's, or nobody's */
  CLAIM_MINE,
  CLAIM_REGAIN, /* it was this daemon's until the lease was lost */
};

struct claim {
  const char *name;
  const char *of; /* the listing that it is a shard of, or one of several
                     intervals; NULL: neither */
  struct claim_unit *units;
  size_t nunits;
  enum claim_state state;
  int64_t lease;     /* of the holder, when last seen; 0: nobody's */
  int64_t free_ms;   /* when it was first seen free; 0: it is not */
  int64_t barred_ms; /* this daemon does not take it before */
  int64_t moved_ms;  /* when it last came to or from this daemon; 0: never */
  int64_t noted_ms;  /* when its notes were last written */
  int64_t write_ms;  /* they have changed, and are written then; 0: not */
  bool rival;        /* others have the whole of it, or shards of it */
  bool tried;        /* to take it, since the store was last looked at */
};

/* What a daemon says of itself. */
struct claim_about {
  uint64_t config; /* what it has been configured to walk, as a hash */
  uint64_t cloud;  /* which cloud it is, as a hash; 0: not known so far */
  unsigned unit;   /* what a claim is of, as an enum share_unit and 1; 0: it
                      does not say */
};

/* Can it share with those that were there before it? */
enum claim_accord {
  ACCORD_GOOD,
  ACCORD_CLOUD, /* no: one of them walks another cloud under this name, */
  ACCORD_UNIT,  /* or makes claims of another kind */
};

/* A daemon that shares the cloud. */
struct claim_peer {
  int64_t lease;
  int64_t created; /* revision of its key: who was there first? */
  struct claim_about about;
  bool apart;      /* it cannot share, and has no claims */
  int64_t load_ms; /* of all claims it holds, those included that only it has */
};

/* Everything at one time. `self` is the lease of this daemon; 0: none. */
struct claim_table {
  struct claim *claims;
  size_t nclaims;
  struct claim_unit *units; /* those of a claim stand together, in its order */
  size_t nunits;
  struct claim_peer *peers; /* the oldest first */
  size_t npeers;
  int64_t self;
  struct claim_about about; /* of this daemon */
};

/* What this daemon has been configured to walk. The units of a claim have its
 * name, and stand together. */
struct claim_wish {
  const char *claim, *unit;
  const char *of;      /* as claim.of */
  int64_t interval_ms; /* as claim_unit.interval_ms */
};

/* claim_table_init(table, wishes, n): makes claims and units, numbered as the
 * wishes, whose names must outlive them. -1: memory. claim_table_clear(): of
 * zeros it is fine. */
int claim_table_init(struct claim_table *table, const struct claim_wish *wishes,
                     size_t n);
void claim_table_clear(struct claim_table *table);

/* claim_table_interval_ms(table): the shortest; 0: none has one. */
int64_t claim_table_interval_ms(const struct claim_table *table);

/* claim_of(table, unit): to which it belongs. */
struct claim *claim_of(const struct claim_table *table, size_t unit);

/* claim_load_ms(claim): how long its walks take, one after the other; at least
 * 1 for each, so that claims of which nothing is known are spread evenly. */
int64_t claim_load_ms(const struct claim *claim);

/* claim_interval_ms(claim): the least of its units; 0: none has one. */
int64_t claim_interval_ms(const struct claim *claim);

/* claim_runs(claim): a walk of it runs here. */
bool claim_runs(const struct claim *claim);

#endif
