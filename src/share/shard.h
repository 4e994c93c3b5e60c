/*
 * shard - which part of a listing by project a project is in
 *
 * A listing that is asked project by project may be shared among daemons by
 * shards. In which shard a project is depends on its id alone, for ever:
 * daemons may disagree about which projects there are, and still ask nobody
 * twice.
 */
#ifndef SHARD_H
#define SHARD_H

#define SHARDS 16

/* shard_of(project): 0 to SHARDS - 1, by the project's id. */
unsigned shard_of(const char *project);

#endif
