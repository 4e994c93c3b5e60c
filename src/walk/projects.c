#include "walk/projects.h"

#include "base/clock.h"
#include "walk/collection.h"

#include <pthread.h>
#include <stdlib.h>

#define REFRESH_MS 600000
#define RETRY_MS 60000 /* while Keystone fails */

struct directory {
  struct session *session;
  struct directory_options options;
  pthread_mutex_t lock; /* for all below; not held while asking Keystone */
  pthread_cond_t ended; /* `asking` has */
  bool asking;          /* a thread does; `view` stays as long */
  struct directory_view *view;
  int64_t refresh_at_ms;
  struct error
      failure;      /* of the last time, be it of what it could do without */
  int64_t given_ms; /* time that it had */
};

/* How asking for a list ended. */
struct ending {
  int status; /* 0; 1: the token may not; -1: `error` */
  bool cut;   /* list_limit hides some */
  struct error error;
};

/* A view that is being made. */
struct making {
  struct directory_view *view;
  const struct directory_view *old; /* or NULL */
  struct session *session;
  struct http *http;
  int64_t deadline_ms;
  bool domains_asked;
  struct ending domains; /* if asked */
  struct error failure;  /* of what the view can do without */
};

static void view_free(struct directory_view *view) {
  if (view == NULL)
    return;
  free(view->project_ids);
  roster_clear(&view->projects);
  roster_clear(&view->domains);
  roster_clear(&view->users);
  free(view);
}

/* ---- items -------------------------------------------------------------- */

static int on_domain(void *arg, const struct collection_item *item,
                     struct error *err) {
  struct making *m = arg;
  const struct roster_entry entry = {.id = item->id,
                                     .name = item->name,
                                     .domain = -1,
                                     .enabled = item->enabled};
  return roster_add(&m->view->domains, &entry, err) < 0 ? -1 : 0;
}

static int on_user(void *arg, const struct collection_item *item,
                   struct error *err) {
  struct making *m = arg;
  const struct roster_entry entry = {
      .id = item->id, .name = item->name, .domain = -1};
  return roster_add(&m->view->users, &entry, err) < 0 ? -1 : 0;
}

