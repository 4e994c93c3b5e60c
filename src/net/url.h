/*
 * url - makes the URLs of requests
 *
 * A catalogue's endpoints have every shape: with and without "/" at the end, a
 * version, a project, a prefix. The caller frees each result; NULL without
 * memory. Any thread may call these functions.
 */
#ifndef URL_H
#define URL_H

#include <stdbool.h>
#include <stddef.h>

/* A name in braces in a path, and the text that replaces it, encoded. */
struct url_placeholder {
  const char *name;  /* "project", "prefix", "uid" */
  const char *value; /* NULL is "" */
};

/* url_wrong(url): why this is no address of a service, in words that follow its
 * name; NULL: it is one. A token goes there, so the bytes are checked where a
 * URL comes in: http or https, a host, neither user nor query, no blank or
 * control byte, and no "." or ".." that would lead out of its path. */
const char *url_wrong(const char *url);

/* url_wrong_path(path): the same for a path, or for a link of which only the
 * path is used. */
const char *url_wrong_path(const char *path);

/* url_has_bytes(text): are all bytes allowed in a URL: no blank, no control
 * byte, no "#"? url_has_dots(path): is a segment "." or "..", which leads out
 * of the path? */
bool url_has_bytes(const char *text);
bool url_has_dots(const char *path);

/* url_is_segment(text): may it replace a placeholder? It must be visible ASCII,
 * but not "." or "..", which mean the same when they are encoded. */
bool url_is_segment(const char *text);

/* url_show(dst, size, url): the URL as it may be logged: "(hidden)" replaces
 * user and password, and query and fragment. */
void url_show(char *dst, size_t size, const char *url);

/* url_join(endpoint, path, placeholders, n): appends `path` to the endpoint. If
 * the path begins with a version ("/v2/..."), the endpoint's own version and
 * all after it ("/v2", "/v1/AUTH_...") are cut off first. Braces that match no
 * placeholder stay. */
char *url_join(const char *endpoint, const char *path,
               const struct url_placeholder *placeholders, size_t n);

/* url_root(endpoint): only its scheme, host and port. */
char *url_root(const char *endpoint);

/* url_service(endpoint): the endpoint without its version and all after it. */
char *url_service(const char *endpoint);

/* url_version(endpoint): the endpoint up to its version, with "/" at the end:
 * the URL of its version document. An endpoint without a version is kept
 * whole. */
char *url_version(const char *endpoint);

/* url_major(endpoint): the number of its version, which is the last one in its
 * path; 0: none. url_path_major(path): the number of the version at the
 * beginning of a listing's path. */
unsigned url_major(const char *endpoint);
unsigned url_path_major(const char *path);

/* url_at_version(endpoint, link): the URL that a version document's link means:
 * the link's path on the endpoint's own host. If a proxy has added a path that
 * the service does not know, it is the link's version below the endpoint. NULL:
 * no memory, or the link has no version. */
char *url_at_version(const char *endpoint, const char *link);

/* url_account_prefix(endpoint, project): the text before the project's id in
 * the endpoint's last segment ("KEY_" of "/v1/KEY_<id>"), which may be "".
 * NULL: the endpoint does not end with that id, `project` is "", or no
 * memory. */
char *url_account_prefix(const char *endpoint, const char *project);

/* url_with_query(url, query): the URL with another query. */
char *url_with_query(const char *url, const char *query);

/* url_with_parameter(url, name, value): the URL with one more parameter, whose
 * value is encoded here. */
char *url_with_parameter(const char *url, const char *name, const char *value);

#endif
