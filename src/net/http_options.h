/*
 * http_options - how a cloud's servers are asked. Data
 */
#ifndef HTTP_OPTIONS_H
#define HTTP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_options {
  int64_t timeout_ms; /* one request, from its start to its last byte */
  int64_t connect_ms; /* at most so long of it to connect; 0: 10 s */
  size_t width;       /* transfers at once, at least 1 */
  bool verify_peer, verify_host;
  bool direct;                    /* past the proxies of the environment */
  char *ca_cert;                  /* PEM file, or NULL: the system's */
  char *client_cert, *client_key; /* PEM files, or NULL */
};

#endif