static int on_project(void *arg, const struct collection_item *item,
                      struct error *err) {
  struct making *m = arg;
  struct roster_entry entry = {.id = item->id,
                               .name = item->name,
                               .domain = -1,
                               .enabled = item->enabled};
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

/* `query` has name, deadline and `take`. */
static struct ending ask(struct making *m, struct collection_query query) {
  struct ending end = {0};
  query.session = m->session;
  query.http = m->http;
  query.arg = m;
  end.status = collection_ask(&query, &end.cut, &end.error);
  return end;
}

/* Asked once, when somebody first needs them. */
static const struct ending *list_domains(struct making *m,
                                         int64_t deadline_ms) {
  const struct collection_query query = {
      .name = "domains", .deadline_ms = deadline_ms, .take = on_domain};
  if (!m->domains_asked)
    m->domains = ask(m, query);
  m->domains_asked = true;
  return &m->domains;
}

/* What an older Keystone's list_limit has cut off has no further pages: only a
 * filter gets at the rest. What a domain hides then stays hidden. */
static struct ending list_by_domain(struct making *m,
                                    struct collection_query query) {
  struct ending all = *list_domains(m, query.deadline_ms);
  if (all.status != 0) {
    all.status = all.status < 0 ? -1 : 0;
    all.cut = true;
    return all;
  }
  size_t n = m->view->domains.n; /* projects may bring more */
  for (size_t i = 0; i < n; i++) {
    query.domain_id = m->view->domains.entries[i].id;
    struct ending one = ask(m, query);
    if (one.status < 0)
      return one;
    all.cut = all.cut || one.cut || one.status == 1;
  }
  return all;
}

static struct ending list_all(struct making *m, struct collection_query query) {
  struct ending end = ask(m, query);
  return end.status == 0 && end.cut ? list_by_domain(m, query) : end;
}

/* ---- a view ------------------------------------------------------------- */

/* Why names are missing: the first reason is told. What has failed is asked for
 * again soon. */
static void note_lack(struct making *m, const char *what,
                      const struct ending *end) {
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

/* The patterns' names must be known, or records would slip past them. */
static bool needs_domains(const struct directory_options *o) {
  return o->enabled_only || o->domains.n > 0;
}

/* Comes before the projects, which bring domains without names. */
static int make_domains(struct making *m, struct error *err) {
  const struct directory_options *o = m->view->options;
  if (!needs_domains(o) && !o->domain_names)
    return 0;
  const struct ending *end = list_domains(
      m, needs_domains(o) ? m->deadline_ms : clock_share(m->deadline_ms));
  if (o->domain_names)
    note_lack(m, "domains", end);
  if (end->status < 0 && m->old != NULL)
    return take_over(&m->view->domains, &m->old->domains, err);
  return 0;
}

static int check_domains(struct making *m, struct error *err) {
  const struct directory_options *o = m->view->options;
  if (!needs_domains(o))
    return 0;
  const struct ending *end = list_domains(m, m->deadline_ms);
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

static int own_project(struct making *m, struct error *err) {
  struct login_project own;
  session_project(m->session, &own);
  m->view->own_only = true;
  if (own.id[0] == '\0')
    return error_set(err, ERROR_DENIED,
                     "the token may not list projects and has none itself");
  const struct collection_item domain = {
      .id = own.domain_id,
      .name = own.domain_name[0] != '\0' ? own.domain_name : NULL,
      .enabled = true};
  const struct collection_item project = {
      .id = own.id,
      .name = own.name[0] != '\0' ? own.name : NULL,
      .domain_id = own.domain_id[0] != '\0' ? own.domain_id : NULL,
      .enabled = true};
  if (project.domain_id != NULL && on_domain(m, &domain, err) != 0)
    return -1;
  return on_project(m, &project, err);
}

static int make_projects(struct making *m, struct error *err) {
  const struct collection_query query = {
      .name = "projects", .deadline_ms = m->deadline_ms, .take = on_project};
  struct ending end = list_all(m, query);
  m->view->truncated = end.cut;
  if (end.status < 0) {
    *err = end.error;
    return -1;
  }
  if (end.status == 1)
    return own_project(m, err);
  m->view->own_domain = m->view->options->domain_token;
  return check_domains(m, err);
}

/* With LDAP behind it Keystone may list a few of them, or none. */
static int make_users(struct making *m, struct error *err) {
  const struct collection_query query = {.name = "users",
                                         .deadline_ms =
                                             clock_share(m->deadline_ms),
                                         .take = on_user};
  if (!m->view->options->user_names)
    return 0;
  struct ending end = list_all(m, query);
  note_lack(m, "users", &end);
  if (end.status < 0 && end.error.code == ERROR_STOPPED) {
    *err = end.error;
    return -1;
  }
  if (end.status < 0 && m->old != NULL)
    return take_over(&m->view->users, &m->old->users, err);
  return 0;
}

static bool passes(const struct directory_options *o,
                   const struct directory_project *p) {
  const char *domain = p->domain_id != NULL ? p->domain_id : "";
  return text_chosen(&o->projects, p->id, p->name) &&
         text_chosen(&o->domains, domain, p->domain_name);
}

static int choose(struct directory_view *view, struct error *err) {
  struct roster *projects = &view->projects;
  view->project_ids = calloc(projects->n + 1, sizeof(*view->project_ids));
  if (view->project_ids == NULL)
    return error_memory(err);
  for (size_t i = 0; i < projects->n; i++) {
    struct roster_entry *entry = &projects->entries[i];
    struct directory_project project;
    directory_project(view, entry->id, &project);
    entry->wanted = passes(view->options, &project);
    if (entry->wanted && (project.enabled || !view->options->enabled_only))
      view->project_ids[view->nprojects++] = entry->id;
  }
  return 0;
}

static int make_view(struct making *m, struct error *err) {
  if (m->view == NULL)
    return error_memory(err);
  if (make_domains(m, err) != 0 || make_projects(m, err) != 0 ||
      make_users(m, err) != 0)
    return -1;
  return roster_mark_twins(&m->view->projects, err) == 0 ? choose(m->view, err)
                                                         : -1;
}

/* ---- when to ask -------------------------------------------------------- */

static void replace_view(struct directory *d, struct directory_view *fresh) {
  if (d->view != NULL && d->view->holders == 0)
    view_free(d->view);
  d->view = fresh;
}

/* Asks Keystone. Called with the lock held, which is given back meanwhile. */
static int refresh(struct directory *d, struct http *http, int64_t deadline_ms,
                   struct error *err) {
  struct making m = {.view = calloc(1, sizeof(*m.view)),
                     .old = d->view,
                     .session = d->session,
                     .http = http,
                     .deadline_ms = deadline_ms};
  int64_t begun = clock_ms();
  if (m.view != NULL)
    m.view->options = &d->options;
  d->asking = true;
  pthread_mutex_unlock(&d->lock);
  int status = make_view(&m, err);
  pthread_mutex_lock(&d->lock);
  d->asking = false;
  pthread_cond_broadcast(&d->ended);
  const struct error *failure = status == 0 ? &m.failure : err;
  /* A stop is the asker's own, and session remembers logins itself. */
  if (status == 0 ||
      (failure->code != ERROR_STOPPED && failure->code != ERROR_LOGIN)) {
    d->failure = *failure;
    d->given_ms = deadline_ms - begun;
    d->refresh_at_ms =
        clock_ms() + (failure->code == ERROR_NONE ? REFRESH_MS : RETRY_MS);
  }
  if (status == 0)
    replace_view(d, m.view);
  else
    view_free(m.view);
  return status;
}

/* Somebody whose time is up early must not speak for those who have more. Each
 * has twice as much as the one before, so that few find out that Keystone
 * hangs. */
static bool is_due(const struct directory *d, int64_t deadline_ms) {
  int64_t now = clock_ms();
  return now >= d->refresh_at_ms || (d->failure.code == ERROR_DEADLINE &&
                                     deadline_ms - now >= 2 * d->given_ms);
}

/* Until nobody asks Keystone any more, or there is a view. */
static int wait_for_other(struct directory *d, int64_t deadline_ms,
                          struct error *err) {
  const struct timespec until = {.tv_sec = deadline_ms / 1000,
                                 .tv_nsec = deadline_ms % 1000 * 1000000};
  int status = 0;
  while (status == 0 && d->asking && d->view == NULL)
    status = pthread_cond_timedwait(&d->ended, &d->lock, &until);
  if (!d->asking || d->view != NULL)
    return 0;
  return error_set(err, ERROR_DEADLINE,
                   "list of projects: the deadline has passed while another "
                   "walk asks for it");
}

/* Sees to it that there is a view. */
static int ensure(struct directory *d, const struct directory_asker *asker,
                  struct error *err) {
  int64_t deadline_ms = asker->deadline_ms;
  if (!asker->must || d->view != NULL)
    deadline_ms = clock_share(deadline_ms);
  if (wait_for_other(d, deadline_ms, err) != 0)
    return -1;
  if (!d->asking && is_due(d, deadline_ms) &&
      refresh(d, asker->http, deadline_ms, err) != 0)
    return d->view != NULL && err->code != ERROR_STOPPED ? 0 : -1;
  if (d->view != NULL)
    return 0;
  *err = d->failure;
  return -1;
}

/* ---- what others ask ---------------------------------------------------- */

int directory_get(struct directory *d, const struct directory_asker *asker,
                  const struct directory_view **ret, struct error *err) {
  struct error failure = {0};
  pthread_mutex_lock(&d->lock);
  int status = ensure(d, asker, &failure);
  if (status == 0) {
    d->view->holders++;
    *ret = d->view;
  } else {
    *err = failure;
  }
  pthread_mutex_unlock(&d->lock);
  return status;
}

void directory_put(struct directory *d, const struct directory_view *held) {
  struct directory_view *view = (struct directory_view *)held;
  if (view == NULL)
    return;
  pthread_mutex_lock(&d->lock);
  if (--view->holders == 0 && view != d->view)
    view_free(view);
  pthread_mutex_unlock(&d->lock);
}

bool directory_project(const struct directory_view *view, const char *id,
                       struct directory_project *ret) {
  const struct roster_entry *entry = roster_find(&view->projects, id);
  *ret = (struct directory_project){.id = id};
  if (entry == NULL)
    return false;
  ret->id = entry->id;
  ret->name = entry->name;
  ret->enabled = entry->enabled;
  ret->twin = entry->twin;
  if (entry->domain < 0)
    return true;
  const struct roster_entry *domain = &view->domains.entries[entry->domain];
  ret->domain_id = domain->id;
  ret->domain_name = domain->name;
  ret->enabled = entry->enabled && domain->enabled;
  return true;
}

bool directory_wants(const struct directory_view *view, const char *id) {
  const struct directory_options *o = view->options;
  if (id == NULL || (o->projects.n == 0 && o->domains.n == 0))
    return true;
  const struct roster_entry *entry = roster_find(&view->projects, id);
  if (entry != NULL)
    return entry->wanted;
  return !view->own_only && !view->own_domain &&
         passes(o, &(struct directory_project){.id = id});
}

const char *directory_user(const struct directory_view *view, const char *id) {
  const struct roster_entry *entry = roster_find(&view->users, id);
  return entry != NULL ? entry->name : NULL;
}

bool directory_filters(const struct directory *d) {
  return d->options.projects.n > 0 || d->options.domains.n > 0;
}

struct directory *directory_new(struct session *session,
                                const struct directory_options *options,
                                struct error *err) {
  struct directory *d = calloc(1, sizeof(*d));
  if (d == NULL) {
    error_memory(err);
    return NULL;
  }
  d->session = session;
  d->options = *options;
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&d->ended, &clock);
  pthread_condattr_destroy(&clock);
  pthread_mutex_init(&d->lock, NULL);
  return d;
}

void directory_free(struct directory *d) {
  if (d == NULL)
    return;
  view_free(d->view);
  pthread_mutex_destroy(&d->lock);
  pthread_cond_destroy(&d->ended);
  free(d);
}
