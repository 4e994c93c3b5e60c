/*
 * project_view - a cloud's projects, domains and users, as they were at one
 * time
 *
 * Lists them at Keystone and answers what others ask of them. When to list them
 * anew, and who waits for it, is projects.c's affair.
 */
#ifndef PROJECT_VIEW_H
#define PROJECT_VIEW_H

#include "base/error.h"
#include "base/roster.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;
struct session;

struct projects_options {
  bool enabled_only; /* ask no disabled projects, nor disabled domains' */
  bool domain_names, user_names; /* wanted */
  /* The token is of a domain: with it Keystone lists that one's only. */
  bool domain_token;
  /* Patterns of ids and names, as text_chosen() takes them; a project must pass
   * both. The texts outlive struct projects. */
  struct text_list projects, domains;
};

/* How things were at one time. It does not change; shared, so it is counted. */
struct project_view {
  const char **project_ids; /* those to ask: wanted, and enabled if need be */
  size_t nprojects;
  /* The token may not list projects: this knows only its own. */
  bool own_only;
  /* The token is of a domain: this knows only the domain's. */
  bool own_domain;
  /* Keystone's list_limit hides projects, and no way around it helped. */
  bool truncated;
  /* So many came in one page without a link: it may be cut off; or 0. */
  uint64_t round;
  /* Why names of domains or users that are wanted could not all be listed;
   * ERROR_NONE: they were. */
  struct error nameless;
  /* struct projects' own */
  const struct projects_options *options;
  struct roster projects, domains, users;
  unsigned holders;
};

/* The look-ups: any thread that holds the view. */

/* project_view_wants(view, id): do the patterns let this project's records
 * pass? Those of none (NULL) pass. An id that is not listed is judged by
 * itself, as of a domain without id and name; with `own_only`, `own_domain` or
 * `truncated` it does not pass any pattern. */
bool project_view_wants(const struct project_view *view, const char *id);

/* Texts live as long as the view is held; NULL: not known. */
struct project_names {
  const char *id, *name, *domain_id, *domain_name;
  bool enabled; /* itself and its domain */
  bool twin;    /* another one's name looks the same in an identifier */
};

/* project_view_find(view, id, ret): false, and all unknown: not listed. */
bool project_view_find(const struct project_view *view, const char *id,
                       struct project_names *ret);

/* project_view_user(view, id): the user's name; NULL: not known. */
const char *project_view_user(const struct project_view *view, const char *id);

/* What a view is made with. */
struct project_view_source {
  const struct projects_options *options; /* outlive the view */
  struct session *session;
  struct http *http;
  int64_t deadline_ms;
  const struct project_view *old; /* the one before, or NULL */
  unsigned denials; /* times in a row, up to now, that projects were denied */
};

/* project_view_make(source, ret_failure, err): asks Keystone, on the thread of
 * its http. `ret_failure`: of what the view can do without. NULL: `err`. */
struct project_view *project_view_make(const struct project_view_source *source,
                                       struct error *ret_failure,
                                       struct error *err);
void project_view_free(struct project_view *view); /* NULL is fine */

#endif
