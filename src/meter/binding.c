#include "meter/binding.h"

#include "meter/bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int row_append(struct row *row, const struct extract_field *field,
                      struct error *err) {
  if (row->n == METER_FIELDS)
    return error_set(err, ERROR_CONFIG, "more than %d fields", METER_FIELDS);
  char *path = row->paths[row->n] = strdup(field->path);
  if (path == NULL)
    return error_memory(err);
  row->fields[row->n] =
      (struct extract_field){.path = path, .mode = field->mode};
  return (int)row->n++;
}

static int row_add(void *arg, const struct extract_field *field,
                   struct error *err) {
  struct row *row = arg;
  for (size_t i = 0; i < row->n; i++)
    if (row->fields[i].mode == field->mode &&
        strcmp(row->fields[i].path, field->path) == 0)
      return (int)i;
  return row_append(row, field, err);
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

/* Words that stand for what no field has. */
static const struct {
  const char *word;
  int from; /* of enum in struct source */
} words[] = {{"@project", FROM_PROJECT},
             {"@owner", FROM_OWNER},
             {"@owner_name", FROM_OWNER_NAME}};

static bool bind_word(const char *text, size_t len, struct source *source) {
  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
    if (strlen(words[i].word) == len && memcmp(words[i].word, text, len) == 0) {
      source->from = words[i].from;
      return true;
    }
  return false;
}

/* The next piece's source: a field, or a word that begins with '@'. */
static int bind_piece(struct row *row, const char *field, size_t len,
                      struct pieces *pieces, struct error *err) {
  struct source *source = &pieces->piece[pieces->n++].source;
  if (len == 0 || bind_word(field, len, source))
    return 0;
  char *path = strndup(field, len);
  if (path == NULL)
    return error_memory(err);
  source->from = FROM_CELL;
  int status = bind_field(row, path, &source->cell, err);
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

/* "'default'": a text that is the same for all records. */
static bool is_literal(const char *format) {
  size_t len = format != NULL ? strlen(format) : 0;
  return len > 2 && format[0] == '\'' && format[len - 1] == '\'';
}

/* Of an id, or a name. */
static int bind_identity(struct row *row, const char *what, const char *format,
                         struct pieces *pieces, struct error *err) {
  if (!is_literal(format))
    return bind_pieces(row, what, format, pieces, err);
  char *text = strndup(format + 1, strlen(format) - 2);
  if (text == NULL)
    return error_memory(err);
  pieces->piece[pieces->n++].text = text;
  return 0;
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

/* A meter's totals have its value, too: it is read once. NULL: no meter so far
 * has it. */
static struct expr *find_expr(const struct binding *b,
                              const struct meter *meter) {
  for (size_t i = 0; i < b->nmeters; i++) {
    const struct meter *other = b->meters[i].meter;
    if (b->meters[i].expr != NULL && other->of == meter->of &&
        strcmp(other->value, meter->value) == 0)
      return b->meters[i].expr;
  }
  return NULL;
}

static int bind_value(struct binding *b, struct bound_meter *bound,
                      struct error *err) {
  const struct meter *meter = bound->meter;
  struct row *row = &b->rows[meter->of];
  if (meter->value == NULL)
    return 0;
  if (meter->states != NULL)
    return bind_field(row, meter->value, &bound->state, err);
  bound->expr = find_expr(b, meter);
  bound->shared = bound->expr != NULL;
  if (!bound->shared)
    bound->expr = expr_new(meter->value, row_add, row, err);
  return bound->expr != NULL ? 0 : -1;
}

static int bind_meter(struct binding *b, const struct meter *meter,
                      struct error *err) {
  struct bound_meter *bound = &b->meters[b->nmeters];
  struct row *row = &b->rows[meter->of];
  bound->meter = meter;
  bound->series = b->nmeters++;
  bound->state = -1;
  if (bind_group(row, meter->group, &bound->group, err) != 0 ||
      bind_field(row, meter->when.field, &bound->when, err) != 0 ||
      bind_value(b, bound, err) != 0)
    return error_wrap(err, "meter \"%s\"", meter->name);
  return 0;
}

/* Kept apart from the others, so that these stand in a row. Of a list all
 * elements. */
static int bind_text(struct row *row, const char *field, struct error *err) {
  bool several = strstr(field, "[]") != NULL;
  const struct extract_field text = {
      .path = field, .mode = several ? EXTRACT_JOIN : EXTRACT_FIRST};
  return row_append(row, &text, err) < 0 ? -1 : 0;
}

static bool is_named(const struct binding *b, const char *field) {
  const struct extract_field *named =
      b->rows[METER_RECORD].fields + b->first_named;
  for (size_t i = 0; i < b->nnamed; i++)
    if (strcmp(named[i].path, field) == 0)
      return true;
  return false;
}

static int bind_named(struct binding *b, const struct meter *meter,
                      struct error *err) {
  const char *const *field = meter->named;
  for (; field != NULL && *field != NULL; field++) {
    if (is_named(b, *field))
      continue;
    if (bind_text(&b->rows[METER_RECORD], *field, err) != 0)
      return -1;
    b->nnamed++;
  }
  return 0;
}

static int bind_metadata(struct binding *b, struct error *err) {
  const char *const *field = b->listing->metadata;
  for (; field != NULL && *field != NULL; field++) {
    if (bind_text(&b->rows[METER_RECORD], *field, err) != 0)
      return -1;
    size_t len = strlen(*field); /* a list under its own name */
    bool ends = len > 2 && strcmp(*field + len - 2, "[]") == 0;
    char *name = strndup(*field, ends ? len - 2 : len);
    if (name == NULL)
      return error_memory(err);
    b->metadata[b->nmetadata++] = name;
  }
  return 0;
}

/* A total is of no record, and has neither name nor metadata. A listing without
 * meters is one that is checked. */
static bool sends_records(const struct meter *const *meters, size_t nmeters) {
  bool sends = nmeters == 0;
  for (size_t i = 0; i < nmeters; i++)
    sends = sends ||
            (meters[i]->of == METER_RECORD && meters[i]->total == TOTAL_NONE);
  return sends;
}

static bool groups_by_user(const struct meter *const *meters, size_t nmeters) {
  bool by_user = false;
  for (size_t i = 0; i < nmeters; i++)
    by_user = by_user || (meters[i]->group != NULL &&
                          strcmp(meters[i]->group, METER_BY_USER) == 0);
  return by_user;
}

/* `user`, `records`: are users, and what only records have, of interest? */
static int bind_listing(struct binding *b, bool user, bool records,
                        struct error *err) {
  const struct listing *listing = b->listing;
  struct row *row = &b->rows[METER_RECORD];
  bool failed =
      bind_identity(row, "id", listing->id, &b->id, err) != 0 ||
      bind_field(row, listing->project, &b->project, err) != 0 ||
      bind_field(row, listing->older_project, &b->older_project, err) != 0 ||
      bind_field(row, listing->owner, &b->owner, err) != 0 ||
      bind_field(row, user ? listing->user : NULL, &b->user, err) != 0 ||
      bind_identity(row, "name", records ? listing->name_field : NULL, &b->name,
                    err) != 0 ||
      bind_field(row, listing->paging.marker, &b->marker, err) != 0 ||
      bind_field(row, listing->paging.marker_when, &b->marker_when, err) != 0 ||
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
  bool records = sends_records(meters, nmeters);
  bool user = records || groups_by_user(meters, nmeters);
  if (b != NULL)
    b->meters = calloc(nmeters > 0 ? nmeters : 1, sizeof(*b->meters));
  if (b == NULL || b->meters == NULL) {
    error_memory(err);
    goto fail;
  }
  b->listing = listing;
  if (bind_listing(b, user, records, err) != 0)
    goto fail;
  for (size_t i = 0; i < nmeters; i++)
    if (bind_meter(b, meters[i], err) != 0)
      goto fail;
  b->first_metadata = (int)b->rows[METER_RECORD].n;
  if (metadata && records && bind_metadata(b, err) != 0)
    goto fail;
  b->first_named = (int)b->rows[METER_RECORD].n;
  for (size_t i = 0; records && i < nmeters; i++)
    if (bind_named(b, meters[i], err) != 0)
      goto fail;
  return b;
fail:
  binding_free(b);
  return NULL;
}

static void free_meter(struct bound_meter *bound) {
  if (!bound->shared)
    expr_free(bound->expr);
  pieces_clear(&bound->group);
}

void binding_free(struct binding *b) {
  if (b == NULL)
    return;
  for (size_t r = 0; r < METER_ROWS; r++)
    for (size_t i = 0; i < b->rows[r].n; i++)
      free(b->rows[r].paths[i]);
  for (size_t i = 0; i < b->nmeters; i++)
    free_meter(&b->meters[i]);
  pieces_clear(&b->id);
  pieces_clear(&b->name);
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
  bool headers = false;
  for (size_t i = 0; i < b->nmeters; i++) {
    enum meter_of of = b->meters[i].meter->of;
    if (of == METER_RECORD || of == METER_ANSWER)
      return true;
    headers = headers || of == METER_HEADERS;
  }
  return !headers;
}

const char *binding_id(const struct binding *b, const struct cell *cells,
                       const struct asked *asked, char *dst, size_t size) {
  const struct whose whose = {.cells = cells,
                              .asked = asked,
                              .project = asked != NULL ? asked->id : NULL};
  const char *id = pieces_text(&b->id, &whose, dst, size);
  return id != NULL && id[0] != '\0' ? id : NULL;
}

bool binding_may_mark(const struct binding *b, const struct cell *cells) {
  return b->marker_when < 0 || cell_is_there(&cells[b->marker_when]);
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
