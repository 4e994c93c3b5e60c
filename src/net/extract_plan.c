#include "net/extract_plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- places ------------------------------------------------------------- */

/* A set of paths: a bit for each group, and above them one for each field. */
__extension__ typedef unsigned __int128 mask;
_Static_assert(EXTRACT_GROUPS + EXTRACT_FIELDS <= 128, "one bit each");

static mask bit_of(size_t path) { return (mask)1 << path; }

/* The lowest bit, which there is. */
static size_t first_of(mask paths) {
  uint64_t low = (uint64_t)paths;
  return (size_t)(low != 0 ? __builtin_ctzll(low)
                           : 64 + __builtin_ctzll((uint64_t)(paths >> 64)));
}

static size_t count_of(mask paths) {
  return (size_t)__builtin_popcountll((uint64_t)paths) +
         (size_t)__builtin_popcountll((uint64_t)(paths >> 64));
}

static const struct path *path_at(const struct extract_plan *plan, size_t i) {
  return i < EXTRACT_GROUPS ? &plan->records[i]
                            : &plan->fields[i - EXTRACT_GROUPS];
}

static const struct step each = {.kind = STEP_EACH}, any = {.kind = STEP_ANY};

/* Those of the paths whose step at this depth is this one. */
static mask with_step(const struct extract_plan *plan, mask paths, size_t depth,
                      const struct step *step) {
  mask found = 0;
  for (; paths != 0; paths &= paths - 1) {
    size_t i = first_of(paths);
    const struct path *path = path_at(plan, i);
    const struct step *own = &path->steps[depth];
    if (path->nsteps > depth && own->kind == step->kind &&
        (own->kind != STEP_NAME || strcmp(own->name, step->name) == 0))
      found |= bit_of(i);
  }
  return found;
}

static void add_value(struct node *node, size_t field, bool key) {
  unsigned char *end = &node->fields[node->nfields++];
  *end = (unsigned char)field;
  if (!key)
    return;
  unsigned char *first = &node->fields[node->nkeys++];
  *end = *first;
  *first = (unsigned char)field;
}

/* What is at a place where these paths have come: not yet what is below. */
static struct node *new_node(struct extract_plan *plan, mask paths,
                             size_t depth, struct error *err) {
  size_t n = count_of(paths);
  struct node *node = calloc(1, sizeof(*node) + n * sizeof(struct name) + n);
  if (node == NULL) {
    error_memory(err);
    return NULL;
  }
  node->number = plan->nnodes - 1;
  node->made_before = plan->made;
  plan->made = node;
  node->fields = (unsigned char *)(node->names + n);
  for (mask left = paths; left != 0; left &= left - 1) {
    size_t i = first_of(left);
    bool group = i < EXTRACT_GROUPS, ends = path_at(plan, i)->nsteps == depth;
    if (group)
      node->through |= (unsigned char)(1u << i);
    if (group && ends)
      node->ends |= (unsigned char)(1u << i);
    if (!group && ends)
      add_value(node, i - EXTRACT_GROUPS, plan->keys[i - EXTRACT_GROUPS]);
  }
  bool only = node->nfields == 1 && node->nkeys == 0 && node->ends == 0 &&
              plan->modes[node->fields[0]] == EXTRACT_FIRST;
  node->only = only ? node->fields[0] + 1 : 0;
  return node;
}

static struct name *add_name(struct node *node, const char *text) {
  size_t len = strlen(text);
  unsigned char *kind = &node->kinds[key_kind(text, len)];
  struct name *name = &node->names[node->nnames++];
  *name = (struct name){
      .len = len, .ends = ends_of(text, len), .text = text, .next = *kind};
  *kind = (unsigned char)node->nnames;
  return name;
}

static int add_node(struct extract_plan *plan, mask paths, size_t depth,
                    const struct node **ret, struct error *err);

/* The places of members with names, to which the "*" of others leads as well.
 */
static int add_names(struct extract_plan *plan, struct node *node, mask paths,
                     size_t depth, struct error *err) {
  mask members = with_step(plan, paths, depth, &any);
  for (mask left = paths, done; left != 0; left &= ~done) {
    const struct path *path = path_at(plan, first_of(left));
    const struct step *step = &path->steps[depth];
    done = bit_of(first_of(left));
    if (path->nsteps == depth || step->kind != STEP_NAME)
      continue;
    done = with_step(plan, left, depth, step);
    if (add_node(plan, done | members, depth + 1,
                 &add_name(node, step->name)->node, err) != 0)
      return -1;
  }
  return 0;
}

/* The place where these paths have come, with all below it; NULL: there are no
 * paths. */
static int add_node(struct extract_plan *plan, mask paths, size_t depth,
                    const struct node **ret, struct error *err) {
  *ret = NULL;
  if (paths == 0)
    return 0;
  if (plan->nnodes++ == EXTRACT_NODES)
    return error_set(err, ERROR_CONFIG, "too many paths with \"*\"");
  struct node *node = new_node(plan, paths, depth, err);
  if (node == NULL)
    return -1;
  *ret = node;
  if (add_node(plan, with_step(plan, paths, depth, &each), depth + 1,
               &node->each, err) != 0 ||
      add_node(plan, with_step(plan, paths, depth, &any), depth + 1, &node->any,
               err) != 0)
    return -1;
  return add_names(plan, node, paths, depth, err);
}

static int add_nodes(struct extract_plan *plan, struct error *err) {
  mask all = ((bit_of(plan->nfields) - 1) << EXTRACT_GROUPS) |
             (bit_of(plan->ngroups) - 1);
  return add_node(plan, all, 0, &plan->root, err);
}

