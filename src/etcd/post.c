#include "etcd/post.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "net/question.h"

#include <stdlib.h>

static int post_question(struct etcd *etcd, struct etcd_post *post,
                         const char *url, const char *token,
                         struct error *err) {
  struct question question = {
      .http = post->farewell ? etcd->farewell : etcd->http,
      .deadline_ms = post->deadline_ms,
      .request = {.method = "POST",
                  .url = url,
                  .headers = {"Content-Type: application/json", token},
                  .body = post->body,
                  .secret = token != NULL ? etcd->token : NULL},
      .groups = etcd_groups,
      .ngroups = ETCD_GROUPS,
      .reader = &post->reply.reader,
      .judge = etcd_reply_judge};
  int status = question_ask(&question, &post->http, err);
  return status == 0 ? etcd_reply_check(&post->reply, err) : -1;
}

int etcd_post(struct etcd *etcd, struct etcd_post *post, struct error *err) {
  struct etcd_endpoint *endpoint = &etcd->endpoints[etcd->at];
  char *url = text_printf("%s/v3/%s", endpoint->url, post->path);
  char *token = etcd->token != NULL && !post->login
                    ? secret_join("Authorization", ": ", etcd->token)
                    : NULL;
  int64_t begun = clock_ms();
  int status = -1;
  etcd_reply_clear(&post->reply);
  post->reply.asked = (struct etcd_asked){
      .login = post->login, .certificate = etcd->config->client_cert != NULL};
  if (url == NULL || (token == NULL && etcd->token != NULL && !post->login)) {
    error_memory(err);
    goto out;
  }
  status = post_question(etcd, post, url, token, err);
  if (status == 0) {
    endpoint->member = post->reply.member;
    etcd->cluster = post->reply.cluster;
  } else if (err->code == ERROR_DEADLINE) {
    error_set(err, ERROR_DEADLINE, "etcd %s: %s: no answer within %d ms",
              endpoint->url, post->path, (int)(clock_ms() - begun));
  } else if (err->code != ERROR_STOPPED && err->code != ERROR_MEMORY) {
    error_wrap(err, "etcd %s: %s", endpoint->url, post->path);
  }
out:
  free(url);
  secret_free(token);
  return status;
}
