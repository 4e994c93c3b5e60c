/*
 * projects - a cloud's projects, domains and users, listed once for all walks
 *
 * All walks of a cloud share one set of lists, which is read from Keystone at
 * most every ten minutes: which projects to ask, the names of ids, and whose
 * records the operator wants. No request asks for a single project or user. The
 * lists take some 110 bytes a project and 100 a user, and twice that while a
 * new view is made.
 *
 * Domains are listed if their names, a pattern or `enabled_only` need them.
 * They are also listed if list_limit has cut another list off, which is then
 * read domain by domain. Users are listed if their names are wanted, and by
 * domain if the list has the users of one domain only.
 *
 * Projects must be listed. A token that may not list them has only its own
 * project, once that is certain: a list that had been allowed stays in use for
 * three more denials. Domains must be listed if a pattern or `enabled_only`
 * needs them. If any other list fails, names stay unknown, or as they were. A
 * walk that can do without a list gives it only a part of its time, so that a
 * Keystone that hangs does not take all of it.
 *
 *   if (projects_get(projects, &asker, &view, err) != 0) return -1;
 *   project_view_find(view, id, &names); names.name lives as long as the view
 *   projects_put(projects, view);
 */
#ifndef PROJECTS_H
#define PROJECTS_H

#include "walk/project_view.h"

#include <stdbool.h>
#include <stdint.h>

struct http;
struct projects;
struct session;

/* projects_new(session, options, err): copies `options`; `session` must outlive
 * it. Sends no request. NULL: memory. */
struct projects *projects_new(struct session *session,
                              const struct projects_options *options,
                              struct error *err);
void projects_free(struct projects *projects); /* NULL is fine */

/* projects_filter_records(projects): are there patterns that exclude
 * records? */
bool projects_filter_records(const struct projects *projects);

/* The caller who wants the view. */
struct projects_asker {
  struct http *http; /* its own, with which to ask Keystone */
  int64_t deadline_ms;
  int64_t interval_ms; /* of its walks */
  bool must; /* it cannot go on without the view. Otherwise most of its time is
                left to it */
};

/* projects_get(projects, asker, ret, err): the view, which the caller returns
 * with projects_put(). Any thread. One thread asks Keystone, every ten minutes,
 * and after a failure when one and a half of the caller's intervals have
 * passed, or a minute, whichever is less. Meanwhile, and if that fails, the
 * others use the old view. Without an old one they wait and share the result.
 * So no thread asks again sooner after a failure, unless the one that failed
 * had run out of time and this one has twice as much. -1: ERROR_DENIED (a list
 * that is needed is denied), or an error of http_one() or the extractor. */
int projects_get(struct projects *projects, const struct projects_asker *asker,
                 const struct project_view **ret, struct error *err);
void projects_put(struct projects *projects,
                  const struct project_view *view); /* NULL is fine */

#endif
