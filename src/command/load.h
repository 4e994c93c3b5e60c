/*
 * load - the configuration that the command works with
 *
 * A file of collectd's, read as the daemon would, or no file at all: one entry
 * of clouds.yaml. What comes of it is what the plugin makes of it, by the same
 * code (config/plugin_options.h). Complaints go to the host.
 */
#ifndef LOAD_H
#define LOAD_H

#include "config/plugin_options.h"

/* Where the configuration is. */
struct conf_copy;

struct load_source {
  const char *file;       /* NULL: the first of collectd's usual places */
  const char *os_cloud;   /* an entry of clouds.yaml, and no file; or NULL */
  const char *meter;      /* with os_cloud: the only pattern; NULL: the usual */
  struct conf_copy *copy; /* gets what was read; or NULL */
  bool alone;             /* nothing but the file itself may be read */
};

/* load_options(source, options): reads into `options`, which must be
 * PLUGIN_OPTIONS_INIT and which the caller clears in any case. -1: logged. */
int load_options(const struct load_source *source,
                 struct plugin_options *options);

/* load_no_cloud(options, name): logs that there is no such cloud, and which
 * there are. */
void load_no_cloud(const struct plugin_options *options, const char *name);

/* load_recorded(file, options): the same for the file of a recording, which is
 * somebody else's: it includes nothing, and
 * names no other file. */
int load_recorded(const char *file, struct plugin_options *options);

#endif
