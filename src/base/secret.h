/*
 * secret - what must not be left behind: read from a file, wiped at its end
 *
 * Secrets that the configuration names by file are read each time they are
 * needed, so that a changed one needs no restart. Nothing is kept here, and no
 * message holds a secret. Any thread.
 */
#ifndef SECRET_H
#define SECRET_H

#include "base/error.h"

/* secret_read(path, ret, err): the first line of the file, without its end and
 * a byte order mark at its beginning, to secret_free(). -1: ERROR_CONFIG that
 * names the file (it cannot be read, is no regular file, the line is empty, or
 * too long), or memory; `ret` is untouched.
 */
int secret_read(const char *path, char **ret, struct error *err);

/* secret_free(text): wipes and frees it; NULL is fine. */
void secret_free(char *text);

#endif
