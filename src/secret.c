#include "secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET_LIMIT 4096 /* bytes that are read of a file */

int secret_read(const char *path, char **ret, struct error *err) {
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return error_set(err, ERROR_CONFIG, "cannot read the secret's file %s: %m",
                     path);
  char text[SECRET_LIMIT];
  setvbuf(file, NULL, _IONBF, 0); /* a buffer would be freed as it is */
  size_t len = fread(text, 1, sizeof(text) - 1, file);
  fclose(file);
  text[len] = '\0';
  size_t line = strcspn(text, "\r\n");
  text[line] = '\0';
  int status = 0;
  if (line == 0) {
    status =
        error_set(err, ERROR_CONFIG, "the secret's file %s is empty", path);
  } else if (line == sizeof(text) - 1) {
    status = error_set(err, ERROR_CONFIG,
                       "the secret in the file %s is longer than %d bytes",
                       path, SECRET_LIMIT - 2);
  } else {
    char *copy = strdup(text);
    status = copy != NULL ? 0 : error_memory(err);
    if (copy != NULL)
      *ret = copy;
  }
  explicit_bzero(text, sizeof(text));
  return status;
}

void secret_free(char *text) {
  if (text != NULL)
    explicit_bzero(text, strlen(text));
  free(text);
}
