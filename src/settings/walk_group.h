/*
 * walk_group - which meters of a cloud walk together
 *
 * Meters of one listing and one interval walk together: one walk feeds them.
 */
#ifndef WALK_GROUP_H
#define WALK_GROUP_H

#include "settings/cloud.h"

/* walk_group(cloud, first, group): fills `group`, which must have room for all
 * meters, with those that walk with the first-th. Each is a member of a struct
 * cloud_meter. Returns their number; 0: an earlier meter leads them. */
size_t walk_group(const struct cloud_config *cloud, size_t first,
                  const struct meter **group);

/* walk_group_has_metadata(group, n): does one of these meters want all meta
 * data? */
bool walk_group_has_metadata(const struct meter *const *group, size_t n);

#endif
