#include "base/cell.h"

#include "base/text.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What a number below 0 becomes where it is printed without its sign. */
static bool fell_below_zero(const char *text) {
  if (strspn(text, "0123456789") != strlen(text))
    return false;
  errno = 0;
  unsigned long long number = strtoull(text, NULL, 10);
  return errno == 0 && number > INT64_MAX;
}

bool cell_number(const struct cell *cell, double *ret) {
  double number;
  if (!cell_has_text(cell) || cell->cut || !text_number(cell->text, &number))
    return false;
  if (number >= 0x1p63 && number <= 0x1p64 && fell_below_zero(cell->text))
    return false;
  *ret = number;
  return true;
}

const char *cell_word(const struct cell *cell) {
  if (cell->kind == CELL_TRUE || cell->kind == CELL_FALSE)
    return cell->kind == CELL_TRUE ? "true" : "false";
  return cell_has_text(cell) ? cell->text : NULL;
}
