/* A listing of things, and a row of cells that a test fills in by the names of
 * their fields. */
#ifndef ROW_H
#define ROW_H

#include "meter/binding.h"

#include <stddef.h>

extern const struct listing row_listing; /* "things" */
extern struct cell row[EXTRACT_FIELDS];

/* row_clear(state): a setup function: all cells are empty. */
int row_clear(void **state);

/* row_bind(listing, meters, n): the test fails if they cannot be bound. */
struct binding *row_bind(const struct listing *listing,
                         const struct meter *meters, size_t n);

/* row_field(binding, of, path): where the binding wants this field; the test
 * fails if it does not. */
struct cell *row_field(const struct binding *binding, enum meter_of of,
                       const char *path);

/* row_set(cell, kind, text) */
void row_set(struct cell *cell, enum cell_kind kind, const char *text);

#endif
