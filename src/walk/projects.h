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
 * by domain. Users are listed if their names are wanted.
 *
 * Projects must be listed; a token that may not has its own project alone.
 * Domains must be if a pattern or `enabled_only` needs them. What else cannot
 * be listed leaves names unknown, or as they were. What one can do without gets
 * a part of the time only, lest a Keystone that hangs take all of it.
 */
#ifndef PROJECTS_H
#define PROJECTS_H

#include "base/error.h"
#include "base/roster.h"
#include "base/text.h"
#include "keystone/session.h"
#include "net/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct directory_options {
  bool enabled_only; /* ask no disabled projects, nor disabled domains' */
  bool domain_names, user_names; /* wanted */
  /* The token is of a domain: with it Keystone lists that one's only. */
  bool domain_token;
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
  /* The token is of a domain: this knows only the domain's. */
  bool own_domain;
  /* Keystone's list_limit hides projects, and no way around it helped. */
  bool truncated;
  /* Why names of domains or users that are wanted could not all be listed;
   * ERROR_NONE: they were. */
  struct error nameless;
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

/* Who wants the view. */
struct directory_asker {
  struct http *http; /* its own: Keystone may be asked with it */
  int64_t deadline_ms;
  bool must; /* is nothing without it. Else most of the time is left to it */
};

/* directory_get(directory, asker, ret, err): the view; hand it back with
 * directory_put(). Any thread. Keystone is asked every ten minutes, and a
 * minute after a failure, by one thread. While it is asked, and if it fails,
 * the old view serves; without one others wait, and share what comes of it. So
 * nobody asks again within the minute: a failure is remembered. (Unless the
 * time was up for who asked and another has twice as much.) -1: ERROR_DENIED
 * (what is needed may not be listed), or what http_one() and the extractor say.
 */
int directory_get(struct directory *directory,
                  const struct directory_asker *asker,
                  const struct directory_view **ret, struct error *err);
void directory_put(struct directory *directory,
                   const struct directory_view *view); /* NULL is fine */

/* The look-ups: any thread that holds the view. */

/* directory_wants(view, id): do the patterns let this project's records pass?
 * Those of none (NULL) pass. An id that is not listed is judged by itself, as
 * of a domain without id and name; with `own_only` or `own_domain` it does
 * not pass any pattern. */
bool directory_wants(const struct directory_view *view, const char *id);

/* Texts live as long as the view is held; NULL: not known. */
struct directory_project {
  const char *id, *name, *domain_id, *domain_name;
  bool enabled; /* itself and its domain */
  bool twin;    /* another one's name looks the same in an identifier */
};

/* directory_project(view, id, ret): false, and all unknown: not listed. */
bool directory_project(const struct directory_view *view, const char *id,
                       struct directory_project *ret);

/* directory_user(view, id): the user's name; NULL: not known. */
const char *directory_user(const struct directory_view *view, const char *id);

#endif
