/*
 * cloud_options - the options of a <Cloud> block, and checks of them together
 *
 * Has the table of options, the groups whose members forbid each other, and the
 * checks that nothing is missing. Each mistake is one complaint.
 */
#ifndef CLOUD_OPTIONS_H
#define CLOUD_OPTIONS_H

#include "config/option.h"
#include "settings/cloud.h"

#include <stdbool.h>

/* A block that is being read. */
struct cloud_options {
  struct option_block options;
  struct cloud_config *cloud;
  char name[200];
};

/* The words for enum cloud_metadata; ends in NULL. */
extern const char *const cloud_metadatas[];

/* cloud_options_init(block, cloud, to): `to` gets the complaints; it and
 * `cloud` must outlive the block. */
void cloud_options_init(struct cloud_options *block, struct cloud_config *cloud,
                        const struct complaints *to);

/* cloud_options_has(key): does a <Cloud> block have an option of this name? */
bool cloud_options_has(const char *key);

/* cloud_options_forbids(block, key): does the block have an option that forbids
 * this one? */
bool cloud_options_forbids(const struct cloud_options *block, const char *key);

/* cloud_options_check_pairs(block): checks that no two options forbid each
 * other. -1: complained. */
int cloud_options_check_pairs(const struct cloud_options *block);

/* cloud_options_check(block): checks that nothing is missing. -1:
 * complained. */
int cloud_options_check(const struct cloud_options *block);

/* cloud_config_free(cloud): frees it and all its options; NULL is fine. */
void cloud_config_free(struct cloud_config *cloud);

#endif
