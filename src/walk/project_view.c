#include "walk/project_view.h"

#include "base/clock.h"
#include "keystone/session.h"
#include "meter/pieces.h"
#include "meter/sample.h"
#include "meters/meters.h"
#include "net/http.h"
#include "net/url.h"
#include "walk/identity.h"

#include <stdlib.h>
#include <string.h>

/* So many denials in a row are doubted, where there was a list before. */
#define DENIALS 3

/* A view that is being made. */
struct making {
  struct project_view *view;
  const struct project_view_source *source;
  bool domains_asked;
  struct identity_end domains; /* if asked */
  struct error failure;        /* of what the view can do without */
  char own_domain[128];        /* the token's, if it is of one; or "" */
  char user_domain[128];       /* of the first user */
  size_t user_domains;         /* 0, 1, or 2 for more */
};

void project_view_free(struct project_view *view) {
  if (view == NULL)
    return;
  free(view->project_ids);
  roster_clear(&view->projects);
  roster_clear(&view->domains);
  roster_clear(&view->users);
  free(view);
}

/* ---- items -------------------------------------------------------------- */

static int on_domain(void *arg, const struct identity_item *item,
                     struct error *err) {
  struct making *m = arg;
  const struct roster_entry entry = {.id = item->id,
                                     .name = item->name,
                                     .domain = -1,
                                     .enabled = item->enabled};
  return roster_add(&m->view->domains, &entry, err) < 0 ? -1 : 0;
}

static void note_user_domain(struct making *m, const char *domain) {
  if (domain == NULL || m->user_domains > 1 ||
      (m->user_domains == 1 && strcmp(m->user_domain, domain) == 0))
    return;
  if (m->user_domains++ == 0)
    text_copy(m->user_domain, sizeof(m->user_domain), domain);
}

static int on_user(void *arg, const struct identity_item *item,
                   struct error *err) {
  struct making *m = arg;
  note_user_domain(m, item->domain_id);
  const struct roster_entry entry = {
      .id = item->id, .name = item->name, .domain = -1};
  return roster_add(&m->view->users, &entry, err) < 0 ? -1 : 0;
}

static int on_project(void *arg, const struct identity_item *item,
                      struct error *err) {
  struct making *m = arg;
  struct roster_entry entry = {.id = item->id,
                               .name = item->name,
                               .domain = -1,
                               .enabled = item->enabled};
  if (!url_is_segment(item->id)) /* it becomes a part of URLs */
    return error_set(err, ERROR_PARSE, "a project has an invalid id");
  if (item->domain_id != NULL) {
    const struct roster_entry domain = {
        .id = item->domain_id, .domain = -1, .enabled = true};
    entry.domain = roster_add(&m->view->domains, &domain, err);
    if (entry.domain < 0)
      return -1;
  }
  return roster_add(&m->view->projects, &entry, err) < 0 ? -1 : 0;
}

/* ---- listings ----------------------------------------------------------- */

/* `query` has listing, domains, deadline and `take`. */
static struct identity_end list_identities(struct making *m,
                                           struct identity_query query) {
  query.session = m->source->session;
  query.http = m->source->http;
  query.arg = m;
  struct identity_end end = identity_list(&query);
  if (end.round > m->view->round)
    m->view->round = end.round;
  return end;
}

/* Asked once, when somebody first needs them. */
static const struct identity_end *list_domains(struct making *m,
                                               int64_t deadline_ms) {
  const struct identity_query query = {.listing = &identity_domains,
                                       .deadline_ms = deadline_ms,
                                       .take = on_domain};
  if (!m->domains_asked)
    m->domains = list_identities(m, query);
  m->domains_asked = true;
  return &m->domains;
}

