#include "net/extract_plan.h"

#include <stdlib.h>
#include <string.h>

/* ---- levels ------------------------------------------------------------- */

static void level_add(struct level *level, const struct step *step, mask bit) {
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
  unsigned char *kind = &level->kinds[key_kind(step->name, len)];
  level->names[level->nnames++] =
      (struct name){.text = step->name, .len = len, .bits = bit, .next = *kind};
  *kind = (unsigned char)level->nnames;
}

static void add_path(struct extract_plan *plan, const struct path *path,
                     size_t i) {
  mask bit = (mask)1 << i;
  plan->all |= bit;
  plan->levels[path->nsteps].complete |= bit;
  for (size_t s = 0; s < path->nsteps; s++)
    level_add(&plan->levels[s], &path->steps[s], bit);
}

/* Turns the paths into what can come at each level: the shape that the
 * callbacks need. */
static void compile(struct extract_plan *plan) {
  for (size_t i = 0; i < plan->ngroups; i++)
    add_path(plan, &plan->records[i], i);
  for (size_t i = 0; i < plan->nfields; i++)
    add_path(plan, &plan->fields[i], EXTRACT_GROUPS + i);
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
  plan->keys |= (mask)1 << plan->nfields;
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
    group->begins |= (mask)1 << plan->nfields;
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
  mask own = (((mask)1 << group->nfields) - 1) << group->first;
  if ((own & ~group->begins) == 0)
    return 0;
  if (plan->ngroups == EXTRACT_GROUPS)
    return too_many_groups(err);
  size_t outer = plan->ngroups++;
  plan->groups[outer].begins = own & ~group->begins;
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
  compile(plan);
  return 0;
}

void extract_plan_clear(struct extract_plan *plan) {
  for (size_t i = 0; i < EXTRACT_GROUPS; i++)
    path_clear(&plan->records[i]);
  for (size_t i = 0; i < EXTRACT_FIELDS; i++)
    path_clear(&plan->fields[i]);
}
