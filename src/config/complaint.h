/*
 * complaint - what is wrong with a configuration, and who hears it
 *
 * Whoever has a configuration read hands a function that takes each complaint:
 * one line that names block, key and value, and never holds a secret. Nothing
 * in config/ logs.
 */
#ifndef COMPLAINT_H
#define COMPLAINT_H

enum complaint_kind {
  COMPLAINT_WRONG,   /* it is refused */
  COMPLAINT_UNKNOWN, /* it is refused unless further blocks bring what it names
                      */
  COMPLAINT_WARNING,
  COMPLAINT_NOTE, /* nothing is wrong */
};

struct complaints {
  void (*take)(void *arg, enum complaint_kind kind, const char *line);
  void *arg;
};

/* complain(to, kind, format, ...): hands one line over. */
void complain(const struct complaints *to, enum complaint_kind kind,
              const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
