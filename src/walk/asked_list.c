#include "walk/asked_list.h"

#include "base/clock.h"
#include "meter/pieces.h"
#include "settings/cloud.h"
#include "share/shard.h"
#include "walk/projects.h"
#include "walk/rosters.h"

#include <math.h>
#include <stdlib.h>

static int begin_list(struct asked_list *list, size_t n, struct error *err) {
  free(list->asked);
  list->n = 0;
  list->asked = calloc(n > 0 ? n : 1, sizeof(*list->asked));
  if (list->asked == NULL)
    return error_memory(err);
  list->n = n;
  list->seen_asked = 0;
  list->begun_ms = list->seen_ms = clock_ms();
  return 0;
}

static bool is_in(uint64_t parts, const char *project) {
  return (parts >> shard_of(project) & 1) != 0;
}

int asked_list_projects(struct asked_list *list, struct projects *projects,
                        const struct project_view *view, uint64_t parts,
                        struct error *err) {
  list->projects = projects;
  list->view = view;
  list->parts = parts;
  if (begin_list(list, view->nprojects, err) != 0)
    return -1;
  list->n = 0;
  for (size_t i = 0; i < view->nprojects; i++)
    if (is_in(parts, view->project_ids[i]))
      list->asked[list->n++] = (struct asked){.id = view->project_ids[i],
                                              .project = view->project_ids[i]};
  return 0;
}

int asked_list_owners(struct asked_list *list, struct error *err) {
  const struct roster *owners = &list->owners->roster;
  if (begin_list(list, owners->n, err) != 0)
    return -1;
  for (size_t i = 0; i < list->n; i++) {
    const struct roster_entry *owner = &owners->entries[i];
    list->asked[i] = (struct asked){
        .id = owner->id, .name = owner->name, .project = owner->project};
  }
  return 0;
}

/* How many of n belong to this part of the time in which all are asked. */
static size_t part_of(size_t n, int64_t ms, const struct pace *pace) {
  double all = (double)INTERVAL_SHARE(pace->interval_ms);
  double due = ceil((double)n * (double)ms / all);
  return due < (double)n ? (size_t)due : n;
}

size_t asked_list_due(const struct asked_list *list, const struct pace *pace) {
  int64_t elapsed = clock_ms() - list->begun_ms;
  size_t begun = list->progress.next - list->progress.nagain;
  size_t due = part_of(list->n, elapsed + pace->turn_ms, pace);
  /* What was missed is made up for, but not in a burst. */
  size_t most = 2 * part_of(list->n, pace->turn_ms, pace);
  size_t late = due > begun ? due - begun : 0;
  return late < most ? late : most;
}

bool asked_list_rests(struct asked_list *list, const struct pace *pace) {
  int64_t now = clock_ms(), wait = list->begun_ms + pace->interval_ms - now;
  bool rests = list->progress.begun
                   ? asked_list_due(list, pace) == 0
                   : list->begun_ms > 0 && wait > pace->turn_ms / 2;
  if (rests)
    list->seen_ms = now;
  return rests;
}

/* A walk asks in part of its interval, and gets part of the rate: how many of
 * them there were says more than the time that they took. */
static double intervals_to_take(const struct asked_list *list,
                                const struct pace *pace) {
  double n = (double)list->n, interval = (double)pace->interval_ms;
  double passed = (double)(clock_ms() - list->begun_ms) / interval;
  double begun = (double)(list->progress.next - list->progress.nagain);
  if (list->progress.begun && pace->paced && n > 0)
    return passed + INTERVAL_SHARE((n - begun) / n);
  if (list->progress.begun && begun > 0)
    return fmax(round(passed), 1) * n / begun;
  if (list->took_ms > 0 || pace->request_rate <= 0)
    return (double)list->took_ms / interval;
  return n / pace->request_rate * 1000 / PACE_BEGINS(INTERVAL_SHARE(interval));
}

int64_t asked_list_takes_ms(const struct asked_list *list,
                            const struct pace *pace) {
  double intervals = ceil(intervals_to_take(list, pace));
  return (int64_t)fmax(intervals, 1) * pace->interval_ms;
}

static void end_pass(struct asked_list *list) {
  free(list->asked);
  list->asked = NULL;
  list->n = 0;
  roster_list_put(list->owners);
  list->owners = NULL;
  if (list->view != NULL)
    projects_put(list->projects, list->view);
  list->view = NULL;
  progress_end(&list->progress);
}

void asked_list_drop(struct asked_list *list) {
  end_pass(list);
  progress_clear(&list->progress);
}

void asked_list_give_up(struct asked_list *list) {
  end_pass(list);
  list->begun_ms = 0;
}

void asked_list_walked(struct asked_list *list) {
  if (list->progress.begun) {
    size_t asked = list->progress.asked + list->progress.failed;
    if (asked != list->seen_asked)
      list->seen_ms = clock_ms();
    list->seen_asked = asked;
    return;
  }
  if (list->asked != NULL)
    list->took_ms = clock_ms() - list->begun_ms;
  end_pass(list);
}

bool asked_list_is_old(const struct asked_list *list, const struct pace *pace) {
  int64_t most = 2 * (pace->turn_ms > 60000 ? pace->turn_ms : 60000);
  return list->progress.begun && clock_ms() - list->seen_ms > most;
}
