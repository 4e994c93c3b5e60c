/*
 * path - the steps from an answer's root to a field
 *
 * A path is names with dots between ("flavor.ram"). "[]" is each element of an
 * array ("images[]"), "*" each member of an object. A name that holds a dot, a
 * star, a blank or a bracket is quoted: state_counters."insufficient data".
 *
 * The module knows how a path is written, but not what is found there
 * (extract.h).
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

/* path_add(path, text, err): appends the steps of `text` to those of `path`,
 * which must be zeros the first time. -1: ERROR_CONFIG (the text cannot be
 * parsed or is too long), memory; the caller must still clear `path`. */
int path_add(struct path *path, const char *text, struct error *err);

/* path_cut(path, n): forgets all steps but the first n, which it has. */
void path_cut(struct path *path, size_t n);

/* path_clear(path): frees the names; `path` is zeros again. */
void path_clear(struct path *path);

/* path_check(text, err): -1: ERROR_CONFIG (the text cannot be parsed),
 * memory. */
int path_check(const char *text, struct error *err);

#endif
