#include "net/extract.h"

#include "net/extract_plan.h"
#include "net/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* An open container that some path runs through. */
struct open {
  mask bits;     /* paths that run through it */
  mask children; /* in an array: those that run through each element */
};

struct extract {
  struct json *json;
  struct extract_plan plan;
  struct cell *cells;
  bool met[EXTRACT_GROUPS];
  bool hollow[EXTRACT_GROUPS]; /* a list that holds lists has no element yet */
  char key[CELL_TEXT]; /* of the member that comes next, for plan.keys */
  size_t key_len;

  struct open stack[PATH_STEPS + 1];
  size_t depth; /* of `stack` */
  mask next;    /* paths that run through the value that comes next */
  mask ends;    /* those that end there */
  bool complete;
};

/* ---- records ------------------------------------------------------------ */

/* The lowest bit, which there is. */
static size_t first_of(mask bits) {
  uint64_t low = (uint64_t)bits;
  return (size_t)(low != 0 ? __builtin_ctzll(low)
                           : 64 + __builtin_ctzll((uint64_t)(bits >> 64)));
}

static void record_begins(struct extract *x, unsigned groups) {
  for (; groups != 0; groups &= groups - 1) {
    mask fields = x->plan.groups[__builtin_ctz(groups)].begins;
    for (; fields != 0; fields &= fields - 1) {
      struct cell *cell = &x->cells[first_of(fields)];
      cell->kind = CELL_NONE;
      cell->sum.n = 0;
      cell->sum.lost = cell->sum.below = false;
    }
  }
}

static int record_ends(struct extract *x, unsigned groups) {
  for (; groups != 0; groups &= groups - 1) {
    const struct group *group = &x->plan.groups[__builtin_ctz(groups)];
    if (group->on_record != NULL &&
        group->on_record(group->arg, &x->cells[group->first]) != 0)
      return -1;
  }
  return 0;
}

/* One more in a row of texts; no half of one. */
static void join_text(struct cell *cell, const char *text, size_t len) {
  size_t comma = cell->kind == CELL_NONE ? 0 : 1;
  if (cell->kind == CELL_NONE)
    cell->len = cell->cut = 0;
  cell->kind = CELL_STRING;
  cell->cut = cell->cut || cell->len + comma + len >= sizeof(cell->text);
  if (cell->cut)
    return;
  cell->text[cell->len] = ',';
  cell_put(cell->text + cell->len + comma, text, len);
  cell->len += comma + len;
}

static void set_cell(struct cell *cell, enum cell_kind kind, const char *text,
                     size_t len) {
  cell->kind = kind;
  cell->cut = len >= sizeof(cell->text);
  cell->len = cell->cut ? sizeof(cell->text) - 1 : len;
  cell_put(cell->text, text, cell->len);
}

/* A null is nothing to add. What is something, but no number, leaves the sum
 * unknown. */
static void add_number(struct cell *cell) {
  double number;
  if (cell->kind == CELL_NUMBER && cell_number(cell, &number))
    sum_add(&cell->sum, number);
  else if (cell->kind != CELL_NULL)
    cell->sum.lost = true;
}

static void fill_cell(struct extract *x, size_t field, enum cell_kind kind,
                      const char *text, size_t len) {
  struct cell *cell = &x->cells[field];
  switch (x->plan.modes[field]) {
  case EXTRACT_COUNT:
    sum_add(&cell->sum, 1);
    return;
  case EXTRACT_JOIN:
    if (kind == CELL_NUMBER || kind == CELL_STRING)
      join_text(cell, text, len);
    return;
  case EXTRACT_SUM:
    if (cell->sum.lost) /* by the text that is there */
      return;
    set_cell(cell, kind, text, len);
    add_number(cell);
    return;
  case EXTRACT_FIRST:
    if (cell->kind == CELL_NONE || cell->kind == CELL_CONTAINER)
      set_cell(cell, kind, text, len);
    return;
  }
}

static void fill_cells(struct extract *x, mask fields, enum cell_kind kind,
                       const char *text, size_t len) {
  mask keys = fields & x->plan.keys;
  for (fields &= ~keys; fields != 0; fields &= fields - 1)
    fill_cell(x, first_of(fields), kind, text, len);
  for (; keys != 0; keys &= keys - 1)
    set_cell(&x->cells[first_of(keys)], CELL_STRING, x->key, x->key_len);
}

enum shape { SHAPE_SCALAR, SHAPE_OBJECT, SHAPE_ARRAY };

/* What holds a group's records has begun; or, where nothing does, the record
 * itself. A text need not be there: what would hold it must. */
static bool is_met(const struct group *group, size_t depth, bool complete,
                   enum shape shape) {
  if (group->list > 0)
    return group->list == depth + 1 &&
           shape == (group->holds == STEP_EACH ? SHAPE_ARRAY : SHAPE_OBJECT);
  if (group->bare && group->nsteps > 0)
    return group->nsteps == depth + 1 && shape == SHAPE_OBJECT;
  return complete && (shape == SHAPE_OBJECT || group->nsteps == 0);
}

/* Around the list of the records: another list, or an element of one. */
static void mark_hollow(struct extract *x, size_t i, enum shape shape) {
  const struct level *level = &x->plan.levels[x->depth];
  mask bit = (mask)1 << i;
  if (((shape == SHAPE_ARRAY ? level->each : level->any) & bit) != 0)
    x->hollow[i] = true;
  else if (x->depth > 0 && ((level[-1].each | level[-1].any) & bit) != 0)
    x->hollow[i] = false;
}

