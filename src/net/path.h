/*
 * path - the way from an answer's root to a field, in steps
 *
 * Names with dots between ("flavor.ram"), "[]" for each element of an array
 * ("images[]"), "*" for each member of an object. A name that holds a dot, a
 * star, a blank or a bracket is quoted: state_counters."insufficient data".
 *
 * Knows how a path is written, and not what is found there (extract.h).
 */
#ifndef PATH_H
#define PATH_H

#include "base/error.h"

#include <stddef.h>

#define PATH_STEPS 12

enum step_kind { STEP_NAME, STEP_EACH, STEP_ANY };

struct step {
  enum step_kind kind;
  char *name; /* STEP_NAME */
};

struct path {
  size_t nsteps;
  struct step steps[PATH_STEPS];
};

/* path_add(path, text, err): the steps of `text` behind those that are there;
 * begin with zeros. -1: it cannot be read, or is too long (ERROR_CONFIG),
 * memory; what has come so far is still to be cleared. */
int path_add(struct path *path, const char *text, struct error *err);

/* path_clear(path): frees its names; zeros again. */
void path_clear(struct path *path);

/* path_check(text, err): -1: it cannot be read (ERROR_CONFIG), memory. */
int path_check(const char *text, struct error *err);

#endif
