#include "meter/binding.h"

#include "base/text.h"
#include "meter/expr.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The fields of one row of cells. */
struct row {
  struct extract_field fields[EXTRACT_FIELDS];
  size_t n;
};

struct bound_meter {
  const struct meter *meter;
  struct expr *expr; /* NULL: counts 1, or has states */
  int state;         /* cell of the text to look up, or -1 */
  int group;         /* cell of the group's name, PROJECT, USER, or -1 */
};

/* A piece of an id: literal text, then a cell. */
struct piece {
  char *text;
  int cell; /* -1: none; PROJECT: the project asked for */
};
static const char ALL[] = "total"; /* the group of meters without one */
enum { PROJECT = -2, USER = -3, MOST_PIECES = 6 };

struct binding {
  const struct listing *listing;
  struct row rows[METER_ROWS];
  struct bound_meter *meters;
  size_t nmeters;
  struct piece id[MOST_PIECES];
  size_t npieces;
  int project, older_project, owner, user, name, marker; /* cells, or -1 */
  int total_header, total; /* cells of a header, of the answer */
  int first_metadata;
  char *metadata[EXTRACT_FIELDS]; /* their names */
  size_t nmetadata;
};

static int too_many(struct error *err) {
  return error_set(err, ERROR_CONFIG, "more than %d fields", EXTRACT_FIELDS);
}

static int row_add(void *arg, const struct extract_field *field,
                   struct error *err) {
  struct row *row = arg;
  for (size_t i = 0; i < row->n; i++)
    if (row->fields[i].mode == field->mode &&
        strcmp(row->fields[i].path, field->path) == 0)
      return (int)i;
  if (row->n == EXTRACT_FIELDS)
    return too_many(err);
  char *path = strdup(field->path);
  if (path == NULL)
    return error_memory(err);
  row->fields[row->n] =
      (struct extract_field){.path = path, .mode = field->mode};
  return (int)row->n++;
}

/* A field of a record that may be NULL: then -1 and no failure. */
static int bind_field(struct row *row, const char *path, int *ret_cell,
                      struct error *err) {
  *ret_cell = -1;
  if (path == NULL)
    return 0;
  struct extract_field field = {.path = path};
  *ret_cell = row_add(row, &field, err);
  return *ret_cell < 0 ? -1 : 0;
}

static int bind_piece(struct binding *b, const char *field, size_t len,
                      struct error *err) {
  struct piece *piece = &b->id[b->npieces++];
  piece->cell = -1;
  if (len == 8 && strncmp(field, "@project", len) == 0)
    piece->cell = PROJECT;
  if (len == 0 || piece->cell == PROJECT)
    return 0;
  char *path = strndup(field, len);
  if (path == NULL)
    return error_memory(err);
  int status = bind_field(&b->rows[METER_RECORD], path, &piece->cell, err);
  free(path);
  return status;
}

static int bad_id(const char *format, const char *why, struct error *err) {
  return error_set(err, ERROR_CONFIG, "id \"%s\" has %s", format, why);
}

static int bind_id(struct binding *b, const char *format, struct error *err) {
  if (format == NULL || strchr(format, '{') == NULL)
    return format == NULL ? 0 : bind_piece(b, format, strlen(format), err);
  for (const char *at = format; *at != '\0';) {
    if (b->npieces == MOST_PIECES)
      return bad_id(format, "too many parts", err);
    size_t literal = strcspn(at, "{");
    char *text = strndup(at, literal);
    if (text == NULL)
      return error_memory(err);
    b->id[b->npieces].text = text;
    at += literal;
    size_t field = *at == '{' ? strcspn(at + 1, "}") : 0;
    if (*at == '{' && at[field + 1] != '}')
      return bad_id(format, "a brace that does not close", err);
    if (*at == '{' && field == 0)
      return bad_id(format, "a brace without a field", err);
    if (bind_piece(b, at + 1, field, err) != 0)
      return -1;
    if (*at == '{')
      at += field + 2;
  }
  return 0;
}

static int bind_group(struct row *row, const char *group, int *ret_cell,
                      struct error *err) {
  if (group != NULL && strcmp(group, METER_BY_PROJECT) == 0)
    *ret_cell = PROJECT;
  else if (group != NULL && strcmp(group, METER_BY_USER) == 0)
    *ret_cell = USER;
  else
    return bind_field(row, group, ret_cell, err);
  return 0;
}

