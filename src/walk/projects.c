#include "walk/projects.h"

#include "base/clock.h"
#include "keystone/session.h"
#include "net/http.h"

#include <pthread.h>
#include <stdlib.h>

#define REFRESH_MS 600000
#define RETRY_MS 60000 /* while Keystone fails, at most */

struct projects {
  struct session *session;
  struct projects_options options;
  pthread_mutex_t lock; /* for all below; not held while asking Keystone */
  pthread_cond_t ended; /* `asking` has */
  bool asking;          /* a thread does; `view` stays as long */
  struct project_view *view;
  int64_t ended_at_ms; /* when it was asked last; 0: never */
  struct error
      failure;      /* of the last time, be it of what it could do without */
  int64_t given_ms; /* time that it had */
  unsigned denials; /* times in a row that projects could not be listed */
};

/* ---- when to ask -------------------------------------------------------- */

static void replace_view(struct projects *d, struct project_view *fresh) {
  if (d->view != NULL && d->view->holders == 0)
    project_view_free(d->view);
  d->view = fresh;
}

/* Asks Keystone. Called with the lock held, which is given back meanwhile. */
static int refresh_view(struct projects *d, struct http *http,
                        int64_t deadline_ms, struct error *err) {
  struct error failure = {0};
  const struct project_view_source source = {.options = &d->options,
                                             .session = d->session,
                                             .http = http,
                                             .deadline_ms = deadline_ms,
                                             .old = d->view,
                                             .denials = d->denials};
  int64_t begun = clock_ms();
  d->asking = true;
  pthread_mutex_unlock(&d->lock);
  struct project_view *fresh = project_view_make(&source, &failure, err);
  pthread_mutex_lock(&d->lock);
  d->asking = false;
  pthread_cond_broadcast(&d->ended);
  if (fresh == NULL)
    failure = *err;
  /* A stop is the asker's own, and session remembers logins itself. */
  if (fresh != NULL ||
      (failure.code != ERROR_STOPPED && failure.code != ERROR_LOGIN)) {
    d->failure = failure;
    d->given_ms = deadline_ms - begun;
    d->ended_at_ms = clock_ms();
  }
  d->denials =
      fresh == NULL && failure.code == ERROR_DENIED ? d->denials + 1 : 0;
  if (fresh != NULL)
    replace_view(d, fresh);
  return fresh != NULL ? 0 : -1;
}

/* How long the result holds. A failure is none of the next cycle's, but a short
 * interval need not wait for a minute to see that it is over. */
static int64_t pause_ms(const struct projects *d,
                        const struct projects_asker *asker) {
  int64_t cycle = asker->interval_ms * 3 / 2;
  if (d->failure.code == ERROR_NONE)
    return REFRESH_MS;
  return cycle < RETRY_MS ? cycle : RETRY_MS;
}

/* Somebody whose time is up early must not speak for those who have more. Each
 * has twice as much as the one before, so that few find out that Keystone
 * hangs. */
static bool is_due(const struct projects *d, const struct projects_asker *asker,
                   int64_t deadline_ms) {
  int64_t now = clock_ms();
  return d->ended_at_ms == 0 || now >= d->ended_at_ms + pause_ms(d, asker) ||
         (d->failure.code == ERROR_DEADLINE &&
          deadline_ms - now >= 2 * d->given_ms);
}

/* Until nobody asks Keystone any more, or there is a view. */
static int wait_for_other(struct projects *d, int64_t deadline_ms,
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
static int ensure_view(struct projects *d, const struct projects_asker *asker,
                       struct error *err) {
  int64_t deadline_ms = asker->deadline_ms;
  if (!asker->must || d->view != NULL)
    deadline_ms = clock_share(deadline_ms);
  if (wait_for_other(d, deadline_ms, err) != 0)
    return -1;
  if (!d->asking && is_due(d, asker, deadline_ms) &&
      refresh_view(d, asker->http, deadline_ms, err) != 0)
    return d->view != NULL && err->code != ERROR_STOPPED ? 0 : -1;
  if (d->view != NULL)
    return 0;
  *err = d->failure;
  return -1;
}

/* ---- what others ask ---------------------------------------------------- */

int projects_get(struct projects *d, const struct projects_asker *asker,
                 const struct project_view **ret, struct error *err) {
  struct error failure = {0};
  pthread_mutex_lock(&d->lock);
  int status = ensure_view(d, asker, &failure);
  if (status == 0) {
    d->view->holders++;
    *ret = d->view;
  } else {
    *err = failure;
  }
  pthread_mutex_unlock(&d->lock);
  return status;
}

void projects_put(struct projects *d, const struct project_view *held) {
  struct project_view *view = (struct project_view *)held;
  if (view == NULL)
    return;
  pthread_mutex_lock(&d->lock);
  if (--view->holders == 0 && view != d->view)
    project_view_free(view);
  pthread_mutex_unlock(&d->lock);
}

bool projects_filter_records(const struct projects *d) {
  return d->options.projects.n > 0 || d->options.domains.n > 0;
}

struct projects *projects_new(struct session *session,
                              const struct projects_options *options,
                              struct error *err) {
  struct projects *d = calloc(1, sizeof(*d));
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

void projects_free(struct projects *d) {
  if (d == NULL)
    return;
  project_view_free(d->view);
  pthread_mutex_destroy(&d->lock);
  pthread_cond_destroy(&d->ended);
  free(d);
}
