#include "share/accord.h"

/* What one of them does not know, or say, is no difference. */
static enum claim_accord compare(const struct claim_about *a,
                                 const struct claim_about *b) {
  if (a->cloud != 0 && b->cloud != 0 && a->cloud != b->cloud)
    return ACCORD_CLOUD;
  return a->unit != 0 && b->unit != 0 && a->unit != b->unit ? ACCORD_UNIT
                                                            : ACCORD_GOOD;
}

/* With those before it that are not apart themselves. */
static enum claim_accord judge(const struct claim_table *t, size_t number,
                               int64_t *ret_lease) {
  for (size_t i = 0; i < number; i++) {
    enum claim_accord accord =
        compare(&t->peers[i].about, &t->peers[number].about);
    if (t->peers[i].apart || accord == ACCORD_GOOD)
      continue;
    if (ret_lease != NULL)
      *ret_lease = t->peers[i].lease;
    return accord;
  }
  return ACCORD_GOOD;
}

void accord_judge(struct claim_table *t) {
  for (size_t i = 0; i < t->npeers; i++) {
    if (t->peers[i].lease == t->self) /* it may know more by now */
      t->peers[i].about = t->about;
    t->peers[i].apart = judge(t, i, NULL) != ACCORD_GOOD;
  }
}

enum claim_accord accord_of(const struct claim_table *t, int64_t *ret_lease) {
  for (size_t i = 0; i < t->npeers; i++)
    if (t->peers[i].lease == t->self)
      return judge(t, i, ret_lease);
  return ACCORD_GOOD;
}
