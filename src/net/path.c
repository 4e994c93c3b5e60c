#include "net/path.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int bad_path(const char *path, const char *why, struct error *err) {
  return error_set(err, ERROR_CONFIG, "path \"%.100s\": %s", path, why);
}

/* One name of a path, plain or quoted; `*at` moves behind it. */
static int read_name(const char **at, const char *text, char **ret,
                     struct error *err) {
  bool quoted = **at == '"';
  const char *from = *at + quoted;
  size_t len = strcspn(from, quoted ? "\"" : ".[*\"");
  if (quoted ? from[len] == '\0' : len == 0)
    return bad_path(text, "a name is missing or its quote does not close", err);
  if (!quoted && len == 1 && from[0] == '^')
    return bad_path(text, "\"^.\" stands at the beginning, and once", err);
  *at = from + len + quoted;
  *ret = strndup(from, len);
  return *ret != NULL ? 0 : error_memory(err);
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
      if (read_name(&at, text, &step->name, err) != 0)
        return -1;
    }
    path->nsteps++;
    if (*at == '.' && at[1] != '\0')
      at++;
    else if (*at != '\0' && *at != '[')
      return bad_path(text, "expected \".\" or \"[]\" between two steps", err);
  }
  return 0;
}

void path_cut(struct path *path, size_t n) {
  while (path->nsteps > n) {
    struct step *last = &path->steps[--path->nsteps];
    free(last->name);
    *last = (struct step){.name = NULL};
  }
}

void path_clear(struct path *path) { path_cut(path, 0); }

int path_check(const char *text, struct error *err) {
  struct path scratch = {.nsteps = 0};
  int status = path_add(&scratch, text, err);
  path_clear(&scratch);
  return status;
}
