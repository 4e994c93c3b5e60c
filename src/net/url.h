/*
 * url - where a request goes
 *
 * Endpoints come from catalogues in every shape: with and without "/" at the
 * end, a version, a project, a prefix. All results are to free(); NULL without
 * memory.
 */
#ifndef URL_H
#define URL_H

#include <stdbool.h>
#include <stddef.h>

/* A name in braces in a path, and what stands in its place, encoded. */
struct url_hole {
  const char *name;  /* "project", "prefix", "uid" */
  const char *value; /* NULL is "" */
};

/* url_join(endpoint, path, holes, n): `path` below the endpoint. If the path
 * begins with a version ("/v2/..."), the endpoint's own version and all behind
 * it ("/v2", "/v1/AUTH_...") is cut off first. Braces that name no hole stay.
 */
char *url_join(const char *endpoint, const char *path,
               const struct url_hole *holes, size_t n);

/* url_root(endpoint): its scheme, host and port alone. */
char *url_root(const char *endpoint);

/* url_version(endpoint): the endpoint up to its version, with "/" behind it:
 * where its version document is. All of it if it has none. */
char *url_version(const char *endpoint);

/* url_with_query(url, query): the same with another query. */
char *url_with_query(const char *url, const char *query);

/* url_with_parameter(url, name, value): the same with one more parameter;
 * `value` is encoded. */
char *url_with_parameter(const char *url, const char *name, const char *value);

#endif
