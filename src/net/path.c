#include "net/path.h"

#include <stdlib.h>
#include <string.h>

static int bad_path(const char *path, const char *why, struct error *err) {
  return error_set(err, ERROR_CONFIG, "path \"%.100s\": %s", path, why);
}

/* One name of a path, plain or quoted; `*at` moves behind it. */
static char *read_name(const char **at) {
  const char *from = *at;
  if (*from != '"') {
    size_t len = strcspn(from, ".[*\"");
    *at = from + len;
    return len > 0 ? strndup(from, len) : NULL;
  }
  const char *end = strchr(++from, '"');
  if (end == NULL)
    return NULL;
  *at = end + 1;
  return strndup(from, (size_t)(end - from));
}

int path_add(struct path *path, const char *text, struct error *err) {
  const char *at = text;
  while (*at != '\0') {
    if (path->nsteps == PATH_STEPS)
      return error_set(err, ERROR_CONFIG,
                       "path \"%.100s\": more than %d steps, with those of "
                       "the record",
                       text, PATH_STEPS);
    struct step *step = &path->steps[path->nsteps];
    if (strncmp(at, "[]", 2) == 0) {
      step->kind = STEP_EACH;
      at += 2;
    } else if (*at == '*') {
      step->kind = STEP_ANY;
      at++;
    } else {
      step->kind = STEP_NAME;
      step->name = read_name(&at);
      if (step->name == NULL)
        return bad_path(text, "a name is missing or its quote does not close",
                        err);
    }
    path->nsteps++;
    if (*at == '.' && at[1] != '\0')
      at++;
    else if (*at != '\0' && *at != '[')
      return bad_path(text, "expected \".\" or \"[]\" between two steps", err);
  }
  return 0;
}

void path_clear(struct path *path) {
  for (size_t i = 0; i < PATH_STEPS; i++)
    free(path->steps[i].name);
  *path = (struct path){.nsteps = 0};
}

int path_check(const char *text, struct error *err) {
  struct path scratch = {.nsteps = 0};
  int status = path_add(&scratch, text, err);
  path_clear(&scratch);
  return status;
}
