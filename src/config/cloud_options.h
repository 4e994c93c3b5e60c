/*
 * cloud_options - the options of a <Cloud> block, and what they say together
 *
 * The table of options, the groups that forbid each other, what must be there.
 * Whatever is wrong is one complaint.
 */
#ifndef CLOUD_OPTIONS_H
#define CLOUD_OPTIONS_H

#include "config/option.h"
#include "settings/cloud.h"

#include <stdbool.h>

/* A block while it is read. */
struct cloud_options {
  struct option_block options;
  struct cloud_config *cloud;
  char name[200];
};

/* The words for enum cloud_metadata; ends in NULL. */
extern const char *const cloud_metadatas[];

/* cloud_options_init(block, cloud, to): `to` hears what is wrong; both outlive
 * the block. */
void cloud_options_init(struct cloud_options *block, struct cloud_config *cloud,
                        const struct complaints *to);

/* cloud_options_forbids(block, key): an option is there that forbids this one.
 */
bool cloud_options_forbids(const struct cloud_options *block, const char *key);

/* cloud_options_check_pairs(block): no two options forbid each other. -1:
 * complained. */
int cloud_options_check_pairs(const struct cloud_options *block);

/* cloud_options_check(block): nothing is missing. -1: complained. */
int cloud_options_check(const struct cloud_options *block);

/* cloud_config_free(cloud): and all its options; NULL is fine. */
void cloud_config_free(struct cloud_config *cloud);

#endif
