/*
 * meters - the built-in meters
 *
 * Only data: one file per service, one row per meter. meters.c lists the files.
 */
#ifndef METERS_H
#define METERS_H

#include "meter/meter.h"

#include <stddef.h>

/* Two rows: a count or sum over all records of a listing, and the same by
 * project. The arguments after the name are members of struct meter. */
/* clang-format off */
#define METERS_TOTALS(name_, listing, ...)                                     \
  {.name = name_ ".total", .from = &(listing), __VA_ARGS__},                   \
  {.name = name_ ".by_project", .from = &(listing),                            \
   .group = METER_BY_PROJECT, __VA_ARGS__}
/* clang-format on */

/* One service's meters, ending with a row whose name is NULL. */
extern const struct meter identity_meters[];
extern const struct meter orchestration_meters[];
extern const struct meter baremetal_meters[];
extern const struct meter container_meters[];
extern const struct meter database_meters[];
extern const struct meter instance_ha_meters[];
extern const struct meter metric_meters[];
extern const struct meter image_meters[];
extern const struct meter volume_meters[];
extern const struct meter network_meters[];
extern const struct meter network_operation_meters[];
extern const struct meter network_resource_meters[];
extern const struct meter object_store_meters[];
extern const struct meter load_balancer_meters[];
extern const struct meter dns_meters[];
extern const struct meter share_meters[];
extern const struct meter alarm_meters[];
extern const struct meter radosgw_meters[];
extern const struct meter compute_meters[];
extern const struct meter placement_meters[];
extern const struct meter api_meters[];

/* Neutron's states of all that it has, numbered as Ceilometer does. */
extern const struct state network_status[];

/* Keystone's lists. In a path by domain, "{project}" is a domain's id. Their
 * metadata are domain_id and enabled. */
extern const struct listing identity_domains;
extern const struct listing identity_projects;
extern const struct listing identity_projects_by_domain;
extern const struct listing identity_users;
extern const struct listing identity_users_by_domain;

/* meters_count(), meters_get(i): all built-in meters, in the manual's order. */
size_t meters_count(void);
const struct meter *meters_get(size_t i);

#endif
