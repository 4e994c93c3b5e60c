/* Requests in, replies out: what lies between our own code and the library. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* POLLRDHUP */
#endif
#include <ctype.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloudsim.h"

/* Bodies up to here have a length; longer ones are made as they are sent. */
enum { WHOLE = 4 << 20, BLOCK = 128 << 10 };

/* == what was asked ---------------------------------------------------------
 */

static int hex(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  c = (char)tolower((unsigned char)c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool decode(const char *from, size_t len, char *out, size_t size) {
  size_t n = 0;

  for (size_t i = 0; i < len; i++) {
    if (n + 1 >= size)
      return false;
    if (from[i] == '%' && i + 2 < len && hex(from[i + 1]) >= 0 &&
        hex(from[i + 2]) >= 0) {
      out[n++] = (char)(hex(from[i + 1]) << 4 | hex(from[i + 2]));
      i += 2;
    } else {
      out[n++] = from[i] == '+' ? ' ' : from[i];
    }
  }
  out[n] = '\0';
  return true;
}

static bool named(const char *param, const char *name) {
  size_t len = strlen(name);
  return strncmp(param, name, len) == 0 &&
         (param[len] == '=' || param[len] == '&' || param[len] == '\0');
}

bool query_get(const struct request *req, const char *name, unsigned nth,
               char *out, size_t size) {
  for (const char *q = req->query; *q != '\0';) {
    size_t len = strcspn(q, "&"), skip = strlen(name);
    if (named(q, name) && nth-- == 0) {
      skip += q[skip] == '=';
      return decode(q + skip, len - skip, out, size);
    }
    q += len;
    q += *q == '&';
  }
  return false;
}

void query_without(const struct request *req, const char *const names[2],
                   struct buf *out) {
  for (const char *q = req->query; *q != '\0';) {
    size_t len = strcspn(q, "&");
    if (!named(q, names[0]) && (names[1] == NULL || !named(q, names[1]))) {
      if (out->len > 0)
        buf_add(out, "&", 1);
      buf_add(out, q, len);
    }
    q += len;
    q += *q == '&';
  }
}

const char *request_header(const struct request *req, const char *name) {
  return MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, name);
}

bool reply_pause(const struct request *req, unsigned ms) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(
      req->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  struct pollfd fds[2] = {{.fd = sim.stop_fd, .events = POLLIN},
                          {.fd = -1, .events = POLLRDHUP}};

  if (info != NULL)
    fds[1].fd = info->connect_fd;
  return poll(fds, 2, (int)ms) == 0;
}

/* ---- what is answered == */

void reply_header(struct reply *reply, const char *name, const char *format,
                  ...) {
  struct buf value = {0};
  va_list args;
  char text[2048];

  if (reply->headers_count == REPLY_HEADERS)
    return;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  buf_text(&value, text);
  if (value.data == NULL)
    return;
  reply->headers[reply->headers_count].name = name;
  reply->headers[reply->headers_count++].value = value.data;
}

void reply_clear(struct reply *reply) {
  for (size_t i = 0; i < reply->headers_count; i++)
    free(reply->headers[i].value);
  buf_clear(&reply->body);
  if (reply->rest != NULL)
    reply->rest->free(reply->rest);
  *reply = (struct reply){0};
}

/* A body on its way out, piece by piece. */
struct stream {
  struct request *req; /* lives as long as somebody reads */
  struct buf ready;
  size_t at;
  struct producer *rest;
  struct effect effect;
  uint64_t sent;
};

static void stream_free(void *data) {
  struct stream *s = data;

  buf_clear(&s->ready);
  if (s->rest != NULL)
    s->rest->free(s->rest);
  free(s);
}

static void refill(struct stream *s) {
  s->ready.len = s->at = 0;
  while (s->rest != NULL && s->ready.len < BLOCK) {
    if (!s->rest->produce(s->rest, &s->ready)) {
      s->rest->free(s->rest);
      s->rest = NULL;
    }
  }
}

static ssize_t stream_read(void *data, uint64_t pos, char *out, size_t max) {
  struct stream *s = data;
  bool cuts = s->effect.cut || s->effect.broken;

  (void)pos;
  if (s->at == s->ready.len)
    refill(s);
  if (cuts && max > s->effect.cut_bytes - s->sent)
    max = s->effect.cut_bytes - s->sent;
  if (cuts && max == 0)
    return s->effect.broken ? MHD_CONTENT_READER_END_WITH_ERROR
                            : MHD_CONTENT_READER_END_OF_STREAM;
  if (s->at == s->ready.len)
    return MHD_CONTENT_READER_END_OF_STREAM;
  if (s->effect.drip_ms > 0) {
    if (!reply_pause(s->req, s->effect.drip_ms))
      return MHD_CONTENT_READER_END_WITH_ERROR;
    max = 1;
  }
  if (max > s->ready.len - s->at)
    max = s->ready.len - s->at;
  memcpy(out, s->ready.data + s->at, max);
  s->at += max;
  s->sent += max;
  s->req->sent += max;
  return (ssize_t)max;
}

/* Takes over body and rest. */
static struct MHD_Response *
stream_response(struct request *req, struct reply *reply, uint64_t size) {
  struct stream *s = calloc(1, sizeof(*s));
  struct MHD_Response *response;

  if (s == NULL)
    return NULL;
  s->req = req;
  s->ready = reply->body;
  s->rest = reply->rest;
  s->effect = req->effect;
  reply->body = (struct buf){0};
  reply->rest = NULL;
  response = MHD_create_response_from_callback(size, BLOCK, stream_read, s,
                                               stream_free);
  if (response == NULL)
    stream_free(s);
  return response;
}

/* As each service gives an id to its requests, and no proxy does. */
static void add_ids(const struct service *service,
                    struct MHD_Response *response) {
  static const char *const usual[2] = {OPENSTACK_ID, NULL};
  const char *const *names = service != NULL && service->request_ids[0] != NULL
                                 ? service->request_ids
                                 : usual;

  if (service != NULL && service->no_ids)
    return;
  for (size_t i = 0; i < 2 && names[i] != NULL; i++)
    MHD_add_response_header(response, names[i],
                            "req-11111111-2222-4333-8444-555555555555");
}

static void add_headers(const struct request *req, const struct reply *reply,
                        struct MHD_Response *response) {
  for (size_t i = 0; i < reply->headers_count; i++)
    MHD_add_response_header(response, reply->headers[i].name,
                            reply->headers[i].value);
  if (!reply->by_proxy)
    add_ids(req->service, response);
}

int reply_send(struct request *req, struct reply *reply) {
  const struct effect *e = &req->effect;
  bool ends = e->no_length || e->cut ||
              (sim.uwsgi && req->service != NULL && req->service->uwsgi);
  bool whole, odd = e->drip_ms > 0 || e->cut || e->broken;
  struct MHD_Response *response;
  int result;

  while (reply->rest != NULL && reply->body.len < WHOLE) {
    if (!reply->rest->produce(reply->rest, &reply->body)) {
      reply->rest->free(reply->rest);
      reply->rest = NULL;
    }
  }
  fault_bend(req, reply);
  if (reply->body.failed)
    return MHD_NO;
  whole = reply->rest == NULL;
  if (whole && !ends && !odd) {
    req->sent += reply->body.len;
    response = MHD_create_response_from_buffer(
        reply->body.len, reply->body.data, MHD_RESPMEM_MUST_FREE);
    reply->body = (struct buf){0};
  } else {
    uint64_t size = whole && !ends ? reply->body.len : MHD_SIZE_UNKNOWN;
    response = stream_response(req, reply, size);
  }
  if (response == NULL)
    return MHD_NO;
  if (ends)
    MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT,
                             MHD_RO_END);
  add_headers(req, reply, response);
  result = (int)MHD_queue_response(req->connection, reply->status, response);
  MHD_destroy_response(response);
  return result;
}
