#include "net/http_one.h"

struct single {
  const struct http_request *request; /* NULL once it has begun */
  struct http_reply *reply;
};

static bool single_next(void *arg, struct http_request *ret_request,
                        int64_t *ret_at_ms) {
  (void)ret_at_ms;
  struct single *single = arg;
  if (single->request == NULL)
    return false;
  *ret_request = *single->request;
  single->request = NULL;
  return true;
}

static void single_done(void *arg, const struct http_request *request,
                        const struct http_reply *reply) {
  (void)request;
  *((struct single *)arg)->reply = *reply;
}

int http_one(struct http *http, const struct http_request *request,
             int64_t deadline_ms, struct http_reply *ret_reply,
             struct error *err) {
  struct single single = {.request = request, .reply = ret_reply};
  struct http_work work = {
      .next = single_next, .done = single_done, .arg = &single};
  *ret_reply = (struct http_reply){.status = 0};
  if (http_run(http, &work, deadline_ms, err) != 0)
    return -1;
  if (ret_reply->error.code == ERROR_NONE)
    return 0;
  if (err != NULL)
    *err = ret_reply->error;
  return -1;
}
