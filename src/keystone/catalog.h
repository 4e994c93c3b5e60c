/*
 * catalog - the endpoints that a token's service catalogue has
 *
 * Which endpoint serves a service in a region: by the service's type and its
 * official aliases, by the interface and the regions that are configured, and
 * by the version that a URL names. It knows no token, and asks nobody.
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
  /* Its values' hosts have the region's name: there are several Region options;
   * or there is none, and the catalogue of the first login had several, or not
   * this one. So it is one cloud's decision, and stays while the session lives:
   * what a catalogue learns later renames nothing. */
  bool named;
  bool late; /* the catalogue of the first login had another one alone */
  char *url; /* without "/" at its end; NULL: there is none, since */
  struct error lack; /* the configured region has no such service
                        (ERROR_ABSENT), or is not there at all, or the
                        catalogue's URL is none (ERROR_STATUS) */
};
struct endpoints {
  struct endpoint *list;
  size_t n;
};
void endpoints_clear(struct endpoints *endpoints);

/* What is configured, and what the last login brought. */
struct catalog {
  const struct session_config *config;
  const struct login *login;
};

/* What somebody looks for. */
struct catalog_wanted {
  const char *service; /* its type, or an alias of it */
  unsigned major;      /* the version that is spoken; 0: any is as good */
};

/* catalog_endpoints(catalog, wanted, ret, err): adds one endpoint for each
 * region of the configuration, or else for each of the catalogue's that has the
 * service, to `ret`, which is empty; the caller clears it in any case. -1:
 * ERROR_ABSENT (no such service or interface), memory. */
int catalog_endpoints(const struct catalog *catalog,
                      const struct catalog_wanted *wanted,
                      struct endpoints *ret, struct error *err);

#endif
