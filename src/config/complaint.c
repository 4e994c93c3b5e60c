#include "config/complaint.h"

#include "base/text.h"
#include "net/url.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void complain(const struct complaints *to, enum complaint_kind kind,
              const char *format, ...) {
  char line[1200];
  va_list ap;
  va_start(ap, format);
  vsnprintf(line, sizeof(line), format, ap);
  va_end(ap);
  to->take(to->arg, kind, line);
}

void complaint_text(const char *text, char *dst, size_t size) {
  char line[200];
  size_t len = strcspn(text, "\r\n");
  char *first = strndup(text, len);
  if (first == NULL)
    return;
  if (strstr(first, "://") != NULL || strchr(first, '@') != NULL)
    url_show(line, sizeof(line), first);
  else
    text_one_line(line, sizeof(line), first, len);
  snprintf(dst, size, " \"%s%s\"", line, text[len] != '\0' ? " ..." : "");
  free(first);
}
