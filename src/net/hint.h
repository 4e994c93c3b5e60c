/*
 * hint - what an operator may check after a failed connection
 *
 * libcurl reports what happened, in words of the TLS library and the system.
 * This module adds where the cause often lies. The same table serves logins and
 * walks. The module decides nothing, and knows nothing of libcurl but its
 * messages. Any thread may call this.
 */
#ifndef HINT_H
#define HINT_H

#include "base/error.h"

#include <stdbool.h>

/* hint_add(err, url, direct): appends to the error's text, which is libcurl's,
 * a hint for this URL, if there is one, and the proxy that the environment sets
 * for it, unless the request bypassed that (`direct`). */
void hint_add(struct error *err, const char *url, bool direct);

#endif
