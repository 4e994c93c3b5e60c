#include "config/clouds_file.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Without memory the path is NULL, and that is noted. */
static char *note_lost(char *path, bool *lost) {
  *lost = *lost || path == NULL;
  return path;
}

static char *find_in(const char *folder, const char *name, bool *lost) {
  static const char *const endings[] = {"yaml", "yml", "json"};
  for (size_t i = 0; i < 3 && !*lost; i++) {
    char *path =
        note_lost(text_printf("%s/%s.%s", folder, name, endings[i]), lost);
    if (path != NULL && access(path, F_OK) == 0)
      return path;
    free(path);
  }
  return NULL;
}

char *clouds_file_search(const char *name, const char *variable, bool *lost) {
  static const struct {
    const char *variable, *otherwise, *folder;
  } places[] = {{"XDG_CONFIG_HOME", NULL, "openstack"},
                {"HOME", NULL, ".config/openstack"},
                {"XDG_CONFIG_DIRS", "/etc/xdg", "openstack"}};
  const char *given = getenv(variable);
  if (given != NULL && given[0] != '\0')
    return note_lost(strdup(given), lost);
  char *path = NULL;
  for (size_t i = 0; i < 3 && path == NULL && !*lost; i++) {
    const char *top = getenv(places[i].variable);
    if (top == NULL || top[0] != '/') /* the XDG specification ignores it */
      top = places[i].otherwise;
    char *folder =
        top == NULL
            ? NULL
            : note_lost(text_printf("%s/%s", top, places[i].folder), lost);
    path = folder != NULL ? find_in(folder, name, lost) : NULL;
    free(folder);
  }
  return path != NULL ? path : find_in("/etc/openstack", name, lost);
}

char *clouds_file_find(const char *file, bool *lost) {
  return file != NULL
             ? note_lost(strdup(file), lost)
             : clouds_file_search("clouds", "OS_CLIENT_CONFIG_FILE", lost);
}

char *clouds_file_secure(const char *file, bool *lost) {
  if (file == NULL)
    return clouds_file_search("secure", "OS_CLIENT_SECURE_FILE", lost);
  const char *slash = strrchr(file, '/');
  size_t len = slash != NULL ? (size_t)(slash - file) : 0;
  char *folder = note_lost(strndup(file, len), lost);
  char *path = folder != NULL ? find_in(folder, "secure", lost) : NULL;
  free(folder);
  return path;
}
