/*
 * binding - a listing and its meters, ready to read answers
 *
 * Joins one listing and the meters on it into the list of fields that an answer
 * is searched for, and reads from a record's cells what paging needs. samples.h
 * makes samples of them. Nothing here does I/O, knows curl, yajl or collectd,
 * or keeps a record. A binding never changes, so any thread may use it.
 */
#ifndef BINDING_H
#define BINDING_H

#include "base/error.h"
#include "meter/meter.h"
#include "net/extract.h"

#include <stdbool.h>
#include <stddef.h>

struct asked;
struct binding;

/* binding_new(listing, meters, nmeters, metadata, err): `metadata`: take the
 * listing's metadata fields, too. NULL: ERROR_CONFIG (a path or an expression
 * that cannot be read, too many fields), memory. Keeps the pointers. */
struct binding *binding_new(const struct listing *listing,
                            const struct meter *const *meters, size_t nmeters,
                            bool metadata, struct error *err);
void binding_free(struct binding *binding); /* NULL is fine */

/* binding_listing(binding): the one it was made of. */
const struct listing *binding_listing(const struct binding *binding);

/* binding_fields(binding, of, ret_n): the fields of one row of cells, in the
 * order in which samples_take() wants them. */
const struct extract_field *binding_fields(const struct binding *binding,
                                           enum meter_of of, size_t *ret_n);

/* binding_needs_body(binding): the meters do not live on headers alone. */
bool binding_needs_body(const struct binding *binding);

/* binding_id(binding, cells, asked, dst, size): the record's resource id, which
 * is in `dst` if it was put together, or lives as long as the cells. NULL: it
 * has none (null, missing, too long for `dst`): an odd record. */
const char *binding_id(const struct binding *binding, const struct cell *cells,
                       const struct asked *asked, char *dst, size_t size);

/* binding_may_mark(binding, cells): has the record paging.marker_when, if there
 * is one? binding_marker(binding, cells): the text that PAGING_MARKER goes on
 * from, or NULL. */
bool binding_may_mark(const struct binding *binding, const struct cell *cells);
const char *binding_marker(const struct binding *binding,
                           const struct cell *cells);

/* binding_expected(binding, of, cells): how many records the answer promises in
 * all: paging.total_header of METER_HEADERS, paging.total of METER_ANSWER; or
 * NaN. */
double binding_expected(const struct binding *binding, enum meter_of of,
                        const struct cell *cells);

/* binding_meters(binding): how many there are. */
size_t binding_meters(const struct binding *binding);

#endif
