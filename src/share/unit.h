/*
 * unit - what a walk is to those who share its cloud
 *
 * Plain data: a walk carries it, and asks member.h about it.
 */
#ifndef UNIT_H
#define UNIT_H

#include <stddef.h>
#include <stdint.h>

struct member;

/* A unit of a member; or several that one walk makes together, the shards of a
 * listing: bit i of `parts` is the unit first + i. Without a member a walk is
 * nobody else's. */
struct member_unit {
  struct member *member;
  size_t first, n; /* n: 0 is as good as 1 */
};
#define MEMBER_ALL UINT64_MAX /* parts */

#endif