static int bind_meter(struct binding *b, const struct meter *meter,
                      struct error *err) {
  struct bound_meter *bound = &b->meters[b->nmeters++];
  struct row *row = &b->rows[meter->of];
  bound->meter = meter;
  bound->state = -1;
  if (bind_group(row, meter->group, &bound->group, err) != 0)
    return error_wrap(err, "meter \"%s\"", meter->name);
  if (meter->value == NULL)
    return 0;
  if (meter->states != NULL)
    bind_field(row, meter->value, &bound->state, err);
  else
    bound->expr = expr_new(meter->value, row_add, row, err);
  return bound->state >= 0 || bound->expr != NULL
             ? 0
             : error_wrap(err, "meter \"%s\"", meter->name);
}

static int bind_metadata(struct binding *b, struct error *err) {
  const char *const *field = b->listing->metadata;
  struct row *row = &b->rows[METER_RECORD];
  for (; field != NULL && *field != NULL; field++) {
    /* Kept apart from the others, so that they stand in a row. */
    if (row->n == EXTRACT_FIELDS)
      return too_many(err);
    /* Of a list all elements, under the list's name. */
    size_t len = strlen(*field);
    bool list = strstr(*field, "[]") != NULL;
    bool ends = len > 2 && strcmp(*field + len - 2, "[]") == 0;
    char *path = strdup(*field);
    if (path == NULL)
      return error_memory(err);
    row->fields[row->n++] = (struct extract_field){
        .path = path, .mode = list ? EXTRACT_JOIN : EXTRACT_FIRST};
    char *name = strndup(*field, ends ? len - 2 : len);
    if (name == NULL)
      return error_memory(err);
    b->metadata[b->nmetadata++] = name;
  }
  return 0;
}

static int bind_listing(struct binding *b, const struct listing *listing,
                        struct error *err) {
  struct row *row = &b->rows[METER_RECORD];
  bool failed =
      bind_id(b, listing->id, err) != 0 ||
      bind_field(row, listing->project, &b->project, err) != 0 ||
      bind_field(row, listing->older_project, &b->older_project, err) != 0 ||
      bind_field(row, listing->owner, &b->owner, err) != 0 ||
      bind_field(row, listing->user, &b->user, err) != 0 ||
      bind_field(row, listing->name_field, &b->name, err) != 0 ||
      bind_field(row, listing->paging.marker, &b->marker, err) != 0 ||
      bind_field(&b->rows[METER_HEADERS], listing->paging.total_header,
                 &b->total_header, err) != 0 ||
      bind_field(&b->rows[METER_ANSWER], listing->paging.total, &b->total,
                 err) != 0;
  return failed ? -1 : 0;
}

struct binding *binding_new(const struct listing *listing,
                            const struct meter *const *meters, size_t nmeters,
                            bool metadata, struct error *err) {
  struct binding *b = calloc(1, sizeof(*b));
  if (b != NULL)
    b->meters = calloc(nmeters > 0 ? nmeters : 1, sizeof(*b->meters));
  if (b == NULL || b->meters == NULL) {
    error_memory(err);
    goto fail;
  }
  b->listing = listing;
  if (bind_listing(b, listing, err) != 0)
    goto fail;
  for (size_t i = 0; i < nmeters; i++)
    if (bind_meter(b, meters[i], err) != 0)
      goto fail;
  b->first_metadata = (int)b->rows[METER_RECORD].n;
  if (metadata && bind_metadata(b, err) != 0)
    goto fail;
  return b;
fail:
  binding_free(b);
  return NULL;
}

void binding_free(struct binding *b) {
  if (b == NULL)
    return;
  for (size_t r = 0; r < METER_ROWS; r++)
    for (size_t i = 0; i < b->rows[r].n; i++)
      free((char *)b->rows[r].fields[i].path);
  for (size_t i = 0; i < b->nmeters; i++)
    expr_free(b->meters[i].expr);
  for (size_t i = 0; i < MOST_PIECES; i++)
    free(b->id[i].text);
  for (size_t i = 0; i < b->nmetadata; i++)
    free(b->metadata[i]);
  free(b->meters);
  free(b);
}

const struct extract_field *binding_fields(const struct binding *b,
                                           enum meter_of of, size_t *ret_n) {
  *ret_n = b->rows[of].n;
  return b->rows[of].fields;
}

size_t binding_meters(const struct binding *b) { return b->nmeters; }

bool binding_needs_body(const struct binding *b) {
  for (size_t i = 0; i < b->nmeters; i++)
    if (b->meters[i].meter->of != METER_HEADERS)
      return true;
  return false;
}

static const char *text_at(const struct cell *cells, int cell) {
  return cell >= 0 ? cell_text(&cells[cell]) : NULL;
}

