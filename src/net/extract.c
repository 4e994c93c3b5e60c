#include "net/extract.h"

#include "base/text.h"
#include "net/path.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* One name at one level, and the bits whose step it is there. */
struct name {
  const char *text;
  size_t len;
  uint64_t bits;
};

/* What can come next at one level. Level n is the child of n containers. */
struct level {
  uint64_t complete; /* bits whose path ends here */
  uint64_t each, any;
  struct name names[EXTRACT_FIELDS + EXTRACT_GROUPS];
  size_t nnames;
  uint64_t lengths; /* that the names have: length_bit() */
};

struct group {
  extract_record *on_record;
  size_t first, nfields; /* its cells */
  size_t nsteps;
  bool record_is_element; /* the last step is "[]" */
  bool met;
};

/* An open container that some path runs through. */
struct open {
  uint64_t bits;     /* paths that run through it */
  uint64_t children; /* in an array: those that run through each element */
  bool array;
};

struct extract {
  yajl_handle yajl;
  void *arg;
  struct path paths[EXTRACT_FIELDS + EXTRACT_GROUPS]; /* fields, then groups */
  size_t nfields, ngroups;
  enum extract_mode modes[EXTRACT_FIELDS];
  struct group groups[EXTRACT_GROUPS];
  struct level levels[PATH_STEPS + 1];
  struct cell *cells;

  struct open stack[PATH_STEPS + 1];
  size_t depth;   /* of `stack` */
  size_t skipped; /* open containers that no path runs through */
  uint64_t key;   /* in an object: paths that run through the next value */
  size_t quiet;   /* bytes since the last callback */
  bool complete, too_deep;
};

/* ---- levels ------------------------------------------------------------- */

/* Most keys of an answer are of no interest, and of another length than those
 * that are. */
static uint64_t length_bit(size_t len) {
  return UINT64_C(1) << (len < 63 ? len : 63);
}

static void level_add(struct level *level, const struct step *step,
                      uint64_t bit) {
  if (step->kind == STEP_EACH) {
    level->each |= bit;
    return;
  }
  if (step->kind == STEP_ANY) {
    level->any |= bit;
    return;
  }
  for (size_t i = 0; i < level->nnames; i++) {
    if (strcmp(level->names[i].text, step->name) == 0) {
      level->names[i].bits |= bit;
      return;
    }
  }
  size_t len = strlen(step->name);
  level->names[level->nnames++] =
      (struct name){.text = step->name, .len = len, .bits = bit};
  level->lengths |= length_bit(len);
}

/* Turns the paths into what can come at each level: the shape that the
 * callbacks need. */
static void compile(struct extract *x) {
  size_t npaths = x->nfields + x->ngroups;
  for (size_t i = 0; i < npaths; i++) {
    const struct path *path = &x->paths[i];
    uint64_t bit = UINT64_C(1) << i;
    x->levels[path->nsteps].complete |= bit;
    for (size_t s = 0; s < path->nsteps; s++)
      level_add(&x->levels[s], &path->steps[s], bit);
  }
}

/* ---- the parser's callbacks -------------------------------------------- */

static uint64_t all_bits(const struct extract *x) {
  return (UINT64_C(1) << (x->nfields + x->ngroups)) - 1;
}

/* The paths that run through the value which comes now. */
static uint64_t value_bits(const struct extract *x) {
  if (x->depth == 0)
    return x->complete ? 0 : all_bits(x);
  const struct open *top = &x->stack[x->depth - 1];
  return top->array ? top->children : x->key;
}

static uint64_t group_bits(const struct extract *x, uint64_t bits) {
  return bits >> x->nfields;
}

static uint64_t field_bits(const struct extract *x, uint64_t bits) {
  return bits & ((UINT64_C(1) << x->nfields) - 1);
}

static void record_begins(struct extract *x, uint64_t groups) {
  for (; groups != 0; groups &= groups - 1) {
    const struct group *group = &x->groups[__builtin_ctzll(groups)];
    for (size_t i = 0; i < group->nfields; i++) {
      x->cells[group->first + i].kind = CELL_NONE;
      x->cells[group->first + i].sum = 0;
    }
  }
}

static int record_ends(struct extract *x, uint64_t groups) {
  for (; groups != 0; groups &= groups - 1) {
    const struct group *group = &x->groups[__builtin_ctzll(groups)];
    if (group->on_record(x->arg, &x->cells[group->first]) != 0)
      return 0;
  }
  return 1;
}

/* One more in a row of texts; no half of one. */
static void join(struct cell *cell, const char *text, size_t len) {
  size_t comma = cell->kind == CELL_NONE ? 0 : 1;
  if (cell->kind == CELL_NONE)
    cell->len = cell->cut = 0;
  cell->kind = CELL_STRING;
  cell->cut = cell->cut || cell->len + comma + len >= sizeof(cell->text);
  if (cell->cut)
    return;
  cell->text[cell->len] = ',';
  memcpy(cell->text + cell->len + comma, text, len);
  cell->len += comma + len;
  cell->text[cell->len] = '\0';
}

