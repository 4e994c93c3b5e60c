/*
 * values - one cycle of the chosen clouds, and what it sends
 */
#ifndef VALUES_H
#define VALUES_H

#include "command/command.h"

#include <stdbool.h>
#include <stddef.h>

struct values_wanted {
  enum command_form form;
  const char *pattern, *cloud; /* NULL: all */
  bool silent;                 /* print none */
  size_t *ret_sent;            /* how many there were; or NULL */
  /* A cloud's cycle is about to begin. Or NULL. */
  void (*begin)(void *arg, const struct cloud_config *config);
  void *arg;
};

/* values_print(options, wanted): runs the cycles on this thread. Returns the
 * exit status. */
int values_print(struct plugin_options *options,
                 const struct values_wanted *wanted);

#endif
