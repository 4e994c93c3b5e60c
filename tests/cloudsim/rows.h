/*
 * rows - the plugin's rows, without its headers
 *
 * cloudsim and the plugin have structs of one name for different things; this
 * is the only door between them.
 */
#ifndef CLOUDSIM_ROWS_H
#define CLOUDSIM_ROWS_H

#include <stdbool.h>
#include <stddef.h>

struct row {
  const char *name;
  const char *service, *path, *record, *id; /* of its listing */
  const char *field;                        /* its value; NULL: 1 */
  bool of_record;                           /* a value for each record */
};

/* The i-th, from 1 on; false: there are no more. */
bool row_get(size_t i, struct row *ret_row);
bool row_has_states(size_t i); /* i may be 0: no row */
/* What its table makes of a text; NaN: no value. */
double row_state(size_t i, const char *text, size_t len);

#endif
