/*
 * site - a small cloud: a scripted server that is Keystone and all services,
 * and a session and a transfer that ask it
 */
#ifndef STUB_SITE_H
#define STUB_SITE_H

#include "httpd.h"

#include "keystone/session.h"
#include "net/http.h"

#include <stdint.h>

#define SITE_PASSWORD "correct-horse-battery"

struct site {
  struct httpd *httpd;
  struct session_config config;
  struct http_options options;
  struct rate_limit *rate_limit; /* no limit */
  struct session *session;
  struct http *http;
};

/* site_open(site): a server without answers; a user "collectd" of the project
 * "service". Nothing has been asked. site_open_rate(): with a request rate. */
void site_open(struct site *site);
void site_open_rate(struct site *site, double rate);
void site_close(struct site *site);

/* Keystone's answer to a login. */
struct site_login {
  const char *token;   /* NULL: "token-1" */
  int life_s;          /* 0: an hour */
  const char *roles;   /* NULL: admin */
  const char *catalog; /* services, with commas; NULL: image in RegionOne */
  unsigned times;      /* so many logins; 0: all */
  bool of_domain;      /* of "default", and of no project */
};
void site_login(struct site *site, const struct site_login *login);

/* site_token(site, login): the body of that answer, to free(). */
char *site_token(const struct site *site, const struct site_login *login);

/* site_service(site, type, region, path): a service for a catalogue, with all
 * three interfaces: public at the server, internal and admin elsewhere. To
 * free(). */
char *site_service(const struct site *site, const char *type,
                   const char *region, const char *path);

/* site_deadline(ms): clock_ms() in so long. */
int64_t site_deadline(int64_t ms);

/* site_logins(site): how many there were. */
size_t site_logins(struct site *site);

#endif
