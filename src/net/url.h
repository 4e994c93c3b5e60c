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
struct url_placeholder {
  const char *name;  /* "project", "prefix", "uid" */
  const char *value; /* NULL is "" */
};

/* url_wrong(url): why this is no address of a service, as words that follow its
 * name; NULL: it is one. A token goes there, so bytes of it are checked where
 * it comes in: http or https, a host, neither user nor query, no blank or
 * control byte, and no "." or ".." that would lead out of its path. */
const char *url_wrong(const char *url);

/* url_wrong_path(path): the same of a path, or a link of which only the path is
 * used. */
const char *url_wrong_path(const char *path);

/* url_has_bytes(text): of bytes that a URL may have: no blank, no control byte,
 * no "#". url_has_dots(path): a segment of it is "." or "..", which leads out
 * of it. */
bool url_has_bytes(const char *text);
bool url_has_dots(const char *path);

/* url_is_segment(text): may it fill a hole? Bytes that are visible ASCII, and
 * no "." or "..", which no encoding keeps apart from what they mean. */
bool url_is_segment(const char *text);

/* url_show(dst, size, url): as it may be logged: "(hidden)" stands in the place
 * of user and password, and of query and fragment. */
void url_show(char *dst, size_t size, const char *url);

/* url_join(endpoint, path, holes, n): `path` below the endpoint. If the path
 * begins with a version ("/v2/..."), the endpoint's own version and all behind
 * it ("/v2", "/v1/AUTH_...") is cut off first. Braces that name no hole stay.
 */
char *url_join(const char *endpoint, const char *path,
               const struct url_placeholder *placeholders, size_t n);

/* url_root(endpoint): its scheme, host and port alone. */
char *url_root(const char *endpoint);

/* url_version(endpoint): the endpoint up to its version, with "/" behind it:
 * where its version document is. All of it if it has none. */
char *url_version(const char *endpoint);

/* url_major(endpoint): the number of its version, the last one in its path; 0:
 * it has none. url_path_major(path): of the version that a listing's path
 * begins with. */
unsigned url_major(const char *endpoint);
unsigned url_path_major(const char *path);

/* url_at_version(endpoint, link): where a version document's link leads: its
 * path at the endpoint's own host, or, if a proxy has put a path in front that
 * the service does not know of, its version below the endpoint. NULL: there is
 * no version in it, too. */
char *url_at_version(const char *endpoint, const char *link);

/* url_account_prefix(endpoint, project): what stands before the project's id in
 * the endpoint's last segment ("KEY_" of "/v1/KEY_<id>"), be it "". NULL: it
 * does not end so, or `project` is "". */
char *url_account_prefix(const char *endpoint, const char *project);

/* url_with_query(url, query): the same with another query. */
char *url_with_query(const char *url, const char *query);

/* url_with_parameter(url, name, value): the same with one more parameter;
 * `value` is encoded. */
char *url_with_parameter(const char *url, const char *name, const char *value);

#endif
