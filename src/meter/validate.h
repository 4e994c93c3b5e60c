/*
 * validate - would these meters of this listing work?
 *
 * Finds every mistake that can be found without a server: members of a row that
 * contradict each other, wrong names of headers, paths or expressions, and
 * fields that an answer cannot be searched for. What fails here would fail in
 * each walk. Messages are for the operator, in the words of the configuration.
 */
#ifndef VALIDATE_H
#define VALIDATE_H

#include "base/error.h"
#include "meter/meter.h"

#include <stdbool.h>
#include <stddef.h>

/* validate_listing(listing, err): checks a listing by itself. All three return
 * -1 with ERROR_CONFIG, or memory. Any thread may call them. */
int validate_listing(const struct listing *listing, struct error *err);

/* validate_meter(meter, err): checks a meter on its listing, which is valid. */
int validate_meter(const struct meter *meter, struct error *err);

/* validate_walk(meters, n, metadata, err): checks valid meters of one listing
 * together, as one walk has them; with `metadata`, also the listing's fields of
 * meta data. */
int validate_walk(const struct meter *const *meters, size_t n, bool metadata,
                  struct error *err);

#endif
