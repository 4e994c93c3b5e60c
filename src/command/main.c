/*
 * collectd-openstack - asks a cloud once, without the daemon
 *
 * The same core as the plugin, with the very configuration that collectd reads.
 * Nothing but its report leaves it: it touches no writer of collectd's.
 */
#include "command/command.h"
#include "net/http.h"
#include "report/log.h"

#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: collectd-openstack [-C FILE | --os-cloud NAME] COMMAND\n"
    "\n"
    "  check [CLOUD]      what works, what it costs, and why not\n"
    "  meters [PATTERN]   what can be had: unit, request, rights, since\n"
    "  values [PATTERN]   one cycle now, as a table\n"
    "  record DIR         one cycle with all its answers, secrets taken out\n"
    "  replay DIR         the same cycle from the folder, without a cloud\n"
    "\n"
    "  -C, --config FILE  collectd's configuration, with what it includes\n"
    "                     [/etc/collectd/collectd.conf]\n"
    "  --os-cloud NAME    an entry of clouds.yaml, and no configuration\n"
    "  --cloud NAME       only this <Cloud> block\n"
    "  --putval           values as PUTVAL lines\n"
    "  --json             for machines\n"
    "  --anonymous        record other names, ids and addresses\n"
    "  --help, --version\n"
    "\n"
    "PATTERN is as in the option Meter: put it in quotes. Exit status: 0 all\n"
    "works, 1 something does not, 2 command line or configuration.\n"
    "See collectd-openstack(1).\n";

static const struct {
  const char *name;
  int (*run)(const struct command_line *line);
  bool needs_argument;
} commands[] = {
    {"check", command_check, false},   {"meters", command_meters, false},
    {"values", command_values, false}, {"record", command_record, true},
    {"replay", command_replay, true},
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

enum {
  LONG_OS_CLOUD = 256,
  LONG_CLOUD,
  LONG_PUTVAL,
  LONG_JSON,
  LONG_ANONYMOUS,
  LONG_VERSION
};

static const struct option long_options[] = {
    {"config", required_argument, NULL, 'C'},
    {"os-cloud", required_argument, NULL, LONG_OS_CLOUD},
    {"cloud", required_argument, NULL, LONG_CLOUD},
    {"putval", no_argument, NULL, LONG_PUTVAL},
    {"json", no_argument, NULL, LONG_JSON},
    {"anonymous", no_argument, NULL, LONG_ANONYMOUS},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, LONG_VERSION},
    {0},
};

static int usage(const char *why, const char *what) {
  fprintf(stderr, "collectd-openstack: %s%s%s; see --help\n", why,
          what != NULL ? " " : "", what != NULL ? what : "");
  return STATUS_USAGE;
}

/* True: it is done; `ret` has the exit status. */
static bool take_option(struct command_line *line, int key, int *ret) {
  switch (key) {
  case 'C':
    line->source.file = optarg;
    line->has_source = true;
    return false;
  case LONG_OS_CLOUD:
    line->source.os_cloud = optarg;
    line->has_source = true;
    return false;
  case LONG_CLOUD:
    line->cloud = optarg;
    return false;
  case LONG_PUTVAL:
    line->form = FORM_PUTVAL;
    return false;
  case LONG_JSON:
    line->form = FORM_JSON;
    return false;
  case LONG_ANONYMOUS:
    line->anonymous = true;
    return false;
  case 'h':
    fputs(help, stdout);
    *ret = STATUS_GOOD;
    return true;
  case LONG_VERSION:
    printf("collectd-openstack %s\n", OPENSTACK_PLUGIN_VERSION);
    *ret = STATUS_GOOD;
    return true;
  default: /* getopt has told */
    *ret = STATUS_USAGE;
    return true;
  }
}

static int run(size_t command, struct command_line *line) {
  struct error err;
  if (line->source.file != NULL && line->source.os_cloud != NULL)
    return usage("give -C or --os-cloud, not both", NULL);
  if (commands[command].needs_argument && line->argument == NULL)
    return usage(commands[command].name, "needs an argument");
  if (http_start_up(&err) != 0) {
    log_error("%s", err.text);
    return STATUS_BAD;
  }
  int status = commands[command].run(line);
  http_shut_down();
  if (fflush(stdout) == 0 && !ferror(stdout))
    return status;
  log_error("the report cannot be written: %m");
  return status == STATUS_USAGE ? status : STATUS_BAD;
}

int main(int argc, char **argv) {
  struct command_line line = {0};
  int key, status;
  setlocale(LC_CTYPE, "");
  setvbuf(stdout, NULL, _IOLBF, 0); /* in one file with stderr: whole lines */
  while ((key = getopt_long(argc, argv, "C:h", long_options, NULL)) != -1)
    if (take_option(&line, key, &status))
      return status;
  if (optind == argc)
    return usage("which command?", NULL);
  if (strcmp(argv[optind], "help") == 0)
    return fputs(help, stdout) >= 0 ? STATUS_GOOD : STATUS_BAD;
  if (argc - optind > 2)
    return usage("too many arguments (is a pattern in quotes?):",
                 argv[optind + 2]);
  line.argument = argv[optind + 1];
  for (size_t i = 0; i < COMMANDS; i++)
    if (strcmp(argv[optind], commands[i].name) == 0)
      return run(i, &line);
  return usage("no such command:", argv[optind]);
}
