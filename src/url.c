#include "url.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

/* The length of a version ("v2", "v2.0") at the beginning of a path segment. */
static size_t version_length(const char *segment) {
  size_t digits = segment[0] == 'v' ? strspn(segment + 1, "0123456789.") : 0;
  char end = digits > 0 ? segment[1 + digits] : 'x';
  return end == '\0' || end == '/' ? 1 + digits : 0;
}

/* How much of the endpoint stays in front of a path with its own version. */
static size_t unversioned(const char *endpoint) {
  const char *host = strstr(endpoint, "://");
  const char *at = host != NULL ? host + 3 : endpoint;
  for (at = strchr(at, '/'); at != NULL; at = strchr(at + 1, '/'))
    if (version_length(at + 1) > 0)
      return (size_t)(at - endpoint);
  return strlen(endpoint);
}

char *url_join(const char *endpoint, const char *path, const char *project) {
  static const char hole[] = "{project}";
  size_t len = strlen(endpoint);
  if (path[0] == '/' && version_length(path + 1) > 0)
    len = unversioned(endpoint);
  while (len > 0 && endpoint[len - 1] == '/')
    len--;
  const char *at = strstr(path, hole);
  if (at == NULL || project == NULL)
    return text_printf("%.*s%s", (int)len, endpoint, path);
  char *id = text_percent(project);
  char *url = id == NULL ? NULL
                         : text_printf("%.*s%.*s%s%s", (int)len, endpoint,
                                       (int)(at - path), path, id,
                                       at + sizeof(hole) - 1);
  free(id);
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
