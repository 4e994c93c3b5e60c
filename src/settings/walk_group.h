/*
 * walk_group - which meters of a cloud walk together
 *
 * Those of one listing that have one interval: one walk feeds them all.
 */
#ifndef WALK_GROUP_H
#define WALK_GROUP_H

#include "settings/cloud.h"

/* walk_group(cloud, first, group): the meters that walk with the first-th, into
 * `group`, which has room for all; each is a member of a struct cloud_meter.
 * Returns how many; 0: an earlier meter is the first of them. */
size_t walk_group(const struct cloud_config *cloud, size_t first,
                  const struct meter **group);

#endif