/* The list of each domain that is known by now. */
static struct identity_end list_by_domain(struct making *m,
                                          struct identity_query query) {
  const struct roster *domains = &m->view->domains;
  struct identity_end end = {0};
  struct asked *asked = calloc(domains->n + 1, sizeof(*asked));
  if (asked == NULL) {
    end.status = error_memory(&end.error);
    return end;
  }
  for (size_t i = 0; i < domains->n; i++) /* items may bring more */
    asked[query.ndomains++].id = domains->entries[i].id;
  query.domains = asked;
  end = list_identities(m, query);
  free(asked);
  if (end.status == 1) { /* all of them */
    end.status = 0;
    end.cut = true;
  }
  return end;
}

/* What an older Keystone's list_limit has cut off has no further pages: only a
 * filter gets at the rest. What a domain hides then stays hidden. */
static struct identity_end list_rest(struct making *m,
                                     const struct identity_query *query) {
  struct identity_end domains = *list_domains(m, query->deadline_ms);
  if (domains.status == 1) {
    domains.status = 0;
    domains.cut = true;
  }
  if (domains.status != 0 || m->domains.status != 0)
    return domains;
  struct identity_end end = list_by_domain(m, *query);
  end.cut = end.cut || domains.cut;
  return end;
}

/* ---- a view ------------------------------------------------------------- */

/* Why names are missing: the first reason is told. What has failed is asked for
 * again soon. */
static void note_lack(struct making *m, const char *what,
                      const struct identity_end *end) {
  struct error *lack = &m->view->nameless;
  if (end->status < 0)
    m->failure = end->error;
  if (lack->code != ERROR_NONE)
    return;
  if (end->status < 0)
    *lack = end->error;
  else if (end->status == 1)
    error_set(lack, ERROR_DENIED,
              "the token may not list %s (identity:list_%s)", what, what);
  else if (end->cut)
    error_set(lack, ERROR_LIMIT, "Keystone's list_limit hides some of the %s",
              what);
}

/* Names outlast a Keystone that fails to list them. */
static int take_over(struct roster *to, const struct roster *from,
                     struct error *err) {
  for (size_t i = 0; i < from->n; i++)
    if (roster_add(to, &from->entries[i], err) < 0)
      return -1;
  return 0;
}

/* The patterns' names must be known, or records would slip past them; and those
 * in identities, or they would change. */
static bool needs_domains(const struct projects_options *o) {
  return o->enabled_only || o->domain_words || o->domains.n > 0;
}

/* Comes before the projects, which bring domains without names. */
static int make_domains(struct making *m, struct error *err) {
  const struct projects_options *o = m->view->options;
  if (!needs_domains(o) && !o->domain_names)
    return 0;
  const struct identity_end *end =
      list_domains(m, needs_domains(o) ? m->source->deadline_ms
                                       : clock_share(m->source->deadline_ms));
  if (o->domain_names)
    note_lack(m, "domains", end);
  if (end->status != 0 && m->source->old != NULL)
    return take_over(&m->view->domains, &m->source->old->domains, err);
  return 0;
}

static int check_domains(struct making *m, struct error *err) {
  const struct projects_options *o = m->view->options;
  if (!needs_domains(o))
    return 0;
  const struct identity_end *end = list_domains(m, m->source->deadline_ms);
  if (end->status < 0) {
    *err = end->error;
    return -1;
  }
  if (end->status == 1 && o->domains.n > 0)
    return error_set(err, ERROR_DENIED,
                     "the token may not list domains (identity:list_domains), "
                     "which \"Domain\" needs");
  return 0;
}

static int know_own_project(struct making *m, struct error *err) {
  struct login_project own;
  session_project(m->source->session, &own);
  m->view->own_only = true;
  if (own.id[0] == '\0')
    return error_set(err, ERROR_DENIED,
                     "the token may not list projects and has none itself");
  const struct identity_item domain = {
      .id = own.domain_id,
      .name = own.domain_name[0] != '\0' ? own.domain_name : NULL,
      .enabled = true};
  const struct identity_item project = {
      .id = own.id,
      .name = own.name[0] != '\0' ? own.name : NULL,
      .domain_id = own.domain_id[0] != '\0' ? own.domain_id : NULL,
      .enabled = true};
  if (project.domain_id != NULL && on_domain(m, &domain, err) != 0)
    return -1;
  return on_project(m, &project, err);
}

