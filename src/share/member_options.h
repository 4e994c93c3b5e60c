/*
 * member_options - what a member is to do, and what it tells of it
 *
 * Plain data, and whom it calls.
 */
#ifndef MEMBER_OPTIONS_H
#define MEMBER_OPTIONS_H

#include "base/error.h"
#include "settings/share.h"
#include "share/claim.h"

enum member_event {
  MEMBER_JOINED,      /* `host` shares the cloud, too */
  MEMBER_GONE,        /* it left, or its lease ran out */
  MEMBER_LOST,        /* this daemon's own lease was gone; it has a new one */
  MEMBER_TROUBLE,     /* etcd does not answer: `err` */
  MEMBER_WELL,        /* it does again */
  MEMBER_OTHER_CLOUD, /* `host` shares another cloud of this name, */
  MEMBER_OTHER_UNIT,  /* or makes other claims: this daemon stands by */
  MEMBER_ACCORD,      /* no longer */
  MEMBER_CROWDED,     /* more identifiers clash than others are told of */
  MEMBER_ADVICE,      /* `host` is what the operator should know of etcd */
};

struct member_state {
  size_t members, owned, claims; /* this daemon included */
  bool etcd;                     /* answers */
};

/* What the thread tells, and whom it calls. */
struct member_watcher {
  void (*event)(void *arg, enum member_event event, const char *host,
                const struct error *err);
  void (*state)(void *arg, const struct member_state *state);
  int64_t state_ms; /* `state` is called once in so long; 0: never */
  void *arg;
};

struct member_options {
  const char *cloud;
  const struct share_config *config;
  const struct claim_wish *wishes; /* copied, but for the names */
  size_t nwishes;
  uint64_t config_hash; /* equal in daemons that are configured alike */
  /* Begin a walk of this unit now, if none runs: must return at once. */
  void (*walk)(void *arg, size_t unit);
  void *arg;
};

#endif
