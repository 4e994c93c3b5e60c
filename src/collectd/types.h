/*
 * types - whether types.db has the types that a cloud's values need
 */
#ifndef TYPES_H
#define TYPES_H

#include "settings/cloud.h"

/* types_check(config): checks that each meter, and each value about a walk, has
 * a type with one data source, and stores in each meter's `kind` how the daemon
 * counts it. -1: logged. Call it on the thread that runs init. */
int types_check(struct cloud_config *config);

#endif
