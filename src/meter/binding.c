#include "meter/binding.h"

#include "base/text.h"
#include "meter/bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int too_many(struct error *err) {
  return error_set(err, ERROR_CONFIG, "more than %d fields", METER_FIELDS);
}

static int row_add(void *arg, const struct extract_field *field,
                   struct error *err) {
  struct row *row = arg;
  for (size_t i = 0; i < row->n; i++)
    if (row->fields[i].mode == field->mode &&
        strcmp(row->fields[i].path, field->path) == 0)
      return (int)i;
  if (row->n == METER_FIELDS)
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

/* The same as a source. */
static int bind_source(struct row *row, const char *path,
                       struct source *ret_source, struct error *err) {
  int cell, status = bind_field(row, path, &cell, err);
  *ret_source = (struct source){cell >= 0 ? FROM_CELL : FROM_NOTHING, cell};
  return status;
}

/* The next piece's source: a field, or a word that begins with '@'. */
static int bind_piece(struct row *row, const char *field, size_t len,
                      struct pieces *pieces, struct error *err) {
  struct source *source = &pieces->piece[pieces->n++].source;
  if (len == 8 && strncmp(field, "@project", len) == 0)
    source->from = FROM_PROJECT;
  if (len == 0 || source->from == FROM_PROJECT)
    return 0;
  char *path = strndup(field, len);
  if (path == NULL)
    return error_memory(err);
  int status = bind_source(row, path, source, err);
  free(path);
  return status;
}

static int bad_format(const char *what, const char *format, const char *why,
                      struct error *err) {
  return error_set(err, ERROR_CONFIG, "%s \"%.200s\" has %s", what, format,
                   why);
}

/* `what` the format is, for messages. */
static int bind_pieces(struct row *row, const char *what, const char *format,
                       struct pieces *pieces, struct error *err) {
  if (format == NULL || strchr(format, '{') == NULL)
    return format == NULL
               ? 0
               : bind_piece(row, format, strlen(format), pieces, err);
  for (const char *at = format; *at != '\0';) {
    if (pieces->n == MOST_PIECES)
      return bad_format(what, format, "too many parts", err);
    size_t literal = strcspn(at, "{");
    char *text = strndup(at, literal);
    if (text == NULL)
      return error_memory(err);
    pieces->piece[pieces->n].text = text;
    at += literal;
    size_t field = *at == '{' ? strcspn(at + 1, "}") : 0;
    if (*at == '{' && at[field + 1] != '}')
      return bad_format(what, format, "a brace that does not close", err);
    if (*at == '{' && field == 0)
      return bad_format(what, format, "a brace without a field", err);
    if (bind_piece(row, at + 1, field, pieces, err) != 0)
      return -1;
    if (*at == '{')
      at += field + 2;
  }
  return 0;
}

static void free_pieces(struct pieces *pieces) {
  for (size_t i = 0; i < MOST_PIECES; i++)
    free(pieces->piece[i].text);
}

static int bind_group(struct row *row, const char *group, struct pieces *pieces,
                      struct error *err) {
  bool project = group != NULL && strcmp(group, METER_BY_PROJECT) == 0;
  bool user = group != NULL && strcmp(group, METER_BY_USER) == 0;
  if (!project && !user)
    return bind_pieces(row, "group", group, pieces, err);
  pieces->piece[pieces->n++].source.from = project ? FROM_PROJECT : FROM_USER;
  return 0;
}

static int bind_meter(struct binding *b, const struct meter *meter,
                      struct error *err) {
  struct bound_meter *bound = &b->meters[b->nmeters++];
  struct row *row = &b->rows[meter->of];
  bound->meter = meter;
  bound->state = -1;
  if (bind_group(row, meter->group, &bound->group, err) != 0 ||
      bind_field(row, meter->when.field, &bound->when, err) != 0)
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
    if (row->n == METER_FIELDS)
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
      bind_pieces(row, "id", listing->id, &b->id, err) != 0 ||
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

static void free_meter(struct bound_meter *bound) {
  expr_free(bound->expr);
  free_pieces(&bound->group);
}

void binding_free(struct binding *b) {
  if (b == NULL)
    return;
  for (size_t r = 0; r < METER_ROWS; r++)
    for (size_t i = 0; i < b->rows[r].n; i++)
      free((char *)b->rows[r].fields[i].path);
  for (size_t i = 0; i < b->nmeters; i++)
    free_meter(&b->meters[i]);
  free_pieces(&b->id);
  for (size_t i = 0; i < b->nmetadata; i++)
    free(b->metadata[i]);
  free(b->meters);
  free(b);
}

const struct listing *binding_listing(const struct binding *b) {
  return b->listing;
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

bool binding_id(const struct binding *b, const struct cell *cells,
                const char *project, char *dst, size_t size) {
  size_t used = 0;
  dst[0] = '\0';
  for (size_t i = 0; i < b->id.n; i++) {
    const struct source *source = &b->id.piece[i].source;
    const char *parts[2] = {b->id.piece[i].text, NULL};
    if (source->from == FROM_PROJECT)
      parts[1] = project;
    if (source->from == FROM_CELL)
      parts[1] = cell_text(&cells[source->cell]);
    if (source->from != FROM_NOTHING && parts[1] == NULL)
      return false;
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
