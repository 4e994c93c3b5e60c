#include "data.h"

#include "base/text.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_BYTES = 64 * 1024 };

static char *path_of(const char *name) {
  const char *top = getenv("top_srcdir");
  char *path = text_printf("%s/tests/data/%s", top != NULL ? top : ".", name);
  assert_non_null(path);
  return path;
}

char *data_read(const char *name, size_t *ret_len) {
  char *path = path_of(name);
  FILE *file = fopen(path, "r");
  if (file == NULL)
    fail_msg("cannot open %s", path);
  char *text = calloc(1, MOST_BYTES);
  assert_non_null(text);
  size_t len = fread(text, 1, MOST_BYTES - 1, file);
  assert_true(feof(file));
  fclose(file);
  free(path);
  if (ret_len != NULL)
    *ret_len = len;
  return text;
}

char *data_find(const char *pattern) {
  char *path = path_of(pattern), *name = NULL;
  glob_t found;
  if (glob(path, 0, NULL, &found) == 0) {
    name = strdup(strrchr(found.gl_pathv[0], '/') + 1);
    assert_non_null(name);
    globfree(&found);
  }
  free(path);
  return name;
}
