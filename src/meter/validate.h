/*
 * validate - would these meters of this listing work?
 *
 * All that shows without a server: what a row's members say together, names of
 * headers, paths and expressions, and whether an answer can be searched for all
 * of it. What fails here would fail in each walk. Messages are the operator's,
 * in the words of the configuration.
 */
#ifndef VALIDATE_H
#define VALIDATE_H

#include "base/error.h"
#include "meter/meter.h"

#include <stdbool.h>
#include <stddef.h>

/* validate_listing(listing, err): a listing by itself. All three return -1 with
 * ERROR_CONFIG, or memory. */
int validate_listing(const struct listing *listing, struct error *err);

/* validate_meter(meter, err): one meter on its listing, which is good. */
int validate_meter(const struct meter *meter, struct error *err);

/* validate_walk(meters, n, metadata, err): meters of one listing in one walk,
 * each of which is good; with the listing's meta data? */
int validate_walk(const struct meter *const *meters, size_t n, bool metadata,
                  struct error *err);

#endif
