/*
 * file: regular files are opened, and nothing else is waited for.
 */
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static void a_regular_file_is_opened(void **state) {
  char path[] = "/tmp/test_file.XXXXXX", text[8] = "";
  int fd = mkstemp(path);
  struct stat status;
  (void)state;
  assert_int_equal(write(fd, "some\n", 5), 5);
  close(fd);
  FILE *file = file_open(path, &status, NULL);
  assert_non_null(file);
  assert_int_equal(status.st_size, 5);
  assert_non_null(fgets(text, sizeof(text), file));
  assert_string_equal(text, "some\n");
  fclose(file);
  unlink(path);
}

static void nothing_else_is(void **state) {
  char folder[] = "/tmp/test_file.XXXXXX", fifo[40];
  assert_non_null(mkdtemp(folder));
  snprintf(fifo, sizeof(fifo), "%s/fifo", folder);
  assert_int_equal(mkfifo(fifo, 0600), 0);
  const char *const rows[][2] = {
      {"/no/such", "cannot be read: No such file or directory"},
      {"/tmp", "is a directory"},
      {"/dev/zero", "is no regular file"},
      {fifo, "is no regular file"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct error err;
    assert_null(file_open(rows[i][0], NULL, &err));
    assert_string_equal(err.text, rows[i][1]);
    assert_int_equal(err.code, ERROR_CONFIG);
  }
  unlink(fifo);
  rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_regular_file_is_opened),
      cmocka_unit_test(nothing_else_is),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
