/*
 * played - reads the files of a recording
 *
 * The recording is untrusted: each number has bounds, a file's name is one of
 * ours, and a line of a header is one line.
 */
#ifndef PLAYED_H
#define PLAYED_H

#include "base/error.h"
#include "base/text.h"
#include "net/exchange.h"

#include <stdint.h>

/* An exchange as it was recorded. */
struct played {
  char *cloud, *method, *url;
  struct text_list headers; /* of the request */
  struct exchange exchange;
};
void played_clear(struct played *played);

/* played_read(path, ret, err): `ret` is cleared in any case before it is filled
 * again. -1: ERROR_CONFIG that tells what is wrong with the file, memory. */
int played_read(const char *path, struct played *ret, struct error *err);

struct played_index {
  int64_t wall_ms;
  struct text_list files; /* names */
};

/* played_index_read(path, ret, err): the caller clears `files`. -1: as
 * played_read(). */
int played_index_read(const char *path, struct played_index *ret,
                      struct error *err);

/* played_text(path, err): a file's text. The caller frees it. NULL: as
 * played_read(). */
char *played_text(const char *path, struct error *err);

#endif