/* With a domain's token Keystone lists that one's only, and since 2025.1 may
 * cut the list off before it leaves out the others': by domain it does not.
 * Whether it is one, Keystone has told at the login: the configuration need not
 * know, since a token may be ready-made. */
static int find_own_domain(struct making *m, struct error *err) {
  struct session_token token = {0};
  struct login_project own;
  const struct session_asker asker = {.deadline_ms = m->source->deadline_ms};
  if (session_token(m->source->session, &asker, &token, err) != 0)
    return -1;
  session_token_clear(&token);
  session_project(m->source->session, &own);
  if (own.id[0] == '\0')
    text_copy(m->own_domain, sizeof(m->own_domain), own.domain_id);
  return 0;
}

static struct identity_end list_projects(struct making *m) {
  const struct identity_query all = {.listing = &identity_projects,
                                     .deadline_ms = m->source->deadline_ms,
                                     .take = on_project};
  struct identity_query by_domain = all;
  by_domain.listing = &identity_projects_by_domain;
  if (m->own_domain[0] != '\0') {
    const struct asked own = {.id = m->own_domain};
    by_domain.domains = &own;
    by_domain.ndomains = 1;
    return list_identities(m, by_domain);
  }
  struct identity_end end = list_identities(m, all);
  return end.status == 0 && end.cut ? list_rest(m, &by_domain) : end;
}

/* What could be listed before is not believed to be denied by one answer: the
 * old view serves for some tries. */
static bool may_be_mistaken(const struct making *m) {
  return m->source->old != NULL && !m->source->old->own_only &&
         m->source->denials < DENIALS;
}

static int make_projects(struct making *m, struct error *err) {
  if (find_own_domain(m, err) != 0)
    return -1;
  struct identity_end end = list_projects(m);
  m->view->truncated = end.cut;
  if (end.status < 0 || (end.status == 1 && may_be_mistaken(m))) {
    *err = end.error;
    return -1;
  }
  if (end.status == 1)
    return know_own_project(m, err);
  m->view->own_domain = m->own_domain[0] != '\0';
  return check_domains(m, err);
}

/* Where each domain has a driver of its own, Keystone lists those of the
 * token's domain and does not mention the others; a token of the system gets
 * 401. Others then need domain_id. */
static bool are_of_one_domain(const struct making *m,
                              const struct identity_end *end) {
  if (end->status != 0)
    return end->status < 0 && end->error.code == ERROR_STATUS &&
           end->error.detail == 401;
  return m->user_domains == 1 && m->view->domains.n > 1;
}

static struct identity_end list_users(struct making *m) {
  const struct identity_query all = {.listing = &identity_users,
                                     .deadline_ms =
                                         clock_share(m->source->deadline_ms),
                                     .take = on_user};
  struct identity_query by_domain = all;
  by_domain.listing = &identity_users_by_domain;
  struct identity_end end = list_identities(m, all);
  if (end.status == 0 && end.cut)
    return list_rest(m, &by_domain);
  return are_of_one_domain(m, &end) ? list_by_domain(m, by_domain) : end;
}

/* With LDAP behind it Keystone may list a few of them, or none. */
static int make_users(struct making *m, struct error *err) {
  if (!m->view->options->user_names)
    return 0;
  struct identity_end end = list_users(m);
  note_lack(m, "users", &end);
  if (end.status < 0 && end.error.code == ERROR_STOPPED) {
    *err = end.error;
    return -1;
  }
  if (end.status != 0 && m->source->old != NULL)
    return take_over(&m->view->users, &m->source->old->users, err);
  return 0;
}

static bool passes(const struct projects_options *o,
                   const struct project_names *p) {
  const char *domain = p->domain_id != NULL ? p->domain_id : "";
  return text_chosen(&o->projects, p->id, p->name) &&
         text_chosen(&o->domains, domain, p->domain_name);
}

