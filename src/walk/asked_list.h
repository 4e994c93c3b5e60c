/*
 * asked_list - which projects or owners a pass asks, and at what pace
 *
 * A listing by project or by owner makes a request for each of them. The list
 * is taken when a pass begins, and stays as it is until the pass ends, over as
 * many walks as that takes: more than fit into an interval, or those of a
 * listing whose requests are spread over its interval. The module sends
 * nothing; the walk owns the list, on its thread.
 */
#ifndef ASKED_LIST_H
#define ASKED_LIST_H

#include "walk/pace.h"
#include "walk/progress.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct asked;
struct project_view;
struct projects;
struct roster_list;

/* Begin with zeros. Only asked_list.c changes it, but for `owners`, `hidden`
 * and `partial`. */
struct asked_list {
  struct asked *asked;
  size_t n;
  struct roster_list *owners;      /* `asked` has the texts of these, */
  struct projects *projects;       /* or of this view, */
  const struct project_view *view; /* which is held (projects_put()) */
  uint64_t parts; /* the shards that it is of (share/shard.h) */
  bool hidden;    /* Keystone's list of projects is incomplete */
  bool partial;   /* for that or another reason some are missing: no totals */
  struct progress progress; /* begun: a pass is under way */
  int64_t begun_ms;  /* when the pass began; 0: a new one is due at once */
  int64_t seen_ms;   /* when the pass last made progress, or none was due */
  size_t seen_asked; /* how many had been asked by then, or had failed */
  int64_t took_ms;   /* how long the last whole pass took */
};

/* asked_list_projects(list, projects, view, parts, err): a pass over the view's
 * projects begins. The list takes the caller's hold on the view.
 * asked_list_owners(list, err): over all in `list->owners`, which the list
 * holds (roster_list_put()). -1: memory. */
int asked_list_projects(struct asked_list *list, struct projects *projects,
                        const struct project_view *view, uint64_t parts,
                        struct error *err);
int asked_list_owners(struct asked_list *list, struct error *err);

/* asked_list_due(list, pace): how many projects or owners a pass that is spread
 * over its interval is to ask now; 0: none yet. asked_list_rests(list, pace):
 * true: neither one of them nor a new pass is due in this turn, which is
 * noted. */
size_t asked_list_due(const struct asked_list *list, const struct pace *pace);
bool asked_list_rests(struct asked_list *list, const struct pace *pace);

/* asked_list_takes_ms(list, pace): how long the pass under way takes, as far as
 * that is known: one interval, or several. */
int64_t asked_list_takes_ms(const struct asked_list *list,
                            const struct pace *pace);

/* asked_list_walked(list): a walk has ended. If the pass has ended with it, the
 * list is empty again. */
void asked_list_walked(struct asked_list *list);

/* asked_list_give_up(list): ends the pass under way; the next is due at once.
 */
void asked_list_give_up(struct asked_list *list);

/* asked_list_drop(list): ends the pass under way, and gives all memory back. */
void asked_list_drop(struct asked_list *list);

/* asked_list_is_old(list, pace): has the pass made no progress for so long that
 * its first numbers and its last would not belong together? */
bool asked_list_is_old(const struct asked_list *list, const struct pace *pace);

#endif
