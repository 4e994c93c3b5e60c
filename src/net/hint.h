/*
 * hint - what an operator may look at after a connection that failed
 *
 * libcurl reports what happened, in words of the TLS library and the system.
 * This module adds where the cause often is. One table serves logins and walks.
 * It decides nothing, and knows no more of libcurl than its words. Any thread
 * may call this.
 */
#ifndef HINT_H
#define HINT_H

#include "base/error.h"

#include <stdbool.h>

/* hint_add(err, url, direct): appends to the text, which is libcurl's, what it
 * hints at for this URL, and the proxy that the environment sets for it, unless
 * the request went past that (`direct`); or nothing. */
void hint_add(struct error *err, const char *url, bool direct);

#endif
