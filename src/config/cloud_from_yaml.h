/*
 * cloud_from_yaml - an entry of clouds.yaml as options of a <Cloud> block
 *
 * clouds.yaml is another way to write the same options: each of its keys is
 * one of ours, and is taken where the block does not say it itself.
 */
#ifndef CLOUD_FROM_YAML_H
#define CLOUD_FROM_YAML_H

#include "config/cloud_options.h"

/* cloud_from_yaml_read(block): if the block has no AuthURL (or names an entry
 * by OSCloud), takes what it does not say itself from clouds.yaml. 0: done, or
 * nothing to do; -1: complained. */
int cloud_from_yaml_read(struct cloud_options *block);

#endif
