#include "net/answer.h"

#include "base/text.h"
#include "net/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void answer_begin(struct http_answer *a, const struct http_request *request,
                  struct http_reply *reply) {
  answer_clear(a);
  *reply = (struct http_reply){.status = 0};
  *a = (struct http_answer){.request = request, .reply = reply};
}

void answer_clear(struct http_answer *a) {
  free(a->held);
  a->held = NULL;
}

static int over_limit(const struct http_answer *a, const char *what,
                      int bytes) {
  return error_set(&a->reply->error, ERROR_LIMIT, "the answer's %s over %d KiB",
                   what, bytes / 1024);
}

/* ---- headers ------------------------------------------------------------ */

/* Where a redirect points, for the log: on the same host its path, else scheme
 * and host: enough to see a proxy's mistake, and nothing that may be secret. */
static void keep_location(struct http_answer *a, const char *value) {
  char *from = url_root(a->request->url), *to = url_root(value);
  char *path = strndup(value, strcspn(value, "?#"));
  if (from == NULL || to == NULL || path == NULL)
    goto out;
  bool here = (value[0] == '/' && value[1] != '/') || strcasecmp(from, to) == 0;
  if (here || strstr(to, "://") != NULL)
    url_show(a->reply->location, HTTP_SAID, here ? path : to);
out:
  free(from);
  free(to);
  free(path);
}

static void take_header(struct http_answer *a, const char *name,
                        const char *value) {
  if (strcmp(name, "content-type") == 0)
    a->json = strncasecmp(value, "application/json", 16) == 0;
  else if (strcmp(name, "content-encoding") == 0)
    a->packed = strcasecmp(value, "identity") != 0;
  else if (strcmp(name, "location") == 0)
    keep_location(a, value);
  if (a->request->on_header != NULL)
    a->request->on_header(a->request->arg, name, value);
}

/* Cuts a line at its colon: the name in lower case, and the value behind it
 * without blanks around it; NULL: it has none. */
static char *split_line(char *line) {
  char *c = line;
  for (; *c != '\0' && *c != ':'; c++)
    *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
  if (*c == '\0')
    return NULL;
  *c++ = '\0';
  c += strspn(c, " \t");
  char *end = c + strlen(c);
  while (end > c && (unsigned char)end[-1] <= ' ')
    end--;
  *end = '\0';
  return c;
}

int answer_header(struct http_answer *a, const char *data, size_t len) {
  char some[512], *line = some;
  a->header_bytes += len;
  if (a->header_bytes > HTTP_HEADER_LIMIT)
    return over_limit(a, "headers are", HTTP_HEADER_LIMIT);
  /* Trailers behind a body begin no headers, and no blank line ends them. */
  if (len >= 5 && memcmp(data, "HTTP/", 5) == 0)
    a->in_headers = true;
  else if (data[0] == '\r' || data[0] == '\n')
    a->in_headers = false;
  if (len >= sizeof(some) && (line = malloc(len + 1)) == NULL)
    return error_memory(&a->reply->error);
  memcpy(line, data, len);
  line[len] = '\0';
  char *value = split_line(line);
  if (value != NULL)
    take_header(a, line, value);
  explicit_bzero(line, len); /* it may be a token */
  if (line != some)
    free(line);
  return 0;
}

/* ---- body --------------------------------------------------------------- */

/* Does a server repeat the secret that it was sent, or the beginning of it
 * before a cut? One that JSON spells otherwise may be in any words. */
static bool repeats(const char *said, const char *secret) {
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz"
                              "0123456789-_.~!#$%*+,:;=?@^|()[]{}";
  size_t len = strlen(said), whole = strlen(secret);
  if (secret[strspn(secret, plain)] != '\0' || strstr(said, secret) != NULL)
    return true;
  for (size_t n = 4; n < whole && n <= len; n++)
    if (strncmp(said + len - n, secret, n) == 0)
      return true;
  return false;
}

static void keep_words(struct http_answer *a, const char *data, size_t len) {
  struct http_reply *reply = a->reply;
  const char *secret = a->request->secret;
  text_one_line(reply->said, sizeof(reply->said), data, len);
  if (secret != NULL && repeats(reply->said, secret))
    reply->said[0] = '\0';
}

static int hand_on(struct http_answer *a, const char *data, size_t len) {
  const struct http_request *request = a->request;
  if (request->on_body == NULL ||
      request->on_body(request->arg, data, len) == 0)
    return 0;
  return error_set(&a->reply->error, ERROR_PARSE,
                   "the answer could not be used");
}

static int hold_body(struct http_answer *a, const char *data, size_t len) {
  if (a->nheld + len > HTTP_PACKED_LIMIT)
    return over_limit(a, "compressed body is", HTTP_PACKED_LIMIT);
  if (a->nheld + len > a->room) {
    size_t room = 2 * (a->nheld + len);
    char *grown = realloc(a->held, room);
    if (grown == NULL)
      return error_memory(&a->reply->error);
    a->held = grown;
    a->room = room;
  }
  memcpy(a->held + a->nheld, data, len);
  a->nheld += len;
  return 0;
}

int answer_body(struct http_answer *a, const char *data, size_t len) {
  struct http_reply *reply = a->reply;
  bool first = reply->bytes == 0;
  reply->bytes += len;
  if (reply->bytes > HTTP_BODY_LIMIT)
    return over_limit(a, "body is", HTTP_BODY_LIMIT);
  bool choices = reply->status == 300 && a->request->choices;
  if ((reply->status >= 200 && reply->status < 300) || choices)
    return a->packed ? hold_body(a, data, len) : hand_on(a, data, len);
  if (first && a->json)
    keep_words(a, data, len);
  return 0;
}

int answer_end(struct http_answer *a) {
  if (a->in_headers) /* libcurl takes that for an answer */
    return error_set(&a->reply->error, ERROR_TRANSPORT,
                     "the answer's headers were cut off");
  int status = a->nheld > 0 ? hand_on(a, a->held, a->nheld) : 0;
  answer_clear(a);
  return status;
}