static void fill(struct extract *x, size_t field, enum cell_kind kind,
                 const char *text, size_t len) {
  struct cell *cell = &x->cells[field];
  double number;
  if (x->modes[field] == EXTRACT_COUNT)
    cell->sum++;
  if (cell->kind != CELL_NONE && x->modes[field] == EXTRACT_FIRST)
    return;
  if (x->modes[field] == EXTRACT_JOIN) {
    if (kind >= CELL_NUMBER)
      join(cell, text, len);
    return;
  }
  cell->kind = kind;
  cell->cut = len >= sizeof(cell->text);
  cell->len = cell->cut ? sizeof(cell->text) - 1 : len;
  memcpy(cell->text, text, cell->len);
  cell->text[cell->len] = '\0';
  if (x->modes[field] == EXTRACT_SUM && kind == CELL_NUMBER &&
      text_number(cell->text, &number))
    cell->sum += number;
}

static int scalar(struct extract *x, enum cell_kind kind, const char *text,
                  size_t len) {
  x->quiet = 0;
  if (x->skipped > 0)
    return 1;
  uint64_t bits = value_bits(x) & x->levels[x->depth].complete;
  if (x->depth == 0)
    x->complete = true;
  if (bits == 0)
    return 1;
  uint64_t groups = group_bits(x, bits);
  record_begins(x, groups);
  for (uint64_t f = field_bits(x, bits); f != 0; f &= f - 1)
    fill(x, (size_t)__builtin_ctzll(f), kind, text, len);
  return record_ends(x, groups);
}

static int on_null(void *ctx) { return scalar(ctx, CELL_NULL, "", 0); }

static int on_boolean(void *ctx, int value) {
  return scalar(ctx, value ? CELL_TRUE : CELL_FALSE, "", 0);
}

static int on_number(void *ctx, const char *text, size_t len) {
  return scalar(ctx, CELL_NUMBER, text, len);
}

static int on_string(void *ctx, const unsigned char *text, size_t len) {
  return scalar(ctx, CELL_STRING, (const char *)text, len);
}

/* Groups whose records are the children of the container that opens now. */
static void mark_met(struct extract *x, uint64_t groups, bool array) {
  for (; groups != 0; groups &= groups - 1) {
    struct group *group = &x->groups[__builtin_ctzll(groups)];
    bool holds =
        group->nsteps == x->depth + 1 && group->record_is_element == array;
    if (holds || group->nsteps == 0)
      group->met = true;
  }
}

static int open_container(struct extract *x, bool array) {
  x->quiet = 0;
  if (x->depth + x->skipped >= EXTRACT_DEPTH) {
    x->too_deep = true;
    return 0;
  }
  uint64_t bits = x->skipped > 0 ? 0 : value_bits(x);
  if (bits == 0) {
    x->skipped++;
    return 1;
  }
  uint64_t complete = bits & x->levels[x->depth].complete;
  record_begins(x, group_bits(x, complete));
  for (uint64_t f = field_bits(x, complete); f != 0; f &= f - 1) {
    size_t field = (size_t)__builtin_ctzll(f);
    if (x->modes[field] == EXTRACT_COUNT)
      fill(x, field, CELL_NONE, "", 0);
  }
  mark_met(x, group_bits(x, bits), array);
  if (x->depth == PATH_STEPS) { /* only complete paths come this far */
    x->skipped++;
    return record_ends(x, group_bits(x, complete));
  }
  const struct level *level = &x->levels[x->depth];
  x->stack[x->depth++] = (struct open){
      .bits = bits, .children = bits & level->each, .array = array};
  return 1;
}

static int close_container(struct extract *x) {
  x->quiet = 0;
  if (x->skipped > 0) {
    x->skipped--;
    x->complete = x->complete || (x->depth == 0 && x->skipped == 0);
    return 1;
  }
  uint64_t bits = x->stack[--x->depth].bits;
  x->complete = x->complete || x->depth == 0;
  return record_ends(x, group_bits(x, bits & x->levels[x->depth].complete));
}

static int on_start_map(void *ctx) { return open_container(ctx, false); }
static int on_start_array(void *ctx) { return open_container(ctx, true); }
static int on_end(void *ctx) { return close_container(ctx); }

static int on_key(void *ctx, const unsigned char *text, size_t len) {
  struct extract *x = ctx;
  x->quiet = 0;
  if (x->skipped > 0)
    return 1;
  const struct level *level = &x->levels[x->depth - 1];
  uint64_t bits = x->stack[x->depth - 1].bits;
  uint64_t next = level->any;
  size_t nnames = (level->lengths & length_bit(len)) != 0 ? level->nnames : 0;
  for (size_t i = 0; i < nnames; i++) {
    const struct name *name = &level->names[i];
    if (name->len == len && memcmp(name->text, text, len) == 0) {
      next |= name->bits;
      break;
    }
  }
  x->key = bits & next;
  return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end,
};

/* ---- life cycle --------------------------------------------------------- */

