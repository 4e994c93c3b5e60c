/*
 * project_view - a cloud's projects, domains and users, as they were at one
 * time
 *
 * Lists them at Keystone and answers questions about them. projects.c decides
 * when to list them again, and who waits for that.
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
struct sample;
struct session;

struct projects_options {
  bool enabled_only; /* no disabled projects, none of disabled domains */
  bool domain_names, user_names; /* wanted */
  bool domain_words; /* identities have names of domains: no list, no view */
  /* Patterns of ids and names for text_chosen(); a project must pass both
   * lists. The texts outlive struct projects. */
  struct text_list projects, domains;
};

/* The lists as they were at one time. A view does not change. It is shared, so
 * its holders are counted. */
struct project_view {
  const char **project_ids; /* those to ask: wanted; enabled if required */
  size_t nprojects;
  /* The token may not list projects: the view has only its own. */
  bool own_only;
  /* The token is scoped to a domain: the view has only that domain's
   * projects. */
  bool own_domain;
  /* Keystone's list_limit hides projects, and listing by domain did not
   * help. */
  bool truncated;
  /* The size of a page without a next link that may be cut off; 0: no such
   * page. */
  uint64_t round;
  /* Patterns of the options that nothing listed fits; NULL: there is none, or
   * not all is listed. As long as the options. */
  const char *idle_project, *idle_domain;
  /* Why some of the wanted names of domains or users are missing; ERROR_NONE:
   * none is. */
  struct error nameless;
  /* Only for project_view.c and projects.c. */
  const struct projects_options *options;
  struct roster projects, domains, users;
  unsigned holders;
};

/* Look-ups, for any thread that holds the view. */

/* project_view_wants(view, id): do the patterns include this project's records?
 * Records without a project (`id` is NULL) are always included. An id that is
 * not listed is matched alone, as if its domain had neither id nor name; with
 * `own_only`, `own_domain` or `truncated` it is excluded if there are
 * patterns. */
bool project_view_wants(const struct project_view *view, const char *id);

/* Texts live as long as the view is held; NULL: not known. */
struct project_names {
  const char *id, *name, *domain_id, *domain_name;
  bool enabled;     /* both the project and its domain are */
  bool twin;        /* another project has this name in an identifier, */
  bool domain_twin; /* also with that of its domain */
};

/* project_view_find(view, id, ret): false: the project is not listed, and all
 * of `ret` is unknown. */
bool project_view_find(const struct project_view *view, const char *id,
                       struct project_names *ret);

/* project_view_user(view, id): the user's name; NULL: not known. */
const char *project_view_user(const struct project_view *view, const char *id);

/* project_view_name(view, sample): sets the names of its project, domain and
 * user, which live as long as the view is held. */
void project_view_name(const struct project_view *view, struct sample *sample);

/* What project_view_make() needs. */
struct project_view_source {
  const struct projects_options *options; /* must outlive the view */
  struct session *session;
  struct http *http;
  int64_t deadline_ms;
  const struct project_view *old; /* the previous view, or NULL */
  unsigned denials; /* how often in a row listing projects was denied */
};

/* project_view_make(source, ret_failure, err): asks Keystone, on the thread of
 * its http. `ret_failure` is set if a list failed that the view can do without.
 * NULL: see `err`. */
struct project_view *project_view_make(const struct project_view_source *source,
                                       struct error *ret_failure,
                                       struct error *err);
void project_view_free(struct project_view *view); /* NULL is fine */

#endif
