/*
 * transfer - one request on its way, by curl
 *
 * A part of http, and for http alone: it hands a request to curl, passes on the
 * bytes that arrive, and translates curl's result. http decides when a transfer
 * begins and how many run at once.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "net/exchange.h"
#include "net/http_options.h"

#include <curl/curl.h>
#include <stdbool.h>

struct http;

struct transfer {
  struct http *http; /* whose it is */
  const struct http_options *options;
  CURL *easy;
  CURLU *url;
  bool ready, signs; /* its handle has options; those that sign */
  struct curl_slist *headers;
  struct http_request request;
  struct http_reply reply;
  struct http_answer answer;
  struct exchange *exchange; /* gets the answer, with a tape; or NULL */
  bool busy;
  bool waits; /* for a second try, */
  bool again; /* or has had it */
  char error[CURL_ERROR_SIZE];
};

/* transfer_open(transfer): makes what curl needs for it, unless that is there.
 * Without memory it is not, and transfer_send() fails. */
void transfer_open(struct transfer *transfer);
void transfer_close(struct transfer *transfer);

/* transfer_send(transfer, multi, err): sends `request`. -1: memory. */
int transfer_send(struct transfer *transfer, CURLM *multi, struct error *err);

/* transfer_ending(transfer, result, ret): what curl's result means to us. */
void transfer_ending(const struct transfer *transfer, int result,
                     struct http_ending *ret);

/* transfer_forget(transfer): wipes its headers. One of them is a token. */
void transfer_forget(struct transfer *transfer);

#endif
