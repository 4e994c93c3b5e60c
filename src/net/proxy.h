/*
 * proxy - which proxy the environment sets for a URL
 *
 * libcurl reads these variables itself. This module reads them by the same
 * rules, so that a failed connection can name the proxy: a message of libcurl's
 * often names neither it nor the variable. It decides nothing, but that libcurl
 * need not look where there is none. The rules are those of curl(1),
 * "ENVIRONMENT", and of CURLOPT_NOPROXY; releases of libcurl differ in networks
 * of IPv6 and in names with blanks between them. Any thread may call this.
 */
#ifndef PROXY_H
#define PROXY_H

#include <stdbool.h>
#include <stddef.h>

/* proxy_of(url, dst, size): writes the variable and the proxy, without user and
 * password: "https_proxy=http://proxy.example.net:3128". False: the URL is
 * asked for without a proxy; `dst` is untouched. */
bool proxy_of(const char *url, char *dst, size_t size);

/* proxy_is_set(): does the environment set one for any URL? */
bool proxy_is_set(void);

#endif
