#include "etcd/trouble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAILED_PRECONDITION 9 /* of gRPC */

#define NO_USER                                                                \
  "etcd's authentication is on: set Username and PasswordFile in <Share>"
#define COMMON_NAME                                                            \
  "etcd refuses a client certificate that has a common name (CN) while its "   \
  "authentication is on: use one without CN, or no ClientCert"
#define OWN_CLIENT                                                             \
  "etcd's gateway cannot reach etcd itself: with --client-cert-auth etcd's "   \
  "own certificate needs the extended key usage clientAuth"
#define ROLE                                                                   \
  "the user needs a role that may read and write the whole prefix: etcdctl "   \
  "role grant-permission ROLE --prefix=true readwrite PREFIX/"
#define COMPACT                                                                \
  "compact and defragment etcd's database, then: etcdctl alarm disarm"
#define NO_ETCD "this is no etcd 3.4 or newer, or not its client port"

/* When a row fits. */
enum when { ALWAYS, LOGIN, JSON, TEXT, CERTIFICATE };

/* The first row that fits counts. `said`: a part of the message, or NULL. */
static const struct {
  long status;
  enum when when;
  const char *said;
  enum error_code code;
  const char *advice;
} rows[] = {
    {400, CERTIFICATE, NULL, ERROR_CONFIG, COMMON_NAME},
    {400, LOGIN, NULL, ERROR_LOGIN, "see Username and PasswordFile"},
    {400, JSON, "user name is empty", ERROR_CONFIG, NO_USER},
    {400, TEXT, NULL, ERROR_CONFIG, NO_ETCD},
    {400, ALWAYS, NULL, ERROR_CONFIG, NULL},
    {401, ALWAYS, NULL, ERROR_LOGIN, NULL},
    {403, ALWAYS, NULL, ERROR_DENIED, ROLE},
    {404, JSON, NULL, ERROR_LEASE, NULL},
    {404, TEXT, NULL, ERROR_CONFIG, NO_ETCD},
    {405, ALWAYS, NULL, ERROR_CONFIG, NO_ETCD},
    {412, ALWAYS, NULL, ERROR_CONFIG, NULL},
    {429, JSON, NULL, ERROR_SPACE, COMPACT},
    {503, JSON, "connection closed", ERROR_CONFIG, OWN_CLIENT},
    {503, JSON, "connection error", ERROR_CONFIG, OWN_CLIENT}, /* 3.5 */
};

static bool fits(enum when when, const struct etcd_asked *asked, bool json) {
  switch (when) {
  case ALWAYS:
    break;
  case LOGIN:
    return asked->login && json;
  case JSON:
    return json;
  case TEXT:
    return !json;
  case CERTIFICATE:
    return asked->certificate && !json;
  }
  return true;
}

/* The text of {"error":"...","message":"...","code":5}, or all that was said.
 * It may be cut. */
static void message_of(const char *said, char *dst, size_t size) {
  static const char key[] = "\"message\":\"";
  const char *text = strstr(said, key);
  const char *end = text != NULL ? "\"" : "";
  size_t n = 0;
  for (text = text != NULL ? text + strlen(key) : said;
       *text != '\0' && *text != *end && n + 1 < size; text++) {
    if (*text == '\\' && text[1] != '\0')
      text++;
    dst[n++] = *text;
  }
  dst[n] = '\0';
}

/* gRPC's, which is the same in all releases: 3.5 has 400 for what was 412. */
static int code_of(const char *said) {
  static const char key[] = "\"code\":";
  const char *code = strstr(said, key);
  return code != NULL ? (int)strtol(code + strlen(key), NULL, 10) : -1;
}

bool etcd_trouble_is_unlocked(const struct http_reply *http) {
  return http->status == 412 ||
         (http->status == 400 && code_of(http->said) == FAILED_PRECONDITION);
}

int etcd_trouble(const struct etcd_asked *asked, long status, const char *said,
                 const char *location, struct error *err) {
  const size_t n = sizeof(rows) / sizeof(rows[0]);
  char message[HTTP_SAID];
  size_t i = 0;
  message_of(said, message, sizeof(message));
  while (i < n &&
         (rows[i].status != status ||
          !fits(rows[i].when, asked, said[0] != '\0') ||
          (rows[i].said != NULL && strstr(message, rows[i].said) == NULL)))
    i++;
  const char *advice = i < n ? rows[i].advice : NULL;
  if (asked->login) /* it may repeat the password */
    message[0] = '\0';
  if (location[0] != '\0')
    error_set(err, ERROR_CONFIG,
              "HTTP %ld redirects to %s: not followed, correct Endpoint",
              status, location);
  else
    error_set(err, i < n ? rows[i].code : ERROR_STATUS, "HTTP %ld%s%s%s%s",
              status, message[0] != '\0' ? ": " : "", message,
              advice != NULL ? "; " : "", advice != NULL ? advice : "");
  if (err != NULL)
    err->detail = (int)status;
  return -1;
}
