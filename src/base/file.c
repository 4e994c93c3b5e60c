#include "base/file.h"

#include <fcntl.h>
#include <unistd.h>

static int check_regular(const struct stat *status, struct error *err) {
  if (S_ISREG(status->st_mode))
    return 0;
  return error_set(err, ERROR_CONFIG,
                   S_ISDIR(status->st_mode) ? "is a directory"
                                            : "is no regular file");
}

/* It is looked at before it is opened, since to open a device may do something;
 * and once more behind, since it may be another by then. */
FILE *file_open(const char *path, struct stat *status, struct error *err) {
  struct stat other;
  struct stat *is = status != NULL ? status : &other;
  if (stat(path, is) == 0 && check_regular(is, err) != 0)
    return NULL;
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
  if (file == NULL || fstat(fd, is) != 0)
    error_set(err, ERROR_CONFIG, "cannot be read: %m");
  else if (check_regular(is, err) == 0)
    return file;
  if (file != NULL)
    fclose(file);
  else if (fd >= 0)
    close(fd);
  return NULL;
}
