#include "net/url.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what may come in --------------------------------------------------- */

/* Does a segment that means this folder or the one above begin here? */
static bool is_dots(const char *at) {
  int dots = 0;
  for (; dots < 2; dots++) {
    if (*at == '.')
      at++;
    else if (strncasecmp(at, "%2e", 3) == 0)
      at += 3;
    else
      break;
  }
  return dots > 0 && strchr("/?", *at) != NULL;
}

bool url_has_dots(const char *path) {
  for (; *path != '\0' && *path != '?'; path++)
    if (*path == '/' && is_dots(path + 1))
      return true;
  return false;
}

bool url_has_bytes(const char *text) {
  for (const char *c = text; *c != '\0'; c++)
    if (*c == '#' || *c == 0x7f || (*c >= 0 && *c <= ' '))
      return false;
  return true;
}

const char *url_wrong_path(const char *path) {
  if (!url_has_bytes(path) || strchr(path, '?') != NULL)
    return "must have no blank, \"?\" or \"#\"";
  if (strpbrk(path, "{}") != NULL)
    return "{names} are not filled in";
  if (url_has_dots(path))
    return "must have no \".\" or \"..\" in its path";
  return NULL;
}

/* curl would take a password from it, send a token to whatever it guesses, and
 * put paths behind a query. */
const char *url_wrong(const char *url) {
  size_t scheme = strncasecmp(url, "https://", 8) == 0  ? 8
                  : strncasecmp(url, "http://", 7) == 0 ? 7
                                                        : 0;
  const char *host = url + scheme;
  if (scheme == 0)
    return "must begin with https:// or http://";
  if (strchr(host, '@') != NULL) /* a password may hold a '/' */
    return "must hold no user and no password";
  const char *wrong = url_wrong_path(host);
  if (wrong == NULL && strchr("/:", host[0]) != NULL) /* finds the end, too */
    return "has no host";
  return wrong;
}

bool url_is_segment(const char *text) {
  return text_is_visible(text) && strchr(text, '/') == NULL && !is_dots(text);
}

/* A password may hold any byte: all up to the last '@' is hidden. */
void url_show(char *dst, size_t size, const char *url) {
  const char *scheme = strstr(url, "://");
  bool named = scheme != NULL && scheme < url + strcspn(url, "/?#@");
  size_t host = named ? (size_t)(scheme - url) + 3 : 0;
  const char *at = strrchr(url, '@');
  const char *rest = at != NULL ? at : url + host;
  size_t len = strcspn(rest, "?#");
  char shown[1024];
  int n = snprintf(shown, sizeof(shown), "%.*s%s%.*s%.1s%s", (int)host, url,
                   at != NULL ? "(hidden)" : "", (int)len, rest, rest + len,
                   rest[len] != '\0' ? "(hidden)" : "");
  size_t used = n < (int)sizeof(shown) ? (size_t)n : sizeof(shown) - 1;
  text_one_line(dst, size, shown, used);
}

/* ---- what is made of it ------------------------------------------------- */

/* The length of a version ("v2", "v2.0") at the beginning of a path segment. */
static size_t version_length(const char *segment) {
  size_t digits = segment[0] == 'v' ? strspn(segment + 1, "0123456789.") : 0;
  char end = digits > 0 ? segment[1 + digits] : 'x';
  return end == '\0' || end == '/' ? 1 + digits : 0;
}

/* How much of the endpoint stays in front of a path with its own version. The
 * last version counts: a gateway may have one of its own in front. */
static size_t unversioned(const char *endpoint) {
  const char *host = strstr(endpoint, "://");
  const char *at = host != NULL ? host + 3 : endpoint;
  size_t found = strlen(endpoint);
  for (at = strchr(at, '/'); at != NULL; at = strchr(at + 1, '/'))
    if (version_length(at + 1) > 0)
      found = (size_t)(at - endpoint);
  return found;
}

static size_t without_slash(const char *endpoint, size_t len) {
  while (len > 0 && endpoint[len - 1] == '/')
    len--;
  return len;
}

/* The placeholder that "{name}..." stands for, or NULL. */
static const struct url_placeholder *
find_placeholder(const char *at, const struct url_placeholder *placeholders,
                 size_t n) {
  for (size_t i = 0; i < n; i++) {
    size_t len = strlen(placeholders[i].name);
    if (strncmp(at + 1, placeholders[i].name, len) == 0 && at[1 + len] == '}')
      return &placeholders[i];
  }
  return NULL;
}

