#include "keystone/session.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BACKOFF_FIRST_MS 10000
#define BACKOFF_MOST_MS 600000
/* Renew so long before the end, or a quarter of the token's life. */
#define RENEW_AHEAD_MS 120000
/* A second refusal within this time is not answered with a login. */
#define REFUSAL_GAP_MS 30000
/* An older catalogue is read anew if a walk keeps failing. */
#define CATALOGUE_MS 600000

struct session {
  const struct session_config *config;
  char *url;
  pthread_mutex_t lock; /* for all below; not held while logging in */
  pthread_cond_t ended; /* `asking` has */
  bool asking;          /* a thread logs in; `http` is its */
  struct http *http;
  struct login login;
  struct text_list first; /* regions of the first catalogue that had some */
  unsigned generation;    /* of the token; 0: there never was one */
  int64_t adopted_at_ms, renew_at_ms, ends_at_ms, refused_at_ms;
  uint64_t logins;
  int failures;
  int64_t retry_at_ms;
  int64_t given_ms; /* to the login that failed for want of time; else 0 */
  struct error remembered;
};

/* `given_ms`: the asker's time, where that is what was up; else 0. */
static void note_failure(struct session *s, int64_t retry_after_ms,
                         int64_t given_ms, struct error *err) {
  int64_t backoff = BACKOFF_MOST_MS;
  if (s->failures < 6)
    backoff = (int64_t)BACKOFF_FIRST_MS << s->failures;
  if (backoff < retry_after_ms)
    backoff = retry_after_ms;
  s->failures++;
  s->retry_at_ms = clock_ms() + backoff;
  s->given_ms = given_ms;
  err->code = ERROR_LOGIN;
  error_wrap(err, "login at %s", s->url);
  s->remembered = *err;
}

static void adopt_login(struct session *s, const struct login *fresh) {
  login_clear(&s->login);
  s->login = *fresh;
  s->generation++;
  s->failures = 0;
  s->retry_at_ms = 0;
  int64_t ahead = fresh->life_ms / 4;
  if (ahead > RENEW_AHEAD_MS)
    ahead = RENEW_AHEAD_MS;
  s->adopted_at_ms = clock_ms();
  s->ends_at_ms = s->adopted_at_ms + fresh->life_ms;
  s->renew_at_ms = s->ends_at_ms - ahead;
}

static bool is_alive(const struct session *s) {
  return s->login.token != NULL && clock_ms() < s->ends_at_ms;
}

/* Called with the lock held, which is given back meanwhile. */
static int log_in(struct session *s, int64_t deadline_ms, struct error *err) {
  const struct keystone keystone = {.config = s->config,
                                    .url = s->url,
                                    .http = s->http,
                                    .deadline_ms = deadline_ms};
  struct login fresh = {0};
  int64_t begun = clock_ms();
  s->logins++;
  s->asking = true;
  pthread_mutex_unlock(&s->lock);
  int status = keystone_login(&keystone, &fresh, err);
  pthread_mutex_lock(&s->lock);
  s->asking = false;
  pthread_cond_broadcast(&s->ended);
  if (status == 0)
    adopt_login(s, &fresh);
  else if (err->code != ERROR_STOPPED)
    note_failure(s, fresh.retry_after_ms,
                 err->code == ERROR_DEADLINE ? deadline_ms - begun : 0, err);
  return status;
}

/* Until nobody logs in any more, or there is a token that serves. */
static int wait_for_other(struct session *s, const struct session_asker *asker,
                          struct error *err) {
  int64_t deadline_ms =
      is_alive(s) ? clock_share(asker->deadline_ms) : asker->deadline_ms;
  const struct timespec until = {.tv_sec = deadline_ms / 1000,
                                 .tv_nsec = deadline_ms % 1000 * 1000000};
  int status = 0;
  while (status == 0 && s->asking &&
         !(is_alive(s) && s->generation != asker->refused))
    status = pthread_cond_timedwait(&s->ended, &s->lock, &until);
  if (!s->asking || is_alive(s))
    return 0;
  return error_set(err, ERROR_LOGIN,
                   "login at %s: the deadline has passed while another walk "
                   "logs in",
                   s->url);
}

/* After a failure there is a pause; but somebody whose time was up early does
 * not speak for those who have more. */
static bool may_log_in(const struct session *s, int64_t deadline_ms) {
  int64_t now = clock_ms();
  return now >= s->retry_at_ms ||
         (s->given_ms > 0 && deadline_ms - now >= 2 * s->given_ms);
}

/* Makes sure that there is a token. Called with the lock held. A renewal that
 * fails while the old token still lives is no failure yet. */
