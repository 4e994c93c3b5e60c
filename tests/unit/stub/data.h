/*
 * data - the recorded answers of tests/data
 */
#ifndef STUB_DATA_H
#define STUB_DATA_H

#include <stddef.h>

/* data_read(name, ret_len): a file, to free(). `ret_len` may be NULL. Fails the
 * test where there is no such file. */
char *data_read(const char *name, size_t *ret_len);

/* data_find(pattern): the name of the first file that a shell's pattern
 * matches, to free(); or NULL. */
char *data_find(const char *pattern);

#endif
