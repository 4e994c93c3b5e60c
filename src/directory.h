/*
 * directory - a cloud's projects, domains and users, listed once for all who
 * need them
 *
 * One set of listings at Keystone, shared by all walks of a cloud and refreshed
 * at most every ten minutes: which projects to ask, what ids are called, and
 * whose records the operator wants. Nobody is ever asked for one by one. Some
 * 110 bytes a project, 100 a user; twice that while a new view is made.
 *
 * Domains are listed if their names, a pattern or `enabled_only` need them, and
 * where list_limit has cut another listing off, which is then asked for domain
 * by domain. Users are listed if their names are wanted.
 *
 * Projects must be listed; a token that may not has its own project alone.
 * Domains must be if a pattern or `enabled_only` needs them. What else cannot
 * be listed leaves names unknown, or as they were.
 */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include "error.h"
#include "http.h"
#include "roster.h"
#include "session.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct directory_options {
  bool enabled_only; /* ask no disabled projects, nor disabled domains' */
  bool domain_names, user_names; /* wanted */
  /* Patterns of ids and names, as text_chosen() takes them; a project must pass
   * both. The texts outlive the directory. */
  struct text_list projects, domains;
};

/* How things were at one time. It does not change; shared, so it is counted. */
struct directory_view {
  const char **project_ids; /* those to ask: wanted, and enabled if need be */
  size_t nprojects;
  /* The token may not list projects: this knows only its own. */
  bool own_only;
  /* Keystone's list_limit hides projects, and no way around it helped. */
  bool truncated;
  /* Names of domains or users that are wanted could not all be listed. */
  bool nameless;
  /* directory's own */
  const struct directory_options *options;
  struct roster projects, domains, users;
  unsigned holders;
};

struct directory;

/* directory_new(session, options, err): copies `options`; `session` must
 * outlive it. Asks nobody anything. NULL: memory. */
struct directory *directory_new(struct session *session,
                                const struct directory_options *options,
                                struct error *err);
void directory_free(struct directory *directory); /* NULL is fine */

/* directory_filters(directory): there are patterns that keep records out. */
bool directory_filters(const struct directory *directory);

/* directory_get(directory, http, deadline_ms, ret, err): the view, fresh or at
 * most ten minutes old; hand it back with directory_put(). Any thread; who
 * comes while another asks Keystone waits, and shares what comes of it. If
 * Keystone fails, the old view serves. -1: ERROR_DENIED (what is needed may not
 * be listed), or what http_one() and the extractor say. */
int directory_get(struct directory *directory, struct http *http,
                  int64_t deadline_ms, const struct directory_view **ret,
                  struct error *err);
void directory_put(struct directory *directory,
                   const struct directory_view *view); /* NULL is fine */

/* The look-ups: any thread that holds the view. */

/* directory_wants(view, id): do the patterns let this project's records pass?
 * Those of none (NULL) pass. An id that is not listed is judged by itself, as
 * of a domain without id and name; with `own_only` it does not pass any
 * pattern. */
bool directory_wants(const struct directory_view *view, const char *id);

/* Texts live as long as the view is held; NULL: not known. */
struct directory_project {
  const char *id, *name, *domain_id, *domain_name;
  bool enabled; /* itself and its domain */
};

/* directory_project(view, id, ret): false, and all unknown: not listed. */
bool directory_project(const struct directory_view *view, const char *id,
                       struct directory_project *ret);

/* directory_user(view, id): the user's name; NULL: not known. */
const char *directory_user(const struct directory_view *view, const char *id);

#endif
