/*
 * projects - the ids of a cloud's projects, listed once for all who need them
 *
 * One listing of all domains at Keystone, shared by the walks that ask per
 * project and refreshed at most every ten minutes. 33 bytes a project.
 */
#ifndef PROJECTS_H
#define PROJECTS_H

#include "error.h"
#include "http.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A list that does not change; shared, so it is counted. */
struct project_list {
  char **ids;
  size_t n;
  /* The token may not list projects: this is only its own. */
  bool own_only;
  /* Keystone cut the list off (its list_limit), and no way around it helped. */
  bool truncated;
  unsigned users; /* projects' own */
};

struct projects;

/* projects_new(session, enabled_only, err): `session` must outlive it.
 * `enabled_only`: leave out disabled projects and those of disabled domains. */
struct projects *projects_new(struct session *session, bool enabled_only,
                              struct error *err);
void projects_free(struct projects *projects); /* NULL is fine */

/* projects_get(projects, http, deadline_ms, ret, err): the list, fresh or at
 * most ten minutes old; hand it back with projects_put(). Any thread; who comes
 * while another asks Keystone waits. If Keystone fails, the old list serves. */
int projects_get(struct projects *projects, struct http *http,
                 int64_t deadline_ms, struct project_list **ret,
                 struct error *err);
void projects_put(struct projects *projects, struct project_list *list);

#endif
