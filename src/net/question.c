#include "net/question.h"

#include "net/http_one.h"

static int on_body(void *arg, const void *data, size_t len) {
  struct question_reader *reader = arg;
  return extract_feed(reader->extract, data, len, &reader->error);
}

int question_ask(struct question *q, struct http_reply *ret_reply,
                 struct error *err) {
  struct question_reader *reader = q->reader;
  *ret_reply = (struct http_reply){.status = 0};
  reader->extract = extract_new(q->groups, q->ngroups, reader, err);
  int status =
      reader->extract != NULL ? extract_begin(reader->extract, err) : -1;
  if (status != 0)
    goto out;
  q->request.on_body = on_body;
  q->request.arg = reader;
  status = http_one(q->http, &q->request, q->deadline_ms, ret_reply, err);
  if (reader->error.code != ERROR_NONE) {
    *err = reader->error;
    status = -1;
  }
  if (status == 0)
    status = q->judge(reader, ret_reply, err);
  if (status == 0)
    status = extract_finish(reader->extract, err);
out:
  extract_free(reader->extract);
  reader->extract = NULL;
  return status;
}
