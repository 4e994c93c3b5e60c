/*
 * command - what the subcommands of collectd-openstack share
 *
 * Each subcommand is a function in a file of its own, which takes the command
 * line and returns the exit status.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include "command/load.h"

#include <stdbool.h>
#include <stddef.h>

enum command_status {
  STATUS_GOOD = 0,
  STATUS_BAD = 1,   /* something does not work */
  STATUS_USAGE = 2, /* the command line or the configuration */
};

enum command_form { FORM_TABLE, FORM_PUTVAL, FORM_JSON };

/* The command line. */
struct command_line {
  struct load_source source;
  bool has_source; /* -C or --os-cloud was given */
  enum command_form form;
  const char *cloud;    /* --cloud, or NULL */
  const char *argument; /* PATTERN, CLOUD or DIR, or NULL */
  bool anonymous;
};

int command_check(const struct command_line *line);
int command_meters(const struct command_line *line);
int command_values(const struct command_line *line);
int command_record(const struct command_line *line);
int command_replay(const struct command_line *line);

#endif
