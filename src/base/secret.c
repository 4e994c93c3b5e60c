#include "base/secret.h"

#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOM "\xef\xbb\xbf"
#define SECRET_LIMIT 4096 /* bytes that are read of a file */

static int read_file(const char *path, char *text, struct error *err) {
  struct error why;
  FILE *file = file_open(path, NULL, &why);
  if (file == NULL)
    return error_set(err, ERROR_CONFIG, "the secret's file %.200s %s", path,
                     why.text);
  setvbuf(file, NULL, _IONBF, 0); /* a buffer would be freed as it is */
  text[fread(text, 1, SECRET_LIMIT - 1, file)] = '\0';
  fclose(file);
  return 0;
}

int secret_read(const char *path, char **ret, struct error *err) {
  char text[SECRET_LIMIT];
  if (read_file(path, text, err) != 0)
    return -1;
  /* Windows' editors begin a file so. */
  const char *secret = strncmp(text, BOM, strlen(BOM)) == 0 ? text + 3 : text;
  size_t line = strcspn(secret, "\r\n");
  text[(size_t)(secret - text) + line] = '\0';
  int status = 0;
  if (line == 0) {
    status =
        error_set(err, ERROR_CONFIG, "the secret's file %.200s is empty", path);
  } else if (line == SECRET_LIMIT - 1) {
    status = error_set(err, ERROR_CONFIG,
                       "the secret in the file %.200s is longer than %d bytes",
                       path, SECRET_LIMIT - 2);
  } else if (!text_is_utf8(secret)) { /* which JSON cannot carry */
    status = error_set(err, ERROR_CONFIG,
                       "the secret in the file %.200s is not UTF-8", path);
  } else {
    char *copy = strdup(secret);
    status = copy != NULL ? 0 : error_memory(err);
    if (copy != NULL)
      *ret = copy;
  }
  explicit_bzero(text, sizeof(text));
  return status;
}

char *secret_join(const char *first, const char *between, const char *last) {
  char *text = malloc(strlen(first) + strlen(between) + strlen(last) + 1);
  if (text != NULL)
    stpcpy(stpcpy(stpcpy(text, first), between), last);
  return text;
}

void secret_free(char *text) {
  if (text != NULL)
    explicit_bzero(text, strlen(text));
  free(text);
}
