#include "walk/verdict.h"

#include "keystone/session.h"
#include "share/member.h"

#include <string.h>

int verdict_asked(const struct pass_plan *plan, const struct progress *at,
                  const struct pass_result *r, struct error *err) {
  const char *doubt = plan->doubt, *word = listing_asked(plan->listing);
  if (plan->listing->scope == LISTING_CLOUD || r->asked == 0 ||
      r->denied + r->absent < r->asked)
    return 0;
  *err = at->nothing;
  if (r->denied == 0 && plan->unit.n > 1) /* it has a few of them only */
    return 0;
  if (r->denied > 0)
    return error_wrap(err, "%zu of %zu %ss denied, and none has anything",
                      r->denied, r->asked, word);
  return error_set(err, ERROR_STATUS, "no %s of %zu has anything here (%s)%s%s",
                   word, r->asked, at->nothing.text, doubt != NULL ? ": " : "",
                   doubt != NULL ? doubt : "");
}

static bool has_project(struct session *session) {
  struct login_project own;
  session_project(session, &own);
  return own.id[0] != '\0';
}

/* Is an empty listing what this token gets of a full one? */
static bool hides_all(const struct listing *listing, struct session *session) {
  bool belong = listing->project != NULL || listing->owners != NULL;
  if (belong && !has_project(session))
    return true;
  if (listing_of_system(listing))
    return has_project(session);
  return listing->role != NULL &&
         strcmp(listing->without_role, LISTING_SEES_NONE) == 0 &&
         !session_has_role(session, listing->role);
}

bool verdict_is_blind(const struct pass_plan *plan,
                      const struct pass_result *result) {
  const struct listing *listing = plan->listing;
  return listing->scope == LISTING_CLOUD && listing->auth == AUTH_TOKEN &&
         result->records + result->odd == 0 &&
         hides_all(listing, plan->session);
}

bool verdict_has_totals(const struct pass_plan *plan, const struct progress *at,
                        const struct pass_result *r) {
  return !r->cut && r->denied == 0 && r->failed == 0 && !r->blind &&
         !r->truncated && !at->torn && !plan->partial;
}

bool verdict_moved(const struct pass_plan *plan, struct error *err) {
  if (member_fence_wait(&plan->unit, plan->parts) == FENCE_OPEN)
    return false;
  error_set(err, ERROR_MOVED, "another daemon may walk it now");
  return true;
}
