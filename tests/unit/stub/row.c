#include "row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

const struct listing row_listing = {
    .name = "things",
    .record = "things[]",
    .id = "id",
    .name_field = "name",
    .project = "owner",
    .user = "user",
};

struct cell row[EXTRACT_FIELDS];

int row_clear(void **state) {
  (void)state;
  memset(row, 0, sizeof(row));
  return 0;
}

struct binding *row_bind(const struct listing *listing,
                         const struct meter *meters, size_t n) {
  const struct meter *list[8];
  struct error err = {0};
  for (size_t i = 0; i < n; i++)
    list[i] = &meters[i];
  struct binding *binding = binding_new(listing, list, n, true, &err);
  if (binding == NULL)
    fail_msg("%s", err.text);
  return binding;
}

struct cell *row_field(const struct binding *binding, enum meter_of of,
                       const char *path) {
  size_t n;
  const struct extract_field *fields = binding_fields(binding, of, &n);
  for (size_t i = 0; i < n; i++)
    if (strcmp(fields[i].path, path) == 0)
      return &row[i];
  fail_msg("nobody wants \"%s\"", path);
  return NULL;
}

void row_set(struct cell *cell, enum cell_kind kind, const char *text) {
  cell->kind = kind;
  cell->cut = false;
  cell->len = strlen(text);
  memcpy(cell->text, text, cell->len + 1);
}
