#include "net/hint.h"

#include "net/proxy.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SPEAKS_HTTP "the server may not speak TLS: is it http:// in the URL?"
#define SPEAKS_TLS "the server may speak TLS: is it https:// in the URL?"
#define NEEDS_CLIENT "the server may want a client's certificate: ClientCert"
#define NEEDS_CA "its authority may have to be named by CACert"

/* The first row whose scheme and text fit counts. OpenSSL's words come first,
 * then those of GnuTLS. */
static const struct {
  const char *scheme, *text, *hint;
} rows[] = {
    {"https://", "wrong version number", SPEAKS_HTTP},
    {"https://", "packet length too long", SPEAKS_HTTP},
    {"https://", "SSL_ERROR_SYSCALL", SPEAKS_HTTP}, /* it hung up at once */
    {"https://", "unexpected TLS packet", SPEAKS_HTTP},
    {"http://", "Empty reply from server", SPEAKS_TLS},
    {"http://", "HTTP/0.9", SPEAKS_TLS}, /* a TLS alert is no HTTP/1 */
    {"https://", "self-signed certificate", NEEDS_CA},
    {"https://", "self signed certificate", NEEDS_CA},
    {"https://", "local issuer certificate", NEEDS_CA},
    {"https://", "certificate verification failed", NEEDS_CA},
    {"https://", "alert bad certificate", NEEDS_CLIENT},
    {"https://", "alert certificate required", NEEDS_CLIENT},
    {"https://", "getpeername() failed", NEEDS_CLIENT}, /* hung up behind TLS */
    {"https://", "Send failure", NEEDS_CLIENT},
};

static const char *find_hint(const char *text, const char *url) {
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    if (strncasecmp(url, rows[i].scheme, strlen(rows[i].scheme)) == 0 &&
        strstr(text, rows[i].text) != NULL)
      return rows[i].hint;
  return NULL;
}

void hint_add(struct error *err, const char *url, bool direct) {
  char proxy[250];
  const char *hint = find_hint(err->text, url);
  bool proxied = !direct && proxy_of(url, proxy, sizeof(proxy));
  size_t used = strlen(err->text);
  snprintf(err->text + used, sizeof(err->text) - used, "%s%s%s%s",
           hint != NULL ? "; " : "", hint != NULL ? hint : "",
           proxied ? "; by the proxy of " : "", proxied ? proxy : "");
}
