#include "share/request.h"

#include "base/text.h"
#include "etcd/etcd.h"
#include "share/claim_text.h"

#include <stdlib.h>

static int add(struct request *r, char *key, char *value, struct error *err) {
  r->keys[r->n] = key;
  r->values[r->n++] = value;
  return key != NULL && value != NULL ? 0 : error_memory(err);
}

static int add_claim(struct request *r, const char *root,
                     const struct claim *claim, struct error *err) {
  return add(r, claim_text_key(root, claim), claim_text_value(claim), err);
}

/* The listing that it is a shard of; or what all shards of it begin with. */
static int add_rival(struct request *r, const char *root,
                     const struct claim *claim, struct error *err) {
  const struct claim whole = {.name =
                                  claim->of != NULL ? claim->of : claim->name};
  char *key = claim_text_key(root, &whole);
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
  free(r->rival);
}

int request_commit(const struct request *r, struct etcd *etcd, bool *ret_done,
                   struct error *err) {
  const struct claims_call *call = &r->call;
  struct etcd_compare compares[CLAIMS_NOTED + 1];
  struct etcd_change changes[CLAIMS_NOTED];
  size_t ncompares = 0;
  bool take = call->kind == CALL_TAKE;
  for (size_t i = 0; i < r->n; i++) {
    if (call->kind != CALL_JOIN)
      compares[ncompares++] =
          (struct etcd_compare){.condition = take ? ETCD_ABSENT : ETCD_LEASED,
                                .key = r->keys[i],
                                .number = call->lease};
    changes[i] = (struct etcd_change){
        .key = r->keys[i],
        .value = call->kind == CALL_DROP ? NULL : r->values[i],
        .lease = call->kind == CALL_GIVE ? call->to : call->lease};
  }
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
