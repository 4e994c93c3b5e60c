#include "share/shard.h"

#include <stdint.h>

/* FNV-1a, which needs no key that all would have to know. */
unsigned shard_of(const char *project) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char *c = project; *c != '\0'; c++)
    hash = (hash ^ (unsigned char)*c) * 0x100000001b3;
  return (unsigned)(hash % SHARDS);
}