bool binding_id(const struct binding *b, const struct cell *cells,
                const char *project, char *dst, size_t size) {
  size_t used = 0;
  dst[0] = '\0';
  for (size_t i = 0; i < b->npieces; i++) {
    const struct piece *piece = &b->id[i];
    const char *parts[2] = {piece->text, NULL};
    if (piece->cell != -1) {
      parts[1] = piece->cell == PROJECT ? project : text_at(cells, piece->cell);
      if (parts[1] == NULL)
        return false;
    }
    for (size_t p = 0; p < 2; p++) {
      if (parts[p] == NULL)
        continue;
      if (!text_copy(dst + used, size - used, parts[p]))
        return false;
      used += strlen(parts[p]);
    }
  }
  return used > 0;
}

const char *binding_marker(const struct binding *b, const struct cell *cells) {
  return text_at(cells, b->marker);
}

double binding_expected(const struct binding *b, enum meter_of of,
                        const struct cell *cells) {
  double number;
  int cell = of == METER_HEADERS ? b->total_header : b->total;
  return cell >= 0 && cell_number(&cells[cell], &number) ? number : NAN;
}

static void take_note(struct sample_notes *notes, enum sample_note note,
                      const char *of, const char *what, const char *text) {
  char shown[64];
  if (notes->n[note]++ > 0)
    return;
  text_one_line(shown, sizeof(shown), text, strlen(text));
  snprintf(notes->example[note], sizeof(notes->example[note]), "%s: %s\"%s\"",
           of, what, shown);
}

/* The number for a text; the last row answers for all that is not known. */
static double state_number(const struct bound_meter *bound,
                           const struct cell *cell,
                           struct sample_notes *notes) {
  if (cell->kind == CELL_NONE) /* an older service has no such field */
    return NAN;
  char text[64];
  const char *word = cell_word(cell);
  text_lower(text, sizeof(text), word != NULL ? word : "");
  const struct state *state = bound->meter->states;
  for (; state->text != NULL; state++)
    if (strcmp(state->text, text) == 0)
      return state->number;
  if (isnan(state->number))
    take_note(notes, NOTE_STATE, bound->meter->name, "unknown state ", text);
  return state->number;
}

/* A record's number or NaN; `ret_odd`: that is no number, and not none. */
static double meter_value(const struct bound_meter *bound,
                          const struct cell *cells, struct sample_notes *notes,
                          bool *ret_odd) {
  const struct meter *meter = bound->meter;
  *ret_odd = false;
  if (meter->value == NULL)
    return 1;
  if (bound->state >= 0)
    return state_number(bound, &cells[bound->state], notes);
  double value = expr_value(bound->expr, cells);
  const struct cell *odd = isnan(value) ? expr_odd(bound->expr, cells) : NULL;
  const char *text =
      odd != NULL && odd->kind != CELL_CONTAINER ? cell_word(odd) : "{}";
  /* "unknown" and "infinite" of a pool say that there is no number. */
  if (odd != NULL && (meter->total != TOTAL_NONE || !text_is_word(text)))
    take_note(notes, NOTE_NUMBER, meter->name, "", text);
  *ret_odd = odd != NULL;
  for (size_t i = 0; i < meter->nskip; i++)
    if (value == meter->skip[i])
      return NAN;
  return value;
}

static void send(size_t meter, const struct sample *sample,
                 struct sample_output *output) {
  size_t most = sample->meter->max_series;
  if (output->sent != NULL && most > 0 && output->sent[meter]++ >= most)
    output->refused++;
  else
    output->sink(output->arg, sample);
}

static const char *group_of(const struct bound_meter *bound,
                            const struct cell *cells,
                            const struct sample *sample) {
  if (bound->group == -1)
    return ALL;
  if (bound->group == PROJECT || bound->group == USER)
    return bound->group == USER ? sample->user : sample->project;
  const struct cell *cell = &cells[bound->group];
  return cell->kind < CELL_NUMBER ? cell_word(cell) : cell_text(cell);
}

/* Counts a sample in, under its group's name. */
static void count_in(const struct binding *b, size_t meter,
                     const struct cell *cells, const struct sample *sample,
                     struct sample_output *output) {
  const char *group = group_of(&b->meters[meter], cells, sample);
  const struct total total = {.series = meter,
                              .group = group,
                              .project = group == ALL ? NULL : sample->project,
                              .value = sample->value};
  if (group != NULL)
    totals_add(output->totals, sample->meter->total, &total);
}

