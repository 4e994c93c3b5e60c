/*
 * walk_state - what a walk keeps between its runs
 *
 * Of walk.c, which makes the runs, walk_owners.c and walk_report.c, which tells
 * of them, alone. Data.
 */
#ifndef WALK_STATE_H
#define WALK_STATE_H

#include "walk/asked_list.h"
#include "walk/region.h"
#include "walk/rosters.h"

#include <stdatomic.h>

struct binding;
struct http;
struct owners;
struct walk_options;
struct walk_visitor;

struct walk {
  const struct walk_options *options;
  const struct walk_visitor *visitor;
  void *visitor_state; /* the visitor's */
  sample_sink *sink;
  void *sink_arg;
  bool named, late; /* as its endpoint (catalog.h) */
  struct binding *binding;
  struct owners *owners; /* NULL: the listing has none */
  struct asked_list asked;
  struct pace pace;
  struct region region;
  struct http *http; /* lent, while a pass runs */
  struct board_seat seat;
  struct roster_seat roster;
  struct meter owner;       /* if it lends: what makes owners of records, */
  struct roster_list *lent; /* and those of the pass that runs, if all are in */
  double begun;             /* when this walk began, in seconds since 1970 */
  bool heard;     /* this walk's first request has ended, or has been told of */
  bool down;      /* and the last one got no answer, or one of 500 or more */
  uint64_t parts; /* as walk_parts() */
  bool cut;       /* the last run was broken off by its fence, or by the end */
  uint64_t skipped_all; /* for all regions */
  _Atomic uint64_t skipped;
};

#endif
