#include "net/extract.h"

#include "net/extract_plan.h"
#include "net/json.h"

#include <stdlib.h>
#include <string.h>

/* An open container that some path runs through. */
struct open {
  const struct node *node;
  const struct node *element;  /* in an array: the place of each element */
  const struct name **follows; /* in an object, as in struct extract */
};

/* The names that came behind a place's key, and first in an object there. */
struct order {
  const struct name *behind, *first;
};

struct extract {
  struct json *json;
  struct extract_plan plan;
  struct cell *cells;
  unsigned char met;    /* bits of groups; */
  unsigned char hollow; /* of whose list of lists there is no element yet */
  char key[CELL_TEXT];  /* of the member that comes next, for plan.keys */
  size_t key_len;

  struct open stack[PATH_STEPS + 1];
  size_t depth;            /* of `stack` */
  const struct node *next; /* of the value that comes next; NULL: no interest */
  /* A service gives a listing's members in the same order each time. */
  struct order *order;         /* of the plan's nodes */
  const struct name **follows; /* where the next key is looked for first */
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

enum { SHORT_TEXT = 64 }; /* most are, and ids and names of projects */

static void replace_nuls(char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (text[i] == '\0')
      text[i] = CELL_NUL;
}

/* `dst` has room for SHORT_TEXT bytes, and for len + 1. A copy of one size is
 * quickest: a processor cannot foresee how long the next text is. */
static void put_text(const struct extract *x, char *dst, const char *text,
                     size_t len) {
  size_t there = json_from(x->json, text);
  if (len <= SHORT_TEXT && there >= SHORT_TEXT)
    memcpy(dst, text, SHORT_TEXT);
  else
    memcpy(dst, text, len);
  dst[len] = '\0';
  if (there == 0)
    replace_nuls(dst, len);
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
  memcpy(cell->text + cell->len + comma, text, len);
  replace_nuls(cell->text + cell->len + comma, len);
  cell->len += comma + len;
  cell->text[cell->len] = '\0';
}

static void set_cell(const struct extract *x, struct cell *cell,
                     enum cell_kind kind, const char *text, size_t len) {
  cell->kind = kind;
  cell->cut = len >= sizeof(cell->text);
  cell->len = cell->cut ? sizeof(cell->text) - 1 : len;
  put_text(x, cell->text, text, cell->len);
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
static void fill_further(const struct extract *x, size_t field,
                         enum cell_kind kind, const char *text, size_t len) {
  struct cell *cell = &x->cells[field];
  enum extract_mode mode = x->plan.modes[field];
  if (mode == EXTRACT_COUNT) {
    sum_add(&cell->sum, 1);
  } else if (mode == EXTRACT_JOIN) {
    if (kind == CELL_NUMBER || kind == CELL_STRING)
      join_text(cell, text, len);
  } else if (kind != CELL_NULL && !cell->sum.lost) { /* by the text there */
    set_cell(x, cell, kind, text, len);
    add_number(cell);
  }
}

static void fill_first(const struct extract *x, size_t field,
                       enum cell_kind kind, const char *text, size_t len) {
  struct cell *cell = &x->cells[field];
  if (cell->kind <= CELL_CONTAINER)
    set_cell(x, cell, kind, text, len);
}

/* All fields of the value that comes now. */
static enum json_verdict fill_cells(struct extract *x, enum cell_kind kind,
                                    const char *text, size_t len) {
  const struct node *node = x->next;
  for (size_t i = 0; i < node->nfields; i++) {
    size_t field = node->fields[i];
    if (i < node->nkeys)
      set_cell(x, &x->cells[field], CELL_STRING, x->key, x->key_len);
    else if (x->plan.modes[field] != EXTRACT_FIRST)
      fill_further(x, field, kind, text, len);
    else
      fill_first(x, field, kind, text, len);
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
    x->hollow |= (unsigned char)(1u << i);
  else if (around != NULL &&
           (runs_through(around->each, i) || runs_through(around->any, i)))
    x->hollow &= (unsigned char)~(1u << i);
}

/* Of the groups that have not been met before. */
static void mark_met(struct extract *x, unsigned groups, enum shape shape) {
  for (groups &= ~(unsigned)x->met; groups != 0; groups &= groups - 1) {
    size_t i = (size_t)__builtin_ctz(groups);
    const struct group *group = &x->plan.groups[i];
    if (is_met(group, x->depth, (x->next->ends >> i & 1) != 0, shape))
      x->met |= (unsigned char)(1u << i);
    else if (x->depth + 1 < group->list)
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
  const struct node *node = x->next;
  x->complete = x->complete || x->depth == 0;
  if (node == NULL)
    return JSON_GO_ON;
  if (node->only > 0) {
    fill_first(x, node->only - 1u, kind, text, len);
    return JSON_GO_ON;
  }
  if (node->ends != 0)
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
  if (x->depth > 0)
    x->stack[x->depth - 1].follows = x->follows;
  x->follows = &x->order[node->number].first;
  x->stack[x->depth++] = (struct open){.node = node, .element = x->next};
  return JSON_GO_ON;
}

static enum json_verdict on_close(void *arg) {
  struct extract *x = arg;
  unsigned groups = x->stack[--x->depth].node->ends;
  x->complete = x->complete || x->depth == 0;
  if (x->depth > 0)
    x->follows = x->stack[x->depth - 1].follows;
  x->next = x->depth > 0 ? x->stack[x->depth - 1].element : x->plan.root;
  if (groups == 0)
    return JSON_GO_ON;
  return record_ends(x, groups) == 0 ? JSON_GO_ON : JSON_STOP;
}

static void keep_key(struct extract *x, const char *text, size_t len) {
  x->key_len = len < sizeof(x->key) ? len : sizeof(x->key);
  put_text(x, x->key, text, len < sizeof(x->key) ? len : sizeof(x->key) - 1);
}

/* A key that was not expected. */
__attribute__((noinline)) static const struct node *
find_key(struct extract *x, const char *text, size_t len) {
  const struct node *node = x->stack[x->depth - 1].node;
  const struct name *name = node_name(node, text, len);
  if (name == NULL)
    return node->any;
  *x->follows = name;
  return name->node;
}

static enum json_verdict on_key(void *arg, const char *text, size_t len) {
  struct extract *x = arg;
  const struct name *expected = *x->follows;
  const struct node *node = expected != NULL && name_is(expected, text, len)
                                ? expected->node
                                : find_key(x, text, len);
  x->next = node;
  if (node == NULL)
    return JSON_SKIP;
  x->follows = &x->order[node->number].behind;
  if (node->nkeys > 0)
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
  x->order = calloc(x->plan.nnodes + 1, sizeof(*x->order));
  x->json = json_new(&events, x);
  if (x->cells == NULL || x->order == NULL || x->json == NULL) {
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
  free(x->order);
  free(x->cells);
  free(x);
}

int extract_begin(struct extract *x, struct error *err) {
  x->depth = 0;
  x->complete = false;
  x->next = x->plan.root;
  x->met = x->hollow = 0;
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
  return ((x->met | x->hollow) >> group & 1) != 0;
}
