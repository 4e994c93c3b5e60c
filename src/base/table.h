/*
 * table - the hash table under idset, roster, totals and worst
 *
 * An open-addressing table of 64-bit slots. A slot's upper half is the upper
 * half of a hash, which places it. The lower half belongs to the user: the rest
 * of the hash, or the row where the rest is kept. The table removes nothing and
 * knows neither texts nor rows. Only one thread at a time may write; while
 * nobody writes, any thread may read.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Initialise with zeros. */
struct table {
  uint64_t *slots; /* 0: free */
  size_t size;     /* a power of two, or 0; at most 7/8 are taken */
  size_t count;
};

/* table_slot(hash, row): the slot for a row: the upper half of the hash, and
 * the row, which is below 2^32 - 1. Never 0. */
uint64_t table_slot(uint64_t hash, size_t row);

/* table_row(slot): the row in a slot that table_slot() made. */
size_t table_row(uint64_t slot);

/* table_same(arg, slot): is this the slot looked for, among all with the same
 * upper half? */
typedef bool table_same(const void *arg, uint64_t slot);

/* table_find(table, hash, same, arg): the slot that has the upper half of the
 * hash and that `same` accepts; 0: none. */
uint64_t table_find(const struct table *table, uint64_t hash, table_same *same,
                    const void *arg);

/* table_add(table, slot): adds a slot, which must not be 0. It does not check
 * whether the slot is there already. False: no memory, and nothing has
 * changed. */
bool table_add(struct table *table, uint64_t slot);

/* table_claim(table, slot, ret_new): adds a slot, which must not be 0, unless
 * the same one is there. False: no memory, and nothing has changed; `ret_new`
 * is set all the same. */
bool table_claim(struct table *table, uint64_t slot, bool *ret_new);

/* table_has(table, slot): is this very slot there? */
bool table_has(const struct table *table, uint64_t slot);

/* table_empty(table): empties the table and keeps its memory. */
void table_empty(struct table *table);

/* table_clear(table): empties the table and frees its memory. */
void table_clear(struct table *table);

#endif
