/*
 * file - opens regular files, and nothing else
 *
 * The operator and clouds.yaml name files. Opening a FIFO would block, and a
 * device may never end; so only a regular file is opened. Any thread may call
 * this.
 */
#ifndef FILE_H
#define FILE_H

#include "base/error.h"

#include <stdio.h>
#include <sys/stat.h>

/* file_open(path, status, err): opens a file for reading; the caller calls
 * fclose(). `status` is filled, and may be NULL. NULL: ERROR_CONFIG. Its text
 * is meant to follow the file's name: "cannot be read: No such file or
 * directory", "is a directory", "is no regular file". */
FILE *file_open(const char *path, struct stat *status, struct error *err);

#endif
