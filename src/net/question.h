/*
 * question - one request, whose answer is one JSON document
 *
 * What a login and a version document have in common: the answer is searched as
 * it arrives, and of all that can go wrong the first cause is returned.
 * Listings, whose answers are pages of many requests, are not questions.
 */
#ifndef QUESTION_H
#define QUESTION_H

#include "net/extract.h"
#include "net/http.h"

struct question {
  struct http *http;
  int64_t deadline_ms;
  struct http_request request; /* its on_body and arg are filled in */
  /* The groups of the extractor; their `arg` is NULL. */
  const struct extract_group *groups;
  size_t ngroups;
  /* The argument of the groups' callbacks, of on_header and of judge(). */
  struct question_reader *reader;
  /* What a status means. 0: the body is what was asked for; -1 with `err`. */
  int (*judge)(struct question_reader *reader, const struct http_reply *reply,
               struct error *err);
};

/* What reads the answer: the first member of a struct of the caller's. A
 * callback that gives up sets `error`. */
struct question_reader {
  struct extract *extract; /* question_ask()'s own */
  struct error error;
};

/* question_ask(question, ret_reply, err): makes the request. -1, with the first
 * of these: the error of a callback that gave up, the error of http_one(), the
 * error of judge(), ERROR_PARSE if the JSON is not whole; or memory. */
int question_ask(struct question *question, struct http_reply *ret_reply,
                 struct error *err);

#endif
