/* The plugin's rows, as far as cloudsim wants to know them. */
#include <string.h>
#include <strings.h>

#include "meters/meters.h"
#include "rows.h"

bool row_get(size_t i, struct row *ret_row) {
  const struct meter *m = meters_get(i - 1);

  if (m == NULL)
    return false;
  *ret_row = (struct row){.name = m->name,
                          .service = m->from->service,
                          .path = m->from->path,
                          .record = m->from->record,
                          .id = m->from->id,
                          .field = m->value,
                          .of_record = m->of == METER_RECORD &&
                                       m->total == TOTAL_NONE &&
                                       m->when.field == NULL && m->nskip == 0};
  return true;
}

bool row_has_states(size_t i) {
  return i > 0 && meters_get(i - 1)->states != NULL;
}

double row_state(size_t i, const char *text, size_t len) {
  const struct state *s = meters_get(i - 1)->states;

  while (s->text != NULL &&
         (strlen(s->text) != len || strncasecmp(s->text, text, len) != 0))
    s++;
  return s->number;
}
