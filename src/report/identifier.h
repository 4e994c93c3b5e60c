/*
 * identifier - what a value is called
 *
 * The host is the cloud, the plugin instance the resource's id, the type a
 * stock type of types.db, the type instance the meter's name. Configured
 * formats may change them (name_format.h). Users choose ids and names, so these
 * are mapped before they enter an identifier (text.h). Values about a walk have
 * "CLOUD:LISTING" instead of the resource.
 *
 * ".REGION" is appended to each host if the session wants it (session.h):
 * otherwise totals of two regions would be one series. Nothing is appended to
 * what a HostnameFormat with the word `region` gives, since that already names
 * the region.
 *
 * Which identifiers two resources share, and what is sent under them, is for
 * value_list.
 */
#ifndef IDENTIFIER_H
#define IDENTIFIER_H

#include "meter/sample.h"
#include "settings/cloud.h"
#include "walk/schedule.h"

#include <stdbool.h>
#include <stdint.h>

/* What the names of all values of a walk have in common. */
struct origin {
  const struct cloud_config *cloud;
  const struct listing *listing;
  bool named;                       /* the host contains the region's name */
  char region[IDENTIFIER_BYTES];    /* "" if the walk found none */
  char host[IDENTIFIER_BYTES];      /* of all without a HostnameFormat */
  char walk_host[IDENTIFIER_BYTES]; /* of the values about the walk: where
                                       several daemons walk shards, their own */
  char walk[IDENTIFIER_BYTES];      /* the plugin instance of the walk itself */
};

/* origin_init(origin, cloud, schedule, region, named): as report_init(). */
void origin_init(struct origin *origin, const struct cloud_config *cloud,
                 const struct schedule *schedule, const char *region,
                 bool named);

/* The parts in which formats may name a resource, as the id prefers them. */
enum identifier_part {
  PART_INSTANCE,
  PART_TYPE_INSTANCE,
  PART_HOST,
  IDENTIFIER_PARTS
};

struct identifier {
  char part[IDENTIFIER_PARTS][IDENTIFIER_BYTES];
};

/* identifier_make(origin, sample, ret): makes it by the formats of the sample's
 * meter. */
void identifier_make(const struct origin *origin, const struct sample *sample,
                     struct identifier *ret);

/* identifier_may_clash(identifier, style): may another resource have the same?
 * False: the part that names the resource is its id, and no byte of it was
 * mapped, here or by a writer. */
bool identifier_may_clash(const struct identifier *identifier,
                          const struct cloud_style *style);

/* identifier_is_named(style): is the resource named by something else than its
 * id? */
bool identifier_is_named(const struct cloud_style *style);

/* identifier_varies(style): do the formats have fields of the record, which may
 * change in the next pass? */
bool identifier_varies(const struct cloud_style *style);

/* identifier_is_twins(sample): is the project's name all that tells it apart,
 * and has another project the same name? That is known from the start, whether
 * or not the other project is in this walk. */
bool identifier_is_twins(const struct sample *sample);

/* identifier_is_known(sample): is it the project's own number, called by the
 * project's name? Then all that may look like it are twins as above. */
bool identifier_is_known(const struct sample *sample);

/* identifier_hash(identifier, type): a hash that is the same for identifiers
 * that some writer cannot tell apart. identifier_shared_hash(): one that is
 * also the same in all daemons, so that a tenant may work it out. */
uint64_t identifier_hash(const struct identifier *identifier, const char *type);
uint64_t identifier_shared_hash(const struct identifier *identifier,
                                const char *type);

/* identifier_add_id(identifier, style, id): appends the resource's id to the
 * part that names the resource. If the id is not readable, or is there already,
 * its hash is appended instead. */
void identifier_add_id(struct identifier *identifier,
                       const struct cloud_style *style, const char *id);

#endif