static int add_group(struct extract *x, const struct extract_group *from,
                     struct error *err) {
  struct group *group = &x->groups[x->ngroups++];
  group->on_record = from->on_record;
  group->first = x->nfields;
  for (size_t i = 0; i < from->nfields; i++) {
    if (x->nfields == EXTRACT_FIELDS)
      return error_set(err, ERROR_CONFIG, "more than %d fields of one answer",
                       EXTRACT_FIELDS);
    struct path *path = &x->paths[x->nfields];
    x->modes[x->nfields++] = from->fields[i].mode;
    if (path_add(path, from->record, err) != 0 ||
        path_add(path, from->fields[i].path, err) != 0)
      return -1;
    group->nfields++;
  }
  return 0;
}

/* The groups' own paths come behind all fields, whose number is known only
 * now. */
static int add_records(struct extract *x, const struct extract_group *groups,
                       struct error *err) {
  for (size_t i = 0; i < x->ngroups; i++) {
    struct path *path = &x->paths[x->nfields + i];
    if (path_add(path, groups[i].record, err) != 0)
      return -1;
    x->groups[i].nsteps = path->nsteps;
    x->groups[i].record_is_element =
        path->nsteps > 0 && path->steps[path->nsteps - 1].kind == STEP_EACH;
  }
  return 0;
}

struct extract *extract_new(const struct extract_group *groups, size_t ngroups,
                            void *arg, struct error *err) {
  struct extract *x = calloc(1, sizeof(*x));
  if (x == NULL) {
    error_memory(err);
    return NULL;
  }
  x->arg = arg;
  if (ngroups > EXTRACT_GROUPS) {
    error_set(err, ERROR_CONFIG, "more than %d kinds of records in one answer",
              EXTRACT_GROUPS);
    goto fail;
  }
  for (size_t i = 0; i < ngroups; i++)
    if (add_group(x, &groups[i], err) != 0)
      goto fail;
  if (add_records(x, groups, err) != 0)
    goto fail;
  compile(x);
  x->cells = calloc(x->nfields > 0 ? x->nfields : 1, sizeof(*x->cells));
  if (x->cells == NULL) {
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
  if (x->yajl != NULL)
    yajl_free(x->yajl);
  for (size_t i = 0; i < EXTRACT_FIELDS + EXTRACT_GROUPS; i++)
    path_clear(&x->paths[i]);
  free(x->cells);
  free(x);
}

int extract_begin(struct extract *x, struct error *err) {
  if (x->yajl != NULL)
    yajl_free(x->yajl);
  x->yajl = yajl_alloc(&callbacks, NULL, x);
  if (x->yajl == NULL)
    return error_memory(err);
  /* One name that is not UTF-8 must cost one name, not the page. */
  yajl_config(x->yajl, yajl_dont_validate_strings, 1);
  x->depth = x->skipped = x->quiet = 0;
  x->key = 0;
  x->complete = x->too_deep = false;
  for (size_t i = 0; i < x->ngroups; i++)
    x->groups[i].met = false;
  return 0;
}

static int parse_error(struct extract *x, struct error *err) {
  unsigned char *why = yajl_get_error(x->yajl, 0, NULL, 0);
  char line[160] = "";
  if (why != NULL)
    text_one_line(line, sizeof(line), (char *)why, strlen((char *)why));
  yajl_free_error(x->yajl, why);
  return error_set(err, ERROR_PARSE, "not the JSON it should be: %s", line);
}

static int feed_piece(struct extract *x, const unsigned char *data, size_t len,
                      struct error *err) {
  yajl_status status = yajl_parse(x->yajl, data, len);
  if (x->too_deep)
    return error_set(err, ERROR_LIMIT, "JSON nested deeper than %d",
                     EXTRACT_DEPTH);
  if (status == yajl_status_client_canceled)
    return -1;
  if (status != yajl_status_ok)
    return parse_error(x, err);
  x->quiet += len;
  if (x->quiet > EXTRACT_TOKEN)
    return error_set(err, ERROR_LIMIT, "one JSON string of over %d KiB",
                     EXTRACT_TOKEN / 1024);
  return 0;
}

int extract_feed(struct extract *x, const void *data, size_t len,
                 struct error *err) {
  /* In pieces, since a callback cannot say where in its piece it came: `quiet`
   * may count a piece too much, but not an answer too much. */
  const size_t most = 64 * 1024;
  const unsigned char *at = data;
  for (size_t n; len > 0; at += n, len -= n) {
    n = len < most ? len : most;
    if (feed_piece(x, at, n, err) != 0)
      return -1;
  }
  return 0;
}

int extract_finish(struct extract *x, struct error *err) {
  yajl_status status = yajl_complete_parse(x->yajl);
  if (status == yajl_status_client_canceled)
    return -1;
  if (status != yajl_status_ok || !x->complete)
    return error_set(err, ERROR_PARSE, "the answer ends before its JSON does");
  return 0;
}

bool extract_complete(const struct extract *x) { return x->complete; }

bool extract_met(const struct extract *x, size_t group) {
  return x->groups[group].met;
}