/* Whose a record is, into `ret`; false: its owner is not there. */
static bool find_project(const struct binding *b, const struct subject *subject,
                         const struct sample_output *output, const char **ret) {
  const struct cell *cells = subject->cells;
  bool record = subject->of == METER_RECORD;
  *ret = subject->project;
  if (record && b->project >= 0)
    *ret = text_at(cells, b->project);
  if (record && *ret == NULL)
    *ret = text_at(cells, b->older_project);
  if (!record || output->owners == NULL)
    return true;
  const char *id = text_at(cells, b->owner);
  const struct roster_entry *owner =
      id != NULL ? roster_find(output->owners, id) : NULL;
  if (owner != NULL)
    *ret = owner->name;
  return owner != NULL;
}

/* Does a filter let it through? One that belongs to a project and does not say
 * to which has nothing to be judged by. */
static bool is_wanted(const struct binding *b, const struct subject *subject,
                      const char *project, struct sample_output *output) {
  bool belongs = subject->of == METER_RECORD &&
                 (b->project >= 0 || output->owners != NULL);
  if (belongs && project == NULL) {
    take_note(&output->notes, NOTE_PROJECT, b->listing->name, "", subject->id);
    return output->wanted == NULL;
  }
  return output->wanted == NULL || output->wanted(output->wanted_arg, project);
}

static void take_meter(const struct binding *b, size_t i,
                       const struct cell *cells, struct sample *sample,
                       struct sample_output *output) {
  const struct bound_meter *bound = &b->meters[i];
  bool odd, total = bound->meter->total != TOTAL_NONE;
  sample->meter = bound->meter;
  sample->value = meter_value(bound, cells, &output->notes, &odd);
  if (total && (odd || !isnan(sample->value)))
    count_in(b, i, cells, sample, output);
  else if (!isnan(sample->value))
    send(i, sample, output);
}

void binding_samples(const struct binding *b, const struct subject *subject,
                     struct sample_output *output) {
  const struct cell *cells = subject->cells;
  bool record = subject->of == METER_RECORD;
  struct sample sample = {
      .id = subject->id,
      .user = record ? text_at(cells, b->user) : NULL,
      .name = record ? text_at(cells, b->name) : NULL,
      .binding = b,
      .cells = record ? cells : NULL,
  };
  if (!find_project(b, subject, output, &sample.project) ||
      !is_wanted(b, subject, sample.project, output))
    return;
  for (size_t i = 0; i < b->nmeters; i++)
    if (b->meters[i].meter->of == subject->of)
      take_meter(b, i, cells, &sample, output);
}

static void send_total(const struct binding *b, const struct total *total,
                       double value, struct sample_output *output) {
  const struct sample sample = {.meter = b->meters[total->series].meter,
                                .value = value,
                                .id = total->group,
                                .project = total->project,
                                .binding = b};
  if (!isnan(value))
    send(total->series, &sample, output);
}

/* Nothing to count is 0, and no smallest of nothing. */
static bool begins_at_zero(const struct meter *meter) {
  return meter->total == TOTAL_COUNT || meter->total == TOTAL_SUM;
}

/* A 0 for each owner that has nothing. */
static void zero_owners(size_t meter, struct sample_output *output) {
  for (size_t i = 0; output->owners != NULL && i < output->owners->n; i++)
    totals_zero(output->totals,
                &(struct total){.series = meter,
                                .group = output->owners->entries[i].id,
                                .project = output->owners->entries[i].name});
}

/* That there are no records is known; what headers lack is not. */
static void zero_groups(const struct binding *b, struct sample_output *output) {
  for (size_t i = 0; i < b->nmeters; i++) {
    const struct bound_meter *bound = &b->meters[i];
    if (!begins_at_zero(bound->meter) || bound->meter->of != METER_RECORD)
      continue;
    if (bound->group == -1)
      totals_zero(output->totals, &(struct total){.series = i, .group = ALL});
    else if (bound->group == b->owner)
      zero_owners(i, output);
  }
}

void binding_totals(const struct binding *b, const struct totals *before,
                    struct sample_output *output) {
  struct total total;
  zero_groups(b, output);
  for (size_t i = 0; totals_get(output->totals, i, &total); i++)
    send_total(b, &total, total.value, output);
  /* What found no room is not gone. */
  if (totals_refused(output->totals) > 0)
    return;
  for (size_t i = 0; totals_get(before, i, &total); i++)
    if (begins_at_zero(b->meters[total.series].meter) &&
        !totals_has(output->totals, total.series, total.group))
      send_total(b, &total, 0, output);
}

bool binding_metadata(const struct sample *sample, size_t i,
                      const char **ret_name, const char **ret_text) {
  const struct binding *b = sample->binding;
  if (sample->cells == NULL || i >= b->nmetadata)
    return false;
  *ret_name = b->metadata[i];
  *ret_text = cell_word(&sample->cells[(size_t)b->first_metadata + i]);
  return true;
}
