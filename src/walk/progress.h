/*
 * progress - how far a pass came that takes several walks
 *
 * A listing by project or by owner may have more to ask for than fits into an
 * interval, or spreads its requests over one. Its pass then takes several
 * walks, and this is what it keeps between them: what a total has counted so
 * far, which ids were seen, who is still to be asked. Of any listing it keeps,
 * from one pass to the next, the room for ids. The walk owns it, on its thread.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "base/error.h"
#include "base/idset.h"
#include "meter/samples.h"

#include <stdbool.h>
#include <stddef.h>

struct binding;
struct pass_result;

/* Begin with zeros. */
struct progress {
  bool begun;                  /* a pass is under way */
  struct idset seen;           /* empty, if none is */
  struct sample_output output; /* its sink and the like are each walk's own */
  size_t next;                 /* the first of those asked that was not begun */
  size_t *again, nagain;       /* those that were broken off, asked first */
  bool torn; /* one of them had counted in a page: no totals */
  /* As in pass_result: */
  size_t asked, absent, denied, failed;
  bool truncated;
  /* The first answer that there is nothing, or that the token is denied, which
   * counts more. */
  struct error nothing;
  struct error failure; /* the first of those that failed */
};

/* progress_begin(progress, binding, width, err): of a new pass, with so many
 * transfers at once. -1: memory; it must be cleared in any case. */
int progress_begin(struct progress *progress, const struct binding *binding,
                   size_t width, struct error *err);

/* progress_result(progress, ret): what the walks so far came to; all else is 0.
 * progress_keep(progress, result): for the next one. */
void progress_result(const struct progress *progress, struct pass_result *ret);
void progress_keep(struct progress *progress, const struct pass_result *result);

/* progress_end(progress): no pass is under way. Keeps room for the ids of the
 * next, which are as many: a pass would spend a twentieth of its time on new
 * room. */
void progress_end(struct progress *progress);

/* progress_clear(progress): the same, and gives all memory back. */
void progress_clear(struct progress *progress);

#endif
