/*
 * reply - what an answer of etcd brings
 *
 * One table of what any answer may hold serves all calls. etcd leaves out what
 * is zero, so what did not come is 0 or false. A stream's answer has the same
 * inside "result", and may break with an "error" behind a status of 200.
 */
#ifndef ETCD_REPLY_H
#define ETCD_REPLY_H

#include "etcd/items.h"
#include "etcd/trouble.h"
#include "net/question.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct etcd_reply {
  struct question_reader reader; /* its first member: question.h */
  struct etcd_asked asked;       /* the caller's */
  /* For each member of the cluster that has a vote: its id, and the URLs that
   * it advertises, with ',' between. NULL: they are not wanted. */
  void (*on_member)(void *arg, uint64_t member, const char *urls);
  void *arg;
  uint64_t cluster, member; /* which answered; 0: this is no answer of etcd */
  int64_t lease, ttl_s;
  bool succeeded, has_leader;
  char version[24]; /* of a status: "3.5.16" */
  size_t nmembers;  /* that have a vote */
  char *token;      /* secret */
  struct etcd_items items;
  long broken; /* the status of a stream's error; 0: it has none */
  char said[HTTP_SAID];
};

#define ETCD_GROUPS 5
extern const struct extract_group etcd_groups[ETCD_GROUPS];

/* etcd_reply_judge(reader, http, err): question.judge; the reader is that of a
 * struct etcd_reply. */
int etcd_reply_judge(struct question_reader *reader,
                     const struct http_reply *http, struct error *err);

/* etcd_reply_check(reply, err): the answer has ended: is it one of etcd? -1:
 * ERROR_PARSE, or what a stream broke for. */
int etcd_reply_check(const struct etcd_reply *reply, struct error *err);

/* etcd_reply_clear(reply): frees what came; what is the caller's stays. */
void etcd_reply_clear(struct etcd_reply *reply);

#endif
