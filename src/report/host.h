/*
 * host - what the core needs of the program that it runs in
 *
 * The functions below are declared here and defined by each host: src/collectd/
 * for the daemon, src/command/ for the command. They take what walks report:
 * values and log lines. The core must not learn which host it has.
 */
#ifndef HOST_H
#define HOST_H

#include "settings/style.h"

#include <stdbool.h>
#include <stdint.h>

enum host_level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE, LEVEL_INFO };

/* host_log(level, line): any thread. The line is whole and has no control
 * bytes. */
void host_log(enum host_level level, const char *line);

/* host_name(): what this daemon is called, for values that are about it. */
const char *host_name(void);

struct host_meta; /* the meta data of a value */

/* NULL: no memory, or the host wants none. Freeing NULL is fine. */
struct host_meta *host_meta_new(void);
void host_meta_add(struct host_meta *meta, const char *key, const char *text);
void host_meta_free(struct host_meta *meta);

/* All but the plugin's name, which is "openstack". */
struct host_value {
  const char *host, *instance, *type, *type_instance;
  double number;
  enum value_kind kind;
  bool of_walk; /* it is about a walk and belongs to no meter */
  double time;  /* in seconds since 1970 */
  int64_t interval_ms;
  struct host_meta *meta; /* NULL: none */
};

/* host_fits(kind, number): can a value of this kind hold the number? */
bool host_fits(enum value_kind kind, double number);

/* host_send(value): any thread. Copies what it needs. */
void host_send(const struct host_value *value);

#endif
