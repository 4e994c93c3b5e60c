/*
 * base64 - bytes as text, in the standard alphabet with padding (RFC 4648)
 *
 * Any thread may call these functions. They keep nothing.
 */
#ifndef BASE64_H
#define BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* base64_encode(data, len): the caller frees it; NULL without memory. */
char *base64_encode(const void *data, size_t len);

/* base64_decode(text, dst, ret_len): decodes the whole text. `dst` has room for
 * strlen(text) + 1 bytes and may be `text` itself; a NUL follows the bytes.
 * False: it is not base64, and `dst` holds nothing of use. */
bool base64_decode(const char *text, char *dst, size_t *ret_len);

#endif
