/*
 * daemon - stands in for collectd
 *
 * Has the functions that the plugin calls, and writes down what it is told:
 * value lists with their meta data, log lines, callbacks. Configuration is
 * read from text, as liboconfig would. Any thread.
 */
#ifndef STUB_DAEMON_H
#define STUB_DAEMON_H

#include "collectd.h"
#include "liboconfig/oconfig.h"
#include "plugin.h"

#include <stdbool.h>
#include <stddef.h>

struct stub_value {
  char name[6 * DATA_MAX_NAME_LEN]; /* host/plugin-instance/type-instance */
  char host[DATA_MAX_NAME_LEN];
  char plugin[DATA_MAX_NAME_LEN];
  char plugin_instance[DATA_MAX_NAME_LEN];
  char type[DATA_MAX_NAME_LEN];
  char type_instance[DATA_MAX_NAME_LEN];
  double value;      /* as a gauge */
  long long integer; /* as any other kind */
  cdtime_t time, interval;
  char *meta; /* "key=value\n" ..., in the order in which they were added */
};

/* stub_reset(): a new daemon: nothing written down, no trouble ahead. */
void stub_reset(void);

/* What was dispatched so far. */
size_t stub_values(void);
const struct stub_value *stub_value(size_t i);

/* stub_forget_values(): none yet. */
void stub_forget_values(void);

/* stub_find(name): the last value of this name ("prod/openstack-..."), or
 * NULL. */
const struct stub_value *stub_find(const char *name);

/* stub_count_values(pattern): how many had a name like this (fnmatch). */
size_t stub_count_values(const char *pattern);

/* stub_wait_values(pattern, n): waits, at most 5 s, until n like this came. */
bool stub_wait_values(const char *pattern, size_t n);

/* What was logged, without the prefix that every line must have. */
size_t stub_logs(void);
const char *stub_log(size_t i, int *ret_level); /* `ret_level` may be NULL */
size_t stub_count_logs(const char *pattern);    /* fnmatch */
void stub_forget_logs(void);

/* stub_parse(text): a configuration file's tree, to stub_parse_free(). */
oconfig_item_t *stub_parse(const char *text);
void stub_parse_free(oconfig_item_t *root);

/* stub_configure(text): reads it and hands its <Plugin> blocks to the config
 * callback, as the daemon does. Returns what that does, or 0. */
int stub_configure(const char *text);

int stub_init(void);
int stub_shutdown(void);

/* The read callbacks, in the order of their registration. */
size_t stub_reads(void);
const char *stub_read_name(size_t i);
double stub_read_interval(size_t i); /* in seconds */
int stub_read(size_t i);

/* stub_free_reads(): gives the user data back, as the daemon does when its read
 * threads are gone. */
void stub_free_reads(void);

/* stub_threads(): those of the plugin that run. */
int stub_threads(void);

/* Trouble to come; stub_reset() ends it. */
void stub_lack_type(const char *type); /* types.db has no such type */
void stub_refuse_threads(void);        /* plugin_thread_create() fails */
void stub_refuse_read(size_t i);       /* the i-th registration fails */
/* In seconds: LoadPlugin's own interval, or the global one: */
void stub_set_intervals(double own, double global);

#endif
