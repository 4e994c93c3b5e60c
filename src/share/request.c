#include "share/request.h"

#include "base/text.h"
#include "etcd/etcd.h"
#include "share/claim_text.h"

#include <stdlib.h>

_Static_assert(REQUEST_KEYS <= ETCD_OPERATIONS, "etcd takes all of a request");

static int add(struct request *r, char *key, char *value, struct error *err) {
  if (r->n == REQUEST_KEYS || key == NULL || value == NULL) {
    free(key);
    free(value);
    return r->n == REQUEST_KEYS
               ? error_set(err, ERROR_LIMIT, "over %d keys", REQUEST_KEYS)
               : error_memory(err);
  }
  r->keys[r->n] = key;
  r->values[r->n++] = value;
  return 0;
}

static bool has_changed(const struct claim *claim, size_t number) {
  size_t first = number * CLAIM_TEXT_UNITS;
  for (size_t i = 0; i < CLAIM_TEXT_UNITS && first + i < claim->nunits; i++)
    if (claim->units[first + i].changed)
      return true;
  return false;
}

/* Whoever has the claim has all its keys, and renews those that tell more. */
static int add_claim(struct request *r, const char *root,
                     const struct claim *claim, struct error *err) {
  char *own = claim_text_key(root, claim, 0);
  if (own == NULL)
    return error_memory(err);
  r->claims[r->nclaims++] = own;
  for (size_t i = 0; i < claim_text_keys(claim); i++)
    if ((r->call.kind != CALL_NOTE || has_changed(claim, i)) &&
        add(r, claim_text_key(root, claim, i), claim_text_value(claim, i),
            err) != 0)
      return -1;
  return 0;
}

/* The listing that it is a shard of; or what all shards of it begin with. */
static int add_rival(struct request *r, const char *root,
                     const struct claim *claim, struct error *err) {
  const struct claim whole = {.name =
                                  claim->of != NULL ? claim->of : claim->name};
  char *key = claim_text_key(root, &whole, 0);
  if (claim->of != NULL || key == NULL) {
    r->rival = key;
  } else {
    r->rival = text_printf("%s#", key);
    free(key);
  }
  return r->rival != NULL ? 0 : error_memory(err);
}

int request_write(struct request *r, const struct request_sender *sender,
                  struct error *err) {
  const struct claims_call *call = &r->call;
  if (call->kind == CALL_JOIN)
    return add(r, claim_text_member_key(sender->root, call->lease),
               claim_text_member(sender->host, sender->about), err);
  for (size_t i = 0; i < call->nnoted; i++)
    if (add_claim(r, sender->root, call->noted[i], err) != 0)
      return -1;
  if (call->claim == NULL)
    return 0;
  if (call->kind == CALL_TAKE &&
      add_rival(r, sender->root, call->claim, err) != 0)
    return -1;
  return add_claim(r, sender->root, call->claim, err);
}

void request_clear(struct request *r) {
  for (size_t i = 0; i < r->n; i++) {
    free(r->keys[i]);
    free(r->values[i]);
  }
  for (size_t i = 0; i < r->nclaims; i++)
    free(r->claims[i]);
  free(r->rival);
}

int request_commit(const struct request *r, struct etcd *etcd, bool *ret_done,
                   struct error *err) {
  const struct claims_call *call = &r->call;
  struct etcd_compare compares[CLAIMS_NOTED + 1];
  struct etcd_change changes[REQUEST_KEYS];
  size_t ncompares = 0;
  bool take = call->kind == CALL_TAKE;
  for (size_t i = 0; i < r->nclaims; i++)
    compares[ncompares++] =
        (struct etcd_compare){.condition = take ? ETCD_ABSENT : ETCD_LEASED,
                              .key = r->claims[i],
                              .number = call->lease};
  for (size_t i = 0; i < r->n; i++)
    changes[i] = (struct etcd_change){
        .key = r->keys[i],
        .value = call->kind == CALL_DROP ? NULL : r->values[i],
        .lease = call->kind == CALL_GIVE ? call->to : call->lease};
  if (take)
    compares[ncompares++] = (struct etcd_compare){
        .condition = call->claim->of != NULL ? ETCD_ABSENT : ETCD_NONE,
        .key = r->rival};
  return etcd_commit(etcd,
                     &(struct etcd_txn){.compares = compares,
                                        .ncompares = ncompares,
                                        .changes = changes,
                                        .nchanges = r->n},
                     ret_done, err);
}
