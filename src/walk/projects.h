/*
 * projects - a cloud's projects, domains and users, listed once for all who
 * need them
 *
 * One set of listings at Keystone, shared by all walks of a cloud and refreshed
 * at most every ten minutes: which projects to ask, what ids are called, and
 * whose records the operator wants. Nobody is ever asked for one by one. Some
 * 110 bytes a project, 100 a user; twice that while a new view is made.
 *
 * Domains are listed if their names, a pattern or `enabled_only` need them, and
 * where list_limit has cut another listing off, which is then asked for domain
 * by domain. Users are listed if their names are wanted, and by domain where
 * the list has those of one domain only.
 *
 * Projects must be listed; a token that may not has its own project alone, once
 * it is sure that it may not: a list that had been allowed serves for three
 * denials more.
 * Domains must be if a pattern or `enabled_only` needs them. What else cannot
 * be listed leaves names unknown, or as they were. What one can do without gets
 * a part of the time only, lest a Keystone that hangs take all of it.
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

/* projects_new(session, options, err): copies `options`; `session` must
 * outlive it. Asks nobody anything. NULL: memory. */
struct projects *projects_new(struct session *session,
                              const struct projects_options *options,
                              struct error *err);
void projects_free(struct projects *projects); /* NULL is fine */

/* projects_filter_records(projects): there are patterns that keep records out.
 */
bool projects_filter_records(const struct projects *projects);

/* Who wants the view. */
struct projects_asker {
  struct http *http; /* its own: Keystone may be asked with it */
  int64_t deadline_ms;
  bool must; /* is nothing without it. Else most of the time is left to it */
};

/* projects_get(projects, asker, ret, err): the view; hand it back with
 * projects_put(). Any thread. Keystone is asked every ten minutes, and a
 * minute after a failure, by one thread. While it is asked, and if it fails,
 * the old view serves; without one others wait, and share what comes of it. So
 * nobody asks again within the minute: a failure is remembered. (Unless the
 * time was up for who asked and another has twice as much.) -1: ERROR_DENIED
 * (what is needed may not be listed), or what http_one() and the extractor say.
 */
int projects_get(struct projects *projects, const struct projects_asker *asker,
                 const struct project_view **ret, struct error *err);
void projects_put(struct projects *projects,
                  const struct project_view *view); /* NULL is fine */

#endif
