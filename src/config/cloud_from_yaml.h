/*
 * cloud_from_yaml - an entry of clouds.yaml as options of a <Cloud> block
 *
 * clouds.yaml is another way to write these options. Each key that the plugin
 * knows stands for one option, and is used where the block does not give that
 * option itself.
 */
#ifndef CLOUD_FROM_YAML_H
#define CLOUD_FROM_YAML_H

#include "config/cloud_options.h"

/* cloud_from_yaml_read(block): if the block has no AuthURL (or names an entry
 * with OSCloud), takes the options that it lacks from clouds.yaml. 0: done, or
 * nothing to do; -1: complained. */
int cloud_from_yaml_read(struct cloud_options *block);

#endif
