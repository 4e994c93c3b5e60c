#include "net/exchange.h"

#include <stdlib.h>
#include <string.h>

/* As libcurl hands a body on. */
#define PIECE ((size_t)16 * 1024)

void exchange_clear(struct exchange *x) {
  text_list_clear(&x->head);
  free(x->body);
  *x = (struct exchange){.sends = 0};
}

int exchange_add_line(struct exchange *x, const char *line, size_t len) {
  size_t end = len;
  while (end > 0 && (line[end - 1] == '\r' || line[end - 1] == '\n'))
    end--;
  char *copy = strndup(line, end);
  if (copy == NULL || !text_list_add(&x->head, copy)) {
    free(copy);
    return error_memory(&x->ending.error);
  }
  x->nhead += len;
  return x->nhead > HTTP_HEADER_LIMIT ? -1 : 0;
}

int exchange_add(struct exchange *x, const char *data, size_t len) {
  if (x->nbody + len >= x->room) {
    size_t room = 2 * (x->nbody + len) + 1;
    char *grown = realloc(x->body, room);
    if (grown == NULL)
      return error_memory(&x->ending.error);
    x->body = grown;
    x->room = room;
  }
  memcpy(x->body + x->nbody, data, len);
  x->nbody += len;
  x->body[x->nbody] = '\0';
  x->bytes += len;
  return x->bytes > HTTP_BODY_LIMIT ? -1 : 0;
}

static int read_head(const struct exchange *x, struct http_answer *answer) {
  for (size_t i = 0; i < x->head.n; i++) {
    char *line = text_printf("%s\r\n", x->head.items[i]);
    int status = line != NULL ? answer_header(answer, line, strlen(line))
                              : error_memory(&answer->reply->error);
    free(line);
    if (status != 0)
      return -1;
  }
  return 0;
}

void exchange_read(const struct exchange *x, struct http_answer *answer) {
  answer->reply->status = x->ending.status;
  int status = read_head(x, answer);
  for (size_t at = 0; status == 0 && at < x->nbody; at += PIECE) {
    size_t left = x->nbody - at;
    status = answer_body(answer, x->body + at, left < PIECE ? left : PIECE);
  }
  answer->reply->bytes = x->bytes;
}
