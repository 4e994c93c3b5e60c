#include "net/extract.h"

#include "net/extract_plan.h"
#include "net/json.h"

#include <stdlib.h>
#include <string.h>

/* An open container that some path runs through. */
struct open {
  const struct node *node;
  const struct node *element; /* in an array: the place of each element */
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
  size_t depth;            /* of `stack` */
  const struct node *next; /* of the value that comes next; NULL: no interest */
  bool complete;
};

/* ---- records ------------------------------------------------------------ */

static void record_begins(struct extract *x, unsigned groups) {
  for (; groups != 0; groups &= groups - 1) {
    const struct group *group = &x->plan.groups[__builtin_ctz(groups)];
    for (size_t i = 0; i < group->nbegins; i++) {
      struct cell *cell = &x->cells[group->begins[i]];
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

/* What is something, but no number, leaves the sum unknown. */
static void add_number(struct cell *cell) {
  double number;
  if (cell->kind == CELL_NUMBER && cell_number(cell, &number))
    sum_add(&cell->sum, number);
  else
    cell->sum.lost = true;
}

/* One more value of a field that takes more than the first. */
static void fill_further(struct cell *cell, enum extract_mode mode,
                         enum cell_kind kind, const char *text, size_t len) {
  if (mode == EXTRACT_COUNT) {
    sum_add(&cell->sum, 1);
  } else if (mode == EXTRACT_JOIN) {
    if (kind == CELL_NUMBER || kind == CELL_STRING)
      join_text(cell, text, len);
  } else if (kind != CELL_NULL && !cell->sum.lost) { /* by the text there */
    set_cell(cell, kind, text, len);
    add_number(cell);
  }
}

static void fill_first(struct cell *cell, enum cell_kind kind, const char *text,
                       size_t len) {
  if (cell->kind <= CELL_CONTAINER)
    set_cell(cell, kind, text, len);
}

/* All fields of the value that comes now. */
static enum json_verdict fill_cells(struct extract *x, enum cell_kind kind,
                                    const char *text, size_t len) {
  const struct node *node = x->next;
  for (size_t i = 0; i < node->nfields; i++) {
    struct cell *cell = &x->cells[node->fields[i]];
    enum extract_mode mode = x->plan.modes[node->fields[i]];
    if (i < node->nkeys)
      set_cell(cell, CELL_STRING, x->key, x->key_len);
    else if (mode != EXTRACT_FIRST)
      fill_further(cell, mode, kind, text, len);
    else
      fill_first(cell, kind, text, len);
  }
  return JSON_GO_ON;
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

static bool runs_through(const struct node *node, size_t group) {
  return node != NULL && (node->through >> group & 1) != 0;
}

/* Around the list of the records: another list, or an element of one. */
static void mark_hollow(struct extract *x, size_t i, enum shape shape) {
  const struct node *node = x->next;
  const struct node *around = x->depth > 0 ? x->stack[x->depth - 1].node : NULL;
  if (runs_through(shape == SHAPE_ARRAY ? node->each : node->any, i))
    x->hollow[i] = true;
  else if (around != NULL &&
           (runs_through(around->each, i) || runs_through(around->any, i)))
    x->hollow[i] = false;
}

static void mark_met(struct extract *x, unsigned groups, enum shape shape) {
  for (; groups != 0; groups &= groups - 1) {
    size_t i = (size_t)__builtin_ctz(groups);
    const struct group *group = &x->plan.groups[i];
    x->met[i] = x->met[i] ||
                is_met(group, x->depth, (x->next->ends >> i & 1) != 0, shape);
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

/* A value that is a record. Few are: kept out of the way of all others. */
__attribute__((noinline)) static enum json_verdict
take_record(struct extract *x, enum cell_kind kind, const char *text,
            size_t len) {
  unsigned groups = without_texts(x, x->next->ends);
  mark_met(x, x->next->ends, SHAPE_SCALAR);
  record_begins(x, groups);
  fill_cells(x, kind, text, len);
  return record_ends(x, groups) == 0 ? JSON_GO_ON : JSON_STOP;
}

static enum json_verdict on_scalar(void *arg, enum cell_kind kind,
                                   const char *text, size_t len) {
  struct extract *x = arg;
  x->complete = x->complete || x->depth == 0;
  if (x->next == NULL)
    return JSON_GO_ON;
  if (x->next->plain) {
    fill_first(&x->cells[x->next->fields[0]], kind, text, len);
    return JSON_GO_ON;
  }
  if (x->next->ends != 0)
    return take_record(x, kind, text, len);
  return fill_cells(x, kind, text, len);
}

static enum json_verdict on_open(void *arg, bool array) {
  struct extract *x = arg;
  const struct node *node = x->next;
  if (node == NULL)
    return JSON_SKIP;
  if (node->ends != 0)
    record_begins(x, node->ends);
  if (node->nfields > 0)
    fill_cells(x, CELL_CONTAINER, "", 0);
  if (node->through != 0)
    mark_met(x, node->through, array ? SHAPE_ARRAY : SHAPE_OBJECT);
  else if (array ? node->each == NULL : node_is_leaf(node))
    return JSON_SKIP; /* and no record that closes */
  x->next = array ? node->each : NULL;
  x->stack[x->depth++] = (struct open){.node = node, .element = x->next};
  return JSON_GO_ON;
}

static enum json_verdict on_close(void *arg) {
  struct extract *x = arg;
  unsigned groups = x->stack[--x->depth].node->ends;
  x->complete = x->complete || x->depth == 0;
  x->next = x->depth > 0 ? x->stack[x->depth - 1].element : x->plan.root;
  if (groups == 0)
    return JSON_GO_ON;
  return record_ends(x, groups) == 0 ? JSON_GO_ON : JSON_STOP;
}

static void keep_key(struct extract *x, const char *text, size_t len) {
  x->key_len = len < sizeof(x->key) ? len : sizeof(x->key);
  cell_put(x->key, text, len < sizeof(x->key) ? len : sizeof(x->key) - 1);
}

static enum json_verdict on_key(void *arg, const char *text, size_t len) {
  struct extract *x = arg;
  x->next = node_find(x->stack[x->depth - 1].node, text, len);
  if (x->next == NULL)
    return JSON_SKIP;
  if (x->next->nkeys > 0)
    keep_key(x, text, len);
  return JSON_GO_ON;
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
  x->next = x->plan.root;
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
