/*
 * table - the hash table under idset, roster and totals
 *
 * An open table of 64-bit slots. A slot's upper half is of a hash and places
 * it; the lower half is the user's: the rest of the hash, or the row where the
 * rest is kept. It takes nothing out and knows neither texts nor rows. One
 * thread at a time writes; once nobody does, any thread may read.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Begin with one of zeros. */
struct table {
  uint64_t *slots; /* 0 is a free one */
  size_t size;     /* a power of two, or 0; at most 7/8 are taken */
  size_t count;
};

/* table_slot(hash, row): the slot for a row: the hash's upper half, and the
 * row. Never 0. Rows are below 2^32 - 1. */
uint64_t table_slot(uint64_t hash, size_t row);

/* table_row(slot): the row in a slot of table_slot(). */
size_t table_row(uint64_t slot);

/* table_same(arg, slot): is this the one, of all whose upper half is equal? */
typedef bool table_same(const void *arg, uint64_t slot);

/* table_find(table, hash, same, arg): the slot with the hash's upper half that
 * `same` takes; 0: there is none. */
uint64_t table_find(const struct table *table, uint64_t hash, table_same *same,
                    const void *arg);

/* table_add(table, slot): adds a slot that is not 0, whether or not it is there
 * already. False: no memory, and nothing has changed. */
bool table_add(struct table *table, uint64_t slot);

/* table_clear(table): empty again, memory given back. */
void table_clear(struct table *table);

#endif
