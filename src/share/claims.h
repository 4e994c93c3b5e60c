/*
 * claims - what a daemon does to share a cloud with others
 *
 * The protocol, as decisions over what was seen and a clock that is given. It
 * makes no call, starts no thread and reads no clock: its caller (member.h)
 * asks for the next call, makes it and hands back what came of it, and a test
 * does the same in virtual time. Nothing here waits.
 *
 *   while (claims_next(claims, &now, &call))
 *     claims_done(claims, &call, reply of the store, &now);
 *
 * A daemon has a lease, which it renews at each beat, and a key under it that
 * says that it is there. It holds the claims whose keys are under its lease.
 * It may walk until `fence`: so long the store cannot have ended its lease,
 * whatever becomes of the connection. Only a look at the store that finds its
 * own key moves the fence on, because some versions of etcd renew a lease that
 * they have revoked.
 *
 * Bounds: the manual, chapter SHARING A CLOUD.
 */
#ifndef CLAIMS_H
#define CLAIMS_H

#include "base/error.h"
#include "settings/share.h"
#include "share/look.h"

struct claims_options {
  const struct claim_wish *wishes; /* copied, but for the names */
  size_t nwishes;
  struct claim_about about; /* `config`: equal in those configured alike */
  enum share_loss loss;
};

struct claims;

struct claims *claims_new(const struct claims_options *options,
                          struct error *err);
void claims_free(struct claims *claims); /* NULL is fine */

/* claims_ttl_ms(claims): the life that a lease is asked to have, 5 to 20 s. */
int64_t claims_ttl_ms(const struct claims *claims);

/* claims_cloud(claims, cloud): which cloud it is, as a hash, is known now. */
void claims_cloud(struct claims *claims, uint64_t cloud);

/* ---- calls -------------------------------------------------------------- */

enum claims_call_kind {
  CALL_GRANT, /* a lease of `ttl_ms` */
  CALL_JOIN,  /* put the member's key, under `lease` */
  CALL_KEEP,  /* renew `lease` */
  CALL_LOOK,  /* read all keys, linearizably */
  CALL_TAKE,  /* if `claim` has no key, nor has what it is a part of, nor its
                 parts, put its notes under `lease` */
  CALL_NOTE, /* if the keys of all `noted` are under `lease`, put their notes */
  CALL_DROP, /* if its key is under `lease`, delete it */
  CALL_GIVE, /* if its key is under `lease`, put its notes under `to` */
  CALL_PROVE, /* ask each server whether it is down, or knows no leader */
};

#define CLAIMS_NOTED 64 /* at most */

struct claims_call {
  enum claims_call_kind kind;
  int64_t lease, ttl_ms, to;
  const struct claim *claim;  /* belongs to the claims */
  struct claim *const *noted; /* as well, until claims_done() */
  size_t nnoted;
  uint64_t cloud; /* CALL_JOIN: what the key says */
  int64_t sent_ms;
};

enum claims_reply_kind {
  REPLY_OK,
  REPLY_NO,     /* the condition does not hold; CALL_PROVE: no proof */
  REPLY_GONE,   /* there is no such lease */
  REPLY_FAILED, /* no answer, or not this one; it may have been done */
};

struct claims_reply {
  enum claims_reply_kind kind;
  int64_t lease, ttl_ms;   /* of CALL_GRANT and CALL_KEEP */
  const struct look *seen; /* of CALL_LOOK; as long as claims_done() */
};

/* claims_next(claims, now, ret): the next call to make now. False: none, until
 * claims_wake_ms() or until a walk begins or ends. */
bool claims_next(struct claims *claims, const struct claim_time *now,
                 struct claims_call *ret);

/* claims_done(claims, call, reply, now): what came of it. */
void claims_done(struct claims *claims, const struct claims_call *call,
                 const struct claims_reply *reply,
                 const struct claim_time *now);

/* claims_leave(claims, ret): the daemon ends, and none of its walks runs: a
 * claim to hand over (CALL_GIVE), each once. Its key may be younger than what
 * others have seen of it: given, and not only freed, it is not walked again by
 * whoever believes that it is overdue. False: no more; what nobody can have
 * goes with the lease. */
bool claims_leave(struct claims *claims, struct claims_call *ret);

/* claims_wake_ms(claims, now): when to look again for a call or a due walk. */
int64_t claims_wake_ms(const struct claims *claims,
                       const struct claim_time *now);

/* ---- walks -------------------------------------------------------------- */

/* claims_due(claims, now, ret_unit): a unit whose walk is to begin now, without
 * waiting for its turn: it is overdue, or was taken over. Units are numbered as
 * the wishes. The same unit is not named again for a beat. False: none. */
bool claims_due(struct claims *claims, const struct claim_time *now,
                size_t *ret_unit);

/* claims_may_walk(claims, unit, now): a turn of the unit has come: is it this
 * daemon's, and was its last walk, wherever it was, long enough ago? */
bool claims_may_walk(const struct claims *claims, size_t unit,
                     const struct claim_time *now);

/* Units that one walk makes together, if they are due: shards of a listing. One
 * unit alone is always begun. Bit i stands for the unit first + i. */
struct claims_parts {
  size_t first, n; /* 64 at most */
};
#define CLAIMS_ALL UINT64_MAX

/* claims_begun(claims, parts, wanted, by_beat, now): a walk begins, of those
 * that are `wanted`: of which, and which are this daemon's and due by now, is
 * returned; 0: it need not. `by_beat`: claims_due() named one.
 * claims_ended(claims, parts, begun, whole, now): it has ended. Those that are
 * not `whole` were broken off by their fence or by the end of the daemon. */
uint64_t claims_begun(struct claims *claims, const struct claims_parts *parts,
                      uint64_t wanted, bool by_beat,
                      const struct claim_time *now);
void claims_ended(struct claims *claims, const struct claims_parts *parts,
                  uint64_t begun, uint64_t whole, const struct claim_time *now);

/* claims_fence(claims, unit): until when this daemon may walk the unit, in
 * now_ms. Negative: its claim is being regained, and walks wait until minus
 * this. 0: it may not. */
int64_t claims_fence(const struct claims *claims, size_t unit);

/* ---- for the operator --------------------------------------------------- */

struct claims_state {
  size_t members, owned, claims;
  bool etcd;    /* the last beat was answered */
  bool settled; /* it has had time to take what is free */
};
void claims_state(const struct claims *claims, struct claims_state *ret);

/* claims_accord(claims, ret_lease): why it stands by, and because of whom. */
enum claim_accord claims_accord(const struct claims *claims,
                                int64_t *ret_lease);

#endif
