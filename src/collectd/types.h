/*
 * types - whether types.db has the types that a cloud's values need
 */
#ifndef TYPES_H
#define TYPES_H

#include "settings/cloud.h"

/* types_check(config): each meter, and the report of each walk, has a type of
 * one value; how the daemon counts it is kept in the meter's ds_type. -1:
 * logged. On the thread that runs init. */
int types_check(struct cloud_config *config);

#endif
