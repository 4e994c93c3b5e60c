#include "collectd/told.h"

#include <stdlib.h>
#include <string.h>

struct told *told_of(struct told_regions *regions, const char *region) {
  for (size_t i = 0; region != NULL && i < regions->n; i++)
    if (strcmp(regions->list[i].region, region) == 0)
      return &regions->list[i];
  char *name = region != NULL ? strdup(region) : NULL;
  struct told *grown =
      name == NULL ? NULL
                   : realloc(regions->list, (regions->n + 1) * sizeof(*grown));
  if (grown == NULL) {
    free(name);
    return &regions->nowhere;
  }
  regions->list = grown;
  grown[regions->n] = (struct told){.region = name};
  return &grown[regions->n++];
}

void told_clear(struct told_regions *regions) {
  for (size_t i = 0; i < regions->n; i++)
    free(regions->list[i].region);
  free(regions->list);
  *regions = (struct told_regions){.n = 0};
}
