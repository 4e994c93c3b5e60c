/*
 * told - what has been logged of a walk, in each region
 *
 * So that a trouble is one line when it is new and one when it is over, and a
 * notice one in the daemon's life. It logs nothing itself. One walk's, and used
 * by the thread that runs it.
 */
#ifndef TOLD_H
#define TOLD_H

#include "collectd/log.h"

#include <stddef.h>

struct told {
  char *region;
  struct log_limit trouble;
  unsigned notices; /* bits, which are the caller's */
};

/* Begin with zeros. */
struct told_regions {
  struct told nowhere; /* the walk came to no region */
  struct told *list;
  size_t n;
};

/* told_of(regions, region): the region's, new if need be, or with NULL
 * nowhere's; until the next call. Without memory the regions share one. */
struct told *told_of(struct told_regions *regions, const char *region);

/* told_clear(regions): frees all. */
void told_clear(struct told_regions *regions);

#endif
