/*
 * secret - reads a secret from a file, and wipes it after use
 *
 * A secret that the configuration names by file is read each time it is needed,
 * so a changed secret needs no restart. Nothing is kept here, and no message
 * holds a secret. Any thread may call this.
 */
#ifndef SECRET_H
#define SECRET_H

#include "base/error.h"

/* secret_read(path, ret, err): reads the first line of the file, without its
 * newline and without a byte order mark at its beginning; the caller frees it
 * with secret_free(). -1: ERROR_CONFIG that names the file (it cannot be read
 * or is no regular file, or the line is empty, too long or not UTF-8), or
 * memory; `ret` is untouched. */
int secret_read(const char *path, char **ret, struct error *err);

/* secret_join(first, between, last): joins the three texts in one block of the
 * exact size, so that no shorter copy stays in memory. The caller frees it with
 * secret_free(). NULL: memory. */
char *secret_join(const char *first, const char *between, const char *last);

/* secret_free(text): wipes and frees the text; NULL is fine. */
void secret_free(char *text);

#endif
