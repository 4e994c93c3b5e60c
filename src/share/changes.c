#include "share/changes.h"

#include <string.h>

static bool has_lease(const struct claim_keys *keys, int64_t lease) {
  for (size_t i = 0; i < keys->look.nmembers; i++)
    if (keys->members[i].lease == lease)
      return true;
  return false;
}

/* Has one of them this name, and a lease that `others` have not? */
static bool has_other(const struct claim_keys *keys, const char *host,
                      const struct claim_keys *others) {
  for (size_t i = 0; i < keys->look.nmembers; i++)
    if (strcmp(keys->hosts[i], host) == 0 &&
        !has_lease(others, keys->members[i].lease))
      return true;
  return false;
}

void changes_tell(const struct claim_keys *before, const struct claim_keys *now,
                  int64_t self, changes_visitor *tell, void *arg) {
  for (int came = 0; came < 2; came++) {
    const struct claim_keys *some = came ? now : before;
    const struct claim_keys *others = came ? before : now;
    for (size_t i = 0; i < some->look.nmembers; i++)
      if (some->members[i].lease != self &&
          !has_lease(others, some->members[i].lease) &&
          !has_other(others, some->hosts[i], some))
        tell(arg, came, some->hosts[i]);
  }
}
