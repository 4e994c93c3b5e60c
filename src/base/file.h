/*
 * file - opens what somebody named as a file, and is one
 *
 * Names of files come from the operator and from clouds.yaml. A FIFO would be
 * waited for, a device may never end; only a regular file is opened. Any
 * thread.
 */
#ifndef FILE_H
#define FILE_H

#include "base/error.h"

#include <stdio.h>
#include <sys/stat.h>

/* file_open(path, status, err): to fclose(); `status` is filled in, unless it
 * is NULL. NULL: ERROR_CONFIG whose text follows the file's name: "cannot be
 * read: No such file or directory", "is a directory", "is no regular file". */
FILE *file_open(const char *path, struct stat *status, struct error *err);

#endif
