#include "net/proxy.h"

#include "base/text.h"
#include "net/url.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A variable that is set to nothing is not set. */
static const char *value_of(const char *name) {
  const char *value = getenv(name);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Of http_proxy only the name in lower case counts: a web server that runs a
 * program sets HTTP_PROXY from a header of its client's. */
static const char *variable_of(const char *url) {
  static const char *const for_http[] = {"http_proxy", "all_proxy", "ALL_PROXY",
                                         NULL};
  static const char *const for_https[] = {"https_proxy", "HTTPS_PROXY",
                                          "all_proxy", "ALL_PROXY", NULL};
  bool https = strncasecmp(url, "https://", 8) == 0;
  const char *const *name = https ? for_https : for_http;
  while (*name != NULL && value_of(*name) == NULL)
    name++;
  return *name;
}

/* The host, in lower case and without brackets, port and final dot. */
static void host_of(const char *url, char *dst, size_t size) {
  const char *host = strstr(url, "://");
  host = host != NULL ? host + 3 : url;
  size_t len = strcspn(host, "/?#");
  if (host[0] == '[')
    len = strcspn(++host, "]");
  else
    len = strnlen(host, strcspn(host, ":") < len ? strcspn(host, ":") : len);
  char name[256];
  snprintf(name, sizeof(name), "%.*s", (int)(len < 255 ? len : 255), host);
  len = strlen(name);
  if (len > 0 && name[len - 1] == '.')
    name[len - 1] = '\0';
  text_lower(dst, size, name);
}

/* The bytes of an address. Returns their number; 0: it is none. */
static unsigned address_of(const char *text, unsigned char *dst) {
  return inet_pton(AF_INET, text, dst) == 1    ? 4
         : inet_pton(AF_INET6, text, dst) == 1 ? 16
                                               : 0;
}

/* Is the address in a network such as "10.0.0.0/8"? */
static bool in_network(const char *host, char *network) {
  unsigned char a[16], b[16];
  char *slash = strchr(network, '/');
  if (slash != NULL)
    *slash = '\0';
  unsigned n = address_of(host, a); /* it is one */
  if (n != address_of(network, b))
    return false;
  unsigned long bits = slash != NULL ? strtoul(slash + 1, NULL, 10) : 8 * n;
  if (bits > 8 * n || (slash != NULL && bits == 0))
    return false;
  unsigned odd = bits % 8;
  return memcmp(a, b, bits / 8) == 0 &&
         (odd == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - odd) == 0);
}

/* Is it this host, or does it end in this domain? */
static bool in_domain(const char *host, const char *domain) {
  size_t whole = strlen(host), len = strlen(domain);
  return len > 0 && whole >= len && strcmp(host + whole - len, domain) == 0 &&
         (whole == len || host[whole - len - 1] == '.');
}

static bool matches(const char *host, const char *word, size_t len) {
  char plain[256], pattern[256];
  if (len > 0 && word[0] == '.') {
    word++;
    len--;
  }
  if (len > 0 && word[len - 1] == '.')
    len--;
  if (len >= sizeof(plain))
    return false;
  snprintf(plain, sizeof(plain), "%.*s", (int)len, word);
  text_lower(pattern, sizeof(pattern), plain);
  unsigned char address[16];
  return address_of(host, address) > 0 ? in_network(host, pattern)
                                       : in_domain(host, pattern);
}

static bool is_excepted(const char *url) {
  char host[256];
  const char *list = value_of("no_proxy");
  if (list == NULL)
    list = value_of("NO_PROXY");
  if (list == NULL)
    return false;
  if (strcmp(list, "*") == 0)
    return true;
  host_of(url, host, sizeof(host));
  for (const char *at = list + strspn(list, ", \t"); *at != '\0';) {
    size_t len = strcspn(at, ", \t");
    if (matches(host, at, len))
      return true;
    at += len;
    at += strspn(at, ", \t");
  }
  return false;
}

bool proxy_is_set(void) {
  return variable_of("http://") != NULL || variable_of("https://") != NULL;
}

bool proxy_of(const char *url, char *dst, size_t size) {
  char shown[200];
  const char *name = variable_of(url);
  if (name == NULL || is_excepted(url))
    return false;
  url_show(shown, sizeof(shown), getenv(name));
  snprintf(dst, size, "%s=%s", name, shown);
  return true;
}