/* ---- fields and records -------------------------------------------------- */

static bool is_value(const char *path) {
  return path[0] == '\0' || strcmp(path, EXTRACT_VALUE) == 0;
}

static bool is_outer(const char *path) {
  return strncmp(path, EXTRACT_OUTER, strlen(EXTRACT_OUTER)) == 0;
}

/* How many steps of a record's path lead to the record around it. */
static size_t outer_steps(const struct path *record) {
  size_t n = record->nsteps;
  if (n > 0 && record->steps[n - 1].kind != STEP_NAME)
    n--;
  while (n > 0 && record->steps[n - 1].kind == STEP_NAME)
    n--;
  return n;
}

static int add_key(struct extract_plan *plan, const char *record,
                   const struct path *path, struct error *err) {
  if (path->nsteps == 0 || path->steps[path->nsteps - 1].kind != STEP_ANY)
    return error_set(err, ERROR_CONFIG,
                     "\"" EXTRACT_KEY "\": the path of the record, \"%.100s\", "
                     "does not end in \"*\"",
                     record);
  plan->keys[plan->nfields] = true;
  return 0;
}

/* The path from the root to a field, and what begins its cell anew. */
static int add_field(struct extract_plan *plan, struct group *group,
                     const char *record, const struct extract_field *field,
                     struct error *err) {
  struct path *path = &plan->fields[plan->nfields];
  const char *below = field->path;
  bool outer = is_outer(below), key = strcmp(below, EXTRACT_KEY) == 0;
  if (path_add(path, record, err) != 0 ||
      (key && add_key(plan, record, path, err) != 0))
    return -1;
  if (outer) {
    path_cut(path, outer_steps(path));
    below += strlen(EXTRACT_OUTER);
  } else {
    group->begins[group->nbegins++] = (unsigned char)plan->nfields;
  }
  group->bare = group->bare || is_value(below);
  plan->modes[plan->nfields++] = field->mode;
  group->nfields++;
  return key || is_value(below) ? 0 : path_add(path, below, err);
}

static int too_many_groups(struct error *err) {
  return error_set(err, ERROR_CONFIG,
                   "more than %d kinds of records in one answer",
                   EXTRACT_GROUPS);
}

static int add_group(struct extract_plan *plan,
                     const struct extract_group *from, void *arg,
                     struct error *err) {
  struct group *group = &plan->groups[plan->ngroups++];
  group->on_record = from->on_record;
  group->arg = from->arg != NULL ? from->arg : arg;
  group->first = plan->nfields;
  for (size_t i = 0; i < from->nfields; i++) {
    if (plan->nfields == EXTRACT_FIELDS)
      return error_set(err, ERROR_CONFIG, "more than %d fields of one answer",
                       EXTRACT_FIELDS);
    if (add_field(plan, group, from->record, &from->fields[i], err) != 0)
      return -1;
  }
  return 0;
}

static int add_record(struct extract_plan *plan, size_t i, const char *record,
                      struct error *err) {
  struct group *group = &plan->groups[i];
  struct path *path = &plan->records[i];
  if (path_add(path, record, err) != 0)
    return -1;
  group->nsteps = path->nsteps;
  group->member =
      path->nsteps > 0 && path->steps[path->nsteps - 1].kind == STEP_ANY;
  for (size_t step = 0; step < path->nsteps; step++) {
    if (path->steps[step].kind == STEP_NAME)
      continue;
    group->list = step + 1;
    group->holds = path->steps[step].kind;
  }
  return 0;
}

/* A group without a callback: the record around those of group `inner`, whose
 * fields among theirs live as long as it does. */
static int add_outer(struct extract_plan *plan, size_t inner,
                     const char *record, struct error *err) {
  const struct group *group = &plan->groups[inner];
  if (group->nbegins == group->nfields)
    return 0;
  if (plan->ngroups == EXTRACT_GROUPS)
    return too_many_groups(err);
  size_t outer = plan->ngroups++;
  struct group *around = &plan->groups[outer];
  for (size_t i = group->first; i < group->first + group->nfields; i++)
    if (memchr(group->begins, (int)i, group->nbegins) == NULL)
      around->begins[around->nbegins++] = (unsigned char)i;
  struct path *path = &plan->records[outer];
  if (path_add(path, record, err) != 0)
    return -1;
  path_cut(path, outer_steps(path));
  return 0;
}

static int add_records(struct extract_plan *plan,
                       const struct extract_group *groups, struct error *err) {
  size_t n = plan->ngroups;
  for (size_t i = 0; i < n; i++)
    if (add_record(plan, i, groups[i].record, err) != 0 ||
        add_outer(plan, i, groups[i].record, err) != 0)
      return -1;
  return 0;
}

int extract_plan_init(struct extract_plan *plan,
                      const struct extract_group *groups, size_t ngroups,
                      void *arg, struct error *err) {
  if (ngroups > EXTRACT_GROUPS)
    return too_many_groups(err);
  for (size_t i = 0; i < ngroups; i++)
    if (add_group(plan, &groups[i], arg, err) != 0)
      return -1;
  if (add_records(plan, groups, err) != 0)
    return -1;
  return add_nodes(plan, err);
}

void extract_plan_clear(struct extract_plan *plan) {
  while (plan->made != NULL) {
    struct node *node = plan->made;
    plan->made = node->made_before;
    free(node);
  }
  for (size_t i = 0; i < EXTRACT_GROUPS; i++)
    path_clear(&plan->records[i]);
  for (size_t i = 0; i < EXTRACT_FIELDS; i++)
    path_clear(&plan->fields[i]);
}
