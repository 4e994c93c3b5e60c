/*
 * catalog - finds endpoints in a token's service catalogue
 *
 * Finds the endpoint of a service in a region: by the service's type and its
 * official aliases, by the configured interface and regions, and by the version
 * in a URL. It knows no token and sends no request.
 *
 * https://service-types.openstack.org/
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "base/error.h"
#include "keystone/login.h"

#include <stdbool.h>
#include <stddef.h>

struct endpoint {
  char *region;
  /* ".REGION" is appended to the hosts of its values, whatever a HostnameFormat
   * gives, unless that has the word `region` (identifier.h). So it is with
   * several Region options; and without any if the first login's catalogue had
   * several regions, or not this one. The decision is made once for a cloud and
   * holds while the session lives: what a later catalogue brings renames
   * nothing. */
  bool named;
  bool late; /* the first login's catalogue had only one other region */
  char *url; /* without "/" at its end; NULL: there is none, see `lack` */
  /* ERROR_ABSENT: the configured region has no such service; ERROR_REGION: the
   * catalogue has no such region; ERROR_STATUS: its URL is no valid one. */
  struct error lack;
};
struct endpoints {
  struct endpoint *list;
  size_t n;
};
void endpoints_clear(struct endpoints *endpoints);

/* The configuration and the result of the last login. */
struct catalog {
  const struct session_config *config;
  const struct login *login;
};

/* What the caller looks for. */
struct catalog_wanted {
  const char *service; /* its type, or an alias of it */
  unsigned major;      /* the version wanted; 0: any */
};

/* catalog_endpoints(catalog, wanted, ret, err): adds endpoints to `ret`, which
 * must be empty: one for each configured region or, if none is configured, for
 * each region of the catalogue that has the service. The caller clears `ret` in
 * any case. -1: ERROR_ABSENT (no such service or interface), memory. */
int catalog_endpoints(const struct catalog *catalog,
                      const struct catalog_wanted *wanted,
                      struct endpoints *ret, struct error *err);

/* catalog_is_service(name, service): does this name in the configuration mean
 * the service: by its type or an alias, with '-' or '_'? */
bool catalog_is_service(const char *name, const char *service);

#endif
