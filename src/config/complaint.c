#include "config/complaint.h"

#include <stdarg.h>
#include <stdio.h>

void complain(const struct complaints *to, enum complaint_kind kind,
              const char *format, ...) {
  char line[1200];
  va_list ap;
  va_start(ap, format);
  vsnprintf(line, sizeof(line), format, ap);
  va_end(ap);
  to->take(to->arg, kind, line);
}