static void mark_met(struct extract *x, mask bits, enum shape shape) {
  unsigned groups = group_bits(bits);
  unsigned complete = group_bits(bits & x->ends);
  for (; groups != 0; groups &= groups - 1) {
    size_t i = (size_t)__builtin_ctz(groups);
    const struct group *group = &x->plan.groups[i];
    x->met[i] =
        x->met[i] || is_met(group, x->depth, (complete >> i & 1) != 0, shape);
    if (x->depth + 1 < group->list)
      mark_hollow(x, i, shape);
  }
}

/* ---- what the parser tells ---------------------------------------------- */

/* An object may have texts beside the records that are its members: the id of a
 * quota set. */
static unsigned without_texts(const struct extract *x, unsigned groups) {
  unsigned records = groups;
  for (; groups != 0; groups &= groups - 1) {
    const struct group *group = &x->plan.groups[__builtin_ctz(groups)];
    if (group->member && !group->bare)
      records &= ~(groups & -groups);
  }
  return records;
}

static enum json_verdict on_scalar(void *arg, enum cell_kind kind,
                                   const char *text, size_t len) {
  struct extract *x = arg;
  mask bits = x->next & x->ends;
  unsigned groups = group_bits(bits);
  if (groups != 0) {
    mark_met(x, bits, SHAPE_SCALAR);
    groups = without_texts(x, groups);
    record_begins(x, groups);
  }
  fill_cells(x, field_bits(bits), kind, text, len);
  x->complete = x->complete || x->depth == 0;
  return record_ends(x, groups) == 0 ? JSON_GO_ON : JSON_STOP;
}

/* What may come where the parser now is: in an object nothing ahead of a key.
 */
static void enter_value(struct extract *x) {
  x->ends = x->plan.levels[x->depth].complete;
  x->next = x->depth > 0 ? x->stack[x->depth - 1].children : x->plan.all;
}

static enum json_verdict on_open(void *arg, bool array) {
  struct extract *x = arg;
  mask bits = x->next, complete = bits & x->ends;
  if (bits == 0)
    return JSON_SKIP;
  if (complete != 0) {
    record_begins(x, group_bits(complete));
    fill_cells(x, field_bits(complete), CELL_CONTAINER, "", 0);
  }
  mark_met(x, bits, array ? SHAPE_ARRAY : SHAPE_OBJECT);
  if (x->depth == PATH_STEPS) /* only complete paths come this far */
    return record_ends(x, group_bits(complete)) == 0 ? JSON_SKIP : JSON_STOP;
  const struct level *level = &x->plan.levels[x->depth];
  x->stack[x->depth++] =
      (struct open){.bits = bits, .children = array ? bits & level->each : 0};
  enter_value(x);
  return JSON_GO_ON;
}

static enum json_verdict on_close(void *arg) {
  struct extract *x = arg;
  mask bits = x->stack[--x->depth].bits;
  x->complete = x->complete || x->depth == 0;
  enter_value(x);
  return record_ends(x, group_bits(bits & x->ends)) == 0 ? JSON_GO_ON
                                                         : JSON_STOP;
}

static void keep_key(struct extract *x, const char *text, size_t len) {
  x->key_len = len < sizeof(x->key) ? len : sizeof(x->key);
  cell_put(x->key, text, len < sizeof(x->key) ? len : sizeof(x->key) - 1);
}

static enum json_verdict on_key(void *arg, const char *text, size_t len) {
  struct extract *x = arg;
  const struct level *level = &x->plan.levels[x->depth - 1];
  x->next = x->stack[x->depth - 1].bits & level_find(level, text, len);
  if ((field_bits(x->next) & x->plan.keys) != 0)
    keep_key(x, text, len);
  return x->next != 0 ? JSON_GO_ON : JSON_SKIP;
}

static const struct json_events events = {
    .open = on_open, .close = on_close, .key = on_key, .scalar = on_scalar};

/* ---- life cycle --------------------------------------------------------- */

struct extract *extract_new(const struct extract_group *groups, size_t ngroups,
                            void *arg, struct error *err) {
  struct extract *x = calloc(1, sizeof(*x));
  if (x == NULL) {
    error_memory(err);
    return NULL;
  }
  if (extract_plan_init(&x->plan, groups, ngroups, arg, err) != 0)
    goto fail;
  x->cells =
      calloc(x->plan.nfields > 0 ? x->plan.nfields : 1, sizeof(*x->cells));
  x->json = json_new(&events, x);
  if (x->cells == NULL || x->json == NULL) {
    error_memory(err);
    goto fail;
  }
  return x;
fail:
  extract_free(x);
  return NULL;
}

void extract_free(struct extract *x) {
  if (x == NULL)
    return;
  json_free(x->json);
  extract_plan_clear(&x->plan);
  free(x->cells);
  free(x);
}

int extract_begin(struct extract *x, struct error *err) {
  x->depth = 0;
  x->complete = false;
  enter_value(x);
  for (size_t i = 0; i < x->plan.ngroups; i++)
    x->met[i] = x->hollow[i] = false;
  return json_begin(x->json, err);
}

int extract_feed(struct extract *x, const void *data, size_t len,
                 struct error *err) {
  return json_feed(x->json, data, len, err);
}

int extract_finish(struct extract *x, struct error *err) {
  if (!json_finish(x->json) || !x->complete)
    return error_set(err, ERROR_PARSE, "the answer ends before its JSON does");
  return 0;
}

bool extract_complete(const struct extract *x) { return x->complete; }

bool extract_met(const struct extract *x, size_t group) {
  return x->met[group] || x->hollow[group];
}
