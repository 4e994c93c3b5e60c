/*
 * conf_copy - the configuration as a recording keeps it
 *
 * Blocks as they were read, and the options of each cloud, be they from the
 * file or from clouds.yaml. Secrets are left out, and so are the names of
 * files, which a replay does not have.
 */
#ifndef CONF_COPY_H
#define CONF_COPY_H

#include "command/scrub.h"
#include "config/config_tree.h"
#include "config/option.h"

#include <stdint.h>
#include <stdio.h>

struct conf_line {
  char *block; /* <Cloud "prod"> */
  const struct option *option;
  char **values;
  size_t nvalues;
  bool quoted;
};

/* Initialise with zeros. */
struct conf_copy {
  struct config_item blocks; /* <Plugin openstack>, as children */
  struct conf_line *lines;
  size_t nlines;
  int64_t interval_ms;
  bool lost; /* memory ran out */
};
void conf_copy_clear(struct conf_copy *copy);

/* conf_copy_option(copy, block, option, item): as in struct complaints.
 * conf_copy_blocks(copy, blocks, interval_ms): takes the blocks. */
void conf_copy_option(void *copy, const struct option_block *block,
                      const struct option *option,
                      const struct config_item *item);
void conf_copy_blocks(struct conf_copy *copy, struct config_item *blocks,
                      int64_t interval_ms);

/* conf_copy_patterns(copy, disguise): the disguise will need to know what the
 * patterns of projects and domains match. */
void conf_copy_patterns(const struct conf_copy *copy,
                        struct disguise *disguise);

/* conf_copy_write(copy, scrub, out): -1: memory ran out. */
int conf_copy_write(const struct conf_copy *copy, const struct scrub *scrub,
                    FILE *out);

#endif
