/*
 * meters - what is built in
 *
 * Data only: one file per service, one row per meter. meters.c lists the files.
 */
#ifndef METERS_H
#define METERS_H

#include "meter.h"

#include <stddef.h>

/* One service's meters, ending with a row whose name is NULL. */
extern const struct meter image_meters[];

/* meters_count(), meters_get(i): all built-in meters, in the manual's order. */
size_t meters_count(void);
const struct meter *meters_get(size_t i);

#endif
