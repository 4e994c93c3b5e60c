/*
 * complaint - reports what is wrong with a configuration
 *
 * The caller who wants a configuration read supplies a function, which takes
 * each complaint: one line that names block, key and value, and never holds a
 * secret. Nothing in config/ logs.
 */
#ifndef COMPLAINT_H
#define COMPLAINT_H

#include <stdbool.h>
#include <stddef.h>

enum complaint_kind {
  COMPLAINT_WRONG,   /* refused */
  COMPLAINT_UNKNOWN, /* refused, unless a further block defines the name */
  COMPLAINT_WARNING,
  COMPLAINT_NOTE, /* nothing is wrong */
};

struct option;
struct option_block;
struct config_item;

struct complaints {
  void (*take)(void *arg, enum complaint_kind kind, const char *line);
  /* Called for each option that was taken, wherever it stood. Or NULL. */
  void (*option)(void *arg, const struct option_block *block,
                 const struct option *option, const struct config_item *item);
  void *arg;
  /* The configuration is somebody else's: no file that it names is read, and no
   * clouds.yaml. */
  bool alone;
};

/* complain(to, kind, format, ...): hands one line to `to`. */
void complain(const struct complaints *to, enum complaint_kind kind,
              const char *format, ...) __attribute__((format(printf, 3, 4)));

/* complaint_text(text, dst, size): a blank and the text in quotes, without a
 * password in a URL, and without what is behind a line end: if a quote is
 * missing, that is the next line's secret. */
void complaint_text(const char *text, char *dst, size_t size);

#endif
