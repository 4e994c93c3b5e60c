/*
 * walk_group - which meters of a cloud walk together
 *
 * Meters of one listing and one interval walk together: one walk feeds them.
 */
#ifndef WALK_GROUP_H
#define WALK_GROUP_H

#include "settings/cloud.h"

/* walk_group(cloud, first, group): the meters that walk together with the
 * first-th. Fills `group`, which must have room for all meters; each is the
 * member of a struct cloud_meter. Returns their number; 0: they belong to an
 * earlier meter's group. */
size_t walk_group(const struct cloud_config *cloud, size_t first,
                  const struct meter **group);

/* walk_group_has_metadata(group, n): does one of these meters have Metadata
 * "all"? */
bool walk_group_has_metadata(const struct meter *const *group, size_t n);

/* walk_group_unsplit(group, n): why several daemons cannot share this listing
 * by project: behind its name, for the operator. NULL: they can. All of a
 * project's values must come from whoever asks it, and nothing may be made of
 * several projects' records: no total, and no name that another project's may
 * have. */
const char *walk_group_unsplit(const struct meter *const *group, size_t n);

#endif