static const char *value_of(const struct url_placeholder *placeholder) {
  return placeholder->value != NULL ? placeholder->value : "";
}

/* What the values take at most. */
static size_t values_room(const char *path,
                          const struct url_placeholder *placeholders,
                          size_t n) {
  size_t room = 0;
  for (path = strchr(path, '{'); path != NULL; path = strchr(path + 1, '{')) {
    const struct url_placeholder *placeholder =
        find_placeholder(path, placeholders, n);
    if (placeholder != NULL)
      room += strlen(value_of(placeholder)) * TEXT_PERCENT;
  }
  return room;
}

char *url_join(const char *endpoint, const char *path,
               const struct url_placeholder *placeholders, size_t n) {
  size_t len = strlen(endpoint);
  if (path[0] == '/' && version_length(path + 1) > 0)
    len = unversioned(endpoint);
  len = without_slash(endpoint, len);
  size_t room = values_room(path, placeholders, n);
  char *url = malloc(len + strlen(path) + room + 1);
  if (url == NULL)
    return NULL;
  memcpy(url, endpoint, len);
  char *to = url + len;
  while (*path != '\0') {
    const struct url_placeholder *placeholder =
        *path == '{' ? find_placeholder(path, placeholders, n) : NULL;
    if (placeholder == NULL) {
      *to++ = *path++;
      continue;
    }
    to = text_percent_to(to, value_of(placeholder));
    path += strlen(placeholder->name) + 2;
  }
  *to = '\0';
  return url;
}

char *url_root(const char *endpoint) {
  const char *host = strstr(endpoint, "://");
  size_t begin = host != NULL ? (size_t)(host - endpoint) + 3 : 0;
  return strndup(endpoint, begin + strcspn(endpoint + begin, "/?#"));
}

char *url_service(const char *endpoint) {
  return strndup(endpoint, without_slash(endpoint, unversioned(endpoint)));
}

char *url_version(const char *endpoint) {
  size_t len = unversioned(endpoint);
  if (endpoint[len] == '/')
    len += 1 + version_length(endpoint + len + 1);
  else
    len = without_slash(endpoint, len);
  return text_printf("%.*s/", (int)len, endpoint);
}

static unsigned major_of(const char *segment) {
  return version_length(segment) > 0 ? (unsigned)strtoul(segment + 1, NULL, 10)
                                     : 0;
}

unsigned url_major(const char *endpoint) {
  size_t len = unversioned(endpoint);
  return endpoint[len] == '/' ? major_of(endpoint + len + 1) : 0;
}

unsigned url_path_major(const char *path) {
  return path[0] == '/' ? major_of(path + 1) : 0;
}

char *url_account_prefix(const char *endpoint, const char *project) {
  size_t len = without_slash(endpoint, strlen(endpoint));
  size_t id = strlen(project), begin = len;
  while (begin > 0 && endpoint[begin - 1] != '/')
    begin--;
  if (id == 0 || len - begin < id ||
      strncmp(endpoint + len - id, project, id) != 0)
    return NULL;
  return strndup(endpoint + begin, len - id - begin);
}

/* The path of a link, which may have a host; `*ret_len` without "/" at its end,
 * query or fragment. */
static const char *path_of(const char *link, size_t *ret_len) {
  const char *host = strstr(link, "://");
  const char *path = host != NULL ? host + 3 + strcspn(host + 3, "/?#") : link;
  *ret_len = without_slash(path, strcspn(path, "?#"));
  return path;
}

char *url_at_version(const char *endpoint, const char *link) {
  size_t base_len, len;
  const char *base = path_of(endpoint, &base_len), *path = path_of(link, &len);
  char *whole = strndup(path, len), *url = NULL;
  if (whole == NULL)
    return NULL;
  size_t version = unversioned(whole);
  bool below = strncmp(whole, base, base_len) == 0 && whole[base_len] == '/';
  if (whole[version] == '/')
    url = text_printf("%.*s%s", (int)(base + (below ? 0 : base_len) - endpoint),
                      endpoint, whole + (below ? 0 : version));
  free(whole);
  return url;
}

char *url_with_query(const char *url, const char *query) {
  return text_printf("%.*s?%s", (int)strcspn(url, "?"), url, query);
}

char *url_with_parameter(const char *url, const char *name, const char *value) {
  char *text = text_percent(value);
  if (text == NULL)
    return NULL;
  char *all =
      text_printf("%s%c%s=%s", url, strchr(url, '?') ? '&' : '?', name, text);
  free(text);
  return all;
}