static int ensure_token(struct session *s, const struct session_asker *asker,
                        struct error *err) {
  struct error failure = {0};
  if (wait_for_other(s, asker, err) != 0)
    return -1;
  bool alive = is_alive(s);
  if (alive && (s->asking || clock_ms() < s->renew_at_ms))
    return 0;
  int64_t deadline_ms =
      alive ? clock_share(asker->deadline_ms) : asker->deadline_ms;
  if (!may_log_in(s, deadline_ms))
    failure = s->remembered;
  else if (log_in(s, deadline_ms, &failure) == 0)
    return 0;
  if (is_alive(s) && failure.code != ERROR_STOPPED)
    return 0;
  *err = failure;
  return -1;
}

/* ---- what others ask ---------------------------------------------------- */

void session_token_clear(struct session_token *token) {
  secret_free(token->header);
  *token = (struct session_token){0};
}

int session_token(struct session *s, const struct session_asker *asker,
                  struct session_token *ret_token, struct error *err) {
  pthread_mutex_lock(&s->lock);
  int status = ensure_token(s, asker, err);
  if (status == 0) {
    char *header = secret_join(TOKEN_HEADER, "", s->login.token);
    if (header == NULL)
      status = error_memory(err);
    else
      *ret_token = (struct session_token){header, s->generation, s->ends_at_ms};
  }
  pthread_mutex_unlock(&s->lock);
  return status;
}

bool session_renew(struct session *s, unsigned generation) {
  pthread_mutex_lock(&s->lock);
  int64_t now = clock_ms();
  bool other = generation != s->generation;
  bool lately = s->refused_at_ms > 0 && now - s->refused_at_ms < REFUSAL_GAP_MS;
  if (!other && !lately) {
    s->renew_at_ms = 0; /* it serves on if no new one can be had */
    s->refused_at_ms = now;
  }
  bool to_come = s->renew_at_ms == 0 && now >= s->retry_at_ms;
  pthread_mutex_unlock(&s->lock);
  return other || to_come;
}

void session_doubt(struct session *s) {
  pthread_mutex_lock(&s->lock);
  if (s->login.token != NULL && clock_ms() - s->adopted_at_ms >= CATALOGUE_MS)
    s->renew_at_ms = 0;
  pthread_mutex_unlock(&s->lock);
}

bool session_trouble(struct session *s, struct error *err) {
  pthread_mutex_lock(&s->lock);
  bool trouble = s->failures > 0;
  if (trouble)
    *err = s->remembered;
  pthread_mutex_unlock(&s->lock);
  return trouble;
}

int64_t session_retry_ms(struct session *s) {
  pthread_mutex_lock(&s->lock);
  int64_t left = s->failures > 0 ? s->retry_at_ms - clock_ms() : 0;
  pthread_mutex_unlock(&s->lock);
  return left > 0 ? left : 0;
}

/* ---- regions' names ----------------------------------------------------- */

/* All regions, since one that lacks a service today may have it tomorrow. */
static int remember_regions(struct session *s, struct error *err) {
  for (size_t i = 0; i < s->login.nentries; i++) {
    const struct catalog_entry *entry = &s->login.entries[i];
    if (entry->type == NULL || entry->region[0] == '\0' ||
        text_list_has(&s->first, entry->region))
      continue;
    char *region = strdup(entry->region);
    if (region == NULL || !text_list_add(&s->first, region)) {
      free(region);
      text_list_clear(&s->first);
      return error_memory(err);
    }
  }
  return 0;
}

/* An Endpoint option without a region has none to name. */
static void name_regions(const struct session *s, struct endpoints *to) {
  const struct text_list *regions = &s->config->regions;
  for (size_t i = 0; i < to->n; i++) {
    struct endpoint *endpoint = &to->list[i];
    bool known = endpoint->region[0] == '\0' || regions->n > 0 ||
                 text_list_has(&s->first, endpoint->region);
    bool several = regions->n > 0 ? regions->n > 1 : s->first.n > 1;
    endpoint->named = endpoint->region[0] != '\0' && (several || !known);
    endpoint->late = !known && s->first.n == 1;
  }
}

int session_endpoints(struct session *s, const struct endpoint_query *query,
                      struct endpoints *ret, struct error *err) {
  const struct session_asker asker = {.deadline_ms = query->deadline_ms};
  *ret = (struct endpoints){0};
  pthread_mutex_lock(&s->lock);
  int status = ensure_token(s, &asker, err);
  if (status == 0 && s->first.n == 0)
    status = remember_regions(s, err);
  if (status == 0)
    status = catalog_endpoints(
        &(struct catalog){s->config, &s->login},
        &(struct catalog_wanted){query->service, query->major}, ret, err);
  if (status == 0)
    name_regions(s, ret);
  pthread_mutex_unlock(&s->lock);
  if (status != 0)
    endpoints_clear(ret);
  return status;
}

