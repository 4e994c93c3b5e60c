/*
 * url - where a request goes
 *
 * Endpoints come from catalogues in every shape: with and without "/" at the
 * end, a version, a project, a prefix. All results are to free(); NULL without
 * memory.
 */
#ifndef URL_H
#define URL_H

/* url_join(endpoint, path, project): `path` below the endpoint. If the path
 * begins with a version ("/v2/..."), the endpoint's own version and all behind
 * it ("/v2", "/v1/AUTH_...") is cut off first. "{project}" in the path becomes
 * `project`, which may be NULL where the path has none. */
char *url_join(const char *endpoint, const char *path, const char *project);

/* url_with_query(url, query): the same with another query. */
char *url_with_query(const char *url, const char *query);

/* url_with_parameter(url, name, value): the same with one more parameter;
 * `value` is encoded. */
char *url_with_parameter(const char *url, const char *name, const char *value);

#endif
