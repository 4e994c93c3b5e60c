/* A fuzzer's main() where there is no libFuzzer: runs the files of its corpus,
 * a test each. fuzz_X looks into tests/fuzz/corpus/X. */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST = 1024 * 1024 };

static int is_input(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

static int replay(const char *dir, const char *name) {
  static uint8_t data[LARGEST];
  char path[1024];
  snprintf(path, sizeof(path), "%s/%s", dir, name);
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    return -1;
  size_t size = fread(data, 1, sizeof(data), file);
  fclose(file);
  uint8_t *exact = malloc(size > 0 ? size : 1); /* so that ASan sees its end */
  if (exact == NULL)
    return -1;
  memcpy(exact, data, size);
  LLVMFuzzerTestOneInput(exact, size);
  free(exact);
  return 0;
}

int main(void) {
  const char *top = getenv("top_srcdir");
  const char *name = strstr(program_invocation_short_name, "fuzz_");
  char dir[512];
  struct dirent **entries;
  snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus/%s", top ? top : ".",
           name != NULL ? name + 5 : "");
  int n = scandir(dir, &entries, is_input, alphasort), failed = 0;
  if (n <= 0) {
    printf("Bail out! nothing in %s\n", dir);
    return 1;
  }
  printf("1..%d\n", n);
  for (int i = 0; i < n; i++) {
    fflush(stdout); /* a crash ends it: prove then misses the rest */
    int status = replay(dir, entries[i]->d_name);
    failed |= status;
    printf("%sok %d - %s\n", status == 0 ? "" : "not ", i + 1,
           entries[i]->d_name);
    free(entries[i]);
  }
  free(entries);
  return failed != 0;
}