const char *session_first_region(struct session *s) {
  pthread_mutex_lock(&s->lock);
  const char *region = s->first.n == 1 ? s->first.items[0] : NULL;
  pthread_mutex_unlock(&s->lock);
  return region;
}

uint64_t session_cloud(struct session *s) {
  pthread_mutex_lock(&s->lock);
  const char *id = s->login.identity;
  uint64_t cloud = id[0] != '\0' ? text_hash(id, strlen(id), 0) : 0;
  pthread_mutex_unlock(&s->lock);
  return cloud;
}

static const char of_system[] = " of the system";

static bool is_of_system(const struct login_project *own) {
  return own->id[0] == '\0' && own->domain_id[0] == '\0';
}

/* Is it among "one or another or a third of the system"? */
static bool is_among(const struct login *login, const char *role,
                     const char *roles) {
  static const char between[] = " or ";
  const size_t tail = sizeof(of_system) - 1;
  for (;;) {
    const char *end = strstr(roles, between);
    size_t len = end != NULL ? (size_t)(end - roles) : strlen(roles);
    bool there = true;
    if (len > tail && strncmp(roles + len - tail, of_system, tail) == 0) {
      there = is_of_system(&login->project);
      len -= tail;
    }
    if (there && strlen(role) == len && strncasecmp(role, roles, len) == 0)
      return true;
    if (end == NULL)
      return false;
    roles = end + strlen(between);
  }
}

bool session_has_role(struct session *s, const char *roles) {
  pthread_mutex_lock(&s->lock);
  /* Roles beyond the limit are not known. */
  bool found = s->login.token == NULL || s->login.nroles == LOGIN_ROLES;
  for (size_t i = 0; i < s->login.nroles && !found; i++)
    found = is_among(&s->login, s->login.roles[i], roles);
  pthread_mutex_unlock(&s->lock);
  return found;
}

void session_project(struct session *s, struct login_project *ret) {
  pthread_mutex_lock(&s->lock);
  *ret = s->login.project;
  pthread_mutex_unlock(&s->lock);
}

static char *join_texts(char *const *items, size_t n) {
  char joined[2000] = "";
  for (size_t i = 0; i < n; i++)
    text_join(joined, sizeof(joined), ", ", items[i]);
  return strdup(joined);
}

char *session_roles(struct session *s) {
  pthread_mutex_lock(&s->lock);
  char *joined = join_texts(s->login.roles, s->login.nroles);
  pthread_mutex_unlock(&s->lock);
  return joined;
}

double session_ahead(struct session *s) {
  pthread_mutex_lock(&s->lock);
  double ahead = s->login.ahead_s;
  pthread_mutex_unlock(&s->lock);
  return ahead;
}

char *session_regions(struct session *s) {
  pthread_mutex_lock(&s->lock);
  char *joined = join_texts(s->login.regions.items, s->login.regions.n);
  pthread_mutex_unlock(&s->lock);
  return joined;
}

const char *session_url(const struct session *s) { return s->url; }

uint64_t session_logins(struct session *s) {
  pthread_mutex_lock(&s->lock);
  uint64_t logins = s->logins;
  pthread_mutex_unlock(&s->lock);
  return logins;
}

void session_stop(struct session *s) { http_stop(s->http); }

/* AuthURL with "/v3" behind it, whichever way it was written. */
static char *keystone_url(const char *auth_url) {
  size_t len = strlen(auth_url);
  while (len > 0 && auth_url[len - 1] == '/')
    len--;
  bool versioned = len >= 3 && strncmp(auth_url + len - 3, "/v3", 3) == 0;
  return text_printf("%.*s%s", (int)len, auth_url, versioned ? "" : "/v3");
}

struct session *session_new(const struct session_config *config,
                            const struct http_options *options,
                            struct rate_limit *rate_limit, struct error *err) {
  struct session *s = calloc(1, sizeof(*s));
  if (s == NULL) {
    error_memory(err);
    return NULL;
  }
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&s->ended, &clock);
  pthread_condattr_destroy(&clock);
  pthread_mutex_init(&s->lock, NULL);
  s->config = config;
  s->url = keystone_url(config->auth_url);
  s->http = http_new(options, rate_limit, err);
  if (s->url != NULL && s->http != NULL)
    return s;
  error_memory(err);
  session_free(s);
  return NULL;
}

void session_free(struct session *s) {
  if (s == NULL)
    return;
  http_free(s->http);
  login_clear(&s->login);
  text_list_clear(&s->first);
  free(s->url);
  pthread_mutex_destroy(&s->lock);
  pthread_cond_destroy(&s->ended);
  free(s);
}