static int choose_projects(struct project_view *view, struct error *err) {
  struct roster *projects = &view->projects;
  view->project_ids = calloc(projects->n + 1, sizeof(*view->project_ids));
  if (view->project_ids == NULL)
    return error_memory(err);
  for (size_t i = 0; i < projects->n; i++) {
    struct roster_entry *entry = &projects->entries[i];
    struct project_names project;
    project_view_find(view, entry->id, &project);
    entry->wanted = passes(view->options, &project);
    if (entry->wanted && (project.enabled || !view->options->enabled_only))
      view->project_ids[view->nprojects++] = entry->id;
  }
  return 0;
}

/* The first pattern that fits none of them; what excludes is left aside. */
static const char *find_idle(const struct text_list *patterns,
                             const struct roster *roster) {
  for (size_t i = 0; i < patterns->n; i++) {
    const char *pattern = patterns->items[i];
    size_t j = 0;
    while (j < roster->n && !text_match(pattern, roster->entries[j].id) &&
           (roster->entries[j].name == NULL ||
            !text_match(pattern, roster->entries[j].name)))
      j++;
    if (pattern[0] != '!' && j == roster->n)
      return pattern;
  }
  return NULL;
}

static void note_idle(struct project_view *view) {
  if (view->own_only || view->own_domain || view->truncated)
    return;
  view->idle_project = find_idle(&view->options->projects, &view->projects);
  view->idle_domain = find_idle(&view->options->domains, &view->domains);
}

static int make_view(struct making *m, struct error *err) {
  if (make_domains(m, err) != 0 || make_projects(m, err) != 0 ||
      make_users(m, err) != 0)
    return -1;
  note_idle(m->view);
  return roster_mark_twins(&m->view->projects, &m->view->domains, err) == 0
             ? choose_projects(m->view, err)
             : -1;
}

struct project_view *project_view_make(const struct project_view_source *source,
                                       struct error *ret_failure,
                                       struct error *err) {
  struct making m = {.view = calloc(1, sizeof(*m.view)), .source = source};
  if (m.view == NULL) {
    error_memory(err);
    return NULL;
  }
  m.view->options = source->options;
  if (make_view(&m, err) != 0) {
    project_view_free(m.view);
    return NULL;
  }
  *ret_failure = m.failure;
  return m.view;
}

/* ---- look-ups ----------------------------------------------------------- */

bool project_view_find(const struct project_view *view, const char *id,
                       struct project_names *ret) {
  const struct roster_entry *entry = roster_find(&view->projects, id);
  *ret = (struct project_names){.id = id};
  if (entry == NULL)
    return false;
  ret->id = entry->id;
  ret->name = entry->name;
  ret->twin = entry->twin;
  ret->domain_twin = entry->domain_twin;
  ret->enabled = entry->enabled;
  if (entry->domain < 0)
    return true;
  const struct roster_entry *domain = &view->domains.entries[entry->domain];
  ret->domain_id = domain->id;
  ret->domain_name = domain->name;
  ret->enabled = entry->enabled && domain->enabled;
  return true;
}

bool project_view_wants(const struct project_view *view, const char *id) {
  const struct projects_options *o = view->options;
  if (id == NULL || (o->projects.n == 0 && o->domains.n == 0))
    return true;
  const struct roster_entry *entry = roster_find(&view->projects, id);
  if (entry != NULL)
    return entry->wanted;
  return !view->own_only && !view->own_domain && !view->truncated &&
         passes(o, &(struct project_names){.id = id});
}

const char *project_view_user(const struct project_view *view, const char *id) {
  const struct roster_entry *entry = roster_find(&view->users, id);
  return entry != NULL ? entry->name : NULL;
}

void project_view_name(const struct project_view *view, struct sample *sample) {
  struct project_names project;
  if (sample->project != NULL &&
      project_view_find(view, sample->project, &project)) {
    sample->project_name = project.name;
    sample->domain = project.domain_id;
    sample->domain_name = project.domain_name;
    sample->project_twin = project.twin;
    sample->domain_twin = project.domain_twin;
  }
  if (sample->user != NULL)
    sample->user_name = project_view_user(view, sample->user);
}
