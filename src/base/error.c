#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(struct error *err, enum error_code code, const char *format,
              ...) {
  if (err == NULL)
    return -1;
  err->code = code;
  err->detail = 0;
  va_list ap;
  va_start(ap, format);
  vsnprintf(err->text, sizeof(err->text), format, ap);
  va_end(ap);
  return -1;
}

int error_wrap(struct error *err, const char *format, ...) {
  if (err == NULL)
    return -1;
  char context[ERROR_TEXT];
  va_list ap;
  va_start(ap, format);
  vsnprintf(context, sizeof(context), format, ap);
  va_end(ap);

  struct error old = *err;
  /* Truncation is fine: the context matters more than the tail. */
  int len = snprintf(err->text, sizeof(err->text), "%s: ", context);
  if (len > 0 && (size_t)len < sizeof(err->text))
    memccpy(err->text + len, old.text, '\0', sizeof(err->text) - (size_t)len);
  err->text[sizeof(err->text) - 1] = '\0';
  return -1;
}

int error_memory(struct error *err) {
  return error_set(err, ERROR_MEMORY, "out of memory");
}
